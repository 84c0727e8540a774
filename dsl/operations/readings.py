"""What a reading is, and what can come of one besides a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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
    ``operands(node)`` are the expressions inside it.
    """

    exactly: Callable[[Any, Readings], Exactly]
    within: Callable[[Any, Within, Readings], Possible]
    operands: Callable[[Any], tuple[Expression, ...]]


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
