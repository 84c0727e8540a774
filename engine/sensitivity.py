"""What can move a grade: weights, thresholds, parameters and data, each moved by a share of itself.

Every figure comes from running the units through the engine with one thing changed; the
changed rulesets are those of `mutate.py` and `weights.py`.  Nothing is estimated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from ..dsl.describe import show_number
from ..dsl.frozen import frozen
from ..dsl.keywords import Language, word
from ..dsl.model import DataItem, GradeScale, Ruleset
from ..dsl.numbers import Exact, distance, divide, exact_text, simplest
from .candidates import Changed, apply
from .evaluate import evaluate
from .mutate import Manner, Mutant, mutants, same_leaf
from .record import Result
from .unit import Entry, UnitData
from .weights import WrongShift, reweighted, single_moves

Kind = Literal["weight", "number", "input"]


@frozen
class Effect:
    """What one change does to the units of a cohort.

    ``grades`` are (unit, grade before, after) by the number of the unit, where a word or a
    state stands for a grade that is not there; ``scores`` counts the units whose score
    moves, ``largest`` is the most that one moves; ``invalid`` the units whose data the
    change makes contradictory, of which nothing else is said.  ``turned`` counts the pairs
    of units that change places, of ``pairs`` that have a score both times.
    """

    grades: tuple[tuple[int, str, str], ...] = ()
    scores: int = 0
    largest: Exact = 0
    other: int = 0
    invalid: int = 0
    turned: int = 0
    pairs: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.grades or self.scores or self.other or self.invalid)


@frozen
class Move:
    """One thing moved one way: what stands there, what stands there then, what that does.

    The changed ruleset is kept where that is nothing: other units may tell.
    """

    before: str
    after: str
    effect: Effect
    ruleset: Ruleset | None = None


@frozen
class Factor:
    """One weight, number of the ruleset or data item, with the ways in which it was moved.

    ``what`` is the kind of number (`Mutant.kind`), ``weight`` or ``input``; ``moves`` is
    empty where nothing was there to be moved.
    """

    kind: Kind
    what: str
    code: str
    name: str
    line: int
    moves: tuple[Move, ...]

    @property
    def never(self) -> bool:
        """Whether no move of it does anything to any of the units."""
        return all(m.effect.nothing for m in self.moves)

    @property
    def grades(self) -> int:
        """How many units get another grade by some move of it."""
        return len({unit for m in self.moves for unit, _, _ in m.effect.grades})

    @property
    def largest(self) -> Exact:
        return max((m.effect.largest for m in self.moves), default=0)


@frozen
class Elsewhere:
    """A unit to which something matters: what changes (a code, ``total``, ``grade`` or ``state``), and the unit's data."""

    what: str
    before: str
    after: str
    data: tuple[str, ...]


@frozen
class Boundary:
    """How far a unit's score is from the limit of another grade: the grade, and the points to it.

    ``reached`` tells whether the other grade is had at the limit itself or only beyond it.
    """

    grade: str
    points: Exact
    reached: bool


@frozen
class Standing:
    """A unit's grade by its score, the limits next to it, and what holds the grade elsewhere (gates and vetoes)."""

    better: Boundary | None
    worse: Boundary | None
    held_by: tuple[tuple[str, str, str], ...] = ()

    @property
    def nearest(self) -> Boundary | None:
        return min((b for b in (self.better, self.worse) if b is not None), key=lambda b: b.points, default=None)


@dataclass(frozen=True)
class Cohort:
    """Units under one ruleset, evaluated."""

    ruleset: Ruleset
    units: tuple[UnitData, ...]
    results: tuple[Result, ...]

    def under(self, ruleset: Ruleset) -> tuple[Result, ...]:
        """The same units under another ruleset."""
        return tuple(evaluate(ruleset, u) for u in self.units)


def cohort_of(ruleset: Ruleset, units: Sequence[UnitData]) -> Cohort:
    return Cohort(ruleset, tuple(units), tuple(evaluate(ruleset, u) for u in units))


def outcome(result: Result) -> str:
    """The grade, or the word or the state that stands for it."""
    if result.grade is not None and result.grade.grade is not None:
        return result.grade.grade
    return result.unscored or result.state


def effect(before: Sequence[Result], after: Sequence[Result]) -> Effect:
    """What became of some units, one by one."""
    grades: list[tuple[int, str, str]] = []
    scores = other = invalid = 0
    largest: Exact = 0
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if old is new:
            continue
        if new.state == "error" and old.state != "error":
            invalid += 1
            continue
        if outcome(old) != outcome(new):
            grades.append((number, outcome(old), outcome(new)))
        if old.score != new.score:
            scores += 1
            if old.score is not None and new.score is not None:
                largest = max(largest, distance(old.score, new.score))
        elif old.bounds != new.bounds or (old.grade is not None and new.grade is not None and old.grade.possible != new.grade.possible):
            other += 1
    turned, pairs = _turned(before, after) if scores else (0, 0)
    return Effect(tuple(grades), scores, largest, other, invalid, turned, pairs)


def _turned(before: Sequence[Result], after: Sequence[Result]) -> tuple[int, int]:
    """The pairs of units of which another one is ahead, or that are level only before or only after; and all pairs."""
    scores = [(o.score, n.score) for o, n in zip(before, after, strict=True) if o.score is not None and n.score is not None]
    turned = 0
    for position, (old, new) in enumerate(scores):
        for old_other, new_other in scores[:position]:
            turned += _order(old, old_other) != _order(new, new_other)
    return turned, len(scores) * (len(scores) - 1) // 2


def _order(left: Exact, right: Exact) -> int:
    return (left > right) - (left < right)


def _kept(before: str, after: str, found: Effect, ruleset: Ruleset) -> Move:
    return Move(before, after, found, ruleset if found.nothing else None)


# ---- weights -----------------------------------------------------------------------------------


def weights(cohort: Cohort, share: Exact) -> Iterator[Factor]:
    """Every weight moved up and down by a share of itself, its siblings making up for it in proportion."""
    moves: dict[str, list[Move]] = {}
    for indicator, shift in single_moves(cohort.ruleset, share):
        try:
            changed = reweighted(cohort.ruleset, {indicator.code: shift}, in_proportion=True).ruleset
        except WrongShift:
            continue
        points = simplest(indicator.points + shift)
        found = effect(cohort.results, cohort.under(changed))
        moves.setdefault(indicator.code, []).append(_kept(exact_text(indicator.points), exact_text(points), found, changed))
    for code, both in moves.items():
        indicator = cohort.ruleset.by_code[code]
        yield Factor("weight", "weight", code, indicator.name, indicator.place.line, tuple(both))


# ---- numbers of the ruleset -------------------------------------------------------------------


def numbers(cohort: Cohort, share: Exact) -> Iterator[Factor]:
    """Every number of the ruleset moved up and down by a share of itself: parameters, ends of bands, steps, constants.

    A zero has no share to be moved by and is left out.
    """
    manner = Manner(lambda value, _: _both_ways(value, share), numbers_only=True)
    previous: tuple[Mutant, list[Move]] | None = None
    for mutant in mutants(cohort.ruleset, manner):
        move = _kept(mutant.before, mutant.after, effect(cohort.results, _under(cohort, mutant)), mutant.ruleset)
        if previous is not None and len(previous[1]) == 1 and _same_number(previous[0], mutant):
            previous[1].append(move)
            continue
        if previous is not None:
            yield _number(cohort.ruleset, *previous)
        previous = (mutant, [move])
    if previous is not None:
        yield _number(cohort.ruleset, *previous)


def _both_ways(value: Exact, share: Exact) -> Iterator[Exact]:
    if value:
        yield from (simplest(value * (1 - share)), simplest(value * (1 + share)))


def _same_number(one: Mutant, other: Mutant) -> bool:
    return (one.kind, one.code, one.place, one.before) == (other.kind, other.code, other.place, other.before)


def _number(ruleset: Ruleset, mutant: Mutant, moves: Sequence[Move]) -> Factor:
    indicator = ruleset.by_code.get(mutant.code)
    return Factor("number", mutant.kind, mutant.code, indicator.name if indicator is not None else "", mutant.place.line, tuple(moves))


def _under(cohort: Cohort, mutant: Mutant) -> tuple[Result, ...]:
    """The units under a changed ruleset; those to whose changed indicator nothing happens are not evaluated again."""
    return tuple(
        r if mutant.leaf is not None and same_leaf(mutant, mutant.leaf, r) else evaluate(mutant.ruleset, r.unit) for r in cohort.results
    )  # fmt: skip


# ---- data --------------------------------------------------------------------------------------


def inputs(cohort: Cohort, share: Exact) -> Iterator[Factor]:
    """Every data item of every unit moved: numbers by a share of themselves, the rest to what else it can be.

    Dates and texts are not moved; a factor without moves says so.
    """
    for item in cohort.ruleset.data:
        moves: list[Move] = []
        for number, result in enumerate(cohort.results):
            mine = result.unit.assessments.get(cohort.ruleset.deciding_track, {}) if item.assessed else result.unit.values
            entry = mine.get(item.name)
            for value in _other_values(item, entry, share):
                after = evaluate(cohort.ruleset, apply(cohort.ruleset, result.unit, Changed({item.name: value})))
                before, then = (_told(item, v, cohort.ruleset.language) for v in (entry, value))
                moves.append(Move(before, then, _alone(number, effect([result], [after]))))
        indicator = cohort.ruleset.by_code.get(item.name)  # where only the scores of indicators are known
        yield Factor("input", "input", item.name, indicator.name if indicator is not None else "", item.place.line, tuple(moves))


def _alone(number: int, found: Effect) -> Effect:
    """The effect on one unit, by its number in the cohort."""
    return replace(found, grades=tuple((number, b, a) for _, b, a in found.grades), turned=0, pairs=0)


def _other_values(item: DataItem, entry: Entry | None, share: Exact) -> Iterator[Entry]:
    match item.type.kind:
        case "yes_no" if isinstance(entry, bool):
            yield not entry
        case "choice" if isinstance(entry, str):
            yield from (o for o in item.type.options if o != entry)
        case "number" if isinstance(entry, (int, Fraction)) and not isinstance(entry, bool):
            yield from (v for v in dict.fromkeys(_moved(item, entry, share, sign) for sign in (-1, 1)) if v != entry)
        case "numbers" if isinstance(entry, tuple):
            listed = [v for v in entry if isinstance(v, (int, Fraction))]
            lists = [tuple(_moved(item, v, share, sign) for v in listed) for sign in (-1, 1)]
            yield from (v for v in dict.fromkeys(lists) if v != entry)
        case "records" if isinstance(entry, tuple) and entry:
            yield entry[:-1]
            yield (*entry, entry[-1])


def _moved(item: DataItem, value: Exact, share: Exact, sign: int) -> Exact:
    """A number moved by a share of itself, a whole one by at least one, within its declared range."""
    by = simplest(distance(value, 0) * share)
    if item.type.whole:
        by = max(1, -(-by.numerator // by.denominator))
    moved = simplest(value + sign * by)
    low = moved if item.low is None else max(item.low, moved)
    return low if item.high is None else min(item.high, low)


def _told(item: DataItem, value: Any, language: Language) -> str:
    """A value of a data item as the reader writes it; of records how many there are."""
    if isinstance(value, bool):
        return word("YES" if value else "NO", language)
    if isinstance(value, (int, Fraction)):
        return show_number(value, item.type, language)
    if isinstance(value, tuple) and item.type.kind == "records":
        return f"{len(value)}条" if language == "zh" else f"{len(value)} records"
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(exact_text(v) for v in value)
    return str(value)


# ---- how near the next grade is --------------------------------------------------------------------


def standing(ruleset: Ruleset, result: Result) -> Standing | None:
    """Where a unit's score stands among the limits of grades; ``None`` without a score or grades."""
    scale = ruleset.scale()
    if scale is None or result.score is None or result.grade is None or result.grade.by_band is None:
        return None
    place = scale.grades.index(result.grade.by_band)
    better = worse = None
    if place:
        limit, included = _lower_end(scale, place - 1, result.full_score)
        better = Boundary(scale.grades[place - 1], distance(limit, result.score), included)
    if place + 1 < len(scale.bands):
        limit, included = _lower_end(scale, place, result.full_score)
        worse = Boundary(scale.grades[place + 1], distance(limit, result.score), not included)
    return Standing(better, worse, result.grade.changes)


def _lower_end(scale: GradeScale, place: int, full: Exact) -> tuple[Exact, bool]:
    """The least score that a grade asks for, and whether that score itself is enough."""
    interval = scale.bands[place].interval
    limit, included = interval.low, interval.low_included
    assert limit is not None
    if scale.rounded:  # rounded half up, a value reaches a place from half of one below it (`measured`)
        places = 2 if scale.basis == "score" else 3
        limit, included = _first_rounded(limit, places, included=included) - Fraction(1, 2 * 10**places), True
    return simplest(limit if scale.basis == "score" else limit * full), included


def _first_rounded(limit: Exact, places: int, *, included: bool) -> Exact:
    """The least number of so many decimals at or above ``limit``, or above it."""
    scaled = limit * 10**places
    whole = -(-scaled.numerator // scaled.denominator)
    if not included and whole == scaled:
        whole += 1
    return divide(whole, 10**places)


def grade_counts(results: Sequence[Result]) -> Mapping[str, int]:
    """How many units have each grade, or the word or state that stands for it."""
    found: dict[str, int] = {}
    for result in results:
        found[outcome(result)] = found.get(outcome(result), 0) + 1
    return found
