"""Powers, roots, logarithms and geometric means, correct to a stated number of places.

Where a result is not rational it is rounded half up at the stated place, and that
digit is proved: the true value is enclosed ever more closely by `decimal` until both
ends of the enclosure round alike.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..limits import MAXIMUM_POWER_BITS
from ..model import Transcend
from ..numbers import Exact, round_to, simplest
from ..ranges import Possible, Range
from .readings import Environment, Exactly, Operation, Readings, RuleFailure, Within, bounded, exactly_for_each

#: Decimal digits of the largest number that a run computes.
_MOST_DIGITS = MAXIMUM_POWER_BITS * 3 // 10


def _as_decimal(value: Exact, context: decimal.Context) -> decimal.Decimal:
    return context.divide(decimal.Decimal(value.numerator), decimal.Decimal(value.denominator))


def certified(compute: Callable[[decimal.Context], decimal.Decimal], places: int) -> Exact:
    """The value of ``compute`` rounded half up to ``places``, once its error cannot matter.

    ``compute`` must be correct to all but the last five digits of the context.
    """
    for precision in (50, 100, 200, 400, 800):
        context = decimal.Context(prec=precision, rounding=decimal.ROUND_HALF_EVEN, Emax=_MOST_DIGITS, Emin=-_MOST_DIGITS)
        try:
            value = Fraction(compute(context))
        except decimal.Overflow as error:
            raise RuleFailure("E722", limit=str(MAXIMUM_POWER_BITS)) from error
        except (decimal.DivisionByZero, decimal.InvalidOperation):  # a base too near to 1 for this precision
            continue
        margin = abs(value) / 10 ** (precision - 6) + Fraction(1, 10 ** (precision - 6))
        low, high = round_to(value - margin, places, "half_up"), round_to(value + margin, places, "half_up")
        if low == high:
            return low
    raise RuleFailure("E723")


def power(base: Exact, exponent: Exact, places: int) -> Exact:
    """``base`` to the power ``exponent``: exact for whole exponents, else to ``places``."""
    if exponent.denominator == 1:
        _check_size(base, exponent.numerator)
        if base == 0 and exponent < 0:
            raise RuleFailure("E716")
        return round_to(simplest(Fraction(base) ** exponent.numerator), places, "half_up")
    if base < 0 or (base == 0 and exponent < 0):
        raise RuleFailure("E723")
    if base == 0:
        return 0
    exact = _rational_power(base, exponent)
    if exact is not None:
        return round_to(exact, places, "half_up")
    return certified(lambda c: c.exp(c.multiply(_as_decimal(exponent, c), c.ln(_as_decimal(base, c)))), places)


def _rational_power(base: Exact, exponent: Exact) -> Exact | None:
    """The power where the root comes out rational, so that ties are seen exactly."""
    degree = exponent.denominator
    if degree > 64:
        return None
    top, bottom = _whole_root(base.numerator, degree), _whole_root(base.denominator, degree)
    if top is None or bottom is None:
        return None
    _check_size(Fraction(top, bottom), exponent.numerator)
    return simplest(Fraction(top, bottom) ** exponent.numerator)


def _check_size(base: Exact, exponent: int) -> None:
    """Refuse a whole power before it is computed.  Raises `RuleFailure`."""
    size = (base.numerator.bit_length() + base.denominator.bit_length()) * abs(exponent)
    if size > MAXIMUM_POWER_BITS and base not in (0, 1, -1):
        raise RuleFailure("E722", limit=str(MAXIMUM_POWER_BITS))


def _whole_root(value: int, degree: int) -> int | None:
    low, high = 0, 1 << (value.bit_length() // degree + 1)
    while low < high:
        middle = (low + high) // 2
        if middle**degree < value:
            low = middle + 1
        else:
            high = middle
    return low if low**degree == value else None


def logarithm(value: Exact, base: Exact, places: int) -> Exact:
    """The logarithm of ``value`` to ``base``, to ``places``."""
    if value <= 0 or base <= 0 or base == 1:
        raise RuleFailure("E723")
    for exponent in range(-64, 65):
        if Fraction(base) ** exponent == value:
            return exponent
    return certified(lambda c: c.divide(c.ln(_as_decimal(value, c)), c.ln(_as_decimal(base, c))), places)


def geometric_mean(values: Sequence[Exact], places: int) -> Exact:
    if not values:
        raise RuleFailure("E718")
    product = Fraction(1)
    for value in values:
        if value < 0:
            raise RuleFailure("E723")
        product = Fraction(bounded(product * value))
    return power(simplest(product), Fraction(1, len(values)), places)


def _transcend_exactly(node: Transcend, readings: Readings) -> Exactly:
    value, argument = readings.exactly(node.value), readings.exactly(node.argument)

    def compute(environment: Environment) -> Any:
        x, y = value(environment), argument(environment)
        match node.kind:
            case "power":
                return power(x, y, node.places)
            case "root":
                if y == 0:
                    raise RuleFailure("E723")
                return power(x, simplest(1 / Fraction(y)), node.places)
            case "log":
                return logarithm(x, y, node.places)

    return compute


def _transcend_within(node: Transcend, possibilities: Within, readings: Readings) -> Possible:
    value = readings.within(node.value, possibilities)
    low = 0 if node.kind != "log" and isinstance(value, Range) and value.low is not None and value.low >= 0 else None
    return Range(low, None, True, True, "some", False)


OPERATIONS: Mapping[type, Operation] = {
    Transcend: Operation(_transcend_exactly, _transcend_within, exactly_for_each, lambda n: (n.value, n.argument)),
}
