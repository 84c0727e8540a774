"""Expressions as people write them: the formula with names, or with numbers put in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from .describe import enumerated, share_text
from .keywords import Language, word
from .model import (
    Aggregate,
    Arithmetic,
    Available,
    Bands,
    Called,
    Choose,
    Compare,
    DateSpan,
    DocumentPresent,
    Expression,
    Extremum,
    Grouped,
    Interpolate,
    Literal,
    Logic,
    Lookup,
    Outcome,
    Present,
    Ref,
    Round,
    Transcend,
    Type,
    Value,
)
from .numbers import exact_text, percent_text

Naming = Callable[[str], str]
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2}
_COMPARISONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "=", "!=": "≠"}
_AGGREGATES = {
    "count": "COUNT", "matters": "MATTERS", "sum": "SUM", "mean": "MEAN", "median": "MEDIAN", "min": "MINIMUM", "max": "MAXIMUM",
    "trimmed_mean": "TRIMMED_MEAN", "distinct_months": "DISTINCT_MONTHS", "geometric_mean": "GEOMETRIC_MEAN",
}  # fmt: skip
_SPANS = {"days": "DAYS_BETWEEN", "working_days": "WORKING_DAYS", "months": "MONTHS_BETWEEN", "age": "AGE"}
_POWERS = {"power": "POWER", "root": "ROOT", "log": "LOGARITHM"}


def show_value(value: Value, language: Language) -> str:
    """A constant, exact."""
    if isinstance(value, bool):
        return word("YES" if value else "NO", language)
    if isinstance(value, (int, Fraction)):
        return exact_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return enumerated((exact_text(v) for v in value), language)
    return f"“{value}”" if language == "zh" else f'"{value}"'


def show(expression: Expression, names: Naming, language: Language, *, bare: bool = False) -> str:
    """``expression`` in the words of the language, every reference by its name.

    With ``bare``, constants stand without their units, ready to be worked out again.
    """
    return _Shower(names, language, bare=bare).show(expression)


def bare_number(value: Value, text: str, language: Language) -> str:
    """A constant without its unit; a percentage keeps its sign."""
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        if text.endswith(("百分点", "percentage-point", "percentage-points")):
            return share_text(value, Type("number", share="points"), language)
        return percent_text(value) if text.endswith(("%", "％")) else exact_text(value)
    return show_value(value, language)


class _Shower:
    """Writes one expression, bracketing only where it is needed."""

    def __init__(self, names: Naming, language: Language, *, bare: bool) -> None:
        self.names, self.language, self.bare = names, language, bare
        self.comma = "，" if language == "zh" else ", "

    def call(self, key: str, *arguments: str) -> str:
        return f"{word(key, self.language)}({self.comma.join(arguments)})"

    def show(self, node: Expression, rank: int = 0) -> str:
        match node:
            case Literal(value, text):
                shown = bare_number(value, text, self.language) if self.bare or not text else text
                return f"({shown})" if rank and shown.startswith("-") else shown
            case Ref(key):
                return self.names(key)
            case Arithmetic(operator, left, right):
                own = _RANKS[operator]
                inner = f"{self.show(left, own)} {_SIGNS[operator]} {self.show(right, own + (operator in '-/'))}"
                return f"({inner})" if own < rank else inner
            case Compare(operator, left, right):
                inner = f"{self.show(left, 1)} {_COMPARISONS[operator]} {self.show(right, 1)}"
                return f"({inner})" if rank else inner
            case Logic("not", (operand,)):
                return f"{word('NOT', self.language)} {self.show(operand, 3)}"
            case Logic(operator, operands):
                key = "AND" if operator == "and" else "OR"
                inner = f" {word(key, self.language)} ".join(self.show(o, 1 if isinstance(o, Logic) else 0) for o in operands)
                return f"({inner})" if rank else inner
            case Extremum(kind, operands):
                return self.call("MINIMUM" if kind == "min" else "MAXIMUM", *(self.show(o) for o in operands))
            case Round(value, places, mode):
                return self._round(value, places, mode)
            case Choose(cases, otherwise):
                return self._choose(cases, otherwise, rank)
        return self._other(node)

    def _round(self, value: Expression, places: int, mode: str) -> str:
        if mode in ("ceiling", "floor") and places == 0:
            return self.call("CEILING_OF" if mode == "ceiling" else "FLOOR_OF", self.show(value))
        key = {"half_up": "ROUND_HALF_UP", "half_even": "ROUND_HALF_EVEN", "up": "ROUND_UP", "down": "ROUND_DOWN"}.get(mode, "ROUND_HALF_UP")
        return self.call(key, self.show(value), str(places))

    def _choose(self, cases: tuple[tuple[Expression, Expression], ...], otherwise: Expression, rank: int) -> str:
        if all(isinstance(v, Outcome) and v.kind == "error" for _, v in cases):  # what is left is what was worked out
            return self.show(otherwise, rank)
        when, then, rest = (word(k, self.language) for k in ("WHEN", "THEN", "OTHERWISE"))
        shown = [f"{when} {self.show(c)} {then} {self.show(v)}" for c, v in cases]
        inner = self.comma.join([*shown, f"{rest} {self.show(otherwise)}"])
        return f"({inner})" if rank else inner

    def _other(self, node: Expression) -> str:
        match node:
            case Bands(value, bands):
                rows = (f"{b.label}: {self.show(b.result)}" for b in bands)
                return f"{self.show(value, 1)} [{'; '.join(rows)}]"
            case Interpolate(value, anchors):
                rows = (f"{exact_text(x)}: {exact_text(y)}" for x, y in anchors)
                return f"{self.show(value, 1)} [{'; '.join(rows)}]"
            case Aggregate():
                return self._aggregate(node)
            case Grouped(source, by, columns, where):
                kept = f"{self.comma}{word('WHERE', self.language)} {self.show(where)}" if where is not None else ""
                worked = "; ".join(f"{name} = {self.show(column)}" for name, column in columns)
                return f"{self.show(source)}{self.comma}{word('BY', self.language)} {by}{kept} [{worked}]"
            case Available(operands, at_least):
                return self.call("MEAN_PRESENT", str(at_least), *(self.show(o) for o in operands))
            case Present(key):
                return self.call("PRESENT", self.names(key))
            case DocumentPresent(kinds, _, terms):
                return "《" + "》/《".join(kinds) + "》" + (f"（{terms}）" if terms else "")
            case Lookup(table, keys, _):
                return self.call("LOOK_UP", table, *(self.show(k) for k in keys))
            case DateSpan(kind, start, end):
                return self.call(_SPANS[kind], self.show(start), self.show(end))
            case Transcend(kind, value, argument, places):
                return self.call(_POWERS[kind], self.show(value), self.show(argument), str(places))
            case Called(key, arguments):
                return self.call(key, *arguments)
            case Outcome(kind, _):
                return word("OUT" if kind == "out" else "AS_ERROR", self.language)
        raise AssertionError(node)

    def _aggregate(self, node: Aggregate) -> str:
        arguments = [self.show(node.source)]
        if isinstance(node.each, Ref):
            arguments = [f"{arguments[0]}.{self.names(node.each.key)}"]
        elif node.each is not None:
            arguments.append(f"{word('EACH_RECORD', self.language)} {self.show(node.each)}")
        if node.where is not None:
            arguments.append(f"{word('WHERE', self.language)} {self.show(node.where)}")
        if node.kind == "trimmed_mean":
            arguments += [str(d) for d in node.drop]
        return self.call(_AGGREGATES[node.kind], *arguments)
