"""Ruleset + unit data -> result.  The order of operations is fixed here, once.

1. values of the cohort, worked out before (`cohort.py`); data, parameters of the day,
   derived values                                               (`_environment`)
2. reconciliation; a unit that is not scored gets a word   (`evaluate`)
3. each indicator: applicability, not applicable, full marks by exception, zero by
   condition, zero divisor, the standard with its own caps, coefficient, held between
   lowest and full points, evidence, ceiling, floor, rounding   (`leaf.py`)
4. each parent: children added up, points of those out made up, extra deductions,
   ceiling, floor, rounding                                      (`combine.py`)
5. common part, whole: points made up, bonus, extra deductions, rounding  (`_total`)
6. vetoes that set the total; quotas, grade bands, gates, vetoes on the grade   (`grade.py`)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import Any

from ..dsl.describe import possibility_of, possibility_of_column
from ..dsl.diagnostics import Diagnostic, Fact, Label
from ..dsl.keywords import Language, word
from ..dsl.model import Adjustment, DataItem, Expression, Indicator, NotApplicablePolicy, Parameter, Ref, Ruleset
from ..dsl.numbers import Exact, divide, exact_text, round_to
from ..dsl.operations import READINGS, NotApplicableReached, RuleFailure, Undecided, Unknown, exactly
from ..dsl.operations.readings import OutOfScope
from ..dsl.ranges import Anything, Possible, Range, Truths, Words, certain, hull_of_ranges, possible
from . import evidence as evidence_of
from .combine import make_up, parent_record
from .failures import failures
from .grade import Grading, grade
from .leaf import Environment, View, derived_value, evaluate_leaf, few_valued
from .program import Program, program_of
from .record import (
    AdjustmentRecord,
    Bounds,
    EvidenceStatus,
    GradeRecord,
    IndicatorRecord,
    Result,
    SubtotalRecord,
    VetoRecord,
)
from .unit import Disputed, Missing, NotApplicable, NotYetDue, Record, Track, UnitData

_MOST_SCENARIOS = 64
#: The states of an unknown value that was not filled in.
_UNFILLED = frozenset({"missing", "not_due", "date"})
#: Assumed answers for indicators that may or may not apply: code -> scored, out or excluded.
_Assumed = Mapping[str, str]


@dataclass(slots=True)
class _Run:
    """One pass over the ruleset, under some assumption about what is not known."""

    environment: Environment
    records: dict[str, IndicatorRecord] = field(default_factory=dict)
    adjustments: dict[str, AdjustmentRecord] = field(default_factory=dict)
    uncertain: dict[str, tuple[str, ...]] = field(default_factory=dict)
    score: Bounds = field(default_factory=lambda: Bounds(0, 0, True))
    before_veto: Bounds = field(default_factory=lambda: Bounds(0, 0, True))
    left_out: Exact = 0
    #: Whether too much is left out for a result; ``None`` where that cannot be told yet.
    withheld: bool | None = False
    steps: list[tuple[str, Exact]] = field(default_factory=list)
    vetoes: tuple[VetoRecord, ...] = ()
    grade: GradeRecord | None = None
    subtotals: tuple[SubtotalRecord, ...] = ()
    waiting: frozenset[str] = frozenset()


def evaluate(ruleset: Ruleset, unit: UnitData, track: Track | None = None, cohort: Mapping[str, Any] | None = None) -> Result:
    """Evaluate a unit on one track; the deciding track unless another is asked for.

    ``cohort`` holds values of the whole cohort by key (see `cohort.py`); one that is not
    there is waited for.
    Never raises for what the data hold: failures are in ``diagnostics``, what is missing
    in ``waiting``, and the result says what can be said.
    """
    chosen = track or ruleset.deciding_track
    program = program_of(ruleset)
    statuses = _statuses(ruleset, unit)
    environment = _environment(program, unit, chosen, statuses, cohort or {})
    found = list(_reconcile(program, environment))
    word = _unscored(program, environment)
    run = _run(program, unit, environment, statuses, {})
    if run.uncertain or run.score.low != run.score.high or (run.grade is not None and run.grade.grade is None):
        run = _tighter(program, unit, environment, statuses, run)
    return _result(ruleset, unit, chosen, run, found, word, program, compared=bool(cohort))


# ---- the environment -------------------------------------------------------------------


def _level(unit: UnitData) -> Any:
    return Unknown(frozenset({"unit.level"}), Words(None)) if unit.level is None else unit.level


def _environment(
    program: Program, unit: UnitData, track: Track, statuses: Mapping[str, tuple[EvidenceStatus, ...]], cohort: Mapping[str, Any]
) -> Environment:
    ruleset = program.ruleset
    environment: Environment = {"as_of": unit.as_of, "unit.type": unit.unit_type, "unit.level": _level(unit)}
    assessed = unit.assessments.get(track, {})
    for item in ruleset.data:
        entry = (assessed if item.assessed else unit.values).get(item.name, Missing())
        environment[item.key] = entry_value(item, entry, unit, ruleset)
    environment["unfilled"] = frozenset(
        d.key for d in ruleset.data if isinstance(v := environment[d.key], Unknown) and v.state in _UNFILLED
    )
    for parameter in ruleset.parameters:
        environment[parameter.key] = parameter_value(parameter, unit)
    if unit.evidence is not None:
        for piece in unit.evidence:
            environment[f"document.{piece.kind}"] = True
        for key, (kind, rule) in program.documents.items():
            environment[key] = evidence_of.is_good(rule, kind, unit) if rule is not None else key in environment
    else:
        for key in program.documents:
            environment[key] = Unknown(frozenset({key}), Truths(frozenset({True, False})))
    for value in ruleset.cohort:
        environment[value.key] = cohort.get(value.key, Unknown(frozenset({value.key}), program.cohort_possible[value.key], "cohort"))
    environment.update((k, v) for k, v in cohort.items() if k.startswith("quota."))
    for key, function in program.derived.items():
        environment[key] = derived_value(program, key, function, environment)
    for indicator in (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments)):
        environment[f"evidence.{indicator.code}"] = evidence_of.limit(indicator, statuses[indicator.code])
    return environment


def _statuses(ruleset: Ruleset, unit: UnitData) -> dict[str, tuple[EvidenceStatus, ...]]:
    leaves = (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments))
    return {i.code: tuple(evidence_of.status(r, unit) for r in i.evidence) for i in leaves}


def values_of(ruleset: Ruleset, unit: UnitData, track: Track | None = None, cohort: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Data, parameters of the day and derived values of a unit, by key; what cannot be told
    is an object that says why."""
    return _environment(program_of(ruleset), unit, track or ruleset.deciding_track, _statuses(ruleset, unit), cohort or {})


def entry_value(item: DataItem, entry: Any, unit: UnitData, ruleset: Ruleset) -> Any:
    """What rules see of an entry: the value, or an object that says why it cannot be told."""
    waiting = frozenset({item.key})
    if isinstance(entry, Missing):
        return Unknown(waiting, possibility_of(item), "date" if item.type.kind == "date" else "missing")
    if isinstance(entry, NotYetDue):
        return Unknown(waiting, possibility_of(item), "not_due" if unit.as_of < entry.due else "missing")
    if isinstance(entry, Disputed):
        return Unknown(waiting, _claims(entry), "disputed", entry.claims)
    if isinstance(entry, NotApplicable):
        if ruleset.deciding_track in entry.confirmed_by:
            return OutOfScope(entry.reason)
        return Unknown(waiting, possibility_of(item), "unconfirmed")
    return _with_blanks(item, entry) if any(c.optional for c in item.columns) else entry


def _with_blanks(item: DataItem, rows: tuple[Record, ...]) -> tuple[Record, ...]:
    """The records of a table, every blank cell as a value that is not known."""
    blank = {f"column.{c.name}": Unknown(frozenset({item.key}), possibility_of_column(c), "blank") for c in item.columns}
    return tuple({k: blank[k] if isinstance(v, Missing) else v for k, v in row.items()} for row in rows)


def _claims(entry: Disputed) -> Possible:
    first = entry.claims[0]
    if isinstance(first, bool):
        return Truths(frozenset(bool(c) for c in entry.claims))
    if isinstance(first, str):
        return Words(frozenset(str(c) for c in entry.claims))
    points = [p for c in entry.claims if isinstance(p := possible(c), Range)]
    return hull_of_ranges(points) if points else Anything()


def parameter_value(parameter: Parameter, unit: UnitData) -> Any:
    """A parameter's value on the unit's date."""
    for value in parameter.values:
        if (value.start is None or value.start <= unit.as_of) and (value.end is None or unit.as_of <= value.end):
            return value.value
    return Unknown(frozenset({parameter.key}), Range(None, None, grain="some", tight=False))


# ---- before scoring -----------------------------------------------------------------------


def _reconcile(program: Program, environment: Environment) -> Iterator[Diagnostic]:
    for rule in program.ruleset.reconciliations:
        try:
            if program.condition(rule.condition)(environment):
                continue
        except (Undecided, NotApplicableReached, RuleFailure):
            continue
        values = {k.split(".", 1)[-1]: environment.get(k) for k in rule.keys}
        shown = tuple(f"{k} = {show(v, program.ruleset.language)}" for k, v in values.items())
        facts: dict[str, Fact] = {"message": rule.message, "rule": rule.text, "values": shown}
        yield Diagnostic("E730" if rule.is_error else "W730", (Label(rule.place),), facts)


def show(value: Any, language: Language) -> str:
    """A value for a message, exact."""
    if isinstance(value, bool):
        return word("YES" if value else "NO", language)
    if hasattr(value, "numerator"):
        return exact_text(value)
    return str(value) if isinstance(value, str) or hasattr(value, "isoformat") else "…"


def _unscored(program: Program, environment: Environment) -> str | None:
    for rule in program.ruleset.unscored:
        try:
            if program.condition(rule.condition)(environment):
                return rule.word
        except (Undecided, NotApplicableReached, RuleFailure):
            continue
    return None


# ---- one pass --------------------------------------------------------------------------------


def _run(
    program: Program, unit: UnitData, environment: Environment, statuses: Mapping[str, tuple[EvidenceStatus, ...]], assumed: _Assumed
) -> _Run:
    ruleset = program.ruleset
    run = _Run(environment)
    by_key = ruleset.by_key
    extras = {a.indicator.key: a for a in ruleset.adjustments}
    for key in ruleset.order:
        if not key.startswith("score."):
            continue
        node = by_key[key]
        assert isinstance(node, Indicator)
        record = _parent(program, run, node) if node.children else _leaf(program, unit, run, node, statuses[node.code], assumed)
        if key in extras:
            run.adjustments[node.code] = _adjustment(program, run, extras[key], record)
        run.records[node.code] = record
        _publish(program, run, record)
    _total(ruleset, run)
    _conclude(program, run)
    return run


def _publish(program: Program, run: _Run, record: IndicatorRecord) -> None:
    """Make an indicator's score and rate available to other rules."""
    score_key, rate_key = f"score.{record.code}", f"rate.{record.code}"
    if not record.points:  # it does not apply, or nothing below it does
        run.environment[score_key] = run.environment[rate_key] = OutOfScope(record.reason or "children")
    elif record.score is not None:
        run.environment[score_key] = record.score
        if rate_key in program.rates:
            run.environment[rate_key] = divide(record.score, record.points)
    else:
        waiting = record.waiting or frozenset({record.code})
        tight = record.bounds is not None and record.bounds.tight
        run.environment[score_key] = Unknown(waiting, Range(record.low, record.high, grain="some", tight=tight))
        low, high = divide(record.low, record.points), divide(record.high, record.points)
        run.environment[rate_key] = Unknown(waiting, Range(low, high, grain="some", tight=tight))


def _leaf(
    program: Program, unit: UnitData, run: _Run, indicator: Indicator, statuses: tuple[EvidenceStatus, ...], assumed: _Assumed
) -> IndicatorRecord:
    base = IndicatorRecord(indicator.code, "out", indicator.points, 0, None, None, evidence=statuses)
    claim = unit.not_applicable.get(indicator.code)
    if claim is not None and indicator.not_applicable is not None and program.ruleset.deciding_track in claim.confirmed_by:
        meant = _truth(program, run, indicator.applies_if) if indicator.applies_if is not None else True
        if meant is None and indicator.code not in assumed:
            run.uncertain[indicator.code] = ("out", "excluded")
        if meant is False or assumed.get(indicator.code) == "excluded":
            return replace(base, state="excluded", reason="applies_if")
        return replace(base, reason=claim.reason)
    leaf = program.leaves[indicator.key]
    record, found = evaluate_leaf(program, leaf, run.environment, statuses)
    if found is None:
        return record
    answers = ["scored"]
    answers += ["out"] if found.may_be_out and indicator.not_applicable is not None else []
    answers += ["excluded"] if found.may_be_excluded else []
    if len(answers) > 1:
        answer = assumed.get(indicator.code)
        if answer in ("out", "excluded"):
            return replace(base, state=answer, reason="assumed", waiting=record.waiting)  # type: ignore[arg-type]
        if answer is None:
            run.uncertain[indicator.code] = tuple(answers)
    return record


def _parent(program: Program, run: _Run, indicator: Indicator) -> IndicatorRecord:
    children = [run.records[c] for c in indicator.children]
    taken = []
    for adjustment in program.ruleset.adjustments:
        if adjustment.taken_from == indicator.code:
            low, high = _amount(run.adjustments[adjustment.indicator.code])
            taken.append((adjustment.indicator.code, low, high))

    def limits(node: Indicator) -> tuple[Any, Any]:
        return _limit(program, run, node.ceiling, node.points), _limit(program, run, node.floor, node.points)

    by_cohort = {c.code: Ref(p.cohort) for c in children if (p := _policy_of_out(program, c)) is not None and p.cohort is not None}
    points = program.ruleset.by_code
    means = {code: _limit(program, run, e, points[code].points) or (0, points[code].points) for code, e in by_cohort.items()}
    record = parent_record(program.ruleset, indicator, children, taken, limits, means)
    if record.bounds is None:
        return record
    asked = (indicator.ceiling, indicator.floor, *by_cohort.values())
    needs = frozenset(k for e in asked if e is not None for k in _needs(program, run, e))
    return replace(record, waiting=record.waiting | needs, bounds=replace(record.bounds, tight=record.bounds.tight and not needs))


def _policy_of_out(program: Program, record: IndicatorRecord) -> NotApplicablePolicy | None:
    """What is done about a child that does not apply; nothing for one that does."""
    return program.ruleset.by_code[record.code].not_applicable if record.state == "out" else None


def _limit(program: Program, run: _Run, expression: Expression | None, points: Exact) -> tuple[Exact, Exact] | None:
    """The least and the most that a parent's ceiling or floor can be; ``None`` for no limit."""
    if expression is None:
        return None
    try:
        value = exactly(expression)(run.environment) if isinstance(expression, Ref) else program.condition(expression)(run.environment)
        return value, value
    except NotApplicableReached:
        return None
    except (Undecided, RuleFailure):
        try:
            reading = READINGS.within(expression, View(run.environment))
        except (NotApplicableReached, RuleFailure):
            reading = Range()
    if not isinstance(reading, Range):
        return 0, points
    return reading.low if reading.low is not None else 0, reading.high if reading.high is not None else points


def _amount(record: AdjustmentRecord) -> tuple[Exact, Exact]:
    if record.amount is not None:
        return record.amount, record.amount
    assert record.bounds is not None
    return record.bounds.low, record.bounds.high


def _adjustment(program: Program, run: _Run, adjustment: Adjustment, record: IndicatorRecord) -> AdjustmentRecord:
    """What a bonus adds or an extra deduction takes, its condition considered."""
    applies = _truth(program, run, adjustment.only_if) if adjustment.only_if is not None else True
    code = adjustment.indicator.code
    if applies is False or record.state in ("out", "excluded"):
        return AdjustmentRecord(code, 0, None, applies, record)
    full = adjustment.indicator.points
    low, high = (record.low, record.high) if adjustment.kind == "bonus" else (full - record.high, full - record.low)
    if applies is None:
        low = 0
    if low == high:
        return AdjustmentRecord(code, low, None, applies, record)
    tight = applies is True and record.bounds is not None and record.bounds.tight
    return AdjustmentRecord(code, None, Bounds(low, high, tight), applies, record)


def _truth(program: Program, run: _Run, condition: Expression, *, inapplicable: bool = False) -> bool | None:
    """Whether a condition holds; about what does not apply it counts as ``inapplicable``."""
    try:
        return bool(program.condition(condition)(run.environment))
    except (Undecided, RuleFailure):
        try:
            return certain(READINGS.within(condition, View(run.environment)))
        except (NotApplicableReached, RuleFailure):
            return None
    except NotApplicableReached:
        return inapplicable


# ---- total, vetoes, grade ------------------------------------------------------------------------


def _total(ruleset: Ruleset, run: _Run) -> None:
    roots = [run.records[r.code] for r in ruleset.roots]
    common = [r for r in roots if not ruleset.by_code[r.code].individual]
    individual = [r for r in roots if ruleset.by_code[r.code].individual]
    low, high, points, removed = _add_up(common)
    low, high, points, removed = make_up(low, high, points, removed, "common", ruleset.all_out)
    other = _add_up(individual)
    low, high, points = low + other[0], high + other[1], points + other[2]
    removed = {s: removed.get(s, 0) + other[3].get(s, 0) for s in {*removed, *other[3]}}
    out = sum((r.declared - sum(r.removed.values(), 0) for r in roots if r.state == "out"), 0)
    removed["whole"] = removed.get("whole", 0) + out + removed.pop("level1", 0) + removed.pop("common", 0)
    run.steps.append(("sum", low))
    low, high, points, _ = make_up(low, high, points, removed, "whole", ruleset.all_out)
    run.left_out = _left_out(ruleset, run)
    run.withheld = not points or run.left_out > _limit_of_left_out(ruleset)
    if removed["whole"]:
        run.steps.append(("made_up", low))
    tight = all(r.score is not None or (r.bounds is not None and r.bounds.tight) or r.state in ("out", "excluded") for r in roots)
    for adjustment in ruleset.adjustments:
        record = run.adjustments[adjustment.indicator.code]
        least, most = _amount(record)
        tight = tight and (record.amount is not None or (record.bounds is not None and record.bounds.tight))
        if adjustment.kind == "bonus" and adjustment.inside_total:
            low, high = low + least, high + most
            run.steps.append((f"bonus {record.code}", low))
        elif adjustment.kind == "extra" and adjustment.taken_from is None:
            low, high = max(0, low - most), max(0, high - least)
            run.steps.append((f"extra {record.code}", low))
    rounding = ruleset.roundings.get("total")
    if rounding is not None:
        low, high = (round_to(e, rounding.places, rounding.mode) for e in (low, high))
        run.steps.append(("rounded", low))
    run.score = run.before_veto = Bounds(low, high, tight)


def _add_up(records: list[IndicatorRecord]) -> tuple[Exact, Exact, Exact, dict[str, Exact]]:
    low: Exact = 0
    high: Exact = 0
    points: Exact = 0
    removed: dict[str, Exact] = {}
    for record in records:
        for scope, amount in record.removed.items():
            removed[scope] = removed.get(scope, 0) + amount
        if record.state in ("out", "excluded"):
            continue
        low, high, points = low + record.low, high + record.high, points + record.points
    return low, high, points, removed


def _conclude(program: Program, run: _Run) -> None:
    """Vetoes, grades and subtotals of one pass."""
    ruleset = program.ruleset
    truths = [(v, _truth(program, run, v.condition)) for v in ruleset.vetoes]
    waiting: set[str] = set()
    records = []
    for veto, truth in truths:
        needs = _needs(program, run, veto.condition) if truth is None else frozenset()
        waiting |= needs
        records.append(VetoRecord(veto.code, truth, needs))
    run.vetoes = tuple(records)
    low, high = run.score.low, run.score.high
    for veto, truth in truths:
        if veto.effect == "score" and veto.score is not None and truth is not False:
            low = min(low, veto.score)
            high = min(high, veto.score) if truth else high
    run.score = Bounds(low, high, run.score.tight)
    gates = {id(g): _truth(program, run, g.condition, inapplicable=True) for s in ruleset.scales for g in s.gates}
    run.subtotals = tuple(_subtotal(program, run, s.name, s.codes, gates) for s in ruleset.subtotals)
    scale = ruleset.scale()
    if scale is not None:
        quotas = {q.key: run.environment.get(q.key) for q in scale.quotas}
        run.grade = grade(scale, low, high, Grading(ruleset.full_score, gates, truths, quotas))
        if run.grade.grade is None:
            waiting |= {k for k, held in quotas.items() if held is None}
    elif ruleset.worst_of:
        run.grade = _worst(ruleset, run)
    run.waiting = frozenset(waiting).union(*(r.waiting for r in run.records.values() if r.state in ("undecided", "error")))
    if run.grade is not None and run.grade.grade is None:
        for s in ruleset.scales:
            for g in s.gates:
                if gates[id(g)] is None:
                    run.waiting |= _needs(program, run, g.condition)


def _needs(program: Program, run: _Run, condition: Expression) -> frozenset[str]:
    from ..dsl.substitute import references

    found: set[str] = set()
    for key in references(condition):
        value = run.environment.get(key)
        if isinstance(value, Unknown):
            found |= value.waiting
    return frozenset(found)


def _subtotal(program: Program, run: _Run, name: str, codes: tuple[str, ...], gates: Mapping[int, bool | None]) -> SubtotalRecord:
    low, high, points, _ = _add_up([run.records[c] for c in codes])
    scale = program.ruleset.scale(name)
    found = grade(scale, low, high, Grading(points, gates, ())) if scale is not None and points else None
    if low == high:
        return SubtotalRecord(name, low, None, points, found)
    return SubtotalRecord(name, None, Bounds(low, high, False), points, found)


def _worst(ruleset: Ruleset, run: _Run) -> GradeRecord:
    """The worst of the subtotals' grades."""
    grades = [s.grade for s in run.subtotals if s.name in ruleset.worst_of and s.grade is not None]
    order = ruleset.scale(ruleset.worst_of[0])
    assert order is not None
    names = order.grades
    least = max((min(names.index(p) for p in g.possible) for g in grades), default=0)
    most = max((max(names.index(p) for p in g.possible) for g in grades), default=0)
    possible = names[least : most + 1]
    return GradeRecord(None, possible[0] if len(possible) == 1 else None, possible, None, None)


# ---- what is not known -----------------------------------------------------------------------------


def _tighter(
    program: Program, unit: UnitData, environment: Environment, statuses: Mapping[str, tuple[EvidenceStatus, ...]], first: _Run
) -> _Run:
    """Bounds by cases: shared data that can be only a few things, and indicators that may not apply."""
    shared = {k: v for k in program.shared if isinstance(v := environment.get(k), Unknown)}
    few = few_valued(shared)
    loose = bool(set(shared) - set(few))
    answers = first.uncertain
    if prod(map(len, (*few.values(), *answers.values()))) > _MOST_SCENARIOS:
        few, loose = {}, True
        if prod(map(len, answers.values())) > _MOST_SCENARIOS:
            return _nothing_known(program, first)
    if not few and not answers:
        return replace(first, score=replace(first.score, tight=first.score.tight and not loose))
    runs = []
    for values in product(*few.values()):
        for chosen in product(*answers.values()):
            trial = dict(environment)
            trial.update(zip(few, values, strict=True))
            for key, function in program.derived.items():
                if isinstance(trial.get(key), Unknown):
                    trial[key] = derived_value(program, key, function, trial)
            runs.append(_run(program, unit, trial, statuses, dict(zip(answers, chosen, strict=True))))
    scale = program.ruleset.scale()
    return _hull(first, runs, scale.grades if scale is not None else (), loose or bool(answers))


def _nothing_known(program: Program, first: _Run) -> _Run:
    """Too much is open: any score and any grade."""
    bonus = sum((a.indicator.points for a in program.ruleset.adjustments if a.kind == "bonus" and a.inside_total), 0)
    whole = Bounds(0, program.ruleset.full_score + bonus, False)
    scale = program.ruleset.scale()
    open_grade = GradeRecord(None, None, scale.grades, None, None) if scale is not None else None
    return replace(first, score=whole, before_veto=whole, grade=open_grade, withheld=None)


def _hull(first: _Run, runs: list[_Run], order: tuple[str, ...], loose: bool) -> _Run:
    def over(pick: Any) -> Bounds:
        low, high = min(pick(r).low for r in runs), max(pick(r).high for r in runs)
        return Bounds(low, high, not loose and all(pick(r).tight for r in runs))

    possible = [p for r in runs if r.grade is not None for p in r.grade.possible]
    found = first.grade
    if found is not None:
        names = tuple(dict.fromkeys(g for g in (*order, *found.possible) if g in possible)) or found.possible
        same = runs[0].grade if len(names) == 1 and runs[0].grade is not None else found
        found = replace(same, grade=names[0] if len(names) == 1 else None, possible=names, value=same.value if len(names) == 1 else None)
    records = dict(first.records)
    for code, record in records.items():
        if len({(r.records[code].state, r.records[code].score, r.records[code].points) for r in runs}) == 1 and runs[0].records[code].bounds is None:
            records[code] = runs[0].records[code]
            continue
        versions = [r.records[code] for r in runs if r.records[code].state in ("scored", "undecided")]
        if record.state in ("scored", "undecided") and versions:
            low, high = min(v.low for v in versions), max(v.high for v in versions)
            tight = not loose and all(v.score is not None or (v.bounds is not None and v.bounds.tight) for v in versions)
            if low == high and len(versions) == len(runs) and len({v.points for v in versions}) == 1:
                records[code] = replace(record, state="scored", score=low, bounds=None)
            else:
                records[code] = replace(record, state="undecided", score=None, bounds=Bounds(low, high, tight))
    answers = {r.withheld for r in runs}
    return replace(
        first, score=over(lambda r: r.score), before_veto=over(lambda r: r.before_veto), grade=found, records=records,
        left_out=min(r.left_out for r in runs), withheld=answers.pop() if len(answers) == 1 else None,
    )  # fmt: skip


# ---- the result -----------------------------------------------------------------------------------------


def _result(
    ruleset: Ruleset, unit: UnitData, track: Track, run: _Run, found: list[Diagnostic], word: str | None, program: Program, *, compared: bool
) -> Result:
    found += [r.failure for r in run.records.values() if r.failure is not None]
    told = {d.code for d in found}
    found += [d for d in failures(program, run.environment) if d.code not in told]
    score = run.score.low if run.score.low == run.score.high else None
    state = "decided" if score is not None or (run.grade is not None and run.grade.grade is not None) else "undecided"
    if score is None and state == "decided" and run.grade is not None and run.grade.grade is not None:
        state = "undecided"
    if score is not None and run.grade is not None and run.grade.grade is None:
        state = "undecided"
    grade_record = run.grade
    if run.withheld is None:
        state, score = "undecided", None
        grade_record = replace(grade_record, grade=None) if grade_record is not None else None
    elif run.withheld:
        state = "withheld"
        limit = divide(100 * _limit_of_left_out(ruleset), ruleset.full_score)
        found.append(Diagnostic("W731", (), {"left_out": exact_text(run.left_out), "limit": exact_text(limit)}))
    if word is not None:
        state = "unscored"
    if any(d.is_error for d in found):
        state = "error"
    shown = state in ("decided", "undecided")
    return Result(
        ruleset=ruleset, unit=unit, track=track, as_of=unit.as_of, state=state,  # type: ignore[arg-type]
        score=score if shown else None,
        bounds=run.score if score is None and shown else None,
        score_before_veto=run.before_veto.low if run.before_veto.low == run.before_veto.high and shown else None,
        full_score=ruleset.full_score, grade=grade_record if shown else None, indicators=run.records,
        adjustments=tuple(run.adjustments[a.indicator.code] for a in ruleset.adjustments), vetoes=run.vetoes,
        subtotals=run.subtotals, values=run.environment, waiting=run.waiting,
        diagnostics=tuple(found), unscored=word, total_steps=tuple(run.steps), compared=compared,
    )  # fmt: skip


def _limit_of_left_out(ruleset: Ruleset) -> Exact:
    """The most points that may be left out."""
    return ruleset.full_score if ruleset.left_out_limit is None else ruleset.left_out_limit * ruleset.full_score


def _left_out(ruleset: Ruleset, run: _Run) -> Exact:
    """The points of everything that is out and has its points taken over by others."""
    total: Exact = 0
    for indicator in ruleset.leaves:
        policy = indicator.not_applicable
        if run.records[indicator.code].state == "out" and policy is not None and policy.kind in ("rescale", "spread"):
            total += indicator.points
    return total
