"""What a reading is, and what can come of one besides a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ..columns import FALSE, Columns, Number
from ..columns.told import NotCarried, Told, Truth
from ..diagnostics import Fact
from ..frozen import frozen
from ..limits import MAXIMUM_POWER_BITS
from ..model import Expression, Value
from ..numbers import Exact
from ..ranges import Anything, Possible

#: Values by key; a value that is not known is an `Unknown`.
Environment = Mapping[str, Any]
Exactly = Callable[[Environment], Any]
#: Possibilities by key, for the interval reading.
Within = Mapping[str, Possible]


@frozen
class Unknown:
    """A value that is not there: for whom one waits, and what it can be meanwhile.

    ``claims`` are all the values it can be, where those in dispute are named.
    """

    waiting: frozenset[str]
    can_be: Possible
    state: str = "missing"
    claims: tuple[Any, ...] = ()


@frozen
class OutOfScope:
    """A value that does not apply to this unit, and why."""

    reason: str


class Undecided(Exception):
    """The exact value cannot be told yet."""

    def __init__(self, unknown: Unknown) -> None:
        self.unknown = unknown
        super().__init__(", ".join(sorted(unknown.waiting)))


class NotApplicableReached(Exception):
    """The value does not apply."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class RuleFailure(Exception):
    """The data make a rule impossible to apply, such as a divisor of zero."""

    def __init__(self, code: str, **facts: Fact) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


@frozen
class Failing:
    """A value that cannot be computed from the data; whoever uses it fails for the same reason."""

    failure: RuleFailure


@frozen
class Operation:
    """One core operation with all its readings.

    ``exactly(node, readings)`` compiles to a function of an environment;
    ``within(node, possibilities, readings)`` gives what the node can be;
    ``columns(node, reader)`` gives it for many units at once;
    ``operands(node)`` are the expressions inside it.
    """

    exactly: Callable[[Any, Readings], Exactly]
    within: Callable[[Any, Within, Readings], Possible]
    columns: Callable[[Any, ColumnReader], Told]
    operands: Callable[[Any], tuple[Expression, ...]]


class ColumnReader(Protocol):
    """Reads expressions in columns; whoever has the units decides where a value comes from."""

    columns: Columns

    def read(self, expression: Expression) -> Told:
        """An expression in columns.  Raises `NotCarried`."""

    def at(self, key: str) -> Told:
        """The value under a key.  Raises `NotCarried`."""

    def there(self, key: str) -> int:
        """A yes/no column: whether there is a value, or a good document, under a key."""

    def word(self, text: str) -> int:
        """The number that stands for a word."""

    def unit_by_unit(self, expression: Expression) -> Told:
        """An expression whose exact reading is taken for every unit.  Raises `NotCarried`."""


@frozen
class Readings:
    """The readings of whole expressions, from the table of operations."""

    operations: Mapping[type, Operation]

    def exactly(self, expression: Expression) -> Exactly:
        return self.operations[type(expression)].exactly(expression, self)

    def within(self, expression: Expression, possibilities: Within) -> Possible:
        return self.operations[type(expression)].within(expression, possibilities, self)

    def operands(self, expression: Expression) -> tuple[Expression, ...]:
        return self.operations[type(expression)].operands(expression)


def bounded(value: Exact) -> Exact:
    """``value`` itself.  Raises `RuleFailure` where it has more bits than a run may need."""
    if value.numerator.bit_length() + value.denominator.bit_length() > MAXIMUM_POWER_BITS:
        raise RuleFailure("E722", limit=str(MAXIMUM_POWER_BITS))
    return value


def constant(value: Value) -> Exactly:
    return lambda _environment: value


def nothing_known(_node: Any, _possibilities: Within, _readings: Readings) -> Possible:
    return Anything()


def exactly_for_each(node: Any, reader: ColumnReader) -> Told:
    """The column reading of an operation that has none of its own: the exact one, unit by unit."""
    return reader.unit_by_unit(node)


def number_in(told: Told) -> Number:
    """The number that a column holds.  Raises `NotCarried` for anything else."""
    if not isinstance(told.value, Number):
        raise NotCarried
    return told.value


def truth_in(told: Told) -> int:
    """The yes/no column.  Raises `NotCarried` for anything else."""
    if not isinstance(told.value, Truth):
        raise NotCarried
    return told.value.node


def after(reader: ColumnReader, value: Number | Truth, *parts: Told, fails: int = FALSE) -> Told:
    """A value made of others: it fails and is out where one of them does."""
    columns = reader.columns
    return Told(value, columns.any_of((fails, *(p.fails for p in parts))), columns.any_of(p.out for p in parts))
