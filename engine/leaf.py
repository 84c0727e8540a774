"""One level-3 indicator, bonus or extra deduction: exactly, or within bounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from ..dsl.diagnostics import Diagnostic, Label
from ..dsl.frozen import frozen
from ..dsl.model import Indicator
from ..dsl.numbers import Exact
from ..dsl.operations import READINGS, NotApplicableReached, RuleFailure, Undecided, Unknown
from ..dsl.operations.readings import Failing, OutOfScope
from ..dsl.ranges import Possible, Range, Records, Truths, Words, certain, hull_of_ranges, point, possible
from .program import LeafProgram, Program
from .record import Bounds, EvidenceStatus, IndicatorRecord, StepRecord

Environment = dict[str, Any]
_MOST_CASES = 64


@frozen
class LeafBounds:
    """What a leaf can still come to, and whether it may turn out not to apply."""

    range: Range
    may_be_out: bool = False
    may_be_excluded: bool = False


class View(Mapping[str, Possible]):
    """An environment read as possibilities."""

    def __init__(self, environment: Mapping[str, Any]) -> None:
        self.environment = environment
        self.extra: dict[str, Possible] = {}

    def __getitem__(self, key: str) -> Possible:
        if key in self.extra:
            return self.extra[key]
        value = self.environment[key]
        if isinstance(value, Unknown):
            return value.can_be
        if isinstance(value, OutOfScope):
            raise NotApplicableReached(value.reason)
        if isinstance(value, Failing):
            raise value.failure
        if isinstance(value, tuple) and value and isinstance(value[0], Mapping):
            return Records(tuple({k: _cell(v) for k, v in row.items()} for row in value))
        return possible(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self.environment)

    def __len__(self) -> int:
        return len(self.environment)


def _cell(value: Any) -> Any:
    return value.can_be if isinstance(value, Unknown) else possible(value)


def evaluate_leaf(
    program: Program, leaf: LeafProgram, environment: Environment, evidence: tuple[EvidenceStatus, ...]
) -> tuple[IndicatorRecord, LeafBounds | None]:
    """The record of a leaf; with bounds where it cannot be decided yet."""
    indicator = leaf.indicator
    recorded: list[StepRecord] = []
    inputs = {k: environment.get(k) for k in indicator.inputs}
    points = indicator.points

    def record(state: str, in_force: Exact, **more: Any) -> IndicatorRecord:
        return IndicatorRecord(
            code=indicator.code, state=state, declared=points, points=in_force, steps=tuple(recorded),  # type: ignore[arg-type]
            inputs=inputs, evidence=evidence, **{"score": None, "bounds": None, **more},
        )  # fmt: skip

    unfilled = _unfilled(leaf, environment) if indicator.unfilled_is_out else frozenset()
    try:
        state, guard, score = _exactly(leaf, environment, _without(program, environment, unfilled), recorded)
    except NotApplicableReached as out:
        if indicator.not_applicable is None:
            return _failed(record("error", points), indicator, RuleFailure("E711", reason=out.reason)), None
        return record("out", 0, reason=out.reason, waiting=unfilled if out.reason == "unfilled" else frozenset()), None
    except RuleFailure as failure:
        return _failed(record("error", points), indicator, failure), None
    except Undecided as undecided:
        return _undecided(program, leaf, environment, unfilled, record("scored", points), undecided)
    if state != "scored":
        return record(state, 0, guard=guard, reason=guard or ""), None
    return record("scored", points, score=score, guard=guard), None


def _exactly(
    leaf: LeafProgram, given: Environment, environment: Environment, recorded: list[StepRecord]
) -> tuple[str, str | None, Exact | None]:
    """The score; whether the leaf applies is asked of what is ``given``, before anything unfilled is left out."""
    if leaf.applies_if is not None and not leaf.applies_if(given):
        return "excluded", "applies_if", None
    guard = None
    settled: Exact | None = None
    for (kind, outcome, condition), written in zip(leaf.guards, leaf.indicator.guards, strict=True):
        if not condition(environment):
            continue
        if outcome == "error":
            raise RuleFailure("E716")
        if outcome == "out":
            raise NotApplicableReached(kind)
        if outcome == "pending":
            anything = Range(leaf.indicator.lowest, leaf.indicator.points, grain="some", tight=False)
            raise Undecided(Unknown(frozenset({f"sample.{written.about}"}), anything, "pending"))
        guard = kind
        if outcome in ("full", "zero"):
            settled = leaf.indicator.points if outcome == "full" else 0
            break
    value: Any = None
    started = settled is None
    for name, key, function in leaf.steps:
        if not started:
            if name != "raw":
                continue
            value = environment[key] = settled
            started = True
        elif settled is not None and name == "difficulty":  # full marks by exception stay full marks
            environment[key] = value
        else:
            value = environment[key] = function(environment)
        recorded.append(StepRecord(name, value))
    return "scored", guard, value


def _unfilled(leaf: LeafProgram, environment: Environment) -> frozenset[str]:
    """The data of a leaf that were not filled in.  A value in dispute is there, though not yet known which."""
    return leaf.data.intersection(environment["unfilled"])


def _without(program: Program, environment: Environment, unfilled: frozenset[str]) -> Environment:
    """The environment of an indicator to which what is unfilled does not apply."""
    if not unfilled:
        return environment
    seen = {**environment, **dict.fromkeys(unfilled, OutOfScope("unfilled"))}
    for key, function in program.derived.items():
        if not unfilled.isdisjoint(program.data_of.get(key, ())):
            seen[key] = derived_value(program, key, function, seen)
    return seen


def _failed(base: IndicatorRecord, indicator: Indicator, failure: RuleFailure) -> IndicatorRecord:
    facts = {"code_of": indicator.code, "name": indicator.name, **failure.facts}
    diagnostic = Diagnostic(failure.code, (Label(indicator.place),), facts)
    return replace(base, failure=diagnostic, bounds=Bounds(0, indicator.points, False))


def _undecided(
    program: Program, leaf: LeafProgram, environment: Environment, unfilled: frozenset[str], base: IndicatorRecord, undecided: Undecided
) -> tuple[IndicatorRecord, LeafBounds | None]:
    indicator = leaf.indicator
    waiting = _waiting(program, leaf, environment) | undecided.unknown.waiting
    found = leaf_bounds(program, leaf, environment, unfilled)
    reading = found.range
    low = reading.low if reading.low is not None else indicator.lowest
    high = reading.high if reading.high is not None else indicator.points
    if low == high and not found.may_be_out and not found.may_be_excluded:
        return replace(base, score=low, waiting=waiting), None
    bounds = Bounds(low, high, reading.tight and reading.low_included and reading.high_included)
    return replace(base, state="undecided", bounds=bounds, waiting=waiting), found


def _waiting(program: Program, leaf: LeafProgram, environment: Environment) -> frozenset[str]:
    found: set[str] = set()
    for key in leaf.data:
        value = environment.get(key)
        if isinstance(value, Unknown):
            found |= value.waiting
    limit = environment.get(f"evidence.{leaf.indicator.code}")
    if isinstance(limit, Unknown):
        found |= limit.waiting
    return frozenset(found)


# ---- bounds -----------------------------------------------------------------------------


def leaf_bounds(program: Program, leaf: LeafProgram, environment: Environment, unfilled: frozenset[str]) -> LeafBounds:
    """Bounds of a leaf's score over every completion of what is not known, what is ``unfilled`` left out of its standard.

    What can be only a few things (a choice, yes or no, claims in dispute, a short range
    of whole numbers) is tried out one by one, so that it may occur more than once.
    """
    unknown = {k: environment[k] for k in leaf.data if isinstance(environment.get(k), Unknown)}
    few = few_valued(unknown)
    loose = any(k in leaf.repeated for k in unknown if k not in few)
    ranges: list[Range] = []
    may_be_out = may_be_excluded = False
    for case in product(*few.values()):
        trial = dict(environment)
        trial.update(zip(few, case, strict=True))
        refresh_derived(program, trial)
        found = _one_case(leaf, trial, _without(program, trial, unfilled))
        ranges.append(found.range)
        may_be_out = may_be_out or found.may_be_out
        may_be_excluded = may_be_excluded or found.may_be_excluded
    reading = hull_of_ranges(ranges)
    return LeafBounds(replace(reading, tight=reading.tight and not loose), may_be_out, may_be_excluded)


def few_valued(unknown: Mapping[str, Unknown]) -> dict[str, tuple[Any, ...]]:
    """Those unknowns that can be only a few things, as long as all together stay few."""
    found: dict[str, tuple[Any, ...]] = {}
    size = 1
    for key in sorted(unknown, key=lambda k: (len(few_values(unknown[k]) or ()) or 1 << 30, k)):
        values = few_values(unknown[key])
        if values is not None and size * len(values) <= _MOST_CASES:
            found[key] = values
            size *= len(values)
    return found


def few_values(unknown: Unknown) -> tuple[Any, ...] | None:
    if unknown.claims:
        return unknown.claims
    reading = unknown.can_be
    if isinstance(reading, Truths):
        return tuple(sorted(reading.values))
    if isinstance(reading, Words) and reading.values is not None:
        return tuple(sorted(reading.values))
    if isinstance(reading, Range) and reading.grain == "whole" and reading.low is not None and reading.high is not None:
        if unknown.state == "date":
            return None
        count = reading.high - reading.low
        if count < _MOST_CASES:
            return tuple(range(int(reading.low), int(reading.high) + 1))
    return None


def refresh_derived(program: Program, environment: Environment) -> None:
    """Work out again every derived value that was not known."""
    for key, function in program.derived.items():
        if isinstance(environment.get(key), Unknown):
            environment[key] = derived_value(program, key, function, environment)


def derived_value(program: Program, key: str, function: Any, environment: Environment) -> Any:
    """A derived value, or what can be said of it."""
    try:
        return function(environment)
    except NotApplicableReached as out:
        return OutOfScope(out.reason)
    except RuleFailure as failure:
        return Failing(failure)
    except Undecided as undecided:
        waiting = set(undecided.unknown.waiting)
        for source in program.data_of.get(key, ()):
            value = environment.get(source)
            if isinstance(value, Unknown):
                waiting |= value.waiting
        expression = next(d.expression for d in program.ruleset.derived if d.key == key)
        try:
            return Unknown(frozenset(waiting), READINGS.within(expression, View(environment)))
        except NotApplicableReached as out:
            return OutOfScope(out.reason)
        except RuleFailure:
            return Unknown(frozenset(waiting), Range(None, None, grain="some", tight=False))


def _one_case(leaf: LeafProgram, given: Environment, environment: Environment) -> LeafBounds:
    indicator = leaf.indicator
    whole = Range(indicator.lowest, indicator.points, grain="some", tight=False)
    view = View(environment)
    found: list[Range] = []
    may_be_out = False
    tight = True
    doubtful = False
    if indicator.applies_if is not None:
        held = certain(READINGS.within(indicator.applies_if, View(given)))
        doubtful = held is not True
        if held is False:
            return LeafBounds(whole, may_be_excluded=True)
    settled: list[Exact] = []
    for guard in indicator.guards:
        if guard.outcome == "notice":
            continue
        try:
            truth = READINGS.within(guard.condition, view)
        except (NotApplicableReached, RuleFailure):
            return LeafBounds(whole, True, doubtful)
        held = certain(truth)
        if held is False:
            continue
        tight = tight and isinstance(truth, Truths) and truth.tight
        match guard.outcome:
            case "out" | "error":
                may_be_out = may_be_out or guard.outcome == "out"
                if held is True:
                    return LeafBounds(whole, True, doubtful)
                tight = False
            case "pending":
                found.append(whole)
                if held is True:
                    return LeafBounds(whole, may_be_out, doubtful)
                tight = False
            case "full" | "zero":
                settled.append(indicator.points if guard.outcome == "full" else 0)
                if held is True:
                    break
    else:
        reading = _steps(indicator, view, None)
        if reading is None:
            return LeafBounds(whole, True, doubtful)
        found.append(reading)
    for score in settled:
        reading = _steps(indicator, view, score)
        if reading is None:
            return LeafBounds(whole, True, doubtful)
        found.append(reading)
    total = hull_of_ranges(found)
    return LeafBounds(replace(total, tight=total.tight and (tight or len(found) == 1)), may_be_out, doubtful)


def _steps(indicator: Indicator, view: View, settled: Exact | None) -> Range | None:
    """The range of the last step; from a settled raw score on, if there is one."""
    reading: Possible = Range()
    started = settled is None
    for step in indicator.steps:
        if not started:
            if step.name != "raw":
                continue
            started = True
            reading = point(settled if settled is not None else 0)
        elif settled is None or step.name != "difficulty":
            try:
                reading = READINGS.within(step.expression, view)
            except (NotApplicableReached, RuleFailure):
                return None
        view.extra[f"step.{step.name}"] = reading
    return reading if isinstance(reading, Range) else None
