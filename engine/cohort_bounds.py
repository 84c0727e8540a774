"""What a value of the cohort can be: for any cohort, and for one of which some units are not known.

Bounds are sound: no completion of the units' data leads outside them.  They are never
called tight, since a unit's own data may move its value and the cohort's together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..dsl.cohort import CohortValue, possible_of
from ..dsl.describe import possibility_of
from ..dsl.frozen import frozen
from ..dsl.model import Expression, Indicator, Ruleset
from ..dsl.numbers import Exact, divide, simplest
from ..dsl.operations import READINGS, NotApplicableReached, RuleFailure
from ..dsl.ranges import Anything, Possible, Range, Words, hull_of_ranges, point


@frozen
class Span:
    """A number of which only limits are known; ``None`` is no limit."""

    low: Exact | None
    high: Exact | None

    @property
    def exact(self) -> Exact | None:
        return self.low if self.low is not None and self.low == self.high else None

    def turned(self) -> Span:
        """The same with its sign changed, so that the lowest becomes the highest."""
        return Span(None if self.high is None else -self.high, None if self.low is None else -self.low)


@frozen
class Member:
    """One unit's part in a value of the cohort; ``sure`` says that it counts whatever is still missing."""

    index: int
    span: Span
    sure: bool
    ties: Span = Span(0, 0)

    @property
    def settled(self) -> bool:
        return self.sure and self.span.exact is not None and self.ties.exact is not None


# ---- for any cohort --------------------------------------------------------------------------


def cohort_possible(ruleset: Ruleset) -> dict[str, Possible]:
    """What each value of the cohort can be over all data that the declarations allow."""
    if not ruleset.cohort:
        return {}
    known: dict[str, Possible] = {
        "as_of": Range(), "unit.type": Words(frozenset(ruleset.applies) or None), "unit.level": Words(frozenset(ruleset.unit_levels) or None),
    }  # fmt: skip
    known |= {d.key: possibility_of(d) for d in ruleset.data}
    known |= {p.key: hull_of_ranges([point(v.value) for v in p.values]) if p.values else Anything() for p in ruleset.parameters}
    for indicator in reversed(ruleset.indicators):  # children before their parents
        known |= _scores(indicator, known)
    derived = {d.key: d.expression for d in ruleset.derived}
    values = {c.key: c for c in ruleset.cohort}
    found: dict[str, Possible] = {}
    for key in ruleset.order:
        if key in derived:
            known[key] = _reading(derived[key], known)
        elif key in values:
            inner = values[key].inner
            found[key] = known[key] = possible_of(values[key], Anything() if inner is None else _reading(inner, known))
    return found


def _scores(indicator: Indicator, known: Mapping[str, Possible]) -> dict[str, Possible]:
    low: Exact = min(0, indicator.lowest)
    for child in indicator.children:
        below = known[f"score.{child}"]
        assert isinstance(below, Range)
        low += below.low or 0
    score, rate = Range(low, indicator.points, grain="some", tight=False), Range(0, 1, grain="some", tight=False)
    if low and indicator.points:
        rate = Range(divide(low, indicator.points), 1, grain="some", tight=False)
    return {indicator.key: score, f"rate.{indicator.code}": rate}


def _reading(expression: Expression, known: Mapping[str, Possible]) -> Possible:
    try:
        return READINGS.within(expression, known)
    except (NotApplicableReached, RuleFailure):
        return Anything()


# ---- for one cohort ----------------------------------------------------------------------------


def bounds(value: CohortValue, members: Sequence[Member]) -> Span:
    """What a mean, an extreme, a deviation or a count can be over every completion."""
    sure = [m for m in members if m.sure]
    match value.kind:
        case "count":
            return Span(len(sure), len(members))
        case "mean":
            high = _least_mean([_turned(m) for m in members])
            return Span(_least_mean(members), None if high is None else -high)
        case "max":
            return _greatest(members)
        case "min":
            return _greatest([_turned(m) for m in members]).turned()
    lows, highs = [m.span.low for m in members], [m.span.high for m in members]
    if None in lows or None in highs:
        return Span(0, None)
    return Span(0, divide(max(h for h in highs if h is not None) - min(low for low in lows if low is not None), 2))


def _turned(member: Member) -> Member:
    return Member(member.index, member.span.turned(), member.sure)


def _least_mean(members: Sequence[Member]) -> Exact | None:
    """The least mean: every unit that surely counts at its lowest, and of the others those that pull it down.

    Adding a unit lowers a mean only if it lies below it, so the lowest are added first.
    """
    lows = [m.span.low for m in members if m.sure]
    others = [m.span.low for m in members if not m.sure]
    if None in lows or None in others:
        return None
    total = simplest(sum((low for low in lows if low is not None), 0))
    count = len(lows)
    best = divide(total, count) if count else None
    for low in sorted(low for low in others if low is not None):
        total, count = total + low, count + 1
        here = divide(total, count)
        best = here if best is None or here < best else best
    return best


def _greatest(members: Sequence[Member]) -> Span:
    highs = [m.span.high for m in members]
    sure = [m.span.low for m in members if m.sure and m.span.low is not None]
    lows = [m.span.low for m in members]
    least = max(sure) if sure else (None if None in lows else min(low for low in lows if low is not None))
    return Span(least, None if None in highs else max(h for h in highs if h is not None))


def rank_bounds(own: Member, members: Sequence[Member]) -> Span:
    """The best and the worst place of a unit; members are turned so that the highest is first."""
    others = [m for m in members if m.index != own.index]
    ahead = sum(m.sure and _surely_ahead(m, own) for m in others)
    perhaps = sum(_perhaps_ahead(m, own) for m in others)
    return Span(1 + ahead, 1 + perhaps)


def _surely_ahead(one: Member, own: Member) -> bool:
    if one.span.low is None or own.span.high is None or one.span.low < own.span.high:
        return False
    return one.span.low > own.span.high or (one.ties.low is not None and own.ties.high is not None and one.ties.low > own.ties.high)


def _perhaps_ahead(one: Member, own: Member) -> bool:
    if one.span.high is None or own.span.low is None or one.span.high > own.span.low:
        return True
    if one.span.high < own.span.low:
        return False
    return one.ties.high is None or own.ties.low is None or one.ties.high > own.ties.low


def share_bounds(own: Member, members: Sequence[Member], *, at_most: bool) -> Span:
    """The share of the units that are below a unit, or at most as high (itself included)."""
    others = [m for m in members if m.index != own.index]
    surely = sum(m.sure and _surely_below(m, own, at_most=at_most) for m in others) + at_most
    perhaps = sum(not _surely_below(own, m, at_most=not at_most) for m in others) + at_most
    least, most = 1 + sum(m.sure for m in others), 1 + len(others)
    return Span(divide(surely, most), min(1, divide(perhaps, least)))


def _surely_below(one: Member, other: Member, *, at_most: bool) -> bool:
    if one.span.high is None or other.span.low is None:
        return False
    return one.span.high < other.span.low or (at_most and one.span.high == other.span.low)
