"""What can stand where the cursor is: asked of the grammar, filled from the file."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic
from ..frozen import frozen
from ..keywords import KEYWORDS, Language, spellings
from ..parse import parse_line, row_rule_after
from ..terminals import line_keyword
from .symbols import Kind, Occurrence

_NAMES = frozenset({"NAME", "LIST_NAME", "QUOTED_NAME"})
_HALF_WORD = re.compile(r"[\w-]*\Z")
#: What a name stands for in a line, by its opening word.
_WANTED: dict[str, Kind] = {"EVIDENCE": "evidence", "PROBLEM": "problem", "GATE": "grade", "EFFECT": "grade"}


@frozen
class Proposal:
    """One word that could be written, and what it is."""

    text: str
    kind: Kind | str


def complete(text: str, line: int, column: int, language: Language, found: tuple[Occurrence, ...]) -> tuple[Proposal, ...]:
    """What may follow the cursor (line from 1, column from 0), half a word before it left aside."""
    lines = text.split("\n")
    if not 0 < line <= len(lines):
        return ()
    before = lines[line - 1][:column]
    base = before[: _HALF_WORD.search(before).start()]  # type: ignore[union-attr]
    row_rule = row_rule_after("\n".join(lines[: line - 1]), language)
    proposals: list[Proposal] = []
    opening = line_keyword(language).match(before)
    if not base.strip():
        proposals += [Proposal(word, "keyword") for word in spellings("line", language)]
    rule = "statement" if opening and base.strip() else row_rule
    if rule is not None and base.strip():
        key = spellings("line", language)[opening[1]] if opening and rule == "statement" else ""
        proposals += _after(base, rule, key, language, found)
    elif rule is not None:
        proposals += _of_kind(found, "evidence" if rule == "document_row" else "value")
    return tuple(dict.fromkeys(proposals))


def _after(base: str, rule: str, key: str, language: Language, found: tuple[Occurrence, ...]) -> list[Proposal]:
    answer = parse_line(base, rule, language, 1)
    if not isinstance(answer, Diagnostic) or answer.facts.get("text"):
        return []
    wanted = answer.facts.get("expected", "").split("|")
    proposals = [Proposal(KEYWORDS[k].spelling(language), "keyword") for k in wanted if k in KEYWORDS]
    if "CODE" in wanted:
        proposals += _of_kind(found, "code")
    if "NAME" in wanted:
        proposals += [*_of_kind(found, "value"), *_of_kind(found, "column"), *_of_kind(found, "table")]
    elif _NAMES & set(wanted):
        proposals += _of_kind(found, _WANTED.get(key, "unit" if rule == "data_row" or key == "COLUMN" else "grade"))
    return proposals


def _of_kind(found: tuple[Occurrence, ...], kind: Kind) -> list[Proposal]:
    declared = kind in {"value", "column", "table", "code", "problem"}
    return [Proposal(o.word.text, kind) for o in found if o.kind == kind and (o.declares or not declared)]
