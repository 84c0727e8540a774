"""Why not a better grade: how far it is, and the smallest sets of changes in data that would reach it.

A set is tried by what each indicator could score at most if just these data changed
(asked of the solver, indicator by indicator), then by the engine, and where the two leave
it open by the solver on the whole ruleset.  Data marked as given (既定, ``fixed``) stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from ...dsl.frozen import frozen
from ...dsl.model import DataItem, Ruleset, Veto
from ...dsl.numbers import Exact, distance, simplest
from ..evaluate import evaluate
from ..record import Result
from ..unit import UnitData
from .ask import Clock, Impossible, Possible, ask
from .encoding import encode, leaf_expressions, outside_expressions
from .parts import Part, asked, evidence_keys, keys_of, parts_of, scope_of
from .terms import Unsolvable, either
from .tree import grade_terms, scored_units, whole
from .witness import facts_of

#: The step by which a number that is not whole is moved: a hundredth, of a percentage a thousandth.
_STEP = Fraction(1, 100)
_PERCENT_STEP = Fraction(1, 1000)


class Unanswerable(Exception):
    """The unit is not one that can be asked about: its data are not all there, or something is claimed not to apply."""


@frozen
class Change:
    """One data item or kind of evidence, as it is and as it would have to be."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ChangeSet:
    """Changes that reach the grade, none of which can be left out, the evidence they need, and the engine's result."""

    changes: tuple[Change, ...]
    evidence: tuple[str, ...]
    result: Result


@dataclass(frozen=True)
class WhyNot:
    """The answer for one unit.

    ``wanted`` and ``score`` are points of the total (``wanted`` is ``None`` for a grade
    without a lower limit); ``blocking`` are the vetoes that keep the grade away whatever the points; ``complete`` tells that there are
    no other minimal sets of up to ``size`` changes; ``undecided`` counts sets left open.
    """

    result: Result
    grade: str
    score: Exact
    wanted: Exact | None
    blocking: tuple[str, ...]
    gates: tuple[str, ...]
    sets: tuple[ChangeSet, ...]
    size: int
    complete: bool
    undecided: int


def why_not(ruleset: Ruleset, unit: UnitData, grade: str, *, size: int, most: int, seconds: int) -> WhyNot:
    """The smallest sets of changes with which a unit would get a grade or a better one.

    Raises `Unanswerable` for a unit whose result is not decided, and `ValueError` for a
    grade that the ruleset does not have.
    """
    result = evaluate(ruleset, unit)
    scale = ruleset.scale()
    if scale is None or grade not in scale.grades:
        raise ValueError(grade)
    if result.state != "decided" or result.score is None or result.waiting or unit.not_applicable:
        raise Unanswerable
    seeker = _Seeker(ruleset, unit, result, scale.grades.index(grade), Clock(seconds))
    low = scale.bands[seeker.goal].interval.low
    wanted = None if low is None else low * ruleset.full_score if scale.basis == "rate" else low
    found = [] if seeker.reaches(result) else list(seeker.sets(size, most))
    gates = tuple(g.text for g in scale.gates if g.grade == grade and any(c[:2] == ("gate", g.text) for c in (result.grade.changes if result.grade else ())))
    blocking = tuple(v.code for v, r in zip(ruleset.vetoes, result.vetoes, strict=True) if r.applies and seeker.limits(v))
    before = result.score_before_veto if result.score_before_veto is not None else result.score
    complete = len(found) < most and not seeker.undecided and not seeker.clock.is_up
    return WhyNot(result, grade, before, wanted, blocking, gates, tuple(found), size, complete, seeker.undecided)


@dataclass(eq=False)
class _Seeker:
    """Looks for sets of changes of one unit."""

    ruleset: Ruleset
    unit: UnitData
    result: Result
    goal: int
    clock: Clock
    undecided: int = 0

    def __post_init__(self) -> None:
        ruleset = self.ruleset
        mine = self.unit.assessments.get(ruleset.deciding_track, {})
        self.facts: dict[str, Any] = {d.key: (mine if d.assessed else self.unit.values).get(d.name) for d in ruleset.data}
        self.facts |= {"unit.type": self.unit.unit_type}
        self.facts |= {"unit.level": self.unit.level} if self.unit.level is not None else {}
        self.leaves = {c: i for c, i in ruleset.by_code.items() if not i.children}
        self.keys = {c: keys_of(ruleset, leaf_expressions(i)) for c, i in self.leaves.items()}
        papers = {k for keys in self.keys.values() for k in keys if k.startswith("document.")}
        papers |= {k for i in self.leaves.values() for k in evidence_keys(i)}
        given = {e.kind for e in self.unit.evidence or ()}
        self.facts |= {k: k.removeprefix("document.") in given for k in papers}
        self.outside = keys_of(ruleset, outside_expressions(ruleset))
        self.most: dict[tuple[str, frozenset[str]], tuple[Exact, Mapping[str, Any]]] = {}
        self.parts: dict[str, Part] = {c: p for p in parts_of(ruleset) for c in p.codes}

    @property
    def changeable(self) -> list[str]:
        """The data and evidence that a result rests on and that are not given."""
        used = frozenset().union(*self.keys.values(), self.outside)
        data = [d.key for d in self.ruleset.data if d.key in used and not d.fixed]
        tied = [k for p in parts_of(self.ruleset) if p.keys & used for k in p.keys if k.startswith("data.") and k not in data]
        data += [k for k in tied if isinstance(d := self.ruleset.by_key.get(k), DataItem) and not d.fixed]
        return [*dict.fromkeys(data), *sorted(k for k in self.facts if k.startswith("document."))]

    def reaches(self, result: Result) -> bool:
        scale = self.ruleset.scale()
        return (
            result.state == "decided" and scale is not None and result.grade is not None and result.grade.grade is not None
            and scale.grades.index(result.grade.grade) <= self.goal
        )  # fmt: skip

    def sets(self, size: int, most: int) -> Iterator[ChangeSet]:
        """Minimal sets, the smallest first."""
        found: list[frozenset[str]] = []
        names = self.changeable
        for count in range(1, size + 1):
            for chosen in combinations(names, count):
                keys = frozenset(chosen)
                if any(f <= keys for f in found) or len(found) >= most:
                    continue
                if self.clock.is_up:
                    self.undecided += 1
                    return
                facts = self._tried(keys)
                if facts is not None:
                    found.append(keys)
                    yield self._set(chosen, self._nearer(chosen, facts))

    def _nearer(self, chosen: tuple[str, ...], facts: dict[str, Any]) -> dict[str, Any]:
        """The same changes with every number as near to what it was as the engine allows, found by halving."""
        for key in chosen:
            item = self.ruleset.by_key.get(key)
            before = self.facts[key]
            if not isinstance(item, DataItem) or item.type.kind != "number" or before is None:
                continue
            step = 1 if item.type.whole else _PERCENT_STEP if item.type.share == "percent" else _STEP
            near, far = 0, int(distance(facts[key], before) // step)
            sign = 1 if facts[key] > before else -1
            while far - near > 1:
                middle = (near + far) // 2
                trial = {**facts, key: simplest(before + sign * middle * step)}
                if self.reaches(self._run(trial)):
                    facts, far = trial, middle
                else:
                    near = middle
        return facts

    def _set(self, chosen: tuple[str, ...], facts: Mapping[str, Any]) -> ChangeSet:
        changes = tuple(Change(k, self.facts[k], facts[k]) for k in chosen)
        given = {e.kind for e in self.unit.evidence or ()}
        touched = [i for c, i in self.leaves.items() if self.keys[c] & set(chosen)]
        kinds = dict.fromkeys(k for i in touched for r in i.evidence if r.need != "if_present" for k in r.kinds)
        return ChangeSet(changes, tuple(k if k in given else f"+{k}" for k in kinds), self._run(facts))

    # ---- one set ----

    def _tried(self, keys: frozenset[str]) -> dict[str, Any] | None:
        """Data of the unit with just these changed, if that reaches the grade and changes all of them."""
        facts = dict(self.facts)
        touched = [c for c in self.leaves if keys & (self.keys[c] | evidence_keys(self.leaves[c]))]
        if not touched and not keys & self.outside and not any(keys & p.keys for p in self.parts.values()):
            return None
        alone = True
        for code in touched:
            best = self._most(code, keys & self.parts[code].keys if code in self.parts else keys)
            alone = alone and all(facts[k] in (self.facts[k], v) for k, v in best[1].items() if k in facts)
            facts.update({k: v for k, v in best[1].items() if k in keys})
        if alone and self.reaches(self._run(facts)) and all(facts[k] != self.facts[k] for k in keys):
            return facts
        if not self._enough(keys, touched):
            return None
        return self._asked(keys)

    def _most(self, code: str, keys: frozenset[str]) -> tuple[Exact, Mapping[str, Any]]:
        """The most that an indicator scores with just these data changed, and with what."""
        if (code, keys) not in self.most:
            part = self.parts[code]
            keys_fixed = {k: v for k, v in self.facts.items() if k not in keys}
            question = asked(self.ruleset, self.unit.as_of, replace(part, codes=(code,)), self.clock, fixed=keys_fixed)
            high = scope_of(question, code).high
            self.most[code, keys] = high.value, {k: v for k, v in high.facts.items() if k in keys}
        return self.most[code, keys]

    def _enough(self, keys: frozenset[str], touched: list[str]) -> bool:
        """Whether the points could suffice, where the total is a plain sum; else whatever is asked."""
        ruleset = self.ruleset
        plain = all(i.combine == "sum" and i.ceiling is None and i.floor is None and i.rounding is None for i in ruleset.indicators if i.children)
        scale = ruleset.scale()
        assert scale is not None
        low = scale.bands[self.goal].interval.low
        if not plain or low is None or ruleset.adjustments or scale.rounded or ruleset.roundings.get("total") or self._out(touched):
            return True
        wanted = low * ruleset.full_score if scale.basis == "rate" else low
        gain = sum((self._most(c, keys & self.parts[c].keys)[0] - (self.result.indicators[c].score or 0) for c in touched), 0)
        before = self.result.score_before_veto if self.result.score_before_veto is not None else self.result.score
        applying = [v for v, r in zip(ruleset.vetoes, self.result.vetoes, strict=True) if r.applies]
        blocked = any(not keys & keys_of(ruleset, [v.condition]) for v in applying if self.limits(v))
        return before is not None and before + gain >= wanted and not blocked

    def limits(self, veto: Veto) -> bool:
        """Whether a veto that applies keeps the unit from the grade, whatever its points."""
        scale = self.ruleset.scale()
        return scale is not None and veto.effect in ("cap", "grade") and scale.grades.index(veto.grade or "") > self.goal

    def _out(self, touched: list[str]) -> bool:
        return any(r.state in ("out", "excluded") for r in self.result.indicators.values()) or any(
            self.leaves[c].applies_if is not None or any(g.outcome == "out" for g in self.leaves[c].guards) for c in touched
        )

    def _asked(self, keys: frozenset[str]) -> dict[str, Any] | None:
        (encoding,) = encode([self.ruleset], self.unit.as_of, fixed={k: v for k, v in self.facts.items() if k not in keys})
        try:
            wanted = [*scored_units(encoding), whole(encoding).in_force, either(*grade_terms(encoding)[1][: self.goal + 1])]
        except Unsolvable:
            self.undecided += 1
            return None
        answer = ask([encoding], wanted, self.clock.at_most(5))
        if isinstance(answer, Possible):
            facts = {**self.facts, **facts_of([encoding], answer, keys)}
            if self.reaches(self._run(facts)):
                return facts
        self.undecided += not isinstance(answer, Impossible)
        return None

    def _run(self, facts: Mapping[str, Any]) -> Result:
        """The engine's result with the unit's data so changed."""
        assessed = {d.key for d in self.ruleset.data if d.assessed}
        values = {k.removeprefix("data."): v for k, v in facts.items() if k.startswith("data.") and k not in assessed}
        mine = {k.removeprefix("data."): v for k, v in facts.items() if k in assessed}
        evidence = self.unit.evidence
        changed = {k for k, v in facts.items() if k.startswith("document.") and v != self.facts[k]}
        if changed:
            from .witness import unit_with

            whole_unit = unit_with([self.ruleset], facts, self.unit.name, self.unit.as_of)
            more = tuple(e for e in whole_unit.evidence or () if f"document.{e.kind}" in changed)
            evidence = (*(e for e in evidence or () if f"document.{e.kind}" not in changed), *more)
        tracks = {**self.unit.assessments, self.ruleset.deciding_track: mine} if mine else self.unit.assessments
        return evaluate(self.ruleset, replace(self.unit, values=values, assessments=tracks, evidence=evidence))
