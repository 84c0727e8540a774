"""Columns that need no reading: whole numbers and yes/no without blanks, a whole table at once.

For a table of few rows the calls cost more than the work, so all such columns are taken in
a handful of calls; a column that is anything else, or out of its limits, is left to `values.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from ...dsl.model import DataItem
from .layout import ItemColumn, Layout
from .values import Values

#: Rows up to which columns are taken together; beyond, a copy of the table costs more.
MOST_ROWS = 5_000
_WHOLE = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32)
_ANY = 1 << 62
_EXACT = 1 << 53


@dataclass(frozen=True)
class _Whole:
    """A column of whole numbers that can be taken as it stands: input, column, scale, limits."""

    name: str
    column: str
    scale: int
    low: int
    high: int


@dataclass(frozen=True)
class PlainColumns:
    """The columns of one layout that can be taken together, for frames of one schema."""

    wholes: tuple[_Whole, ...]
    truths: tuple[tuple[str, str], ...]

    def take(self, frame: pl.DataFrame) -> tuple[dict[str, Values], dict[str, tuple[int, int]]]:
        """The values of the columns that are plain, by input, and their extremes."""
        made: dict[str, Values] = {}
        extremes: dict[str, tuple[int, int]] = {}
        blank = {s.name for s in frame.get_columns() if s.null_count()}
        wholes = [w for w in self.wholes if w.column not in blank]
        if wholes:
            matrix = pl.DataFrame([frame[w.column] for w in wholes]).to_numpy()
            lows, highs = matrix.min(axis=0).tolist(), matrix.max(axis=0).tolist()
            floats = matrix.astype(np.float64) if max(highs) < _EXACT and min(lows) > -_EXACT else matrix
            for position, (whole, low, high) in enumerate(zip(wholes, lows, highs, strict=True)):
                if low >= whole.low and high <= whole.high:
                    made[whole.name] = Values(floats[:, position], whole.scale)
                    extremes[whole.name] = low, high
        truths = [(n, c) for n, c in self.truths if c not in blank]
        if truths:
            matrix = pl.DataFrame([frame[c] for _, c in truths]).to_numpy()
            made |= {n: Values(matrix[:, position]) for position, (n, _) in enumerate(truths)}
        return made, extremes


def plain_columns(
    inputs: Iterable[str], by_key: Mapping[str, DataItem], documents: Mapping[str, str], layout: Layout, schema: Mapping[str, Any]
) -> PlainColumns:
    """What can be taken together; ``documents`` are the inputs that ask for one copy of one kind."""
    wholes: list[_Whole] = []
    truths: list[tuple[str, str]] = []
    for name in inputs:
        if name in documents:
            column = layout.documents.get(documents[name])
            if column is not None and schema[column] == pl.Boolean:
                truths.append((name, column))
            continue
        item = by_key.get(name)
        found = layout.items.get(item.name) if item is not None else None
        if item is None or found is None:
            continue
        if item.type.kind == "yes_no" and schema[found.column] == pl.Boolean:
            truths.append((name, found.column))
        elif item.type.kind == "number" and schema[found.column] in _WHOLE:
            wholes += _whole(name, item, found)
    return PlainColumns(tuple(wholes), tuple(truths))


def _whole(name: str, item: DataItem, found: ItemColumn) -> Sequence[_Whole]:
    if (item.type.share == "percent" and not found.percent) or (item.type.whole and found.percent):
        return ()
    scale = 100 if found.percent else 1
    low = -_ANY if item.low is None else -(-item.low.numerator * scale // item.low.denominator)
    high = _ANY if item.high is None else item.high.numerator * scale // item.high.denominator
    return (_Whole(name, found.column, scale, low, high),)
