"""What stands around scores: evidence, limits, parents, bonus and deductions, vetoes, grades."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from one_indicator import F, bounds, check, codes, leaf, run, score, text_of

from ruleeval.engine.record import Result
from ruleeval.engine.unit import Disputed, EvidenceItem

RATE = "  丙：百分数，0%至100%"
PLAIN = "取值：丙\n评分：按比例"

# ---- evidence ---------------------------------------------------------------------------


def evidence(rule: str) -> str:
    return text_of(f"{PLAIN}\n佐证：{rule}", RATE)


def given(*items: EvidenceItem) -> dict[str, Any]:
    return {"evidence": items}


@pytest.mark.parametrize(
    ("rule", "without"),
    [("批复，缺则 提示", 8), ("批复，缺则 不得分", 0), ("批复，缺则 最多得60%", 6), ("批复", 8)],
)
def test_evidence_that_is_short(rule: str, without: int) -> None:
    ruleset = check(evidence(rule))
    assert score(ruleset, {"丙": F("0.8")}, **given(EvidenceItem("批复"))) == 8
    assert score(ruleset, {"丙": F("0.8")}, **given()) == without


def test_evidence_that_is_short_and_pending() -> None:
    ruleset = check(evidence("批复，缺则 待定"))
    assert bounds(ruleset, {"丙": F("0.8")}, **given())[:2] == (0, 8)
    assert leaf(ruleset, {"丙": F("0.8")}, **given()).waiting == frozenset({"document.批复"})
    assert score(ruleset, {"丙": 0}, **given()) == 0
    assert bounds(check(evidence("批复，缺则 不得分")), {"丙": F("0.8")}, evidence=None)[:2] == (0, 8)


def test_evidence_all_any_or_only_if_present() -> None:
    half = {"丙": F("0.5")}
    assert score(evidence("甲证、乙证，缺则 不得分"), half, **given(EvidenceItem("甲证"))) == 0
    assert score(evidence("任一 甲证、乙证，缺则 不得分"), half, **given(EvidenceItem("乙证"))) == 5
    assert score(evidence("如有 甲证，缺则 不得分"), half, **given()) == 5
    old = EvidenceItem("甲证", issued_on=date(2020, 1, 1))
    assert score(evidence("如有 甲证，近12个月，缺则 不得分"), half, **given(old)) == 0


def test_evidence_by_copies_and_issuer() -> None:
    half = {"丙": F("0.5")}
    copies = check(evidence("批复，至少3份，缺则 不得分"))
    assert score(copies, half, **given(EvidenceItem("批复", copies=2), EvidenceItem("批复"))) == 5
    assert score(copies, half, **given(EvidenceItem("批复", copies=2))) == 0
    issuer = check(evidence("批复，出具 市委编办，缺则 不得分"))
    assert score(issuer, half, **given(EvidenceItem("批复", issued_by="市委编办"))) == 5
    assert score(issuer, half, **given(EvidenceItem("批复", issued_by="县委编办"))) == 0
    assert leaf(issuer, half, **given(EvidenceItem("批复"))).evidence[0].problems == (("批复", "other_issuer"),)
    assert codes(evidence("批复，至少2.5份，缺则 不得分")) == ["E509"]


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        ("有效期2022-01-01至2022-12-31", date(2022, 1, 1), date(2022, 12, 31)),
        ("近30日", date(2022, 12, 1), date(2022, 12, 31)),
        ("近12个月", date(2021, 12, 31), date(2022, 12, 31)),
    ],
)
def test_evidence_within_its_time(rule: str, first: date, last: date) -> None:
    ruleset = check(evidence(f"批复，{rule}，缺则 不得分"))
    for day, expected in ((first, 5), (last, 5), (first - timedelta(days=1), 0), (None, 0)):
        assert score(ruleset, {"丙": F("0.5")}, **given(EvidenceItem("批复", issued_on=day))) == expected


def test_what_short_evidence_means_must_be_written_somewhere() -> None:
    assert codes(evidence("批复").replace("缺佐证：提示\n", "")) == ["E610"]


# ---- limits and parents ------------------------------------------------------------------


def second(fields: str, combine: str = "", data: str = RATE + "\n  丁：百分数，0%至100%") -> str:
    more = f"三级指标 A1.2 另一项，4分\n取值：丁\n评分：按比例\n{fields}"
    text = text_of(PLAIN, data, after=more).replace("三级，10分", "三级，6分")
    return text.replace("二级指标 A1 二级，10分", f"二级指标 A1 二级，10分\n{combine}")


def test_a_ceiling_by_another_indicators_score() -> None:
    ruleset = check(second("上限：得分(A1.1) ÷ 2"))
    assert run(ruleset, {"丙": F("0.5"), "丁": 1}).indicators["A1.2"].score == F("1.5")
    assert run(ruleset, {"丙": 1, "丁": F("0.25")}).indicators["A1.2"].score == 1
    waiting = run(ruleset, {"丁": 1}).indicators["A1.2"]
    assert waiting.bounds is not None
    assert (waiting.bounds.low, waiting.bounds.high) == (0, 3)


def test_a_floor_per_item() -> None:
    ruleset = check(text_of(f"{PLAIN}\n下限：2分", RATE))
    assert [score(ruleset, {"丙": F(x, 10)}) for x in (0, 1, 5)] == [2, 2, 5]
    assert bounds(ruleset, {}) == (2, 10, True)


def test_a_circle_of_limits_is_named() -> None:
    assert codes(second("上限：得分(A1.1)").replace(f"{PLAIN}\n三级", f"{PLAIN}\n上限：得分(A1.2)\n三级")) == ["E208"]


def test_a_parent_by_its_worst_child_or_the_mean_of_rates() -> None:
    rates = {"丙": F("0.9"), "丁": F("0.4")}
    assert run(second(""), rates).score == F("7")
    assert run(second("", "汇总：合计"), rates).score == F("7")
    assert run(second("", "汇总：取最低率"), rates).score == 4
    assert run(second("", "汇总：平均率"), rates).score == F("6.5")
    lowest = run(second("", "汇总：取最低率"), {"丙": F("0.3")})
    assert lowest.bounds is not None
    assert (lowest.bounds.low, lowest.bounds.high) == (0, 3)


def test_a_parent_with_a_ceiling_and_a_floor() -> None:
    rates = {"丙": F("0.9"), "丁": F("0.9")}
    assert run(second("", "上限：8分"), rates).score == 8
    assert run(second("", "下限：3分"), {"丙": 0, "丁": F("0.1")}).score == 3


def test_a_parents_ceiling_that_is_not_known_yet() -> None:
    data = RATE + "\n  丁：百分数，0%至100%\n  顶：小数，分"
    found = run(second("", "上限：顶", data), {"丙": F("0.9"), "丁": F("0.9")})
    assert found.bounds is not None
    assert (found.bounds.low, found.bounds.high) == (0, 9)
    assert "data.顶" in found.waiting


# ---- bonus and extra deductions -------------------------------------------------------------


def bonus(counted: str, more: str = "", form: str = "评分：得分\n每1项：得2分") -> str:
    after = f"加分项 J1 改革创新，最多5分\n取值：创新数\n{form}\n计入：{counted}\n{more}"
    return text_of(PLAIN, RATE + "\n  创新数：整数，项，至少0", after=after)


def test_f19_a_bonus_with_its_ceiling_inside_or_outside_the_total() -> None:
    inside, outside = check(bonus("总分内")), check(bonus("总分外"))
    assert [run(inside, {"丙": F("0.8"), "创新数": n}).score for n in (0, 1, 3)] == [8, 10, 13]
    found = run(outside, {"丙": F("0.8"), "创新数": 3})
    assert (found.score, found.adjustments[0].amount) == (8, 5)
    assert codes(bonus("总分内").replace("计入：总分内\n", "")) == ["E210"]


def test_f19_a_bonus_only_past_a_gate() -> None:
    gated = check(bonus("总分内", "前提：得分(A) > 8分"))
    assert run(gated, {"丙": F("0.8"), "创新数": 1}).score == 8
    assert run(gated, {"丙": F("0.81"), "创新数": 1}).score == F("10.1")
    open_result = run(gated, {"创新数": 1})
    assert open_result.bounds is not None
    assert (open_result.bounds.low, open_result.bounds.high) == (0, 12)


def test_f19_only_the_highest_level_of_an_award_counts_and_needs_its_document() -> None:
    form = "评分：就高得分\n创新数 ≥ 3项：得5分\n创新数 ≥ 1项：得2分\n佐证：表彰文件，缺则 不得分"
    ruleset = check(bonus("总分内", form=form).replace("取值：创新数\n", ""))
    paper = (EvidenceItem("表彰文件"),)
    assert run(ruleset, {"丙": F("0.5"), "创新数": 4}, evidence=paper).score == 10
    assert run(ruleset, {"丙": F("0.5"), "创新数": 4}, evidence=()).score == 5


def extra(taken_from: str, form: str = "评分：扣分\n每1次：扣3分") -> str:
    after = f"追加扣分 K1 通报批评，最多4分\n取值：通报次数\n{form}\n扣自：{taken_from}"
    return text_of(PLAIN, RATE + "\n  通报次数：整数，次，至少0", after=after)


@pytest.mark.parametrize("where", ["总分", "A", "A1"])
def test_f18_and_f20_an_extra_deduction_from_a_named_place_up_to_its_ceiling(where: str) -> None:
    ruleset = check(extra(where))
    assert [run(ruleset, {"丙": F("0.8"), "通报次数": n}).score for n in (0, 1, 2)] == [8, 5, 4]
    assert run(ruleset, {"丙": F("0.3"), "通报次数": 2}).score == 0
    open_result = run(ruleset, {"丙": F("0.8")})
    assert open_result.bounds is not None
    assert (open_result.bounds.low, open_result.bounds.high) == (4, 8)
    assert codes(extra(where).replace(f"扣自：{where}", "")) == ["E210"]


def test_f18_zeroed_and_more_taken() -> None:
    # 构成重大隐患的，不得分，并追加扣除4分
    form = "评分：就重扣分\n隐患数 ≥ 1个：扣4分"
    text = extra("总分", form).replace("取值：通报次数\n", "").replace("通报次数：整数，次", "隐患数：整数，个")
    ruleset = check(second("清零：隐患数 ≥ 1个").replace("  丁：", "  隐患数：整数，个，至少0\n  丁：") + text[text.index("追加扣分") :])
    assert run(ruleset, {"丙": 1, "丁": 1, "隐患数": 1}).score == 2
    assert run(ruleset, {"丙": 1, "丁": 1, "隐患数": 0}).score == 10


# ---- vetoes and grades ---------------------------------------------------------------------------

GRADES = "等次：按得分率\n90%（含）以上：优秀\n80%（含）至90%：良好\n60%（含）至80%：一般\n低于60%：较差"


def graded(veto: str = "", more: str = "", grades: str = GRADES) -> str:
    after = f"否决 V1 违纪\n条件：违纪\n效果：{veto}\n{grades}\n{more}" if veto else f"{grades}\n{more}"
    data = RATE + ("\n  违纪：是否" if "违纪" in veto + after else "")
    return text_of(PLAIN, data, after=after)


def grade_of(found: Result) -> str | None:
    assert found.grade is not None
    return found.grade.grade


@pytest.mark.parametrize(
    ("effect", "total", "grade"),
    [
        ("等次定为较差", F("9.5"), "较差"), ("总分定为5.9分", F("5.9"), "较差"),
        ("等次最高良好", F("9.5"), "良好"), ("等次降1等", F("9.5"), "良好"),
    ],
)  # fmt: skip
def test_f17_four_effects_of_a_veto(effect: str, total: object, grade: str) -> None:
    ruleset = check(graded(effect))
    hit = run(ruleset, {"丙": F("0.95"), "违纪": True})
    assert (hit.score, grade_of(hit), hit.score_before_veto) == (total, grade, F("9.5"))
    free = run(ruleset, {"丙": F("0.95"), "违纪": False})
    assert (free.score, grade_of(free)) == (F("9.5"), "优秀")
    low = run(ruleset, {"丙": F("0.3"), "违纪": True})
    assert (low.score, grade_of(low)) == (3, "较差")  # a veto never lifts a unit


def test_f17_a_veto_that_cannot_be_told_yet() -> None:
    ruleset = check(graded("等次最高良好"))
    found = run(ruleset, {"丙": F("0.95")})
    assert (found.state, found.score) == ("undecided", F("9.5"))
    assert found.grade is not None
    assert found.grade.possible == ("优秀", "良好")
    assert grade_of(run(ruleset, {"丙": F("0.85")})) == "良好"  # it makes no difference
    assert run(check(graded("总分定为5分")), {"丙": F("0.95")}).bounds is not None


def test_f17_a_veto_by_a_rate_reaching_a_threshold() -> None:
    text = graded("等次定为较差").replace("条件：违纪", "条件：丙 ≤ 5%").replace("\n  违纪：是否", "")
    assert grade_of(run(text, {"丙": F("0.05")})) == "较差"


def test_f35_bands_at_their_ends_exactly_or_rounded() -> None:
    exact, rounded = check(graded()), check(graded(grades=GRADES.replace("按得分率", "按得分率，修约后")))
    rates = ["0.9", "0.8999", "0.89951", "0.8", "0.7999", "0.6", "0.59"]
    assert [grade_of(run(exact, {"丙": F(r)})) for r in rates] == ["优秀", "良好", "良好", "良好", "一般", "一般", "较差"]
    assert grade_of(run(rounded, {"丙": F("0.89951")})) == "优秀"
    assert grade_of(run(rounded, {"丙": F("0.8994")})) == "良好"


def test_f35_a_gap_at_eighty_or_an_overlap_is_rejected() -> None:
    assert codes(graded(grades=GRADES.replace("80%（含）至90%", "80%至90%"))) == ["E401"]
    assert codes(graded(grades=GRADES.replace("60%（含）至80%", "60%（含）至80%（含）"))) == ["E402"]
    whole = "等次：按得分\n9分至10分：优\n8分至8.9分：良\n低于8分：差"
    assert "E401" in codes(graded(grades=whole))


def test_f35_gates_let_a_grade_fall_to_the_next() -> None:
    gate = "门槛 优秀：最低得分率(一级指标) ≥ 95%\n门槛 良好：得分(A1.1) ≥ 9.2分"
    ruleset = check(graded(more=gate))
    assert [grade_of(run(ruleset, {"丙": F(r)})) for r in ("0.96", "0.93", "0.91", "0.85")] == ["优秀", "良好", "一般", "一般"]
    open_result = run(ruleset, {"丙": Disputed((F("0.93"), F("0.96")))})
    assert open_result.grade is not None
    assert set(open_result.grade.possible) == {"优秀", "良好"}


def test_f35_the_worse_of_two_subtotals() -> None:
    scale = "等次 {}：按得分率\n80%（含）以上：一级\n低于80%：二级\n"
    more = "小计 建设：A1.1\n小计 绩效：A1.2\n" + scale.format("建设") + scale.format("绩效") + "等次取低：建设、绩效"
    ruleset = check(second("") + more)
    found = run(ruleset, {"丙": F("0.9"), "丁": F("0.7")})
    assert [(s.name, s.score) for s in found.subtotals] == [("建设", F("5.4")), ("绩效", F("2.8"))]
    assert grade_of(found) == "二级"
    assert grade_of(run(ruleset, {"丙": F("0.9"), "丁": F("0.8")})) == "一级"
    assert grade_of(run(ruleset, {"丙": F("0.7")})) == "二级"


def test_a_unit_that_gets_a_word_instead_of_a_score() -> None:
    text = graded().replace("甲数 > 999999个：不评", "丙 = 0%：新设单位")
    text = text.replace("  甲数：整数，个，至少0\n", "")
    found = run(text, {"丙": 0})
    assert (found.state, found.score, found.unscored) == ("unscored", None, "新设单位")


def test_data_that_do_not_agree() -> None:
    before = "勾稽\n  丙 ≤ 50%，错误：不能过半\n  丙 ≤ 40%，提醒：偏高"
    ruleset = check(text_of(PLAIN, RATE, before=before))
    found = run(ruleset, {"丙": F("0.6")})
    assert (found.state, [d.code for d in found.diagnostics]) == ("error", ["E730", "W730"])
    assert [d.code for d in run(ruleset, {"丙": F("0.45")}).diagnostics] == ["W730"]
    assert run(ruleset, {}).diagnostics == ()
