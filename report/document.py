"""The document tree that every printed thing is made of."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from ..dsl.frozen import frozen

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
class Item:
    """One entry of a list, with entries below it."""

    text: str
    items: tuple[Item, ...] = ()
    tone: Tone = "plain"


@frozen
class Items:
    items: tuple[Item, ...]


@frozen
class Column:
    """A column of a table; of the columns that may ``wrap``, the widest gives way first."""

    title: str
    align: Literal["left", "right"] = "left"
    wrap: bool = False


@frozen
class Row:
    cells: tuple[str, ...]
    tone: Tone = "plain"


@frozen
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@frozen
class Preformatted:
    """Lines that are shown exactly as they are."""

    lines: tuple[str, ...]


Block = Heading | Paragraph | Items | Table | Preformatted


@frozen
class Document:
    blocks: tuple[Block, ...] = field(default_factory=tuple)
