"""Workbooks for tests: exporting, changing as other programs and people do, reading back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from openpyxl import load_workbook

from ruleeval.cli import root
from ruleeval.dsl.format import format_text
from ruleeval.dsl.sheets.columns import KINDS, headings
from ruleeval.dsl.sheets.join import join
from ruleeval.files.ruleset_file import load_ruleset_text
from ruleeval.files.ruleset_sheets import read_ruleset_workbook

SHIPPED = Path(__file__).parents[2] / "rulesets"
GOVERNMENT = Path(__file__).parents[1] / "samples" / "liaoning-2022" / "government.rules"


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(root, [str(a) for a in arguments], prog_name="ruleeval")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done


def exported(text: str, folder: Path, name: str = "book") -> Path:
    """The workbook of a text."""
    from ruleeval.cli.export import workbook_of

    path = folder / f"{name}.xlsx"
    path.write_bytes(workbook_of(load_ruleset_text(folder / f"{name}.rules", text), None, flatten=False, as_json=False))
    return path


def text_of(path: Path) -> str:
    """The text in the one layout that a workbook gives back."""
    book = read_ruleset_workbook(path)
    joined = join(book.sheets)
    assert [d for d in (*book.diagnostics, *joined.diagnostics) if d.is_error] == []
    return format_text(joined.text)


@contextmanager
def changed(path: Path) -> Iterator[Any]:
    """The workbook open in another program (openpyxl), and saved by it."""
    book = load_workbook(path)
    yield book
    book.save(path)


def columns_of(sheet: Any) -> dict[str, int]:
    """The columns of a sheet: key -> number from 1."""
    for row in sheet.iter_rows(max_row=15):
        kind, found = headings([str(c.value or "") for c in row])
        if kind:
            return {key: position + 1 for position, key in found.items()}
    raise AssertionError(sheet.title)


def row_of(sheet: Any, code: str) -> int:
    """The row of an indicator."""
    column = columns_of(sheet)["code"]
    return next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, column).value == code)


def cell(sheet: Any, code: str, key: str) -> Any:
    return sheet.cell(row_of(sheet, code), columns_of(sheet)[key])


def rearranged(sheet: Any, order: Callable[[list[tuple[Any, ...]]], list[tuple[Any, ...]]], columns: Callable[[int], list[int]]) -> None:
    """The rows of a sheet below its headings in another order, its columns too; merges taken apart."""
    for area in list(sheet.merged_cells.ranges):
        values = [[sheet.cell(r, c).value for c in range(area.min_col, area.max_col + 1)] for r in range(area.min_row, area.max_row + 1)]
        sheet.unmerge_cells(str(area))
        sheet.cell(area.min_row, area.min_col).value = values[0][0]
    header = next(r for r in range(1, 15) if headings([str(c.value or "") for c in sheet[r]])[0])
    chosen = columns(sheet.max_column)
    rows = [tuple(sheet.cell(r, c).value for c in chosen) for r in range(header, sheet.max_row + 1)]
    weights = {n for n, c in enumerate(chosen, 1) if any("%" in sheet.cell(r, c).number_format for r in range(header + 1, sheet.max_row + 1))}
    for r in range(header, sheet.max_row + 1):
        for c in range(1, sheet.max_column + 1):
            sheet.cell(r, c).value = None
    for r, row in enumerate([rows[0], *order(rows[1:])], header):
        for c, value in enumerate(row, 1):
            place = sheet.cell(r, c)
            place.value = value
            place.number_format = "0%" if c in weights else "General"
            if isinstance(value, str) and not value.startswith("=SUMIF") and not value.startswith("=IF"):
                place.data_type = "s"


__all__ = ["GOVERNMENT", "KINDS", "SHIPPED", "changed", "exported", "run", "text_of"]
