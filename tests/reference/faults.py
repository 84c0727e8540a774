"""Wrong evaluators: each breaks one rule of the language, so that a comparison must notice it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ruleeval.dsl.model import Ruleset
from ruleeval.engine.record import Result

from .compare import run_engine
from .evaluator import ZERO, Reference
from .plan import Case, Chain, Item, Leaf, Missing, Plan


class RightAssociativeMinus(Reference):
    """10 − 3 − 2 is 9."""

    def chain(self, node: Chain) -> Fraction:
        first, *others = [self.value(node.first), *(self.value(part) for _, part in node.rest)]
        signs = [sign for sign, _ in node.rest]
        if not signs or set(signs) - {"+", "−"}:
            return super().chain(node)
        result = ([first, *others])[-1]
        for value, sign in zip(reversed([first, *others][:-1]), reversed(signs), strict=True):
            result = self.apply(value, sign, result)
        return result


class Floats(Reference):
    """Every quotient and product goes through binary floating point."""

    def apply(self, left: Fraction, sign: str, right: Fraction) -> Fraction:
        found = super().apply(left, sign, right)
        return Fraction(float(found)) if sign in ("×", "÷") else found

    def rounded(self, stage: str, value: Fraction) -> Fraction:
        return super().rounded(stage, Fraction(float(value)))


class EqualForProportional(Reference):
    """What is left out is shared out in equal parts instead of in proportion."""

    def rescaled(self, score: Fraction, base: Fraction, here: Fraction) -> Fraction:
        return score + here / 2

    def shares_of_spread(self, leaf: Leaf, takers: list[Leaf]) -> dict[str, Fraction]:
        whole = sum((other.points for other in takers), ZERO)
        return {other.code: leaf.points * other.points / whole for other in takers}


def else_on_missing(plan: Plan, ruleset: Ruleset, case: Case) -> Result:
    """The engine, were a missing value nothing: zero, no, or the last option."""
    entries = {item.name: _nothing(item) if isinstance(case.entries[item.name], Missing) else case.entries[item.name] for item in plan.items}
    return run_engine(plan, ruleset, replace(case, entries=entries))


def _nothing(item: Item) -> object:
    return {"truth": False, "options": item.options[-1] if item.options else "", "numbers": (item.low,)}.get(item.kind, ZERO)


FAULTS: tuple[type[Reference], ...] = (RightAssociativeMinus, Floats, EqualForProportional)
