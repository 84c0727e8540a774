"""The places of a ruleset that no unit reaches: bands, branches, conditions that never or always hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from ...dsl.diagnostics import Place
from ...dsl.formula import show
from ...dsl.frozen import frozen
from ...dsl.model import Bands, Choose, Compare, Expression, Indicator, Logic, Outcome, Ruleset
from ...dsl.operations import READINGS, Environment, NotApplicableReached, RuleFailure, Undecided
from ...dsl.periods import AS_OF, lapsed
from ...dsl.substitute import references
from .arithmetic import inside
from .ask import Answer, Impossible, Possible
from .parts import Asked
from .readings import Reader
from .terms import Term, Unsolvable, both, no

#: Whether a spot is reached: by some unit, by none (proved), or not decided.
Reached = bool | None


@frozen
class Spot:
    """A band, a branch or one side of a condition: what it is, where, and whether some unit gets there.

    ``kind`` is ``band``, ``branch``, ``otherwise``, ``holds`` or ``fails``, or ``gap``: a
    value for which there is no band.
    """

    kind: Literal["band", "branch", "otherwise", "holds", "fails", "gap"]
    code: str
    place: Place
    text: str
    reached: Reached


def leaf_spots(asked: Asked, indicator: Indicator) -> Iterator[Spot]:
    """The spots of a level-3 indicator that its author wrote."""
    leaf = asked.encoding.leaf(indicator.code)
    if indicator.code in asked.encoding.unsolved:
        return
    reader = Reader(asked.encoding, {f"step.{s.name}": s.expression for s in indicator.steps})
    finder = _Finder(asked, reader, indicator.code, indicator.place)
    if lapsed(asked.encoding.ruleset, indicator.code, asked.encoding.day) is not None:
        return
    if indicator.applies_if is not None and not set(references(indicator.applies_if)) <= {AS_OF}:
        yield from finder.condition(indicator.applies_if, indicator.name)
    for guard in indicator.guards:
        if guard.kind != "zero_divisor":
            yield from finder.at(guard.place).condition(guard.condition, guard.text)
    inforce = both(no(leaf.excluded), no(leaf.out))
    written = indicator.form == "FORMULA_FORM"
    for step in indicator.steps:
        yield from finder.expression(step.expression, inforce, branches=written or step.name == "value")


def condition_spots(asked: Asked, condition: Expression, code: str, place: Place, text: str, seen: Sequence[Environment]) -> Iterator[Spot]:
    """Both sides of a condition outside the indicators, and of the comparisons in it.

    ``seen`` are the values of units that the engine has run: what holds of one of them needs no question.
    """
    yield from _Finder(asked, asked.encoding.reader, code, place, tuple(seen)).condition(condition, text)


def derived_spots(asked: Asked, ruleset: Ruleset, key: str) -> Iterator[Spot]:
    """The branches of a derived value."""
    derived = next(d for d in ruleset.derived if d.key == key)
    yield from _Finder(asked, asked.encoding.reader, derived.name, derived.place).expression(derived.expression, True, branches=True)


@frozen
class _Finder:
    """Asks about the spots of one statement."""

    asked: Asked
    reader: Reader
    code: str
    place: Place
    seen: tuple[Environment, ...] = ()

    def at(self, place: Place) -> _Finder:
        return _Finder(self.asked, self.reader, self.code, place)

    def reached(self, *wanted: Term) -> Reached:
        return reached(self.asked.ask(*wanted))

    def condition(self, condition: Expression, text: str) -> Iterator[Spot]:
        """Whether a condition and the comparisons in it can hold and can fail."""
        known = self.truths(condition)
        try:
            free = both(no(self.reader.trouble(condition, "fail")), no(self.reader.trouble(condition, "out")))
            term = self.reader.term(condition)
            yes, other = (True if t in known else self.reached(free, term if t else no(term)) for t in (True, False))
        except Unsolvable:
            return
        yield Spot("holds", self.code, self.place, text, yes)
        yield Spot("fails", self.code, self.place, text, other)
        if isinstance(condition, Logic) and yes is True and other is True:
            for operand in condition.operands:
                if isinstance(operand, (Compare, Logic)):
                    yield from self.condition(operand, self.shown(operand))

    def truths(self, condition: Expression) -> set[bool]:
        """What a condition comes to in the units that have been run."""
        found = set()
        for values in self.seen:
            try:
                found.add(bool(READINGS.exactly(condition)(values)))
            except (Undecided, NotApplicableReached, RuleFailure):
                continue
        return found

    def expression(self, node: Expression, where: Term, *, branches: bool) -> Iterator[Spot]:
        """The bands and branches in an expression."""
        try:
            match node:
                case Bands() if any(b.place is not None for b in node.bands):
                    yield from self.bands(node, where)
                case Choose() if branches:
                    yield from self.branches(node, where)
        except Unsolvable:
            return
        for operand in READINGS.operands(node):
            yield from self.expression(operand, where, branches=branches)

    def bands(self, node: Bands, where: Term) -> Iterator[Spot]:
        free = both(where, no(self.reader.trouble(node.value, "fail")), no(self.reader.trouble(node.value, "out")))
        terms = [inside(node.value, b.interval, self.reader) for b in node.bands]
        for band, term in zip(node.bands, terms, strict=True):
            yield Spot("band", self.code, band.place or self.place, band.label, self.reached(free, term))
        yield Spot("gap", self.code, self.place, "", self.reached(free, *(no(t) for t in terms)))

    def branches(self, node: Choose, where: Term) -> Iterator[Spot]:
        left = where
        for condition, value in node.cases:
            term = self.reader.term(condition)
            if not isinstance(value, Outcome):
                yield Spot("branch", self.code, self.place, self.shown(condition), self.reached(left, term))
            left = both(left, no(term))
        if not isinstance(node.otherwise, Outcome):
            yield Spot("otherwise", self.code, self.place, self.shown(node.cases[-1][0]), self.reached(left))

    def shown(self, node: Expression) -> str:
        language = self.asked.encoding.ruleset.language
        return show(node, lambda key: key.partition(".")[2] or key, language)


def reached(answer: Answer) -> Reached:
    """An answer as yes, no or not decided."""
    return True if isinstance(answer, Possible) else False if isinstance(answer, Impossible) else None


__all__ = ["Reached", "Spot", "condition_spots", "derived_spots", "leaf_spots", "reached"]
