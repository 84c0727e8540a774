"""The unit and case files beside a ruleset, as an editor sees them: what they mention, what comes of a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Indicator, Ruleset
from ..dsl.numbers import exact_text, fixed
from ..engine.evaluate import evaluate
from ..engine.record import IndicatorRecord, Result
from ..files.case_file import is_file
from ..files.text import Unreadable, decode, read_bytes
from ..files.unit_file import read_unit_text, unit_data

_ENDINGS = (".json", ".yaml", ".yml", ".csv")
_MOST_FILES = 300
#: A score that takes more characters is shown to two places.
_LONGEST = 8
_NAMED = re.compile(r"""["']?(?:规则集|ruleset|rules)["']?\s*:\s*["']?([^"'\n,}]+\.rules)""")
_WORDS = {
    "out": ("不适用", "not applicable"),
    "excluded": ("不适用于该单位", "not for this unit"),
    "between": ("{low} 至 {high}，待定", "{low} to {high}, open"),
    "open": ("待定", "open"),
    "error": ("数据有误", "error in the data"),
}


@frozen
class Hint:
    """What is shown behind a line (from 1)."""

    line: int
    text: str


@dataclass(slots=True)
class Neighbours:
    """The files beside rulesets; texts open in the editor come before those on the disk."""

    open_texts: dict[Path, str] = field(default_factory=dict)
    _results: dict[Path, tuple[Ruleset, str, Result | None]] = field(default_factory=dict)

    def text(self, path: Path) -> str:
        """The text of a file as it is open or as it was saved; one that cannot be read is empty."""
        known = self.open_texts.get(path)
        if known is not None:
            return known
        try:
            return decode(read_bytes(path), path.name)[0]
        except Unreadable:
            return ""

    def beside(self, rules: Path) -> tuple[Path, ...]:
        """The unit and case files of a ruleset: beside it and in its folders ``units`` and ``cases``."""
        folders = (rules.parent, rules.parent / "units", rules.parent / "cases")
        found = (p for f in folders if f.is_dir() for p in sorted(f.iterdir()) if p.suffix.lower() in _ENDINGS)
        return tuple(p for p, _ in zip(found, range(_MOST_FILES), strict=False) if self.ruleset_of(p) == rules)

    def ruleset_of(self, path: Path) -> Path | None:
        """The ruleset that a unit or case file is meant for: the one it names, else the only one near."""
        named = _NAMED.search(self.text(path))
        if named is not None:
            near = ((folder / named[1].strip()).resolve() for folder in (path.parent, path.parent.parent))
            return next((p for p in near if is_file(p)), None)
        for folder in (path.parent, path.parent.parent):
            rules = sorted(folder.glob("*.rules"))
            if rules:
                return rules[0].resolve() if len(rules) == 1 else None
        return None

    def nearest_unit(self, rules: Path) -> Path | None:
        """The unit file whose results are shown: one that is open before the others, by name."""
        units = [p for p in self.beside(rules) if p.parent.name != "cases" and p.suffix.lower() != ".csv"]
        return next((p for p in units if p in self.open_texts), units[0] if units else None)

    def result(self, rules: Path, ruleset: Ruleset) -> tuple[Path, Result | None] | None:
        """The nearest unit with its result; the result is missing where the unit's data hold errors."""
        path = self.nearest_unit(rules)
        if path is None:
            return None
        text = self.text(path)
        known = self._results.get(path)
        if known is None or known[0] is not ruleset or known[1] != text:
            known = (ruleset, text, _result(text, path.name, ruleset))
            self._results[path] = known
        return path, known[2]


def _result(text: str, name: str, ruleset: Ruleset) -> Result | None:
    try:
        unit, _ = unit_data(read_unit_text(text, name), ruleset)
    except Unreadable:
        return None
    return evaluate(ruleset, unit) if unit is not None else None


def hints(result: Result | None, unit: Path, ruleset: Ruleset, head: Mapping[str, int], lines: Mapping[str, int]) -> tuple[Hint, ...]:
    """What to show beside the lines of a ruleset: each indicator's score, the total, the grade.

    ``head`` has the lines of the full score and of the grades, ``lines`` those of indicators by code.
    """
    language = ruleset.language
    column = 0 if language == "zh" else 1
    if result is None:
        return tuple(Hint(head[k], f"{unit.name}: {_WORDS['error'][column]}") for k in ("full_score",) if k in head)
    found = []
    for indicator in (*ruleset.indicators, *(a.indicator for a in ruleset.adjustments)):
        record = result.indicators.get(indicator.code)
        if record is not None and indicator.code in lines:
            found.append(Hint(lines[indicator.code], _shown(indicator, record, language)))
    if "full_score" in head:
        total = exact_text(result.score) if result.score is not None else _WORDS["open"][column]
        if result.score is None and result.bounds is not None:
            total = _WORDS["between"][column].format(low=fixed(result.bounds.low, 2), high=fixed(result.bounds.high, 2))
        found.append(Hint(head["full_score"], f"{result.unit.name}: {total}" if language == "en" else f"{result.unit.name}：{total}"))
    if "grades" in head and result.grade is not None and result.grade.grade is not None:
        found.append(Hint(head["grades"], result.grade.grade))
    return tuple(found)


def _shown(indicator: Indicator, record: IndicatorRecord, language: Language) -> str:
    column = 0 if language == "zh" else 1
    if record.state == "scored" and record.score is not None:
        text = exact_text(record.score)
        return f"= {text}" if len(text) <= _LONGEST else f"≈ {fixed(record.score, 2)}"
    if record.state in ("out", "excluded", "error"):
        return _WORDS[record.state][column]
    if record.bounds is not None:
        return _WORDS["between"][column].format(low=fixed(record.bounds.low, 2), high=fixed(record.bounds.high, 2))
    return _WORDS["open"][column]

