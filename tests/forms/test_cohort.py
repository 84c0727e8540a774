"""The forms of the whole cohort: ranks, means, anchors, shares, quotas, the mean of those to which an item applies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from one_indicator import DAY, F, bounds, check, codes, confirmed, run, text_of

from ruleeval.dsl.model import Ruleset
from ruleeval.engine.cohort import evaluate_cohort, passes
from ruleeval.engine.record import Result
from ruleeval.engine.unit import Missing, UnitData

DATA = "  量：整数，件，0至1000件\n  龄：小数，岁，18岁至70岁\n  率：百分数，0%至100%"
UNUSED = "加分项 J1 其他，最多1分\n评分：公式\n计分：当 龄 > 20岁 且 率 > 0% 且 量 > 0件 取 1分，否则 0分\n计入：总分外"


def units_of(rows: Sequence[Mapping[str, Any]]) -> list[UnitData]:
    """Units with all data there unless it is given as ``None``."""
    found = []
    for number, row in enumerate(rows):
        data: dict[str, Any] = {"甲数": 0, "量": 1, "龄": 40, "率": F("0.5"), **{k: v for k, v in row.items() if k not in ("类型", "层级")}}
        values = {k: Missing() if v is None else v for k, v in data.items()}
        found.append(UnitData(f"单位{number}", row.get("类型", "部门"), DAY, row.get("层级"), values=values, assessments={"on_site": values}))
    return found


def results(ruleset: Ruleset | str, rows: Sequence[Mapping[str, Any]]) -> tuple[Result, ...]:
    return evaluate_cohort(check(ruleset) if isinstance(ruleset, str) else ruleset, units_of(rows))


def scores(ruleset: Ruleset | str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """The score of A1.1 of every unit."""
    return [r.indicators["A1.1"].score for r in results(ruleset, rows)]


def amounts(*values: Any) -> list[dict[str, Any]]:
    return [{"量": v} for v in values]


def form(standard: str, after: str = "") -> str:
    return text_of(standard, DATA, after=f"{UNUSED}\n{after}" if after else UNUSED)


# ---- F21: ladders of ranks --------------------------------------------------------------------

LADDER = """\
取值：名次(量{clauses})
评分：按名次
  第1名：10分
  第2名至第3名：8分
  第4名：6.5分
  其余：2分"""


def ladder(clauses: str = "") -> str:
    return form(LADDER.format(clauses=f"，{clauses}" if clauses else ""))


def test_f21a_a_ladder_with_ties_that_share_a_place_and_skip_the_next() -> None:
    assert scores(ladder(), amounts(90, 80, 70, 60, 50)) == [10, 8, 8, F("6.5"), 2]
    assert scores(ladder(), amounts(90, 90, 70, 60, 60)) == [10, 10, 8, F("6.5"), F("6.5")]  # 1, 1, 3, 4, 4
    assert scores(ladder("从低到高"), amounts(90, 80, 70, 60, 50)) == [2, F("6.5"), 8, 8, 10]


def test_f21a_a_cohort_smaller_than_the_ladder_takes_its_top() -> None:
    assert scores(ladder(), amounts(90, 80)) == [10, 8]
    assert scores(ladder(), amounts(90)) == [10]


def test_f21a_a_second_key_parts_what_ties() -> None:
    rows = [{"量": 90, "龄": 40}, {"量": 90, "龄": 30}, {"量": 80, "龄": 50}]
    assert scores(ladder(), rows) == [10, 10, 8]
    assert scores(ladder("并列看 龄"), rows) == [10, 8, 8]
    assert scores(ladder("并列看 龄 从低到高"), rows) == [8, 10, 8]


def test_f21c_places_from_the_last() -> None:
    bottom = "取值：名次(量)\n评分：按名次\n  倒数第1名：2分\n  倒数第2名：1.9分\n  倒数第3名：1.8分\n  其余：10分"
    assert scores(form(bottom), amounts(90, 80, 70, 60, 50)) == [10, 10, F("1.8"), F("1.9"), 2]


BOTH = "取值：名次(量)\n评分：按名次\n方式：{way}\n  第1名：10分\n  第2名：6分\n  倒数第1至2名：1分\n  其余：3分"


@pytest.mark.parametrize(("way", "wanted"), [("就高", [10, 6, 1]), ("就低", [10, 1, 1])])
def test_f21_a_unit_on_both_ends_of_a_ladder(way: str, wanted: list[int]) -> None:
    assert scores(form(BOTH.format(way=way)), amounts(3, 2, 1)) == wanted
    assert scores(form(BOTH.format(way=way)), amounts(9, 8, 7, 6, 5)) == [10, 6, 3, 1, 1]
    assert scores(form(BOTH.format(way=way)), amounts(7, 7, 7)) == [10 if way == "就高" else 1] * 3


def test_f21_groups_exemptions_and_the_least_number_of_units() -> None:
    rows = [{"量": 9, "类型": "甲类"}, {"量": 8, "类型": "乙类"}, {"量": 7, "类型": "甲类"}, {"量": 6, "类型": "乙类"}]
    assert scores(ladder("同类型"), rows) == [10, 10, 8, 8]
    exempt = results(ladder("其中 量 < 9件") + "\n", rows)
    assert [r.indicators["A1.1"].state for r in exempt] == ["error", "scored", "scored", "scored"]  # no word on 不适用
    found = results(ladder("至少5个"), rows)[0]
    assert found.state == "undecided"
    assert found.waiting == {"cohort.名次（量，至少5个）"}


def test_f21b_in_proportion_to_the_best() -> None:
    text = form("评分：公式\n计分：当 名次(量) ≤ 5 取 6分 × 量 ÷ 全体最大(量)，否则 0分\n分母为零：零分")
    found = [r.indicators["A1.1"].score for r in results(text.replace("三级，10分", "三级，10分"), amounts(80, 40, 20, 20, 10, 4))]
    assert found == [6, 3, F("1.5"), F("1.5"), F("0.75"), 0]
    assert scores(text, amounts(0, 0)) == [0, 0]  # the best is zero: what is written


# ---- F22: the mean as the benchmark -----------------------------------------------------------

AGE = "取值：龄 − 全体平均(龄，{own})\n评分：达标扣分\n达标：0岁及以下\n  每高1岁：扣0.5分，不足部分按比例"


def test_f22_the_mean_with_and_without_the_unit_itself() -> None:
    rows = [{"龄": 46}, {"龄": 40}, {"龄": 34}]
    assert scores(form(AGE.format(own="含本单位")), rows) == [7, 10, 10]  # 46 against 40
    assert scores(form(AGE.format(own="不含本单位")), rows) == [F("5.5"), 10, 10]  # 46 against 37


def test_f22_a_unit_alone_has_no_others() -> None:
    assert results(form(AGE.format(own="不含本单位")), [{"龄": 40}])[0].state == "undecided"


def test_f22_relative_to_the_mean_with_an_exemption() -> None:
    text = form("取值：率 ÷ 全体平均(率，含本单位，其中 量 > 0件)\n评分：达标扣分\n达标：100%及以上\n  每低1个百分点：扣0.1分，不足部分不计\n分母为零：零分")
    rows = [{"率": F("0.9")}, {"率": F("0.6")}, {"率": F("0.1"), "量": 0}]
    assert scores(text, rows) == [10, 8, F("1.4")]  # the mean of the first two is 75%; 80% of it is 20 points short, 13⅓% is 86⅔


# ---- F10: anchors of the cohort, min–max, z-score, percentile -----------------------------------

ANCHORS = "取值：量\n评分：插值\n  全体最小(量)：0分\n  全体平均(量，含本单位)：6分\n  全体最大(量)：10分\n分母为零：满分"


def test_f10_anchors_of_the_cohort() -> None:
    assert scores(form(ANCHORS), amounts(0, 30, 90)) == [0, F(6 * 30, 40), 10]
    assert scores(form(ANCHORS), amounts(0, 70, 80)) == [0, F(26, 3), 10]  # 6 + 4 × (70 − 50) ÷ (80 − 50)
    assert scores(form(ANCHORS), amounts(7, 7)) == [10, 10]  # equal anchors: what is written
    written = ANCHORS.replace("全体最小(量)：0分\n  全体平均(量，含本单位)：6分\n  全体最大(量)：10分", "全体最大(量)：10分\n  全体最小(量)：0分")
    assert scores(form(written), amounts(0, 30, 90)) == [0, F(30, 9), 10]


def test_f10_anchors_that_do_not_rise_are_an_error_of_data() -> None:
    text = form("取值：量\n评分：插值\n  50件：0分\n  全体最大(量)：10分\n分母为零：满分")
    assert scores(text, amounts(60, 100)) == [2, 10]
    found = results(text, amounts(20, 40))[0]
    assert (found.state, found.indicators["A1.1"].failure.code) == ("error", "E897")  # type: ignore[union-attr]


def test_min_max_and_the_z_score_by_formula() -> None:
    text = form("评分：公式\n计分：10分 × (量 − 全体最小(量)) ÷ (全体最大(量) − 全体最小(量))\n分母为零：零分")
    assert scores(text, amounts(10, 25, 40)) == [0, 5, 10]
    score = form("评分：公式\n计分：5分 + (量 − 全体平均(量，含本单位)) ÷ 全体标准差(量，4，含本单位) × 1分\n分母为零：零分")
    assert scores(score, amounts(2, 4, 4, 4, 5, 5, 7, 9)) == [F("3.5"), F("4.5"), F("4.5"), F("4.5"), 5, 5, 6, 7]


@pytest.mark.parametrize(("way", "wanted"), [("低于", [8, 4, 4, 2, 0]), ("不高于", [10, 8, 8, 4, 2])])
def test_percentiles_by_their_two_definitions(way: str, wanted: list[int]) -> None:
    assert scores(form(f"取值：百分位(量，{way})\n评分：按比例"), amounts(90, 80, 80, 70, 60)) == wanted


def test_the_number_of_units() -> None:
    text = form("评分：公式\n计分：全体单位数() × 1分 + 全体单位数(同类型) × 0.1分")
    assert scores(text, [{"类型": "甲类"}, {"类型": "甲类"}, {"类型": "乙类"}]) == [F("3.2"), F("3.2"), F("3.1")]


def test_a_unit_that_is_not_scored_is_no_part_of_the_cohort() -> None:
    rows = [*amounts(90, 80), {"量": 1000, "甲数": 1000000}]
    assert [r.state for r in results(ladder(), rows)] == ["decided", "decided", "unscored"]
    assert scores(ladder(), rows)[:2] == [10, 8]


def test_the_cohort_may_be_asked_for_scores_and_in_derived_values() -> None:
    text = text_of(
        "取值：量\n评分：分档\n不低于50件：6分\n低于50件：2分", DATA, before="派生\n  相对 = 量 − 全体平均(量，含本单位)",
        after=f"三级指标 A1.2 比较，4分\n取值：得分(A1.1) − 全体平均(得分(A1.1)，含本单位) + 4分\n评分：分档\n不低于4分：4分\n低于4分：0分\n清零：相对 < 0件\n{UNUSED}",
    ).replace("三级，10分", "三级，6分")
    found = results(text, amounts(80, 60, 10))
    assert [r.indicators["A1.2"].score for r in found] == [4, 4, 0]
    assert [len(p) for p in passes(check(text))] == [2]


# ---- F28c: the mean of the units to which an item applies ------------------------------------------


def test_f28c_the_mean_of_those_to_which_it_applies() -> None:
    text = text_of("取值：率\n评分：按比例\n不适用：均值", DATA, after=f"三级指标 A1.2 其他，5分\n取值：率\n评分：按比例\n{UNUSED}").replace("三级，10分", "三级，5分")
    units = units_of([{"率": F("0.9")}, {"率": F("0.6")}, {"率": F("0.5")}])
    units[2] = replace(units[2], not_applicable={"A1.1": confirmed()})
    found = evaluate_cohort(check(text), units)
    assert [r.score for r in found] == [9, 6, F("3.75") + F("2.5")]
    assert found[2].indicators["A1"].redistribution.kind == "mean"  # type: ignore[union-attr]
    alone = run(text, {"率": F("0.5"), "量": 1, "龄": 40}, out={"A1.1": confirmed()})
    assert (alone.state, alone.bounds.low, alone.bounds.high) == ("undecided", F("2.5"), F("7.5"))  # type: ignore[union-attr]


# ---- F35b: quotas -------------------------------------------------------------------------------------

QUOTA = "取值：率\n评分：按比例"
GRADES = "等次：按名额\n  前30%，{rounding}，{ties}：优秀\n  前60%，{rounding}，{ties}：良好\n  其余：合格"


def grades(after: str, rates: Sequence[int | None]) -> list[Any]:
    found = results(text_of(QUOTA, DATA, after=f"{UNUSED}\n{after}"), [{"率": None if r is None else F(r, 100)} for r in rates])
    return [r.grade.grade for r in found if r.grade is not None]


def test_f35b_places_rounded_down_up_and_half_up() -> None:
    rates = [90, 80, 70, 60, 50]  # 1.5 and 3 places
    assert grades(GRADES.format(rounding="向下取整", ties="并列全入"), rates) == ["优秀", "良好", "良好", "合格", "合格"]
    assert grades(GRADES.format(rounding="向上取整", ties="并列全入"), rates) == ["优秀", "优秀", "良好", "合格", "合格"]
    assert grades(GRADES.format(rounding="四舍五入", ties="并列全入"), rates) == ["优秀", "优秀", "良好", "合格", "合格"]


def test_f35b_ties_at_the_cut_are_all_in_or_all_out() -> None:
    rates = [90, 90, 70, 60, 50]
    assert grades(GRADES.format(rounding="向下取整", ties="并列全入"), rates) == ["优秀", "优秀", "良好", "合格", "合格"]
    assert grades(GRADES.format(rounding="向下取整", ties="并列全不入"), rates) == ["良好", "良好", "良好", "合格", "合格"]


def test_f35b_bands_within_the_rest() -> None:
    scale = "等次：按得分率\n  前30%，向下取整，并列全入：优秀\n  70%（含）以上：良好\n  低于70%：一般"
    assert grades(scale, [95, 90, 70, 60, 50]) == ["优秀", "良好", "良好", "一般", "一般"]


def test_f35b_a_place_that_a_veto_leaves() -> None:
    veto = "否决 V1 失职\n条件：量 > 500件\n效果：等次最高 良好"
    scale = GRADES.replace("{ties}：优秀", "{ties}，{stay}：优秀").replace("{ties}：良好", "{ties}，{stay}：良好")
    rows = [{"率": F("0.9"), "量": 501}, *({"率": F(r, 100)} for r in (80, 70, 60, 50))]

    def found(stay: str) -> list[Any]:
        text = text_of(QUOTA, DATA, after=f"{UNUSED}\n{scale.format(rounding='向下取整', ties='并列全入', stay=stay)}\n{veto}")
        return [r.grade.grade for r in results(text, rows) if r.grade is not None]

    assert found("否决占名额") == ["良好", "良好", "良好", "合格", "合格"]
    assert found("否决让名额") == ["良好", "优秀", "良好", "合格", "合格"]
    assert "E653" in codes(text_of(QUOTA, DATA, after=f"{UNUSED}\n{GRADES.format(rounding='向下取整', ties='并列全入')}\n{veto}"))


def test_f35b_a_unit_whose_score_is_not_known_leaves_only_what_it_can_change_open() -> None:
    found = grades(GRADES.format(rounding="向下取整", ties="并列全入"), [90, 80, 70, 60, 50, None, 20, 10])
    assert found == ["优秀", None, "良好", None, "合格", None, "合格", "合格"]  # 2 and 4 places among 8


# ---- one unit alone, and what is missing ---------------------------------------------------------------


def test_a_unit_alone_waits_for_the_cohort_within_sound_bounds() -> None:
    low, high, tight = bounds(ladder(), {"量": 7, "龄": 40, "率": F("0.5")})
    assert (low, high, tight) == (2, 10, False)
    found = run(ladder(), {"量": 7, "龄": 40, "率": F("0.5")})
    assert (found.state, found.waiting) == ("undecided", {"cohort.名次（量）"})
    assert bounds(form(ANCHORS), {"量": 7, "龄": 40, "率": F("0.5")}) == (0, 10, False)


def test_missing_data_leave_the_cohort_open_and_are_never_zero() -> None:
    found = results(ladder(), amounts(900, 80, None))
    assert [r.indicators["A1.1"].score for r in found] == [None, 8, None]  # the second is second or third
    records = [r.indicators["A1.1"].bounds for r in found]
    assert [(b.low, b.high) for b in records if b is not None] == [(8, 10), (8, 10)]


def test_a_stated_policy_leaves_them_out() -> None:
    found = results(ladder("缺数不计"), amounts(900, 80, None))
    assert [r.indicators["A1.1"].score for r in found[:2]] == [10, 8]


# ---- what is wrong --------------------------------------------------------------------------------------

WRONG = {
    "E410": "取值：名次(量)\n评分：按名次\n  第1名：10分",
    "E411": "取值：名次(量)\n评分：按名次\n  第1名至第3名：10分\n  第3名：2分\n  其余：1分",
    "E412": "取值：名次(量)\n评分：按名次\n  第1名：10分\n  第4名：2分\n  其余：1分",
    "E416": "取值：名次(量)\n评分：按名次\n  第1件：10分\n  其余：1分",
    "E541": "取值：全体最大(量 ÷ 甲数)\n评分：分档\n0以上：10分",
    "E542": "取值：全体最大(量，从低到高)\n评分：分档\n不低于0件：10分",
    "E543": "取值：全体最大(得分(A1.1))\n评分：分档\n不低于0分：10分",
    "E546": "取值：量\n评分：按名次\n  第1名：10分\n  其余：1分",
    "E650": "取值：全体平均(量)\n评分：分档\n不低于0件：10分",
    "E651": "取值：百分位(量)\n评分：按比例",
    "E652": "取值：名次(量)\n评分：按名次\n  第1名：10分\n  倒数第1名：2分\n  其余：1分",
    "E507": "取值：名次(量，龄)\n评分：分档\n不低于1：10分",
    "E209": "取值：名次(量，同类型，同类型)\n评分：分档\n不低于1：10分",
}


@pytest.mark.parametrize("code", WRONG)
def test_what_must_be_right(code: str) -> None:
    assert [c for c in codes(form(WRONG[code])) if c.startswith("E")] == [code]


def test_a_cohort_has_no_place_in_a_table_of_records() -> None:
    data = f"{DATA}\n  表：记录表\n  列 数：小数，0至10"
    assert "E540" in codes(text_of("取值：求和(表，每条 数 × 全体单位数())\n评分：分档\n不低于0：10分", data, after=UNUSED))


@pytest.mark.parametrize(
    ("scale", "code"),
    [
        ("等次：按名额\n  前30%，向下取整，并列全入：优秀\n  前20%，向下取整，并列全入：良好\n  其余：合格", "E544"),
        ("等次：按名额\n  前30%，向下取整，并列全入：优秀", "E545"),
        ("等次：按得分率\n  前30%，向下取整，并列全入：优秀\n  其余：合格", "E545"),
        ("等次：按名额\n  其余：合格", "E545"),
    ],
)
def test_quotas_that_make_no_scale(scale: str, code: str) -> None:
    assert [c for c in codes(text_of(QUOTA, DATA, after=f"{UNUSED}\n{scale}")) if c.startswith("E")] == [code]
