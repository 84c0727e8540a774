"""What a half-filled unit still needs: complete, and the most decisive first."""

from __future__ import annotations

from pathlib import Path

from ruleeval import evaluate, load, load_unit
from ruleeval.engine.needed import needed

from .books import GOVERNMENT, run
from .filled import fill

UNIT = GOVERNMENT.parent / "units" / "natural-resources.json"


def test_a_half_filled_form_gives_bounds_and_what_is_wanting_most_decisive_first(tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    assert run("form", GOVERNMENT, "-o", form).exit_code == 0
    left = frozenset({"外部问卷平均分", "服务对象满意度", "学习记录不规范次数"})
    fill(form, UNIT, "zh", left)
    ruleset = load(GOVERNMENT)
    result = evaluate(ruleset, load_unit(form, ruleset))
    whole = evaluate(ruleset, load_unit(UNIT, ruleset))
    found = needed(result)
    assert result.state == "undecided"
    assert result.bounds is not None
    assert whole.score is not None
    assert result.bounds.low <= whole.score <= result.bounds.high
    assert {n.name for n in found} == left == {k.split(".", 1)[-1] for k in result.waiting}
    widths = [n.open_points for n in found]
    assert widths == sorted(widths, reverse=True)
    for one in found:
        assert one.open_points == sum(result.indicators[c].high - result.indicators[c].low for c in one.codes)
    told = run("check", form, "--rules", GOVERNMENT)
    assert told.exit_code == 3
    lines = [line.strip() for line in told.output.splitlines() if "分未定" in line]
    assert [line.split("：")[0] for line in lines] == [n.name for n in found]
