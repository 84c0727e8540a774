"""What the checks share while a ruleset is being made: the file, the names, the findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..codes import parent_code
from ..diagnostics import Diagnostic, Fact, Label, Place
from ..expressions import ExpressionReader, Named, Scope
from ..keywords import KEYWORDS, Language
from ..numbers import read_decimal
from ..parse import Lost, ParseResult
from ..syntax import Block, Line, Node, Part, Word

_CODE = re.compile(r"[A-Z]{1,2}\d*(?:\.\d+)*")
#: What a line that could not be read may have declared: all before its colon, or its first word.
_LOST_NAMES = (re.compile(r".+?(?=\s*[:：=＝])"), re.compile(r"\s*[^\s:：=＝,，]+"))


@dataclass(slots=True)
class Draft:
    """A ruleset in the making."""

    result: ParseResult
    scope: Scope
    broken: set[str] = field(default_factory=set)
    """Codes whose lines could not be read; what adds them up keeps quiet."""
    lost_blocks: set[int] = field(default_factory=set)
    """Opening lines of blocks in which some line could not be read."""
    failed: set[str] = field(default_factory=set)
    """Codes of indicators whose standard is in error; nothing more is said of them."""
    effect_asked: bool = False
    """Whether it was asked what missing evidence does; it is asked once."""
    lost_heading: bool = False
    """Whether some line that opens an indicator could not be read at all."""

    _by_kind: dict[str, list[tuple[int, Block]]] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        return self.result.file.language

    def blocks(self, *kinds: str) -> Iterator[Block]:
        """The blocks of some kinds, in written order."""
        if not self._by_kind:
            for position, block in enumerate(self.result.file.blocks):
                self._by_kind.setdefault(block.kind, []).append((position, block))
        found = [entry for kind in kinds for entry in self._by_kind.get(kind, ())]
        if len(kinds) > 1:
            found.sort(key=lambda entry: entry[0])
        yield from (block for _, block in found)

    def one(self, kind: str) -> Block | None:
        """The one head statement of a kind; a second one is reported."""
        found = list(self.blocks(kind))
        for extra in found[1:]:
            self.report("E209", extra.line, None, name=self.opening(extra), line=str(found[0].line.number))
        return found[0] if found else None

    def opening(self, block: Block) -> str:
        first = next(block.line.node.words())
        return KEYWORDS[first.kind].spelling(self.language) if first.kind in KEYWORDS else first.text

    def place(self, line: Line, part: Part = None) -> Place:
        where = part if part is not None else line.node
        return Place(line.number, where.start, max(where.end, where.start + 1))

    def report(self, code: str, line: Line, part: Part = None, repair: str | None = None, /, **facts: Fact) -> None:
        self.scope.report(code, self.place(line, part), repair, **facts)

    def report_at(self, code: str, labels: Iterable[Label], /, **facts: Fact) -> None:
        self.scope.found.append(Diagnostic(code, tuple(labels), facts))

    def whole(self, line: Line, word: Word) -> int | None:
        """The whole number a word stands for, or a diagnostic."""
        value = read_decimal(word.text)
        if value.denominator == 1:
            return int(value)
        self.report("E509", line, word)
        return None

    def reader(self, line: Line) -> ExpressionReader:
        return ExpressionReader(self.scope, line.number)

    def declare(self, name: str, named: Named) -> bool:
        """Put a name in scope; say no, with a diagnostic, if it is there already."""
        before = self.scope.names.get(name)
        if before is not None:
            assert named.place is not None
            line = str(before.place.line) if before.place else ""
            self.scope.report("E204", named.place, name=name, line=line)
            return False
        self.scope.names[name] = named
        return True


def start(result: ParseResult) -> Draft:
    """A draft of a parsed file, with notes of what could not be read."""
    lost_names = {m[0].strip(" \t\u3000【】[]") for entry in result.lost for p in _LOST_NAMES if (m := p.match(entry.text))}
    scope = Scope(result.file.language, {}, {}, {}, lost_names=frozenset(lost_names))
    draft = Draft(result, scope)
    for entry in result.lost:
        _note_lost(draft, entry)
    return draft


def _note_lost(draft: Draft, entry: Lost) -> None:
    if entry.block is not None:
        draft.lost_blocks.add(entry.block)
    if entry.block is None or re.search(r"[一二三]级|level", entry.text):
        code = _CODE.search(entry.text)
        if code is None or len(code[0]) == 0:
            draft.lost_heading = True
            return
        found = code[0]
        while found:
            draft.broken.add(found)
            found = parent_code(found) or ""


def word_of(part: Part) -> Word:
    assert isinstance(part, Word)
    return part


def node_of(part: Part) -> Node:
    assert isinstance(part, Node)
    return part
