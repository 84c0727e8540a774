"""Forms filled in for tests as a person fills them in, from the unit files that are shipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from ruleeval.dsl.describe import read_date

HEAD = {"zh": ("数据项", "填写方", "填报值", "状态", "状态说明"), "en": ("data item", "filled in by", "value", "state", "about the state")}
YES = {"zh": {True: "是", False: "否"}, "en": {True: "yes", False: "no"}}


def fill(form: Path, unit: Path, language: str, leave: frozenset[str] = frozenset()) -> None:
    """Put the values of a unit file into a form, but for those of some names."""
    given = json.loads(unit.read_text("utf-8"), parse_float=str, parse_int=str)
    zh = language == "zh"
    book = load_workbook(form)
    data = given["数据" if zh else "data"]
    assessed = given.get("评定" if zh else "assessments", {})
    track = next(iter(assessed), "")
    values = {**data, **assessed.get(track, {})}
    for sheet in book.worksheets:
        names = [c.value for c in sheet[3]]
        if names[:2] == (["项目", "填写"] if zh else ["entry", "answer"]):
            for row in sheet.iter_rows(min_row=4):
                key = row[0].value
                if key in given and key not in ("规则集", "ruleset"):
                    row[1].value = day(given[key])
        elif HEAD[language][2] in names:
            at = names.index(HEAD[language][2])
            for row in sheet.iter_rows(min_row=4):
                if row[0].value in values and row[0].value not in leave:
                    put(row[at], values[row[0].value], language)
        elif names[:2] == list(HEAD[language][:2]):
            for row in sheet.iter_rows(min_row=4):
                for cell, value in zip(row[3:], values.get(row[0].value, []), strict=False):
                    put(cell, value, language)
        elif str(sheet["A1"].value).startswith("记录表：" if zh else "table of records："):
            name = str(sheet["A1"].value).split("：")[1]
            for number, record in enumerate(values.get(name, []), 6):
                for column, head in enumerate(names, 1):
                    if head in record:
                        put(sheet.cell(number, column), record[head], language)
        elif names[:1] == (["材料"] if zh else ["kind of evidence"]):
            evidence(sheet, given.get("佐证" if zh else "evidence", []), language)
    book.save(form)


def evidence(sheet: Any, pieces: list[Mapping[str, Any]], language: str) -> None:
    zh = language == "zh"
    sheet["B4"].value = "已全部列出" if zh else "complete"
    names = [c.value for c in sheet[3]]
    english = {"title": "title", "number": "number", "issued_by": "issued by", "issued_on": "issued on", "copies": "copies", "file": "file"}
    used: set[int] = set()
    for piece in pieces:
        kind = piece["材料" if zh else "kind"]
        rows = [r for r in range(5, sheet.max_row + 1) if sheet.cell(r, 1).value == kind and r not in used]
        row = rows[0] if rows else next(r for r in range(5, sheet.max_row + 1) if not sheet.cell(r, 1).value)
        used.add(row)
        sheet.cell(row, 1).value = kind
        sheet.cell(row, 2).value = "是" if zh else "yes"
        for key, value in piece.items():
            heading = key if zh else english.get(key, "")
            if heading in names[2:]:
                put(sheet.cell(row, names.index(heading) + 1), value, language)


def day(value: str) -> date | str:
    """A date where the text is one, as a person types it."""
    return (read_date(value) or value) if value[:1].isdigit() and value.count("-") == 2 else value


def put(cell: Any, value: Any, language: str) -> None:
    if isinstance(value, bool):
        cell.value = YES[language][value]
    elif isinstance(value, str) and value.endswith("%"):
        cell.value = float(value[:-1]) / 100  # as a spreadsheet keeps it
        cell.number_format = "0.0###%"
    elif isinstance(value, str) and value.replace(".", "", 1).lstrip("-").isdigit():
        cell.value = float(value) if "." in value else int(value)
    elif isinstance(value, str):
        cell.value = day(value)
    elif value is not None:
        cell.value = value
