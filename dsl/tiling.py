"""Whether intervals tile a range: every gap and every overlap, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from .frozen import frozen
from .model import Interval
from .numbers import Exact
from .ranges import Range

#: A cut in the number line: before everything (-1), at a number just before (0) or just
#: after it (1), or after everything (1, 0, 0).
_Cut = tuple[int, Exact, int]
_START: _Cut = (-1, 0, 0)
_END: _Cut = (1, 0, 0)


@frozen
class Flaw:
    """A gap between two intervals (by index, ``None`` at the ends), or the overlap of two."""

    kind: Literal["gap", "overlap"]
    interval: Interval
    before: int | None
    after: int | None


def _low_cut(interval: Interval | Range) -> _Cut:
    return _START if interval.low is None else (0, interval.low, 0 if interval.low_included else 1)


def _high_cut(interval: Interval | Range) -> _Cut:
    return _END if interval.high is None else (0, interval.high, 1 if interval.high_included else 0)


def _between(low: _Cut, high: _Cut) -> Interval:
    return Interval(
        None if low == _START else low[1],
        low != _START and low[2] == 0,
        None if high == _END else high[1],
        high != _END and high[2] == 1,
    )


def flaws(intervals: Sequence[Interval], domain: Range) -> Iterator[Flaw]:
    """Every gap and overlap of ``intervals`` over ``domain``, from low to high.

    A gap or an overlap that holds no value of the domain (no whole number, say) is none.
    """
    reached, last = _low_cut(domain), None
    for index in sorted(range(len(intervals)), key=lambda i: (_low_cut(intervals[i]), _high_cut(intervals[i]))):
        low, high = _low_cut(intervals[index]), _high_cut(intervals[index])
        if low > reached:
            yield from _flaw("gap", reached, low, domain, last, index)
        elif low < reached and last is not None:
            yield from _flaw("overlap", low, min(reached, high), domain, last, index)
        if high > reached or last is None:
            reached, last = max(reached, high), index
    if reached < _high_cut(domain):
        yield from _flaw("gap", reached, _high_cut(domain), domain, last, None)


def _flaw(
    kind: Literal["gap", "overlap"], low: _Cut, high: _Cut, domain: Range, before: int | None, after: int | None
) -> Iterator[Flaw]:
    if low >= high:
        return
    held = domain.clipped(_between(low, high))
    if held is not None:
        yield Flaw(kind, Interval(held.low, held.low_included, held.high, held.high_included), before, after)
