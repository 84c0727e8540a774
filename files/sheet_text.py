"""An Excel sheet -> rows of text, every number as the sheet shows it: fifteen digits, never a float further on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..dsl.diagnostics import Diagnostic
from ..dsl.limits import MAXIMUM_VALUES
from .text import Unreadable, read_bytes
from .workbook import guard

#: Sheets looked for by name; otherwise the first is read.
_NAMES = ("用例", "cases")


def read_sheet(path: Path) -> Iterator[dict[str, str]]:
    """The rows of the sheet called 用例 or ``cases``, or of the first, as text by the headings of its first row.

    Raises `Unreadable`: no workbook, too large, a formula that was never worked out, or openpyxl not installed.
    """
    sheet = open_sheet(path, lambda names: next((n for n in _NAMES if n in names), names[0]))
    rows = [tuple(row) for row in sheet.iter_rows()]
    headings = [cell_text(cell) for cell in rows[0]] if rows else []
    for row in rows[1:]:
        if any(cell.value is not None for cell in row):
            yield {h: cell_text(c) for h, c in zip(headings, row, strict=False) if h}


def open_sheet(path: Path, choose: Callable[[list[str]], str]) -> Any:
    """The sheet that ``choose`` picks from the names of all, with the values that it shows.

    Raises `Unreadable`: no workbook, too large, a formula that was never worked out, or openpyxl not installed.
    """
    if find_spec("openpyxl") is None:
        raise Unreadable(Diagnostic("E774", (), {"name": path.name}, source="file"))
    content = read_bytes(path)
    try:
        guard(content, path.name)
        return _sheet(path, choose)
    except Unreadable:
        raise
    except Exception as error:  # whatever a damaged workbook makes the reader stumble over
        raise Unreadable(Diagnostic("E775", (), {"name": path.name, "reason": f"{type(error).__name__}"}, source="file")) from error


def _sheet(path: Path, choose: Callable[[list[str]], str]) -> Any:
    from openpyxl import load_workbook

    shown = load_workbook(path, data_only=True)
    written = load_workbook(path)
    name = choose(shown.sheetnames)
    sheet, formulas = shown[name], written[name]
    if sheet.max_row * sheet.max_column > MAXIMUM_VALUES:
        facts = {"what": path.name, "count": f"{sheet.max_row * sheet.max_column:,}", "limit": f"{MAXIMUM_VALUES:,}", "measure": "格", "measure_en": " cells"}
        raise Unreadable(Diagnostic("E714", (), facts, source="file"))
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f" and sheet[cell.coordinate].value is None:
                raise Unreadable(Diagnostic("E776", (), {"name": path.name, "cell": cell.coordinate}, source="file"))
    return sheet


def cell_text(cell: Any) -> str:
    """A cell as a table would write it: a percentage with its sign, a date by the calendar, yes or no in words."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        exact = Decimal(f"{value:.15g}")
        percent = "%" in str(cell.number_format)
        return _plain(exact * 100) + "%" if percent else _plain(exact)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
