"""A frame of units that is in memory already (Polars, pandas, Arrow) -> the same kind of frame of results."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

import narwhals as nw
import polars as pl
import pyarrow as pa

from ...dsl.diagnostics import RulesetError
from ...dsl.model import Ruleset
from ...engine.unit import Track
from .intake import Stretch, TableIntake, Unfit
from .layout import layout_of
from .output import Shape
from .stretch import evaluate_frame

_MOST_KEPT = 16
#: Rows of a frame worked out together: a thread's share, within reason.
_FEWEST, _MOST = 25_000, 200_000
_READY: WeakKeyDictionary[Ruleset, dict[tuple[Any, ...], tuple[TableIntake, Shape]]] = WeakKeyDictionary()
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
    intake, shape = _ready(ruleset, tuple(units.columns), chosen, constants, levels, partial=partial, ignore_unknown=ignore_unknown)
    size = max(_FEWEST, min(_MOST, -(-len(units) // (os.cpu_count() or 1))))

    def stretch(first: int) -> pa.Table:
        part = units.slice(first, size)
        return evaluate_frame(intake, shape, Stretch(part, first), range(first + 1, first + 1 + len(part))).table

    starts = range(0, len(units), size)
    try:
        if len(starts) > 1 and (os.cpu_count() or 1) > 1:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                tables = list(pool.map(stretch, starts))
        else:
            tables = [stretch(first) for first in starts]
    except Unfit as unfit:
        raise RulesetError(unfit.found) from unfit
    return _like(given, pa.concat_tables(tables) if tables else shape.schema.empty_table())


def _ready(
    ruleset: Ruleset, columns: tuple[str, ...], track: Track, constants: Mapping[str, str], levels: int, *, partial: bool, ignore_unknown: bool
) -> tuple[TableIntake, Shape]:
    """What frames of such columns are read and written with, made once.  Raises `RulesetError`."""
    kept = _READY.setdefault(ruleset, {})
    key = (columns, track, tuple(sorted(constants.items())), levels, partial, ignore_unknown)
    if key not in kept:
        layout, found = layout_of(columns, ruleset, track, constants, partial=partial, ignore_unknown=ignore_unknown)
        if layout is None:
            raise RulesetError(found)
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        shape = Shape(ruleset, levels, tuple(n for n in IDENTITY if n in layout.identity or n in layout.constants))
        kept[key] = TableIntake(ruleset, layout, track), shape
    return kept[key]


def _like(given: Any, table: pa.Table) -> Any:
    """A table as the kind of frame that was given."""
    match given.implementation:
        case nw.Implementation.POLARS:
            return pl.from_arrow(table)
        case nw.Implementation.PANDAS:
            return table.to_pandas()
    return table
