"""Document -> text for a terminal of a given width; Chinese characters take two columns."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import assert_never

from ..dsl.characters import INVISIBLE
from .document import (
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    Item,
    Items,
    Paragraph,
    Preformatted,
    Section,
    SideBySide,
    Table,
    Tone,
    Versus,
    cell_text,
    unfolded,
)

_COLOURS: dict[Tone, str] = {
    "plain": "", "good": "\x1b[32m", "warn": "\x1b[33m", "bad": "\x1b[31m", "dim": "\x1b[2m", "strong": "\x1b[1m",
}  # fmt: skip
_RESET = "\x1b[0m"
#: Control characters, line and paragraph separators, invisible and bidi marks, lone surrogates.
_UNSAFE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{''.join(INVISIBLE)}]")
#: Characters that may not begin a line.
_NOT_FIRST = "，。、；：！？）】》”’%％,.;:!?)]"


@cache
def _columns(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in ("Mn", "Me", "Cf") else 1


def width_of(text: str) -> int:
    """Columns that ``text`` takes on a terminal: two for a Chinese character."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def clean(text: str) -> str:
    """``text`` without characters that would move the cursor, colour the screen or turn the line around."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def pad(text: str, width: int, align: str = "left") -> str:
    space = " " * max(0, width - width_of(text))
    return space + text if align == "right" else text + space


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` columns, broken at spaces or between Chinese characters."""
    lines: list[str] = []
    line = ""
    used = 0
    for piece in _pieces(text):
        size = width_of(piece)
        if used + size > width and line and piece not in _NOT_FIRST:
            lines.append(line.rstrip())
            line, used = "", 0
            piece = piece.lstrip()
            size = width_of(piece)
        while size > width:
            head = _fitting(piece, width)
            lines.append(head)
            piece = piece[len(head) :]
            size = width_of(piece)
        line += piece
        used += size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _fitting(piece: str, width: int) -> str:
    used = 0
    for position, character in enumerate(piece):
        used += max(0, width_of(character))
        if used > width:
            return piece[: max(1, position)]
    return piece


def _pieces(text: str) -> list[str]:
    """Words with the space before them and the marks after them, and Chinese characters one by one."""
    pieces: list[str] = []
    word = ""
    for character in text:
        if character == " ":
            if word:
                pieces.append(word)
            word = " "
        elif width_of(character) > 1 or (character in _NOT_FIRST and not word.strip()):
            if word:
                pieces.append(word)
            pieces.append(character)
            word = ""
        else:
            word += character
    return [*pieces, word] if word else pieces


def to_text(document: Document, width: int = 80, *, colour: bool = False) -> str:
    """The document as text, with a line break at the end."""
    writer = _Writer(max(40, width), colour)
    return "\n".join(line for block in document.blocks for line in writer.block(block)) + "\n"


class _Writer:
    """Writes the blocks of one document."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width, self.colour = width, colour

    def paint(self, text: str, tone: Tone) -> str:
        return f"{_COLOURS[tone]}{text}{_RESET}" if self.colour and _COLOURS[tone] else text

    def block(self, block: Block) -> list[str]:
        match block:
            case Heading(text, level):
                lines = [self.paint(line, "strong") for line in wrap(clean(text), self.width)]
                return ["", *lines] if level > 1 else lines
            case Paragraph(text, tone):
                return [self.paint(line, tone) for line in wrap(clean(text), self.width)]
            case Items(items):
                return [line for item in items for line in self.item(item, 0)]
            case Table():
                return ["", *self.table(block), ""]
            case Preformatted(lines):
                return [clean(line) for line in lines]
            case Versus():
                return self.versus(block, 0)
            case SideBySide(left, right):
                return [line for inner in (*left, *right) for line in self.block(inner)]
            case Section():
                return [line for inner in unfolded(block) for line in self.block(inner)]
            case Chart():
                return []
        assert_never(block)

    def versus(self, versus: Versus, depth: int) -> list[str]:
        return [line for sign, text in versus.lines() for line in self.item(Item(f"{sign} {text}"), depth)]

    def item(self, item: Item | Versus, depth: int) -> list[str]:
        if isinstance(item, Versus):
            return self.versus(item, depth)
        indent = "  " * (depth + 1)
        lines = wrap(clean(item.text), self.width - len(indent))
        found = [self.paint(indent + line, item.tone) for line in lines]
        for below in item.items:
            found += self.item(below, depth + 1)
        return found

    def table(self, table: Table) -> list[str]:
        widths = self._widths(table)
        lines = [self._line(tuple(c.title for c in table.columns), table, widths, "strong")[0].rstrip()]
        for row in table.rows:
            lines += [line.rstrip() for line in self._line(row.cells, table, widths, row.tone)]
        return lines

    def _widths(self, table: Table) -> list[int]:
        rows = [tuple(c.title for c in table.columns), *(tuple(map(cell_text, r.cells)) for r in table.rows)]
        widths = [max(width_of(clean(row[i])) for row in rows) for i in range(len(table.columns))]
        room = self.width - 2 * (len(widths) - 1)
        while sum(widths) > room:
            elastic = [i for i, c in enumerate(table.columns) if c.wrap and widths[i] > 8]
            if not elastic:
                break
            widest = max(elastic, key=lambda i: widths[i])
            widths[widest] -= 1
        return widths

    def _line(self, cells: tuple[Cell, ...], table: Table, widths: list[int], tone: Tone) -> list[str]:
        wrapped = [
            wrap(clean(cell), width) if column.wrap else [clean(cell)]
            for cell, width, column in zip(map(cell_text, cells), widths, table.columns, strict=True)
        ]
        lines = []
        for i in range(max(map(len, wrapped))):
            parts = [
                pad(w[i] if i < len(w) else "", width, column.align)
                for w, width, column in zip(wrapped, widths, table.columns, strict=True)
            ]
            lines.append(self.paint("  ".join(parts).rstrip(), tone))
        return lines
