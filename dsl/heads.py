"""What the head of a file says of itself, read by its opening words alone.

A folder of rulesets is looked through by this: no grammar is loaded, and a file that
holds errors further down can still be found.
"""

from __future__ import annotations

import re
from datetime import date

from .describe import read_date
from .frozen import frozen
from .keywords import KEYWORDS

_LINES = 400
_WORDS = {
    key: rf"\s*(?:{re.escape(KEYWORDS[key].zh)}|{re.escape(KEYWORDS[key].en)})\s*[:：]\s*(.*\S)"
    for key in ("RULESET", "VERSION", "EXTENDS", "APPLIES", "UNIT_LEVELS", "FOR_REGIONS", "FOR_UNITS", "EFFECTIVE")
}
_PATTERNS = {key: re.compile(pattern) for key, pattern in _WORDS.items()}
_COMMENT = re.compile(r"(?:^|\s)[#＃].*")
_DATE = re.compile(r"\d{4}(?:[-./]\d{1,2}[-./]\d{1,2}|年\d{1,2}月\d{1,2}日)")


@frozen
class Extended:
    """A ruleset that a file extends, and the line (from 1) and columns that name it."""

    name: str
    version: str
    line: int
    start: int
    end: int


@frozen
class FileHead:
    """Name, version and whom a file is for; empty tuples mean everyone."""

    name: str = ""
    version: str = ""
    extends: tuple[Extended, ...] = ()
    applies: tuple[str, ...] = ()
    unit_levels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None


def read_file_head(text: str) -> FileHead:
    """The head of a ruleset text."""
    found: dict[str, str] = {}
    extends: tuple[Extended, ...] = ()
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines()[:_LINES], 1):
        for key, pattern in _PATTERNS.items():
            match = pattern.match(_COMMENT.sub("", line)) if key not in found else None
            if match:
                found[key] = match[1]
                if key == "EXTENDS":
                    extends = read_extends(match[1], number, match.start(1))
    days = [read_date(m) for m in _DATE.findall(found.get("EFFECTIVE", ""))]
    return FileHead(
        found.get("RULESET", ""), found.get("VERSION", ""), extends, _names(found.get("APPLIES")), _names(found.get("UNIT_LEVELS")),
        _names(found.get("FOR_REGIONS")), _names(found.get("FOR_UNITS")), days[0] if days else None, days[1] if len(days) > 1 else None,
    )  # fmt: skip


def read_extends(text: str, line: int, start: int) -> tuple[Extended, ...]:
    """Every ``NAME VERSION`` of an extends line; ``start`` is the column that the text begins at."""
    found = []
    for match in re.finditer(r"\s*(?:【[^【】]*】|\[[^\[\]]*\]|[^、;；]+)", text):
        name, _, version = match[0].strip().strip("【】[]").rpartition(" ")
        lead = len(match[0]) - len(match[0].lstrip())
        place = start + match.start() + lead, start + match.start() + len(match[0].rstrip())
        found.append(Extended(name.strip(), version.strip(), line, *place))
    return tuple(found)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(n.strip().strip("【】[]").strip() for n in re.split(r"[、;；]", text)) if text else ()
