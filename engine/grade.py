"""Grades: bands, gates and vetoes, for a score that is known or for all it can still be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from ..dsl.frozen import frozen
from ..dsl.model import GradeScale, Veto
from ..dsl.numbers import Exact, divide, round_to
from ..dsl.ranges import Range
from .record import GradeRecord

Truth = bool | None


@frozen
class Grading:
    """What grading a score needs to know besides the score."""

    full: Exact
    gates: Mapping[int, Truth]
    vetoes: Sequence[tuple[Veto, Truth]]
    quotas: Mapping[str, Truth] = field(default_factory=dict)


def measured(scale: GradeScale, score: Exact, full: Exact) -> Exact:
    """The number the bands look at: score or rate, exact or rounded as the ruleset says."""
    value = score if scale.basis == "score" else divide(score, full)
    if scale.rounded:
        return round_to(value, 2 if scale.basis == "score" else 3, "half_up")
    return value


def grade(scale: GradeScale, low: Exact, high: Exact, grading: Grading) -> GradeRecord:
    """The grade of a score, or every grade still possible between two bounds."""
    least, most = measured(scale, low, grading.full), measured(scale, high, grading.full)
    span = Range(least, most)
    first_band = len(scale.quotas)
    in_bands = {first_band + i for i, b in enumerate(scale.bands) if span.meets(b.interval)}
    if not in_bands:
        in_bands = {first_band} if scale.bands and most > 0 else {len(scale.grades) - 1}
    starts = _after_quotas(scale, in_bands, grading)
    changes: list[tuple[str, str, str]] = []
    after_gates: set[int] = set()
    for start in starts:
        after_gates |= _through_gates(scale, start, grading, changes if len(starts) == 1 else [])
    after = _through_vetoes(scale, after_gates, grading, changes)
    names = tuple(scale.grades[i] for i in sorted(after))
    by_band = scale.grades[next(iter(starts))] if len(starts) == 1 else None
    value = least if least == most else None
    known = names[0] if len(names) == 1 else None
    return GradeRecord(scale.name, known, names, by_band, value, tuple(changes) if known else ())


def _after_quotas(scale: GradeScale, in_bands: set[int], grading: Grading) -> set[int]:
    """The first quota that the unit is inside of; those of the bands if it is inside none."""
    found: set[int] = set()
    for index, quota in enumerate(scale.quotas):
        held = grading.quotas.get(quota.key)
        if held is not False:
            found.add(index)
        if held is True:
            return found
    return found | in_bands


def _through_gates(scale: GradeScale, start: int, grading: Grading, changes: list[tuple[str, str, str]]) -> set[int]:
    """Where a band leads once its gates have been asked: to itself, or further down."""
    truths = [(g, grading.gates[id(g)]) for g in scale.gates if g.grade == scale.grades[start]]
    if all(t is True for _, t in truths) or start == len(scale.grades) - 1:
        return {start}
    closed = next((g for g, t in truths if t is False), None)
    if closed is not None:
        changes.append(("gate", closed.text, scale.grades[start + 1]))
        return _through_gates(scale, start + 1, grading, changes)
    return {start} | _through_gates(scale, start + 1, grading, [])


def _through_vetoes(scale: GradeScale, starts: set[int], grading: Grading, changes: list[tuple[str, str, str]]) -> set[int]:
    found = set(starts)
    for effect in ("cap", "down", "grade"):
        for veto, truth in grading.vetoes:
            if veto.effect != effect or truth is False:
                continue
            moved = {_moved(scale, veto, i) for i in found}
            if truth is True:
                if moved != found or veto.effect == "grade":
                    changes.append(("veto", veto.code, scale.grades[max(moved)]))
                found = moved
            else:
                found |= moved
    return found


def _moved(scale: GradeScale, veto: Veto, index: int) -> int:
    last = len(scale.grades) - 1
    match veto.effect:
        case "cap":
            return max(index, scale.grades.index(veto.grade or ""))
        case "down":
            return min(last, index + veto.steps)
        case "grade":
            return max(index, scale.grades.index(veto.grade or ""))
    return index
