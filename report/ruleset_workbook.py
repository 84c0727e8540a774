"""A ruleset as the workbook that staff know: one row an indicator, and a sheet for every other part.

White cells are what the text says and are read back; grey ones are made here and are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language, spellings, word
from ..dsl.model import Ruleset
from ..dsl.numbers import Exact, exact_text
from ..dsl.parse import ITEMS
from ..dsl.sheets.columns import KINDS, PRINTED, SOURCE_TITLE, Column, sheet_title
from ..dsl.sheets.rows import RulesetSheet, RulesetSheets, SheetRow
from ..dsl.syntax import Block, SourceFile
from ..dsl.units import known_units
from ..engine.form import data_beneath
from ..engine.schema import evidence_kinds
from .standard_words import standard_words
from .workbook_cells import MADE, MOST_IN_CELL, WRONG, Book, fraction_formula, lines_in, page, row_height

_HEADER = 2
_FIRST = _HEADER + 1
#: Rows below the last one that drop-downs reach as well, for rows to come.
_SPARE = 200
_NUMBERS = frozenset({"points", "weight", "order", "position"})
_CENTRED = frozenset({"order", "kind", "code", "points", "weight", "individual", "worth", "below", "balance", "form"})
_SUMS = ("parent", "worth1", "worth2", "worth", "below", "balance")
_PLAIN_SECTIONS = ("DATA", "DERIVED", "PARAMETERS", "RECONCILE", "UNSCORED", "DIMENSIONS", "PROBLEM_TYPES")
_HINTS: Mapping[str, tuple[str, str]] = {
    "indicators": (
        "白色的格子可改，灰色的自动生成、不读回。评分标准由右边的规则行生成：改规则行。行的先后看序号；新行可不写序号。改完用 ruleeval import 读回。",
        "White cells are yours to change; grey ones are made from them and not read back. The standard in words is made from the rule lines "
        "beside it. The numbers in the first column give the order; a new row needs none. Read it back with: ruleeval import",
    ),
    "data": (
        "一行一项数据；记录表的各列写明所属记录表。行的先后看序号；新行可不写序号。",
        "One row a data item; the columns of a table of records name the table. The numbers in the first column give the order.",
    ),
    "statements": (
        "一行一句：项目在左，内容在右。行的先后看序号；新行可不写序号。",
        "One row a statement: what it is on the left, what it says on the right. The numbers in the first column give the order.",
    ),
}


class TooLong(Exception):
    """A cell would hold more than a spreadsheet can; ``diagnostic`` says which."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.code)


def ruleset_workbook(sheets: RulesetSheets, text: str, file: SourceFile, ruleset: Ruleset | None, source: str) -> bytes:
    """The workbook of a ruleset, as the bytes of an ``.xlsx`` file.

    ``text`` is the text in the one layout that ``sheets`` and ``file`` were made of, ``ruleset``
    what it means (or nothing where it does not check), ``source`` the name of its file.
    Raises `TooLong`.
    """
    return _Writer(sheets, text, file, ruleset, source).content()


def standards_in_words(file: SourceFile) -> dict[str, str]:
    """The sentence of every indicator by its code."""
    items = [b for b in file.blocks if b.kind in ITEMS]
    return {_code(b): standard_words(b, file.language) for b in items}


def _code(block: Block) -> str:
    return list(block.line.node.words())[1].text


class _Writer:
    """Writes one workbook."""

    def __init__(self, sheets: RulesetSheets, text: str, file: SourceFile, ruleset: Ruleset | None, source: str) -> None:
        self.sheets, self.lines, self.ruleset, self.source = sheets, text, ruleset, source
        self.language: Language = sheets.language
        self.zh = self.language == "zh"
        self.words = standards_in_words(file)
        self.book = Book(self.language)

    def content(self) -> bytes:
        first = sorted(self.sheets.sheets, key=lambda s: s.kind != "indicators")
        made = [(sheet, self.book.sheet(sheet_title(sheet.key, self.language))) for sheet in first]
        for sheet, out in made:
            self.sheet(sheet, out)
        self.source_sheet()
        return self.book.content()

    def sheet(self, sheet: RulesetSheet, out: Worksheet) -> None:
        columns = KINDS[sheet.kind][0]
        at = {c.key: n for n, c in enumerate(columns)}
        shown = at[PRINTED if sheet.kind == "indicators" else "comment"]
        name = self.ruleset.name if self.ruleset is not None else self.source
        hint = _HINTS[sheet.kind][0 if self.zh else 1]
        self.book.title(out, f"{name}　{sheet_title(sheet.key, self.language)}", hint, shown + 1, 1 if self.zh else 2)
        self.book.header(out, _HEADER, [c.heading(self.language) for c in columns])
        for position, column in enumerate(columns):
            out.set_column(position, position, column.width, None, {"hidden": column.hidden or self.is_unused(column, sheet.rows)})
        for number, row in enumerate(sheet.rows, _FIRST):
            self.row(out, number, row, columns)
        last = _FIRST + max(1, len(sheet.rows)) - 1
        if sheet.kind == "indicators":
            _Indicators(self, out, sheet.rows, at).write()
        elif sheet.kind == "data":
            self.data_lists(out, at, last)
        out.autofilter(_HEADER, 0, last, len(columns) - 1)
        out.freeze_panes(_FIRST, at["points"] if "points" in at else at.get("name", at.get("left", 1)) + 1)
        page(out, self.language, header_row=_HEADER, printed=(0, 0, last + (sheet.kind == "indicators"), shown))

    def is_unused(self, column: Column, rows: Sequence[SheetRow]) -> bool:
        """Whether a column that most rulesets do without can be kept out of sight."""
        if column.key == "opening":
            return {r.get("opening") for r in rows} <= {"", "—", *(word(k, self.language) for k in _PLAIN_SECTIONS)}
        return column.key in ("above", "table", "weight", "individual") and not any(r.get(column.key) for r in rows)

    def row(self, out: Worksheet, number: int, row: SheetRow, columns: Sequence[Column]) -> None:
        strong = row.get("kind") in (word("LEVEL1", self.language), word("LEVEL2", self.language))
        lines = 1
        for position, column in enumerate(columns):
            text = self.made_text(row, column.key) if column.made else row.get(column.key)
            if len(text) > MOST_IN_CELL:
                facts = {"name": row.get("code") or row.get("name") or row.get("left"), "column": column.heading(self.language), "count": str(len(text))}
                raise TooLong(Diagnostic("E968", (), facts, source="file"))
            if not column.hidden and column.key not in ("name1", "name2"):
                lines = max(lines, lines_in(text, column.width))
            look = look_of(column, strong=strong)
            if text and column.key in _NUMBERS:
                self.book.number(out, number, position, text, **look)
            else:
                self.book.text(out, number, position, text, **look)
        out.set_row(number, row_height(lines))

    def made_text(self, row: SheetRow, key: str) -> str:
        code = row.get("code")
        if key == "words":
            return self.words.get(code, "")
        indicator = self.ruleset.by_code.get(code) if key == "data" and self.ruleset is not None else None
        if indicator is None or self.ruleset is None:
            return ""
        return ("、" if self.zh else "; ").join(data_beneath(self.ruleset, indicator.inputs))

    def data_lists(self, out: Worksheet, at: Mapping[str, int], last: int) -> None:
        used = [d.type.unit.name for d in self.ruleset.data if d.type.unit.name] if self.ruleset is not None else []
        units = list(dict.fromkeys([*used, *known_units(self.language)]))
        marks = [word(k, self.language) for k in ("ASSESSED", "FIXED", "MATTER", "MAY_BE_BLANK", "PERSONAL", "IDENTITY")]
        for key, words in (("unit", units), ("type", list(spellings("type", self.language))), ("marks", marks)):
            self.book.drop_down(out, (_FIRST, at[key], last + _SPARE, at[key]), words, strict=False)

    def source_sheet(self) -> None:
        """The text itself, out of sight: what an import tells changes against."""
        out = self.book.sheet(SOURCE_TITLE[0 if self.zh else 1], hidden=True)
        for row, (name, value) in enumerate((("ruleeval", "1"), ("file", self.source), ("language", self.language))):
            self.book.text(out, row, 0, name)
            self.book.text(out, row, 1, value)
        for row, line in enumerate(self.lines.removesuffix("\n").split("\n"), 3):
            out.write_string(row, 0, f"|{line}")


def look_of(column: Column, *, strong: bool = False) -> dict[str, Any]:
    """How the cells of a column look."""
    look: dict[str, Any] = {"border": 1, "border_color": "#BFBFBF", "bold": strong, "locked": column.made}
    if column.key in _CENTRED:
        look |= {"align": "center", "valign": "vcenter"}
    if column.made:
        look |= {"bg_color": MADE, "font_color": "#404040"}
    return look


class _Indicators:
    """What the sheet of indicators has besides its rows: merged names, sums, drop-downs, colours."""

    def __init__(self, writer: _Writer, out: Worksheet, rows: Sequence[SheetRow], at: Mapping[str, int]) -> None:
        self.writer, self.out, self.rows, self.at = writer, out, rows, at
        self.book, self.language, self.zh, self.ruleset = writer.book, writer.language, writer.zh, writer.ruleset
        self.letter = {key: xl_col_to_name(n) for key, n in at.items()}
        self.last = _FIRST + max(1, len(rows)) - 1
        self.levels = [word(f"LEVEL{n}", self.language) for n in (1, 2, 3)]
        self.sums_by_case = {i.parent for i in (self.ruleset.indicators if self.ruleset else ()) if i.applies_if is not None and i.parent is not None}
        self.columns = {c.key: c for c in KINDS["indicators"][0]}

    def write(self) -> None:
        for number, row in enumerate(self.rows, _FIRST):
            if row.get("kind") in self.levels:
                self.sums(number, row)
        self.total_row()
        self.merged_names()
        self.lists()
        self.colours()

    def cell(self, key: str, number: int) -> str:
        return f"{self.letter[key]}{number + 1}"

    def span(self, key: str) -> str:
        letter = self.letter[key]
        return f"${letter}${_FIRST + 1}:${letter}${self.last + 1}"

    def put(self, number: int, key: str, formula: str, value: str | Exact, *, strong: bool) -> None:
        self.book.formula(self.out, number, self.at[key], formula, value, **look_of(self.columns[key], strong=strong))

    # ---- sums ----

    def sums(self, number: int, row: SheetRow) -> None:
        """The parent, the points in full, the sum below and whether they agree, as live formulas.

        Level by level in columns of their own, since no column may add up itself.
        """
        code, kind, points, weight = (self.cell(k, number) for k in ("code", "kind", "points", "weight"))
        indicator = self.ruleset.by_code.get(row.get("code")) if self.ruleset is not None else None
        strong = row.get("kind") != self.levels[2]
        worth: Exact = indicator.points if indicator is not None else 0
        letters = f"IF(ISNUMBER(--MID({code},2,9)),LEFT({code},1),LEFT({code},2))"
        upper = f'IF({kind}="{self.levels[2]}",LEFT({code},FIND(".",{code}&".")-1),IF({kind}="{self.levels[1]}",{letters},""))'
        self.put(number, "parent", f"={upper}", (indicator.parent or "") if indicator is not None else "", strong=strong)
        joint = fraction_formula(worth) if not row.get("points") and not row.get("weight") else "0"
        parent = self.cell("parent", number)

        def given(above: str) -> str:
            return f'IF({points}<>"",{points},IF({weight}<>"",{weight}*SUMIF({self.span("code")},{parent},{self.span(above)}),{joint}))'

        level = self.levels.index(row.get("kind"))
        self.put(number, "worth1", f'=IF({kind}="{self.levels[0]}",IF({points}<>"",{points},{joint}),"")', worth if level == 0 else "", strong=strong)
        self.put(number, "worth2", f'=IF({kind}="{self.levels[1]}",{given("worth1")},"")', worth if level == 1 else "", strong=strong)
        first, second = self.cell("worth1", number), self.cell("worth2", number)
        whole = f'=IF({kind}="{self.levels[0]}",{first},IF({kind}="{self.levels[1]}",{second},{given("worth2")}))'
        self.put(number, "worth", whole, worth, strong=strong)
        if level == 2 and not (indicator is not None and indicator.children):
            return
        if row.get("code") in self.sums_by_case:
            self.book.text(self.out, number, self.at["below"], "分情形" if self.zh else "by case", **look_of(self.columns["below"], strong=strong))
            return
        below = sum((self.ruleset.by_code[c].points for c in indicator.children), 0) if indicator is not None and self.ruleset is not None else 0
        self.put(number, "below", f"=SUMIF({self.span('parent')},{code},{self.span('worth')})", below, strong=strong)
        self.put(number, "balance", f"={self.difference(self.cell('worth', number), self.cell('below', number))}", "", strong=strong)

    def difference(self, one: str, other: str) -> str:
        short, over = ("差", "多") if self.zh else ("short by ", "over by ")
        return f'IF(ROUND({one}-{other},8)=0,"",IF({one}>{other},"{short}"&ROUND({one}-{other},8),"{over}"&ROUND({other}-{one},8)))'

    def total_row(self) -> None:
        """The points of level 1 together, held against the full score."""
        row, ruleset = self.last + 1, self.ruleset
        look = {**look_of(self.columns["worth"], strong=True), "align": "center"}
        for position in range(len(self.at)):
            self.book.text(self.out, row, position, "", **look)
        self.book.text(self.out, row, self.at["name1"], "合计" if self.zh else "total", **look)
        total = f'SUMIF({self.span("kind")},"{self.levels[0]}",{self.span("worth")})'
        value: Exact = sum((i.points for i in ruleset.roots), 0) if ruleset is not None else 0
        self.book.formula(self.out, row, self.at["points"], f"={total}", value, **look)
        if ruleset is None or ruleset.awaited or any(i.applies_if is not None for i in ruleset.roots):
            return
        full = exact_text(ruleset.full_score)
        self.book.text(self.out, row, self.at["words"], f"满分{full}分" if self.zh else f"full score {full} points", **look)
        self.book.formula(self.out, row, self.at["balance"], f"={self.difference(fraction_formula(ruleset.full_score), total)}", "", **look)

    # ---- names ----

    def merged_names(self) -> None:
        """Level-1 and level-2 names down over what is below them; every cell keeps the name, so that filters find it."""
        kinds = [r.get("kind") for r in self.rows]
        for level, key in ((1, "name1"), (2, "name2")):
            look = {**look_of(self.columns[key], strong=True), "valign": "vcenter"}
            for start, end in _spans(kinds, level, self.language):
                column = self.at[key]
                if end > start:
                    self.out.merge_range(_FIRST + start, column, _FIRST + end, column, "", self.book.look(**look))
                for row in range(start, end + 1):
                    self.book.text(self.out, _FIRST + row, column, self.rows[start].get(key), **look)

    # ---- drop-downs and colours ----

    def down(self, key: str) -> tuple[int, int, int, int]:
        return _FIRST, self.at[key], self.last + _SPARE, self.at[key]

    def lists(self) -> None:
        kinds = [word(k, self.language) for k in ("LEVEL1", "LEVEL2", "LEVEL3", "BONUS", "EXTRA", "VETO")]
        self.book.drop_down(self.out, self.down("kind"), kinds, strict=True)
        self.book.drop_down(self.out, self.down("form"), list(spellings("form", self.language)), strict=True)
        self.book.drop_down(self.out, self.down("individual"), [word("INDIVIDUAL", self.language)], strict=True)
        evidence = evidence_kinds(self.ruleset) if self.ruleset is not None else []
        if evidence:
            self.book.drop_down(self.out, self.down("evidence"), evidence, strict=False)
        refuse = {
            "validate": "custom", "value": "=FALSE", "ignore_blank": False,
            "error_title": "自动生成" if self.zh else "made automatically",
            "error_message": "这一格由别的格子自动生成。评分标准请改规则行。" if self.zh
            else "This cell is made from others. To change a standard, change its rule lines.",
        }  # fmt: skip
        for key in ("words", "data", *_SUMS):
            self.out.data_validation(*self.down(key), dict(refuse))

    def colours(self) -> None:
        """Points that do not add up, in red."""
        wrong = self.book.book.add_format({"bg_color": WRONG})
        criteria = f'=LEN(${self.letter["balance"]}{_FIRST + 1})>0'
        for key in ("points", "weight", "below", "balance"):
            self.out.conditional_format(_FIRST, self.at[key], self.last + 1, self.at[key], {"type": "formula", "criteria": criteria, "format": wrong})


def _spans(kinds: Sequence[str], level: int, language: Language) -> Iterator[tuple[int, int]]:
    """From where to where each indicator of a level reaches over those below it."""
    own = word(f"LEVEL{level}", language)
    deeper = {word(f"LEVEL{n}", language) for n in range(level + 1, 4)}
    start = None
    for position, kind in enumerate([*kinds, ""]):
        if start is not None and kind not in deeper:
            yield start, position - 1
            start = None
        if kind == own:
            start = position
