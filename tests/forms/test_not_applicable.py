"""What does not apply: made up over several scopes, spread, full, none; and variants of a ruleset (F28, F29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from one_indicator import F, bounds, check, codes, confirmed, run, text_of

import ruleeval
from ruleeval.dsl.check import check_text
from ruleeval.dsl.numbers import fixed
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.record import Result
from ruleeval.engine.unit import NotApplicable, UnitData
from ruleeval.files.unit_file import read_unit, unit_data

EXAMPLE = Path(ruleeval.__file__).parent / "tests" / "samples" / "liaoning-2022"


def without_cooperation(policy: str) -> Result:
    """The example department, when its item A2.3 (3 points, 2.25 earned) does not apply."""
    text = (EXAMPLE / "government.rules").read_text("utf-8")
    ruleset = check_text(text.replace("不适用：折算，范围全部", f"不适用：{policy}")).ruleset
    assert ruleset is not None
    unit, found = unit_data(read_unit(EXAMPLE / "units" / "natural-resources.json"), ruleset)
    assert unit is not None
    assert found == ()
    return evaluate(ruleset, replace(unit, not_applicable={"A2.3": confirmed()}))


@pytest.mark.parametrize(
    ("policy", "printed"),
    [
        ("折算，范围全部", "107.93"), ("折算，范围上级", "107.87"), ("满分", "108.23"), ("零分", "105.23"),
    ],
)  # fmt: skip
def test_f28_on_the_example_department(policy: str, printed: str) -> None:
    found = without_cooperation(policy).score
    assert found is not None
    assert fixed(found, 2) == printed


def test_f28_on_the_example_department_exactly() -> None:
    # 105.23 × 120 ÷ 117 over the whole; (15.5 − 2.25 … ) within A2: (3.65 + 2.5) × 10 ÷ 7 in place of 8.4
    assert without_cooperation("折算，范围全部").score == F("105.23") * 120 / 117
    assert without_cooperation("折算，范围上级").score == F("107.48") - F("8.4") + F("6.15") * 10 / 7


def part(first: str, second: str, third: str) -> str:
    """Three indicators of 2, 3 and 5 points under one parent, each with a policy of its own."""
    more = "\n".join(
        f"三级指标 A1.{i} 其{i}，{points}分\n取值：率{i}\n评分：按比例\n不适用：{policy}"
        for i, points, policy in ((2, 3, second), (3, 5, third))
    )
    data = "\n".join(f"  率{i}：百分数，0%至100%" for i in (1, 2, 3))
    return text_of(f"取值：率1\n评分：按比例\n不适用：{first}", data, after=more).replace("三级，10分", "三级，2分")


RATES = {"率1": F("0.5"), "率2": F("0.8"), "率3": F("0.9")}  # 1 + 2.4 + 4.5
RESCALE = "折算，范围上级"


def test_f28_what_becomes_of_the_points() -> None:
    def without_first(policy: str) -> object:
        return run(part(policy, RESCALE, RESCALE), RATES, out={"A1.1": confirmed()}).score

    assert run(part(RESCALE, RESCALE, RESCALE), RATES).score == F("7.9")
    assert without_first("折算，范围上级") == F("8.625")  # 6.9 × 10 ÷ 8
    assert without_first("满分") == F("8.9")
    assert without_first("零分") == F("6.9")
    assert without_first("平均分摊") == F("8.6")  # 4 × 0.8 + 6 × 0.9


def test_f28_the_scope_must_be_written() -> None:
    assert codes(part("折算", RESCALE, RESCALE)) == ["E607"]


def test_f28_all_siblings_out() -> None:
    out = {f"A1.{i}": confirmed() for i in (1, 2, 3)}
    text = part(RESCALE, RESCALE, RESCALE)
    assert run(text, RATES, out=out).score == 0
    assert run(text.replace("全部不适用：零分", "全部不适用：满分"), RATES, out=out).score == 10
    assert codes(text.replace("全部不适用：零分\n", "")) == ["E628"]


def test_f28_at_most_so_much_may_be_left_out() -> None:
    text = part(RESCALE, RESCALE, RESCALE).replace("折算限度：100%", "折算限度：20%")
    assert run(text, RATES, out={"A1.1": confirmed()}).score == F("8.625")
    withheld = run(text, RATES, out={"A1.2": confirmed()})
    assert (withheld.state, withheld.score) == ("withheld", None)
    assert codes(text.replace("折算限度：20%\n", "")) == ["E629"]


def test_f28_scopes_give_different_totals() -> None:
    def total(scope: str) -> object:
        text = f"""\
规则集：试题
版本：1
满分：100分，共性90分，个性10分
取分：实地评估
折算限度：100%
全部不适用：上移折算
数据
  甲率：百分数，0%至100%
  乙率：百分数，0%至100%
  丙率：百分数，0%至100%
  丁率：百分数，0%至100%
  戊率：百分数，0%至100%
一级指标 A 一，40分
二级指标 A1 一一，20分
三级指标 A1.1 甲，10分
  取值：甲率
  评分：按比例
  不适用：折算，范围{scope}
三级指标 A1.2 乙，10分
  取值：乙率
  评分：按比例
二级指标 A2 一二，20分
三级指标 A2.1 丙，20分
  取值：丙率
  评分：按比例
一级指标 B 二，50分
二级指标 B1 二一，50分
三级指标 B1.1 丁，50分
  取值：丁率
  评分：按比例
一级指标 X 个，10分，个性
二级指标 X1 个一，10分
三级指标 X1.1 戊，10分
  取值：戊率
  评分：按比例
"""
        rates = {"甲率": 1, "乙率": F("0.5"), "丙率": F("0.8"), "丁率": F("0.9"), "戊率": F("0.4")}
        found = check_text(text)
        assert [d.code for d in found.diagnostics] == []
        assert found.ruleset is not None
        return run(found.ruleset, rates, out={"A1.1": confirmed()}).score

    # 5 + 16 + 45 + 4 without A1.1
    assert total("上级") == 75
    assert total("一级指标") == F(21 * 40, 30) + 49
    assert total("共性部分") == F(66 * 90, 80) + 4
    assert total("全部") == F(70 * 100, 90)


def test_f28_a_value_that_does_not_apply_takes_its_indicator_out() -> None:
    text = part(RESCALE, RESCALE, RESCALE)
    value = NotApplicable("无", frozenset({"on_site"}))
    assert run(text, {**RATES, "率1": value}).score == F("8.625")
    unconfirmed = NotApplicable("无", frozenset({"self"}))
    open_result = run(text, {**RATES, "率1": unconfirmed})
    assert open_result.score is None
    assert open_result.bounds is not None
    assert open_result.bounds.low <= F("8.625") <= open_result.bounds.high


def test_f28_a_value_that_does_not_apply_without_a_policy_is_an_error() -> None:
    text = text_of("取值：丙\n评分：按比例", "  丙：百分数，0%至100%")
    assert run(text, {"丙": NotApplicable("无", frozenset({"on_site"}))}).state == "error"


def test_f28_not_filled_in_may_be_told_to_count_as_not_applicable() -> None:
    text = part(f"{RESCALE}\n未填报：按不适用", RESCALE, RESCALE)
    assert run(text, {k: v for k, v in RATES.items() if k != "率1"}).score == F("8.625")
    pending = part(f"{RESCALE}\n未填报：待定", RESCALE, RESCALE)
    assert run(pending, {k: v for k, v in RATES.items() if k != "率1"}).score is None


VARIANTS = text_of(
    "取值：甲率\n评分：按比例\n适用条件：类别 = “乡镇”",
    "  类别：选项 乡镇、街道、部门，既定\n  甲率：百分数，0%至100%\n  乙率：百分数，0%至100%",
    after="三级指标 A1.2 另一项，10分\n取值：乙率\n评分：按比例\n适用条件：类别 = “街道” 或 类别 = “部门”",
)


def test_f29_each_kind_of_unit_has_its_own_items() -> None:
    ruleset = check(VARIANTS)
    rates = {"甲率": F("0.7"), "乙率": F("0.9")}
    town = run(ruleset, {**rates, "类别": "乡镇"})
    assert (town.score, town.indicators["A1.2"].state) == (7, "excluded")
    assert run(ruleset, {**rates, "类别": "街道"}).score == 9
    unknown = run(ruleset, rates)
    assert unknown.bounds is not None
    assert (unknown.bounds.low, unknown.bounds.high) == (7, 9)


def test_f29_every_variant_must_add_up() -> None:
    assert codes(VARIANTS.replace(" 或 类别 = “部门”", "")) == ["E310"]
    assert codes(VARIANTS.replace("三级，10分", "三级，9分")) == ["E310"]


@pytest.mark.parametrize("zero", [{"已办数": 0, "应办数": 0}, {"已办数": 3, "应办数": 0}])
def test_a_zero_divisor_may_take_an_indicator_out(zero: dict[str, int]) -> None:
    data = "  已办数：整数，件，至少0\n  应办数：整数，件，至少0\n  乙率：百分数，0%至100%"
    more = "三级指标 A1.2 另一项，4分\n取值：乙率\n评分：按比例"
    text = text_of(
        "取值：已办数 ÷ 应办数\n评分：按比例\n超出：封顶\n分母为零：不适用\n不适用：折算，范围上级", data, after=more
    ).replace("三级，10分", "三级，6分")
    assert run(text, {**zero, "乙率": F("0.7")}).score == 7
    open_result = run(text, {"已办数": 0, "乙率": F("0.7")})
    assert open_result.bounds is not None
    assert open_result.bounds.low <= F("2.8") <= 7 <= open_result.bounds.high


def test_bounds_hold_whether_or_not_an_exception_applies() -> None:
    text = text_of("取值：丙\n评分：按比例\n例外得满分：丁", "  丙：百分数，0%至100%\n  丁：是否")
    assert bounds(text, {"丙": F("0.4")}) == (4, 10, True)


GATED = """
规则集：示例，非官方标准
版本：1
满分：20分
取分：实地评估
折算限度：60%
全部不适用：上移折算
缺佐证：提示

数据
  甲率：百分数，0%至100%
  乙率：百分数，0%至100%

一级指标 A 甲，10分
二级指标 A1 甲，10分
三级指标 A1.1 甲，10分
  取值：甲率
  评分：按比例
一级指标 B 乙，10分
二级指标 B1 乙，10分
三级指标 B1.1 乙，10分
  取值：乙率
  评分：按比例
  不适用：折算，范围全部

等次：按得分率
  90%（含）以上：优秀
  80%（含）至90%：良好
  低于80%：一般
  门槛 优秀：最低得分率(一级指标) ≥ 60%
  门槛 优秀：得分率(B) ≥ 50%
"""


def test_a_gate_does_not_ask_for_what_does_not_apply() -> None:
    ruleset = check_text(GATED).ruleset
    assert ruleset is not None
    unit = UnitData("某单位", "单位", date(2022, 12, 31), values={"甲率": F(95, 100)}, not_applicable={"B1.1": NotApplicable("无此职责", frozenset({"on_site"}))})
    result = evaluate(ruleset, unit)
    assert (result.score, result.grade.grade) == (19, "优秀")
    low = evaluate(ruleset, replace(unit, values={"甲率": F(95, 100), "乙率": F(95, 100)}, not_applicable={}))
    assert low.grade.grade == "优秀"
    assert evaluate(ruleset, replace(unit, values={"甲率": 1, "乙率": F(45, 100)}, not_applicable={})).grade.grade == "一般"
