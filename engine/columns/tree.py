"""Parents and the total in columns, in the order of `engine.combine` and `engine.evaluate`.

Which indicators are out is the same for all units of a plan, so points in force, what is
spread and what is made up are constants here; only scores are columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from ...dsl.columns import FALSE, TRUE, Columns, Number, fractions
from ...dsl.columns.told import NotCarried
from ...dsl.frozen import frozen
from ...dsl.model import Expression, Indicator, NotApplicablePolicy
from ...dsl.numbers import Exact, divide
from ...dsl.operations.readings import number_in
from .reader import Reader


@frozen
class Part:
    """An indicator as its parent sees it: its score, its points in force, what it leaves to a wider scope."""

    code: str
    state: str
    declared: Exact
    points: Exact
    score: Number
    removed: Mapping[str, Exact] = field(default_factory=dict)


def _scaled(columns: Columns, number: Number, by: Exact, over: Exact) -> Number:
    return fractions.times(columns, number, divide(by, over))


def combined(columns: Columns, indicator: Indicator, children: Sequence[tuple[Part, NotApplicablePolicy | None]], all_out: str | None) -> Part:
    """The children of one parent, those that do not apply dealt with by their policies."""
    zero = fractions.constant(columns, 0)
    parts: list[Part] = []
    spread: Exact = 0
    removed_here: Exact = 0
    wider: dict[str, Exact] = {}
    for child, policy in children:
        if child.state == "excluded":
            continue
        for scope, amount in child.removed.items():
            wider[scope] = wider.get(scope, 0) + amount
        if child.state != "out":
            parts.append(child)
            continue
        kind = policy.kind if policy is not None else "rescale"
        scope = policy.scope if policy is not None else "parent"
        if kind in ("full", "zero"):
            score = fractions.constant(columns, child.declared) if kind == "full" else zero
            parts.append(replace(child, points=child.declared, score=score))
        elif kind == "spread":
            spread += child.declared
        elif scope == "parent":
            removed_here += child.declared - sum(child.removed.values(), 0)
        else:
            wider[scope] = wider.get(scope, 0) + child.declared
    base = Part(indicator.code, "scored", indicator.points, 0, zero, wider)
    if children and all(child.state == "excluded" for child, _ in children):
        return replace(base, state="excluded", removed={})
    if not parts or sum((p.points for p in parts), 0) == 0:
        here = indicator.points - sum(wider.values(), 0)
        if here == 0:
            return base
        if all_out == "full":
            return replace(base, points=here, score=fractions.constant(columns, here))
        return replace(base, points=here) if all_out == "zero" else replace(base, state="out")
    if spread:
        extra = divide(spread, len(parts))
        parts = [replace(p, points=p.points + extra, score=_scaled(columns, p.score, p.points + extra, p.points)) for p in parts]
    in_force = sum((p.points for p in parts), 0)
    score = _sum(columns, indicator.combine, in_force, parts)
    if removed_here:
        score = _scaled(columns, score, in_force + removed_here, in_force)
    return replace(base, points=in_force + removed_here, score=score)


def _sum(columns: Columns, how: str, points: Exact, parts: Sequence[Part]) -> Number:
    if how == "sum":
        return fractions.total(columns, [p.score for p in parts])
    rates = [_scaled(columns, p.score, 1, p.points) for p in parts if p.points]
    if how == "lowest_rate":
        least = rates[0]
        for rate in rates[1:]:
            least = fractions.least(columns, least, rate)
        return fractions.times(columns, least, points)
    return _scaled(columns, fractions.total(columns, rates), points, len(rates))


def made_up(columns: Columns, part: Part, scope: str, all_out: str | None) -> Part:
    """Rescale at the scope that removed points belong to, as `engine.combine.make_up` does."""
    amount = part.removed.get(scope, 0)
    rest = {s: a for s, a in part.removed.items() if s != scope}
    if not amount:
        return replace(part, removed=rest)
    if part.points:
        whole = part.points + amount
        return replace(part, score=_scaled(columns, part.score, whole, part.points), points=whole, removed=rest)
    if all_out in ("full", "zero"):
        return replace(part, score=fractions.constant(columns, amount if all_out == "full" else 0), points=amount, removed=rest)
    return part


def parent(
    reader: Reader, indicator: Indicator, children: Sequence[tuple[Part, NotApplicablePolicy | None]], taken: Sequence[Number]
) -> tuple[Part, int]:
    """A level-1 or level-2 indicator from its children, and where it fails."""
    columns, all_out = reader.columns, reader.ruleset.all_out
    found = combined(columns, indicator, children, all_out)
    if found.state == "excluded":
        return found, FALSE
    if indicator.level == 1 and found.removed and found.state != "out":
        found = made_up(columns, found, "level1", all_out)
    if found.state == "out" or (indicator.level == 1 and "level1" in found.removed):
        return replace(found, state="out", points=0), FALSE
    score, fails = found.score, []
    for amount in taken:
        score = less(columns, score, amount)
    for expression, hold in ((indicator.ceiling, fractions.least), (indicator.floor, fractions.greatest)):
        if expression is None:
            continue
        limit, out, failing = _limit(reader, expression)
        fails.append(failing)
        if out != TRUE:
            score = fractions.choose(columns, out, score, hold(columns, score, limit))
    if indicator.rounding is not None:
        score = fractions.rounded(columns, score, indicator.rounding.places, indicator.rounding.mode)
    return replace(found, score=score), columns.any_of(fails)


def less(columns: Columns, score: Number, amount: Number) -> Number:
    """A score with something taken from it, down to nothing."""
    return fractions.greatest(columns, fractions.constant(columns, 0), fractions.subtract(columns, score, amount))


def _limit(reader: Reader, expression: Expression) -> tuple[Number, int, int]:
    """What a ceiling or a floor comes to, where there is none, and where that cannot be told."""
    try:
        told = reader.read(expression)
        return number_in(told), told.out, told.fails
    except NotCarried:
        return fractions.constant(reader.columns, 0), TRUE, TRUE


def added_up(columns: Columns, parts: Sequence[Part]) -> Part:
    """Several parts side by side, those that are out only by what they leave to a wider scope."""
    removed: dict[str, Exact] = {}
    for part in parts:
        for scope, amount in part.removed.items():
            removed[scope] = removed.get(scope, 0) + amount
    there = [p for p in parts if p.state not in ("out", "excluded")]
    points = sum((p.points for p in there), 0)
    return Part("", "scored", points, points, fractions.total(columns, [p.score for p in there]), removed)


def whole(columns: Columns, roots: Sequence[tuple[Part, bool]], all_out: str | None) -> Part:
    """The level-1 indicators (and whether each is individual) as one, points made up."""
    common = made_up(columns, added_up(columns, [p for p, individual in roots if not individual]), "common", all_out)
    other = added_up(columns, [p for p, individual in roots if individual])
    removed = {s: common.removed.get(s, 0) + other.removed.get(s, 0) for s in {*common.removed, *other.removed}}
    out = sum((p.declared - sum(p.removed.values(), 0) for p, _ in roots if p.state == "out"), 0)
    removed["whole"] = removed.get("whole", 0) + out + removed.pop("level1", 0) + removed.pop("common", 0)
    points, score = common.points + other.points, fractions.add(columns, common.score, other.score)
    return made_up(columns, Part("", "scored", points, points, score, removed), "whole", all_out)
