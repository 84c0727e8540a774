"""Edits applied to a book: a new book, and what could not be done.

Within one layer removals and changes speak of the codes of the ruleset above; then all
moves happen at once; additions speak of the codes after them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from ..codes import is_below, plain_code
from ..diagnostics import Diagnostic, Fact, Label, Place, nearest
from ..keywords import Language, word
from ..parse import parse_line
from ..syntax import Block, Line, Node, Part, Word
from .book import LEVELS, Book, Row
from .edits import HEADING_ASPECTS, Edit

_ORDER = {"remove": 0, "change": 1, "move": 2, "add": 3}


@dataclass(slots=True)
class Applied:
    """The book after the edits, those that took effect, and those that could not, as findings."""

    book: Book
    done: list[Edit] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    staying: frozenset[str] = frozenset()
    """Codes that are moved away: they outlive the removal of what is above them."""
    moved: dict[str, str] = field(default_factory=dict)
    """Every code that a move changed, those below a moved indicator too: old -> new."""


def apply(book: Book, edits: Iterable[Edit]) -> Applied:
    """A copy of the book with the edits in it.  Never raises: what names nothing is reported."""
    copy = Book(
        book.language, dict(book.head), dict(book.openings), dict(book.rows), dict(book.blocks), dict(book.items), list(book.again)
    )
    ordered = sorted(edits, key=lambda e: _ORDER[e.act])
    applied = Applied(copy, staying=frozenset(e.address.key for e in ordered if e.act == "move"))
    for edit in (e for e in ordered if e.act != "add" and e.act != "move"):
        _one(applied, edit)
    _move(applied, [e for e in ordered if e.act == "move"])
    for edit in (e for e in ordered if e.act == "add"):
        _one(applied, edit)
    applied.book.in_tree_order({e.address.key for e in applied.done if e.act == "add" and e.address.group == "item"})
    return applied


def _one(applied: Applied, edit: Edit) -> None:
    handlers: Mapping[str, Callable[[Applied, Edit], bool]] = {"head": _head, "row": _row, "block": _block, "item": _item}
    if handlers[edit.address.group](applied, edit):
        applied.done.append(edit)


def _head(applied: Applied, edit: Edit) -> bool:
    head, key = applied.book.head, edit.address.key
    if edit.act == "remove":
        gone = [k for k in head if k == key or k.startswith(f"{key} ")]
        for one in gone:
            del head[one]
        return bool(gone) or _absent(applied, edit, list(head))
    assert isinstance(edit.content, tuple)
    head[key] = edit.content
    return True


def _row(applied: Applied, edit: Edit) -> bool:
    rows, key = applied.book.rows, (edit.address.kind, edit.address.key)
    if edit.act == "add":
        if key in rows:
            return _taken(applied, edit, rows[key].lines[0])
        if edit.opening is not None:
            applied.book.openings.setdefault(edit.address.kind, edit.opening)
    elif key not in rows:
        return _absent(applied, edit, [name for kind, name in rows if kind == edit.address.kind])
    if edit.act == "remove":
        del rows[key]
    else:
        assert isinstance(edit.content, Row)
        rows[key] = edit.content
    return True


def _block(applied: Applied, edit: Edit) -> bool:
    blocks, key = applied.book.blocks, (edit.address.kind, edit.address.key)
    before = blocks.get(key)
    if edit.act == "remove":
        if before is None:
            return _absent(applied, edit, [name for kind, name in blocks if kind == edit.address.kind])
        del blocks[key]
        return True
    assert isinstance(edit.content, tuple)
    (content,) = edit.content
    if edit.act == "add" and before is not None:
        if edit.address.key or edit.address.kind == "grades":
            return _taken(applied, edit, before.line)
        content = replace(before, rows=before.rows + content.rows)
    if edit.act == "change" and before is None:
        return _absent(applied, edit, [name for kind, name in blocks if kind == edit.address.kind])
    blocks[key] = content
    return True


def _item(applied: Applied, edit: Edit) -> bool:
    items, code = applied.book.items, edit.address.key
    if edit.act == "add":
        assert isinstance(edit.content, tuple)
        if code in items:
            return _taken(applied, edit, items[code].line)
        items[code] = edit.content[0]
        return True
    if code not in items:
        return _absent(applied, edit, list(items))
    if not edit.address.aspect:
        stay = applied.staying - {code}
        for gone in [c for c in items if c == code or is_below(c, code)]:
            if not any(gone == s or is_below(gone, s) for s in stay):
                del items[gone]
        return True
    if edit.address.aspect in HEADING_ASPECTS:
        return _heading(applied, edit)
    return _field(applied, edit)


def _heading(applied: Applied, edit: Edit) -> bool:
    items, code = applied.book.items, edit.address.key
    block = items[code]
    named = block.line.node.parts[2]
    assert isinstance(named, Word)
    if edit.former is not None and edit.former != named.text:
        labels = (Label(edit.place),)
        applied.found.append(Diagnostic("E910", labels, {"code": code, "former": edit.former, "name": named.text}))
        return False
    if edit.act == "remove":
        changed = _with_heading(block.line, applied.book.language, edit, **{edit.address.aspect: ""})
    elif edit.address.aspect == "name":
        if not edit.content:
            return False
        assert isinstance(edit.content, str)
        changed = _with_heading(block.line, applied.book.language, edit, name=edit.content)
    else:
        assert isinstance(edit.content, str)
        changed = _with_heading(block.line, applied.book.language, edit, share=edit.content)
    if changed is None:
        applied.found.append(Diagnostic("E919", (Label(edit.place),), {"code": code}))
        return False
    items[code] = replace(block, line=changed)
    return True


def _with_heading(line: Line, language: Language, edit: Edit, **parts: str) -> Line | None:
    """A heading with another name, points or weight, as its line would have been written."""
    node = line.node
    if node.kind in ("bonus", "extra"):
        opening, code, name, at_most, share = node.parts
        individual: Part = None
    elif node.kind == "veto":
        (opening, code, name), at_most, share, individual = node.parts, None, None, None
    else:
        (opening, code, name, share, individual), at_most = node.parts, None
    comma = "，" if language == "zh" else ", "

    def slice_of(part: Part) -> str:
        return "" if part is None else line.text[part.start : part.end]

    share_text = parts.get("share", slice_of(share))
    if share_text.endswith(word("INDIVIDUAL", language)):  # the new points say it themselves
        individual = None
    if at_most is not None:
        share_text = f"{word('AT_MOST_POINTS', language)}{'' if language == 'zh' else ' '}{share_text}"
    pieces = [f"{slice_of(opening)} {slice_of(code)} {parts.get('name', slice_of(name))}", share_text, parts.get("individual", slice_of(individual))]
    text = comma.join(p for p in pieces if p)
    read = parse_line(text, "statement", language)
    if not isinstance(read, Node) or read.kind != node.kind:
        return None
    return Line(edit.place.line, text, read, line.comment)


def _field(applied: Applied, edit: Edit) -> bool:
    items, code, aspect = applied.book.items, edit.address.key, edit.address.aspect
    block = items[code]
    positions = [i for i, f in enumerate(block.fields) if f.kind == aspect]
    if edit.act == "remove" and not positions:
        here = [word(f.kind.upper(), applied.book.language) for f in block.fields]
        facts: dict[str, Fact] = {"code": code, "name": word(aspect.upper(), applied.book.language), "fields": tuple(dict.fromkeys(here))}
        applied.found.append(Diagnostic("E911", (Label(edit.place),), facts))
        return False
    assert isinstance(edit.content, tuple)
    at = positions[0] if positions else _where(block, aspect)
    kept = [f for i, f in enumerate(block.fields) if i not in positions]
    items[code] = replace(block, fields=(*kept[:at], *edit.content, *kept[at:]))
    return True


def _where(block: Block, aspect: str) -> int:
    """Where a field goes that was not there: what evidence and problems follow comes before them."""
    if aspect in ("evidence", "problem", "points_to_check"):
        return len(block.fields)
    return next((i for i, f in enumerate(block.fields) if f.kind in ("evidence", "problem", "points_to_check")), len(block.fields))


# ---- moving --------------------------------------------------------------------------------


def _move(applied: Applied, edits: list[Edit]) -> None:
    """All moves of a layer at once, and every reference to what moved with them."""
    items = applied.book.items
    codes: dict[str, str] = {}
    for edit in edits:
        if edit.address.key not in items:
            _absent(applied, edit, list(items))
            continue
        codes[edit.address.key] = edit.to
        applied.done.append(edit)
    for code in list(items):
        upper = next((u for u in codes if is_below(code, u)), None)
        if upper is not None and code not in codes:
            codes[code] = codes[upper] + code[len(upper) :]
    if not codes:
        return
    for edit in edits:
        if edit.to in items and edit.to not in codes:
            applied.done.remove(edit)
            _taken(applied, edit, items[edit.to].line)
            return
    applied.moved = codes
    applied.book = _recoded(applied.book, codes)


def _recoded(book: Book, codes: Mapping[str, str]) -> Book:
    items: dict[str, Block] = {}
    for code, block in book.items.items():
        named = codes.get(code, code)
        made = recode_block(block, codes)
        if named != code and block.kind in LEVELS:
            made = replace(made, line=_at_level(made.line, _level_word(named, book.language), book.language))
        items[named] = made
    return Book(
        book.language,
        {k: tuple(recode_block(b, codes) for b in blocks) for k, blocks in book.head.items()},
        book.openings,
        {k: Row(tuple(_recode_line(line, codes) for line in r.lines), r.columns) for k, r in book.rows.items()},
        {k: recode_block(b, codes) for k, b in book.blocks.items()},
        items,
        [recode_block(b, codes) for b in book.again],
    )


def _level_word(code: str, language: Language) -> str:
    depth = 1 + (code != code.rstrip("0123456789.")) + ("." in code)
    return word(f"LEVEL{depth}", language)


def _at_level(line: Line, level: str, language: Language) -> Line:
    """A heading under the keyword of the level that its new code tells."""
    opening = line.node.parts[0]
    assert isinstance(opening, Word)
    if word(opening.kind, language) == level:
        return line
    text = level + line.text.strip().removeprefix(word(opening.kind, language))
    read = parse_line(text, "statement", language)
    assert isinstance(read, Node)
    return Line(line.number, text, read, line.comment)


def recode_block(block: Block, codes: Mapping[str, str]) -> Block:
    """A block in which every mention of a code is the new code."""
    return Block(
        _recode_line(block.line, codes),
        tuple(_recode_line(row, codes) for row in block.rows),
        tuple(recode_block(f, codes) for f in block.fields),
    )


def _recode_line(line: Line, codes: Mapping[str, str]) -> Line:
    mentioned = [w for w in line.node.words() if w.kind == "CODE" and plain_code(w) in codes]
    if not mentioned:
        return line
    text = line.text
    shifts = [(w.end, len(codes[plain_code(w)]) - (w.end - w.start)) for w in mentioned]
    for one in sorted(mentioned, key=lambda w: -w.start):
        text = text[: one.start] + codes[plain_code(one)] + text[one.end :]
    return Line(line.number, text, _recode_node(line.node, codes, shifts), line.comment)


def _recode_node(node: Node, codes: Mapping[str, str], shifts: list[tuple[int, int]]) -> Node:
    parts = tuple(_recode_part(p, codes, shifts) for p in node.parts)
    return Node(node.kind, parts, _shifted(node.start, shifts), _shifted(node.end, shifts))


def _recode_part(part: Part, codes: Mapping[str, str], shifts: list[tuple[int, int]]) -> Part:
    if isinstance(part, Node):
        return _recode_node(part, codes, shifts)
    if part is None:
        return None
    text = codes.get(plain_code(part), part.text) if part.kind == "CODE" else part.text
    return Word(part.kind, text, _shifted(part.start, shifts), _shifted(part.end, shifts))


def _shifted(column: int, shifts: list[tuple[int, int]]) -> int:
    return column + sum(change for end, change in shifts if end <= column)


# ---- what cannot be done -----------------------------------------------------------------


def _absent(applied: Applied, edit: Edit, there: list[str]) -> bool:
    name = edit.address.key
    guess = nearest(name, there)
    facts = {"name": name, **({"near": guess} if guess else {})}
    finding = Diagnostic("E904", (Label(edit.statement or edit.place),), facts)
    if finding not in applied.found:
        applied.found.append(finding)
    return False


def _taken(applied: Applied, edit: Edit, line: Line) -> bool:
    before = Place(line.number, line.node.start, max(line.node.end, line.node.start + 1))
    name = edit.to or edit.address.key or word(edit.address.kind.upper(), applied.book.language)
    applied.found.append(Diagnostic("E905", (Label(edit.place), Label(before, "first")), {"name": name}))
    return False

