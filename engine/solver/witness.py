"""An answer of the solver as a unit, and the unit run through the engine.

No unit is shown unless the engine, which knows nothing of all this, came to what the
solver said.  Where it does not, that is a fault of ours, and raised as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import lcm
from typing import Any

import z3

from ...dsl.model import DataItem, EvidenceRule, Ruleset, Type
from ...dsl.numbers import Exact, simplest
from ..evaluate import evaluate
from ..evidence import documents_of
from ..record import Result
from ..unit import Entry, EvidenceItem, UnitData
from .ask import Possible
from .encoding import Encoding
from .lists import Cell
from .space import Space
from .terms import truth


class Disagreement(Exception):
    """The engine does not come to what the solver said: a fault of ruleeval itself."""


def facts_of(
    encodings: Sequence[Encoding], answer: Possible, keys: Iterable[str], alike: Sequence[Encoding] = ()
) -> dict[str, Any]:
    """What an answer says of some data, evidence and the unit itself, by key; what is fixed stays.

    What counts only by ratios is enlarged to whole numbers, for the units of ``alike`` by the same factor.
    """
    space = encodings[0].space
    factors = _factors([*encodings, *alike], answer)
    found: dict[str, Any] = {}
    for key in sorted(keys):
        if key in space.fixed:
            found[key] = space.fixed[key]
        elif key.startswith("data."):
            for encoding in encodings:
                item = encoding.ruleset.by_key.get(key)
                entry = _entry(encoding, item, answer, factors) if isinstance(item, DataItem) else None
                if entry is not None:
                    found[key] = entry
                    break
        elif key in space.terms:
            value = answer.value(space.terms[key])
            found[key] = value if key.startswith("document.") else next((w for w, n in space.words.items() if n == value), None)
    return found


def unit_with(rulesets: Sequence[Ruleset], facts: Mapping[str, Any], name: str, day: date) -> UnitData:
    """A unit with these facts by key: data, evidence that is there or not, type and level.

    Data without a fact get the first value of their range; evidence is there.
    """
    first = rulesets[0]
    assessed = {d.key for r in rulesets for d in r.data if d.assessed}
    values: dict[str, Entry] = {d.key: facts[d.key] if d.key in facts else some_value(d) for r in rulesets for d in r.data}
    mine = {k.removeprefix("data."): v for k, v in values.items() if k in assessed}
    absent = frozenset(k.removeprefix("document.") for k, v in facts.items() if k.startswith("document.") and v is False)
    return UnitData(
        name,
        facts.get("unit.type") or next((t for r in rulesets for t in r.applies), "单位" if first.language == "zh" else "unit"),
        day,
        facts.get("unit.level") or next((lv for r in rulesets for lv in r.unit_levels), None),
        values={k.removeprefix("data."): v for k, v in values.items() if k not in assessed},
        assessments=dict.fromkeys((r.deciding_track for r in rulesets), mine) if mine else {},
        evidence=tuple(_evidence(rulesets, day, absent)),
    )


def some_value(item: DataItem) -> Entry:
    """A value within an item's range."""
    match item.type.kind:
        case "yes_no":
            return False
        case "choice":
            return item.type.options[0]
        case "text":
            return "…"
        case "date":
            return date(2000, 1, 1)
        case "records":
            return ()
    number = item.low if item.low is not None else min(0, item.high) if item.high is not None else 0
    return (number,) * max(1, item.count_low) if item.type.kind == "numbers" else number


def run(ruleset: Ruleset, unit: UnitData) -> Result:
    """The unit's result.  Raises `Disagreement` where the engine finds an error in it."""
    result = evaluate(ruleset, unit)
    if result.state == "error":
        raise Disagreement("; ".join(d.code for d in result.diagnostics if d.is_error))
    return result


# ---- values ------------------------------------------------------------------------------------


def _factors(encodings: Sequence[Encoding], answer: Possible) -> dict[int, int]:
    """By how much each group of data that count only by their ratios is to be enlarged."""
    found: dict[int, int] = {}
    least: list[tuple[int, Exact, Exact]] = []
    for encoding in encodings:
        space = encoding.space
        for key, group in space.scaling.group_of.items():
            numbers = [answer.value(space.terms[key])] if key in space.terms else []
            numbers += [answer.value(c.count) for c in encoding.lists.cells.get(key, ())]
            for number in numbers:
                found[group] = lcm(found.get(group, 1), number.denominator)
            item = space.items.get(key)
            if item is not None and item.low and key in space.terms:
                least.append((group, numbers[0], item.low))
    for group, number, low in least:
        if 0 < number * found[group] < low:
            found[group] *= -int(-low // (number * found[group]))
    return found


def _entry(encoding: Encoding, item: DataItem, answer: Possible, factors: Mapping[int, int]) -> Entry | None:
    space = encoding.space
    factor = factors.get(space.scaling.group_of.get(item.key, -1), 1)
    if item.type.kind == "numbers":
        return _numbers(encoding, item, answer)
    if item.type.kind == "records":
        cells = encoding.lists.cells.get(item.key)
        return None if cells is None else _records(space, item, cells, answer, factor)
    if item.key not in space.terms:
        return None
    value = answer.value(space.terms[item.key])
    if item.type.kind == "number":
        return simplest(Fraction(value) * factor)
    entry: Entry = _single(space, item.type, value)
    return entry


def _single(space: Space, kind: Type, value: Any) -> Any:
    if kind.kind == "date":
        return date.fromordinal(int(value))
    if kind.kind in ("choice", "text"):
        return next((w for w, at in space.words.items() if at == value), "…")
    return value


def _numbers(encoding: Encoding, item: DataItem, answer: Possible) -> Entry | None:
    length = encoding.lists.lengths.get(item.key)
    if length is None:
        return None
    count = int(answer.value(length))
    kind, _, term = encoding.lists.amounts.get(item.key, ("", (0, 0), None))
    if term is None:
        return (item.low or 0,) * count
    value = answer.value(term)
    return (simplest(Fraction(value) / count) if kind == "sum" and count else value,) * count


def _records(space: Space, item: DataItem, cells: Sequence[Cell], answer: Possible, factor: int) -> Entry:
    rows: list[dict[str, Any]] = []
    kinds = {f"column.{c.name}": c.type for c in item.columns}
    for cell in cells:
        count = int(answer.value(cell.count) * factor)
        if not count:
            continue
        context = z3.Context()
        solver = z3.Solver(ctx=context)
        solver.add(*(truth(c).translate(context) for c in cell.constraints))
        solver.check()
        one = Possible(solver.model())
        rows += [{k: _single(space, kinds[k], one.value(t)) for k, t in cell.columns.items()}] * count
    return tuple(rows)


# ---- evidence ----------------------------------------------------------------------------------


def _evidence(rulesets: Sequence[Ruleset], day: date, absent: frozenset[str]) -> list[EvidenceItem]:
    """Evidence that meets every rule for its kind."""
    found: dict[EvidenceItem, None] = {}
    for ruleset in rulesets:
        for indicator in ruleset.by_code.values():
            for rule in indicator.evidence:
                found.update(dict.fromkeys(_meeting(rule, kind, day) for kind in rule.kinds if kind not in absent))
            for kind, good in documents_of(indicator).values():
                if kind in absent:
                    continue
                if good is not None:
                    found[_meeting(good, kind, day)] = None
                elif all(e.kind != kind for e in found):
                    found[EvidenceItem(kind)] = None
    return list(found)


def _meeting(rule: EvidenceRule, kind: str, day: date) -> EvidenceItem:
    dated = rule.valid_from is not None or rule.valid_to is not None or rule.within_months is not None or rule.within_days is not None
    issued = day
    if rule.valid_to is not None and issued > rule.valid_to:
        issued = rule.valid_to
    if rule.valid_from is not None and issued < rule.valid_from:
        issued = rule.valid_from
    if rule.within_days is not None and (day - issued).days > rule.within_days:
        issued = day - timedelta(days=rule.within_days)
    return EvidenceItem(kind, issued_by=rule.issued_by, issued_on=issued if dated else None, copies=rule.copies)
