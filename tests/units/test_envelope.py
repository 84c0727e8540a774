"""The outer keys of a unit file: in either language, each once, each of its type, fitting the ruleset."""

from __future__ import annotations

from datetime import date

import pytest
from unit_text import CHINESE, GOOD, lines_of, only, read, says, unit, words

from ruleeval.engine.unit import EvidenceItem

ENGLISH = {"unit": "某厅", "unit_type": "部门", "level": "省级", "period": "2022", "as_of": "2022-12-31"}


def test_the_keys_may_be_in_either_language() -> None:
    english = {
        **ENGLISH, "data": {"实有人数": 112}, "assessments": {"on-site": {"权责匹配": "匹配"}},
        "evidence": [{"kind": "编制批复", "title": "批复", "number": "1", "issued_by": "编办", "issued_on": "2022-01-01", "copies": 2, "file": "a.pdf"}],
        "not_applicable": [{"code": "A1.1", "reason": "无", "confirmed_by": ["on_site"]}], "note": "说明", "ruleset": "x.rules",
    }  # fmt: skip
    chinese = {
        "单位": "某厅", "单位类型": "部门", "层级": "省级", "评估期": "2022", "基准日": "2022年12月31日",
        "数据": {"实有人数": "112人"}, "评定": {"实地评估": {"权责匹配": "匹配"}},
        "佐证": [{"材料": "编制批复", "名称": "批复", "编号": "1", "出具单位": "编办", "出具日期": "2022.1.1", "份数": "2份", "文件": "a.pdf"}],
        "不适用": [{"指标": "A1.1", "理由": "无", "确认": "实地评估"}], "说明": "说明", "规则集": "x.rules",
    }  # fmt: skip
    one, found = read(lines_of(english))
    other, found_too = read(lines_of(chinese))
    assert found == found_too == ()
    assert one == other
    assert one is not None
    assert one.evidence == (EvidenceItem("编制批复", "批复", "1", "编办", date(2022, 1, 1), 2),)


def test_no_evidence_list_is_not_an_empty_one() -> None:
    for given, expected in ((..., None), (None, None), ([], ())):
        read_in, _ = read(unit(佐证=given))
        assert read_in is not None
        assert read_in.evidence == expected


@pytest.mark.parametrize("key, name", [("单位", "单位 / unit"), ("单位类型", "单位类型 / unit_type"), ("基准日", "基准日 / as_of")])
def test_a_key_that_must_be_there(key: str, name: str) -> None:
    says(only(unit(**{key: ...})), "E725", "", 0, f"缺少“{name}”", f'"{name}" is missing')


@pytest.mark.parametrize(
    "key, near", [("数劇", "数据"), ("assesments", "assessments"), ("评定结果", "评定"), ("evidences", "evidence"), ("作者", ""), ("单位类", "")]
)
def test_an_unknown_key_gets_the_nearest_that_is_not_there_yet(key: str, near: str) -> None:
    hint, hint_en = (f"，是否为“{near}”？", f'; did you mean "{near}"?') if near else ("", "")
    says(only(unit(**{key: {}})), "E726", key, 5, f"不认识“{key}”{hint}", f'"{key}" is not a known key{hint_en}')


@pytest.mark.parametrize(
    "changed, path, wanted, wanted_en, shown",
    [
        ({"单位": 3.5}, None, "", "", ""),
        ({"单位": True}, "单位", "文字", "text", "true"),
        ({"单位": ""}, "单位", "文字，不能为空", "some text", ""),
        ({"单位": "  "}, "单位", "文字，不能为空", "some text", "  "),
        ({"单位类型": ["部门"]}, "单位类型", "文字", "text", "[…]"),
        ({"基准日": None}, "基准日", "文字", "text", "null"),
        ({"数据": []}, "数据", "{…}", "{…}", "[…]"),
        ({"数据": None}, "数据", "{…}", "{…}", "null"),
        ({"评定": "无"}, "评定", "{…}", "{…}", "无"),
        ({"评定": {"自评": 3}}, "评定.自评", "{…}", "{…}", "3"),
        ({"佐证": {}}, "佐证", "[…]", "[…]", "{…}"),
        ({"佐证": ["编制批复"]}, "佐证[0]", "{…}", "{…}", "编制批复"),
        ({"佐证": [{"材料": False}]}, "佐证[0].材料", "文字", "text", "false"),
        ({"不适用": "A1.1"}, "不适用", "[…]", "[…]", "A1.1"),
    ],
)
def test_an_outer_value_of_the_wrong_type(changed: dict[str, object], path: str | None, wanted: str, wanted_en: str, shown: str) -> None:
    if path is None:
        read_in, found = read(unit(**changed))
        assert found == ()
        assert read_in is not None
        assert read_in.name == "3.5"
        return
    found_one = only(unit(**changed))
    says(found_one, "E702", path, found_one.line, f"“{path}”应填{wanted}，现为“{shown}”", f'"{path}" takes {wanted_en}, but is "{shown}"')
    assert found_one.line > 1


@pytest.mark.parametrize("text", ["[]", "3", '"某厅"', "null", "[{}]"])
def test_a_file_that_is_no_unit(text: str) -> None:
    found = only(text)
    zh, en = words(found)
    assert (found.code, found.line) == ("E702", 1)
    assert zh.summary.startswith("“unit.json”应填{…}，现为“")
    assert en.summary.startswith('"unit.json" takes {…}, but is "')


# ---- two values for one thing ----


@pytest.mark.parametrize(
    "changed, key, path, line",
    [
        ({"unit": "另一厅"}, "unit", "unit", 5),
        ({"数据": {}, "data": {}}, "data", "data", 6),
        ({"评定": {"自评": {}, "self": {}}}, "self", "评定.self", 7),
        ({"佐证": [{"材料": "编制批复", "kind": "编制批复"}]}, "kind", "佐证[0].kind", 8),
        ({"not_applicable": [{"指标": "A1.1", "理由": "无", "reason": "有"}]}, "reason", "not_applicable[0].reason", 9),
    ],
)
def test_two_values_for_one_thing(changed: dict[str, object], key: str, path: str, line: int) -> None:
    says(
        only(unit(**changed)), "E709", path, line, f"“{key}”与前面一项说的是同一件事，有了两个值",
        f'"{key}" and an entry before it say the same thing, so there are two values',
    )  # fmt: skip


# ---- tracks, and data in the wrong place ----


@pytest.mark.parametrize("track", ["实地", "onsite", "专家组"])
def test_an_unknown_track(track: str) -> None:
    found = only(unit(评定={track: {}}))
    says(found, "E737", f"评定.{track}", 6, f"没有轨道“{track}”", f'there is no track "{track}"')
    zh, en = words(found)
    assert "自评、实地评估、第三方" in zh.help
    assert "self, on_site, third_party" in en.help


def test_data_among_the_assessments() -> None:
    found = only(unit(评定={"实地评估": {"实有人数": 112}}))
    says(found, "E734", "评定.实地评估.实有人数", 7, "“实有人数”是单位数据，不由各轨道评定", '"实有人数" is data of the unit, not assessed by a track')


def test_an_assessment_among_the_data() -> None:
    found = only(unit({"权责匹配": "匹配"}))
    says(found, "E735", "数据.权责匹配", 6, "“权责匹配”须由评定方填写", '"权责匹配" is assessed by each track for itself')


# ---- whether the ruleset is meant for the unit ----


def test_a_unit_type_that_is_not_covered() -> None:
    found = only(unit(单位类型="事业单位（公益）"))
    says(
        found, "E712", "单位类型", 3, "规则集不适用于“事业单位（公益）”，是否为“事业单位”？",
        'the ruleset does not apply to "事业单位（公益）"; did you mean "事业单位"?',
    )  # fmt: skip


def test_a_level_that_is_not_covered() -> None:
    found = only(unit(层级="乡级"))
    says(
        found, "E728", "层级", 5, "规则集不适用于层级“乡级”，是否为“市级”？",
        'the ruleset does not apply to level "乡级"; did you mean "市级"?',
    )  # fmt: skip


@pytest.mark.parametrize("day", ["2021-12-31", "2024-01-01"])
def test_a_day_outside_the_period(day: str) -> None:
    found = only(unit(基准日=day))
    says(
        found, "E740", "基准日", 4, f"基准日{day}不在规则集生效期（2022-01-01 – 2023-12-31）内",
        f"the date {day} is outside the period of the ruleset (2022-01-01 – 2023-12-31)",
    )  # fmt: skip


def test_the_first_and_the_last_day_are_inside() -> None:
    assert read(unit(基准日="2022-01-01"))[1] == read(unit(基准日="2023-12-31"))[1] == ()


@pytest.mark.parametrize("day", ["今年年底", "2022-13-01", "2022", "now"])
def test_a_day_that_is_none(day: str) -> None:
    found = only(unit(基准日=day))
    says(found, "E708", "基准日", 4, f"“基准日”的日期“{day}”不是有效日期", f'the date "{day}" of "基准日" is not a date')


# ---- evidence ----


def test_evidence_that_nothing_asks_for_is_a_reminder() -> None:
    read_in, found = read(unit(佐证=[{"材料": "编制批覆"}, {"材料": "照片"}]))
    assert read_in is not None
    says(found[0], "W741", "佐证[0].材料", 7, "没有指标要求佐证材料“编制批覆”，是否为“编制批复”？", 'no indicator asks for evidence "编制批覆"; did you mean "编制批复"?')
    says(found[1], "W741", "佐证[1].材料", 10, "没有指标要求佐证材料“照片”", 'no indicator asks for evidence "照片"')


@pytest.mark.parametrize("copies, shown", [("²", "²"), (2.5, "2.5"), ("两份", "两份"), (-1, "-1"), (True, "true"), ([2], "[…]"), ("9" * 5000, "9" * 199 + "…"), (None, "null")])
def test_copies_are_a_whole_number(copies: object, shown: str) -> None:
    found = only(unit(佐证=[{"材料": "编制批复", "份数": copies}]))
    says(found, "E715", "佐证[0].份数", 8, f"“编制批复”应为整数，现为{shown}", f'"编制批复" takes a whole number, but is {shown}')


@pytest.mark.parametrize("day", ["上月", "2022-02-30", ""])
def test_evidence_of_a_day_that_is_none(day: str) -> None:
    found = only(unit(佐证=[{"材料": "编制批复", "issued_on": day}]))
    says(found, "E708", "佐证[0].issued_on", 8, f"“编制批复”的日期“{day}”不是有效日期", f'the date "{day}" of "编制批复" is not a date')


@pytest.mark.parametrize(
    "entry, code, path, chinese",
    [({"名称": "批复"}, "E725", "佐证[0]", "缺少“材料 / kind”"), ({"材料": "编制批复", "编码": "1"}, "E726", "佐证[0].编码", "不认识“编码”，是否为“编号”？")],
)
def test_evidence_that_is_not_well_written(entry: dict[str, object], code: str, path: str, chinese: str) -> None:
    found = only(unit(佐证=[entry]))
    zh, _ = words(found)
    assert (found.code, found.path, zh.summary) == (code, path, chinese)
    assert found.line in (6, 7, 8)


def test_the_good_unit_is_good() -> None:
    read_in, found = read(lines_of(GOOD), rules=CHINESE)
    assert found == ()
    assert read_in is not None
