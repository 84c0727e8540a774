"""What the language server knows of the texts that are open, and where their words stand.

Places of the language count characters of a line; the protocol counts UTF-16 units (or
what the client asks for).  Only `unit_column` and `character_column` know both.  The
whole text is sent at each change, so that lines are split in one place: `dsl.parse`.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path
from pygls.workspace import TextDocument

from .. import __version__
from ..dsl.check import CheckMemory, CheckResult, check_file
from ..dsl.diagnostics import Place
from ..dsl.editor.symbols import Occurrence, at, occurrences
from ..dsl.keywords import LANGUAGES, Language
from ..dsl.model import Ruleset
from ..dsl.parse import Memory, ParseResult, detect_language, parse
from ..files.mentions import Mention, mentions
from .editor_layers import CheckedChain, check_layer, extends_others, family
from .neighbours import Neighbours

#: Seconds without a change before memory is tidied, so that no keystroke waits for it.
_IDLE = 2.0
#: The most lines remembered; beyond it the memory starts anew.
_MOST_REMEMBERED = 100_000
_BOM = "\ufeff"


@dataclass(slots=True)
class Reading:
    """What is known of one version of a ruleset; each part is made when it is first asked for.

    ``text`` is without a byte order mark, and ``shift`` how many characters that moves its first line.
    """

    text: str
    shift: int
    parsed: ParseResult
    memory: CheckMemory
    before: Ruleset | None = None
    chained: Callable[[ParseResult], CheckedChain] | None = None
    found: tuple[Occurrence, ...] | None = None
    checked: CheckResult | None = None
    chain: CheckedChain | None = None

    def occurrences(self) -> tuple[Occurrence, ...]:
        if self.found is None:
            self.found = occurrences(self.parsed.file)
        return self.found

    def check(self) -> CheckResult:
        if self.checked is None:
            if self.chained is not None and extends_others(self.parsed):
                self.chain = self.chained(self.parsed)
                self.checked = self.chain.result
            else:
                self.checked = check_file(self.parsed, "", self.memory)
        return self.checked

    def ruleset(self) -> Ruleset | None:
        """The ruleset as it is, or as it last was without errors."""
        return self.check().ruleset or self.before

    def line(self, number: int) -> str:
        lines = self.parsed.file.lines
        return lines[number - 1] if 0 < number <= len(lines) else ""


@dataclass(slots=True)
class _Readings:
    """The last reading of every open ruleset, and the lines read before in each language."""

    by_uri: dict[str, Reading] = field(default_factory=dict)
    memories: dict[Language, Memory] = field(default_factory=lambda: {language: {} for language in LANGUAGES})

    def of(self, uri: str, source: str, chained: Callable[[str, ParseResult], CheckedChain] | None = None) -> Reading:
        text = source.replace("\r\n", "\n").replace("\r", "\n").removeprefix(_BOM)
        known = self.by_uri.get(uri)
        shift = int(source.startswith(_BOM))
        if known is not None and known.text == text and known.shift == shift:
            return known
        language = detect_language(text[:200_000])
        memory = self.memories[language]
        if len(memory) > _MOST_REMEMBERED:
            memory.clear()
        reading = Reading(text, shift, parse(text, language, memory), known.memory if known is not None else CheckMemory())
        if chained is not None:
            reading.chained = partial(chained, text)
        if known is not None:
            reading.before = known.ruleset() if known.checked is not None else known.before
        self.by_uri[uri] = reading
        return reading


class Session(LanguageServer):
    """The server with its readings of rulesets, and the files beside them."""

    def __init__(self) -> None:
        super().__init__("ruleeval", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.readings = _Readings()
        self.neighbours = Neighbours()
        self.idle: asyncio.TimerHandle | None = None

    def tidy_when_idle(self) -> None:
        """Collect garbage once nobody types: a full collection takes longer than a keystroke may."""
        if self.idle is not None:
            self.idle.cancel()
        gc.disable()
        self.idle = asyncio.get_running_loop().call_later(_IDLE, gc.collect)

    # ---- texts ----

    def reading(self, uri: str) -> Reading:
        path = path_of(uri)
        chained = partial(self._chain, path) if path is not None else None
        return self.readings.of(uri, self.source(uri), chained)

    def source(self, uri: str) -> str:
        """The text that is open, else that of the file; nothing where there is none that can be read."""
        try:
            return self.workspace.get_text_document(uri).source
        except (OSError, UnicodeDecodeError):
            return ""

    def _chain(self, path: Path, text: str, parsed: ParseResult) -> CheckedChain:
        return check_layer(path, text, parsed, self.open_rulesets())

    def open_rulesets(self) -> dict[Path, str]:
        """The texts of the rulesets that are open."""
        documents = self.workspace.text_documents.values()
        return {p: d.source for d in documents if self.is_ruleset(d) and (p := path_of(d.uri)) is not None}

    def address(self, path: Path) -> str:
        """The address of a file, as the editor calls it where it is open."""
        return next((u for u in self.workspace.text_documents if path_of(u) == path), path.as_uri())

    def relatives(self, uri: str) -> list[tuple[str, Reading]]:
        """The rulesets of the chains around one, itself first."""
        path = path_of(uri)
        others = family(path, self.open_rulesets()) if path is not None else ()
        return [(uri, self.reading(uri)), *((a, self.reading(a)) for p in others if p != path and (a := self.address(p)))]

    def location(self, uri: str, reading: Reading, place: Place) -> lsp.Location:
        """Where a place of a finding is, be it in a file that this one extends."""
        if reading.chain is None:
            return lsp.Location(uri, self.range(reading, place))
        part, inside = reading.chain.part_of(place)
        if part is reading.chain.parts[-1]:
            return lsp.Location(uri, self.range(reading, inside))
        return lsp.Location(self.address(part.path), self.range_in(list(part.lines), inside))

    def is_ruleset(self, document: TextDocument) -> bool:
        return document.language_id == "ruleeval" or document.uri.endswith(".rules")

    def owns(self, uri: str) -> bool:
        """Whether a text is a ruleset, and not one of the files beside it."""
        return self.is_ruleset(self.workspace.get_text_document(uri))

    def note_open(self) -> None:
        """Tell what is open to those who read files beside rulesets."""
        documents = self.workspace.text_documents.values()
        self.neighbours.open_texts = {p: d.source for d in documents if not self.is_ruleset(d) and (p := path_of(d.uri)) is not None}

    # ---- places ----

    def range(self, reading: Reading, place: Place) -> lsp.Range:
        line, shift = reading.line(place.line), reading.shift if place.line == 1 else 0
        start, end = (unit_column(line, c, self.workspace.position_encoding) + shift for c in (place.start, place.end))
        return lsp.Range(lsp.Position(place.line - 1, start), lsp.Position(place.line - 1, end))

    def position(self, reading: Reading, where: lsp.Position) -> tuple[int, int]:
        line, shift = reading.line(where.line + 1), reading.shift if where.line == 0 else 0
        return where.line + 1, character_column(line, max(where.character - shift, 0), self.workspace.position_encoding)

    def range_in(self, lines: list[str], place: Place) -> lsp.Range:
        """The same within the lines of a unit or case file."""
        line = lines[place.line - 1]
        start, end = (unit_column(line, c, self.workspace.position_encoding) for c in (place.start, place.end))
        return lsp.Range(lsp.Position(place.line - 1, start), lsp.Position(place.line - 1, end))

    # ---- what stands at a place ----

    def mention(self, uri: str, where: lsp.Position) -> tuple[str, Reading, Occurrence] | None:
        """What is named at a position of a ruleset, or of a unit or case file: the ruleset's address,
        its reading, and the mention."""
        document = self.workspace.get_text_document(uri)
        if self.is_ruleset(document):
            reading = self.reading(uri)
            one = at(reading.occurrences(), *self.position(reading, where))
            return None if one is None else (uri, reading, one)
        path = path_of(uri)
        if path is None:
            return None
        self.note_open()
        rules = self.neighbours.ruleset_of(path)
        named = self._named_at(document, path.name, where)
        if rules is None or named is None:
            return None
        home = self.address(rules)
        reading = self.reading(home)
        meant = [o for o in reading.occurrences() if (o.kind, o.name) == (named.kind, named.name)]
        return (home, reading, next((o for o in meant if o.declares), meant[0])) if meant else None

    def _named_at(self, document: TextDocument, name: str, where: lsp.Position) -> Mention | None:
        lines = document.source.splitlines()
        if where.line >= len(lines):
            return None
        column = character_column(lines[where.line], where.character, self.workspace.position_encoding)
        found = mentions(document.source, name)
        return next((m for m in found if m.place.line == where.line + 1 and m.place.start <= column <= m.place.end), None)


def path_of(uri: str) -> Path | None:
    """The file of an address, if it is that of a file."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path).resolve() if path else None


def _width(character: str, encoding: str | None) -> int:
    """The units of one character; UTF-16 where nothing was agreed on."""
    if encoding == lsp.PositionEncodingKind.Utf8:
        return len(character.encode("utf-8", "surrogatepass"))
    return 2 if ord(character) > 0xFFFF and encoding != lsp.PositionEncodingKind.Utf32 else 1


def unit_column(line: str, column: int, encoding: str | None) -> int:
    """A column in characters as the protocol counts it."""
    return sum(_width(c, encoding) for c in line[:column])


def character_column(line: str, column: int, encoding: str | None) -> int:
    """A column of the protocol in characters; within a character it is that character's start."""
    units = 0
    for position, character in enumerate(line):
        units += _width(character, encoding)
        if units > column:
            return position
    return len(line)
