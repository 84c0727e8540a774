"""The encoding for the solver says of every unit what the engine says of it."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from examples import few
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from reference.cases import Units
from reference.compare import ruleset_of, run_engine
from reference.draw import draw_plan

from ruleeval.dsl.model import Ruleset
from ruleeval.dsl.operations import OPERATIONS
from ruleeval.dsl.substitute import references
from ruleeval.engine.record import Result
from ruleeval.engine.solver.ask import Clock, Impossible, Possible, ask
from ruleeval.engine.solver.encoding import Encoding, encode
from ruleeval.engine.solver.readings import SOLVING
from ruleeval.engine.solver.terms import both, compare, either, is_known, no, reaches, rounded, same_truth
from ruleeval.engine.solver.tree import grade_terms, parent_shapes, score_of, scored_units, whole

laws = settings(derandomize=True, max_examples=few(15, 400), deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32)


def facts_of(ruleset: Ruleset, result: Result) -> dict[str, Any]:
    """A unit's data and evidence by key."""
    unit = result.unit
    mine = unit.assessments.get(ruleset.deciding_track, {})
    facts: dict[str, Any] = {d.key: (mine if d.assessed else unit.values)[d.name] for d in ruleset.data}
    kinds = {k for i in ruleset.by_code.values() for r in i.evidence for k in r.kinds}
    kinds |= {k.partition(".")[2] for i in ruleset.by_code.values() for s in i.steps for k in references(s.expression) if k.startswith("document.")}
    return {**facts, **{f"document.{k}": any(e.kind == k for e in unit.evidence or ()) for k in kinds}}


def a_run(seed: int) -> tuple[Ruleset, Result, dict[str, Any]]:
    plan = draw_plan(Random(seed))
    ruleset = ruleset_of(plan)
    result = run_engine(plan, ruleset, Units(plan, Random(seed)).whole())
    return ruleset, result, facts_of(ruleset, result)


def test_every_core_operation_has_its_reading() -> None:
    assert SOLVING.keys() == OPERATIONS.keys()


@laws
@given(seeds)
def test_with_all_data_fixed_the_encoding_works_out_to_the_engines_result(seed: int) -> None:
    ruleset, result, facts = a_run(seed)
    (encoding,) = encode([ruleset], result.as_of, fixed=facts)
    total, (names, chosen) = whole(encoding), grade_terms(encoding)
    held = [*scored_units(encoding), *encoding.assumed, total.in_force]
    assert not encoding.unsolved
    assert all(is_known(t) for t in held)
    assert all(held) == (result.state == "decided"), result.state
    if result.state == "decided":
        assert result.grade is not None
        assert (total.score, [n for n, c in zip(names, chosen, strict=True) if c]) == (result.score, [result.grade.grade])
        for code, record in result.indicators.items():
            if record.state == "scored":
                assert encoding.score(code) == (record.score, True)


def against_the_engine(encoding: Encoding, result: Result) -> Any:
    """That something comes out otherwise than the engine says."""
    found = []
    for code, record in result.indicators.items():
        score, scored = score_of(parent_shapes(encoding, encoding.ruleset.by_code[code]))
        found.append(no(same_truth(scored, record.state == "scored")))
        if record.score is not None:
            found.append(both(scored, compare(score, "!=", record.score)))
    return either(compare(whole(encoding).score, "!=", result.score), *found)


@settings(laws, max_examples=few(5, 100))
@given(seeds)
def test_with_data_as_variables_the_solver_finds_no_other_result(seed: int) -> None:
    ruleset, result, facts = a_run(seed)
    if result.state != "decided":
        return
    (encoding,) = encode([ruleset], result.as_of, fixed={k: v for k, v in facts.items() if isinstance(v, tuple)}, scaled=False)
    wanted = against_the_engine(encoding, result)
    same = []
    for key, value in facts.items():
        term = encoding.space.terms.get(key)
        if term is None:
            continue
        if isinstance(value, bool):
            same.append(same_truth(term, value))
        else:
            same.append(term == encoding.space.word(value) if isinstance(value, str) else compare(term, "=", value))
    clock = Clock(60)
    assert isinstance(ask([encoding], same, clock), Possible)
    assert isinstance(ask([encoding], [*same, wanted], clock), Impossible)


@pytest.mark.parametrize("mode", ["half_up", "half_even", "up", "down", "floor", "ceiling"])
@pytest.mark.parametrize("places", [0, 2])
def test_a_threshold_of_a_rounded_value_is_the_threshold_before_rounding(mode: str, places: int) -> None:
    import z3

    from ruleeval.dsl.operations.numbers import rounded as exactly

    x = z3.Real("x")
    for tenth in range(-35, 36):
        value = Fraction(tenth, 10 ** (places + 1))
        solver = z3.Solver()
        solver.add(x == z3.RealVal(str(value)), rounded(x, places, mode) != z3.RealVal(str(exactly(value, places, mode))))
        assert solver.check() == z3.unsat, value
        for goal in range(-3, 4):
            sign, limit = reaches(Fraction(goal, 10**places), places, mode)
            assert compare(value, sign, limit) == (exactly(value, places, mode) >= Fraction(goal, 10**places)), (value, goal)
