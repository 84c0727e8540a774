"""Alembic's scripts: they run the statements of `..schema`, revision by revision."""
