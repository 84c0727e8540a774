"""One ruleset over a space of data: what every reference stands for, and what always holds.

Indicators are read one by one as they are asked for; those of ``opaque`` are not read at
all and stand for any score in their range, which is enough to prove that something is
impossible, and never enough to show that it is possible.  Those of ``shared`` are the same in
another encoding of the same space.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import z3

from ...dsl.describe import possibility_of
from ...dsl.model import DataItem, Expression, Indicator, Ruleset
from ...dsl.numbers import Exact
from ...dsl.operations import READINGS, NotApplicableReached, RuleFailure
from ...dsl.operations.numbers import as_range
from ...dsl.ranges import WHOLE_LINE, Anything, Possible, Range, Truths, Words, point, possible
from .leaves import SolvedLeaf, opaque_leaf, solved_leaf
from .lists import Lists, tables_of
from .readings import Reader
from .scaling import Scaling, Surroundings, scaling
from .space import Space
from .terms import Term, Unsolvable, compare, either, no, times


@dataclass(slots=True)
class Product:
    """A quotient or product of two unknowns: ``result × factor = amount``; ``made`` was made for it."""

    result: Term
    factor: Term
    amount: Term
    made: Term
    bounds: tuple[Term, ...] = ()


@dataclass(eq=False)
class Encoding:
    """A ruleset over a space, on one day.

    ``unsolved`` says of each indicator that could not be read why; ``products`` are the
    constraints that are not linear.
    """

    ruleset: Ruleset
    day: date
    space: Space
    opaque: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    leaves: dict[str, SolvedLeaf] = field(default_factory=dict)
    unsolved: dict[str, str] = field(default_factory=dict)
    products: list[Product] = field(default_factory=list)
    assumed: list[Term] = field(default_factory=list)
    scores: dict[str, tuple[Term, Term]] = field(default_factory=dict)
    shapes: dict[str, Any] = field(default_factory=dict)
    vetoes: dict[str, Term] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parameters = {**parameters_on(self.ruleset, self.day), **fixed_numbers(self.space.fixed)}
        self.derived = {d.key: d.expression for d in self.ruleset.derived}
        self.reader = Reader(self)
        self.lists = Lists(tables_of(expressions_of(self.ruleset)))
        self._units: dict[int, bool] = {}
        self._pinned: set[int] = set()

    # ---- what references stand for ----

    def value(self, key: str) -> Term:
        """The term of a reference.  Raises `Unsolvable`."""
        kind, _, name = key.partition(".")
        match kind:
            case "data":
                item = self.ruleset.by_key[key]
                assert isinstance(item, DataItem)
                return self.space.item(item)
            case "parameter":
                if key not in self.parameters:
                    raise Unsolvable(name)
                return self.parameters[key]
            case "score" | "rate":
                return self.score(name)[0] if kind == "score" else self._rate(name)
            case "evidence":
                return self.evidence(name)
        match key:
            case "as_of":
                return self.day.toordinal()
            case "unit.type":
                return self.space.one_of(key, self.ruleset.applies)
            case "unit.level":
                return self.space.one_of(key, self.ruleset.unit_levels)
        raise Unsolvable(key)

    def value_against(self, key: str, sign: str, value: Exact) -> Term:
        """A reference compared with a known number, through to the data where it is a level-3 score."""
        kind, _, code = key.partition(".")
        indicator = self.ruleset.by_code.get(code) if kind in ("score", "rate") else None
        if indicator is not None and not indicator.children:
            goal = value if kind == "score" else value * indicator.points
            return self.leaf(code).against(sign, goal)
        return compare(self.value(key), sign, value)

    def without_value(self, key: str) -> Term:
        """Whether a score that is referred to is not in force."""
        kind, _, code = key.partition(".")
        if kind == "cohort":
            raise Unsolvable(key)
        return no(self.score(code)[1]) if kind in ("score", "rate") else False

    def score(self, code: str) -> tuple[Term, Term]:
        """An indicator's score, and whether it is scored."""
        if code not in self.scores:
            indicator = self.ruleset.by_code[code]
            if not indicator.children:
                leaf = self.leaf(code)
                self.scores[code] = leaf.score(), leaf.scored
            else:
                from .tree import parent_shapes, score_of

                self.scores[code] = score_of(parent_shapes(self, indicator))
        return self.scores[code]

    def _rate(self, code: str) -> Term:
        indicator = self.ruleset.by_code[code]
        if not indicator.children:
            return times(self.score(code)[0], Fraction(1) / indicator.points) if indicator.points else 0
        from .tree import parent_shapes, rate_of

        return rate_of(parent_shapes(self, indicator))

    def evidence(self, code: str) -> Term:
        """The most that evidence lets an indicator score."""
        from .leaves import evidence_limit

        return evidence_limit(self, self.ruleset.by_code[code])

    def leaf(self, code: str) -> SolvedLeaf:
        """A level-3 indicator, bonus or extra deduction."""
        if code not in self.leaves:
            indicator = self.ruleset.by_code[code]
            if code in self.opaque:
                self.leaves[code] = opaque_leaf(self, indicator)
            else:
                try:
                    self.leaves[code] = solved_leaf(self, indicator)
                except Unsolvable as unsolvable:
                    self.unsolved[code] = unsolvable.why
                    self.leaves[code] = opaque_leaf(self, indicator)
            self.assumed.append(self.leaves[code].sound)
        return self.leaves[code]

    def condition(self, name: str, condition: Expression) -> Term:
        """Whether a condition outside the indicators holds; one that cannot be read may be either."""
        try:
            self.assumed.append(no(self.reader.trouble(condition, "fail")))
            return self.reader.holds(condition)
        except Unsolvable as unsolvable:
            self.unsolved[name] = unsolvable.why
            return z3.Bool(f"{self.ruleset.digest}:{name}")

    # ---- quotients and products ----

    def is_unit(self, divisor: Expression, reader: Reader) -> bool:
        """Whether a divisor is the measure of its group, and so 0 or 1."""
        found = self._units.get(id(divisor))
        if found is None:
            around = Surroundings(self.ruleset, reader.steps, self.parameters)
            resolved = around.resolved(divisor)
            found = self._units[id(divisor)] = resolved in self.space.scaling.divisors
            at = self.space.scaling.divisors.index(resolved) if found else -1
            if found and at not in self._pinned:
                self._pinned.add(at)
                term = reader.term(divisor)
                self.space.constraints.append(either(*(compare(term, "=", v) for v in (0, 1, -1))))
        return found

    def quotient(self, above: Term, below: Term, reading: Range) -> Term:
        """A quotient of two unknowns, as a variable bounded by what it can be."""
        result, bounds = self._bounded(reading)
        self.products.append(Product(result, below, above, result, bounds))
        return result

    def product(self, left: Term, right: Term, reading: Range) -> Term:
        """A product of two unknowns, as a variable bounded by what it can be."""
        result, bounds = self._bounded(reading)
        self.products.append(Product(left, right, result, result, bounds))
        return result

    def _bounded(self, reading: Range) -> tuple[Term, tuple[Term, ...]]:
        made = z3.FreshReal("product")
        ends = ((">=", reading.low), ("<=", reading.high))
        return made, tuple(compare(made, sign, end) for sign, end in ends if end is not None)

    # ---- the interval reading, for bounds and signs ----

    def range_of(self, node: Expression, steps: Mapping[str, Expression]) -> Range:
        """What a number can be over the declared ranges."""
        try:
            return as_range(READINGS.within(node, Possibilities(self, steps)))
        except (NotApplicableReached, RuleFailure):
            return WHOLE_LINE


@dataclass(eq=False)
class Possibilities(Mapping[str, Possible]):
    """What each reference can be over the declared ranges."""

    encoding: Encoding
    steps: Mapping[str, Expression]

    def __getitem__(self, key: str) -> Possible:
        encoding = self.encoding
        if key in self.steps:
            return READINGS.within(self.steps[key], self)
        if key in encoding.derived:
            return READINGS.within(encoding.derived[key], self)
        if key in encoding.space.fixed:
            return possible(encoding.space.fixed[key])
        if key in encoding.parameters:
            return point(encoding.parameters[key])
        found = encoding.ruleset.by_key.get(key)
        if isinstance(found, DataItem):
            return possibility_of(found)
        if isinstance(found, Indicator):
            return Range(found.lowest, None, grain="some", tight=False)
        if key == "as_of":
            return possible(encoding.day)
        if key.startswith("unit."):
            return Words(None)
        return Truths(frozenset({True, False})) if key.startswith("document.") else Anything()

    def __iter__(self) -> Iterator[str]:
        return iter(self.encoding.ruleset.by_key)

    def __len__(self) -> int:
        return len(self.encoding.ruleset.by_key)


def fixed_numbers(fixed: Mapping[str, Any]) -> dict[str, Exact]:
    """Those fixed data that are numbers."""
    return {k: v for k, v in fixed.items() if isinstance(v, (int, Fraction)) and not isinstance(v, bool)}


def encode(
    rulesets: Sequence[Ruleset], day: date, *, codes: Collection[str] | None = None, fixed: Mapping[str, Any] | None = None,
    shared: frozenset[str] = frozenset(), copies: Mapping[str, str] | None = None, scaled: bool = True,
) -> list[Encoding]:  # fmt: skip
    """Encodings of rulesets over one space, in which the indicators of ``codes`` (all, by default) are read.

    With ``codes``, the others are opaque and conditions outside the indicators must not be asked
    for, except reconciliations of the data that these rest on.
    """
    known = dict(fixed or {})
    uses: list[tuple[Surroundings, Expression]] = []
    for ruleset in rulesets:
        parameters = {**parameters_on(ruleset, day), **fixed_numbers(known)}
        for indicator in ruleset.by_code.values():
            if not indicator.children and (codes is None or indicator.code in codes):
                around = Surroundings(ruleset, {f"step.{s.name}": s.expression for s in indicator.steps}, parameters, known.keys())
                uses += [(around, e) for e in leaf_expressions(indicator)]
        around = Surroundings(ruleset, {}, parameters, known.keys())
        uses += [(around, e) for e in (outside_expressions(ruleset) if codes is None else _reconciliations(ruleset))]
        uses += [(around, e) for i in ruleset.indicators for e in (i.ceiling, i.floor) if e is not None]
    space = Space(scaling(uses) if scaled else Scaling({}, ()), copies or {}, known)
    found = []
    for ruleset in rulesets:
        opaque = frozenset() if codes is None else frozenset(i.code for i in ruleset.by_code.values() if not i.children and i.code not in codes)
        found.append(Encoding(ruleset, day, space, opaque, shared))
    return found


def _reconciliations(ruleset: Ruleset) -> list[Expression]:
    return [r.condition for r in ruleset.reconciliations if r.is_error]


def parameters_on(ruleset: Ruleset, day: date) -> dict[str, Exact]:
    """The value of each parameter on a day, where it has one."""
    found: dict[str, Exact] = {}
    for parameter in ruleset.parameters:
        for value in parameter.values:
            if (value.start is None or value.start <= day) and (value.end is None or day <= value.end):
                found[parameter.key] = value.value
                break
    return found


def expressions_of(ruleset: Ruleset) -> list[Expression]:
    """Every expression of a ruleset."""
    found: list[Expression] = [d.expression for d in ruleset.derived]
    for indicator in ruleset.by_code.values():
        found += leaf_expressions(indicator)
        found += [e for e in (indicator.ceiling, indicator.floor) if e is not None]
    found += outside_expressions(ruleset)
    return found


def leaf_expressions(indicator: Indicator) -> list[Expression]:
    """The expressions of one indicator's own."""
    applies = [indicator.applies_if] if indicator.applies_if is not None else []
    return [*applies, *(g.condition for g in indicator.guards if g.outcome != "notice"), *(s.expression for s in indicator.steps)]


def outside_expressions(ruleset: Ruleset) -> list[Expression]:
    """The conditions outside the indicators."""
    found = [v.condition for v in ruleset.vetoes] + [g.condition for s in ruleset.scales for g in s.gates]
    found += [r.condition for r in ruleset.reconciliations if r.is_error] + [u.condition for u in ruleset.unscored]
    return found + [a.only_if for a in ruleset.adjustments if a.only_if is not None]


__all__ = ["Encoding", "Product", "encode", "expressions_of", "leaf_expressions", "outside_expressions", "parameters_on"]
