"""Units of measure: which count the same things, and how many of one make another."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from .frozen import frozen
from .keywords import Language
from .numbers import Exact

#: unit -> (what it measures, how many base units it is).  A unit that is not listed
#: measures only itself.
_UNITS: Mapping[str, tuple[str, Exact]] = {
    **dict.fromkeys(("人", "名", "位", "person", "persons", "people"), ("person", 1)),
    **dict.fromkeys(("人次", "visit", "visits"), ("visit", 1)),
    "元": ("money", 1),
    "万元": ("money", 10_000),
    "亿元": ("money", 100_000_000),
    **dict.fromkeys(("天", "日", "day", "days"), ("day", 1)),
    **dict.fromkeys(("个月", "月", "month", "months"), ("month", 1)),
    **dict.fromkeys(("岁", "年", "周岁", "year", "years"), ("month", 12)),
    **dict.fromkeys(("分", "point", "points"), ("point", 1)),
    **dict.fromkeys(("次", "time", "times"), ("time", 1)),
    **dict.fromkeys(("项", "item", "items"), ("item", 1)),
    **dict.fromkeys(("件", "piece", "pieces"), ("piece", 1)),
    **dict.fromkeys(("例", "case", "cases"), ("case", 1)),
    **dict.fromkeys(("份", "copy", "copies"), ("copy", 1)),
}


@frozen
class Unit:
    """What a number counts: a product of dimensions, a factor to base units, a name."""

    dimensions: tuple[tuple[str, int], ...] = ()
    factor: Exact = 1
    name: str = ""

    @property
    def is_plain(self) -> bool:
        return not self.dimensions

    def same_kind(self, other: Unit) -> bool:
        return self.dimensions == other.dimensions


PLAIN = Unit()
#: Units the language itself gives, in English; the author's own stay as written.
_ENGLISH: Mapping[str, str] = {"分": "points", "元": "yuan", "天": "days", "个月": "months", "岁": "years"}


def known_units(language: Language) -> tuple[str, ...]:
    """The units that the language knows by name, in that language."""
    return tuple(name for name in _UNITS if name.isascii() == (language == "en"))


def unit_word(unit: Unit, language: Language) -> str:
    """A unit as a reader of ``language`` knows it."""
    return _ENGLISH.get(unit.name, unit.name) if language == "en" else unit.name


def unit_named(name: str) -> Unit:
    """The unit of that name."""
    dimension, factor = _UNITS.get(name, (_singular(name), 1))
    return Unit(((dimension, 1),), factor, name)


def _singular(name: str) -> str:
    """One name for both numbers of an English noun: ``events`` and ``event``."""
    if not name.isascii() or not name.endswith("s"):
        return name
    return f"{name[:-3]}y" if name.endswith("ies") else name[:-1]


def combine(left: Unit, right: Unit, sign: int) -> Unit:
    """The unit of a product (``sign`` 1) or a quotient (``sign`` -1)."""
    exponents = dict(left.dimensions)
    for dimension, exponent in right.dimensions:
        exponents[dimension] = exponents.get(dimension, 0) + sign * exponent
    dimensions = tuple(sorted((d, e) for d, e in exponents.items() if e))
    factor = Fraction(left.factor) * (Fraction(right.factor) if sign > 0 else 1 / Fraction(right.factor))
    if dimensions == left.dimensions and right.is_plain:
        return left
    if sign > 0 and dimensions == right.dimensions and left.is_plain:
        return right
    mark = "×" if sign > 0 else "/"
    name = f"{left.name}{mark}{right.name}" if dimensions else ""
    return Unit(dimensions, factor, name)
