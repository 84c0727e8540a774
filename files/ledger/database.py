"""What a ledger asks of a database, and opening one by its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from ...dsl.diagnostics import Diagnostic, Fact

Parameters = Mapping[str, Any]


class LedgerError(Exception):
    """A ledger that cannot be used as asked; ``diagnostic`` says why."""

    def __init__(self, code: str, /, **facts: Fact) -> None:
        self.diagnostic = Diagnostic(code, (), facts, source="ledger")
        super().__init__(code)


def refused(diagnostic: Diagnostic) -> LedgerError:
    """An error that carries a finding made elsewhere."""
    error = LedgerError(diagnostic.code)
    error.diagnostic = diagnostic
    return error


class Database(Protocol):
    """A database at the newest schema.

    Every method raises `LedgerError`: E753 read-only, E754 disk full or failing,
    E755 locked by another for too long, E764 whatever else the database says.
    """

    place: str

    def writing(self) -> AbstractContextManager[None]:
        """A transaction that no other writer shares: all of it is kept, or nothing."""

    def reading(self) -> AbstractContextManager[None]:
        """A transaction that sees one state throughout."""

    def run(self, statement: str, parameters: Parameters | None = None) -> Sequence[tuple[Any, ...]]:
        """The rows of one statement, its parameters written ``:name``."""

    def damage(self) -> str | None:
        """What the database itself finds damaged in its file, if it can tell."""

    def close(self) -> None: ...


def open_database(place: str, *, create: bool) -> Database:
    """The database of a path (SQLite) or of a ``postgresql://`` URL, its tables made if
    ``create`` and there are none.  Raises `LedgerError`.

    E750 cannot be opened, E751 not a ledger, E752 made by a newer version, E758 the
    extra for PostgreSQL is not installed.
    """
    scheme = place.split("://", 1)[0].lower() if "://" in place else ""
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        from .postgresql import open_postgresql

        return open_postgresql(place, create=create)
    from .sqlite import open_sqlite

    if scheme == "sqlite":
        place = place.split("://", 1)[1].removeprefix("/")
    elif scheme:
        zh, en = "只认文件路径、sqlite:/// 和 postgresql://", "only a path, sqlite:/// or postgresql:// will do"
        raise LedgerError("E750", path=shown_place(place), reason=zh, reason_en=en)
    return open_sqlite(Path(place), create=create)


def shown_place(place: str) -> str:
    """A place without its password."""
    if "://" not in place:
        return place
    scheme, rest = place.split("://", 1)
    account, at, host = rest.rpartition("@")
    return f"{scheme}://{account.split(':', 1)[0]}{at}{host}".split("?", 1)[0]
