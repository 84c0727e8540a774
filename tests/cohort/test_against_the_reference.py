"""The cohort forms against the second evaluator: exact where all is known, sound bounds where something is missing."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random

import pytest
from reference.cohorts import completions, draw_cohort, draw_cohort_plan, opened
from reference.compare import ruleset_of, unit_for_engine
from reference.evaluator import Outcome, Reference
from reference.plan import Case, Plan

from ruleeval.engine.cohort import evaluate_cohort
from ruleeval.engine.record import Result
from ruleeval.engine.unit import UnitData

EXAMPLES = int(os.environ.get("COHORT_EXAMPLES", "60"))
PER_TEST = 10


def units(plan: Plan, cases: tuple[Case, ...]) -> list[UnitData]:
    return [replace(unit_for_engine(plan, case), name=f"单位{n}", unit_type=case.unit_type) for n, case in enumerate(cases)]


def outcomes(plan: Plan, cases: tuple[Case, ...]) -> list[Outcome]:
    return [Reference(plan, one, tuple(o for o in cases if o is not one)).outcome() for one in cases]


def agrees(result: Result, wanted: Outcome) -> bool:
    if wanted.state == "blurred":  # within bounds, which may come together: nothing to compare with
        return True
    if wanted.state == "open":
        return result.state in ("undecided", "error")
    if wanted.state == "error":
        return result.state == "error"
    return result.state == wanted.state and result.score == wanted.score and result.grade is not None and result.grade.grade == wanted.grade


def can_be(result: Result, wanted: Outcome) -> bool:
    """Whether one completion's outcome lies within what was said while something was missing."""
    if wanted.state in ("open", "blurred"):
        return agrees(result, wanted)
    if wanted.state != "decided" or result.state == "error":
        return result.state in ("undecided", "error") or wanted.state == result.state
    if result.score is not None and result.score != wanted.score:
        return False
    if result.bounds is not None and wanted.score is not None and not result.bounds.low <= wanted.score <= result.bounds.high:
        return False
    for code, score in wanted.scores.items():
        bounds = result.indicators[code].bounds
        if score is not None and bounds is not None and not bounds.low <= score <= bounds.high:
            return False
    return result.grade is None or wanted.grade in result.grade.possible


@pytest.mark.parametrize("start", range(0, EXAMPLES, PER_TEST))
def test_the_engine_and_the_reference_agree_on_cohorts(start: int) -> None:
    for seed in range(start, start + PER_TEST):
        rng = Random(seed)
        plan = draw_cohort_plan(rng)
        ruleset = ruleset_of(plan)
        for size in (1, 2, 3, 5):
            cases = draw_cohort(plan, rng, size)
            for result, wanted, case in zip(evaluate_cohort(ruleset, units(plan, cases)), outcomes(plan, cases), cases, strict=True):
                assert agrees(result, wanted), (seed, plan, cases, case, result.state, result.score, result.grade, wanted)


@pytest.mark.parametrize("start", range(0, EXAMPLES // 2, PER_TEST))
def test_bounds_hold_every_completion_of_a_cohort(start: int) -> None:
    for seed in range(start, start + PER_TEST):
        rng = Random(f"open {seed}")
        plan = draw_cohort_plan(rng)
        ruleset = ruleset_of(plan)
        for size in (2, 4):
            cases = opened(draw_cohort(plan, rng, size), rng)
            results = evaluate_cohort(ruleset, units(plan, cases))
            for filled in completions(cases, plan, 25) or ():
                for result, wanted in zip(results, outcomes(plan, filled), strict=True):
                    assert can_be(result, wanted), (seed, plan, cases, filled, result.state, result.score, result.bounds, result.grade, wanted)


def test_the_order_of_units_changes_nothing() -> None:
    for seed in range(20):
        rng = Random(f"order {seed}")
        plan = draw_cohort_plan(rng)
        ruleset = ruleset_of(plan)
        given = units(plan, opened(draw_cohort(plan, rng, 4), rng))
        mixed = list(given)
        rng.shuffle(mixed)
        one = {r.unit.name: (r.state, r.score, r.bounds, r.grade) for r in evaluate_cohort(ruleset, given)}
        other = {r.unit.name: (r.state, r.score, r.bounds, r.grade) for r in evaluate_cohort(ruleset, mixed)}
        assert one == other
