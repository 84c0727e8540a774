"""Exact numbers in columns of whole numbers.

Every function takes the graph and gives a `Number` whose value is exactly that of the same
operation on fractions.  A rounding is one quotient rounded down; a comparison multiplies
crosswise; nothing is ever divided otherwise.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import field
from fractions import Fraction
from math import gcd, lcm

from ..frozen import frozen
from ..model import Interval
from ..numbers import Exact, round_to, simplest
from ..numbers import divide as quotient
from .graph import FALSE, TRUE, Columns


@frozen
class Number:
    """``numerator × top ÷ (denominator × bottom)``; ``bottom`` is at least 1, none is 1.

    ``low`` and ``high`` are what is proved of the whole value.
    """

    top: int
    bottom: int | None
    numerator: int
    denominator: int
    low: Exact | None = field(compare=False, default=None)
    high: Exact | None = field(compare=False, default=None)


def constant(columns: Columns, value: Exact) -> Number:
    return Number(columns.one, None, value.numerator, value.denominator, value, value)


def whole(columns: Columns, node: int, scale: int = 1) -> Number:
    """A column read in parts of ``1 ÷ scale``."""
    low, high = columns.limits[node]
    return Number(node, None, 1, scale, None if low is None else quotient(low, scale), None if high is None else quotient(high, scale))


def known(number: Number) -> Exact | None:
    """The value where it is the same for every unit."""
    return number.low if number.low is not None and number.low == number.high else None


def _made(columns: Columns, top: int, bottom: int | None, factor: Fraction, low: Exact | None, high: Exact | None) -> Number:
    """A number, what its parts prove taken into account."""
    if bottom is not None and (one := columns.known(bottom)) is not None:
        factor, bottom = factor / Fraction(one), None
    value = columns.known(top)
    if value is not None and bottom is None:
        return constant(columns, simplest(factor * value))
    if bottom is None:
        ends = [None if e is None else simplest(factor * e) for e in columns.limits[top]]
        if factor < 0:
            ends.reverse()
        low = ends[0] if low is None else low if ends[0] is None else max(low, ends[0])
        high = ends[1] if high is None else high if ends[1] is None else min(high, ends[1])
    if low is not None and low == high:
        return constant(columns, low)
    return Number(top, bottom, factor.numerator, factor.denominator, low, high)


def _factor(number: Number) -> Fraction:
    return Fraction(number.numerator, number.denominator)


def _alike(columns: Columns, left: Number, right: Number) -> tuple[int, int, int | None, Fraction]:
    """Two numbers over one bottom and one factor: both tops, the bottom, the factor."""
    denominator = lcm(left.denominator, right.denominator)
    a, b = left.numerator * (denominator // left.denominator), right.numerator * (denominator // right.denominator)
    common = gcd(a, b) or 1
    bottom = left.bottom
    first, second = left.top, right.top
    if left.bottom != right.bottom:
        first = first if right.bottom is None else columns.multiply(first, right.bottom)
        second = second if left.bottom is None else columns.multiply(second, left.bottom)
        bottom = _bottoms(columns, left.bottom, right.bottom)
    return columns.times(first, a // common), columns.times(second, b // common), bottom, Fraction(common, denominator)


def _bottoms(columns: Columns, left: int | None, right: int | None) -> int | None:
    if left is None or right is None:
        return right if left is None else left
    return columns.multiply(left, right)


def _sum(left: Exact | None, right: Exact | None) -> Exact | None:
    return None if left is None or right is None else simplest(Fraction(left) + right)


def add(columns: Columns, left: Number, right: Number) -> Number:
    if right.numerator < 0:
        return _difference(columns, left, negate(right))
    if left.numerator < 0:
        return _difference(columns, right, negate(left))
    first, second, bottom, factor = _alike(columns, left, right)
    return _made(columns, columns.add(first, second), bottom, factor, _sum(left.low, right.low), _sum(left.high, right.high))


def _difference(columns: Columns, left: Number, right: Number) -> Number:
    first, second, bottom, factor = _alike(columns, left, right)
    low, high = _sum(left.low, None if right.high is None else -right.high), _sum(left.high, None if right.low is None else -right.low)
    return _made(columns, columns.subtract(first, second), bottom, factor, low, high)


def total(columns: Columns, numbers: Sequence[Number]) -> Number:
    found = constant(columns, 0)
    for number in numbers:
        found = add(columns, found, number)
    return found


def negate(number: Number) -> Number:
    low, high = (None if e is None else -e for e in (number.high, number.low))
    return Number(number.top, number.bottom, -number.numerator, number.denominator, low, high)


def subtract(columns: Columns, left: Number, right: Number) -> Number:
    return add(columns, left, negate(right))


def multiply(columns: Columns, left: Number, right: Number) -> Number:
    low, high = _product(left, right)
    factor = _factor(left) * _factor(right)
    if left.bottom is not None and left.bottom == right.top:
        return _made(columns, left.top, right.bottom, factor, low, high)
    if right.bottom is not None and right.bottom == left.top:
        return _made(columns, right.top, left.bottom, factor, low, high)
    return _made(columns, columns.multiply(left.top, right.top), _bottoms(columns, left.bottom, right.bottom), factor, low, high)


def times(columns: Columns, number: Number, factor: Exact) -> Number:
    return multiply(columns, number, constant(columns, factor))


def _product(left: Number, right: Number) -> tuple[Exact | None, Exact | None]:
    a, b, c, d = left.low, left.high, right.low, right.high
    if a is not None and b is not None and c is not None and d is not None:
        corners = [simplest(Fraction(x) * y) for x in (a, b) for y in (c, d)]
        return min(corners), max(corners)
    if left.low is not None and left.low >= 0 and right.low is not None and right.low >= 0:
        return simplest(Fraction(left.low) * right.low), None
    return None, None


def inverse(columns: Columns, number: Number) -> tuple[Number, int]:
    """One over a number, and where that number is zero (there the result means nothing)."""
    low, high = columns.limits[number.top]
    zero = columns.equal(number.top, columns.zero)
    over = number.bottom if number.bottom is not None else columns.one
    if low is not None and low >= 0:
        bottom = columns.greatest(number.top, columns.one)
    elif high is not None and high <= 0:
        bottom, over = columns.greatest(columns.subtract(columns.zero, number.top), columns.one), columns.times(over, -1)
    else:
        bottom = columns.greatest(columns.absolute(number.top), columns.one)
        over = columns.choose(columns.less(number.top, columns.zero), columns.times(over, -1), over)
    least: Exact | None = None
    most: Exact | None = None
    if number.low is not None and number.low >= 0:
        least = 0 if number.high is None or number.high == 0 else quotient(1, number.high)
        most = None if number.low == 0 else quotient(1, number.low)
    return _made(columns, over, bottom, 1 / Fraction(_factor(number)), least, most), zero


def divide(columns: Columns, left: Number, right: Number) -> tuple[Number, int]:
    """The quotient, and where the divisor is zero."""
    value = known(right)
    if value is not None:
        return (left, TRUE) if value == 0 else (times(columns, left, quotient(1, value)), FALSE)
    over, zero = inverse(columns, right)
    return multiply(columns, left, over), zero


# ---- comparing ---------------------------------------------------------------------


def compare(columns: Columns, sign: str, left: Number, right: Number) -> int:
    """A yes/no column; ``sign`` is one of < <= > >= = !=."""
    match sign:
        case ">":
            return compare(columns, "<", right, left)
        case ">=":
            return compare(columns, "<=", right, left)
        case "!=":
            return columns.negate(compare(columns, "=", left, right))
    settled = _told(sign, left, right)
    if settled is not None:
        return settled
    first, second, _, _ = _alike(columns, left, right)
    match sign:
        case "<":
            return columns.less(first, second)
        case "<=":
            return columns.at_most(first, second)
    return columns.equal(first, second)


def _told(sign: str, left: Number, right: Number) -> int | None:
    """A comparison that the limits of both sides settle."""
    a, b, c, d = left.low, left.high, right.low, right.high
    if b is not None and c is not None and b < c:
        return FALSE if sign == "=" else TRUE
    if a is not None and d is not None and a > d:
        return FALSE
    if sign == "<=" and b is not None and b == c:
        return TRUE
    if sign == "<" and a is not None and a == d:
        return FALSE
    return None


def holds(columns: Columns, interval: Interval, value: Number) -> int:
    """Whether a value lies in an interval."""
    parts = []
    if interval.low is not None:
        parts.append(compare(columns, "<=" if interval.low_included else "<", constant(columns, interval.low), value))
    if interval.high is not None:
        parts.append(compare(columns, "<=" if interval.high_included else "<", value, constant(columns, interval.high)))
    return columns.all_of(parts)


def least(columns: Columns, left: Number, right: Number) -> Number:
    if left.high is not None and right.low is not None and left.high <= right.low:
        return left
    if right.high is not None and left.low is not None and right.high <= left.low:
        return right
    first, second, bottom, factor = _alike(columns, left, right)
    low = None if left.low is None or right.low is None else min(left.low, right.low)
    highs = [h for h in (left.high, right.high) if h is not None]
    return _made(columns, columns.least(first, second), bottom, factor, low, min(highs, default=None))


def greatest(columns: Columns, left: Number, right: Number) -> Number:
    if left.low is not None and right.high is not None and left.low >= right.high:
        return left
    if right.low is not None and left.high is not None and right.low >= left.high:
        return right
    first, second, bottom, factor = _alike(columns, left, right)
    high = None if left.high is None or right.high is None else max(left.high, right.high)
    lows = [e for e in (left.low, right.low) if e is not None]
    return _made(columns, columns.greatest(first, second), bottom, factor, max(lows, default=None), high)


def choose(columns: Columns, condition: int, then: Number, otherwise: Number) -> Number:
    if condition in (TRUE, FALSE):
        return then if condition == TRUE else otherwise
    low = None if then.low is None or otherwise.low is None else min(then.low, otherwise.low)
    high = None if then.high is None or otherwise.high is None else max(then.high, otherwise.high)
    if then.bottom == otherwise.bottom or then.top == otherwise.top == columns.one:
        first, second, bottom, factor = _alike(columns, then, otherwise)
        return _made(columns, columns.choose(condition, first, second), bottom, factor, low, high)
    denominator = lcm(then.denominator, otherwise.denominator)
    tops = [columns.times(n.top, n.numerator * (denominator // n.denominator)) for n in (then, otherwise)]
    bottoms = [columns.one if n.bottom is None else n.bottom for n in (then, otherwise)]
    return _made(columns, columns.choose(condition, *tops), columns.choose(condition, *bottoms), Fraction(1, denominator), low, high)


# ---- rounding -----------------------------------------------------------------------


def rounded(columns: Columns, number: Number, places: int, mode: str) -> Number:
    """A number rounded to decimal places as `operations.numbers.rounded` does."""
    scale = Fraction(10) ** places
    value = known(number)
    if value is not None:
        return constant(columns, _round(value, places, mode))
    part = _factor(number) * scale
    if number.bottom is None and part.denominator == 1:
        return number
    top = columns.times(number.top, part.numerator)
    bottom = columns.times(columns.one if number.bottom is None else number.bottom, part.denominator)
    if mode == "floor":
        found = columns.floor_divide(top, bottom)
    elif mode == "ceiling":
        found = columns.floor_divide(columns.add(top, columns.subtract(bottom, columns.one)), bottom)
    elif number.low is not None and number.low >= 0:
        found = _size(columns, top, bottom, mode)
    else:
        size = _size(columns, columns.absolute(top), bottom, mode)
        found = columns.choose(columns.less(top, columns.zero), columns.times(size, -1), size)
    low, high = (None if e is None else _round(e, places, mode) for e in (number.low, number.high))
    return _made(columns, found, None, 1 / Fraction(scale), low, high)


def _round(value: Exact, places: int, mode: str) -> Exact:
    if mode in ("floor", "ceiling"):
        scaled = Fraction(value) * Fraction(10) ** places
        rounded_off = scaled.numerator // scaled.denominator if mode == "floor" else -(-scaled.numerator // scaled.denominator)
        return simplest(rounded_off / Fraction(10) ** places)
    return round_to(value, places, mode)


def _size(columns: Columns, top: int, bottom: int, mode: str) -> int:
    """A quotient of numbers that are not negative, rounded away from its open part."""
    match mode:
        case "down":
            return columns.floor_divide(top, bottom)
        case "up":
            return columns.floor_divide(columns.add(top, columns.subtract(bottom, columns.one)), bottom)
    even = columns.known(bottom)
    if even is not None and even % 2 == 0:
        dividend, divisor = columns.add(top, columns.constant(even // 2)), bottom
    else:
        dividend, divisor = columns.add(columns.times(top, 2), bottom), columns.times(bottom, 2)
    found = columns.floor_divide(dividend, divisor)
    if mode == "half_up":
        return found
    half = columns.equal(columns.multiply(found, divisor), dividend)
    two = columns.constant(2)
    odd = columns.less(columns.times(columns.floor_divide(found, two), 2), found)
    return columns.choose(columns.all_of((half, odd)), columns.subtract(found, columns.one), found)


def interpolated(columns: Columns, value: Number, anchors: Sequence[tuple[Exact, Exact]]) -> Number:
    """The value on the straight lines between anchors, flat beyond the outer ones."""
    found = constant(columns, anchors[-1][1])
    for (x0, y0), (x1, y1) in reversed(list(itertools.pairwise(anchors))):
        slope = quotient(Fraction(y1) - y0, Fraction(x1) - x0)
        line = add(columns, times(columns, value, slope), constant(columns, simplest(Fraction(y0) - Fraction(slope) * x0)))
        found = choose(columns, compare(columns, "<=", value, constant(columns, x1)), _within(line, min(y0, y1), max(y0, y1)), found)
    return choose(columns, compare(columns, "<=", value, constant(columns, anchors[0][0])), constant(columns, anchors[0][1]), found)


def _within(number: Number, low: Exact, high: Exact) -> Number:
    """A number of which only the part between two ends is ever taken."""
    return Number(number.top, number.bottom, number.numerator, number.denominator, low, high)
