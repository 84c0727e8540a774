"""One row of a table as if it were a unit file: the same checks, the same findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ...dsl.diagnostics import Diagnostic
from ...dsl.model import Ruleset
from ...engine.intake import NumberText
from ...engine.unit import Track, UnitData
from ..json_text import read_json
from ..text import Unreadable
from ..unit_file import raw_unit, unit_data
from .layout import ItemColumn, Layout
from .values import MOST_DIGITS

#: The records of one unit by item name; ``evidence`` for its evidence.
LongRows = Mapping[str, Sequence[Mapping[str, Any]]]


def row_unit(
    row: Mapping[str, Any], layout: Layout, ruleset: Ruleset, track: Track, long: LongRows
) -> tuple[UnitData | None, tuple[Diagnostic, ...]]:
    """The unit of a row, if it holds no error, and every finding; paths name the columns."""
    found: list[Diagnostic] = []
    raw: dict[str, Any] = {k: _text(row[c]) for k, c in layout.identity.items() if row[c] is not None and row[c] != ""}
    raw |= {k: v for k, v in layout.constants.items() if k not in raw}
    data: dict[str, Any] = {}
    assessed: dict[str, Any] = {}
    for name, column in layout.items.items():
        value = _cell(row[column.column], column, found)
        if value is not None:
            (assessed if column.item.assessed else data)[name] = value
    for name, rows in long.items():
        item = next((d for d in ruleset.data if d.name == name), None)
        if item is not None:
            values: list[Any] = [_record(r) for r in rows]
            if item.type.kind == "numbers":
                values = [next(iter(v.values()), None) for v in values]
            (assessed if item.assessed else data)[name] = values
    raw["data"] = data
    if assessed:
        raw["assessments"] = {track: assessed}
    if layout.documents or "evidence" in layout.long:
        raw["evidence"] = [*_documents(row, layout, found), *(_evidence(r) for r in long.get("evidence", ()))]
    claims = [_claim(code, row[c], row.get(layout.confirmations.get(code, ""))) for code, c in layout.claims.items() if row[c] not in (None, "")]
    if claims:
        raw["not_applicable"] = claims
    unit, findings = unit_data(raw_unit(raw, "", "", places={}), ruleset)
    findings = (*found, *findings)
    return (None if any(d.is_error for d in found) else unit), findings


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value) if not isinstance(value, str) else value


def _cell(value: Any, column: ItemColumn, found: list[Diagnostic]) -> Any:
    """A cell as a unit file would have it; ``None`` for nothing."""
    if value is None or value == "":
        return None
    kind = column.item.type.kind
    if isinstance(value, str):
        if kind in ("records", "numbers") and value.lstrip()[:1] in ("[", "{"):
            return _json(value, column, found)
        if kind != "number":
            return value
        sign = "%" if column.percent and not value.rstrip().endswith(("%", "％")) else ""
        return NumberText(value.strip() + sign)
    raw = _raw(value, column.column, found)
    return NumberText(raw + "%") if column.percent and isinstance(raw, NumberText) else raw


def _json(text: str, column: ItemColumn, found: list[Diagnostic]) -> Any:
    try:
        return read_json(text)
    except Unreadable as error:
        found.append(Diagnostic(error.diagnostic.code, (), error.diagnostic.facts, path=column.column, source="table"))
        return None


def _raw(value: Any, path: str, found: list[Diagnostic]) -> Any:
    """A value of a table as a unit file's: numbers as text, never through a float's own digits."""
    match value:
        case bool() | str() | None:
            return value
        case int():
            return NumberText(value)
        case Decimal():
            return NumberText(f"{value:f}")
        case float():
            return _float(value, path, found)
        case datetime():
            return _text(value)
        case date():
            return value
        case Mapping():
            return {k: _raw(v, path, found) for k, v in value.items() if v is not None}
        case Sequence():
            return [_raw(v, path, found) for v in value]
    return str(value)


def _float(value: float, path: str, found: list[Diagnostic]) -> NumberText | None:
    if value != value:  # not a number: nothing was filled in
        return None
    text = f"{Decimal(repr(value)):f}" if abs(value) != float("inf") else str(value)
    digits = text.lstrip("-0.").replace(".", "").rstrip("0")
    if len(digits) > MOST_DIGITS:
        found.append(Diagnostic("E994", (), {"name": path, "text": repr(value)}, path=path, source="table"))
        return None
    return NumberText(text.removesuffix(".0"))


def _record(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: NumberText(v) if isinstance(v, (int, Decimal)) and not isinstance(v, bool) else v for k, v in row.items()}


def _documents(row: Mapping[str, Any], layout: Layout, found: list[Diagnostic]) -> list[dict[str, Any]]:
    pieces = []
    for kind, column in layout.documents.items():
        value = row[column]
        text = str(value).strip().lower() if value is not None else ""
        if value is True or text in ("是", "yes"):
            pieces.append({"kind": kind})
        elif text.isascii() and text.isdigit() and len(text) < 7:
            pieces += [{"kind": kind, "copies": NumberText(text)}] if int(text) else []
        elif value is not False and text not in ("否", "no"):
            facts = {"name": column, "wanted": "是、否或份数", "wanted_en": "yes, no or a number of copies", "found": text}
            found.append(Diagnostic("E702", (), facts, path=column, source="table"))
    return pieces


def _evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    piece = {k: _text(v) for k, v in row.items() if v is not None and v != ""}
    return {k: NumberText(v) if k in ("copies", "份数") else v for k, v in piece.items()}


def _claim(code: str, reason: Any, confirmed: Any) -> dict[str, Any]:
    claim: dict[str, Any] = {"code": code, "reason": str(reason)}
    if confirmed not in (None, ""):
        claim["confirmed_by"] = [t.strip() for t in str(confirmed).replace("、", ";").replace(",", ";").split(";") if t.strip()]
    return claim
