"""What can stand where the cursor is: asked of the grammar, filled from the file."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedInput

from ..frozen import frozen
from ..keywords import KEYWORDS, Language, spellings, word
from ..parse import Memory, grammar_parser, row_rule_after
from ..syntax import Node, SourceFile
from ..terminals import line_keyword
from ..units import known_units
from .symbols import Kind, Occurrence

_NAMES = frozenset({"NAME", "LIST_NAME", "QUOTED_NAME"})
_HALF_WORD = re.compile(r"[\w-]*\Z")
_COMPARED = re.compile(r"(?:【([^【】]+)】|\[([^\[\]]+)\]|([^\s，,：:(（]+))\s*(?:=|＝|≠|!=)\s*[“\"]?\Z")
#: Marks of operation as they are proposed, by terminal.
_OPERATORS = {
    "PLUS_SIGN": "+", "MINUS_SIGN": "−", "TIMES_SIGN": "×", "OVER_SIGN": "÷", "EQUAL_SIGN": "=", "DIFFERENT": "≠",
    "GREATER": ">", "GREATER_EQUAL": "≥", "LESS": "<", "LESS_EQUAL": "≤",
}  # fmt: skip
#: What a name stands for in a line, by its opening word.
_WANTED: dict[str, Kind] = {"EVIDENCE": "evidence", "PROBLEM": "problem", "GATE": "grade", "EFFECT": "grade"}


@frozen
class Proposal:
    """One word that could be written, and what it is."""

    text: str
    kind: Kind | str


def complete(
    text: str, line: int, column: int, file: SourceFile, found: tuple[Occurrence, ...], memory: Memory | None = None
) -> tuple[Proposal, ...]:
    """What may follow the cursor (line from 1, column from 0), half a word before it left aside."""
    lines, language = text.split("\n"), file.language
    if not 0 < line <= len(lines):
        return ()
    before = lines[line - 1][:column]
    base = before[: _HALF_WORD.search(before).start()]  # type: ignore[union-attr]
    row_rule = row_rule_after("\n".join(lines[: line - 1]), language, memory)
    proposals: list[Proposal] = []
    opening = line_keyword(language).match(before)
    if not base.strip():
        proposals += [Proposal(word, "keyword") for word in spellings("line", language)]
    rule = "statement" if opening and base.strip() else row_rule
    if rule is not None and base.strip():
        key = spellings("line", language)[opening[1]] if opening and rule == "statement" else ""
        proposals += _after(base, rule, key, file, found)
    elif rule is not None:
        proposals += _of_kind(found, "evidence" if rule == "document_row" else "value")
        proposals += _words(_accepted("", rule, language), language)
    return tuple(dict.fromkeys(proposals))


def _accepted(base: str, rule: str, language: Language) -> frozenset[str]:
    """The terminals that may follow a text that begins what a rule reads."""
    reader = grammar_parser(language).parse_interactive(base, start=rule)
    try:
        reader.exhaust_lexer()
        return frozenset(reader.accepts())  # type: ignore[no-untyped-call]
    except UnexpectedInput:
        return frozenset()


def _words(wanted: frozenset[str], language: Language) -> list[Proposal]:
    """Words of the language and marks of operation, in the order of their tables."""
    words = [Proposal(KEYWORDS[k].spelling(language), "keyword") for k in KEYWORDS if k in wanted]
    return words + [Proposal(mark, "operator") for key, mark in _OPERATORS.items() if key in wanted]


def _after(base: str, rule: str, key: str, file: SourceFile, found: tuple[Occurrence, ...]) -> list[Proposal]:
    language = file.language
    wanted = _accepted(base, rule, language)
    proposals = _words(wanted, language)
    if "CODE" in wanted:
        proposals += _of_kind(found, "code")
    if "STRING" in wanted:
        proposals += _options_of(base, file)
    if "NAME" in wanted:
        proposals += [*_of_kind(found, "value"), *_of_kind(found, "column"), *_of_kind(found, "table")]
    elif _NAMES & wanted:
        kind = _WANTED.get(key, "unit" if rule == "data_row" or key == "COLUMN" else "grade")
        proposals += _of_kind(found, kind)
        proposals += [Proposal(u, "unit") for u in known_units(language)] if kind == "unit" else []
    if "UNIT" in wanted:
        proposals += [*_of_kind(found, "unit"), *(Proposal(u, "unit") for u in known_units(language))]
    return proposals


def _options_of(base: str, file: SourceFile) -> list[Proposal]:
    """What a choice, the unit's type or its level can be, in quotes, after a comparison with it."""
    compared = _COMPARED.search(base)
    if compared is None:
        return []
    known: dict[str, list[str]] = {}
    for block in file.blocks:
        if block.kind in ("applies", "unit_levels"):
            name = word("UNIT_TYPE" if block.kind == "applies" else "UNIT_LEVEL", file.language)
            known[name] = [w.text for w in block.line.node.words()][1:]
        for row in block.rows if block.kind == "data" else ():
            name_node, type_node = row.node.parts[:2]
            if isinstance(name_node, Node) and isinstance(type_node, Node):
                known[next(name_node.words()).text] = [w.text for w in type_node.words()][1:]
    marks = "“{}”" if file.language == "zh" else '"{}"'
    return [Proposal(marks.format(option), "option") for option in known.get(compared[1] or compared[2] or compared[3], ())]


def _of_kind(found: tuple[Occurrence, ...], kind: Kind) -> list[Proposal]:
    declared = kind in {"value", "column", "table", "code", "problem"}
    return [Proposal(o.word.text, kind) for o in found if o.kind == kind and (o.declares or not declared)]
