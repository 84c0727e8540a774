"""Units -> columns: what a plan asks for, as whole numbers, words by number and yes/no.

A unit with a value that is not simply there (missing, in dispute, not due, not applicable),
or that is not what its declaration says, is *open*: it is left to the exact engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from ...dsl.model import DataItem, Parameter, Ruleset
from ...dsl.numbers import Exact
from ...dsl.operations import NotApplicableReached, RuleFailure, Undecided, exactly
from ...dsl.substitute import references
from .. import evidence as evidence_of
from ..evaluate import entry_value, parameter_value
from ..unit import Missing, Track, UnitData
from .plans import Asked, asked_of
from .reader import Wanted

#: Parts of one that a column of numbers may be handed in in; finer values are left to the exact engine.
MOST_PARTS = 10**18


class Open(Exception):
    """A unit with something that a column cannot hold."""


@dataclass
class Gathered:
    """Columns of ``count`` units by input name; ``open`` are the places of units left out of
    every column, ``places`` those of the units that the columns hold, in order; ``extremes``
    the least and the greatest of columns, where whoever made them has seen that."""

    count: int
    columns: dict[str, Any]
    scales: dict[str, int]
    places: Sequence[int]
    open: list[int] = field(default_factory=list)
    claims: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    extremes: Mapping[str, tuple[int, int]] = field(default_factory=dict)


def gather(ruleset: Ruleset, units: Sequence[UnitData], track: Track) -> Gathered:
    """The columns of some units on one track."""
    asked = asked_of(ruleset)
    each: dict[str, _Each] = {}
    readers = [_reader(ruleset, asked, name, track, each) for name in asked.inputs]
    rows: list[list[Any]] = []
    open_units: list[int] = []
    places: list[int] = []
    for place, unit in enumerate(units):
        try:
            rows.append([read(unit) for read in readers])
            places.append(place)
        except Open:
            open_units.append(place)
    columns: dict[str, Any] = {}
    scales: dict[str, int] = {}
    raw = list(zip(*rows, strict=True)) if rows else [()] * len(readers)
    for (name, truth), values in zip(asked.inputs.items(), raw, strict=True):
        columns[name] = values
        if not truth:
            scale = lcm(asked.scales.get(name, 1), *(v.denominator for v in values))
            scales[name] = scale
            columns[name] = [int(v * scale) for v in values] if scale != 1 else list(values)
    claims = {p: units[p].not_applicable for p in places if units[p].not_applicable}
    return Gathered(len(units), columns, scales, places, open_units, claims)


# ---- one input of one unit --------------------------------------------------------------


def _reader(ruleset: Ruleset, asked: Asked, name: str, track: Track, each: dict[str, _Each]) -> Callable[[UnitData], Any]:
    if name == "as_of":
        return lambda unit: unit.as_of.toordinal()
    if name == "unit.type":
        return lambda unit: asked.wanted.word(unit.unit_type)
    if name == "unit.level":
        return lambda unit: asked.wanted.word(_there(unit.level))
    if name.startswith("met "):
        return _evidence(ruleset, name)
    if name.startswith("document."):
        return _document(ruleset, name)
    if name.startswith("each "):
        base, _, what = name.removeprefix("each ").partition(" ")
        one = each.setdefault(base, _Each(ruleset, asked, f"each {base}", track))
        part = ("", "fails", "out").index(what)
        return lambda unit: one.of(unit)[part]
    present = name.startswith("there ")
    declared = ruleset.by_key.get(name.removeprefix("there "))
    match declared:
        case Parameter():
            return lambda unit: _number(parameter_value(declared, unit))
        case DataItem():
            entry = _entry(declared, track)
            if present:
                return lambda unit: _is_there(declared, entry(unit))
            return lambda unit: _plain(declared, entry(unit), asked.wanted)
    raise KeyError(name)


def _there(value: Any) -> Any:
    if value is None:
        raise Open
    return value


def _entry(item: DataItem, track: Track) -> Callable[[UnitData], Any]:
    name = item.name
    if item.assessed:
        return lambda unit: unit.assessments.get(track, {}).get(name, Missing())
    return lambda unit: unit.values.get(name, Missing())


def _is_there(item: DataItem, entry: Any) -> bool:
    return isinstance(entry, (int, Fraction, str, date, tuple))


def _number(value: Any) -> Exact:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)) or value.denominator > MOST_PARTS:
        raise Open
    return value


def _plain(item: DataItem, entry: Any, wanted: Wanted) -> Any:
    match item.type.kind:
        case "number":
            number = _number(entry)
            if (item.low is not None and number < item.low) or (item.high is not None and number > item.high):
                raise Open
            return number
        case "yes_no" if isinstance(entry, bool):
            return entry
        case "choice" | "text" if isinstance(entry, str):
            return wanted.word(entry)
        case "date" if isinstance(entry, date):
            return entry.toordinal()
    raise Open


# ---- evidence ---------------------------------------------------------------------------


def _evidence(ruleset: Ruleset, name: str) -> Callable[[UnitData], bool]:
    _, code, index = name.split(" ")
    rule = ruleset.by_code[code].evidence[int(index)]

    def met(unit: UnitData) -> bool:
        status = evidence_of.status(rule, unit)
        if not status.known and not status.met:
            raise Open
        return status.met

    return met


def _document(ruleset: Ruleset, name: str) -> Callable[[UnitData], bool]:
    found = {k: d for i in ruleset.by_code.values() for k, d in evidence_of.documents_of(i).items()}
    kind, rule = found.get(name, (name.removeprefix("document."), None))

    def there(unit: UnitData) -> bool:
        if unit.evidence is None:
            raise Open
        if rule is not None:
            return evidence_of.is_good(rule, kind, unit)
        return any(e.kind == kind for e in unit.evidence)

    return there


# ---- unit by unit -------------------------------------------------------------------------


class _Each:
    """An expression worked out exactly for one unit after the other."""

    def __init__(self, ruleset: Ruleset, asked: Asked, name: str, track: Track) -> None:
        expression = next(e for e, n in asked.wanted.each.items() if n == name)
        self.function = exactly(expression)
        self.keys = tuple(dict.fromkeys(references(expression)))
        self.ruleset, self.track = ruleset, track
        self.last: tuple[UnitData | None, tuple[Any, bool, bool]] = None, (0, False, False)

    def of(self, unit: UnitData) -> tuple[Any, bool, bool]:
        """The value, whether it fails, whether it is out."""
        if self.last[0] is not unit:
            self.last = unit, self._worked_out(_environment(self.ruleset, unit, self.track, self.keys))
        return self.last[1]

    def _worked_out(self, environment: Mapping[str, Any]) -> tuple[Any, bool, bool]:
        try:
            return _number(self.function(environment)), False, False
        except RuleFailure:
            return 0, True, False
        except NotApplicableReached:
            return 0, False, True
        except Undecided as undecided:
            raise Open from undecided


def _environment(ruleset: Ruleset, unit: UnitData, track: Track, keys: Sequence[str]) -> dict[str, Any]:
    environment: dict[str, Any] = {"as_of": unit.as_of, "unit.type": unit.unit_type}
    for key in keys:
        match ruleset.by_key.get(key):
            case DataItem() as item:
                environment[key] = entry_value(item, _entry(item, track)(unit), unit, ruleset)
            case Parameter() as parameter:
                environment[key] = parameter_value(parameter, unit)
            case _ if key.startswith("document."):
                environment[key] = _document(ruleset, key)(unit)
            case _ if key == "unit.level":
                environment[key] = _there(unit.level)
    return environment


__all__ = ["Gathered", "gather"]
