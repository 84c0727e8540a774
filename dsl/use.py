"""A checked use of results: how often units are evaluated, and what is said to a request for posts."""

from __future__ import annotations

from .frozen import frozen
from .model import Ruleset


@frozen
class Frequency:
    """After how many months a unit of a grade is due again; ``grade`` is ``None`` for the rest."""

    grade: str | None
    months: int


@frozen
class Reason:
    """What is said for or against a request where a condition holds.

    ``key`` is the derived value that holds the condition, ``text`` how it is written,
    ``sources`` the keys of the data that it uses.
    """

    key: str
    in_favour: bool
    words: str
    text: str
    sources: tuple[str, ...]


@frozen
class UseOfResults:
    """A use of results that has passed every check; ``declared`` has its data as a ruleset
    without indicators."""

    declared: Ruleset
    frequencies: tuple[Frequency, ...]
    reasons: tuple[Reason, ...]

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def version(self) -> str:
        return self.declared.version
