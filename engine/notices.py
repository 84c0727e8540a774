"""What a result should draw attention to: missing data and evidence, edges, small samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from ..dsl.describe import show_number
from ..dsl.diagnostics import Diagnostic, Fact
from ..dsl.formula import show_value
from ..dsl.keywords import Language
from ..dsl.model import Aggregate, DataItem, Indicator
from ..dsl.numbers import Exact, decimal_places, divide, exact_text, fixed, percent_text
from ..dsl.operations import READINGS, RuleFailure, Undecided, exactly
from ..dsl.operations.readings import NotApplicableReached
from .field_work import coverage, shared_matters
from .instruments import blanks, outside, survey_statuses
from .next_grade import next_grade
from .record import IndicatorRecord, Result
from .unit import Disputed, NotApplicable, NotYetDue

#: A unit within one percentage point of the next grade is told so.
_NEAR = 100


def notices(result: Result, language: Language | None = None) -> tuple[Diagnostic, ...]:
    """The reminders of a result, indicator by indicator, then the edge of a grade."""
    chosen = language or result.ruleset.language
    found: list[Diagnostic] = []
    for indicator in result.ruleset.leaves:
        record = result.indicators[indicator.code]
        if record.state in ("out", "excluded"):
            continue
        found += _missing(indicator, record, result, chosen)
        found += _evidence(indicator, record, chosen)
        found += _sample(indicator, result, chosen)
        found += _outside(indicator, record)
        found += _once(indicator, result)
        found += _shared(indicator, result)
    found += _outside_bands(result, chosen)
    found += _surveys(result)
    found += _interviews(result)
    found += _deviations(result, chosen)
    found += _edge(result, chosen)
    return tuple(found)


def _notice(code: str, /, **facts: Fact) -> Diagnostic:
    return Diagnostic(code, (), facts, source="unit")


def _missing(indicator: Indicator, record: IndicatorRecord, result: Result, language: Language) -> Iterator[Diagnostic]:
    """What an indicator waits for: not there, not due yet, in dispute; of what awaits
    confirmation the reading of the file has told."""
    for key in sorted(record.waiting):
        item = result.ruleset.by_key.get(key)
        if not isinstance(item, DataItem):
            continue
        facts = {"code": indicator.code, "name": indicator.name, "item": item.name}
        given = result.unit.assessments.get(result.track, {}) if item.assessed else result.unit.values
        match given.get(item.name):
            case Disputed(claims):
                yield _notice("W743", **facts, claims=tuple(_shown(c, item, language) for c in claims))
            case NotYetDue(due) if result.as_of < due:
                yield _notice("W744", **facts, due=due.isoformat())
            case NotApplicable():
                continue
            case tuple() if item.columns:
                for column, count in blanks(result, item, indicator):
                    yield _notice("W872", **facts, column=column.name, count=str(count))
            case _:
                yield _notice("W732", **facts)


def _shown(claim: object, item: DataItem, language: Language) -> str:
    if isinstance(claim, (int, Fraction)) and not isinstance(claim, bool):
        return show_number(claim, item.type, language)
    return show_value(claim, language)  # type: ignore[arg-type]


def _evidence(indicator: Indicator, record: IndicatorRecord, language: Language) -> Iterator[Diagnostic]:
    for rule, status in zip(indicator.evidence, record.evidence, strict=False):
        if not status.met:
            kinds = status.missing or rule.kinds
            effect = {
                "notice": ("仅提示，不影响得分", "a reminder; the score is not affected"),
                "zero": ("不得分", "no points"),
                "pending": ("得分待定", "the score is pending"),
                "ceiling": (f"最多得{exact_text(rule.effect.share * 100)}%", f"at most {exact_text(rule.effect.share * 100)}%"),
            }[rule.effect.kind][0 if language == "zh" else 1]
            yield _notice("W733", code=indicator.code, name=indicator.name, kinds=kinds, effect=effect)


def _sample(indicator: Indicator, result: Result, language: Language) -> Iterator[Diagnostic]:
    for guard in indicator.guards:
        if guard.kind in ("sample", "sample_zero"):
            try:
                small = exactly(guard.condition)(result.values)
            except (Undecided, NotApplicableReached, RuleFailure):
                continue
            if small:
                effect = {
                    "notice": ("结果仅供参考", "take the result with care"),
                    "zero": ("不得分", "no points are given"),
                    "pending": ("得分待定", "the score is pending"),
                    "out": ("按不适用处理", "it is dealt with as not applicable"),
                }[guard.outcome][0 if language == "zh" else 1]
                yield _notice("W735", code=indicator.code, text=guard.about, effect=effect)


def _outside(indicator: Indicator, record: IndicatorRecord) -> Iterator[Diagnostic]:
    for step in record.steps:
        if step.name == "outside" and step.value:
            unit = next((s.type.unit.name for s in indicator.steps if s.name == "outside"), "")
            yield _notice("W737", code=indicator.code, count=exact_text(step.value) + unit)


def _outside_bands(result: Result, language: Language) -> Iterator[Diagnostic]:
    """Records in no band of a section: never dropped unseen."""
    for one in outside(result):
        shown = tuple(show_number(value, one.segments.type, language) + (f"×{times}" if times > 1 else "") for value, times in one.values[:5])
        more = "…" if len(one.values) > len(shown) else ""
        unit = next((d.type.unit.name for d in result.ruleset.data if d.key == one.segments.source), "")
        yield _notice("W871", name=one.segments.name, count=f"{one.count}{unit}", values=(*shown, *([more] if more else [])))


def _surveys(result: Result) -> Iterator[Diagnostic]:
    for status in survey_statuses(result):
        name = status.survey.name
        if status.too_few:
            yield _notice("W873", name=name, count=str(status.valid), least=str(status.survey.least))
        if status.straight:
            yield _notice("W874", name=name, count=str(status.straight))
        blank, skipped = status.left_out
        if blank or skipped:
            yield _notice("W875", name=name, blank=str(blank), skipped=str(skipped))


def _shared(indicator: Indicator, result: Result) -> Iterator[Diagnostic]:
    """A matter that several sources name, and that counts once."""
    for matter, sources in shared_matters(indicator, result):
        yield _notice("W887", code=indicator.code, name=indicator.name, matter=matter, sources=sources)


def _interviews(result: Result) -> Iterator[Diagnostic]:
    """Interviews that an indicator asks for and that were not held."""
    for one in coverage(result.ruleset, result.unit):
        record = result.indicators.get(one.indicator.code)
        if one.short and not (record is not None and record.state in ("out", "excluded")):
            facts: dict[str, Fact] = {"code": one.indicator.code, "name": one.indicator.name, "ranks": one.rule.ranks}
            yield _notice("W881", **facts, least=str(one.rule.at_least), count=str(one.count))


def _deviations(result: Result, language: Language) -> Iterator[Diagnostic]:
    """Ratings of a panel that lie further from their mean than is allowed."""
    for item in result.ruleset.data:
        numbers = result.values.get(item.key)
        if item.deviation is None or not isinstance(numbers, tuple) or not numbers:
            continue
        mean = divide(sum(numbers, start=0), len(numbers))
        kind = replace(item.type, kind="number")
        for position, value in enumerate(numbers, 1):
            away = abs(value - mean)
            if away > item.deviation:
                shown = {"value": value, "limit": item.deviation}
                facts = {k: show_number(v, kind, language) for k, v in shown.items()}
                rounded = {k: _short(v) + kind.unit.name for k, v in (("mean", mean), ("distance", away))}
                yield _notice("W886", name=item.name, position=str(position), **facts, **rounded)


def _short(value: Exact) -> str:
    places = decimal_places(value)
    return exact_text(value) if places is not None and places <= 4 else f"≈{fixed(value, 2)}"


def _once(indicator: Indicator, result: Result) -> Iterator[Diagnostic]:
    """A matter that was counted at another indicator before."""
    if not indicator.once_only:
        return
    pending = [s.expression for s in indicator.steps]
    while pending:
        node = pending.pop()
        pending += READINGS.operands(node)
        if isinstance(node, Aggregate) and node.counted_before and _left_out(node, result):
            yield _notice("W736", code=indicator.code, others=indicator.once_only)
            return


def _left_out(count: Aggregate, result: Result) -> bool:
    """Whether a count is lower for what other indicators count already."""
    try:
        alone = exactly(replace(count, counted_before=()))(result.values)
        return bool(exactly(count)(result.values) < alone)
    except (Undecided, NotApplicableReached, RuleFailure):
        return False


def _edge(result: Result, language: Language) -> Iterator[Diagnostic]:
    following, scale = next_grade(result), result.ruleset.scale()
    if following is None or scale is None or result.rate is None or result.score is None or following.vetoes or following.gates:
        return
    by_rate = scale.basis == "rate"
    distance = Fraction(following.distance_points) / result.full_score
    if distance * _NEAR >= 1:
        return
    zh = language == "zh"
    measure = ("得分率" if by_rate else "得分") if zh else ("score rate" if by_rate else "score")
    value = percent_text(result.rate) if by_rate else exact_text(result.score)
    if by_rate and "/" in value:
        value = f"≈{fixed(result.rate * 100, 2)}%"
    shown = distance_text(distance, language) if by_rate else following.distance_points
    yield _notice("W734", measure=measure, value=value, grade=following.grade, bound=following.bound, distance=shown)


def distance_text(distance: Fraction, language: Language) -> str:
    """A difference of two rates in percentage points."""
    points = distance * 100
    places = decimal_places(points)
    text = exact_text(points) if places is not None and places <= 4 else f"≈{fixed(points, 2)}"
    return f"{text}个百分点" if language == "zh" else f"{text} percentage points"
