"""A workbook -> the sheets of a ruleset: by their headings, wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.numbers import read_decimal
from ..dsl.sheets.columns import KINDS, SOURCE_TITLE, headings, sheet_key
from ..dsl.sheets.rows import CellPlace, RulesetSheet, RulesetSheets, SheetRow
from .text import Unreadable
from .workbook import Cell, Sheet, read_workbook

#: Rows in which headings are looked for.
_TOP = 15
#: Columns of which a merged cell speaks for all its rows.
_SPOKEN_FOR = frozenset({
    "name1", "name2", "kind", "form", "evidence", "points_to_check", "notes", "individual", "opening", "table", "type", "unit", "range",
    "source", "marks", "above", "comment", "order", "position", "pattern", "parent", "worth", "worth1", "worth2", "below", "balance",
    "words", "data",
})  # fmt: skip


@frozen
class RulesetBook:
    """A workbook as read: its sheets, the text it was exported from (if it still holds it), and
    what could not be read."""

    sheets: RulesetSheets
    source: str | None
    source_name: str
    diagnostics: tuple[Diagnostic, ...]


def read_ruleset_workbook(path: Path) -> RulesetBook:
    """The sheets of a ruleset in a workbook.  Raises `Unreadable`."""
    sheets = read_workbook(path)
    source = next((s for s in sheets if _is_source(s)), None)
    found: list[Diagnostic] = []
    read: list[RulesetSheet] = []
    chinese = 0
    for sheet in sheets:
        if sheet is source or (sheet.hidden and not _header(sheet)[1]):
            continue
        number, kind, columns = _header(sheet)
        if not kind:
            continue
        chinese += 1 if _is_chinese(sheet.rows[number]) else -1
        key = kind if kind in ("indicators", "data") else sheet_key(sheet.title)
        rows = tuple(_rows(sheet, number, kind, columns, found))
        read.append(RulesetSheet(key, kind, rows))
        found += _order_kept(sheet, rows)
    if not read:
        raise Unreadable(Diagnostic("E971", (), {"name": path.name}, source="file"))
    told = _told(source)
    language: Language = "en" if told.get("language") == "en" or ("language" not in told and chinese < 0) else "zh"
    text = _source_text(source) if source is not None else None
    return RulesetBook(RulesetSheets(language, _in_words(read, language)), text, told.get("file", ""), tuple(found))


def _header(sheet: Sheet) -> tuple[int, str, dict[int, str]]:
    """The row of headings among the first rows, what kind of sheet they make, and their columns."""
    for number in list(sheet.rows)[:_TOP]:
        width = max(sheet.rows[number]) + 1
        if width > 1_000:
            continue
        kind, columns = headings([sheet.rows[number][c].text if c in sheet.rows[number] else "" for c in range(width)])
        if kind:
            return number, kind, columns
    return 0, "", {}


def _is_chinese(row: Mapping[int, Cell]) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for cell in row.values() for c in cell.text)


# ---- the text it was made from ---------------------------------------------------------------


def _is_source(sheet: Sheet) -> bool:
    first = sheet.rows.get(1, {})
    named = sheet.title in SOURCE_TITLE or sheet.hidden
    return named and 0 in first and first[0].text == "ruleeval"


def _told(source: Sheet | None) -> dict[str, str]:
    if source is None:
        return {}
    return {source.rows[n][0].text: source.rows[n][1].text for n in (2, 3) if {0, 1} <= set(source.rows.get(n, {}))}


def _source_text(source: Sheet) -> str:
    lines = [row[0].text.removeprefix("|") for number, row in source.rows.items() if number > 3 and 0 in row]
    return "\n".join(lines) + "\n"


# ---- rows ----------------------------------------------------------------------------------------


def _rows(sheet: Sheet, header: int, kind: str, columns: Mapping[int, str], found: list[Diagnostic]) -> list[SheetRow]:
    made = {c.key for c in KINDS[kind][0] if c.made}
    rows: dict[int, dict[int, Cell]] = {n: dict(cells) for n, cells in sheet.rows.items() if n > header}
    _fill_merged(sheet, rows, columns, kind, made, found)
    letters = _letters(max(columns))
    read = []
    for number, cells in rows.items():
        texts: dict[str, str] = {}
        unread: list[Diagnostic] = []
        places = {key: CellPlace(sheet.title, f"{letters[c]}{number}") for c, key in columns.items()}
        for column, key in columns.items():
            cell = cells.get(column)
            if cell is None or (key in made and key != "words"):
                continue
            if cell.kind in ("error", "open"):
                if key not in made:
                    facts = {"found": cell.text or "公式没有值", "found_en": cell.text or "a formula without a value"}
                    unread.append(Diagnostic("E969", (), facts, path=str(places[key]), source="sheet"))
                continue
            texts[key] = ("\0" + cell.text) if cell.kind == "truth" else cell.text
        if kind != "indicators" or texts.get("code", "").strip():  # a total is a formula
            found += unread
        if any(t.strip() or "\n" in t for k, t in texts.items() if k not in ("order", "position")):
            read.append(SheetRow(texts, places))
    return read


def _in_words(sheets: list[RulesetSheet], language: Language) -> tuple[RulesetSheet, ...]:
    """Cells that hold true or false, in words."""
    words = {"\0true": "是" if language == "zh" else "yes", "\0false": "否" if language == "zh" else "no"}
    found = []
    for sheet in sheets:
        rows = tuple(
            replace(r, cells={k: words.get(t, t) for k, t in r.cells.items()}) if any(t in words for t in r.cells.values()) else r
            for r in sheet.rows
        )
        found.append(replace(sheet, rows=rows))
    return tuple(found)


def _fill_merged(
    sheet: Sheet, rows: dict[int, dict[int, Cell]], columns: Mapping[int, str], kind: str, made: set[str], found: list[Diagnostic]
) -> None:
    """Give every row of a merged area what its first cell holds, where that is meant."""
    names = {c.key: c for c in KINDS[kind][0]}
    letters = _letters(max(columns))
    for top, left, bottom, right in sheet.merged:
        if bottom == top or left not in columns or bottom - top > len(rows) + 1_000:
            continue
        inside = [n for n in range(top, bottom + 1) if n in rows]
        cell = rows.get(top, {}).get(left)
        if cell is None or len(inside) < 2:
            continue
        key = columns[left]
        if key in _SPOKEN_FOR:
            for number in inside:
                rows[number].setdefault(left, cell)
        elif any(left not in rows[n] for n in inside):
            place = CellPlace(sheet.title, f"{letters[left]}{top}:{letters[right] if right in letters else letters[left]}{bottom}")
            language: Language = "zh" if _is_chinese(rows.get(top, {})) else "en"
            facts = {"column": names[key].heading(language)}
            found.append(Diagnostic("E970", (), facts, path=str(place), source="sheet"))


def _letters(last: int) -> dict[int, str]:
    from openpyxl.utils import get_column_letter

    return {n: get_column_letter(n + 1) for n in range(last + 1)}


def _order_kept(sheet: Sheet, rows: tuple[SheetRow, ...]) -> list[Diagnostic]:
    """A reminder where rows stand in another order than their numbers say."""
    numbers = []
    for row in rows:
        try:
            numbers.append(Fraction(read_decimal(row.get("order").strip())))
        except (ValueError, ZeroDivisionError):
            continue
    if numbers == sorted(numbers):
        return []
    return [Diagnostic("W973", (), {"name": sheet.title}, path=sheet.title, source="sheet")]
