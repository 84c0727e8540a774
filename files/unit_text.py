"""A unit -> the text of a unit file that ``ruleeval check`` reads back to the same unit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ..dsl.keywords import Language
from ..dsl.model import DataItem, Ruleset, Type
from ..dsl.numbers import decimal_places, exact_text, percent_text
from ..engine.unit import UnitData
from .unit_file import KEYS

_TRACKS = {"self": ("自评", "self"), "on_site": ("实地评估", "on_site"), "third_party": ("第三方", "third_party")}
_EVIDENCE = {"kind": "材料", "issued_by": "出具单位", "issued_on": "出具日期", "copies": "份数"}
#: As many decimal places as a unit file is written with.
_MOST_PLACES = 12


class NotWritable(Exception):
    """A value that no decimal writes in full, such as a third."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


class _Bare(str):
    """A number as it stands in the file."""

    __slots__ = ()


def unit_text(unit: UnitData, ruleset: Ruleset, rules: str | None = None) -> str:
    """The unit as JSON in the ruleset's language; ``rules`` is how the file is to name its ruleset.

    For units whose values are all there.  Raises `NotWritable`.
    """
    items = {d.name: d for d in ruleset.data}
    shown: dict[str, Any] = {"unit": unit.name, "unit_type": unit.unit_type}
    shown |= {"level": unit.level} if unit.level is not None else {}
    shown["as_of"] = unit.as_of.isoformat()
    shown |= {"ruleset": rules} if rules is not None else {}
    shown["data"] = {n: _value(items[n], v) for n, v in unit.values.items() if n in items}
    column = 0 if ruleset.language == "zh" else 1
    tracks = {_TRACKS[t][column]: {n: _value(items[n], v) for n, v in given.items() if n in items} for t, given in unit.assessments.items()}
    shown |= {"assessments": tracks} if tracks else {}
    shown["evidence"] = [_piece(e, ruleset.language) for e in unit.evidence or ()]
    if ruleset.language == "zh":
        chinese = {english: name for name, english in KEYS.items()}
        shown = {chinese[k]: v for k, v in shown.items()}
    return _json(shown, 0) + "\n"


def _piece(piece: Any, language: Language) -> dict[str, Any]:
    found = {"kind": piece.kind}
    found |= {"issued_by": piece.issued_by} if piece.issued_by is not None else {}
    found |= {"issued_on": piece.issued_on.isoformat()} if piece.issued_on is not None else {}
    found |= {"copies": piece.copies} if piece.copies != 1 else {}
    return {_EVIDENCE[k]: v for k, v in found.items()} if language == "zh" else found


def _value(item: DataItem, value: Any) -> Any:
    if item.type.kind == "records":
        kinds = {f"column.{c.name}": (c.name, c.type) for c in item.columns}
        return [{kinds[k][0]: _single(item.name, kinds[k][1], v) for k, v in row.items()} for row in value]
    if isinstance(value, tuple):
        return [_single(item.name, item.type, v) for v in value]
    return _single(item.name, item.type, value)


def _single(name: str, kind: Type, value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        places = decimal_places(value)
        if places is None or places > _MOST_PLACES:
            raise NotWritable(name)
        return percent_text(value) if kind.share == "percent" else _Bare(exact_text(value))
    return value


def _json(value: Any, depth: int) -> str:
    """JSON with numbers as they are written, indented where a value holds others."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, Mapping):
        rows = [f"{inner}{json.dumps(k, ensure_ascii=False)}: {_json(v, depth + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{outer}}}" if rows else "{}"
    if isinstance(value, list):
        if all(not isinstance(v, (Mapping, list)) for v in value):
            return "[" + ", ".join(_json(v, depth) for v in value) + "]"
        rows = [f"{inner}{_json(v, depth + 1)}" for v in value]
        return "[\n" + ",\n".join(rows) + f"\n{outer}]"
    return str(value) if isinstance(value, _Bare) else json.dumps(value, ensure_ascii=False)
