"""What a plan is made of, how large numbers are carried, and what `check` may load."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from ruleeval.dsl.check import check_text
from ruleeval.dsl.columns import Columns, fractions
from ruleeval.dsl.model import Ruleset
from ruleeval.dsl.numbers import round_to
from ruleeval.dsl.operations import OPERATIONS
from ruleeval.dsl.operations.numbers import rounded
from ruleeval.engine.columns import by_unit
from ruleeval.engine.columns.carriers import carrier_of, for_quotient
from ruleeval.engine.columns.gather import gather
from ruleeval.engine.columns.plans import kept_plan
from ruleeval.engine.columns.results import outcome_of
from ruleeval.engine.columns.run import evaluate_units, work_out
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.unit import UnitData

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import column_workload

DAY = date(2022, 12, 31)
WIDE = """ruleset: wide numbers (made-up example)
version: 1
full-score: 12 points
deciding-track: on-site
rounding: level3, 3 places, half-even
missing-evidence: notice
data
done: integer, items, at-least 0
due: integer, items, at-least 1
gain: number, points
level1 A all, 12 points
level2 A1 all, 12 points
level3 A1.1 share, 8 points
value: done / due
standard: proportional
beyond: capped
level3 A1.2 gain, 4 points
standard: formula
points: gain / 7
"""


def ruleset_of(text: str) -> Ruleset:
    checked = check_text(text)
    assert checked.ruleset is not None, [(d.code, d.line) for d in checked.diagnostics]
    return checked.ruleset


def test_every_operation_has_a_column_reading() -> None:
    assert all(callable(o.columns) for o in OPERATIONS.values())


@pytest.mark.parametrize("top", [9, 10**6, 2**52, 2**60, 10**25])
def test_large_numbers_are_carried_exactly(top: int) -> None:
    """Ratios one apart from a tie, at every size: in float64, in int64, in Python's own numbers."""
    ruleset = ruleset_of(WIDE)
    rng = Random(top)
    units = []
    for _ in range(40):
        due = rng.randint(1, top)
        tie = due * rng.randint(0, 16001) // 16000 + rng.choice((-1, 0, 0, 1))
        gain = Fraction(rng.randint(-top, top), rng.choice((1, 2, 1000, 16)))
        units.append(UnitData("u", "office", DAY, values={"done": max(0, tie), "due": due, "gain": gain}))
    found = evaluate_units(ruleset, units)
    assert found.carried == len(units)
    for place, unit in enumerate(units):
        assert found.outcome(place) == outcome_of(evaluate(ruleset, unit)), unit


def test_a_quotient_in_float64_is_the_whole_number_below() -> None:
    """At the edge of what the limits allow, and one beyond it, where it is no longer true."""

    rng = Random(3)
    for _ in range(20_000):
        bottom = rng.randint(1, 2**26)
        whole = rng.randint(1, (2**53 - bottom) // bottom)
        for top in (whole * bottom, whole * bottom - 1, min(whole * bottom + bottom - 1, 2**53 - bottom - 1)):
            assert for_quotient((0, top), (1, bottom)) == "float64"
            assert int(float(top) / float(bottom) // 1) == top // bottom

    assert carrier_of((0, 2**53)) == "int64"
    assert for_quotient((0, 2**53 - 1), (1, 1)) == "int64"


@pytest.mark.parametrize("mode", ["half_up", "half_even", "up", "down", "floor", "ceiling"])
def test_rounding_is_that_of_exact_numbers(mode: str) -> None:
    for places in (0, 1, 2):
        for numerator in range(-60, 61):
            columns = Columns()
            number = fractions.whole(columns, columns.input("x", -1000, 1000), 40)
            found = fractions.rounded(columns, number, places, mode)
            value = _value(columns, found, {"x": numerator})
            assert value == rounded(Fraction(numerator, 40), places, mode), (places, numerator)
            if mode not in ("floor", "ceiling"):
                assert value == round_to(Fraction(numerator, 40), places, mode)


def _value(columns: Columns, number: fractions.Number, inputs: dict[str, int]) -> Fraction:
    values: list[int] = []
    for node in columns.nodes:
        values.append(inputs[node.name] if node.act == "input" else by_unit._value(node, values))
    bottom = 1 if number.bottom is None else values[number.bottom]
    return Fraction(number.numerator * values[number.top], number.denominator * bottom)


# ---- the workload of the benchmarks ---------------------------------------------------------


def workload_units(count: int) -> list[UnitData]:
    """Rows of the benchmark's table as units."""
    from ruleeval.engine.unit import EvidenceItem

    units = []
    for row in column_workload.frame(count).to_dicts():
        values = {
            name.rstrip("%"): Fraction(value, 100) if name.endswith("%") else value
            for name, value in row.items()
            if name not in column_workload.UNIT_COLUMNS and not name.startswith("evidence:")
        }
        papers = tuple(EvidenceItem(name.removeprefix("evidence:")) for name, value in row.items() if name.startswith("evidence:") and value)
        units.append(UnitData(row["unit"], row["unit_type"], row["as_of"], row["level"], row["period"], values, evidence=papers))
    return units


def test_the_workload_is_carried_whole_and_exactly() -> None:
    ruleset = ruleset_of(column_workload.ruleset_text())
    assert len(ruleset.leaves) == 200
    assert column_workload.frame(1).width == 514
    units = workload_units(int(os.environ.get("RULEEVAL_COLUMN_UNITS", "60")))
    found = evaluate_units(ruleset, units, threads=2)
    assert found.carried == len(units)
    for place, unit in enumerate(units):
        assert found.outcome(place) == outcome_of(evaluate(ruleset, unit))


def test_numpy_and_unit_by_unit_agree() -> None:
    ruleset = ruleset_of(column_workload.ruleset_text())
    gathered = gather(ruleset, workload_units(6), "on_site")
    plan = kept_plan(ruleset, gathered.scales, {})
    one = by_unit.run(plan, gathered.columns, 6, plan.wanted)
    other = work_out(plan, gathered.columns, 6, plan.wanted)
    assert other is not None
    assert {n: list(map(int, c)) for n, c in other.items()} == one


# ---- what the core loads ------------------------------------------------------------------------


def test_evaluating_one_unit_loads_no_tables() -> None:
    """`ruleeval check` starts without the packages of the extra ``columns``."""
    unit = Path(__file__).parents[2] / "rulesets" / "liaoning-2022" / "units" / "natural-resources.json"
    code = (
        "import sys\nfrom ruleeval.cli import main\n"
        f"try:\n    main(['check', {str(unit)!r}, '--json'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'numpy', 'polars', 'pyarrow', 'pandas', 'narwhals', 'sqlalchemy', 'duckdb'}), "
        "[m for m in sys.modules if m.startswith('ruleeval.engine.columns')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip().splitlines()[-1] == "[] []"
