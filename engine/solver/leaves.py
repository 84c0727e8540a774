"""Level-3 indicators, bonuses and extra deductions as constraints: in which cases which score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import z3

from ...dsl.model import Expression, Indicator, Literal, Outcome, Ref, Round
from ...dsl.numbers import Exact
from ...dsl.operations import READINGS
from .readings import Reader
from .terms import Term, Unsolvable, both, compare, either, least, no, pick, truth

if TYPE_CHECKING:
    from .encoding import Encoding


@dataclass(eq=False)
class SolvedLeaf:
    """One indicator: when it is scored, out or excluded, and ``sound``: that no rule fails.

    ``cases`` are conditions that exclude each other, each with where its score is read.
    """

    code: str
    scored: Term
    out: Term
    excluded: Term
    sound: Term
    cases: tuple[tuple[Term, Reader, Expression], ...] = ()
    known: Term = None

    def score(self) -> Term:
        """The score where it is scored."""
        if self.known is None:
            found: Term = 0
            for number, (condition, reader, expression) in enumerate(reversed(self.cases)):
                value = reader.term(expression)
                found = value if number == 0 else pick(condition, value, found)
            self.known = found
        return self.known

    def unrounded(self) -> Term:
        """The score before its last rounding, which rises wherever the score does."""
        found: Term = self.known if not self.cases else 0
        for number, (condition, reader, expression) in enumerate(reversed(self.cases)):
            last = reader.steps[expression.key] if isinstance(expression, Ref) else expression
            value = reader.term(last.value if isinstance(last, Round) else last)
            found = value if number == 0 else pick(condition, value, found)
        return found

    def against(self, sign: str, value: Exact) -> Term:
        """The score compared with a known number, through to the data."""
        if not self.cases:
            return compare(self.known, sign, value)
        return either(*(both(c, reader.against(e, sign, value)) for c, reader, e in self.cases))


def solved_leaf(encoding: Encoding, indicator: Indicator) -> SolvedLeaf:
    """An indicator read in the order of operations.  Raises `Unsolvable`."""
    steps = {f"step.{s.name}": s.expression for s in indicator.steps}
    reader = Reader(encoding, steps)
    alive: Term = True
    excluded: Term = False
    outs: list[Term] = []
    fails: list[Term] = []

    def ask(condition: Expression) -> Term:
        """Whether a condition holds; where it cannot be told, the indicator is out or fails."""
        nonlocal alive
        fail, out = reader.trouble(condition, "fail"), reader.trouble(condition, "out")
        fails.append(both(alive, fail))
        outs.append(both(alive, no(fail), out))
        alive = both(alive, no(fail), no(out))
        return reader.term(condition)

    cases: list[tuple[Term, Reader, Expression]] = []
    last = Ref(f"step.{indicator.steps[-1].name}")
    if indicator.applies_if is not None:
        applies = ask(indicator.applies_if)
        excluded = both(alive, no(applies))
        alive = both(alive, applies)
    for guard in indicator.guards:
        if guard.outcome == "notice":
            continue
        met = ask(guard.condition)
        hit = both(alive, met)
        alive = both(alive, no(met))
        if guard.outcome == "pending":
            raise Unsolvable("SAMPLE")
        if guard.outcome == "error":
            fails.append(hit)
        elif guard.outcome == "out":
            outs.append(hit)
        else:
            settled = Reader(encoding, _settled(steps, indicator.points if guard.outcome == "full" else 0))
            fails.append(both(hit, _trouble(settled, after_raw(indicator), "fail")))
            cases.append((hit, settled, last))
    every = [s.expression for s in indicator.steps]
    fail, out = _trouble(reader, every, "fail"), _trouble(reader, every, "out")
    fails.append(both(alive, fail))
    outs.append(both(alive, no(fail), out))
    alive = both(alive, no(fail), no(out))
    if alive is not False:
        cases.append((alive, reader, last))
    out = either(*outs)
    if indicator.not_applicable is None:
        fails.append(out)
    sound = no(either(*fails))
    leaf = SolvedLeaf(indicator.code, either(*(c for c, _, _ in cases)), out, excluded, sound, tuple(cases))
    leaf.score()
    return leaf


def after_raw(indicator: Indicator) -> list[Expression]:
    """The steps after the score by the standard."""
    names = [s.name for s in indicator.steps]
    return [s.expression for s in indicator.steps[names.index("raw") + 1 :] if s.name != "difficulty"]


def _settled(steps: Mapping[str, Expression], score: Exact) -> dict[str, Expression]:
    """The steps of a score that is settled before the standard is applied."""
    found = {**steps, "step.raw": Literal(score)}
    if "step.difficulty" in found:
        found["step.difficulty"] = Ref("step.raw")
    return found


def _trouble(reader: Reader, expressions: list[Expression], kind: str) -> Term:
    return either(*(reader.trouble(e, kind) for e in expressions))


def opaque_leaf(encoding: Encoding, indicator: Indicator) -> SolvedLeaf:
    """An indicator of which only the range is known."""
    code = indicator.code
    name = encoding.space.named(f"leaf:{code}" if code in encoding.shared else f"{encoding.ruleset.digest}:{code}")
    score = encoding.space.fresh(name, indicator.lowest, indicator.points)
    out = z3.Bool(f"{name}:out") if indicator.not_applicable is not None and _may_be_out(encoding, indicator) else False
    excluded = z3.Bool(f"{name}:excluded") if indicator.applies_if is not None else False
    if out is not False and excluded is not False:
        encoding.space.constraints.append(z3.Not(z3.And(out, excluded)))
    return SolvedLeaf(code, both(no(out), no(excluded)), out, excluded, True, (), score)


def _may_be_out(encoding: Encoding, indicator: Indicator) -> bool:
    """Whether an indicator can turn out not to apply without a claim that it does not."""
    if any(g.outcome == "out" for g in indicator.guards):
        return True
    waiting: list[Expression] = [s.expression for s in indicator.steps] + [g.condition for g in indicator.guards]
    waiting += [indicator.applies_if] if indicator.applies_if is not None else []
    seen: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Outcome) and node.kind == "out":
            return True
        if isinstance(node, Ref) and node.key not in seen:
            seen.add(node.key)
            if node.key.startswith(("score.", "rate.")):
                return True
            if node.key in encoding.derived:
                waiting.append(encoding.derived[node.key])
        waiting += READINGS.operands(node)
    return False


def evidence_limit(encoding: Encoding, indicator: Indicator) -> Term:
    """The most that evidence lets an indicator score; what is only pending counts as handed in."""
    found: list[Term] = [indicator.points]
    for rule in indicator.evidence:
        if rule.need == "if_present" or rule.effect.kind == "notice":
            continue
        kinds = [encoding.space.document(k) for k in rule.kinds]
        met = both(*kinds) if rule.need == "all" else either(*kinds)
        if rule.effect.kind == "pending":
            encoding.space.constraints.append(truth(met))
        else:
            found.append(pick(met, indicator.points, rule.effect.share * indicator.points))
    return least(found)
