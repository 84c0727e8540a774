"""Reads expressions in columns: where each value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from threading import Lock

from ...dsl.cohort import CohortValue
from ...dsl.columns import FALSE, TRUE, Columns, fractions
from ...dsl.columns.graph import ANYTHING, Limits
from ...dsl.columns.told import NotCarried, Told, Truth, Words
from ...dsl.model import DataItem, Derived, Expression, Grouped, Indicator, Parameter, Ref, Ruleset
from ...dsl.numbers import Exact, divide
from ...dsl.operations import OPERATIONS, READINGS
from ...dsl.substitute import references, substitute

#: Keys that every unit answers by itself, without any indicator being worked out before.
_OF_THE_UNIT = ("data.", "parameter.", "document.", "unit.", "as_of", "column.")


def _readable(expression: Expression) -> bool:
    """Whether an expression can be read alone; groups of groups cannot."""
    if isinstance(expression, Grouped) and expression.source.__class__ is not Ref:
        return False
    return all(_readable(o) for o in READINGS.operands(expression))


class Wanted:
    """What plans of one ruleset ask of a unit besides its plain values: words by number, and
    expressions worked out unit by unit.  Grows while plans are made; never shrinks."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self._lock = Lock()
        self.each: dict[Expression, str] = {}

    def word(self, text: str) -> int:
        found = self.words.get(text)
        if found is None:
            with self._lock:  # several threads read units at once
                found = self.words.setdefault(text, len(self.words))
        return found

    def name(self, expression: Expression) -> str:
        return self.each.setdefault(expression, f"each {len(self.each)}")


class Reader:
    """Expressions of one ruleset in columns.

    ``scales`` tell in which parts of one a column of numbers is handed in; what is not
    named comes in ones.
    """

    def __init__(self, ruleset: Ruleset, scales: Mapping[str, int], wanted: Wanted) -> None:
        self.ruleset, self.scales, self.wanted = ruleset, scales, wanted
        self.columns = Columns()
        self.environment: dict[str, Told] = {}
        self.steps: dict[str, Expression] = {}
        self._derived = {d.key: d.expression for d in ruleset.derived}

    # ---- what operations ask for ----

    def read(self, expression: Expression) -> Told:
        return OPERATIONS[type(expression)].columns(expression, self)

    def at(self, key: str) -> Told:
        found = self.environment.get(key)
        if found is None:
            found = self.environment[key] = self._source(key)
        return found

    def there(self, key: str) -> int:
        return self.columns.input(f"there {key}" if not key.startswith("document.") else key, truth=True)

    def word(self, text: str) -> int:
        return self.wanted.word(text)

    def unit_by_unit(self, expression: Expression) -> Told:
        """The exact reading of an expression for every unit, handed in as a column."""
        plain = substitute(expression, {**self._derived, **self.steps})
        if any(not key.startswith(_OF_THE_UNIT) for key in references(plain)) or not _readable(plain):
            raise NotCarried
        name = self.wanted.name(plain)
        fails, out = (self.columns.input(f"{name} {what}", truth=True) for what in ("fails", "out"))
        return Told(self._number(name, ANYTHING), fails, out)

    # ---- sources ----

    def _number(self, name: str, limits: Limits) -> fractions.Number:
        return fractions.whole(self.columns, self.columns.input(name, *limits), self.scales.get(name, 1))

    def _source(self, key: str) -> Told:
        if key == "as_of":
            return Told(self._number(key, (1, 3_652_059)))
        if key in ("unit.type", "unit.level"):
            return Told(Words(self.columns.input(key, 0)))
        if key in self._derived:
            return self.read(self._derived[key])
        if key.startswith("rate."):
            return self._rate(key.removeprefix("rate."))
        match self.ruleset.by_key.get(key):
            case DataItem() as item:
                return self._item(item)
            case Parameter():
                return Told(self._number(key, ANYTHING))
            case Derived() | Indicator() | CohortValue() | None:
                raise NotCarried

    def _item(self, item: DataItem) -> Told:
        match item.type.kind:
            case "number":
                scale = self.scales.get(item.key, 1)
                low = None if item.low is None else -((-Fraction(item.low) * scale).__floor__())
                high = None if item.high is None else (Fraction(item.high) * scale).__floor__()
                return Told(self._number(item.key, (low, high)))
            case "date":
                return Told(self._number(item.key, (1, 3_652_059)))
            case "yes_no":
                return Told(Truth(self.columns.input(item.key, truth=True)))
            case "choice" | "text":
                for option in item.type.options:
                    self.word(option)
                return Told(Words(self.columns.input(item.key, 0)))
        raise NotCarried

    def _rate(self, code: str) -> Told:
        score = self.at(f"score.{code}")
        points = self.points_of(code)
        if score.out == TRUE:
            return score
        assert isinstance(score.value, fractions.Number)
        if not points:
            return Told(fractions.constant(self.columns, 0), score.fails, TRUE)
        return Told(fractions.times(self.columns, score.value, divide(1, points)), score.fails, score.out)

    def points_of(self, code: str) -> Exact:
        """The points in force of an indicator that has been worked out."""
        raise NotImplementedError

    # ---- conditions outside standards ----

    def condition(self, expression: Expression, *, inapplicable: bool = False) -> tuple[int, int]:
        """Whether a condition holds, about what does not apply as ``inapplicable``; and where that cannot be told."""
        try:
            told = self.read(expression)
        except NotCarried:
            return FALSE, TRUE
        if not isinstance(told.value, Truth):
            return FALSE, TRUE
        if inapplicable:
            return self.columns.any_of((told.value.node, told.out)), told.fails
        return self.columns.all_of((told.value.node, self.columns.negate(told.out))), told.fails
