"""Workbooks opened by LibreOffice and worked out: the formulas agree with the engine."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ruleeval import load

from .books import GOVERNMENT, cell, changed, columns_of, exported, text_of

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="not run: LibreOffice (soffice) is not installed")


def recalculated(path: Path) -> Path:
    """The workbook as LibreOffice saves it, every formula worked out anew."""
    assert OFFICE is not None
    out = path.parent / "again"
    home = path.parent / "office"
    command = [OFFICE, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / path.name


@needs_office
def test_sums_of_a_workbook_worked_out_by_libreoffice_are_those_of_the_engine(tmp_path: Path) -> None:
    book = exported(GOVERNMENT.read_text("utf-8"), tmp_path)
    again = recalculated(book)
    assert text_of(again) == text_of(book)
    sheet = load_workbook(again, data_only=True)["指标"]
    ruleset = load(GOVERNMENT)
    for indicator in ruleset.indicators:
        assert Fraction(str(cell(sheet, indicator.code, "worth").value)) == indicator.points, indicator.code
        if indicator.children:
            assert Fraction(str(cell(sheet, indicator.code, "below").value)) == indicator.points
            assert not cell(sheet, indicator.code, "balance").value
    at = columns_of(sheet)
    total = next(sheet.cell(r, at["points"]).value for r in range(1, sheet.max_row + 1) if sheet.cell(r, at["name1"]).value == "合计")
    assert Fraction(str(total)) == ruleset.full_score


@needs_office
def test_points_that_do_not_add_up_are_told_by_the_sheet_itself(tmp_path: Path) -> None:
    book = exported(GOVERNMENT.read_text("utf-8"), tmp_path)
    with changed(book) as read:
        cell(read["指标"], "A2.1", "points").value = 3
    sheet = load_workbook(recalculated(book), data_only=True)["指标"]
    assert cell(sheet, "A2", "balance").value == "差1"
    assert not cell(sheet, "A1", "balance").value
