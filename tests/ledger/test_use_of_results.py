"""Frequencies and approval linkage: who is due, and reasons from the ledger that advise and never decide."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result

from ruleeval.dsl.check import check_text, check_use
from ruleeval.dsl.format import format_text
from ruleeval.engine.advise import due_on, months_later

RULES = """结果运用：评估结果运用（示例，非官方标准）
版本：1

数据
  编制使用率：百分数
  未销号一类问题数：整数，个，至少0
  评估等次：文本
  申请编制数：整数，名，至少1

频次
  优秀：36个月
  良好：24个月
  其余：12个月

审批联动
  编制使用率 < 85%，慎批：先内部挖潜
  未销号一类问题数 > 0，慎批：一类问题未销号
  评估等次 = “优秀” 且 申请编制数 ≤ 3，支持：等次优秀，申请不多
"""
SHEET = """规则集：小评（示例，非官方标准）
版本：1
满分：10分
取分：实地评估
修约：三级指标，2位，四舍五入
缺佐证：提示

数据
  核定编制数：整数，名，至少1
  实有人数：整数，人，至少0
  差错数：整数，件，至少0

派生
  编制使用率 = 实有人数 ÷ 核定编制数

问题类型
  记录不规范：一类，权限 单位，紧要程度 一般，整改30日

一级指标 A 管理，10分
二级指标 A1 管理，10分
三级指标 A1.1 使用，5分
  取值：编制使用率
  评分：按比例
  超出：封顶
三级指标 A1.2 差错，5分
  取值：差错数
  评分：扣分
    每1件：扣1分
  失分问题：记录不规范

等次：按得分率
  90%（含）以上：优秀
  60%（含）至90%：良好
  低于60%：较差
"""


def record(run: Callable[..., Result], tmp_path: Path, name: str, staff: int, errors: int, as_of: str = "2022-10-31") -> None:
    (tmp_path / "sheet.rules").write_text(SHEET, "utf-8")
    (tmp_path / "use.rules").write_text(RULES, "utf-8")
    unit = {"单位": name, "单位类型": "政府部门", "基准日": as_of, "规则集": "sheet.rules", "数据": {"核定编制数": 100, "实有人数": staff, "差错数": errors}}
    (tmp_path / "unit.json").write_text(json.dumps(unit, ensure_ascii=False), "utf-8")
    run("ledger", "record", "unit.json")


def data(done: Result):
    return json.loads(done.stdout)


def advice(run: Callable[..., Result], unit: str, posts: int = 5, on: str = "2022-12-01"):
    return data(run("advise", unit, "--posts", posts, "--rules", "use.rules", "--date", on, "--json"))


def test_a_low_use_rate_and_an_open_problem_of_class_1_give_two_reasons(run: Callable[..., Result], tmp_path: Path) -> None:
    record(run, tmp_path, "甲局", 78, 1)
    run("problems", "raise", 1, "--on", "2022-11-01")
    found = advice(run, "甲局")
    assert [(r["side"], r["words"]) for r in found["reasons"]] == [("against", "先内部挖潜"), ("against", "一类问题未销号")]
    assert [r["values"] for r in found["reasons"]] == [{"编制使用率": "78%"}, {"未销号一类问题数": "1"}]
    assert found["decides"] is False
    told = run("advise", "甲局", "--posts", 5, "--rules", "use.rules", "--date", "2022-12-01").stdout
    assert "先内部挖潜（编制使用率 < 85%：编制使用率 78%）" in told
    assert "不作决定" in told


def test_a_unit_with_neither_gets_no_reason_and_a_modest_request_of_an_excellent_one_support(run: Callable[..., Result], tmp_path: Path) -> None:
    record(run, tmp_path, "乙局", 98, 0)
    assert advice(run, "乙局")["reasons"] == []
    assert "没有支持或慎批的理由" in run("advise", "乙局", "--posts", 5, "--rules", "use.rules", "--date", "2022-12-01").stdout
    assert [(r["side"], r["words"]) for r in advice(run, "乙局", 3)["reasons"]] == [("in_favour", "等次优秀，申请不多")]


def test_the_newest_evaluation_and_the_problems_of_the_day_count(run: Callable[..., Result], tmp_path: Path) -> None:
    record(run, tmp_path, "甲局", 78, 1)
    record(run, tmp_path, "甲局", 90, 0, "2023-10-31")
    run("problems", "raise", 1, "--on", "2022-11-01")
    assert [r["words"] for r in advice(run, "甲局", on="2022-10-31")["reasons"]] == ["先内部挖潜"]
    assert [r["words"] for r in advice(run, "甲局", on="2022-11-01")["reasons"]] == ["先内部挖潜", "一类问题未销号"]
    assert [r["words"] for r in advice(run, "甲局", on="2023-11-01")["reasons"]] == ["一类问题未销号"]


def test_what_is_not_known_is_told_and_not_taken_as_false(run: Callable[..., Result], tmp_path: Path) -> None:
    record(run, tmp_path, "甲局", 78, 0)
    (tmp_path / "use.rules").write_text(RULES.replace("编制使用率", "空编率"), "utf-8")
    (reason,) = advice(run, "甲局")["reasons"]
    assert (reason["holds"], reason["missing"]) == (None, ["空编率"])
    assert "不能判断" in run("advise", "甲局", "--posts", 5, "--rules", "use.rules").stdout


@pytest.mark.parametrize(("on", "due"), [("2024-10-30", []), ("2024-10-31", ["甲局"]), ("2024-11-01", ["甲局"]), ("2025-10-31", ["甲局", "乙局"])])
def test_who_is_due_is_exact_to_the_day(run: Callable[..., Result], tmp_path: Path, on: str, due: list[str]) -> None:
    record(run, tmp_path, "甲局", 78, 1)  # good: due after two years
    record(run, tmp_path, "乙局", 98, 0)  # excellent: after three
    assert [r["unit"] for r in data(run("due", "--rules", "use.rules", "--date", on, "--json"))] == due
    assert ("没有到期的单位" in run("due", "--rules", "use.rules", "--date", on).stdout) == (not due)


def test_a_month_that_is_shorter_ends_the_term_on_its_last_day() -> None:
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2022, 10, 31), 1) == date(2022, 11, 30)
    use = check_use(RULES).use
    assert use is not None
    assert due_on(use, None, date(2022, 10, 31)) == date(2023, 10, 31)
    without = check_use(RULES.replace("  其余：12个月\n", "")).use
    assert without is not None
    assert due_on(without, "较差", date(2022, 10, 31)) is None


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [("编制使用率 < 85%", "编制使用律 < 85%", "E206"), ("良好：24个月", "优秀：24个月", "E209"), ("良好：24个月", "良好：2.5个月", "E509"), ("版本：1\n", "", "E210"),
     ("版本：1\n", "版本：1\n满分：10分\n", "E234"), ("结果运用：", "规则集：", "E210"), ("编制使用率 < 85%", "编制使用率", "E501")],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_told(wrong: str, right: str, code: str) -> None:
    found = check_use(RULES.replace(wrong, right, 1))
    assert found.use is None
    assert code in [d.code for d in found.diagnostics]


def test_it_converts_to_english_and_back_and_lints_clean() -> None:
    english = format_text(RULES, "en")
    assert "approval-linkage" in english
    assert check_use(english).use is not None
    assert format_text(english, "zh") == format_text(RULES, "zh")
    assert [d for d in check_text(RULES).diagnostics if d.is_error] == []
    assert [d.code for d in check_text(SHEET.replace("版本：1\n", "版本：1\n频次\n  优秀：36个月\n", 1)).diagnostics if d.is_error] == ["E234"]


def test_a_unit_that_was_never_recorded_is_told(run: Callable[..., Result], tmp_path: Path) -> None:
    record(run, tmp_path, "甲局", 78, 0)
    assert "E789" in run("advise", "丙局", "--posts", 1, "--rules", "use.rules", status=1).stderr
    assert "E210" in run("advise", "甲局", "--posts", 1, "--rules", "sheet.rules", status=1).stderr
