"""The grammar for colours in editors, made from the keyword table."""

from __future__ import annotations

import re
from typing import Any

from ..keywords import KEYWORDS, LANGUAGES

_SCOPES = {
    "line": "keyword.control.ruleeval",
    "form": "support.class.ruleeval",
    "type": "storage.type.ruleeval",
    "function": "support.function.ruleeval",
    "operator": "keyword.operator.word.ruleeval",
    "choice": "constant.language.ruleeval",
    "clause": "keyword.other.ruleeval",
}


def textmate_grammar() -> dict[str, Any]:
    """A TextMate grammar as plain data: every word of the table, in both languages."""
    patterns: list[dict[str, Any]] = [
        {"name": "comment.line.number-sign.ruleeval", "match": r"(?:^|(?<=\s))[#＃].*$"},
        {"name": "string.quoted.double.ruleeval", "match": '“[^“”]*”|"[^"]*"|「[^「」]*」'},
        {"name": "variable.other.quoted.ruleeval", "match": r"【[^【】]+】|\[[^\[\]]+\]"},
        {"name": _SCOPES["line"], "match": rf"^\s*(?:{_words('line')})(?=\s*[:：]|\s|$)"},
        {"name": "entity.name.tag.ruleeval", "match": r"(?<![\w.])[A-Z]{1,2}\d*(?:\.\d+)*(?![\w.])"},
    ]
    for group in ("form", "type", "choice", "clause"):
        patterns.append({"name": _SCOPES[group], "match": rf"(?<=[:：,，、\s])(?:{_words(group)})(?=[\s\d:：,，、;；]|$)"})
    patterns += [
        {"name": _SCOPES["function"], "match": rf"(?:{_words('function')})(?=\s*[(（])"},
        {"name": _SCOPES["operator"], "match": rf"(?<![\w-])(?:{_words('operator')})(?![A-Za-z-])"},
        {
            "match": rf"([0-9０-９]+(?:[.．][0-9０-９]+)?)\s*({_words('suffix')}|[%％])?",
            "captures": {"1": {"name": "constant.numeric.ruleeval"}, "2": {"name": "keyword.other.unit.ruleeval"}},
        },
        {"name": "keyword.operator.ruleeval", "match": r"[+\-−－＋×÷*/／＝=≠<>＜＞≤≥]"},
    ]
    return {"name": "ruleeval", "scopeName": "source.ruleeval", "fileTypes": ["rules"], "patterns": patterns}


def _words(group: str) -> str:
    words = {k.spelling(language) for k in KEYWORDS.values() if k.group == group for language in LANGUAGES}
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))
