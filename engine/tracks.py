"""The tracks of a unit side by side: differences that add up, indicator by indicator.

No track stands in for another.  A difference is that of two exact scores; where one of
them is open the difference is open too, and nothing is added up over it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..dsl.frozen import frozen
from ..dsl.model import Ruleset
from ..dsl.numbers import Exact, distance, simplest
from .record import Result


@frozen
class TrackLine:
    """One level-3 indicator, bonus or extra deduction: its score in each result, ``None`` where it is open.

    ``difference`` is the second less the first; an extra deduction counts below zero.
    """

    code: str
    name: str
    scores: tuple[Exact | None, ...]
    out: tuple[bool, ...]

    @property
    def difference(self) -> Exact | None:
        first, second = self.scores[:2]
        return None if first is None or second is None else simplest(second - first)


@frozen
class TrackComparison:
    """Two results or more of one unit under one ruleset.

    ``rest`` is what the totals differ by beyond the lines: points made up for what does not
    apply, limits and roundings of parents, vetoes.
    """

    ruleset: Ruleset
    results: tuple[Result, ...]
    lines: tuple[TrackLine, ...]

    @property
    def deciding(self) -> Result | None:
        """The result of the deciding track; the only one that gives a grade."""
        return next((r for r in self.results if r.track == self.ruleset.deciding_track), None)

    @property
    def difference(self) -> Exact | None:
        first, second = (r.score for r in self.results[:2])
        return None if first is None or second is None else simplest(second - first)

    @property
    def rest(self) -> Exact | None:
        """What the lines leave of the difference of the totals; ``None`` while something is open."""
        total = self.difference
        if total is None or any(line.difference is None for line in self.lines):
            return None
        return simplest(total - sum((line.difference for line in self.lines if line.difference is not None), start=0))

    def over(self, limit: Exact) -> tuple[TrackLine, ...]:
        """The lines that differ by more than ``limit``, and those that are open."""
        return tuple(line for line in self.lines if line.difference is None or distance(line.difference, 0) > limit)

    def within(self, limit: Exact) -> Exact:
        """What all other lines together differ by."""
        inside = (line.difference for line in self.lines if line.difference is not None and distance(line.difference, 0) <= limit)
        return simplest(sum(inside, start=0))


def compare_tracks(results: Sequence[Result]) -> TrackComparison:
    """Results of one unit held against each other, the first two by their differences.

    Raises ``ValueError`` for results of different rulesets.
    """
    ruleset = results[0].ruleset
    if any(r.ruleset.digest != ruleset.digest for r in results):
        raise ValueError("results of different rulesets")
    lines = [
        TrackLine(i.code, i.name, tuple(_score(r, i.code) for r in results), tuple(_is_out(r, i.code) for r in results))
        for i in ruleset.leaves
    ]
    for position, adjustment in enumerate(ruleset.adjustments):
        if adjustment.kind == "bonus" and not adjustment.inside_total:
            continue
        sign = 1 if adjustment.kind == "bonus" else -1
        amounts = (r.adjustments[position].amount for r in results)
        scores = tuple(None if a is None else simplest(sign * a) for a in amounts)
        lines.append(TrackLine(adjustment.indicator.code, adjustment.indicator.name, scores, tuple(False for _ in results)))
    return TrackComparison(ruleset, tuple(results), tuple(lines))


def _is_out(result: Result, code: str) -> bool:
    return result.indicators[code].state in ("out", "excluded")


def _score(result: Result, code: str) -> Exact | None:
    return 0 if _is_out(result, code) else result.indicators[code].score
