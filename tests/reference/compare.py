"""The engine against the reference: what they say of the same unit, and where it differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random

from ruleeval.dsl.check import check_text
from ruleeval.dsl.model import Ruleset
from ruleeval.engine import unit as engine_unit
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.record import Result

from .cases import Units
from .evaluator import Outcome, Reference
from .plan import Case, Claims, Missing, Out, Plan
from .write import write

DAY = date(2022, 12, 31)
LISTED = 96  # as many completions as are listed one by one
SAMPLED = 8


@dataclass(frozen=True)
class Difference:
    """One thing on which the two do not agree."""

    what: str
    engine: object
    reference: object
    plan: Plan
    case: Case

    def __str__(self) -> str:
        return f"{self.what}: engine {self.engine}, reference {self.reference}\n{write(self.plan)}\n{self.case}"


def ruleset_of(plan: Plan) -> Ruleset:
    """The plan through the real parser and checker; a plan that has an error is a fault of its writer."""
    checked = check_text(write(plan))
    errors = [found.code for found in checked.diagnostics if found.is_error]
    assert checked.ruleset is not None, f"{errors}\n{write(plan)}"
    assert not errors, errors
    return checked.ruleset


def entry_for_engine(entry: object) -> object:
    match entry:
        case Missing(due=True):
            return engine_unit.NotYetDue(date(2030, 1, 1))
        case Missing():
            return engine_unit.Missing()
        case Out():
            return engine_unit.NotApplicable("none", frozenset({"on_site"}))
        case Claims(values):
            return engine_unit.Disputed(tuple(entry_for_engine(value) for value in values))
        case tuple():
            return tuple(entry_for_engine(value) for value in entry)
        case Fraction() if entry.denominator == 1:
            return int(entry)
    return entry


def run_engine(plan: Plan, ruleset: Ruleset, case: Case) -> Result:
    return evaluate(ruleset, unit_for_engine(plan, case))


def unit_for_engine(plan: Plan, case: Case) -> engine_unit.UnitData:
    assessed = {item.name for item in plan.items if item.assessed}
    entries = {name: entry_for_engine(entry) for name, entry in case.entries.items()}
    return engine_unit.UnitData(
        "单位",
        "单位" if plan.language == "zh" else "unit",
        DAY,
        values={name: entry for name, entry in entries.items() if name not in assessed},
        assessments={"on_site": {name: entry for name, entry in entries.items() if name in assessed}},
        evidence=tuple(engine_unit.EvidenceItem(name) for name in sorted(case.evidence)),
        not_applicable={code: engine_unit.NotApplicable("none", frozenset({"on_site"})) for code in case.out},
    )


def score_of(result: Result, code: str) -> object:
    """An indicator's score; ``None`` when it is out or nothing below it is in force."""
    record = result.indicators[code]
    return record.score if record.points else None


def grade_of(result: Result) -> str | None:
    return result.grade.grade if result.grade else None


Engine = Callable[[Plan, Ruleset, Case], Result]


class Comparison:
    """Compares one plan on many units; ``reference`` or ``engine`` may be a wrong one."""

    def __init__(self, plan: Plan, rng: Random, reference: type[Reference] = Reference, engine: Engine = run_engine) -> None:
        self.plan = plan
        self.ruleset = ruleset_of(plan)
        self.units = Units(plan, rng)
        self.reference = reference
        self.engine = engine

    def differences(self, units: int) -> Iterator[Difference]:
        for turn in range(units):
            case = self.units.whole(out=(0.0, 0.0, 0.15, 0.4)[turn % 4])
            yield from self.decided(case)
            if turn % 2:
                yield from self.open(self.units.opened(case, (0.03, 0.15, 0.7)[turn // 2 % 3]))

    def decided(self, case: Case) -> Iterator[Difference]:
        """A unit with nothing open: the same state, scores, total and grade."""
        result, outcome = self.engine(self.plan, self.ruleset, case), self.reference(self.plan, case).outcome()

        def differ(what: str, engine: object, reference: object) -> Difference:
            return Difference(what, engine, reference, self.plan, case)

        if result.state != outcome.state:
            yield differ("state", result.state, outcome.state)
            return
        if outcome.state == "error":
            return
        for code, score in outcome.scores.items():
            if score_of(result, code) != score:
                yield differ(f"score of {code}", score_of(result, code), score)
        if result.score != outcome.score:
            yield differ("total", result.score, outcome.score)
        elif outcome.state == "decided" and grade_of(result) != outcome.grade:
            yield differ("grade", grade_of(result), outcome.grade)

    def open(self, case: Case) -> Iterator[Difference]:
        """A unit with something open: sound bounds, tight where labelled so, one answer only where there is one."""
        result = self.engine(self.plan, self.ruleset, case)
        cases, all_of_them = self.units.completions(case, LISTED, SAMPLED)
        outcomes = [self.reference(self.plan, one).outcome() for one in cases]

        def differ(what: str, engine: object, reference: object) -> Difference:
            return Difference(what, engine, reference, self.plan, case)

        states = {outcome.state for outcome in outcomes}
        agreed = {"error"} if result.state == "error" else {result.state, "error"}  # a value that is wrong may still come in
        if result.state != "undecided" and not states <= agreed:
            yield differ("state of an open unit", result.state, states)
            return
        scored = [outcome for outcome in outcomes if outcome.state == "decided"]
        yield from self.totals(result, scored, differ, tight=all_of_them and len(scored) == len(outcomes))
        for code in scored[0].scores if scored else ():
            yield from self.indicator(result, code, [outcome.scores[code] for outcome in scored], differ)

    def totals(self, result: Result, scored: list[Outcome], differ, *, tight: bool) -> Iterator[Difference]:
        scores, grades = {outcome.score for outcome in scored}, {outcome.grade for outcome in scored}
        if not scored:
            return
        if result.score is not None and scores != {result.score}:
            yield differ("total of an open unit", result.score, sorted(scores))
        if grade_of(result) is not None and grades != {grade_of(result)}:
            yield differ("grade of an open unit", grade_of(result), grades)
        if result.grade is not None and not grades <= set(result.grade.possible):
            yield differ("possible grades", result.grade.possible, grades)
        if result.bounds is None or result.score is not None:
            return
        low, high = result.bounds.low, result.bounds.high
        if not all(above(low, score) and above(score, high) for score in scores):
            yield differ("bounds", (low, high), (min(scores), max(scores)))
        elif result.bounds.tight and tight and (low, high) != (min(scores), max(scores)):
            yield differ("tight bounds", (low, high), (min(scores), max(scores)))

    def indicator(self, result: Result, code: str, scores: list[Fraction | None], differ) -> Iterator[Difference]:
        record = result.indicators[code]
        found = [score for score in scores if score is not None]
        if record.points and record.score is not None and set(scores) != {record.score}:
            yield differ(f"score of {code} of an open unit", record.score, set(scores))
        elif record.bounds is not None and not all(above(record.bounds.low, one) and above(one, record.bounds.high) for one in found):
            yield differ(f"bounds of {code}", record.bounds, (min(found), max(found)))


def above(low: Fraction | None, high: Fraction | None) -> bool:
    """Whether low is at most high; an end that is not there is no limit."""
    return low is None or high is None or low <= high
