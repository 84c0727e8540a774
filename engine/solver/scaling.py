"""Which data count only by their ratios, so that the solver may take a divisor to be 1.

Where a group of data without upper ends occurs only in quotients of like sums and in
comparisons of like sums (twelve hours open of ten, staff trained at most staff), a unit
ten times as large scores the same.  Such a group may be measured in units of a divisor,
as real numbers: what was a quotient of two unknown whole numbers becomes one bounded
variable, and the constraint linear.  A witness is scaled back to whole numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ...dsl.frozen import frozen
from ...dsl.model import Aggregate, Arithmetic, Compare, DataItem, Expression, Extremum, Literal, Ref, Ruleset
from ...dsl.numbers import Exact
from ...dsl.operations import READINGS


@frozen
class Scaling:
    """Data that count only by their ratios, and for each group the divisor taken to be 0 or 1.

    ``divisors`` are expressions with every reference written out, as `Surroundings.resolved` gives them.
    """

    group_of: Mapping[str, int]
    divisors: tuple[Expression, ...]


@frozen
class Surroundings:
    """Where references of an expression lead: a ruleset, an indicator's steps, the parameters of the day
    with the numbers that are fixed, and the keys of all data that are."""

    ruleset: Ruleset
    steps: Mapping[str, Expression]
    parameters: Mapping[str, Exact]
    fixed: Collection[str] = ()

    def definition(self, key: str) -> Expression | None:
        """The expression that a step or derived value stands for."""
        if key.startswith("step."):
            return self.steps.get(key)
        if key.startswith("derived."):
            found = self.ruleset.by_key.get(key)
            return getattr(found, "expression", None)
        return None

    def resolved(self, node: Expression) -> Expression:
        """A divisor with its references written out, for comparing it with others."""
        match node:
            case Ref(key):
                inner = self.definition(key)
                if inner is not None:
                    return self.resolved(inner)
                return Literal(self.parameters[key]) if key in self.parameters else node
            case Arithmetic(operator, left, right):
                return Arithmetic(operator, self.resolved(left), self.resolved(right))
            case Extremum(operands=operands):
                return replace(node, operands=tuple(self.resolved(o) for o in operands))
        return node

    def constant(self, node: Expression) -> Exact | None:
        """A number that is the same for every unit."""
        match node:
            case Literal(value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
                return value
            case Ref(key):
                inner = self.definition(key)
                return self.parameters.get(key) if inner is None else self.constant(inner)
        return None


@dataclass(slots=True)
class _Survey:
    """What has been seen of the data: linked, divided, or used by their size."""

    parent: dict[str, str] = field(default_factory=dict)
    absolute: set[str] = field(default_factory=set)
    divisors: list[tuple[Expression, str]] = field(default_factory=list)
    seen: set[tuple[int, str]] = field(default_factory=set)

    def root(self, key: str) -> str:
        self.parent.setdefault(key, key)
        while self.parent[key] != key:
            key = self.parent[key]
        return key

    def link(self, keys: Iterable[str]) -> None:
        roots = [self.root(k) for k in keys]
        for other in roots[1:]:
            self.parent[self.root(other)] = self.root(roots[0])


def scaling(uses: Iterable[tuple[Surroundings, Expression]]) -> Scaling:
    """The groups of data that count only by their ratios in all of some expressions."""
    survey = _Survey()
    items: dict[str, list[DataItem]] = {}
    for around, expression in uses:
        for item in around.ruleset.data:
            items.setdefault(item.key, []).append(item)
        _survey(expression, around, survey)
    for key in list(survey.parent):
        if not all(_scalable(i) for i in items.get(key, [])):
            survey.absolute.add(key)
    fixed = {survey.root(k) for k in survey.absolute}
    divided = {survey.root(k): d for d, k in reversed(survey.divisors)}
    roots = [r for r in divided if r not in fixed]
    group_of = {k: roots.index(survey.root(k)) for k in survey.parent if survey.root(k) in roots}
    return Scaling(group_of, tuple(divided[r] for r in roots))


def _scalable(item: DataItem) -> bool:
    if item.type.kind == "records":
        return True
    return item.type.kind == "number" and item.high is None and (item.low is None or item.low >= 0)


def _survey(node: Expression, around: Surroundings, survey: _Survey) -> None:
    match node:
        case Arithmetic("/", left, right) if around.constant(right) is None:
            above, below = _like(left, around), _like(right, around)
            if above is not None and below:
                survey.link([*below, *above])
                survey.divisors.append((around.resolved(right), next(iter(below))))
                return
        case Compare(_, left, right):
            a, b = _like(left, around), _like(right, around)
            if a is not None and b is not None:
                survey.link([*a, *b])
                return
        case Ref(key):
            inner = around.definition(key)
            if inner is not None:
                if (id(around.ruleset), f"{id(inner)}") not in survey.seen:
                    survey.seen.add((id(around.ruleset), f"{id(inner)}"))
                    _survey(inner, around, survey)
            elif key not in around.fixed:
                survey.absolute.add(key)
                survey.root(key)
            return
    for operand in READINGS.operands(node):
        _survey(operand, around, survey)


def _like(node: Expression, around: Surroundings) -> tuple[str, ...] | None:
    """The data of an expression that doubles when all of them double; ``None`` if it does not."""
    match node:
        case Literal(value):
            return () if value == 0 and not isinstance(value, bool) else None
        case Ref(key):
            inner = around.definition(key)
            if inner is not None:
                return _like(inner, around)
            item = around.ruleset.by_key.get(key)
            scalable = isinstance(item, DataItem) and item.type.kind == "number" and key not in around.fixed
            return (key,) if scalable else None
        case Aggregate("count", Ref(key)) if node.matter is None:
            item = around.ruleset.by_key.get(key)
            scalable = isinstance(item, DataItem) and item.type.kind == "records" and key not in around.fixed
            return (key,) if scalable else None
        case Arithmetic(operator, left, right):
            return _like_arithmetic(operator, left, right, around)
        case Extremum(_, operands):
            parts = [_like(o, around) for o in operands]
            return None if any(p is None for p in parts) else tuple(k for p in parts if p is not None for k in p)
    return None


def _like_arithmetic(operator: str, left: Expression, right: Expression, around: Surroundings) -> tuple[str, ...] | None:
    if operator in "+-":
        a, b = _like(left, around), _like(right, around)
        return None if a is None or b is None else (*a, *b)
    if around.constant(right) is not None:
        return _like(left, around)
    if operator == "*" and around.constant(left) is not None:
        return _like(right, around)
    return None
