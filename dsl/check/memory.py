"""What a check remembers for the next one: what an edit did not touch.

The standard of an indicator is made from its own lines and from what it looks up: the
values, tables, codes and ranges it names.  While it is made, every look-up is noted.  If
its lines are as they were, wherever they stand now, and every look-up would find the
same, making it again would give the same indicator; only its places move.  What gave a
finding is never remembered, since findings speak of other lines too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ..cohort import CohortValue
from ..diagnostics import Place
from ..expressions import Named
from ..frozen import frozen
from ..model import Bands, DataItem, Indicator, Step
from ..parse import ITEMS, SECTIONS
from ..ranges import Possible
from ..syntax import Line, Node
from .draft import Draft

_ABSENT = object()
_Value = TypeVar("_Value")
_Moved = TypeVar("_Moved")
#: One look-up: in which map, by which key, and what was there.
_LookUp = tuple[str, Any, object]
_Edges = tuple[tuple[str, str, Place], ...]


@dataclass(slots=True)
class _Notes:
    """The look-ups made since the notes were cleared; ``whole`` if a map was walked through."""

    found: dict[tuple[str, Any], object] = field(default_factory=dict)
    whole: bool = False

    def clear(self) -> None:
        self.found, self.whole = {}, False


class _Watched(dict[str, _Value]):
    """A map that notes what is looked up in it."""

    def __init__(self, content: Mapping[str, _Value], name: str, notes: _Notes) -> None:
        super().__init__(content)
        self._name, self._notes = name, notes

    def unnoted(self, key: str) -> object:
        """What stands under a key, or that nothing does, without a note."""
        found: object = super().get(key, _ABSENT)
        return found

    def _noted(self, key: Any) -> Any:
        found = self._notes.found[self._name, key] = self.unnoted(key)
        return found

    def __getitem__(self, key: str) -> _Value:
        self._noted(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        found = self._noted(key)
        return default if found is _ABSENT else found

    def __contains__(self, key: object) -> bool:
        return self._noted(key) is not _ABSENT

    def __iter__(self) -> Iterator[str]:
        self._notes.whole = True
        return super().__iter__()

    def keys(self) -> Any:
        self._notes.whole = True
        return super().keys()

    def values(self) -> Any:
        self._notes.whole = True
        return super().values()

    def items(self) -> Any:
        self._notes.whole = True
        return super().items()


class _WatchedNames(frozenset[str]):
    """A set of names that notes what is asked of it."""

    notes: _Notes

    def __contains__(self, name: object) -> bool:
        found = super().__contains__(name)
        self.notes.found["lost", name] = found
        return found


@dataclass(slots=True)
class _Kept:
    """One indicator as it was made: from which lines, with which look-ups."""

    lines: tuple[str, ...]
    heading: tuple[object, ...]
    at: int
    made: Indicator | None
    used: tuple[tuple[str, Place], ...]
    look_ups: tuple[_LookUp, ...]
    cohort: tuple[CohortValue, ...] = ()
    edges: _Edges | None = None


@frozen
class _KeptRow:
    """One data row as it was read."""

    item: DataItem
    named: Named
    possible: Possible


@dataclass(slots=True)
class CheckMemory:
    """What the last check of one text made; for one text at a time.

    ``made`` counts the standards that the last check had to make.
    """

    made: int = 0
    _surroundings: object = None
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _rows: dict[tuple[object, ...], _KeptRow] = field(default_factory=dict)
    _rows_now: dict[tuple[object, ...], _KeptRow] = field(default_factory=dict)
    _hashes: dict[int, tuple[Node, int]] = field(default_factory=dict)
    _hashes_now: dict[int, tuple[Node, int]] = field(default_factory=dict)
    _ends: dict[int, int] = field(default_factory=dict)
    _notes: _Notes = field(default_factory=_Notes)
    _maps: dict[str, _Watched[Any]] = field(default_factory=dict)
    _order: tuple[object, tuple[str, ...]] | None = None

    def begin(self, draft: Draft) -> None:
        """Begin a check: find where each indicator's lines end."""
        self.made = 0
        self._rows, self._rows_now = self._rows_now, {}
        self._hashes, self._hashes_now = self._hashes_now, {}
        blocks = draft.result.file.blocks
        starts = [b.line.number for b in blocks if b.kind in ITEMS or (b.kind in SECTIONS and b.kind != "subtotal")]
        self._ends = dict(zip(starts, [*starts[1:], len(draft.result.file.lines) + 1], strict=False))

    # ---- data rows ----

    def row(self, row: Line, columns: Iterable[Line], place: Place) -> tuple[DataItem, Named, Possible] | None:
        """A data row read before, at its place now."""
        key = _row_key(row, columns)
        kept = self._rows.get(key)
        if kept is None:
            return None
        if kept.item.place != place:
            kept = _KeptRow(replace(kept.item, place=place), replace(kept.named, place=place), kept.possible)
        self._rows_now[key] = kept
        return kept.item, kept.named, kept.possible

    def keep_row(self, row: Line, columns: Iterable[Line], item: DataItem, named: Named, possible: Possible) -> None:
        self._rows_now[_row_key(row, columns)] = _KeptRow(item, named, possible)

    # ---- standards ----

    def watch(self, draft: Draft, surroundings: object) -> None:
        """Note what standards look up from here on; everything is forgotten if what all of them lean on has changed."""
        scope = draft.scope
        if surroundings != self._surroundings:
            self._surroundings, self._kept = surroundings, {}
        for name in ("names", "possibilities", "codes", "tables"):
            self._maps[name] = _Watched(getattr(scope, name), name, self._notes)
            setattr(scope, name, self._maps[name])
        scope.lost_names = _WatchedNames(scope.lost_names)
        scope.lost_names.notes = self._notes

    def begin_standard(self) -> None:
        """Begin to note what one standard looks up."""
        self.made += 1
        self._notes.clear()

    def recall(self, draft: Draft, plain: Indicator, line: Line) -> _Kept | None:
        """What was made of an indicator, at its place now, if making it again would give the same."""
        kept = self._kept.get(plain.code)
        if kept is None or kept.lines != self._lines(draft, line) or kept.heading != _heading(plain):
            return None
        for name, key, before in kept.look_ups:
            if name == "possibilities" and str(key).startswith("cohort."):
                continue  # follows from what else was looked up
            now = key in draft.scope.lost_names if name == "lost" else self._maps[name].unnoted(key)
            if now is not before and (now is _ABSENT or before is _ABSENT or now != before):
                return None
        moved = plain.place.line - kept.at
        if moved:
            made = None if kept.made is None else _indicator_moved(kept.made, moved)
            used = tuple((key, _place_moved(place, moved)) for key, place in kept.used)
            edges = None if kept.edges is None else tuple((a, b, _place_moved(place, moved)) for a, b, place in kept.edges)
            cohort = _all_moved(kept.cohort, moved)
            kept = _Kept(kept.lines, kept.heading, plain.place.line, made, used, kept.look_ups, cohort, edges)
            self._kept[plain.code] = kept
        return kept

    def keep(
        self, draft: Draft, plain: Indicator, line: Line, made: Indicator | None, used: tuple[tuple[str, Place], ...],
        cohort: tuple[CohortValue, ...],
    ) -> None:  # fmt: skip
        """Remember what was made of an indicator without a finding."""
        if self._notes.whole:
            self._kept.pop(plain.code, None)
            return
        look_ups = tuple((name, key, found) for (name, key), found in self._notes.found.items())
        self._kept[plain.code] = _Kept(self._lines(draft, line), _heading(plain), plain.place.line, made, used, look_ups, cohort)

    def forget(self, code: str) -> None:
        self._kept.pop(code, None)

    def _lines(self, draft: Draft, line: Line) -> tuple[str, ...]:
        return draft.result.file.lines[line.number - 1 : self._ends[line.number] - 1]

    # ---- order and doubles ----

    def edges(self, indicator: Indicator) -> _Edges | None:
        """What an indicator leans on, if it is the very one that was told before."""
        kept = self._kept.get(indicator.code)
        return kept.edges if kept is not None and kept.made is indicator else None

    def keep_edges(self, indicator: Indicator, edges: _Edges) -> None:
        kept = self._kept.get(indicator.code)
        if kept is not None and kept.made is indicator:
            kept.edges = edges

    def order(self, asked: object) -> tuple[str, ...] | None:
        """The order of evaluation, if the same is asked as the last time."""
        return self._order[1] if self._order is not None and self._order[0] == asked else None

    def keep_order(self, asked: object, order: tuple[str, ...]) -> None:
        self._order = asked, order

    def node_hash(self, node: Node) -> int:
        """The hash of a node, worked out once while its line stays in the text."""
        known = self._hashes.get(id(node)) or self._hashes_now.get(id(node))
        if known is None or known[0] is not node:
            known = (node, hash(node))
        self._hashes_now[id(node)] = known
        return known[1]


def _heading(plain: Indicator) -> tuple[object, ...]:
    """What the tree tells of an indicator before its fields are read."""
    return plain.name, plain.level, plain.points, plain.parent, plain.children, plain.individual


def _row_key(row: Line, columns: Iterable[Line]) -> tuple[object, ...]:
    return row.text, *((c.number - row.number, c.text) for c in columns)


def _place_moved(place: Place, lines: int) -> Place:
    return Place(place.line + lines, place.start, place.end)


def _indicator_moved(made: Indicator, lines: int) -> Indicator:
    return replace(
        made,
        place=_place_moved(made.place, lines),
        steps=tuple(_step_moved(s, lines) for s in made.steps),
        guards=_all_moved(made.guards, lines),
        evidence=_all_moved(made.evidence, lines),
        check_points=_all_moved(made.check_points, lines),
    )


def _step_moved(step: Step, lines: int) -> Step:
    """Bands know their rows; no other expression knows a place."""
    if not isinstance(step.expression, Bands):
        return step
    bands = tuple(b if b.place is None else replace(b, place=_place_moved(b.place, lines)) for b in step.expression.bands)
    return replace(step, expression=replace(step.expression, bands=bands))


def _all_moved(parts: tuple[_Moved, ...], lines: int) -> tuple[_Moved, ...]:
    return tuple(replace(p, place=_place_moved(p.place, lines)) for p in parts)  # type: ignore[type-var,attr-defined]
