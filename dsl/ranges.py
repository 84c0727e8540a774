"""What a value can still be: intervals of numbers, sets of words, truth values.

The interval reading of every operation works on these.  A reading is always sound:
no completion of the data lies outside it.  ``tight`` says that both ends are reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal

from .frozen import frozen
from .limits import MAXIMUM_POWER_BITS
from .model import Interval, Value
from .numbers import Exact, simplest

Grain = Literal["any", "whole", "some"]


@frozen
class Range:
    """Numbers between two ends (``None``: without limit).

    ``grain``: every number between can occur (``any``), every whole number can
    (``whole``), or it is not known which can (``some``).
    """

    low: Exact | None = None
    high: Exact | None = None
    low_included: bool = True
    high_included: bool = True
    grain: Grain = "any"
    tight: bool = True

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    def meets(self, interval: Interval) -> bool:
        """Whether some value of the range may lie in ``interval``."""
        return self.clipped(interval) is not None

    def clipped(self, interval: Interval) -> Range | None:
        """The part of the range inside ``interval``; ``None`` if there is none."""
        low, low_in = self.low, self.low_included
        if interval.low is not None and (low is None or interval.low > low):
            low, low_in = interval.low, interval.low_included
        elif interval.low is not None and interval.low == low:
            low_in = low_in and interval.low_included
        high, high_in = self.high, self.high_included
        if interval.high is not None and (high is None or interval.high < high):
            high, high_in = interval.high, interval.high_included
        elif interval.high is not None and interval.high == high:
            high_in = high_in and interval.high_included
        if self.grain == "whole":
            if low is not None:
                low = _whole_above(low, low_in)
                low_in = True
            if high is not None:
                high = _whole_below(high, high_in)
                high_in = True
        if low is not None and high is not None and (low > high or (low == high and not (low_in and high_in))):
            return None
        return replace(self, low=low, high=high, low_included=low_in, high_included=high_in)

    def inside(self, interval: Interval) -> bool:
        """Whether every value of the range lies in ``interval``."""
        low_ok = interval.low is None or (
            self.low is not None
            and (self.low > interval.low or (self.low == interval.low and (interval.low_included or not self.low_included)))
        )
        high_ok = interval.high is None or (
            self.high is not None
            and (
                self.high < interval.high
                or (self.high == interval.high and (interval.high_included or not self.high_included))
            )
        )
        return low_ok and high_ok


@frozen
class Truths:
    """Which truth values a condition can take."""

    values: frozenset[bool]
    tight: bool = True


@frozen
class Words:
    """Which words a choice or a text can be; ``None`` is any text."""

    values: frozenset[str] | None


@frozen
class Listing:
    """A list of numbers of which only limits are known."""

    element: Range
    count_low: int
    count_high: int | None


@frozen
class Anything:
    """Nothing is known: records that were not handed in."""


@frozen
class Records:
    """The records of a table, what each cell can be by its key: some are blank."""

    rows: tuple[Mapping[str, Range | Truths | Words | Anything], ...]


Possible = Range | Truths | Words | Listing | Records | Anything
WHOLE_LINE = Range()


def point(value: Exact) -> Range:
    return Range(value, value)


def possible(value: Value) -> Possible:
    """The reading of a value that is known."""
    if isinstance(value, bool):
        return Truths(frozenset({value}))
    if isinstance(value, (int, Fraction)):
        return point(value)
    if isinstance(value, str):
        return Words(frozenset({value}))
    if isinstance(value, date):
        return point(value.toordinal())
    return Anything()


def certain(reading: Possible) -> bool | None:
    """The truth value of a condition, or ``None`` while it can be either."""
    if isinstance(reading, Truths) and len(reading.values) == 1:
        return next(iter(reading.values))
    return None


def hull(readings: list[Possible]) -> Possible:
    """Everything that any of the readings can be."""
    first = readings[0]
    if all(r == first for r in readings):
        return first
    if all(isinstance(r, Range) for r in readings):
        return hull_of_ranges([r for r in readings if isinstance(r, Range)])
    if all(isinstance(r, Truths) for r in readings):
        truths = [r for r in readings if isinstance(r, Truths)]
        return Truths(frozenset().union(*(t.values for t in truths)), all(t.tight for t in truths))
    if all(isinstance(r, Words) for r in readings):
        words = [r.values for r in readings if isinstance(r, Words)]
        return Words(None if None in words else frozenset().union(*(w for w in words if w is not None)))
    return Anything()


def hull_of_ranges(ranges: list[Range]) -> Range:
    low: Exact | None = None
    high: Exact | None = None
    low_in = high_in = True
    unbounded_low = any(r.low is None for r in ranges)
    unbounded_high = any(r.high is None for r in ranges)
    if not unbounded_low:
        low = min(r.low for r in ranges if r.low is not None)
        low_in = any(r.low == low and r.low_included for r in ranges)
    if not unbounded_high:
        high = max(r.high for r in ranges if r.high is not None)
        high_in = any(r.high == high and r.high_included for r in ranges)
    return Range(low, high, low_in, high_in, "some", all(r.tight for r in ranges))


def _whole_above(value: Exact, included: bool) -> Exact:
    up = -((-value.numerator) // value.denominator)
    return up + 1 if up == value and not included else up


def _whole_below(value: Exact, included: bool) -> Exact:
    down = value.numerator // value.denominator
    return down - 1 if down == value and not included else down


def _manageable(found: Range) -> Range:
    """``found``, without an end that has more bits than a run may compute: still sound, no longer tight."""
    low, high = (None if e is None or _is_large(e) else e for e in (found.low, found.high))
    if (low is None) == (found.low is None) and (high is None) == (found.high is None):
        return found
    return replace(found, low=low, high=high, grain="some", tight=False)


def _is_large(value: Exact) -> bool:
    return value.numerator.bit_length() + value.denominator.bit_length() > MAXIMUM_POWER_BITS


def add(left: Range, right: Range) -> Range:
    return _manageable(
        Range(
            None if left.low is None or right.low is None else simplest(left.low + right.low),
            None if left.high is None or right.high is None else simplest(left.high + right.high),
            left.low_included and right.low_included,
            left.high_included and right.high_included,
            _sum_grain(left, right),
            left.tight and right.tight,
        )
    )


def negate(value: Range) -> Range:
    return Range(
        None if value.high is None else -value.high,
        None if value.low is None else -value.low,
        value.high_included,
        value.low_included,
        value.grain,
        value.tight,
    )


def _sum_grain(left: Range, right: Range) -> Grain:
    if left.is_point or right.is_point:
        other = right if left.is_point else left
        shift = left.low if left.is_point else right.low
        if other.is_point:
            return "any"
        if other.grain == "whole" and (shift is None or shift.denominator != 1):
            return "some"
        return other.grain
    if "any" in (left.grain, right.grain):
        return "any" if left.grain == right.grain else "some"
    return "whole" if left.grain == right.grain == "whole" else "some"


def multiply(left: Range, right: Range) -> Range:
    grain: Grain = "some"
    if left.is_point or right.is_point:
        other, factor = (right, left.low) if left.is_point else (left, right.low)
        grain = "any" if other.grain == "any" else ("whole" if other.grain == "whole" and factor in (1, -1) else "some")
    elif left.grain == right.grain == "any":
        grain = "any"
    corners = [_times(a, b) for a in _ends(left) for b in _ends(right)]
    return _manageable(_from_corners(corners, grain, left.tight and right.tight))


def divide(left: Range, right: Range) -> Range:
    """The quotient where the divisor is not zero; callers deal with zero before."""
    if right.is_point and right.low == 0:
        return replace(WHOLE_LINE, tight=False)
    low_is_zero = right.low == 0
    high_is_zero = right.high == 0
    if (right.low is None or right.low < 0) and (right.high is None or right.high > 0):
        return replace(WHOLE_LINE, grain="some", tight=False)
    if right.grain == "whole" and low_is_zero:
        right, low_is_zero = replace(right, low=1, low_included=True), False
    if right.grain == "whole" and high_is_zero:
        right, high_is_zero = replace(right, high=-1, high_included=True), False
    reciprocal = Range(
        Fraction(0) if right.high is None else (None if high_is_zero else 1 / Fraction(right.high)),
        Fraction(0) if right.low is None else (None if low_is_zero else 1 / Fraction(right.low)),
        right.high is not None and right.high_included,
        right.low is not None and right.low_included,
        "any" if right.grain == "any" else "some",
        right.tight,
    )
    grain: Grain = "any" if (left.grain == "any" and right.grain == "any") or (left.grain == "any" and right.is_point) else "some"
    product = multiply(left, reciprocal)
    return replace(product, grain="any" if product.is_point else grain)


_End = tuple[Literal["-inf", "number", "inf"], Exact, bool]


def _ends(value: Range) -> tuple[_End, _End]:
    low: _End = ("-inf", 0, False) if value.low is None else ("number", value.low, value.low_included)
    high: _End = ("inf", 0, False) if value.high is None else ("number", value.high, value.high_included)
    return low, high


def _times(left: _End, right: _End) -> _End:
    (lk, lv, li), (rk, rv, ri) = left, right
    if lk == "number" and rk == "number":
        included = (li and ri) or (lv == 0 and li) or (rv == 0 and ri)
        return ("number", simplest(Fraction(lv) * rv), included)
    if (lk == "number" and lv == 0) or (rk == "number" and rv == 0):
        zero_included = li if lk == "number" else ri
        return ("number", 0, zero_included)
    negative = ((lk == "-inf") or (lk == "number" and lv < 0)) != ((rk == "-inf") or (rk == "number" and rv < 0))
    return ("-inf" if negative else "inf", 0, False)


def _from_corners(corners: list[_End], grain: Grain, tight: bool) -> Range:
    numbers = [(v, i) for k, v, i in corners if k == "number"]
    low: Exact | None = None
    high: Exact | None = None
    low_in = high_in = True
    if not any(k == "-inf" for k, _, _ in corners):
        low = min(v for v, _ in numbers) if numbers else None
        low_in = any(i for v, i in numbers if v == low)
    if not any(k == "inf" for k, _, _ in corners):
        high = max(v for v, _ in numbers) if numbers else None
        high_in = any(i for v, i in numbers if v == high)
    return Range(low, high, low_in, high_in, grain, tight)
