"""How large every node of a plan gets, and the least type that holds it exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ...dsl.columns.graph import Limits, limits_of
from ...dsl.limits import MAXIMUM_POWER_BITS
from .plan import Plan

Carrier = Literal["truth", "float64", "int64", "int128", "unlimited"]
#: From the narrowest to the widest; all hold whole numbers exactly.
ORDER: Mapping[Carrier, int] = {"truth": 0, "float64": 1, "int64": 2, "int128": 3, "unlimited": 4}
_BITS: tuple[tuple[Carrier, int], ...] = (("float64", 53), ("int64", 63), ("int128", 127))
#: Bits that an input without declared limits may have before a plan is made ready for more.
_STEPS = (24, 32, 40, 52, 62, 126)


def ready_for(extremes: Limits) -> Limits:
    """Limits around what a column holds, in few sizes, so that one made-ready plan serves many columns."""
    low, high = extremes
    assert low is not None and high is not None
    bits = max(low.bit_length(), high.bit_length())
    size = 1 << next((s for s in _STEPS if bits <= s), bits)
    return (0 if low >= 0 else -size), size


def limits_with(plan: Plan, extremes: Mapping[str, Limits]) -> tuple[Limits, ...]:
    """What every node can be: over the declared ranges, and the extremes of the columns at hand."""
    found: list[Limits] = []
    for node, declared in zip(plan.nodes, plan.limits, strict=True):
        if node.act == "input":
            found.append(_narrower(declared, extremes.get(node.name, declared)))
        else:
            found.append(_narrower(declared, limits_of(node, [found[o] for o in node.operands])))
    return tuple(found)


def _narrower(first: Limits, second: Limits) -> Limits:
    lows, highs = [e for e in (first[0], second[0]) if e is not None], [e for e in (first[1], second[1]) if e is not None]
    return max(lows, default=None), min(highs, default=None)


def carrier_of(limits: Limits) -> Carrier:
    """The narrowest type that holds every whole number within limits."""
    low, high = limits
    if low is None or high is None:
        return "unlimited"
    return for_size(max(-low, high))


def for_size(size: int) -> Carrier:
    """The narrowest type that holds every whole number up to a size, of either sign."""
    return next((carrier for carrier, bits in _BITS if size < 1 << bits), "unlimited")


def for_quotient(top: Limits, bottom: Limits) -> Carrier:
    """The narrowest type in which a quotient is rounded down exactly.

    In float64 a quotient is the nearest to the true one; it can reach the whole number
    above only if that is nearer than half a unit in the last place, which dividend and
    divisor together below 2**53 exclude.
    """
    ends = (*top, *bottom)
    if None in ends:
        return "unlimited"
    return for_size(max(abs(e) for e in top if e is not None) + max(abs(e) for e in bottom if e is not None))


def widest(carriers: Sequence[Carrier]) -> Carrier:
    return max(carriers, key=ORDER.__getitem__)


def within_reason(limits: Sequence[Limits]) -> bool:
    """Whether no number of a plan can have more bits than a run may compute (E722)."""
    most = MAXIMUM_POWER_BITS // 2 - 1
    return all(
        low is None or high is None or max(low.bit_length(), high.bit_length()) < most for low, high in limits
    )
