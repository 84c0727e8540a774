"""The outline of a file: the indicator tree, the sections, and what folds."""

from __future__ import annotations

from collections.abc import Iterable

from ..frozen import frozen
from ..parse import SECTIONS
from ..syntax import Block, SourceFile, Word

_LEVELS = {"level1": 1, "level2": 2, "level3": 3}
_ITEMS = frozenset(_LEVELS) | {"bonus", "extra", "veto"}


@frozen
class Entry:
    """One entry of the outline: its text, its lines (from 1, both included) and what is below it."""

    name: str
    level: int
    first: int
    last: int
    children: tuple[Entry, ...] = ()


def outline(file: SourceFile) -> tuple[Entry, ...]:
    """Sections and indicators as a tree; an indicator holds those of lower levels after it."""
    blocks = [b for b in file.blocks if b.kind in _ITEMS or b.kind in SECTIONS]
    return _entries(blocks)


def folds(entries: Iterable[Entry]) -> tuple[tuple[int, int], ...]:
    """The first and last line of everything in an outline that spans several lines."""
    found: list[tuple[int, int]] = []
    for entry in entries:
        if entry.last > entry.first:
            found.append((entry.first, entry.last))
        found += folds(entry.children)
    return tuple(found)


def _entries(blocks: list[Block]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    position = 0
    while position < len(blocks):
        block = blocks[position]
        level = _LEVELS.get(block.kind, 0)
        end = position + 1
        while level and end < len(blocks) and _LEVELS.get(blocks[end].kind, 0) > level:
            end += 1
        below = _entries(blocks[position + 1 : end])
        last = max([_last(block), *(b.last for b in below)])
        found.append(Entry(_name(block), level, block.line.number, last, below))
        position = end
    return tuple(found)


def _name(block: Block) -> str:
    if block.kind not in _ITEMS:
        return block.line.text.strip().rstrip(":：").rstrip()
    words = [p.text for p in block.line.node.parts[1:3] if isinstance(p, Word)]
    return " ".join(words)


def _last(block: Block) -> int:
    return max([block.line.number, *(r.number for r in block.rows), *(_last(f) for f in block.fields)])
