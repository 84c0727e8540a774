"""Units as rows of a table, and what a result's row says, for the tests of batches."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl

from ruleeval.dsl.model import Ruleset
from ruleeval.dsl.numbers import exact_text
from ruleeval.engine.columns.results import Outcome
from ruleeval.engine.unit import Disputed, Missing, NotApplicable, NotYetDue, UnitData
from ruleeval.files.tables.layout import kinds_of


def cell(value: Any, share: str) -> Any:
    """A value as the text of a table's cell; what is open is empty."""
    match value:
        case Missing() | NotYetDue() | Disputed() | NotApplicable() | None:
            return None
        case bool():
            return "是" if value else "否"
        case int() | Fraction():
            return f"{decimal_text(value * 100)}%" if share == "percent" else decimal_text(value)
        case date():
            return value.isoformat()
        case tuple():
            return "[" + ", ".join(decimal_text(v) for v in value) + "]"
    return value


def decimal_text(value: int | Fraction) -> str:
    text = exact_text(value, 20)
    assert "/" not in text, text
    return text


def row_of(ruleset: Ruleset, unit: UnitData) -> dict[str, str | None]:
    """A unit as a row of texts."""
    assessed = unit.assessments.get("on_site", {})
    row: dict[str, str | None] = {"unit": unit.name, "unit_type": unit.unit_type, "as_of": unit.as_of.isoformat()}
    for item in ruleset.data:
        row[item.name] = cell((assessed if item.assessed else unit.values).get(item.name), item.type.share)
    handed = {e.kind for e in unit.evidence or ()}
    row |= {f"evidence:{kind}": "yes" if kind in handed else "no" for kind in sorted(kinds_of(ruleset))}
    for leaf in ruleset.leaves:
        claim = unit.not_applicable.get(leaf.code)
        row[f"not_applicable:{leaf.code}"] = claim.reason if claim is not None else None
        row[f"confirmed:{leaf.code}"] = "on_site" if claim is not None else None
    return row


def frame_of(ruleset: Ruleset, units: list[UnitData]) -> pl.DataFrame:
    return pl.DataFrame([row_of(ruleset, u) for u in units], infer_schema_length=None).cast(pl.String)


def told(row: dict[str, Any], outcome: Outcome, columns: set[str]) -> list[tuple[str, object, object]]:
    """What a row of the result says otherwise than an outcome does."""
    differences = []

    def same(what: str, found: object, wanted: object) -> None:
        if found != wanted:
            differences.append((what, found, wanted))

    same("state", row["state"], outcome.state)
    same("score", number(row, "score"), outcome.score)
    bounds = outcome.bounds
    same("bounds", (number(row, "score_low"), number(row, "score_high")), (bounds.low, bounds.high) if bounds else (None, None))
    same("tight", row["bounds_reached"], bounds.tight if bounds else None)
    same("before veto", number(row, "score_before_veto"), outcome.before_veto)
    same("grade", row["grade"], outcome.grade)
    same("grades", row["grades_possible"], ";".join(outcome.grades) or None)
    same("vetoes", row["vetoes"], ";".join(outcome.vetoes) or None)
    same("open vetoes", row["vetoes_open"], ";".join(outcome.open_vetoes) or None)
    same("codes", (row["codes"] or "").split(";"), (";".join(outcome.codes)).split(";"))
    same("waiting", row["waiting"], ";".join(sorted(outcome.waiting)) or None)
    same("states", json.loads(row["states"] or "{}"), outcome.states)
    for code, score in outcome.scores.items():
        if code in columns and code not in outcome.amounts:
            same(code, number(row, code), score)
    for code, (low, high) in outcome.amounts.items():
        same(f"amount {code}", number(row, code), low if low == high else None)
    return differences


def number(row: dict[str, Any], column: str) -> Fraction | None:
    """The exact value of a number in a result's row."""
    if f"{column}_numerator" in row:
        top = row[f"{column}_numerator"]
        if top is not None:
            return Fraction(top, row[f"{column}_denominator"])
    value = row[column]
    if value is None or f"{column}_numerator" in row:
        left = json.loads(row["exact"] or "{}").get(column)
        return None if left is None else Fraction(left)
    return Fraction(value if isinstance(value, (int, Decimal)) else Decimal(value))
