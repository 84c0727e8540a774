"""What a half-filled unit still needs, what matters most first."""

from __future__ import annotations

from collections.abc import Iterator

from ..dsl.frozen import frozen
from ..dsl.numbers import Exact
from .record import Result


@frozen
class Needed:
    """Something that is waited for: how many points the indicators that wait for it are open by,
    those indicators, and the vetoes that it decides."""

    key: str
    open_points: Exact
    codes: tuple[str, ...]
    vetoes: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.key.split(".", 1)[-1]


def needed(result: Result) -> tuple[Needed, ...]:
    """All that a result waits for: by the width of the bounds of what waits for it, the widest first;
    then what decides a veto; then by name."""
    points: dict[str, Exact] = {}
    codes: dict[str, list[str]] = {}
    for code, waiting, width in _open(result):
        for key in waiting:
            points[key] = points.get(key, 0) + width
            codes.setdefault(key, []).append(code)
    vetoes: dict[str, list[str]] = {}
    for veto in result.vetoes:
        for key in veto.waiting:
            vetoes.setdefault(key, []).append(veto.code)
    found = [Needed(k, points.get(k, 0), tuple(codes.get(k, ())), tuple(vetoes.get(k, ()))) for k in result.waiting]
    return tuple(sorted(found, key=lambda n: (-n.open_points, not n.vetoes, n.name)))


def _open(result: Result) -> Iterator[tuple[str, frozenset[str], Exact]]:
    """Every indicator and adjustment without an exact score: what it waits for, and how far its ends are apart."""
    adjustments = {a.code: a for a in result.adjustments}
    for indicator in (*result.ruleset.leaves, *(a.indicator for a in result.ruleset.adjustments)):
        record = result.indicators[indicator.code]
        if record.state != "undecided":
            continue
        adjustment = adjustments.get(indicator.code)
        if adjustment is not None:
            width: Exact = adjustment.bounds.high - adjustment.bounds.low if adjustment.bounds is not None else 0
        else:
            width = record.high - record.low
        yield indicator.code, record.waiting, width
