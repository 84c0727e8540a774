"""Forms that measure a value: in proportion, against a limit, in bands, on a line; and formulas."""

from __future__ import annotations

import pytest
from one_indicator import F, bounds, check, codes, confirmed, failure, leaf, run, score, text_of

from ruleeval.engine.unit import Disputed

PARTS = "  已办数：整数，件，至少0\n  应办数：整数，件，至少0"
RATE = "  丙：百分数，0%至100%"


def proportional(zero: str, more: str = "", beyond: str = "超出：封顶") -> str:
    return text_of(f"取值：已办数 ÷ 应办数\n评分：按比例\n{beyond}\n分母为零：{zero}\n{more}", PARTS, "6")


def test_f07_in_proportion_exactly() -> None:
    ruleset = check(proportional("满分"))
    assert score(ruleset, {"已办数": 43, "应办数": 45}) == F(86, 15)
    assert score(ruleset, {"已办数": 0, "应办数": 45}) == 0
    assert score(ruleset, {"已办数": 50, "应办数": 45}) == 6
    assert score(ruleset, {"已办数": 1, "应办数": 3}) * 3 == 6


def test_f07_over_the_target_is_an_error_where_that_is_written() -> None:
    ruleset = check(proportional("满分", beyond="超出：报错"))
    assert failure(ruleset, {"已办数": 50, "应办数": 45}) == "E721"
    assert score(ruleset, {"已办数": 45, "应办数": 45}) == 6
    assert codes(proportional("满分", beyond="")) == ["E602"]


def test_f07_what_a_zero_divisor_means() -> None:
    zero = {"已办数": 0, "应办数": 0}
    assert score(proportional("满分"), zero) == 6
    assert score(proportional("零分"), zero) == 0
    assert failure(proportional("报错"), zero) == "E716"
    out = leaf(proportional("不适用", "不适用：满分"), zero)
    assert (out.state, out.reason) == ("out", "zero_divisor")
    assert run(proportional("不适用", "不适用：满分"), zero).score == 6
    assert codes(proportional("不适用")) == ["E608"]
    assert codes(proportional("满分").replace("分母为零：满分", "")) == ["E504"]


def test_f07_missing_parts() -> None:
    ruleset = check(proportional("满分"))
    assert bounds(ruleset, {"应办数": 40})[:2] == (0, 6)
    assert bounds(ruleset, {"已办数": 40})[:2] == (0, 6)
    assert bounds(ruleset, {"已办数": Disputed((9, 18)), "应办数": 45}) == (F("1.2"), F("2.4"), True)


def test_f07_a_value_against_a_target_and_none_below_a_floor() -> None:
    ruleset = check(text_of("取值：丙\n评分：按比例\n目标：80%\n超出：封顶\n清零：丙 < 60%", RATE))
    assert [score(ruleset, {"丙": F(x, 100)}) for x in (59, 60, 80, 95)] == [0, F("7.5"), 10, 10]


def test_f25_questionnaire_mean_and_share_with_a_least_number_of_answers() -> None:
    valid = "  有效份数：整数，份，至少0\n"
    standard = "取值：平均分\n评分：按比例\n目标：100分\n最少样本：有效份数，30份，不足则 提示"
    ruleset = check(text_of(standard, f"{valid}  平均分：小数，分，0至100", "4"))
    assert score(ruleset, {"平均分": F("91.25"), "有效份数": 40}) == F("3.65")
    assert leaf(ruleset, {"平均分": F("91.25"), "有效份数": 29}).guard == "sample"
    standard = "取值：满意份数 ÷ 有效份数\n评分：按比例\n分母为零：报错\n超出：报错"
    share = text_of(standard, f"{valid}  满意份数：整数，份，至少0", "4")
    assert score(share, {"有效份数": 65, "满意份数": 52}) == F("3.2")


@pytest.mark.parametrize(
    "short, state, low, high, guard",
    [
        ("提示", "scored", F("3.65"), F("3.65"), "sample"),
        ("不得分", "scored", 0, 0, "sample_zero"),
        ("待定", "undecided", 0, 4, None),
        ("不适用", "out", 0, 0, None),
    ],
)
def test_f25_what_a_small_sample_means_is_written(short: str, state: str, low: F, high: F, guard: str | None) -> None:
    standard = f"取值：平均分\n评分：按比例\n目标：100分\n最少样本：有效份数，30份，不足则 {short}\n不适用：满分"
    ruleset = check(text_of(standard, "  有效份数：整数，份，至少0\n  平均分：小数，分，0至100", "4"))
    few, enough = (leaf(ruleset, {"平均分": F("91.25"), "有效份数": n}) for n in (29, 30))
    assert (few.state, few.low, few.high if state != "out" else 0, few.guard) == (state, low, high, guard)
    assert (enough.state, enough.score, enough.guard) == ("scored", F("3.65"), None)
    # how many there are is not known: either may hold
    unknown = leaf(ruleset, {"平均分": F("91.25")})
    lowest = 0 if short in ("不得分", "待定") else F("3.65")
    assert (unknown.low, unknown.high) == (lowest, 4 if short == "待定" else F("3.65"))


def test_f27_a_score_taken_over_from_elsewhere() -> None:
    data = "  引用得分：小数，分，0至1000，来源 市级考核结果"
    ruleset = check(text_of("取值：引用得分\n评分：按比例\n目标：1000分", data))
    assert score(ruleset, {"引用得分": F("876.5")}) == F("8.765")
    assert bounds(ruleset, {}) == (0, 10, True)


def test_f39_a_sample() -> None:
    data = "  抽查条数：整数，条，至少1\n  差错条数：整数，条，至少0"
    ruleset = check(text_of("取值：(抽查条数 − 差错条数) ÷ 抽查条数\n评分：按比例\n超出：封顶\n最少样本：抽查条数，100条，不足则 提示", data, "5"))
    assert score(ruleset, {"抽查条数": 180, "差错条数": 3}) == F(59, 12)
    assert score(ruleset, {"抽查条数": 2, "差错条数": 3}) == 0
    assert leaf(ruleset, {"抽查条数": 99, "差错条数": 3}).guard == "sample"


SPENDING = "  支出：金额，万元，至少0\n  预算：金额，万元，至少0"


def control(beyond: str) -> str:
    return text_of(f"取值：支出\n评分：控制型\n限额：预算\n超出：{beyond}\n分母为零：报错", SPENDING)


def test_f08_the_two_ways_to_go_down_beyond_a_limit() -> None:
    twice, inverse = check(control("两倍归零")), check(control("反比"))
    at = [{"支出": x, "预算": 100} for x in (50, 100, 150, 200, 300)]
    assert [score(twice, v) for v in at] == [10, 10, 5, 0, 0]
    assert [score(inverse, v) for v in at] == [10, 10, F(20, 3), 5, F(10, 3)]
    assert failure(twice, {"支出": 0, "预算": 0}) == "E716"
    assert bounds(twice, {"预算": 100})[:2] == (0, 10)


def test_f08_which_of_the_two_must_be_written() -> None:
    assert codes(control("两倍归零").replace("\n超出：两倍归零", "")) == ["E621"]
    assert codes(control("封顶")) == ["E621"]


BANDS = text_of(
    "取值：在编人数 ÷ 编制数\n评分：分档\n高于100%：0分\n90%（含）至100%（含）：满分\n80%（含）至90%：3分\n低于80%：系数0.25",
    "  编制数：整数，名，至少1\n  在编人数：整数，人，至少0",
    "4",
)


def test_f09_bands_with_both_ends_written() -> None:
    ruleset = check(BANDS)
    given = [(112, 120), (120, 120), (121, 120), (108, 120), (96, 120), (95, 120), (0, 120)]
    assert [score(ruleset, {"在编人数": a, "编制数": b}) for a, b in given] == [4, 4, 0, 4, 3, 1, 1]


def test_f09_gap_and_overlap_are_named() -> None:
    assert codes(BANDS.replace("80%（含）至90%", "80%至90%")) == ["E401"]
    assert codes(BANDS.replace("80%（含）至90%", "80%（含）至90%（含）")) == ["E402"]


def test_f09_values_in_dispute_in_different_bands() -> None:
    ruleset = check(BANDS)
    assert bounds(ruleset, {"在编人数": Disputed((100, 130)), "编制数": 120}) == (0, 3, True)
    assert score(ruleset, {"在编人数": Disputed((110, 115)), "编制数": 120}) == 4
    assert bounds(ruleset, {})[:2] == (0, 4)


def test_f09_bands_of_whole_numbers_that_rise_and_fall_again() -> None:
    data = "  丙：整数，次，至少0"
    text = text_of("取值：丙\n评分：分档\n0至1次：2分\n2至5次：10分\n6至9次：5分\n10次及以上：-1分", data)
    ruleset = check(text)
    assert [score(ruleset, {"丙": n}) for n in (0, 1, 2, 5, 6, 9, 10)] == [2, 2, 10, 10, 5, 5, -1]
    assert bounds(ruleset, {}) == (-1, 10, True)


def test_f10_straight_lines_between_anchors_and_flat_outside() -> None:
    data = "  丙：百分数，0%至200%"
    ruleset = check(text_of("取值：丙\n评分：插值\n60%：0分\n80%：6分\n120%：10分", data))
    assert [score(ruleset, {"丙": F(x, 100)}) for x in (0, 60, 70, 80, 90, 120, 200)] == [0, 0, 3, 6, 7, 10, 10]
    assert bounds(ruleset, {}) == (0, 10, True)


def test_f10_the_other_way_round() -> None:
    ruleset = check(text_of("取值：丙\n评分：插值\n0%：10分\n40%：0分", RATE))
    assert [score(ruleset, {"丙": F(x, 100)}) for x in (0, 10, 40, 90)] == [10, F("7.5"), 0, 0]


def test_f23_growth_in_bands_and_f40_none_for_shrinking() -> None:
    data = "  本年：金额，万元，至少0\n  上年：金额，万元，至少1"
    ruleset = check(text_of("取值：(本年 − 上年) ÷ 上年\n评分：按比例\n目标：8%\n超出：封顶", data))
    assert [score(ruleset, {"本年": x, "上年": 100}) for x in (90, 100, 104, 108, 120)] == [0, 0, 5, 10, 10]
    zeroed = check(text_of("取值：本年 ÷ 上年\n评分：按比例\n目标：110%\n超出：封顶\n清零：本年 < 上年", data))
    assert [score(zeroed, {"本年": x, "上年": 100}) for x in (99, 100, 110)] == [0, F(100, 11), 10]
    assert leaf(zeroed, {"本年": 99, "上年": 100}).guard == "zero_if"


def test_f26_raters_weighted_and_trimmed() -> None:
    data = "  内部平均分：小数，分，0至100\n  打分表：一组数，分，0至100，个数3至9，评定"
    text = text_of("取值：内部平均分 × 40% ＋ 去极值平均(打分表，1，1) × 60%\n评分：按比例\n目标：100分", data, "6")
    ruleset = check(text)
    panel = (90, 86, 92, 85, 89)
    # 88 × 0.4 + (90 + 86 + 89) ÷ 3 × 0.6 = 88.2
    assert score(ruleset, {"内部平均分": 88, "打分表": panel}) == F("5.292")
    assert score(ruleset, {"内部平均分": 88, "打分表": (90, 90, 90, 80)}) == (F("35.2") + 54) * 6 / 100


def test_f26_trimmed_mean_alone() -> None:
    data = "  打分表：一组数，分，0至100，个数3至9，评定"
    ruleset = check(text_of("计分：去极值平均(打分表，1，1)\n评分：公式", data, "100"))
    assert score(ruleset, {"打分表": (90, 86, 92, 85, 89)}) == F(265, 3)  # 88.333…
    assert bounds(ruleset, {}) == (0, 100, True)


def test_f26_trimming_that_depends_on_the_number_of_raters() -> None:
    # 5人及以下直接平均；6人去掉一个最高；7人及以上去掉一个最高、一个最低
    data = "  打分表：一组数，分，0至100，个数1至9，评定"
    text = text_of(
        "评分：公式\n计分：当 个数(打分表) ≤ 5 取 平均(打分表)，"
        "当 个数(打分表) = 6 取 去极值平均(打分表，1，0)，否则 去极值平均(打分表，1，1)",
        data,
        "100",
    )
    ruleset = check(text)
    assert score(ruleset, {"打分表": (80, 90, 100)}) == 90
    assert score(ruleset, {"打分表": (80, 80, 80, 80, 80, 100)}) == 80
    assert score(ruleset, {"打分表": (0, 80, 80, 80, 80, 81, 100)}) == F("80.2")


def test_f34_periods_and_methods_blended() -> None:
    data = "  各年得分：一组数，分，0至100，个数3至3\n  末年得分：小数，分，0至100"
    ruleset = check(text_of("评分：公式\n计分：平均(各年得分) × 50% ＋ 末年得分 × 50%", data, "100"))
    assert score(ruleset, {"各年得分": (80, 85, 88), "末年得分": 90}) == F(523, 6)
    assert bounds(ruleset, {"末年得分": 90}) == (45, 95, True)


def test_f37_both_parts_of_a_ratio_in_their_units() -> None:
    data = "  支出：金额，元，至少0\n  预算：金额，万元，至少1"
    ruleset = check(text_of("取值：支出 ÷ 预算\n评分：按比例\n超出：报错", data))
    assert score(ruleset, {"支出": 45000, "预算": 5}) == 9
    assert failure(ruleset, {"支出": 50001, "预算": 5}) == "E721"


def test_f41_share_of_a_contribution() -> None:
    data = "  本单位：小数，万元，至少0\n  合计数：小数，万元，至少0"
    text = text_of("评分：公式\n计分：10分 × 本单位 ÷ 合计数 × 2.5\n分母为零：零分", data)
    ruleset = check(text)
    assert score(ruleset, {"本单位": 30, "合计数": 120}) == F("6.25")
    assert score(ruleset, {"本单位": 60, "合计数": 120}) == 10
    assert score(ruleset, {"本单位": 0, "合计数": 0}) == 0


def test_f30_a_coefficient_and_held_to_full_points() -> None:
    data = "  丙：整数，次，至少0\n  难度：选项 易、难，既定"
    text = text_of("取值：丙\n评分：扣分\n每1次：扣2分\n难度系数：当 难度 = “难” 取 1.1，否则 0.9", data)
    ruleset = check(text)
    assert score(ruleset, {"丙": 3, "难度": "难"}) == F("4.4")
    assert score(ruleset, {"丙": 3, "难度": "易"}) == F("3.6")
    assert score(ruleset, {"丙": 0, "难度": "难"}) == 10  # 11 is held to 10
    assert bounds(ruleset, {"丙": 3}) == (F("3.6"), F("4.4"), True)


def test_f28_an_item_that_does_not_apply_only_when_the_deciding_track_confirms() -> None:
    ruleset = check(text_of("取值：丙\n评分：按比例\n不适用：满分", RATE))
    assert run(ruleset, {"丙": F("0.5")}, out={"A1.1": confirmed()}).score == 10
    from ruleeval.engine.unit import NotApplicable

    unconfirmed = NotApplicable("没有", frozenset({"self", "third_party"}))
    assert run(ruleset, {"丙": F("0.5")}, out={"A1.1": unconfirmed}).score == 5
    assert run(ruleset, {}, out={"A1.1": unconfirmed}).score is None
