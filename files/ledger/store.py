"""The ledger itself: appending, reading and checking entries, on any `Database`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any

from ...dsl.frozen import frozen
from ...engine.chain import BEGINNING, Break, Entry, breaks, canonical, digest, seal
from .database import Database, LedgerError, open_database

_COLUMNS = "number, kind, at, actor, named, body, previous, hash"
#: How many entries are held in memory at once while reading.
_PAGE = 500


@frozen
class Actor:
    """Who acts: a sign-in name, ``given`` or taken from the ``system``."""

    name: str
    named: str


class Ledger:
    """An open ledger.  Whatever a method appends is kept whole or not at all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def place(self) -> str:
        return self._database.place

    def append(self, kind: str, body: Mapping[str, Any], actor: Actor, texts: Iterable[str] = ()) -> Entry:
        """Append one entry and the texts it names.  Raises `LedgerError`."""
        with self.appending() as further:
            return further(kind, body, actor, texts)

    @contextmanager
    def appending(self) -> Iterator[Appender]:
        """Several entries in one transaction; what is read meanwhile no other writer can change."""
        with self._database.writing():
            yield Appender(self._database)

    def entry(self, number: int) -> Entry:
        """One entry.  Raises `LedgerError` E756 where there is none."""
        found = list(self._entries("number = :number", {"number": number}, 0)) if abs(number) < 2**31 else []
        if not found:
            raise LedgerError("E756", number=str(number), path=self.place)
        return found[0]

    def entries(self, *kinds: str) -> Iterator[Entry]:
        """All entries of some kinds (of all, if none is given), oldest first."""
        for entry in self._entries("number > :after", {}, 0):
            if not kinds or entry.kind in kinds:
                yield entry

    def _entries(self, condition: str, parameters: Mapping[str, Any], after: int) -> Iterator[Entry]:
        while True:
            wanted = {**parameters, "after": after} if ":after" in condition else parameters
            statement = f"SELECT {_COLUMNS} FROM entries WHERE {condition} ORDER BY number LIMIT {_PAGE}"
            rows = self._database.run(statement, wanted)
            yield from map(_entry, rows)
            if len(rows) < _PAGE:
                return
            after = rows[-1][0]

    def text(self, name: str) -> str:
        """A kept text by its digest.  Raises `LedgerError` E760 if it is lost or changed."""
        rows = self._database.run("SELECT content FROM texts WHERE digest = :digest", {"digest": name})
        if not rows or digest(str(rows[0][0])) != name:
            raise LedgerError("E760", count="1", first=name[:12])
        return str(rows[0][0])

    def texts(self) -> Iterator[tuple[str, str]]:
        """All kept texts with their digests, in order of these."""
        after = ""
        while True:
            statement = f"SELECT digest, content FROM texts WHERE digest > :after ORDER BY digest LIMIT {_PAGE}"
            rows = self._database.run(statement, {"after": after})
            yield from ((str(name), str(content)) for name, content in rows)
            if len(rows) < _PAGE:
                return
            after = rows[-1][0]

    def verify(self, end: str | None = None) -> list[Break]:
        """What is not as it was recorded; see `engine.chain.breaks`."""
        with self._database.reading():
            damage = self._database.damage()
            found = [Break(0, "damage", damage)] if damage is not None else []
            return found + breaks(self.entries(), self.texts(), end)

    def snapshot(self) -> AbstractContextManager[None]:
        """A transaction in which all reading sees one state."""
        return self._database.reading()

    def end(self) -> tuple[int, str]:
        """The number and the hash of the last entry; 0 and `BEGINNING` where there is none."""
        return _end(self._database)

    def close(self) -> None:
        self._database.close()


class Appender:
    """Appends to the end of the chain, inside one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, kind: str, body: Mapping[str, Any], actor: Actor, texts: Iterable[str] = ()) -> Entry:
        number, previous = _end(self._database)
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        entry = seal(number + 1, kind, at, actor.name, actor.named, canonical(body), previous)
        self.keep(texts)
        self.put(entry)
        return entry

    def keep(self, texts: Iterable[str]) -> None:
        """Keep texts that are not kept yet."""
        for content in texts:
            statement = "INSERT INTO texts (digest, content) VALUES (:digest, :content) ON CONFLICT (digest) DO NOTHING"
            self._database.run(statement, {"digest": digest(content), "content": content})

    def put(self, entry: Entry) -> None:
        """Put a sealed entry at the end."""
        names = [n.strip() for n in _COLUMNS.split(",")]
        statement = f"INSERT INTO entries ({_COLUMNS}) VALUES ({', '.join(f':{n}' for n in names)})"
        self._database.run(statement, {n: getattr(entry, n) for n in names})


def _entry(row: tuple[Any, ...]) -> Entry:
    """A row as an entry; a value of another type than was put there becomes one that no hash fits."""
    number, *rest = row
    return Entry(number if isinstance(number, int) else -1, *(v if isinstance(v, str) else repr(v) for v in rest))


def _end(database: Database) -> tuple[int, str]:
    rows = database.run("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1")
    return (int(rows[0][0]), str(rows[0][1])) if rows else (0, BEGINNING)


@contextmanager
def ledger_at(place: str, *, create: bool = False) -> Iterator[Ledger]:
    """The ledger at a path or URL, closed afterwards.  Raises `LedgerError`."""
    ledger = Ledger(open_database(place, create=create))
    try:
        yield ledger
    finally:
        ledger.close()
