"""Rosters counted by bands and by groups, questionnaires, matters: the worked cases of the field."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_indicator import F, bounds, check, codes, run, score, table, text_of

from ruleeval.dsl.format import format_text
from ruleeval.engine.explain import explain
from ruleeval.engine.instruments import survey_statuses
from ruleeval.engine.notices import notices
from ruleeval.engine.unit import Missing

ROSTER = """\
  实名制：记录表，人
    列 姓名：文本，个人信息
    列 身份证号：文本，身份证号，可空
    列 内设机构：文本
    列 出生日期：日期，可空
"""
BANDS = """
分段 年龄段：实名制，按 周岁(出生日期，基准日)
  青年人数：35岁及以下
  中年人数：36至50岁
  年长人数：51至60岁
"""
SHARES = """\
  评分：段次分布
  方式：系数
  合计：各段合计
    青年人数：系数1.0
    中年人数：系数0.9
    年长人数：系数0.7
  分母为零：报错
"""


def people(*births: date | None, body: str = "办公室") -> tuple[dict[str, Any], ...]:
    """So many people of one internal body, by date of birth; ``None`` is a blank cell."""
    return table(*({"姓名": "某", "身份证号": Missing(), "内设机构": body, "出生日期": b or Missing()} for b in births))


YOUNG, MIDDLE, OLDER = date(1990, 5, 1), date(1980, 5, 1), date(1965, 5, 1)
HUNDRED_TWELVE = people(*[YOUNG] * 30, *[MIDDLE] * 52, *[OLDER] * 30)


def told(result: Any) -> list[str]:
    return [d.code for d in notices(result) if d.code != "W734"]


# ---- bands of a roster ---------------------------------------------------------------------


def test_112_people_in_bands_of_30_52_30_score_3_49_of_4() -> None:
    text = text_of(SHARES, ROSTER, "4", head="修约：三级指标，2位，四舍五入", before=BANDS)
    result = run(text, {"实名制": HUNDRED_TWELVE})
    counts = {d.name: result.values[d.key] for d in result.ruleset.derived}
    assert counts == {"青年人数": 30, "中年人数": 52, "年长人数": 30}
    assert [round(float(n) / 112 * 100, 1) for n in counts.values()] == [26.8, 46.4, 26.8]
    assert result.indicators["A1.1"].score == F("3.49")
    assert told(result) == []


@pytest.mark.parametrize(
    ("born", "band"),
    [(date(1987, 12, 31), "青年人数"), (date(1987, 1, 1), "青年人数"), (date(1986, 12, 31), "中年人数"), (date(1962, 1, 1), "年长人数")],
)
def test_a_birthday_on_the_day_itself_counts(born: date, band: str) -> None:
    result = run(text_of(SHARES, ROSTER, "4", before=BANDS), {"实名制": people(born)})
    assert {d.name: result.values[d.key] for d in result.ruleset.derived} == {**dict.fromkeys(("青年人数", "中年人数", "年长人数"), 0), band: 1}


def test_whoever_is_in_no_band_is_told_of_with_number_and_age() -> None:
    result = run(text_of(SHARES, ROSTER, "4", before=BANDS), {"实名制": (*HUNDRED_TWELVE, *people(date(1961, 6, 1)), *people(date(1960, 6, 1)))})
    (found,) = [d for d in notices(result) if d.code == "W871"]
    assert (found.facts["count"], found.facts["values"]) == ("2人", ("61岁", "62岁"))
    banded = sum(result.values[d.key] for d in result.ruleset.derived)
    assert banded + 2 == 114


def test_a_blank_birth_date_leaves_the_score_open_and_is_told_of() -> None:
    text = text_of(SHARES, ROSTER, "4", before=BANDS)
    low, high, _ = bounds(text, {"实名制": people(YOUNG, None)})
    assert low <= F("3.4") <= high  # one of 35 and one of 55
    result = run(text, {"实名制": people(YOUNG, None)})
    assert told(result) == ["W872"]
    assert notices(result)[0].facts["count"] == "1"


def test_bounds_of_a_count_with_blanks_go_from_those_sure_to_those_possible() -> None:
    text = text_of("  取值：青年人数\n  评分：得分\n    每1人：得1分\n", ROSTER, "10", before=BANDS.replace("  年长人数：51至60岁\n", ""))
    text = text.replace("一级指标 A", "勾稽\n  中年人数 ≤ 999人，提醒：略\n\n一级指标 A", 1)
    assert bounds(text, {"实名制": people(YOUNG, YOUNG, None, None, OLDER)})[:2] == (2, 4)


def test_bands_that_overlap_are_an_error_and_those_that_leave_people_outside_are_none() -> None:
    over = BANDS.replace("36至50岁", "35至50岁")
    assert codes(text_of(SHARES, ROSTER, "4", before=over)) == ["E252"]
    assert codes(text_of(SHARES, ROSTER, "4", before=BANDS.replace("36至50岁", "40至50岁"))) == []


def test_headcount_of_the_roster_is_held_against_the_declared_one() -> None:
    before = BANDS + "勾稽\n  个数(实名制) = 实有人数，错误：实名制人数与数据表实有人数不一致\n"
    text = text_of(SHARES, ROSTER + "  实有人数：整数，人，至少0\n", "4", before=before)
    assert run(text, {"实名制": HUNDRED_TWELVE, "实有人数": 112}).state == "decided"
    result = run(text, {"实名制": HUNDRED_TWELVE, "实有人数": 113})
    assert result.state == "error"
    assert [d.code for d in result.diagnostics] == ["E730"]


def test_a_count_of_a_table_has_the_unit_of_the_table() -> None:
    text = text_of("  取值：个数(实名制)\n  评分：得分\n    每1项：得1分\n", ROSTER, "10")
    assert "E502" in codes(text)


# ---- groups --------------------------------------------------------------------------------


GROUPS = """
分组 各内设机构：实名制，按 内设机构
  机构人数 = 个数(实名制)
  最大年龄 = 最大(实名制，每条 周岁(出生日期，基准日))
"""
SHORT = "  评分：扣分\n    个数(各内设机构，其中 机构人数 < 平均(各内设机构.机构人数) ÷ 2)，每1：扣0.5分\n"


def test_bodies_with_less_than_half_the_mean_headcount_cost_half_a_point_each() -> None:
    bodies = [people(*[YOUNG] * 7, body=f"处{i}") for i in range(16)] + [people(YOUNG, YOUNG, body=f"小处{i}") for i in range(2)]
    rows = tuple(row for body in bodies for row in body)
    result = run(text_of(SHORT, ROSTER, "4", before=GROUPS), {"实名制": rows})
    assert len(result.values["derived.各内设机构"]) == 18
    assert result.indicators["A1.1"].score == 3  # 2 of 18
    assert {r["column.机构人数"] for r in result.values["derived.各内设机构"]} == {7, 2}


def test_a_table_of_groups_is_a_table_like_any_other() -> None:
    text = text_of("  评分：公式\n  计分：最大(各内设机构.机构人数) ÷ 1人 × 1分\n", ROSTER, "10", before=GROUPS)
    assert score(text, {"实名制": (*people(YOUNG, YOUNG), *people(OLDER, body="人事处"))}) == 2
    assert bounds(text, {"实名制": Missing()})[:2] == (0, 10)


@pytest.mark.parametrize(
    ("groups", "wanted"),
    [
        ("分组 各处：无此表，按 内设机构\n  人数 = 个数(实名制)\n", "E253"),
        ("分组 各处：实名制，按 处室\n  人数 = 个数(实名制)\n", "E214"),
        ("分组 各处：实名制，按 内设机构\n  人数 = 个数(实名制)\n  人数 = 个数(实名制)\n", "E209"),
        ("分组 各处：实名制，按 内设机构\n", "E211"),
        ("分组 各处：实名制，按 内设机构\n  人均 = 1人 ÷ (个数(实名制) − 1人)\n", "E522"),
    ],
)
def test_a_table_of_groups_is_checked(groups: str, wanted: str) -> None:
    assert wanted in codes(text_of(SHARES, ROSTER, "4", before=BANDS + groups))


# ---- questionnaires --------------------------------------------------------------------------


SURVEYS = """
问卷 内部问卷：内部，发放 内部发放数，有效 至少1题，至少30份
  职责清晰：非常满意100、满意80、基本满意60、不满意0、不了解 不计
问卷 外部问卷：外部，有效 至少1题
  协同高效：非常满意100、满意80、基本满意60、不满意0、不了解 不计
问卷 服务对象问卷：服务对象，有效 至少1题
  总体满意：非常满意100、满意80、基本满意60、不满意0、不了解 不计
"""
MEANS = """
派生
  内部均分 = 问卷平均分(内部问卷.职责清晰)，分母为零 报错
  外部均分 = 问卷平均分(外部问卷.协同高效)，分母为零 报错
  服务对象均分 = 问卷平均分(服务对象问卷.总体满意)，分母为零 报错
  收回 = 收回率(内部问卷)
勾稽
  收回 ≤ 100%，错误：收回多于发放
"""
WEIGHED = "  评分：公式\n  计分：内部均分 × 30% + 外部均分 × 30% + 服务对象均分 × 40%\n"
SENT = "  内部发放数：整数，份，至少1\n"


def returns(question: str, **answers: int) -> tuple[dict[str, Any], ...]:
    """So many returns with each answer; ``空白`` leaves the question blank."""
    return table(*({question: Missing() if a == "空白" else a} for a, n in answers.items() for _ in range(n)))


#: Means of 88 over 60 answers, 91.25 over 80, 88.6 over 100.
INTERNAL = returns("职责清晰", 非常满意=36, 满意=12, 基本满意=12)
EXTERNAL = returns("协同高效", 非常满意=45, 满意=35, 不了解=3)
RECIPIENTS = returns("总体满意", 非常满意=43, 满意=57)


def weighed(internal: Any = INTERNAL) -> dict[str, Any]:
    return {"内部发放数": 120, "内部问卷": internal, "外部问卷": EXTERNAL, "服务对象问卷": RECIPIENTS}


def test_means_of_88_91_25_and_88_6_at_30_30_40_are_89_215() -> None:
    text = text_of(WEIGHED, SENT, "100", before=SURVEYS + MEANS)
    result = run(text, weighed())
    means = [result.values[f"derived.{n}"] for n in ("内部均分", "外部均分", "服务对象均分")]
    assert means == [88, F("91.25"), F("88.6")]
    assert result.indicators["A1.1"].score == F("89.215")


def test_blanks_and_answers_that_do_not_count_are_out_of_the_divisor_and_counted() -> None:
    text = text_of(WEIGHED, SENT, "100", before=SURVEYS + MEANS)
    mixed = INTERNAL + returns("职责清晰", 不了解=5, 空白=7)
    result = run(text, weighed(mixed))
    assert result.values["derived.内部均分"] == 88
    status = next(s for s in survey_statuses(result) if s.survey.name == "内部问卷")
    assert (status.sent, status.returned, status.valid) == (120, 72, 65)  # a return without an answer is not valid
    assert (status.questions[0].counted, status.questions[0].blank, status.questions[0].skipped) == (60, 0, 5)
    assert result.values["derived.收回"] == F(72, 120)


def test_too_few_returns_are_told_of() -> None:
    text = text_of(WEIGHED, SENT, "100", before=SURVEYS + MEANS)
    found = notices(run(text, weighed(returns("职责清晰", 满意=12))))
    (few,) = [d for d in found if d.code == "W873"]
    assert (few.facts["count"], few.facts["least"]) == ("12", "30")


THREE = "问卷 内部问卷：内部，有效 至少2题\n  甲、乙、丙：好100、中60、差0、不清楚 不计\n"


def three(*rows: str) -> tuple[dict[str, Any], ...]:
    return table(*({q: Missing() if a == "_" else {"好": "好", "中": "中", "差": "差", "不": "不清楚"}[a] for q, a in zip("甲乙丙", r, strict=True)} for r in rows))


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("问卷平均分(内部问卷.甲)", F(160, 3)),  # 好 中 差: the last return answers one question only
        ("问卷平均分(内部问卷)", F(100 + 60 + 100 + 60 + 60 + 0 + 0, 7)),
        ("满意率(内部问卷.甲，“中”) × 100分", F(200, 3)),
        ("有效份数(内部问卷) ÷ 1份", 3),
        ("个数(内部问卷) ÷ 1份", 4),
    ],
)
def test_what_can_be_asked_of_a_questionnaire(formula: str, wanted: Any) -> None:
    rows = three("好中好", "中中不", "差差_", "好__")
    guard = "  分母为零：报错\n" if "平均" in formula or "满意率" in formula else ""
    assert score(text_of(f"  评分：公式\n  计分：{formula}\n{guard}", "", "100", before=THREE), {"内部问卷": rows}) == wanted


def test_one_and_the_same_answer_throughout_is_told_of_and_still_counts() -> None:
    text = text_of("  评分：公式\n  计分：问卷平均分(内部问卷)\n  分母为零：报错\n", "", "100", before=THREE)
    result = run(text, {"内部问卷": three("好好好", "好好好", "好中好", "不不不", "好好_")})
    (straight,) = [d for d in notices(result) if d.code == "W874"]
    assert straight.facts["count"] == "3"


def test_no_valid_answer_is_a_zero_divisor_and_asks_for_its_clause() -> None:
    text = text_of("  评分：公式\n  计分：问卷平均分(内部问卷)\n", "", "100", before=THREE)
    assert codes(text) == ["E504"]


@pytest.mark.parametrize(
    ("survey", "formula", "wanted"),
    [
        ("问卷 内部问卷：内部\n  甲：好100、差0\n", "问卷平均分(内部问卷)", "E640"),
        ("问卷 内部问卷：内部，有效 至少3题\n  甲：好100、差0\n", "问卷平均分(内部问卷)", "E254"),
        ("问卷 内部问卷：内部，有效 至少1题\n  甲：好 不计、差 不计\n", "问卷平均分(内部问卷)", "E255"),
        ("问卷 内部问卷：内部，有效 至少1题\n  甲：好100、好0\n", "问卷平均分(内部问卷)", "E209"),
        ("问卷 内部问卷：内部，有效 至少1题\n  甲：好100、差0\n", "问卷平均分(甲数)", "E531"),
        ("问卷 内部问卷：内部，有效 至少1题\n  甲：好100、差0\n", "问卷平均分(内部问卷.丁)", "E214"),
        ("问卷 内部问卷：内部，有效 至少1题\n  甲：好100、差0\n", "满意率(内部问卷.甲，“中”) × 1分", "E508"),
        ("问卷 内部问卷：内部，有效 至少1题\n  甲：好100、差0\n", "收回率(内部问卷) × 1分", "E532"),
    ],
)
def test_a_questionnaire_is_checked(survey: str, formula: str, wanted: str) -> None:
    assert wanted in codes(text_of(f"  评分：公式\n  计分：{formula}\n  分母为零：报错\n", "", "100", before=survey))


# ---- matters ---------------------------------------------------------------------------------


FOUND = """\
  现场发现：记录表
    列 编号：文本，事项编号
  共享成果：记录表
    列 编号：文本，事项编号
    列 来源：选项 巡视巡察、党委督促检查、选人用人专项检查、经济责任审计、绩效考核
"""


def test_one_matter_from_an_audit_and_from_on_site_work_is_deducted_once() -> None:
    text = text_of("  评分：扣分\n    事项数(现场发现，共享成果)，每1：扣1分\n", FOUND, "5")
    on_site = table({"编号": "超配一名"}, {"编号": "超编两名"})
    audit = table({"编号": "超配一名", "来源": "经济责任审计"}, {"编号": "超配一名", "来源": "巡视巡察"})
    assert score(text, {"现场发现": on_site, "共享成果": ()}) == 3
    assert score(text, {"现场发现": on_site, "共享成果": audit}) == 3
    assert score(text, {"现场发现": (), "共享成果": audit}) == 4


def test_matters_can_be_told_apart_only_by_an_id() -> None:
    bare = "  现场发现：记录表\n    列 编号：文本\n"
    assert codes(text_of("  评分：扣分\n    事项数(现场发现)，每1：扣1分\n", bare, "5")) == ["E530"]


# ---- panels ----------------------------------------------------------------------------------


PANEL = "  评委打分：一组数，分，0至100，个数1至20，评定\n"
BY_COUNT = (
    "  评分：公式\n  计分：当 个数(评委打分) ≤ 3 取 平均(评委打分)，当 个数(评委打分) ≤ 5 取 去极值平均(评委打分，1，1)，"
    "否则 去极值平均(评委打分，2，2)\n"
)


@pytest.mark.parametrize(("given", "mean"), [((90, 86, 92, 85, 89), F(265, 3)), ((90, 86, 92), F(268, 3)), ((90, 90, 80, 70, 60, 60), 75)])
def test_how_many_ratings_are_dropped_goes_by_their_number(given: tuple[int, ...], mean: Any) -> None:
    assert score(text_of(BY_COUNT, PANEL, "100"), {"评委打分": given}) == mean


# ---- both languages --------------------------------------------------------------------------


@pytest.mark.parametrize("text", [text_of(SHARES, ROSTER, "4", before=BANDS + GROUPS), text_of(WEIGHED, SENT, "100", before=SURVEYS + MEANS)])
def test_instruments_read_the_same_in_both_languages(text: str) -> None:
    english = format_text(text, "en")
    assert format_text(english, "zh") == format_text(text)
    assert [d.code for d in check_codes(english)] == [d.code for d in check_codes(text)]


def check_codes(text: str) -> Any:
    from ruleeval.dsl.check import check_text

    return check_text(text).diagnostics


def test_every_text_of_this_file_checks() -> None:
    assert check(text_of(WEIGHED, SENT, "100", before=SURVEYS + MEANS)).surveys[0].least == 30


def test_a_call_is_shown_as_it_was_written() -> None:
    result = run(text_of(WEIGHED, SENT, "100", before=SURVEYS + MEANS), weighed())
    steps = {d.name: d.formula for d in explain(result).indicators[-1].derived}
    assert steps["内部均分"] == "问卷平均分(内部问卷.职责清晰)"


# ---- laws: what plain arithmetic says of random rosters and returns --------------------------------


AGES_OF = text_of(
    "  评分：公式\n  计分：青年人数 ÷ 1人 × 1分 + 中年人数 ÷ 1人 × 0.01分 + 年长人数 ÷ 1人 × 0.0001分\n", ROSTER, "999", before=BANDS
)
BIRTHDAYS = st.dates(date(1955, 1, 1), date(2000, 12, 31))


def age_on(day: date, born: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@settings(max_examples=60, deadline=None)
@given(births=st.lists(BIRTHDAYS, min_size=1, max_size=12))
def test_bands_and_outsiders_together_are_the_roster(births: list[date]) -> None:
    result = run(LAWFUL["ages"], {"实名制": people(*births)})
    ages = [age_on(date(2022, 12, 31), b) for b in births]
    counts = [sum(low <= a <= high for a in ages) for low, high in ((0, 35), (36, 50), (51, 60))]
    assert [result.values[d.key] for d in result.ruleset.derived] == counts
    told = next((d for d in notices(result) if d.code == "W871"), None)
    beyond = sum(a > 60 for a in ages)
    assert (told.facts["count"] if told else "0人") == f"{beyond}人"
    assert sum(counts) + beyond == len(births)


@settings(max_examples=40, deadline=None)
@given(births=st.lists(BIRTHDAYS, min_size=1, max_size=6), blank=st.integers(1, 2), filled=st.lists(BIRTHDAYS, min_size=2, max_size=2))
def test_bounds_hold_whatever_the_blanks_turn_out_to_be(births: list[date], blank: int, filled: list[date]) -> None:
    low, high, _ = bounds(LAWFUL["ages"], {"实名制": people(*births, *[None] * blank)})
    assert low <= score(LAWFUL["ages"], {"实名制": people(*births, *filled[:blank])}) <= high


ANSWERS = st.sampled_from(["好", "中", "差", "不清楚", None])


@settings(max_examples=60, deadline=None)
@given(returns_of=st.lists(st.tuples(ANSWERS, ANSWERS, ANSWERS), max_size=10))
def test_a_mean_is_that_of_the_answers_that_count_on_valid_returns(returns_of: list[tuple[str | None, ...]]) -> None:
    rows = table(*({q: Missing() if a is None else a for q, a in zip("甲乙丙", r, strict=True)} for r in returns_of))
    points = {"好": 100, "中": 60, "差": 0}
    valid = [r for r in returns_of if sum(a is not None for a in r) >= 2]
    counted = [points[a] for r in valid for a in r if a in points]
    record = run(LAWFUL["mean"], {"内部问卷": rows}).indicators["A1.1"]
    if not counted:
        assert record.state == "error"
    else:
        assert record.score == F(sum(counted), len(counted))


LAWFUL = {"ages": check(AGES_OF), "mean": check(text_of("  评分：公式\n  计分：问卷平均分(内部问卷)\n  分母为零：报错\n", "", "100", before=THREE))}
