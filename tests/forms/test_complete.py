"""Every rule form and every function is tried out somewhere in this folder; and small slips of old."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_indicator import F, check, codes, run, score, table, text_of

from ruleeval.dsl.check import check_text
from ruleeval.dsl.keywords import KEYWORDS
from ruleeval.engine.notices import notices

WRITTEN = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("test_*.py"))


@pytest.mark.parametrize("key", [k.key for k in KEYWORDS.values() if k.group in ("form", "function")])
def test_every_form_and_function_is_tried_out(key: str) -> None:
    word = KEYWORDS[key]
    written = (f"评分：{word.zh}",) if word.group == "form" else (f"{word.zh}(", f'"{word.zh}"')
    assert any(w in WRITTEN for w in written)


def test_the_lowest_of_several_scores_and_one_rate() -> None:
    more = "三级指标 A1.2 另一项，4分\n取值：丁\n评分：达标\n上限：最低得分(A1.1) + 得分率(A1.1) × 1分"
    text = text_of("取值：丙\n评分：按比例", "  丙：百分数，0%至100%\n  丁：是否", after=more).replace("三级，10分", "三级，6分")
    assert run(text, {"丙": F("0.5"), "丁": True}).indicators["A1.2"].score == F("3.5")


def test_a_row_may_begin_with_a_word_that_opens_statements() -> None:
    text = """\
ruleset: Trial
version: 1
full-score: 10 points
deciding-track: on-site
data
  target group: integer, persons, at-least 0
  condition reports: integer, reports, at-least 0
level1 A One, 10 points
level2 A1 Two, 10 points
level3 A1.1 Three, 10 points
  standard: deduct
    [condition reports], each 1 report: minus 2 points
    [target group], each 1 person: minus 1 points
"""
    found = check_text(text)
    assert found.diagnostics == ()
    assert found.ruleset is not None
    assert score(found.ruleset, {"target group": 3, "condition reports": 2}) == 3


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("2位", "2.5位"), ("个数1至9", "个数1至9.5"), ("近12个月", "近1.5个月"), ("近30日", "近0.5日"), ("至少2份", "至少1.5份")],
)
def test_a_count_that_is_not_whole_is_refused(right: str, wrong: str) -> None:
    evidence = {"近12个月": "近12个月", "近30日": "近30日"}.get(right, "至少2份")
    text = text_of(
        f"评分：公式\n计分：平均(读数)\n佐证：批复，{evidence}", "  读数：一组数，分，0至10，个数1至9", head="修约：三级指标，2位，四舍五入"
    )
    check(text)
    assert "E509" in codes(text.replace(right, wrong))


def test_the_notice_of_a_matter_counted_elsewhere() -> None:
    data = "  甲表：记录表\n  列 编号：文本，事项编号\n  乙表：记录表\n  列 编号：文本，事项编号"
    more = "三级指标 A1.2 另一项，4分\n取值：个数(乙表)\n评分：扣分\n每1：扣1分\n不重复：A1.1"
    text = text_of("取值：个数(甲表)\n评分：扣分\n每1：扣1分", data, after=more).replace("三级，10分", "三级，6分")
    once, twice = table({"编号": "一"}), table({"编号": "二"}, {"编号": "二"})
    assert "W736" in [d.code for d in notices(run(text, {"甲表": once, "乙表": once}))]
    assert "W736" not in [d.code for d in notices(run(text, {"甲表": once, "乙表": twice}))]


@pytest.mark.parametrize(
    "after",
    [
        "等次：按得分率\n90%（含）以上：优\n低于90%：差\n门槛 优：办结率 ≥ 50%",
        "否决 V1 拖延\n条件：办结率 < 50%\n效果：总分定为5分",
        "加分项 J1 创新，最多3分\n评分：公式\n计分：3分\n前提：办结率 > 50%\n计入：总分内",
        "勾稽\n  办结率 ≤ 100%，提醒：办结数过多",
        "不评分\n  办结率 = 100%：免评",
    ],
)
def test_a_rule_outside_the_standards_that_cannot_be_applied_is_an_error(after: str) -> None:
    data = "  丙：百分数，0%至100%\n  已办数：整数，件，至少0\n  应办数：整数，件，至少0"
    before = "派生\n  办结率 = 已办数 ÷ 应办数，分母为零 报错"
    ruleset = check(text_of("取值：丙\n评分：按比例", data, before=before, after=after))
    found = run(ruleset, {"丙": F("0.8"), "已办数": 0, "应办数": 0})
    assert (found.state, [d.code for d in found.diagnostics]) == ("error", ["E716"])
    assert run(ruleset, {"丙": F("0.8"), "已办数": 6, "应办数": 10}).state == "decided"
