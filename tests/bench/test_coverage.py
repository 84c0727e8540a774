"""What no case touches is listed, what cases touch is not; generated cases reach everything."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import ruleeval

from .small import RULES, bench, run_test, shipped_report

RULESETS = Path(ruleeval.__file__).parent / "rulesets"
ONE = 'name: 足额\nunit: unit.json\nexpected: {score: "10", grade: 优秀, scores: {A1.1: "6", A1.2: "4"}}\n'


def untouched(folder: Path) -> set[tuple[str, str, str]]:
    told = json.loads(run_test(folder, "--coverage", "--json").output)
    return {(t["kind"], t["code"], t["text"]) for t in told["coverage"][0]["untouched"]}


def test_an_untested_band_veto_and_grade_are_listed_and_tested_ones_are_not(tmp_path: Path) -> None:
    left = untouched(bench(tmp_path, ONE))
    assert {("band", "A1.1", "高于100%"), ("band", "A1.1", "低于90%"), ("veto_yes", "V1", "条件：违规"), ("grade", "较差", "")} <= left
    assert ("band", "A1.1", "90%（含）至100%（含）") not in left
    assert ("grade", "优秀", "") not in left
    more = f"cases:\n  - {{{ONE.strip().replace(chr(10), ', ')}}}\n  - {{unit: unit.json, changes: {{data: {{人数: 102}}}}, expected: {{grade: 较差}}}}\n"
    assert left - untouched(bench(tmp_path, more)) >= {("band", "A1.1", "高于100%"), ("grade", "较差", ""), ("less", "A1.2", "超出人数")}


def test_a_dead_branch_is_never_covered_and_everything_else_is_by_generated_cases(tmp_path: Path) -> None:
    dead = RULES.replace("最大(0人，人数 − 编制)", "当 人数 > 编制 且 人数 − 编制 < 0 取 9人，否则 最大(0人，人数 − 编制)")
    folder = bench(tmp_path, ONE, dead)
    done = run_test(folder, "--generate", folder / "cases" / "more.yaml")
    assert done.exit_code == 0, done.output
    assert {(kind, code) for kind, code, _ in untouched(folder)} == {("branch", "A1.2"), ("compare_yes", "A1.2")}  # the second half of a condition that never holds


def test_generated_cases_alone_reach_full_coverage_run_as_written_and_wait_for_a_person(tmp_path: Path) -> None:
    folder = bench(tmp_path, ONE)
    (folder / "cases/one.yaml").unlink()
    made = folder / "cases" / "made.yaml"
    done = run_test(folder, "--generate", made, "--from", folder / "unit.json")
    assert done.exit_code == 0, done.output
    assert "to_confirm: true" in made.read_text("utf-8")
    assert untouched(folder) == set()
    assert run_test(folder, "--coverage", "--threshold", "100").exit_code == 0
    again = run_test(folder, "--generate", folder / "cases" / "none.yaml")
    assert (again.exit_code, again.output) == (0, "没有需要补的用例\n")


def test_a_share_below_the_threshold_fails(tmp_path: Path) -> None:
    folder = bench(tmp_path, ONE)
    assert run_test(folder, "--coverage").exit_code == 0
    assert run_test(folder, "--coverage", "--threshold", "90").exit_code == 1
    assert run_test(folder, "--threshold", "90").exit_code == 2


def test_the_page_marks_the_text_and_escapes_it(tmp_path: Path) -> None:
    folder = bench(tmp_path, ONE, RULES.replace("A1.2 超出人数", "A1.2 超出<b>&人数"))
    page = tmp_path / "page.html"
    assert run_test(folder, "--html", page).exit_code == 0
    text = page.read_text("utf-8")
    assert "<b>" not in text
    assert "超出&lt;b&gt;&amp;人数" in text
    line = RULES.splitlines().index("    高于100%：0分") + 1
    assert f'<tr class="none"><td class="n">{line}</td><td class="s" title="没有测到">✗</td>' in text
    assert f'<tr class="all"><td class="n">{line + 1}</td><td class="s" title="全部测到">✓</td>' in text


@pytest.mark.parametrize(("lang", "words"), [("zh", "✗ 没有测到"), ("en", "✗ not touched")])
def test_the_page_tells_by_sign_as_well_as_by_colour_and_can_be_read(tmp_path: Path, lang: str, words: str) -> None:
    page = tmp_path / "page.html"
    assert run_test(bench(tmp_path, ONE), "--html", page, "--lang", lang).exit_code == 0
    text = page.read_text("utf-8")
    assert words in text
    assert f'<html lang="{lang}">' in text
    style = text[text.index("<style>") : text.index("</style>")]
    writing = set(re.findall(r"(?<![-\w])color: (#[0-9a-f]+)", style))
    paper = set(re.findall(r"background: (#[0-9a-f]+)", style))
    assert len(writing) > 4
    assert len(paper) == 4
    for ink in writing:
        assert contrast(ink, "#fff") >= 4.5
    assert all(contrast("#1a1a1a", colour) >= 7 for colour in paper)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.1, 1.4.3)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


RICH = """\
规则集：示例，非官方标准
版本：1
满分：20分
取分：实地评估
修约：三级指标，2位，四舍五入
修约：总分，1位，四舍五入
缺佐证：提示
全部不适用：上移折算
折算限度：50%

数据
  甲率：百分数，0%至100%
  规模：选项 大、小
  投诉：记录表
    列 已办结：是否
    列 天数：整数，天，至少0
  加分数：整数，次，至少0

查表 系数
  键：规模
  大：1
  小：0.5

勾稽
  加分数 ≤ 9次，错误：太多

一级指标 A 甲，20分
  上限：得分(A1.1) × 3
二级指标 A1 乙，20分
三级指标 A1.1 率，10分
  评分：公式
  计分：10分 × 最小(甲率 ÷ 90%，1) × 查(系数，规模)
三级指标 A1.2 投诉，10分
  取值：个数(投诉，其中 非 已办结 且 天数 > 5天)
  评分：扣分
    每1：扣2分，最多扣6分
  不适用：折算，范围 上级

加分项 J1 加分，最多2分
  取值：加分数
  评分：得分
    每1次：得1分
  前提：得分(A) ≥ 8分
  计入：总分内

等次：按得分率
  60%（含）以上：合格
  低于60%：不合格
"""
RICH_UNIT = (
    '{"单位": "甲", "单位类型": "机关", "基准日": "2022-12-31", "规则集": "small.rules", "数据": {"甲率": "63%", "规模": "大", "加分数": 1,'
    ' "投诉": [{"已办结": true, "天数": 3}, {"已办结": true, "天数": 4}, {"已办结": false, "天数": 9}]}}'
)


def test_caps_ceilings_tables_and_filters_are_targets_and_generated_cases_reach_them(tmp_path: Path) -> None:
    # A1.1 63 ÷ 90 × 10 = 7, A1.2 10 − 2, A 15 (below 21), J1 1: 16
    one = 'unit: unit.json\nexpected: {score: "16.0", scores: {A1.1: "7", A1.2: "8"}}\n'
    folder = bench(tmp_path, one, RICH, RICH_UNIT)
    assert run_test(folder).exit_code == 0, run_test(folder).output
    left = untouched(folder)
    assert {("entry", "A1.1", "系数（小）"), ("ceiling_yes", "A", "甲"), ("decides", "A1.1", "1 ← 最小(甲率 ÷ 90%，1)")} <= left
    assert not {("entry", "A1.1", "系数（大）"), ("ceiling_no", "A", "甲"), ("decides", "A1.1", "甲率 ÷ 90% ← 最小(甲率 ÷ 90%，1)")} & left
    assert {kind for kind, code, _ in left if code == "A1.2"}.isdisjoint({"filter_yes", "filter_no"})
    empty = RICH_UNIT.replace('{"已办结": true, "天数": 3}, {"已办结": true, "天数": 4}, {"已办结": false, "天数": 9}', "")
    without = bench(tmp_path / "other", one.replace("16.0", "18.0").replace('A1.2: "8"', 'A1.2: "10"'), RICH, empty)
    assert {kind for kind, code, _ in untouched(without) if code == "A1.2"} >= {"filter_yes", "filter_no"}
    done = run_test(without, "--generate", without / "cases" / "more.yaml")
    assert done.exit_code == 0, done.output
    assert untouched(without) == set()
    (without / "cases/one.yaml").unlink()
    assert run_test(without).exit_code == 0, run_test(without).output


def test_changes_of_sums_applicability_bonus_reconciliation_and_rounding_are_tried(tmp_path: Path) -> None:
    folder = bench(tmp_path, 'unit: unit.json\nexpected: {state: decided}\n', RICH, RICH_UNIT)
    told = json.loads(run_test(folder, "--mutate", "--json").output)["mutation"][0]
    changed = {(m["kind"], m["code"]) for m in told["unnoticed"]}
    assert {("aggregate", "A1.2"), ("policy", "A1.2"), ("combination", "A1"), ("bonus", "J1"), ("rounding", ""), ("constant", "A")} <= changed
    assert ("reconciliation", "") in changed  # ≤ made <; turned round it would have been an error, and noticed
    assert len([m for m in told["unnoticed"] if m["kind"] == "reconciliation"]) == 2
    full = 'unit: unit.json\nexpected: {score: "16.0", scores: {A1.1: "7", A1.2: "8", A1: "15"}}\n'
    (folder / "cases/one.yaml").write_text(full, "utf-8")
    told = json.loads(run_test(folder, "--mutate", "--json").output)["mutation"][0]
    left = {(m["kind"], m["code"]) for m in told["unnoticed"]}
    assert not {("aggregate", "A1.2"), ("combination", "A1")} & left


def test_an_unnoticed_threshold_is_listed_until_a_case_stands_at_it(tmp_path: Path) -> None:
    folder = bench(tmp_path, ONE)
    told = json.loads(run_test(folder, "--mutate", "--json").output)["mutation"][0]
    moved = {(m["code"], m["before"], m["after"]) for m in told["unnoticed"]}
    assert ("A1.1", "≥ 90%", "≠") in moved
    at = "cases:\n  - {unit: unit.json, changes: {data: {人数: 90}}, expected: {scores: {A1.1: 6}}}\n"
    (folder / "cases/two.yaml").write_text(at, "utf-8")
    told = json.loads(run_test(folder, "--mutate", "--json").output)["mutation"][0]
    left = {(m["code"], m["before"], m["after"]) for m in told["unnoticed"]}
    assert moved - left >= {("A1.1", "≥ 90%", "≠"), ("A1.1", "90%", "91%")}
    assert run_test(folder, "--mutate", "--threshold", "100").exit_code == 1


#: The rulesets that evaluate units, and the cases of each; a template waits for a unit's own indicators.
TESTED = {
    "liaoning-2022/natural-resources.rules": "[1-8]-*.yaml", "liaoning-2022/trade-union.rules": "trade-union*.yaml",
    "liaoning-2022/testing-centre.rules": "testing-centre*.yaml", "liaoning-2022/town.rules": "town*.yaml",
    "riverside-libraries/libraries.rules": "*.yaml",
}  # fmt: skip


@pytest.mark.parametrize("name", TESTED)
def test_shipped_rulesets_are_covered_wholly_and_notice_nearly_every_small_change(name: str) -> None:
    told = shipped_report(str(Path(name).parent), TESTED[name])
    assert [c["untouched"] for c in told["coverage"]] == [[]]
    (mutation,) = told["mutation"]
    assert mutation["noticed"] * 100 >= mutation["tried"] * 95


def test_every_shipped_ruleset_that_evaluates_units_is_among_them() -> None:
    assert {f"{p.parent.name}/{p.name}" for p in RULESETS.glob("*/*.rules") if not ruleeval.load(p).awaited} == set(TESTED)


def test_the_page_of_a_ruleset_that_extends_another_marks_the_lines_of_both(tmp_path: Path) -> None:
    layer = "规则集：本省示例，非官方标准\n版本：2\n继承：示例，非官方标准 1\n理由：细化\n\n调整 A1.2\n  评分：扣分\n    每1人：扣2分\n"
    folder = bench(tmp_path, ONE.replace("unit: unit.json", "unit: unit.json\nrules: layer.rules"))
    (folder / "layer.rules").write_text(layer, "utf-8")
    page = tmp_path / "page.html"
    done = run_test(folder, "--html", page)
    assert done.exit_code == 0, done.output
    text = page.read_text("utf-8")
    line = RULES.splitlines().index("    高于100%：0分") + 1
    assert f'<tr class="none"><td class="n">{line}</td><td class="s" title="没有测到">✗</td><td class="t">    高于100%：0分</td>' in text
    assert ">    每1人：扣2分</td>" in text
