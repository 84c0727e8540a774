"""Random plans whose units are compared with each other, and random cohorts for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from .draw import COUNT_UNIT, GRADES
from .plan import (
    Amount,
    Bands,
    Branch,
    Case,
    Chain,
    Choice,
    Cohort,
    Compare,
    Expr,
    Formula,
    Grades,
    Interval,
    Item,
    Kind,
    Ladder,
    Leaf,
    Missing,
    Plan,
    Quantity,
    Quota,
    Ref,
    ScoreOf,
    Veto,
)  # fmt: skip

F = Fraction
HIGHEST = 4
TYPES = {"zh": ("甲类", "乙类"), "en": ("first", "second")}


class CohortSketch:
    """Draws one plan over a few counts from 0 to 4."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.language = rng.choice(("zh", "en"))
        names = ("件量甲", "件量乙", "件量丙") if self.language == "zh" else ("tally_a", "tally_b", "tally_c")
        self.unit = COUNT_UNIT[self.language]
        self.items = tuple(Item(name, "count", self.unit, F(0), F(HIGHEST), assessed=rng.random() < 0.3) for name in names)

    def often(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def count(self, value: int, kind: Kind = "count") -> Quantity:
        return Quantity(F(value), kind, self.unit if kind == "count" else "分" if kind == "number" else "")

    def item(self) -> Ref:
        return Ref(self.rng.choice(self.items).name)

    def clauses(self, node: Cohort) -> Cohort:
        if self.often(30):
            node = replace(node, same_type=True)
        if self.often(25):
            node = replace(node, where=Compare(self.item(), ">", self.count(0)))
        if self.often(15):
            node = replace(node, at_least=self.rng.choice((2, 3)))
        if node.kind in ("mean", "max", "min", "deviation", "count") and self.often(30):
            node = replace(node, with_own=False)
        return node

    def rank(self, inner: Expr) -> Cohort:
        node = Cohort("rank", inner, lowest_first=self.often(40), ties=self.item() if self.often(30) else None)
        return replace(self.clauses(node), where=None)  # a unit without a place would need a word on what does not apply

    def value(self, inner: Expr, kind: str) -> Expr:
        """A number of the cohort beside the unit's own, in the unit of ``inner``."""
        node = self.clauses(Cohort(self.rng.choice(("mean", "max", "min", "deviation")), inner, places=3))  # type: ignore[arg-type]
        return Chain(inner, ((self.rng.choice("+−"), node),))

    def leaf(self, code: str, points: Fraction, before: str | None) -> Leaf:
        way = self.rng.randrange(4)
        name = code if self.language == "en" else f"指标{code}"
        inner: Expr = ScoreOf(before, rate=False) if before is not None and self.often(50) else self.item()
        scored = isinstance(inner, ScoreOf)
        if way == 0:
            leaf = Leaf(code, name, points, self.ladder(points), value=self.rank(inner))
        elif way == 1:
            at = self.count(self.rng.choice((1, 2)), "number" if scored else "count")
            rows = ((Interval(None, False, at, False), Amount("none")), (Interval(at, True, None, False), Amount("full")))
            leaf = Leaf(code, name, points, Bands(rows), value=self.value(inner, "count"))
        elif way == 2:
            share = replace(self.clauses(Cohort("percentile", inner, at_most=self.often(50))), where=None)
            leaf = Leaf(code, name, points, Formula(Chain(self.points(points), (("×", share),))))
        else:
            near = Compare(self.rank(inner), "≤", Quantity(F(2), "plain"))
            number = self.clauses(Cohort("count"))
            leaf = Leaf(code, name, points, Formula(Choice(((near, self.points(points)),), Chain(self.points(points / 10), (("×", number),)))))
        return replace(leaf, policy=("mean", "parent")) if self.often(30) else leaf

    def points(self, value: Fraction) -> Quantity:
        return Quantity(value, "points")

    def ladder(self, full: Fraction) -> Ladder:
        top = self.rng.choice((1, 2))
        rows = [(1, top, False, full)]
        if self.often(50):
            rows.append((top + 1, top + 1, False, full / 2))
        if self.often(50):
            rows.append((1, self.rng.choice((1, 2)), True, full / 4))
        return Ladder(tuple(rows), full * self.rng.choice((0, 3)) / 4, self.often(50))

    def plan(self) -> Plan:
        leaves: list[Leaf] = []
        for number in range(1, self.rng.choice((2, 3, 3)) + 1):
            leaves.append(self.leaf(f"A1.{number}", F(4), leaves[-1].code if leaves else None))
        full = F(4 * len(leaves))
        leaves = [replace(leaf, policy=None) if all(one.policy for one in leaves) and leaf is leaves[0] else leaf for leaf in leaves]
        used = " ".join(str(leaf) for leaf in leaves)
        leaves[0] = replace(leaves[0], zero_if=self.unused([item for item in self.items if repr(item.name) not in used]))
        names = GRADES[self.language]
        rows = ((Interval(self.points(full / 2), True, None, False), names[2]), (Interval(None, False, self.points(full / 2), False), names[3]))
        quotas: list[Quota] = []
        for name, share in zip(names[:2], ("0.3", "0.6"), strict=True):
            if self.often(50):
                quotas.append(Quota(F(share), self.rng.choice(("down", "up", "half_up")), self.often(50), name, self.often(50)))
        grades = Grades("score", None, rows, (), tuple(quotas))
        veto = Veto("V1", "事由" if self.language == "zh" else "cause", Compare(self.item(), "=", self.count(HIGHEST)), "grade_at_most", names[2])
        top = "总" if self.language == "zh" else "all"
        tree = (Branch("A", top, full, (Branch("A1", f"{top}1", full, tuple(leaves)),)),)
        return Plan(self.language, self.items, (), tree, (), "zero", F(1), "notice", (), (), (veto,) if self.often(40) else (), grades)  # type: ignore[arg-type]

    def unused(self, items: list[Item]) -> Expr | None:
        """A condition that never holds, so that every item is read somewhere."""
        if not items:
            return None
        rest = tuple(("+", Ref(item.name)) for item in items[1:])
        total: Expr = Chain(Ref(items[0].name), rest) if rest else Ref(items[0].name)
        return Compare(total, "=", self.count(len(items) * HIGHEST))


def draw_cohort_plan(rng: Random) -> Plan:
    return CohortSketch(rng).plan()


def draw_cohort(plan: Plan, rng: Random, size: int) -> tuple[Case, ...]:
    """Units with nothing open, so few different values that many tie."""
    cases = []
    for _ in range(size):
        entries = {item.name: F(rng.randint(0, HIGHEST)) for item in plan.items}
        out = frozenset(leaf.code for leaf in plan.leaves if leaf.policy is not None and rng.random() < 0.2)
        cases.append(Case(entries, out, unit_type=rng.choice(TYPES[plan.language])))  # type: ignore[arg-type]
    return tuple(cases)


def opened(cases: tuple[Case, ...], rng: Random) -> tuple[Case, ...]:
    """The same units with one or two values missing."""
    found = [dict(case.entries) for case in cases]
    for _ in range(rng.choice((1, 1, 2))):
        entries = rng.choice(found)
        entries[rng.choice(list(entries))] = Missing()
    return tuple(replace(case, entries=entries) for case, entries in zip(cases, found, strict=True))


def completions(cases: tuple[Case, ...], plan: Plan, most: int) -> Iterator[tuple[Case, ...]] | None:
    """Every way to fill in what is missing; nothing if there are too many."""
    holes = [(n, name) for n, case in enumerate(cases) for name, entry in case.entries.items() if isinstance(entry, Missing)]
    if prod(HIGHEST + 1 for _ in holes) > most:
        return None
    return (_filled(cases, holes, values) for values in product(range(HIGHEST + 1), repeat=len(holes)))


def _filled(cases: tuple[Case, ...], holes: list[tuple[int, str]], values: tuple[int, ...]) -> tuple[Case, ...]:
    found = [dict(case.entries) for case in cases]
    for (number, name), value in zip(holes, values, strict=True):
        found[number][name] = F(value)
    return tuple(replace(case, entries=entries) for case, entries in zip(cases, found, strict=True))
