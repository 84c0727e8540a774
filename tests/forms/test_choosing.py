"""Forms that choose: levels, met or not, documents, checklists, the gravest only, discretion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from one_indicator import F, bounds, check, codes, failure, leaf, score, text_of

from ruleeval.engine.unit import Disputed, EvidenceItem

LEVELS = "  丙：选项 好、中、差，评定"
BY_LEVEL = text_of("取值：丙\n评分：按等级\n好：10分\n中：6分\n差：0分", LEVELS)


def test_f01_points_of_the_level_chosen() -> None:
    ruleset = check(BY_LEVEL)
    assert [score(ruleset, {"丙": level}) for level in ("好", "中", "差")] == [10, 6, 0]


def test_f01_missing_or_disputed_level_gives_bounds_and_never_zero() -> None:
    ruleset = check(BY_LEVEL)
    assert bounds(ruleset, {}) == (0, 10, True)
    assert bounds(ruleset, {"丙": Disputed(("好", "中"))}) == (6, 10, True)


def test_f01_a_negative_level_takes_points_only_because_it_is_written() -> None:
    # 有得10分，无落实扣2分
    ruleset = check(text_of("取值：丙\n评分：按等级\n好：10分\n中：0分\n差：-2分", LEVELS))
    assert score(ruleset, {"丙": "差"}) == -2


RANGES = text_of(
    "取值：丙\n打分：丁\n评分：按等级\n好：7分（含）至10分（含）\n中：4分（含）至7分\n差：0分（含）至4分",
    LEVELS + "\n  丁：小数，分，0至10，评定",
)


def test_f01_evaluators_points_within_the_range_of_the_level() -> None:
    ruleset = check(RANGES)
    assert score(ruleset, {"丙": "中", "丁": F("5.5")}) == F("5.5")
    assert score(ruleset, {"丙": "中", "丁": 4}) == 4
    assert failure(ruleset, {"丙": "中", "丁": 7}) == "E717"
    assert score(ruleset, {"丙": "好", "丁": 7}) == 7


def test_f01_two_levels_may_not_share_a_number_of_points() -> None:
    assert codes(RANGES.replace("4分（含）至7分", "4分（含）至7分（含）")) == ["E402"]


def test_f01_every_level_has_points_and_no_other_does() -> None:
    assert codes(BY_LEVEL.replace("\n中：6分", "")) == ["E510"]
    assert codes(BY_LEVEL.replace("\n中：6分", "\n良：6分")) == ["E508"]


def test_f02_all_or_nothing_equality_counts_where_it_is_written() -> None:
    data = "  丙：百分数，0%至100%"
    at_least = check(text_of("取值：丙 ≥ 80%\n评分：达标", data))
    above = check(text_of("取值：丙 > 80%\n评分：达标", data))
    assert [score(at_least, {"丙": F(x, 1000)}) for x in (799, 800, 801)] == [0, 10, 10]
    assert [score(above, {"丙": F(x, 1000)}) for x in (799, 800, 801)] == [0, 0, 10]
    assert bounds(at_least, {}) == (0, 10, True)
    assert bounds(at_least, {"丙": Disputed((F("0.7"), F("0.9")))}) == (0, 10, True)
    assert score(at_least, {"丙": Disputed((F("0.8"), F("0.9")))}) == 10


def test_f03_a_penalty_for_each_missing_document() -> None:
    ruleset = check(text_of("评分：按材料扣分\n志愿书：扣8分\n任一 学历证、学位证：扣2分\n鉴定表：扣2分"))
    assert score(ruleset, {}, evidence=tuple(EvidenceItem(k) for k in ("志愿书", "学位证", "鉴定表"))) == 10
    assert score(ruleset, {}, evidence=(EvidenceItem("志愿书"),)) == 6
    assert score(ruleset, {}, evidence=()) == 0
    assert bounds(ruleset, {}, evidence=None) == (0, 10, True)


def test_f03_a_document_counts_only_as_its_row_asks() -> None:
    ruleset = check(text_of("评分：按材料扣分\n志愿书，近12个月，出具 市委编办：扣8分\n任一 学历证、学位证，至少2份：扣2分"))
    good = EvidenceItem("志愿书", issued_by="市委编办", issued_on=date(2022, 6, 1))
    two = EvidenceItem("学位证", copies=2)
    assert score(ruleset, {}, evidence=(good, two)) == 10
    assert score(ruleset, {}, evidence=(replace(good, issued_on=date(2021, 6, 1)), two)) == 2  # out of date
    assert score(ruleset, {}, evidence=(replace(good, issued_by="本单位"), two)) == 2  # another issuer
    assert score(ruleset, {}, evidence=(replace(good, issued_on=None), two)) == 2  # no date
    assert score(ruleset, {}, evidence=(good, EvidenceItem("学历证"), EvidenceItem("学位证"))) == 8  # one copy of each
    assert score(ruleset, {}, evidence=(good, EvidenceItem("学历证"), EvidenceItem("学历证"))) == 10
    assert bounds(ruleset, {}, evidence=None) == (0, 10, True)
    share = check(text_of("评分：按材料比例\n甲证，有效期2022-01-01至2022-12-31\n乙证"))
    pair = (EvidenceItem("甲证", issued_on=date(2021, 12, 31)), EvidenceItem("乙证"))
    assert score(share, {}, evidence=pair) == 5
    assert codes(text_of("评分：按材料比例\n甲证，有效期2022-12-31至2022-01-01\n乙证")) == ["E405"]


def test_f03_full_points_times_the_share_of_documents_present() -> None:
    ruleset = check(text_of("评分：按材料比例\n甲证\n乙证\n丙证"))
    assert score(ruleset, {}, evidence=(EvidenceItem("甲证"), EvidenceItem("丙证"))) == F(20, 3)


CHECKLIST_DATA = "\n".join(f"  {name}：是否，评定" for name in "子丑寅卯")


def test_f12_points_of_every_entry_met_equal_or_own() -> None:
    own = check(text_of("评分：清单\n子：4分\n丑：3分\n寅：2分\n卯：1分", CHECKLIST_DATA))
    equal = check(text_of("评分：清单\n子\n丑\n寅\n卯", CHECKLIST_DATA))
    values = {"子": True, "丑": False, "寅": True, "卯": True}
    assert score(own, values) == 7
    assert score(equal, values) == F("7.5")
    assert bounds(own, {**values, "丑": Disputed((True, False))}) == (7, 10, True)


def test_f12_a_least_number_of_entries() -> None:
    ruleset = check(text_of("评分：清单\n至少满足：3项\n子\n丑\n寅\n卯", CHECKLIST_DATA))
    assert score(ruleset, {"子": True, "丑": True, "寅": False, "卯": False}) == 0
    assert score(ruleset, {"子": True, "丑": True, "寅": True, "卯": False}) == F("7.5")


def test_f12_entries_must_add_up() -> None:
    assert codes(text_of("评分：清单\n子：4分\n丑：3分\n寅：2分\n卯：2分", CHECKLIST_DATA)) == ["E311"]
    assert codes(text_of("评分：清单\n子：4分\n丑：3分\n寅：2分\n卯", CHECKLIST_DATA)) == ["E314"]


def test_f12_an_evaluators_points_for_each_evaluation_point() -> None:
    ruleset = check(text_of("评分：按要点\n要点\n- 制度是否齐全，6分\n- 执行是否到位，4分"))
    assert score(ruleset, {"A1.1#1": 5, "A1.1#2": F("3.5")}) == F("8.5")
    assert bounds(ruleset, {"A1.1#1": 5}) == (5, 9, True)


WORST = text_of(
    "评分：就重扣分\n丙 ≥ 1次：扣1分\n丁：扣4分\n戊：扣10分",
    "  丙：整数，次，至少0，评定\n  丁：是否，评定\n  戊：是否，评定",
)


def test_f15_only_the_gravest_deduction_counts_and_absorbs_the_others() -> None:
    ruleset = check(WORST)
    assert score(ruleset, {"丙": 0, "丁": False, "戊": False}) == 10
    assert score(ruleset, {"丙": 5, "丁": False, "戊": False}) == 9
    assert score(ruleset, {"丙": 5, "丁": True, "戊": False}) == 6
    assert score(ruleset, {"丙": 5, "丁": True, "戊": True}) == 0
    assert score(ruleset, {"戊": True}) == 0  # nothing else can matter any more
    assert bounds(ruleset, {"丙": 1, "丁": True}) == (0, 6, True)


def test_f15_only_the_best_award_counts() -> None:
    data = "  丙：是否，评定\n  丁：是否，评定"
    ruleset = check(text_of("评分：就高得分\n丙：得10分\n丁：得4分", data))
    assert [score(ruleset, {"丙": a, "丁": b}) for a, b in ((True, True), (False, True), (False, False))] == [10, 4, 0]
    assert codes(text_of("评分：就高得分\n丙：得10分\n丁：扣4分", data)) == ["E616"]


def test_f16_zero_if_a_case_occurs_names_what_caused_it() -> None:
    data = "  丙：整数，次，至少0，评定"
    ruleset = check(text_of("取值：丙\n评分：扣分\n每1次：扣0.5分\n清零：丙 ≥ 2次", data))
    assert [score(ruleset, {"丙": n}) for n in (0, 1, 2, 3)] == [10, F("9.5"), 0, 0]
    assert leaf(ruleset, {"丙": 2}).guard == "zero_if"
    assert bounds(ruleset, {"丙": Disputed((1, 2))}) == (0, F("9.5"), True)


def test_f31_discretion_within_a_written_range() -> None:
    data = "  丙：小数，分，评定"
    ruleset = check(text_of("打分：丙\n评分：酌情\n范围：0分至10分", data))
    assert score(ruleset, {"丙": F("7.25")}) == F("7.25")
    assert failure(ruleset, {"丙": 11}) == "E720"
    assert bounds(ruleset, {})[:2] == (0, 10)
    assert codes(text_of("打分：丙\n评分：酌情", data)) == ["E606"]
    assert score(check(text_of("打分：丙\n评分：酌情\n范围：-2分至10分", data)), {"丙": -2}) == -2


def test_f32_an_exemption_gives_full_marks_and_is_recorded() -> None:
    data = "  丙：百分数，0%至100%\n  丁：是否，评定"
    ruleset = check(text_of("取值：丙\n评分：达标扣分\n达标：80%（含）以上\n每低1个百分点：扣0.1分，不足部分不计\n例外得满分：丁", data))
    assert score(ruleset, {"丙": F("0.7"), "丁": False}) == 9
    assert score(ruleset, {"丙": F("0.7"), "丁": True}) == 10
    assert leaf(ruleset, {"丙": F("0.7"), "丁": True}).guard == "full_if"
    assert score(ruleset, {"丁": True}) == 10
    assert bounds(ruleset, {"丙": F("0.7")}) == (9, 10, True)
