"""Values that standards rest on: distributions, records, dates, parameters, tables, lists, rounding."""

from __future__ import annotations

from datetime import date

import pytest
from one_indicator import F, bounds, check, codes, failure, leaf, run, score, table, text_of

from ruleeval.engine.unit import Disputed, NotApplicable

AGES = "  青年人数：整数，人，至少0\n  中年人数：整数，人，至少0\n  年长人数：整数，人，至少0"
PEOPLE = {"青年人数": 30, "中年人数": 52, "年长人数": 30}
FACTORS = "青年人数：系数1.0\n中年人数：系数0.9\n年长人数：系数0.7"


def distribution(method: str, rows: str, total: str = "各段合计", data: str = AGES) -> str:
    return text_of(f"评分：段次分布\n方式：{method}\n合计：{total}\n{rows}\n分母为零：报错", data, "4")


# ---- F24 ----------------------------------------------------------------------------


def test_f24_three_readings_of_the_same_people() -> None:
    factors = distribution("系数", FACTORS)
    targets = distribution(
        "目标占比",
        "青年人数：20%（含）以上，每低1个百分点扣0.2分，不足部分按比例\n中年人数：20%（含）以上，每低1个百分点扣0.2分，不足部分按比例\n"
        "年长人数：30%（含）以下，每高1个百分点扣0.2分，不足部分按比例",
    )
    closeness = distribution("接近程度", "青年人数：目标25%\n中年人数：目标50%\n年长人数：目标25%")
    # 4 × (30 × 1.0 + 52 × 0.9 + 30 × 0.7) ÷ 112 = 3.4928…
    assert score(factors, PEOPLE) == F(489, 140)
    assert score(targets, PEOPLE) == 4
    # 4 × (1 − ½ × (2/112 + 4/112 + 2/112)) = 3.857…
    assert score(closeness, PEOPLE) == F(27, 7)


def test_f24_which_reading_and_what_total_must_be_written() -> None:
    text = distribution("系数", FACTORS)
    assert codes(text.replace("方式：系数\n", "")) == ["E603"]
    assert codes(text.replace("合计：各段合计\n", "")) == ["E604"]
    assert codes(text.replace("方式：系数", "方式：接近程度")) == ["E623"]


def test_f24_people_outside_all_bands_stay_in_a_written_total() -> None:
    ruleset = check(distribution("系数", FACTORS, "在编人数", AGES + "\n  在编人数：整数，人，至少0"))
    # 8 people of other ages count in the 120 and earn nothing
    assert score(ruleset, {**PEOPLE, "在编人数": 120}) == F(978, 300)


def test_f24_more_people_in_bands_than_in_all_are_an_error_of_data() -> None:
    text = distribution("系数", FACTORS, "在编人数", AGES + "\n  在编人数：整数，人，至少0")
    assert failure(text, {**PEOPLE, "在编人数": 111}) == "E732"
    assert score(check(text), {**PEOPLE, "在编人数": 112}) == F(489, 140)


def test_f24_an_empty_roster() -> None:
    assert failure(distribution("系数", FACTORS), {"青年人数": 0, "中年人数": 0, "年长人数": 0}) == "E716"
    assert bounds(distribution("系数", FACTORS), {"青年人数": 30})[:2] == (0, 4)


# ---- records ---------------------------------------------------------------------------

CASES = "  案件：记录表\n  列 类别：选项 一般、重大\n  列 受理日期：日期\n  列 办结日期：日期\n"
CASES += "  列 金额：金额，万元，至少0\n  列 数量：整数，件，至少0"
ROWS = table(
    {"类别": "一般", "受理日期": date(2022, 1, 5), "办结日期": date(2022, 1, 20), "金额": 3, "数量": 2},
    {"类别": "重大", "受理日期": date(2022, 1, 31), "办结日期": date(2022, 3, 1), "金额": F("4.5"), "数量": 1},
    {"类别": "一般", "受理日期": date(2022, 6, 1), "办结日期": date(2022, 6, 30), "金额": 1, "数量": 4},
)


def test_records_counted_with_and_without_a_condition() -> None:
    ruleset = check(text_of("取值：个数(案件，其中 类别 = “一般”)\n评分：扣分\n每1：扣3分", CASES))
    assert score(ruleset, {"案件": ROWS}) == 4
    assert score(check(text_of("取值：个数(案件)\n评分：扣分\n每1：扣3分", CASES)), {"案件": ROWS}) == 1
    assert score(ruleset, {"案件": ()}) == 10
    assert bounds(ruleset, {})[:2] == (0, 10)


def test_records_overdue_by_their_dates() -> None:
    late = "取值：个数(案件，其中 天数(受理日期，办结日期) > 15天)\n评分：扣分\n每1：扣3分"
    assert score(text_of(late, CASES), {"案件": ROWS}) == 4


def test_records_summed_and_each_computed() -> None:
    assert score(text_of("评分：公式\n计分：求和(案件.金额) ÷ 1万元", CASES), {"案件": ROWS}) == F("8.5")
    large = "评分：公式\n计分：求和(案件.金额，其中 类别 = “重大”) ÷ 1万元"
    assert score(text_of(large, CASES), {"案件": ROWS}) == F("4.5")
    each = "评分：公式\n计分：求和(案件，每条 数量 × 1.5分 ÷ 1件，其中 类别 = “一般”)"
    assert score(text_of(each, CASES), {"案件": ROWS}) == 9


def test_records_by_distinct_months() -> None:
    standard = "取值：不同月份数(案件.受理日期)\n评分：得分\n每1个月：得2分"
    assert score(text_of(standard, CASES), {"案件": ROWS}) == 4
    large = standard.replace("受理日期", "受理日期，其中 类别 = “重大”")
    assert score(text_of(large, CASES), {"案件": ROWS}) == 2


def test_records_with_a_divisor_that_is_zero_in_one_of_them() -> None:
    standard = "评分：公式\n计分：求和(案件，每条 1分 × 金额 ÷ 数量 × 1件 ÷ 1万元)\n分母为零：零分"
    ruleset = check(text_of(standard, CASES))
    assert score(ruleset, {"案件": ROWS}) == F("6.25")
    assert score(ruleset, {"案件": (*ROWS[:2], {**ROWS[2], "column.数量": 0})}) == 0
    assert codes(text_of(standard.replace("\n分母为零：零分", ""), CASES)) == ["E504"]
    narrow = CASES.replace("数量：整数，件，至少0", "数量：整数，件，至少1")
    assert codes(text_of(standard.replace("\n分母为零：零分", ""), narrow)) == []


def test_a_mean_over_no_record_at_all_is_an_error_and_not_zero() -> None:
    assert failure(text_of("评分：公式\n计分：平均(案件.金额) ÷ 1万元", CASES), {"案件": ()}) == "E718"


def test_f33_a_matter_counts_where_it_is_counted_first() -> None:
    columns = "\n  列 编号：文本，事项编号\n  列 类别：选项 一般、重大"
    data = f"  督查记录：记录表{columns}\n  巡视记录：记录表{columns}"
    more = "三级指标 A1.2 另一项，4分\n取值：个数(巡视记录)\n评分：扣分\n每1：扣1分\n不重复：A1.1"
    text = text_of("取值：个数(督查记录)\n评分：扣分\n每1：扣1分", data, after=more).replace("三级，10分", "三级，6分")
    ruleset = check(text.replace("\n  列 类别：选项 一般、重大", ""))
    first = table({"编号": "甲"}, {"编号": "乙"})
    second = table({"编号": "乙"}, {"编号": "丙"}, {"编号": "丙"}, {"编号": "丁"})
    found = run(ruleset, {"督查记录": first, "巡视记录": second}).indicators
    assert (found["A1.1"].score, found["A1.2"].score) == (4, 2)  # 乙 counted at A1.1, 丙 once
    assert run(ruleset, {"巡视记录": second}).indicators["A1.2"].bounds is not None
    # Only what was counted is left out: at A1.1 the grave ones are not.
    mild = check(text.replace("个数(督查记录)", "个数(督查记录，其中 类别 = “一般”)"))
    first = table({"编号": "甲", "类别": "一般"}, {"编号": "乙", "类别": "重大"})
    second = table({"编号": "甲", "类别": "一般"}, {"编号": "乙", "类别": "重大"})
    found = run(mild, {"督查记录": first, "巡视记录": second}).indicators
    assert (found["A1.1"].score, found["A1.2"].score) == (5, 3)


def test_f33_two_indicators_that_give_way_to_each_other_are_a_circle() -> None:
    data = "  记录：记录表\n  列 编号：文本，事项编号"
    more = "三级指标 A1.2 另一项，4分\n取值：个数(记录)\n评分：扣分\n每1：扣1分\n不重复：A1.1"
    text = text_of("取值：个数(记录)\n评分：扣分\n每1：扣2分\n不重复：A1.2", data, after=more)
    assert codes(text.replace("三级，10分", "三级，6分")) == ["E208"]


def test_f33_two_indicators_over_one_table() -> None:
    data = "  记录：记录表\n  列 编号：文本，事项编号\n  列 类别：选项 一般、重大"
    more = "三级指标 A1.2 另一项，4分\n取值：个数(记录)\n评分：扣分\n每1：扣1分\n不重复：A1.1"
    text = text_of("取值：个数(记录，其中 类别 = “重大”)\n评分：扣分\n每1：扣2分", data, after=more)
    found = run(
        text.replace("三级，10分", "三级，6分"),
        {"记录": table({"编号": "甲", "类别": "重大"}, {"编号": "甲", "类别": "一般"}, {"编号": "乙", "类别": "一般"})},
    ).indicators
    assert (found["A1.1"].score, found["A1.2"].score) == (4, 3)


# ---- F38 -----------------------------------------------------------------------------------

DATES = "  到期日：日期\n  完成日：日期"


def late(function: str, unit: str) -> str:
    return text_of(f"取值：最大(0{unit}，{function}(到期日，完成日))\n评分：扣分\n每1{unit}：扣1分", DATES)


def test_f38_days_working_days_and_months() -> None:
    # 2022-12-30 is a Friday
    due = {"到期日": date(2022, 12, 30)}
    assert score(late("天数", "天"), {**due, "完成日": date(2023, 1, 3)}) == 6
    assert score(late("工作日数", "天"), {**due, "完成日": date(2023, 1, 3)}) == 8
    assert score(late("工作日数", "天"), {**due, "完成日": date(2023, 1, 1)}) == 10
    assert score(late("天数", "天"), {**due, "完成日": date(2022, 12, 1)}) == 10
    assert score(late("月数", "个月"), {**due, "完成日": date(2023, 3, 29)}) == 8
    assert score(late("月数", "个月"), {**due, "完成日": date(2023, 3, 30)}) == 7


def test_f38_not_done_at_all_is_said_by_the_rule() -> None:
    bands = "评分：分档\n0天（含）以下：10分\n1至3天：9分\n4天及以上：0分"
    ruleset = check(text_of(f"取值：当 已填报(完成日) 取 天数(到期日，完成日)，否则 99天\n{bands}", DATES))
    assert score(ruleset, {"到期日": date(2022, 12, 30), "完成日": date(2022, 12, 30)}) == 10
    assert score(ruleset, {"到期日": date(2022, 12, 30), "完成日": date(2023, 1, 2)}) == 9
    assert score(ruleset, {"到期日": date(2022, 12, 30)}) == 0


def test_f38_a_missing_date_is_not_late_and_not_in_time() -> None:
    assert bounds(late("天数", "天"), {"到期日": date(2022, 12, 30)})[:2] == (0, 10)
    disputed = {"到期日": date(2022, 12, 30), "完成日": Disputed((date(2023, 1, 1), date(2023, 1, 4)))}
    assert bounds(late("天数", "天"), disputed) == (5, 8, True)


def test_dates_compared_and_ages_at_the_day_of_reference() -> None:
    data = "  出生日：日期\n  完成日：日期"
    ruleset = check(text_of("取值：周岁(出生日，基准日) ≤ 35岁 且 完成日 ≤ 2022-06-30\n评分：达标", data))
    assert score(ruleset, {"出生日": date(1987, 1, 1), "完成日": date(2022, 6, 30)}) == 10
    assert score(ruleset, {"出生日": date(1986, 12, 31), "完成日": date(2022, 6, 30)}) == 0
    assert score(ruleset, {"出生日": date(1987, 1, 1), "完成日": date(2022, 7, 1)}) == 0
    assert score(ruleset, {"完成日": date(2022, 7, 1)}) == 0


# ---- parameters, tables -----------------------------------------------------------------------

LIMITS = "参数\n  限额数：10次，自2021-01-01，至2021-12-31，来源 旧办法\n  限额数：8次，自2022-01-01，来源 新办法"


def test_a_dated_parameter_at_its_boundary_days() -> None:
    data = "  丙：整数，次，至少0"
    ruleset = check(text_of("取值：丙 ≤ 限额数\n评分：达标", data, before=LIMITS))
    days = [date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1), date(2030, 1, 1)]
    assert [score(ruleset, {"丙": 9}, on=d) for d in days] == [10, 10, 0, 0]
    assert bounds(ruleset, {"丙": 9}, on=date(2020, 12, 31)) == (0, 10, False)


@pytest.mark.parametrize(("change", "code"), [("2022-01-01", "2021-12-31"), ("2022-01-01", "2022-01-02")])
def test_periods_of_a_parameter_neither_overlap_nor_leave_a_gap(change: str, code: str) -> None:
    data = "  丙：整数，次，至少0"
    text = text_of("取值：丙 ≤ 限额数\n评分：达标", data, before=LIMITS.replace(change, code))
    assert codes(text) == (["E223"] if code < change else ["E224"])


LOOKUP = "查表 标准\n  键：性别，年度\n  男、2021：60%\n  男、2022：62%\n  女、2021：55%\n  女、2022：57%"
LOOKUP_DATA = "  性别：选项 男、女\n  年度：整数，2021至2022\n  丙：百分数，0%至100%"


def test_a_table_looked_up_by_several_keys() -> None:
    ruleset = check(text_of("取值：丙 ≥ 查(标准，性别，年度)\n评分：达标", LOOKUP_DATA, before=LOOKUP))
    assert score(ruleset, {"性别": "男", "年度": 2022, "丙": F("0.61")}) == 0
    assert score(ruleset, {"性别": "男", "年度": 2021, "丙": F("0.61")}) == 10
    assert score(ruleset, {"性别": "女", "丙": F("0.61")}) == 10  # whichever the year
    assert bounds(ruleset, {"性别": "男", "丙": F("0.61")})[:2] == (0, 10)


def test_an_entry_that_is_not_in_the_table_is_an_error() -> None:
    ruleset = check(text_of("取值：丙 ≥ 查(标准，性别，年度)\n评分：达标", LOOKUP_DATA, before=LOOKUP))
    assert failure(ruleset, {"性别": "男", "年度": 2023, "丙": 1}) == "E719"
    choices = "查表 标准\n  键：性别\n  男：60%"
    text = text_of("取值：丙 ≥ 查(标准，性别)\n评分：达标", LOOKUP_DATA.replace("  年度：整数，2021至2022\n", ""), before=choices)
    assert codes(text) == ["E226"]


def decision(policy: str) -> str:
    rows = "  丙 ≥ 3次：2分\n  丁：5分\n  其余：0分"
    return text_of("评分：公式\n计分：10分 − 扣减", "  丙：整数，次，至少0\n  丁：是否", before=f"判定表 扣减，{policy}\n{rows}")


def test_decision_tables_by_hit_policy() -> None:
    both, one, none = {"丙": 4, "丁": True}, {"丙": 1, "丁": True}, {"丙": 1, "丁": False}
    assert [score(decision("取首个"), v) for v in (both, one, none)] == [8, 5, 10]
    assert [score(decision("取合计"), v) for v in (both, one, none)] == [3, 5, 10]
    assert [score(decision("取唯一"), v) for v in (one, none)] == [5, 10]
    assert failure(decision("取唯一"), both) == "E724"


def test_decision_tables_with_what_is_missing() -> None:
    assert bounds(decision("取首个"), {"丙": 1}) == (5, 10, True)
    assert score(decision("取首个"), {"丙": 4}) == 8
    assert bounds(decision("取合计"), {"丁": True})[:2] == (3, 5)


# ---- lists and what is there ----------------------------------------------------------------------


def test_mean_of_what_is_there_if_enough_is() -> None:
    data = "\n".join(f"  {n}：小数，分，0至100" for n in ("一期", "二期", "三期"))
    ruleset = check(text_of("评分：公式\n计分：有值平均(2，一期，二期，三期)", data, "100"))
    assert score(ruleset, {"一期": 80, "二期": 90, "三期": 97}) == 89
    assert score(ruleset, {"一期": 80, "三期": 90}) == 85
    assert score(ruleset, {"一期": 80, "二期": NotApplicable("无", frozenset({"on_site"})), "三期": 90}) == 85
    assert bounds(ruleset, {"一期": 80})[:2] == (0, 100)


def test_median_extremes_and_roots_of_lists() -> None:
    data = "  读数：一组数，分，0至100，个数1至9"
    values = {"读数": (4, 9, 2, 7)}
    for standard, expected in (
        ("中位数(读数)", F("5.5")), ("最大(读数)", 9), ("最小(读数)", 2), ("求和(读数)", 22), ("平均(读数)", F("5.5")),
    ):  # fmt: skip
        assert score(text_of(f"评分：公式\n计分：{standard}", data, "100"), values) == expected
    plain = "  读数：一组数，0至100，个数1至9"
    assert score(text_of("评分：公式\n计分：几何平均(读数，3)", plain, "100"), {"读数": (2, 8)}) == 4
    assert score(text_of("评分：公式\n计分：几何平均(读数，3)", plain, "100"), {"读数": (2, 3)}) == F("2.449")


def test_powers_roots_and_logarithms_to_a_stated_place() -> None:
    data = "  丙：小数，0至100"
    for standard, expected in (("乘方(丙，0.5，4)", F("1.4142")), ("开方(丙，2，2)", F("1.41")), ("对数(丙，2，3)", 1)):
        assert score(text_of(f"评分：公式\n计分：{standard}", data), {"丙": 2}) == expected


def test_a_zero_divisor_inside_a_branch_that_excludes_it() -> None:
    data = "  已办数：整数，件，至少0\n  应办数：整数，件，至少0"
    ruleset = check(text_of("取值：当 应办数 = 0件 取 100%，否则 已办数 ÷ 应办数\n评分：按比例\n超出：封顶", data))
    assert score(ruleset, {"已办数": 0, "应办数": 0}) == 10
    assert score(ruleset, {"已办数": 1, "应办数": 4}) == F("2.5")
    assert bounds(ruleset, {"已办数": 1})[:2] == (0, 10)


def test_a_derived_value_that_cannot_be_computed_fails_only_where_it_is_used() -> None:
    data = "  已办数：整数，件，至少0\n  应办数：整数，件，至少0\n  免评：是否"
    before = "派生\n  办结率 = 已办数 ÷ 应办数，分母为零 报错\n  差距 = 100% − 办结率\n勾稽\n  差距 ≥ 0%，提醒：办结率超过100%"
    ruleset = check(text_of("取值：差距\n评分：插值\n0%：10分\n100%：0分\n例外得满分：免评", data, before=before))
    assert score(ruleset, {"已办数": 1, "应办数": 4, "免评": False}) == F("2.5")
    assert failure(ruleset, {"已办数": 0, "应办数": 0, "免评": False}) == "E716"
    assert score(ruleset, {"已办数": 0, "应办数": 0, "免评": True}) == 10
    assert leaf(ruleset, {"已办数": 0, "免评": False}).state == "undecided"


# ---- F36 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "given", "expected"),
    [
        ("四舍五入", "2.675", "2.68"), ("四舍五入", "0.125", "0.13"), ("四舍五入", "0.1249", "0.12"),
        ("四舍六入五成双", "2.675", "2.68"), ("四舍六入五成双", "0.125", "0.12"), ("四舍六入五成双", "0.1251", "0.13"),
        ("只入不舍", "2.671", "2.68"), ("只舍不入", "2.679", "2.67"),
    ],
)  # fmt: skip
def test_f36_rounding_by_mode(mode: str, given: str, expected: str) -> None:
    ruleset = check(text_of("打分：丙\n评分：酌情\n范围：0分至10分", "  丙：小数，分，评定", head=f"修约：三级指标，2位，{mode}"))
    assert score(ruleset, {"丙": F(given)}) == F(expected)


def test_f36_stages_differ() -> None:
    data = "  丙：小数，分，评定"
    more = "三级指标 A1.2 另一项，5分\n打分：丙\n评分：酌情\n范围：0分至5分"
    base = text_of("打分：丙\n评分：酌情\n范围：0分至5分", data, after=more).replace("三级，10分", "三级，5分")

    def total(*stages: str) -> object:
        lines = "\n".join(f"修约：{s}，1位，四舍五入" for s in stages)
        return run(base.replace("全部不适用：零分\n", f"全部不适用：零分\n{lines}\n"), {"丙": F("2.25")}).score

    assert total() == F("4.5")
    assert total("三级指标") == F("4.6")
    assert total("上级") == F("4.5")
    assert total("总分") == F("4.5")


def test_f36_inputs_rounded_before_bands() -> None:
    data = "  丙：百分数，0%至100%"
    bands = "评分：分档\n90%（含）以上：10分\n低于90%：0分"
    assert score(text_of(f"取值：丙\n{bands}", data), {"丙": F("0.8996")}) == 0
    assert score(text_of(f"取值：四舍五入(丙，1)\n{bands}", data), {"丙": F("0.8996")}) == 10
    assert score(text_of(f"取值：四舍六入(丙，0)\n{bands}", data), {"丙": F("0.895")}) == 10
    whole = "评分：分档\n0至2：0分\n3及以上：10分"
    assert score(text_of(f"取值：向上取整(丁)\n{whole}", "  丁：小数，0至9"), {"丁": F("2.01")}) == 10
    assert score(text_of(f"取值：向下取整(丁)\n{whole}", "  丁：小数，0至9"), {"丁": F("2.99")}) == 0
    assert score(text_of(f"取值：绝对值(丁)\n{whole}", "  丁：整数，-9至9"), {"丁": -3}) == 10
