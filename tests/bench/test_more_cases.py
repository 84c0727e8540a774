"""Steps that a case expects, the way behind a wrong total, Excel tables, and watching."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from .small import UNIT, bench, run_test

STEPS = 'name: 步骤\nunit: unit.json\nexpected: {{steps: {{A1.1: {{取值: "95%", held: "6", 按标准得分: {raw}}}, A1.2: {{value: 0}}}}}}\n'


def test_a_case_may_expect_the_steps_of_an_indicator(tmp_path: Path) -> None:
    done = run_test(bench(tmp_path, STEPS.format(raw="6.00")))
    assert (done.exit_code, done.output) == (0, "1个用例，全部相符\n")


def test_a_step_that_differs_is_told_with_its_way_and_taken_over(tmp_path: Path) -> None:
    folder = bench(tmp_path, STEPS.format(raw="5"))
    done = run_test(folder)
    assert done.exit_code == 1
    assert "A1.1.按标准得分：期望5，得到6" in done.output
    assert "取值 = 人数 ÷ 编制" in done.output
    assert run_test(folder, "--accept").exit_code == 0
    assert (folder / "cases/one.yaml").read_text("utf-8") == STEPS.format(raw="6")


def test_a_step_that_no_indicator_has_is_told_with_those_it_has(tmp_path: Path) -> None:
    done = run_test(bench(tmp_path, "unit: unit.json\nexpected: {steps: {A1.1: {折扣: 1}}}\n"))
    assert done.exit_code == 1
    assert "E773 A1.1没有叫“折扣”的步骤" in re.sub(r"\s*\n\s*", "", done.output)


def test_where_only_the_total_differs_the_way_leads_to_what_the_changes_moved(tmp_path: Path) -> None:
    done = run_test(bench(tmp_path, 'unit: unit.json\nchanges: {数据: {人数: 102}}\nexpected: {score: "3"}\n'))
    lines = [line.strip() for line in done.output.splitlines()]
    assert "改动所影响的第一个指标：" in lines
    way = lines[lines.index("改动所影响的第一个指标：") :]
    assert "A1.1 使用率  0 / 6" in way
    assert "= 102 ÷ 100" in way


def test_where_nothing_was_changed_it_leads_to_what_lost_most(tmp_path: Path) -> None:
    unit = UNIT.replace('"人数": 95', '"人数": 102')
    done = run_test(bench(tmp_path, f'rules: small.rules\nunit: {unit}\nexpected: {{score: "3"}}\n'))
    assert "失分最多的指标：" in done.output
    assert "A1.1 使用率  0 / 6" in done.output


# ---- Excel ------------------------------------------------------------------------------------


def workbook(path: Path, rows: list[list[object]], percent: str | None = None) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if percent is not None:
        sheet[percent].number_format = "0.0%"
    book.create_sheet("其他").append(["不是用例"])
    book.save(path)



def test_an_excel_sheet_is_a_case_a_row(tmp_path: Path) -> None:
    folder = bench(tmp_path, "", name="unused.txt")
    rows: list[list[object]] = [
        ["name", "unit", "数据/人数", "数据/违规", "expected.score", "expected.A1.2", "expected.grade", "expected.steps.A1.1.取值"],
        ["超员", "unit.json", 101, None, 3, 3, "较差", 1.01],
        ["足额", "unit.json", None, False, 10, None, "优秀", 0.95],
        ["违规", "unit.json", None, True, 10, None, "一般", None],
    ]
    workbook(folder / "cases" / "table.xlsx", rows, percent="H3")
    done = run_test(folder)
    assert (done.exit_code, done.output) == (0, "3个用例，全部相符\n")
    rows[1][4] = 4.5
    workbook(folder / "cases" / "table.xlsx", rows)
    done = run_test(folder, "--accept")
    assert done.exit_code == 1
    assert "总分：期望4.5，得到3.0" in done.output
    assert "请自行改写 / rewrite by hand: score" in done.output


def test_numbers_of_a_sheet_are_those_that_it_shows() -> None:
    from ruleeval.files.sheet_text import cell_text

    sheet = Workbook().active
    assert sheet is not None
    shown = {0.1 + 0.2: "0.3", 1e-7: "0.0000001", 12345678901234: "12345678901234", 0.886: "0.886", date(2022, 12, 31): "2022-12-31", True: "yes", "  甲 ": "甲"}
    for value, text in shown.items():
        cell = sheet.cell(1, 1, value)
        assert cell_text(cell) == text
    cell.value, cell.number_format = 0.886, "0.0%"
    assert cell_text(cell) == "88.6%"


def test_a_formula_without_a_value_is_an_error(tmp_path: Path) -> None:
    folder = bench(tmp_path, "", name="unused.txt")
    workbook(folder / "cases" / "table.xlsx", [["name", "unit", "expected.score"], ["甲", "unit.json", "=5+5"]])
    done = run_test(folder, "--lang", "zh")
    assert done.exit_code == 1
    assert "单元格C2是公式" in done.output


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no workbook", b"PK\x05\x06" + bytes(18)])
def test_a_damaged_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    folder = bench(tmp_path, "", name="unused.txt")
    (folder / "cases" / "table.xlsx").write_bytes(content)
    done = run_test(folder)
    assert done.exit_code == 1
    assert "E775" in done.output


# ---- watching ---------------------------------------------------------------------------------


def test_watching_runs_again_when_a_file_changes(tmp_path: Path) -> None:
    case = 'name: 足额\nunit: unit.json\nexpected: {score: "10"}\n'
    folder = bench(tmp_path, case)
    told = tmp_path / "told.txt"
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with told.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "ruleeval", "test", str(folder), "--watch"], stdout=out, stderr=out, env=environment)
        try:
            assert wait_for(told, "1个用例，全部相符")
            (folder / "cases/one.yaml").write_text(case.replace('"10"', '"9"'), "utf-8")
            assert wait_for(told, "总分：期望9，得到10")
            (folder / "unit.json").write_text(UNIT.replace('"人数": 95', '"人数": 89'), "utf-8")
            assert wait_for(told, "总分：期望9，得到7")
            (folder / "cases/two.yaml").write_text(case.replace('"10"', '"7"').replace("足额", "新用例"), "utf-8")
            assert wait_for(told, "2个用例，1个不符")
            assert process.poll() is None
        finally:
            process.kill()
            process.wait()


def wait_for(file: Path, words: str, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if words in file.read_text("utf-8", errors="replace"):
            return True
        time.sleep(0.1)
    return False
