"""What an evaluation leaves behind: the result, and a record of every step taken.

Explaining reads this record and computes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.model import Ruleset
from ..dsl.numbers import Exact
from .unit import Track, UnitData

State = Literal["scored", "undecided", "out", "excluded", "error"]


@frozen
class Bounds:
    """The least and the most a score can still become; ``tight`` if both can be reached."""

    low: Exact
    high: Exact
    tight: bool


class StepRecord(NamedTuple):
    """One step as computed; ``value`` is ``None`` where it could not be told."""

    name: str
    value: Any


@frozen
class EvidenceStatus:
    """Whether one evidence rule is met, what is short, and what was taken for it."""

    met: bool
    missing: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    used: tuple[str, ...] = ()
    known: bool = True


@frozen
class Redistribution:
    """What was done about children that do not apply."""

    removed: tuple[str, ...]
    kind: str
    before: Exact | None
    available: Exact
    target: Exact


@frozen
class IndicatorRecord:
    """One indicator as evaluated.

    ``points`` are those in force for this unit (a sibling that does not apply may have
    changed them); ``declared`` are those of the ruleset.
    """

    code: str
    state: State
    declared: Exact
    points: Exact
    score: Exact | None
    bounds: Bounds | None
    waiting: frozenset[str] = frozenset()
    guard: str | None = None
    steps: tuple[StepRecord, ...] = ()
    inputs: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[EvidenceStatus, ...] = ()
    reason: str = ""
    failure: Diagnostic | None = None
    redistribution: Redistribution | None = None
    removed: Mapping[str, Exact] = field(default_factory=dict)
    deducted: tuple[tuple[str, Exact], ...] = ()

    @property
    def low(self) -> Exact:
        return self.score if self.score is not None else (self.bounds.low if self.bounds else 0)

    @property
    def high(self) -> Exact:
        return self.score if self.score is not None else (self.bounds.high if self.bounds else self.points)


@frozen
class AdjustmentRecord:
    """A bonus or an extra deduction as evaluated: what it adds or takes."""

    code: str
    amount: Exact | None
    bounds: Bounds | None
    applies: bool | None
    record: IndicatorRecord


@frozen
class GradeRecord:
    """A grade, or the grades still possible, and how it came about.

    ``by_band`` is the grade of the score alone; ``changes`` name the gates and vetoes
    that moved it, as (kind, name, grade after).
    """

    scale: str | None
    grade: str | None
    possible: tuple[str, ...]
    by_band: str | None
    value: Exact | None
    changes: tuple[tuple[str, str, str], ...] = ()


@frozen
class SubtotalRecord:
    name: str
    score: Exact | None
    bounds: Bounds | None
    points: Exact
    grade: GradeRecord | None


@frozen
class VetoRecord:
    """Whether a veto applies (``None``: cannot be told yet)."""

    code: str
    applies: bool | None
    waiting: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Result:
    """The outcome of one unit under one ruleset and one track."""

    ruleset: Ruleset
    unit: UnitData
    track: Track
    as_of: date
    state: Literal["decided", "undecided", "withheld", "unscored", "error"]
    score: Exact | None
    bounds: Bounds | None
    score_before_veto: Exact | None
    full_score: Exact
    grade: GradeRecord | None
    indicators: Mapping[str, IndicatorRecord]
    adjustments: tuple[AdjustmentRecord, ...]
    vetoes: tuple[VetoRecord, ...]
    subtotals: tuple[SubtotalRecord, ...]
    values: Mapping[str, Any]
    waiting: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]
    unscored: str | None = None
    total_steps: tuple[tuple[str, Exact], ...] = ()
    compared: bool = False
    """Whether it was evaluated together with others."""

    @property
    def rate(self) -> Exact | None:
        """Score over full score, exact."""
        from ..dsl.numbers import divide

        return None if self.score is None else divide(self.score, self.full_score)
