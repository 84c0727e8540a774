"""Parents, the total and the grade as constraints: the same order of operations as the engine's.

A node has shapes: for each way in which indicators below it may be out of force, whether
it is scored, its points in force and the points removed for a wider scope, all plain
numbers, and a score that is linear in the scores below.  Shapes that come to the same
are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import prod

from ...dsl.frozen import frozen
from ...dsl.model import GradeScale, Indicator, NotApplicablePolicy, Rounding
from ...dsl.numbers import Exact, divide, round_to
from .encoding import Encoding
from .terms import (
    Term,
    Unsolvable,
    add,
    both,
    compare,
    either,
    greatest,
    is_known,
    least,
    minus,
    no,
    pick,
    rounded,
    times,
    total,
)

#: As many ways in which indicators can be out of force are told apart at one node.
_MOST_SHAPES = 64


@frozen
class Shape:
    """One way for a node to be: when, in which state, with what points, what is removed, what score."""

    when: Term
    state: str
    points: Exact
    removed: tuple[tuple[str, Exact], ...]
    score: Term
    declared: Exact
    policy: NotApplicablePolicy | None = None


def score_of(shapes: Sequence[Shape]) -> tuple[Term, Term]:
    """The score of a node, and whether it is scored."""
    found: Term = 0
    for shape in reversed([s for s in shapes if s.state == "scored"]):
        found = shape.score if found == 0 and is_known(found) else pick(shape.when, shape.score, found)
    return found, either(*(s.when for s in shapes if s.state == "scored"))


def rate_of(shapes: Sequence[Shape]) -> Term:
    """The score over the points in force."""
    found: Term = 0
    for shape in reversed([s for s in shapes if s.state == "scored" and s.points]):
        found = pick(shape.when, times(shape.score, Fraction(1) / shape.points), found)
    return found


def leaf_shapes(encoding: Encoding, indicator: Indicator) -> list[Shape]:
    leaf = encoding.leaf(indicator.code)
    found = [Shape(leaf.scored, "scored", indicator.points, (), leaf.score(), indicator.points)]
    if leaf.out is not False and indicator.not_applicable is not None:
        found.append(Shape(leaf.out, "out", 0, (), 0, indicator.points, indicator.not_applicable))
    if leaf.excluded is not False:
        found.append(Shape(leaf.excluded, "excluded", 0, (), 0, indicator.points))
    return found


def parent_shapes(encoding: Encoding, indicator: Indicator) -> list[Shape]:
    """The shapes of an indicator.  Raises `Unsolvable` where there are too many."""
    if not indicator.children:
        return leaf_shapes(encoding, indicator)
    known = encoding.shapes.get(indicator.code)
    if known is None:
        children = [parent_shapes(encoding, encoding.ruleset.by_code[c]) for c in indicator.children]
        known = encoding.shapes[indicator.code] = _merged([_parent(encoding, indicator, combination) for combination in _ways(children)])
    return known


def _ways(children: Sequence[Sequence[Shape]]) -> Iterable[tuple[Shape, ...]]:
    if prod(map(len, children)) > _MOST_SHAPES:
        raise Unsolvable("…")
    return product(*children)


def _merged(shapes: Iterable[Shape]) -> list[Shape]:
    """Shapes that come to the same made one."""
    found: dict[tuple[object, ...], Shape] = {}
    for shape in shapes:
        if shape.when is False:
            continue
        key = (shape.state, shape.points, shape.removed)
        other = found.get(key)
        if other is None:
            found[key] = shape
        else:
            score = pick(shape.when, shape.score, other.score)
            found[key] = Shape(either(other.when, shape.when), shape.state, shape.points, shape.removed, score, shape.declared)
    return list(found.values())


def _rounded(term: Term, rounding: Rounding | None) -> Term:
    if rounding is None:
        return term
    return round_to(term, rounding.places, rounding.mode) if is_known(term) else rounded(term, rounding.places, rounding.mode)


def _parent(encoding: Encoding, indicator: Indicator, children: Sequence[Shape]) -> Shape:
    """A parent for one way its children can be; `combine.parent_record` is the model."""
    ruleset = encoding.ruleset
    when = both(*(c.when for c in children))
    combined = _combined(indicator, children, ruleset.all_out)
    if combined.excluded:
        return Shape(when, "excluded", 0, (), 0, indicator.points)
    score, points, removed, out = combined.score, combined.points, combined.removed, combined.out
    if indicator.level == 1 and removed and not out:
        score, points, removed = _make_up(score, points, removed, "level1", ruleset.all_out)
    if out or (indicator.level == 1 and "level1" in removed):
        return Shape(when, "out", 0, tuple(sorted(removed.items())), 0, indicator.points)
    for adjustment in ruleset.adjustments:
        if adjustment.taken_from == indicator.code:
            score = greatest([0, minus(score, amount(encoding, adjustment.indicator.code))])
    for limit, choose in ((indicator.ceiling, least), (indicator.floor, greatest)):
        if limit is not None:
            reader = encoding.reader
            encoding.assumed.append(no(reader.trouble(limit, "fail")))
            limited = choose([score, reader.term(limit)])
            score = pick(reader.trouble(limit, "out"), score, limited)
    return Shape(when, "scored", points, tuple(sorted(removed.items())), _rounded(score, indicator.rounding), indicator.points)


@dataclass(slots=True)
class _Combined:
    score: Term
    points: Exact
    removed: dict[str, Exact] = field(default_factory=dict)
    out: bool = False
    excluded: bool = False


def _combined(indicator: Indicator, children: Sequence[Shape], all_out: str | None) -> _Combined:
    """Children added up, those out of force dealt with by their policies; `combine.combine` is the model."""
    parts: list[tuple[Term, Exact]] = []
    spread: Exact = 0
    here: Exact = 0
    wider: dict[str, Exact] = {}
    for child in children:
        if child.state == "excluded":
            continue
        for scope, taken in child.removed:
            wider[scope] = wider.get(scope, 0) + taken
        if child.state == "scored":
            parts.append((child.score, child.points))
            continue
        kind = child.policy.kind if child.policy is not None else "rescale"
        scope = child.policy.scope if child.policy is not None else "parent"
        if kind == "mean":
            raise Unsolvable("mean")
        if kind in ("full", "zero"):
            parts.append((child.declared if kind == "full" else 0, child.declared))
        elif kind == "spread":
            spread += child.declared
        elif scope == "parent":
            here += child.declared - sum((a for _, a in child.removed), 0)
        else:
            wider[scope] = wider.get(scope, 0) + child.declared
    if children and all(c.state == "excluded" for c in children):
        return _Combined(0, 0, excluded=True)
    if not parts or sum((p for _, p in parts), 0) == 0:
        return _nothing_left(indicator.points - sum(wider.values(), 0), wider, all_out)
    if spread:
        extra = divide(spread, len(parts))
        parts = [(times(s, divide(p + extra, p)), p + extra) for s, p in parts]
    in_force = sum((p for _, p in parts), 0)
    score = _sum(indicator.combine, in_force, parts)
    if here:
        score = times(score, divide(in_force + here, in_force))
    return _Combined(score, in_force + here, wider)


def _nothing_left(here: Exact, wider: dict[str, Exact], all_out: str | None) -> _Combined:
    if here == 0:
        return _Combined(0, 0, wider)
    if all_out in ("full", "zero"):
        return _Combined(here if all_out == "full" else 0, here, wider)
    return _Combined(0, 0, wider, True)


def _sum(how: str, points: Exact, parts: Sequence[tuple[Term, Exact]]) -> Term:
    if how == "sum":
        return total(s for s, _ in parts)
    rates = [times(s, divide(1, p)) for s, p in parts if p]
    return times(least(rates), points) if how == "lowest_rate" else times(total(rates), divide(points, len(rates)))


def _make_up(
    score: Term, points: Exact, removed: dict[str, Exact], scope: str, all_out: str | None
) -> tuple[Term, Exact, dict[str, Exact]]:
    """Points removed for a scope made up there; `combine.make_up` is the model."""
    taken = removed.get(scope, 0)
    rest = {s: a for s, a in removed.items() if s != scope}
    if not taken:
        return score, points, rest
    if points:
        return times(score, divide(points + taken, points)), points + taken, rest
    if all_out in ("full", "zero"):
        return (taken if all_out == "full" else 0), taken, rest
    return score, points, dict(removed)


def amount(encoding: Encoding, code: str) -> Term:
    """What a bonus adds or an extra deduction takes."""
    adjustment = next(a for a in encoding.ruleset.adjustments if a.indicator.code == code)
    leaf = encoding.leaf(code)
    applies = leaf.scored
    if adjustment.only_if is not None:
        applies = both(applies, encoding.condition(f"{code} {adjustment.kind}", adjustment.only_if))
    score = leaf.score() if adjustment.kind == "bonus" else minus(adjustment.indicator.points, leaf.score())
    return pick(applies, score, 0)


# ---- the total -------------------------------------------------------------------------------


@frozen
class Whole:
    """The total before and after vetoes, and whether anything is in force."""

    before: Term
    score: Term
    in_force: Term


def whole(encoding: Encoding) -> Whole:
    """The total; `evaluate._total` is the model.  Raises `Unsolvable`."""
    ruleset = encoding.ruleset
    roots = [parent_shapes(encoding, r) for r in ruleset.roots]
    shapes = []
    for way in _ways(roots):
        score, points = _total(encoding, way)
        shapes.append(Shape(both(*(s.when for s in way)), "scored" if points else "nothing", points, (), score, 0))
    before, in_force = score_of(_merged(shapes))
    for adjustment in ruleset.adjustments:
        if adjustment.kind == "bonus" and adjustment.inside_total:
            before = add(before, amount(encoding, adjustment.indicator.code))
        elif adjustment.kind == "extra" and adjustment.taken_from is None:
            before = greatest([0, minus(before, amount(encoding, adjustment.indicator.code))])
    before = _rounded(before, ruleset.roundings.get("total"))
    score = before
    for veto in ruleset.vetoes:
        if veto.effect == "score" and veto.score is not None:
            score = pick(veto_applies(encoding, veto.code), least([score, veto.score]), score)
    return Whole(before, score, both(in_force, no(_too_much_left_out(encoding))))


def _total(encoding: Encoding, roots: Sequence[Shape]) -> tuple[Term, Exact]:
    ruleset = encoding.ruleset
    individual = [s for s, r in zip(roots, ruleset.roots, strict=True) if r.individual]
    common = [s for s, r in zip(roots, ruleset.roots, strict=True) if not r.individual]
    score, points, removed = _add_up(common)
    score, points, removed = _make_up(score, points, removed, "common", ruleset.all_out)
    other, more, taken = _add_up(individual)
    removed = {s: removed.get(s, 0) + taken.get(s, 0) for s in {*removed, *taken}}
    out = sum((s.declared - sum((a for _, a in s.removed), 0) for s in roots if s.state == "out"), 0)
    removed["whole"] = removed.get("whole", 0) + out + removed.pop("level1", 0) + removed.pop("common", 0)
    score, points, _ = _make_up(add(score, other), points + more, removed, "whole", ruleset.all_out)
    return score, points


def _add_up(shapes: Sequence[Shape]) -> tuple[Term, Exact, dict[str, Exact]]:
    removed: dict[str, Exact] = {}
    for shape in shapes:
        for scope, taken in shape.removed:
            removed[scope] = removed.get(scope, 0) + taken
    scored = [s for s in shapes if s.state == "scored"]
    return total(s.score for s in scored), sum((s.points for s in scored), 0), removed


def _too_much_left_out(encoding: Encoding) -> Term:
    ruleset = encoding.ruleset
    left = [
        pick(leaf.out, indicator.points, 0)
        for indicator in ruleset.leaves
        if (leaf := encoding.leaf(indicator.code)).out is not False
        and indicator.not_applicable is not None
        and indicator.not_applicable.kind in ("rescale", "spread")
    ]
    limit = 1 if ruleset.left_out_limit is None else ruleset.left_out_limit
    return compare(total(left), ">", limit * ruleset.full_score)


def veto_applies(encoding: Encoding, code: str) -> Term:
    if code not in encoding.vetoes:
        veto = next(v for v in encoding.ruleset.vetoes if v.code == code)
        encoding.vetoes[code] = encoding.condition(code, veto.condition)
    return encoding.vetoes[code]


# ---- the grade ---------------------------------------------------------------------------------


def measured(scale: GradeScale, score: Term, full: Exact) -> Term:
    """The number that the bands look at."""
    value = score if scale.basis == "score" else times(score, divide(1, full))
    if not scale.rounded:
        return value
    return _rounded(value, Rounding(2 if scale.basis == "score" else 3, "half_up"))


def grades(encoding: Encoding, scale: GradeScale, score: Term, full: Exact, *, with_vetoes: bool = True) -> tuple[Term, ...]:
    """For each grade of a scale, whether it is the one; `grade.grade` is the model."""
    if scale.quotas:
        raise Unsolvable("quotas")
    value = measured(scale, score, full)
    last = len(scale.bands) - 1
    at: list[Term] = []
    for band in scale.bands:
        low, high = band.interval.low, band.interval.high
        above = True if low is None else compare(value, ">=" if band.interval.low_included else ">", low)
        below = True if high is None else compare(value, "<=" if band.interval.high_included else "<", high)
        at.append(both(no(either(*at)), above, below))
    nowhere = no(either(*at))
    positive = compare(value, ">", 0)
    at[0] = either(at[0], both(nowhere, positive))
    at[last] = either(at[last], both(nowhere, no(positive)))
    for i in range(last):
        gates = [g for g in scale.gates if g.grade == scale.grades[i]]
        opened = both(*(encoding.condition(f"{g.grade}: {g.text}", g.condition) for g in gates))
        at[i + 1] = either(at[i + 1], both(at[i], no(opened)))
        at[i] = both(at[i], opened)
    if with_vetoes:
        at = _after_vetoes(encoding, scale, at)
    return tuple(at)


def _after_vetoes(encoding: Encoding, scale: GradeScale, at: list[Term]) -> list[Term]:
    last = len(scale.bands) - 1
    for effect in ("cap", "down", "grade"):
        for veto in encoding.ruleset.vetoes:
            if veto.effect != effect:
                continue
            applies = veto_applies(encoding, veto.code)
            limit = scale.grades.index(veto.grade or "") if effect != "down" else 0
            moved: list[list[Term]] = [[] for _ in at]
            for i, here in enumerate(at):
                goal = min(last, i + veto.steps) if effect == "down" else max(i, limit)
                moved[goal].append(both(here, applies))
                moved[i].append(both(here, no(applies)))
            at = [either(*parts) for parts in moved]
    return at


def grade_terms(encoding: Encoding) -> tuple[tuple[str, ...], tuple[Term, ...]]:
    """The names of the grades of the total, best first, and for each whether it is the one."""
    ruleset = encoding.ruleset
    scale = ruleset.scale()
    if scale is not None:
        return scale.grades, grades(encoding, scale, whole(encoding).score, ruleset.full_score)
    if not ruleset.worst_of:
        return (), ()
    order = ruleset.scale(ruleset.worst_of[0])
    assert order is not None
    several = [subtotal_grades(encoding, name) for name in ruleset.worst_of]
    found: list[Term] = []
    for i in range(len(order.grades)):
        none_worse = both(*(no(either(*g[i + 1 :])) for g in several))
        found.append(both(none_worse, either(*(g[i] for g in several))))
    return order.grades, tuple(found)


def subtotal_grades(encoding: Encoding, name: str) -> tuple[Term, ...]:
    """The grades of a subtotal, by the points in force of its indicators."""
    ruleset = encoding.ruleset
    scale = ruleset.scale(name)
    codes = next(s.codes for s in ruleset.subtotals if s.name == name)
    assert scale is not None
    found: list[list[Term]] = [[] for _ in scale.bands]
    for way in _ways([parent_shapes(encoding, ruleset.by_code[c]) for c in codes]):
        score, points, _ = _add_up(way)
        if points:
            when = both(*(s.when for s in way))
            for parts, one in zip(found, grades(encoding, scale, score, points, with_vetoes=False), strict=True):
                parts.append(both(when, one))
    return tuple(either(*parts) for parts in found)


# ---- which units have a score -------------------------------------------------------------------------


def scored_units(encoding: Encoding) -> list[Term]:
    """What holds of every unit that gets a score; a reconciliation that cannot be read holds nothing back."""
    ruleset, found = encoding.ruleset, []
    for number, rule in enumerate(ruleset.reconciliations):
        if rule.is_error:
            found.append(reconciled(encoding, number))
    for number, word in enumerate(ruleset.unscored):
        found.append(no(encoding.condition(f"{word.word}{number}", word.condition)))
    return found


def reconciled(encoding: Encoding, number: int) -> Term:
    """Whether a reconciliation holds, or cannot be asked."""
    rule, reader = encoding.ruleset.reconciliations[number], encoding.reader
    try:
        fail, out = reader.trouble(rule.condition, "fail"), reader.trouble(rule.condition, "out")
        return either(fail, out, reader.term(rule.condition))
    except Unsolvable as unsolvable:
        encoding.unsolved[rule.text] = unsolvable.why
        return True
