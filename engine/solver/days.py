"""The days on which a question is asked: one for each period in which the rules of the day are the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ...dsl.model import Ruleset
from ...dsl.periods import turning_days

#: The day of rulesets that nothing dates.
ANY_DAY = date(2024, 12, 31)


def days_of(rulesets: Sequence[Ruleset]) -> tuple[date, ...]:
    """The last day of each period, the latest first, within the time for which all are in force."""
    starts: set[date] = set()
    for ruleset in rulesets:
        for parameter in ruleset.parameters:
            for value in parameter.values:
                starts |= {d for d in (value.start,) if d is not None}
                starts |= {value.end + timedelta(days=1)} if value.end is not None else set()
        conditions = [i.applies_if for i in ruleset.by_code.values() if i.applies_if is not None]
        for condition in (*conditions, *(v.condition for v in ruleset.vetoes)):
            starts |= turning_days(condition) or set()
    first = max((r.effective.start for r in rulesets if r.effective.start is not None), default=None)
    last = min((r.effective.end for r in rulesets if r.effective.end is not None), default=None)
    final = last or max([*starts, *([first] if first is not None else []), ANY_DAY])
    days = {final} | {start - timedelta(days=1) for start in starts if start - timedelta(days=1) <= final}
    return tuple(sorted((d for d in days if first is None or d >= first), reverse=True)) or (final,)


def day_of(ruleset: Ruleset) -> date:
    """The latest of a ruleset's days."""
    return days_of((ruleset,))[0]
