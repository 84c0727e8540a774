"""Many units together: values of the whole cohort, worked out in passes, then every unit's result.

What a value of the cohort has inside its brackets is needed of every unit before any unit
can use the value.  The dependency graph, which has no circles (the check proves it), says
which values can be worked out in which pass (`passes`).  A unit whose value is not known
is never taken for zero: the cohort's value then has sound bounds (`cohort_bounds.py`),
unless the ruleset says that such units are left out.  A unit that is not scored (不评分) is no
part of the cohort.  Last come the quotas of grades, for which every total is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..dsl.check.order import edges
from ..dsl.cohort import CohortValue, Quota
from ..dsl.frozen import frozen
from ..dsl.model import Expression, Indicator, Ruleset, Veto
from ..dsl.numbers import Exact, round_to
from ..dsl.operations import READINGS, NotApplicableReached, RuleFailure, Undecided, Unknown, exactly
from ..dsl.operations.readings import OutOfScope
from ..dsl.ranges import Anything, Range, certain
from ..dsl.substitute import references
from .cohort_bounds import Member, Span, bounds, rank_bounds, share_bounds
from .cohort_statistics import standard_deviation
from .evaluate import evaluate, values_of
from .grade import measured
from .leaf import View
from .program import Program, program_of
from .record import Result
from .unit import Track, UnitData

#: Goes through units one by one; a command shows how far it is.
Watch = Callable[[Sequence[UnitData]], Iterable[UnitData]]
_Values = list[dict[str, Any]]


def evaluate_cohort(
    ruleset: Ruleset, units: Sequence[UnitData], track: Track | None = None, watch: Watch = lambda units: units
) -> tuple[Result, ...]:
    """Evaluate units that are compared with each other; results in the order of the units.

    The order of the units changes nothing.  Never raises for what the data hold.
    """
    known: _Values = [{} for _ in units]
    for values in passes(ruleset):
        environments = _environments(ruleset, units, track, known, values, watch)
        for value in values:
            for own, found in enumerate(_Pass(ruleset, value, environments).all()):
                known[own][value.key] = found
    results = [evaluate(ruleset, unit, track, of_cohort) for unit, of_cohort in zip(watch(units), known, strict=True)]
    if not any(scale.quotas for scale in ruleset.scales):
        return tuple(results)
    for quota in (q for s in ruleset.scales for q in s.quotas):
        for own, held in enumerate(_inside_quota(ruleset, quota, results)):
            known[own][quota.key] = held
    return tuple(evaluate(ruleset, unit, track, of_cohort) for unit, of_cohort in zip(units, known, strict=True))


def passes(ruleset: Ruleset) -> tuple[tuple[CohortValue, ...], ...]:
    """The values of the cohort by the pass that works them out: each after all that it leans on."""
    if not ruleset.cohort:
        return ()
    leans: dict[str, set[str]] = {}
    for used, user, _ in edges(ruleset.derived, ruleset.indicators, ruleset.adjustments, ruleset.cohort):
        leans.setdefault(user, set()).add(used)
    before: dict[str, int] = {}
    for key in ruleset.order:
        before[key] = max((before.get(k, 0) + k.startswith("cohort.") for k in leans.get(key, ())), default=0)
    count = 1 + max(before[c.key] for c in ruleset.cohort)
    return tuple(tuple(c for c in ruleset.cohort if before[c.key] == number) for number in range(count))


def _environments(
    ruleset: Ruleset, units: Sequence[UnitData], track: Track | None, known: _Values, values: Sequence[CohortValue], watch: Watch
) -> list[Mapping[str, Any]]:
    """What each unit's data come to, with scores where some value asks for them."""
    asked = [k for v in values for e in _expressions(v) for k in references(e)]
    if any(k.startswith(("score.", "rate.")) for k in asked):
        return [evaluate(ruleset, unit, track, of_cohort).values for unit, of_cohort in zip(watch(units), known, strict=True)]
    return [values_of(ruleset, unit, track, of_cohort) for unit, of_cohort in zip(units, known, strict=True)]


def _expressions(value: CohortValue) -> tuple[Expression, ...]:
    return tuple(e for e in (value.inner, value.where, value.ties) if e is not None)


@frozen
class _Standing:
    """What one unit brings to a value: whether it counts (``None``: not known), its number, why it has none."""

    counts: bool | None
    span: Span = Span(None, None)
    ties: Span = Span(0, 0)
    out: str = ""
    unknown: bool = False


@dataclass(slots=True)
class _Pass:
    """One value of the cohort, for every unit."""

    ruleset: Ruleset
    value: CohortValue
    environments: Sequence[Mapping[str, Any]]
    program: Program = field(init=False)
    standings: list[_Standing] = field(init=False)
    kept: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.program = program_of(self.ruleset)
        self.standings = [self.standing(e) for e in self.environments]

    # ---- one unit's part ----

    def standing(self, environment: Mapping[str, Any]) -> _Standing:
        scored = self.is_scored(environment)
        counts = _both(scored, self.truth(self.value.where, environment) if self.value.where is not None else True)
        if counts is False:
            return _Standing(False, out="unscored" if scored is False else "not_ranked")
        if self.value.inner is None:
            return _Standing(counts, Span(0, 0))
        try:
            number = exactly(self.value.inner)(environment)
            found = _Standing(counts, Span(number, number))
        except NotApplicableReached as out:
            return _Standing(False, out=out.reason)
        except RuleFailure:
            found = _Standing(None, self.limits(), unknown=True)
        except Undecided:
            if self.value.missing_out:
                return _Standing(False, out="missing_left_out")
            surely = not any(self.may_be_out(k, environment) for k in references(self.value.inner))
            found = _Standing(counts if surely else _both(counts, None), self.reading(self.value.inner, environment), unknown=True)
        return found if self.value.ties is None else self.with_ties(found, environment)

    def with_ties(self, found: _Standing, environment: Mapping[str, Any]) -> _Standing:
        assert self.value.ties is not None
        try:
            number = exactly(self.value.ties)(environment)
            ties = Span(number, number)
        except (NotApplicableReached, RuleFailure, Undecided):
            ties = Span(None, None)
        return _Standing(found.counts, found.span, ties, found.out, found.unknown or ties.exact is None)

    def is_scored(self, environment: Mapping[str, Any]) -> bool | None:
        found: bool | None = True
        for rule in self.ruleset.unscored:
            truth = self.truth(rule.condition, environment)
            found = _both(found, None if truth is None else not truth)
        return found

    def truth(self, condition: Expression, environment: Mapping[str, Any]) -> bool | None:
        try:
            return bool(exactly(condition)(environment))
        except NotApplicableReached:
            return False
        except (Undecided, RuleFailure):
            try:
                return certain(READINGS.within(condition, View(environment)))
            except (NotApplicableReached, RuleFailure):
                return None

    def reading(self, expression: Expression, environment: Mapping[str, Any]) -> Span:
        try:
            found = READINGS.within(expression, View(environment))
        except (NotApplicableReached, RuleFailure):
            return self.limits()
        return Span(found.low, found.high) if isinstance(found, Range) else self.limits()

    def limits(self) -> Span:
        """What the number of any unit can be, if a value that lies among the units' numbers tells it."""
        found = self.program.cohort_possible[self.value.key]
        lies_among = self.value.kind in ("mean", "max", "min")
        return Span(found.low, found.high) if lies_among and isinstance(found, Range) else Span(None, None)

    def may_be_out(self, key: str, environment: Mapping[str, Any]) -> bool:
        """Whether a value that is not known may turn out not to apply."""
        found = environment.get(key)
        if not isinstance(found, Unknown):
            return False
        kind, _, code = key.partition(".")
        if kind in ("score", "rate"):
            return _may_not_apply(self.ruleset, self.ruleset.by_code[code])
        sources = self.program.data_of.get(key, (key,))
        return any(isinstance(u := environment.get(s), Unknown) and u.state == "unconfirmed" for s in sources)

    # ---- the value ----

    def all(self) -> list[Any]:
        return [self.of_unit(own) for own in range(len(self.environments))]

    def of_unit(self, own: int) -> Any:
        """The value as one unit sees it: exact, not known, or not applicable."""
        value, standing = self.value, self.standings[own]
        of_own = value.kind in ("rank", "percentile")
        if of_own and standing.counts is False:  # a unit that is not scored has no place, and needs none
            return self.unknown(Span(None, None)) if standing.out == "unscored" else OutOfScope(standing.out)
        group = tuple(self.environments[own][f"unit.{g}"] for g in value.group)
        if any(isinstance(g, Unknown) for g in group):
            return self.unknown(Span(None, None), frozenset().union(*(g.waiting for g in group if isinstance(g, Unknown))))
        if of_own:
            return self.of_place(own, group)
        key = group if value.with_own else (group, own)
        if key not in self.kept:
            self.kept[key] = self.of_all(self.members(group, None if value.with_own else own))
        return self.kept[key]

    def members(self, group: tuple[Any, ...], left_out: int | None = None) -> list[Member]:
        found = []
        for index, (standing, environment) in enumerate(zip(self.standings, self.environments, strict=True)):
            here = _same(group, tuple(environment[f"unit.{g}"] for g in self.value.group))
            counts = _both(standing.counts, here)
            if counts is not False and index != left_out:
                found.append(Member(index, standing.span, counts is True, standing.ties))
        return found

    def of_all(self, members: list[Member]) -> Any:
        value = self.value
        if len(members) < max(1, value.at_least) and (value.kind != "count" or value.at_least > 1):
            return self.too_few()
        if not all(m.settled for m in members):
            enough = sum(m.sure for m in members) >= max(1, value.at_least) or (value.kind == "count" and value.at_least <= 1)
            found = bounds(value, members)
            if value.kind == "deviation":
                found = Span(0, None if found.high is None else round_to(found.high, value.places, "half_up"))
            return found.exact if enough and found.exact is not None else self.unknown(found) if enough else self.perhaps_too_few()
        if value.kind == "deviation":
            try:
                return standard_deviation([m.span.low for m in members if m.span.low is not None], value.places)
            except RuleFailure:
                return self.unknown(Span(0, None))
        return bounds(value, members).low

    def of_place(self, own: int, group: tuple[Any, ...]) -> Any:
        value = self.value
        if group not in self.kept:
            members = self.members(group)
            if value.kind == "rank" and not value.highest_first:
                members = [Member(m.index, m.span.turned(), m.sure, m.ties) for m in members]
            if value.ties is not None and not value.ties_highest_first:
                members = [Member(m.index, m.span, m.sure, m.ties.turned()) for m in members]
            self.kept[group] = members, {m.index: m for m in members}, _exact_places(members) if value.kind == "rank" else None
        members, by_index, places = self.kept[group]
        if len(members) < value.at_least:
            return self.too_few()
        enough = sum(m.sure for m in members) >= value.at_least
        if places is not None and enough:
            return places[own]
        one = by_index[own]
        found = rank_bounds(one, members) if value.kind == "rank" else share_bounds(one, members, at_most=value.share == "at_most")
        if found.exact is not None and enough and one.sure:
            return found.exact
        return self.unknown(found) if enough else self.perhaps_too_few()

    def perhaps_too_few(self) -> Unknown:
        return Unknown(frozenset({self.value.key}), Anything(), "cohort")

    def too_few(self) -> Unknown:
        """No number at all: nothing may be decided by what it could have been."""
        return Unknown(frozenset({self.value.key}), Anything(), "too_few")

    def unknown(self, found: Span, waiting: frozenset[str] = frozenset()) -> Unknown:
        possible = self.program.cohort_possible[self.value.key]
        if isinstance(possible, Range):
            low = max((e for e in (found.low, possible.low) if e is not None), default=None)
            high = min((e for e in (found.high, possible.high) if e is not None), default=None)
            possible = Range(low, high, True, True, "whole" if self.value.kind in ("rank", "count") else "some", False)
        return Unknown(waiting or frozenset({self.value.key}), possible, "cohort")


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _same(group: tuple[Any, ...], other: tuple[Any, ...]) -> bool | None:
    """Whether a unit is of the group; one that does not say its level may be."""
    known = [a == b for a, b in zip(group, other, strict=True) if not isinstance(b, Unknown)]
    if not all(known):
        return False
    return True if len(known) == len(group) else None


def _may_not_apply(ruleset: Ruleset, indicator: Indicator) -> bool:
    if indicator.children:
        return all(_may_not_apply(ruleset, ruleset.by_code[c]) for c in indicator.children)
    return indicator.not_applicable is not None or indicator.applies_if is not None


def _exact_places(members: Sequence[Member]) -> dict[int, int] | None:
    """Each unit's place where everything is known: equal ones share a place, the next is skipped."""
    if not all(m.settled for m in members):
        return None
    keys = [(m.span.low, m.ties.low) for m in members]
    first: dict[Any, int] = {}
    for place, key in enumerate(sorted(keys, reverse=True), 1):
        first.setdefault(key, place)
    return {m.index: first[k] for m, k in zip(members, keys, strict=True)}


# ---- grades by quota ---------------------------------------------------------------------------


def _inside_quota(ruleset: Ruleset, quota: Quota, results: Sequence[Result]) -> list[bool | None]:
    """Whether each unit is among the best for whom a grade is; ``None`` while that is not known."""
    scale = next(s for s in ruleset.scales if quota in s.quotas)
    members: dict[int, Member] = {}
    for index, result in enumerate(results):
        counts = _competes(ruleset, quota, result)
        if counts is False:
            continue
        low = result.score if result.bounds is None else result.bounds.low
        high = result.score if result.bounds is None else result.bounds.high
        if low is None or high is None:  # errors in the data, or too much that does not apply
            members[index] = Member(index, Span(0, None), False)
        else:
            ends = (measured(scale, e, ruleset.full_score) for e in (low, high))
            members[index] = Member(index, Span(*ends), counts is True)
    least, most = sum(m.sure for m in members.values()), len(members)
    fewest, mostly = _places(quota, least), _places(quota, most)
    all_of_them = list(members.values())
    found: list[bool | None] = []
    for index in range(len(results)):
        own = members.get(index)
        if own is None:
            found.append(False)
            continue
        rank = rank_bounds(own, all_of_them)
        if quota.ties == "out":  # how many are at least as good, itself included
            surely = 1 + sum(m.sure and _not_worse(m, own) for m in all_of_them if m is not own)
            perhaps = 1 + sum(m.span.high is None or own.span.low is None or m.span.high >= own.span.low for m in all_of_them if m is not own)
            rank = Span(surely, perhaps)
        assert rank.low is not None
        assert rank.high is not None
        if rank.high <= fewest and own.sure:
            found.append(True)
        else:
            found.append(False if rank.low > mostly else None)
    return found


def _not_worse(one: Member, own: Member) -> bool:
    return one.span.low is not None and own.span.high is not None and one.span.low >= own.span.high


def _places(quota: Quota, count: int) -> Exact:
    share = quota.share * count
    if quota.rounding == "half_up":
        return round_to(share, 0, "half_up")
    whole = share.numerator // share.denominator
    return whole if quota.rounding == "down" or whole == share else whole + 1


def _competes(ruleset: Ruleset, quota: Quota, result: Result) -> bool | None:
    """Whether a unit takes part: one that is not scored does not, nor one kept from the grade where it leaves its place."""
    if result.state == "unscored":
        return False
    if result.state in ("error", "withheld"):
        return None
    if quota.vetoed_stay is not False:
        return True
    scale = next(s for s in ruleset.scales if quota in s.quotas)
    truths = [(v, r.applies) for v, r in zip(ruleset.vetoes, result.vetoes, strict=True) if _keeps_from(v, quota, scale.grades)]
    environment = View(result.values)
    for gate in scale.gates:
        if gate.grade == quota.grade:
            try:
                held = certain(READINGS.within(gate.condition, environment))
            except (NotApplicableReached, RuleFailure):
                held = None
            truths.append((None, None if held is None else not held))  # type: ignore[arg-type]
    if any(t is True for _, t in truths):
        return False
    return None if any(t is None for _, t in truths) else True


def _keeps_from(veto: Veto, quota: Quota, grades: Sequence[str]) -> bool:
    """Whether a veto would move a unit down from a grade."""
    at = grades.index(quota.grade)
    if veto.effect == "down":
        return at < len(grades) - 1 and veto.steps > 0
    return veto.effect in ("cap", "grade") and veto.grade is not None and grades.index(veto.grade) > at


__all__ = ["Watch", "evaluate_cohort", "passes"]
