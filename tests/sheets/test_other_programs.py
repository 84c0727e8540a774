"""Workbooks as they come back from other programs and other hands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ruleeval.dsl.format import format_text
from ruleeval.files.ruleset_sheets import read_ruleset_workbook

from .books import GOVERNMENT, cell, changed, columns_of, exported, rearranged, row_of, run, text_of

TEXT = GOVERNMENT.read_text("utf-8")
FORMATTED = format_text(TEXT)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return exported(TEXT, tmp_path)


def test_rows_sorted_by_another_column_come_back(book: Path) -> None:
    with changed(book) as read:
        for sheet in read.worksheets:
            if sheet.sheet_state == "visible":
                rearranged(sheet, lambda rows: sorted(rows, key=lambda r: str(r[3:7]), reverse=True), lambda n: list(range(1, n + 1)))
    found = read_ruleset_workbook(book)
    assert {d.code for d in found.diagnostics} == {"W973"}
    assert text_of(book) == FORMATTED


def test_columns_moved_come_back(book: Path) -> None:
    with changed(book) as read:
        for sheet in read.worksheets:
            if sheet.sheet_state == "visible":
                rearranged(sheet, lambda rows: rows, lambda n: list(range(n, 0, -1)))
    assert text_of(book) == FORMATTED


def test_without_the_columns_and_sheets_out_of_sight_all_it_says_comes_back(book: Path) -> None:
    with changed(book) as read:
        del read["原文"]
        del read["选项"]
        for sheet in read.worksheets:
            at = columns_of(sheet)
            for key in ("position", "pattern", "worth1", "worth2", "parent"):
                if key in at and (key != "pattern" or "code" in at):
                    for row in range(1, sheet.max_row + 1):
                        sheet.cell(row, at[key]).value = None
    done = run("diff", _written(book), GOVERNMENT, "--seconds", "0")
    assert "没有不同" in done.output


def test_a_whole_new_workbook_typed_by_hand(tmp_path: Path) -> None:
    """Only what a person would type: no order, no levels, full-width digits, units beside numbers, text for numbers."""
    from openpyxl import Workbook

    read = Workbook()
    first = read.active
    assert first is not None
    first.title = "我的指标"
    for row in (
        ["编 码", "一级\n指标", "二级指标", "三级指标", "分 值", "权重", "评分方式", "规则行", "佐证材料"],
        ["Ａ".replace("Ａ", "A"), "履职", None, None, "１０分"],
        ["A1", None, "办理", None, "10"],
        ["A1.1", None, None, "办结率", None, "６０％", "分档", "取值：办结率\n90%（含）以上：满分\n低于90%：不得分", "台账、  记录"],
        [],
        ["A1.2", None, None, "满意度", None, "40 %", "按比例", "取值：满意度"],
        [None, "合计", None, None, "=E2"],
    ):
        first.append(row)
    data = read.create_sheet("数据")
    for row in (["名称", "类型", "范围"], ["办结率", "百分数", "0%至100%"], ["满意度", "百分数", "0%至100%"]):
        data.append(row)
    head = read.create_sheet("开头")
    for row in (["项目", "内容"], ["规则集", "手写"], ["版本", 1], ["满分", "10分"], ["取分", "自评"], ["缺佐证", "提示"]):
        head.append(row)
    path = tmp_path / "hand.xlsx"
    read.save(path)
    out = tmp_path / "hand.rules"
    done = run("import", path, "-o", out)
    assert done.exit_code == 0, done.output
    assert "三级指标 A1.1 办结率，权重60%\n  取值：办结率\n  评分：分档\n    90%（含）以上：满分\n" in out.read_text("utf-8")
    assert run("lint", out).exit_code == 0


def test_merged_evidence_speaks_for_every_row_and_merged_points_are_refused(book: Path) -> None:
    with changed(book) as read:
        sheet = read["指标"]
        at, first = columns_of(sheet), row_of(sheet, "A2.1")
        sheet.merge_cells(start_row=first, end_row=first + 1, start_column=at["evidence"], end_column=at["evidence"])
    text = text_of(book)
    assert text.count("佐证：外部问卷汇总表\n") == 2
    with changed(book) as read:
        sheet = read["指标"]
        sheet.merge_cells(start_row=first, end_row=first + 1, start_column=at["points"], end_column=at["points"])
    done = run("import", book)
    assert done.exit_code == 1
    assert f"E970 book.xlsx (指标!G{first}:G{first + 1})" in done.output


def test_a_new_row_and_changed_cells_are_taken_over_and_told_with_their_cells(book: Path, tmp_path: Path) -> None:
    with changed(book) as read:
        sheet = read["指标"]
        cell(sheet, "A3.1", "rules").value = "取值：服务对象满意度\n达标：90%（含）以上\n  每低1个百分点：扣0.5分，不足部分按比例"
        at = columns_of(sheet)
        row = sheet.max_row + 2
        for key, value in (("code", "A2.4"), ("name3", "新指标"), ("points", "１分"), ("form", "达标"), ("rules", "取值：有联络人"), ("evidence", "会议记录")):
            sheet.cell(row, at[key]).value = value
        cell(sheet, "A2.1", "points").value = "3分"
    out = tmp_path / "new.rules"
    done = run("import", book, "-o", out, "--json")
    told = json.loads(done.output)
    assert done.exit_code == 0
    new = {line["text"]: line["cell"] for line in told["lines"] if line["change"] == "added"}
    assert new["每低1个百分点：扣0.5分，不足部分按比例"] == f"指标!N{row_of(sheet, 'A3.1')}:3"
    assert new["三级指标 A2.4 新指标，1分"] == f"指标!F{row}"
    assert {c["key"] for c in told["difference"]["changes"]} == {"A2.1", "A2.4", "A3.1"}
    lines = out.read_text("utf-8").splitlines()
    assert lines.index("三级指标 A2.3 与事业单位协作机制建立及运行情况，3分") < lines.index("三级指标 A2.4 新指标，1分") < lines.index("二级指标 A3 履职效果评价，5分")


@pytest.mark.parametrize("code, key, value, told", [
    ("A2.1", "points", "四", "E960 book.xlsx (指标!G9)"),
    ("A1.1", "weight", "0.6", "E960 book.xlsx (指标!H6)"),
    ("A2.1", "points", 5, "E301 book.xlsx 指标!G8"),
    ("A2.1", "rules", "取值：外部问卷平均分\n目标：一百分", "指标!N9:2"),
    ("A2.1", "code", "A2.2", "指标!C10"),
    ("A2.1", "code", None, "E961 book.xlsx (指标!C9)"),
    ("A2.1", "kind", "四级指标", "E965 book.xlsx (指标!B9)"),
    ("A2.1", "name3", None, "E966 book.xlsx (指标!F9)"),
    ("A2.1", "form", "按心情", "指标!M9"),
    ("A2.1", "rules", "取值：外部问卷平均分\n评分：按比例", "E967 book.xlsx (指标!M9)"),
    ("A2.1", "order", "第一", "E962 book.xlsx (指标!A9)"),
    ("A2.1", "rules", "=NA()", "E969 book.xlsx (指标!N9)"),
])  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_cell(book: Path, code: str, key: str, value: object, told: str) -> None:
    with changed(book) as read:
        cell(read["指标"], code, key).value = value
    done = run("import", book)
    assert done.exit_code == 1
    assert told in done.output, done.output


def test_an_edited_sentence_is_not_taken_over_and_told(book: Path) -> None:
    with changed(book) as read:
        cell(read["指标"], "A2.1", "words").value = "想得几分得几分"
    done = run("import", book)
    assert done.exit_code == 0
    assert "没有改动" in done.output
    assert "W972 book.xlsx (指标!L9)" in done.output


def test_a_file_changed_since_the_export_is_left_alone(tmp_path: Path) -> None:
    rules, book = tmp_path / "mine.rules", tmp_path / "mine.xlsx"
    rules.write_text(TEXT, "utf-8")
    assert run("export", rules, "-o", book).exit_code == 0
    later = TEXT.replace("版本：2022.1", "版本：2022.2")
    rules.write_text(later, "utf-8")
    done = run("import", book, "-o", rules)
    assert done.exit_code == 1
    assert "E974" in done.output
    assert rules.read_text("utf-8") == later
    assert run("import", book, "-o", rules, "--force").exit_code == 0
    assert rules.read_text("utf-8") == FORMATTED


def _written(book: Path) -> Path:
    out = book.with_suffix(".back.rules")
    assert run("import", book, "-o", out).exit_code == 0
    return out
