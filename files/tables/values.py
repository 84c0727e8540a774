"""Columns of a table -> whole numbers: exact, or left to be read one by one.

A float is taken for the decimal that it is the nearest float to, if that decimal has at
most 15 digits (so many survive the way into a float and back); any other is no number
that somebody wrote, and its row is reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from math import lcm
from typing import Any

import numpy as np
import polars as pl

from ...dsl.model import DataItem, Type
from ...engine.columns.reader import Wanted
from ...engine.intake import Intake, NumberText

_Array = np.ndarray[Any, Any]
#: Decimal places of floats that are tried, fewest first.
_PLACES = (0, 1, 2, 3, 4, 6, 9)
MOST_DIGITS = 15
_EPOCH = 719_163  # the ordinal of 1970-01-01
_PLAIN_NUMBER = r"^[+-]?[0-9]{1,15}(\.[0-9]{1,9})?$"


class WrongType(Exception):
    """A column of a type that no value of the item can have."""


@dataclass(frozen=True)
class Values:
    """A column as whole numbers (in parts of ``1 ÷ scale``), words by number or yes/no;
    ``bad`` are the rows that have to be read one by one, ``None`` for none; ``ends`` the least
    and the greatest, where they were looked at."""

    array: _Array
    scale: int = 1
    bad: _Array | None = None
    ends: tuple[int, int] | None = None


def values_of(series: pl.Series, item: DataItem, *, percent: bool, wanted: Wanted, intake: Intake) -> Values:
    """The values of one data item.  Raises `WrongType`."""
    match item.type.kind:
        case "number":
            return _limited(_numbers(series, item, percent=percent, intake=intake), item)
        case "yes_no":
            return _truths(series, item, intake)
        case "choice" | "text":
            return _words(series, item, wanted, intake)
        case "date":
            return dates(series, item.name, intake, item)
    raise WrongType


def _null(series: pl.Series) -> _Array | None:
    return series.is_null().to_numpy() if series.null_count() else None


def _either(first: _Array | None, second: _Array | None) -> _Array | None:
    if first is None or second is None:
        return second if first is None else first
    return np.logical_or(first, second)


# ---- numbers -----------------------------------------------------------------------


def _numbers(series: pl.Series, item: DataItem, *, percent: bool, intake: Intake) -> Values:
    kind = series.dtype
    if kind == pl.Null:
        return Values(np.zeros(len(series), np.int64), 1, np.ones(len(series), np.bool_))
    if item.type.share == "percent" and not percent and kind.is_numeric():
        raise WrongType
    parts = 100 if percent else 1
    if kind.is_integer():
        bad = _null(series)
        array = series.fill_null(0).to_numpy() if bad is not None else series.to_numpy()
        return _whole(Values(array, parts, bad), item)
    if kind.is_decimal():
        bad = _null(series)
        physical = series.to_physical()
        scale = 10 ** (getattr(kind, "scale", 0) or 0)
        narrow = physical.cast(pl.Int64, strict=False)
        bad = _either(bad, _null(narrow))
        return _whole(Values(narrow.fill_null(0).to_numpy(), parts * scale, bad), item)
    if kind.is_float():
        return _whole(_floats(series.fill_null(float("nan")).to_numpy().astype(np.float64), parts), item)
    if kind == pl.String:
        return _texts(series, item, parts, intake)
    raise WrongType


def _floats(array: _Array, parts: int) -> Values:
    """Floats as the decimals that they are the nearest floats to."""
    there = np.isfinite(array)
    held = np.where(there, array, 0.0)
    for places in _PLACES:
        scaled = np.rint(held * 10.0**places)
        good = (scaled / 10.0**places == held) & (np.abs(scaled) < 10.0**MOST_DIGITS)
        if good.all():
            break
    good &= there
    return Values(np.where(good, scaled, 0.0).astype(np.int64), parts * 10**places, None if good.all() else ~good)


def _whole(values: Values, item: DataItem) -> Values:
    """Values of which those that should be whole are so; in ones, where that is all there is."""
    if not item.type.whole or values.scale == 1:
        return values
    ones, rest = np.divmod(values.array, values.scale)
    bad = rest != 0
    return Values(ones, 1, _either(values.bad, bad if bad.any() else None))


def _limited(values: Values, item: DataItem) -> Values:
    """Values within the declared limits; others are read one by one."""
    array, bad = values.array, values.bad
    if not len(array):
        return values
    least, most = int(array.min()), int(array.max())
    if item.low is not None:
        low = -(-item.low.numerator * values.scale // item.low.denominator)
        if least < low:
            bad = _either(bad, array < low)
            array, least = np.maximum(array, low), low
    if item.high is not None:
        high = item.high.numerator * values.scale // item.high.denominator
        if most > high:
            bad = _either(bad, array > high)
            array, most = np.minimum(array, high), high
    return Values(array, values.scale, bad, (least, most))


def _texts(series: pl.Series, item: DataItem, parts: int, intake: Intake) -> Values:
    """Numbers written as text, with or without a percent sign."""
    plain = series.str.strip_chars()
    present = plain.fill_null("")
    if item.type.share == "percent" and parts == 1:
        signed = present.str.ends_with("%")
        bare, parts = present.str.strip_suffix("%"), 100
        fine = signed & bare.str.contains(_PLAIN_NUMBER)
    else:
        bare = present
        fine = bare.str.contains(_PLAIN_NUMBER)
    if (fine | (present == "")).all():
        floats = bare.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
        return _whole(_floats(floats, parts), item)
    sign = "%" if parts == 100 and item.type.share == "percent" and not (present.str.ends_with("%")).any() else ""
    return _one_by_one(plain, lambda text: intake.value(item.name, item.type, None, None, NumberText(text + sign), ""))


def _one_by_one(series: pl.Series, read: Callable[[str], Any]) -> Values:
    """Each different text read once, as a unit file's."""
    different = [t for t in series.unique().to_list() if t is not None]
    found = [read(t) for t in different]
    numbers = [n for n in found if n is not None]
    scale = lcm(*(n.denominator for n in numbers)) if numbers else 1
    whole = [0 if n is None else int(n * scale) for n in found]
    good = [n is not None for n in found]
    places = _places(series, different)
    return Values(np.array([*whole, 0])[places], scale, ~np.array([*good, False])[places])


def _places(series: pl.Series, different: list[str]) -> _Array:
    """The place of every value among the different ones, the last for what is not there."""
    count = len(different)
    if not count:
        return np.zeros(len(series), np.int64)
    return series.replace_strict(different, range(count), default=count, return_dtype=pl.Int64).to_numpy()


def _bits(series: pl.Series) -> _Array:
    """A yes/no column, absent values as no."""
    if series.null_count():
        series = series.fill_null(value=False)
    column = series.rechunk().to_arrow()
    bits = np.frombuffer(column.buffers()[1], np.uint8)
    return np.unpackbits(bits, bitorder="little", count=column.offset + len(column))[column.offset :].view(np.bool_)


# ---- the rest ------------------------------------------------------------------------------


def _truths(series: pl.Series, item: DataItem, intake: Intake) -> Values:
    if series.dtype == pl.Boolean:
        return Values(_bits(series), 1, _null(series))
    if series.dtype == pl.Null:
        return Values(np.zeros(len(series), np.bool_), 1, np.ones(len(series), np.bool_))
    if series.dtype != pl.String:
        raise WrongType
    found = _one_by_one(series, lambda text: _as_number(intake.value(item.name, item.type, None, None, text, "")))
    return Values(found.array.astype(np.bool_), 1, found.bad)


def _as_number(truth: Any) -> int | None:
    return None if truth is None else int(truth)


def _words(series: pl.Series, item: DataItem, wanted: Wanted, intake: Intake) -> Values:
    if series.dtype in (pl.Categorical, pl.Enum):
        series = series.cast(pl.String)
    if series.dtype == pl.Null:
        return Values(np.zeros(len(series), np.int64), 1, np.ones(len(series), np.bool_))
    if series.dtype != pl.String:
        raise WrongType

    def read(text: str) -> int | None:
        known = intake.value(item.name, item.type, None, None, text, "")
        return None if known is None or not text else wanted.word(text)

    return _one_by_one(series, read)


def dates(series: pl.Series, name: str, intake: Intake, item: DataItem | None = None) -> Values:
    """Days as their ordinals, from dates or from texts.  Raises `WrongType`."""
    kind = item.type if item is not None else Type("date")
    if series.dtype == pl.Null:
        return Values(np.ones(len(series), np.int64), 1, np.ones(len(series), np.bool_))
    if series.dtype in (pl.Date, pl.Datetime):
        bad = _null(series)
        if series.dtype == pl.Datetime:  # a day at midnight
            timed = (series.dt.time() != time()).fill_null(value=False).to_numpy()
            series, bad = series.dt.date(), _either(bad, timed if timed.any() else None)
        days = series.to_physical().fill_null(0).to_numpy().astype(np.int64) + _EPOCH
        outside = (days < 1) | (days > 3_652_059)
        return Values(np.where(outside, 1, days), 1, _either(bad, outside if outside.any() else None))
    if series.dtype != pl.String:
        raise WrongType

    def read(text: str) -> int | None:
        day = intake.value(name, kind, None, None, text, "")
        return day.toordinal() if day is not None and hasattr(day, "toordinal") else None

    found = _one_by_one(series, read)
    return Values(np.maximum(found.array, 1), 1, found.bad)


def words(series: pl.Series, wanted: Wanted) -> Values:
    """Any texts by their numbers."""
    if series.dtype != pl.String:
        series = series.cast(pl.String)
    return _one_by_one(series, lambda text: wanted.word(text))


def copies(series: pl.Series, intake: Intake) -> Values:
    """How many copies of a document were handed in: yes/no, whole numbers, or texts of either."""
    if series.dtype == pl.Boolean:
        return Values(_bits(series), 1, _null(series))
    if series.dtype.is_integer():
        array = series.fill_null(0).to_numpy()
        negative = array < 0
        return Values(array, 1, _either(_null(series), negative if negative.any() else None))
    if series.dtype not in (pl.String, pl.Null):
        raise WrongType
    known = {"是": 1, "否": 0, "yes": 1, "no": 0}
    return _one_by_one(
        series.cast(pl.String), lambda t: known.get(t.strip().lower(), int(t) if t.strip().isascii() and t.strip().isdigit() and len(t) < 7 else None)
    )
