"""Time between two dates: days, working days, whole months, full years of age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from .. import ranges
from ..columns import fractions
from ..columns.told import Told
from ..model import DateSpan
from ..ranges import Possible, Range
from .numbers import as_range
from .readings import ColumnReader, Environment, Exactly, Operation, Readings, Within, after, number_in


def whole_months(start: date, end: date) -> int:
    """Full months from ``start`` to ``end``; negative when ``end`` comes first."""
    if end < start:
        return -whole_months(end, start)
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def age(born: date, on: date) -> int:
    """Full years of life on a day; someone born on 29 February comes of age on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def working_days(start: date, end: date) -> int:
    """Mondays to Fridays after ``start`` up to and including ``end``; negative backwards."""
    if end < start:
        return -working_days(end, start)
    weeks, rest = divmod((end - start).days, 7)
    tail = sum(1 for i in range(1, rest + 1) if (start + timedelta(days=i)).weekday() < 5)
    return weeks * 5 + tail


def span(kind: str, start: date, end: date) -> int:
    match kind:
        case "days":
            return (end - start).days
        case "working_days":
            return working_days(start, end)
        case "months":
            return whole_months(start, end)
        case "age":
            return age(start, end)
    raise ValueError(kind)


def _span_exactly(node: DateSpan, readings: Readings) -> Exactly:
    start, end, kind = readings.exactly(node.start), readings.exactly(node.end), node.kind

    def between(environment: Environment) -> int:
        return span(kind, start(environment), end(environment))

    return between


def _span_within(node: DateSpan, possibilities: Within, readings: Readings) -> Possible:
    start = as_range(readings.within(node.start, possibilities))
    end = as_range(readings.within(node.end, possibilities))
    if node.kind == "days":
        return replace(ranges.add(end, ranges.negate(start)), grain="whole")
    if None in (start.low, start.high, end.low, end.high):
        return Range(None, None, True, True, "some", False)
    first, last = date.fromordinal(int(start.low or 1)), date.fromordinal(int(start.high or 1))
    low = span(node.kind, last, date.fromordinal(int(end.low or 1)))
    high = span(node.kind, first, date.fromordinal(int(end.high or 1)))
    return Range(low, high, True, True, "whole")


def _span_columns(node: DateSpan, reader: ColumnReader) -> Told:
    if node.kind != "days":
        return reader.unit_by_unit(node)
    start, end = reader.read(node.start), reader.read(node.end)
    return after(reader, fractions.subtract(reader.columns, number_in(end), number_in(start)), start, end)


OPERATIONS: Mapping[type, Operation] = {
    DateSpan: Operation(_span_exactly, _span_within, _span_columns, lambda n: (n.start, n.end)),
}
