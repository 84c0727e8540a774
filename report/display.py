"""The display plan: as many digits as it takes for shown figures to add up and to cross no line.

Figures that end are shown in full.  A figure that has no end (a third) is rounded only
where, at some number of digits, every shown sum equals the sum of what is shown, and no
figure seems to be on the other side of a line; such a table says that it is rounded.
Where no number of digits does it, the figure is shown as the fraction it is.  Nothing is
ever shifted to make a column add up (no largest remainder): a figure that is shown is the
figure, or the figure rounded half up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.numbers import Exact, decimal_places, fixed, round_to

#: Digits after the point: at least, and at most before a fraction is written.
LEAST, MOST = 2, 6


@frozen
class Family:
    """A figure and those that it is the sum of."""

    whole: Exact
    parts: tuple[Exact, ...]


@frozen
class Plan:
    """How the figures of a table are shown: with ``places`` digits, or endless ones as fractions."""

    places: int
    rounded: bool = False
    fractions: bool = False

    def text(self, value: Exact) -> str:
        """A figure as this plan shows it."""
        own = decimal_places(value)
        if own is not None and own <= MOST:
            return fixed(value, max(own, self.places))
        if self.fractions:
            return f"{value.numerator}/{value.denominator}"
        return fixed(value, self.places)

    def shown(self, value: Exact) -> Exact:
        """The number that a reader of `text` takes it for."""
        return Fraction(self.text(value))

    def note(self, language: Language) -> str:
        """What a reader must be told of how figures are shown; nothing where all are in full."""
        if self.fractions:
            return "除不尽的分数以分数列出。" if language == "zh" else "figures without a last digit are written as fractions."
        if self.rounded:
            zh = f"除不尽的分数四舍五入到{self.places}位小数，各数之和与合计一致。"
            return zh if language == "zh" else f"figures without a last digit are rounded half up to {self.places} places; what is shown adds up."
        return ""


def plan(families: Sequence[Family], lines: Iterable[tuple[Exact, Exact]] = ()) -> Plan:
    """The plan for figures that add up, and for pairs of a figure and a line it must not seem to cross."""
    pairs = tuple(lines)
    values = [v for f in families for v in (f.whole, *f.parts)] + [v for v, _ in pairs]
    places = [decimal_places(v) for v in values]
    ending = [p for p in places if p is not None and p <= MOST]
    least = max([LEAST, *ending])
    if len(ending) == len(values):
        return Plan(least)
    for digits in range(least, MOST + 1):
        if all(_adds_up(f, digits) for f in families) and all(_same_side(v, line, digits) for v, line in pairs):
            return Plan(digits, rounded=True)
    return Plan(least, fractions=True)


def _adds_up(family: Family, digits: int) -> bool:
    return sum((round_to(p, digits, "half_up") for p in family.parts), 0) == round_to(family.whole, digits, "half_up") or not family.parts


def _same_side(value: Exact, line: Exact, digits: int) -> bool:
    shown = round_to(value, digits, "half_up")
    return (shown < line) == (value < line) and (shown > line) == (value > line)

