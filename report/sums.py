"""How scores come from scores, as formulas of cells: what a sheet works out live.

A formula is written only where, worked out exactly, it gives the engine's figure; a
figure that a sheet cannot work out (a ceiling set by another score, half-even rounding)
stands as the engine gave it, and the sheet says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from ..dsl.model import Indicator
from ..dsl.numbers import Exact
from ..engine.record import IndicatorRecord, Result
from .display import Family
from .formulas import Constant, Difference, Extreme, Formula, Quotient, Rounded, Scaled, Sum, worked_out


def counted(result: Result, indicator: Indicator) -> list[IndicatorRecord]:
    """The records of the children that have a score of their own."""
    return [r for c in indicator.children if (r := result.indicators[c]).state not in ("out", "excluded")]


def parent_formula(result: Result, indicator: Indicator, at: Callable[[str], Formula | None], cell: Callable[[int, int], Exact]) -> Formula | None:
    """How a parent's score comes from its children's; ``at`` says where a code's score stands, ``cell`` what a cell holds."""
    record = result.indicators[indicator.code]
    if record.score is None:
        return None
    for candidate in _candidates(result, indicator, record, at):
        try:
            if worked_out(candidate, cell) == record.score:
                return candidate
        except (ZeroDivisionError, LookupError):
            continue
    return None


def _candidates(result: Result, indicator: Indicator, record: IndicatorRecord, at: Callable[[str], Formula | None]) -> Iterator[Formula]:
    """The ways in which it may have come about, the plainest first."""
    children = counted(result, indicator)
    parts = [p for c in children if (p := at(c.code)) is not None]
    if len(parts) != len(children):
        return
    for base in _bases(result, indicator, record, children, parts):
        yield base
        done = base
        for _, taken in record.deducted:
            done = Extreme("max", (Constant(0), Difference(done, Constant(taken))))
        if record.deducted:
            yield done
        rounding = indicator.rounding
        if rounding is not None and rounding.mode != "half_even":
            yield Rounded(done, rounding.places, rounding.mode)


def _bases(
    result: Result, indicator: Indicator, record: IndicatorRecord, children: list[IndicatorRecord], parts: list[Formula]
) -> Iterator[Formula]:
    given = [Constant(result.indicators[c].declared) for c in indicator.children if _filled(result, c)]
    plain = Sum((*parts, *given)) if parts or given else Constant(0)
    if indicator.combine != "sum":
        rates = tuple(Quotient(p, Constant(c.points)) for p, c in zip(parts, children, strict=True) if c.points)
        if rates:
            least = indicator.combine == "lowest_rate"
            yield Scaled(Extreme("min", rates), record.points, 1) if least else Scaled(Sum(rates), record.points, len(rates))
        return
    yield plain
    told = record.redistribution
    if told is not None and told.available:
        yield Scaled(plain, told.target, told.available)
        spread = sum((result.indicators[c].declared for c in told.removed if _kind(result, c) == "spread"), 0)
        if spread and parts:
            extra = Fraction(spread) / (len(parts) + len(given))
            grown = [Scaled(p, c.points + extra, c.points) for p, c in zip(parts, children, strict=True) if c.points]
            yield Sum((*grown, *given))


def _kind(result: Result, code: str) -> str:
    policy = result.ruleset.by_code[code].not_applicable
    return policy.kind if policy is not None else "rescale"


def _filled(result: Result, code: str) -> bool:
    """Whether an indicator that does not apply counts with full points."""
    return result.indicators[code].state == "out" and _kind(result, code) == "full"


def total_formula(
    result: Result, roots: Mapping[str, Formula], adjustments: Mapping[str, Formula], cell: Callable[[int, int], Exact]
) -> Formula | None:
    """How the total comes from the level-1 scores and what is added or taken outside the tree."""
    if result.score is None:
        return None
    for base in _total_bases(result, roots):
        for done in _finished(result, base, adjustments):
            try:
                if worked_out(done, cell) == result.score:
                    return done
            except (ZeroDivisionError, LookupError):
                continue
    return None


def _total_bases(result: Result, roots: Mapping[str, Formula]) -> Iterator[Formula]:
    plain = Sum(tuple(roots.values())) if roots else Constant(0)
    yield plain
    in_force = sum((result.indicators[c].points for c in roots), 0)
    if in_force:
        yield Scaled(plain, result.full_score, in_force)
    by_code = result.ruleset.by_code
    common = {c: f for c, f in roots.items() if not by_code[c].individual}
    points = sum((result.indicators[c].points for c in common), 0)
    whole = sum((r.points for r in result.ruleset.roots if not r.individual), 0)
    if points and len(common) < len(roots):
        own = tuple(f for c, f in roots.items() if c not in common)
        yield Sum((Scaled(Sum(tuple(common.values())), whole, points), *own))


def _finished(result: Result, base: Formula, adjustments: Mapping[str, Formula]) -> Iterator[Formula]:
    inside = [
        f for a in result.ruleset.adjustments if (f := adjustments.get(a.indicator.code)) is not None
        and (a.inside_total if a.kind == "bonus" else a.taken_from is None)
    ]  # fmt: skip
    done = Sum((*base.parts, *inside) if isinstance(base, Sum) else (base, *inside)) if inside else base
    rounding = result.ruleset.roundings.get("total")
    plans: list[Formula] = [done]
    if inside:
        plans.append(Extreme("max", (Constant(0), done)))
    if rounding is not None and rounding.mode != "half_even":
        plans += [Rounded(p, rounding.places, rounding.mode) for p in tuple(plans)]
    yield from plans
    for veto, record in zip(result.ruleset.vetoes, result.vetoes, strict=True):
        if record.applies and veto.effect == "score" and veto.score is not None:
            yield from (Extreme("min", (p, Constant(veto.score))) for p in plans)


def families(result: Result) -> list[Family]:
    """What adds up in a result: each parent that is the sum of its children, and the total."""
    found = []
    for indicator in result.ruleset.indicators:
        record, parts = result.indicators[indicator.code], counted(result, indicator)
        if indicator.children and record.score is not None and all(p.score is not None for p in parts):
            scores = tuple(p.score for p in parts if p.score is not None)
            adds = sum(scores, 0) == record.score
            found.append(Family(record.score, scores if adds else ()))
            found += [] if adds else [Family(s, ()) for s in scores]
    roots = [r.score for i in result.ruleset.roots if (r := result.indicators[i.code]).score is not None]
    if result.score is not None:
        found.append(Family(result.score, tuple(roots) if sum(roots, 0) == result.score else ()))
    return found


__all__ = ["counted", "families", "parent_formula", "total_formula"]
