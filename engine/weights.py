"""A ruleset with other weights: the points of some indicators moved, and who makes up for it.

Nothing is rescaled silently.  The points moved must come to nothing among indicators with
one parent, or their siblings make up for it in proportion, if that is asked for.  All that
lies below an indicator keeps its share of it.  A standard is still worked out in the points
it is written in, and so is every rule that names a score in points; only what it adds to
the indicator above is multiplied, before it is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.model import (
    Adjustment,
    Arithmetic,
    DataItem,
    DatedPeriod,
    Expression,
    Extremum,
    Indicator,
    Literal,
    Ref,
    Ruleset,
    Step,
    Type,
)
from ..dsl.numbers import Exact, divide, exact_text, simplest
from ..dsl.substitute import references, substituted_once


@frozen
class Weight:
    """An indicator's points before and after; ``named`` where the move was asked for, else it makes up for others."""

    code: str
    before: Exact
    after: Exact
    named: bool


@frozen
class Reweighted:
    """A ruleset with other weights.

    ``weights`` are the indicators whose points were moved; those below them moved in
    proportion.  ``in_points`` are the codes whose scores some rule names in points.
    """

    ruleset: Ruleset
    weights: tuple[Weight, ...]
    in_points: tuple[str, ...]


class WrongShift(Exception):
    """Weights cannot be moved so: ``kind`` says why.

    ``unknown`` (no such indicator), ``nested`` (``code`` lies below ``other``), ``unbalanced`` (the children of
    ``other``, or its part of the whole, would miss ``amount``), ``negative`` (``code`` would have ``amount`` points).
    """

    def __init__(self, kind: str, code: str = "", other: str = "", amount: Exact = 0) -> None:
        super().__init__(kind, code, other, amount)
        self.kind, self.code, self.other, self.amount = kind, code, other, amount


def reweighted(ruleset: Ruleset, shifts: Mapping[str, Exact], *, in_proportion: bool = False) -> Reweighted:
    """``ruleset`` with the points of the codes in ``shifts`` moved by so much; siblings make up
    for it ``in_proportion`` to their points.  Raises `WrongShift`."""
    weights = _weights(ruleset, shifts, in_proportion=in_proportion)
    factors = {w.code: divide(w.after, w.before) for w in weights}
    for indicator in ruleset.indicators:  # parents stand before their children
        if indicator.parent is not None and indicator.parent in factors:
            factors.setdefault(indicator.code, factors[indicator.parent])
    scores: dict[str, Expression] = {f"score.{c}": Arithmetic("/", Ref(f"score.{c}"), Literal(f, exact_text(f))) for c, f in factors.items() if f != 1}
    changed = _everywhere(ruleset, scores)
    indicators = tuple(_scaled(i, factors.get(i.code, 1)) for i in changed.indicators)
    adjustments = tuple(replace(a, indicator=_scaled(a.indicator, factors.get(a.indicator.code, 1))) for a in changed.adjustments)
    named = {k.removeprefix("score.") for e in _conditions(ruleset) for k in references(e) if k in scores}
    return Reweighted(replace(changed, indicators=indicators, adjustments=adjustments), weights, tuple(c for c in ruleset.by_code if c in named))


def single_moves(ruleset: Ruleset, share: Exact) -> Iterator[tuple[Indicator, Exact]]:
    """Every weight that siblings can make up for, moved up and down by a share of itself."""
    for indicator in ruleset.indicators:
        if _siblings(ruleset, indicator.code):
            yield from ((indicator, simplest(sign * indicator.points * share)) for sign in (-1, 1))


def _weights(ruleset: Ruleset, shifts: Mapping[str, Exact], *, in_proportion: bool) -> tuple[Weight, ...]:
    found: dict[str, Weight] = {}
    for code, shift in shifts.items():
        indicator = ruleset.by_code.get(code)
        if indicator is None:
            raise WrongShift("unknown", code)
        above = next((c for c in _above(ruleset, indicator) if c in shifts), None)
        if above is not None:
            raise WrongShift("nested", code, above)
        found[code] = Weight(code, indicator.points, simplest(indicator.points + shift), named=True)
    tree = {i.code for i in ruleset.indicators}
    for code in [c for c in shifts if c in tree]:
        together = [code, *_siblings(ruleset, code)]
        missing = simplest(sum((shifts.get(c, 0) for c in together), 0))
        others = [c for c in together if c not in shifts]
        if missing and (not in_proportion or not others):
            raise WrongShift("unbalanced", code, ruleset.by_code[code].parent or "", missing)
        available = simplest(sum((ruleset.by_code[c].points for c in others), 0))
        for other in others if missing else ():
            points = ruleset.by_code[other].points
            found[other] = Weight(other, points, simplest(points - divide(missing * points, available)), named=False)
    for weight in found.values():
        if weight.after <= 0:
            raise WrongShift("negative", weight.code, "", weight.after)
    return tuple(found[c] for c in ruleset.by_code if c in found)


def _above(ruleset: Ruleset, indicator: Indicator) -> Iterator[str]:
    parent = indicator.parent
    while parent is not None:
        yield parent
        parent = ruleset.by_code[parent].parent


def _siblings(ruleset: Ruleset, code: str) -> list[str]:
    """Those that points can be taken from: with the same parent; at the top, of the same part."""
    one = ruleset.by_code[code]
    return [i.code for i in ruleset.indicators if i.code != code and i.parent == one.parent and i.individual == one.individual]


# ---- the rules themselves ------------------------------------------------------------------


def _times(expression: Expression, factor: Exact) -> Expression:
    if isinstance(expression, Literal) and isinstance(expression.value, (int, Fraction)) and not isinstance(expression.value, bool):
        value = simplest(expression.value * factor)
        return Literal(value, exact_text(value))
    return Arithmetic("*", expression, Literal(factor, exact_text(factor)))


def _scaled(indicator: Indicator, factor: Exact) -> Indicator:
    """An indicator worth so many times its points."""
    if factor == 1:
        return indicator
    limits: dict[str, Any] = {name: None if e is None else _times(e, factor) for name, e in (("ceiling", indicator.ceiling), ("floor", indicator.floor))}
    steps = tuple(replace(s, expression=_scaled_step(s, indicator, factor)) for s in indicator.steps)
    points, lowest = simplest(indicator.points * factor), simplest(indicator.lowest * factor)
    return replace(indicator, points=points, lowest=lowest, steps=steps, **limits)


def _scaled_step(step: Step, indicator: Indicator, factor: Exact) -> Expression:
    """A step of a standard: what it comes to and what it is held to are multiplied, once each.

    The steps are those that `dsl.check.standards` puts at the end of every standard.
    """

    def held(expression: Expression) -> Expression:
        match expression:
            case Ref(key) if key.startswith(("step.", "evidence.")):
                return expression
            case Extremum(kind, operands):
                return Extremum(kind, tuple(held(o) for o in operands))
        return _times(expression, factor)

    match step.name, step.expression:
        case "raw", expression:
            return _times(expression, factor)
        case "difficulty", Arithmetic("*", base, share):
            return Arithmetic("*", held(base), share)
        case "held", expression:
            return held(expression)
        case "ceiling" | "floor", Extremum(kind, (limit, Extremum(inner, (at, own)))):
            return Extremum(kind, (_times(limit, factor), Extremum(inner, (at, _times(own, factor)))))
    return step.expression


def _everywhere(ruleset: Ruleset, scores: Mapping[str, Expression]) -> Ruleset:
    """Every rule sees the scores in ``scores`` in the points they are written in."""

    def of(part: Any) -> Any:
        return substituted_once(part, scores)

    def indicator(one: Indicator) -> Indicator:
        guards = tuple(replace(g, condition=of(g.condition)) for g in one.guards)
        steps = tuple(replace(s, expression=of(s.expression)) for s in one.steps)
        limits: dict[str, Any] = {n: None if e is None else of(e) for n in ("applies_if", "ceiling", "floor") for e in (getattr(one, n),)}
        return replace(one, guards=guards, steps=steps, **limits)

    def adjustment(one: Adjustment) -> Adjustment:
        return replace(one, indicator=indicator(one.indicator), only_if=None if one.only_if is None else of(one.only_if))

    scales = tuple(replace(s, gates=tuple(replace(g, condition=of(g.condition)) for g in s.gates)) for s in ruleset.scales)
    return replace(
        ruleset, scales=scales,
        indicators=tuple(indicator(i) for i in ruleset.indicators), adjustments=tuple(adjustment(a) for a in ruleset.adjustments),
        derived=tuple(replace(d, expression=of(d.expression)) for d in ruleset.derived),
        vetoes=tuple(replace(v, condition=of(v.condition)) for v in ruleset.vetoes),
        unscored=tuple(replace(u, condition=of(u.condition)) for u in ruleset.unscored),
        reconciliations=tuple(replace(r, condition=of(r.condition)) for r in ruleset.reconciliations),
    )  # fmt: skip


def _conditions(ruleset: Ruleset) -> Iterator[Expression]:
    """Every expression of a ruleset in which a score may be named."""
    for indicator in ruleset.by_code.values():
        yield from (g.condition for g in indicator.guards)
        yield from (s.expression for s in indicator.steps)
        yield from (e for e in (indicator.applies_if, indicator.ceiling, indicator.floor) if e is not None)
    yield from (a.only_if for a in ruleset.adjustments if a.only_if is not None)
    yield from (d.expression for d in ruleset.derived)
    yield from (g.condition for s in ruleset.scales for g in s.gates)
    for conditions in (ruleset.vetoes, ruleset.unscored, ruleset.reconciliations):
        yield from (c.condition for c in conditions)


# ---- a ruleset of which only the scores at level 1 are known ---------------------------------------


def top_alone(ruleset: Ruleset) -> tuple[Ruleset, tuple[str, ...]]:
    """``ruleset`` with the score of each level-1 indicator as a data item of its code, and what cannot be
    judged from these: vetoes, bonuses, extra deductions, gates and words instead of a score."""
    known = {f"{kind}.{r.code}" for r in ruleset.roots for kind in ("score", "rate")}
    roots = tuple(_given(r) for r in ruleset.roots)
    left = [*(f"{v.code} {v.name}" for v in ruleset.vetoes), *(f"{a.indicator.code} {a.indicator.name}" for a in ruleset.adjustments)]
    left += [u.text for u in ruleset.unscored]
    scales = []
    for scale in ruleset.scales:
        gates = tuple(g for g in scale.gates if set(references(g.condition)) <= known)
        left += [g.text for g in scale.gates if g not in gates]
        scales.append(replace(scale, gates=gates))
    data = tuple(DataItem(r.code, Type("number"), r.place, 0, r.points) for r in ruleset.roots)
    codes = {r.code for r in ruleset.roots}
    subtotals = tuple(s for s in ruleset.subtotals if set(s.codes) <= codes)
    kept = {None, *(s.name for s in subtotals)}
    alone = replace(
        ruleset, indicators=roots, data=data, scales=tuple(s for s in scales if s.name in kept), subtotals=subtotals, adjustments=(), vetoes=(),
        unscored=(), reconciliations=(), derived=(), parameters=(), order=tuple(r.key for r in roots), effective=DatedPeriod(), awaited=0,
    )  # fmt: skip
    return alone, tuple(left)


def _given(root: Indicator) -> Indicator:
    """A level-1 indicator whose score is a data item."""
    points = Type("number")
    steps: Sequence[Step] = (
        Step("raw", Ref(f"data.{root.code}"), points),
        Step("held", Extremum("min", (Literal(root.points, exact_text(root.points)), Ref("step.raw"))), points),
    )
    return replace(
        root, children=(), combine="sum", ceiling=None, floor=None, applies_if=None, rounding=None, steps=tuple(steps), inputs=(f"data.{root.code}",)
    )
