"""Columns say of every unit exactly what the exact engine says: random rulesets and units."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from reference.cases import Units
from reference.compare import ruleset_of, unit_for_engine
from reference.draw import draw_plan

from ruleeval.engine.columns import run
from ruleeval.engine.columns.results import outcome_of
from ruleeval.engine.columns.run import evaluate_units
from ruleeval.engine.evaluate import evaluate

EXAMPLES = int(os.environ.get("RULEEVAL_COLUMN_EXAMPLES", "12"))


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_random_rulesets(seed: int) -> None:
    check(seed)


def check(seed: int, units: int = 60) -> tuple[int, int]:
    rng = Random(seed)
    plan = draw_plan(rng)
    ruleset = ruleset_of(plan)
    cases = Units(plan, rng)
    drawn = []
    for turn in range(units):
        case = cases.whole(out=(0.0, 0.0, 0.15, 0.4)[turn % 4])
        drawn.append(unit_for_engine(plan, cases.opened(case, 0.1) if turn % 5 == 4 else case))
    found = evaluate_units(ruleset, drawn)
    for place, unit in enumerate(drawn):
        if place not in found.exact:
            assert found.outcome(place) == outcome_of(evaluate(ruleset, unit)), (seed, place)
    return found.carried, units


@pytest.fixture(autouse=True)
def _plans_for_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan is made even for units of which there are only two alike."""
    monkeypatch.setattr(run, "_WORTH_A_PLAN", 2)
