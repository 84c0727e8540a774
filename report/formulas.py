"""Formulas of cells: how a figure comes from others of its table, with their two readings.

`worked_out` is the exact value, `written` the formula of a workbook.  A table that says
how its totals come about is checked by working them out; where a formula does not give
the engine's figure to the last digit, there is none (`sums.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, assert_never

from ..dsl.frozen import frozen
from ..dsl.numbers import Exact, divide, round_to, simplest


@frozen
class At:
    """The figure in a row and a column of the same table, both counted from 0."""

    row: int
    column: int


@frozen
class Constant:
    value: Exact


@frozen
class Sum:
    parts: tuple[Formula, ...]


@frozen
class Difference:
    left: Formula
    right: Formula


@frozen
class Scaled:
    """A part × ``by`` ÷ ``over``."""

    part: Formula
    by: Exact
    over: Exact


@frozen
class Quotient:
    part: Formula
    whole: Formula


@frozen
class Extreme:
    kind: Literal["min", "max"]
    parts: tuple[Formula, ...]


@frozen
class Rounded:
    """Half up, up or down; workbooks know no half-even."""

    part: Formula
    places: int
    mode: Literal["half_up", "up", "down"]


Formula = At | Constant | Sum | Difference | Scaled | Quotient | Extreme | Rounded
_ROUNDING = {"half_up": "ROUND", "up": "ROUNDUP", "down": "ROUNDDOWN"}


def worked_out(formula: Formula, cell: Callable[[int, int], Exact]) -> Exact:
    """The exact value of a formula, given the values of cells.  Raises ``ZeroDivisionError``."""
    match formula:
        case At(row, column):
            return cell(row, column)
        case Constant(value):
            return value
        case Sum(parts):
            return simplest(sum((worked_out(p, cell) for p in parts), 0))
        case Difference(left, right):
            return simplest(worked_out(left, cell) - worked_out(right, cell))
        case Scaled(part, by, over):
            return divide(worked_out(part, cell) * by, over)
        case Quotient(part, whole):
            return divide(worked_out(part, cell), worked_out(whole, cell))
        case Extreme(kind, parts):
            values = [worked_out(p, cell) for p in parts]
            return min(values) if kind == "min" else max(values)
        case Rounded(part, places, mode):
            return round_to(worked_out(part, cell), places, mode)
    assert_never(formula)


def number_formula(value: Exact) -> str:
    """A number within a formula of a workbook, nothing of it lost: ``0.5``, ``(10/3)``."""
    from ..dsl.numbers import exact_text

    text = exact_text(value)
    return f"({text})" if "/" in text or text.startswith("-") else text


def written(formula: Formula, place: Callable[[int, int], str]) -> str:
    """A formula as a workbook writes it, without the equals sign; ``place`` names cells."""
    match formula:
        case At(row, column):
            return place(row, column)
        case Constant(value):
            return number_formula(value)
        case Sum(parts):
            return f"SUM({_arguments(parts, place)})"
        case Difference(left, right):
            return f"({written(left, place)}-{written(right, place)})"
        case Scaled(part, by, over):
            return f"{written(part, place)}*{number_formula(by)}/{number_formula(over)}"
        case Quotient(part, whole):
            below = written(whole, place)
            return f"{written(part, place)}/{below if isinstance(whole, At) else f'({below})'}"
        case Extreme(kind, parts):
            return f"{kind.upper()}({_arguments(parts, place)})"
        case Rounded(part, places, mode):
            return f"{_ROUNDING[mode]}({written(part, place)},{places})"
    assert_never(formula)


def _arguments(parts: tuple[Formula, ...], place: Callable[[int, int], str]) -> str:
    """Parts of a sum, cells that stand below each other as a range."""
    found: list[str] = []
    start: At | None = None
    last: At | None = None

    def close() -> None:
        if start is not None and last is not None:
            first = place(start.row, start.column)
            found.append(first if start.row == last.row else f"{first}:{place(last.row, last.column)}")

    for part in parts:
        if isinstance(part, At):
            if last is not None and part.column == last.column and part.row == last.row + 1:
                last = part
                continue
            close()
            start = last = part
        else:
            close()
            start = last = None
            found.append(written(part, place))
    close()
    return ",".join(found)
