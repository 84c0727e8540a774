"""When a unit is due again, and what its results say to a request for posts: advice, never a decision."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.model import DataItem, Value
from ..dsl.use import Reason, UseOfResults
from .evaluate import values_of
from .unit import Entry, UnitData


@frozen
class Told:
    """One reason that applies (``holds``), or that cannot be told (``None``) for want of ``missing``."""

    reason: Reason
    holds: bool | None
    values: tuple[tuple[str, Any], ...]
    missing: tuple[str, ...] = ()


def due_on(use: UseOfResults, grade: str | None, evaluated: date) -> date | None:
    """The day on which a unit with such a grade is due again; ``None`` if no frequency is written for it."""
    by_grade = {f.grade: f.months for f in use.frequencies}
    months = by_grade.get(grade, by_grade.get(None)) if grade is not None else by_grade.get(None)
    return None if months is None else months_later(evaluated, months)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def reasons_for(use: UseOfResults, unit: str, on: date, known: Mapping[str, Any]) -> tuple[Told, ...]:
    """Every reason that applies or that cannot be told, in written order.

    ``known`` are values by the names of data items; what is not there, or of another
    type than declared, is missing.
    """
    entries: dict[str, Entry] = {}
    for item in use.declared.data:
        value = known.get(item.name)
        if value is not None and _fits(item, value):
            entries[item.name] = value
    values = values_of(use.declared, UnitData(unit, "", on, values=entries))
    found = []
    for reason in use.reasons:
        holds = values[reason.key]
        shown = tuple((s.split(".", 1)[1], values[s]) for s in reason.sources if "." in s and _is_value(values.get(s)))
        if isinstance(holds, bool):
            if holds:
                found.append(Told(reason, True, shown))
        else:
            waiting: frozenset[str] = getattr(holds, "waiting", frozenset())
            found.append(Told(reason, None, shown, tuple(sorted(w.split(".", 1)[-1] for w in waiting))))
    return tuple(found)


def _is_value(value: Any) -> bool:
    return isinstance(value, (int, Fraction, str, bool, date))


def _fits(item: DataItem, value: Value) -> bool:
    match item.type.kind:
        case "number":
            return isinstance(value, (int, Fraction)) and not isinstance(value, bool)
        case "yes_no":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "choice":
            return isinstance(value, str) and value in item.type.options
        case "date":
            return isinstance(value, date)
    return False
