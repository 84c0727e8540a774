"""A frame of units that is in memory already (Polars, pandas, Arrow) -> the same kind of frame of results."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import polars as pl
import pyarrow as pa

from ...dsl.diagnostics import RulesetError
from ...dsl.model import Ruleset
from ...engine.unit import Track
from .intake import Stretch, TableIntake, Unfit
from .layout import layout_of
from .output import Shape
from .sources import rows_in_a_stretch
from .stretch import evaluate_frame

IDENTITY = ("unit", "unit_type", "level", "region", "period", "as_of")


def evaluate_any(
    ruleset: Ruleset, frame: Any, track: Track | None, constants: Mapping[str, str], *, levels: int, partial: bool, ignore_unknown: bool
) -> Any:
    """The results of a frame's rows.  Raises `RulesetError` where its columns do not fit."""
    given = nw.from_native(frame)
    if isinstance(given, nw.LazyFrame):
        given = given.collect()
    units = given.to_polars()
    chosen = track or ruleset.deciding_track
    layout, found = layout_of(units.columns, ruleset, chosen, constants, partial=partial, ignore_unknown=ignore_unknown)
    if layout is None:
        raise RulesetError(found)
    shape = Shape(ruleset, levels, tuple(n for n in IDENTITY if n in layout.identity or n in layout.constants))
    intake = TableIntake(ruleset, layout, chosen)
    size = rows_in_a_stretch(units.width)
    tables = []
    for first in range(0, len(units), size):
        part = units.slice(first, size)
        numbers = range(first + 1, first + 1 + len(part))
        try:
            tables.append(evaluate_frame(intake, shape, Stretch(part, first), numbers, os.cpu_count() or 1).table)
        except Unfit as unfit:
            raise RulesetError(unfit.found) from unfit
    return _like(given, pa.concat_tables(tables) if tables else shape.schema.empty_table())


def _like(given: Any, table: pa.Table) -> Any:
    """A table as the kind of frame that was given."""
    match given.implementation:
        case nw.Implementation.POLARS:
            return pl.from_arrow(table)
        case nw.Implementation.PANDAS:
            return table.to_pandas()
    return table
