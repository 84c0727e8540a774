"""Numbers, truths and words as z3 terms; what is known stays a plain number, truth or word."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import z3

from ...dsl.numbers import Exact, simplest

#: A plain value (``int``, ``Fraction``, ``bool``) or a z3 expression; numbers are of the sort Real.
Term = Any

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


class Unsolvable(Exception):
    """Something the solver is not given: analysis says "not decided" where it enters."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def is_known(term: Term) -> bool:
    """Whether a term is a plain value."""
    return not isinstance(term, z3.AstRef)


def real(term: Term) -> Any:
    """A number as a z3 term."""
    return z3.RealVal(str(term)) if is_known(term) else term


def truth(term: Term) -> Any:
    """A truth as a z3 term."""
    return z3.BoolVal(term) if is_known(term) else term


def add(left: Term, right: Term) -> Term:
    if is_known(left) and is_known(right):
        return simplest(left + right)
    if is_known(left) and left == 0:
        return right
    if is_known(right) and right == 0:
        return left
    return real(left) + real(right)


def total(terms: Iterable[Term]) -> Term:
    """The sum of terms; 0 for none."""
    known: Exact = 0
    others = []
    for term in terms:
        if is_known(term):
            known = simplest(known + term)
        else:
            others.append(term)
    if not others:
        return known
    found = others[0] if len(others) == 1 else z3.Sum(others)
    return found if known == 0 else found + real(known)


def times(term: Term, factor: Exact) -> Term:
    """A term times a known number."""
    if is_known(term):
        return simplest(Fraction(term) * factor)
    if factor == 0:
        return 0
    return term if factor == 1 else term * real(factor)


def minus(left: Term, right: Term) -> Term:
    return add(left, times(right, -1))


def compare(left: Term, sign: str, right: Term) -> Term:
    """A comparison of two numbers."""
    if is_known(left) and is_known(right):
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "=": left == right, "!=": left != right}[sign]
    a, b = real(left), real(right)
    match sign:
        case "<":
            return a < b
        case "<=":
            return a <= b
        case ">":
            return a > b
        case ">=":
            return a >= b
        case "=":
            return a == b
    return a != b


def both(*truths: Term) -> Term:
    """All of some truths."""
    others = []
    for one in truths:
        if is_known(one):
            if not one:
                return False
        else:
            others.append(one)
    if not others:
        return True
    return others[0] if len(others) == 1 else z3.And(others)


def either(*truths: Term) -> Term:
    """At least one of some truths."""
    others = []
    for one in truths:
        if is_known(one):
            if one:
                return True
        else:
            others.append(one)
    if not others:
        return False
    return others[0] if len(others) == 1 else z3.Or(others)


def no(one: Term) -> Term:
    return (not one) if is_known(one) else z3.Not(one)


def same_truth(left: Term, right: Term) -> Term:
    """Whether two truths are the same."""
    if is_known(left):
        return right if left else no(right)
    if is_known(right):
        return left if right else no(left)
    return left == right


def pick(condition: Term, yes: Term, other: Term) -> Term:
    """One number where a condition holds, another where it does not."""
    if is_known(condition):
        return yes if condition else other
    if is_known(yes) and is_known(other) and yes == other:
        return yes
    return z3.If(condition, real(yes), real(other))


def pick_truth(condition: Term, yes: Term, other: Term) -> Term:
    """The same for truths."""
    if is_known(condition):
        return yes if condition else other
    return either(both(condition, yes), both(no(condition), other))


def least(terms: Iterable[Term]) -> Term:
    """The smallest of some numbers."""
    found: Term = None
    for term in terms:
        if found is None:
            found = term
        elif is_known(found) and is_known(term):
            found = min(found, term)
        else:
            found = pick(compare(term, "<", found), term, found)
    return found


def greatest(terms: Iterable[Term]) -> Term:
    """The largest of some numbers."""
    return times(least([times(t, -1) for t in terms]), -1)


def rounded(value: Term, places: int, mode: str) -> Term:
    """A number rounded as the ruleset says, by z3's floor; see `numbers.round_to` for the modes."""
    scaled = times(value, Fraction(10) ** places)
    floor = z3.ToReal(z3.ToInt(scaled))
    ceiling = -z3.ToReal(z3.ToInt(-scaled))
    match mode:
        case "floor":
            whole = floor
        case "ceiling":
            whole = ceiling
        case "up":
            whole = pick(scaled >= 0, ceiling, floor)
        case "down":
            whole = pick(scaled >= 0, floor, ceiling)
        case "half_up":
            whole = pick(scaled >= 0, z3.ToReal(z3.ToInt(scaled + real(Fraction(1, 2)))), -z3.ToReal(z3.ToInt(real(Fraction(1, 2)) - scaled)))
        case _:
            rest = scaled - floor
            even = z3.ToInt(scaled) % 2 == 0
            half = real(Fraction(1, 2))
            whole = z3.If(z3.Or(rest < half, z3.And(rest == half, even)), floor, floor + 1)
    return times(whole, Fraction(1, 10**places) if places >= 0 else Fraction(10) ** -places)


def reaches(goal: Exact, places: int, mode: str) -> tuple[str, Exact]:
    """``rounded(x) >= goal`` as a comparison of ``x``, for a goal on the grid of rounding."""
    step = Fraction(10) ** -places
    half = step * Fraction(1, 2)
    match mode:
        case "half_up":
            return (">=" if goal > 0 else ">", simplest(goal - half))
        case "half_even":
            return (">=" if (goal / Fraction(step)) % 2 == 0 else ">", simplest(goal - half))
        case "up":
            return (">", simplest(goal - step)) if goal > 0 else (">=", goal)
        case "down":
            return (">=", goal) if goal > 0 else (">", simplest(goal - step))
        case "floor":
            return ">=", goal
    return ">", simplest(goal - step)


def on_grid(value: Exact, places: int, *, above: bool) -> Exact:
    """The smallest multiple of 10**-places that is at least ``value``, or beyond it."""
    step = Fraction(10) ** -places
    index = Fraction(value) / step
    whole = -((-index.numerator) // index.denominator)
    if above and whole == index:
        whole += 1
    return simplest(whole * step)
