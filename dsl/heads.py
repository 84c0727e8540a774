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
from .model import DatedPeriod

_LINES = 400
_KEYS = ("RULESET", "VERSION", "EXTENDS", "APPLIES", "UNIT_LEVELS", "FOR_REGIONS", "FOR_UNITS", "EFFECTIVE")
_KEY_OF = {spelling: key for key in _KEYS for spelling in (KEYWORDS[key].zh, KEYWORDS[key].en)}
_STATEMENT = re.compile(rf"\s*({'|'.join(map(re.escape, _KEY_OF))})\s*[:：]\s*(.*\S)")
_OF_AN_INDICATOR = ("LEVEL1", "LEVEL2", "LEVEL3", "BONUS", "EXTRA", "VETO", "ADDITION", "CHANGE")
_OF_A_SECTION = ("DATA", "DERIVED", "PARAMETERS", "RECONCILE", "DIMENSIONS", "PROBLEM_TYPES", "UNSCORED", "LOOKUP", "DECISION", "GRADES", "CROSSWALK")


def _opening(keys: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted((s for k in keys for s in (KEYWORDS[k].zh, KEYWORDS[k].en)), key=len, reverse=True)
    return re.compile(rf"\s*(?:{'|'.join(map(re.escape, words))})(?=\s|[:：]|$)")


#: Lines below which a period is an indicator's, and those below which it is the file's again.
_INSIDE, _OUTSIDE = _opening(_OF_AN_INDICATOR), _opening(_OF_A_SECTION)
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
    effective_line: int = 0
    """The line that says from when and until when it is in force; 0 where none does."""

    @property
    def period(self) -> DatedPeriod:
        return DatedPeriod(self.start, self.end)

    def for_same_units(self, other: FileHead) -> bool:
        """Whether some unit could be evaluated by both."""
        pairs = ((self.applies, other.applies), (self.unit_levels, other.unit_levels), (self.regions, other.regions), (self.units, other.units))
        return all(not one or not two or set(one) & set(two) for one, two in pairs)


def read_file_head(text: str) -> FileHead:
    """The head of a ruleset text."""
    found: dict[str, str] = {}
    lines: dict[str, int] = {}
    extends: tuple[Extended, ...] = ()
    in_indicator = False
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines()[:_LINES], 1):
        in_indicator = bool(_INSIDE.match(line)) or (in_indicator and not _OUTSIDE.match(line))
        match = _STATEMENT.match(line)
        match = _STATEMENT.match(_COMMENT.sub("", line)) if match else None
        key = _KEY_OF[match[1]] if match else ""
        if match and key not in found and not (key == "EFFECTIVE" and in_indicator):
            found[key], lines[key] = match[2], number
            if key == "EXTENDS":
                extends = read_extends(match[2], number, match.start(2))
    start, end = _period(found.get("EFFECTIVE", ""))
    return FileHead(
        found.get("RULESET", ""), found.get("VERSION", ""), extends, _names(found.get("APPLIES")), _names(found.get("UNIT_LEVELS")),
        _names(found.get("FOR_REGIONS")), _names(found.get("FOR_UNITS")), start, end,
        lines.get("EFFECTIVE", 0),
    )  # fmt: skip


def _period(text: str) -> tuple[date | None, date | None]:
    """The first and the last day of a period as it is written."""
    days = [read_date(m) for m in _DATE.findall(text)]
    if len(days) == 1 and not _DATE.match(text):
        return None, days[0]
    return (*days, None, None)[0], (*days, None, None)[1]


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
