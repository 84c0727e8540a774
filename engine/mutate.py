"""Small changes to a ruleset, and whether any case notices them.

A mutant is the checked ruleset with one constant moved a little, one limit turned from
included to excluded, one condition turned round, one indicator's points changed, one sum
or filter made another, one rounding or one policy changed; it is evaluated by the same
engine.  How far constants are moved, and whether anything else is changed, is said by a
`Manner`; `sensitivity.py` has its own.  A case notices a mutant when one of its expectations
fails; a case to which the changed indicator comes out the same is not evaluated again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from itertools import islice, pairwise
from typing import Any

from ..dsl.diagnostics import Place
from ..dsl.formula import bare_number, show
from ..dsl.frozen import frozen
from ..dsl.keywords import Language, word
from ..dsl.model import (
    Adjustment,
    Aggregate,
    Arithmetic,
    Band,
    Bands,
    Compare,
    DatedValue,
    Derived,
    Expression,
    Gate,
    GradeBand,
    GradeScale,
    Indicator,
    Interpolate,
    Interval,
    Literal,
    Logic,
    Lookup,
    NotApplicablePolicy,
    Round,
    Rounding,
    Ruleset,
    Step,
)
from ..dsl.numbers import Exact, distance, divide, exact_text, percent_text, simplest
from ..dsl.operations import OPERATIONS
from .candidates import GeneratedCase, apply, close_calls, concerned
from .cases import Expected, differs, observed
from .coverage import OF_THE_HOUSE
from .evaluate import evaluate
from .leaf import evaluate_leaf
from .program import leaf_program, program_of
from .record import Result
from .unit import UnitData

_OTHER = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "!=", "!=": "="}
#: Another way to put the same values together.
_OTHER_SUMMARY: Mapping[str, str] = {
    "sum": "mean", "mean": "median", "median": "mean", "min": "max", "max": "min", "trimmed_mean": "mean",
    "distinct_months": "count", "geometric_mean": "mean",
}  # fmt: skip
_OTHER_MODE: Mapping[str, str] = {"half_up": "down", "half_even": "down", "up": "down", "down": "up", "ceiling": "floor", "floor": "ceiling"}
_OTHER_POLICY: Mapping[str, str] = {"rescale": "full", "spread": "full", "full": "zero", "zero": "full"}
_OTHER_COMBINE: Mapping[str, str] = {"sum": "lowest_rate", "lowest_rate": "mean_rate", "mean_rate": "lowest_rate"}


@frozen
class Mutant:
    """One changed ruleset: what was changed, where, and in which indicator's own steps, if in one's."""

    ruleset: Ruleset
    kind: str
    code: str
    place: Place
    before: str
    after: str
    leaf: str | None = None


@frozen
class Manner:
    """How constants are moved: a value and how it is written -> other values.

    With ``numbers_only`` nothing but numbers is changed, and no indicator's points.
    """

    moved: Callable[[Exact, str], Iterable[Exact]]
    numbers_only: bool = False


@frozen
class _Way:
    """A manner, for rulesets of one language."""

    moved: Callable[[Exact, str], Iterable[Exact]]
    numbers_only: bool
    language: Language

    def shown(self, part: Expression) -> str:
        return show(part, lambda key: key.partition(".")[2] or key, self.language)


@frozen
class Judged:
    """A case as mutants are held against it: its result under the ruleset itself, and what it expects."""

    result: Result
    expected: Expected


def unnoticed(mutant: Mutant, cases: Sequence[Judged]) -> bool:
    """Whether no case notices the change."""
    for case in cases:
        if mutant.leaf is not None and same_leaf(mutant, mutant.leaf, case.result):
            continue
        if differs(case.expected, evaluate(mutant.ruleset, case.result.unit)):
            return False
    return True


def sharpen(ruleset: Ruleset, unit: UnitData, left: Sequence[Mutant], most: int = 3000) -> Iterator[GeneratedCase]:
    """Cases that notice mutants no case has noticed, found among at most so many units tried."""
    remaining = list(left)
    base = evaluate(ruleset, unit)
    for changed in islice(close_calls(ruleset, unit), most):
        if not remaining:
            return
        result = evaluate(ruleset, apply(ruleset, unit, changed))
        case = Judged(result, observed(result, base, concerned(ruleset, changed)))
        noticed = [m for m in remaining if not unnoticed(m, (case,))]
        if noticed:
            remaining = [m for m in remaining if m not in noticed]
            yield GeneratedCase(changed, (), result)


def same_leaf(mutant: Mutant, code: str, result: Result) -> bool:
    """Whether the changed indicator comes out as before for one unit."""
    before = result.indicators[code]
    if before.state not in ("scored", "undecided") and code in result.unit.not_applicable:
        return True
    program = program_of(result.ruleset)
    leaf = leaf_program(program, mutant.ruleset.by_code[code])
    after, _ = evaluate_leaf(program, leaf, dict(result.values), before.evidence)
    return (after.state, after.score, after.bounds, after.guard, after.reason) == (
        before.state, before.score, before.bounds, before.guard, before.reason,
    )  # fmt: skip


def mutants(ruleset: Ruleset, manner: Manner | None = None) -> Iterator[Mutant]:
    """Every small change, in written order within each kind of statement."""
    chosen = manner if manner is not None else A_LITTLE
    way = _Way(chosen.moved, chosen.numbers_only, ruleset.language)
    yield from _of_parameters(ruleset, way)
    for derived in ruleset.derived:
        for changed, kind, before, after in _changes(derived.expression, way):
            yield Mutant(_with_derived(ruleset, derived, changed), kind, derived.name, derived.place, before, after)
    adjusting = {a.indicator.code for a in ruleset.adjustments}
    for indicator in ruleset.by_code.values():
        if not indicator.children:
            yield from _of_leaf(ruleset, indicator, way, adjusted=indicator.code in adjusting)
    for indicator in ruleset.by_code.values():
        yield from _of_any(ruleset, indicator, way)
    for adjustment in ruleset.adjustments:
        yield from _of_adjustment(ruleset, adjustment, way)
    if not way.numbers_only:
        yield from _of_roundings(ruleset)
    yield from _of_conditions(ruleset, way)
    yield from _of_grades(ruleset, way)


def _of_parameters(ruleset: Ruleset, way: _Way) -> Iterator[Mutant]:
    """Changes to the value of a parameter in one of its periods."""
    for index, parameter in enumerate(ruleset.parameters):
        for position, dated in enumerate(parameter.values):
            if not _ever(dated, ruleset):
                continue
            for moved in way.moved(dated.value, dated.text):
                values = (*parameter.values[:position], replace(dated, value=moved), *parameter.values[position + 1 :])
                every = (*ruleset.parameters[:index], replace(parameter, values=values), *ruleset.parameters[index + 1 :])
                after = _like(dated.text, moved, way.language)
                yield Mutant(_with(ruleset, parameters=every), "parameter", parameter.name, dated.place, dated.text, after)


def _ever(dated: DatedValue, ruleset: Ruleset) -> bool:
    """Whether a value holds on any day on which the ruleset is in force."""
    start, end = ruleset.effective.start, ruleset.effective.end
    return (dated.end is None or start is None or dated.end >= start) and (dated.start is None or end is None or dated.start <= end)


def _of_any(ruleset: Ruleset, indicator: Indicator, way: _Way) -> Iterator[Mutant]:
    """Changes to what any indicator may have: when it applies, what becomes of it, how it is made of its children."""

    def made(changed: Indicator, kind: str, before: str, after: str) -> Mutant:
        return Mutant(_with_indicator(ruleset, changed), kind, indicator.code, indicator.place, before, after)

    for condition, _, before, after in _turned(indicator.applies_if, way) if indicator.applies_if is not None else ():
        yield made(replace(indicator, applies_if=condition), "applicability", before, after)
    policy = indicator.not_applicable
    if policy is not None and not way.numbers_only:
        other = NotApplicablePolicy(_OTHER_POLICY[policy.kind], policy.scope)  # type: ignore[arg-type]
        yield made(replace(indicator, not_applicable=other), "policy", policy.kind, other.kind)
    if len(indicator.children) > 1 and not way.numbers_only:
        how = _OTHER_COMBINE[indicator.combine]
        yield made(replace(indicator, combine=how), "combination", indicator.combine, how)  # type: ignore[arg-type]
    for name, limit in (("ceiling", indicator.ceiling), ("floor", indicator.floor)) if indicator.children else ():
        for changed, kind, before, after in _changes(limit, way) if limit is not None else ():
            yield made(replace(indicator, **{name: changed}), kind, before, after)
        if limit is not None and not way.numbers_only:
            yield made(replace(indicator, **{name: None}), "condition", name, "–")  # type: ignore[arg-type]
    for position, rule in enumerate(indicator.evidence):
        for moved in way.moved(rule.effect.share, _PERCENT) if rule.effect.kind == "ceiling" else ():
            changed_rule = replace(rule, effect=replace(rule.effect, share=moved))
            rules = (*indicator.evidence[:position], changed_rule, *indicator.evidence[position + 1 :])
            yield replace(made(replace(indicator, evidence=rules), "evidence", percent_text(rule.effect.share), percent_text(moved)), place=rule.place)


def _of_adjustment(ruleset: Ruleset, adjustment: Adjustment, way: _Way) -> Iterator[Mutant]:
    """Changes to a bonus or an extra deduction: its condition, whether it counts."""
    one = adjustment.indicator

    def made(changed: Adjustment, before: str, after: str) -> Mutant:
        adjustments = tuple(changed if a is adjustment else a for a in ruleset.adjustments)
        return Mutant(_with(ruleset, adjustments=adjustments), "bonus", one.code, one.place, before, after)

    for condition, _, before, after in _turned(adjustment.only_if, way) if adjustment.only_if is not None else ():
        yield made(replace(adjustment, only_if=condition), before, after)
    if adjustment.kind == "bonus" and not way.numbers_only:
        inside, outside = ("inside-total", "outside") if ruleset.language == "en" else ("总分内", "总分外")
        pair = (inside, outside) if adjustment.inside_total else (outside, inside)
        yield made(replace(adjustment, inside_total=not adjustment.inside_total), *pair)


def _of_roundings(ruleset: Ruleset) -> Iterator[Mutant]:
    """Changes to how scores are rounded, for a whole level at once: another mode, a place less."""
    for stage, rounding in ruleset.roundings.items():
        for other in (Rounding(rounding.places, _OTHER_MODE[rounding.mode]), Rounding(max(0, rounding.places - 1), rounding.mode)):  # type: ignore[arg-type]
            if other == rounding:
                continue
            changed = _rounded(ruleset, stage, other)
            before, after = (f"{stage} {r.places} {r.mode}" for r in (rounding, other))
            yield Mutant(changed, "rounding", "", Place(1, 0, 1), before, after)


def _rounded(ruleset: Ruleset, stage: str, rounding: Rounding) -> Ruleset:
    """The ruleset with another rounding at one stage."""
    if stage == "total":
        return _with(ruleset, roundings={**ruleset.roundings, "total": rounding})
    indicators = []
    for indicator in ruleset.indicators:
        if stage == "parent" and indicator.children:
            indicator = replace(indicator, rounding=rounding)
        elif stage == "level3" and indicator.steps and isinstance(last := indicator.steps[-1].expression, Round):
            step = replace(indicator.steps[-1], expression=Round(last.value, rounding.places, rounding.mode))
            indicator = replace(indicator, steps=(*indicator.steps[:-1], step))
        indicators.append(indicator)
    return _with(ruleset, indicators=tuple(indicators))


def _of_leaf(ruleset: Ruleset, indicator: Indicator, way: _Way, *, adjusted: bool) -> Iterator[Mutant]:
    code, place = indicator.code, indicator.place

    def made(changed: Indicator, kind: str, before: str, after: str, at: Place = place) -> Mutant:
        return Mutant(_with_indicator(ruleset, changed), kind, code, at, before, after, None if adjusted else code)

    for position, step in enumerate(indicator.steps):
        if step.name in OF_THE_HOUSE:
            continue
        for expression, kind, before, after in _changes(step.expression, way):
            steps = (*indicator.steps[:position], replace(step, expression=expression), *indicator.steps[position + 1 :])
            yield made(replace(indicator, steps=steps), kind, before, after)
    for position, guard in enumerate(indicator.guards):
        if guard.outcome == "notice":
            continue
        for expression, kind, before, after in _changes(guard.condition, way):
            guards = (*indicator.guards[:position], replace(guard, condition=expression), *indicator.guards[position + 1 :])
            yield made(replace(indicator, guards=guards), kind, before, after, guard.place)
    if indicator.steps and not way.numbers_only:
        last = indicator.steps[-1]
        more = simplest(divide(indicator.points - Fraction(1, 10), indicator.points))
        scaled = Arithmetic("*", last.expression, Literal(more, ""))
        steps = (*indicator.steps[:-1], Step(last.name, scaled, last.type, last.phrase, last.facts))
        yield made(replace(indicator, steps=steps), "weight", exact_text(indicator.points), exact_text(simplest(indicator.points - Fraction(1, 10))))


def _of_conditions(ruleset: Ruleset, way: _Way) -> Iterator[Mutant]:
    """Changes to reconciliations, words instead of a score, vetoes, and how much may be left out."""
    for position, rule in enumerate(ruleset.reconciliations):
        for condition, _, before, after in _turned(rule.condition, way, rule.text) if rule.is_error else ():
            rules = (*ruleset.reconciliations[:position], replace(rule, condition=condition), *ruleset.reconciliations[position + 1 :])
            yield Mutant(_with(ruleset, reconciliations=rules), "reconciliation", "", rule.place, before, after)
    for position, unscored in enumerate(ruleset.unscored):
        for condition, kind, before, after in _turned(unscored.condition, way, unscored.text):
            words = (*ruleset.unscored[:position], replace(unscored, condition=condition), *ruleset.unscored[position + 1 :])
            yield Mutant(_with(ruleset, unscored=words), kind, "", unscored.place, before, after)
    for position, veto in enumerate(ruleset.vetoes):
        for condition, kind, before, after in _turned(veto.condition, way, veto.text):
            vetoes = (*ruleset.vetoes[:position], replace(veto, condition=condition), *ruleset.vetoes[position + 1 :])
            yield Mutant(_with(ruleset, vetoes=vetoes), kind, veto.code, veto.place, before, after)
        for moved in way.moved(veto.score, "") if veto.effect == "score" and veto.score is not None else ():
            vetoes = (*ruleset.vetoes[:position], replace(veto, score=moved), *ruleset.vetoes[position + 1 :])
            yield Mutant(_with(ruleset, vetoes=vetoes), "constant", veto.code, veto.place, exact_text(veto.score or 0), exact_text(moved))

    limit = ruleset.left_out_limit
    for moved in way.moved(limit, _PERCENT) if limit is not None else ():
        before, after = percent_text(limit or 0), percent_text(moved)
        yield Mutant(_with(ruleset, left_out_limit=moved), "policy", "", Place(1, 0, 1), f"{word('LEFT_OUT_LIMIT', ruleset.language)} {before}", after)


def _of_grades(ruleset: Ruleset, way: _Way) -> Iterator[Mutant]:
    """Changes to the limits of grades and to what grades ask for besides."""
    for position, scale in enumerate(ruleset.scales):

        def made(changed: GradeScale, kind: str, about: GradeBand | Gate, before: str, after: str, at: int = position) -> Mutant:
            scales = (*ruleset.scales[:at], changed, *ruleset.scales[at + 1 :])
            return Mutant(_with(ruleset, scales=scales), kind, about.grade, about.place, before, after)

        for index, (upper, lower) in enumerate(pairwise(scale.bands)):
            for changed_upper, changed_lower, before, after in _edges(upper.interval, lower.interval, way, percent=scale.basis == "rate"):
                bands = list(scale.bands)
                bands[index], bands[index + 1] = replace(upper, interval=changed_upper), replace(lower, interval=changed_lower)
                yield made(replace(scale, bands=tuple(bands)), "threshold", upper, before, after)
        for index, gate in enumerate(scale.gates):
            for condition, kind, before, after in _changes(gate.condition, way):
                gates = (*scale.gates[:index], replace(gate, condition=condition), *scale.gates[index + 1 :])
                yield made(replace(scale, gates=gates), kind, gate, before, after)


# ---- changes to one expression -------------------------------------------------------------


_Change = tuple[Any, str, str, str]
#: How a percentage is written, where only that it is one matters.
_PERCENT = "%"


def _turned(condition: Expression, way: _Way, text: str = "") -> Iterator[_Change]:
    """A condition turned round, and with each one small change."""
    if not way.numbers_only:
        shown = text or way.shown(condition)
        yield Logic("not", (condition,)), "condition", shown, f"¬ {shown}"
    yield from _changes(condition, way)


def _changes(node: Expression, way: _Way) -> Iterator[_Change]:
    """The expression with each one small change: itself, its kind, what stood there and what stands there now."""
    match node:
        case Literal(value, text) if isinstance(value, (int, Fraction)) and not isinstance(value, bool) and text:
            for moved in way.moved(value, text):
                yield Literal(moved, ""), "constant", text, _like(text, moved, way.language)
            return
        case Bands(_, bands):
            yield from _band_changes(node, bands, way)
        case Interpolate(_, anchors):
            for i, (x, y) in enumerate(anchors):
                for moved in way.moved(y, "") if way.numbers_only else (y - Fraction(1, 10) if y > 0 else y + Fraction(1, 10),):
                    yield replace(node, anchors=(*anchors[:i], (x, moved), *anchors[i + 1 :])), "constant", exact_text(y), exact_text(moved)
        case Lookup(table, _, entries):
            for i, (keys, y) in enumerate(entries):
                for moved in way.moved(y, ""):
                    named = f"{table}（{'、'.join(map(str, keys))}）"
                    changed = (*entries[:i], (keys, moved), *entries[i + 1 :])
                    yield replace(node, entries=changed), "constant", f"{named} {exact_text(y)}", exact_text(moved)
        case Aggregate(_, _, each, where):
            parts = {"each": each, "where": where}
            for name, part in parts.items():
                for other, what, before, after in _changes(part, way) if part is not None else ():
                    yield replace(node, **{name: other}), what, before, after
    if not way.numbers_only:
        yield from _other_operations(node, way)
    for f in fields(node) if not isinstance(node, Aggregate) else ():
        for changed, kind, before, after in _part_changes(getattr(node, f.name), way):
            yield replace(node, **{f.name: changed}), kind, before, after


def _other_operations(node: Expression, way: _Way) -> Iterator[_Change]:
    """The same operands put together another way."""
    match node:
        case Compare(operator, left, right):
            yield Compare(_OTHER[operator], left, right), "condition", way.shown(node), f"{_OTHER[operator]}"  # type: ignore[arg-type]
        case Logic("and", operands):
            yield Logic("or", operands), "condition", way.shown(node), "or"
        case Logic("or", operands):
            yield Logic("and", operands), "condition", way.shown(node), "and"
        case Aggregate(summary, _, _, where):
            if summary in _OTHER_SUMMARY:
                yield replace(node, kind=_OTHER_SUMMARY[summary]), "aggregate", way.shown(node), _OTHER_SUMMARY[summary]  # type: ignore[arg-type]
            if where is not None:
                yield replace(node, where=None), "aggregate", way.shown(node), f"{summary} –"
                yield replace(node, where=Logic("not", (where,))), "aggregate", way.shown(node), "¬"
        case Round(value, places, mode):
            yield Round(value, places, _OTHER_MODE[mode]), "rounding", way.shown(node), _OTHER_MODE[mode]  # type: ignore[arg-type]


def _part_changes(part: Any, way: _Way) -> Iterator[_Change]:
    if isinstance(part, tuple):
        for i, inner in enumerate(part):
            for changed, kind, before, after in _part_changes(inner, way):
                yield (*part[:i], changed, *part[i + 1 :]), kind, before, after
    elif isinstance(part, Band):
        for changed, kind, before, after in _changes(part.result, way):
            yield replace(part, result=changed), kind, before, after
    elif is_dataclass(part) and type(part) in OPERATIONS:
        yield from _changes(part, way)  # type: ignore[arg-type]


def _band_changes(node: Bands, bands: tuple[Band, ...], way: _Way) -> Iterator[_Change]:
    """Each limit between two bands moved, and given to the other band."""
    for i, upper in enumerate(bands):
        for j, lower in enumerate(bands):
            if upper.interval.low is None or lower.interval.high != upper.interval.low or i == j:
                continue
            percent = any(sign in upper.label + lower.label for sign in "%％")
            for changed_upper, changed_lower, before, after in _edges(upper.interval, lower.interval, way, percent=percent):
                changed = list(bands)
                changed[i], changed[j] = replace(upper, interval=changed_upper), replace(lower, interval=changed_lower)
                yield replace(node, bands=tuple(changed)), "threshold", before, after


def _edges(upper: Interval, lower: Interval, way: _Way, *, percent: bool) -> Iterator[tuple[Interval, Interval, str, str]]:
    """The limit between two intervals moved to either side within them, and given to the other side."""
    limit = upper.low
    if limit is None:
        return
    shown = percent_text if percent else exact_text
    written = _PERCENT if percent else ""
    for moved in way.moved(limit, written) if way.numbers_only else (limit + _little(limit, written), limit - _little(limit, written)):
        if (upper.high is None or moved < upper.high) and (lower.low is None or moved > lower.low):
            yield replace(upper, low=moved), replace(lower, high=moved), shown(limit), shown(moved)
    if not way.numbers_only:
        sides = replace(upper, low_included=not upper.low_included), replace(lower, high_included=not lower.high_included)
        yield (*sides, f"≥ {shown(limit)}" if upper.low_included else f"> {shown(limit)}", "≠")


def _like(text: str, value: Exact, language: Language) -> str:
    """A number with the sign or the unit that another was written with."""
    unit = text.lstrip("-−+0123456789０１２３４５６７８９.．/")
    if unit.startswith(("%", "％")) or unit.endswith(("百分点", "percentage-point", "percentage-points")):
        return bare_number(value, text, language)
    return exact_text(value) + unit


def a_little(value: Exact, text: str) -> Iterator[Exact]:
    """A constant a little less, zero and less a little more."""
    yield simplest(value - _little(value, text) if value > 0 else value + _little(value, text))


A_LITTLE = Manner(a_little)


def _little(value: Exact, text: str) -> Exact:
    """How far a constant is moved: a percentage by one point, a whole number by one, one itself and others by a tenth."""
    size = distance(value, 0)
    if text.endswith(("%", "％", "百分点", "percentage-point")):
        return Fraction(1, 100) if size > Fraction(1, 100) or not size else divide(size, 2)
    return 1 if value.denominator == 1 and size != 1 else Fraction(1, 10)


# ---- changed rulesets -------------------------------------------------------------------------


def _with(ruleset: Ruleset, **changes: Any) -> Ruleset:
    return replace(ruleset, **changes)


def _with_indicator(ruleset: Ruleset, changed: Indicator) -> Ruleset:
    indicators = tuple(changed if i.code == changed.code else i for i in ruleset.indicators)
    adjustments = tuple(replace(a, indicator=changed) if a.indicator.code == changed.code else a for a in ruleset.adjustments)
    return replace(ruleset, indicators=indicators, adjustments=adjustments)


def _with_derived(ruleset: Ruleset, derived: Derived, expression: Expression) -> Ruleset:
    changed = replace(derived, expression=expression)
    return replace(ruleset, derived=tuple(changed if d is derived else d for d in ruleset.derived))
