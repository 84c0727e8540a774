"""The made-up library review: a branch worked through by hand, and what tips its grade."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import ruleeval
from ruleeval.dsl.check import check_text
from ruleeval.dsl.model import Ruleset
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.record import Result
from ruleeval.engine.unit import EvidenceItem, NotApplicable, UnitData

F = Fraction
TEXT = (Path(ruleeval.__file__).parent / "rulesets" / "riverside-libraries" / "libraries.rules").read_text("utf-8")


def table(*rows: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    return tuple({f"column.{name}": value for name, value in row.items()} for row in rows)


VALUES = {
    "hours open": 1960, "hours published": 2080,
    "closures": table({"date": date(2024, 2, 3), "announced": False}, {"date": date(2024, 5, 1), "announced": True}),
    "visitors": 42_000, "visitors last year": 40_000, "loans": 67_200, "events held": 24,
    "complaints": table(
        {"received": date(2024, 3, 1), "answered": date(2024, 3, 15)},  # Friday to Friday: 10 working days
        {"received": date(2024, 3, 1), "answered": date(2024, 3, 18)},  # to Monday: 11
        {"received": date(2024, 6, 3), "answered": date(2024, 6, 4)},
    ),
    "replies": 212, "satisfied": F("0.873"), "staff": 15, "staff trained": 11,
    "spending": 412_000, "budget": 400_000, "outreach visits": 10,
}  # fmt: skip
ASSESSED = {
    "step-free entrance": True, "accessible toilet": True, "hearing loop": False, "large-print shelf": True,
    "seats reachable": True, "condition of the house": "worn", "closed by the fire officer": False,
}  # fmt: skip
EVIDENCE = (
    EvidenceItem("opening log"), EvidenceItem("timetable"), EvidenceItem("access audit", issued_on=date(2023, 4, 2)),
    EvidenceItem("reader survey"),
)  # fmt: skip
BRANCH = UnitData(
    "Mill Lane", "branch library", date(2024, 12, 31), values=VALUES, assessments={"on_site": ASSESSED}, evidence=EVIDENCE
)

#: Every score worked out by hand, rounded half up to two places.
SCORES = {
    "A1.1": "10.12",  # 1960/2080 = 94.2308 %, 3.7692 below 98 %: 12 − 3.7692 × 0.5 = 10.1154
    "A1.2": "6",  # one of two closures was not announced: 8 − 2
    "A2.1": "13",  # 5 + 4 + 0 + 2 + 2
    "B1.1": "8",  # 42,000 against 40,000 is 5 % more: halfway from 6 to 10
    "B1.2": "12",  # 67,200 ÷ 42,000 = 1.6
    "B2.1": "8.5",  # 10 × 0.5 + 14 × 0.25
    "C1.1": "6.67",  # two of three within 10 working days: 10 × 2/3
    "C1.2": "9.7",  # 87.3 ÷ 90 × 10
    "D1.1": "3.67",  # 11/15 ÷ 80 % × 4 = 3.6667
    "D1.2": "3.88",  # 3 % over the budget: 4 × (2 − 1.03)
    "D1.3": "1",
}


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    found = check_text(TEXT)
    assert found.diagnostics == ()
    assert found.ruleset is not None
    assert found.ruleset.language == "en"
    return found.ruleset


def changed(ruleset: Ruleset, **assessed: Any) -> Result:
    return evaluate(ruleset, replace(BRANCH, assessments={"on_site": {**ASSESSED, **assessed}}))


def test_every_score_as_worked_out_by_hand(ruleset: Ruleset) -> None:
    result = evaluate(ruleset, BRANCH)
    assert {code: result.indicators[code].score for code in SCORES} == {code: F(text) for code, text in SCORES.items()}
    assert {code: result.indicators[code].score for code in "ABCD"} == {
        "A": F("29.12"), "B": F("28.5"), "C": F("16.37"), "D": F("8.55"),
    }  # fmt: skip
    # 82.54, and 2 for ten outreach trips (a point for every four, at most 3)
    assert result.adjustments[0].amount == 2
    assert result.score == F("84.54")
    assert result.grade is not None
    assert result.grade.grade == "good"
    assert result.diagnostics == ()


def test_the_veto_caps_the_grade_and_leaves_the_score(ruleset: Ruleset) -> None:
    result = changed(ruleset, **{"closed by the fire officer": True})
    assert result.score == F("84.54")
    assert result.grade is not None
    assert (result.grade.grade, result.grade.by_band) == ("fair", "good")


def test_an_old_access_audit_holds_accessibility_to_four_fifths(ruleset: Ruleset) -> None:
    old = (*EVIDENCE[:2], EvidenceItem("access audit", issued_on=date(2022, 12, 30)), EVIDENCE[3])
    assert evaluate(ruleset, replace(BRANCH, evidence=old)).indicators["A2.1"].score == 12


def test_no_bonus_below_its_gate(ruleset: Ruleset) -> None:
    nothing = dict.fromkeys(("step-free entrance", "accessible toilet", "large-print shelf", "seats reachable"), False)
    result = changed(ruleset, **nothing)  # A falls to 16.12
    assert result.adjustments[0].amount == 0
    assert result.score == F("69.54")


def test_without_staff_of_its_own_the_points_are_made_up_beside_it(ruleset: Ruleset) -> None:
    out = {"D1.1": NotApplicable("run by volunteers", frozenset({"on_site"}))}
    result = evaluate(ruleset, replace(BRANCH, not_applicable=out))
    assert result.indicators["D1"].score == F("4.88") * 10 / 6


def test_no_complaint_at_all_gives_full_marks(ruleset: Ruleset) -> None:
    result = evaluate(ruleset, replace(BRANCH, values={**VALUES, "complaints": ()}))
    assert result.indicators["C1.1"].score == 10


def test_a_survey_not_handed_in_yet(ruleset: Ruleset) -> None:
    values = {name: value for name, value in VALUES.items() if name != "satisfied"}
    result = evaluate(ruleset, replace(BRANCH, values=values))
    assert (result.state, result.score) == ("undecided", None)
    assert result.bounds is not None
    assert (result.bounds.low, result.bounds.high) == (F("74.84"), F("84.84"))
    assert result.grade is not None
    assert result.grade.possible == ("good", "fair")
    assert result.waiting == {"data.satisfied"}
