"""The figures of a cohort: means, rates, ranks, spread, grades, what stands out, what is missing.

Pure and exact: scores in, figures out.  Two definitions of the mean score rate are kept
apart: the ratio of sums (Σ score ÷ Σ full) and the mean of the units' own rates; they
agree only where full scores are equal.  A unit without a score is never counted as zero:
it is left out of means and ranks, and listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from typing import Literal

from ..dsl.frozen import frozen
from ..dsl.keywords import Language, word
from ..dsl.numbers import Exact, divide, simplest
from ..dsl.operations.lists import mean, median
from ..dsl.operations.powers import power
from .record import IndicatorRecord, Result

DEVIATION_PLACES = 4
LEAST_FOR_OUTLIERS = 5
FENCE = Fraction(3, 2)
MOST_WEAKEST = 5


@frozen
class Part:
    """What a unit got of one indicator; ``full`` are the points in force for it."""

    level: int
    code: str
    name: str
    score: Exact | None
    full: Exact
    individual: bool = False


@frozen
class UnitScore:
    """One unit's outcome as statistics see it; ``score`` is ``None`` where there is none."""

    name: str
    unit_type: str
    level: str | None
    region: str | None
    score: Exact | None
    full: Exact
    state: str = "decided"
    bounds: tuple[Exact, Exact] | None = None
    grade: str | None = None
    parts: tuple[Part, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def rate(self) -> Exact | None:
        return None if self.score is None or not self.full else divide(self.score, self.full)


@frozen
class Summary:
    """The figures of some scores, each of its own full score; ``count`` of ``given`` have one.

    ``deviation`` is the population standard deviation, rounded half up to
    `DEVIATION_PLACES` decimals.
    """

    given: int
    count: int
    total: Exact
    full: Exact
    mean: Exact | None = None
    rate_of_sums: Exact | None = None
    mean_of_rates: Exact | None = None
    median: Exact | None = None
    highest: Exact | None = None
    lowest: Exact | None = None
    spread: Exact | None = None
    deviation: Exact | None = None


@frozen
class PartSummary:
    level: int
    code: str
    name: str
    figures: Summary


@frozen
class Ranked:
    """A unit's place: 1 is the highest; equal ones share a place and the next is skipped."""

    place: int
    tied: bool
    unit: UnitScore


@frozen
class Outlier:
    """A unit beyond a fence: further than one and a half interquartile ranges from the middle half."""

    unit: UnitScore
    side: Literal["high", "low"]
    fence: Exact


@frozen
class CohortStatistics:
    """All figures of a cohort.

    ``by_score`` says whether places and outliers go by the score (all full scores are
    equal) or by the score rate.  ``missing`` maps what is waited for to the units that wait.
    """

    units: tuple[UnitScore, ...]
    total: Summary
    parts: tuple[PartSummary, ...]
    ranks: tuple[Ranked, ...]
    by_score: bool
    grades: Mapping[str, int]
    outliers: tuple[Outlier, ...]
    missing: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, Mapping[str, CohortStatistics]] = field(default_factory=dict)

    @property
    def undecided(self) -> tuple[UnitScore, ...]:
        return tuple(u for u in self.units if u.score is None)

    def weakest(self, level: int) -> tuple[PartSummary, ...]:
        """The indicators of a level that lost points, lowest rate first; at most a few."""
        rated = [p for p in self.parts if p.level == level and p.figures.rate_of_sums is not None and p.figures.rate_of_sums < 1]
        return tuple(sorted(rated, key=lambda p: p.figures.rate_of_sums or 0)[:MOST_WEAKEST])


GROUPS: Mapping[str, Callable[[UnitScore], str | None]] = {
    "type": lambda u: u.unit_type or None, "level": lambda u: u.level, "region": lambda u: u.region,
}  # fmt: skip


def cohort_statistics(units: Sequence[UnitScore], grades: Sequence[str] = (), by: Iterable[str] = ()) -> CohortStatistics:
    """The figures of ``units``; ``grades`` are all grades, best first; ``by`` are keys of `GROUPS`."""
    by_score = len({u.full for u in units}) <= 1
    found = CohortStatistics(
        tuple(units), summary([(u.score, u.full) for u in units]), _parts(units), ranked(units, by_score=by_score), by_score,
        _grades(units, grades), _outliers(units, by_score=by_score), _missing(units),
    )  # fmt: skip
    return replace(found, groups={key: _group(units, grades, GROUPS[key]) for key in by})


def _group(units: Sequence[UnitScore], grades: Sequence[str], of: Callable[[UnitScore], str | None]) -> dict[str, CohortStatistics]:
    names = dict.fromkeys(of(u) or "–" for u in units)
    return {n: cohort_statistics([u for u in units if (of(u) or "–") == n], grades) for n in names}


def summary(scores: Sequence[tuple[Exact | None, Exact]]) -> Summary:
    """The figures of (score, full score) pairs; those without a score, or without points, are not counted."""
    counted = [(s, f) for s, f in scores if s is not None and f]
    if not counted:
        return Summary(len(scores), 0, 0, 0)
    values = [s for s, _ in counted]
    total, full = simplest(sum(values, 0)), simplest(sum((f for _, f in counted), 0))
    return Summary(
        len(scores), len(counted), total, full, mean(values), divide(total, full), mean([divide(s, f) for s, f in counted]),
        median(values), max(values), min(values), simplest(max(values) - min(values)), standard_deviation(values, DEVIATION_PLACES),
    )  # fmt: skip


def standard_deviation(values: Sequence[Exact], places: int) -> Exact:
    """The population standard deviation √(Σ(x − mean)² ÷ n), rounded half up to ``places``."""
    middle = mean(values)
    return power(mean([simplest((v - middle) * (v - middle)) for v in values]), Fraction(1, 2), places)


def places_of(values: Sequence[Exact], *, descending: bool = True) -> list[int]:
    """Each value's place: 1 is the best, equal values share one, the next is skipped (1, 2, 2, 4)."""
    first: dict[Exact, int] = {}
    for place, value in enumerate(sorted(values, reverse=descending), 1):
        first.setdefault(value, place)
    return [first[v] for v in values]


def quartile(values: Sequence[Exact], share: Fraction) -> Exact:
    """The value below which ``share`` of the others lie, on a straight line between neighbours.

    With n values in order the place is share × (n − 1), counted from 0 (definition 7 of
    R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, 1996).
    """
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = at.numerator // at.denominator
    high = min(low + 1, len(ordered) - 1)
    return simplest(ordered[low] + (at - low) * (ordered[high] - ordered[low]))


def ranked(units: Sequence[UnitScore], *, by_score: bool) -> tuple[Ranked, ...]:
    """Units with a score by their place; equal ones keep the order of their names."""
    pairs = [(u, v) for u in units if (v := _measure(u, by_score=by_score)) is not None]
    places = places_of([v for _, v in pairs])
    found = [Ranked(p, places.count(p) > 1, u) for (u, _), p in zip(pairs, places, strict=True)]
    return tuple(sorted(found, key=lambda r: (r.place, r.unit.name)))


def _measure(unit: UnitScore, *, by_score: bool) -> Exact | None:
    return unit.score if by_score else unit.rate


def _outliers(units: Sequence[UnitScore], *, by_score: bool) -> tuple[Outlier, ...]:
    """Units beyond the fences of J. W. Tukey, Exploratory Data Analysis, 1977; at least five units."""
    pairs = [(u, v) for u in units if (v := _measure(u, by_score=by_score)) is not None]
    if len(pairs) < LEAST_FOR_OUTLIERS:
        return ()
    values = [v for _, v in pairs]
    lower, upper = quartile(values, Fraction(1, 4)), quartile(values, Fraction(3, 4))
    reach = FENCE * (upper - lower)
    low, high = simplest(lower - reach), simplest(upper + reach)
    found = [Outlier(u, "high", high) for u, v in pairs if v > high] + [Outlier(u, "low", low) for u, v in pairs if v < low]
    return tuple(sorted(found, key=lambda o: (o.side, o.unit.name)))


def _parts(units: Sequence[UnitScore]) -> tuple[PartSummary, ...]:
    """The figures of every indicator; the same level and name is the same indicator.

    They count the units that the total counts, so that both speak of the same units; one
    to which an indicator does not apply is left out for it.
    """
    met: dict[tuple[int, str], list[Part]] = {}
    for unit in units:
        for part in unit.parts:
            counted = part if unit.score is not None else replace(part, score=None)
            met.setdefault((part.level, part.name), []).append(counted)
    return tuple(
        PartSummary(level, parts[0].code, name, summary([(p.score, p.full) for p in parts])) for (level, name), parts in met.items()
    )


def _grades(units: Sequence[UnitScore], grades: Sequence[str]) -> dict[str, int]:
    found = dict.fromkeys(grades, 0)
    for unit in units:
        if unit.grade is not None:
            found[unit.grade] = found.get(unit.grade, 0) + 1
    return found


def _missing(units: Sequence[UnitScore]) -> dict[str, tuple[str, ...]]:
    waiting: dict[str, list[str]] = {}
    for unit in units:
        for name in unit.waiting:
            waiting.setdefault(name, []).append(unit.name)
    ordered = sorted(waiting.items(), key=lambda w: (-len(w[1]), w[0]))
    return {name: tuple(names) for name, names in ordered}


# ---- from results ----------------------------------------------------------------------------


def unit_score(result: Result) -> UnitScore:
    """A result as statistics see it; what must not be published (error, withheld) has no score."""
    unit = result.unit
    bounds = (result.bounds.low, result.bounds.high) if result.bounds is not None else None
    grade = result.grade.grade if result.grade is not None else None
    parts = tuple(
        _part(i.level, i.code, i.name, result.indicators[i.code], individual=i.individual) for i in result.ruleset.indicators
    )
    waiting = tuple(sorted({k.split(".", 1)[-1] for k in result.waiting}))
    return UnitScore(
        unit.name, unit.unit_type, unit.level, unit.region, result.score, result.full_score, result.state, bounds, grade, parts, waiting
    )


def _part(level: int, code: str, name: str, record: IndicatorRecord, *, individual: bool) -> Part:
    if record.state in ("out", "excluded"):
        return Part(level, code, name, None, 0, individual)
    return Part(level, code, name, record.score, record.points, individual)


def of_results(results: Sequence[Result], language: Language, by: Iterable[str] = ()) -> CohortStatistics:
    """The figures of results, from one ruleset or from several.

    Where units have different individual level-1 indicators, these are counted together
    as one called 个性指标.
    """
    units = [unit_score(r) for r in results]
    names = [frozenset(p.name for p in u.parts if p.level == 1 and p.individual) for u in units]
    if len(set(names)) > 1:
        units = [_individual_as_one(u, language) for u in units]
    scale = next((r.ruleset.scale() for r in results if r.ruleset.scale() is not None), None)
    return cohort_statistics(units, scale.grades if scale is not None else (), by)


def _individual_as_one(unit: UnitScore, language: Language) -> UnitScore:
    own = [p for p in unit.parts if p.level == 1 and p.individual]
    kept = tuple(p for p in unit.parts if not p.individual)
    if not own:
        return replace(unit, parts=kept)
    applying = [p for p in own if p.full]
    score = None if any(p.score is None for p in applying) else sum((p.score or 0 for p in applying), 0)
    name = word("INDIVIDUAL", language) + ("指标" if language == "zh" else " indicators")
    one = Part(1, "", name, score if applying else None, sum((p.full for p in applying), 0), True)
    return replace(unit, parts=(*kept, one))
