"""Literals, references, arithmetic, rounding, the least and the greatest, interpolation."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from .. import ranges
from ..columns import FALSE, TRUE, Columns, fractions
from ..columns.told import NotCarried, Told, Truth, Words
from ..model import Arithmetic, Extremum, Interpolate, Interval, Literal, Ref, Round
from ..numbers import Exact, divide, round_to, simplest
from ..ranges import Anything, Possible, Range
from .readings import (
    ColumnReader,
    Environment,
    Exactly,
    Failing,
    NotApplicableReached,
    Operation,
    OutOfScope,
    Readings,
    RuleFailure,
    Undecided,
    Unknown,
    Within,
    after,
    bounded,
    constant,
    number_in,
)


def as_range(reading: Possible) -> Range:
    """A reading as numbers; where nothing is known, the whole line."""
    return reading if isinstance(reading, Range) else replace(ranges.WHOLE_LINE, grain="some", tight=False)


# ---- literals and references ----------------------------------------------------


def _literal_exactly(node: Literal, _readings: Readings) -> Exactly:
    return constant(node.value)


def _literal_within(node: Literal, _possibilities: Within, _readings: Readings) -> Possible:
    return ranges.possible(node.value)


def _literal_columns(node: Literal, reader: ColumnReader) -> Told:
    value = node.value
    if isinstance(value, bool):
        return Told(Truth(TRUE if value else FALSE))
    if isinstance(value, str):
        return Told(Words(reader.columns.constant(reader.word(value))))
    if isinstance(value, date):
        return Told(fractions.constant(reader.columns, value.toordinal()))
    if isinstance(value, tuple):
        raise NotCarried
    return Told(fractions.constant(reader.columns, value))


def _ref_exactly(node: Ref, _readings: Readings) -> Exactly:
    key = node.key

    def read(environment: Environment) -> Any:
        value = environment[key]
        kind = value.__class__
        if kind is Unknown:
            raise Undecided(value)
        if kind is OutOfScope:
            raise NotApplicableReached(value.reason)
        if kind is Failing:
            raise value.failure
        return value

    return read


def _ref_within(node: Ref, possibilities: Within, _readings: Readings) -> Possible:
    found = possibilities.get(node.key, Anything())
    if isinstance(found, OutOfScope):
        raise NotApplicableReached(found.reason)
    return found


def _ref_columns(node: Ref, reader: ColumnReader) -> Told:
    return reader.at(node.key)


# ---- arithmetic --------------------------------------------------------------------


def _arithmetic_exactly(node: Arithmetic, readings: Readings) -> Exactly:
    left, right = readings.exactly(node.left), readings.exactly(node.right)
    match node.operator:
        case "+":
            return lambda e: bounded(simplest(left(e) + right(e)))
        case "-":
            return lambda e: bounded(simplest(left(e) - right(e)))
        case "*":
            return lambda e: bounded(simplest(left(e) * right(e)))
        case "/":

            def quotient(environment: Environment) -> Exact:
                dividend, divisor = left(environment), right(environment)
                if divisor == 0:
                    raise RuleFailure("E716")
                return bounded(divide(dividend, divisor))

            return quotient


def _arithmetic_within(node: Arithmetic, possibilities: Within, readings: Readings) -> Possible:
    left = as_range(readings.within(node.left, possibilities))
    right = as_range(readings.within(node.right, possibilities))
    match node.operator:
        case "+":
            return ranges.add(left, right)
        case "-":
            return ranges.add(left, ranges.negate(right))
        case "*":
            return ranges.multiply(left, right)
        case "/":
            return ranges.divide(left, right)


def _arithmetic_columns(node: Arithmetic, reader: ColumnReader) -> Told:
    parts = reader.read(node.left), reader.read(node.right)
    left, right = number_in(parts[0]), number_in(parts[1])
    columns = reader.columns
    match node.operator:
        case "+":
            return after(reader, fractions.add(columns, left, right), *parts)
        case "-":
            return after(reader, fractions.subtract(columns, left, right), *parts)
        case "*":
            return after(reader, fractions.multiply(columns, left, right), *parts)
        case "/":
            found, zero = fractions.divide(columns, left, right)
            return after(reader, found, *parts, fails=zero)


# ---- rounding ------------------------------------------------------------------------


def rounded(value: Exact, places: int, mode: str) -> Exact:
    """``value`` rounded; ``ceiling`` and ``floor`` go to a whole multiple of 10**-places."""
    if mode == "ceiling":
        return -rounded(-value, places, "floor")
    if mode == "floor":
        scaled = Fraction(value) * 10**places
        return simplest(Fraction(scaled.numerator // scaled.denominator, 10**places))
    return round_to(value, places, mode)


def _round_exactly(node: Round, readings: Readings) -> Exactly:
    value, places, mode = readings.exactly(node.value), node.places, node.mode
    return lambda e: rounded(value(e), places, mode)


def _round_within(node: Round, possibilities: Within, readings: Readings) -> Possible:
    value = as_range(readings.within(node.value, possibilities))
    low = None if value.low is None else rounded(value.low, node.places, node.mode)
    high = None if value.high is None else rounded(value.high, node.places, node.mode)
    reached = value.low_included and value.high_included
    grain: ranges.Grain = "whole" if node.places == 0 and value.grain == "any" else "some"
    if low is not None and low == high:
        grain = "any"
    return Range(low, high, True, True, grain, value.tight and reached)


def _round_columns(node: Round, reader: ColumnReader) -> Told:
    value = reader.read(node.value)
    return after(reader, fractions.rounded(reader.columns, number_in(value), node.places, node.mode), value)


# ---- least, greatest, interpolation -----------------------------------------------------


def _extremum_exactly(node: Extremum, readings: Readings) -> Exactly:
    operands = tuple(readings.exactly(o) for o in node.operands)
    choose = min if node.kind == "min" else max
    if node.passes_over:
        return lambda e: choose(_applying([partial(o, e) for o in operands]))
    if len(operands) == 2:
        first, second = operands
        if node.kind == "min":

            def least(environment: Environment) -> Any:
                a, b = first(environment), second(environment)
                return b if b < a else a

            return least

        def greatest(environment: Environment) -> Any:
            a, b = first(environment), second(environment)
            return b if b > a else a

        return greatest
    return lambda e: choose(o(e) for o in operands)


def _applying(readers: Iterable[Callable[[], Any]]) -> list[Any]:
    """What can be read, what does not apply left out.  Raises `NotApplicableReached` if nothing is left."""
    found, stopped = [], None
    for read in readers:
        try:
            found.append(read())
        except NotApplicableReached as out:
            stopped = out
    if stopped is not None and not found:
        raise stopped
    return found


def _extremum_within(node: Extremum, possibilities: Within, readings: Readings) -> Possible:
    readers = [partial(readings.within, o, possibilities) for o in node.operands]
    operands = [as_range(r) for r in (_applying(readers) if node.passes_over else (read() for read in readers))]
    if node.kind == "min":
        return ranges.negate(_greatest([ranges.negate(o) for o in operands]))
    return _greatest(operands)


def _greatest(operands: list[Range]) -> Range:
    lows = [o.low for o in operands if o.low is not None]
    low = max(lows) if lows else None
    low_in = all(o.low_included for o in operands if o.low == low) if low is not None else True
    high: Exact | None = None
    high_in = True
    if all(o.high is not None for o in operands):
        high = max(o.high for o in operands if o.high is not None)
        high_in = any(o.high_included for o in operands if o.high == high)
    moving = [o for o in operands if not o.is_point]
    whole = all(o.grain == "whole" or (o.is_point and o.low is not None and o.low.denominator == 1) for o in operands)
    grain: ranges.Grain = "whole" if whole and moving else ("any" if all(o.grain == "any" for o in operands) else "some")
    return Range(low, high, low_in, high_in, grain, all(o.tight for o in operands))


def _extremum_columns(node: Extremum, reader: ColumnReader) -> Told:
    parts = [reader.read(o) for o in node.operands]
    choose = fractions.least if node.kind == "min" else fractions.greatest
    if node.passes_over:
        return _applying_columns(parts, choose, reader)
    found = number_in(parts[0])
    for part in parts[1:]:
        found = choose(reader.columns, found, number_in(part))
    return after(reader, found, *parts)


def _applying_columns(parts: list[Told], choose: Callable[[Columns, fractions.Number, fractions.Number], fractions.Number], reader: ColumnReader) -> Told:
    columns = reader.columns
    found, out = number_in(parts[0]), parts[0].out
    for part in parts[1:]:
        value = number_in(part)
        both = fractions.choose(columns, part.out, found, choose(columns, found, value))
        found = fractions.choose(columns, out, value, both)
        out = columns.all_of((out, part.out))
    return Told(found, columns.any_of(p.fails for p in parts), out)


def interpolated(value: Exact, anchors: tuple[tuple[Exact, Exact], ...]) -> Exact:
    """The value on the straight line between anchors, flat beyond the outer ones (F10)."""
    if value <= anchors[0][0]:
        return anchors[0][1]
    for (x0, y0), (x1, y1) in itertools.pairwise(anchors):
        if value <= x1:
            return simplest(y0 + Fraction(y1 - y0) * (value - x0) / (x1 - x0))
    return anchors[-1][1]


def _interpolate_exactly(node: Interpolate, readings: Readings) -> Exactly:
    value, anchors = readings.exactly(node.value), node.anchors
    return lambda e: interpolated(value(e), anchors)


def _interpolate_within(node: Interpolate, possibilities: Within, readings: Readings) -> Possible:
    value = as_range(readings.within(node.value, possibilities))
    inner = [x for x, _ in node.anchors if value.clipped(Interval(x, True, x, True))]
    spots = [node.anchors[0][0] if value.low is None else value.low]
    spots += inner
    spots += [node.anchors[-1][0] if value.high is None else value.high]
    results = [interpolated(s, node.anchors) for s in spots]
    reached = value.grain == "any" and value.low_included and value.high_included
    return Range(min(results), max(results), True, True, "some" if value.grain != "any" else "any", value.tight and (reached or value.is_point))


def _interpolate_columns(node: Interpolate, reader: ColumnReader) -> Told:
    value = reader.read(node.value)
    return after(reader, fractions.interpolated(reader.columns, number_in(value), node.anchors), value)


OPERATIONS: Mapping[type, Operation] = {
    Literal: Operation(_literal_exactly, _literal_within, _literal_columns, lambda n: ()),
    Ref: Operation(_ref_exactly, _ref_within, _ref_columns, lambda n: ()),
    Arithmetic: Operation(_arithmetic_exactly, _arithmetic_within, _arithmetic_columns, lambda n: (n.left, n.right)),
    Round: Operation(_round_exactly, _round_within, _round_columns, lambda n: (n.value,)),
    Extremum: Operation(_extremum_exactly, _extremum_within, _extremum_columns, lambda n: n.operands),
    Interpolate: Operation(_interpolate_exactly, _interpolate_within, _interpolate_columns, lambda n: (n.value,)),
}
