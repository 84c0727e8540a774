"""The core operations: for each, its exact, its interval and its column reading.

One table, `OPERATIONS`, holds all readings side by side, so none can be forgotten; a
rule form never has a reading of its own.  Read `readings.py` first, then the families:
`numbers.py`, `choices.py`, `lists.py`, `dates.py`, `powers.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..model import Expression
from . import choices, dates, lists, numbers, powers
from .readings import (
    Environment,
    Exactly,
    NotApplicableReached,
    Operation,
    Readings,
    RuleFailure,
    Undecided,
    Unknown,
    Within,
)

OPERATIONS: Mapping[type, Operation] = {
    **numbers.OPERATIONS,
    **choices.OPERATIONS,
    **lists.OPERATIONS,
    **dates.OPERATIONS,
    **powers.OPERATIONS,
}
READINGS = Readings(OPERATIONS)


def exactly(expression: Expression) -> Exactly:
    """A function from known values to the exact value of ``expression``."""
    return READINGS.exactly(expression)


def within(expression: Expression, possibilities: Within) -> object:
    """What ``expression`` can be while some values are not known."""
    return READINGS.within(expression, possibilities)


__all__ = [
    "OPERATIONS",
    "READINGS",
    "Environment",
    "Exactly",
    "NotApplicableReached",
    "Operation",
    "RuleFailure",
    "Undecided",
    "Unknown",
    "Within",
    "exactly",
    "within",
]
