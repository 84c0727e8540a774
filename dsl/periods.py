"""Periods of days: which day lies in one, where two overlap, and what their ends cut time into.

Both ends of a period belong to it; an end that is not given is open.  Parameters,
indicators and whole versions are dated by the same few functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from .keywords import Language
from .model import Compare, DatedPeriod, Expression, Literal, Logic, Ref, Ruleset
from .operations import READINGS
from .substitute import references

AS_OF = "as_of"
_DAY = timedelta(days=1)
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
#: Whether a comparison of the as-of date with a day can change on that day, and on the next.
_CHANGES_ON = {"<": (True, False), ">=": (True, False), "<=": (False, True), ">": (False, True), "=": (True, True), "!=": (True, True)}


def holds(period: DatedPeriod, day: date) -> bool:
    """Whether a day lies in a period."""
    return (period.start is None or period.start <= day) and (period.end is None or day <= period.end)


def common(one: DatedPeriod, other: DatedPeriod) -> DatedPeriod | None:
    """The days of both periods, if there are any."""
    start = max((d for d in (one.start, other.start) if d is not None), default=None)
    end = min((d for d in (one.end, other.end) if d is not None), default=None)
    return None if start is not None and end is not None and start > end else DatedPeriod(start, end)


def gaps(periods: Iterable[DatedPeriod], within: DatedPeriod | None = None) -> tuple[DatedPeriod, ...]:
    """The days between periods that lie in none of them; with ``within``, also those before
    the first and after the last of them that lie in it."""
    ordered = sorted(periods, key=lambda p: p.start or date.min)
    if not ordered:
        return (within,) if within is not None else ()
    found: list[DatedPeriod] = []
    if within is not None and ordered[0].start is not None and (within.start is None or within.start < ordered[0].start):
        found.append(DatedPeriod(within.start, ordered[0].start - _DAY))
    reached = ordered[0].end
    for period in ordered[1:]:
        if reached is not None and period.start is not None and period.start > reached + _DAY:
            found.append(DatedPeriod(reached + _DAY, period.start - _DAY))
        reached = None if reached is None or period.end is None else max(reached, period.end)
    if within is not None and reached is not None and (within.end is None or reached < within.end):
        found.append(DatedPeriod(reached + _DAY, within.end))
    return tuple(c for gap in found if (c := gap if within is None else common(gap, within)) is not None)


def period_text(period: DatedPeriod, language: Language) -> str:
    """A period as it is read aloud."""
    start, end = period.start, period.end
    if start is not None and start == end:
        return start.isoformat()
    if start is not None and end is not None:
        return f"{start}至{end}" if language == "zh" else f"{start} to {end}"
    if start is not None:
        return f"{start}起" if language == "zh" else f"from {start} on"
    if end is not None:
        return f"{end}及以前" if language == "zh" else f"up to {end}"
    return "任何一天" if language == "zh" else "any day"


def span(period: DatedPeriod) -> str:
    """A period in any language: its first and its last day, an open end as ``…``."""
    if period.start is not None and period.start == period.end:
        return period.start.isoformat()
    return f"{period.start or '…'} – {period.end or '…'}"


def in_period(period: DatedPeriod) -> Expression | None:
    """The condition that the as-of date lies in a period; ``None`` where every day does."""
    day = Ref(AS_OF)
    bounds: list[Expression] = []
    if period.start is not None:
        bounds.append(Compare(">=", day, Literal(period.start, period.start.isoformat())))
    if period.end is not None:
        bounds.append(Compare("<=", day, Literal(period.end, period.end.isoformat())))
    return all_of(bounds)


def all_of(conditions: Sequence[Expression | None]) -> Expression | None:
    """The condition that all of some conditions hold; ``None`` stands for one that always does."""
    found: Expression | None = None
    for condition in conditions:
        if condition is not None:
            found = condition if found is None else Logic("and", (found, condition))
    return found


def stretches(conditions: Iterable[Expression], within: DatedPeriod) -> tuple[DatedPeriod, ...] | None:
    """The stretches of days over which the answers to some conditions on the as-of date stay the
    same; ``None`` where a condition does more with that date than compare it with a day."""
    cuts: set[date] = set()
    for condition in conditions:
        found = turning_days(condition)
        if found is None:
            return None
        cuts |= found
    starts: list[date | None] = [None, *sorted(cuts)]
    ends: list[date | None] = [*(day - _DAY for day in sorted(cuts)), None]
    clipped = (common(DatedPeriod(a, b), within) for a, b in zip(starts, ends, strict=True))
    return tuple(c for c in clipped if c is not None)


def lapsed(ruleset: Ruleset, code: str, day: date) -> DatedPeriod | None:
    """The period of an indicator, or of one above it, that a day lies outside of."""
    indicator = ruleset.by_code.get(code)
    while indicator is not None:
        if indicator.in_force is not None and not holds(indicator.in_force, day):
            return indicator.in_force
        indicator = ruleset.by_code.get(indicator.parent or "")
    return None


def day_in(period: DatedPeriod) -> date:
    """A day of a period."""
    return period.start or period.end or date(2000, 1, 1)


def turning_days(condition: Expression) -> set[date] | None:
    """The first days on which the answer of a condition can be another; ``None`` where it does more
    with the as-of date than compare it with a day."""
    if isinstance(condition, Compare):
        sides = (condition.left, condition.right)
        days = [s.value for s in sides if isinstance(s, Literal) and isinstance(s.value, date)]
        if Ref(AS_OF) in sides and len(days) == 1:
            operator = condition.operator if condition.left == Ref(AS_OF) else _TURNED.get(condition.operator, condition.operator)
            return {day for day in (days[0], days[0] + _DAY) if _CHANGES_ON[operator][day != days[0]]}
    if isinstance(condition, Ref):
        return None if condition.key == AS_OF else set()
    if AS_OF not in references(condition):
        return set()
    found: set[date] = set()
    for operand in READINGS.operands(condition):
        inner = turning_days(operand)
        if inner is None:
            return None
        found |= inner
    return found
