"""What every workbook of sheets to edit is written with: text that stays text, exact numbers, looks, pages.

A text that begins with ``=``, ``+``, ``-`` or ``@`` is a text to every program: it is written as
one, and carries the mark that keeps it so when the cell is edited.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from ..dsl.keywords import Language
from ..dsl.numbers import decimal_places
from .as_text import width_of

#: Digits that a spreadsheet keeps of a number; one with more is written as text.
_MOST_DIGITS = 15
#: Characters that one cell can hold.
MOST_IN_CELL = 32_767
_FORMULA_LIKE = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t")
_FONTS = {"zh": "宋体", "en": "Calibri"}
HEAD, MADE, FILL_IN, WRONG = "#D9E2F3", "#F2F2F2", "#FFF9E5", "#F8CBAD"
_A4 = 9


class Book:
    """A workbook being written, its looks, and the words its drop-downs offer."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.stream = BytesIO()
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(self.stream, {"in_memory": True, **plain})
        self.looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.lists: dict[tuple[str, ...], str] = {}
        self.long_lists: list[tuple[str, ...]] = []
        self.list_title = "选项" if language == "zh" else "lists"

    def sheet(self, title: str, *, hidden: bool = False) -> Worksheet:
        made = self.book.add_worksheet(title)
        if hidden:
            made.hide()
        return made

    def look(self, **wanted: Any) -> Format:
        """A format of the workbook's font, each made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self.looks:
            usual = {"font_name": _FONTS[self.language], "font_size": 10, "valign": "top", "text_wrap": True}
            self.looks[key] = self.book.add_format({**usual, **wanted})
        return self.looks[key]

    def content(self) -> bytes:
        """The bytes of the ``.xlsx`` file.  The book is closed by it."""
        if self.long_lists:
            lists = self.sheet(self.list_title, hidden=True)
            for column, words in enumerate(self.long_lists):
                for row, text in enumerate(words):
                    lists.write_string(row, column, text)
        self.book.close()
        return self.stream.getvalue()

    # ---- cells ----

    def text(self, sheet: Worksheet, row: int, column: int, text: str, **look: Any) -> None:
        """A text, and nothing but a text, whatever it begins with; a blank cell of that look for none."""
        if not text:
            sheet.write_blank(row, column, None, self.look(**look))
        elif text.startswith(_FORMULA_LIKE):
            sheet.write_string(row, column, text, self.look(**look, quote_prefix=True))
        else:
            sheet.write_string(row, column, text, self.look(**look))

    def number(self, sheet: Worksheet, row: int, column: int, text: str, **look: Any) -> None:
        """A decimal such as ``4.50`` or ``62.5%`` as a number that shows just those digits.

        One that no spreadsheet can keep in full is written as text.
        """
        percent = text.endswith("%")
        digits = text.removesuffix("%")
        if sum(c.isdigit() for c in digits.lstrip("-0.")) > _MOST_DIGITS:
            self.text(sheet, row, column, text, **look)
            return
        places = len(digits.partition(".")[2])
        zeros = "0." + "0" * places if places else "0"
        shown = zeros + "%" if percent else (zeros if digits.endswith("0") and places else "General")
        sheet.write_number(row, column, Decimal(digits).scaleb(-2) if percent else Decimal(digits), self.look(**look, num_format=shown))

    def formula(self, sheet: Worksheet, row: int, column: int, formula: str, value: str | int | Fraction = "", **look: Any) -> None:
        """A formula with the value it has now, for programs that do not work formulas out."""
        shown = value if isinstance(value, (str, int)) else float(value)
        sheet.write_formula(row, column, formula, self.look(**look), shown)

    def header(self, sheet: Worksheet, row: int, names: Sequence[str]) -> None:
        for column, name in enumerate(names):
            self.text(sheet, row, column, name, bold=True, bg_color=HEAD, border=1, border_color="#BFBFBF", align="center", valign="vcenter")

    def title(self, sheet: Worksheet, title: str, hint: str, columns: int, lines: int = 1) -> None:
        """A title and a hint over the table, each across its columns."""
        last = max(1, columns - 1)
        sheet.merge_range(0, 0, 0, last, "", self.look(bold=True, font_size=15, valign="vcenter", text_wrap=False))
        self.text(sheet, 0, 0, title, bold=True, font_size=15, valign="vcenter", text_wrap=False)
        sheet.merge_range(1, 0, 1, last, "", self.look(font_size=9, font_color="#595959", valign="vcenter"))
        self.text(sheet, 1, 0, hint, font_size=9, font_color="#595959", valign="vcenter")
        sheet.set_row(0, 26)
        sheet.set_row(1, 13 * lines + 2)

    # ---- drop-downs ----

    def source(self, words: Sequence[str]) -> list[str] | str:
        """What a drop-down of these words takes them from: itself, or a sheet out of sight."""
        key = tuple(words)
        if len(",".join(words)) <= 250 and not any("," in w or '"' in w or w != w.strip() or not w for w in words):
            return list(words)
        if key not in self.lists:
            column = xl_col_to_name(len(self.long_lists), col_abs=True)
            self.long_lists.append(key)
            self.lists[key] = f"='{self.list_title}'!{column}$1:{column}${max(1, len(words))}"
        return self.lists[key]

    def drop_down(self, sheet: Worksheet, area: tuple[int, int, int, int], words: Sequence[str], *, strict: bool, prompt: str = "") -> None:
        """A list to pick from; one that is not ``strict`` lets other things be typed."""
        wanted: dict[str, Any] = {"validate": "list", "source": self.source(words), "show_error": strict}
        if prompt:
            wanted["input_message"] = prompt[:255]
        if strict:
            wanted["error_title"], wanted["error_message"] = (
                ("不在列表里", "请从下拉列表里选一项。") if self.language == "zh" else ("not in the list", "Choose one of the list.")
            )
        sheet.data_validation(*area, wanted)


def page(sheet: Worksheet, language: Language, *, header_row: int | None, printed: tuple[int, int, int, int] | None = None, landscape: bool = True) -> None:
    """A4, one page wide, the header again on every page, page numbers at the foot."""
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer("&C— &P —" if language == "zh" else "&C&P of &N", {"margin": 0.35})
    if header_row is not None:
        sheet.repeat_rows(header_row)
    if printed is not None:
        sheet.print_area(*printed)


def fraction_formula(value: int | Fraction) -> str:
    """An exact number as part of a formula: ``4.2``, or ``14/3`` where no decimal ends."""
    if decimal_places(value) is None:
        return f"{value.numerator}/{value.denominator}"
    return f"{Decimal(value.numerator) / Decimal(value.denominator)}" if value.denominator != 1 else str(value.numerator)


def lines_in(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many characters."""
    room = max(2, int(width) - 1)
    return sum(max(1, -(-width_of(line) // room)) for line in text.split("\n"))


def row_height(lines: int) -> int:
    """The height of a row of so many lines, as far as a row can be high."""
    return min(409, 14 * max(1, lines) + 3)


def area_name(area: tuple[int, int, int, int]) -> str:
    """An area as a formula names it."""
    return str(xl_range(*area))
