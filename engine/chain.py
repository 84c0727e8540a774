"""The chain of a ledger: every entry sealed over its content and over the entry before it.

The bytes that are hashed are the UTF-8 of canonical JSON: keys sorted, no spaces,
nothing escaped that need not be, numbers only as texts.  ``docs/decisions/0010`` says why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..dsl.frozen import frozen

#: What the first entry names as the entry before it.
BEGINNING = "0" * 64


@frozen
class Entry:
    """One entry.  ``body`` is canonical JSON; ``named`` tells whether the actor's sign-in
    name was ``given`` or taken from the ``system``; ``at`` is a UTC time to the second."""

    number: int
    kind: str
    at: str
    actor: str
    named: str
    body: str
    previous: str
    hash: str

    @property
    def data(self) -> dict[str, Any]:
        """The body as values."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@frozen
class Break:
    """A place where a ledger is not what it was: an entry's number, and what is wrong.

    ``what`` is ``number``, ``previous``, ``hash``, ``body``, ``text`` (changed), ``lost``
    (a text that an entry needs), ``end`` (the last entry is not the one expected) or
    ``damage`` (of the file itself).
    """

    number: int
    what: str
    about: str = ""


def canonical(value: Any) -> str:
    """The one way to write a value as JSON.  Raises ``TypeError`` for a float."""
    _no_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _no_floats(value: Any) -> None:
    if isinstance(value, dict):
        for inner in value.values():
            _no_floats(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _no_floats(inner)
    elif value is not None and not isinstance(value, (str, int)):
        raise TypeError(f"{value!r} has no canonical form")


def digest(text: str) -> str:
    """The name of a text by its content: SHA-256 of its UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def seal(number: int, kind: str, at: str, actor: str, named: str, body: str, previous: str) -> Entry:
    """An entry with its hash."""
    return Entry(number, kind, at, actor, named, body, previous, _hash(number, kind, at, actor, named, body, previous))


def _hash(number: int, kind: str, at: str, actor: str, named: str, body: str, previous: str) -> str:
    return digest(canonical([str(number), kind, at, actor, named, body, previous]))


def texts_of(value: Any) -> Iterator[str]:
    """The digests of all texts that a body names: every value of a key ``digest``."""
    if isinstance(value, dict):
        if isinstance(value.get("digest"), str):
            yield value["digest"]
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


def breaks(entries: Iterable[Entry], texts: Iterable[tuple[str, str]], end: str | None = None) -> list[Break]:
    """Everything that is not as it was recorded; an empty list for a sound ledger.

    ``texts`` are pairs of a digest and the text kept under it.  ``end`` is the hash that
    the last entry is known to have from elsewhere: without it, entries cut off at the
    end cannot be noticed by anybody.
    """
    found: list[Break] = []
    kept = set()
    for name, text in texts:
        kept.add(name)
        if digest(text) != name:
            found.append(Break(0, "text", name))
    previous = BEGINNING
    for expected, entry in enumerate(entries, 1):
        if entry.number != expected:
            found.append(Break(entry.number, "number", str(expected)))
            return found
        if entry.previous != previous:
            found.append(Break(entry.number, "previous"))
        if entry.hash != _hash(entry.number, entry.kind, entry.at, entry.actor, entry.named, entry.body, entry.previous):
            found.append(Break(entry.number, "hash"))
        found += _breaks_of_body(entry, kept)
        previous = entry.hash
    if end is not None and previous != end:
        found.append(Break(0, "end", end))
    return found


def _breaks_of_body(entry: Entry, kept: set[str]) -> list[Break]:
    try:
        data = json.loads(entry.body)
    except ValueError:
        return [Break(entry.number, "body")]
    return [Break(entry.number, "lost", name) for name in texts_of(data) if name not in kept]


def differences(then: Any, now: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Where two values of plain data differ: path, before, after (``–`` for what is not there)."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in sorted({*then, *now}):
            inner = f"{path}.{key}" if path else str(key)
            if key in then and key in now:
                yield from differences(then[key], now[key], inner)
            else:
                yield inner, _brief(then.get(key, "–")), _brief(now.get(key, "–"))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, (a, b) in enumerate(zip(then, now, strict=True)):
            name = a["code"] if isinstance(a, dict) and isinstance(a.get("code"), str) else str(index)
            yield from differences(a, b, f"{path}[{name}]")
    elif then != now:
        yield path, _brief(then), _brief(now)


def _brief(value: Any) -> str:
    text = value if isinstance(value, str) else canonical(value)
    return text if len(text) <= 60 else text[:57] + "…"
