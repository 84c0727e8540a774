"""Indicators that apply only under a condition: every variant must add up to its parent (F29)."""

from __future__ import annotations

from itertools import product

from ..keywords import Language, word
from ..model import Expression, Indicator
from ..numbers import Exact, exact_text
from ..operations import READINGS
from ..ranges import Possible, Truths, Words, certain, possible
from ..substitute import references
from .draft import Draft
from .head import Head

_MOST = 512


def check_variants(draft: Draft, indicators: tuple[Indicator, ...], head: Head) -> None:
    """Add up the points of every combination of the choices that conditions ask about."""
    conditional = [i for i in indicators if i.applies_if is not None]
    if not conditional or draft.broken or draft.lost_heading or draft.failed:
        return
    by_parent: dict[str | None, list[Indicator]] = {}
    for indicator in indicators:
        by_parent.setdefault(indicator.parent, []).append(indicator)
    points = {i.code: i.points for i in indicators}
    for parent in dict.fromkeys(i.parent for i in conditional):
        wanted = head.full_score if parent is None else points[parent]
        if wanted is not None:
            _check_parent(draft, by_parent[parent], wanted, parent or "")


def _check_parent(draft: Draft, children: list[Indicator], wanted: Exact, parent: str) -> None:
    conditions = [c.applies_if for c in children if c.applies_if is not None]
    keys = sorted({k for c in conditions for k in references(c)})
    choices = [_choices(draft.scope.possibilities.get(k)) for k in keys]
    size = 1
    for choice in choices:
        size *= len(choice) if choice else _MOST + 1
    place = next(c.place for c in children if c.applies_if is not None)
    if size > _MOST:
        draft.scope.report("E630", place, parent=parent)
        return
    for values in product(*(c or () for c in choices)):
        variant = dict(zip(keys, values, strict=True))
        total = sum((c.points for c in children if _applies(c.applies_if, variant)), 0)
        if total != wanted:
            shown = tuple(f"{_name(k, draft.language)} = {_show(v, draft.language)}" for k, v in variant.items())
            draft.scope.report("E310", place, parent=parent, variant=shown, points=exact_text(wanted), sum=exact_text(total))
            return


def _name(key: str, language: Language) -> str:
    given = {"unit.type": "UNIT_TYPE", "unit.level": "UNIT_LEVEL"}.get(key)
    return word(given, language) if given else key.split(".", 1)[1]


def _choices(reading: Possible | None) -> list[Possible] | None:
    if isinstance(reading, Truths):
        return [possible(v) for v in sorted(reading.values)]
    if isinstance(reading, Words) and reading.values is not None:
        return [possible(v) for v in sorted(reading.values)]
    return None


def _applies(condition: Expression | None, variant: dict[str, Possible]) -> bool:
    return condition is None or certain(READINGS.within(condition, variant)) is not False


def _show(reading: Possible, language: Language) -> str:
    if isinstance(reading, Truths):
        return word("YES" if True in reading.values else "NO", language)
    if isinstance(reading, Words) and reading.values:
        return str(next(iter(reading.values)))
    return ""
