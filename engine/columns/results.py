"""What evaluating many units leaves behind: columns for those that were carried, results for the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from ...dsl.frozen import frozen
from ...dsl.model import Ruleset
from ...dsl.numbers import Exact, divide, simplest
from ..record import Bounds, Result
from .plan import Plan


@frozen
class SubtotalOutcome:
    """A subtotal: both ends of its score, and the grades it can still have."""

    low: Exact
    high: Exact
    points: Exact
    grades: tuple[str, ...]


@frozen
class Outcome:
    """Everything that is told of one unit, apart from the steps that led there.

    ``scores`` and ``bounds`` are by code, ``states`` only of what is not scored.
    ``vetoes`` are those that apply, ``open_vetoes`` those that cannot be told yet.
    """

    state: str
    score: Exact | None
    bounds: Bounds | None
    before_veto: Exact | None
    grades: tuple[str, ...]
    scores: Mapping[str, Exact | None]
    points: Mapping[str, Exact]
    states: Mapping[str, str]
    indicator_bounds: Mapping[str, Bounds]
    amounts: Mapping[str, tuple[Exact, Exact]]
    vetoes: tuple[str, ...]
    open_vetoes: tuple[str, ...]
    subtotals: Mapping[str, SubtotalOutcome]
    codes: tuple[str, ...]
    waiting: frozenset[str]
    word: str | None

    @property
    def grade(self) -> str | None:
        return self.grades[0] if len(self.grades) == 1 else None


def outcome_of(result: Result) -> Outcome:
    """What the exact engine tells of a unit."""
    records = {**result.indicators, **{a.code: a.record for a in result.adjustments}}
    amounts = {
        a.code: (a.amount, a.amount) if a.amount is not None else (a.bounds.low, a.bounds.high) if a.bounds is not None else (0, 0)
        for a in result.adjustments
    }
    subtotals = {
        s.name: SubtotalOutcome(
            s.score if s.score is not None else s.bounds.low if s.bounds is not None else 0,
            s.score if s.score is not None else s.bounds.high if s.bounds is not None else 0,
            s.points, s.grade.possible if s.grade is not None else (),
        )
        for s in result.subtotals
    }  # fmt: skip
    return Outcome(
        result.state, result.score, result.bounds, result.score_before_veto,
        result.grade.possible if result.grade is not None else (),
        {code: r.score for code, r in records.items()},
        {code: r.points for code, r in records.items()},
        {code: r.state for code, r in records.items() if r.state != "scored"},
        {code: r.bounds for code, r in records.items() if r.bounds is not None},
        amounts,
        tuple(v.code for v in result.vetoes if v.applies), tuple(v.code for v in result.vetoes if v.applies is None),
        subtotals, tuple(d.code for d in result.diagnostics), result.waiting, result.unscored,
    )  # fmt: skip


@dataclass
class Group:
    """Units that one plan was worked out for: their places among all, and the columns by node."""

    plan: Plan
    places: Sequence[int]
    values: Mapping[int, Any]

    @cached_property
    def withheld(self) -> bool:
        ruleset = self.plan.ruleset
        limit = 1 if ruleset.left_out_limit is None else ruleset.left_out_limit
        return self.plan.left_out > limit * ruleset.full_score or self.plan.nothing_in_force

    def number(self, name: str, index: int) -> Exact:
        """One exact value of one unit, by its place in this group."""
        number = self.plan.numbers[name]
        top, bottom = int(self.values[number.top][index]), 1 if number.bottom is None else int(self.values[number.bottom][index])
        return simplest(Fraction(number.numerator * top, number.denominator * bottom))

    def truth(self, name: str, index: int) -> bool:
        return bool(self.values[self.plan.truths[name]][index])

    def word(self, index: int) -> str | None:
        rules = self.plan.ruleset.unscored
        return next((r.word for i, r in enumerate(rules) if self.truth(f"unscored {i}", index)), None)

    def state_and_codes(self, index: int) -> tuple[str, tuple[str, ...]]:
        codes = [
            "E730" if rule.is_error else "W730"
            for i, rule in enumerate(self.plan.ruleset.reconciliations)
            if self.truth(f"reconcile {i}", index)
        ]
        state = "decided"
        if self.withheld:
            state = "withheld"
            codes.append("W731")
        if self.plan.ruleset.unscored and self.word(index) is not None:
            state = "unscored"
        return "error" if "E730" in codes else state, tuple(codes)

    def outcome(self, index: int) -> Outcome:
        plan, ruleset = self.plan, self.plan.ruleset
        state, codes = self.state_and_codes(index)
        shown = state == "decided"
        numbers = {name: self.number(name, index) for name in plan.numbers}
        subtotals = {}
        for subtotal in ruleset.subtotals:
            score, scale = numbers[f"subtotal {subtotal.name}"], ruleset.scale(subtotal.name)
            place = numbers.get(f"grade {subtotal.name}")
            grades = (scale.grades[int(place)],) if scale is not None and place is not None else ()
            subtotals[subtotal.name] = SubtotalOutcome(score, score, plan.subtotal_points[subtotal.name], grades)
        return Outcome(
            state, numbers["total"] if shown else None, None, numbers["before_veto"] if shown else None,
            (self.grade_names[int(numbers["grade"])],) if shown and "grade" in numbers else (),
            {code: None if code in plan.states else numbers[f"score {code}"] for code in plan.points},
            plan.points, plan.states, {},
            {a.indicator.code: (numbers[f"amount {a.indicator.code}"],) * 2 for a in ruleset.adjustments},
            tuple(v.code for v in ruleset.vetoes if self.truth(f"veto {v.code}", index)), (),
            subtotals, codes, frozenset(), self.word(index),
        )  # fmt: skip

    @cached_property
    def grade_names(self) -> tuple[str, ...]:
        ruleset = self.plan.ruleset
        scale = ruleset.scale() or (ruleset.scale(ruleset.worst_of[0]) if ruleset.worst_of else None)
        return scale.grades if scale is not None else ()


@dataclass
class Outcomes:
    """Many units of one ruleset: groups that columns carried, and exact results of the others by place."""

    ruleset: Ruleset
    count: int
    groups: list[Group] = field(default_factory=list)
    exact: dict[int, Result] = field(default_factory=dict)

    @property
    def carried(self) -> int:
        """How many units the columns carried."""
        return sum(len(g.places) for g in self.groups)

    @cached_property
    def _where(self) -> dict[int, tuple[Group, int]]:
        return {int(place): (group, index) for group in self.groups for index, place in enumerate(group.places)}

    def outcome(self, place: int) -> Outcome:
        """What is told of one unit.  Raises ``KeyError`` for one that was neither carried nor evaluated."""
        found = self.exact.get(place)
        if found is not None:
            return outcome_of(found)
        group, index = self._where[place]
        return group.outcome(index)

    def __iter__(self) -> Iterator[Outcome]:
        return (self.outcome(place) for place in range(self.count))


def rate(score: Exact | None, full: Exact) -> Exact | None:
    """Score over full score, exact."""
    return None if score is None else divide(score, full)
