"""A ruleset as a book of keyed parts: what an edit can name, and what two versions are compared by.

`open_book` puts every statement of a `SourceFile` under an `Address`; `Book.file` writes
them out again as blocks in the order of the book.  Remarks stay behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from ..codes import code_order, parent_code, plain_code
from ..expressions import name_of
from ..frozen import frozen
from ..keywords import Language
from ..parse import HEAD, ITEMS, subject
from ..syntax import Block, Line, Node, Part, SourceFile, Word

#: Sections whose rows have names of their own: the rows are edited one by one.
KEYED_ROWS = frozenset({"data", "derived", "parameters", "dimensions", "problem_types"})
#: Blocks with a name after their keyword, and those of which there is one.
NAMED_BLOCKS = frozenset({"segments", "groups", "survey", "lookup", "decision", "grades", "crosswalk"})
WHOLE_BLOCKS = frozenset({"reconcile", "unscored"})
#: Statements of the head that may stand several times and are set together.
_HEAD_LINES = HEAD | {"note", "basis", "effective"}

#: Indicators that form the tree; bonuses, extra deductions and vetoes stand beside it.
LEVELS = frozenset({"level1", "level2", "level3"})

Group = Literal["head", "row", "block", "item"]


@frozen
class Address:
    """One thing an edit can name: a statement of the head, a row of a section, a block, an
    indicator, or (``aspect``) one field of an indicator."""

    group: Group
    kind: str
    key: str = ""
    aspect: str = ""

    @property
    def whole(self) -> Address:
        return replace(self, aspect="")


@frozen
class Row:
    """The lines of one name in a section: its rows, and the columns that belong to them."""

    lines: tuple[Line, ...]
    columns: tuple[Block, ...] = ()


@dataclass(slots=True)
class Book:
    """The parts of a ruleset by address, each group in the order of the text."""

    language: Language
    head: dict[str, tuple[Block, ...]] = field(default_factory=dict)
    openings: dict[str, Line] = field(default_factory=dict)
    rows: dict[tuple[str, str], Row] = field(default_factory=dict)
    blocks: dict[tuple[str, str], Block] = field(default_factory=dict)
    items: dict[str, Block] = field(default_factory=dict)
    again: list[Block] = field(default_factory=list)
    """What stands under an address that is taken; the checks report it."""

    def file(self) -> SourceFile:
        """The blocks of the book: head, sections, indicators from the first to the last."""
        found: list[Block] = [b for blocks in self.head.values() for b in blocks]
        for kind, opening in self.openings.items():
            rows = [row for (section, _), row in self.rows.items() if section == kind]
            lines = tuple(line for row in rows for line in row.lines)
            if lines:
                found.append(Block(opening, lines, tuple(c for row in rows for c in row.columns)))
        found += self.blocks.values()
        found += self.items.values()
        found += self.again
        return SourceFile(self.language, tuple(found))

    def in_tree_order(self, new: Collection[str] = ()) -> None:
        """Put every indicator behind its parent, siblings in the order in which they came, and a
        new one before the first sibling whose code comes after its own."""
        children: dict[str | None, list[str]] = {}
        for code, block in self.items.items():
            upper = parent_code(code) if block.kind in LEVELS else None
            siblings = children.setdefault(upper if upper in self.items else None, [])
            after = [i for i, s in enumerate(siblings) if code_order(s) > code_order(code)] if code in new else []
            siblings.insert(after[0] if after else len(siblings), code)
        waiting, order = list(reversed(children.get(None, []))), list[str]()
        while waiting:
            code = waiting.pop()
            order.append(code)
            waiting += reversed(children.get(code, []))
        levels_first = sorted(order, key=lambda code: self.items[code].kind not in LEVELS)
        self.items = {code: self.items[code] for code in levels_first}


def open_book(file: SourceFile) -> Book:
    """The parts of a file that changes nothing in another."""
    book = Book(file.language)
    for block in file.blocks:
        kind = block.kind
        if kind in _HEAD_LINES:
            book.head[head_key(block)] = (*book.head.get(head_key(block), ()), block)
        elif kind in KEYED_ROWS:
            book.openings.setdefault(kind, block.line)
            for name, row in rows_of(block):
                before = book.rows.get((kind, name))
                joined = row if before is None else Row(before.lines + row.lines, before.columns + row.columns)
                book.rows[kind, name] = joined
        elif kind in NAMED_BLOCKS:
            if (kind, block_name(block)) in book.blocks:
                book.again.append(block)
            else:
                book.blocks[kind, block_name(block)] = block
        elif kind in WHOLE_BLOCKS:
            before_block = book.blocks.get((kind, ""))
            joined_block = block if before_block is None else replace(before_block, rows=before_block.rows + block.rows)
            book.blocks[kind, ""] = joined_block
        elif kind in ITEMS:
            if code_of(block.line.node) in book.items:
                book.again.append(block)
            else:
                book.items[code_of(block.line.node)] = block
    return book


def head_key(block: Block) -> str:
    """What a statement of the head sets: roundings by their stage, subtotals by their name."""
    parts = block.line.node.parts
    if block.kind == "rounding":
        assert isinstance(parts[1], Word)
        return f"rounding {parts[1].kind}"
    if block.kind == "subtotal":
        return f"subtotal {_name(parts[1])}"
    return block.kind


def block_name(block: Block) -> str:
    """The name after a keyword such as 查表 or 等次, empty where there is none."""
    part = next(iter(subject(block.line.node).parts[1:]), None)  # 勾稽 and 不评分 are one word
    if isinstance(part, Word) and part.kind == "WORDS":
        return part.text
    return _name(part) if isinstance(part, Node) and part.kind == "name" else ""


def rows_of(block: Block) -> Iterator[tuple[str, Row]]:
    """The rows of a section by name, each with the columns written below it."""
    grouped: dict[str, Row] = {}
    for position, line in enumerate(block.rows):
        end = block.rows[position + 1].number if position + 1 < len(block.rows) else None
        columns = tuple(f for f in block.fields if f.line.number > line.number and (end is None or f.line.number < end))
        name = _name(line.node.parts[0])
        before = grouped.get(name, Row(()))
        grouped[name] = Row((*before.lines, line), before.columns + columns)
    yield from grouped.items()


def code_of(node: Node) -> str:
    """The code that an item's heading gives, in plain digits."""
    part = subject(node).parts[1]
    assert isinstance(part, Word)
    return plain_code(part)


def _name(part: Part) -> str:
    assert isinstance(part, Node)
    return name_of(part)
