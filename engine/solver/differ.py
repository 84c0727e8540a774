"""Whether two rulesets can ever come to different results: a proof, or a unit that shows it.

>>> from ruleeval.engine.solver.differ import differing_unit    # doctest: +SKIP
>>> differing_unit(old, new, 10)                                # doctest: +SKIP
Proved(outside=())
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ...dsl.diagnostics import Place
from ...dsl.frozen import frozen
from ...dsl.model import DataItem, Expression, Indicator, Literal, Ref, Ruleset
from ...dsl.numbers import Exact, exact_text
from ...dsl.substitute import references, substitute
from ..evaluate import evaluate
from ..record import Result
from ..unit import UnitData
from .ask import Clock, Impossible, NotDecided, Possible, ask
from .days import days_of
from .encoding import Encoding, encode, leaf_expressions, outside_expressions, parameters_on
from .parts import Part, Profile, holding, keys_of, parts_of, profile
from .terms import Term, both, compare, either, no, same_truth
from .tree import grade_terms, parent_shapes, score_of, scored_units, subtotal_grades, whole
from .witness import facts_of, unit_with


@frozen
class Proved:
    """No unit with all its data comes to another total, level score or grade.

    ``outside`` are the codes of indicators that both rulesets have and that treat missing
    data, claims that they do not apply, or evidence that is only reported, differently:
    the proof says nothing of units in which these come up.
    """

    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Witness:
    """A unit that the engine scores differently under the two rulesets.

    ``differences`` are (what, under the old, under the new), where what is a code,
    ``total``, ``grade`` or ``state``; numbers are exact.
    """

    unit: UnitData
    old: Result
    new: Result
    differences: tuple[tuple[str, str, str], ...]


#: How many units are kept with their results.
_MOST_KEPT = 200
#: What was found about one ruleset on each day, for many to be held against it.
Known = dict[date, Profile]


def differing_unit(old: Ruleset, new: Ruleset, seconds: int, known: Known | None = None) -> Proved | Witness | NotDecided:
    """Prove that no unit gets a different total, level score or grade, or give a unit that does.

    Data items of the same name are taken to be the same; indicators are compared by code,
    those that only one ruleset has by what they do to the total and the grade.  Considered
    are units that both rulesets accept, with all data filled in and nothing claimed not
    applicable, on every day on which the rules of the day differ.  A `Witness` has been
    run through the engine under both rulesets.  Never runs much longer than ``seconds``;
    raises `ImportError` if z3 is not installed.  ``known`` keeps what is found about ``old``
    alone, for the next call.
    """
    clock = Clock(seconds)
    undecided: NotDecided | None = None
    for day in days_of((old, new)):
        answer = _Comparison(old, new, day, clock, known if known is not None else {}).answer()
        if isinstance(answer, Witness):
            return answer
        if isinstance(answer, NotDecided):
            undecided = answer
    if undecided is not None:
        return undecided
    return Proved(tuple(c for c in old.by_code if c in new.by_code and _outside(old.by_code[c]) != _outside(new.by_code[c])))


def differences(old: Result, new: Result) -> tuple[tuple[str, str, str], ...]:
    """In what two results differ: state, total, grade, and the scores of the indicators that both have."""
    found: list[tuple[str, str, str]] = []
    if (old.state, old.unscored) != (new.state, new.unscored):
        found.append(("state", old.unscored or old.state, new.unscored or new.state))
    if old.score != new.score:
        found.append(("total", _text(old.score), _text(new.score)))
    grades = [r.grade.grade if r.grade is not None else None for r in (old, new)]
    if grades[0] != grades[1]:
        found.append(("grade", grades[0] or "–", grades[1] or "–"))
    for code, record in old.indicators.items():
        other = new.indicators.get(code)
        if other is not None and (record.score, record.state) != (other.score, other.state):
            found.append((code, _text(record.score), _text(other.score)))
    return tuple(found)


def _text(score: Exact | None) -> str:
    return "–" if score is None else exact_text(score)


@dataclass(eq=False)
class _Comparison:
    """Two rulesets on one day."""

    old: Ruleset
    new: Ruleset
    day: date
    clock: Clock
    known: Known

    def answer(self) -> Proved | Witness | NotDecided:
        same, open_codes = self._leaves()
        if isinstance(same, Witness):
            return same
        alike = _above(self.old) == _above(self.new)
        self.__dict__["same_leaves"] = not open_codes and not self._differs_outside()
        if alike and not open_codes and not self._differs_outside():
            return Proved()
        for facts in (*self._bases(), *self._flipped(self._bases(), self._told_outside())):
            found = self._try(facts)
            if found is not None:
                return found
        target = self._abstract(same, open_codes)
        if not isinstance(target, Possible):
            return Proved() if isinstance(target, Impossible) else target
        return self._search(target) or NotDecided()

    # ---- level-3 indicators, each for itself ----

    def _leaves(self) -> tuple[frozenset[str] | Witness, frozenset[str]]:
        """The codes that are the same in both and those of which it is not known, or a unit that differs."""
        same: set[str] = set()
        left: set[str] = set()
        for code, indicator in self.old.by_code.items():
            other = self.new.by_code.get(code)
            if indicator.children or other is None or other.children:
                continue
            if meaning(self.old, indicator, self.day) == meaning(self.new, other, self.day):
                same.add(code)
                continue
            answer = self._leaf(code)
            if isinstance(answer, Witness):
                return answer, frozenset()
            (same if answer else left).add(code)
        return frozenset(same), frozenset(left)

    def _leaf(self, code: str) -> bool | Witness:
        """Whether an indicator is proved to be the same, or a unit for which it is not."""
        keys = self._keys([code])
        touched = {c for r in (self.old, self.new) for c, i in r.by_code.items() if not i.children and keys & keys_of(r, leaf_expressions(i))}
        encodings = encode((self.old, self.new), self.day, codes=touched)
        leaves = [e.leaf(code) for e in encodings]
        for encoding in encodings:
            for other in touched & encoding.ruleset.by_code.keys():
                encoding.leaf(other)
        held = [h for e in encodings for h in holding(e, keys)]
        a, b = leaves
        differ = either(no(same_truth(a.scored, b.scored)), both(a.scored, b.scored, compare(a.score(), "!=", b.score())))
        answer = ask(encodings, [*held, differ], self.clock)
        if isinstance(answer, Impossible):
            return True
        if isinstance(answer, Possible) and not any(code in e.unsolved for e in encodings):
            facts = facts_of(encodings, answer, keys | self._keys(touched))
            for base in self._bases():
                found = self._try({**base, **facts})
                if found is not None:
                    return found
        return False

    def _keys(self, codes: Sequence[str] | set[str]) -> frozenset[str]:
        """The data that some indicators rest on, with those that reconciliations tie to them."""
        found: set[str] = set()
        for ruleset in (self.old, self.new):
            for part in self._parts(ruleset):
                if set(codes) & set(part.codes):
                    found |= part.keys
        return frozenset(found)

    def _parts(self, ruleset: Ruleset) -> tuple[Part, ...]:
        known = self.__dict__.setdefault("parts", {})
        if id(ruleset) not in known:
            known[id(ruleset)] = parts_of(ruleset)
        found: tuple[Part, ...] = known[id(ruleset)]
        return found

    # ---- units to try ----

    def _bases(self) -> Iterator[dict[str, Any]]:
        """Units from the best to the worst that both rulesets accept: those of the old one, then those of the new if it has others."""
        pairs = ((self.old, self.new), (self.new, self.old))
        for ruleset, other in pairs[:1] if self.__dict__.get("same_leaves") else pairs:
            known = self.__dict__.setdefault("bases", {})
            if id(ruleset) not in known:
                rows = [{**self._rest(ruleset, other), **facts} for facts in self._profile(ruleset).path]
                known[id(ruleset)] = [f for f in rows if all(r.state != "error" for r in self._results(f)[1])]
            yield from known[id(ruleset)]

    def _rest(self, ruleset: Ruleset, other: Ruleset) -> Mapping[str, Any]:
        """Data for what only the other ruleset asks for."""
        here, there = (frozenset().union(*(p.keys for p in self._parts(r))) for r in (ruleset, other))
        return {} if there <= here else next(iter(self._profile(other).path), {})

    def _profile(self, ruleset: Ruleset) -> Profile:
        """What a ruleset alone can come to; of the old one kept, if there was time for it."""
        profiles = self.__dict__.setdefault("profiles", {})
        if ruleset is self.old and self.day in self.known:
            return self.known[self.day]
        if id(ruleset) not in profiles:
            profiles[id(ruleset)] = profile(ruleset, self.day, self.clock)
            if ruleset is self.old and not self.clock.is_up:
                self.known[self.day] = profiles[id(ruleset)]
        found: Profile = profiles[id(ruleset)]
        return found

    def _results(self, facts: Mapping[str, Any]) -> tuple[UnitData, tuple[Result, Result]]:
        """A unit with some data under both; of a base, worked out once."""
        known = self.__dict__.setdefault("results", {})
        if id(facts) in known and known[id(facts)][0] is facts:
            return known[id(facts)][1]  # type: ignore[no-any-return]
        unit = unit_with((self.old, self.new), facts, "…", self.day)
        found = unit, (evaluate(self.old, unit), evaluate(self.new, unit))
        if len(known) < _MOST_KEPT:
            known[id(facts)] = facts, found
        return found

    def _try(self, facts: Mapping[str, Any]) -> Witness | None:
        """The unit, if both accept it and they differ."""
        unit, (old, new) = self._results(facts)
        if "error" in (old.state, new.state) or "undecided" in (old.state, new.state):
            return None
        found = differences(old, new)
        return Witness(unit, old, new, found) if found else None

    # ---- everything above ----

    def _differs_outside(self) -> bool:
        """Whether indicators of one ruleset alone are in the way."""
        return self.old.by_code.keys() != self.new.by_code.keys()

    def _abstract(self, same: frozenset[str] | Witness, open_codes: frozenset[str]) -> Possible | Impossible | NotDecided:
        """Whether totals can differ if the indicators that are the same score anything in their range."""
        assert not isinstance(same, Witness)
        alone = {c for r in (self.old, self.new) for c, i in r.by_code.items() if not i.children and c not in same}
        encodings = encode((self.old, self.new), self.day, codes=alone | open_codes, shared=same, scaled=False)
        held = [h for e in encodings for h in scored_units(e)]
        answer = ask(encodings, [*held, differs(*encodings)], self.clock.at_most(20))
        if isinstance(answer, Possible):
            self.__dict__["target"] = answer.value(whole(encodings[0]).score)
        return answer

    def _search(self, _found: Possible) -> Witness | None:
        """A unit near the total at which the two were found able to differ, one part of its data set free at a time."""
        target = self.__dict__["target"]
        near = sorted(self._bases(), key=lambda f: abs((self._results(f)[1][0].score or 0) - target))
        for facts in [*self._flipped(near[:4], {k for f in near[:4] for k, v in f.items() if isinstance(v, bool)}), *near[:6]]:
            found = self._try(facts)
            if found is not None:
                return found
        for facts in near[:4]:
            for part in self._parts(self.old):
                if self.clock.is_up:
                    return None
                if part.codes or part.keys & keys_of(self.old, outside_expressions(self.old)):
                    found = self._free(facts, part.keys)
                    if found is not None:
                        return found
        return None

    def _flipped(self, bases: Iterable[dict[str, Any]], keys: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Units with one yes-or-no fact, of some, turned round."""
        asked = sorted(keys)
        for facts in bases:
            yield from ({**facts, k: not facts.get(k, False)} for k in asked if isinstance(facts.get(k, False), bool))

    def _told_outside(self) -> frozenset[str]:
        """The yes-or-no facts that vetoes, gates and the like name themselves."""
        named = {k for r in (self.old, self.new) for e in outside_expressions(r) for k in references(e)}
        return frozenset(d.key for r in (self.old, self.new) for d in r.data if d.key in named and d.type.kind == "yes_no")

    def _free(self, facts: Mapping[str, Any], keys: frozenset[str]) -> Witness | None:
        encodings = encode((self.old, self.new), self.day, fixed={k: v for k, v in facts.items() if k not in keys})
        held = [h for e in encodings for h in scored_units(e)]
        answer = ask(encodings, [*held, differs(*encodings)], self.clock.at_most(3))
        if not isinstance(answer, Possible):
            return None
        return self._try({**facts, **facts_of(encodings, answer, keys)})


def differs(old: Encoding, new: Encoding) -> Term:
    """Whether two encodings of one space come to different totals, grades or parents' scores."""
    one, other = whole(old), whole(new)
    found = [no(same_truth(one.in_force, other.in_force)), compare(one.score, "!=", other.score)]
    names, here = grade_terms(old)
    others, there = grade_terms(new)
    for name in dict.fromkeys((*names, *others)):
        a = here[names.index(name)] if name in names else False
        b = there[others.index(name)] if name in others else False
        found.append(no(same_truth(a, b)))
    for indicator in old.ruleset.indicators:
        twin = new.ruleset.by_code.get(indicator.code)
        if indicator.children and twin is not None and twin.children:
            (a, in_a), (b, in_b) = score_of(parent_shapes(old, indicator)), score_of(parent_shapes(new, twin))
            found += [no(same_truth(in_a, in_b)), both(in_a, in_b, compare(a, "!=", b))]
    for subtotal in old.ruleset.subtotals:
        if all(r.scale(subtotal.name) is not None for r in (old.ruleset, new.ruleset)) and subtotal.name in {s.name for s in new.ruleset.subtotals}:
            pairs = zip(subtotal_grades(old, subtotal.name), subtotal_grades(new, subtotal.name), strict=False)
            found += [no(same_truth(a, b)) for a, b in pairs]
    return either(*found)


# ---- what an indicator means ---------------------------------------------------------------------


def meaning(ruleset: Ruleset, indicator: Indicator, day: date) -> object:
    """All of an indicator that its score depends on, with derived values and parameters written out."""
    written: dict[str, Expression] = {d.key: d.expression for d in ruleset.derived}
    written |= {k: Literal(v) for k, v in parameters_on(ruleset, day).items()}

    def out(expression: Expression) -> Expression:
        return substitute(expression, written)

    data = {k: _declaration(ruleset, k) for e in leaf_expressions(indicator) for k in references(out(e)) if k.startswith("data.")}
    evidence = tuple((r.kinds, r.need, r.effect) for r in indicator.evidence if r.effect.kind != "notice")
    return (
        indicator.points, indicator.lowest, indicator.rounding,
        tuple((s.name, out(s.expression)) for s in indicator.steps),
        tuple((g.outcome, out(g.condition)) for g in indicator.guards if g.outcome != "notice"),
        None if indicator.applies_if is None else out(indicator.applies_if),
        indicator.not_applicable is None, evidence, data, _of_cohort(ruleset, leaf_expressions(indicator)),
    )  # fmt: skip


def _declaration(ruleset: Ruleset, key: str) -> object:
    item = ruleset.by_key[key]
    assert isinstance(item, DataItem)
    return replace(item, place=Place(1, 0, 0), source=None)


def _of_cohort(ruleset: Ruleset, expressions: Iterable[Expression | None]) -> str:
    """What keeps apart what leans on all units: that it means the same is never taken from its text."""
    leans = any(k.startswith("cohort.") for e in expressions if e is not None for k in references(e))
    return ruleset.digest if leans else ""


def _outside(indicator: Indicator) -> object:
    """What of an indicator matters only beyond the units considered."""
    rules = tuple((r.kinds, r.need, r.effect, r.copies, r.valid_from, r.valid_to, r.within_months, r.within_days, r.issued_by) for r in indicator.evidence)
    return indicator.not_applicable, indicator.unfilled_is_out, rules


def _above(ruleset: Ruleset) -> object:
    """All of a ruleset that totals and grades depend on besides the level-3 indicators, as it is written."""
    derived = {d.key: d.expression for d in ruleset.derived}
    values = {p.key: tuple((v.value, v.start, v.end) for v in p.values) for p in ruleset.parameters}

    def out(expression: Expression | None) -> Expression | None:
        return None if expression is None else substitute(expression, derived)

    parents = tuple((i.code, i.points, i.combine, i.children, i.individual, i.rounding, out(i.ceiling), out(i.floor)) for i in ruleset.indicators if i.children)
    policies = tuple((i.code, i.points, i.not_applicable, i.individual) for i in ruleset.leaves)
    outside = [out(e) for e in outside_expressions(ruleset)]
    vetoes = tuple((v.code, v.effect, v.grade, v.score, v.steps) for v in ruleset.vetoes)
    scales = tuple(
        (s.name, s.basis, s.rounded, tuple((b.interval, b.grade) for b in s.bands), tuple(g.grade for g in s.gates), s.quotas)
        for s in ruleset.scales
    )
    adjustments = tuple((a.indicator.code, a.kind, a.inside_total, a.taken_from) for a in ruleset.adjustments)
    means = [Ref(i.not_applicable.cohort) for i in ruleset.leaves if i.not_applicable is not None and i.not_applicable.cohort is not None]
    derived_of_cohort = _of_cohort(ruleset, [*derived.values(), *outside, *means])
    keys = {k for e in outside if e is not None for k in references(e)}
    return (
        parents, policies, outside, vetoes, scales, adjustments, {k: values[k] for k in keys if k in values},
        {k: _declaration(ruleset, k) for k in keys if k.startswith("data.")},
        tuple((s.name, s.codes) for s in ruleset.subtotals), ruleset.worst_of, ruleset.roundings.get("total"), ruleset.all_out, derived_of_cohort,
        ruleset.left_out_limit, ruleset.full_score, tuple(u.word for u in ruleset.unscored), ruleset.applies, ruleset.unit_levels,
    )  # fmt: skip


__all__ = ["NotDecided", "Proved", "Witness", "differences", "differing_unit"]
