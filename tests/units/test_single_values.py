"""One value of each type: what is read exactly, and what is said about one that is wrong."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from unit_text import only, raw, read, says, unit, value_of, words

from ruleeval.dsl.wording import render

# ---- numbers are what the text says ----


@pytest.mark.parametrize(
    "name, written, expected",
    [
        ("比值", "0.1", Fraction(1, 10)),
        ("比值", "68212208.123456789", Fraction(68212208123456789, 10**9)),
        ("比值", "0.30000000000000004", Fraction(30000000000000004, 10**17)),
        ("比值", "9007199254740993", 9007199254740993),
        ("比值", "1234567890123456789012345678901234567890", 1234567890123456789012345678901234567890),
        ("比值", "1.5e3", 1500),
        ("比值", "25E-2", Fraction(1, 4)),
        ("比值", "1e-40", Fraction(1, 10**40)),
        ("比值", "-2.50", Fraction(-5, 2)),
        ("比值", "-0", 0),
        ("实有人数", "0", 0),
        ("实有人数", "112", 112),
        ("实有人数", "112.0", 112),
        ("实有人数", '"112人"', 112),
        ("实有人数", '"112名"', 112),
        ("实有人数", '" 112 人 "', 112),
        ("实有人数", '"１１２人"', 112),
        ("实有人数", '"+112人"', 112),
        ("经费", '"120万元"', 1_200_000),
        ("经费", '"0.00015亿元"', 15_000),
        ("经费", '"120.5 万元"', 1_205_000),
        ("满意度", '"88.6%"', Fraction(443, 500)),
        ("满意度", '"８８．６％"', Fraction(443, 500)),
        ("满意度", '"0%"', 0),
        ("满意度", '"33.333333333333333333%"', Fraction(33333333333333333333, 10**20)),
    ],
)
def test_a_number_is_exactly_what_is_written(name: str, written: str, expected: Fraction | int) -> None:
    found = value_of(written, name)
    assert found == expected
    assert isinstance(found, (int, Fraction))
    assert not isinstance(found, (bool, float))


@pytest.mark.parametrize(
    "name, written, expected",
    [
        ("挂牌", "true", True),
        ("挂牌", "false", False),
        ("挂牌", '"是"', True),
        ("挂牌", '"否"', False),
        ("挂牌", '"Yes"', True),
        ("成效", '"有成效"', "有成效"),
        ("备注", '"  两个空格，“引号”与１２３  "', "  两个空格，“引号”与１２３  "),
        ("备注", '""', ""),
        ("批复日", '"2022-05-31"', date(2022, 5, 31)),
        ("批复日", '"2022年5月31日"', date(2022, 5, 31)),
        ("批复日", '"2022.5.31"', date(2022, 5, 31)),
        ("批复日", '"2022/5/31"', date(2022, 5, 31)),
        ("批复日", '"２０２２年５月３１日"', date(2022, 5, 31)),
        ("批复日", '"2024-02-29"', date(2024, 2, 29)),
    ],
)
def test_other_types_are_read_as_people_write_them(name: str, written: str, expected: object) -> None:
    assert value_of(written, name) == expected


# ---- numbers that are wrong ----


@pytest.mark.parametrize(
    "name, written, shown, wanted, wanted_en",
    [
        ("实有人数", "true", "true", "以“人”计的数", 'a number of "人"'),
        ("实有人数", "[1]", "[…]", "以“人”计的数", 'a number of "人"'),
        ("实有人数", '{"数": 1}', "{…}", "以“人”计的数", 'a number of "人"'),
        ("实有人数", '"一百一十二"', "一百一十二", "以“人”计的数", 'a number of "人"'),
        ("实有人数", '"约112人"', "约112人", "以“人”计的数", 'a number of "人"'),
        ("实有人数", '""', "", "以“人”计的数", 'a number of "人"'),
        ("比值", '"无"', "无", "不带单位的数", "a plain number"),
        ("满意度", '"八成"', "八成", "百分数", "a percentage"),
        ("挂牌", '"对"', "对", "是或否", "yes or no"),
        ("挂牌", "1", "1", "是或否", "yes or no"),
        ("批复日", "20220531", "20220531", "日期", "a date"),
        ("批复日", "false", "false", "日期", "a date"),
        ("备注", "12", "12", "文本", "text"),
        ("备注", "[]", "[…]", "文本", "text"),
        ("评委打分", "90", "90", "一组数", "a list of numbers"),
        ("评委打分", '"90、80"', "90、80", "一组数", "a list of numbers"),
        ("案件", "{}", "{…}", "记录表", "a table of records"),
        ("案件", '"见附件"', "见附件", "记录表", "a table of records"),
    ],
)
def test_a_wrong_type_is_told_with_the_type_in_each_language(name: str, written: str, shown: str, wanted: str, wanted_en: str) -> None:
    found = only(raw(written, name))
    says(found, "E702", f"数据.{name}", 5, f"“{name}”应填{wanted}，现为“{shown}”", f'"{name}" takes {wanted_en}, but is "{shown}"')
    assert "null" in render(found, "zh").help


@pytest.mark.parametrize(
    "name, written, given, wanted",
    [
        ("实有人数", '"12人次"', "人次", "人"),
        ("实有人数", '"12%"', "%", "人"),
        ("实有人数", '"12万元"', "万元", "人"),
        ("实有人数", '"12人左右"', "人左右", "人"),
        ("经费", '"12万"', "万", "元"),
        ("满意度", '"88.6分"', "分", "%"),
        ("满意度", '"88.6个百分点"', "个百分点", "%"),
    ],
)
def test_a_wrong_unit_is_named_beside_the_right_one(name: str, written: str, given: str, wanted: str) -> None:
    found = only(raw(written, name))
    says(
        found, "E703", f"数据.{name}", 5, f"“{name}”的单位写成了“{given}”，规定为“{wanted}”",
        f'"{name}" is given in "{given}", but is counted in "{wanted}"',
    )  # fmt: skip


def test_a_unit_where_none_belongs() -> None:
    says(only(raw('"3人"', "比值")), "E703", "数据.比值", 5, "“比值”的单位写成了“人”", '"比值" is given in "人"')


@pytest.mark.parametrize(
    "written, text, as_percent, as_share",
    [("88.6", "88.6", "88.6%", "8860%"), ("0.886", "0.886", "0.886%", "88.6%"), ('"0.886"', "0.886", "0.886%", "88.6%"), ("1", "1", "1%", "100%")],
)
def test_a_percentage_without_its_sign_shows_both_readings(written: str, text: str, as_percent: str, as_share: str) -> None:
    found = only(raw(written, "满意度"))
    says(
        found, "E704", "数据.满意度", 5, f"“满意度”按百分数填写，{text}没有百分号：是{as_percent}，还是{as_share}？",
        f'"满意度" is a percentage, but {text} has no percent sign: is it {as_percent} or {as_share}?',
    )  # fmt: skip
    zh, en = words(found)
    assert f'"{as_share}"' in zh.help
    assert f'"{as_share}"' in en.help


@pytest.mark.parametrize(
    "name, written, value, low, high",
    [
        ("实有人数", "501", "501人", "0人", "500人"),
        ("实有人数", "-1", "-1人", "0人", "500人"),
        ("实有人数", '"－1人"', "-1人", "0人", "500人"),
        ("实有人数", '"-\u30001人"', "-1人", "0人", "500人"),
        ("满意度", '"100.01%"', "100.01%", "0%", "100%"),
        ("满意度", '"-0.5%"', "-0.5%", "0%", "100%"),
        ("经费", "-1", "-1元", "0元", "…"),
    ],
)
def test_out_of_range_names_the_range(name: str, written: str, value: str, low: str, high: str) -> None:
    found = only(raw(written, name))
    says(
        found, "E705", f"数据.{name}", 5, f"“{name}”为{value}，超出规定范围（{low}至{high}）",
        f'"{name}" is {value}, outside its range ({low} to {high})',
    )  # fmt: skip


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", '"NaN"', '"inf"'])
def test_what_is_not_a_number_has_no_reading(written: str) -> None:
    text = written.strip('"')
    found = only(raw(written, "比值"))
    says(found, "E707", "数据.比值", 5, f"“比值”为{text}，不是数", f'"比值" is {text}, which is not a number')


@pytest.mark.parametrize("written, text", [("112.5", "112.5"), ('"112.5人"', "112.5人"), ("1e-1", "1e-1")])
def test_a_whole_number_is_needed(written: str, text: str) -> None:
    found = only(raw(written))
    says(found, "E715", "数据.实有人数", 5, f"“实有人数”应为整数，现为{text}", f'"实有人数" takes a whole number, but is {text}')


@pytest.mark.parametrize("written, text", [('"112"', "112"), ('"１１２"', "１１２"), ('"1.5"', "1.5")])
def test_a_number_in_quotes_without_a_unit(written: str, text: str) -> None:
    found = only(raw(written))
    says(found, "E739", "数据.实有人数", 5, f"“实有人数”的数“{text}”加了引号", f'the number "{text}" of "实有人数" stands in quotes')


@pytest.mark.parametrize(
    "written, count",
    [("1" * 41, "41"), ('"' + "9" * 5000 + '人"', "5000"), ("1e999999", ">40"), ("1e-41", ">40"), ("1e0000000000000099", ">40")],
)
def test_more_digits_than_anything_has(written: str, count: str) -> None:
    found = only(raw(written, "比值" if "人" not in written else "实有人数"))
    name = found.facts["what"]
    says(
        found, "E714", f"数据.{name}", 5, f"“{name}”超出上限（{count}位，最多40位）",
        f'"{name}" is over the limit ({count} digits; at most 40 digits)',
    )  # fmt: skip


# ---- dates and choices that are wrong ----


@pytest.mark.parametrize(
    "text",
    ["1985.13.2", "2022-02-29", "2022-04-31", "2022-5", "今年5月", "昨天", "2022年5月", "20220531", "5/31/2022", "0000-01-01", "9" * 25 + "-1-1", "二〇二二年五月一日", ""],
)  # fmt: skip
def test_a_date_that_is_none(text: str) -> None:
    found = only(raw(f'"{text}"', "批复日"))
    says(found, "E708", "数据.批复日", 5, f"“批复日”的日期“{text}”不是有效日期", f'the date "{text}" of "批复日" is not a date')
    zh, en = words(found)
    assert "2022-12-31" in zh.help
    assert "今年5月" in zh.help
    assert "2022-12-31" in en.help


@pytest.mark.parametrize("written, shown, near", [('"成效明显 "', "成效明显 ", "成效明显"), ('"有成果"', "有成果", "有成效"), ('"很好"', "很好", ""), ("3", "3", ""), ("true", "true", "")])
def test_a_choice_that_does_not_exist(written: str, shown: str, near: str) -> None:
    found = only(raw(written, "成效"))
    hint, hint_en = (f"，是否为“{near}”？", f'; did you mean "{near}"?') if near else ("", "")
    options = "成效明显、有成效、无成效"
    says(found, "E727", "数据.成效", 5, f"“成效”的选项“{shown}”不存在{hint}", f'"成效" has no option "{shown}"{hint_en}')
    zh, en = words(found)
    assert options in zh.help
    assert options.replace("、", ", ") in en.help


# ---- names ----


@pytest.mark.parametrize("name, near", [("实有人", "实有人数"), ("实有入数", "实有人数"), ("满意度 ", "满意度"), ("完全不同的名字", "")])
def test_an_unknown_name_gets_the_nearest(name: str, near: str) -> None:
    found = only(raw("1", name))
    hint, hint_en = (f"，是否为“{near}”？", f'; did you mean "{near}"?') if near else ("", "")
    says(found, "E701", f"数据.{name}", 5, f"规则集里没有数据项“{name}”{hint}", f'the ruleset has no data item "{name}"{hint_en}')


def test_all_mistakes_come_at_once() -> None:
    _, found = read(unit({"实有人数": "12人次", "满意度": 0.886, "无此项": 1, "挂牌": "对", "备注": "好"}))
    assert [(d.code, d.path) for d in found] == [
        ("E703", "数据.实有人数"), ("E704", "数据.满意度"), ("E701", "数据.无此项"), ("E702", "数据.挂牌"),
    ]  # fmt: skip
    assert [d.line for d in found] == [6, 7, 8, 9]
