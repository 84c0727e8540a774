"""Once-only (F33): a matter counted at one indicator is not counted again at another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from ..diagnostics import Place
from ..model import Adjustment, Aggregate, DataItem, Expression, Indicator, Ref
from ..operations import READINGS
from .draft import Draft


def apply_once_only(
    draft: Draft, indicators: tuple[Indicator, ...], adjustments: tuple[Adjustment, ...], data: tuple[DataItem, ...]
) -> tuple[tuple[Indicator, ...], tuple[Adjustment, ...]]:
    """Tell every count of records which counts come before it."""
    matters = {d.key: next((c.name for c in d.columns if c.matter), None) for d in data if d.columns}
    by_code = {i.code: i for i in (*indicators, *(a.indicator for a in adjustments))}

    def changed(indicator: Indicator) -> Indicator:
        return _with_earlier(draft, indicator, by_code, matters) if indicator.once_only else indicator

    return tuple(changed(i) for i in indicators), tuple(replace(a, indicator=changed(a.indicator)) for a in adjustments)


def _counts(indicator: Indicator, matters: Mapping[str, str | None]) -> list[Aggregate]:
    """What an indicator counts of tables that name their matters."""
    inner = [a for s in indicator.steps for a in _aggregates(s.expression)]
    return [a for a in dict.fromkeys(_marked(a, matters, ()) for a in inner) if a.matter is not None]


def _aggregates(expression: Expression) -> Iterator[Aggregate]:
    if isinstance(expression, Aggregate):
        yield expression
    for operand in READINGS.operands(expression):
        yield from _aggregates(operand)


def _written_at(draft: Draft, indicator: Indicator) -> Place:
    """Where an indicator says what it does not count again."""
    for block in draft.blocks("level3", "bonus", "extra"):
        for field in block.fields:
            if field.kind == "once" and draft.place(block.line, block.line.node.parts[1]) == indicator.place:
                return draft.place(field.line, field.line.node.parts[1])
    return indicator.place


def _with_earlier(
    draft: Draft, indicator: Indicator, by_code: Mapping[str, Indicator], matters: Mapping[str, str | None]
) -> Indicator:
    earlier: list[Aggregate] = []
    for code in indicator.once_only:
        other = by_code.get(code)
        if other is None:
            if code not in draft.broken and code not in draft.failed:
                draft.scope.report("E215", _written_at(draft, indicator), code=code)
            return indicator
        counts = _counts(other, matters)
        if not counts:
            draft.scope.report("E631", indicator.place, code=code)
            return indicator
        earlier += counts
    if not _counts(indicator, matters):
        draft.scope.report("E631", indicator.place, code=indicator.code)
        return indicator
    steps = tuple(replace(s, expression=_marked(s.expression, matters, tuple(dict.fromkeys(earlier)))) for s in indicator.steps)
    return replace(indicator, steps=steps)


def _marked(part: Any, matters: Mapping[str, str | None], earlier: tuple[Aggregate, ...]) -> Any:
    """``part`` with every count told its matter and what was counted before."""
    if isinstance(part, Aggregate) and part.kind in ("count", "matters") and isinstance(part.source, Ref) and matters.get(part.source.key):
        before = tuple(dict.fromkeys((*earlier, *part.counted_before)))
        return replace(part, matter=f"column.{matters[part.source.key]}", counted_before=before)
    if isinstance(part, tuple):
        return tuple(_marked(p, matters, earlier) for p in part)
    if is_dataclass(part) and not isinstance(part, type):
        changes = {f.name: _marked(getattr(part, f.name), matters, earlier) for f in fields(part) if f.compare}
        return replace(part, **changes)
    return part
