"""Forms for units: written, filled in, and read as JSON is read."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from .books import GOVERNMENT, SHIPPED, changed, run
from .filled import fill

CASES = [
    (GOVERNMENT, SHIPPED / "liaoning-2022" / "units" / "natural-resources.json", "zh"),
    (SHIPPED / "riverside-libraries" / "libraries.rules", SHIPPED / "riverside-libraries" / "units" / "mill-lane.json", "en"),
]


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "填报.xlsx"
    assert run("form", GOVERNMENT, "-o", path).exit_code == 0
    fill(path, CASES[0][1], "zh")
    return path


def cell_of(book: object, name: str, column: int = 5) -> object:
    for sheet in book.worksheets:  # type: ignore[attr-defined]
        for row in sheet.iter_rows(min_row=4):
            if row[0].value == name:
                return row[column - 1]
    raise AssertionError(name)


@pytest.mark.parametrize("rules, unit, language", CASES, ids=["zh", "en"])
def test_a_form_filled_in_gives_the_result_of_the_same_unit_as_json(rules: Path, unit: Path, language: str, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    assert run("form", rules, "-o", form).exit_code == 0
    fill(form, unit, language)
    one = json.loads(run("check", unit, "--rules", rules, "--json").output)
    other = json.loads(run("check", form, "--rules", rules, "--json").output)
    assert one["state"] == "decided"
    without = lambda told: {k: v for k, v in told.items() if k not in ("findings", "unit")}  # noqa: E731
    assert without(one) == without(other)
    assert run("explain", form, "--rules", rules).output == run("explain", unit, "--rules", rules).output


def test_only_what_is_to_be_filled_in_can_be_changed_and_it_is_checked_in_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    assert run("form", GOVERNMENT, "-o", path).exit_code == 0
    book = load_workbook(path)
    assert [s.title for s in book.worksheets][:3] == ["填写说明", "基本情况", "A 履职尽责情况和相关效益"]
    assert all(s.protection.sheet for s in book.worksheets if s.sheet_state == "visible")
    value = cell_of(book, "服务对象满意度")
    assert not value.protection.locked  # type: ignore[attr-defined]
    assert cell_of(book, "服务对象满意度", 1).protection.locked  # type: ignore[attr-defined]
    checks = {str(d.sqref): d for d in value.parent.data_validations.dataValidation}  # type: ignore[attr-defined]
    asked = checks[value.coordinate]  # type: ignore[attr-defined]
    assert (asked.type, asked.formula1, asked.formula2) == ("decimal", "0", "1")
    choice = cell_of(book, "权责匹配程度")
    listed = next(d for d in choice.parent.data_validations.dataValidation if choice.coordinate in str(d.sqref))  # type: ignore[attr-defined]
    assert listed.formula1 == '"匹配,基本匹配,不够匹配,不匹配"'


@pytest.mark.parametrize("value, number_format, told", [
    (88.6, "General", "E704 填报.xlsx"),
    (1.2, "0%", "E705 填报.xlsx"),
    ("很好", "General", "E702 填报.xlsx"),
    ("=1/0", "General", "E969 填报.xlsx"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_sheet_and_cell(form: Path, value: object, number_format: str, told: str) -> None:
    with changed(form) as book:
        cell = cell_of(book, "服务对象满意度")
        cell.value, cell.number_format = value, number_format  # type: ignore[attr-defined]
        where = f"{cell.parent.title}!{cell.coordinate}"  # type: ignore[attr-defined]
    done = run("check", form, "--rules", GOVERNMENT)
    assert done.exit_code == 1
    assert f"{told} {where}" in done.output, done.output


@pytest.mark.parametrize("value, number_format, shown", [(0.886, "0.0%", "88.6%"), (0.07, "0%", "7%"), ("88.6%", "General", "88.6%"), ("８８.６％", "@", "88.6%")])
def test_a_percentage_is_the_one_that_the_cell_shows(form: Path, value: object, number_format: str, shown: str) -> None:
    with changed(form) as book:
        cell = cell_of(book, "服务对象满意度")
        cell.value, cell.number_format = value, number_format  # type: ignore[attr-defined]
    done = run("explain", form, "A3.1", "--rules", GOVERNMENT)
    assert f"服务对象满意度：{shown}" in done.output, done.output


def test_a_cell_that_shows_less_than_it_holds_is_told(form: Path) -> None:
    with changed(form) as book:
        cell = cell_of(book, "服务对象满意度")
        cell.value, cell.number_format = 0.88636, "0%"  # type: ignore[attr-defined]
    done = run("check", form, "--rules", GOVERNMENT)
    assert "显示89%，存的是88.636%，按88.636%计" in done.output
    assert "88.636%" in run("explain", form, "A3.1", "--rules", GOVERNMENT).output


def test_states_and_claims_come_in_with_their_reasons(form: Path) -> None:
    with changed(form) as book:
        for name, state, why in (("未参加议事次数", "存疑", "0、3"), ("外部问卷平均分", "未到期", "2099-12-31"), ("服务对象满意度", "未填报", None)):
            cell_of(book, name).value = None  # type: ignore[attr-defined]
            cell_of(book, name, 9).value = state  # type: ignore[attr-defined]
            cell_of(book, name, 10).value = why  # type: ignore[attr-defined]
    told = json.loads(run("check", form, "--rules", GOVERNMENT, "--json").output)
    assert told["state"] == "undecided", told
    with changed(form) as book:
        cell_of(book, "服务对象满意度").value = 0.9  # type: ignore[attr-defined]
        cell_of(book, "服务对象满意度", 9).value = "存疑"  # type: ignore[attr-defined]
    assert "E979" in run("check", form, "--rules", GOVERNMENT).output


# ---- hostile workbooks -----------------------------------------------------------------------


def _with_part(path: Path, name: str, content: bytes) -> Path:
    out = path.with_suffix(".bad.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
        if name not in old.namelist():
            new.writestr(name, content)
    return out


BOMB = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    f'<!ENTITY a{n} "{"&a;" * 10 if n == 1 else f"&a{n - 1};" * 10}">'.encode() for n in range(1, 10)
) + b"]><b>&a9;</b>"


@pytest.mark.parametrize("command", ["check", "import"])
def test_bombs_are_refused_before_they_are_opened(command: str, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    Workbook().save(book)
    extra = ("--rules", GOVERNMENT) if command == "check" else ()
    xml = run(command, _with_part(book, "xl/worksheets/sheet1.xml", BOMB), *extra)
    assert (xml.exit_code, "E975" in xml.output) == (1, True), xml.output
    wide = run(command, _with_part(book, "xl/worksheets/sheet1.xml", BOMB.decode().encode("utf-16")), *extra)
    assert (wide.exit_code, "E975" in wide.output) == (1, True), wide.output
    unpacked = run(command, _with_part(book, "xl/media/zeros.bin", bytes(130_000_000)), *extra)
    assert (unpacked.exit_code, "E714" in unpacked.output) == (1, True), unpacked.output


def test_a_million_rows_are_refused_without_being_held(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    Workbook().save(book)
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 1_000_001))
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    bad = _with_part(book, "xl/worksheets/sheet1.xml", xml.encode())
    program = (
        "import re, sys\nfrom pathlib import Path\nfrom ruleeval.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit as end:\n"
        "    print(end.code, re.search(r'VmHWM:\\s*([0-9]+)', Path('/proc/self/status').read_text())[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, "check", bad, "--rules", GOVERNMENT], capture_output=True, text=True, check=True)
    status, kilobytes = map(int, done.stdout.split())
    assert (status, "E714" in done.stderr) == (1, True), done.stderr
    assert kilobytes < 500_000
