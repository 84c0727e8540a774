"""Results and explanations as plain data for ``--json``.

The shape is stable: numbers are texts, exact (``107.48`` or ``1259/11``), so that no
reader turns them into floats by accident.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from ..dsl.numbers import exact_text
from ..engine.explain import ExplainedIndicator, Explanation
from ..engine.record import Bounds, IndicatorRecord, Result

SHAPE = 1


def result_data(result: Result) -> dict[str, Any]:
    """One result."""
    return {
        "shape": SHAPE,
        "ruleset": {"name": result.ruleset.name, "version": result.ruleset.version, "digest": result.ruleset.digest},
        "unit": result.unit.name,
        "unit_type": result.unit.unit_type,
        "track": result.track,
        "as_of": result.as_of.isoformat(),
        **({"as_of_in_file": result.unit.own_as_of.isoformat()} if result.unit.own_as_of is not None else {}),
        "state": result.state,
        "score": _number(result.score),
        "full_score": _number(result.full_score),
        "rate": _number(result.rate),
        "bounds": _bounds(result.bounds),
        "grade": _plain(result.grade) if result.grade is not None else None,
        "unscored": result.unscored,
        "waiting": sorted(result.waiting),
        "vetoes": [{"code": v.code, "applies": v.applies} for v in result.vetoes],
        "subtotals": [
            {"name": s.name, "score": _number(s.score), "points": _number(s.points), "grade": s.grade.grade if s.grade else None}
            for s in result.subtotals
        ],
        "adjustments": [{"code": a.code, "amount": _number(a.amount), "applies": a.applies} for a in result.adjustments],
        "indicators": [_indicator(result.indicators[i.code], i.name, i.level) for i in result.ruleset.indicators],
    }


def full_result_data(result: Result) -> dict[str, Any]:
    """One result with all that was recorded on the way to it: values, steps, evidence.

    No sentence and no place in a file is in it, so that it stays the same as long as
    the meaning does.
    """
    return {
        **result_data(result),
        "indicators": [_plain(result.indicators[i.code]) | {"failure": None} for i in result.ruleset.indicators],
        "adjustments": [
            {"code": a.code, "amount": _number(a.amount), "bounds": _bounds(a.bounds), "applies": a.applies} for a in result.adjustments
        ],
        "values": {key: _plain(value) for key, value in result.values.items()},
        "total_steps": [[name, exact_text(value)] for name, value in result.total_steps],
        "findings": [[d.code, d.path, dict(d.facts)] for d in result.diagnostics],
    }


def _indicator(record: IndicatorRecord, name: str, level: int) -> dict[str, Any]:
    return {
        "code": record.code,
        "name": name,
        "level": level,
        "state": record.state,
        "score": _number(record.score),
        "points": _number(record.points),
        "bounds": _bounds(record.bounds),
        "waiting": sorted(record.waiting),
        "reason": record.reason,
    }


def explanation_data(explanation: Explanation, code: str | None = None) -> dict[str, Any]:
    """One explanation: the result, and for every indicator sources, steps and evidence."""
    wanted = None if code is None else _below(explanation, code)
    chosen = [i for i in explanation.indicators if wanted is None or i.code in wanted]
    return {
        **result_data(explanation.result),
        "indicators": [_plain(i) for i in chosen],
        "adjustments": [
            {"kind": kind, "amount": amount, "indicator": _plain(indicator)} for kind, amount, _, indicator in explanation.adjustments
        ],
        "total_steps": [[name, exact_text(value)] for name, value in explanation.result.total_steps],
        "next_grade": _plain(explanation.next_grade) if explanation.next_grade is not None else None,
    }


def _below(explanation: Explanation, code: str) -> set[str]:
    by_code: dict[str, ExplainedIndicator] = {i.code: i for i in explanation.indicators}
    found = {code}
    for child in by_code[code].children if code in by_code else ():
        found |= _below(explanation, child)
    return found


def _number(value: Any) -> str | None:
    return None if value is None else exact_text(value)


def _bounds(bounds: Bounds | None) -> dict[str, Any] | None:
    if bounds is None:
        return None
    return {"low": exact_text(bounds.low), "high": exact_text(bounds.high), "tight": bounds.tight}


def _plain(value: Any) -> Any:
    """Dataclasses, tuples, numbers and sets as plain data."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, Fraction)):
        return exact_text(value)
    if isinstance(value, (frozenset, set)):
        return sorted(_plain(v) for v in value)
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if hasattr(value, "items"):
        return {str(k): _plain(v) for k, v in value.items()}
    return str(value)
