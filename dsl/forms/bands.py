"""Intervals in forms: whether they tile, and how they are written."""

from __future__ import annotations

from dataclasses import replace

from ..describe import show_number
from ..diagnostics import Choice
from ..keywords import Language, word
from ..model import Interval, Type
from ..ranges import Range
from ..syntax import Line, Node
from ..tiling import flaws
from .lowering import FormContext


def show_interval(interval: Interval, kind: Type, language: Language = "zh") -> str:
    """An interval as a row is written: ``90%（含）至100%（含）``."""
    marked = word("INCLUDED", language)
    gap = "" if language == "zh" else " "
    if interval.low is None and interval.high is None:
        return ""
    if interval.low is None:
        assert interval.high is not None
        key = "AT_MOST" if interval.high_included else "BELOW"
        return f"{word(key, language)}{gap}{show_number(interval.high, kind, language)}"
    if interval.high is None:
        key = "AT_LEAST" if interval.low_included else "ABOVE"
        return f"{word(key, language)}{gap}{show_number(interval.low, kind, language)}"
    if interval.low == interval.high:
        return f"{word('EQUALS_TO', language)}{gap}{show_number(interval.low, kind, language)}"
    low = show_number(interval.low, kind, language) + (gap + marked if interval.low_included else "")
    high = show_number(interval.high, kind, language) + (gap + marked if interval.high_included else "")
    return f"{low}{gap}{word('TO', language)}{gap}{high}"


def show_range(domain: Range, kind: Type, language: Language) -> str:
    """What a value can be, written like the interval of a row."""
    return show_interval(Interval(domain.low, domain.low_included, domain.high, domain.high_included), kind, language)


def check_tiling(
    context: FormContext, intervals: list[Interval], rows: list[Line], domain: Range, kind: Type
) -> bool:
    """Report every gap, overlap and unreachable band; say whether there was a gap or an overlap."""
    fine = True
    if kind.whole:
        domain = replace(domain, grain="whole")
    language = context.reader.scope.language
    colon = "：" if language == "zh" else ": "
    for flaw in flaws(intervals, domain):
        fine = False
        where = show_interval(flaw.interval, kind, language)
        if flaw.kind == "gap":
            near = flaw.after if flaw.after is not None else flaw.before
            line = rows[near] if near is not None else None
            sides = {k: rows[i].text.strip() for k, i in (("below", flaw.before), ("above", flaw.after)) if i is not None}
            choices = tuple(
                Choice(rows[i].number, _rewritten(rows[i], show_interval(_stretched(intervals[i], flaw.interval, up=i == flaw.before), kind, language)))
                for i in (flaw.before, flaw.after)
                if i is not None
            )
            context.report_with_choices("E401", line, choices, where=where, add=f"{where}{colon}", **sides)
        else:
            assert flaw.before is not None and flaw.after is not None
            first, second = rows[flaw.before], rows[flaw.after]
            later = max(first, second, key=lambda r: r.number)
            context.report("E402", later, None, where=where, first=first.text.strip(), second=second.text.strip())
    for interval, row in zip(intervals, rows, strict=True):
        if fine and not domain.meets(interval):
            context.report("W403", row, None, domain=show_range(domain, kind, language))
    return fine


def _stretched(interval: Interval, gap: Interval, *, up: bool) -> Interval:
    """An interval that also holds the gap above it, or below it."""
    if up:
        return replace(interval, high=gap.high, high_included=gap.high_included)
    return replace(interval, low=gap.low, low_included=gap.low_included)


def _rewritten(row: Line, interval: str) -> str:
    first = row.node.parts[0]
    assert isinstance(first, Node)
    return row.text[: first.start] + interval + row.text[first.end :]
