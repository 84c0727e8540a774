"""One level-3 indicator, bonus or extra deduction in columns, in the order of `engine.leaf`."""

from __future__ import annotations

from ...dsl.columns import FALSE, TRUE, Columns, Number, fractions
from ...dsl.columns.told import NotCarried, Told, Truth
from ...dsl.frozen import frozen
from ...dsl.model import Expression, Indicator
from ...dsl.numbers import Exact
from ...dsl.operations.readings import number_in
from .reader import Reader


@frozen
class LeafColumns:
    """The score where it is scored, and where it is excluded, out, or fails."""

    score: Number
    excluded: int
    out: int
    fails: int


def leaf_columns(reader: Reader, indicator: Indicator) -> LeafColumns:
    """A leaf for every unit; one that columns cannot carry fails for all."""
    try:
        return _Leaf(reader, indicator).read()
    except NotCarried:
        return LeafColumns(fractions.constant(reader.columns, 0), FALSE, FALSE, TRUE)


def evidence_limit(reader: Reader, indicator: Indicator) -> Told:
    """The most that evidence lets an indicator score; it fails while that is pending."""
    columns = reader.columns
    most: Number = fractions.constant(columns, indicator.points)
    pending: list[int] = []
    for index, rule in enumerate(indicator.evidence):
        if rule.effect.kind == "notice":
            continue
        short = columns.negate(columns.input(f"met {indicator.code} {index}", truth=True))
        if rule.effect.kind == "pending":
            pending.append(short)
            continue
        limited = fractions.constant(columns, rule.effect.share * indicator.points)
        most = fractions.choose(columns, short, fractions.least(columns, most, limited), most)
    return Told(most, columns.any_of(pending))


class _Leaf:
    """Collects, condition by condition, for which units what has been settled."""

    def __init__(self, reader: Reader, indicator: Indicator) -> None:
        self.reader, self.indicator = reader, indicator
        self.columns: Columns = reader.columns
        self.going = TRUE
        self.fails: list[int] = []
        self.out: list[int] = []
        self.settled: list[tuple[int, Exact]] = []

    def read(self) -> LeafColumns:
        excluded = FALSE
        if self.indicator.applies_if is not None:
            self.going = self._condition(self.indicator.applies_if)
            excluded = self.columns.negate(self.columns.any_of((self.going, *self.out)))
        self._guards()
        settled = self.columns.any_of(s for s, _ in self.settled)
        score = self._steps(settled)
        out = self.columns.any_of(self.out)
        fails = self.columns.any_of(self.fails)
        if self.indicator.not_applicable is None:  # what does not apply is an error here
            out, fails = FALSE, self.columns.any_of((fails, out))
        return LeafColumns(score, excluded, out, fails)

    def _troubles(self, told: Told, where: int) -> None:
        self.fails.append(self.columns.all_of((where, told.fails)))
        self.out.append(self.columns.all_of((where, told.out)))

    def _condition(self, condition: Expression) -> int:
        told = self.reader.read(condition)
        if not isinstance(told.value, Truth):
            raise NotCarried
        self._troubles(told, self.going)
        return told.value.node

    def _guards(self) -> None:
        for guard in self.indicator.guards:
            holds = self.columns.all_of((self.going, self._condition(guard.condition)))
            match guard.outcome:
                case "notice":
                    continue
                case "out":
                    self.out.append(holds)
                case "error" | "pending":
                    self.fails.append(holds)
                case "full":
                    self.settled.append((holds, self.indicator.points))
                case "zero":
                    self.settled.append((holds, 0))
            self.going = self.columns.all_of((self.going, self.columns.negate(holds)))

    def _steps(self, settled: int) -> Number:
        environment, steps = self.reader.environment, self.reader.steps
        scored = self.columns.any_of((self.going, settled))
        where = self.going
        value = fractions.constant(self.columns, 0)
        made: list[str] = []
        started = False
        for step in self.indicator.steps:
            key = f"step.{step.name}"
            told = self.reader.read(step.expression)
            self._troubles(told, where)
            if step.name == "raw":
                told = Told(self._with_settled(number_in(told)))
                where, started = scored, True
            elif step.name == "difficulty":  # full marks by exception stay full marks
                told = Told(fractions.choose(self.columns, settled, value, number_in(told)))
            elif not started:  # what comes after may not be written out: it rests on what is settled
                steps[key] = step.expression
            environment[key] = Told(told.value)
            made.append(key)
            if isinstance(told.value, Number):
                value = told.value
        for key in made:
            del environment[key]
        steps.clear()
        return value

    def _with_settled(self, raw: Number) -> Number:
        for holds, points in reversed(self.settled):
            raw = fractions.choose(self.columns, holds, fractions.constant(self.columns, points), raw)
        return raw
