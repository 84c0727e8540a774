"""A pocket calculator: works out the numbers printed in an explanation, and knows nothing of the engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import floor

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([+−\-×÷/%()，,])|([^\W\d]+(?:-[^\W\d]+)*))")
_POINTS = re.compile(r"个百分点| ?percentage[- ]points?")


class NotNumbers(ValueError):
    """The text holds something else than numbers."""


def _half_up(value: Fraction, places: Fraction) -> Fraction:
    return _sign(value) * Fraction(floor(abs(value) * 10**places + Fraction(1, 2))) / 10**places


def _half_even(value: Fraction, places: Fraction) -> Fraction:
    return Fraction(round(value * 10**places)) / 10**places


def _away(value: Fraction, places: Fraction) -> Fraction:
    return _sign(value) * -Fraction(floor(-abs(value) * 10**places)) / 10**places


def _towards(value: Fraction, places: Fraction) -> Fraction:
    return _sign(value) * Fraction(floor(abs(value) * 10**places)) / 10**places


def _sign(value: Fraction) -> int:
    return -1 if value < 0 else 1


_NAMES: dict[str, Callable[..., Fraction]] = {
    "最大": max, "max": max, "最小": min, "min": min,
    "四舍五入": _half_up, "round-half-up": _half_up, "四舍六入": _half_even, "round-half-even": _half_even,
    "只入不舍": _away, "up": _away, "只舍不入": _towards, "down": _towards,
    "向上取整": lambda x: -Fraction(floor(-x)), "round-up": lambda x: -Fraction(floor(-x)),
    "向下取整": lambda x: Fraction(floor(x)), "round-down": lambda x: Fraction(floor(x)),
}  # fmt: skip


def work_out(text: str) -> Fraction:
    """The value of ``4 × min(1, 80% ÷ 90%)``.  Raises `NotNumbers`."""
    calculator = _Calculator(_POINTS.sub("%", text))
    value = calculator.sum()
    calculator.end()
    return value


class _Calculator:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.number = self.mark = self.name = ""
        self.next()

    def next(self) -> None:
        match = _TOKEN.match(self.text, self.at)
        if match is None and self.text[self.at :].strip():
            raise NotNumbers(self.text)
        self.number, self.mark, self.name = (g or "" for g in match.groups()) if match else ("", "", "")
        self.at = match.end() if match else len(self.text)

    def end(self) -> None:
        if self.number or self.mark or self.name:
            raise NotNumbers(self.text)

    def take(self, *marks: str) -> str:
        found = self.mark
        if found not in marks or not found:
            return ""
        self.next()
        return found

    def sum(self) -> Fraction:
        value = self.product()
        while sign := self.take("+", "−", "-"):
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> Fraction:
        value = self.factor()
        while sign := self.take("×", "÷", "/"):
            other = self.factor()
            value = value * other if sign == "×" else value / other
        return value

    def factor(self) -> Fraction:
        if self.take("-", "−"):
            return -self.factor()
        value = self.atom()
        while self.take("%"):
            value /= 100
        return value

    def atom(self) -> Fraction:
        if self.number:
            value = Fraction(self.number)
            self.next()
            return value
        if self.name:
            return self.call()
        if self.take("("):
            value = self.sum()
            self.close()
            return value
        raise NotNumbers(self.text)

    def call(self) -> Fraction:
        function = _NAMES.get(self.name)
        self.next()
        if function is None or not self.take("("):
            raise NotNumbers(self.text)
        values = [self.sum()]
        while self.take("，", ","):
            values.append(self.sum())
        self.close()
        return function(*values)

    def close(self) -> None:
        if not self.take(")"):
            raise NotNumbers(self.text)
