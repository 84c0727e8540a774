"""Document -> a workbook: a table that has a name is a sheet of its own, all else one page of text.

Figures are numbers, totals live formulas with the value that the engine gave them beside
them, so that a reader without recalculation sees the same.  Everything else is text: a
cell that begins with = + - @ is never a formula, not even after it was edited.  Sheets are
for A4 landscape, one page wide, headers frozen and repeated.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, assert_never

from ..dsl.keywords import Language
from ..dsl.numbers import Exact, exact_text
from .as_text import clean, width_of
from .document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Figure,
    Heading,
    Item,
    Items,
    Paragraph,
    Preformatted,
    Row,
    Section,
    SideBySide,
    Table,
    Tone,
    Versus,
    cell_text,
    unfolded,
)
from .extras import needed
from .formulas import number_formula, written

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: What a sheet and a cell can hold.
MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
#: Digits that a workbook keeps of a number; longer ones stand as text.
_DIGITS = 15
_WIDEST, _NARROWEST, _TITLE = 46, 7, 10
#: Characters across a page; points that a line takes, and that a row may have at most.
_PAGE, _LINE, _TALLEST = 140, 13, 400
_RISKY = re.compile(r"\A\s*[=+\-@\t\r]")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_INKS: dict[Tone, str] = {"plain": "", "good": "#14612B", "warn": "#7A4A00", "bad": "#A51D1D", "dim": "#595959", "strong": ""}


def to_workbook(document: Document, language: Language) -> bytes:
    """The document as .xlsx.  Raises `Missing` where XlsxWriter is not installed."""
    stream = io.BytesIO()
    with Book(stream, document.title, language) as book:
        text = _Text(book, document.title)
        for block in document.blocks:
            text.block(block)
        text.finish()
    return stream.getvalue()


class Book:
    """A workbook being written; ``streaming`` keeps no row in memory once the next begins."""

    def __init__(self, stream: Any, title: str, language: Language, *, streaming: bool = False) -> None:
        needed("xlsxwriter")
        from xlsxwriter import Workbook

        options = {"constant_memory": streaming, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book: Workbook = Workbook(stream, options)
        self.book.set_properties({"title": clean(title), "comments": "ruleeval"})
        self.language, self.streaming = language, streaming
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.names: set[str] = set()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *raised: object) -> None:
        if raised[0] is None:
            self.book.close()

    def format(self, **properties: Any) -> Format:
        """A format; asked for twice it is the same one."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            font = "宋体" if self.language == "zh" else "Arial"
            self.formats[key] = self.book.add_format({"font_name": font, "font_size": 10, "valign": "top", **properties})
        return self.formats[key]

    def sheet(self, name: str) -> Worksheet:
        """A new sheet for A4 landscape, one page wide, under a name that is free."""
        base = _NOT_IN_NAMES.sub(" ", clean(name)).strip("' ")[:31] or "sheet"
        free, number = base, 2
        while free.casefold() in self.names:
            ending = f" ({number})"
            free, number = base[: 31 - len(ending)] + ending, number + 1
        self.names.add(free.casefold())
        sheet = self.book.add_worksheet(free)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&C— &P —")
        return sheet

    def table(self, table: Table, name: str, title: str = "") -> Worksheet:
        """A sheet with a title over the whole table, a header that stays, and the rows."""
        sheet = self.sheet(name)
        widths = column_widths(table)
        for i, width in enumerate(widths):
            sheet.set_column(i, i, width)
        last = len(table.columns) - 1
        first = 1 if title else 0
        if title:
            heading = self.format(bold=True, font_size=16, align="center", valign="vcenter")
            sheet.merge_range(0, 0, 0, last, "", heading) if last else None
            self.text(sheet, 0, 0, title, bold=True, font_size=16, align="center", valign="vcenter")
            sheet.set_row(0, 32)
        self.header(sheet, first, table.columns)
        sheet.freeze_panes(first + 1, 0)
        sheet.repeat_rows(first)
        if table.rows and not any(c.merged for c in table.columns):
            sheet.autofilter(first, 0, first + len(table.rows), last)
        self.rows(sheet, table, first + 1, widths)
        return sheet

    def header(self, sheet: Worksheet, row: int, columns: Sequence[Column]) -> None:
        for i, column in enumerate(columns):
            self.text(sheet, row, i, column.title, bold=True, border=1, bg_color="#EEF1F5", text_wrap=True, align="center", valign="vcenter")

    def rows(self, sheet: Worksheet, table: Table, first: int, widths: Sequence[int]) -> None:
        """The rows of a table from a row of a sheet on, each as high as its text."""

        def place(row: int, column: int) -> str:
            return at(row + first, column)

        joined = {i for i, c in enumerate(table.columns) if c.merged}
        for number, row in enumerate(table.rows):
            lines = max((_lines(cell_text(c), w) for i, (c, w) in enumerate(zip(row.cells, widths, strict=False)) if i not in joined), default=1)
            sheet.set_row(first + number, min(_TALLEST, _LINE * lines + 2))
            for i, cell in enumerate(row.cells):
                self.cell(sheet, first + number, i, cell, table.columns[i], row.tone, place)
        if not self.streaming:
            for i, column in enumerate(table.columns):
                if column.merged:
                    self._merge(sheet, table, i, first)

    def _merge(self, sheet: Worksheet, table: Table, column: int, first: int) -> None:
        """Equal cells below each other as one."""
        for start, end in _runs([cell_text(r.cells[column]) for r in table.rows]):
            text = cell_text(table.rows[start].cells[column])
            if end > start and text:
                sheet.merge_range(first + start, column, first + end, column, "", self.format(border=1, text_wrap=True))
                self.text(sheet, first + start, column, text, border=1, text_wrap=True)

    def cell(
        self, sheet: Worksheet, row: int, at_column: int, cell: Cell, column: Column, tone: Tone, place: Callable[[int, int], str]
    ) -> None:
        """One cell of a table."""
        look: dict[str, Any] = {"border": 1, "text_wrap": True}
        look |= {"bold": True, "bg_color": "#F6F7F9"} if tone == "strong" else {"font_color": _INKS[tone]} if _INKS[tone] else {}
        look |= {"align": "right"} if column.align == "right" else {}
        shown = number_format(cell) if isinstance(cell, Figure) else None
        if isinstance(cell, Figure) and cell.value is not None and shown is not None:
            formula = None if cell.formula is None else written(cell.formula, place)
            self.number(sheet, row, at_column, cell.value, self.format(**look, num_format=shown), formula)
        else:
            self.text(sheet, row, at_column, cell_text(cell), **look)

    def number(self, sheet: Worksheet, row: int, column: int, value: Exact, look: Format, formula: str | None = None) -> None:
        """A number or a formula that gives it.  A workbook knows only doubles: what has no last digit is written as its quotient."""
        told = float(value)
        text = exact_text(value)
        if formula is None and "/" in text:
            formula = number_formula(value).strip("()")
        if formula is not None:
            sheet.write_formula(row, column, f"={formula}", look, told)
        elif len(text.strip("-").replace(".", "").lstrip("0")) > _DIGITS:
            sheet.write_string(row, column, text, look)
        else:
            sheet.write_number(row, column, told, look)

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **look: Any) -> None:
        """Text that stays text; what no cell can hold is cut, and says so."""
        shown = clean_cell(text)
        if len(shown) > MOST_CHARACTERS:
            note = "……（过长，余下从略）" if self.language == "zh" else " … (too long for a cell)"
            shown = shown[: MOST_CHARACTERS - len(note)] + note
        if _RISKY.match(shown):
            look = {**look, "quote_prefix": True}
        sheet.write_string(row, column, shown, self.format(**look))


def clean_cell(text: str) -> str:
    """Text without characters that a workbook or a screen would act on; line breaks stay."""
    return "\n".join(clean(line) for line in text.split("\n")) if "\n" in text else clean(text)


def at(row: int, column: int) -> str:
    """The name of a cell: ``A1``."""
    letters = ""
    while column >= 0:
        letters = chr(65 + column % 26) + letters
        column = column // 26 - 1
    return f"{letters}{row + 1}"


def number_format(figure: Figure) -> str | None:
    """The format that shows a figure as its text does; ``None`` where no format does."""
    text = figure.text
    if found := re.fullmatch(r"(≈?)([+−-]?)\d+(?:\.(\d+))?(%?)", text):
        digits = f"0{'.' + '0' * len(found[3]) if found[3] else ''}{found[4]}"
        shown = f'"≈"{digits}' if found[1] else digits
        return f'+{shown};"−"{shown}' if found[2] in ("+", "−") and found[2] else shown
    if found := re.fullmatch(r"-?\d+/(\d{1,6})", text):
        return f"?/{found[1]}"
    return None


def _runs(values: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where equal values begin and end."""
    start = 0
    for i in range(1, len(values) + 1):
        if i == len(values) or values[i] != values[start]:
            yield start, i - 1
            start = i


def column_widths(table: Table, across: int = _PAGE) -> list[int]:
    """Characters for each column; where they do not fit a page, the widest that wraps gives way."""
    widths = [_column_width(table, i) for i in range(len(table.columns))]
    while sum(widths) > across:
        elastic = [i for i, c in enumerate(table.columns) if c.wrap and widths[i] > _NARROWEST + 1]
        if not elastic:
            break
        widths[max(elastic, key=lambda i: widths[i])] -= 1
    return widths


def _column_width(table: Table, column: int) -> int:
    """Characters that a column would like, within reason."""
    longest = max((max(map(width_of, cell_text(r.cells[column]).split("\n"))) for r in table.rows), default=0)
    title = width_of(table.columns[column].title)
    return max(_NARROWEST, min(_WIDEST, max(longest, title if table.columns[column].wrap else min(title, _TITLE)) + 2))


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a column."""
    return sum(max(1, -(-(width_of(line) + 1) // max(1, width - 1))) for line in text.split("\n"))


class _Text:
    """Writes the blocks of a document: named tables into sheets of their own, the rest onto a page in order."""

    PAGE = 6

    def __init__(self, book: Book, title: str) -> None:
        self.book, self.title = book, title
        self.lines: list[tuple[str, dict[str, Any]] | Table] = []
        self.charts: list[Chart] = []

    def block(self, block: Block) -> None:
        match block:
            case Heading(text, level):
                self.lines.append((text, {"bold": True, "font_size": {1: 16, 2: 13}.get(level, 11)}))
            case Paragraph(text, tone):
                self.lines.append((text, self.ink(tone)))
            case Items(items):
                for item in items:
                    self.item(item, 0)
            case Table(_, _, name):
                if name:
                    self.book.table(block, name, self.title)
                else:
                    self.lines.append(block)
            case Preformatted(lines):
                self.lines += [(line, {"font_name": "Consolas"}) for line in lines]
            case Versus():
                self.lines.append(self.versus(block))
            case SideBySide(left, right):
                for inner in (*left, *right):
                    self.block(inner)
            case Section():
                for inner in unfolded(block):
                    self.block(inner)
            case Chart():
                self.charts.append(block)
            case _:
                assert_never(block)

    def ink(self, tone: Tone) -> dict[str, Any]:
        return {"bold": True} if tone == "strong" else {"font_color": _INKS[tone]} if _INKS[tone] else {}

    def item(self, item: Item | Versus, depth: int) -> None:
        if isinstance(item, Versus):
            self.lines.append(self.versus(item))
            return
        self.lines.append((item.text, {**self.ink(item.tone), "indent": depth + 1}))
        for below in item.items:
            self.item(below, depth + 1)

    def versus(self, versus: Versus) -> Table:
        from .as_html import aligned

        old, new = ("原来", "现在") if self.book.language == "zh" else ("before", "now")
        rows = tuple(Row((o or "", n or ""), "plain" if same else "warn") for o, n, same in aligned(versus))
        return Table((Column(old, wrap=True), Column(new, wrap=True)), rows)

    def finish(self) -> None:
        """The page of text after the tables, then the charts with the figures that they draw."""
        if any(not (isinstance(line, tuple) and line[0] == self.title) for line in self.lines):
            self.page()
        if self.charts:
            _Charts(self.book).write(self.charts)

    def page(self) -> None:
        book = self.book
        sheet = book.sheet("说明" if book.language == "zh" else "text")
        sheet.hide_gridlines(2)
        widths = [max((_column_width(t, i) for t in self.lines if isinstance(t, Table) and i < len(t.columns)), default=14) for i in range(self.PAGE)]
        for i, width in enumerate(widths):
            sheet.set_column(i, i, width)
        across = sum(widths)
        row = 0
        for line in self.lines:
            if isinstance(line, Table):
                book.header(sheet, row, line.columns)
                book.rows(sheet, line, row + 1, widths)
                row += len(line.rows) + 2
                continue
            text, look = line
            sheet.merge_range(row, 0, row, self.PAGE - 1, "", book.format(text_wrap=True, **look))
            book.text(sheet, row, 0, text, text_wrap=True, **look)
            height = -(-width_of(text) // max(1, across - 4 - 2 * look.get("indent", 0)))
            sheet.set_row(row, max(1, height) * look.get("font_size", 10) * 1.5)
            row += 1


class _Charts:
    """Native charts on a sheet, over the table of the figures that they draw; a gap is an empty cell."""

    TALL, WIDE = 22, 11
    _DASHES = ("solid", "dash", "round_dot")
    _MARKS = ("circle", "square", "triangle")

    def __init__(self, book: Book) -> None:
        self.book = book

    def write(self, charts: Sequence[Chart]) -> None:
        sheet = self.book.sheet("图表" if self.book.language == "zh" else "charts")
        sheet.set_column(0, 0, 30)
        row = 0
        for chart in charts:
            self.one(sheet, chart, row)
            row += max(self.TALL, len(chart.categories) + 3)

    def one(self, sheet: Worksheet, chart: Chart, row: int) -> None:
        book = self.book
        drawn: Any = book.book.add_chart({"type": "radar", "subtype": "with_markers"} if chart.kind == "radar" else {"type": "bar"})
        book.text(sheet, row, 0, chart.title, bold=True)
        for i, series in enumerate(chart.series):
            book.text(sheet, row, i + 1, series.name, bold=True, border=1)
        look = book.format(border=1, num_format="0.0%" if chart.percent else "0.00" if any(_whole(s.values) for s in chart.series) else "0")
        for n, category in enumerate(chart.categories, 1):
            book.text(sheet, row + n, 0, category, border=1)
            for i, series in enumerate(chart.series):
                value = series.values[n - 1]
                if value is not None:
                    book.number(sheet, row + n, i + 1, value, look)
        name, last = sheet.get_name(), row + len(chart.categories)
        for i, _ in enumerate(chart.series):
            line = {"width": 2, "dash_type": self._DASHES[i % 3]}
            marker = {"type": self._MARKS[i % 3], "size": 6}
            drawn.add_series({
                "name": [name, row, i + 1], "categories": [name, row + 1, 0, last, 0], "values": [name, row + 1, i + 1, last, i + 1],
                **({"line": line, "marker": marker} if chart.kind == "radar" else {"data_labels": {"value": True}}),
            })  # fmt: skip
        drawn.set_title({"name": clean(chart.title), "name_font": {"size": 12}})
        axis = {"min": 0, **({"max": float(chart.top)} if chart.top is not None else {}), "num_format": "0%" if chart.percent else "General"}
        (drawn.set_y_axis if chart.kind == "radar" else drawn.set_x_axis)(axis)
        if chart.kind == "bars":
            drawn.set_y_axis({"reverse": True})
        drawn.set_legend({"position": "bottom"} if len(chart.series) > 1 else {"none": True})
        drawn.show_blanks_as("gap")
        drawn.set_size({"width": 640, "height": 400})
        sheet.insert_chart(row, len(chart.series) + 2, drawn, {"description": clean(chart.title)})


def _whole(values: Sequence[Exact | None]) -> bool:
    """Whether some value is no whole number."""
    return any(v is not None and v.denominator != 1 for v in values)
