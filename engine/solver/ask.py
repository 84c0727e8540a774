"""One question to the solver: impossible, possible with values, or not decided in time.

What is not linear (a quotient of two data that are used elsewhere too) is met three ways:
without its constraint, which is enough to prove an impossibility; with its divisor held at a
few numbers, which is enough to find a unit; and as it is, until the time is up.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import z3

from ...dsl.frozen import frozen
from ...dsl.numbers import Exact, decimal_places, round_to, simplest
from .encoding import Encoding, Product
from .terms import Term, is_known, real, truth

#: What the divisors of quotients are held at, one after the other, to find a unit.
_GUESSES: tuple[Exact, ...] = (100, 1, 12)
_SHORT = 4


@frozen
class Impossible:
    """Proved: no unit does."""


@frozen
class NotDecided:
    """The time was up, or something that was not given to the solver stands in the way."""

    why: Literal["time", "unsolved"] = "time"


@dataclass(frozen=True, eq=False)
class Possible:
    """Values for every variable that was asked about."""

    model: Any

    def value(self, term: Term) -> Any:
        """The value of a term: a number, a truth.  Raises `ArithmeticError` for a number that is no fraction."""
        if is_known(term):
            return term
        found = self.model.eval(term.translate(self.model.ctx), model_completion=True)
        if z3.is_true(found) or z3.is_false(found):
            return bool(z3.is_true(found))
        if not z3.is_rational_value(found) and not z3.is_int_value(found):
            raise ArithmeticError(str(found))
        return simplest(Fraction(str(found)))


Answer = Impossible | NotDecided | Possible


class Clock:
    """How many milliseconds are left of some whole seconds."""

    def __init__(self, seconds: int) -> None:
        self.ends = time.monotonic_ns() + seconds * 1_000_000_000

    @property
    def left(self) -> int:
        """Milliseconds, at least one."""
        return max(1, (self.ends - time.monotonic_ns()) // 1_000_000)

    @property
    def is_up(self) -> bool:
        return time.monotonic_ns() >= self.ends

    def at_most(self, seconds: int) -> Clock:
        """A clock that ends with this one, or sooner."""
        other = Clock(seconds)
        other.ends = min(other.ends, self.ends)
        return other


def _linear(product: Product, held: Exact | None = None) -> Any:
    if held is None:
        return product.result * real(product.factor) == real(product.amount)
    return z3.And(real(product.factor) == real(held), real(product.result) * real(held) == real(product.amount))


def ask(encodings: Sequence[Encoding], wanted: Iterable[Term], clock: Clock) -> Answer:
    """Whether some unit of all encodings meets everything wanted."""
    terms = [truth(w) for w in wanted]
    spaces = list({id(e.space): e.space for e in encodings}.values())
    known = [truth(c) for s in spaces for c in s.constraints] + [truth(a) for e in encodings for a in e.assumed]
    products = _needed([p for e in encodings for p in e.products], [*known, *terms])
    context = z3.Context()  # one of its own, so that an answer does not depend on what was asked before
    solver = z3.Solver(ctx=context)
    solver.add(*(t.translate(context) for t in (*known, *terms, *(truth(b) for p in products for b in p.bounds))))
    found = _check(solver, clock)
    if found == z3.unsat:
        return Impossible()
    if not products:
        return NotDecided() if found != z3.sat else Possible(_tidy(solver, encodings, clock))
    for guess in _GUESSES:
        solver.push()
        solver.add(*(_linear(p, guess).translate(context) for p in products))
        if _check(solver, clock.at_most(5)) == z3.sat:
            return Possible(_tidy(solver, encodings, clock))
        solver.pop()
    solver.add(*(_linear(p).translate(context) for p in products))
    found = _check(solver, clock)
    if found == z3.unsat:
        return Impossible()
    return Possible(_tidy(solver, encodings, clock)) if found == z3.sat else NotDecided()


def optimum(encoding: Encoding, held: Iterable[Term], goal: Term, direction: int, clock: Clock) -> tuple[Exact, bool] | None:
    """The largest (or smallest) value of a goal and whether it is reached; ``None`` where that is not decided."""
    if is_known(goal):
        return goal, True
    known = [truth(c) for c in (*encoding.space.constraints, *encoding.assumed, *held)]
    if _needed(encoding.products, [*known, goal]):
        return None
    context = z3.Context()
    optimizer = z3.Optimize(ctx=context)
    optimizer.set("timeout", min(clock.left, 2**31 - 1))
    optimizer.add(*(k.translate(context) for k in known))
    handle = (optimizer.maximize if direction > 0 else optimizer.minimize)(goal.translate(context))
    if optimizer.check() != z3.sat:
        return None
    infinite, value, beside = (optimizer.upper_values(handle) if direction > 0 else optimizer.lower_values(handle))
    if Fraction(str(infinite)) != 0:
        return None
    return simplest(Fraction(str(value))), Fraction(str(beside)) == 0


def _needed(products: Sequence[Product], terms: Sequence[Any]) -> list[Product]:
    """The products whose result something else depends on; any other can be made to fit."""
    used: set[int] = set()
    seen: set[int] = set()

    def look(terms: Iterable[Term]) -> None:
        waiting = [t for t in terms if not is_known(t)]
        while waiting:
            term = waiting.pop()
            if term.get_id() not in seen:
                seen.add(term.get_id())
                if z3.is_const(term):
                    used.add(term.get_id())
                waiting += term.children()

    look(terms)
    found = []
    for product in reversed(products):
        if product.made.get_id() in used:
            found.append(product)
            look((product.result, product.factor, product.amount))
    return found


def _check(solver: Any, clock: Clock) -> Any:
    solver.set("timeout", min(clock.left, 2**31 - 1))
    return solver.check()


def _tidy(solver: Any, encodings: Sequence[Encoding], clock: Clock) -> Any:
    """The solver's model with shorter decimals where there is room for them."""
    model = solver.model()
    for variable in _decimals(encodings):
        term = variable.translate(solver.ctx)
        value = model.eval(term, model_completion=True)
        if not z3.is_rational_value(value):
            continue
        number = simplest(Fraction(str(value)))
        places = decimal_places(number)
        if places is not None and places <= _SHORT:
            solver.add(term == value)  # so that the next ones leave it as it is
            continue
        for short in range(_SHORT + 1):
            solver.push()
            solver.add(term == real(round_to(number, short, "half_up")).translate(solver.ctx))
            if _check(solver, clock.at_most(2)) == z3.sat:
                model = solver.model()
                break
            solver.pop()
    return model


def _decimals(encodings: Sequence[Encoding]) -> list[Any]:
    """The variables of data that are neither whole numbers nor counted by their ratios."""
    found: dict[int, Any] = {}
    for encoding in encodings:
        scaled = encoding.space.scaling.group_of
        mine = [t for k, t in encoding.space.terms.items() if k not in scaled] + [t for _, _, t in encoding.lists.amounts.values()]
        found |= {t.get_id(): t for t in mine if isinstance(t, z3.ArithRef) and t.is_real() and z3.is_const(t)}
    return list(found.values())
