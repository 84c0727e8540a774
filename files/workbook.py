"""An Excel workbook -> cells as text: every number as the exact decimal that its cell holds.

A workbook is a stranger's file: its size is told from its directory before anything is
unpacked, one that declares entities is refused, rows and cells are counted while they are
read, and nothing in it is ever run.  A spreadsheet keeps fifteen digits of a number; those are
read, never the binary fraction behind them, so that 0.886 in percent format is 88.6%.
"""

from __future__ import annotations

import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.limits import MAXIMUM_CELLS, MAXIMUM_PARTS, MAXIMUM_SHEET_ROWS, MAXIMUM_UNPACKED
from .text import Unreadable, read_bytes

Kind = Literal["text", "number", "truth", "date", "error", "open"]
#: Control characters as a workbook writes them; openpyxl has undone what guards the same letters in a text.
_ESCAPED = re.compile("_x(00[01][0-9A-Fa-f])_")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ROW_OR_VALUE = re.compile(rb"<(?:\w+:)?(row|v|is)[ />]")
_MOST_MERGES = 10_000
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@frozen
class Cell:
    """A filled cell: its address, what it holds as text, and what kind of thing that is.

    ``shown`` is how the cell shows a number where that has fewer digits; ``open`` is a formula
    of which the file holds no value.
    """

    address: str
    text: str
    kind: Kind = "text"
    shown: str = ""


@frozen
class Sheet:
    """One sheet: its name, whether it is out of sight, its filled rows: row number -> column (from 0) -> cell."""

    title: str
    hidden: bool
    rows: Mapping[int, Mapping[int, Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """Merged areas: first row, first column (from 0), last row, last column."""


def read_workbook(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook.

    Raises `Unreadable`: no workbook, too large, one that declares entities, or openpyxl not installed.
    """
    if find_spec("openpyxl") is None or find_spec("defusedxml") is None:
        raise Unreadable(Diagnostic("E774", (), {"name": path.name}, source="file"))
    content = read_bytes(path)
    try:
        return _sheets(content, path.name)
    except Unreadable:
        raise
    except Exception as error:  # whatever a damaged workbook makes the reader stumble over
        raise Unreadable(Diagnostic("E775", (), {"name": path.name, "reason": type(error).__name__}, source="file")) from error


def _sheets(content: bytes, name: str) -> tuple[Sheet, ...]:
    from openpyxl import load_workbook

    formulas = guard(content, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts that openpyxl does not know are of no concern
        valued = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        written = load_workbook(BytesIO(content), read_only=True, keep_links=False) if formulas else None
    merged = _merged(content)
    count = 0
    found: list[Sheet] = []
    for sheet in valued.worksheets:
        open_cells = _formula_cells(written[sheet.title]) if written is not None else {}
        rows: dict[int, dict[int, Cell]] = {}
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = {p: read for p, cell in enumerate(row) if (read := _cell(cell, open_cells)) is not None}
            if not cells:
                continue
            rows[number] = cells
            count += len(cells)
            if len(rows) > MAXIMUM_SHEET_ROWS:
                raise _too_much(f"{name} {sheet.title}", f">{MAXIMUM_SHEET_ROWS:,}", MAXIMUM_SHEET_ROWS, ("行", " rows"))
            if count > MAXIMUM_CELLS:
                raise _too_much(name, f">{MAXIMUM_CELLS:,}", MAXIMUM_CELLS, ("格", " cells"))
        for address, position in open_cells.items():
            row_number, column = position
            if column not in rows.get(row_number, {}):
                rows.setdefault(row_number, {})[column] = Cell(address, "", "open")
        found.append(Sheet(sheet.title, sheet.sheet_state != "visible", dict(sorted(rows.items())), merged.get(sheet.title, ())))
    return tuple(found)


def _too_much(what: str, count: str, limit: int, measure: tuple[str, str]) -> Unreadable:
    facts = {"what": what, "count": count, "limit": f"{limit:,}", "measure": measure[0], "measure_en": measure[1]}
    return Unreadable(Diagnostic("E714", (), facts, source="file"))


def guard(content: bytes, name: str) -> bool:
    """Whether a sheet of the workbook holds formulas.  Raises `Unreadable` where it is not safe to open."""
    if content.count(b"PK\x01\x02") > MAXIMUM_PARTS:
        raise _too_much(name, f">{MAXIMUM_PARTS:,}", MAXIMUM_PARTS, ("个部分", " parts"))
    formulas = False
    with zipfile.ZipFile(BytesIO(content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        if size > MAXIMUM_UNPACKED:
            raise _too_much(name, f"{size:,}", MAXIMUM_UNPACKED, ("字节（展开后）", " bytes unpacked"))
        for entry in archive.infolist():
            if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                continue
            declares, formula = _searched(archive, entry)
            if declares:
                raise Unreadable(Diagnostic("E975", (), {"name": name, "part": entry.filename}, source="file"))
            formulas |= formula and "worksheets/" in entry.filename
            if "worksheets/" in entry.filename and _filled_rows(archive, entry) > MAXIMUM_SHEET_ROWS:
                raise _too_much(f"{name} {entry.filename}", f">{MAXIMUM_SHEET_ROWS:,}", MAXIMUM_SHEET_ROWS, ("行", " rows"))
    return formulas


def _searched(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[bool, bool]:
    """Whether a part declares a document type or entities, and whether it holds formulas."""
    declares = formula = False
    with archive.open(entry) as stream:
        before = b""
        while chunk := stream.read(1 << 20):
            window = (before + chunk).replace(b"\0", b"")  # UTF-16 as well
            declares |= b"<!DOCTYPE" in window or b"<!ENTITY" in window
            formula |= _FORMULA.search(window) is not None
            before = chunk[-32:]
    return declares, formula


def _filled_rows(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """How many rows of a sheet hold a value, as far as it matters, without building any of them."""
    filled, open_row = 0, False
    with archive.open(entry) as stream:
        before = b""
        while (chunk := stream.read(1 << 20)) and filled <= MAXIMUM_SHEET_ROWS:
            window = before + chunk
            cut = max(window.rfind(b"<"), 0)
            for match in _ROW_OR_VALUE.finditer(window, 0, cut):
                if match[1] == b"row":
                    open_row = True
                elif open_row:
                    filled, open_row = filled + 1, False
            before = window[cut:]
    return filled


def _merged(content: bytes) -> dict[str, tuple[tuple[int, int, int, int], ...]]:
    """The merged areas of every sheet by its name, read in passing: they are few, their sheet may be large."""
    from defusedxml.ElementTree import fromstring
    from openpyxl.utils import range_boundaries

    found: dict[str, tuple[tuple[int, int, int, int], ...]] = {}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = set(archive.namelist())
        if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return found
        targets = {r.get("Id"): r.get("Target", "") for r in fromstring(archive.read("xl/_rels/workbook.xml.rels")).iter(f"{_PACKAGE}Relationship")}
        for sheet in fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
            target = targets.get(sheet.get(f"{_REL}id"), "")
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            areas = [range_boundaries(ref.decode()) for ref in _merge_refs(archive, part)] if part in names else []
            found[sheet.get("name", "")] = tuple((top, left - 1, bottom, right - 1) for left, top, right, bottom in areas if left and top and right and bottom)
    return found


def _merge_refs(archive: zipfile.ZipFile, part: str) -> list[bytes]:
    refs: dict[bytes, None] = {}
    with archive.open(part) as stream:
        before = b""
        while (chunk := stream.read(1 << 20)) and len(refs) < _MOST_MERGES:
            window = before + chunk
            refs |= dict.fromkeys(_MERGE.findall(window))
            before = chunk[-128:]
    return list(refs)


def _formula_cells(sheet: Any) -> dict[str, tuple[int, int]]:
    """The addresses of formulas, with row and column (from 0)."""
    found = {}
    for row in sheet.iter_rows():
        for cell in row:
            if getattr(cell, "data_type", "") == "f":
                found[f"{cell.column_letter}{cell.row}"] = (cell.row, cell.column - 1)
    return found


def _cell(cell: Any, formulas: Mapping[str, Any]) -> Cell | None:
    value = cell.value
    if value is None:
        return None
    address = f"{cell.column_letter}{cell.row}"
    if isinstance(value, bool):
        return Cell(address, "true" if value else "false", "truth")
    if isinstance(value, (int, float)):
        return Cell(address, *number_text(value, str(cell.number_format)))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return Cell(address, value.date().isoformat() if midnight else value.isoformat(sep=" "), "date")
    if isinstance(value, date):
        return Cell(address, value.isoformat(), "date")
    text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), str(value)).replace("\r\n", "\n").replace("\r", "\n")
    if cell.data_type == "e":
        return Cell(address, text, "error")
    return Cell(address, text) if text.strip() or "\n" in text else None


def number_text(value: int | float, number_format: str = "General") -> tuple[str, Kind, str]:
    """A number as its cell means it, exact: ``88.6%`` for 0.886 in percent format.

    Fifteen digits are kept of what is not whole, as many as a spreadsheet keeps.  The third
    part is how the cell shows the number where rounding for the eye hides some of it.
    """
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    plain = _NOT_FORMAT.sub("", number_format).split(";")[0]
    percent = "%" in plain
    if percent:
        exact = exact.scaleb(2)
    text = _plain(exact)
    places = _places(plain)
    shown = ""
    if places is not None:
        given = len(text.partition(".")[2])
        if given > places:
            shown = f"{round(exact, places):f}" + ("%" if percent else "")
        else:
            text = f"{exact:.{places}f}" if places else text
    return text + ("%" if percent else ""), "number", shown


def _places(number_format: str) -> int | None:
    """How many decimal places a plain number format shows; ``None`` for one that is not plain."""
    match = re.fullmatch(r"[#,]*0(?:\.(0+))?\s*%?\s*", number_format.strip())
    return len(match[1] or "") if match else None


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cells_of(sheet: Sheet, number: int) -> Iterator[Cell]:
    """The filled cells of a row, from left to right."""
    yield from (cell for _, cell in sorted(sheet.rows.get(number, {}).items()))
