"""The third reading of every core operation: as a constraint, in one table.

``term`` is the value as a z3 term; ``against`` compares the value with a known number
and goes through rounding, limits and quotients down to the data, so that a threshold of
a quotient stays linear; ``trouble`` says when evaluating ends without a value, because the
rule fails (``fail``) or does not apply (``out``).  A test holds the table against the
table of operations in `dsl.operations`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import z3

from ...dsl.frozen import frozen
from ...dsl.model import (
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
)
from ...dsl.numbers import Exact
from ...dsl.operations import READINGS
from ...dsl.ranges import Range
from .arithmetic import (
    arithmetic,
    arithmetic_against,
    arithmetic_trouble,
    constant,
    extremum,
    extremum_against,
    inside,
    interpolate,
    interpolate_against,
    rounding,
    rounding_against,
)
from .terms import (
    FLIPPED,
    Term,
    Unsolvable,
    both,
    compare,
    either,
    is_known,
    minus,
    no,
    pick,
    pick_truth,
    same_truth,
    times,
    total,
)

if TYPE_CHECKING:
    from .encoding import Encoding


@dataclass(eq=False)
class Reader:
    """Reads the expressions of one place: of an indicator with its steps, or of the ruleset."""

    encoding: Encoding
    steps: Mapping[str, Expression] = field(default_factory=dict)
    columns: Mapping[str, Term] = field(default_factory=dict)
    _terms: dict[int, Term] = field(default_factory=dict)
    _troubles: dict[tuple[int, str], Term] = field(default_factory=dict)

    def term(self, node: Expression) -> Term:
        """The value of an expression.  Raises `Unsolvable`."""
        found = self._terms.get(id(node))
        if found is None:
            found = self._terms[id(node)] = SOLVING[type(node)].term(node, self)
        return found

    def against(self, node: Expression, sign: str, value: Exact) -> Term:
        """A comparison of a numeric expression with a known number.  Raises `Unsolvable`."""
        return SOLVING[type(node)].against(node, sign, value, self)

    def trouble(self, node: Expression, kind: str) -> Term:
        """Whether evaluating ends without a value: ``fail`` or ``out``.  Raises `Unsolvable`."""
        found = self._troubles.get((id(node), kind))
        if found is None:
            found = self._troubles[id(node), kind] = SOLVING[type(node)].trouble(node, kind, self)
        return found

    def holds(self, condition: Expression) -> Term:
        """Whether a condition is reached and holds."""
        return both(no(self.trouble(condition, "fail")), no(self.trouble(condition, "out")), self.term(condition))

    def definition(self, key: str) -> tuple[Reader, Expression] | None:
        """Where a reference to a step or derived value leads."""
        if key.startswith("step."):
            return self, self.steps[key]
        inner = self.encoding.derived.get(key)
        return None if inner is None else (self.encoding.reader, inner)

    def range_of(self, node: Expression) -> Range:
        """What a number can be by the interval reading."""
        return self.encoding.range_of(node, self.steps)


@frozen
class Solving:
    """One core operation as a constraint."""

    term: Callable[[Any, Reader], Term]
    against: Callable[[Any, str, Exact, Reader], Term]
    trouble: Callable[[Any, str, Reader], Term]


def _against_term(node: Expression, sign: str, value: Exact, reader: Reader) -> Term:
    return compare(reader.term(node), sign, value)


def _trouble_inside(node: Expression, kind: str, reader: Reader) -> Term:
    return either(*(reader.trouble(o, kind) for o in READINGS.operands(node)))


def _no_trouble(_node: Any, _kind: str, _reader: Reader) -> Term:
    return False


# ---- literals and references --------------------------------------------------------------


def _literal(node: Literal, reader: Reader) -> Term:
    if isinstance(node.value, date):
        return node.value.toordinal()
    if isinstance(node.value, tuple):
        raise Unsolvable(node.text)
    return node.value


def _ref(node: Ref, reader: Reader) -> Term:
    if node.key in reader.columns:
        return reader.columns[node.key]
    found = reader.definition(node.key)
    return reader.encoding.value(node.key) if found is None else found[0].term(found[1])


def _ref_against(node: Ref, sign: str, value: Exact, reader: Reader) -> Term:
    if node.key in reader.columns:
        return compare(reader.columns[node.key], sign, value)
    found = reader.definition(node.key)
    if found is not None:
        return found[0].against(found[1], sign, value)
    return reader.encoding.value_against(node.key, sign, value)


def _ref_trouble(node: Ref, kind: str, reader: Reader) -> Term:
    if node.key in reader.columns:
        return False
    found = reader.definition(node.key)
    if found is not None:
        return found[0].trouble(found[1], kind)
    return reader.encoding.without_value(node.key) if kind == "out" else False


# ---- comparison and logic -----------------------------------------------------------------------


def _compare(node: Compare, reader: Reader) -> Term:
    right = constant(node.right, reader)
    if right is not None:
        return reader.against(node.left, node.operator, right)
    left = constant(node.left, reader)
    if left is not None:
        return reader.against(node.right, FLIPPED[node.operator], left)
    a, b = reader.term(node.left), reader.term(node.right)
    if isinstance(a, str) or isinstance(b, str) or _is_word(a) or _is_word(b):
        same = _same_word(a, b, reader)
        return same if node.operator == "=" else no(same)
    if isinstance(a, bool) or isinstance(b, bool) or _is_truth(a):
        same = same_truth(a, b)
        return same if node.operator == "=" else no(same)
    return compare(a, node.operator, b)


def _is_word(term: Term) -> bool:
    return isinstance(term, z3.ArithRef) and bool(term.is_int())


def _is_truth(term: Term) -> bool:
    return isinstance(term, z3.BoolRef)


def _same_word(left: Term, right: Term, reader: Reader) -> Term:
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    a, b = (reader.encoding.space.word(t) if isinstance(t, str) else t for t in (left, right))
    return a == b


def _logic(node: Logic, reader: Reader) -> Term:
    if node.operator == "not":
        return no(reader.term(node.operands[0]))
    terms = [reader.term(o) for o in node.operands]
    troubled = [either(reader.trouble(o, "out"), reader.trouble(o, "fail")) for o in node.operands]
    settles = node.operator == "or"
    if settles:
        return either(*(both(no(t), v) for t, v in zip(troubled, terms, strict=True)))
    return both(*(either(t, v) for t, v in zip(troubled, terms, strict=True)))


def _logic_trouble(node: Logic, kind: str, reader: Reader) -> Term:
    if node.operator == "not":
        return reader.trouble(node.operands[0], kind)
    settled: Term = False
    found: list[Term] = []
    for operand in node.operands:
        troubled = reader.trouble(operand, kind)
        found.append(both(no(settled), troubled) if kind == "fail" else troubled)
        free = both(no(reader.trouble(operand, "out")), no(reader.trouble(operand, "fail")))
        own = reader.term(operand)
        settled = either(settled, both(free, own if node.operator == "or" else no(own)))
    return either(*found) if kind == "fail" else both(no(settled), either(*found))


# ---- cases, bands, look-up ----------------------------------------------------------------------


def _choose(node: Choose, reader: Reader) -> Term:
    found = reader.term(node.otherwise)
    for condition, value in reversed(node.cases):
        found = _pick(reader.term(condition), reader.term(value), found, reader)
    return found


def _pick(condition: Term, yes: Term, other: Term, reader: Reader) -> Term:
    """One of two values of any kind."""
    if isinstance(yes, bool) or isinstance(other, bool) or _is_truth(yes) or _is_truth(other):
        return pick_truth(condition, yes, other)
    if isinstance(yes, str) or isinstance(other, str) or _is_word(yes) or _is_word(other):
        if is_known(condition):
            return yes if condition else other
        a, b = (reader.encoding.space.word(t) if isinstance(t, str) else t for t in (yes, other))
        return z3.If(condition, a, b)
    return pick(condition, yes, other)


def _choose_against(node: Choose, sign: str, value: Exact, reader: Reader) -> Term:
    found = reader.against(node.otherwise, sign, value)
    for condition, result in reversed(node.cases):
        found = pick_truth(reader.term(condition), reader.against(result, sign, value), found)
    return found


def _choose_trouble(node: Choose, kind: str, reader: Reader) -> Term:
    found = reader.trouble(node.otherwise, kind)
    for condition, value in reversed(node.cases):
        found = either(reader.trouble(condition, kind), pick_truth(reader.term(condition), reader.trouble(value, kind), found))
    return found


def _bands(node: Bands, reader: Reader) -> Term:
    found = reader.term(node.bands[-1].result)
    for band in node.bands[-2::-1]:
        found = _pick(inside(node.value, band.interval, reader), reader.term(band.result), found, reader)
    return found


def _bands_against(node: Bands, sign: str, value: Exact, reader: Reader) -> Term:
    return either(*(both(inside(node.value, b.interval, reader), reader.against(b.result, sign, value)) for b in node.bands))


def _bands_trouble(node: Bands, kind: str, reader: Reader) -> Term:
    found = [reader.trouble(node.value, kind)]
    bands = [inside(node.value, b.interval, reader) for b in node.bands]
    found += [both(i, reader.trouble(b.result, kind)) for i, b in zip(bands, node.bands, strict=True)]
    if kind == "fail":
        found.append(no(either(*bands)))
    return either(*found)


def _entries(node: Lookup, reader: Reader) -> list[tuple[Term, Exact]]:
    found = []
    for wanted, value in node.entries:
        met = both(*(_equal(k, w, reader) for k, w in zip(node.keys, wanted, strict=True)))
        found.append((met, value))
    return found


def _equal(key: Expression, wanted: Any, reader: Reader) -> Term:
    if isinstance(wanted, bool):
        return same_truth(reader.term(key), wanted)
    if isinstance(wanted, str):
        return _same_word(reader.term(key), wanted, reader)
    return reader.against(key, "=", wanted.toordinal() if isinstance(wanted, date) else wanted)


def _lookup(node: Lookup, reader: Reader) -> Term:
    found: Term = 0
    for met, value in reversed(_entries(node, reader)):
        found = pick(met, value, found)
    return found


def _lookup_trouble(node: Lookup, kind: str, reader: Reader) -> Term:
    inside_keys = _trouble_inside(node, kind, reader)
    return inside_keys if kind == "out" else either(inside_keys, no(either(*(met for met, _ in _entries(node, reader)))))


# ---- what is there, means, dates, powers -----------------------------------------------------------


def _document(node: DocumentPresent, reader: Reader) -> Term:
    if node.rule is not None:  # whether a document is good also says whether one is there
        raise Unsolvable("DOCUMENTS")
    return either(*(reader.encoding.space.document(k) for k in node.kinds))


def _available(node: Available, reader: Reader) -> Term:
    if any(reader.trouble(o, "out") is not False for o in node.operands):
        raise Unsolvable("MEAN_PRESENT")
    return times(total(reader.term(o) for o in node.operands), Fraction(1, len(node.operands)))


def _aggregate(node: Aggregate, reader: Reader) -> Term:
    return reader.encoding.lists.term(node, reader)


def _aggregate_trouble(node: Aggregate, kind: str, reader: Reader) -> Term:
    return reader.encoding.lists.trouble(node, kind, reader)


def _span(node: DateSpan, reader: Reader) -> Term:
    start, end = reader.term(node.start), reader.term(node.end)
    if is_known(start) and is_known(end):
        dates = (Literal(date.fromordinal(start)), Literal(date.fromordinal(end)))
        return READINGS.exactly(DateSpan(node.kind, *dates))({})
    match node.kind:
        case "days":
            return minus(end, start)
        case "working_days":
            return minus(_weekdays(end), _weekdays(start))
    raise Unsolvable(node.kind)


def _weekdays(day: Term) -> Term:
    """The Mondays to Fridays from the first day of the calendar, a Monday, up to a day."""
    if is_known(day):
        return day // 7 * 5 + min(day % 7, 5)
    whole = z3.ToInt(day)
    rest = whole % 7
    return times(z3.ToReal(whole - rest), Fraction(5, 7)) + z3.ToReal(z3.If(rest < 5, rest, 5))


def _transcend(node: Transcend, reader: Reader) -> Term:
    raise Unsolvable(node.kind)


def _grouped(node: Grouped, reader: Reader) -> Term:
    raise Unsolvable(node.by)


def _called(node: Called, reader: Reader) -> Term:
    raise Unsolvable(node.key)


def _outcome_trouble(node: Outcome, kind: str, _reader: Reader) -> Term:
    return (node.kind == "out") == (kind == "out")


SOLVING: Mapping[type, Solving] = {
    Literal: Solving(_literal, _against_term, _no_trouble),
    Ref: Solving(_ref, _ref_against, _ref_trouble),
    Arithmetic: Solving(arithmetic, arithmetic_against, arithmetic_trouble),
    Round: Solving(rounding, rounding_against, _trouble_inside),
    Extremum: Solving(extremum, extremum_against, _trouble_inside),
    Interpolate: Solving(interpolate, interpolate_against, _trouble_inside),
    Compare: Solving(_compare, _against_term, _trouble_inside),
    Logic: Solving(_logic, _against_term, _logic_trouble),
    Choose: Solving(_choose, _choose_against, _choose_trouble),
    Bands: Solving(_bands, _bands_against, _bands_trouble),
    Lookup: Solving(_lookup, _against_term, _lookup_trouble),
    Present: Solving(lambda _n, _r: True, _against_term, _no_trouble),
    DocumentPresent: Solving(_document, _against_term, _no_trouble),
    Aggregate: Solving(_aggregate, _against_term, _aggregate_trouble),
    Grouped: Solving(_grouped, _against_term, _trouble_inside),
    Called: Solving(_called, _against_term, _trouble_inside),
    Available: Solving(_available, _against_term, _trouble_inside),
    DateSpan: Solving(_span, _against_term, _trouble_inside),
    Transcend: Solving(_transcend, _against_term, _trouble_inside),
    Outcome: Solving(lambda _n, _r: 0, _against_term, _outcome_trouble),
}

__all__ = ["SOLVING", "Reader", "Solving"]
