"""Indicators that apply only under a condition or only for a time: every variant must add up
to its parent (F29).

A period is a condition on the as-of date, and the stretches of days between the dates that
conditions name are among the variants.  What applies to a parent applies to all below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from ..diagnostics import Fact
from ..frozen import frozen
from ..keywords import Language, word
from ..model import DatedPeriod, Expression, Indicator
from ..numbers import Exact, distance, exact_text
from ..operations import READINGS
from ..periods import AS_OF, all_of, day_in, span, stretches
from ..ranges import Possible, Truths, Words, certain, possible
from ..substitute import references
from .draft import Draft
from .head import Head

_MOST = 512


@frozen
class _Case:
    """One answer to what conditions ask about: what it stands for, and how it is shown."""

    reading: Possible
    text: str


def check_variants(draft: Draft, indicators: tuple[Indicator, ...], head: Head) -> None:
    """Add up the points of every combination of the answers that conditions ask about."""
    conditional = [i for i in indicators if i.applies_if is not None]
    if not conditional or draft.broken or draft.lost_heading or draft.failed:
        return
    by_parent: dict[str | None, list[Indicator]] = {}
    for indicator in indicators:
        by_parent.setdefault(indicator.parent, []).append(indicator)
    by_code = {i.code: i for i in indicators}
    for parent in dict.fromkeys(i.parent for i in conditional):
        if parent is not None:
            above = [i.applies_if for i in _upwards(by_code[parent], by_code) if i.applies_if is not None]
            _check_parent(draft, by_parent[parent], by_code[parent].points, parent, above, head.effective)
            continue
        for wanted, members in _parts(head, by_parent[None]):
            if any(m.applies_if is not None for m in members):
                _check_parent(draft, members, wanted, "", [], head.effective)


def _parts(head: Head, roots: list[Indicator]) -> Iterable[tuple[Exact, list[Indicator]]]:
    """What the level-1 indicators must add up to: the full score, or each of its two parts."""
    if head.common is not None and head.individual is not None:
        yield head.common, [r for r in roots if not r.individual]
        yield head.individual, [r for r in roots if r.individual]
    elif head.full_score is not None:
        yield head.full_score, roots


def inherited(indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
    """The indicators, those of level 3 with the conditions of all that they stand below."""
    by_code = {i.code: i for i in indicators}
    found = []
    for indicator in indicators:
        above = [i.applies_if for i in _upwards(indicator, by_code)]
        applies = all_of(above[::-1]) if len([a for a in above if a is not None]) > 1 else next((a for a in above if a is not None), None)
        found.append(indicator if indicator.children or applies is indicator.applies_if else replace(indicator, applies_if=applies))
    return tuple(found)


def _upwards(indicator: Indicator, by_code: Mapping[str, Indicator]) -> list[Indicator]:
    """An indicator and all above it, itself first."""
    found = [indicator]
    while (above := by_code.get(found[-1].parent or "")) is not None:
        found.append(above)
    return found


def _check_parent(
    draft: Draft, children: Sequence[Indicator], wanted: Exact, parent: str, above: Sequence[Expression], whole: DatedPeriod
) -> None:
    conditions = [*above, *(c.applies_if for c in children if c.applies_if is not None)]
    keys = sorted({k for c in conditions for k in references(c)})
    choices = [_choices(draft, k, conditions, whole) for k in keys]
    size = 1
    for choice in choices:
        size *= len(choice) if choice else _MOST + 1
    place = next((c.place for c in children if c.applies_if is not None), children[0].place)
    if size > _MOST:
        draft.scope.report("E630", place, parent=parent)
        return
    for cases in product(*(c or () for c in choices)):
        variant = {key: case.reading for key, case in zip(keys, cases, strict=True)}
        if not all(_applies(c, variant) for c in above):
            continue
        here = [c for c in children if _applies(c.applies_if, variant)]
        total = sum((c.points for c in here), 0)
        if total != wanted:
            texts = {key: case.text for key, case in zip(keys, cases, strict=True)}
            facts: dict[str, Fact] = {"parent": parent, "points": exact_text(wanted), "sum": exact_text(total)}
            days = texts.pop(AS_OF, None)
            shown = tuple(f"{_name(k, draft.language)} = {text}" for k, text in texts.items())
            if days is None:
                draft.scope.report("E310", place, **facts, variant=shown)
                return
            facts |= {"variant": shown} if shown else {}
            facts |= {"days": days, "difference": exact_text(distance(wanted, total))}
            facts |= {"there": tuple(f"{c.code} {exact_text(c.points)}" for c in here)} if here else {}
            draft.scope.report("E930" if total < wanted else "E931", place, **facts)
            return


def _name(key: str, language: Language) -> str:
    given = {"unit.type": "UNIT_TYPE", "unit.level": "UNIT_LEVEL"}.get(key)
    return word(given, language) if given else key.split(".", 1)[1]


def _choices(draft: Draft, key: str, conditions: Iterable[Expression], whole: DatedPeriod) -> list[_Case] | None:
    """Every answer to what a key asks; ``None`` where they cannot be told one by one."""
    if key == AS_OF:
        periods = stretches(conditions, whole)
        return None if periods is None else [_Case(possible(day_in(p)), span(p)) for p in periods]
    reading = draft.scope.possibilities.get(key)
    if isinstance(reading, Truths):
        return [_Case(possible(v), word("YES" if v else "NO", draft.language)) for v in sorted(reading.values)]
    if isinstance(reading, Words) and reading.values is not None:
        return [_Case(possible(v), v) for v in sorted(reading.values)]
    return None


def _applies(condition: Expression | None, variant: dict[str, Possible]) -> bool:
    return condition is None or certain(READINGS.within(condition, variant)) is not False
