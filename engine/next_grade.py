"""How far the next better grade is, and what besides points stands in the way."""

from __future__ import annotations

from dataclasses import field
from fractions import Fraction

from ..dsl.frozen import frozen
from ..dsl.numbers import exact_text, percent_text, simplest
from .record import Result


@frozen
class NextGrade:
    """How far the next better grade is, and what besides points stands in the way."""

    grade: str
    bound: str
    distance_rate: str
    distance_points: str
    included: bool
    gates: tuple[str, ...] = field(default_factory=tuple)
    vetoes: tuple[str, ...] = field(default_factory=tuple)


def next_grade(result: Result) -> NextGrade | None:
    """The distance to the next better grade of the total, if there is one."""
    scale, found = result.ruleset.scale(), result.grade
    if scale is None or found is None or found.grade is None or result.score is None:
        return None
    at = scale.grades.index(found.grade)
    if at == 0 or scale.quotas:
        return None
    better = scale.bands[at - 1]
    low = better.interval.low
    if low is None:
        return None
    score = result.score_before_veto if result.score_before_veto is not None else result.score
    bound_points = low * result.full_score if scale.basis == "rate" else low
    distance = max(0, simplest(bound_points - score))
    rate = simplest(Fraction(distance) / result.full_score)
    gates = tuple(g.text for g in scale.gates if g.grade == better.grade and ("gate", g.text) in {c[:2] for c in found.changes})
    vetoes = tuple(v.code for v, r in zip(result.ruleset.vetoes, result.vetoes, strict=True) if r.applies)
    bound = percent_text(low) if scale.basis == "rate" else exact_text(low)
    return NextGrade(better.grade, bound, percent_text(rate), exact_text(distance), better.interval.low_included, gates, vetoes)
