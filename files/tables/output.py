"""Outcomes -> a table: exact decimals where a scale is finite, else numerator, denominator and display.

The columns of a ruleset's table are the same for all its units, whatever their states.
What is sparse (states, bounds of indicators, a score that does not fit its decimals) is
JSON in a column of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from ...dsl.columns.fractions import Number
from ...dsl.diagnostics import Diagnostic
from ...dsl.model import Indicator, Ruleset
from ...dsl.numbers import Exact, divide, exact_text, round_to
from ...engine.columns.results import Group, Outcome, Outcomes, outcome_of

_Array = np.ndarray[Any, Any]
#: Decimal places of what is shown of a fraction without end.
SHOWN = 6
_DIGITS = 18
_MOST = 1 << 62


@dataclass(frozen=True)
class Quantity:
    """A number of the table: its column, its name among a plan's numbers, its decimal places.

    Without ``places`` the number is three columns: what is shown of it (rounded half up to
    six places), its numerator and its denominator in lowest terms.
    """

    column: str
    name: str
    places: int | None


RATE = Quantity("rate", "", None)


@dataclass(frozen=True)
class Shape:
    """The columns of the table of one ruleset."""

    ruleset: Ruleset
    levels: int
    identity: tuple[str, ...]

    @cached_property
    def scores(self) -> tuple[Quantity, ...]:
        """Scores by indicator, down to the level that is wanted, and what bonuses and deductions come to."""
        found = [
            Quantity(i.code, f"score {i.code}", places_of(self.ruleset, i)) for i in self.ruleset.indicators if i.level <= self.levels
        ]
        found += [
            Quantity(a.indicator.code, f"amount {a.indicator.code}", places_of(self.ruleset, a.indicator)) for a in self.ruleset.adjustments
        ]
        found += [
            Quantity(f"subtotal {s.name}", f"subtotal {s.name}", _together([places_of(self.ruleset, self.ruleset.by_code[c]) for c in s.codes]))
            for s in self.ruleset.subtotals
        ]
        return tuple(found)

    @cached_property
    def total(self) -> Quantity:
        return Quantity("score", "total", total_places(self.ruleset))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The numbers of a plan that the table needs."""
        grades = ["grade", *(f"grade {s.name}" for s in self.ruleset.subtotals)]
        return ("total", "before_veto", *(q.name for q in self.scores), *grades)

    @cached_property
    def schema(self) -> pa.Schema:
        fields = [pa.field("row", pa.int64()), *(pa.field(n, pa.string()) for n in self.identity), pa.field("state", pa.string())]
        fields += _fields(self.total)
        fields += [f for end in ("score_low", "score_high") for f in _fields(Quantity(end, "", self.total.places))]
        fields += [pa.field("bounds_reached", pa.bool_()), *_fields(Quantity("score_before_veto", "", self.total.places))]
        fields += [*_fields(RATE), pa.field("grade", pa.string()), pa.field("grades_possible", pa.string())]
        fields += [pa.field(f"grade {s.name}", pa.string()) for s in self.ruleset.subtotals]
        fields += [pa.field(n, pa.string()) for n in ("vetoes", "vetoes_open", "not_scored_because", "codes", "waiting")]
        for quantity in self.scores:
            fields += _fields(quantity)
        fields += [pa.field(n, pa.string()) for n in ("states", "bounds", "exact")]
        return pa.schema(fields)


def _fields(quantity: Quantity) -> list[pa.Field]:
    if quantity.places is not None:
        return [pa.field(quantity.column, pa.decimal128(_DIGITS, quantity.places))]
    parts = [pa.field(quantity.column + end, pa.int64()) for end in ("_numerator", "_denominator")]
    return [pa.field(quantity.column, pa.decimal128(_DIGITS, SHOWN)), *parts]


# ---- decimal places ---------------------------------------------------------------------


def places_of(ruleset: Ruleset, indicator: Indicator) -> int | None:
    """The decimal places of an indicator's scores; ``None`` where there may be no end of them."""
    if indicator.rounding is not None:
        return max(0, indicator.rounding.places)
    if not indicator.children:
        last = indicator.steps[-1] if indicator.steps else None
        places = getattr(last.expression, "places", None) if last is not None and last.name == "rounded" else None
        return None if places is None else max(0, places)
    children = [ruleset.by_code[c] for c in indicator.children]
    shared = any(c.not_applicable is not None and c.not_applicable.kind in ("rescale", "spread") for c in children)
    if indicator.combine != "sum" or shared or indicator.ceiling is not None or indicator.floor is not None:
        return None
    return _together([places_of(ruleset, c) for c in children], [a.indicator for a in ruleset.adjustments if a.taken_from == indicator.code])


def total_places(ruleset: Ruleset) -> int | None:
    rounding = ruleset.roundings.get("total")
    if rounding is not None:
        return max(0, rounding.places)
    if any(i.not_applicable is not None for i in ruleset.indicators):
        return None
    return _together([places_of(ruleset, r) for r in ruleset.roots], [a.indicator for a in ruleset.adjustments])


def _together(places: Sequence[int | None], others: Sequence[Indicator] = ()) -> int | None:
    found = list(places)
    for other in others:
        last = other.steps[-1] if other.steps else None
        found.append(getattr(last.expression, "places", None) if last is not None and last.name == "rounded" else None)
    if any(p is None for p in found):
        return None
    return max((p for p in found if p is not None), default=0)


# ---- rows -------------------------------------------------------------------------------


@dataclass
class Rows:
    """The outcomes of one stretch: carried groups, exact results and invalid rows, by place."""

    outcomes: Outcomes
    invalid: Mapping[int, Sequence[Diagnostic]] = field(default_factory=dict)
    warnings: Mapping[int, Sequence[Diagnostic]] = field(default_factory=dict)


def table_of(shape: Shape, rows: Rows, identity: Mapping[str, Sequence[str | None]], numbers: Sequence[int]) -> pa.Table:
    """The table of a stretch; ``numbers`` are the row numbers, from 1."""
    made = _Columns(shape, len(numbers))
    for group in rows.outcomes.groups:
        made.group(group)
    for place, result in rows.outcomes.exact.items():
        made.row(place, outcome_of(result), [d.code for d in rows.warnings.get(place, ())])
    for place, found in rows.invalid.items():
        made.invalid(place, [d.code for d in found])
    columns: list[Any] = [pa.array(numbers, pa.int64()), *(pa.array(identity[n], pa.string()) for n in shape.identity)]
    columns += made.arrays()
    return pa.Table.from_arrays(columns, schema=shape.schema)


class _Columns:
    """Fills the columns of one stretch, by groups and row by row."""

    def __init__(self, shape: Shape, count: int) -> None:
        self.shape, self.count = shape, count
        self.texts: dict[str, _Array] = {}
        self.wholes: dict[str, tuple[_Array, _Array]] = {}
        self.reached = np.zeros(count, np.int8) - 1
        self.exact: dict[int, dict[str, str]] = {}
        self.full = shape.ruleset.full_score

    def text(self, column: str) -> _Array:
        if column not in self.texts:
            self.texts[column] = np.full(self.count, None, np.object_)
        return self.texts[column]

    def whole(self, column: str) -> tuple[_Array, _Array]:
        """The whole numbers of a column (those of a decimal in its parts), and where there is one."""
        if column not in self.wholes:
            self.wholes[column] = np.zeros(self.count, np.int64), np.zeros(self.count, np.bool_)
        return self.wholes[column]

    # ---- units that columns carried ----

    def group(self, group: Group) -> None:
        places = np.asarray(group.places)
        shown = self._states(group, places)
        plan = group.plan
        score = plan.numbers["total"]
        self._numbers(self.shape.total, score, group, places, shown)
        self._numbers(Quantity("score_before_veto", "", self.shape.total.places), plan.numbers["before_veto"], group, places, shown)
        self._rates(group, places, shown)
        if "grade" in plan.numbers:
            self._grades("grade", group.grade_names, plan.numbers["grade"], group, places, shown)
            self.text("grades_possible")[places] = self.text("grade")[places]
        for subtotal in self.shape.ruleset.subtotals:
            name, scale = f"grade {subtotal.name}", self.shape.ruleset.scale(subtotal.name)
            if name in plan.numbers and scale is not None:
                self._grades(name, scale.grades, plan.numbers[name], group, places, np.ones(len(places), np.bool_))
        self._vetoes(group, places)
        everyone = np.ones(len(places), np.bool_)
        for quantity in self.shape.scores:
            number = plan.numbers.get(quantity.name)
            if number is not None:
                self._numbers(quantity, number, group, places, everyone)
        if plan.states:
            self.text("states")[places] = json.dumps(dict(plan.states), ensure_ascii=False)

    def _states(self, group: Group, places: _Array) -> _Array:
        """Write states, codes and words; where scores are shown."""
        plan, ruleset = group.plan, group.plan.ruleset
        state = np.full(len(places), "withheld" if group.withheld else "decided", np.object_)
        codes = np.full(len(places), None, np.object_)
        word = np.full(len(places), None, np.object_)
        held = [(r, np.asarray(group.values[plan.truths[f"unscored {i}"]], np.bool_)) for i, r in enumerate(ruleset.unscored)]
        for rule, holds in reversed(held):
            word[holds], state[holds] = rule.word, "unscored"
        for index, check in enumerate(ruleset.reconciliations):
            broken = np.flatnonzero(np.asarray(group.values[plan.truths[f"reconcile {index}"]], np.bool_))
            for row in broken:
                codes[row] = ";".join(filter(None, (codes[row], "E730" if check.is_error else "W730")))
            if check.is_error:
                state[broken] = "error"
        if group.withheld:
            codes[:] = ["W731" if c is None else f"{c};W731" for c in codes]
        self.text("state")[places], self.text("codes")[places], self.text("not_scored_because")[places] = state, codes, word
        shown: _Array = state == "decided"
        return shown

    def _numbers(self, quantity: Quantity, number: Number, group: Group, places: _Array, shown: _Array) -> None:
        top = np.asarray(group.values[number.top])
        bottom = None if number.bottom is None else np.asarray(group.values[number.bottom])
        if quantity.places is not None and bottom is None and (10**quantity.places * number.numerator) % number.denominator == 0:
            factor = 10**quantity.places * number.numerator // number.denominator
            if _largest(top) * abs(factor) < 10**15:
                self._fill(quantity.column, places, top.astype(np.int64) * factor, shown)
                return
        if quantity.places is None and self._fractions(quantity, number, top, bottom, places, shown):
            return
        for index in np.flatnonzero(shown).tolist():
            self._put(int(places[index]), quantity, _value(number, top, bottom, index))

    def _fill(self, column: str, places: _Array, values: _Array, shown: _Array) -> None:
        if len(places) == self.count and column not in self.wholes:
            self.wholes[column] = values, shown
            return
        whole, there = self.whole(column)
        whole[places], there[places] = values, shown

    def _fractions(self, quantity: Quantity, number: Number, top: _Array, bottom: _Array | None, places: _Array, shown: _Array) -> bool:
        """Write display, numerator and denominator; whether their sizes allow it."""
        largest = max(_largest(top) * abs(number.numerator), 1) * 2 * 10**SHOWN
        lowest = number.denominator * (1 if bottom is None else _largest(bottom))
        if largest + 2 * lowest >= _MOST or 2 * lowest >= _MOST:
            return False
        tops = top.astype(np.int64) * number.numerator
        bottoms = np.full(len(tops), number.denominator, np.int64) if bottom is None else bottom.astype(np.int64) * number.denominator
        size = np.abs(tops)
        display = (2 * 10**SHOWN * size + bottoms) // (2 * bottoms)
        shared = np.gcd(size, bottoms)
        self._fill(quantity.column, places, np.where(tops < 0, -display, display), shown)
        self._fill(f"{quantity.column}_numerator", places, tops // shared, shown)
        self._fill(f"{quantity.column}_denominator", places, bottoms // shared, shown)
        return True

    def _rates(self, group: Group, places: _Array, shown: _Array) -> None:
        """Score over full score."""
        score, full = group.plan.numbers["total"], self.full
        factor = divide(score.numerator * full.denominator, score.denominator * full.numerator)
        self._numbers(RATE, replace(score, numerator=factor.numerator, denominator=factor.denominator), group, places, shown)

    def _grades(self, column: str, names: Sequence[str], number: Number, group: Group, places: _Array, shown: _Array) -> None:
        top = np.asarray(group.values[number.top]).astype(np.int64)
        index = top * number.numerator // number.denominator
        written = np.array([*names, None], np.object_)
        self.text(column)[places] = written[np.where(shown, index, len(names))]

    def _vetoes(self, group: Group, places: _Array) -> None:
        column = self.text("vetoes")
        for veto in self.shape.ruleset.vetoes:
            for index in np.flatnonzero(group.values[group.plan.truths[f"veto {veto.code}"]]):
                place = int(places[index])
                column[place] = veto.code if column[place] is None else f"{column[place]};{veto.code}"

    # ---- one row ----

    def row(self, place: int, outcome: Outcome, warnings: Sequence[str]) -> None:
        total = self.shape.total
        self._put(place, total, outcome.score)
        if outcome.bounds is not None:
            self._put(place, Quantity("score_low", "", total.places), outcome.bounds.low)
            self._put(place, Quantity("score_high", "", total.places), outcome.bounds.high)
            self.reached[place] = outcome.bounds.tight
        self._put(place, Quantity("score_before_veto", "", total.places), outcome.before_veto)
        self._rate(place, outcome.score)
        for column, text in (
            ("state", outcome.state), ("grade", outcome.grade), ("grades_possible", ";".join(outcome.grades) or None),
            ("vetoes", ";".join(outcome.vetoes) or None), ("vetoes_open", ";".join(outcome.open_vetoes) or None),
            ("not_scored_because", outcome.word), ("codes", ";".join([*warnings, *outcome.codes]) or None),
            ("waiting", ";".join(sorted(outcome.waiting)) or None),
        ):  # fmt: skip
            self.text(column)[place] = text
        for name, found in outcome.subtotals.items():
            self.text(f"grade {name}")[place] = found.grades[0] if len(found.grades) == 1 else None
        bounds: dict[str, list[str]] = {}
        for quantity in self.shape.scores:
            self._score(place, quantity, outcome, bounds)
        if outcome.states:
            self.text("states")[place] = json.dumps(dict(outcome.states), ensure_ascii=False)
        if bounds:
            self.text("bounds")[place] = json.dumps(bounds, ensure_ascii=False)

    def _score(self, place: int, quantity: Quantity, outcome: Outcome, bounds: dict[str, list[str]]) -> None:
        kind, _, name = quantity.name.partition(" ")
        if kind == "score":
            self._put(place, quantity, outcome.scores[name])
            if name in outcome.indicator_bounds:
                limits = outcome.indicator_bounds[name]
                bounds[name] = [exact_text(limits.low), exact_text(limits.high)]
            return
        low, high = outcome.amounts[name] if kind == "amount" else (outcome.subtotals[name].low, outcome.subtotals[name].high)
        if low == high:
            self._put(place, quantity, low)
        else:
            bounds[quantity.column] = [exact_text(low), exact_text(high)]

    def invalid(self, place: int, codes: Sequence[str]) -> None:
        self.text("state")[place], self.text("codes")[place] = "invalid", ";".join(dict.fromkeys(codes))

    def _put(self, place: int, quantity: Quantity, value: Exact | None) -> None:
        """One exact number; one that its columns cannot hold is told in ``exact``."""
        if value is None:
            return
        told = [(quantity.column, value, quantity.places if quantity.places is not None else SHOWN)]
        if quantity.places is None:
            told[0] = (quantity.column, round_to(value, SHOWN, "half_up"), SHOWN)
            told += [(f"{quantity.column}_numerator", value.numerator, 0), (f"{quantity.column}_denominator", value.denominator, 0)]
        scaled = [(column, part * 10**places) for column, part, places in told]
        if all(part.denominator == 1 and abs(part) < 10**_DIGITS for _, part in scaled):
            for column, part in scaled:
                whole, there = self.whole(column)
                whole[place], there[place] = int(part), True
        else:
            self.exact.setdefault(place, {})[quantity.column] = exact_text(value)

    def _rate(self, place: int, score: Exact | None) -> None:
        self._put(place, RATE, None if score is None else divide(score, self.full))

    # ---- arrays ----

    def arrays(self) -> list[Any]:
        for place, told in self.exact.items():
            self.text("exact")[place] = json.dumps(told, ensure_ascii=False)
        found = []
        for one in list(self.shape.schema)[1 + len(self.shape.identity) :]:
            if one.name == "bounds_reached":
                found.append(pa.array(self.reached == 1, pa.bool_(), mask=self.reached < 0))
            elif pa.types.is_decimal(one.type):
                found.append(_decimals(one.type, *self.whole(one.name)))
            elif pa.types.is_int64(one.type):
                whole, there = self.whole(one.name)
                found.append(pa.array(whole, pa.int64(), mask=None if there.all() else ~there))
            elif one.name in self.texts:
                found.append(pa.array(self.texts[one.name], pa.string(), from_pandas=False))
            else:
                found.append(pa.nulls(self.count, pa.string()))
        return found


def _value(number: Number, top: _Array, bottom: _Array | None, index: int) -> Exact:
    return divide(number.numerator * int(top[index]), number.denominator * (1 if bottom is None else int(bottom[index])))


def _largest(column: _Array) -> int:
    return int(np.abs(column).max()) if len(column) else 0


def _decimals(kind: pa.DataType, whole: _Array, there: _Array) -> pa.Array:
    """Whole numbers in hundredths, thousandths … as a decimal column."""
    words = np.empty((len(whole), 2), np.int64)
    words[:, 0], words[:, 1] = whole, whole >> 63
    mask = None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little").tobytes())
    return pa.Array.from_buffers(kind, len(whole), [mask, pa.py_buffer(words)])


