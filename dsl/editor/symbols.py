"""Every place where a file names something: a code, a value, a kind of evidence, a grade."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ..characters import plain_digits
from ..diagnostics import Place
from ..frozen import frozen
from ..syntax import Block, Line, Node, Part, SourceFile, Word

Kind = Literal["code", "value", "column", "table", "evidence", "problem", "grade", "unit", "other"]

_HEADINGS = frozenset({"level1", "level2", "level3", "bonus", "extra", "veto"})
#: Lines that declare a name: the kind of line -> (the position of the name, what it is).
_DECLARING: dict[str, tuple[int, Kind]] = {
    "data_row": (0, "value"),
    "derived_row": (0, "value"),
    "parameter_row": (0, "value"),
    "column": (1, "column"),
    "segment_row": (0, "value"),
    "groups": (1, "value"),
    "group_row": (0, "column"),
    "survey": (1, "value"),
    "lookup": (1, "table"),
    "decision": (1, "table"),
    "problem_row": (0, "problem"),
    "grade_row": (1, "grade"),
}
#: Lines whose names, outside expressions, are of one kind.
_NAMING: dict[str, Kind] = {
    "evidence": "evidence",
    "document_row": "evidence",
    "problem": "problem",
    "gate": "grade",
    "effect": "grade",
}
_INNER: dict[str, Kind] = {"unit": "unit", "source": "other", "issued_by": "other", "data_type": "other"}


@frozen
class Occurrence:
    """One mention: what is named, where, whether it is declared there, the code it stands under."""

    kind: Kind
    name: str
    place: Place
    declares: bool
    word: Word
    owner: str | None


def occurrences(file: SourceFile) -> tuple[Occurrence, ...]:
    """Every mention in a file, in written order."""
    found = tuple(sorted(_of_file(file), key=lambda o: o.place.line * 100_000 + o.place.start))
    declared: dict[str, set[Kind]] = {}
    for one in found:
        if one.declares:
            declared.setdefault(one.name, set()).add(one.kind)
    return tuple(_settled(one, declared) for one in found)


def at(found: tuple[Occurrence, ...], line: int, column: int) -> Occurrence | None:
    """The mention at a position: line from 1, column from 0; its end counts as inside."""
    return next((o for o in found if o.place.line == line and o.place.start <= column <= o.place.end), None)


def same(found: tuple[Occurrence, ...], one: Occurrence) -> tuple[Occurrence, ...]:
    """All mentions of what one mention names."""
    return tuple(o for o in found if (o.kind, o.name) == (one.kind, one.name))


def _settled(one: Occurrence, declared: dict[str, set[Kind]]) -> Occurrence:
    """A name in an expression is a value, else a column or a table, whichever is declared."""
    kinds = declared.get(one.name, set())
    if one.declares or one.kind != "value" or not kinds or "value" in kinds:
        return one
    for kind in ("column", "table"):
        if kind in kinds:
            return Occurrence(kind, one.name, one.place, False, one.word, one.owner)
    return one


def _of_file(file: SourceFile) -> Iterator[Occurrence]:
    for block in file.blocks:
        code = next((w.text for w in block.line.node.words() if w.kind == "CODE"), None) if block.kind in _HEADINGS else None
        yield from _of_block(block, code)


def _of_block(block: Block, owner: str | None) -> Iterator[Occurrence]:
    yield from _of_line(block.line, owner)
    for row in block.rows:
        yield from _of_line(row, owner)
    for inner in block.fields:
        yield from _of_block(inner, owner)


def _of_line(line: Line, owner: str | None) -> Iterator[Occurrence]:
    kind = line.node.kind
    position, declared = _DECLARING.get(kind, (-1, "other"))
    for index, part in enumerate(line.node.parts):
        if index == position and isinstance(part, Node):
            yield from _named(line, part, declared, owner, declares=True)
        elif isinstance(part, Word) and part.kind == "CODE":
            yield _code(line, part, owner, declares=kind in _HEADINGS and index == 1)
        else:
            yield from _inside(line, part, _NAMING.get(kind, "other"), owner)


def _inside(line: Line, part: Part, plain: Kind, owner: str | None) -> Iterator[Occurrence]:
    if isinstance(part, Word):
        if part.kind == "CODE":
            yield _code(line, part, owner, declares=False)
    elif part is not None and part.kind == "name":
        yield from _named(line, part, plain, owner, declares=False)
    elif part is not None and part.kind == "variable":
        for number, piece in enumerate(p for p in part.parts if isinstance(p, Node)):
            yield from _named(line, piece, "column" if number else "value", owner, declares=False)
    elif part is not None:
        for inner in part.parts:
            yield from _inside(line, inner, _INNER.get(part.kind, plain), owner)


def _code(line: Line, word: Word, owner: str | None, *, declares: bool) -> Occurrence:
    return Occurrence("code", plain_digits(word.text), Place(line.number, word.start, word.end), declares, word, owner)


def _named(line: Line, node: Node, kind: Kind, owner: str | None, *, declares: bool) -> Iterator[Occurrence]:
    word = next(node.words(), None)
    if word is not None:
        text = word.text[1:-1].strip() if word.kind == "QUOTED_NAME" else word.text
        yield Occurrence(kind, text, Place(line.number, word.start, word.end), declares, word, owner)
