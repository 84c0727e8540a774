"""Comparisons, and/or/not, cases, bands, look-ups, and what is there or not."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Mapping
from typing import Any

from .. import ranges
from ..columns import FALSE, TRUE, Number, fractions
from ..columns.told import NotCarried, Told, Truth
from ..columns.told import Words as WordColumn
from ..model import (
    Bands,
    Called,
    Choose,
    Compare,
    DocumentPresent,
    Expression,
    Interval,
    Literal,
    Logic,
    Lookup,
    Outcome,
    Present,
)
from ..ranges import Anything, Possible, Range, Truths, Words, certain, hull
from .numbers import as_range
from .readings import (
    ColumnReader,
    Environment,
    Exactly,
    NotApplicableReached,
    Operation,
    OutOfScope,
    Readings,
    RuleFailure,
    Undecided,
    Unknown,
    Within,
    after,
    number_in,
    truth_in,
)

EITHER = Truths(frozenset({True, False}))
UNSURE = Truths(frozenset({True, False}), tight=False)
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}


# ---- comparison ---------------------------------------------------------------------


def _compare_exactly(node: Compare, readings: Readings) -> Exactly:
    left, right, sign = readings.exactly(node.left), readings.exactly(node.right), _SIGNS[node.operator]
    return lambda e: sign(left(e), right(e))


def _compare_within(node: Compare, possibilities: Within, readings: Readings) -> Possible:
    left, right = readings.within(node.left, possibilities), readings.within(node.right, possibilities)
    if isinstance(left, Range) and isinstance(right, Range):
        return _compare_ranges(node.operator, left, right)
    if node.operator in ("=", "!="):
        return _compare_sets(node.operator == "=", left, right)
    return UNSURE


def _compare_ranges(sign: str, left: Range, right: Range) -> Truths:
    difference = ranges.add(left, ranges.negate(right))
    wanted = {
        "<": (Interval(None, False, 0, False),),
        "<=": (Interval(None, False, 0, True),),
        ">": (Interval(0, False),),
        ">=": (Interval(0, True),),
        "=": (Interval(0, True, 0, True),),
        "!=": (Interval(None, False, 0, False), Interval(0, False)),
    }[sign]
    if sign == "!=":
        equal = _compare_ranges("=", left, right)
        return Truths(frozenset(not v for v in equal.values), equal.tight)
    (interval,) = wanted
    if difference.clipped(interval) is None:
        return Truths(frozenset({False}))
    if difference.inside(interval):
        return Truths(frozenset({True}))
    return Truths(frozenset({True, False}), difference.tight and difference.grain != "some")


def _compare_sets(equal: bool, left: Possible, right: Possible) -> Truths:
    a = _members(left)
    b = _members(right)
    if a is None or b is None:
        return UNSURE
    if not a & b:
        return Truths(frozenset({not equal}))
    if len(a) == len(b) == 1:
        return Truths(frozenset({equal}))
    return EITHER


def _members(reading: Possible) -> frozenset[Any] | None:
    return reading.values if isinstance(reading, (Words, Truths)) else None


def _compare_columns(node: Compare, reader: ColumnReader) -> Told:
    parts = reader.read(node.left), reader.read(node.right)
    columns = reader.columns
    match parts[0].value, parts[1].value:
        case Number() as left, Number() as right:
            found = fractions.compare(columns, node.operator, left, right)
        case WordColumn(a), WordColumn(b) if node.operator in ("=", "!="):
            found = columns.equal(a, b) if node.operator == "=" else columns.negate(columns.equal(a, b))
        case Truth(a), Truth(b) if node.operator in ("=", "!="):
            found = columns.same(a, b) if node.operator == "=" else columns.negate(columns.same(a, b))
        case _:
            return reader.unit_by_unit(node)
    return after(reader, Truth(found), *parts)


# ---- and, or, not --------------------------------------------------------------------


def _logic_exactly(node: Logic, readings: Readings) -> Exactly:
    operands = tuple(readings.exactly(o) for o in node.operands)
    if node.operator == "not":
        return lambda e: not operands[0](e)
    settles = node.operator == "or"

    def decide(environment: Environment) -> bool:
        waiting: Undecided | None = None
        out: NotApplicableReached | None = None
        for operand in operands:  # one that settles it is enough, wherever it stands
            try:
                if bool(operand(environment)) is settles:
                    return settles
            except Undecided as undecided:
                waiting = undecided
            except NotApplicableReached as reached:
                out = reached
        if waiting is not None:
            raise waiting
        if out is not None:
            raise out
        return not settles

    return decide


def _logic_within(node: Logic, possibilities: Within, readings: Readings) -> Possible:
    truths: list[Truths] = []
    out: NotApplicableReached | None = None
    for operand in node.operands:
        try:
            reading = readings.within(operand, possibilities)
        except NotApplicableReached as reached:
            out = reached
        else:
            truths.append(reading if isinstance(reading, Truths) else UNSURE)
    settles = node.operator == "or"
    if node.operator != "not" and any(t.values == {settles} for t in truths):
        return Truths(frozenset({settles}))
    if out is not None:
        raise out
    if node.operator == "not":
        return Truths(frozenset(not v for v in truths[0].values), truths[0].tight)
    values = set()
    if any(settles in t.values for t in truths):
        values.add(settles)
    if all((not settles) in t.values for t in truths):
        values.add(not settles)
    return Truths(frozenset(values), all(t.tight for t in truths))


def _logic_columns(node: Logic, reader: ColumnReader) -> Told:
    parts = [reader.read(o) for o in node.operands]
    columns = reader.columns
    if node.operator == "not":
        return after(reader, Truth(columns.negate(truth_in(parts[0]))), parts[0])
    wanted = [truth_in(p) if node.operator == "or" else columns.negate(truth_in(p)) for p in parts]
    settled = columns.any_of(columns.all_of((w, columns.negate(p.out))) for w, p in zip(wanted, parts, strict=True))
    out = columns.all_of((columns.any_of(p.out for p in parts), columns.negate(settled)))
    found = settled if node.operator == "or" else columns.negate(settled)
    return Told(Truth(found), columns.any_of(p.fails for p in parts), out)


# ---- cases ------------------------------------------------------------------------------


def _choose_exactly(node: Choose, readings: Readings) -> Exactly:
    cases = tuple((readings.exactly(c), readings.exactly(v)) for c, v in node.cases)
    otherwise = readings.exactly(node.otherwise)

    def choose(environment: Environment) -> Any:
        for condition, value in cases:
            if condition(environment):
                return value(environment)
        return otherwise(environment)

    return choose


def _choose_within(node: Choose, possibilities: Within, readings: Readings) -> Possible:
    found: list[Possible] = []
    tight = True
    for condition, value in node.cases:
        truth = readings.within(condition, possibilities)
        held = certain(truth)
        if held is False:
            continue
        found.append(_branch(value, possibilities, readings, alone=held is True and not found))
        if held is True:
            return hull(found) if tight or len(found) == 1 else _loose(hull(found))
        tight = tight and isinstance(truth, Truths) and truth.tight and len(node.cases) == 1
    found.append(_branch(node.otherwise, possibilities, readings, alone=not found))
    return hull(found) if tight or len(found) == 1 else _loose(hull(found))


def _branch(value: Expression, possibilities: Within, readings: Readings, *, alone: bool) -> Possible:
    """One branch; where it is only possible that it applies, "not applicable" is "anything"."""
    if alone:
        return readings.within(value, possibilities)
    try:
        return readings.within(value, possibilities)
    except (NotApplicableReached, RuleFailure):
        return Anything()


def _loose(reading: Possible) -> Possible:
    if isinstance(reading, Range):
        return Range(reading.low, reading.high, reading.low_included, reading.high_included, "some", False)
    return reading


def chosen(reader: ColumnReader, condition: int, then: Told, otherwise: Told) -> Told:
    """One of two values, and of what stands in its way only what is on the way taken."""
    columns = reader.columns
    value: Number | Truth | WordColumn
    match then.value, otherwise.value:
        case Number() as a, Number() as b:
            value = fractions.choose(columns, condition, a, b)
        case Truth(a), Truth(b):
            value = Truth(columns.choose(condition, a, b))
        case WordColumn(a), WordColumn(b):
            value = WordColumn(columns.choose(condition, a, b))
        case _:
            raise NotCarried
    fails, out = columns.choose(condition, then.fails, otherwise.fails), columns.choose(condition, then.out, otherwise.out)
    return Told(value, fails, out)


def _choose_columns(node: Choose, reader: ColumnReader) -> Told:
    columns = reader.columns
    found = reader.read(node.otherwise)
    for condition, value in reversed(node.cases):
        held, then = reader.read(condition), reader.read(value)
        if isinstance(then.value, Number) and isinstance(found.value, Number):
            then, found = _neutral(then, found), _neutral(found, then)
        taken = chosen(reader, truth_in(held), then, found)
        found = Told(taken.value, columns.any_of((held.fails, taken.fails)), columns.any_of((held.out, taken.out)))
    return found


def _neutral(told: Told, other: Told) -> Told:
    """A branch that never has a value takes that of the other, so that it costs nothing."""
    return Told(other.value, told.fails, told.out) if TRUE in (told.fails, told.out) else told


def _choose_operands(node: Choose) -> tuple[Expression, ...]:
    return (*(part for case in node.cases for part in case), node.otherwise)


# ---- bands -------------------------------------------------------------------------------


def _bands_exactly(node: Bands, readings: Readings) -> Exactly:
    value = readings.exactly(node.value)
    bands = tuple((b.interval, readings.exactly(b.result)) for b in node.bands)

    def find(environment: Environment) -> Any:
        x = value(environment)
        for interval, result in bands:
            if interval.holds(x):
                return result(environment)
        raise RuleFailure("E717", value=str(x))

    return find


def _bands_within(node: Bands, possibilities: Within, readings: Readings) -> Possible:
    value = as_range(readings.within(node.value, possibilities))
    found: list[Possible] = []
    tight = value.tight and value.grain != "some"
    for band in node.bands:
        if value.meets(band.interval):
            found.append(readings.within(band.result, possibilities))
    if not found:
        return Anything()
    return hull(found) if tight or len(found) == 1 else _loose(hull(found))


def _bands_columns(node: Bands, reader: ColumnReader) -> Told:
    columns = reader.columns
    value = reader.read(node.value)
    x = number_in(value)
    bands = sorted(node.bands, key=lambda b: (b.interval.low is not None, b.interval.low or 0))
    results = [reader.read(b.result) for b in bands]
    intervals = [b.interval for b in bands]
    if not all(_follows(a, b, x) for a, b in itertools.pairwise(intervals)):
        bands, results = list(node.bands), [reader.read(b.result) for b in node.bands]
        conditions = [fractions.holds(columns, b.interval, x) for b in bands]
        beyond = columns.negate(columns.any_of(conditions))
    else:
        conditions = [fractions.holds(columns, Interval(None, False, i.high, i.high_included), x) for i in intervals]
        above = fractions.holds(columns, Interval(intervals[0].low, intervals[0].low_included), x)
        beyond = columns.negate(columns.all_of((above, conditions[-1])))
    found = results[-1]
    for condition, result in reversed(list(zip(conditions[:-1], results[:-1], strict=True))):
        found = chosen(reader, condition, result, found)
    fails, out = columns.any_of((value.fails, beyond, found.fails)), columns.any_of((value.out, found.out))
    return Told(found.value, fails, out)


def _follows(first: Interval, second: Interval, value: Number) -> bool:
    """Whether nothing a value can be lies between two bands, or in both."""
    if first.high is None or second.low is None:
        return False
    if first.high == second.low:
        return first.high_included != second.low_included
    whole = value.bottom is None and value.denominator == 1
    return whole and first.high_included and second.low_included and second.low - first.high == 1


# ---- look-up -------------------------------------------------------------------------------


def _lookup_exactly(node: Lookup, readings: Readings) -> Exactly:
    keys = tuple(readings.exactly(k) for k in node.keys)
    entries = dict(node.entries)
    name = node.table

    def find(environment: Environment) -> Any:
        wanted = tuple(k(environment) for k in keys)
        if wanted not in entries:
            raise RuleFailure("E719", table=name, keys=tuple(str(w) for w in wanted))
        return entries[wanted]

    return find


def _lookup_within(node: Lookup, possibilities: Within, readings: Readings) -> Possible:
    keys = [readings.within(k, possibilities) for k in node.keys]
    found: list[Possible] = [
        ranges.point(value)
        for wanted, value in node.entries
        if all(_can_be(reading, w) for reading, w in zip(keys, wanted, strict=True))
    ]
    return hull(found) if len(found) == 1 else (_loose(hull(found)) if found else Anything())


def _can_be(reading: Possible, value: Any) -> bool:
    if isinstance(reading, Range) and not isinstance(value, (str, bool)):
        return reading.meets(Interval(value, True, value, True))
    members = _members(reading)
    return members is None or value in members


#: Entries of a table up to which it is a chain of choices.
_MOST_ENTRIES = 64


def _lookup_columns(node: Lookup, reader: ColumnReader) -> Told:
    if len(node.entries) > _MOST_ENTRIES or not node.entries:
        return reader.unit_by_unit(node)
    columns = reader.columns
    keys = [reader.read(k) for k in node.keys]
    rows = []
    for wanted, result in node.entries:
        parts = [_is(reader, key, w) for key, w in zip(keys, wanted, strict=True)]
        rows.append((columns.all_of(parts), fractions.constant(columns, result)))
    found = rows[-1][1]
    for condition, number in reversed(rows[:-1]):
        found = fractions.choose(columns, condition, number, found)
    return after(reader, found, *keys, fails=columns.negate(columns.any_of(c for c, _ in rows)))


def _is(reader: ColumnReader, key: Told, wanted: Any) -> int:
    match key.value:
        case WordColumn(node) if isinstance(wanted, str):
            return reader.columns.equal(node, reader.columns.constant(reader.word(wanted)))
        case Truth(node) if isinstance(wanted, bool):
            return node if wanted else reader.columns.negate(node)
        case Number() as number if not isinstance(wanted, (str, bool)):
            exact = wanted.toordinal() if hasattr(wanted, "toordinal") else wanted
            return fractions.compare(reader.columns, "=", number, fractions.constant(reader.columns, exact))
    return FALSE


# ---- what is there ------------------------------------------------------------------------


def _present_exactly(node: Present, _readings: Readings) -> Exactly:
    key = node.key
    return lambda e: e[key].__class__ not in (Unknown, OutOfScope)


def _present_within(node: Present, possibilities: Within, _readings: Readings) -> Possible:
    return EITHER


def _present_columns(node: Present, reader: ColumnReader) -> Told:
    return Told(Truth(reader.there(node.key)))


def document_keys(node: DocumentPresent) -> tuple[str, ...]:
    """The keys under which an environment says whether each of the documents is there and good."""
    terms = f"（{node.terms}）" if node.terms else ""
    return tuple(f"document.{kind}{terms}" for kind in node.kinds)


def _document_exactly(node: DocumentPresent, _readings: Readings) -> Exactly:
    keys = document_keys(node)

    def present(environment: Environment) -> bool:
        waiting: Unknown | None = None
        for key in keys:
            value = environment.get(key, False)
            if value is True:
                return True
            if isinstance(value, Unknown):
                waiting = value
        if waiting is not None:
            raise Undecided(waiting)
        return False

    return present


def _document_within(node: DocumentPresent, possibilities: Within, _readings: Readings) -> Possible:
    found = [possibilities.get(k, EITHER) for k in document_keys(node)]
    if any(certain(f) is True for f in found):
        return Truths(frozenset({True}))
    return Truths(frozenset({False})) if all(certain(f) is False for f in found) else EITHER


def _document_columns(node: DocumentPresent, reader: ColumnReader) -> Told:
    return Told(Truth(reader.columns.any_of([reader.there(k) for k in document_keys(node)])))


def _outcome_exactly(node: Outcome, _readings: Readings) -> Exactly:
    def end(_environment: Environment) -> Any:
        if node.kind == "out":
            raise NotApplicableReached(node.reason)
        raise RuleFailure(node.reason)

    return end


def _outcome_within(node: Outcome, _possibilities: Within, _readings: Readings) -> Possible:
    if node.kind == "out":
        raise NotApplicableReached(node.reason)
    raise RuleFailure(node.reason)


def _outcome_columns(node: Outcome, reader: ColumnReader) -> Told:
    nothing = fractions.constant(reader.columns, 0)
    return Told(nothing, FALSE, TRUE) if node.kind == "out" else Told(nothing, TRUE)


def _called_exactly(node: Called, readings: Readings) -> Exactly:
    return readings.exactly(node.meaning)


def _called_within(node: Called, possibilities: Within, readings: Readings) -> Possible:
    found = readings.within(node.meaning, possibilities)
    if not isinstance(found, Range):
        return found
    return found.clipped(node.limits) or Range(node.limits.low, node.limits.high, True, True, "some", False)


def is_true(condition: Expression) -> bool:
    return isinstance(condition, Literal) and condition.value is True


OPERATIONS: Mapping[type, Operation] = {
    Compare: Operation(_compare_exactly, _compare_within, _compare_columns, lambda n: (n.left, n.right)),
    Logic: Operation(_logic_exactly, _logic_within, _logic_columns, lambda n: n.operands),
    Choose: Operation(_choose_exactly, _choose_within, _choose_columns, _choose_operands),
    Bands: Operation(_bands_exactly, _bands_within, _bands_columns, lambda n: (n.value, *(b.result for b in n.bands))),
    Lookup: Operation(_lookup_exactly, _lookup_within, _lookup_columns, lambda n: n.keys),
    Present: Operation(_present_exactly, _present_within, _present_columns, lambda n: ()),
    DocumentPresent: Operation(_document_exactly, _document_within, _document_columns, lambda n: ()),
    Called: Operation(_called_exactly, _called_within, lambda n, r: r.read(n.meaning), lambda n: (n.meaning,)),
    Outcome: Operation(_outcome_exactly, _outcome_within, _outcome_columns, lambda n: ()),
}
