"""The language server: the protocol around `dsl.editor`, one function a request.

Places of the language count characters of a line; the protocol counts UTF-16 units (or
what the client asks for).  Only `_unit_column` and `_character_column` know both.  The
whole text is sent at each change, so that lines are split in one place: `dsl.parse`.
"""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass, field

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from .. import __version__
from ..dsl.check import CheckMemory, CheckResult, check_file
from ..dsl.diagnostics import Diagnostic, Place
from ..dsl.editor.complete import complete
from ..dsl.editor.hover import hover
from ..dsl.editor.outline import Entry, folds, outline
from ..dsl.editor.rename import CannotRename, rename
from ..dsl.editor.symbols import Occurrence, at, occurrences, same
from ..dsl.format import FormatterBug, format_text
from ..dsl.keywords import Language
from ..dsl.parse import Memory, ParseResult, detect_language, parse, split_comment
from ..dsl.wording import render

#: Seconds without a change before memory is tidied, so that no keystroke waits for it.
_IDLE = 2.0
#: The most lines remembered; beyond it the memory starts anew.
_MOST_REMEMBERED = 100_000
_KINDS = {"keyword": lsp.CompletionItemKind.Keyword, "code": lsp.CompletionItemKind.Class, "unit": lsp.CompletionItemKind.Unit}


@dataclass(slots=True)
class _Reading:
    """What is known of one version of a text; each part is made when it is first asked for."""

    text: str
    parsed: ParseResult
    memory: CheckMemory
    found: tuple[Occurrence, ...] | None = None
    checked: CheckResult | None = None

    def occurrences(self) -> tuple[Occurrence, ...]:
        if self.found is None:
            self.found = occurrences(self.parsed.file)
        return self.found

    def check(self) -> CheckResult:
        if self.checked is None:
            self.checked = check_file(self.parsed, "", self.memory)
        return self.checked


@dataclass(slots=True)
class _Readings:
    """The last reading of every open text, and the lines read before in each language."""

    by_uri: dict[str, _Reading] = field(default_factory=dict)
    memories: dict[Language, Memory] = field(default_factory=lambda: {"zh": {}, "en": {}})

    def of(self, document: TextDocument) -> _Reading:
        text = document.source.replace("\r\n", "\n").replace("\r", "\n")
        known = self.by_uri.get(document.uri)
        if known is not None and known.text == text:
            return known
        language = detect_language(text[:200_000])
        memory = self.memories[language]
        if len(memory) > _MOST_REMEMBERED:
            memory.clear()
        reading = _Reading(text, parse(text, language, memory), known.memory if known is not None else CheckMemory())
        self.by_uri[document.uri] = reading
        return reading


class _Server(LanguageServer):
    """The server with its readings."""

    def __init__(self) -> None:
        super().__init__("ruleeval", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.readings = _Readings()
        self.idle: asyncio.TimerHandle | None = None

    def tidy_when_idle(self) -> None:
        """Collect garbage once nobody types: a full collection takes longer than a keystroke may."""
        if self.idle is not None:
            self.idle.cancel()
        gc.disable()
        self.idle = asyncio.get_running_loop().call_later(_IDLE, gc.collect)

    def reading(self, uri: str) -> _Reading:
        return self.readings.of(self.workspace.get_text_document(uri))

    def range(self, reading: _Reading, place: Place) -> lsp.Range:
        line = _line(reading, place.line)
        start, end = (_unit_column(line, c, self.workspace.position_encoding) for c in (place.start, place.end))
        return lsp.Range(lsp.Position(place.line - 1, start), lsp.Position(place.line - 1, end))

    def position(self, reading: _Reading, where: lsp.Position) -> tuple[int, int]:
        line = _line(reading, where.line + 1)
        return where.line + 1, _character_column(line, where.character, self.workspace.position_encoding)

    def mention(self, uri: str, where: lsp.Position) -> tuple[_Reading, Occurrence | None]:
        reading = self.reading(uri)
        return reading, at(reading.occurrences(), *self.position(reading, where))


def _line(reading: _Reading, number: int) -> str:
    lines = reading.parsed.file.lines
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _width(character: str, encoding: str | None) -> int:
    """The units of one character; UTF-16 where nothing was agreed on."""
    if encoding == lsp.PositionEncodingKind.Utf8:
        return len(character.encode("utf-8", "surrogatepass"))
    return 2 if ord(character) > 0xFFFF and encoding != lsp.PositionEncodingKind.Utf32 else 1


def _unit_column(line: str, column: int, encoding: str | None) -> int:
    """A column in characters as the protocol counts it."""
    return sum(_width(c, encoding) for c in line[:column])


def _character_column(line: str, column: int, encoding: str | None) -> int:
    """A column of the protocol in characters; within a character it is that character's start."""
    units = 0
    for position, character in enumerate(line):
        units += _width(character, encoding)
        if units > column:
            return position
    return len(line)


def make_server() -> LanguageServer:
    """A server that is ready to be started."""
    server = _Server()
    _register_diagnostics(server)
    _register_layout(server)
    _register_names(server)
    return server


# ---- findings and their repairs ------------------------------------------------------------


def _register_diagnostics(server: _Server) -> None:
    def publish(uri: str, version: int | None) -> None:
        reading = server.reading(uri)
        found = [_shown(server, uri, reading, d) for d in reading.check().diagnostics]
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found, version))
        server.tidy_when_idle()

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    def _opened(params: lsp.DidOpenTextDocumentParams) -> None:
        publish(params.text_document.uri, params.text_document.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def _changed(params: lsp.DidChangeTextDocumentParams) -> None:
        publish(params.text_document.uri, params.text_document.version)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def _closed(params: lsp.DidCloseTextDocumentParams) -> None:
        server.readings.by_uri.pop(params.text_document.uri, None)
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    def _repairs(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        reading = server.reading(uri)
        wanted = range(params.range.start.line + 1, params.range.end.line + 2)
        return [_repair(server, uri, reading, d) for d in reading.check().diagnostics if d.repair is not None and d.line in wanted]


def _shown(server: _Server, uri: str, reading: _Reading, diagnostic: Diagnostic) -> lsp.Diagnostic:
    message = render(diagnostic, reading.parsed.file.language)
    place = diagnostic.labels[0].place if diagnostic.labels else Place(1, 0, 0)
    others = [lab for lab in diagnostic.labels if lab.note]
    related = [
        lsp.DiagnosticRelatedInformation(lsp.Location(uri, server.range(reading, lab.place)), note)
        for lab, note in zip(others, message.notes, strict=True)
    ]
    severity = lsp.DiagnosticSeverity.Error if diagnostic.is_error else lsp.DiagnosticSeverity.Warning
    text = f"{message.summary}\n{message.help}" if message.help else message.summary
    return lsp.Diagnostic(server.range(reading, place), text, severity, diagnostic.code, None, "ruleeval", None, related)


def _repair(server: _Server, uri: str, reading: _Reading, diagnostic: Diagnostic) -> lsp.CodeAction:
    """The repair replaces a line up to its comment."""
    assert diagnostic.repair is not None
    written = split_comment(_line(reading, diagnostic.line))[0].rstrip()
    edit = lsp.TextEdit(server.range(reading, Place(diagnostic.line, 0, len(written))), diagnostic.repair)
    title = ("可改为：" if reading.parsed.file.language == "zh" else "try: ") + diagnostic.repair.strip()
    shown = _shown(server, uri, reading, diagnostic)
    return lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, [shown], edit=lsp.WorkspaceEdit({uri: [edit]}))


# ---- layout -------------------------------------------------------------------------------


def _register_layout(server: _Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def _format(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        reading = server.reading(params.text_document.uri)
        try:
            written = format_text(reading.text)
        except (ValueError, FormatterBug):  # the text does not parse, which is told already; or nothing is touched
            return []
        last = len(reading.parsed.file.lines)
        end = server.range(reading, Place(last, 0, len(_line(reading, last)))).end
        return [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), end), written)] if written != reading.text else []

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def _outline(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        reading = server.reading(params.text_document.uri)
        return [_symbol(server, reading, e) for e in outline(reading.parsed.file)]

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def _folds(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        found = folds(outline(server.reading(params.text_document.uri).parsed.file))
        return [lsp.FoldingRange(first - 1, last - 1) for first, last in found]


def _symbol(server: _Server, reading: _Reading, entry: Entry) -> lsp.DocumentSymbol:
    own = server.range(reading, Place(entry.first, 0, len(_line(reading, entry.first))))
    last = server.range(reading, Place(entry.last, 0, len(_line(reading, entry.last))))
    kinds = {1: lsp.SymbolKind.Module, 2: lsp.SymbolKind.Class, 3: lsp.SymbolKind.Method}
    below = [_symbol(server, reading, e) for e in entry.children]
    kind = kinds.get(entry.level, lsp.SymbolKind.Namespace)
    return lsp.DocumentSymbol(entry.name, kind, lsp.Range(own.start, last.end), own, children=below)


# ---- names -----------------------------------------------------------------------------------


def _register_names(server: _Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=["：", ":", "，", ",", "、", ";"]))
    def _complete(params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        reading = server.reading(params.text_document.uri)
        line, column = server.position(reading, params.position)
        proposals = complete(reading.text, line, column, reading.parsed.file.language, reading.occurrences())
        return [lsp.CompletionItem(p.text, kind=_KINDS.get(p.kind, lsp.CompletionItemKind.Variable)) for p in proposals]

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def _hover(params: lsp.HoverParams) -> lsp.Hover | None:
        reading, one = server.mention(params.text_document.uri, params.position)
        if one is None:
            return None
        text = hover(reading.parsed.file, reading.occurrences(), one, reading.check().ruleset)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.PlainText, text), server.range(reading, one.place))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def _definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        uri = params.text_document.uri
        reading, one = server.mention(uri, params.position)
        found = [o for o in same(reading.occurrences(), one) if o.declares] if one else []
        return [lsp.Location(uri, server.range(reading, o.place)) for o in found]

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def _references(params: lsp.ReferenceParams) -> list[lsp.Location]:
        uri = params.text_document.uri
        reading, one = server.mention(uri, params.position)
        found = [o for o in same(reading.occurrences(), one) if params.context.include_declaration or not o.declares] if one else []
        return [lsp.Location(uri, server.range(reading, o.place)) for o in found]

    @server.feature(lsp.TEXT_DOCUMENT_RENAME)
    def _rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        uri = params.text_document.uri
        reading, one = server.mention(uri, params.position)
        if one is None:
            return None
        try:
            changes = rename(reading.text, reading.parsed.file.language, one, params.new_name)
        except CannotRename:
            return None
        return lsp.WorkspaceEdit({uri: [lsp.TextEdit(server.range(reading, c.place), c.text) for c in changes]})
