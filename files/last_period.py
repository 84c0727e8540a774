"""The last period's result as an input: what ``ruleeval check --json`` printed then."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..dsl.describe import show_number
from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.limits import MAXIMUM_DIGITS
from ..dsl.model import DataItem, Ruleset
from ..dsl.numbers import Exact, divide, simplest
from ..engine.unit import Missing, UnitData
from .json_text import read_json
from .text import Unreadable, decode, read_bytes

#: A number as results print it: 107.48, or 1259/11.
_EXACT = re.compile(rf"-?[0-9]{{1,{MAXIMUM_DIGITS}}}(?:\.[0-9]{{1,{MAXIMUM_DIGITS}}}|/[1-9][0-9]{{0,{MAXIMUM_DIGITS}}})?\Z")


@frozen
class LastResult:
    """Scores and rates of the last period by code; the total stands under no code."""

    scores: Mapping[str, Exact]
    rates: Mapping[str, Exact]

    def value(self, item: DataItem) -> Exact | None:
        """What an item asks for, if the result has it."""
        assert item.previous is not None
        kind, code = item.previous
        return (self.rates if kind == "rate" else self.scores).get(code)


def read_last_result(path: Path) -> LastResult:
    """The result in a file.  Raises `Unreadable`."""
    text, _ = decode(read_bytes(path), path.name)
    raw = read_json(text)
    try:
        entries = [(e["code"], _number(e["score"]), _number(e["points"])) for e in raw["indicators"]]
        total = _number(raw["score"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        reason = {"reason": f"缺少 {error}", "reason_en": f"there is no {error}"}
        raise Unreadable(Diagnostic("E889", (), {"file": path.name, **reason}, source="file")) from error
    scores = {str(code): score for code, score, _ in entries if score is not None}
    rates = {str(code): divide(score, points) for code, score, points in entries if score is not None and points}
    return LastResult({**scores, **({"": total} if total is not None else {})}, rates)


def _number(text: Any) -> Exact | None:
    if text is None:
        return None
    if not _EXACT.match(str(text)):
        raise ValueError(str(text)[:40])
    return simplest(Fraction(str(text)))


def with_last_result(unit: UnitData, ruleset: Ruleset, last: LastResult) -> tuple[UnitData, tuple[Diagnostic, ...]]:
    """A unit with what comes from the last period filled in, and what does not agree."""
    asked = [d for d in ruleset.data if d.previous is not None]
    found = tuple(_odd(unit, ruleset, last, asked))
    values = {d.name: value for d in asked if (value := last.value(d)) is not None}
    return replace(unit, values={**unit.values, **values}), found


def _odd(unit: UnitData, ruleset: Ruleset, last: LastResult, asked: list[DataItem]) -> Iterator[Diagnostic]:
    for item in asked:
        value, given = last.value(item), unit.values.get(item.name, Missing())
        if value is None:
            kind, code = item.previous or ("", "")
            what = {"score": "得分", "rate": "得分率", "total": "总分"}[kind] + (f"({code})" if code else "")
            yield Diagnostic("W889", (), {"name": item.name, "what": what}, source="unit")
        elif not isinstance(given, Missing) and given != value:
            shown = show_number(given, item.type, ruleset.language) if hasattr(given, "numerator") else str(given)  # type: ignore[arg-type]
            facts = {"name": item.name, "given": shown, "previous": show_number(value, item.type, ruleset.language)}
            yield Diagnostic("E888", (), facts, source="unit")
