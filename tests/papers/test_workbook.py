"""Workbooks as offices open them: recalculated by LibreOffice they give the engine's figures; text stays text."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

import ruleeval
from ruleeval.report.as_workbook import MOST_CHARACTERS, at, to_workbook
from ruleeval.report.document import Chart, Column, Document, Figure, Heading, Paragraph, Row, Series, Table
from ruleeval.report.formulas import At, Scaled, Sum
from ruleeval.report.results_book import write_results

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", " =cmd|' /C calc'!A0", "\t=1", '=HYPERLINK("http://example.invalid","x")', "<script>alert(1)</script>", "http://example.invalid")


def without_values(content: bytes) -> bytes:
    """The workbook with every value that stands beside a formula taken out, so that only working it out brings one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(<f>[^<]*</f>)<v>[^<]*</v>", rb"\1", data)
            new.writestr(name, data)
    return stream.getvalue()


def test_formulas_recalculated_by_an_office_suite_are_the_engines_figures(run, converted, natural_resources: Path, mill_lane: Path, tmp_path: Path) -> None:
    compared = 0
    for unit in (natural_resources, mill_lane):
        run("report", unit, "-o", "results.xlsx")
        content = (tmp_path / "results.xlsx").read_bytes()
        (tmp_path / "blank.xlsx").write_bytes(without_values(content))
        formulas, stored = (load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
        again = load_workbook(converted(tmp_path / "blank.xlsx", "xlsx"), data_only=True)
        for sheet in formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f":
                        found, wanted = (b[sheet.title][cell.coordinate].value for b in (again, stored))
                        assert abs(Fraction(str(found)) - Fraction(str(wanted))) < Fraction(1, 10**9), (sheet.title, cell.coordinate)
                        compared += 1
    assert compared > 100


def test_the_stored_totals_are_the_engines(run, natural_resources: Path, tmp_path: Path) -> None:
    run("report", natural_resources, "-o", "results.xlsx")
    book = load_workbook(tmp_path / "results.xlsx", data_only=True)
    assert book.sheetnames[:4] == ["评分表", "扣分说明", "佐证材料", "问题清单"]
    rows = {r[0]: r for r in book["评分表"].iter_rows(values_only=True)}
    ruleset = ruleeval.load(natural_resources.parents[1] / "government.rules")
    result = ruleeval.evaluate(ruleset, ruleeval.load_unit(natural_resources, ruleset))
    assert Fraction(str(rows["合计"][5])) == result.score
    deductions = list(book["扣分说明"].iter_rows(values_only=True))
    assert Fraction(str(deductions[-1][4])) == result.full_score - result.score
    sheet = book["评分表"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows, sheet.freeze_panes) == ("landscape", 9, "$2:$2", "A3")
    assert sheet.merged_cells.ranges


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_a_formula_or_a_link_is_text(text: str) -> None:
    document = Document((Heading(text), Paragraph(text), Table((Column(text),), (Row((text,)),), name=text)))
    content = to_workbook(document, "zh")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(n) for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in s or b"<hyperlink" in s for s in sheets)
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            assert all(c.data_type in ("s", "n") and (c.value is None or c.data_type == "s") for c in row)
            assert all(c.quotePrefix for c in row if isinstance(c.value, str) and re.match(r"\s*[=+\-@]", c.value))


def test_figures_keep_their_look_fractions_and_long_numbers(converted, tmp_path: Path) -> None:
    rows = (Figure("10/3", Fraction(10, 3)), Figure("20/3", Fraction(20, 3)), Figure("10.00", 10, Sum((At(0, 0), At(1, 0)))),
            Figure("89.9993", Fraction(899_993, 10_000)), Figure("87.1%", Fraction(871, 1000)), Figure("−0.50", Fraction(-1, 2)),
            Figure("68212208000000001", 68_212_208_000_000_001), Figure("5.00", 5, Scaled(At(2, 0), 1, 2)))  # fmt: skip
    (tmp_path / "book.xlsx").write_bytes(to_workbook(Document((Table((Column("数", "right"),), tuple(Row((f,)) for f in rows), name="数"),)), "zh"))
    shown = converted(tmp_path / "book.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76").read_text("utf-8").split()
    assert shown == ["数", "10/3", "20/3", "10.00", "89.9993", "87.1%", "−0.50", "68212208000000001", "5.00"]


def test_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    content = to_workbook(Document((Table((Column("文"),), (Row(("长" * 40_000,)),), name="文"),)), "zh")
    text = load_workbook(io.BytesIO(content))["文"]["A2"].value
    assert len(text) == MOST_CHARACTERS
    assert text.endswith("（过长，余下从略）")


def test_charts_are_native_and_leave_gaps_empty() -> None:
    chart = Chart("radar", "维度", ("甲", "乙", "丙"), (Series("前", (1, None, Fraction(1, 3))), Series("后", (1, 1, 1))), percent=True, top=1)
    bars = Chart("bars", "等次", ("优秀", "良好"), (Series("单位数", (27, 4)),))
    content = to_workbook(Document((Heading("图"), chart, bars)), "zh")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        drawn = sorted(n for n in parts.namelist() if n.startswith("xl/charts/chart"))
        assert (len(drawn), b"<c:radarChart>" in parts.read(drawn[0]), b"<c:barChart>" in parts.read(drawn[1])) == (2, True, True)
        assert b'<c:dispBlanksAs val="gap"/>' in parts.read(drawn[0]) or b"dispBlanksAs" not in parts.read(drawn[0])
    assert load_workbook(io.BytesIO(content))["图表"]["B3"].value is None


def test_many_units_are_written_one_by_one_with_live_totals(natural_resources: Path, tmp_path: Path) -> None:
    ruleset = ruleeval.load(natural_resources.parents[1] / "government.rules")
    unit = ruleeval.load_unit(natural_resources, ruleset)
    with (tmp_path / "all.xlsx").open("wb") as stream:
        assert write_results(stream, (ruleeval.evaluate(ruleset, replace(unit, name=f"={n}")) for n in range(30)), "zh") == 30
    formulas, stored = (load_workbook(tmp_path / "all.xlsx", data_only=only)["评分汇总"] for only in (False, True))
    assert (formulas.max_row, formulas["B2"].value, formulas["B2"].data_type) == (31, "=0", "s")
    assert (formulas["F2"].value[:5], stored["F31"].value, stored["I2"].value) == ("=SUM(", 107.48, "良好")


def test_a_folder_of_units_goes_into_one_workbook_and_into_nothing_else(run, natural_resources: Path, tmp_path: Path) -> None:
    for n in range(3):
        text = natural_resources.read_text("utf-8").replace("省自然资源厅（示例）", f"单位{n}").replace("../government.rules", "government.rules")
        (tmp_path / f"{n}.json").write_text(text, "utf-8")
    (tmp_path / "government.rules").write_text((natural_resources.parents[1] / "government.rules").read_text("utf-8"), "utf-8")
    assert "3个单位" in run("report", "0.json", "1.json", "2.json", "--rules", "government.rules", "-o", "all.xlsx").output
    run("report", tmp_path, "-o", "all.docx", status=2)
    assert not (tmp_path / "all.docx").exists()


def test_cells_are_named_as_in_workbooks() -> None:
    assert [at(0, 0), at(9, 25), at(9, 26), at(0, 701), at(0, 702)] == ["A1", "Z10", "AA10", "ZZ1", "AAA1"]
