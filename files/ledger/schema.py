"""The tables of a ledger, one revision after the other, in the SQL of each database.

A revision that has been released is never edited; a change of the tables is a new one,
here and as a script in ``migrations/versions``.
"""

from __future__ import annotations

from collections.abc import Mapping

#: The table that names the revision a database is at.
VERSION_TABLE = "ledger_schema"

_TABLES = (
    "CREATE TABLE texts (digest VARCHAR(64) PRIMARY KEY, content TEXT NOT NULL)",
    "CREATE TABLE entries (number INTEGER PRIMARY KEY, kind VARCHAR(40) NOT NULL, at VARCHAR(20) NOT NULL, "
    "actor VARCHAR(200) NOT NULL, named VARCHAR(10) NOT NULL, body TEXT NOT NULL, "
    "previous VARCHAR(64) NOT NULL UNIQUE, hash VARCHAR(64) NOT NULL UNIQUE)",
)
_APPEND_ONLY_SQLITE = tuple(
    f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    for table in ("texts", "entries")
    for verb in ("UPDATE", "DELETE")
)
_APPEND_ONLY_POSTGRESQL = (
    "CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RAISE EXCEPTION ''append-only''; END'",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
        for table in ("texts", "entries")
    ),
)

#: Revision -> database -> statements, oldest first.
REVISIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "0001": {"sqlite": (*_TABLES, *_APPEND_ONLY_SQLITE), "postgresql": (*_TABLES, *_APPEND_ONLY_POSTGRESQL)},
}
NEWEST = list(REVISIONS)[-1]
