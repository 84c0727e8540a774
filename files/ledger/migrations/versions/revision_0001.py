"""The first tables: texts by content, entries in a chain, both append-only."""

from __future__ import annotations

from alembic import op

from ruleeval.files.ledger.schema import REVISIONS

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables.  There is no way down: a ledger is never made smaller."""
    connection = op.get_bind()
    for statement in REVISIONS[revision][connection.dialect.name]:
        connection.exec_driver_sql(statement)
