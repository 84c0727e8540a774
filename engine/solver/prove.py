"""What a ruleset can come to: ranges, grades with a unit for each, what no unit reaches, what rises and falls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...dsl.model import Expression, Indicator, Ruleset
from ...dsl.numbers import Exact, distance
from ...dsl.substitute import references
from ..evaluate import evaluate
from ..record import Result
from ..unit import UnitData
from .ask import Clock, Impossible, Possible, ask, optimum
from .encoding import Encoding, encode, outside_expressions
from .parts import Asked, End, Part, Profile, Scope, asked, holding, keys_of, profile
from .rising import Rising, rising
from .spots import Spot, condition_spots, derived_spots, leaf_spots
from .terms import Term, Unsolvable, both, compare, either, no
from .tree import grade_terms, measured, parent_shapes, score_of, scored_units, whole
from .witness import facts_of, unit_with

#: How many bases and parts a search for a unit with some grade tries.
_MOST_BASES = 6


@dataclass(frozen=True)
class Reach:
    """A grade: ``reached`` with a unit and its result; proved to be out of reach (``False``); or not decided."""

    grade: str
    reached: bool | None
    unit: UnitData | None = None
    result: Result | None = None


@dataclass(frozen=True)
class Proof:
    """All that is proved of one ruleset on one day.

    ``scopes`` are the attainable scores by code, ``total`` those of the total; ``spots`` the
    bands, branches and conditions with whether some unit reaches them; ``between`` whether a
    total can lie between the grade bands (``False``: proved that none does); ``unsolved``
    what was not given to the solver, by code or text, and why.
    """

    ruleset: Ruleset
    day: date
    scopes: Mapping[str, Scope]
    total: Scope
    grades: tuple[Reach, ...]
    between: bool | None
    spots: tuple[Spot, ...]
    rising: tuple[Rising, ...]
    unsolved: Mapping[str, str]

    @property
    def never(self) -> tuple[Spot, ...]:
        """The spots that are proved to be wrong: reached by no unit, or a gap that some unit falls into."""
        return tuple(s for s in self.spots if (s.reached is True if s.kind == "gap" else s.reached is False))


def prove(ruleset: Ruleset, day: date, seconds: int) -> Proof:
    """Prove what a ruleset can come to on a day.  Never runs much longer than ``seconds``."""
    clock = Clock(seconds)
    known = profile(ruleset, day, clock)
    prover = _Prover(known, clock)
    scopes = {**known.scopes, **prover.parents()}
    total = prover.total()
    grades = tuple(prover.grades())
    return Proof(
        ruleset, day, scopes, total, grades, prover.between(), tuple(spots(known, prover.seen(), clock)),
        tuple(rising(ruleset, day, known.parts, clock)), {**known.unsolved, **prover.unsolved},
    )  # fmt: skip


# ---- ranges and grades --------------------------------------------------------------------------


@dataclass(eq=False)
class _Prover:
    """Asks about parents, the total and the grades, with the level-3 indicators known by their ranges."""

    known: Profile
    clock: Clock

    def __post_init__(self) -> None:
        ruleset, day = self.known.ruleset, self.known.day
        self.path = [(f, evaluate(ruleset, unit_with([ruleset], f, "…", day))) for f in self.known.path]
        self.path = [(f, r) for f, r in self.path if r.state == "decided"]
        self.unsolved: dict[str, str] = {}
        self.tied = self._tied()
        (self.rough,) = encode([ruleset], day, codes=self.tied, scaled=False)
        for code, scope in self.known.scopes.items():
            leaf = self.rough.leaf(code)
            for sign, end in ((">=", scope.low.value), ("<=", scope.high.value)):
                self.rough.assumed.append(either(no(leaf.scored), compare(leaf.score(), sign, end)))

    def _tied(self) -> set[str]:
        """Indicators that share data and cannot all be at one end together."""
        found: set[str] = set()
        for part in self.known.parts:
            for facts, side in ((self.known.best, "high"), (self.known.worst, "low")):
                own = facts[self.known.parts.index(part)]
                if own is None or len(part.codes) < 2:
                    continue
                result = evaluate(self.known.ruleset, unit_with([self.known.ruleset], {**self.known.path[0], **own}, "…", self.known.day))
                ends = [getattr(self.known.scopes[c], side).value for c in part.codes]
                if any(result.indicators[c].score != e for c, e in zip(part.codes, ends, strict=True)):
                    found |= set(part.codes)
        return found

    def parents(self) -> dict[str, Scope]:
        """The attainable scores of every parent."""
        found = {}
        for indicator in self.known.ruleset.indicators:
            if indicator.children:
                found[indicator.code] = self._scope(
                    lambda e, i=indicator: score_of(parent_shapes(e, i)), lambda r, i=indicator: r.indicators[i.code].score, indicator.points  # type: ignore[misc]
                )
        return found

    def total(self) -> Scope:
        """The attainable totals."""

        def term(encoding: Encoding) -> tuple[Term, Term]:
            found = whole(encoding)
            return found.score, found.in_force

        bonus = sum((a.indicator.points for a in self.known.ruleset.adjustments if a.kind == "bonus" and a.inside_total), 0)
        return self._scope(term, lambda r: r.score, self.known.ruleset.full_score + bonus)

    def _scope(self, term: Callable[[Encoding], tuple[Term, Term]], score: Callable[[Result], Exact | None], most: Exact) -> Scope:
        """Both ends: those of the units along the way, proved to be the ends by all the indicators' ranges."""
        reached = [(s, f) for f, r in self._tries() if (s := score(r)) is not None]
        held = scored_units(self.rough)
        try:
            goal, scored = term(self.rough)
        except Unsolvable as unsolvable:
            self.unsolved["…"] = unsolvable.why
            return Scope(End(0, None, {}), End(most, None, {}))
        ends = []
        for direction in (-1, 1):
            best = max(reached, key=lambda pair: direction * pair[0], default=None)
            beyond = None if best is None else ask([self.rough], [*held, scored, compare(goal, "<" if direction < 0 else ">", best[0])], self.clock.at_most(10))
            if best is not None and isinstance(beyond, Impossible):
                ends.append(End(best[0], True, best[1]))
                continue
            ends.append(self._end(term, direction, (0 if direction < 0 else most), best))
        return Scope(ends[0], ends[1])

    def _end(
        self, term: Callable[[Encoding], tuple[Term, Term]], direction: int, most: Exact, best: tuple[Exact, dict[str, Any]] | None
    ) -> End:
        """An end of scores that no unit along the way reaches: by reading every indicator, or else a limit that none passes."""
        (full,) = encode([self.known.ruleset], self.known.day)
        goal, scored = term(full)
        found = optimum(full, [*scored_units(full), scored], goal, direction, self.clock.at_most(5))
        if found is not None and not full.unsolved:
            answer = ask([full], [*scored_units(full), scored, compare(goal, "=", found[0])], self.clock.at_most(5)) if found[1] else None
            if isinstance(answer, Possible):
                return End(found[0], True, facts_of([full], answer, frozenset(k for p in self.known.parts for k in p.keys)))
            if not found[1]:
                return End(found[0], False, best[1] if best is not None else {})
        goal, scored = term(self.rough)
        rough = optimum(self.rough, [*scored_units(self.rough), scored], goal, direction, self.clock.at_most(5))
        return End(rough[0] if rough is not None else most, None, best[1] if best is not None else {})

    def _tries(self) -> list[tuple[dict[str, Any], Result]]:
        """The units along the way, those at its ends also with each fact outside the indicators turned round."""
        if "tries" not in self.__dict__:
            ruleset = self.known.ruleset
            keys = keys_of(ruleset, outside_expressions(ruleset))
            more = []
            for facts, _ in (*self.path[:1], *self.path[-1:]):
                flipped = {k: not facts[k] for k in keys if isinstance(facts.get(k), bool)}
                more += [{**facts, k: v} for k, v in flipped.items()]
                more.append({**facts, **flipped})
            results = [(f, evaluate(ruleset, unit_with([ruleset], f, "…", self.known.day))) for f in more]
            self.__dict__["tries"] = [*self.path, *((f, r) for f, r in results if r.state == "decided")]
        found: list[tuple[dict[str, Any], Result]] = self.__dict__["tries"]
        return found

    def seen(self) -> list[Mapping[str, Any]]:
        """The values of the units that have been run."""
        return [r.values for _, r in self._tries()]

    def between(self) -> bool | None:
        """Whether some total lies in none of the grade bands."""
        ruleset = self.known.ruleset
        scale = ruleset.scale()
        if scale is None:
            return False
        try:
            value = measured(scale, whole(self.rough).score, ruleset.full_score)
        except Unsolvable:
            return None
        outside = []
        for band in scale.bands:
            low, high = band.interval.low, band.interval.high
            above = True if low is None else compare(value, ">=" if band.interval.low_included else ">", low)
            below = True if high is None else compare(value, "<=" if band.interval.high_included else "<", high)
            outside.append(no(both(above, below)))
        answer = ask([self.rough], [*scored_units(self.rough), both(*outside)], self.clock.at_most(10))
        return False if isinstance(answer, Impossible) else None

    # ---- grades ----

    def grades(self) -> Iterator[Reach]:
        """Every grade of the total, best first."""
        ruleset = self.known.ruleset
        scale = ruleset.scale()
        if scale is None and not ruleset.worst_of:
            return
        order = scale or ruleset.scale(ruleset.worst_of[0])
        assert order is not None
        for index, name in enumerate(order.grades):
            known = next((f for f, r in self._tries() if r.grade is not None and r.grade.grade == name), None)
            found = self._grade(index) if known is None else known
            if isinstance(found, dict):
                title = f"见证：{name}（示例）" if ruleset.language == "zh" else f"witness: {name} (made up)"
                title = ruleset.units[0] if ruleset.units else title  # one of those that the ruleset is for
                unit = unit_with([ruleset], found, title, self.known.day)
                yield Reach(name, True, unit, evaluate(ruleset, unit))
            else:
                yield Reach(name, found)

    def _grade(self, index: int) -> dict[str, Any] | bool | None:
        """Data of a unit with a grade, ``False`` if there is none, ``None`` if that is not decided."""
        try:
            terms = grade_terms(self.rough)[1]
            answer = ask([self.rough], [*scored_units(self.rough), whole(self.rough).in_force, terms[index]], self.clock.at_most(10))
        except Unsolvable:
            return None
        if isinstance(answer, Impossible):
            return False
        target = answer.value(whole(self.rough).score) if isinstance(answer, Possible) else 0
        (full,) = encode([self.known.ruleset], self.known.day)
        answer = ask([full], [*scored_units(full), whole(full).in_force, grade_terms(full)[1][index]], self.clock.at_most(5))
        if isinstance(answer, Impossible):
            return False
        if isinstance(answer, Possible) and not full.unsolved:
            keys = frozenset(k for p in self.known.parts for k in p.keys)
            return {**self.known.path[0], **facts_of([full], answer, keys)}
        return search(self.known, self._tries(), target, lambda e: grade_terms(e)[1][index], self.clock)


def search(
    known: Profile, tries: Sequence[tuple[dict[str, Any], Result]], target: Exact, goal: Callable[[Encoding], Term], clock: Clock
) -> dict[str, Any] | None:
    """Data of a unit that meets a goal, looked for near some total, with one part of the data free at a time."""
    near = sorted(tries, key=lambda pair: distance(pair[1].score or 0, target))[:_MOST_BASES]
    for facts, _ in near:
        for part in known.parts:
            if clock.is_up:
                return None
            (encoding,) = encode([known.ruleset], known.day, fixed={k: v for k, v in facts.items() if k not in part.keys})
            try:
                wanted = [*scored_units(encoding), whole(encoding).in_force, goal(encoding)]
            except Unsolvable:
                return None
            answer = ask([encoding], wanted, clock.at_most(3))
            if isinstance(answer, Possible) and not encoding.unsolved:
                return {**facts, **facts_of([encoding], answer, part.keys)}
    return None


# ---- what no unit reaches -----------------------------------------------------------------------------


def spots(known: Profile, seen: Sequence[Mapping[str, Any]], clock: Clock) -> Iterator[Spot]:
    """Every band, branch and condition of a ruleset; ``seen`` are the values of units that have been run."""
    ruleset = known.ruleset
    for part in known.parts:
        question = asked(ruleset, known.day, part, clock)
        for code in part.codes:
            yield from leaf_spots(question, ruleset.by_code[code])
    for derived in ruleset.derived:
        yield from derived_spots(_about(known, [derived.expression], clock), ruleset, derived.key)
    for veto in ruleset.vetoes:
        yield from condition_spots(_about(known, [veto.condition], clock), veto.condition, veto.code, veto.place, veto.text, seen)
    for scale in ruleset.scales:
        for gate in scale.gates:
            yield from condition_spots(_about(known, [gate.condition], clock), gate.condition, gate.grade, gate.place, gate.text, seen)
    for adjustment in ruleset.adjustments:
        if adjustment.only_if is not None:
            one = adjustment.indicator
            yield from condition_spots(_about(known, [adjustment.only_if], clock), adjustment.only_if, one.code, one.place, one.name, seen)
    for word in ruleset.unscored:
        yield from condition_spots(_about(known, [word.condition], clock, scored=False), word.condition, word.word, word.place, word.text, seen)


def _about(known: Profile, expressions: Sequence[Expression], clock: Clock, *, scored: bool = True) -> Asked:
    """A question about conditions outside the indicators, whose scores are known by their ranges."""
    ruleset = known.ruleset
    keys = keys_of(ruleset, expressions)
    (encoding,) = encode([ruleset], known.day, codes=_leaves_of(ruleset, expressions, keys), scaled=False)
    held: list[Term] = []
    if scored:
        held = holding(encoding, keys)
    part = Part((), keys)
    return Asked(encoding, part, clock.at_most(10), held)


def _leaves_of(ruleset: Ruleset, expressions: Sequence[Expression], keys: frozenset[str]) -> set[str]:
    named = [k.partition(".")[2] for e in expressions for k in references(e) if k.startswith(("score.", "rate."))]
    found: set[str] = set()
    while named:
        indicator: Indicator = ruleset.by_code[named.pop()]
        named += indicator.children
        if not indicator.children:
            found.add(indicator.code)
    return found


__all__ = ["Proof", "Reach", "prove", "search", "spots"]
