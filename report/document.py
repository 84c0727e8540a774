"""The document tree that every printed thing is made of.

A block says what a thing *is*; each writer decides how its paper shows it.  Where a paper
can open and close, stand things side by side, sort, draw or work out a sum, the writer
does; where it cannot, the same content stands one below the other.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Literal

from ..dsl.frozen import frozen
from ..dsl.numbers import Exact
from .formulas import Formula

Tone = Literal["plain", "good", "warn", "bad", "dim", "strong"]


@frozen
class Heading:
    text: str
    level: int = 1


@frozen
class Paragraph:
    text: str
    tone: Tone = "plain"


@frozen
class Versus:
    """Two texts of several lines held against each other: what was, and what is."""

    old: str
    new: str

    def lines(self) -> tuple[tuple[str, str], ...]:
        """The lines that are gone, with ``−``, and those that came, with ``+``."""
        compared = difflib.ndiff(self.old.split("\n") if self.old else [], self.new.split("\n") if self.new else [])
        return tuple(("−" if line[0] == "-" else "+", line[2:]) for line in compared if line[:2] in ("- ", "+ "))


@frozen
class Item:
    """One entry of a list, with entries below it."""

    text: str
    items: tuple[Item | Versus, ...] = ()
    tone: Tone = "plain"


@frozen
class Items:
    items: tuple[Item, ...]


@frozen
class Column:
    """A column of a table.

    Of the columns that may ``wrap``, the widest gives way first.  ``merged``: equal cells
    below each other are one where the paper can join them; ``filtered``: readers choose
    rows by it where they can.
    """

    title: str
    align: Literal["left", "right"] = "left"
    wrap: bool = False
    merged: bool = False
    filtered: bool = False


@frozen
class Figure:
    """A number in a cell: how it is shown, what it is exactly, how it comes from other cells."""

    text: str
    value: Exact | None = None
    formula: Formula | None = None


Cell = str | Figure


def cell_text(cell: Cell) -> str:
    """What a cell shows."""
    return cell if isinstance(cell, str) else cell.text


@frozen
class Row:
    cells: tuple[Cell, ...]
    tone: Tone = "plain"


@frozen
class Table:
    """A table; ``name`` is what it is called where tables are sheets of their own."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    name: str = ""
    sortable: bool = False


@frozen
class Preformatted:
    """Lines that are shown exactly as they are."""

    lines: tuple[str, ...]


@frozen
class Series:
    """One line or row of bars of a chart; ``None`` is a gap, never a zero."""

    name: str
    values: tuple[Exact | None, ...]


@frozen
class Chart:
    """A drawing of figures that stand in a table beside it; left out where nothing can be drawn.

    ``percent`` says that values are shares, 1 being 100 %; ``top`` is the end of the scale.
    """

    kind: Literal["radar", "bars"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    percent: bool = False
    top: Exact | None = None


@frozen
class SideBySide:
    """Two things that are read together: beside each other, or the left one first."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]


@frozen
class Section:
    """A part that can be opened and closed: its title, one line that tells it in short, the inside.

    ``key`` is what it is called in links and in the templates of an office.  What is for
    the ``screen`` is left out of papers that cannot open and close.
    """

    title: str
    blocks: tuple[Block, ...]
    gist: Paragraph | None = None
    level: int = 2
    key: str = ""
    screen: bool = False


Block = Heading | Paragraph | Items | Table | Preformatted | Versus | Chart | SideBySide | Section


@frozen
class Letter:
    """What an official paper has around its text; what is empty is left out."""

    number: str = ""
    addressee: str = ""
    signed: str = ""
    dated: date | None = None
    attachments: tuple[str, ...] = ()


@frozen
class Document:
    """Blocks, the first of which is its title.

    An official paper is ``numbered`` and has a `Letter`; ``facts`` are single figures and
    names that the template of an office can ask for.
    """

    blocks: tuple[Block, ...] = field(default_factory=tuple)
    numbered: bool = False
    letter: Letter | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return next((b.text for b in self.blocks if isinstance(b, Heading)), "")


def unfolded(section: Section) -> tuple[Block, ...]:
    """A section as blocks below each other; nothing of one that is for the screen."""
    if section.screen:
        return ()
    gist = () if section.gist is None else (section.gist,)
    return (Heading(section.title, section.level), *gist, *section.blocks)
