"""`SourceFile` -> text: one layout, in either language, that never changes what is said.

The formatter writes every token of a line again in its plain form.  It distrusts
itself: what it wrote is parsed and compared, and formatted again and compared; if
either differs nothing is given out (`FormatterBug`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .characters import plain_digits
from .describe import read_date
from .frozen import frozen
from .keywords import KEYWORDS, Language, word
from .parse import EDITS, FORM_ROWS, ITEMS, ROWS, SECTIONS, Memory, grammar_parser, parse, subject
from .syntax import Block, Line, Node, Part, SourceFile, Word

_MARKS = {
    "_COLON": ("：", ":"), "_COMMA": ("，", ","), "_ENUM": ("、", ";"), "_OPEN": ("(", "("), "_CLOSE": (")", ")"),
    "PERCENT": ("%", "%"), "PLUS_SIGN": ("+", "+"), "MINUS_SIGN": ("−", "-"), "TIMES_SIGN": ("×", "*"),
    "OVER_SIGN": ("÷", "/"), "GREATER_EQUAL": ("≥", ">="), "LESS_EQUAL": ("≤", "<="), "DIFFERENT": ("≠", "!="),
    "GREATER": (">", ">"), "LESS": ("<", "<"), "EQUAL_SIGN": ("=", "="), "DOT": (".", "."),
}  # fmt: skip
_BINARY = {"PLUS_SIGN", "MINUS_SIGN", "TIMES_SIGN", "OVER_SIGN", "GREATER_EQUAL", "LESS_EQUAL", "DIFFERENT", "GREATER", "LESS", "EQUAL_SIGN"}
_WORD_OPERATORS = {"AND", "OR", "NOT", "WHEN", "THEN", "OTHERWISE", "WHERE", "EACH_RECORD"}
_NAMES = {"LIST_NAME", "QUOTED_NAME", "NAME", "HEADING_NAME", "WORDS"}
_BEFORE_NAMES = {"DATA", "EVIDENCE", "COMES_FROM", "SOURCE", "AUTHORITY", "URGENCY", "ISSUED_BY", "ANY", "IF_PRESENT", "OPTIONS", "CODE"}


class FormatterBug(Exception):
    """The formatter would have changed what the text says; nothing was written."""


@frozen
class _Placed:
    """One line with the rule that reads it, its depth, and whether it opens a block."""

    line: Line
    rule: str
    depth: int
    opens: bool


def format_text(text: str, language: Language | None = None) -> str:
    """The text in the one layout, in ``language`` if given.  Raises ``ValueError`` if it does
    not parse, `FormatterBug` if the formatter finds itself wrong."""
    return laid_out(text, language)[0]


def laid_out(text: str, language: Language | None = None) -> tuple[str, SourceFile]:
    """The same, with what the text in the one layout parses to."""
    memory: Memory = {}
    result = parse(text, memory=memory)
    if any(d.is_error for d in result.diagnostics):
        raise ValueError("the text does not parse")
    target = language or result.file.language
    known: dict[tuple[str, str, Language], str] = {}
    written = _write(result.file, target, known)
    again = parse(written, target, memory if target == result.file.language else None)
    if any(d.is_error for d in again.diagnostics) or canonical_file(again.file) != canonical_file(result.file):
        raise FormatterBug("the formatted text says something else")
    if _write(again.file, target, known) != written:
        raise FormatterBug("formatting twice differs from formatting once")
    return written, again.file


# ---- comparing ---------------------------------------------------------------------------


def canonical_file(file: SourceFile) -> object:
    """What a file says, in a form that is equal for both languages and every layout."""
    comments = tuple(r.text for r in file.remarks if r.text)
    return tuple(_canonical_block(b) for b in file.blocks), tuple(map(_comment_text, comments))


def _canonical_block(block: Block) -> object:
    rows = tuple((canonical(r.node), _comment_text(r.comment)) for r in block.rows)
    return canonical(block.line.node), _comment_text(block.line.comment), rows, tuple(_canonical_block(f) for f in block.fields)


def _comment_text(comment: str | None) -> str | None:
    return None if comment is None else comment.lstrip("#＃").strip()


def canonical(part: Part) -> object:
    """One construct without the accidents of its spelling."""
    if part is None:
        return None
    if isinstance(part, Node):
        return part.kind, tuple(canonical(p) for p in part.parts)
    if part.kind in ("NUMBER", "CODE", "OLD_CODE"):
        return part.kind, plain_digits(part.text)
    if part.kind == "DATE":
        return part.kind, str(read_date(part.text) or part.text)
    if part.kind == "QUOTED_NAME":
        return "name", part.text[1:-1].strip()
    if part.kind in ("LIST_NAME", "NAME"):
        return "name", part.text
    if part.kind == "POINT_TEXT":
        return part.kind, part.text.lstrip("-－·•").strip()
    if part.kind in KEYWORDS or part.kind in _MARKS:
        return part.kind
    return part.kind, part.text


# ---- writing -------------------------------------------------------------------------------


def _write(file: SourceFile, target: Language, known: dict[tuple[str, str, Language], str]) -> str:
    """The text of a file; ``known`` remembers what lines of one text, rule and language have been written as."""
    placed = {p.line.number: p for b in file.blocks for p in _placed(b)}
    remarks = {r.number: r.text for r in file.remarks}
    out: list[str] = []
    for number in range(1, len(file.lines) + 1):
        if number in placed:
            entry = placed[number]
            if entry.opens:
                _blank_before(out)
            comment = f"  {_plain_comment(entry.line.comment)}" if entry.line.comment else ""
            key = (entry.line.text.strip(), entry.rule, file.language)
            if key not in known:
                known[key] = write_line(entry.line, entry.rule, file.language, target)
            out.append("  " * entry.depth + known[key] + comment)
        elif remarks.get(number):
            out.append("  " * _depth_after(number, placed, len(file.lines)) + _plain_comment(remarks[number]))
        elif out and out[-1]:
            out.append("")
    while out and not out[-1]:
        out.pop()
    return "\n".join(out) + "\n" if out else ""


def write_blocks(file: SourceFile, target: Language | None = None) -> str:
    """The blocks of a file one after the other in the one layout, its remarks left out."""
    out: list[str] = []
    for block in file.blocks:
        if next(_placed(block)).opens:
            _blank_before(out)
        out += write_fields(block, file.language, target)
    return "\n".join(out) + "\n" if out else ""


def write_fields(block: Block, source: Language, target: Language | None = None) -> list[str]:
    """The lines of one block, with its rows and fields, in the one layout."""
    placed = list(_placed(block))
    if block.kind == "data":  # a column stands below its own row
        placed[1:] = sorted(placed[1:], key=lambda p: p.line.number)
    out = []
    for entry in placed:
        comment = f"  {_plain_comment(entry.line.comment)}" if entry.line.comment else ""
        out.append("  " * entry.depth + write_line(entry.line, entry.rule, source, target or source) + comment)
    return out


def _blank_before(out: list[str]) -> None:
    """A blank line before a block, above the comments that stand right over it."""
    position = len(out)
    while position and out[position - 1].lstrip().startswith("#"):
        position -= 1
    if position and out[position - 1]:
        out.insert(position, "")


def _plain_comment(text: str) -> str:
    marks = len(text) - len(text.lstrip("#＃"))
    rest = text[marks:].strip()
    return "#" * marks + (f" {rest}" if rest else "")


def _depth_after(number: int, placed: dict[int, _Placed], last: int) -> int:
    for following in range(number + 1, last + 1):
        if following in placed:
            return placed[following].depth
    return 0


def _placed(block: Block) -> Iterator[_Placed]:
    opens = block.kind in ITEMS | EDITS or block.kind in SECTIONS - {"subtotal"}
    yield _Placed(block.line, "statement", 0, opens)
    yield from (_Placed(r, _row_rule(block), 1, False) for r in block.rows)
    for field in block.fields:
        yield _Placed(field.line, "statement", 2 if field.kind == "column" else 1, False)
        yield from (_Placed(r, _row_rule(field), 2, False) for r in field.rows)


def _row_rule(field: Block) -> str:
    if field.kind == "standard":
        form = field.line.node.parts[1]
        assert isinstance(form, Word)
        return FORM_ROWS[form.kind]
    return ROWS[subject(field.line.node).kind]


def write_line(line: Line, rule: str, source: Language, target: Language) -> str:
    """One line in the plain layout of ``target``; names are quoted only where they must be."""
    tokens = _tokens(line.text, rule, source)
    for quoted in (False, True):
        text = _join(tokens, target, quoted=quoted)
        if source == target and text == line.text.strip():
            return text
        try:
            node = grammar_parser(target).parse(text, start=rule)
        except Exception:
            continue
        if isinstance(node, Node) and canonical(node) == canonical(line.node):
            return text
    raise FormatterBug(line.text)


def _tokens(text: str, rule: str, language: Language) -> list[Word]:
    reader = grammar_parser(language).parse_interactive(text, start=rule)
    return [Word(t.type, str(t)) for t in reader.iter_parse()]


def _join(tokens: Sequence[Word], language: Language, *, quoted: bool) -> str:
    text = ""
    before: Word | None = None
    unary = False
    for token in tokens:
        shown = _spelled(token, language, quoted=quoted)
        if before is not None and not unary and _space_between(before, token, language):
            text += " "
        text += shown
        unary = token.kind == "MINUS_SIGN" and (before is None or _opens_operand(before))
        before = token
    return text


def _opens_operand(before: Word) -> bool:
    return before.kind in _BINARY | _WORD_OPERATORS | {"_OPEN", "_COMMA", "_COLON", "TO"} or (
        before.kind in KEYWORDS and KEYWORDS[before.kind].group not in ("suffix",)
    )


def _spelled(token: Word, language: Language, *, quoted: bool) -> str:
    column = 0 if language == "zh" else 1
    if token.kind in _MARKS:
        return _MARKS[token.kind][column]
    if token.kind in KEYWORDS:
        return word(token.kind, language)
    match token.kind:
        case "NUMBER" | "CODE" | "OLD_CODE":
            return plain_digits(token.text)
        case "DATE":
            found = read_date(token.text)
            return found.isoformat() if found else token.text
        case "POINT_TEXT":
            return "- " + token.text.lstrip("-－·•").strip()
        case "QUOTED_NAME":
            return _quote(token.text[1:-1].strip(), language)
        case "LIST_NAME" | "NAME":
            return _quote(token.text, language) if quoted else token.text
    return token.text


def _quote(name: str, language: Language) -> str:
    if language == "en" and not set(name) & set("[]"):
        return f"[{name}]"
    return f"【{name}】"


def _space_between(before: Word, after: Word, language: Language) -> bool:
    if after.kind in {"_COLON", "_COMMA", "_ENUM", "_CLOSE", "PERCENT", "DOT"} or before.kind in {"_OPEN", "DOT"}:
        return language == "en" and before.kind == "_COLON"
    if before.kind in {"_COLON", "_COMMA", "_ENUM"}:
        return language == "en"
    if before.kind in KEYWORDS and KEYWORDS[before.kind].group == "function":
        return False
    if before.kind in _BINARY | _WORD_OPERATORS or after.kind in _BINARY | _WORD_OPERATORS:
        return True
    if language == "en":
        return True
    if before.kind in KEYWORDS and KEYWORDS[before.kind].group == "line":
        return True
    if {before.kind, after.kind} & {"DATE", "CODE", "OLD_CODE"}:
        return True
    return before.kind in _BEFORE_NAMES and after.kind in _NAMES
