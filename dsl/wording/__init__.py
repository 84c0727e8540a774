"""The wording of every diagnostic, once in each language, a table for each stage.

`render` turns the facts of a `Diagnostic` into sentences.  In a template ``{name}`` is a
fact; a part in ``[[…]]`` is left out when a fact in it is missing or empty.

Style: a summary stands alone, begins in lower case (English), quotes the user's own
words in “…” (Chinese) or "…" (English), and speaks of the language's ideas, never of
the program's; the help says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..describe import enumerated
from ..diagnostics import Diagnostic, Fact
from ..frozen import frozen
from ..keywords import KEYWORDS, Language
from . import (
    allocation,
    bands,
    cohort,
    cohort_rules,
    collected,
    data,
    house,
    instruments,
    layers,
    ledger,
    names,
    open_wording,
    papers,
    points,
    problems,
    sheets,
    syntax,
    tables,
    types,
    versions,
)
from .template import Wording

TABLES = (
    syntax, names, points, bands, types, open_wording, data, house, ledger, allocation, problems, layers, cohort, cohort_rules, instruments, collected, papers,
    versions, tables, sheets,
)  # fmt: skip
WORDINGS: Mapping[str, Wording] = {code: wording for table in TABLES for code, wording in table.WORDINGS.items()}

_OPTIONAL = re.compile(r"\[\[(.*?)\]\]")
_FACT = re.compile(r"\{(\w+)\}")


@frozen
class Message:
    """One diagnostic in words: what is wrong, what to do, and the sentences of its labels."""

    code: str
    severity: str
    summary: str
    help: str
    notes: tuple[str, ...]


def render(diagnostic: Diagnostic, language: Language) -> Message:
    """The sentences of a diagnostic in one language."""
    wording = WORDINGS[diagnostic.code]
    facts = _in_words(diagnostic.facts, language)
    severity = {("E", "zh"): "错误", ("W", "zh"): "提醒", ("E", "en"): "error", ("W", "en"): "reminder"}
    labels = [label for label in diagnostic.labels if label.note]
    notes = tuple(fill(wording.note(label.note or "", language), _in_words(label.facts, language)) for label in labels)
    return Message(
        diagnostic.code,
        severity[diagnostic.code[0], language],
        fill(wording.summary(language), facts),
        fill(wording.help(language), facts),
        notes,
    )


def fill(template: str, facts: Mapping[str, str]) -> str:
    """A template with its facts; optional parts without their facts are left out."""

    def optional(match: re.Match[str]) -> str:
        inner = match[1]
        return inner if all(facts.get(name) for name in _FACT.findall(inner)) else ""

    return _FACT.sub(lambda m: facts.get(m[1], ""), _OPTIONAL.sub(optional, template))


#: What a reader calls the things that are not keywords.
_TERMINALS: Mapping[str, tuple[str, str]] = {
    "_COLON": ("冒号“：”", 'a colon ":"'),
    "_COMMA": ("逗号“，”", 'a comma ","'),
    "_ENUM": ("顿号“、”", 'a semicolon ";"'),
    "_OPEN": ("左括号“（”", 'an opening bracket "("'),
    "_CLOSE": ("右括号“）”", 'a closing bracket ")"'),
    "PERCENT": ("百分号“%”", 'a percent sign "%"'),
    "NUMBER": ("数字", "a number"),
    "DATE": ("日期（如 2022-12-31）", "a date such as 2022-12-31"),
    "NAME": ("名称", "a name"),
    "LIST_NAME": ("名称", "a name"),
    "QUOTED_NAME": ("名称", "a name"),
    "STRING": ("引号里的文字", "text in quotes"),
    "CODE": ("指标编码（如 A1.1）", "an indicator code such as A1.1"),
    "UNIT": ("单位", "a unit"),
    "WORDS": ("文字", "some text"),
    "HEADING_NAME": ("指标名称", "the name of the indicator"),
    "POINT_TEXT": ("以“-”开头的要点", 'a point beginning with "-"'),
    "EQUAL_SIGN": ("等号“=”", 'an equals sign "="'),
    "$END": ("行尾", "the end of the line"),
}
_SIGNS = {"PLUS_SIGN", "MINUS_SIGN", "TIMES_SIGN", "OVER_SIGN", "GREATER", "LESS", "GREATER_EQUAL", "LESS_EQUAL", "DIFFERENT"}


def _in_words(facts: Mapping[str, Fact], language: Language) -> dict[str, str]:
    """Facts as text: lists joined, the expected terminals named as a reader would name them."""
    shown = {name: fact if isinstance(fact, str) else enumerated(fact, language) for name, fact in facts.items()}
    if "expected" in facts:
        shown["expected"] = expected_words(facts["expected"], language)
    return shown


def expected_words(terminals: Iterable[str], language: Language) -> str:
    """What could have stood there, in the reader's words, at most eight things."""
    column = 0 if language == "zh" else 1
    words: list[str] = []
    for terminal in terminals:
        if terminal in _TERMINALS:
            words.append(_TERMINALS[terminal][column])
        elif terminal in _SIGNS:
            words.append(("运算符号", "an operator")[column])
        elif terminal in KEYWORDS:
            words.append(f"“{KEYWORDS[terminal].zh}”" if language == "zh" else f'"{KEYWORDS[terminal].en}"')
    unique = list(dict.fromkeys(words))
    more = ("等", " …")[column] if len(unique) > 8 else ""
    return enumerated(unique[:8], language) + more


__all__ = ["TABLES", "WORDINGS", "Message", "Wording", "expected_words", "fill", "render"]
