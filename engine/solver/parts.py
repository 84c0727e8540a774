"""A ruleset in parts that do not share data, and how good and how bad each part can be.

Indicators that rest on no common data, and are tied by no reconciliation, can be asked
about one by one: their best and worst cases together are a unit.  So whole rulesets are
searched along the way from the best unit to the worst, and the solver is asked only
about a part at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from ...dsl.frozen import frozen
from ...dsl.model import Expression, Indicator, Ref, Round, Ruleset
from ...dsl.numbers import Exact, divide
from ...dsl.substitute import references
from ..evaluate import evaluate
from .ask import Answer, Clock, Impossible, NotDecided, Possible, ask, optimum
from .encoding import Encoding, encode, leaf_expressions
from .leaves import SolvedLeaf
from .terms import Term, both
from .tree import reconciled
from .witness import Disagreement, facts_of, unit_with

#: How often a search between two ends may halve what is left.
_MOST_HALVINGS = 24


@frozen
class Part:
    """Level-3 indicators, bonuses and extra deductions that share data, with all their data and evidence."""

    codes: tuple[str, ...]
    keys: frozenset[str]


@frozen
class End:
    """How far a score goes: ``reached`` by the data of ``facts``, approached without end, or not decided."""

    value: Exact
    reached: bool | None
    facts: Mapping[str, Any]


@frozen
class Scope:
    """The scores an indicator can have."""

    low: End
    high: End


@dataclass(frozen=True, eq=False)
class Profile:
    """The parts of a ruleset on one day, what each indicator can score, and units at both ends, by part."""

    ruleset: Ruleset
    day: date
    parts: tuple[Part, ...]
    scopes: Mapping[str, Scope]
    best: tuple[Mapping[str, Any] | None, ...]
    worst: tuple[Mapping[str, Any] | None, ...]
    unsolved: Mapping[str, str]

    @property
    def path(self) -> list[dict[str, Any]]:
        """Units from the best to the worst, one part after another."""
        found: dict[str, Any] = {}
        for best, worst in zip(self.best, self.worst, strict=True):
            found.update(best or worst or {})
        units = [dict(found)]
        for worst in self.worst:
            if worst is not None and any(found.get(k) != v for k, v in worst.items()):
                found.update(worst)
                units.append(dict(found))
        return units


# ---- parts ------------------------------------------------------------------------------------


def keys_of(ruleset: Ruleset, expressions: Iterable[Expression]) -> frozenset[str]:
    """The data, evidence and facts of the unit that some expressions rest on."""
    found: set[str] = set()
    waiting = list(expressions)
    seen: set[str] = set()
    while waiting:
        for key in references(waiting.pop()):
            if key in seen:
                continue
            seen.add(key)
            kind, _, code = key.partition(".")
            item = ruleset.by_key.get(key)
            if kind in ("data", "document", "unit"):
                found.add(key)
            elif kind == "derived":
                waiting.append(item.expression)  # type: ignore[union-attr]
            elif kind == "evidence":
                found |= evidence_keys(ruleset.by_code[code])
            elif kind in ("score", "rate"):
                indicator = ruleset.by_code[code]
                waiting += leaf_expressions(indicator)
                waiting += [Ref(f"score.{c}") for c in indicator.children]
    return frozenset(found)


def evidence_keys(indicator: Indicator) -> set[str]:
    """The evidence that an indicator's score depends on."""
    rules = (r for r in indicator.evidence if r.effect.kind != "notice" and r.need != "if_present")
    return {f"document.{k}" for r in rules for k in r.kinds}


def parts_of(ruleset: Ruleset) -> tuple[Part, ...]:
    """The parts of a ruleset, in the order of its indicators; data that no indicator rests on are parts too."""
    groups: list[tuple[list[str], set[str]]] = []

    def join(codes: list[str], keys: Iterable[str]) -> None:
        mine = (list(codes), set(keys))
        for other in [g for g in groups if g[1] & mine[1]]:
            groups.remove(other)
            mine[0][:0] = other[0]
            mine[1].update(other[1])
        groups.append(mine)

    for indicator in ruleset.by_code.values():
        if not indicator.children:
            join([indicator.code], keys_of(ruleset, leaf_expressions(indicator)))
    for condition in linking(ruleset):
        join([], keys_of(ruleset, [condition]))
    for item in ruleset.data:
        if not any(item.key in g[1] for g in groups):
            join([], [item.key])
    order = {c: i for i, c in enumerate(ruleset.by_code)}
    groups.sort(key=lambda g: min((order[c] for c in g[0]), default=len(order)))
    return tuple(Part(tuple(sorted(c, key=order.__getitem__)), frozenset(k)) for c, k in groups)


def linking(ruleset: Ruleset) -> list[Expression]:
    """The conditions that tie data together: reconciliations that are errors, and units that are not scored."""
    return [r.condition for r in ruleset.reconciliations if r.is_error] + [u.condition for u in ruleset.unscored]


def holding(encoding: Encoding, keys: frozenset[str]) -> list[Term]:
    """The reconciliations and conditions of scoring at all that rest on some data."""
    ruleset, found = encoding.ruleset, []
    for number, rule in enumerate(ruleset.reconciliations):
        if rule.is_error and keys_of(ruleset, [rule.condition]) & keys:
            found.append(reconciled(encoding, number))
    for number, word in enumerate(ruleset.unscored):
        if keys_of(ruleset, [word.condition]) & keys:
            condition = encoding.condition(f"{word.word}{number}", word.condition)
            found.append(z3.Not(condition) if isinstance(condition, z3.AstRef) else not condition)
    return found


# ---- ends --------------------------------------------------------------------------------------


@dataclass(eq=False)
class Asked:
    """One part as it is being asked about."""

    encoding: Encoding
    part: Part
    clock: Clock
    held: list[Term]

    def ask(self, *wanted: Term) -> Answer:
        return ask([self.encoding], [*self.held, *wanted], self.clock)

    def facts(self, answer: Possible) -> Mapping[str, Any]:
        """The data of an answer, by key."""
        return facts_of([self.encoding], answer, self.part.keys)


def asked(ruleset: Ruleset, day: date, part: Part, clock: Clock, fixed: Mapping[str, Any] | None = None) -> Asked:
    """A part of a ruleset, ready to be asked about; what is ``fixed`` is no variable."""
    (encoding,) = encode([ruleset], day, codes=part.codes, fixed=fixed)
    for code in part.codes:
        encoding.leaf(code)
    return Asked(encoding, part, clock, holding(encoding, part.keys))


def scope_of(asked: Asked, code: str) -> Scope:
    """The least and the most that an indicator scores where it is scored."""
    leaf, indicator = asked.encoding.leaf(code), asked.encoding.ruleset.by_code[code]
    if code in asked.encoding.unsolved:
        return Scope(End(indicator.lowest, None, {}), End(indicator.points, None, {}))
    last = Ref(f"step.{indicator.steps[-1].name}")
    reading = asked.encoding.range_of(last, {f"step.{s.name}": s.expression for s in indicator.steps})
    high = _end(asked, leaf, indicator, [indicator.points, *([] if reading.high is None else [min(reading.high, indicator.points)])], 1)
    low = _end(asked, leaf, indicator, [indicator.lowest, *([] if reading.low is None else [max(reading.low, indicator.lowest)])], -1)
    return Scope(low, high)


def _end(asked: Asked, leaf: SolvedLeaf, indicator: Indicator, tries: Sequence[Exact], direction: int) -> End:
    """The end of what a score reaches in one direction; ``tries`` are limits it cannot pass, the last the nearest."""
    sign = ">=" if direction > 0 else "<="
    for value in dict.fromkeys(tries):
        answer = asked.ask(leaf.scored, leaf.against(sign, value))
        if isinstance(answer, Possible):
            return End(value, True, asked.facts(answer))
    if isinstance(answer, NotDecided):
        return End(tries[-1], None, {})
    places = _places(indicator)
    if places is None:
        return _optimum(asked, leaf, tries[-1], direction)
    return _halved(asked, leaf, tries[-1], (indicator, places), direction)


def _places(indicator: Indicator) -> int | None:
    """The decimal places that an indicator's score has at most, if it is rounded."""
    last = indicator.steps[-1].expression
    return last.places if isinstance(last, Round) else None


def _halved(asked: Asked, leaf: SolvedLeaf, limit: Exact, grid: tuple[Indicator, int], direction: int) -> End:
    """The end of a rounded score, by halving what is between a score that is reached and one that is not."""
    _, places = grid
    answer = asked.ask(leaf.scored)
    if not isinstance(answer, Possible):
        return End(limit, False if isinstance(answer, Impossible) else None, {})
    scale = 10**places if places >= 0 else Fraction(1, 10**-places)
    reached, facts = _steps(asked, leaf, answer, scale), asked.facts(answer)
    beyond = int(limit * scale) + direction
    for _ in range(_MOST_HALVINGS):
        if abs(beyond - reached) <= 1:
            break
        middle = (reached + beyond) // 2
        answer = asked.ask(leaf.scored, leaf.against(">=" if direction > 0 else "<=", divide(middle, scale)))
        if isinstance(answer, Possible):
            reached, facts = _steps(asked, leaf, answer, scale), asked.facts(answer)
        elif isinstance(answer, Impossible):
            beyond = middle
        else:
            return End(divide(beyond, scale), None, facts)
    return End(divide(reached, scale), True, facts)


def _steps(asked: Asked, leaf: SolvedLeaf, answer: Possible, scale: Exact) -> int:
    return int(score_in(asked.encoding.ruleset, asked.encoding.day, asked.facts(answer), leaf.code) * scale)


def _optimum(asked: Asked, leaf: SolvedLeaf, limit: Exact, direction: int) -> End:
    """The end of a score that is not rounded, which may be approached and never reached."""
    found = optimum(asked.encoding, [*asked.held, leaf.scored], leaf.score(), direction, asked.clock)
    if found is None:
        return End(limit, None, {})
    value, reached = found
    answer = asked.ask(leaf.scored, leaf.against("=", value) if reached else True)
    return End(value, reached if isinstance(answer, Possible) else None, asked.facts(answer) if isinstance(answer, Possible) else {})


def score_in(ruleset: Ruleset, day: date, facts: Mapping[str, Any], code: str) -> Exact:
    """The score that the engine gives an indicator, for the data it rests on."""
    unit = unit_with([ruleset], facts, "…", day)
    score = evaluate(ruleset, unit).indicators[code].score
    if score is None:
        raise Disagreement(code)
    return score


# ---- whole rulesets ------------------------------------------------------------------------------


def profile(ruleset: Ruleset, day: date, clock: Clock) -> Profile:
    """The parts of a ruleset, what each indicator scores, and units at both ends."""
    parts = parts_of(ruleset)
    scopes: dict[str, Scope] = {}
    best: list[Mapping[str, Any] | None] = []
    worst: list[Mapping[str, Any] | None] = []
    unsolved: dict[str, str] = {}
    for part in parts:
        question = asked(ruleset, day, part, clock)
        for code in part.codes:
            scopes[code] = scope_of(question, code)
        unsolved.update(question.encoding.unsolved)
        best.append(_together(question, scopes, 1))
        worst.append(_together(question, scopes, -1))
    return Profile(ruleset, day, parts, scopes, tuple(best), tuple(worst), unsolved)


def _together(question: Asked, scopes: Mapping[str, Scope], direction: int) -> Mapping[str, Any] | None:
    """Data with which as many of a part's indicators as possible are at one end, those with most points first.

    An extra deduction is best where it takes nothing, which is its own full score.
    """
    ruleset = question.encoding.ruleset
    kept: list[Term] = []
    facts: Mapping[str, Any] | None = None
    answer = question.ask()
    if isinstance(answer, Possible):
        facts = question.facts(answer)
    wanted = []
    for code in sorted(question.part.codes, key=lambda c: -ruleset.by_code[c].points):
        end = scopes[code].high if direction > 0 else scopes[code].low
        leaf = question.encoding.leaf(code)
        if end.reached:
            wanted.append(both(leaf.scored, leaf.against(">=" if direction > 0 else "<=", end.value)))
    answer = question.ask(*wanted)
    if isinstance(answer, Possible):
        return question.facts(answer)
    for one in wanted:
        answer = question.ask(*kept, one)
        if isinstance(answer, Possible):
            kept.append(one)
            facts = question.facts(answer)
    return facts
