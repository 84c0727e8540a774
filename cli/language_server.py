"""The language server: the protocol around `dsl.editor`, one function a request."""

from __future__ import annotations

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from ..dsl.check import check_text
from ..dsl.diagnostics import Choice, Diagnostic, Place
from ..dsl.editor.complete import complete
from ..dsl.editor.hover import hover, keyword_at, keyword_hover
from ..dsl.editor.outline import Entry, folds, outline
from ..dsl.editor.rename import CannotRename, rename
from ..dsl.editor.symbols import Occurrence, same
from ..dsl.format import FormatterBug, format_text
from ..dsl.parse import ITEMS, split_comment
from ..dsl.wording import render
from ..files.mentions import mentions, renamed
from ..report.phrases import Phrases
from .editor_session import Reading, Session, path_of
from .neighbours import hints

_KINDS = {
    "keyword": lsp.CompletionItemKind.Keyword, "code": lsp.CompletionItemKind.Class, "unit": lsp.CompletionItemKind.Unit,
    "operator": lsp.CompletionItemKind.Operator, "option": lsp.CompletionItemKind.EnumMember,
}  # fmt: skip
#: Lines that a result is shown beside: those that open an indicator, or change one.
_WITH_RESULTS = ITEMS | {"change_item", "reweigh", "addition", "move"}
#: More findings than this help nobody while typing.
_MOST_SHOWN = 1000
#: The code of a request that was understood and cannot be done (LSP 3.17, RequestFailed).
_REQUEST_FAILED = -32803


def make_server() -> LanguageServer:
    """A server that is ready to be started."""
    server = Session()
    _register_diagnostics(server)
    _register_layout(server)
    _register_names(server)
    _register_results(server)
    return server


# ---- findings and their repairs ------------------------------------------------------------


def _register_diagnostics(server: Session) -> None:
    def publish(uri: str, version: int | None) -> None:
        if not server.owns(uri):
            _refresh(server)
            return
        reading = server.reading(uri)
        found = [_shown(server, uri, reading, d) for d in reading.check().diagnostics[:_MOST_SHOWN]]
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
        if server.readings.by_uri.pop(params.text_document.uri, None) is not None:
            server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    def _repairs(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        if not server.owns(params.text_document.uri):
            return []
        uri = params.text_document.uri
        reading = server.reading(uri)
        if reading.check() and reading.chain is not None:
            return []  # a line of a chain may have been written by a layer
        wanted = range(params.range.start.line + 1, params.range.end.line + 2)
        near = [d for d in reading.check().diagnostics if d.line in wanted]
        found = [_repair(server, uri, reading, d, Choice(d.line, d.repair)) for d in near if d.repair is not None]
        return found + [_repair(server, uri, reading, d, c) for d in near for c in d.choices if _helps(reading, d, c)]


def _refresh(server: Session) -> None:
    """Ask for the results beside the lines again: a unit's data have changed."""
    workspace = server.client_capabilities.workspace
    if workspace is not None and workspace.inlay_hint is not None and workspace.inlay_hint.refresh_support:
        server.workspace_inlay_hint_refresh(None)


def _shown(server: Session, uri: str, reading: Reading, diagnostic: Diagnostic) -> lsp.Diagnostic:
    message = render(diagnostic, reading.parsed.file.language)
    locations = [(server.location(uri, reading, lab.place), lab.note) for lab in diagnostic.labels]
    mine = next((one.range for one, _ in locations if one.uri == uri), None)
    if mine is None:  # it is about a file that this one extends: told at the line that extends it
        extends = next((b.line.number for b in reading.parsed.file.blocks if b.kind == "extends"), 1)
        mine = server.range(reading, Place(extends, 0, len(reading.line(extends)) if locations else 0))
        related = [lsp.DiagnosticRelatedInformation(one, message.summary) for one, _ in locations]
    else:
        noted = [one for one, note in locations if note]
        related = [lsp.DiagnosticRelatedInformation(one, told) for one, told in zip(noted, message.notes, strict=True)]
    severity = lsp.DiagnosticSeverity.Error if diagnostic.is_error else lsp.DiagnosticSeverity.Warning
    text = f"{message.summary}\n{message.help}" if message.help else message.summary
    return lsp.Diagnostic(mine, text, severity, diagnostic.code, None, "ruleeval", None, related)


def _repair(server: Session, uri: str, reading: Reading, diagnostic: Diagnostic, choice: Choice) -> lsp.CodeAction:
    """A repair replaces a line up to its comment."""
    written = split_comment(reading.line(choice.line))[0].rstrip()
    edit = lsp.TextEdit(server.range(reading, Place(choice.line, 0, len(written))), choice.text)
    title = ("可改为：" if reading.parsed.file.language == "zh" else "try: ") + choice.text.strip()
    shown = _shown(server, uri, reading, diagnostic)
    return lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, [shown], edit=lsp.WorkspaceEdit({uri: [edit]}))


def _helps(reading: Reading, diagnostic: Diagnostic, choice: Choice) -> bool:
    """Whether one of several repairs leaves fewer findings of its kind, tried before it is offered."""
    lines = reading.text.split("\n")
    lines[choice.line - 1] = choice.text
    again = check_text("\n".join(lines), reading.parsed.file.language).diagnostics
    before = sum(d.code == diagnostic.code for d in reading.check().diagnostics)
    return sum(d.code == diagnostic.code for d in again) < before


# ---- layout -------------------------------------------------------------------------------


def _register_layout(server: Session) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def _format(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
        if not server.owns(params.text_document.uri):
            return []
        reading = server.reading(params.text_document.uri)
        try:
            written = format_text(reading.text)
        except (ValueError, FormatterBug):  # the text does not parse, which is told already; or nothing is touched
            return []
        last = len(reading.parsed.file.lines)
        end = server.range(reading, Place(last, 0, len(reading.line(last)))).end
        return [lsp.TextEdit(lsp.Range(lsp.Position(0, reading.shift), end), written)] if written != reading.text else []

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def _outline(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        if not server.owns(params.text_document.uri):
            return []
        reading = server.reading(params.text_document.uri)
        return [_symbol(server, reading, e) for e in outline(reading.parsed.file)]

    @server.feature(lsp.TEXT_DOCUMENT_FOLDING_RANGE)
    def _folds(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange]:
        if not server.owns(params.text_document.uri):
            return []
        found = folds(outline(server.reading(params.text_document.uri).parsed.file))
        return [lsp.FoldingRange(first - 1, last - 1) for first, last in found]


def _symbol(server: Session, reading: Reading, entry: Entry) -> lsp.DocumentSymbol:
    own = server.range(reading, Place(entry.first, 0, len(reading.line(entry.first))))
    last = server.range(reading, Place(entry.last, 0, len(reading.line(entry.last))))
    kinds = {1: lsp.SymbolKind.Module, 2: lsp.SymbolKind.Class, 3: lsp.SymbolKind.Method}
    below = [_symbol(server, reading, e) for e in entry.children]
    kind = kinds.get(entry.level, lsp.SymbolKind.Namespace)
    return lsp.DocumentSymbol(entry.name, kind, lsp.Range(own.start, last.end), own, children=below)


# ---- names -----------------------------------------------------------------------------------


def _register_names(server: Session) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=["：", ":", "，", ",", "、", ";", " "]))
    def _complete(params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        if not server.owns(params.text_document.uri):
            return []
        reading = server.reading(params.text_document.uri)
        line, column = server.position(reading, params.position)
        memory = server.readings.memories[reading.parsed.file.language]
        proposals = complete(reading.text, line, column, reading.parsed.file, reading.occurrences(), memory)
        return [lsp.CompletionItem(p.text, kind=_KINDS.get(p.kind, lsp.CompletionItemKind.Variable)) for p in proposals]

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def _hover(params: lsp.HoverParams) -> lsp.Hover | None:
        return _told(server, params)

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def _definition(params: lsp.DefinitionParams) -> list[lsp.Location]:
        known = server.mention(params.text_document.uri, params.position)
        if known is None:
            return []
        uri, _, one = known
        return [p for p, o in _everywhere(server, uri, one) if o.declares]

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def _references(params: lsp.ReferenceParams) -> list[lsp.Location]:
        known = server.mention(params.text_document.uri, params.position)
        if known is None:
            return []
        uri, _, one = known
        found = [p for p, o in _everywhere(server, uri, one) if params.context.include_declaration or not o.declares]
        return [*found, *_elsewhere(server, uri, one)]

    @server.feature(lsp.TEXT_DOCUMENT_RENAME)
    def _rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        known = server.mention(params.text_document.uri, params.position)
        return None if known is None else _renaming(server, *known, params.new_name)


def _told(server: Session, params: lsp.HoverParams) -> lsp.Hover | None:
    """What is known of the name under the pointer, or what a word of the language means."""
    uri = params.text_document.uri
    known = server.mention(uri, params.position)
    own = server.owns(uri)
    if known is not None:
        _, reading, one = known
        ruleset = reading.ruleset()
        text = hover(reading.parsed.file, reading.occurrences(), one, ruleset)
        indicator = ruleset.by_code.get(one.name) if ruleset is not None and one.kind == "code" else None
        if indicator is not None and ruleset is not None and indicator.full_marks:
            phrases = Phrases(ruleset.language)
            text += "\n" + phrases("full_would", how=phrases(f"full_{indicator.full_marks}", **indicator.full_facts))
        place = server.range(reading, one.place) if own else None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.PlainText, text), place)
    if not own:
        return None
    reading = server.reading(uri)
    line, column = server.position(reading, params.position)
    word = keyword_at(reading.parsed.file, line, column)
    meaning = keyword_hover(word, reading.parsed.file.language) if word is not None else None
    if word is None or meaning is None:
        return None
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.PlainText, meaning), server.range(reading, Place(line, word.start, word.end)))


def _everywhere(server: Session, uri: str, one: Occurrence) -> list[tuple[lsp.Location, Occurrence]]:
    """Every mention of the same in a ruleset, in those it extends and in those that extend it."""
    return [
        (lsp.Location(address, server.range(reading, o.place)), o)
        for address, reading in server.relatives(uri)
        for o in same(reading.occurrences(), one)
    ]


def _beside(server: Session, uri: str) -> list[tuple[str, str, str]]:
    """The unit and case files of a ruleset: address, name, text."""
    server.note_open()
    rules = [p for address, _ in server.relatives(uri) if (p := path_of(address)) is not None]
    files = dict.fromkeys(f for p in rules for f in server.neighbours.beside(p))
    return [(server.address(p), p.name, server.neighbours.text(p)) for p in files]


def _elsewhere(server: Session, uri: str, one: Occurrence) -> list[lsp.Location]:
    """Where the unit and case files of a ruleset name the same."""
    found = []
    for address, name, text in _beside(server, uri):
        mine = [m for m in mentions(text, name) if (m.kind, m.name) == (one.kind, one.name)]
        lines = text.split("\n")
        found += [lsp.Location(address, server.range_in(lines, m.place)) for m in mine]
    return found


def _renaming(server: Session, uri: str, reading: Reading, one: Occurrence, new: str) -> lsp.WorkspaceEdit:
    """The changes to the rulesets of a chain and to their unit and case files.  Refuses with a sentence for the author."""
    edits: dict[str, list[lsp.TextEdit]] = {}
    for address, other in server.relatives(uri):
        mine = next(iter(same(other.occurrences(), one)), None)
        try:
            changes = rename(other.text, other.parsed.file.language, mine or one, new)
        except CannotRename as error:
            raise JsonRpcException(error.sentence(reading.parsed.file.language), _REQUEST_FAILED) from error
        if mine is not None:
            edits[address] = [lsp.TextEdit(server.range(other, c.place), c.text) for c in changes]
    for address, name, text in _beside(server, uri):
        lines = text.split("\n")
        found = [lsp.TextEdit(server.range_in(lines, place), written) for place, written in renamed(text, name, one.kind, one.name, new.strip())]
        if found:
            edits[address] = found
    return lsp.WorkspaceEdit(edits)


# ---- results ---------------------------------------------------------------------------------


def _register_results(server: Session) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
    def _hints(params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
        if not server.owns(params.text_document.uri):
            return []
        rules = path_of(params.text_document.uri)
        reading = server.reading(params.text_document.uri)
        ruleset = reading.check().ruleset
        if rules is None or ruleset is None:
            return []
        server.note_open()
        known = server.neighbours.result(rules, ruleset)
        if known is None:
            return []
        unit, result = known
        head = {b.kind: b.line.number for b in reversed(reading.parsed.file.blocks) if b.kind in ("full_score", "grades")}
        wanted = range(params.range.start.line + 1, params.range.end.line + 2)
        lines: dict[str, int] = {}
        for block in reading.parsed.file.blocks:
            code = next((w.text for w in block.line.node.words() if w.kind == "CODE"), None)
            if code is not None and block.kind in _WITH_RESULTS:
                lines.setdefault(code, block.line.number)
        shown = [h for h in hints(result, unit, ruleset, head, lines) if h.line in wanted]
        return [lsp.InlayHint(_end(server, reading, h.line), h.text, padding_left=True) for h in shown]


def _end(server: Session, reading: Reading, line: int) -> lsp.Position:
    """Where a line ends, its comment aside."""
    written = split_comment(reading.line(line))[0].rstrip()
    return server.range(reading, Place(line, 0, len(written))).end
