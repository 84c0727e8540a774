"""Bytes to values: encodings, JSON and YAML that are malformed, keys given twice, the same unit in both formats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from unit_text import only, read, ruleset, says, unit, words

from ruleeval.dsl.diagnostics import Diagnostic
from ruleeval.engine.unit import UnitData
from ruleeval.files.text import Unreadable
from ruleeval.files.unit_file import read_unit, unit_data

TEXT = unit({"实有人数": 112, "备注": "编办〔2022〕3号"})
YAML = """\
# 一个单位
单位: 某厅
单位类型: 部门
基准日: 2022-12-31
数据:
  实有人数: 112
  满意度: 88.6%
  比值: 68212208.123456789
  挂牌: true
  经费: 120万元
  备注: "12"
  批复日: 2022-05-31
  成效: ~
  评委打分: [90, 86, 92]
  案件:
    - {名称: 甲案, 办结日: 2022-06-01, 件数: 2}
"""


def from_bytes(folder: Path, content: bytes, name: str = "unit.json") -> tuple[UnitData | None, tuple[Diagnostic, ...]]:
    path = folder / name
    path.write_bytes(content)
    try:
        return unit_data(read_unit(path), ruleset())
    except Unreadable as error:
        return None, (error.diagnostic,)


# ---- encodings ----


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_without_a_word(tmp_path: Path, encoding: str) -> None:
    content = TEXT.encode(encoding)
    if encoding.endswith("-le"):
        content = b"\xff\xfe" + content
    elif encoding.endswith("-be"):
        content = b"\xfe\xff" + content
    read_in, found = from_bytes(tmp_path, content)
    assert found == ()
    assert read_in == read(TEXT)[0]


@pytest.mark.parametrize("encoding", ["gb18030", "gbk"])
def test_gb18030_is_read_with_a_reminder(tmp_path: Path, encoding: str) -> None:
    read_in, found = from_bytes(tmp_path, TEXT.encode(encoding))
    assert read_in == read(TEXT)[0]
    says(found[0], "W739", None, 0, "“unit.json”不是UTF-8，已按GB18030读取", '"unit.json" is not UTF-8 and was read as GB18030')
    assert len(found) == 1


@pytest.mark.parametrize("content", [b"\x81\xff\x00\x80", b"\xff\xfe\x00\xd8\x00", b"\xef\xbb\xbf\xff", "单位".encode()[:-1] + b"\xff\xff"])
def test_bytes_that_are_no_text(tmp_path: Path, content: bytes) -> None:
    _, found = from_bytes(tmp_path, content)
    says(
        found[0], "E733", None, 0, "“unit.json”的文字编码无法识别（不是UTF-8，也不是GB18030）",
        'the encoding of "unit.json" cannot be told (neither UTF-8 nor GB18030)',
    )  # fmt: skip


def test_line_ends_of_every_kind(tmp_path: Path) -> None:
    for end in ("\n", "\r\n"):
        read_in, found = from_bytes(tmp_path, TEXT.replace("\n", end).encode())
        assert (read_in, found) == read(TEXT)


# ---- malformed ----


@pytest.mark.parametrize(
    "text, line, column, near",
    [
        ("", 1, 1, ""),
        ("{", 1, 2, ""),
        ('{"单位": "某厅"\n"单位类型": "部门"}', 2, 1, '"单位类型": "部门"'),
        ('{"单位": "某厅",}', 1, 13, "}"),
        ("{'单位': 1}", 1, 2, "'单位': 1}"),
        ('{"单位": 某厅}', 1, 8, "某厅}"),
        ('{"单位": "某\n厅"}', 1, 10, ""),
        ('{"单位": 012}', 1, 9, "12}"),
        ('{"单位": .5}', 1, 8, ".5}"),
        ('{"单位": "某厅"} x', 1, 14, "x"),
        ('{"单位"："某厅"}', 1, 6, '："某厅"}'),
        ('{"单位": "\\x"}', 1, 9, '\\x"}'),
        ('{"单位": "某\\ud800厅"}', 1, 10, "\\ud800"),
        ('{"单位": "\\udc00\\ud800"}', 1, 9, "\\udc00"),
        ('{"单位": "某\x00厅"}', 1, 10, "\x00厅\"}"),
    ],
)
def test_json_that_is_malformed(text: str, line: int, column: int, near: str) -> None:
    found = only(text)
    zh, en = words(found)
    assert (found.code, found.line, found.labels[0].place.start + 1) == ("E713", line, column)
    assert found.facts["text"] == near
    assert zh.summary.startswith(f"文件格式有误：第{line}行第{column}列")
    assert en.summary.startswith(f"the file is not well formed at line {line}, column {column}")


def test_a_character_of_two_halves_is_a_character() -> None:
    read_in, found = read('{"单位": "\\ud840\\udc00\\\\ud800", "单位类型": "部门", "基准日": "2022-12-31"}')
    assert found == ()
    assert read_in is not None
    assert read_in.name == "\U00020000\\ud800"


@pytest.mark.parametrize(
    "text, line",
    [
        ("单位: [某厅", 2),
        ("单位: 某厅\n\t类型: 部门", 2),
        ("单位: 某厅\n 类型: 部门", 2),
        ("单位: 某厅\n---\n单位: 别厅", 2),
        ('单位: "某厅', 1),
        ("单位: *某厅", 1),
        ("单位: !!python/object/apply:os.system [ls]", 1),
        ("单位: !!python/name:os.system", 1),
        ("单位: !密 某厅", 1),
        ("? [单位, 名称]\n: 某厅", 1),
        ("单位: &甲 [*甲]", 1),
        ("单位: 某\x00厅", 1),
        ("单位: 某厅\n类型: 某\x1b[31m厅", 2),
        ('单位: "\\ud800"', 1),
        ("%YAML 9.9.9\n---\n单位: 某", 1),
    ],
)
def test_yaml_that_is_malformed_or_more_than_values(text: str, line: int) -> None:
    found = only(text, "unit.yaml")
    words(found)
    assert (found.code, found.line) == ("E713", line)


# ---- a key twice ----


def test_a_key_given_twice_shows_both_places() -> None:
    found = only('{"单位": "某厅", "单位类型": "部门",\n"基准日": "2022-12-31",\n"数据": {"实有人数": 112,\n"实有人数": 113}}')
    says(found, "E706", None, 4, "“实有人数”写了两次", '"实有人数" is given twice')
    assert [label.place.line for label in found.labels] == [4, 3]


def test_the_place_of_a_double_key_is_its_own() -> None:
    text = '{"甲": {"乙": 1},\n"丙": {"乙": 1,\n"乙": 2},\n"甲": 3}'
    found = only(text)
    assert (found.facts["name"], [label.place.line for label in found.labels]) == ("乙", [3, 2])


def test_a_key_given_twice_in_yaml() -> None:
    found = only("单位: 某厅\n数据:\n  实有人数: 112\n  实有人数: 113\n", "unit.yml")
    says(found, "E706", None, 4, "“实有人数”写了两次", '"实有人数" is given twice')
    assert [label.place.line for label in found.labels] == [4, 3]


# ---- the same unit in YAML ----


def test_yaml_says_the_same_as_json() -> None:
    same = unit(
        {
            "实有人数": 112, "满意度": "88.6%", "比值": 0, "挂牌": True, "经费": "120万元", "备注": "12", "批复日": "2022-05-31",
            "成效": None, "评委打分": [90, 86, 92], "案件": [{"名称": "甲案", "办结日": "2022-06-01", "件数": 2}],
        }
    ).replace('"比值": 0', '"比值": 68212208.123456789')  # fmt: skip
    one, found = read(YAML, "unit.yaml")
    other, found_too = read(same)
    assert found == found_too == ()
    assert one is not None
    assert other is not None
    assert one == other


@pytest.mark.parametrize(
    "line, wrong, code, path, row",
    [
        ("  实有人数: 112", "  实有人: 112", "E701", "数据.实有人", 6),
        ("  实有人数: 112", '  实有人数: "112"', "E739", "数据.实有人数", 6),
        ("  满意度: 88.6%", "  满意度: 0.886", "E704", "数据.满意度", 7),
        ("  比值: 68212208.123456789", "  比值: .nan", "E707", "数据.比值", 8),
        ("  比值: 68212208.123456789", "  比值: -.inf", "E707", "数据.比值", 8),
        ("  挂牌: true", "  挂牌: 对", "E702", "数据.挂牌", 9),
        ("  经费: 120万元", "  经费: 120人", "E703", "数据.经费", 10),
        ('  备注: "12"', "  备注: 12", "E702", "数据.备注", 11),
        ("  批复日: 2022-05-31", "  批复日: 2022-13-31", "E708", "数据.批复日", 12),
        ("件数: 2}", "件数: 2.5}", "E715", "数据.案件[0].件数", 16),
        ("  成效: ~", "  成效: 好", "E727", "数据.成效", 13),
        ("单位类型: 部门", "单位类别: 部门", "E725", "", 0),
    ],
)
def test_yaml_is_held_to_the_same_rules(line: str, wrong: str, code: str, path: str, row: int) -> None:
    assert line in YAML
    _, found = read(YAML.replace(line, wrong, 1), "unit.yaml")
    assert (code, path, row) in [(d.code, d.path, d.line) for d in found]


def test_words_that_other_yaml_readers_turn_into_something_else() -> None:
    for word in ("NO", "on", "0x1F", "1_000", "12:30:45", "2022-05-31"):
        read_in, found = read(YAML.replace('备注: "12"', f"备注: {word}"), "unit.yaml")
        assert found == ()
        assert read_in is not None
        assert read_in.values["备注"] == word


def test_one_alias_is_what_it_stands_for() -> None:
    read_in, found = read(YAML.replace("[90, 86, 92]", "[&a 90, *a, *a]"), "unit.yaml")
    assert found == ()
    assert read_in is not None
    assert read_in.values["评委打分"] == (90, 90, 90)


def test_numbers_survive_the_way_through_json() -> None:
    text = json.dumps({"单位": "某厅", "单位类型": "部门", "基准日": "2022-12-31", "数据": {"比值": 0}}).replace(": 0}", ": 0.1000000000000000055511151231257827}")
    read_in, _ = read(text)
    assert read_in is not None
    assert str(read_in.values["比值"]) == "1000000000000000055511151231257827/10000000000000000000000000000000000"
