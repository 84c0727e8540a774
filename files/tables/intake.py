"""A stretch of a table -> columns for a plan; rows that are not plain are left to be read one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import polars as pl

from ...dsl.diagnostics import Diagnostic
from ...dsl.model import DataItem, EvidenceRule, Parameter, Ruleset
from ...dsl.operations import NotApplicableReached, RuleFailure, Undecided, exactly
from ...dsl.substitute import references
from ...engine.columns.gather import MOST_PARTS, Gathered
from ...engine.columns.plans import asked_of
from ...engine.evaluate import entry_value, parameter_value
from ...engine.intake import Intake
from ...engine.program import program_of
from ...engine.unit import Track, UnitData
from .layout import Layout
from .plain import MOST_ROWS, PlainColumns, plain_columns
from .rows import LongRows, row_unit
from .values import Values, WrongType, copies, dates, values_of, words

_Array = np.ndarray[Any, Any]


class Unfit(Exception):
    """A table whose columns cannot hold what they should; ``found`` says which."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        self.found = tuple(found)
        super().__init__(", ".join(d.code for d in found))


@dataclass
class Stretch:
    """Some rows of a table: the frame, the places of its rows in the whole, and long records by unit."""

    frame: pl.DataFrame
    first: int = 0
    long: Mapping[str, LongRows] = field(default_factory=dict)


@dataclass
class TableIntake:
    """Reads stretches of one table for one ruleset and track."""

    ruleset: Ruleset
    layout: Layout
    track: Track
    together: int = MOST_ROWS
    """Rows up to which plain columns are taken together."""

    def __post_init__(self) -> None:
        self.asked = asked_of(self.ruleset)
        self.intake = Intake(self.ruleset)
        self.by_key = {d.key: d for d in self.ruleset.data}
        self.documents = program_of(self.ruleset).documents
        self._plain: dict[tuple[Any, ...], PlainColumns] = {}

    # ---- whole columns ----

    def gather(self, stretch: Stretch) -> Gathered:
        """The columns of the rows that are plain, the others ``open``.  Raises `Unfit`."""
        frame = stretch.frame
        count = len(frame)
        found: list[Diagnostic] = []
        made, extremes = self._plain_columns(frame).take(frame) if 0 < count <= self.together else ({}, {})
        later: list[str] = []
        for name in self.asked.inputs:
            if name in made:
                continue
            if name.startswith("each "):
                later.append(name)
                continue
            try:
                made[name] = self._column(name, frame)
            except WrongType as wrong:
                column = str(wrong) or name
                facts = {"name": column, "found": str(frame.schema.get(column, "")), "percent": "yes" if self._percent(name) else ""}
                found.append(Diagnostic("E992", (), {k: v for k, v in facts.items() if v}, source="table"))
            self.intake.found.clear()
        if found:
            raise Unfit(found)
        bad = np.zeros(count, np.bool_)
        for values in made.values():
            if values.bad is not None:
                bad |= values.bad
        bad |= self._claims(frame) | self._unfit(frame)
        made |= self._each(stretch, later, bad)
        good = None if not bad.any() else np.flatnonzero(~bad)
        columns = {n: v.array if good is None else v.array[good] for n, v in made.items()}
        extremes |= {n: v.ends for n, v in made.items() if v.ends is not None}
        scales = {n: v.scale for n, v in made.items() if not self.asked.inputs[n]}
        scales = self._agreed(columns, scales, extremes)
        places: Any = np.arange(count) if good is None else good
        return Gathered(count, columns, scales, places, np.flatnonzero(bad).tolist(), {}, extremes)

    def _plain_columns(self, frame: pl.DataFrame) -> PlainColumns:
        """The columns that can be taken together, found out once for frames of one schema."""
        key = tuple(frame.dtypes)
        if key not in self._plain:
            single = {}
            for name in self.asked.inputs:
                if name.startswith("met "):
                    _, code, index = name.split(" ")
                    rule = self.ruleset.by_code[code].evidence[int(index)]
                    if len(rule.kinds) == 1 and rule.copies == 1 and rule.need != "if_present" and not _dated(rule):
                        single[name] = rule.kinds[0]
                elif name in self.documents and self.documents[name][1] is None:
                    single[name] = self.documents[name][0]
            self._plain[key] = plain_columns(self.asked.inputs, self.by_key, single, self.layout, frame.schema)
        return self._plain[key]

    def _percent(self, name: str) -> bool:
        item = self.by_key.get(name)
        return item is not None and item.type.share == "percent"

    def _agreed(self, columns: dict[str, Any], scales: dict[str, int], extremes: dict[str, tuple[int, int]]) -> dict[str, int]:
        """Scales of which few different ones occur, so that few plans are made."""
        for name, expected in self.asked.scales.items():
            scale = scales.get(name, expected)
            if scale < expected and expected % scale == 0:
                columns[name], scales[name] = columns[name].astype(np.int64) * (expected // scale), expected
                extremes.pop(name, None)
        return scales

    def _column(self, name: str, frame: pl.DataFrame) -> Values:
        layout, count = self.layout, len(frame)
        if name == "as_of":
            return self._as_of(frame)
        if name in ("unit.type", "unit.level"):
            return self._identity(name.replace("unit.type", "unit_type").replace("unit.level", "level"), frame)
        if name.startswith("met "):
            _, code, index = name.split(" ")
            return self._met(self.ruleset.by_code[code].evidence[int(index)], frame)
        if name.startswith("document."):
            kind, rule = self.documents.get(name, (name.removeprefix("document."), None))
            return self._document(kind, rule, frame)
        declared = self.ruleset.by_key.get(name.removeprefix("there "))
        if isinstance(declared, Parameter):
            return self._parameter(declared, frame)
        assert isinstance(declared, DataItem)
        column = layout.items.get(declared.name)
        if column is None:
            if name.startswith("there "):
                return Values(np.full(count, fill_value=False), 1, np.full(count, declared.name in layout.long))
            return Values(self._nothing(name, count), 1, np.ones(count, np.bool_))
        series = frame[column.column]
        if name.startswith("there "):
            return Values((series.is_not_null() & (series.cast(pl.String, strict=False) != "").fill_null(value=True)).to_numpy())
        try:
            return values_of(series, declared, percent=column.percent, wanted=self.asked.wanted, intake=self.intake)
        except WrongType:
            raise WrongType(column.column) from None

    def _nothing(self, name: str, count: int) -> _Array:
        return np.zeros(count, np.bool_ if self.asked.inputs[name] else np.int64)

    # ---- who and when ----

    def _as_of(self, frame: pl.DataFrame) -> Values:
        column = self.layout.identity.get("as_of")
        if column is None:
            one = dates(pl.Series([self.layout.constants["as_of"]]), "as_of", self.intake)
            bad = None if one.bad is None or not one.bad.any() else np.ones(len(frame), np.bool_)
            return Values(np.full(len(frame), one.array[0]), 1, bad)
        try:
            return dates(frame[column], "as_of", self.intake)
        except WrongType:
            raise WrongType(column) from None

    def _unfit(self, frame: pl.DataFrame) -> _Array:
        """The rows of units that the ruleset is not meant for, or that do not say who they are."""
        ruleset, count = self.ruleset, len(frame)
        allowed = {
            "unit_type": ruleset.applies, "level": ruleset.unit_levels, "region": ruleset.regions, "unit": ruleset.units,
        }  # fmt: skip
        unfit = np.full(count, bool(ruleset.awaited))
        for key, known in allowed.items():
            column = self.layout.identity.get(key)
            if column is not None:
                unfit |= _wrong_words(frame[column], known, needed=key in ("unit", "unit_type"))
            elif known and key in self.layout.constants:
                unfit |= self.layout.constants[key] not in known
        days = self._as_of(frame)
        if days.bad is not None:
            unfit |= days.bad
        if ruleset.effective.start is not None:
            unfit |= days.array < ruleset.effective.start.toordinal()
        if ruleset.effective.end is not None:
            unfit |= days.array > ruleset.effective.end.toordinal()
        return unfit

    def _identity(self, key: str, frame: pl.DataFrame) -> Values:
        column = self.layout.identity.get(key)
        if column is not None:
            return words(frame[column], self.asked.wanted)
        known = self.layout.constants.get(key)
        if known is None:
            return Values(np.zeros(len(frame), np.int64), 1, np.ones(len(frame), np.bool_))
        return Values(np.full(len(frame), self.asked.wanted.word(known)))

    def _parameter(self, parameter: Parameter, frame: pl.DataFrame) -> Values:
        """A parameter by each row's day, every different day looked up once."""
        days = self._as_of(frame)
        different, places = np.unique(days.array, return_inverse=True)
        found = [parameter_value(parameter, UnitData("", "", date.fromordinal(int(d)))) for d in different]
        exact = [v if isinstance(v, (int, Fraction)) else None for v in found]
        scale = lcm(*(v.denominator for v in exact if v is not None))
        whole = np.array([0 if v is None else int(v * scale) for v in exact])
        unknown = np.array([v is None for v in exact])
        bad = unknown[places]
        return Values(whole[places], scale, np.logical_or(bad, days.bad) if days.bad is not None else bad if bad.any() else None)

    # ---- evidence ----

    def _copies(self, kind: str, frame: pl.DataFrame) -> Values:
        column = self.layout.documents.get(kind)
        if column is None:  # no list of evidence, or one in a table of its own
            return Values(np.zeros(len(frame), np.int64), 1, np.ones(len(frame), np.bool_))
        try:
            return copies(frame[column], self.intake)
        except WrongType:
            raise WrongType(column) from None

    def _met(self, rule: EvidenceRule, frame: pl.DataFrame) -> Values:
        """Whether a rule is met by documents of which only the number of copies is known."""
        found = [self._copies(kind, frame) for kind in rule.kinds]
        bad, dated = _any([v.bad for v in found]), _dated(rule)
        if dated and rule.need != "if_present":
            return Values(np.zeros(len(frame), np.bool_), 1, bad)
        good = [_at_least(v.array, rule.copies) for v in found] if not dated else []
        if rule.need == "if_present":
            absent = [np.logical_not(_at_least(v.array, 1)) for v in found]
            good = [np.logical_or(a, g) for a, g in zip(absent, good, strict=True)] if good else absent
        join = np.logical_or if rule.need == "any" else np.logical_and
        met = good[0]
        for one in good[1:]:
            met = join(met, one)
        return Values(met, 1, bad)

    def _document(self, kind: str, rule: EvidenceRule | None, frame: pl.DataFrame) -> Values:
        found = self._copies(kind, frame)
        if rule is None:
            return Values(_at_least(found.array, 1), 1, found.bad)
        if _dated(rule):
            return Values(np.zeros(len(frame), np.bool_), 1, found.bad)
        return Values(_at_least(found.array, rule.copies), 1, found.bad)

    def _claims(self, frame: pl.DataFrame) -> _Array:
        """The rows that claim that something does not apply."""
        claimed = np.zeros(len(frame), np.bool_)
        for column in self.layout.claims.values():
            series = frame[column]
            claimed |= (series.is_not_null() & (series.cast(pl.String, strict=False) != "").fill_null(value=True)).to_numpy()
        return claimed

    # ---- unit by unit ----

    def _each(self, stretch: Stretch, names: Sequence[str], bad: _Array) -> dict[str, Values]:
        """Expressions that columns have no operation for, worked out exactly for every row."""
        made: dict[str, Values] = {}
        for expression, name in self.asked.wanted.each.items():
            if name not in names:
                continue
            values, fails, out, open_rows = self._worked_out(expression, stretch, bad)
            scale = lcm(*{v.denominator for v in values})
            if scale > MOST_PARTS:
                open_rows = open_rows | np.array([v.denominator > 1 for v in values])
                values, scale = [v if v.denominator == 1 else 0 for v in values], 1
            whole = [int(v * scale) for v in values]
            try:
                array = np.array(whole, np.int64)
            except OverflowError:
                array = np.array(whole, np.object_)
            bad |= open_rows
            made[name] = Values(array, scale)
            made[f"{name} fails"], made[f"{name} out"] = Values(fails), Values(out)
        return made

    def _worked_out(self, expression: Any, stretch: Stretch, bad: _Array) -> tuple[list[Any], _Array, _Array, _Array]:
        count = len(stretch.frame)
        function = exactly(expression)
        keys = tuple(dict.fromkeys(references(expression)))
        values: list[Any] = [0] * count
        fails, out, open_rows = (np.zeros(count, np.bool_) for _ in range(3))
        for row, environment in self._environments(stretch, keys, bad):
            if environment is None:
                open_rows[row] = True
                continue
            try:
                found = function(environment)
                if isinstance(found, (int, Fraction)) and found.denominator <= MOST_PARTS:
                    values[row] = int(found) if isinstance(found, bool) else found
                else:
                    open_rows[row] = True
            except RuleFailure:
                fails[row] = True
            except NotApplicableReached:
                out[row] = True
            except Undecided:
                open_rows[row] = True
        return values, fails, out, open_rows

    def _environments(self, stretch: Stretch, keys: Sequence[str], bad: _Array) -> Iterable[tuple[int, dict[str, Any] | None]]:
        """What an expression needs of each row that is not bad yet; ``None`` where something is not plain."""
        items = [self.by_key[k] for k in keys if k in self.by_key]
        columns = [self.layout.items[i.name].column for i in items if i.name in self.layout.items]
        part = stretch.frame.select(list(dict.fromkeys([*columns, *self.layout.identity.values()])))
        only = Layout(
            self.layout.identity, self.layout.constants, {i.name: self.layout.items[i.name] for i in items if i.name in self.layout.items},
            {}, {}, {}, self.layout.long,
        )  # fmt: skip
        wanted_long = {i.name for i in items} & self.layout.long
        if any(k.startswith("document.") for k in keys):
            yield from ((row, None) for row in range(len(part)))
            return
        for row, cells in enumerate(part.iter_rows(named=True)):
            if bad[row]:
                continue
            long = {n: r for n, r in self._long(stretch, cells).items() if n in wanted_long}
            unit, found = row_unit(cells, only, self.ruleset, self.track, {**dict.fromkeys(wanted_long, ()), **long})
            if unit is None or found:
                yield row, None
                continue
            yield row, _environment(keys, self.by_key, unit, self.track, self.ruleset)

    def _long(self, stretch: Stretch, cells: Mapping[str, Any]) -> LongRows:
        return stretch.long.get(str(cells.get(self.layout.identity.get("unit", ""), "")), {})

    # ---- one row ----

    def unit(self, stretch: Stretch, row: int) -> tuple[UnitData | None, tuple[Diagnostic, ...]]:
        """One row read as a unit file is."""
        cells = stretch.frame.row(row, named=True)
        return row_unit(cells, self.layout, self.ruleset, self.track, self._long_of(stretch, cells))

    def _long_of(self, stretch: Stretch, cells: Mapping[str, Any]) -> LongRows:
        found = self._long(stretch, cells)
        return {**{n: () for n in self.layout.long if n != "evidence"}, **found}


def _environment(keys: Sequence[str], by_key: Mapping[str, DataItem], unit: UnitData, track: Track, ruleset: Ruleset) -> dict[str, Any] | None:
    environment: dict[str, Any] = {"as_of": unit.as_of, "unit.type": unit.unit_type, "unit.level": unit.level}
    for key in keys:
        item = by_key.get(key)
        if item is not None:
            entries = unit.assessments.get(track, {}) if item.assessed else unit.values
            entry = entries.get(item.name)
            if entry is None or (not isinstance(entry, (int, Fraction, str, tuple)) and not hasattr(entry, "toordinal")):
                return None
            environment[key] = entry_value(item, entry, unit, ruleset)
        elif isinstance(parameter := ruleset.by_key.get(key), Parameter):
            environment[key] = parameter_value(parameter, unit)
        elif key == "unit.level" and unit.level is None:
            return None
    return environment


def _wrong_words(series: pl.Series, known: Sequence[str], *, needed: bool) -> _Array:
    """Where a text is not among those that are known, or not there although it is needed."""
    if len(series) <= MOST_ROWS:  # a few calls of Python's own cost less than one of polars
        there = [v is not None and bool(str(v).strip()) for v in series.to_list()]
        wrong = [t and bool(known) and str(v) not in known for v, t in zip(series.to_list(), there, strict=True)]
        return np.array([w or (needed and not t) for w, t in zip(wrong, there, strict=True)], np.bool_)
    texts = series.cast(pl.String, strict=False)
    filled = (texts.str.strip_chars() != "").fill_null(value=False)
    found = (filled & ~texts.is_in(list(known))).fill_null(value=True) if known else pl.Series([False]).new_from_index(0, len(series))
    return (found | ~filled if needed else found).to_numpy()


def _dated(rule: EvidenceRule) -> bool:
    """Whether a document of which only copies are told cannot count by a rule."""
    return any(e is not None for e in (rule.valid_from, rule.within_months, rule.within_days, rule.issued_by))


def _at_least(array: _Array, copies_asked: int) -> _Array:
    return array if array.dtype == np.bool_ and copies_asked == 1 else array >= copies_asked


def _any(masks: Iterable[_Array | None]) -> _Array | None:
    found: _Array | None = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else np.logical_or(found, mask)
    return found


__all__ = ["Stretch", "TableIntake", "Unfit"]
