"""A ledger in PostgreSQL, for an office: connections by SQLAlchemy, tables by Alembic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from .database import LedgerError, Parameters, shown_place
from .schema import NEWEST, REVISIONS, VERSION_TABLE

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: The key of the lock that writers take in turn: "ledger" as a number.
_LOCK = 0x6C6564676572
#: How many seconds a writer waits for another to finish.
_PATIENCE = 30


class PostgresqlDatabase:
    """One connection to a server."""

    def __init__(self, place: str, connection: Connection) -> None:
        self.place = place
        self._connection = connection

    @contextmanager
    def writing(self) -> Iterator[None]:
        with told(self.place), self._connection.begin():
            self._connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
            self._connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
            self._connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with told(self.place), self._connection.begin():
            self._connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield

    def run(self, statement: str, parameters: Parameters | None = None) -> Sequence[tuple[Any, ...]]:
        from sqlalchemy import text

        outside = not self._connection.in_transaction()
        with told(self.place), self._connection.begin() if outside else nullcontext():
            found = self._connection.execute(text(statement), dict(parameters or {}))
            return [tuple(row) for row in found] if found.returns_rows else []

    def damage(self) -> str | None:
        return None  # a server keeps its own checksums

    def close(self) -> None:
        self._connection.close()
        self._connection.engine.dispose()


@contextmanager
def told(place: str) -> Iterator[None]:
    """What the server says, as a `LedgerError`."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        if state in ("25006", "42501"):  # read-only transaction, no privilege
            raise LedgerError("E753", path=place) from error
        if state.startswith("53") and state != "53300":  # out of disk or memory
            raise LedgerError("E754", path=place) from error
        if state in ("55P03", "57014"):  # lock not available, cancelled for its time
            raise LedgerError("E755", path=place) from error
        raise LedgerError("E764", path=place, text=_first_line(error)) from error


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n", 1)[0]


def open_postgresql(url: str, *, create: bool) -> PostgresqlDatabase:
    """The ledger on a server; see `database.open_database`."""
    place = shown_place(url)
    try:
        import alembic  # noqa: F401 - asked for now, so that it is not missed half-way
        import psycopg  # noqa: F401
        from sqlalchemy import create_engine, make_url
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError
    except ImportError as error:
        raise LedgerError("E758") from error
    try:
        engine = create_engine(make_url("postgresql+psycopg://" + url.split("://", 1)[1]), pool_size=1)
    except (ArgumentError, ValueError) as error:
        raise LedgerError("E750", path=place, reason="地址写法有误", reason_en="the URL is not well written") from error
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        text = _first_line(error)
        raise LedgerError("E750", path=place, reason=text, reason_en=text) from error
    database = PostgresqlDatabase(place, connection)
    try:
        _prepare(database, connection, create=create)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: PostgresqlDatabase, connection: Connection, *, create: bool) -> None:
    with database.writing():
        revision = _revision(connection)
        if revision == NEWEST:
            return
        if revision is not None and revision not in REVISIONS:
            raise LedgerError("E752", path=database.place, found=revision, known=NEWEST)
        if not create:
            raise LedgerError("E750", path=database.place, reason="还没有这个台账", reason_en="there is no such ledger yet")
        upgrade(connection)


def _revision(connection: Connection) -> str | None:
    found = connection.exec_driver_sql(f"SELECT to_regclass('{VERSION_TABLE}')").scalar()
    if found is None:
        return None
    value = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
    return None if value is None else str(value)


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest revision, in the transaction at hand."""
    from importlib import resources

    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files(__package__) / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
