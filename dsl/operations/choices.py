"""Comparisons, and/or/not, cases, bands, look-ups, and what is there or not."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from .. import ranges
from ..model import (
    Bands,
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


# ---- what is there ------------------------------------------------------------------------


def _present_exactly(node: Present, _readings: Readings) -> Exactly:
    key = node.key
    return lambda e: e[key].__class__ not in (Unknown, OutOfScope)


def _present_within(node: Present, possibilities: Within, _readings: Readings) -> Possible:
    return EITHER


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


def is_true(condition: Expression) -> bool:
    return isinstance(condition, Literal) and condition.value is True


OPERATIONS: Mapping[type, Operation] = {
    Compare: Operation(_compare_exactly, _compare_within, lambda n: (n.left, n.right)),
    Logic: Operation(_logic_exactly, _logic_within, lambda n: n.operands),
    Choose: Operation(_choose_exactly, _choose_within, _choose_operands),
    Bands: Operation(_bands_exactly, _bands_within, lambda n: (n.value, *(b.result for b in n.bands))),
    Lookup: Operation(_lookup_exactly, _lookup_within, lambda n: n.keys),
    Present: Operation(_present_exactly, _present_within, lambda n: ()),
    DocumentPresent: Operation(_document_exactly, _document_within, lambda n: ()),
    Outcome: Operation(_outcome_exactly, _outcome_within, lambda n: ()),
}
