"""Missing, not applicable, not yet due, in dispute, and zero: how a file says them, and says them wrongly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from unit_text import only, read, ruleset, says, unit, value_of, words

from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.notices import notices
from ruleeval.engine.unit import Disputed, Missing, NotApplicable, NotYetDue

FULL = {"实有人数": 112, "经费": 0, "满意度": "88.6%", "比值": 0, "评委打分": [1, 1, 1]}


def state_of(entry: object, on: str = "2022-12-31") -> tuple[str, str]:
    """How A1.1 stands, and how the value of 实有人数 does, with this entry for it."""
    read_in, found = read(unit({**FULL, "实有人数": entry}, 基准日=on, 评定={"实地评估": {"权责匹配": "匹配"}}))
    assert [d.code for d in found if d.is_error] == []
    assert read_in is not None
    result = evaluate(ruleset(), read_in)
    value = result.values["data.实有人数"]
    return result.indicators["A1.1"].state, getattr(value, "state", "known")


# ---- the five states ----


@pytest.mark.parametrize(
    "written, entry",
    [
        ("0", 0),
        ("null", Missing()),
        ('{"state": "missing"}', Missing()),
        ('{"状态": "未填报"}', Missing()),
        ('{"state": "not_due", "due": "2023-03-31"}', NotYetDue(date(2023, 3, 31))),
        ('{"状态": "未到期", "到期日": "2023年3月31日"}', NotYetDue(date(2023, 3, 31))),
        ('{"state": "disputed", "claims": [112, "113人"], "reason": "roster"}', Disputed((112, 113), "roster")),
        ('{"状态": "存疑", "各方数值": [112, 113, 120], "理由": "名册不一"}', Disputed((112, 113, 120), "名册不一")),
    ],
)
def test_a_state_in_either_language(written: str, entry: object) -> None:
    assert value_of(written) == entry


@pytest.mark.parametrize(
    "claim",
    [
        {"state": "not_applicable", "reason": "无此项", "confirmed_by": "on_site"},
        {"状态": "不适用", "理由": "无此项", "确认": "实地评估"},
        {"状态": "不适用", "理由": " 无此项 ", "确认": ["on-site"]},
    ],
)
def test_not_applicable_in_either_language(claim: dict[str, object]) -> None:
    read_in, found = read(unit({"实有人数": claim}))
    assert found == ()
    assert read_in is not None
    assert read_in.values["实有人数"] == NotApplicable("无此项", frozenset({"on_site"}))


def test_zero_is_a_value_and_missing_is_not_zero() -> None:
    assert state_of(0)[0] == "scored"
    assert state_of(None)[0] == "undecided"


def test_not_yet_due_is_missing_from_its_date_on() -> None:
    entry = {"状态": "未到期", "到期日": "2022-06-30"}
    before, after = state_of(entry, "2022-06-29"), state_of(entry, "2022-06-30")
    assert before[0] == after[0] == "undecided"
    assert (before[1], after[1]) == ("not_due", "missing")


def test_disputed_values_bound_the_score() -> None:
    read_in, _ = read(unit({**FULL, "实有人数": {"状态": "存疑", "各方数值": [100, 120]}}, 评定={"实地评估": {"权责匹配": "匹配"}}))
    assert read_in is not None
    record = evaluate(ruleset(), read_in).indicators["A1.1"]
    assert record.bounds is not None
    assert (record.bounds.low, record.bounds.high) == (Fraction("2.886"), Fraction("3.086"))


def test_only_the_deciding_track_makes_it_not_applicable() -> None:
    claim = {"状态": "不适用", "理由": "无此项"}
    read_in, found = read(unit({**FULL, "实有人数": {**claim, "确认": "自评"}}))
    assert [d.code for d in found] == ["W738"]
    says(
        found[0], "W738", "数据.实有人数", 6, "“实有人数”标为不适用，尚未得到取分轨道确认，暂不生效",
        '"实有人数" is marked not applicable, but the deciding track has not confirmed it: it has no effect yet',
    )  # fmt: skip
    assert read_in is not None
    assert evaluate(ruleset(), read_in).indicators["A1.1"].state == "undecided"
    assert state_of({**claim, "确认": "实地评估"})[0] in ("out", "excluded")


# ---- states that are not well written ----


@pytest.mark.parametrize(
    "entry, text",
    [
        ({"状态": "没有"}, "没有"),
        ({"state": None}, "null"),
        ({"state": ["missing"]}, "[…]"),
        ({"状态": "存疑"}, "存疑"),
        ({"状态": "存疑", "各方数值": [112]}, "存疑"),
        ({"状态": "存疑", "各方数值": "112或113"}, "存疑"),
    ],
)
def test_a_state_that_is_none(entry: dict[str, object], text: str) -> None:
    found = only(unit({"实有人数": entry}))
    says(found, "E736", found.path, found.line, f"“实有人数”的状态“{text}”写法有误", f'the state "{text}" of "实有人数" is not well written')
    assert (found.path or "").startswith("数据.实有人数.")
    zh, en = words(found)
    assert all(w in zh.help for w in ("未填报", "不适用", "未到期", "存疑"))
    assert all(w in en.help for w in ("missing", "not_applicable", "not_due", "disputed"))


def test_a_table_cannot_be_in_dispute() -> None:
    assert only(unit({"案件": {"状态": "存疑", "各方数值": [1, 2]}})).code == "E736"


@pytest.mark.parametrize("due, text", [(None, "null"), ("明年", "明年"), ("2023-02-30", "2023-02-30"), (3, "3"), ([], "[…]")])
def test_not_due_needs_a_date(due: object, text: str) -> None:
    found = only(unit({"实有人数": {"状态": "未到期", "到期日": due}}))
    says(
        found, "E708", "数据.实有人数.到期日", 8, f"“实有人数”的日期“{text}”不是有效日期", f'the date "{text}" of "实有人数" is not a date'
    )


def test_a_claim_that_is_wrong_is_named() -> None:
    found = only(unit({"实有人数": {"state": "disputed", "claims": [112, "113人次"]}}))
    assert (found.code, found.path, found.line) == ("E703", "数据.实有人数.claims[1]", 10)


def test_a_misspelt_key_of_a_state() -> None:
    found = only(unit({"实有人数": {"状态": "不适用", "理曲": "无", "理由": "无", "确认": "实地评估"}}))
    says(found, "E726", "数据.实有人数.理曲", 8, "不认识“理曲”，是否为“理由”？", '"理曲" is not a known key; did you mean "理由"?')


@pytest.mark.parametrize("reason", [None, "", "   ", True, ["无"]])
def test_not_applicable_needs_a_reason(reason: object) -> None:
    found = only(unit({"实有人数": {"状态": "不适用", "理由": reason, "确认": "实地评估"}}))
    says(found, "E710", "数据.实有人数", 6, "“实有人数”标为不适用，未写理由", '"实有人数" is marked not applicable without a reason')


@pytest.mark.parametrize("track, text", [("评估组", "评估组"), (3, "3"), (True, "true"), (["实地评估", "别处"], "别处"), ({"a": 1}, "{…}"), ([["自评"]], "[…]")])
def test_confirmed_by_a_track_that_does_not_exist(track: object, text: str) -> None:
    found = only(unit({"实有人数": {"状态": "不适用", "理由": "无", "确认": track}}))
    says(found, "E737", "数据.实有人数", 6, f"没有轨道“{text}”", f'there is no track "{text}"')


# ---- a whole indicator ----


def test_an_indicator_that_does_not_apply() -> None:
    read_in, found = read(unit(不适用=[{"指标": "A1.1", "理由": "无此项", "确认": ["实地评估"]}]))
    assert found == ()
    assert read_in is not None
    assert evaluate(ruleset(), read_in).indicators["A1.1"].state == "out"


@pytest.mark.parametrize(
    "claims, code, path, chinese, english",
    [
        ([{"指标": "A1.1", "确认": "实地评估"}], "E710", "不适用[0]", "“A1.1”标为不适用，未写理由", '"A1.1" is marked not applicable without a reason'),
        (
            [{"指标": "A1.2", "理由": "无", "确认": "实地评估"}], "E711", "不适用[0]",
            "指标A1.2“匹配”不适用，但规则集没有写明它的分值如何处理",
            'indicator A1.2 "匹配" does not apply, but the ruleset does not say what becomes of its points',
        ),
        ([{"指标": "A1.3", "理由": "无"}], "E731", "不适用[0]", "没有三级指标“A1.3”，是否为“A1.1”？", 'there is no level-3 indicator "A1.3"; did you mean "A1.1"?'),
        ([{"指标": "A1", "理由": "无"}], "E731", "不适用[0]", "没有三级指标“A1”，是否为“A1.1”？", 'there is no level-3 indicator "A1"; did you mean "A1.1"?'),
        ([{"指标": "A1.1", "理由": "无", "确认": "专家"}], "E737", "不适用[0]", "没有轨道“专家”", 'there is no track "专家"'),
        (
            [{"指标": "A1.1", "理由": "无", "确认": "实地评估"}] * 2, "E709", "不适用[1]",
            "“A1.1”与前面一项说的是同一件事，有了两个值", '"A1.1" and an entry before it say the same thing, so there are two values',
        ),
        ([{"理由": "无"}], "E725", "不适用[0]", "缺少“指标 / code”", '"指标 / code" is missing'),
        ([{"指标": "A1.1", "原因": "无"}], "E726", "不适用[0].原因", "不认识“原因”", '"原因" is not a known key'),
        (["A1.1"], "E702", "不适用[0]", "“不适用[0]”应填{…}，现为“A1.1”", '"不适用[0]" takes {…}, but is "A1.1"'),
    ],
)  # fmt: skip
def test_an_indicator_marked_wrongly(claims: list[object], code: str, path: str, chinese: str, english: str) -> None:
    found = only(unit(不适用=claims))
    assert found.line >= 6
    says(found, code, path, found.line, chinese, english)


# ---- what a result says of them ----


@pytest.mark.parametrize(
    "entry, code, chinese, english",
    [
        (None, "W732", "缺少A1.1“人员”所需的“实有人数”，不按0分处理", '"实有人数" is missing for A1.1 "人员"; it is not taken as zero'),
        (
            {"状态": "未到期", "到期日": "2023-03-31"}, "W744", "A1.1“人员”所需的“实有人数”尚未到期（2023-03-31），不按0分处理",
            '"实有人数", which A1.1 "人员" needs, is not due before 2023-03-31; it is not taken as zero',
        ),
        (
            {"状态": "存疑", "各方数值": [112, 113]}, "W743", "A1.1“人员”所需的“实有人数”存疑：112人、113人，尚未确定是哪一个",
            '"实有人数", which A1.1 "人员" needs, is in dispute: 112人, 113人',
        ),
    ],
)  # fmt: skip
def test_each_state_has_a_reminder_of_its_own(entry: object, code: str, chinese: str, english: str) -> None:
    read_in, _ = read(unit({**FULL, "实有人数": entry}, 评定={"实地评估": {"权责匹配": "匹配"}}))
    assert read_in is not None
    (found,) = (d for d in notices(evaluate(ruleset(), read_in)) if d.code in {"W732", "W743", "W744"})
    zh, en = words(found)
    assert (found.code, zh.summary, en.summary) == (code, chinese, english)
