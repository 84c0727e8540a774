"""One number from many: lists of numbers, tables of records, values that are there."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from .. import ranges
from ..columns import fractions
from ..columns.told import Told
from ..limits import MOST_ROWS_READ
from ..model import Aggregate, Available, Expression, Grouped
from ..numbers import Exact, divide, simplest
from ..ranges import Anything, Listing, Possible, Range, Records, certain
from .numbers import as_range
from .powers import geometric_mean
from .readings import (
    ColumnReader,
    Environment,
    Exactly,
    NotApplicableReached,
    Operation,
    Readings,
    RuleFailure,
    Undecided,
    Unknown,
    Within,
    bounded,
    exactly_for_each,
    number_in,
)


def total(values: Iterable[Exact]) -> Exact:
    """The sum, refused as soon as it grows beyond any use.  Raises `RuleFailure`."""
    found: Exact = 0
    for value in values:
        found = bounded(found + value)
    return simplest(found)


def mean(values: Sequence[Exact]) -> Exact:
    """The arithmetic mean.  Raises `RuleFailure` for an empty list."""
    if not values:
        raise RuleFailure("E718")
    return bounded(divide(total(values), len(values)))


def median(values: Sequence[Exact]) -> Exact:
    """The middle value, or the mean of the two middle ones."""
    if not values:
        raise RuleFailure("E718")
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else mean(ordered[half - 1 : half + 1])


def trimmed(values: Sequence[Exact], high: int, low: int) -> list[Exact]:
    """``values`` without the ``high`` greatest and the ``low`` least; of equals only so many go."""
    if len(values) <= high + low:
        raise RuleFailure("E718")
    return sorted(values)[low : len(values) - high]


def distinct_months(dates: Sequence[date]) -> int:
    return len({(d.year, d.month) for d in dates})


def _summary(node: Aggregate) -> Callable[[Sequence[Any]], Exact]:
    match node.kind:
        case "count" | "matters":
            return len
        case "sum":
            return total
        case "mean":
            return mean
        case "median":
            return median
        case "trimmed_mean":
            return lambda v: mean(trimmed(v, *node.drop))
        case "distinct_months":
            return distinct_months
        case "geometric_mean":
            return lambda v: geometric_mean(v, node.places)
        case "min" | "max":
            choose = min if node.kind == "min" else max

            def extreme(values: Sequence[Any]) -> Any:
                if not values:
                    raise RuleFailure("E718")
                return choose(values)

            return extreme


def _aggregate_exactly(node: Aggregate, readings: Readings) -> Exactly:
    source = readings.exactly(node.source)
    each = readings.exactly(node.each) if node.each is not None else None
    where = node.where
    summary = _summary(node)
    matter = node.matter
    earlier = tuple((_rows_of(e, readings), e.matter) for e in node.counted_before)
    rows_of = _rows_of(node, readings)

    def aggregate(environment: Environment) -> Exact:
        if where is None and each is None and matter is None:
            return summary(source(environment))
        rows = rows_of(environment)
        if matter is not None:
            counted = {row[key] for kept, key in earlier for row in kept(environment)}
            rows = _not_counted(rows, matter, counted)
        if each is None:
            return summary(rows)
        scope = dict(environment)
        values = []
        for row in rows:
            scope.update(row)
            values.append(each(scope))
        return summary(values)

    return aggregate


def _rows_of(node: Aggregate, readings: Readings) -> Callable[[Environment], list[Any]]:
    """The records that an aggregate's condition keeps."""
    source = readings.exactly(node.source)
    where = readings.exactly(node.where) if node.where is not None else None

    def kept(environment: Environment) -> list[Any]:
        rows = source(environment)
        if where is None:
            return list(rows)
        scope = dict(environment)
        found = []
        for row in rows:
            scope.update(row)
            if where(scope):
                found.append(row)
        return found

    return kept


def _not_counted(rows: list[Any], matter: str, counted: set[Any]) -> list[Any]:
    """The rows whose matter is not counted yet, each matter once (F33)."""
    kept = []
    for row in rows:
        if row[matter] not in counted:
            counted.add(row[matter])
            kept.append(row)
    return kept


def _aggregate_within(node: Aggregate, possibilities: Within, readings: Readings) -> Possible:
    found = readings.within(node.source, possibilities)
    if isinstance(found, Listing) and node.where is None and node.each is None:
        return _listing_within(node, found)
    if isinstance(found, Records) and len(found.rows) <= MOST_ROWS_READ:
        return _records_within(node, found, possibilities, readings)
    if node.kind in ("count", "matters", "distinct_months"):
        return Range(0, None, True, True, "some", False)
    return Range(None, None, True, True, "some", False)


def _records_within(node: Aggregate, found: Records, possibilities: Within, readings: Readings) -> Range:
    """What an aggregate can be while some cells are blank: record by record."""
    sure: list[Possible] = []
    perhaps: list[Possible] = []
    for row in found.rows:
        scope = ChainMap(dict(row), possibilities)  # type: ignore[arg-type]
        try:
            kept = True if node.where is None else certain(readings.within(node.where, scope))
            if kept is not False:
                (sure if kept else perhaps).append(Range(1, 1) if node.each is None else readings.within(node.each, scope))
        except (NotApplicableReached, RuleFailure):
            perhaps.append(Range(None, None))
    if node.kind in ("count", "matters", "distinct_months"):
        least = len(sure) if node.kind == "count" and node.matter is None else 0
        return Range(least, len(sure) + len(perhaps), True, True, "some", False)
    values = [as_range(v) for v in sure]
    doubtful = [as_range(v) for v in perhaps]
    if node.kind == "sum":
        total_of = Range(0, 0)
        for value in values:
            total_of = ranges.add(total_of, value)
        for value in doubtful:
            total_of = ranges.add(total_of, ranges.hull_of_ranges([value, Range(0, 0)]))
        return Range(total_of.low, total_of.high, total_of.low_included, total_of.high_included, "some", False)
    if not values and not doubtful:
        return Range(None, None, True, True, "some", False)
    spread = ranges.hull_of_ranges([*values, *doubtful])
    return Range(spread.low, spread.high, True, True, "some", False)


def _listing_within(node: Aggregate, found: Listing) -> Range:
    element = found.element
    match node.kind:
        case "count":
            return Range(found.count_low, found.count_high, True, True, "whole")
        case "sum":
            count = Range(found.count_low, found.count_high, True, True, "whole")
            product = ranges.multiply(element, count)
            return Range(product.low, product.high, product.low_included, product.high_included, "some", False)
        case "mean" | "median" | "trimmed_mean" | "min" | "max" | "geometric_mean":
            grain: ranges.Grain = "any" if element.grain == "any" else "some"
            return Range(element.low, element.high, element.low_included, element.high_included, grain, element.tight)
        case _:
            return Range(0, found.count_high, True, True, "some", False)


def _aggregate_operands(node: Aggregate) -> tuple[Expression, ...]:
    return tuple(x for x in (node.source, node.each, node.where, *node.counted_before) if x is not None)


def _grouped_exactly(node: Grouped, readings: Readings) -> Exactly:
    source, key, by = readings.exactly(node.source), node.source.key, f"column.{node.by}"
    where = readings.exactly(node.where) if node.where is not None else None
    columns = tuple((f"column.{name}", readings.exactly(value)) for name, value in node.columns)

    def group(environment: Environment) -> tuple[Mapping[str, Any], ...]:
        groups: dict[Any, list[Any]] = {}
        for row in source(environment):
            scope = {**environment, **row}
            if where is None or where(scope):
                value = row[by]
                if isinstance(value, Unknown):
                    raise Undecided(value)
                groups.setdefault(value, []).append(row)
        made = []
        for value, rows in groups.items():
            scope = {**environment, key: tuple(rows)}
            made.append({by: value, **{name: column(scope) for name, column in columns}})
        return tuple(made)

    return group


def _grouped_operands(node: Grouped) -> tuple[Expression, ...]:
    return (node.source, *(() if node.where is None else (node.where,)), *(value for _, value in node.columns))


def _available_exactly(node: Available, readings: Readings) -> Exactly:
    operands = tuple(readings.exactly(o) for o in node.operands)

    def average(environment: Environment) -> Exact:
        values: list[Exact] = []
        waiting: set[str] = set()
        for operand in operands:
            try:
                values.append(operand(environment))
            except Undecided as undecided:
                waiting |= undecided.unknown.waiting
            except NotApplicableReached:
                continue
        if len(values) < node.at_least:
            raise Undecided(Unknown(frozenset(waiting), Range(None, None, tight=False)))
        return mean(values)

    return average


def _available_within(node: Available, possibilities: Within, readings: Readings) -> Possible:
    operands = []
    for operand in node.operands:
        try:
            operands.append(as_range(readings.within(operand, possibilities)))
        except NotApplicableReached:
            continue
    if not operands:
        return Range(None, None, tight=False)
    spread = ranges.hull_of_ranges(operands)
    return Range(spread.low, spread.high, True, True, "some", False)


def _available_columns(node: Available, reader: ColumnReader) -> Told:
    columns = reader.columns
    parts = [reader.read(o) for o in node.operands]
    nothing, one = fractions.constant(columns, 0), fractions.constant(columns, 1)
    found = fractions.total(columns, [fractions.choose(columns, p.out, nothing, number_in(p)) for p in parts])
    count = fractions.total(columns, [fractions.choose(columns, p.out, nothing, one) for p in parts])
    few = fractions.compare(columns, "<", count, fractions.constant(columns, max(node.at_least, 1)))
    mean_of_all, _ = fractions.divide(columns, found, count)
    return Told(mean_of_all, columns.any_of((few, *(p.fails for p in parts))))


OPERATIONS: Mapping[type, Operation] = {
    Aggregate: Operation(_aggregate_exactly, _aggregate_within, exactly_for_each, _aggregate_operands),
    Grouped: Operation(_grouped_exactly, lambda n, p, r: Anything(), exactly_for_each, _grouped_operands),
    Available: Operation(_available_exactly, _available_within, _available_columns, lambda n: n.operands),
}
