"""A layer's text -> what it does: the edits and locks of a parsed file, in written order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..codes import plain_code
from ..diagnostics import Diagnostic, Label, Place
from ..expressions import name_of
from ..frozen import frozen
from ..keywords import word
from ..parse import EDITS, ITEMS, ParseResult, subject
from ..syntax import Block, Line, Node, Word
from .book import KEYED_ROWS, NAMED_BLOCKS, WHOLE_BLOCKS, Address, block_name, code_of, head_key, rows_of
from .edits import Content, Edit, Lock

#: Statements of the head that tell who a layer is, and need no reason.
_IDENTITY = frozenset(
    {"ruleset", "version", "extends", "reason", "applies", "unit_levels", "for_regions", "for_units", "effective", "issuer", "note", "basis"}
)  # fmt: skip
_OF_THE_FILE = frozenset({"ruleset", "version", "extends", "reason"})
_SECTION_OF = {
    "DATA": "data", "DERIVED": "derived", "PARAMETERS": "parameters", "DIMENSIONS": "dimensions", "PROBLEM_TYPES": "problem_types",
    "SEGMENTS": "segments", "GROUPS": "groups", "SURVEY": "survey",
    "LOOKUP": "lookup", "DECISION": "decision", "SUBTOTAL": "subtotal", "GRADES": "grades", "RECONCILE": "reconcile", "UNSCORED": "unscored",
    "CROSSWALK": "crosswalk",
}  # fmt: skip
#: Aspects whose word is not the name of their construct in the grammar.
_ASPECT_OF = {"THE_NAME": "name", "WEIGHT": "share"}


@frozen
class Changes:
    """What a file does to the one it extends, and what it forbids to those below."""

    edits: tuple[Edit, ...]
    locks: tuple[Lock, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_locks(result: ParseResult) -> tuple[Lock, ...]:
    """The locks of a file that extends nothing."""
    return tuple(lock for block in result.file.blocks for lock in _locks(block))


def read_changes(result: ParseResult) -> Changes:
    """The edits and locks of a layer.  Every line that cannot be an edit is reported."""
    reader = _Reader(result)
    for block in result.file.blocks:
        reader.read(block)
    reader.check()
    locks = tuple(lock for block in result.file.blocks for lock in _locks(block))
    return Changes(tuple(reader.edits), locks, tuple(reader.found))


@dataclass(slots=True)
class _Reader:
    result: ParseResult
    edits: list[Edit] = field(default_factory=list)
    found: list[Diagnostic] = field(default_factory=list)
    default: str | None = None
    statement: Place | None = None

    def __post_init__(self) -> None:
        reasons = [b for b in self.result.file.blocks if b.kind == "reason"]
        self.default = _words(reasons[0]) if reasons else None

    def read(self, block: Block) -> None:
        kind = block.kind
        if kind in EDITS:
            self._edit(block)
        elif kind in ITEMS:
            repair = f"{word('ADDITION', self.result.file.language)} {block.line.text.strip()}"
            self._report("E914", block.line, repair, code=code_of(block.line.node))
        elif kind in KEYED_ROWS:
            for name, row in rows_of(block):
                self._add(Edit("add", Address("row", kind, name), _place(row.lines[0]), row, opening=block.line))
        elif kind in NAMED_BLOCKS | WHOLE_BLOCKS:
            self._add(Edit("add", Address("block", kind, block_name(block)), _place(block.line), (block,)))
        elif kind == "leave_out":
            for aspect in _field_words(block.line.node):
                self._add(Edit("remove", Address("head", aspect, aspect), _place(block.line), reason=self._reason(block)))
        elif kind not in _OF_THE_FILE:
            key = head_key(block)
            before = next((e for e in self.edits if e.address == Address("head", kind, key)), None)
            if before is not None and isinstance(before.content, tuple):
                self.edits.remove(before)
                block_list = (*before.content, block)
            else:
                block_list = (block,)
            reason = None if kind in _IDENTITY else self._reason(block)
            self._add(Edit("change", Address("head", kind, key), _place(block.line), block_list, reason=reason))

    def _edit(self, block: Block) -> None:
        node, place = block.line.node, _place(block.line)
        match node.kind:
            case "addition":
                inner = subject(node)
                item = Block(_without_opening(block.line), (), tuple(f for f in block.fields if f.kind != "reason"))
                address = Address("item", inner.kind, code_of(node))
                self._add(Edit("add", address, place, (item,), reason=self._reason(block)))
            case "change_item":
                self._change_item(block)
            case "change_section":
                self._change_section(block)
            case "remove_items":
                for code in _codes(node.parts[1]):
                    self._add(Edit("remove", Address("item", "", code), place, reason=self._reason(block)))
            case "remove_rows":
                self._remove_rows(block)
            case "remove_block":
                section = node.parts[1]
                assert isinstance(section, Word)
                address = Address("block", _SECTION_OF[section.kind])
                self._add(Edit("remove", address, place, reason=self._reason(block)))
            case "move":
                _, source, _, target = node.parts
                assert isinstance(source, Word) and isinstance(target, Word)
                address = Address("item", "", plain_code(source), "code")
                self._add(Edit("move", address, place, to=plain_code(target), reason=self._reason(block)))
            case "reweigh":
                _, weighed, share, individual = node.parts
                assert isinstance(weighed, Word) and isinstance(share, Node)
                text = block.line.text[share.start : (individual or share).end]
                address = Address("item", "", plain_code(weighed), "share")
                self._add(Edit("change", address, place, text, reason=self._reason(block)))

    def _change_item(self, block: Block) -> None:
        code = code_of(block.line.node)
        reason = self._reason(block)
        self.statement = _place(block.line)
        former = next((_words(f) for f in block.fields if f.kind == "former_name"), None)
        found: dict[str, Content] = {}
        places: dict[str, Place] = {}
        for f in block.fields:
            if f.kind in ("reason", "former_name"):
                continue
            if f.kind == "leave_out":
                for aspect in _field_words(f.line.node):
                    self._add(Edit("remove", Address("item", "", code, aspect), _place(f.line), reason=reason))
                continue
            aspect = "name" if f.kind == "renamed" else f.kind
            before = found.get(aspect, ())
            found[aspect] = _words(f) if f.kind == "renamed" else (*(before if isinstance(before, tuple) else ()), f)
            places.setdefault(aspect, _place(f.line))
        if former is not None and "name" not in found:
            place = next(_place(f.line) for f in block.fields if f.kind == "former_name")
            self._add(Edit("change", Address("item", "", code, "name"), place, "", reason=reason, former=former))
        for aspect, content in found.items():
            named = former if aspect == "name" else None
            self._add(Edit("change", Address("item", "", code, aspect), places[aspect], content, reason=reason, former=named))
        if not any(e.address.key == code for e in self.edits):
            self._report("E918", block.line, code=code)
        self.statement = None

    def _change_section(self, block: Block) -> None:
        inner = subject(block.line.node)
        reason = self._reason(block)
        line = _without_opening(block.line)
        plain = Block(line, block.rows, tuple(f for f in block.fields if f.kind != "reason"))
        if inner.kind in KEYED_ROWS:
            for name, row in rows_of(plain):
                self._add(Edit("change", Address("row", inner.kind, name), _place(row.lines[0]), row, reason=reason, opening=line))
        else:
            address = Address("block", inner.kind, block_name(block))
            self._add(Edit("change", address, _place(block.line), (plain,), reason=reason))

    def _remove_rows(self, block: Block) -> None:
        _, section, names = block.line.node.parts
        assert isinstance(section, Word) and isinstance(names, Node)
        kind = _SECTION_OF[section.kind]
        for part in names.parts:
            name = name_of(part)
            match kind:
                case "subtotal":
                    address = Address("head", kind, f"subtotal {name}")
                case _ if kind in NAMED_BLOCKS:
                    address = Address("block", kind, name)
                case _:
                    address = Address("row", kind, name)
            assert isinstance(part, Node)
            self._add(Edit("remove", address, _place(block.line, part), reason=self._reason(block)))

    def _reason(self, block: Block) -> str | None:
        own = next((_words(f) for f in block.fields if f.kind == "reason"), None)
        return own or self.default

    def _add(self, edit: Edit) -> None:
        self.edits.append(edit if self.statement is None else replace(edit, statement=self.statement))

    def check(self) -> None:
        """Every edit has its reason, and nothing is edited twice."""
        asked: set[int] = set()
        seen: dict[tuple[str, ...], Edit] = {}
        for edit in self.edits:
            needs = edit.address.group == "item" or edit.act != "add"
            if needs and edit.reason is None and not (edit.address.group == "head" and edit.address.kind in _IDENTITY):
                if edit.place.line not in asked:
                    self.found.append(Diagnostic("E908", (Label(edit.place),), {}))
                asked.add(edit.place.line)
            act = edit.act if edit.address == edit.address.whole else ""
            key = (act, edit.address.group, "" if edit.address.group == "item" else edit.address.kind, edit.address.key, edit.address.aspect)
            before = seen.setdefault(key, edit)
            if before is not edit and not (edit.address.group == "block" and edit.address.kind in WHOLE_BLOCKS and edit.act == "add"):
                labels = (Label(edit.place), Label(before.place, "first"))
                self.found.append(Diagnostic("E912", labels, {"name": edit.address.key, "line": str(before.place.line)}))

    def _report(self, code: str, line: Line, repair: str | None = None, /, **facts: str) -> None:
        self.found.append(Diagnostic(code, (Label(_place(line)),), facts, repair))


def _locks(block: Block) -> Iterator[Lock]:
    node = block.line.node
    if node.kind == "lock_items":
        aspects = _field_words(node) if node.parts[2] is not None else ("",)
        for code in _codes(node.parts[1]):
            for aspect in aspects:
                yield Lock(Address("item", "", code, aspect), _place(block.line))
    elif node.kind == "lock_rows":
        _, section, names = node.parts
        assert isinstance(section, Word) and isinstance(names, Node)
        kind = _SECTION_OF[section.kind]
        for part in names.parts:
            group = "head" if kind == "subtotal" else "block" if kind in NAMED_BLOCKS else "row"
            key = f"subtotal {name_of(part)}" if kind == "subtotal" else name_of(part)
            yield Lock(Address(group, kind, key), _place(block.line))  # type: ignore[arg-type]


def _field_words(node: Node) -> tuple[str, ...]:
    """The aspects that a list of field words names."""
    words = node.parts[-1]
    assert isinstance(words, Node)
    return tuple(_ASPECT_OF.get(w.kind, w.kind.lower()) for w in words.words())


def _codes(part: object) -> tuple[str, ...]:
    assert isinstance(part, Node)
    return tuple(plain_code(w) for w in part.words())


def _words(block: Block) -> str:
    part = block.line.node.parts[1]
    assert isinstance(part, Word)
    return part.text


def _without_opening(line: Line) -> Line:
    """The line of what an edit adds or changes, its columns as they were."""
    inner = subject(line.node)
    return Line(line.number, " " * inner.start + line.text[inner.start :], inner, line.comment)


def _place(line: Line, part: Node | None = None) -> Place:
    where = part or line.node
    return Place(line.number, where.start, max(where.end, where.start + 1))
