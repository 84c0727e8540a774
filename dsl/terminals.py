"""The terminals of the grammar in one language: keywords from the table, marks in both widths."""

from __future__ import annotations

import re
from functools import cache

from .keywords import KEYWORDS, Keyword, Language, word

_DIGIT = "[0-9０-９]"
_NUMBER = rf"{_DIGIT}+(?:[.．]{_DIGIT}+)?"
_SIGNS = r"+\-−－＋×÷*/／＝=≠<>＜＞≤≥!！"
_MARKS = _SIGNS + r"()（）,，、;；:：.．。%％【】\[\]“”\"‘’「」《》#＃~～—–|"

#: Marks and open-ended words: terminal -> (priority, pattern).
_MARK_PATTERNS: dict[str, tuple[int, str]] = {
    "_COLON": (3, "[:：]"),
    "_COMMA": (3, "[,，]"),
    "_ENUM": (3, "[、;；]"),
    "_OPEN": (3, "[(（]"),
    "_CLOSE": (3, "[)）]"),
    "PERCENT": (3, "[%％]"),
    "PLUS_SIGN": (3, "[+＋]"),
    "MINUS_SIGN": (3, "[-−－]"),
    "TIMES_SIGN": (3, "[×*]"),
    "OVER_SIGN": (3, "[÷/／]"),
    "GREATER_EQUAL": (4, "≥|>=|＞＝"),
    "LESS_EQUAL": (4, "≤|<=|＜＝"),
    "DIFFERENT": (4, "≠|!=|！＝"),
    "GREATER": (3, "[>＞]"),
    "LESS": (3, "[<＜]"),
    "EQUAL_SIGN": (3, "[=＝]"),
    "QUOTED_NAME": (3, r"【[^【】]+】|\[[^\[\]]+\]"),
    "STRING": (3, "“[^“”]*”|\"[^\"]*\"|「[^「」]*」"),
    "DATE": (
        4,
        rf"{_DIGIT}{{4}}(?:[-./]{_DIGIT}{{1,2}}[-./]{_DIGIT}{{1,2}}|年{_DIGIT}{{1,2}}月{_DIGIT}{{1,2}}日)",
    ),
    "NUMBER": (3, rf"{_NUMBER}(?![0-9０-９])"),
    "CODE": (3, rf"[A-Z]{{1,2}}{_DIGIT}*(?:[.．]{_DIGIT}+)*(?![\w.．])"),
    "OLD_CODE": (3, rf"[A-Z]{{1,2}}{_DIGIT}*(?:[.．]{_DIGIT}+)*(?![\w.．])"),
    "NAME": (1, rf"[^\s0-9０-９{_MARKS}][^\s{_MARKS}]*"),
    "LIST_NAME": (0, r"[^\s、;；,，:：【】\[\]](?:[^、;；,，:：【】\[\]]*[^\s、;；,，:：【】\[\]])?"),
    "UNIT": (
        1,
        r"(?!至|及以|以上|以下)[^\W\d_]+?"
        rf"(?=至|及以[上下]|以上|以下|[扣得加]{_DIGIT}|[\s0-9０-９{_MARKS}]|$)",
    ),
    "ANSWER_NAME": (
        3,
        rf"[^\s、;；,，:：【】\[\]0-9０-９](?:[^、;；,，:：【】\[\]0-9０-９]*?[^\s、;；,，:：【】\[\]0-9０-９])??(?=\s*(?:[-−－]?{_DIGIT}|不计|not-counted))",
    ),
    "WORDS": (0, r"\S(?:.*\S)?"),
}

_BOUNDARY = {
    "zh": {
        "line": r"(?=[\s:：)）,，、;；]|$)",
        "operator": "",
        "function": r"(?=\s*[(（])",
    },
    "en": {
        "line": r"(?=[\s:：)）,，、;；]|$)",
        "function": r"(?=\s*[(（])",
    },
}
#: Words of expressions: where one can stand a name can too, which may begin like it.
_BEFORE_SPACE = frozenset({"AND", "OR", "NOT", "WHEN", "THEN", "OTHERWISE", "WHERE", "EACH_RECORD", "THEN_BY"})
_WHOLE_WORDS = frozenset(
    {
        "YES", "NO", "AS_OF", "UNIT_TYPE", "UNIT_LEVEL", "SAME_TYPE", "SAME_LEVEL", "WITH_OWN", "WITHOUT_OWN", "HIGHEST_FIRST",
        "LOWEST_FIRST", "MISSING_LEFT_OUT", "SHARE_BELOW", "SHARE_AT_MOST",
    }
)  # fmt: skip
_SPECIAL: dict[str, str | dict[str, str]] = {
    "TO": r"至|[-－~～—–]+",
    "INCLUDED": r"[(（]\s*(?:含|incl)\s*[)）]",
    "PERCENT_POINT": {"zh": "个?百分点", "en": r"percentage-points?(?![\w-])"},
    "POINTS": {"zh": "分(?![钟之])", "en": r"(?:points?|pts)(?![\w-])"},
}


def keyword_pattern(keyword: Keyword, language: Language) -> str:
    """The pattern by which a keyword is read: its spelling and what may follow it."""
    special = _SPECIAL.get(keyword.key)
    if keyword.key == "TO" and language == "en":
        return r"to(?![\w-])|[-－~～—–]+"
    if isinstance(special, dict):
        return special[language]
    if special:
        return special
    spelled = re.escape(keyword.spelling(language))
    boundary = _BOUNDARY[language].get(keyword.group)
    if language == "en":
        return spelled + (boundary if boundary is not None else r"(?![\w-])")
    if keyword.key in _BEFORE_SPACE:
        return spelled + r"(?=[\s(（【\[])"
    if keyword.key in _WHOLE_WORDS:
        return spelled + r"(?!\w)"
    if keyword.key == "UNITS_AT_LEAST":
        return spelled + rf"(?=\s*{_DIGIT})"
    return spelled + (boundary or "")


def _tail_patterns(language: Language) -> dict[str, tuple[int, str]]:
    points = f"[-−－]?{_NUMBER}\\s*{keyword_pattern(KEYWORDS['POINTS'], language)}"
    weight = f"{re.escape(word('WEIGHT', language))}\\s*{_NUMBER}\\s*[%％]"
    at_most = f"{re.escape(word('AT_MOST_POINTS', language))}\\s*{points}"
    individual = f"(?:\\s*[,，]\\s*{re.escape(word('INDIVIDUAL', language))})?"
    tail = f"\\s*[,，]\\s*(?:{points}|{weight}|{at_most}){individual}\\s*$"
    return {
        "HEADING_NAME": (2, rf"\S.*?(?={tail})|\S(?:.*\S)?"),
        "POINT_TEXT": (2, rf"[-－·•]\s*\S.*?(?=\s*[,，]\s*{points}\s*$)|[-－·•]\s*\S(?:.*\S)?"),
    }


@cache
def terminal_definitions(language: Language) -> str:
    """Lark definitions of every terminal of the grammar, for one language."""
    patterns = {**_MARK_PATTERNS, **_tail_patterns(language)}
    for keyword in KEYWORDS.values():
        patterns[keyword.key] = (6, keyword_pattern(keyword, language))
    lines = [f"{name}.{priority}: /{pattern.replace('/', chr(92) + '/')}/" for name, (priority, pattern) in patterns.items()]
    lines += [r"_SPACE: /[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/", "%ignore _SPACE"]
    return "\n".join(lines)


@cache
def clause_in_name(language: Language) -> re.Pattern[str]:
    """Matches a clause that a name has swallowed because a comma is missing before it."""
    with_number = "|".join(re.escape(word(k, language)) for k in ("WITHIN", "RECTIFY", "COPIES", "VALID", "AT_MOST_POINTS"))
    effects = "|".join(re.escape(word(k, language)) for k in ("NOTICE", "NO_MARKS", "PENDING", "AT_MOST_SHARE"))
    apart = "" if language == "zh" else r"(?<=\s)"
    return re.compile(rf"{apart}(?:(?:{with_number})\s*{_DIGIT}|{re.escape(word('IF_MISSING', language))}\s*(?:{effects}))")


@cache
def line_keyword(language: Language) -> re.Pattern[str]:
    """Matches the opening word of a statement, with the word in group 1."""
    words = sorted((k.spelling(language) for k in KEYWORDS.values() if k.group == "line"), key=len, reverse=True)
    return re.compile(rf"\s*({'|'.join(map(re.escape, words))})(?=\s*[:：]|\s|$)")
