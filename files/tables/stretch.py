"""A stretch of units from rows to results: columns first, then every row that is left, one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from ...dsl.diagnostics import Diagnostic
from ...dsl.model import Ruleset
from ...engine.columns.gather import gather
from ...engine.columns.results import Outcomes
from ...engine.columns.run import carry
from ...engine.evaluate import evaluate
from ...engine.unit import Track, UnitData
from ..unit_file import RawUnit, unit_data
from .intake import Stretch, TableIntake
from .output import Rows, Shape, table_of


@dataclass(frozen=True)
class Problem:
    """Something wrong with one row: where, and the finding."""

    row: int
    unit: str
    column: str
    diagnostic: Diagnostic


@dataclass
class Evaluated:
    """The results of a stretch and what was found on the way.

    ``unit`` gives the data of a row by its place, ``None`` for an invalid one;
    ``carried`` is how many units the columns carried, ``one_by_one`` how many the exact engine.
    """

    table: pa.Table
    problems: list[Problem]
    carried: int
    one_by_one: int
    unit: Callable[[int], UnitData | None]
    states: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)


def evaluate_frame(intake: TableIntake, shape: Shape, stretch: Stretch, numbers: Sequence[int], threads: int = 1) -> Evaluated:
    """The results of some rows of a table.  Raises `intake.Unfit`."""
    ruleset, layout = intake.ruleset, intake.layout
    outcomes, left = carry(ruleset, intake.gather(stretch), threads=threads, names=shape.names)
    rows = Rows(outcomes, {}, {})
    problems: list[Problem] = []
    invalid: dict[int, Sequence[Diagnostic]] = {}
    warned: dict[int, Sequence[Diagnostic]] = {}
    unit_column = layout.identity.get("unit")
    for place in left:
        unit, found = intake.unit(stretch, place)
        name = str(stretch.frame[unit_column][place]) if unit_column is not None else ""
        problems += [Problem(numbers[place], name, layout.column_of(d.path or ""), d) for d in found]
        if unit is None:
            invalid[place] = [d for d in found if d.is_error]
        else:
            outcomes.exact[place] = evaluate(ruleset, unit, intake.track)
            if found:
                warned[place] = found
    rows = Rows(outcomes, invalid, warned)
    identity = {n: _texts(stretch.frame, layout.identity.get(n), layout.constants.get(n)) for n in shape.identity}
    table = table_of(shape, rows, identity, numbers)
    return _told(Evaluated(table, problems, outcomes.carried, len(outcomes.exact), lambda place: intake.unit(stretch, place)[0]))


def _texts(frame: pl.DataFrame, column: str | None, constant: str | None) -> Any:
    if column is None:
        return [constant] * len(frame)
    return frame[column].cast(pl.String, strict=False).to_arrow().cast(pa.string())


def evaluate_raw(
    ruleset: Ruleset, shape: Shape, track: Track, raw: Sequence[RawUnit | Diagnostic], numbers: Sequence[int], threads: int = 1
) -> Evaluated:
    """The results of units that were read one by one."""
    units: dict[int, UnitData] = {}
    problems: list[Problem] = []
    invalid: dict[int, Sequence[Diagnostic]] = {}
    warned: dict[int, Sequence[Diagnostic]] = {}
    names: list[Mapping[str, str | None]] = []
    for place, one in enumerate(raw):
        unit, found = (None, (one,)) if isinstance(one, Diagnostic) else unit_data(one, ruleset)
        envelope = None if isinstance(one, Diagnostic) else one.envelope
        names.append({n: getattr(envelope, n, None) for n in shape.identity})
        problems += [Problem(numbers[place], str(names[-1].get("unit") or ""), d.path or "", d) for d in found]
        if unit is None:
            invalid[place] = [d for d in found if d.is_error]
        else:
            units[place] = unit
            if found:
                warned[place] = found
    places = list(units)
    outcomes, left = carry(ruleset, gather(ruleset, list(units.values()), track), threads=threads, names=shape.names)
    moved = Outcomes(ruleset, len(raw))
    for group in outcomes.groups:
        group.places = np.asarray(places)[np.asarray(group.places)]
        moved.groups.append(group)
    moved.exact = {places[p]: evaluate(ruleset, units[places[p]], track) for p in left}
    identity = {n: [one[n] for one in names] for n in shape.identity}
    table = table_of(shape, Rows(moved, invalid, warned), identity, numbers)
    return _told(Evaluated(table, problems, moved.carried, len(moved.exact), units.get))


def _told(found: Evaluated) -> Evaluated:
    """Count states and grades."""
    for column, counter in (("state", found.states), ("grade", found.grades)):
        for pair in found.table[column].value_counts().to_pylist():
            if pair["values"] is not None:
                counter[pair["values"]] += pair["counts"]
    return found
