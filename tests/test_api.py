"""From Python: load, evaluate, explain."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import ruleeval
from ruleeval.report.as_markdown import to_markdown
from ruleeval.report.document import Document, Heading, Paragraph

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "samples" / "liaoning-2022"


def test_load_evaluate_explain() -> None:
    ruleset = ruleeval.load(FOLDER / "government.rules")
    unit = ruleeval.load_unit(FOLDER / "units" / "natural-resources.json", ruleset)
    result = ruleeval.evaluate(ruleset, unit)
    assert result.score == Fraction("107.48")
    assert result.rate == Fraction("107.48") / 120
    assert result.grade is not None
    assert result.grade.grade == "良好"
    levels = {c: result.indicators[c].score for c in "ABCDEX"}
    assert levels == {c: Fraction(s) for c, s in zip("ABCDEX", ("21.78", "13.5", "16.09", "16.89", "19.22", "20"), strict=True)}
    explanation = ruleeval.explain(result)
    assert len(explanation.indicators) == 6 + 18 + 31


def test_errors_are_raised_with_their_diagnostics(tmp_path: Path) -> None:
    with pytest.raises(ruleeval.RulesetError) as caught:
        ruleeval.load(tmp_path / "none.rules")
    assert [d.code for d in caught.value.diagnostics] == ["E729"]
    path = tmp_path / "a.rules"
    path.write_text("规则集：甲\n", "utf-8")
    with pytest.raises(ruleeval.RulesetError) as caught:
        ruleeval.load(path)
    assert {d.code for d in caught.value.diagnostics} <= {d.code for d in ruleeval.check("规则集：甲\n").diagnostics}


def test_text_from_data_cannot_become_markup() -> None:
    hostile = "<script>alert(1)</script> **x** [a](http://x) `y` \x1b[31m"
    written = to_markdown(Document((Heading(hostile), Paragraph(hostile))))
    assert "<script>" not in written
    assert "[a](" not in written
    assert "\x1b" not in written
    assert "**x**" not in written.replace("\\*", "")
