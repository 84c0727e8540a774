"""Periods as they are written, of a ruleset or of one of its indicators."""

from __future__ import annotations

from itertools import pairwise

from ..describe import read_date
from ..keywords import word
from ..model import DatedPeriod, Indicator
from ..periods import common, span
from ..syntax import Line, Word
from .draft import Draft


def read_period(draft: Draft, line: Line) -> DatedPeriod | None:
    """The days that a 生效 line names, both ends among them; what is wrong is reported."""
    parts = [p for p in line.node.parts if isinstance(p, Word)]
    dates = {}
    for before, part in pairwise(parts):
        if part.kind == "DATE":
            day = read_date(part.text)
            if day is None:
                draft.report("E113", line, part, text=part.text)
                return None
            dates["end" if before.kind == "TO" else "start"] = day
    period = DatedPeriod(dates.get("start"), dates.get("end"))
    if period.start is not None and period.end is not None and period.start > period.end:
        draft.report("E405", line)
        return None
    return period


def check_periods(draft: Draft, indicators: tuple[Indicator, ...], whole: DatedPeriod) -> bool:
    """Whether every dated indicator has days in common with the ruleset and with what it stands
    below; one that does not name the clause that its dates rest on is reminded of it."""
    fine = True
    fields = {
        b.line.number: {f.kind: f.line for f in b.fields}
        for b in draft.blocks("level1", "level2", "level3", "bonus", "extra", "veto")
    }
    by_code = {i.code: i for i in indicators}
    for indicator in indicators:
        own = indicator.in_force
        lines = fields.get(indicator.place.line, {})
        if own is None or "effective" not in lines:
            continue
        if "basis" not in lines:
            draft.report("W931", lines["effective"], None, code=indicator.code, word=word("BASIS", draft.language))
        outer: list[tuple[str | None, DatedPeriod]] = []
        above = by_code.get(indicator.parent or "")
        while above is not None:
            if above.in_force is not None:
                outer.append((above.code, above.in_force))
            above = by_code.get(above.parent or "")
        lost = next(((code, p) for code, p in (*outer, (None, whole)) if common(own, p) is None), None)
        if lost is not None:
            above_code, period = lost
            shown = {"code": indicator.code, "own": span(own), "period": span(period)}
            if above_code is None:
                draft.report("W933", lines["effective"], None, **shown)
            else:
                draft.report("E932", lines["effective"], None, **shown, above=above_code)
                fine = False
    return fine
