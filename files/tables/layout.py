"""Which column of a table is what: identity, data, evidence, claims that something does not apply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ...dsl.diagnostics import Diagnostic, nearest
from ...dsl.model import DataItem, Ruleset
from ...engine.intake import TRACK_NAMES
from ...engine.program import program_of
from ...engine.unit import Track
from ..unit_file import KEYS

#: What a column's name opens with, before a colon.
_OPENINGS: Mapping[str, str] = {
    "evidence": "evidence", "佐证": "evidence", "not_applicable": "claim", "不适用": "claim", "confirmed": "confirmed", "确认": "confirmed",
    **dict.fromkeys(TRACK_NAMES, "track"),
}  # fmt: skip
_IDENTITY = ("unit", "unit_type", "level", "region", "period", "as_of")
_OPENING = re.compile(r"([^:：]+)[:：]\s*(.+)\Z")
_PERCENT = re.compile(r"(.+?)\s*(?:[%％]|[(（][%％][)）])\Z")


@dataclass(frozen=True)
class ItemColumn:
    """The column of a data item; ``percent``: its numbers are percentages without their sign."""

    item: DataItem
    column: str
    percent: bool = False


@dataclass(frozen=True)
class Layout:
    """The columns of a table, by what they hold.

    ``identity`` maps the keys of a unit file to columns, ``constants`` to what is the same for
    all units; ``long`` are the items and ``evidence`` that come in tables of their own.
    """

    identity: Mapping[str, str]
    constants: Mapping[str, str]
    items: Mapping[str, ItemColumn]
    documents: Mapping[str, str]
    claims: Mapping[str, str]
    confirmations: Mapping[str, str]
    long: frozenset[str] = frozenset()

    def column_of(self, path: str) -> str:
        """The column that a path such as ``data.x`` of a finding is about, or the path itself."""
        first, _, rest = path.partition(".")
        if first in ("data", "assessments"):
            name = rest if first == "data" else rest.partition(".")[2]
            for end in range(len(name), 0, -1):
                if name[:end] in self.items:
                    return self.items[name[:end]].column
        return self.identity.get(first, path)


@dataclass
class _Reading:
    ruleset: Ruleset
    track: Track
    found: list[Diagnostic] = field(default_factory=list)
    identity: dict[str, str] = field(default_factory=dict)
    items: dict[str, ItemColumn] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)
    confirmations: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def report(self, code: str, **facts: str | Sequence[str]) -> None:
        self.found.append(Diagnostic(code, (), {k: v if isinstance(v, str) else tuple(v) for k, v in facts.items()}, source="table"))

    def put(self, into: dict[str, str], key: str, column: str) -> None:
        if key in into:
            self.report("E709", name=column)
        else:
            into[key] = column


def kinds_of(ruleset: Ruleset) -> frozenset[str]:
    """Every kind of evidence that a ruleset asks for."""
    found = {k for i in ruleset.by_code.values() for r in i.evidence for k in r.kinds}
    return frozenset(found | {kind for kind, _ in program_of(ruleset).documents.values()})


def layout_of(
    columns: Sequence[str], ruleset: Ruleset, track: Track, constants: Mapping[str, str], *,
    long: frozenset[str] = frozenset(), partial: bool = False, ignore_unknown: bool = False,
) -> tuple[Layout | None, tuple[Diagnostic, ...]]:  # fmt: skip
    """What the columns are, or every reason why that cannot be told."""
    reading = _Reading(ruleset, track)
    items = {d.name: d for d in ruleset.data}
    kinds = kinds_of(ruleset)
    for column in columns:
        if not _told(reading, column, items, kinds):
            reading.unknown.append(column)
    if reading.unknown and not ignore_unknown:
        known = [*items, *KEYS, *KEYS.values(), *(f"evidence:{k}" for k in kinds)]
        for column in reading.unknown[:20]:
            near = nearest(column, known)
            reading.report("E991", name=column, **({"near": near} if near else {}))
    given = {**_default_constants(ruleset), **constants}
    kept = {k: v for k, v in given.items() if k not in reading.identity}
    missing = [k for k in ("unit", "unit_type", "as_of") if k not in reading.identity and k not in kept]
    if not partial:
        missing += [name for name in items if name not in reading.items and name not in long]
        if reading.documents:
            missing += [f"evidence:{k}" for k in sorted(kinds - set(reading.documents))]
    if missing:
        shown = [*missing[:12], *(["…"] if len(missing) > 12 else [])]
        reading.report("E990", names=shown, count=str(len(missing)))
    if reading.found:
        return None, tuple(reading.found)
    layout = Layout(
        reading.identity, kept, reading.items, reading.documents, reading.claims, reading.confirmations, long,
    )  # fmt: skip
    return layout, ()


def _default_constants(ruleset: Ruleset) -> dict[str, str]:
    """What a ruleset leaves no choice about."""
    return {"unit_type": ruleset.applies[0]} if len(ruleset.applies) == 1 else {}


def _told(reading: _Reading, column: str, items: Mapping[str, DataItem], kinds: Iterable[str]) -> bool:
    """Note what a column is; whether that is known."""
    name = column.strip()
    if name in items:
        return _item(reading, ItemColumn(items[name], column))
    percent = _PERCENT.match(name)
    if percent is not None and percent[1] in items and items[percent[1]].type.share == "percent":
        return _item(reading, ItemColumn(items[percent[1]], column, percent=True))
    key = KEYS.get(name, name)
    if key in _IDENTITY:
        reading.put(reading.identity, key, column)
        return True
    opening = _OPENING.match(name)
    if opening is None:
        return False
    rest = opening[2].strip()
    match _OPENINGS.get(opening[1].strip()):
        case "evidence" if rest in kinds:
            reading.put(reading.documents, rest, column)
        case "claim" if rest in reading.ruleset.by_code:
            reading.put(reading.claims, rest, column)
        case "confirmed" if rest in reading.ruleset.by_code:
            reading.put(reading.confirmations, rest, column)
        case "track":
            return _of_a_track(reading, TRACK_NAMES[opening[1].strip()], rest, column, items)
        case _:
            return False
    return True


def _item(reading: _Reading, found: ItemColumn) -> bool:
    name = found.item.name
    if name in reading.items:
        reading.report("E709", name=found.column)
    elif found.item.type.share == "percent" and found.item.type.kind == "number":
        reading.items[name] = found
    else:
        reading.items[name] = ItemColumn(found.item, found.column)
    return True


def _of_a_track(reading: _Reading, track: Track, name: str, column: str, items: Mapping[str, DataItem]) -> bool:
    """A column of what one track assessed; that of another track is set aside."""
    percent = _PERCENT.match(name)
    plain = name if name in items else percent[1] if percent is not None and percent[1] in items else None
    if plain is None or not items[plain].assessed:
        return False
    if track == reading.track:
        _item(reading, ItemColumn(items[plain], column, percent=plain != name))
    return True
