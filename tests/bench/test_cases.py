"""``ruleeval test``: what passes, what fails and how it is told, what is taken over."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ruleeval.engine.cases import agrees, shown_as

from .small import UNIT, bench, run_test

GOOD = 'name: 足额\nunit: unit.json\nexpected: {score: "10", grade: 优秀, scores: {A1.1: "6"}}  # 95%\n'


def test_a_case_that_holds_passes(tmp_path: Path) -> None:
    done = run_test(bench(tmp_path, GOOD))
    assert (done.exit_code, done.output) == (0, "1个用例，全部相符\n")


def test_a_failing_case_shows_the_way_to_the_first_differing_step_with_its_values(tmp_path: Path) -> None:
    done = run_test(bench(tmp_path, GOOD.replace('"6"', '"5"').replace('"10"', '"9"')))
    assert done.exit_code == 1
    lines = [line.strip() for line in done.output.splitlines()]
    assert "总分：期望9，得到10" in " ".join(lines)
    assert "A1.1得分：期望5，得到6" in " ".join(lines)
    way = ["A 使用  10 / 10", "A1 使用  10 / 10", "A1.1 使用率  6 / 6", "人数 = 95人", "编制 = 100名", "取值 = 人数 ÷ 编制", "= 95 ÷ 100"]
    assert [line for line in lines if line in way] == way


def test_cases_in_a_list_lay_their_changes_over_the_unit_in_either_language(tmp_path: Path) -> None:
    text = """cases:
  - {name: 超员, unit: unit.json, changes: {data: {人数: 102}}, expected: {scores: {A1.1: "0", A1.2: "2"}, grade: 较差}}
  - {名称: 违规, 单位: unit.json, 更改: {数据: {违规: 是}}, 期望: {等次: 一般, 否决: [V1], 状态: 已定}}
  - {name: 未填, unit: unit.json, changes: {数据: {人数: null}}, expected: {state: undecided, states: {A1.1: undecided}, bounds: ["0", "10"]}}
  - {name: 写错, unit: unit.json, changes: {数据: {人数: "88%"}}, expected: {errors: [E703]}}
"""
    done = run_test(bench(tmp_path, text), "--json")
    told = json.loads(done.output)
    assert [c["differences"] for c in told["cases"]] == [[], [], [], []], done.output
    assert told["passed"] == 4


def test_the_unit_may_stand_whole_in_the_case(tmp_path: Path) -> None:
    done = run_test(bench(tmp_path, f'name: 全文\nrules: small.rules\nunit: {UNIT}\nexpected: {{score: "10"}}\n'))
    assert (done.exit_code, done.output) == (0, "1个用例，全部相符\n")


def test_a_table_is_a_case_a_row(tmp_path: Path) -> None:
    table = "name,unit,数据/人数,expected.score,expected.A1.2,expected.grade\n超员,unit.json,101,3,3,较差\n足额,unit.json,,10,,优秀\n"
    done = run_test(bench(tmp_path, table, name="table.csv"))
    assert (done.exit_code, done.output) == (0, "2个用例，全部相符\n")


def test_accepting_rewrites_the_expectation_alone_and_shows_the_difference(tmp_path: Path) -> None:
    folder = bench(tmp_path, GOOD.replace('"6"', '"5"'))
    done = run_test(folder, "--accept")
    assert done.exit_code == 0
    assert '-expected: {score: "10", grade: 优秀, scores: {A1.1: "5"}}  # 95%' in done.output
    assert (folder / "cases/one.yaml").read_text("utf-8") == GOOD
    assert run_test(folder).exit_code == 0


def test_junit_names_every_case_and_what_fails(tmp_path: Path) -> None:
    folder = bench(tmp_path, GOOD.replace("足额", "<甲> & “乙”").replace('"6"', '"5"'))
    assert run_test(folder, "--junit", tmp_path / "out.xml").exit_code == 1
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert suite.find("testcase[@name='<甲> & “乙”']") is not None
    assert failure.get("message") == "A1.1得分：期望5，得到6"


def test_no_case_at_all_is_a_failure(tmp_path: Path) -> None:
    done = run_test(tmp_path)
    assert done.exit_code == 1
    assert "没有找到用例" in done.output


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("unit: unit.json\nexpected: {socre: 1}\n", "E770"),
        ("unit: unit.json\nexpectd: {score: 1}\n", "E770"),
        ("unit: unit.json\n", "E771"),
        ("unit: unit.json\nexpected: {}\n", "E771"),
        ("unit: other.json\nexpected: {score: 1}\n", "E772"),
        ("unit: unit.json\nexpected: {scores: {A9: 1}}\n", "E731"),
        ("unit: unit.json\nchanges: {数据: {人头: 1}}\nexpected: {score: 1}\n", "E701"),
        ("- 1\n", "E771"),
        ("cases: [1, [2], {}]\n", "E771"),
        ("cases: 5\n", "E771"),
        ("unit: 7\nexpected: 7\n", "E771"),
        ("unit: unit.json\nchanges: 7\nexpected: {score: 1}\n", "E702"),
        ("unit: {", "E713"),
        ("unit: unit.json\nwithout_evidence: 5\nexpected: {scores: {A9: 1}}\n", "E731"),
    ],
)
def test_a_case_that_cannot_be_run_fails_with_a_code(tmp_path: Path, case: str, code: str) -> None:
    done = run_test(bench(tmp_path, case))
    assert done.exit_code == 1
    assert code in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_numbers_are_compared_at_the_places_written_and_fractions_exactly() -> None:
    from fractions import Fraction

    third = Fraction(10, 3)
    assert shown_as(third, "3.33") == "3.33"
    assert shown_as(third, "3") == "3"
    assert shown_as(third, "10/3") == "10/3"
    assert not agrees("3.34", shown_as(third, "3.34"))
    assert agrees(["A", "B"], ["B", "A"])
    assert not agrees(["1", "2"], ["2", "1"], ordered=True)


def test_places_that_cannot_be_written_or_read_are_wrong_usage(tmp_path: Path) -> None:
    folder = bench(tmp_path, GOOD)
    nowhere = tmp_path / "no" / "where.xml"
    assert run_test(folder, "--junit", nowhere).exit_code == 2
    assert run_test(folder, "--html", nowhere).exit_code == 2
    assert run_test(folder, "--generate", nowhere).exit_code == 2
    assert run_test(folder, "--generate", folder / "new.yaml", "--from", folder / "absent.json").exit_code == 2
    assert run_test(folder, "--generate", folder / "unit.json").exit_code == 2


@pytest.mark.parametrize("table", ["name,数据,数据/人数,expected.score\na,5,3,1\n", "a,b\n1,2,3\n", "\0,b\n\0,1\n", '"', "x" * 200_000, ""])
def test_a_damaged_table_never_passes_and_never_breaks(tmp_path: Path, table: str) -> None:
    done = run_test(bench(tmp_path, table, name="table.csv"))
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
