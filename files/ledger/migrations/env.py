"""Run by Alembic with the connection that `..postgresql` hands it."""

from __future__ import annotations

from alembic import context

from ruleeval.files.ledger.schema import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
context.run_migrations()
