"""A table file as it stands -> a grid of cells: CSV, Excel or JSON, merged cells filled.

Nothing is interpreted here beyond what the file format says; `tidy.py` finds the heading
and the records in it.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from ..dsl.diagnostics import Diagnostic, Fact
from ..dsl.frozen import frozen
from ..dsl.limits import MAXIMUM_VALUES
from .json_text import read_json
from .sheet_text import cell_text, open_sheet
from .text import Unreadable, decode, read_bytes

_EXCEL = (".xlsx", ".xlsm")
_SEPARATORS = ",\t;"


@frozen
class Cell:
    """One cell: its text, whether the sheet holds it as a number, whether it fills a merged one."""

    text: str
    number: bool = False
    filled: bool = False


@frozen
class Grid:
    """The cells of one sheet, row by row; ``first`` is the number of its first row.

    ``hidden`` are the positions of columns that the sheet does not show.
    """

    name: str
    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    notices: tuple[Diagnostic, ...] = ()
    hidden: tuple[int, ...] = ()
    first: int = 1

    def place(self, row: int, column: int) -> str:
        """What a cell is called: ``名册!C8``."""
        where = f"{column_letters(column)}{row + self.first}"
        return f"{self.sheet}!{where}" if self.sheet else where


def column_letters(position: int) -> str:
    """The letters of a column counted from 0: A, B, … Z, AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_grid(path: Path, sheet: str | None = None) -> Grid:
    """The cells of a table file by its ending.  Raises `Unreadable`."""
    ending = path.suffix.lower()
    if ending in _EXCEL:
        return _workbook(path, sheet)
    text, notices = decode(read_bytes(path), path.name)
    if ending == ".json":
        return _json(path, read_json(text), notices)
    return _csv(path, text.removeprefix("\ufeff"), notices)


def unusable(path: Path, reason: str, reason_en: str) -> Unreadable:
    facts: dict[str, Fact] = {"path": path.name, "reason": reason, "reason_en": reason_en}
    return Unreadable(Diagnostic("E799", (), facts, source="file"))


def _csv(path: Path, text: str, notices: tuple[Diagnostic, ...]) -> Grid:
    head = text[: 1 << 16].split("\n", 1)[0]
    separator = max(_SEPARATORS, key=head.count)
    rows: list[tuple[Cell, ...]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for cells in reader:
            rows += [()] * (reader.line_num - len(rows) - 1)  # a cell with line breaks takes several lines
            rows.append(tuple(Cell(c) for c in cells))
            if len(rows) * max(1, len(cells)) > MAXIMUM_VALUES:
                raise _too_many(path)
    except csv.Error as error:
        raise unusable(path, f"不是 CSV（{error}）", f"not CSV ({error})") from error
    return Grid(path.name, "", tuple(rows), notices)


def _too_many(path: Path) -> Unreadable:
    facts = {"what": path.name, "count": f">{MAXIMUM_VALUES:,}", "limit": f"{MAXIMUM_VALUES:,}", "measure": "格", "measure_en": " cells"}
    return Unreadable(Diagnostic("E714", (), facts, source="file"))


def _json(path: Path, raw: Any, notices: tuple[Diagnostic, ...]) -> Grid:
    """A list of objects: the keys are the heading."""
    if not isinstance(raw, list) or not all(isinstance(r, dict) for r in raw):
        raise unusable(path, "JSON 表应是对象的列表 [{…}, …]", "a table in JSON is a list of objects [{…}, …]")
    heads = tuple(dict.fromkeys(k for r in raw for k in r))
    rows = [tuple(Cell(h) for h in heads)]
    rows += [tuple(_json_cell(r.get(h)) for h in heads) for r in raw]
    return Grid(path.name, "", tuple(rows), notices, first=0)


def _json_cell(value: Any) -> Cell:
    if value is None:
        return Cell("")
    return Cell({True: "是", False: "否"}[value] if isinstance(value, bool) else str(value))


def _workbook(path: Path, wanted: str | None) -> Grid:
    def choose(names: list[str]) -> str:
        if wanted is not None and wanted not in names:
            raise unusable(path, f"没有工作表“{wanted}”，有：{'、'.join(names)}", f"it has no sheet {wanted}; it has: {', '.join(names)}")
        return wanted or names[0]

    sheet = open_sheet(path, choose)
    rows = [[Cell(cell_text(c), isinstance(c.value, (int, float)) and not isinstance(c.value, bool)) for c in row] for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        top = rows[merged.min_row - 1][merged.min_col - 1]
        for r in range(merged.min_row - 1, min(merged.max_row, len(rows))):
            for c in range(merged.min_col - 1, min(merged.max_col, len(rows[r]))):
                rows[r][c] = Cell(top.text, top.number, filled=(r, c) != (merged.min_row - 1, merged.min_col - 1))
    hidden = tuple(
        i for i in range(sheet.max_column) for d in (sheet.column_dimensions.get(column_letters(i)),) if d is not None and d.hidden
    )
    return Grid(path.name, sheet.title, tuple(tuple(r) for r in rows), hidden=hidden)
