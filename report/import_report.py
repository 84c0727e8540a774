"""What a workbook changes in a ruleset, line by line with the cell of every new line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from .document import Block, Column, Document, Heading, Paragraph, Row, Table


@frozen
class ChangedLine:
    """One line that is gone (``-``) or new (``+``), its number in the text it belongs to, and its cell if it is new."""

    mark: str
    number: int
    text: str
    cell: str


def changed_lines(old: str, new: str, cells: Sequence[str]) -> tuple[ChangedLine, ...]:
    """The lines by which two texts in the one layout differ; ``cells`` are those of the new text's lines."""
    return tuple(_changed(old.splitlines(), new.splitlines(), cells))


def _changed(old: Sequence[str], new: Sequence[str], cells: Sequence[str]) -> Iterator[ChangedLine]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        yield from (ChangedLine("-", n + 1, old[n], "") for n in range(a, b) if old[n].strip())
        yield from (ChangedLine("+", n + 1, new[n], cells[n] if n < len(cells) else "") for n in range(c, d) if new[n].strip())


def cells_of_lines(joined: str, places: Sequence[str], written: str) -> tuple[str, ...]:
    """The cell of every line of a text in the one layout, from those of the text it was laid out from."""
    known = [place for line, place in zip(joined.split("\n"), places, strict=False) if line.strip()]
    found = []
    at = 0
    for line in written.splitlines():
        found.append(known[at] if line.strip() and at < len(known) else "")
        at += bool(line.strip())
    return tuple(found)


def import_report(title: str, lines: Sequence[ChangedLine] | None, language: Language) -> Document:
    """The report of one import; ``lines`` is nothing where there is no earlier text to compare with."""
    zh = language == "zh"
    blocks: list[Block] = [Heading(title)]
    if lines is None:
        blocks.append(Paragraph("没有导出时的原文可比，未列改动" if zh else "there is no earlier text to compare with: no changes are listed", "warn"))
        return Document(tuple(blocks))
    if not lines:
        blocks.append(Paragraph("没有改动" if zh else "no changes"))
        return Document(tuple(blocks))
    new, gone = (sum(line.mark == mark for line in lines) for mark in "+-")
    told = f"新行{new}行，去掉{gone}行" if zh else f"{new} new lines, {gone} lines gone"
    columns = (Column(""), Column("行" if zh else "line", "right"), Column("内容" if zh else "text", wrap=True), Column("单元格" if zh else "cell"))
    rows = tuple(Row(("−" if li.mark == "-" else "+", str(li.number), li.text.strip(), li.cell), "bad" if li.mark == "-" else "good") for li in lines)
    return Document((*blocks, Paragraph(told), Table(columns, rows)))


def lines_data(lines: Sequence[ChangedLine] | None) -> list[dict[str, Any]] | None:
    """The same as plain data."""
    if lines is None:
        return None
    return [{"change": "removed" if li.mark == "-" else "added", "line": li.number, "text": li.text.strip(), "cell": li.cell or None} for li in lines]
