"""Many units at once: columns for all they can carry, the exact engine for every other unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from ...dsl.columns.graph import Limits
from ...dsl.model import Ruleset
from ..evaluate import evaluate
from ..unit import Track, UnitData
from . import by_unit
from .carriers import limits_with, ready_for, within_reason
from .gather import Gathered, gather
from .plan import Plan
from .plans import has_plan, kept_plan
from .results import Group, Outcomes

#: Units that are out alike for which a plan of their own is worth making.
_WORTH_A_PLAN = 24
_PROGRAMS: WeakKeyDictionary[Plan, dict[Any, Any]] = WeakKeyDictionary()


def evaluate_units(ruleset: Ruleset, units: Sequence[UnitData], track: Track | None = None, *, threads: int = 1) -> Outcomes:
    """Exactly what `evaluate` says of every unit, by columns where they carry it."""
    chosen = track or ruleset.deciding_track
    found, left = carry(ruleset, gather(ruleset, units, chosen), threads=threads)
    found.exact = {place: evaluate(ruleset, units[place], chosen) for place in left}
    return found


def carry(ruleset: Ruleset, gathered: Gathered, *, threads: int = 1, names: Sequence[str] | None = None) -> tuple[Outcomes, list[int]]:
    """What columns carry, and the places of the units that are left to the exact engine.

    ``names`` are the results wanted, all where they are not named.
    """
    outcomes = Outcomes(ruleset, gathered.count)
    left = list(gathered.open)
    if ruleset.cohort or any(scale.quotas for scale in ruleset.scales):  # units are compared: no row stands for itself
        return outcomes, sorted({int(place) for place in (*left, *gathered.places)})
    for states, rows in _groups(ruleset, gathered, threads):
        places = gathered.places if rows is None else _taken(gathered.places, rows)
        if rows is not None and len(rows) < _WORTH_A_PLAN and not has_plan(ruleset, gathered.scales, states):
            left.extend(places)
            continue
        plan = kept_plan(ruleset, gathered.scales, states)
        columns = gathered.columns if rows is None else {n: _taken(gathered.columns[n], rows) for n in plan.inputs}
        wanted = plan.wanted if names is None else plan.wanted_for(names)
        values = work_out(plan, columns, len(places), wanted, threads=threads, extremes=gathered.extremes)
        if values is None:
            left.extend(places)
            continue
        group, failing = _without_failing(Group(plan, places, values))
        left += failing
        if len(group.places):
            outcomes.groups.append(group)
    return outcomes, sorted(int(place) for place in left)


def work_out(
    plan: Plan, columns: Mapping[str, Any], count: int, wanted: Sequence[int], *, threads: int = 1,
    extremes: Mapping[str, Limits] | None = None,
) -> Mapping[int, Any] | None:  # fmt: skip
    """The columns of the wanted nodes; ``None`` where numbers may grow beyond what a run may compute.

    ``extremes`` are the least and the greatest of columns, where they are known already.
    """
    try:
        import numpy as np
    except ImportError:
        found_here = {n: (min(columns[n]), max(columns[n])) for n in _measured(plan)} if count else {}
        return by_unit.run(plan, columns, count, wanted) if within_reason(limits_with(plan, found_here)) else None
    from .by_numpy import Program

    arrays = {n: _array(np, columns[n], truth=plan.nodes[place].truth) for n, place in plan.inputs.items()}
    known = extremes or {}
    sized = {n: ready_for(known.get(n) or (int(arrays[n].min()), int(arrays[n].max()))) for n in _measured(plan)} if count else {}
    types = {n: array.dtype for n, array in arrays.items()}
    programs = _PROGRAMS.setdefault(plan, {})
    key = (tuple(sized.items()), tuple(types.items()), tuple(wanted))
    program = programs.get(key)
    if program is None:
        limits = limits_with(plan, sized)
        if not within_reason(limits):
            return None
        program = programs[key] = Program(plan, limits, wanted, types)
    found: Mapping[int, Any] = program.run(arrays, count, threads)
    return found


def _measured(plan: Plan) -> list[str]:
    """The inputs of which no limits are declared."""
    return [n for n, place in plan.inputs.items() if None in plan.limits[place] and not plan.nodes[place].truth]


def _array(np: Any, values: Any, *, truth: bool) -> Any:
    if isinstance(values, np.ndarray):
        return values
    if truth:
        return np.array(values, np.bool_)
    try:
        return np.array(values, np.int64)
    except OverflowError:
        return np.array(values, np.object_)


# ---- units that are out alike ---------------------------------------------------------


def _groups(ruleset: Ruleset, gathered: Gathered, threads: int) -> list[tuple[Mapping[str, str], list[int] | None]]:
    """Which indicators are out or excluded, and the rows for which that is so; ``None`` for all rows."""
    plan = kept_plan(ruleset, gathered.scales, None)
    count = len(gathered.places)
    if not count:
        return []
    if not plan.truths and not gathered.claims:
        return [({}, None)]
    values = work_out(plan, gathered.columns, count, plan.wanted, threads=threads, extremes=gathered.extremes)
    if values is None:
        return [({}, None)]
    names = list(plan.truths)
    patterns: dict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
    rows = zip(*(values[plan.truths[n]] for n in names), strict=True) if names else [()] * count
    kept: dict[tuple[Any, ...], dict[str, str]] = {}
    claims = {place: claimed for place, claimed in gathered.claims.items() if claimed}
    for row, (place, truths) in enumerate(zip(gathered.places, rows, strict=True)):
        bits = tuple(map(bool, truths))
        states = kept.get(bits)
        if states is None:
            states = kept[bits] = _states(names, bits)
        if claims and place in claims:
            states = {**states, **_claimed(ruleset, claims[place], states)}
        patterns[tuple(sorted(states.items()))].append(row)
    if len(patterns) == 1:
        return [(dict(next(iter(patterns))), None)]
    return [(dict(states), found) for states, found in patterns.items()]


def _states(names: Sequence[str], bits: Sequence[bool]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, holds in zip(names, bits, strict=True):
        state, code = name.split(" ", 1)
        if holds and found.get(code) != "excluded":
            found[code] = state
    return found


def _claimed(ruleset: Ruleset, claims: Mapping[str, Any], states: Mapping[str, str]) -> dict[str, str]:
    """The indicators that a unit says do not apply, as far as the deciding track confirms it."""
    found = {}
    for code, claim in claims.items():
        indicator = ruleset.by_code.get(code)
        if indicator is not None and indicator.not_applicable is not None and ruleset.deciding_track in claim.confirmed_by:
            found[code] = "excluded" if states.get(code) == "excluded" else "out"
    return found


def _taken(values: Any, rows: Sequence[int]) -> Any:
    return [values[r] for r in rows] if isinstance(values, (list, tuple, range)) else values[rows]


def _without_failing(group: Group) -> tuple[Group, list[int]]:
    """A group without the units that its plan does not hold for, and the places of those."""
    fails = group.values[group.plan.truths["fails"]]
    rows = [i for i, failing in enumerate(fails) if failing] if isinstance(fails, list) else fails.nonzero()[0].tolist()
    if not rows:
        return group, []
    bad = set(rows)
    kept = [i for i in range(len(group.places)) if i not in bad]
    values = {n: _taken(column, kept) for n, column in group.values.items()}
    return Group(group.plan, _taken(group.places, kept), values), [int(p) for p in _taken(group.places, rows)]
