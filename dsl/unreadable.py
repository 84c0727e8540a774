"""Why a line cannot be read, and what was probably meant: one finding for each such line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from .characters import ODD_SPACES, describe, hidden_characters
from .diagnostics import Diagnostic, Fact, Label, Place, nearest, within_edits
from .keywords import KEYWORDS, Language, instead, spellings, word
from .limits import MAXIMUM_DEPTH, MAXIMUM_DIGITS, MAXIMUM_LINE
from .terminals import line_keyword

#: Tells whether a line can be read.
Reads = Callable[[str], bool]

_PAIRS = (("“", "”"), ("「", "」"), ("【", "】"), ("《", "》"), ("[", "]"))


def open_quotes(text: str) -> list[tuple[str, int]]:
    """Opening quotes and brackets that have no partner, with their positions."""
    found = []
    for opening, closing in (*_PAIRS, ("(", ")"), ("（", "）")):
        stack: list[int] = []
        for position, character in enumerate(text):
            if character == opening:
                stack.append(position)
            elif (character == closing or ({character, closing} <= {")", "）"})) and stack:
                stack.pop()
        found += [(opening, p) for p in stack]
    if text.count('"') % 2:
        found.append(('"', text.rindex('"')))
    return found


def odd_space(text: str, number: int, at: int) -> Diagnostic:
    facts = {"character": describe(text[at])}
    return Diagnostic("E104", (Label(Place(number, at, at + 1)),), facts, text[:at] + " " + text[at + 1 :])


def spoiled_characters(text: str, number: int) -> Diagnostic | None:
    """A line that is too long, too deep, or holds characters that cannot be seen."""
    if len(text) > MAXIMUM_LINE:
        facts = {"count": str(len(text)), "limit": str(MAXIMUM_LINE)}
        return Diagnostic("E108", (Label(Place(number, 0, 40)),), facts)
    hidden = next(hidden_characters(text), None)
    if hidden is not None:
        facts = {"character": describe(text[hidden])}
        positions = set(hidden_characters(text))
        clean = "".join(c for i, c in enumerate(text) if i not in positions)
        return Diagnostic("E104", (Label(Place(number, hidden, hidden + 1)),), facts, clean)
    depth = deepest = 0
    for character in text:
        depth += (character in "(（") - (character in ")）")
        deepest = max(deepest, depth)
    if deepest > MAXIMUM_DEPTH:
        return Diagnostic("E109", (Label(Place(number, 0, len(text))),), {"limit": str(MAXIMUM_DEPTH)})
    digits = re.search(rf"[0-9０-９]{{{MAXIMUM_DIGITS + 1},}}", text)
    if digits:
        facts = {"limit": str(MAXIMUM_DIGITS)}
        return Diagnostic("E110", (Label(Place(number, digits.start(), digits.end())),), facts)
    return None


_WRITTEN_NUMBERS = re.compile(
    r"[0-9０-９.]+\s*[余多]|约\s*[0-9０-９]+|百分之[一二三四五六七八九十百零〇]+|[一二三四五六七八九十两]+成"
    r"|[0-9]{1,3}(?:[,，][0-9]{3})+|[0-9.]+[eE][+-]?[0-9]+"
)
_RELATIVE_DATE = re.compile(r"(?:今|去|明|本|上|前|当)年(?:[0-9０-９]{1,2}月)?(?:[0-9０-９]{1,2}日)?|this year|last year")


def syntax_error(error: UnexpectedInput, text: str, number: int, language: Language, reads: Reads) -> Diagnostic:
    """The one finding for a line that stops being readable at ``error``; ``reads`` tries a repair."""
    column = min(error.pos_in_stream if error.pos_in_stream is not None else len(text), len(text))
    end = len(text)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        end = error.token.end_pos or len(text)
    elif isinstance(error, UnexpectedCharacters):
        end = column + 1
    unfinished = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if unfinished:
        column, end = max(0, len(text) - 1), len(text)
    wants = _expected(error)
    known = _known_slip(text, column, number, wants)
    if known is not None:
        return known
    keyed = line_keyword(language).match(text)
    facts: dict[str, Fact] = {"text": "" if unfinished else text[column:].strip()[:20], "expected": wants}
    quotes = "【】" if language == "zh" else "[ ]"
    if keyed:
        facts["statement"] = keyed[1]
    if unfinished and _lacks_otherwise(text, wants, language):
        facts["add"] = f"{'，' if language == 'zh' else ', '}{word('OTHERWISE', language)} …"
    meant = None if unfinished else _meant_word(text, column, wants, language)
    if meant is not None:
        start, end, right = meant
        facts["near"] = right.strip()
        facts["text"] = text[start:end]
        if start != column:
            del facts["expected"]
            facts["quotes"] = quotes
        return Diagnostic("E102", (Label(Place(number, start, end)),), facts, text[:start] + right + text[end:])
    repair = next((m for m in _other_marks(text, column, unfinished, wants, language) if reads(m)), None)
    if repair is None:
        facts["quotes"] = quotes
    return Diagnostic("E102", (Label(Place(number, column, max(end, column + 1))),), facts, repair)


def _known_slip(text: str, column: int, number: int, wants: tuple[str, ...]) -> Diagnostic | None:
    """Slips with a message of their own: unpaired marks, odd spaces, relative dates, numbers in words."""
    loose = open_quotes(text)
    if loose:
        mark, at = loose[0]
        return Diagnostic("E103", (Label(Place(number, at, at + 1)),), {"mark": mark})
    if column and text[column - 1] in ODD_SPACES:
        return odd_space(text, number, column - 1)
    relative = _RELATIVE_DATE.search(text)
    if relative and "DATE" in wants:
        return Diagnostic("E114", (Label(Place(number, *relative.span())),), {"text": relative[0]})
    written = _WRITTEN_NUMBERS.search(text)
    if written and written.start() <= column + 1 and column <= written.end():
        return Diagnostic("E107", (Label(Place(number, *written.span())),), {"text": written[0]})
    return None


def _lacks_otherwise(text: str, wants: tuple[str, ...], language: Language) -> bool:
    when, otherwise = word("WHEN", language), word("OTHERWISE", language)
    return "_COMMA" in wants and otherwise not in text and re.search(rf"(?<!\w){when}\s", text) is not None


def _meant_word(text: str, column: int, wants: tuple[str, ...], language: Language) -> tuple[int, int, str] | None:
    """The word at fault, from where to where, and the word that was probably meant."""
    found = re.match(r"[\w-]+", text[column:])
    for key in wants:
        for other in instead(key, language):
            if text.startswith(other, column):
                end = column + len(other)
                return column, end, KEYWORDS[key].spelling(language) + ("" if key == "TO" or text[end : end + 1].strip() == "" else " ")
    if found:
        guess = nearest(found[0], [KEYWORDS[k].spelling(language) for k in wants if k in KEYWORDS])
        if guess:
            return column, column + len(found[0]), guess
    before = re.search(r"[\w-]+(?=\s*$)" if language == "en" else r"\w+(?=\s*$)", text[:column])
    if before is None:
        return None
    guess = None
    if text[column : column + 1] in ("(", "（"):
        guess = within_edits(before[0], spellings("function", language))
    elif before[0] in instead("WHEN", language):
        guess = word("WHEN", language)
    return None if guess is None else (*before.span(), guess)


def _other_marks(text: str, column: int, unfinished: bool, wants: tuple[str, ...], language: Language) -> Iterator[str]:
    """The line with one mark more or less where it stops being readable."""
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    if unfinished:
        return
    if "CODE" in wants:
        code = text[column:].split(maxsplit=1)[0]
        yield text[:column] + unicodedata.normalize("NFKC", code) + text[column + len(code) :]
    for key, mark in (("_COLON", colon), ("_COMMA", comma)):
        if key in wants:
            yield text[:column].rstrip() + mark + text[column:].lstrip()
            yield text[:column].rstrip() + mark + text[column + 1 :].lstrip()
    if text[column] in "，,、。；;：:":
        yield text[:column].rstrip() + " " + text[column + 1 :].lstrip()
        yield text[:column] + text[column + 1 :]


def call_of_no_function(text: str, number: int, language: Language) -> Diagnostic | None:
    """A misspelt function that reads as a subtraction: ``trimed-mean(…)``."""
    if language != "en" or "-" not in text:
        return None
    functions = spellings("function", language)
    for called in re.finditer(r"(?<![\w-])[a-z]+(?:-[a-z]+)+(?=\s*[(（])", text):
        guess = None if called[0] in functions else within_edits(called[0], functions)
        if guess:
            facts: dict[str, Fact] = {"text": called[0], "near": guess, "quotes": "[ ]"}
            repair = text[: called.start()] + guess + text[called.end() :]
            return Diagnostic("E102", (Label(Place(number, *called.span())),), facts, repair)
    return None


def _expected(error: UnexpectedInput) -> tuple[str, ...]:
    """The terminals that could have stood there, in the order of the table."""
    if isinstance(error, UnexpectedToken):
        wants = set(error.accepts or error.expected)
    elif isinstance(error, UnexpectedCharacters):
        wants = set(error.allowed or ())
    else:
        wants = set()
    ordered = [k for k in KEYWORDS if k in wants]
    return (*ordered, *sorted(wants - set(ordered) - {"_SPACE"}))
