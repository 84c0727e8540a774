"""Units tried in search of what no case touches yet: each a few changes to one that is known.

Values come from the rule itself: its constants, a step to either side of them, the same
times the other values of the rule, the ends of each declared range, and every state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import islice, product
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.model import Bands, Column, DataItem, Derived, Expression, Indicator, Interpolate, Literal, Ruleset
from ..dsl.numbers import Exact, decimal_places, distance, divide, simplest
from ..dsl.operations import READINGS
from ..dsl.substitute import references
from .coverage import Coverage, Target
from .evaluate import evaluate, values_of
from .evidence import status
from .leaf import evaluate_leaf
from .program import program_of
from .record import Result
from .unit import Entry, Missing, NotApplicable, UnitData

#: How far a value without a natural step is moved: a hundredth, of a percentage a thousandth.
_STEP: Exact = Fraction(1, 100)
_PERCENT_STEP: Exact = Fraction(1, 1000)
#: How many points from the limit of a grade a unit may be to be tried with further changes.
_NEAR = 4
#: How many records made from a rule are tried, and how often each is repeated.
_MOST_RECORDS = 80
_TIMES = (1, 3, 10)
#: A day for records of which none is known, and how far dates are moved at most.
_SOME_DAY = date(2020, 1, 1)
_MOST_DAYS = 4000
#: What an amount without an upper end is tried at.
_MUCH = 1000


@frozen
class Changed:
    """Changes to a known unit: values by data item, claims that indicators do not apply,
    evidence left out (``None``: no list of evidence at all)."""

    values: Mapping[str, Entry]
    out: tuple[str, ...] = ()
    without: tuple[str, ...] | None = ()


@frozen
class GeneratedCase:
    """Changes that touch what nothing touched before, what they touch, and what comes of them."""

    changed: Changed
    targets: tuple[Target, ...]
    result: Result


def apply(ruleset: Ruleset, unit: UnitData, changed: Changed) -> UnitData:
    """``unit`` with changes; what each track assesses is changed in the deciding track."""
    assessed = {d.name for d in ruleset.data if d.assessed}
    track = ruleset.deciding_track
    values = {**unit.values, **{n: v for n, v in changed.values.items() if n not in assessed}}
    mine = {**unit.assessments.get(track, {}), **{n: v for n, v in changed.values.items() if n in assessed}}
    claims = {code: NotApplicable("…", frozenset({track})) for code in changed.out}
    evidence = None
    if unit.evidence is not None and changed.without is not None:
        evidence = tuple(e for e in unit.evidence if e.kind not in changed.without)
    return replace(
        unit, values=values, assessments={**unit.assessments, track: mine} if mine else unit.assessments,
        evidence=evidence, not_applicable={**unit.not_applicable, **claims},
    )  # fmt: skip


def concerned(ruleset: Ruleset, changed: Changed) -> frozenset[str]:
    """The level-3 indicators whose data or evidence are changed."""
    names, without = set(changed.values), set(changed.without or ())
    return frozenset(
        leaf.code
        for leaf in (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments))
        if leaf.code in changed.out
        or names & {i.name for i in _items(ruleset, leaf)}
        or without & {k for r in leaf.evidence for k in r.kinds}
    )


def generate(coverage: Coverage, unit: UnitData) -> Iterator[GeneratedCase]:
    """Cases that touch what is still untouched, each touching something new when it is yielded."""
    ruleset = coverage.ruleset
    first = coverage.touch(evaluate(ruleset, unit))
    if first:
        yield GeneratedCase(Changed({}), tuple(first), evaluate(ruleset, unit))
    for changed in _candidates(ruleset, unit):
        if not coverage.untouched:
            return
        result = evaluate(ruleset, apply(ruleset, unit, changed))
        fresh = coverage.touch(result)
        if fresh:
            yield GeneratedCase(changed, tuple(sorted(fresh, key=lambda t: t.index)), result)


def close_calls(ruleset: Ruleset, unit: UnitData) -> Iterator[Changed]:
    """Units near the limits of rules, then units near the limits of grades."""
    yield from _candidates(ruleset, unit)
    known = _known(ruleset, unit)
    leaves = (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments))
    edges = [c for c in edge_cases(ruleset, unit) if not any(isinstance(v, Missing) for v in c.values.values())]
    mixtures = list(_mixtures(ruleset, unit, leaves, known))
    scale = ruleset.scale()
    limits = [b.interval.low for b in scale.bands if b.interval.low is not None] if scale is not None else []
    if scale is not None and scale.basis == "rate":
        limits = [limit * ruleset.full_score for limit in limits]
    for changed in mixtures:
        score = evaluate(ruleset, apply(ruleset, unit, changed)).score
        if score is not None and any(distance(score, limit) <= _NEAR for limit in limits):
            yield changed
            yield from (Changed({**changed.values, **edge.values}) for edge in edges)


def edge_cases(ruleset: Ruleset, unit: UnitData) -> Iterator[Changed]:
    """Each value of each rule at its constants and a step to either side, one change a case."""
    known = _known(ruleset, unit)
    for leaf in (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments)):
        for item in _items(ruleset, leaf):
            for value in _values(ruleset, leaf, item, known):
                yield Changed({item.name: value})


def _candidates(ruleset: Ruleset, unit: UnitData) -> Iterator[Changed]:
    yield from edge_cases(ruleset, unit)
    known = _known(ruleset, unit)
    leaves = (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments))
    for item in _elsewhere(ruleset):
        yield from (Changed({item.name: v}) for v in _values(ruleset, None, item, known))
    yield from (Changed({}, out=(leaf.code,)) for leaf in leaves if leaf.not_applicable is not None)
    kinds = dict.fromkeys(k for leaf in leaves for r in leaf.evidence for k in r.kinds)
    asked = (k for leaf in leaves for s in leaf.steps for k in references(s.expression) if k.startswith("document."))
    kinds.update(dict.fromkeys(k.removeprefix("document.") for k in asked))
    yield Changed({}, without=None)
    yield Changed({}, without=tuple(kinds))
    yield from (Changed({}, without=(kind,)) for kind in kinds)
    yield from _mixtures(ruleset, unit, leaves, known)
    for leaf in leaves:
        yield from _pairs(ruleset, leaf, known)


def _mixtures(ruleset: Ruleset, unit: UnitData, leaves: tuple[Indicator, ...], known: Mapping[str, Any]) -> Iterator[Changed]:
    """The best and the worst that can be found for each indicator, and steps from one to the other: for grades and gates."""
    best: dict[str, Entry] = {}
    worst: dict[str, Entry] = {}
    for leaf in leaves:
        best.update(_furthest(ruleset, unit, leaf, known, 1))
        worst.update(_furthest(ruleset, unit, leaf, known, -1))
        yield Changed(dict.fromkeys((i.name for i in _items(ruleset, leaf) if i.type.kind == "number" and (i.low or 0) <= 0), 0))
    yield Changed(best)
    for root in ruleset.roots:
        below = {i.name for leaf in leaves if leaf.code.startswith(root.code) for i in _items(ruleset, leaf)}
        yield Changed({**best, **{n: v for n, v in worst.items() if n in below}})
    down = dict(best)
    for leaf in leaves:
        down.update({i.name: worst[i.name] for i in _items(ruleset, leaf) if i.name in worst})
        yield Changed(dict(down))


def _furthest(ruleset: Ruleset, unit: UnitData, leaf: Indicator, known: Mapping[str, Any], sign: int) -> dict[str, Entry]:
    """The changes, one value after another, that move one indicator's score as far up or down as they can."""
    found: dict[str, Entry] = {}
    reached = _score(ruleset, unit, found, leaf.code)
    for item in _items(ruleset, leaf):
        for value in _values(ruleset, leaf, item, known):
            changes = {**found, item.name: value}
            if reached is not None and (likely := _alone(ruleset, unit, changes, leaf)) is not None and sign * (likely - reached) <= 0:
                continue
            score = _score(ruleset, unit, changes, leaf.code)
            if score is not None and (reached is None or sign * (score - reached) > 0):
                found, reached = changes, score
    return found


def _alone(ruleset: Ruleset, unit: UnitData, changes: Mapping[str, Entry], leaf: Indicator) -> Exact | None:
    """An indicator's score worked out by itself, which is quicker; ``None`` where it is not decided or rests on others' scores."""
    if any(k.startswith(("score.", "rate.")) for e in _expressions(ruleset, leaf) for k in references(e)):
        return None
    changed = apply(ruleset, unit, Changed(changes))
    program = program_of(ruleset)
    record, _ = evaluate_leaf(program, program.leaves[leaf.key], dict(values_of(ruleset, changed)), tuple(status(r, changed) for r in leaf.evidence))
    return record.score


def _score(ruleset: Ruleset, unit: UnitData, changes: Mapping[str, Entry], code: str) -> Exact | None:
    """An indicator's score, if the unit's data as a whole are free of errors."""
    result = evaluate(ruleset, apply(ruleset, unit, Changed(changes)))
    record = result.indicators[code]
    return record.score if record.state == "scored" and result.state != "error" else None


def _pairs(ruleset: Ruleset, leaf: Indicator, known: Mapping[str, Any]) -> Iterator[Changed]:
    """Two values of one indicator changed together."""
    items = _items(ruleset, leaf)
    for position, one in enumerate(items):
        for other in items[position + 1 :]:
            for left in _values(ruleset, leaf, one, known)[:12]:
                for right in _values(ruleset, leaf, other, known)[:12]:
                    yield Changed({one.name: left, other.name: right})


# ---- what a rule rests on ---------------------------------------------------------------------


def _known(ruleset: Ruleset, unit: UnitData) -> dict[str, Any]:
    mine = unit.assessments.get(ruleset.deciding_track, {})
    return {d.name: (mine if d.assessed else unit.values).get(d.name) for d in ruleset.data}


def _expressions(ruleset: Ruleset, leaf: Indicator) -> list[Expression]:
    """All an indicator's expressions, those of the derived values it rests on included."""
    found = [s.expression for s in leaf.steps] + [g.condition for g in leaf.guards]
    found += [leaf.applies_if] if leaf.applies_if is not None else []
    seen: set[str] = set()
    for expression in found:
        for key in references(expression):
            item = ruleset.by_key.get(key)
            if isinstance(item, Derived) and key not in seen:
                seen.add(key)
                found.append(item.expression)
    return found


def _items(ruleset: Ruleset, leaf: Indicator) -> list[DataItem]:
    keys = dict.fromkeys(k for e in _expressions(ruleset, leaf) for k in references(e))
    return [i for k in keys if isinstance(i := ruleset.by_key.get(k), DataItem)]


def _elsewhere(ruleset: Ruleset) -> list[DataItem]:
    """The data that conditions outside the indicators rest on."""
    conditions = [v.condition for v in ruleset.vetoes] + [r.condition for r in ruleset.reconciliations] + [u.condition for u in ruleset.unscored]
    conditions += [g.condition for s in ruleset.scales for g in s.gates]
    keys = dict.fromkeys(k for c in conditions for k in references(c))
    return [i for k in keys if isinstance(i := ruleset.by_key.get(k), DataItem)]


def _constants(expression: Expression) -> Iterator[Exact]:
    match expression:
        case Literal(value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            yield value
        case Bands(_, bands):
            yield from (e for b in bands for e in (b.interval.low, b.interval.high) if e is not None)
        case Interpolate(_, anchors):
            yield from (x for x, _ in anchors)
    for operand in READINGS.operands(expression):
        yield from _constants(operand)


def _values(ruleset: Ruleset, leaf: Indicator | None, item: DataItem, known: Mapping[str, Any]) -> list[Entry]:
    """What to try for one data item."""
    match item.type.kind:
        case "yes_no":
            return [True, False, Missing()]
        case "choice":
            return [*item.type.options, Missing()]
        case "records":
            return [(), *_records(ruleset, leaf, item, known), Missing()]
        case "numbers":
            ends = [item.low if item.low is not None else 0, item.high if item.high is not None else 100]
            count = max(item.count_low, 1)
            return [(ends[0],) * count, (ends[1],) * count, Missing()]
        case "number":
            return [*_numbers(ruleset, leaf, item, known), Missing()]
    return [Missing()]


def _records(ruleset: Ruleset, leaf: Indicator | None, item: DataItem, known: Mapping[str, Any]) -> Iterator[Entry]:
    """Each record that is known, then one made of what the rule sets apart, once and several times over."""
    rows = known.get(item.name)
    yield from ((row,) for row in rows if len(rows) > 1) if isinstance(rows, tuple) else ()
    first = dict(rows[0]) if isinstance(rows, tuple) and rows else {f"column.{c.name}": _plain_value(c) for c in item.columns}
    constants = set() if leaf is None else {c for e in _expressions(ruleset, leaf) for c in _constants(e)}
    choices = [
        [(f"column.{c.name}", v) for v in (now, *_column_values(c, now, constants))] for c in item.columns for now in (first.get(f"column.{c.name}"),)
    ]
    for row in islice(product(*choices), _MOST_RECORDS):
        yield from ((dict(row),) * times for times in _TIMES)


def _plain_value(column: Column) -> Any:
    """A value for a column of which none is known."""
    match column.type.kind:
        case "yes_no":
            return True
        case "choice":
            return column.type.options[0]
        case "number":
            return column.low if column.low is not None else 0
        case "date":
            return _SOME_DAY
    return "…"


def _column_values(column: Column, now: Any, constants: set[Exact]) -> Iterator[Any]:
    """Other values for one column: all of a choice, numbers and days at the rule's constants and beside them."""
    match column.type.kind:
        case "yes_no":
            yield from (v for v in (True, False) if v is not now)
        case "choice":
            yield from (o for o in column.type.options if o != now)
        case "number":
            step: Exact = 1 if column.type.whole else _STEP
            centres = {c for c in (column.low, column.high, *constants) if c is not None}
            for value in sorted({v for c in centres for v in (c, c + step, c - step)}):
                whole = value.numerator // value.denominator if column.type.whole else simplest(value)
                if (column.low is None or whole >= column.low) and (column.high is None or whole <= column.high) and whole != now:
                    yield whole
        case "date" if isinstance(now, date):
            days = {0, 365, *(int(c) for c in constants if 0 <= c <= _MOST_DAYS)}
            yield from (now + timedelta(days=d) for d in sorted({s * (d + e) for d in days for e in (-1, 0, 1) for s in (1, -1)} - {0}))


def _numbers(ruleset: Ruleset, leaf: Indicator | None, item: DataItem, known: Mapping[str, Any]) -> list[Exact]:
    step: Exact = 1 if item.type.whole else _PERCENT_STEP if item.type.share == "percent" else _STEP
    constants = set() if leaf is None else {c for e in _expressions(ruleset, leaf) for c in _constants(e)}
    items = _elsewhere(ruleset) if leaf is None else _items(ruleset, leaf)
    others: list[Exact] = [v for i in items if i is not item and isinstance(v := known.get(i.name), (int, Fraction)) and not isinstance(v, bool)]
    centres = {item.low, item.high, *constants, *others, sum(others, 0)}
    centres |= {c * o for c in constants for o in others} | {divide(o, c) for c in constants for o in others if c}
    base = known.get(item.name)
    if isinstance(base, (int, Fraction)):
        centres |= {base + c for c in constants} | {base - c for c in constants}
    if item.high is None:
        centres.add(_MUCH * max([distance(o, 0) for o in others], default=1))
    found: dict[Exact, None] = {}
    for centre in sorted(c for c in centres if c is not None):
        whole: Exact = centre.numerator // centre.denominator if item.type.whole else simplest(centre)
        for value in (whole, whole + step, whole - step):
            inside = (item.low is None or value >= item.low) and (item.high is None or value <= item.high)
            if inside and value != base and decimal_places(value) is not None and (item.low is not None or value >= 0):
                found[simplest(value)] = None
    return list(found)
