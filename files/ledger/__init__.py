"""The results ledger: an append-only, chained record in SQLite or PostgreSQL.

Read `schema.py` (what is kept), `database.py` (what a database must be able to do, and
opening one by its place), `sqlite.py` and `postgresql.py` (the two there are),
`store.py` (appending, reading, checking), `personal.py` (what must not be kept),
`evaluation.py` (an evaluation into the ledger and out again), `plain.py` (backup and restore).
SQLite needs nothing beside Python; PostgreSQL needs the extra ``ledger``.
"""
