"""Exact numbers: reading them from text, and writing them without losing anything.

A number is an ``int`` or a ``Fraction``; no float is ever made.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from .characters import plain_digits

Exact = int | Fraction


@lru_cache(maxsize=4096)
def read_decimal(text: str) -> Exact:
    """The exact value of a plain decimal such as ``12``, ``-0.5`` or ``４．５``."""
    return simplest(Fraction(plain_digits(text)))


def simplest(value: Exact) -> Exact:
    """An ``int`` where the value is whole, the fraction itself where it is not."""
    return value.numerator if value.denominator == 1 else value


def divide(left: Exact, right: Exact) -> Exact:
    """The exact quotient.  Raises ``ZeroDivisionError``."""
    if left.__class__ is int and right.__class__ is int:
        whole, rest = divmod(left, right)
        return Fraction(left, right) if rest else whole
    return simplest(Fraction(left) / right)


def distance(left: Exact, right: Exact) -> Exact:
    """How far two numbers are apart."""
    return left - right if left > right else right - left


def decimal_places(value: Exact) -> int | None:
    """How many decimal places write ``value`` out in full; ``None`` if no number does."""
    denominator = value.denominator
    twos = fives = 0
    while denominator % 2 == 0:
        denominator //= 2
        twos += 1
    while denominator % 5 == 0:
        denominator //= 5
        fives += 1
    return max(twos, fives) if denominator == 1 else None


def fixed(value: Exact, places: int) -> str:
    """``value``, rounded half up for display only, with exactly ``places`` decimals."""
    scaled = round_to(value, places, "half_up") * 10**places
    return _shifted(int(scaled), places)


def _shifted(scaled: int, places: int) -> str:
    """``scaled`` with its decimal point ``places`` from the right."""
    whole = str(abs(scaled)).rjust(places + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole[:-places]}.{whole[-places:]}" if places else f"{sign}{whole}"


def exact_text(value: Exact, longest: int = 12) -> str:
    """``value`` in full: a decimal if it ends within ``longest`` places, else ``n/d``."""
    if value.__class__ is int:
        return str(value)
    places = decimal_places(value)
    if places is None or places > longest:
        return f"{value.numerator}/{value.denominator}"
    return _shifted(value.numerator * 10**places // value.denominator, places)


def percent_text(value: Exact) -> str:
    """``value`` as an exact percentage, or as a fraction where no decimal ends."""
    places = decimal_places(value * 100)
    return f"{value.numerator}/{value.denominator}" if places is None else f"{fixed(value * 100, places)}%"


def round_to(value: Exact, places: int, mode: str) -> Exact:
    """``value`` rounded to ``places`` decimals.

    ``half_up`` moves halves away from zero (四舍五入), ``half_even`` to the even digit
    (GB/T 8170), ``up`` away from zero and ``down`` towards it.
    """
    scale = 10**places if places >= 0 else Fraction(1, 10**-places)
    scaled = value.numerator * scale
    size, denominator = abs(scaled.numerator), value.denominator * scaled.denominator
    whole, rest = divmod(size, denominator)
    if rest:
        twice = 2 * rest
        if mode == "half_up":
            whole += twice >= denominator
        elif mode == "half_even":
            whole += twice > denominator or (twice == denominator and whole % 2 == 1)
        elif mode == "up":
            whole += 1
        elif mode != "down":
            raise ValueError(mode)
    return _over_scale(whole if scaled >= 0 else -whole, places)


def _over_scale(whole: int, places: int) -> Exact:
    return divide(whole, 10**places) if places > 0 else whole * 10**-places


_EXACT = re.compile(r"(-?\d+)(?:/(\d+))?\Z")


def write_exact(value: Exact) -> str:
    """A form that `read_exact` gives back: ``12`` or ``2/3``."""
    return str(value)


def read_exact(text: str) -> Exact:
    match = _EXACT.match(text)
    if match is None:
        raise ValueError(text)
    return simplest(Fraction(int(match[1]), int(match[2] or 1)))
