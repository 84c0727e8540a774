"""What an expression comes to in columns, and for which units it comes to nothing."""

from __future__ import annotations

from ..frozen import frozen
from .fractions import Number
from .graph import FALSE


@frozen
class Truth:
    """A yes/no column."""

    node: int


@frozen
class Words:
    """A column of words, each by its number."""

    node: int


@frozen
class Told:
    """A value in columns.

    ``fails`` holds for the units to which the exact reading may raise `RuleFailure` or
    which columns do not carry: these go to the exact engine.  ``out`` holds where it
    raises `NotApplicableReached`.  Where one of them holds the value means nothing.
    """

    value: Number | Truth | Words
    fails: int = FALSE
    out: int = FALSE


class NotCarried(Exception):
    """An expression that columns cannot carry, not even worked out unit by unit."""
