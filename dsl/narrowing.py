"""What a condition tells about the values it asks about, for the branch it guards."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from fractions import Fraction

from .model import Compare, Expression, Interval, Literal, Logic, Ref
from .numbers import Exact
from .ranges import Possible, Range

_OPPOSITE: Mapping[str, str] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_MIRRORED: Mapping[str, str] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


def narrowed(condition: Expression, possible: MutableMapping[str, Possible], *, holds: bool) -> dict[str, Possible]:
    """The possibilities of those values that ``condition``, holding or not, says more about."""
    match condition:
        case Logic("not", (operand,)):
            return narrowed(operand, possible, holds=not holds)
        case Logic("and", operands) if holds:
            return _all(operands, possible, holds=True)
        case Logic("or", operands) if not holds:
            return _all(operands, possible, holds=False)
        case Compare(sign, Ref(key), Literal(value)):
            return _compared(key, sign if holds else _OPPOSITE[sign], value, possible)
        case Compare(sign, Literal(value), Ref(key)):
            mirrored = _MIRRORED[sign]
            return _compared(key, mirrored if holds else _OPPOSITE[mirrored], value, possible)
    return {}


def _all(operands: tuple[Expression, ...], possible: MutableMapping[str, Possible], *, holds: bool) -> dict[str, Possible]:
    found: dict[str, Possible] = {}
    for operand in operands:
        found |= narrowed(operand, ChainMap(found, possible), holds=holds)
    return found


def _compared(key: str, sign: str, value: object, possible: Mapping[str, Possible]) -> dict[str, Possible]:
    before = possible.get(key)
    if not isinstance(before, Range) or isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return {}
    after = _without(before, value) if sign == "!=" else before.clipped(_interval(sign, value))
    return {} if after is None else {key: after}


def _interval(sign: str, value: Exact) -> Interval:
    match sign:
        case "<" | "<=":
            return Interval(high=value, high_included=sign == "<=")
        case ">" | ">=":
            return Interval(low=value, low_included=sign == ">=")
    return Interval(low=value, low_included=True, high=value, high_included=True)


def _without(before: Range, value: Exact) -> Range | None:
    """A range that one of its ends is taken from."""
    if before.low == value:
        return before.clipped(Interval(low=value))
    return before.clipped(Interval(high=value)) if before.high == value else before
