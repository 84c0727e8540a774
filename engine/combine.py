"""Parents: adding up, what does not apply, worst child, ceilings, rounding.

The same few functions run on scores, on lower bounds and on upper bounds, since every
one of them rises with each child.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.model import Indicator, NotApplicablePolicy, Ruleset
from ..dsl.numbers import Exact, divide, round_to, simplest
from .record import Bounds, IndicatorRecord, Redistribution

#: A value at least and at most.
Ends = tuple[Exact, Exact]
NO_MEANS: Mapping[str, Ends] = {}


@frozen
class Part:
    """A child as its parent sees it: scores (exact, or low and high), points in force, and
    points taken out for a wider scope to make up."""

    code: str
    low: Exact
    high: Exact
    points: Exact
    removed: Mapping[str, Exact] = field(default_factory=dict)


@frozen
class Combined:
    """What children come to: both ends, the points in force, what is removed and how."""

    low: Exact
    high: Exact
    points: Exact
    out: bool = False
    excluded: bool = False
    removed: Mapping[str, Exact] = field(default_factory=dict)
    redistribution: Redistribution | None = None


def combine(
    points: Exact, how: str, children: Sequence[tuple[IndicatorRecord, NotApplicablePolicy | None]], all_out: str | None,
    means: Mapping[str, Ends] = NO_MEANS,
) -> Combined:  # fmt: skip
    """The children of one parent, those that do not apply dealt with by their policies.

    ``means`` are the cohort's means that stand for some of them, at least and at most.
    """
    parts: list[Part] = []
    spread: Exact = 0
    removed_here: Exact = 0
    wider: dict[str, Exact] = {}
    codes: list[str] = []
    kinds: list[str] = []
    for record, policy in children:
        if record.state == "excluded":
            continue
        for scope, amount in record.removed.items():
            wider[scope] = wider.get(scope, 0) + amount
        if record.state != "out":
            parts.append(Part(record.code, record.low, record.high, record.points))
            continue
        kind = policy.kind if policy is not None else "rescale"
        scope = policy.scope if policy is not None else "parent"
        codes.append(record.code)
        kinds.append(kind)
        if kind == "full":
            parts.append(Part(record.code, record.declared, record.declared, record.declared))
        elif kind == "mean":
            parts.append(Part(record.code, *means[record.code], record.declared))
        elif kind == "zero":
            parts.append(Part(record.code, 0, 0, record.declared))
        elif kind == "spread":
            spread += record.declared
        elif scope == "parent":
            removed_here += record.declared - sum(record.removed.values(), 0)
        else:
            wider[scope] = wider.get(scope, 0) + record.declared
    if children and all(record.state == "excluded" for record, _ in children):
        return Combined(0, 0, 0, excluded=True)
    if not parts or sum((p.points for p in parts), 0) == 0:
        return _nothing_left(points - sum(wider.values(), 0), wider, codes, all_out)
    if spread:
        extra = divide(spread, len(parts))
        parts = [_stretched(p, extra) for p in parts]
    in_force = sum((p.points for p in parts), 0)
    here = in_force + removed_here
    low = high = _sum(how, in_force, [(p.low, p.points) for p in parts])
    if any(p.high is not p.low for p in parts):
        high = _sum(how, in_force, [(p.high, p.points) for p in parts])
    redistribution = None
    if codes:
        before = low if low == high else None
        redistribution = Redistribution(tuple(codes), "/".join(dict.fromkeys(kinds)), before, in_force, here)
    if removed_here:
        low, high = (divide(end * here, in_force) for end in (low, high))
    return Combined(low, high, here, removed=wider, redistribution=redistribution)


def _nothing_left(here: Exact, wider: Mapping[str, Exact], codes: list[str], all_out: str | None) -> Combined:
    """Every child is out: the stated choice, or points left for a wider scope."""
    redistribution = Redistribution(tuple(codes), all_out or "carry_up", None, 0, here)
    if here == 0:
        return Combined(0, 0, 0, removed=wider, redistribution=redistribution)
    if all_out == "full":
        return Combined(here, here, here, removed=wider, redistribution=redistribution)
    if all_out == "zero":
        return Combined(0, 0, here, removed=wider, redistribution=redistribution)
    return Combined(0, 0, 0, True, removed=wider, redistribution=redistribution)


def _stretched(part: Part, extra: Exact) -> Part:
    """A part whose full points grow, its score in proportion."""
    grown = part.points + extra
    low, high = (divide(end * grown, part.points) for end in (part.low, part.high))
    return replace(part, low=low, high=high, points=grown)


def _sum(how: str, points: Exact, parts: Sequence[tuple[Exact, Exact]]) -> Exact:
    """What scores, each with its full points, come to."""
    if how == "sum":
        return simplest(sum((score for score, _ in parts), 0))
    rates = [divide(score, full) for score, full in parts if full]
    if how == "lowest_rate":
        return simplest(min(rates) * points)
    return divide(sum(rates, 0) * points, len(rates))


def make_up(
    low: Exact, high: Exact, points: Exact, removed: Mapping[str, Exact], scope: str, all_out: str | None
) -> tuple[Exact, Exact, Exact, dict[str, Exact]]:
    """Rescale at the scope that removed points belong to: score × (points + removed) ÷ points.

    Where nothing is left in force there, the stated choice counts; carried up, the points stay removed.
    """
    amount = removed.get(scope, 0)
    rest = {s: a for s, a in removed.items() if s != scope}
    if not amount:
        return low, high, points, rest
    if points:
        whole = points + amount
        return divide(low * whole, points), divide(high * whole, points), whole, rest
    if all_out == "full":
        return amount, amount, amount, rest
    if all_out == "zero":
        return 0, 0, amount, rest
    return low, high, points, dict(removed)


def parent_record(
    ruleset: Ruleset, indicator: Indicator, children: Sequence[IndicatorRecord], taken: Sequence[tuple[str, Exact, Exact]],
    limits: Callable[[Indicator], tuple[Any, Any]], means: Mapping[str, Ends] = NO_MEANS,
) -> IndicatorRecord:  # fmt: skip
    """A level-1 or level-2 indicator from its children's records."""
    by_code = ruleset.by_code
    policies = [(c, by_code[c.code].not_applicable) for c in children]
    found = combine(indicator.points, indicator.combine, policies, ruleset.all_out, means)
    waiting = frozenset().union(*(c.waiting for c in children if c.state in ("undecided", "error")))
    if found.excluded:
        return IndicatorRecord(indicator.code, "excluded", indicator.points, 0, None, None, waiting, reason="applies_if")
    deducted = tuple((c, low) for c, low, _ in taken)
    low, high, points, removed, told = found.low, found.high, found.points, found.removed, found.redistribution
    if indicator.level == 1 and removed and not found.out:
        low, high, points, removed = make_up(low, high, points, removed, "level1", ruleset.all_out)
        told = _made_up(ruleset, found, points, children)
    if found.out or (indicator.level == 1 and "level1" in removed):
        return IndicatorRecord(
            indicator.code, "out", indicator.points, 0, None, None, waiting, reason="children",
            redistribution=told, removed=removed, deducted=deducted,
        )  # fmt: skip
    for _, least, most in taken:
        low, high = max(0, low - most), max(0, high - least)
    ceiling, floor = limits(indicator)
    if ceiling is not None:
        low, high = min(low, ceiling[0]), min(high, ceiling[1])
    if floor is not None:
        low, high = max(low, floor[0]), max(high, floor[1])
    if indicator.rounding is not None:
        low, high = (round_to(e, indicator.rounding.places, indicator.rounding.mode) for e in (low, high))
    known = low is high or low == high
    tight = known or all(
        c.score is not None or (c.bounds is not None and c.bounds.tight) or c.state in ("out", "excluded") for c in children
    )
    return IndicatorRecord(
        indicator.code, "scored" if known else "undecided", indicator.points, points, low if known else None,
        None if known else Bounds(low, high, tight), waiting, redistribution=told, removed=removed, deducted=deducted,
    )  # fmt: skip


def _made_up(ruleset: Ruleset, found: Combined, points: Exact, children: Sequence[IndicatorRecord]) -> Redistribution | None:
    """What was done about children, and about what is made up within the level-1 indicator."""
    if points == found.points:
        return found.redistribution
    below = [code for c in children if c.redistribution for code in c.redistribution.removed]
    codes = [code for code in below if (policy := ruleset.by_code[code].not_applicable) and policy.scope == "level1"]
    before = found.low if found.low == found.high else None
    here = found.redistribution or Redistribution((), "rescale", before, found.points, found.points)
    kind = "/".join(dict.fromkeys([*here.kind.split("/"), "rescale"]))
    return replace(here, removed=tuple(dict.fromkeys((*here.removed, *codes))), kind=kind, target=points)
