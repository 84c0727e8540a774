"""Forms that count steps: deductions, earnings, distance from a target, tiers."""

from __future__ import annotations

from datetime import date

import pytest
from one_indicator import F, bounds, check, codes, leaf, score, text_of

from ruleeval.engine.unit import Disputed, NotYetDue

COUNT = "  丙：整数，次，至少0，评定"


def test_f04_so_much_for_each_down_to_nothing() -> None:
    ruleset = check(text_of("取值：丙\n评分：扣分\n每1次：扣0.5分", COUNT))
    assert [score(ruleset, {"丙": n}) for n in (0, 1, 20, 43)] == [10, F("9.5"), 0, 0]
    # 5 - 43 × 0.1 is 0.7 exactly
    assert score(check(text_of("取值：丙\n评分：扣分\n每1次：扣0.1分", COUNT, "5")), {"丙": 43}) == F("0.7")


def test_f04_with_a_cap_of_its_own() -> None:
    ruleset = check(text_of("取值：丙\n评分：扣分\n每1次：扣2分，最多扣5分", COUNT))
    assert [score(ruleset, {"丙": n}) for n in (2, 3)] == [6, 5]
    assert bounds(ruleset, {}) == (5, 10, True)
    assert bounds(ruleset, {"丙": Disputed((1, 2))}) == (6, 8, True)


def test_f04_missing_or_not_due_is_never_zero() -> None:
    ruleset = check(text_of("取值：丙\n评分：扣分\n每1次：扣0.5分", COUNT))
    assert bounds(ruleset, {}) == (0, 10, True)
    assert leaf(ruleset, {}).waiting == frozenset({"data.丙"})
    assert bounds(ruleset, {"丙": NotYetDue(date(2023, 3, 1))}) == (0, 10, True)


def test_f04_a_count_that_may_be_negative_is_refused() -> None:
    assert codes(text_of("取值：丙\n评分：扣分\n每1次：扣0.5分", COUNT.replace("，至少0", ""))) == ["E518"]


def test_f05_several_triggers_with_caps_of_their_own() -> None:
    data = COUNT + "\n  丁：整数，份，至少0，评定"
    ruleset = check(text_of("评分：扣分\n丙，每1次：扣0.5分，最多扣6分\n丁，每1份：扣0.1分，最多扣5分", data))
    assert score(ruleset, {"丙": 3, "丁": 4}) == F("8.1")
    assert score(ruleset, {"丙": 30, "丁": 4}) == F("3.6")
    assert score(ruleset, {"丙": 30, "丁": 400}) == 0  # caps come to more than the points
    assert bounds(ruleset, {"丙": 2}) == (4, 9, True)


THRESHOLD = "  丙：百分数，0%至100%"


def below_target(policy: str) -> str:
    return text_of(f"取值：丙\n评分：达标扣分\n达标：90%（含）以上\n每低1个百分点：扣0.25分，{policy}", THRESHOLD, "5")


@pytest.mark.parametrize(
    ("policy", "expected"), [("不足部分按比例", "4.65"), ("不足部分按一步计", "4.5"), ("不足部分不计", "4.75")]
)
def test_f06_the_three_ways_to_count_a_part_of_a_step(policy: str, expected: str) -> None:
    ruleset = check(below_target(policy))
    assert score(ruleset, {"丙": F("0.886")}) == F(expected)
    assert [score(ruleset, {"丙": F(x, 100)}) for x in (90, 100, 89, 70, 60)] == [5, 5, F("4.75"), 0, 0]


def test_f06_the_way_to_count_a_part_must_be_written() -> None:
    assert codes(below_target("最多扣5分")) == ["E601"]


def test_f06_missing_gives_bounds_of_the_declared_range() -> None:
    assert bounds(below_target("不足部分按比例"), {}) == (0, 5, True)
    narrow = below_target("不足部分按比例").replace("0%至100%", "80%至95%")
    assert bounds(narrow, {}) == (F("2.5"), 5, True)


def test_f06_steps_wider_than_one() -> None:
    # 100%计满分，每低5%扣2分
    text = text_of("取值：丙\n评分：达标扣分\n达标：100%（含）以上\n每低5个百分点：扣2分，不足部分不计", THRESHOLD)
    ruleset = check(text)
    assert [score(ruleset, {"丙": F(x, 1000)}) for x in (1000, 951, 950, 949, 750, 700)] == [10, 10, 8, 8, 0, 0]


def test_f06_staffing_ratio_over_the_limit() -> None:
    # 在职人员控制率 ≤ 100%，每超过一个百分点扣0.5分: 103/100 of full is 3 points over
    data = "  编制数：整数，名，至少1\n  在职人数：整数，人，至少0"
    text = text_of("取值：在职人数 ÷ 编制数\n评分：达标扣分\n达标：100%（含）以下\n每高1个百分点：扣0.5分，不足部分按比例", data)
    ruleset = check(text)
    assert score(ruleset, {"编制数": 100, "在职人数": 103}) == F("8.5")
    assert score(ruleset, {"编制数": 120, "在职人数": 120}) == 10
    assert score(ruleset, {"编制数": 3, "在职人数": 4}) == 0


BOTH = text_of(
    "取值：丙\n评分：达标扣分\n达标：5%（含）至15%（含）\n每低1个百分点：扣0.2分，不足部分按比例\n每高1个百分点：扣0.5分，不足部分按比例",
    THRESHOLD,
    "3",
)


def test_f11_full_inside_and_less_on_either_side() -> None:
    ruleset = check(BOTH)
    assert [score(ruleset, {"丙": F(x, 100)}) for x in (5, 10, 15)] == [3, 3, 3]
    assert score(ruleset, {"丙": F("0.03")}) == F("2.6")
    assert score(ruleset, {"丙": F("0.18")}) == F("1.5")
    assert score(ruleset, {"丙": F("0.5")}) == 0


def test_f11_disputed_on_both_sides_takes_each_claim() -> None:
    assert bounds(BOTH, {"丙": Disputed((F("0.03"), F("0.18")))}) == (F("1.5"), F("2.6"), True)


def test_f11_a_side_without_a_row_is_an_error() -> None:
    assert codes(BOTH.replace("\n每高1个百分点：扣0.5分，不足部分按比例", "")) == ["E612"]


def test_f11_distance_in_parts_of_a_base_price() -> None:
    # 每高于基准价1%扣0.3分，每低于基准价1%扣0.2分（不足1%的按1%计算）
    data = "  报价：金额，元，至少0\n  基准价：金额，元，至少1"
    text = text_of(
        "取值：(报价 − 基准价) ÷ 基准价\n评分：达标扣分\n达标：等于0%\n"
        "每低1个百分点：扣0.2分，不足部分按一步计\n每高1个百分点：扣0.3分，不足部分按一步计",
        data,
    )
    ruleset = check(text)
    assert score(ruleset, {"报价": 100, "基准价": 100}) == 10
    assert score(ruleset, {"报价": F("101.5"), "基准价": 100}) == F("9.4")
    assert score(ruleset, {"报价": F("97.5"), "基准价": 100}) == F("9.4")


def test_f13_so_much_for_each_up_to_the_points() -> None:
    ruleset = check(text_of("取值：丙\n评分：得分\n每1次：得2分", COUNT))
    assert [score(ruleset, {"丙": n}) for n in (0, 3, 5, 9)] == [0, 6, 10, 10]


def test_f13_classes_at_two_to_one_to_half() -> None:
    data = "  国家级：整数，篇，至少0\n  省级：整数，篇，至少0\n  市级：整数，篇，至少0"
    ruleset = check(text_of("评分：得分\n国家级，每1篇：得2分\n省级，每1篇：得1分\n市级，每1篇：得0.5分，最多得1分", data))
    assert score(ruleset, {"国家级": 2, "省级": 1, "市级": 5}) == 6
    assert bounds(ruleset, {"国家级": 2, "省级": 1}) == (5, 6, True)


def tiers(method: str) -> str:
    return text_of(
        f"取值：丙\n评分：阶梯\n方式：{method}\n0至9件：每1件得0分\n10至19件：每1件得0.3分\n20至29件：每1件得0.4分\n30件及以上：每1件得0.5分",
        "  丙：整数，件，至少0",
        "25",
    )


def test_f14_all_at_the_rate_reached_or_each_tier_at_its_own() -> None:
    whole, marginal = check(tiers("全额")), check(tiers("累进"))
    assert score(whole, {"丙": 25}) == 10
    assert score(marginal, {"丙": 25}) == F("5.4")
    assert [score(whole, {"丙": n}) for n in (9, 10, 19, 20, 30, 60)] == [0, 3, F("5.7"), 8, 15, 25]
    assert [score(marginal, {"丙": n}) for n in (9, 10, 19, 20, 30)] == [0, F("0.3"), 3, F("3.4"), F("7.5")]
    assert bounds(marginal, {})[:2] == (0, 25)


def test_f14_which_of_the_two_must_be_written() -> None:
    assert codes(tiers("全额").replace("\n方式：全额", "")) == ["E605"]


def test_f14_tiers_must_tile() -> None:
    assert codes(tiers("全额").replace("20至29件", "21至29件")) == ["E401"]
    assert codes(tiers("全额").replace("20至29件", "19至29件")) == ["E402"]


def test_f14_tiers_of_a_measured_amount() -> None:
    data = "  丙：小数，万元，至少0"
    text = text_of(
        "取值：丙\n评分：阶梯\n方式：累进\n0万元（含）至100万元（含）：每1万元得0.02分，不足部分按比例\n高于100万元：每10万元得0.5分，不足部分不计",
        data,
    )
    ruleset = check(text)
    assert score(ruleset, {"丙": F("50.5")}) == F("1.01")
    assert score(ruleset, {"丙": 125}) == 3


def test_f23_more_than_last_year_adds_and_less_deducts_each_with_a_cap() -> None:
    # 每增加1名加0.05分，不超过0.5分；每减少1名扣0.1分，不超过2分
    data = "  本年：整数，名，至少0\n  上年：整数，名，至少0"
    text = text_of(
        "取值：本年 − 上年\n评分：达标扣分\n达标：等于0名\n基础分：9.5分\n每低1名：扣0.1分，最多扣2分\n每高1名：加0.05分，最多加0.5分",
        data,
    )
    ruleset = check(text)
    assert score(ruleset, {"本年": 12, "上年": 12}) == F("9.5")
    assert score(ruleset, {"本年": 15, "上年": 12}) == F("9.65")
    assert score(ruleset, {"本年": 42, "上年": 12}) == 10
    assert score(ruleset, {"本年": 9, "上年": 12}) == F("9.2")
    assert score(ruleset, {"本年": 1, "上年": 52}) == F("7.5")
