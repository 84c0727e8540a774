"""Names that are never used, and names that are hard to tell apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ..characters import skeleton
from ..diagnostics import Label, Place, edit_distance
from ..model import DataItem, Derived, Parameter
from .draft import Draft

_CLOSE = 2
_SHORTEST = 6


def check_unused(draft: Draft, items: Iterable[DataItem | Derived | Parameter], used: set[str]) -> None:
    """Data, derived values and parameters that nothing refers to."""
    if any(d.is_error for d in draft.scope.found) or draft.result.lost:
        return
    named = list(items)
    for item in named:
        if item.key not in used and not _mistyped_parameter(draft, item, named):
            draft.report_at("W207", [Label(item.place)], name=item.name)


def _mistyped_parameter(draft: Draft, item: DataItem | Derived | Parameter, named: list[DataItem | Derived | Parameter]) -> bool:
    """Whether a parameter that nothing uses is another one with a letter too many or too few."""
    for other in named if isinstance(item, Parameter) else ():
        apart = abs(len(other.name) - len(item.name))
        if isinstance(other, Parameter) and 0 < apart == edit_distance(item.name, other.name, _CLOSE):
            facts = {"name": item.name, "other": other.name, "line": str(other.place.line)}
            draft.report_at("E231", [Label(item.place), Label(other.place, "first")], **facts)
            return True
    return False


def check_look_alikes(draft: Draft, named: Iterable[tuple[str, Place]], code: str = "E229") -> None:
    """Different names that look the same on a screen."""
    seen: dict[str, tuple[str, Place]] = {}
    for name, place in named:
        key = skeleton(name)
        before = seen.setdefault(key, (name, place))
        if before[0] != name:
            draft.report_at(code, [Label(place), Label(before[1])], name=name, other=before[0], line=str(before[1].line))


def check_near_duplicates(draft: Draft, named: list[tuple[str, Place]]) -> None:
    """Names that differ by two characters or fewer, numbers apart."""
    unique: dict[str, tuple[str, Place]] = {}
    for name, place in named:
        key = re.sub(r"\d+", "", name)
        if len(key) >= _SHORTEST:
            unique.setdefault(key, (name, place))
    places = list(unique.items())
    for first, second in _close_pairs([key for key, _ in places]):
        (name, place), (other, before) = places[second][1], places[first][1]
        distance = edit_distance(places[first][0], places[second][0], _CLOSE)
        if 0 < distance <= _CLOSE and len(name) > 3 * distance:
            draft.report_at("W205", [Label(place), Label(before)], name=name, other=other, count=str(distance), line=str(before.line))


def _close_pairs(names: list[str]) -> Iterator[tuple[int, int]]:
    """Pairs that may be within two edits: they share one of three pieces, a little shifted."""
    index: dict[tuple[int, int, str], list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        candidates: set[int] = set()
        for length in range(len(name) - _CLOSE, len(name) + _CLOSE + 1):
            for piece, (start, end) in enumerate(_pieces(length)):
                for shift in range(-_CLOSE, _CLOSE + 1):
                    part = name[max(0, start + shift) : end + shift]
                    candidates.update(index.get((length, piece, part), ()))
        for candidate in sorted(candidates)[:50]:
            if edit_distance(names[candidate], name, _CLOSE) <= _CLOSE:
                yield candidate, position
        for piece, (start, end) in enumerate(_pieces(len(name))):
            index[len(name), piece, name[start:end]].append(position)


def _pieces(length: int) -> tuple[tuple[int, int], ...]:
    third = length // 3
    return ((0, third), (third, 2 * third), (2 * third, length))
