"""Two books -> the edits that make one into the other.

What is compared is what the lines say: spelling, layout, comments and the order of
things that have no order are not differences.  The edits speak of the old codes, as
those of a layer do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..codes import is_below
from ..diagnostics import Place
from ..format import canonical
from ..frozen import frozen
from ..numbers import read_decimal
from ..syntax import Block, Line, Node
from .apply import recode_block
from .book import LEVELS, Address, Book, Row
from .edits import HEADING_ASPECTS, Edit
from .resolve import text_at

#: Rows that mean the same in any order.
_UNORDERED = frozenset(
    {
        "level_row", "document_row", "step_row", "band_row", "anchor_row", "check_row", "case_row", "share_row", "grade_row", "tier_row",
        "lookup_row", "reconcile_row", "parameter_row", "successor", "data_successor", "evidence_successor", "stopped", "segment_row",
    }
)  # fmt: skip
_OF_THE_FILE = frozenset({"ruleset", "version", "extends", "reason"})


@frozen
class Proposal:
    """An indicator that is gone and one that is new, with names alike: perhaps the same one."""

    old: str
    new: str
    old_name: str
    new_name: str


Origins = Mapping[str, tuple[str, str]]


def matched(old: Book, new: Book, origins: tuple[Origins, Origins], given: Mapping[str, str]) -> dict[str, str]:
    """Which old code is which new one: as given (an empty one for none), then by origin, then by the code itself."""
    by_origin = {origin: code for code, origin in origins[1].items()}
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    ended = {code for code, other in given.items() if not other}
    for wanted in (given, {c: by_origin.get(o, "") for c, o in origins[0].items()}, {c: c for c in old.items}):
        for code, other in wanted.items():
            if code in pairs or code in ended or other in taken or code not in old.items or other not in new.items:
                continue
            kinds = {old.items[code].kind, new.items[other].kind}
            if len(kinds) == 1 or kinds <= LEVELS:
                pairs[code] = other
                taken.add(other)
    return {code: pairs[code] for code in old.items if code in pairs}


def compare(old: Book, new: Book, pairs: Mapping[str, str]) -> tuple[Edit, ...]:
    """The edits that make ``old`` into ``new``; ``pairs`` tells which codes are the same indicator."""
    codes = {a: b for a, b in pairs.items() if a != b}
    back = {b: a for a, b in codes.items()}
    found: list[Edit] = []
    found += _heads(old, new, back)
    found += _rows(old, new, back)
    found += _blocks(old, new, back)
    found += _items(old, new, pairs, back)
    return tuple(found)


def proposals(old: Book, new: Book, pairs: Mapping[str, str]) -> tuple[Proposal, ...]:
    """Pairs of a gone and a new indicator with the same name, to be asked about."""
    gone = {code: _name(b) for code, b in old.items.items() if code not in pairs}
    came: dict[str, list[str]] = {}
    known = set(pairs.values())
    for code, block in new.items.items():
        if code not in known:
            came.setdefault(_name(block), []).append(code)
    return tuple(Proposal(code, other, name, name) for code, name in gone.items() for other in came.get(name, ()))


def _name(block: Block) -> str:
    return next(w.text for w in block.line.node.words() if w.kind in ("HEADING_NAME", "WORDS"))


def _heads(old: Book, new: Book, back: Mapping[str, str]) -> Iterable[Edit]:
    for key in dict.fromkeys((*old.head, *new.head)):
        before, after = old.head.get(key), new.head.get(key)
        kind = (after or before or ())[0].kind
        if kind in _OF_THE_FILE or _same(before, after, back):
            continue
        if after is None:
            yield Edit("remove", Address("head", kind, key), _NOWHERE)
        else:
            yield Edit("change", Address("head", kind, key), _place(after[0].line), _recoded(after, back))


def _rows(old: Book, new: Book, back: Mapping[str, str]) -> Iterable[Edit]:
    for kind, key in dict.fromkeys((*old.rows, *new.rows)):
        before, after = old.rows.get((kind, key)), new.rows.get((kind, key))
        address = Address("row", kind, key)
        if after is None:
            yield Edit("remove", address, _NOWHERE)
        elif before is None or not _same(_as_blocks(before), _as_blocks(after), back):
            row = after if before is None else _recoded_row(after, back)  # what is added speaks of the new codes
            yield Edit("add" if before is None else "change", address, _place(after.lines[0]), row, opening=new.openings[kind])


def _blocks(old: Book, new: Book, back: Mapping[str, str]) -> Iterable[Edit]:
    for kind, key in dict.fromkeys((*old.blocks, *new.blocks)):
        before, after = old.blocks.get((kind, key)), new.blocks.get((kind, key))
        address = Address("block", kind, key)
        if after is None:
            yield Edit("remove", address, _NOWHERE)
        elif before is None or not _same((before,), (after,), back):
            content = (after,) if before is None else _recoded((after,), back)
            yield Edit("add" if before is None else "change", address, _place(after.line), content)


def _items(old: Book, new: Book, pairs: Mapping[str, str], back: Mapping[str, str]) -> Iterable[Edit]:
    gone = [code for code in old.items if code not in pairs]
    for code in gone:
        if not any(is_below(code, upper) for upper in gone):
            yield Edit("remove", Address("item", old.items[code].kind, code), _NOWHERE)
    for code, other in pairs.items():
        yield from _item(old, new, code, other, back)
        if other != code and not _follows(code, other, pairs):
            yield Edit("move", Address("item", "", code, "code"), _place(new.items[other].line), to=other)
    known = set(pairs.values())
    for code, block in new.items.items():
        if code not in known:
            yield Edit("add", Address("item", block.kind, code), _place(block.line), (block,))


def _follows(code: str, other: str, pairs: Mapping[str, str]) -> bool:
    """Whether an indicator changes its code only because one above it does."""
    return any(is_below(code, a) and other == b + code[len(a) :] for a, b in pairs.items() if a != b and is_below(other, b))


def _item(old: Book, new: Book, code: str, other: str, back: Mapping[str, str]) -> Iterable[Edit]:
    before, after = old.items[code], new.items[other]
    if not back and _texts(before) == _texts(after):
        return
    yield from _heading(old, new, code, other)
    for kind in dict.fromkeys(f.kind for b in (before, after) for f in b.fields):
        mine = tuple(f for f in before.fields if f.kind == kind)
        its = tuple(f for f in after.fields if f.kind == kind)
        address = Address("item", "", code, kind)
        if not its:
            yield Edit("remove", address, _NOWHERE)
        elif not _same(mine, its, back):
            yield Edit("change", address, _place(its[0].line), _recoded(its, back))


def _heading(old: Book, new: Book, code: str, other: str) -> Iterable[Edit]:
    before, after = old.items[code], new.items[other]
    place = _place(after.line)
    was, now = ({a: text_at(b, Address("item", "", c, a)) for a in HEADING_ASPECTS} for b, c in ((old, code), (new, other)))
    if was["name"] != now["name"]:
        yield Edit("change", Address("item", "", code, "name"), place, now["name"])
    if was["individual"] and not now["individual"]:
        yield Edit("remove", Address("item", "", code, "individual"), place)
    if was["share"] and not now["share"]:
        yield Edit("remove", Address("item", "", code, "share"), place)
    elif _share(before) != _share(after) or (now["individual"] and not was["individual"]):
        mark = "，" if new.language == "zh" else ", "
        share = now["share"] + (f"{mark}{now['individual']}" if now["individual"] else "")
        yield Edit("change", Address("item", "", code, "share"), place, share)


def _texts(block: Block) -> list[str]:
    return [block.line.text, *(r.text for r in block.rows), *(t for f in block.fields for t in _texts(f))]


def _share(block: Block) -> object:
    return next((meaning(p) for p in block.line.node.parts[3:] if isinstance(p, Node)), None)


# ---- what lines say ------------------------------------------------------------------------


def _same(one: tuple[Block, ...] | None, other: tuple[Block, ...] | None, back: Mapping[str, str]) -> bool:
    if one is None or other is None:
        return one is other
    if not back and [t for b in one for t in _texts(b)] == [t for b in other for t in _texts(b)]:
        return True
    return _saying(one) == _saying(_recoded(other, back))


def _saying(blocks: tuple[Block, ...]) -> object:
    said = [(meaning(b.line.node), _rows_saying(b.rows), _saying(b.fields)) for b in blocks]
    return sorted(said, key=repr) if len(said) > 1 and blocks[0].kind not in ("note", "basis") else said


def _rows_saying(rows: tuple[Line, ...]) -> object:
    said = [meaning(r.node) for r in rows]
    return sorted(said, key=repr) if rows and rows[0].node.kind in _UNORDERED else said


def meaning(node: Node) -> object:
    """What a construct says, numbers by their value."""
    return _valued(canonical(node))


def _valued(part: object) -> object:
    if isinstance(part, tuple):
        if len(part) == 2 and part[0] == "NUMBER" and isinstance(part[1], str):
            return "NUMBER", read_decimal(part[1])
        return tuple(_valued(p) for p in part)
    return part


def _recoded(blocks: tuple[Block, ...], codes: Mapping[str, str]) -> tuple[Block, ...]:
    return tuple(recode_block(b, codes) for b in blocks) if codes else blocks


def _recoded_row(row: Row, codes: Mapping[str, str]) -> Row:
    if not codes:
        return row
    lines = tuple(recode_block(Block(line), codes).line for line in row.lines)
    return Row(lines, _recoded(row.columns, codes))


def _as_blocks(row: Row) -> tuple[Block, ...]:
    return (*(Block(line) for line in row.lines), *row.columns)


_NOWHERE = Place(0, 0, 0)


def _place(line: Line) -> Place:
    return Place(line.number, line.node.start, max(line.node.end, line.node.start + 1))


