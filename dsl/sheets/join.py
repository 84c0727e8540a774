"""Sheets of rows -> a ruleset's text, with the cell that every line came from.

Rows are taken in the order of their 序号, whatever the order in which they stand; where a
row has none it follows the row above it.  Blocks of several sheets are put together by the
position they had in the text, and where that is gone in the order of `columns.SHEETS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from ..characters import plain_digits
from ..codes import is_below, parent_code
from ..diagnostics import Diagnostic
from ..frozen import frozen
from ..keywords import KEYWORDS, Language, word
from ..numbers import read_decimal
from .cells import compose, opens_with
from .columns import SHEETS, sheet_title
from .rows import CellPlace, Joined, RulesetSheet, RulesetSheets, SheetRow

_ALONE = "—"
_KINDS = ("LEVEL1", "LEVEL2", "LEVEL3", "BONUS", "EXTRA", "VETO")
_DATA_COLUMNS = {"u": "unit", "r": "range", "s": "source", "m": "marks"}
_NAME_COLUMN = {"LEVEL1": "name1", "LEVEL2": "name2"}


@frozen
class _Line:
    text: str
    place: CellPlace
    within: tuple[tuple[int, CellPlace], ...] = ()


@frozen
class _Block:
    """The lines of one block, and its position in the text that the sheets were made from."""

    lines: tuple[_Line, ...]
    position: Fraction | None
    opens: bool = False
    """Whether a blank line stands over it."""


def join(sheets: RulesetSheets) -> Joined:
    """The text that the sheets say, not yet in the one layout.  Never raises."""
    joiner = _Joiner(sheets.language)
    blocks: list[tuple[Fraction, int, int, _Block]] = []
    ordered = sorted(sheets.sheets, key=lambda s: SHEETS.index(s.key) if s.key in SHEETS else len(SHEETS))
    floor = Fraction(0)
    for number, sheet in enumerate(ordered):
        at: Fraction | None = None
        for count, block in enumerate(joiner.sheet(sheet)):
            if block.position is not None:
                at = block.position if at is None else max(at, block.position)
            blocks.append((at if at is not None else floor, number, count, block))
        floor = max([floor, *(position for position, own, _, _ in blocks if own == number)])
    blocks.sort(key=lambda b: b[:3])
    blank = _Line("", CellPlace("", ""))
    lines = [line for *_, block in blocks for line in ((blank, *block.lines) if block.opens else block.lines)]
    lines = _tidy(lines)
    within = {n: line.within for n, line in enumerate(lines, 1) if line.within}
    return Joined("".join(f"{line.text}\n" for line in lines), tuple(line.place for line in lines), within, tuple(joiner.found))


def _tidy(lines: Sequence[_Line]) -> list[_Line]:
    """Without blank lines at the beginning, and never two after one another."""
    found: list[_Line] = []
    for line in lines:
        if line.text.strip() or (found and found[-1].text.strip()):
            found.append(line)
    return found


class _Joiner:
    """Puts one workbook together."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.colon = "：" if language == "zh" else ": "
        self.comma = "，" if language == "zh" else ", "
        self.found: list[Diagnostic] = []

    def report(self, code: str, place: CellPlace, **facts: str) -> None:
        self.found.append(Diagnostic(code, (), facts, path=str(place), source="sheet"))

    def sheet(self, sheet: RulesetSheet) -> list[_Block]:
        match sheet.kind:
            case "indicators":
                return self.indicators(sheet)
            case "data":
                return self.data(sheet)
        return self.statements(sheet)

    # ---- order ----

    def ordered(self, rows: Iterable[SheetRow]) -> list[SheetRow]:
        """Rows by their number; one without a number behind the one above it."""
        keyed: list[tuple[Fraction, int, SheetRow]] = []
        last = Fraction(0)
        for count, row in enumerate(rows):
            last = self.number(row, "order", last)
            keyed.append((last, count, row))
        return [row for _, _, row in sorted(keyed, key=lambda k: k[:2])]

    def number(self, row: SheetRow, key: str, default: Fraction) -> Fraction:
        text = plain_digits(row.get(key)).strip()
        if not text:
            return default
        try:
            return Fraction(read_decimal(text))
        except (ValueError, ZeroDivisionError):
            self.report("E962", row.place(key), text=text)
            return default

    def position(self, row: SheetRow) -> Fraction | None:
        text = row.get("position").strip()
        return Fraction(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None

    # ---- statements ----

    def statements(self, sheet: RulesetSheet) -> list[_Block]:
        blocks: list[_Block] = []
        opening: str | None = None
        usual = self.usual_opening(sheet.key)
        for row in self.ordered(sheet.rows):
            given = row.get("opening").strip()
            if not given and not row.get("left").strip() and not row.get("right").strip():
                blocks.append(_Block(tuple(self.above(row)), self.position(row)))
                continue
            line = self.statement(row)
            if sheet.key == "head" or given == _ALONE or (not given and usual is None and opening is None):
                opening = None
                blocks.append(_Block((*self.above(row), *line), self.position(row)))
                continue
            wanted = given or opening or usual or ""
            if wanted != opening or not line:
                opening = wanted
                blocks.append(self.opened(row, wanted, begins=not line))
            if line:
                blocks[-1] = replace(blocks[-1], lines=(*blocks[-1].lines, *self.above(row, "  "), *line))
        return blocks

    def opened(self, row: SheetRow, opening: str, *, begins: bool) -> _Block:
        """The opening of a section; the comments of a row that holds nothing else are its own."""
        beside = self.beside(row) if begins else ""
        over = self.above(row) if begins else []
        return _Block((*over, _Line(opening + beside, row.place("opening", "left", "name"))), self.position(row), opens=True)

    def usual_opening(self, key: str) -> str | None:
        """How the section of a sheet opens where its rows do not say it."""
        plain = {"data", "derived", "parameters", "reconcile", "unscored", "dimensions", "problem_types"}
        return word(key.upper(), self.language) if key in plain else None

    def statement(self, row: SheetRow) -> list[_Line]:
        left, right = row.get("left").strip(), row.get("right").strip()
        if not left and not right:
            return []
        mark = self.colon if left and right else ""
        within = ((0, row.place("left")), (len(left), row.place("right"))) if mark else ()
        return [_Line(f"{left}{mark}{right}{self.beside(row)}", row.place("right" if right else "left"), within)]

    def above(self, row: SheetRow, indent: str = "") -> list[_Line]:
        text = row.get("above")
        if not text:
            return []
        place = row.place("above")
        lines = text.split("\n")
        shown = [""] if not any(lines) else lines
        return [_Line(f"{indent}{self.remark(t)}" if t.strip() else "", replace(place, line=n)) for n, t in enumerate(shown, 1)]

    def beside(self, row: SheetRow) -> str:
        text = row.get("comment").strip()
        return f"  {self.remark(text)}" if text else ""

    def remark(self, text: str) -> str:
        plain = text.strip().replace("\n", " ")
        return plain if plain[0] in "#＃" else f"# {plain}"

    # ---- data ----

    def data(self, sheet: RulesetSheet) -> list[_Block]:
        blocks: list[_Block] = []
        opening: str | None = None
        rows = self.ordered(sheet.rows)
        columns: dict[str, list[SheetRow]] = {}
        for row in rows:
            if row.get("table").strip() not in ("", _ALONE):
                columns.setdefault(row.get("table").strip(), []).append(row)
        for row in rows:
            if row.get("table").strip() not in ("", _ALONE):
                continue
            given = row.get("opening").strip()
            name = row.get("name").strip()
            if not given and not name:
                blocks.append(_Block(tuple(self.above(row)), self.position(row)))
                continue
            wanted = given or opening or word("DATA", self.language)
            if wanted != opening or not name:
                opening = wanted
                blocks.append(self.opened(row, wanted, begins=not name))
            if name:
                below = [line for column in columns.pop(name, []) for line in self.data_row(column)]
                blocks[-1] = replace(blocks[-1], lines=(*blocks[-1].lines, *self.data_row(row), *below))
        for table, left in columns.items():
            self.report("E963", left[0].place("table"), name=table)
        return blocks

    def data_row(self, row: SheetRow) -> list[_Line]:
        name, kind = row.get("name").strip(), row.get("type").strip()
        column = f"{word('COLUMN', self.language)} " if row.get("table").strip() else ""
        if not kind:
            self.report("E964", row.place("type", "name"), name=name)
        pieces = {"u": row.get("unit"), "r": row.get("range"), "s": row.get("source"), "m": row.get("marks")}
        split = {k: self.clauses(v, k) for k, v in pieces.items() if v.strip()}
        order = list(row.get("pattern"))
        if sorted(order) != sorted(k for k, parts in split.items() for _ in parts):
            known = {k: i for i, k in reversed(list(enumerate(order)))}
            order = [k for k in sorted(split, key=lambda k: (known.get(k, len(order) + "ursm".index(k)))) for _ in split[k]]
        text = f"  {column}{name}{self.colon}"
        within = [(0, row.place("name")), (len(text), row.place("type"))]
        text += kind
        for letter in order:
            within.append((len(text), row.place(_DATA_COLUMNS[letter])))
            text += self.comma + split[letter].pop(0)
        return [*self.above(row, "  "), _Line(text + self.beside(row), row.place("name"), tuple(within))]

    def clauses(self, text: str, letter: str) -> list[str]:
        parts = [p.strip() for p in text.replace("\n", self.comma).replace(",", "，").split("，") if p.strip()]
        if letter == "s":
            source = word("SOURCE", self.language)
            return [f"{source} {text.strip().removeprefix(source).strip()}"]
        return parts

    # ---- indicators ----

    def indicators(self, sheet: RulesetSheet) -> list[_Block]:
        rows = [r for r in self.ordered(sheet.rows) if self.is_item(r)]
        return [self.item(row) for row in self.in_tree_order(rows)]

    def is_item(self, row: SheetRow) -> bool:
        """Whether a row is an indicator: subtotals, totals and blank rows are not."""
        if row.get("code").strip():
            return True
        named = any(row.get(k).strip() for k in ("name3", "rules", "form"))
        summing = any(t in row.get(k) for k in ("kind", "name1", "name2", "name3") for t in ("合计", "小计", "总计", "total"))
        if named and not summing:
            self.report("E961", row.place("code", "name3"), name=row.get("name3").strip() or row.get("rules").strip()[:20])
        return False

    def in_tree_order(self, rows: Sequence[SheetRow]) -> list[SheetRow]:
        """A row that has lost its place, or has none yet, behind its elder siblings and what is below them."""
        codes = {self.code(r) for r in rows}
        found: list[SheetRow] = []
        placed: set[str] = set()
        for row in rows:
            upper = parent_code(self.code(row)) if self.kind(row) in _KINDS[:3] else None
            inside = upper is None or upper not in codes or upper in placed
            placed.add(self.code(row))
            if row.get("order").strip() and row.get("position").strip() and inside:
                found.append(row)
            else:
                found.insert(self.place_of(upper, found), row)
        return found

    def place_of(self, upper: str | None, found: Sequence[SheetRow]) -> int:
        if upper is None:
            return len(found)
        below = (i for i in range(len(found) - 1, -1, -1) if self.code(found[i]) == upper or is_below(self.code(found[i]), upper))
        return next(below, len(found) - 1) + 1

    def code(self, row: SheetRow) -> str:
        return plain_digits(row.get("code")).strip()

    def kind(self, row: SheetRow) -> str:
        """The keyword of a row's level: as its cell says, else by its code."""
        given = row.get("kind").strip()
        if given:
            key = next((k for k in _KINDS if given in (KEYWORDS[k].zh, KEYWORDS[k].en)), None)
            if key is not None:
                return key
            self.report("E965", row.place("kind"), text=given)
        return "LEVEL3" if "." in self.code(row) else "LEVEL1" if self.code(row).isalpha() else "LEVEL2"

    def item(self, row: SheetRow) -> _Block:
        kind = self.kind(row)
        name_key = _NAME_COLUMN.get(kind, "name3")
        name = " ".join(row.get(name_key).split("\n")).strip()
        if not name:
            self.report("E966", row.place(name_key, "code"), code_of=self.code(row), column=_name_heading(name_key, self.language))
        opening = f"{word(kind, self.language)} "
        named = f"{opening}{self.code(row)} "
        within = [(0, row.place("kind", "code")), (len(opening), row.place("code")), (len(named), row.place(name_key))]
        share = self.share(row, kind)
        if share:
            within.append((len(named + name), row.place("weight" if row.get("weight").strip() else "points")))
        lines = [*self.above(row), _Line(named + name + share + self.beside(row), row.place(name_key), tuple(within))]
        cells = row.cells
        if row.get("form").strip() and any(opens_with(t, ("STANDARD",), self.language) for t in row.get("rules").split("\n")):
            self.report("E967", row.place("form"), code_of=self.code(row), form=row.get("form").strip())
        for line in compose(cells, self.language):
            text = f"  {line.text}" if line.text.strip() else ""
            lines.append(_Line(text, replace(row.place(line.column), line=line.line)))
        return _Block(tuple(lines), self.position(row), opens=True)

    def share(self, row: SheetRow, kind: str) -> str:
        """The points or the weight that a heading ends with."""
        weight, points = row.get("weight").strip(), row.get("points").strip()
        individual = row.get("individual").strip()
        tail = ""
        if weight:
            number = self.plain_number(weight, ("%", "％"), row, "weight")
            gap = " " if self.language == "en" else ""
            tail = f"{self.comma}{word('WEIGHT', self.language)}{gap}{number}%"
        elif points:
            number = self.plain_number(points, ("分", "points", "point"), row, "points")
            most = word("AT_MOST_POINTS", self.language) if kind in ("BONUS", "EXTRA") else ""
            unit = word("POINTS", self.language)
            tail = f"{self.comma}{most} {number} {unit}".replace(",  ", ", ") if self.language == "en" else f"{self.comma}{most}{number}{unit}"
        if individual and individual.lower() not in ("否", "no", word("COMMON", self.language)):
            tail += f"{self.comma}{word('INDIVIDUAL', self.language)}"
        return tail

    def plain_number(self, text: str, suffixes: Sequence[str], row: SheetRow, key: str) -> str:
        plain = plain_digits(text).replace("−", "-").replace("－", "-").strip()
        most = word("AT_MOST_POINTS", self.language)
        plain = plain.removeprefix(most).strip()
        for suffix in suffixes:
            plain = plain.removesuffix(suffix).strip()
        digits = plain.removeprefix("-")
        bare = key == "weight" and not text.rstrip().endswith(("%", "％"))
        if bare or not digits.replace(".", "", 1).isascii() or not digits.replace(".", "", 1).isdigit() or digits.startswith(".") or digits.endswith("."):
            self.report("E960", row.place(key), text=text)
        return plain


def _name_heading(key: str, language: Language) -> str:
    from .columns import INDICATORS

    return next(c.heading(language) for c in INDICATORS if c.key == key)


__all__ = ["join", "sheet_title"]
