"""What is shown adds up and crosses no line; formulas of sheets give the engine's figures to the last digit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.cases import Units
from reference.compare import ruleset_of, run_engine
from reference.draw import draw_plan

import ruleeval
from ruleeval.engine.explain import explain
from ruleeval.report.display import Family, plan
from ruleeval.report.document import Figure, Table
from ruleeval.report.formulas import worked_out
from ruleeval.report.results_sheets import all_sheets
from ruleeval.report.score_sheet import score_sheet

FIGURES = st.one_of(
    st.integers(0, 5000).map(lambda n: Fraction(n, 100)), st.builds(Fraction, st.integers(0, 400), st.integers(1, 13)),
    st.integers(0, 10**8).map(lambda n: Fraction(n, 10**7)),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(FIGURES, min_size=1, max_size=6), min_size=1, max_size=4), st.lists(FIGURES, max_size=3))
def test_shown_parts_add_up_to_the_shown_whole_and_stay_on_their_side(groups: list[list[Fraction]], lines: list[Fraction]) -> None:
    families = [Family(sum(g, Fraction(0)), tuple(g)) for g in groups]
    total = sum((f.whole for f in families), Fraction(0))
    shown = plan([*families, Family(total, tuple(f.whole for f in families))], [(total, line) for line in lines])
    for family in families:
        assert sum((shown.shown(p) for p in family.parts), Fraction(0)) == shown.shown(family.whole)
    for line in lines:
        seen = shown.shown(total)
        assert ((seen < line), (seen > line)) == ((total < line), (total > line))
    # nothing is shifted: what is shown is the figure, or the figure rounded half up, and then it is said
    exact = all(shown.shown(v) == v for f in families for v in (f.whole, *f.parts))
    assert exact or (shown.rounded and shown.note("zh") and shown.note("en"))


def test_thirds_that_cannot_be_rounded_are_fractions_and_a_near_limit_takes_more_digits() -> None:
    third = Fraction(10, 3)
    shown = plan([Family(Fraction(10), (third, third, third))])
    assert (shown.text(third), shown.text(Fraction(10)), shown.note("zh")) == ("10/3", "10.00", "除不尽的分数以分数列出。")
    near = Fraction(89_999, 1000) + Fraction(1, 3000)
    assert plan([Family(near, ())], [(near, Fraction(90))]).text(near) == "89.999"


def formulas_agree(table: Table) -> tuple[int, int]:
    """How many figures are formulas, and how many there are; every formula gives the figure exactly."""

    def cell(row: int, column: int) -> Fraction | int:
        found = table.rows[row].cells[column]
        assert isinstance(found, Figure)
        assert found.value is not None
        return found.value

    live = every = 0
    for row in table.rows:
        for figure in row.cells:
            if isinstance(figure, Figure) and figure.value is not None:
                every += 1
                if figure.formula is not None:
                    live += 1
                    assert worked_out(figure.formula, cell) == figure.value
    return live, every


@pytest.mark.parametrize("seed", range(40))
def test_formulas_of_generated_results_are_the_engines_figures(seed: int) -> None:
    rng = Random(seed)
    drawn = draw_plan(rng)
    ruleset, units = ruleset_of(drawn), Units(drawn, rng)
    for out in (0.0, 0.3):
        result = run_engine(drawn, ruleset, units.whole(out=out))
        if result.state == "error":
            continue
        (table,) = (b for b in score_sheet(result).blocks if isinstance(b, Table))
        formulas_agree(table)
        for sheet in all_sheets([result], explain(result)):
            formulas_agree(sheet)


def test_every_total_of_the_shipped_example_is_live() -> None:
    folder = Path(__file__).parent / "samples/liaoning-2022"
    ruleset = ruleeval.load(folder / "government.rules")
    result = ruleeval.evaluate(ruleset, ruleeval.load_unit(folder / "units/natural-resources.json", ruleset))
    table = next(b for b in score_sheet(result).blocks if isinstance(b, Table))
    parents = [row for row, i in zip(table.rows, ruleset.indicators, strict=False) if i.children]
    assert all(isinstance(c, Figure) and c.formula is not None for row in (*parents, table.rows[-1]) for c in (row.cells[2], row.cells[4]))
