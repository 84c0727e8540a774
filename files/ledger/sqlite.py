"""A ledger in one SQLite file: nothing to set up, no package beside Python.

The rollback journal (not the write-ahead log) is used because it also works on a shared
folder and leaves a single file; ``synchronous=EXTRA`` makes a commit survive loss of power.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .database import LedgerError, Parameters
from .schema import NEWEST, REVISIONS, VERSION_TABLE

#: How many seconds a writer waits for another to finish; ``RULEEVAL_LEDGER_WAIT`` changes it.
_PATIENCE = 30
_VERSION = f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"


class SqliteDatabase:
    """One connection to a SQLite file."""

    def __init__(self, place: str, connection: sqlite3.Connection) -> None:
        self.place = place
        self._connection = connection

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._transaction("BEGIN"):
            yield

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with told(self.place):
            self._connection.execute(begin)
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def run(self, statement: str, parameters: Parameters | None = None) -> Sequence[tuple[Any, ...]]:
        with told(self.place):
            return self._connection.execute(statement, dict(parameters or {})).fetchall()

    def damage(self) -> str | None:
        said = self.run("PRAGMA integrity_check(1)")
        if said != [("ok",)]:
            return str(said[0][0])
        made = {str(row[0]) for row in self.run("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        expected = {s for statements in REVISIONS.values() for s in statements["sqlite"]} | {_VERSION}
        return "; ".join(sorted(expected ^ made))[:200] if made != expected else None

    def close(self) -> None:
        self._connection.close()


@contextmanager
def told(place: str) -> Iterator[None]:
    """What SQLite says, as a `LedgerError`."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith("SQLITE_READONLY"):
            raise LedgerError("E753", path=place) from error
        if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
            raise LedgerError("E754", path=place) from error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise LedgerError("E755", path=place) from error
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            raise LedgerError("E751", path=place) from error
        if name.startswith("SQLITE_CANTOPEN"):
            raise LedgerError("E750", path=place, reason="打不开这个文件", reason_en="the file cannot be opened") from error
        raise LedgerError("E764", path=place, text=str(error)) from error


def open_sqlite(path: Path, *, create: bool) -> SqliteDatabase:
    """The ledger in a file; see `database.open_database`."""
    place = str(path)
    _refuse(path, create=create)
    mode = "rwc" if create else "rw"
    with told(place):
        connection = _connect(path, mode)
        database = SqliteDatabase(place, connection)
        try:
            _prepare(database, path, create=create)
        except BaseException:
            connection.close()
            raise
    return database


def _refuse(path: Path, *, create: bool) -> None:
    """Say in words what SQLite would only call "unable to open"."""
    place = str(path)
    try:
        if path.is_dir():
            raise LedgerError("E750", path=place, reason="这是文件夹", reason_en="it is a folder")
        if not path.parent.is_dir():
            raise LedgerError("E750", path=place, reason="没有它所在的文件夹", reason_en="its folder does not exist")
        if not create and not path.exists():
            raise LedgerError("E750", path=place, reason="还没有这个台账", reason_en="there is no such ledger yet")
    except (OSError, ValueError) as error:
        raise LedgerError("E750", path=place, reason="路径不能用", reason_en="the path cannot be used") from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    wait = os.environ.get("RULEEVAL_LEDGER_WAIT", "")
    patience = int(wait) if wait.isascii() and wait.isdigit() else _PATIENCE
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _prepare(database: SqliteDatabase, path: Path, *, create: bool) -> None:
    """Hold the schema against what this version knows; make the tables if there are none."""
    revision = _revision(database)
    if revision == NEWEST:
        return
    if revision is not None and revision not in REVISIONS:
        raise LedgerError("E752", path=database.place, found=revision, known=NEWEST)
    if not create:
        raise LedgerError("E751", path=database.place)
    with database.writing():
        revision = _revision(database)
        if revision is None and database.run("SELECT name FROM sqlite_master LIMIT 1"):
            raise LedgerError("E751", path=database.place)
        if revision is None:
            database.run(_VERSION)
            database.run(f"INSERT INTO {VERSION_TABLE} VALUES ('')")
        for name, statements in REVISIONS.items():
            if name > (revision or ""):
                for statement in statements["sqlite"]:
                    database.run(statement)
        database.run(f"UPDATE {VERSION_TABLE} SET version_num = :newest", {"newest": NEWEST})


def _revision(database: SqliteDatabase) -> str | None:
    """The revision that a database names, if it is a ledger."""
    if not database.run("SELECT name FROM sqlite_master WHERE name = :name", {"name": VERSION_TABLE}):
        return None
    rows = database.run(f"SELECT version_num FROM {VERSION_TABLE}")
    return str(rows[0][0]) if rows else None
