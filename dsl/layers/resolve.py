"""A chain of files -> one parsed ruleset, with who set what and why.

Every line of a chain has a number of its own: the lines of the first file come first,
those of the next after them.  So a place says file and line at once (`locate`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..codes import is_below
from ..diagnostics import Diagnostic, Label, Place
from ..frozen import frozen
from ..model import Setting, Source
from ..parse import ParseResult, parse
from ..syntax import Block, Line, Node, SourceFile, Word
from .apply import Applied, apply
from .book import Address, Book, open_book
from .edits import Content, Edit, Lock
from .read import read_changes, read_locks


@frozen
class LayerText:
    """One file of a chain: its name, its text, and which files before it (by number) it extends."""

    file: str
    text: str
    extends: tuple[int, ...] = ()


@frozen
class Resolved:
    """A chain as one file, with its findings so far, its sources, and the history of every part."""

    result: ParseResult
    book: Book
    sources: tuple[Source, ...]
    settings: tuple[Setting, ...]
    origins: dict[str, tuple[str, str]]
    edits: tuple[tuple[Edit, ...], ...]
    shown: dict[int, str]
    """Lines that were made anew: their number and their text."""


def resolve(chain: Sequence[LayerText]) -> Resolved:
    """Put a chain together, the extended before those that extend them.  Never raises."""
    parsed: list[ParseResult] = []
    sources: list[Source] = []
    first = 1
    for layer in chain:
        result = parse(layer.text, first=first)
        name, version = head_of(result.file)
        sources.append(Source(layer.file, name, version, first))
        parsed.append(result)
        first += max(1, len(result.file.lines))
    return _Chain(chain, parsed, tuple(sources)).resolved()


def head_of(file: SourceFile) -> tuple[str, str]:
    """The name and the version in the head of a file, empty where they are not given."""
    found = {b.kind: b.line.node.parts[1] for b in reversed(file.blocks) if b.kind in ("ruleset", "version")}
    texts = [w.text if isinstance(w := found.get(k), Word) else "" for k in ("ruleset", "version")]
    return texts[0], texts[1]


def localised(found: Iterable[Diagnostic], sources: Sequence[Source]) -> tuple[Diagnostic, ...]:
    """Findings whose sentences name lines of a chain, with the file and the line that is meant."""
    return tuple(
        d if not d.fact("line").isdigit() else replace(d, facts={**d.facts, "line": _line_name(d, sources)})
        for d in found
    )


def _line_name(diagnostic: Diagnostic, sources: Sequence[Source]) -> str:
    source, line = locate(sources, int(diagnostic.fact("line")))
    here = locate(sources, diagnostic.line)[0]
    return str(line) if source == here else f"{line}（{source.file}）"


def locate(sources: Sequence[Source], line: int) -> tuple[Source, int]:
    """The file that a line of a chain stands in, and its number there."""
    source = next(s for s in reversed(sources) if s.first_line <= line or s is sources[0])
    return source, line - source.first_line + 1


class _Chain:
    """One chain being put together."""

    def __init__(self, chain: Sequence[LayerText], parsed: list[ParseResult], sources: tuple[Source, ...]) -> None:
        self.chain, self.parsed, self.sources = chain, parsed, sources
        self.found: list[Diagnostic] = self._other_language() or [d for r in parsed for d in r.diagnostics]
        self.depths = self._depths()
        self.settings: list[Setting] = []
        self.origins: dict[str, tuple[str, str]] = {}
        self.locks: list[tuple[int, Lock]] = []
        self.edits: list[tuple[Edit, ...]] = [()] * len(chain)

    def _depths(self) -> list[int]:
        depths: list[int] = []
        for layer in self.chain:
            depths.append(1 + max((depths[i] for i in layer.extends), default=-1))
        return depths

    def resolved(self) -> Resolved:
        book = open_book(self.parsed[0].file)
        root = self.sources[0]
        self.origins = {code: (root.name, code) for code in book.items}
        self.locks = [(0, lock) for lock in read_locks(self.parsed[0])]
        for depth in range(1, max(self.depths) + 1):
            book = self._level(book, [i for i, d in enumerate(self.depths) if d == depth])
        last = self.parsed[-1].file
        for kind in ("ruleset", "version"):
            book.head[kind] = tuple(b for b in last.blocks if b.kind == kind)
        file = book.file()
        lines = {line.number: line.text for block in file.blocks for line in _every_line(block)}
        original = {n: text for r, s in zip(self.parsed, self.sources, strict=True) for n, text in enumerate(r.file.lines, s.first_line)}
        shown = {n: text for n, text in lines.items() if text.strip() not in original.get(n, "")}
        result = ParseResult(
            replace(file, language=last.language, lines=()), tuple(self.found), tuple(e for r in self.parsed for e in r.lost)
        )
        return Resolved(result, book, self.sources, tuple(self.settings), self.origins, tuple(self.edits), shown)

    def _level(self, book: Book, layers: list[int]) -> Book:
        """Every layer of one depth applied to what lies above: they must not disagree."""
        gathered: list[tuple[int, Edit]] = []
        for number in layers:
            changes = read_changes(self.parsed[number])
            self.found += changes.diagnostics
            own = [e for e in changes.edits if self._allowed(e)]
            self.edits[number] = tuple(own)
            gathered += [(number, e) for e in own if not self._disagrees(e, number, gathered)]
            self.locks += [(number, lock) for lock in changes.locks]
        layer_of = {id(e): n for n, e in gathered}
        applied = apply(book, [e for _, e in gathered])
        self.found += applied.found
        self._remember(applied, layer_of, book)
        return applied.book

    def _allowed(self, edit: Edit) -> bool:
        lock = next((lock for _, lock in self.locks if touches(edit, lock.address)), None)
        if lock is None:
            return True
        labels = (Label(edit.place), Label(lock.place, "locked"))
        self.found.append(Diagnostic("E907", labels, {"name": edit.address.key}))
        return False

    def _disagrees(self, edit: Edit, number: int, gathered: list[tuple[int, Edit]]) -> bool:
        for other_number, other in gathered:
            if other_number == number or not _meet(edit, other):
                continue
            if edit.address.group == "head" and edit.address.kind in _OWN_HEAD:
                return False
            if not _says_the_same(edit, other):
                labels = (Label(edit.place), Label(other.place, "first"))
                facts = {"name": edit.address.key, "layer": self.sources[number].name, "other": self.sources[other_number].name}
                self.found.append(Diagnostic("E906", labels, facts))
            return True
        return False

    def _remember(self, applied: Applied, layer_of: dict[int, int], before: Book) -> None:
        for old, new in applied.moved.items():
            if old in self.origins:
                self.origins[new] = self.origins.pop(old) if new not in applied.moved else self.origins[old]
        self.locks = [(n, _moved_lock(lock, applied.moved)) for n, lock in self.locks]
        self.settings = [replace(s, key=applied.moved.get(s.key, s.key)) if s.group == "item" else s for s in self.settings]
        for edit in applied.done:
            number = layer_of[id(edit)]
            code = applied.moved.get(edit.address.key, edit.address.key) if edit.act != "add" else edit.address.key
            key = code if edit.address.group == "item" else edit.address.key
            source = self.sources[number]
            if edit.act == "add" and edit.address.group == "item":
                self.origins[code] = (source.name, code)
            self.settings.append(
                Setting(
                    number, edit.act, edit.address.group, edit.address.kind, key, edit.address.aspect,
                    content_text(edit.content) or edit.to, text_at(before, edit.address), edit.reason or "", edit.place,
                )
            )  # fmt: skip
        gone = {e.address.key for e in applied.done if e.act == "remove" and e.address.group == "item" and not e.address.aspect}
        for code in [c for c in self.origins if any(c == g or is_below(c, g) for g in gone) and c not in applied.book.items]:
            del self.origins[code]

    def _other_language(self) -> list[Diagnostic]:
        return [
            Diagnostic("E909", (Label(Place(source.first_line, 0, 1)),), {"name": source.file})
            for result, source in zip(self.parsed, self.sources, strict=True)
            if result.file.language != self.parsed[0].file.language
        ]


#: Statements of the head that every layer has of its own.
_OWN_HEAD = frozenset({"applies", "unit_levels", "for_regions", "for_units", "effective", "issuer", "note", "basis"})


def touches(edit: Edit, locked: Address) -> bool:
    """Whether an edit changes what a lock forbids to change."""
    address = edit.address
    if locked.group != address.group:
        return False
    if locked.group != "item":
        return locked.kind == address.kind and locked.key == address.key
    if not locked.aspect:
        return address.key == locked.key or is_below(address.key, locked.key)
    if edit.act == "remove" and not address.aspect:
        return address.key == locked.key or is_below(locked.key, address.key)
    return address.key == locked.key and address.aspect == locked.aspect


def _meet(one: Edit, other: Edit) -> bool:
    a, b = one.address, other.address
    if (a.group, a.key) != (b.group, b.key) or (a.group != "item" and a.kind != b.kind):
        return False
    return a.aspect == b.aspect or (one.act == "remove" and not a.aspect) or (other.act == "remove" and not b.aspect)


def _says_the_same(one: Edit, other: Edit) -> bool:
    return (one.act, one.to) == (other.act, other.to) and content_text(one.content) == content_text(other.content)


def _moved_lock(lock: Lock, moved: dict[str, str]) -> Lock:
    address = lock.address
    return replace(lock, address=replace(address, key=moved.get(address.key, address.key))) if address.group == "item" else lock


def content_text(content: Content) -> str:
    """What an edit holds, as the lines were written."""
    if isinstance(content, str):
        return content
    if isinstance(content, tuple):
        return "\n".join(line.text.strip() for block in content for line in _every_line(block))
    return "\n".join(line.text.strip() for line in (*content.lines, *(c.line for c in content.columns)))


def text_at(book: Book, address: Address) -> str:
    """What stands under an address, as its lines were written; empty where nothing does."""
    match address.group:
        case "head":
            return content_text(book.head.get(address.key, ()))
        case "row":
            row = book.rows.get((address.kind, address.key))
            return "" if row is None else content_text(row)
        case "block":
            block = book.blocks.get((address.kind, address.key))
            return "" if block is None else content_text((block,))
        case "item":
            return _item_text(book.items.get(address.key), address.aspect)


def _item_text(block: Block | None, aspect: str) -> str:
    if block is None:
        return ""
    if not aspect:
        return content_text((block,))
    parts = block.line.node.parts
    if aspect in ("name", "code"):
        part = parts[2 if aspect == "name" else 1]
        return part.text if isinstance(part, Word) else ""
    if aspect == "share":
        share = next((p for p in parts[3:] if isinstance(p, Node)), None)
        return "" if share is None else block.line.text[share.start : share.end]
    if aspect == "individual":
        return next((p.text for p in parts if isinstance(p, Word) and p.kind == "INDIVIDUAL"), "")
    return content_text(tuple(f for f in block.fields if f.kind == aspect))


def _every_line(block: Block) -> Iterator[Line]:
    yield block.line
    yield from block.rows
    for inner in block.fields:
        yield from _every_line(inner)

