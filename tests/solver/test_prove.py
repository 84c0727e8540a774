"""`prove` says what listing every unit says; planted defects are found, and the shipped rulesets have none."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from examples import EVERYTHING, few
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import ruleeval
from ruleeval.cli import root
from ruleeval.cli.prove import write_witnesses
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.solver.days import day_of
from ruleeval.engine.solver.prove import Proof, prove
from ruleeval.files.unit_file import read_unit, unit_data

from .small import DAY, HEAD, checked, drawn, every_unit

EVERY = sorted((Path(ruleeval.__file__).parent / "rulesets").glob("*/*.rules"))
SHIPPED = [p for p in EVERY if EVERYTHING or p.stem in ("natural-resources", "libraries")]  # one of each trade; a proof takes a while
RULESETS = [p for p in SHIPPED if not ruleeval.load(p).awaited]  # a template waits for a unit's own indicators
laws = settings(derandomize=True, max_examples=few(12, 200), deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))


@laws
@given(st.integers(0, 10_000))
def test_ranges_grades_and_directions_are_those_of_all_units(seed: int) -> None:
    ruleset = drawn(seed)
    if ruleset is None:
        return
    listed = list(every_unit(ruleset))
    proof = prove(ruleset, DAY, 60)
    assert not proof.unsolved
    for code, scope in [*proof.scopes.items(), ("", proof.total)]:
        scores = [r.indicators[code].score if code else r.score for _, r in listed]
        assert (scope.low.value, scope.high.value) == (min(scores), max(scores)), (code, scope)  # type: ignore[type-var]
        assert scope.low.reached is scope.high.reached is True
    reached = {r.grade.grade for _, r in listed if r.grade is not None}
    assert {g.grade: g.reached for g in proof.grades} == {g: g in reached for g in ("优", "中", "差")}
    for grade in proof.grades:
        if grade.unit is not None:
            again = evaluate(ruleset, grade.unit).grade
            assert again is not None
            assert again.grade == grade.grade
    check_directions(proof, listed)


def check_directions(proof: Proof, listed: list[tuple[dict[str, object], object]]) -> None:
    """A direction that is claimed holds of every two units that differ in one item alone."""
    for rising in proof.rising:
        if rising.direction == "not_decided":
            continue
        seen = set()
        for facts, result in listed:
            for other, more in listed:
                alone = all(facts[k] == other[k] for k in facts if k != rising.key) and facts[rising.key] < other[rising.key]  # type: ignore[operator]
                if alone:
                    before, after = (r.indicators[rising.code].score for r in (result, more))  # type: ignore[attr-defined]
                    seen |= {"up"} if after > before else {"down"} if after < before else set()
        allowed = {"both": {"up", "down"}, "none": set(), "up": {"up"}, "down": {"down"}}[rising.direction]
        assert seen <= allowed, rising
        for move, sign in ((rising.raised, 1), (rising.lowered, -1)):
            assert move is None or (move.scores[1] - move.scores[0]) * sign > 0


@cache
def proof_of(path: Path) -> Proof:
    ruleset = ruleeval.load(path)
    return prove(ruleset, day_of(ruleset), 120)


@pytest.mark.parametrize("path", RULESETS, ids=lambda p: p.stem)
def test_nothing_is_wrong_with_the_shipped_rulesets(path: Path) -> None:
    proof = proof_of(path)
    ruleset = proof.ruleset
    assert proof.never == ()
    assert proof.between is False
    assert not proof.unsolved
    assert [g.grade for g in proof.grades if not g.reached] == []
    for code, scope in proof.scopes.items():
        assert scope.high.value == ruleset.by_code[code].points
        assert scope.low.reached is scope.high.reached is True
    assert proof.total.high.reached is True


def test_the_least_total_of_the_liaoning_set_is_that_of_the_oldest_staff() -> None:
    """Every indicator can score nothing but the age structure: 4 × 0.7 = 2.8 of 120."""
    proof = proof_of(next(p for p in RULESETS if p.stem == "natural-resources"))
    assert (str(proof.total.low.value), proof.total.high.value) == ("14/5", 120)
    assert str(proof.scopes["D1.2"].low.value) == "14/5"


# ---- planted defects ------------------------------------------------------------------------------

DATA = "数据\n  数甲：整数，件，0至9\n  数乙：整数，件，0至9\n  事子：是否，评定\n\n勾稽\n  数甲 ≤ 数乙，错误：数甲不能多于数乙\n\n"
TREE = "一级指标 A 一级，10分\n二级指标 A1 二级，10分\n三级指标 A1.1 名，10分\n"
GRADES = "\n等次：按得分率\n  90%（含）以上：优\n  60%（含）至90%：中\n  低于60%：差\n"
PLAIN = "  取值：数乙\n  评分：扣分\n    每1件：扣2分\n"


def planted(standard: str = PLAIN, after: str = GRADES) -> Proof:
    return prove(checked(HEAD.format(points=10, rounding="") + DATA + TREE + standard + after), DAY, 60)


def told(proof: Proof) -> list[tuple[str, str, str]]:
    return [(s.kind, s.code, s.text) for s in proof.never]


def test_nothing_is_planted() -> None:
    proof = planted()
    assert (told(proof), [g.reached for g in proof.grades], proof.scopes["A1.1"].high.value) == ([], [True] * 3, 10)


def test_a_dead_branch_is_found() -> None:
    """The data reconcile only where the first is at most the second; no interval alone can tell."""
    proof = planted("  评分：公式\n  计分：当 数甲 > 数乙 取 4分，当 数甲 = 数乙 取 10分，否则 6分\n")
    assert told(proof) == [("branch", "A1.1", "数甲 > 数乙")]


def test_a_dead_band_is_found() -> None:
    """数甲 ÷ (数乙 + 1) stays below 1, since 数甲 ≤ 数乙: at most 9/10."""
    proof = planted("  取值：数甲 ÷ (数乙 + 1件)\n  评分：分档\n    高于90%：0分\n    50%（含）至90%（含）：10分\n    低于50%：0分\n")
    assert told(proof) == [("band", "A1.1", "高于90%")]


def test_a_criterion_that_can_never_be_met_is_found() -> None:
    """Full points would need 数甲 > 数乙: the most is 6 of 10."""
    proof = planted("  评分：公式\n  计分：当 数甲 > 数乙 取 10分，当 事子 取 6分，否则 0分\n")
    assert told(proof) == [("branch", "A1.1", "数甲 > 数乙")]
    assert (proof.scopes["A1.1"].high.value, proof.scopes["A1.1"].high.reached) == (6, True)
    assert [(g.grade, g.reached) for g in proof.grades] == [("优", False), ("中", True), ("差", True)]


def test_a_grade_between_two_steps_is_found_out_of_reach() -> None:
    """Scores are 10, 8, 6, …: nothing lies in 85 % to 90 %."""
    grades = "\n等次：按得分率\n  90%（含）以上：优\n  85%（含）至90%：中\n  低于85%：差\n"
    assert [(g.grade, g.reached) for g in planted(after=grades).grades] == [("优", True), ("中", False), ("差", True)]


def test_a_grade_that_a_veto_always_takes_away_is_found() -> None:
    proof = planted(after="\n否决 V1 事由\n  条件：数甲 ≤ 数乙\n  效果：等次最高中\n" + GRADES)
    assert [(g.grade, g.reached) for g in proof.grades] == [("优", False), ("中", True), ("差", True)]
    assert ("fails", "V1", "条件：数甲 ≤ 数乙") in told(proof)


def test_a_gate_that_never_opens_is_found() -> None:
    """得分 10 needs 数乙 = 0, and so 数甲 = 0."""
    proof = planted(after=GRADES + "  门槛 优：数甲 > 数乙\n")
    assert [(g.grade, g.reached) for g in proof.grades] == [("优", False), ("中", True), ("差", True)]
    assert ("holds", "优", "门槛 优：数甲 > 数乙") in told(proof)


def test_more_that_lowers_here_and_raises_there_is_shown_with_pairs() -> None:
    proof = planted("  取值：数乙\n  评分：分档\n    0至2件：0分\n    3至5件：10分\n    6件及以上：5分\n")
    (found,) = [r for r in proof.rising if r.key == "data.数乙"]
    assert found.direction == "both"
    assert found.raised is not None
    assert found.lowered is not None
    assert found.raised.scores[0] < found.raised.scores[1]
    assert found.lowered.scores[0] > found.lowered.scores[1]


# ---- the command ----------------------------------------------------------------------------------


def test_witness_files_are_read_back_by_check(tmp_path: Path) -> None:
    for path in RULESETS:
        proof = proof_of(path)
        files = write_witnesses(proof, tmp_path / path.stem, path)
        assert set(files) == {g.grade for g in proof.grades}
        for grade, file in files.items():
            again = CliRunner().invoke(root, ["check", file, "--rules", str(path), "--json"])
            assert json.loads(again.output)["grade"]["grade"] == grade
            unit, found = unit_data(read_unit(Path(file)), proof.ruleset)
            assert unit is not None, found


def test_the_command_tells_where_it_wrote_the_witnesses(tmp_path: Path) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text(HEAD.format(points=10, rounding="") + DATA + TREE + PLAIN + GRADES, "utf-8")
    run = CliRunner().invoke(root, ["prove", str(rules), "--witness", str(tmp_path / "见证"), "--json"])
    assert run.exit_code == 0, run.output
    for grade in json.loads(run.output)["grades"]:
        again = CliRunner().invoke(root, ["check", grade["witness"], "--json"])
        assert json.loads(again.output)["grade"]["grade"] == grade["grade"]


def test_a_defect_is_status_1(tmp_path: Path) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text(HEAD.format(points=10, rounding="") + DATA + TREE + PLAIN + GRADES + "  门槛 优：数甲 > 数乙\n", "utf-8")
    for language, wanted in (("zh", "条件“门槛 优：数甲 > 数乙”永不成立"), ("en", 'the condition "门槛 优：数甲 > 数乙" never holds')):
        run = CliRunner().invoke(root, ["prove", str(rules), "--lang", language])
        assert (run.exit_code, wanted in run.output) == (1, True), run.output
