"""Figures for people: as many digits as are needed, so that none seems to cross a line."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..dsl.numbers import Exact, decimal_places, exact_text, fixed


def points_text(value: Exact) -> str:
    """A score: in full if it ends within four places, else shortened with ``≈``."""
    places = decimal_places(value)
    if places is not None and places <= 4:
        return exact_text(value) if places == 0 or places > 2 else fixed(value, 2)
    return f"≈{fixed(value, 4)}"


def score_text(value: Exact) -> str:
    """A score for a column: at least two decimals, so that figures stand under each other."""
    places = decimal_places(value)
    return fixed(value, 2) if places is not None and places <= 2 else points_text(value)


def rate_text(value: Exact, lines: Iterable[Exact] = ()) -> str:
    """A rate with one decimal, or more where rounding would seem to cross one of ``lines``."""
    limits: tuple[Exact, ...] = tuple(lines)
    for places in range(1, 12):
        shown = Fraction(fixed(value * 100, places)) / 100
        if all(_same_side(shown, value, limit) for limit in limits):
            return f"{fixed(value * 100, places)}%"
    return f"{value.numerator}/{value.denominator}"


def _same_side(shown: Exact, value: Exact, limit: Exact) -> bool:
    return (shown < limit) == (value < limit) and (shown > limit) == (value > limit)
