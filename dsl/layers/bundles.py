"""The edits between two rulesets in bundles: changes that make a valid ruleset only together.

Points under one parent belong together, and so do the fields of one standard, and a
declaration with what mentions it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..codes import parent_code
from ..frozen import frozen
from ..syntax import Block, Line, Word
from .book import LEVELS, Book, Row
from .edits import Edit

#: Aspects of an indicator that can change alone without touching its score.
ALONE = frozenset({"name", "note", "basis", "evidence", "points_to_check", "problem", "individual"})
#: Aspects that change what a parent's points are added up from.
_ADDED_UP = frozenset({"share", "code", "effective", "applies_if"})
_NAMES = frozenset({"NAME", "LIST_NAME", "QUOTED_NAME"})


@frozen
class Bundle:
    """Edits that only make a valid ruleset together, by their position among all edits."""

    edits: tuple[int, ...]


def bundles(old: Book, edits: tuple[Edit, ...]) -> tuple[Bundle, ...]:
    """The bundles of some edits of a book, in the order of their first edits."""
    leader = list(range(len(edits)))

    def top(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    declared = frozenset(e.address.key for e in edits if e.address.group in ("row", "block") and e.act != "change" and e.address.key)
    by_tie: dict[object, int] = {}
    for position, edit in enumerate(edits):
        for tie in ties(old, edit, declared):
            first = top(by_tie.setdefault(tie, position))
            here = top(position)
            leader[max(first, here)] = min(first, here)
    found: dict[int, list[int]] = {}
    for position in range(len(edits)):
        found.setdefault(top(position), []).append(position)
    return tuple(Bundle(tuple(positions)) for positions in found.values())


def ties(old: Book, edit: Edit, declared: frozenset[str]) -> Iterator[object]:
    """What an edit hangs on: two edits with a tie in common are of one bundle.  ``declared``
    are the names whose declarations come or go."""
    address = edit.address
    match address.group:
        case "item":
            yield from _item_ties(old, edit)
        case "row" | "block" if address.key in declared:
            yield "name", address.key
        case "head" if address.kind == "full_score":
            yield "sum", None
    yield from (("name", name) for name in declared & (mentioned(edit) | _mentioned_before(old, edit)))


def _mentioned_before(old: Book, edit: Edit) -> set[str]:
    """The names that what an edit changes or removes mentioned."""
    address = edit.address
    block: Block | None = None
    if address.group == "item" and edit.act != "add" and address.aspect not in ALONE:
        block = old.items.get(address.key)
        if block is not None and address.aspect:
            block = Block(block.line, (), tuple(f for f in block.fields if f.kind == address.aspect))
    elif address.group == "block":
        block = old.blocks.get((address.kind, address.key))
    elif address.group == "row" and edit.act != "add":
        return set(_names(old.rows[address.kind, address.key].lines))
    return set(_names(_lines(block))) if block is not None else set()


def _item_ties(old: Book, edit: Edit) -> Iterator[object]:
    address = edit.address
    block = old.items.get(address.key)
    in_tree = (edit.act == "add" and address.kind in LEVELS) or (block is not None and block.kind in LEVELS)
    whole = not address.aspect
    if whole or address.aspect == "code":
        yield "item", edit.to or address.key
        yield "item", address.key
    if in_tree and (whole or address.aspect in _ADDED_UP):
        for code in {address.key, edit.to or address.key}:
            yield "sum", parent_code(code)
            if whole:
                yield "sum", code
        if address.aspect == "share":
            yield "sum", address.key
    if address.aspect and address.aspect not in ALONE | {"share", "code"}:
        yield "standard", address.key


def mentioned(edit: Edit) -> set[str]:
    """The names that an edit's content mentions."""
    if isinstance(edit.content, str):
        return set()
    if isinstance(edit.content, Row):
        lines: Iterable[Line] = (*edit.content.lines, *(c.line for c in edit.content.columns))
        return set(_names(lines))
    return {name for block in edit.content for name in _names(_lines(block))}


def _names(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        for one in line.node.words():
            if one.kind in _NAMES:
                yield _plain(one)


def _plain(one: Word) -> str:
    return one.text[1:-1].strip() if one.kind == "QUOTED_NAME" else one.text


def _lines(block: Block) -> Iterator[Line]:
    yield block.line
    yield from block.rows
    for inner in block.fields:
        yield from _lines(inner)
