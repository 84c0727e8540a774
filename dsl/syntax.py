"""The syntax tree: what stands on each line, before anything is looked up.

A `Node` is one construct of the grammar; its ``kind`` is the name of the rule or
alias in ``grammar.lark``.  A `Word` is one token.  Columns count from 0 within the
line and stay outside equality, so two trees are equal when they say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field

from .frozen import frozen
from .keywords import Language


@frozen
class Word:
    """One token: the name of its terminal and its text as typed."""

    kind: str
    text: str
    start: int = field(compare=False, default=0)
    end: int = field(compare=False, default=0)


@frozen
class Node:
    """One construct: a kind from the grammar and its parts in written order."""

    kind: str
    parts: tuple[Part, ...]
    start: int = field(compare=False, default=0)
    end: int = field(compare=False, default=0)

    def words(self) -> Iterator[Word]:
        for part in self.parts:
            if isinstance(part, Word):
                yield part
            elif part is not None:
                yield from part.words()


Part = Node | Word | None


@frozen
class Line:
    """One line of a file that parsed: its number (from 1), its construct, its comment."""

    number: int = field(compare=False)
    text: str = field(compare=False)
    node: Node
    comment: str | None = None


@frozen
class Block:
    """A line and the lines that belong to it: rows, fields, and nested blocks."""

    line: Line
    rows: tuple[Line, ...] = ()
    fields: tuple[Block, ...] = ()

    @property
    def kind(self) -> str:
        return self.line.node.kind


@frozen
class Remark:
    """A line that says nothing to the engine: a comment, or blank."""

    number: int = field(compare=False)
    text: str


@frozen
class SourceFile:
    """A parsed file: its language, its blocks, and its remarks for the formatter."""

    language: Language
    blocks: tuple[Block, ...]
    remarks: tuple[Remark, ...] = ()
    lines: tuple[str, ...] = field(compare=False, default=())
