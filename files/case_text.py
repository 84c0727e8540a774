"""Generated cases -> the text of a case file, every expectation to be confirmed by a person."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from ..dsl.model import Column, DataItem, Ruleset
from ..dsl.numbers import exact_text, percent_text
from ..engine.candidates import GeneratedCase, concerned
from ..engine.cases import Expected, observed
from ..engine.intake import TRACK_NAMES
from ..engine.record import Result
from ..engine.unit import Missing
from .unit_file import RawUnit

_HEAD = {
    "zh": "# 由 ruleeval test --generate 写出。期望是程序算出来的，不是人定的：\n# 逐个核对，认可后把 to_confirm 一行删去。\n",
    "en": "# Written by ruleeval test --generate.  What is expected was computed, not decided by anyone:\n"
    "# check each case, and take its line to_confirm away once you agree.\n",
}


def generated_text(ruleset: Ruleset, cases: Sequence[GeneratedCase], base: Result, raw: RawUnit, unit: str, note: str = "") -> str:
    """The text of a case file; ``unit`` is the path of the unit file as cases name it, ``note`` a comment above."""
    lines = [note, _HEAD[ruleset.language], "cases:\n"]
    for number, case in enumerate(cases, 1):
        expected = observed(case.result, base, concerned(ruleset, case.changed))
        lines += _case(ruleset, case, number, expected, raw, unit)
    return "".join(lines)


def _case(ruleset: Ruleset, case: GeneratedCase, number: int, expected: Expected, raw: RawUnit, unit: str) -> list[str]:
    lines = [f"  - name: {_text(f'{number} {_title(case)}')}\n", "    to_confirm: true\n", f"    unit: {_text(unit)}\n"]
    changes = _changes(ruleset, case, raw)
    if changes:
        lines.append(f"    changes: {_flow(changes)}\n")
    if case.changed.without:
        lines.append(f"    without_evidence: {_flow(list(case.changed.without))}\n")
    lines.append("    expected:\n")
    lines += [f"      {name}: {_flow(value)}\n" for name, value in expected.plain.items()]
    lines += [f"      {name}: {_flow(dict(facts))}\n" for name, facts in expected.by_code.items()]
    return lines


def _title(case: GeneratedCase) -> str:
    told = [*case.changed.values, *case.changed.out, *(case.changed.without or ())]
    return "、".join(told[:3]) + (" …" if len(told) > 3 else "")


def _changes(ruleset: Ruleset, case: GeneratedCase, raw: RawUnit) -> dict[str, Any]:
    items = {d.name: d for d in ruleset.data}
    data: dict[str, Any] = {}
    assessed: dict[str, Any] = {}
    for name, value in case.changed.values.items():
        (assessed if items[name].assessed else data)[name] = _raw(items[name], value)
    changes: dict[str, Any] = {raw.keys["data"]: data} if data else {}
    if assessed:
        changes[raw.keys["assessments"]] = {_track(ruleset, raw): assessed}
    if case.changed.out:
        track = ruleset.deciding_track
        changes["not_applicable"] = [{"code": c, "reason": "…", "confirmed_by": track} for c in case.changed.out]
    if case.changed.without is None:
        changes[raw.keys["evidence"]] = None
    return changes


def _track(ruleset: Ruleset, raw: RawUnit) -> str:
    """The deciding track as the unit file calls it."""
    given = raw.envelope.assessments if raw.envelope is not None else {}
    return next((name for name in given if TRACK_NAMES.get(name) == ruleset.deciding_track), ruleset.deciding_track)


class _Bare(str):
    """Text that stands in the file without quotes."""


def _raw(item: DataItem | Column, value: Any) -> Any:
    """A value as a unit file writes it."""
    if isinstance(value, Missing):
        return None
    if isinstance(value, tuple):
        return [_raw(item, v) for v in value]
    if isinstance(value, Mapping):
        columns = {f"column.{c.name}": c for c in item.columns} if isinstance(item, DataItem) else {}
        return {columns[key].name: _raw(columns[key], v) for key, v in value.items()}
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return percent_text(value) if item.type.share == "percent" else _Bare(exact_text(value))
    return value.isoformat() if isinstance(value, date) else value


def _flow(value: Any) -> str:
    """A value in one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(k))}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    if isinstance(value, _Bare):
        return str(value)
    return json.dumps(value, ensure_ascii=False) if value is None or isinstance(value, bool) else _text(str(value))


def _text(value: str) -> str:
    plain = value.replace("_", "").isalnum() and not value[:1].isdigit() and value.lower() not in ("null", "true", "false", "yes", "no")
    return value if plain else json.dumps(value, ensure_ascii=False)
