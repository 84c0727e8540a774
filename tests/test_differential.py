"""The engine and a second evaluator, written from the definitions alone, say the same of random units.

A share of what `benchmarks/differential.py` does at length; a wrong evaluator is noticed.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from reference.compare import Comparison
from reference.draw import draw_plan
from reference.evaluator import Reference
from reference.faults import FAULTS, else_on_missing

PLANS = (*range(40), 1015, 1078, 1093, 1105, 1205)  # the last ones once told the two apart
UNITS = 12


@pytest.mark.parametrize("seed", PLANS)
def test_engine_and_reference_agree(seed: int) -> None:
    rng = Random(seed)
    found = next(Comparison(draw_plan(rng), rng).differences(UNITS), None)
    assert found is None, str(found)


def noticed(**wrong: Any) -> bool:
    """Whether some random unit tells a wrong evaluator from the right one."""
    for seed in range(400):
        rng = Random(seed)
        if any(True for _ in Comparison(draw_plan(rng), rng, **wrong).differences(UNITS)):
            return True
    return False


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_a_wrong_evaluator_is_noticed(fault: type[Reference]) -> None:
    assert noticed(reference=fault)


def test_an_engine_that_takes_missing_for_nothing_is_noticed() -> None:
    assert noticed(engine=else_on_missing)
