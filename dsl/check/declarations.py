"""Data items, parameters, tables and derived values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ..describe import describe_type, possibility_of, read_date
from ..diagnostics import Label, Place, nearest
from ..expressions import Named, name_of
from ..forms.lowering import quantity, sign_facts
from ..keywords import KEYWORDS, word
from ..model import (
    Choose,
    Column,
    Compare,
    DataItem,
    DatedPeriod,
    DatedValue,
    Derived,
    Literal,
    Outcome,
    Parameter,
    Type,
)
from ..numbers import Exact
from ..periods import common, gaps, span
from ..ranges import Possible, hull, point
from ..syntax import Line, Node, Part, Word
from ..units import PLAIN, unit_named
from .draft import Draft, node_of, word_of
from .memory import CheckMemory

#: A line number after every line.
_AFTER_EVERYTHING = 1 << 60
#: Marks that only a column of a table can have.
_OF_COLUMNS = frozenset({"may_be_blank", "personal", "identity", "shared_source"})
_NUMERIC = {"INTEGER", "NUMBER_TYPE", "PERCENTAGE", "MONEY", "DURATION", "NUMBERS"}


@dataclass(slots=True)
class _Attributes:
    """What stands after a type: unit, range, source, and marks."""

    unit: Node | None = None
    low: Exact | None = None
    high: Exact | None = None
    count_low: int = 0
    count_high: int | None = None
    source: str | None = None
    assessed: bool = False
    fixed: bool = False
    matter: bool = False
    may_be_blank: bool = False
    personal: bool = False
    identity: bool = False
    shared_source: bool = False
    deviation: Exact | None = None
    previous: tuple[str, str] | None = None


def read_data(draft: Draft, memory: CheckMemory) -> tuple[DataItem, ...]:
    """Every declared data item, with its columns where it is a table."""
    items: list[DataItem] = []
    for block in draft.blocks("data"):
        columns = sorted((f.line for f in block.fields if f.kind == "column"), key=lambda c: c.number)
        rows = list(block.rows)
        for position, row in enumerate(rows):
            end = rows[position + 1].number if position + 1 < len(rows) else _AFTER_EVERYTHING
            own = [c for c in columns if row.number < c.number < end]
            known = memory.row(row, own, draft.place(row, row.node.parts[0]))
            if known is None:
                known = _read_row(draft, row, own, memory)
            if known is not None and draft.declare(known[0].name, known[1]):
                items.append(known[0])
                draft.scope.possibilities[known[0].key] = known[2]
        for column in columns:
            if not rows or column.number < rows[0].number:
                draft.report("E106", column, None, word=word("COLUMN", draft.language))
    return tuple(items)


def _read_row(draft: Draft, row: Line, columns: list[Line], memory: CheckMemory) -> tuple[DataItem, Named, Possible] | None:
    """A data row with its columns; what gave no finding is remembered."""
    before = len(draft.scope.found)
    item = _data_item(draft, row, columns)
    if item is None:
        return None
    named, reading = _named(item), possibility_of(item)
    if len(draft.scope.found) == before:
        memory.keep_row(row, columns, item, named, reading)
    return item, named, reading


def _named(item: DataItem) -> Named:
    return Named(item.key, item.type, item.place, {c.name: c for c in item.columns})


def _data_item(draft: Draft, row: Line, columns: list[Line]) -> DataItem | None:
    name_node, type_node, *attributes = row.node.parts
    name = name_of(name_node)
    type_word = word_of(node_of(type_node).parts[0])
    found = _attributes(draft, row, attributes, type_word.kind)
    kind = _type(draft, row, node_of(type_node), found)
    if kind is None or found is None:
        draft.scope.lost_names |= {name}
        return None
    if kind.kind == "records":
        read = [c for c in (_column(draft, line) for line in columns) if c is not None]
        if not columns:
            draft.report("E219", row, name_node, name=name)
        for line, name_again in _columns_again(columns):
            draft.report("E209", line, name_again, name=name_of(name_again))
    else:
        read = []
        for line in columns:
            draft.report("E220", line, None, name=name)
    return DataItem(
        name, kind, draft.place(row, name_node), found.low, found.high, found.count_low, found.count_high,
        found.source, found.assessed, found.fixed, tuple(read), found.deviation, found.previous,
    )  # fmt: skip


def _columns_again(columns: list[Line]) -> Iterator[tuple[Line, Node]]:
    """The columns whose name is taken by one before them."""
    seen: set[str] = set()
    for line in columns:
        name = node_of(line.node.parts[1])
        if name_of(name) in seen:
            yield line, name
        seen.add(name_of(name))


def _column(draft: Draft, line: Line) -> Column | None:
    _, name_node, type_node, *attributes = line.node.parts
    type_word = word_of(node_of(type_node).parts[0])
    found = _attributes(draft, line, attributes, type_word.kind)
    kind = _type(draft, line, node_of(type_node), found)
    if kind is None or found is None:
        return None
    if kind.kind in ("records", "numbers"):
        draft.report("E221", line, type_node)
        return None
    if found.identity and kind.kind != "text":
        draft.report("E251", line, type_node)
        return None
    if found.matter and found.may_be_blank:
        draft.report("E250", line, None, name=name_of(name_node))
        return None
    return Column(
        name_of(name_node), kind, found.low, found.high, found.matter, found.may_be_blank,
        found.personal or found.identity, found.identity, names_source=found.shared_source,
    )  # fmt: skip


def _type(draft: Draft, line: Line, node: Node, found: _Attributes | None) -> Type | None:
    if found is None:
        return None
    unit = PLAIN if found.unit is None else unit_named(name_of(found.unit))
    match word_of(node.parts[0]).kind:
        case "INTEGER":
            return Type("number", unit, True)
        case "NUMBER_TYPE":
            return Type("number", unit)
        case "PERCENTAGE":
            return Type("number", share="percent")
        case "MONEY":
            return Type("number", unit if found.unit is not None else unit_named("元"))
        case "DURATION":
            return Type("number", unit if found.unit is not None else unit_named("天"), True)
        case "NUMBERS":
            return Type("numbers", unit)
        case "DATE_TYPE":
            return Type("date")
        case "TEXT_TYPE":
            return Type("text")
        case "YES_NO":
            return Type("yes_no")
        case "RECORDS":
            return Type("records", unit)
    options = tuple(name_of(p) for p in node_of(node.parts[1]).parts)
    double = next((o for i, o in enumerate(options) if o in options[:i]), None)
    if double is not None:
        draft.report("E209", line, node, name=double, line=str(line.number))
        return None
    return Type("choice", options=options)


def _attributes(draft: Draft, line: Line, parts: list[Part], kind: str) -> _Attributes | None:
    found = _Attributes()
    plain = [p for p in parts if isinstance(p, Node)]
    units = [u for p in plain if p.kind in ("unit", "name") and (u := _unit_node(p)) is not None]
    no_unit = kind in ("PERCENTAGE", "DATE_TYPE", "TEXT_TYPE", "YES_NO", "OPTIONS")
    odd = next((u for u in units if no_unit or u is not units[0] or re.search(r"\d", name_of(u))), None)
    if odd is not None:
        words = [word(k, draft.language) for k in ("ASSESSED", "FIXED", "SOURCE", "RANGE_FROM", "RANGE_UP")]
        near = nearest(re.split(r"\s*\d", name_of(odd))[0], words)
        draft.report("E222", line, odd, text=name_of(odd), type=words_of(draft, kind), **({"near": near} if near else {}))
        return None
    found.unit = units[0] if units else None
    for node in plain:
        if not _attribute(draft, line, node, kind, found):
            return None
    if found.low is not None and found.high is not None and found.low > found.high:
        draft.report("E405", line)
        return None
    return found


def _unit_node(node: Node | None) -> Node | None:
    if node is None:
        return None
    inner = node.parts[0]
    return inner if isinstance(inner, Node) else node


def _attribute(draft: Draft, line: Line, node: Node, kind: str, found: _Attributes) -> bool:
    match node.kind:
        case "range_from" | "range_up":
            value = _limit(draft, line, node_of(node.parts[1]), kind, found)
            if node.kind == "range_from":
                found.low = value
            else:
                found.high = value
            return value is not None
        case "range_between":
            low_node, _, high_node = (node_of(p) if isinstance(p, Node) else p for p in node.parts)
            found.low = _limit(draft, line, low_node, kind, found)
            found.high = None if found.low is None else _limit(draft, line, high_node, kind, found)
            return found.low is not None and found.high is not None
        case "count_between":
            least, most = (draft.whole(line, w) for w in node.words() if w.kind == "NUMBER")
            if least is None or most is None:
                return False
            found.count_low, found.count_high = least, most
            if kind != "NUMBERS":
                draft.report("E222", line, node, text=line.text[node.start : node.end], type=words_of(draft, kind))
                return False
            if least > most:
                draft.report("E405", line, node)
                return False
        case "source":
            found.source = name_of(node.parts[1])
        case "deviation":
            found.deviation = _limit(draft, line, node_of(node.parts[1]), kind, found)
            if found.deviation is not None and (kind != "NUMBERS" or line.node.kind == "column"):
                draft.report("E222", line, node, text=line.text[node.start : node.end], type=words_of(draft, kind))
                return False
            return found.deviation is not None
        case "previous" | "previous_total":
            return _previous(draft, line, node, kind, found)
        case "assessed" | "fixed" | "matter" | "may_be_blank" | "personal" | "identity" | "shared_source":
            if node.kind in _OF_COLUMNS and line.node.kind != "column":
                draft.report("E222", line, node, text=line.text[node.start : node.end], type=words_of(draft, kind))
                return False
            setattr(found, node.kind, True)
    return True


def _previous(draft: Draft, line: Line, node: Node, kind: str, found: _Attributes) -> bool:
    """上期: what of the last period's result the item is; a rate is a percentage, a score a number of points."""
    words = list(node.words())
    of_rate = any(w.kind == "RATE" for w in words)
    code = next((w.text for w in words if w.kind == "CODE"), "")
    points = found.unit is None or name_of(found.unit) in ("分", "points", "point")
    if line.node.kind == "column" or kind != ("PERCENTAGE" if of_rate else "NUMBER_TYPE") or not points:
        closed = node.end + (line.text[node.end : node.end + 1] in (")", "）"))
        draft.report("E257", line, node, None, text=line.text[node.start : closed])
        return False
    found.previous = ("rate" if of_rate else "score", code) if code else ("total", "")
    return True


def _limit(draft: Draft, line: Line, node: Part, kind: str, found: _Attributes) -> Exact | None:
    """A bound of a range, which must be written in the unit of the item."""
    assert isinstance(node, Node)
    read = quantity(node)
    if read is None or kind not in _NUMERIC:
        draft.report("E222", line, node, text=line.text[node.start : node.end], type=words_of(draft, kind))
        return None
    value, own = read
    percent = Type("number", share="percent")
    if kind == "PERCENTAGE" and own.share not in ("percent", "points") and value != 0:
        draft.report("E517", line, node, None, **sign_facts(line, node, percent, draft.language))
        return None
    if kind != "PERCENTAGE" and own.share in ("percent", "points"):
        draft.report("E517", line, node, None, **sign_facts(line, node, Type("number"), draft.language))
        return None
    if kind == "INTEGER" and value.denominator != 1:
        draft.report("E509", line, node)
        return None
    unit = found.unit and name_of(found.unit)
    if not own.unit.is_plain and own.unit.name != unit:
        draft.report("E502", line, node, None, **two_units(draft, Type("number", unit_named(unit) if unit else PLAIN), own))
        return None
    return value


def two_units(draft: Draft, left: Type, right: Type) -> dict[str, str]:
    return {"left": describe_type(left, draft.language), "right": describe_type(right, draft.language)}


def words_of(draft: Draft, key: str) -> str:
    return KEYWORDS[key].spelling(draft.language)


# ---- parameters -----------------------------------------------------------------------


def read_parameters(draft: Draft, whole: DatedPeriod) -> tuple[Parameter, ...]:
    """Every parameter with its dated values; periods must neither overlap nor leave a gap between
    them, or in the time (``whole``) for which the ruleset says that it is in force."""
    groups: dict[str, list[tuple[DatedValue, Type, Line]]] = {}
    for block in draft.blocks("parameters"):
        for row in block.rows:
            name_node, quantity_node, *clauses = row.node.parts
            read = quantity(quantity_node)
            if read is None:
                wanted, given = (describe_type(Type(k), draft.language) for k in ("number", "date"))
                draft.report("E501", row, quantity_node, wanted=wanted, found=given)
                continue
            value = _dated_value(draft, row, node_of(quantity_node), read[0], clauses)
            if value is not None:
                groups.setdefault(name_of(name_node), []).append((value, read[1], row))
    parameters: list[Parameter] = []
    for name, entries in groups.items():
        kind = entries[0][1]
        odd = next((e for e in entries if (e[1].unit, e[1].share) != (kind.unit, kind.share)), None)
        if odd is not None:
            draft.report("E502", odd[2], None, None, **two_units(draft, kind, odd[1]))
            draft.scope.lost_names |= {name}
            continue
        kind = replace(kind, whole=all(e[1].whole for e in entries))
        values = tuple(sorted((e[0] for e in entries), key=lambda v: v.start or date.min))
        parameter = Parameter(name, kind, values, draft.place(entries[0][2]))
        if not _periods_fit(draft, parameter, whole):
            draft.scope.lost_names |= {name}
        elif draft.declare(name, Named(parameter.key, kind, parameter.place)):
            parameters.append(parameter)
            readings: list[Possible] = [point(v.value) for v in values]
            draft.scope.possibilities[parameter.key] = hull(readings)
    return tuple(parameters)


def _dated_value(draft: Draft, row: Line, node: Node, value: Exact, clauses: list[Part]) -> DatedValue | None:
    start = end = source = None
    for clause in clauses:
        if not isinstance(clause, Node):
            continue
        if clause.kind == "source":
            source = name_of(clause.parts[1])
            continue
        day = read_date(word_of(clause.parts[1]).text)
        if day is None:
            draft.report("E113", row, clause.parts[1], text=word_of(clause.parts[1]).text)
            return None
        if clause.kind == "from_date":
            start = day
        else:
            end = day
    if start and end and start > end:
        draft.report("E405", row)
        return None
    if source is None:
        draft.report("W231", row, None, name=name_of(row.node.parts[0]))
    text = row.text[node.start : node.end]
    return DatedValue(value, text, start, end, source, draft.place(row))


def _periods_fit(draft: Draft, parameter: Parameter, whole: DatedPeriod) -> bool:
    periods = [DatedPeriod(v.start, v.end) for v in parameter.values]
    for earlier, later, one, other in zip(parameter.values, parameter.values[1:], periods, periods[1:], strict=False):
        if common(one, other) is not None:
            draft.report_at("E223", [Label(later.place), Label(earlier.place)], name=parameter.name)
            return False
    dated = whole.start is not None or whole.end is not None
    gap = next(iter(gaps(periods, whole if dated else None)), None)
    if gap is not None:
        after = next((v for v in parameter.values if gap.end is not None and v.start is not None and v.start > gap.end), parameter.values[-1])
        draft.report_at("E224", [Label(after.place)], name=parameter.name, days=span(gap))
    return gap is None


# ---- derived values -----------------------------------------------------------------------


def read_derived(draft: Draft, row: Line) -> Derived | None:
    """One derived value, once those that it uses are known."""
    name = name_of(row.node.parts[0])
    _, _, expression_node, _, choice = row.node.parts
    reader = draft.reader(row)
    typed = reader.read(expression_node)
    if typed is None:
        return None
    written = choice.kind if isinstance(choice, Word) else None
    if reader.divisors and written is None:
        report_divisor(draft, row, reader.divisors[0][1])
        return None
    if written in ("FULL_MARKS", "ZERO_MARKS"):
        draft.report("E624", row, choice, name=name)
        return None
    expression = typed.expression
    if reader.divisors:
        outcome = Outcome("out", "zero_divisor") if written == "OUT" else Outcome("error", "E716")
        cases = tuple((Compare("=", d, Literal(0, "0")), outcome) for d, _ in reader.divisors)
        expression = Choose(cases, expression)
    elif written is not None:
        draft.report("W230", row, choice)
    return Derived(name, typed.type, expression, draft.place(row, row.node.parts[0]))


def report_divisor(draft: Draft, row: Line, place: Place) -> None:
    draft.scope.report("E522", place, divisor=row.text[place.start : place.end])
