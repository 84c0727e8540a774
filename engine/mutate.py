"""Small changes to a ruleset, and whether any case notices them.

A mutant is the checked ruleset with one constant moved a little, one limit turned from
included to excluded, one condition turned round, one indicator's points changed, one sum
or filter made another, one rounding or one policy changed; it is evaluated by the same
engine.  A case notices a mutant when one of its expectations
fails; a case to which the changed indicator comes out the same is not evaluated again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any

from ..dsl.diagnostics import Place
from ..dsl.formula import show
from ..dsl.frozen import frozen
from ..dsl.model import (
    Adjustment,
    Aggregate,
    Arithmetic,
    Band,
    Bands,
    Compare,
    Derived,
    Expression,
    Indicator,
    Interpolate,
    Interval,
    Literal,
    Logic,
    NotApplicablePolicy,
    Round,
    Rounding,
    Ruleset,
    Step,
)
from ..dsl.numbers import Exact, distance, divide, exact_text, simplest
from ..dsl.operations import OPERATIONS
from .candidates import GeneratedCase, apply, close_calls, concerned
from .cases import Expected, differs, observed
from .coverage import OF_THE_HOUSE
from .evaluate import evaluate
from .leaf import evaluate_leaf
from .program import program_of
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
class Judged:
    """A case as mutants are held against it: its result under the ruleset itself, and what it expects."""

    result: Result
    expected: Expected


def unnoticed(mutant: Mutant, cases: Sequence[Judged]) -> bool:
    """Whether no case notices the change."""
    for case in cases:
        if mutant.leaf is not None and _same_leaf(mutant, mutant.leaf, case.result):
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


def _same_leaf(mutant: Mutant, code: str, result: Result) -> bool:
    """Whether the changed indicator comes out as before for one unit."""
    before = result.indicators[code]
    if before.state not in ("scored", "undecided") and code in result.unit.not_applicable:
        return True
    program = program_of(mutant.ruleset)
    leaf = program.leaves[mutant.ruleset.by_code[code].key]
    after, _ = evaluate_leaf(program, leaf, dict(result.values), before.evidence)
    return (after.state, after.score, after.bounds, after.guard, after.reason) == (
        before.state, before.score, before.bounds, before.guard, before.reason,
    )  # fmt: skip


def mutants(ruleset: Ruleset) -> Iterator[Mutant]:
    """Every small change, in written order within each kind of statement."""
    for derived in ruleset.derived:
        for changed, kind, before, after in _changes(derived.expression, ruleset):
            yield Mutant(_with_derived(ruleset, derived, changed), kind, derived.name, derived.place, before, after)
    adjusting = {a.indicator.code for a in ruleset.adjustments}
    for indicator in ruleset.by_code.values():
        if not indicator.children:
            yield from _of_leaf(ruleset, indicator, adjusted=indicator.code in adjusting)
    for indicator in ruleset.by_code.values():
        yield from _of_any(ruleset, indicator)
    for adjustment in ruleset.adjustments:
        yield from _of_adjustment(ruleset, adjustment)
    yield from _of_roundings(ruleset)
    yield from _of_outcomes(ruleset)


def _of_any(ruleset: Ruleset, indicator: Indicator) -> Iterator[Mutant]:
    """Changes to what any indicator may have: when it applies, what becomes of it, how it is made of its children."""

    def made(changed: Indicator, kind: str, before: str, after: str) -> Mutant:
        return Mutant(_with_indicator(ruleset, changed), kind, indicator.code, indicator.place, before, after)

    if indicator.applies_if is not None:
        text = show(indicator.applies_if, lambda key: key.partition(".")[2] or key, ruleset.language)
        yield made(replace(indicator, applies_if=Logic("not", (indicator.applies_if,))), "applicability", text, f"¬ {text}")
        for condition, _, before, after in _changes(indicator.applies_if, ruleset):
            yield made(replace(indicator, applies_if=condition), "applicability", before, after)
    policy = indicator.not_applicable
    if policy is not None:
        other = NotApplicablePolicy(_OTHER_POLICY[policy.kind], policy.scope)  # type: ignore[arg-type]
        yield made(replace(indicator, not_applicable=other), "policy", policy.kind, other.kind)
    if len(indicator.children) > 1:
        how = _OTHER_COMBINE[indicator.combine]
        yield made(replace(indicator, combine=how), "combination", indicator.combine, how)  # type: ignore[arg-type]
    for name, limit in (("ceiling", indicator.ceiling), ("floor", indicator.floor)) if indicator.children else ():
        for changed, kind, before, after in _changes(limit, ruleset) if limit is not None else ():
            yield made(replace(indicator, **{name: changed}), kind, before, after)
        if limit is not None:
            yield made(replace(indicator, **{name: None}), "condition", name, "–")  # type: ignore[arg-type]


def _of_adjustment(ruleset: Ruleset, adjustment: Adjustment) -> Iterator[Mutant]:
    """Changes to a bonus or an extra deduction: its condition, whether it counts."""
    one = adjustment.indicator

    def made(changed: Adjustment, before: str, after: str) -> Mutant:
        adjustments = tuple(changed if a is adjustment else a for a in ruleset.adjustments)
        return Mutant(_with(ruleset, adjustments=adjustments), "bonus", one.code, one.place, before, after)

    if adjustment.only_if is not None:
        text = show(adjustment.only_if, lambda key: key.partition(".")[2] or key, ruleset.language)
        yield made(replace(adjustment, only_if=Logic("not", (adjustment.only_if,))), text, f"¬ {text}")
        for condition, _, before, after in _changes(adjustment.only_if, ruleset):
            yield made(replace(adjustment, only_if=condition), before, after)
    if adjustment.kind == "bonus":
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


def _of_leaf(ruleset: Ruleset, indicator: Indicator, *, adjusted: bool) -> Iterator[Mutant]:
    code, place = indicator.code, indicator.place

    def made(changed: Indicator, kind: str, before: str, after: str, at: Place = place) -> Mutant:
        return Mutant(_with_indicator(ruleset, changed), kind, code, at, before, after, None if adjusted else code)

    for position, step in enumerate(indicator.steps):
        if step.name in OF_THE_HOUSE:
            continue
        for expression, kind, before, after in _changes(step.expression, ruleset):
            steps = (*indicator.steps[:position], replace(step, expression=expression), *indicator.steps[position + 1 :])
            yield made(replace(indicator, steps=steps), kind, before, after)
    for position, guard in enumerate(indicator.guards):
        if guard.outcome == "notice":
            continue
        for expression, kind, before, after in _changes(guard.condition, ruleset):
            guards = (*indicator.guards[:position], replace(guard, condition=expression), *indicator.guards[position + 1 :])
            yield made(replace(indicator, guards=guards), kind, before, after, guard.place)
    if indicator.steps:
        last = indicator.steps[-1]
        more = simplest(divide(indicator.points - Fraction(1, 10), indicator.points))
        scaled = Arithmetic("*", last.expression, Literal(more, ""))
        steps = (*indicator.steps[:-1], Step(last.name, scaled, last.type, last.phrase, last.facts))
        yield made(replace(indicator, steps=steps), "weight", exact_text(indicator.points), exact_text(simplest(indicator.points - Fraction(1, 10))))


def _of_outcomes(ruleset: Ruleset) -> Iterator[Mutant]:
    """Changes to vetoes, grade bands, gates, reconciliations and words instead of a score."""
    for position, rule in enumerate(ruleset.reconciliations):
        changes = [(Logic("not", (rule.condition,)), "condition", rule.text, f"¬ {rule.text}"), *_changes(rule.condition, ruleset)]
        for condition, _, before, after in changes if rule.is_error else ():
            rules = (*ruleset.reconciliations[:position], replace(rule, condition=condition), *ruleset.reconciliations[position + 1 :])
            yield Mutant(_with(ruleset, reconciliations=rules), "reconciliation", "", rule.place, before, after)
    for position, word in enumerate(ruleset.unscored):
        for condition, kind, before, after in [(Logic("not", (word.condition,)), "condition", word.text, f"¬ {word.text}"), *_changes(word.condition, ruleset)]:
            words = (*ruleset.unscored[:position], replace(word, condition=condition), *ruleset.unscored[position + 1 :])
            yield Mutant(_with(ruleset, unscored=words), kind, "", word.place, before, after)
    for position, veto in enumerate(ruleset.vetoes):
        changes = [(Logic("not", (veto.condition,)), "condition", veto.text, f"¬ {veto.text}"), *_changes(veto.condition, ruleset)]
        for condition, kind, before, after in changes:
            vetoes = (*ruleset.vetoes[:position], replace(veto, condition=condition), *ruleset.vetoes[position + 1 :])
            yield Mutant(_with(ruleset, vetoes=vetoes), kind, veto.code, veto.place, before, after)
    for position, scale in enumerate(ruleset.scales):
        for index, (upper, lower) in enumerate(zip(scale.bands, scale.bands[1:], strict=False)):
            for changed_upper, changed_lower, before, after in _edges(upper.interval, lower.interval):
                bands = list(scale.bands)
                bands[index], bands[index + 1] = replace(upper, interval=changed_upper), replace(lower, interval=changed_lower)
                scales = (*ruleset.scales[:position], replace(scale, bands=tuple(bands)), *ruleset.scales[position + 1 :])
                yield Mutant(_with(ruleset, scales=scales), "threshold", upper.grade, upper.place, before, after)
        for index, gate in enumerate(scale.gates):
            for condition, kind, before, after in _changes(gate.condition, ruleset):
                gates = (*scale.gates[:index], replace(gate, condition=condition), *scale.gates[index + 1 :])
                scales = (*ruleset.scales[:position], replace(scale, gates=gates), *ruleset.scales[position + 1 :])
                yield Mutant(_with(ruleset, scales=scales), kind, gate.grade, gate.place, before, after)


# ---- changes to one expression -------------------------------------------------------------


_Change = tuple[Any, str, str, str]


def _changes(node: Expression, ruleset: Ruleset) -> Iterator[_Change]:
    """The expression with each one small change: itself, its kind, what stood there and what stands there now."""

    def shown(part: Expression) -> str:
        return show(part, lambda key: key.partition(".")[2] or key, ruleset.language)

    match node:
        case Literal(value, text) if isinstance(value, (int, Fraction)) and not isinstance(value, bool) and text:
            moved = simplest(value - _little(value, text) if value > 0 else value + _little(value, text))
            yield Literal(moved, ""), "constant", text, exact_text(moved)
            return
        case Compare(operator, left, right):
            yield Compare(_OTHER[operator], left, right), "condition", shown(node), f"{_OTHER[operator]}"  # type: ignore[arg-type]
        case Logic("and", operands):
            yield Logic("or", operands), "condition", shown(node), "or"
        case Logic("or", operands):
            yield Logic("and", operands), "condition", shown(node), "and"
        case Bands(_, bands):
            yield from _band_changes(node, bands)
        case Interpolate(_, anchors):
            for i, (x, y) in enumerate(anchors):
                moved_anchor = (x, y - Fraction(1, 10) if y > 0 else y + Fraction(1, 10))
                yield replace(node, anchors=(*anchors[:i], moved_anchor, *anchors[i + 1 :])), "constant", exact_text(y), exact_text(moved_anchor[1])
        case Aggregate(summary, _, each, where):
            yield from _aggregate_changes(node, summary, where, ruleset, shown(node))
            parts = {"each": each, "where": where}
            for name, part in parts.items():
                for changed, what, before, after in _changes(part, ruleset) if part is not None else ():
                    yield replace(node, **{name: changed}), what, before, after
            return
        case Round(value, places, mode):
            other = _OTHER_MODE[mode]
            yield Round(value, places, other), "rounding", shown(node), other  # type: ignore[arg-type]
    for f in fields(node):
        part = getattr(node, f.name)
        for changed, kind, before, after in _part_changes(part, ruleset):
            yield replace(node, **{f.name: changed}), kind, before, after


def _aggregate_changes(node: Aggregate, summary: str, where: Expression | None, ruleset: Ruleset, text: str) -> Iterator[_Change]:
    """Another summary of the same records, all of them instead of those that fit, the others instead of those."""
    if summary in _OTHER_SUMMARY:
        yield replace(node, kind=_OTHER_SUMMARY[summary]), "aggregate", text, _OTHER_SUMMARY[summary]  # type: ignore[arg-type]
    if where is not None:
        yield replace(node, where=None), "aggregate", text, f"{summary} –"
        yield replace(node, where=Logic("not", (where,))), "aggregate", text, "¬"


def _part_changes(part: Any, ruleset: Ruleset) -> Iterator[_Change]:
    if isinstance(part, tuple):
        for i, inner in enumerate(part):
            for changed, kind, before, after in _part_changes(inner, ruleset):
                yield (*part[:i], changed, *part[i + 1 :]), kind, before, after
    elif isinstance(part, Band):
        for changed, kind, before, after in _changes(part.result, ruleset):
            yield replace(part, result=changed), kind, before, after
    elif is_dataclass(part) and type(part) in OPERATIONS:
        yield from _changes(part, ruleset)  # type: ignore[arg-type]


def _band_changes(node: Bands, bands: tuple[Band, ...]) -> Iterator[_Change]:
    """Each limit between two bands moved up, and given to the other band."""
    for i, upper in enumerate(bands):
        for j, lower in enumerate(bands):
            if upper.interval.low is None or lower.interval.high != upper.interval.low or i == j:
                continue
            for changed_upper, changed_lower, before, after in _edges(upper.interval, lower.interval):
                changed = list(bands)
                changed[i], changed[j] = replace(upper, interval=changed_upper), replace(lower, interval=changed_lower)
                yield replace(node, bands=tuple(changed)), "threshold", before, after


def _edges(upper: Interval, lower: Interval) -> Iterator[tuple[Interval, Interval, str, str]]:
    """The limit between two intervals moved up, moved down, and given to the other side."""
    limit = upper.low
    if limit is None:
        return
    little = _little(limit, "%" if distance(limit, 0) <= 2 else "")
    for moved in (limit + little, limit - little):
        yield replace(upper, low=moved), replace(lower, high=moved), exact_text(limit), exact_text(moved)
    sides = replace(upper, low_included=not upper.low_included), replace(lower, high_included=not lower.high_included)
    yield (*sides, f"≥ {exact_text(limit)}" if upper.low_included else f"> {exact_text(limit)}", "≠")


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
