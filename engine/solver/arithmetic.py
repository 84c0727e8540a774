"""Arithmetic, rounding, the least and greatest, and straight lines, as constraints."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from ...dsl.model import Arithmetic, Expression, Extremum, Interpolate, Interval, Literal, Ref, Round
from ...dsl.numbers import Exact, simplest
from ...dsl.operations import READINGS
from ...dsl.ranges import Range
from .terms import (
    FLIPPED,
    Term,
    add,
    both,
    compare,
    either,
    greatest,
    is_known,
    least,
    minus,
    no,
    on_grid,
    pick,
    reaches,
    rounded,
    times,
)

if TYPE_CHECKING:
    from .readings import Reader

#: As many values of a divisor or factor are tried one by one.
_MOST_VALUES = 40


# ---- arithmetic ------------------------------------------------------------------------------


def arithmetic(node: Arithmetic, reader: Reader) -> Term:
    """A sum, difference, product or quotient."""
    if node.operator == "/":
        return _quotient(node, reader)
    if node.operator in "+-":
        over = _over(node, reader)
        if over is not None and over[1] is not None:
            return reader.encoding.quotient(over[0], over[1], reader.range_of(node))
    left, right = reader.term(node.left), reader.term(node.right)
    match node.operator:
        case "+":
            return add(left, right)
        case "-":
            return minus(left, right)
    if is_known(right):
        return times(left, right)
    if is_known(left):
        return times(right, left)
    for one, term, other in ((node.left, left, right), (node.right, right, left)):
        values = _few(reader.range_of(one))
        if values is not None:
            return _by_cases(term, values, partial(times, other))
    return reader.encoding.product(left, right, reader.range_of(node))


def _over(node: Expression, reader: Reader) -> tuple[Term, Term] | None:
    """A sum of quotients with one divisor as a numerator and that divisor (``None`` for a plain number)."""
    match node:
        case Ref(key) if key not in reader.columns:
            found = reader.definition(key)
            return None if found is None else _over(found[1], found[0])
        case Literal(value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            return value, None
        case Arithmetic("/", left, right):
            below = reader.term(right)
            if is_known(below):
                inner = _over(left, reader) if below else None
                return None if inner is None else (times(inner[0], Fraction(1) / below), inner[1])
            few = reader.encoding.is_unit(right, reader) or _few(reader.range_of(right)) is not None
            return None if few else (reader.term(left), below)
        case Arithmetic("*", left, right):
            for one, other in ((left, right), (right, left)):
                factor = constant(other, reader)
                inner = _over(one, reader) if factor is not None else None
                if inner is not None and factor is not None:
                    return times(inner[0], factor), inner[1]
        case Arithmetic(operator, left, right) if operator in "+-":
            a, b = _over(left, reader), _over(right, reader)
            if a is None or b is None:
                return None
            below = a[1] if a[1] is not None else b[1]
            if below is None:
                return None
            if a[1] is not None and b[1] is not None and not a[1].eq(b[1]):
                return None
            above = [n if d is not None else times(below, n) for n, d in (a, b)]
            return (add(above[0], above[1]) if operator == "+" else minus(above[0], above[1])), below
    return None


def _quotient(node: Arithmetic, reader: Reader) -> Term:
    below = reader.term(node.right)
    if is_known(below):
        return 0 if below == 0 else times(reader.term(node.left), Fraction(1) / below)
    above = reader.term(node.left)
    if reader.encoding.is_unit(node.right, reader):
        low = reader.range_of(node.right).low
        return above if low is not None and low >= 0 else pick(below < 0, times(above, -1), above)
    values = _few(reader.range_of(node.right))
    if values is not None:
        return _by_cases(below, values, lambda v: times(above, Fraction(1) / v) if v else 0)
    return reader.encoding.quotient(above, below, reader.range_of(node))


def _few(reading: Range) -> tuple[int, ...] | None:
    if reading.grain != "whole" or reading.low is None or reading.high is None or reading.high - reading.low >= _MOST_VALUES:
        return None
    return tuple(range(int(reading.low), int(reading.high) + 1))


def _by_cases(term: Term, values: tuple[int, ...], result: Callable[[int], Term]) -> Term:
    found = result(values[-1])
    for value in values[-2::-1]:
        found = pick(compare(term, "=", value), result(value), found)
    return found


def arithmetic_against(node: Arithmetic, sign: str, value: Exact, reader: Reader) -> Term:
    """The same compared with a known number: a threshold of a quotient is one of its dividend."""
    if node.operator == "/" and not is_known(reader.term(node.right)):
        above, below = reader.term(node.left), reader.term(node.right)
        reading = reader.range_of(node.right)
        linear = compare(above, sign, times(below, value))
        if reading.low is not None and reading.low >= 0:
            return both(compare(below, ">", 0), linear)
        return either(both(compare(below, ">", 0), linear), both(compare(below, "<", 0), compare(above, FLIPPED[sign], times(below, value))))
    right = constant(node.right, reader)
    left = constant(node.left, reader)
    if left is None and right is None and node.operator in "+-":
        over = _over(node, reader)
        if over is not None and over[1] is not None:
            below = over[1]
            linear = compare(over[0], sign, times(below, value))
            flipped = compare(over[0], FLIPPED[sign], times(below, value))
            return either(both(compare(below, ">", 0), linear), both(compare(below, "<", 0), flipped))
    if right is not None:
        match node.operator:
            case "+":
                return reader.against(node.left, sign, simplest(value - right))
            case "-":
                return reader.against(node.left, sign, simplest(value + right))
        if right:
            goal = simplest(Fraction(value) / right) if node.operator == "*" else simplest(Fraction(value) * right)
            return reader.against(node.left, sign if right > 0 else FLIPPED[sign], goal)
    elif left is not None:
        match node.operator:
            case "+":
                return reader.against(node.right, sign, simplest(value - left))
            case "-":
                return reader.against(node.right, FLIPPED[sign], simplest(left - value))
        if left and node.operator == "*":
            return reader.against(node.right, sign if left > 0 else FLIPPED[sign], simplest(Fraction(value) / left))
    return compare(reader.term(node), sign, value)


def constant(node: Expression, reader: Reader) -> Exact | None:
    """The number that an expression always is, if it is written or fixed as one."""
    match node:
        case Literal(value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            return value
        case Ref(key):
            found = reader.definition(key)
            if found is not None:
                return constant(found[1], found[0])
            return reader.encoding.parameters.get(key)
    return None


def arithmetic_trouble(node: Arithmetic, kind: str, reader: Reader) -> Term:
    """A divisor of zero fails."""
    inside = either(*(reader.trouble(o, kind) for o in (node.left, node.right)))
    if node.operator != "/" or kind != "fail":
        return inside
    return either(inside, compare(reader.term(node.right), "=", 0))


# ---- rounding, least and greatest, interpolation ------------------------------------------------


def rounding(node: Round, reader: Reader) -> Term:
    """A rounded value."""
    value = reader.term(node.value)
    if is_known(value):
        return READINGS.exactly(Round(Literal(value), node.places, node.mode))({})
    return rounded(value, node.places, node.mode)


def rounding_against(node: Round, sign: str, value: Exact, reader: Reader) -> Term:
    """The same compared with a known number: what has to be rounded to reach it."""

    def at_least(goal: Exact) -> Term:
        own, limit = reaches(goal, node.places, node.mode)
        return reader.against(node.value, own, limit)

    match sign:
        case ">=":
            return at_least(on_grid(value, node.places, above=False))
        case ">":
            return at_least(on_grid(value, node.places, above=True))
        case "<":
            return no(at_least(on_grid(value, node.places, above=False)))
        case "<=":
            return no(at_least(on_grid(value, node.places, above=True)))
        case "=":
            if on_grid(value, node.places, above=False) != value:
                return False
            return both(at_least(value), no(at_least(on_grid(value, node.places, above=True))))
    return no(rounding_against(node, "=", value, reader))


def extremum(node: Extremum, reader: Reader) -> Term:
    """The least or greatest of some values."""
    terms = [reader.term(o) for o in node.operands]
    return least(terms) if node.kind == "min" else greatest(terms)


def extremum_against(node: Extremum, sign: str, value: Exact, reader: Reader) -> Term:
    """The same compared with a known number: all of the values are, or one of them."""
    if sign in ("=", "!="):
        same = both(extremum_against(node, ">=", value, reader), extremum_against(node, "<=", value, reader))
        return same if sign == "=" else no(same)
    parts = [reader.against(o, sign, value) for o in node.operands]
    return both(*parts) if (node.kind == "min") == (sign[0] == ">") else either(*parts)


def _pieces(node: Interpolate) -> list[tuple[Interval, Exact, Exact]]:
    """The straight pieces: where, with what slope, and from what start."""
    first, last = node.anchors[0], node.anchors[-1]
    found: list[tuple[Interval, Exact, Exact]] = [(Interval(None, False, first[0], True), 0, first[1])]
    for (x0, y0), (x1, y1) in itertools.pairwise(node.anchors):
        slope = simplest(Fraction(y1 - y0) / (x1 - x0))
        found.append((Interval(x0, False, x1, True), slope, simplest(y0 - slope * x0)))
    return [*found, (Interval(last[0], False), 0, last[1])]


def interpolate(node: Interpolate, reader: Reader) -> Term:
    """A point on straight lines between anchors."""
    value = reader.term(node.value)
    found: Term = node.anchors[-1][1]
    for interval, slope, start in reversed(_pieces(node)[:-1]):
        assert interval.high is not None
        found = pick(compare(value, "<=", interval.high), add(times(value, slope), start), found)
    return found


def interpolate_against(node: Interpolate, sign: str, value: Exact, reader: Reader) -> Term:
    """The same compared with a known number, line by line."""
    found = []
    for interval, slope, start in _pieces(node):
        if slope == 0:
            met = compare(start, sign, value)
        else:
            met = reader.against(node.value, sign if slope > 0 else FLIPPED[sign], simplest(Fraction(value - start) / slope))
        found.append(both(inside(node.value, interval, reader), met))
    return either(*found)


def inside(node: Expression, interval: Interval, reader: Reader) -> Term:
    """Whether a value lies in an interval."""
    found: list[Term] = []
    if interval.low is not None:
        found.append(reader.against(node, ">=" if interval.low_included else ">", interval.low))
    if interval.high is not None:
        found.append(reader.against(node, "<=" if interval.high_included else "<", interval.high))
    return both(*found)


