"""Random plans.  Every choice goes through one `random.Random`, so that a seed is a
plan and Hypothesis can shrink the choices (`strategies.py`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

from .plan import (
    Amount,
    Bands,
    BestOnly,
    Bonus,
    Both,
    Branch,
    Call,
    Chain,
    Checklist,
    Choice,
    Compare,
    Control,
    Deduct,
    Derived,
    Discretionary,
    Distribution,
    Documents,
    DocumentShare,
    Earn,
    Either,
    Evidence,
    Expr,
    Extra,
    Formula,
    Grades,
    Interpolate,
    Interval,
    Item,
    Kind,
    Leaf,
    Levels,
    LowestRate,
    Not,
    Pass,
    Plan,
    Proportional,
    Quantity,
    Ref,
    Rounding,
    ScoreOf,
    Standard,
    Step,
    TargetDeduct,
    Tiers,
    Veto,
    WorstOnly,
)  # fmt: skip

MARKS = {"zh": "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", "en": "abcdefghijklmnopqrstuvwxyz"}
STEMS = {
    "zh": {"count": "件量", "percent": "比率", "number": "评价值", "truth": "事实", "options": "档次", "numbers": "打分组", "derived": "派生量"},
    "en": {"count": "tally_", "percent": "ratio_", "number": "mark_", "truth": "fact_", "options": "rung_", "numbers": "panel_", "derived": "made_"},
}  # fmt: skip
OPTIONS = {"zh": ("匹配", "基本匹配", "不够匹配", "不匹配"), "en": ("full", "mostly", "partly", "none_at_all")}
GRADES = {"zh": ("优秀", "良好", "一般", "较差"), "en": ("excellent", "good", "fair", "poor")}
COUNT_UNIT = {"zh": "件", "en": "pieces"}
LEAF_POINTS = ("1", "2", "3", "4", "5", "6", "10", "2.5", "0.75", "7", "3.33")


def f(text: str | int) -> Fraction:
    return Fraction(text)


class Sketch:
    """Draws one plan."""

    def __init__(self, rng: Random, only: str | None = None) -> None:
        self.rng = rng
        self.only = only
        self.reuse = 25  # how often, in a hundred, an item is there already
        self.language = rng.choice(("zh", "en"))
        self.items: list[Item] = []
        self.derived: list[Derived] = []
        self.documents = tuple(("材料" if self.language == "zh" else "paper_") + mark for mark in MARKS[self.language][:5])
        self.scored: list[tuple[str, Fraction]] = []  # leaves a later one may refer to

    def often(self, percent: int) -> bool:
        return self.rng.randrange(100) < percent

    def pick(self, *choices: str | int) -> Fraction:
        return f(self.rng.choice(choices))

    # ---- data items -----------------------------------------------------------------

    def name(self, kind: str, count: int) -> str:
        marks = MARKS[self.language]
        return STEMS[self.language][kind] + (marks[count // len(marks) - 1] if count >= len(marks) else "") + marks[count % len(marks)]

    def item(self, kind: Kind, **ranges: object) -> Ref:
        """A new item, or now and then one that is there already."""
        same = [item for item in self.items if item.kind == kind and not item.low and (kind != "number" or item.high == 100) and not ranges]
        if same and self.often(self.reuse):
            return Ref(self.rng.choice(same).name)
        count = sum(1 for item in self.items if item.kind == kind)
        made = Item(self.name(kind, count), kind, assessed=self.often(40))
        if kind == "count":
            bounds = {"low": f(0), "high": f(self.rng.choice((2, 4, 6, 12, 30))) if self.often(75) else None, **ranges}
            made = replace(made, unit=COUNT_UNIT[self.language], **bounds)
        elif kind == "percent":
            made = replace(made, low=f(0), high=f(1) if self.often(80) else f("1.5"))
        elif kind in ("number", "numbers"):
            bounds = {"low": f(0), "high": f(100), **ranges}
            made = replace(made, unit="分", size=(3, self.rng.choice((3, 5))) if kind == "numbers" else (0, 0), **bounds)
        elif kind == "options":
            made = replace(made, options=OPTIONS[self.language][: self.rng.choice((2, 3, 4))])
        self.items.append(made)
        return Ref(made.name)

    def item_named(self, name: str) -> Item | None:
        return next((item for item in self.items if item.name == name), None)

    # ---- quantities and expressions ---------------------------------------------------

    def quantity(self, kind: Kind, value: Fraction, *, difference: bool = False) -> Quantity:
        unit = {"count": COUNT_UNIT[self.language], "number": "分"}.get(kind, "")
        return Quantity(value, kind, unit, difference)

    def threshold(self, kind: Kind, top: int = 12) -> Quantity:
        if kind == "percent":
            return self.quantity(kind, self.pick(*range(10, 100, 5), "62.5", "88.8") / 100)
        if kind == "number":
            return self.quantity(kind, self.pick(*range(10, 100, 5), "62.5"))
        return self.quantity(kind, f(self.rng.randint(1, top)))

    def thresholds(self, kind: Kind, count: int) -> list[Quantity]:
        """So many different ones, rising."""
        found: dict[Fraction, Quantity] = {}
        for _ in range(count):
            one = self.threshold(kind)
            found[one.value] = one
        return [found[value] for value in sorted(found)]

    def measure(self, kind: Kind, *, reaching: bool = False) -> tuple[Expr, bool]:
        """A value of that kind, and whether a divisor in it can be zero; ``reaching``: any size."""
        if kind == "percent":
            return self.share()
        if kind == "number":
            return self.marks(), False
        return (self.endless() if reaching else self.tally()), False

    def endless(self) -> Expr:
        """A count without a highest value."""
        return self.item("count", low=f(0), high=None)

    def tally(self) -> Expr:
        if self.often(70):
            return self.item("count")
        parts = tuple((self.rng.choice("−−+"), self.item("count")) for _ in range(self.rng.choice((1, 2, 3))))
        chain = Chain(self.item("count"), parts)
        return Call("max", (self.quantity("count", f(0)), chain)) if all(sign == "−" for sign, _ in parts) or self.often(50) else Call("abs", (chain,))

    def marks(self) -> Expr:
        way = self.rng.randrange(6)
        if way == 0:
            trims = (Quantity(self.pick(0, 1), "plain"), Quantity(self.pick(0, 1), "plain"))
            return Call("trimmed_mean", (self.item("numbers"), *trims))
        if way == 1:
            return Call(self.rng.choice(("mean", "median")), (self.item("numbers"),))
        if way == 2:
            weight = self.pick("0.3", "0.4", "0.5")
            return Chain(
                Chain(self.item("number"), (("×", Quantity(weight, "percent")),)),
                (("+", Chain(self.item("number"), (("×", Quantity(1 - weight, "percent")),))),),
            )
        return self.item("number")

    def share(self) -> tuple[Expr, bool]:
        way = self.rng.randrange(8)
        if way < 3:
            return self.item("percent"), False
        if way == 3:
            chain = Chain(self.item("percent"), tuple(("−", self.item("percent")) for _ in range(self.rng.choice((1, 2)))))
            return Call("max", (Quantity(f(0), "percent", difference=True), chain)), False
        safe = self.often(50)
        below = self.item("count", low=f(1), high=f(12)) if safe else self.item("count")
        if way == 4:
            wrong = self.item("count")
            return Call("max", (Quantity(f(0), "percent"), Chain(Chain(below, (("−", wrong),)), (("÷", below),)))), self.can_be_zero(below)
        if way == 5:
            third = self.item("count", low=f(1), high=f(6))
            square = Chain(self.item("count"), (("÷", below), ("×", self.item("count")), ("÷", third)))
            return square, self.can_be_zero(below)
        return Chain(self.item("count"), (("÷", below),)), self.can_be_zero(below)

    def can_be_zero(self, node: Expr) -> bool:
        item = self.item_named(node.name) if isinstance(node, Ref) else None
        return item is None or item.low == 0

    def condition(self, depth: int = 0) -> Expr:
        way = self.rng.randrange(10)
        if way < 4 or depth > 1:
            return self.item("truth")
        if way < 7:
            kind = self.rng.choice(("count", "percent", "number"))
            left = self.item(kind)
            top = 1 if self.item_named(left.name).high is not None else 5  # no count ends below 2
            return Compare(left, self.rng.choice(("≥", "≤", ">", "<", "=", "≠")), self.threshold(kind, top))
        if way == 7:
            return Not(self.condition(depth + 1))
        parts = tuple(self.condition(depth + 1) for _ in range(self.rng.choice((2, 3))))
        return Both(parts) if way == 8 else Either(parts)

    # ---- parts of a standard ---------------------------------------------------------------

    def interval_rows(self, kind: Kind, count: int, *, falling: bool = False) -> list[Interval]:
        """Intervals that cover every number once, from low to high."""
        marks = self.thresholds(kind, count)
        rows: list[Interval] = []
        low, low_in = None, False
        always = self.often(50)  # two counts apart by one leave nothing between them, so all go one way
        for mark in marks:
            up = always if kind == "count" else self.often(50)  # whether the threshold belongs to the row above it
            rows.append(Interval(low, low_in, mark, not up, self.rng.randrange(6)))
            low, low_in = mark, up
        rows.append(Interval(low, low_in, None, False, self.rng.randrange(6)))
        return rows[::-1] if falling or self.often(50) else rows

    def amounts(self, full: Fraction, count: int, best: int) -> list[Amount]:
        """What each row is worth; the row ``best`` is worth everything."""
        found = [self.rng.choice((self.some_points(full), Amount("factor", self.pick("0.3", "0.75", "0.9")), Amount("full"), Amount("none"))) for _ in range(count)]
        found[best] = self.rng.choice((Amount("full"), Amount("points", full), Amount("factor", f(1))))
        return found

    def some_points(self, full: Fraction) -> Amount:
        return Amount("points", self.part_of(full))

    def part_of(self, full: Fraction) -> Fraction:
        """Some points, at most all of them."""
        return full * self.rng.randint(0, 10) / 10

    def step(self, kind: Kind, full: Fraction, *, whole: bool, cap: int = 25) -> Step:
        if kind == "percent":
            width = self.quantity(kind, self.pick(1, 1, 2, 3, "0.5", 5) / 100, difference=True)
        else:
            width = self.quantity(kind, self.pick(1, 1, 1, 2, 3))
        points = self.pick("0.1", "0.25", "0.5", "0.05", "1", "0.125")
        part = None if whole and width.value == 1 else self.rng.choice(("proportion", "up", "down"))
        return Step(width, points, self.part_of(full) or None if self.often(cap) else None, part)

    # ---- standards --------------------------------------------------------------------------

    def standard(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        """A standard, the value it reads, whether a divisor in it can be zero."""
        makers: dict[str, Callable[[Fraction], tuple[Standard, Expr | None, bool]]] = {
            "levels": self.levels, "pass": self.passing, "documents": self.papers, "deduct": self.deduct, "target": self.target_deduct,
            "proportional": self.proportional, "control": self.control, "bands": self.bands, "interpolate": self.interpolate,
            "checklist": self.checklist, "earn": self.earn, "tiers": self.tiers, "matching": self.matching,
            "distribution": self.distribution, "formula": self.formula, "discretionary": self.discretionary,
        }  # fmt: skip
        return makers[self.only or self.rng.choice(list(makers))](full)

    def levels(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        value = self.item("options")
        item = self.item_named(value.name)
        best = self.rng.randrange(len(item.options))
        return Levels(tuple(zip(item.options, self.amounts(full, len(item.options), best), strict=True))), value, False

    def passing(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        if self.often(50):
            return Pass(), self.condition(), False
        kind = self.rng.choice(("percent", "count", "number"))
        value, zero = self.measure(kind, reaching=True)
        return Pass(), Compare(value, self.rng.choice(("≥", "≤", ">", "<")), self.threshold(kind)), zero

    def papers(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        names = list(self.documents)
        self.rng.shuffle(names)
        rows = [tuple(names[:1]), tuple(names[1:3]), tuple(names[3:4])][: self.rng.choice((1, 2, 3))]
        if self.often(40):
            return DocumentShare(tuple(rows)), None, False
        return Documents(tuple((row, self.part_of(full) or full) for row in rows)), None, False

    def deduct(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        if self.often(50):
            return Deduct(((None, self.step("count", full, whole=True)),)), self.tally(), False
        rows = tuple((self.tally(), self.step("count", full, whole=True, cap=60)) for _ in range(self.rng.choice((2, 3))))
        return Deduct(rows), None, False

    def earn(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        if self.often(50):
            kind = self.rng.choice(("count", "percent"))
            value, zero = self.measure(kind, reaching=True)
            step = self.step(kind, full, whole=kind == "count", cap=0)
            if kind == "percent":
                step = replace(step, points=full * step.width.value * self.rng.choice((2, 4) if step.part == "down" else (1, 2, 4)))
            return Earn(((None, step),)), value, zero
        steps = [self.step("count", full, whole=True, cap=0) for _ in range(2)]
        caps = self.rng.choice(((None, None), (full * f("0.6"), full * f("0.6")), (full, full * f("0.2"))))
        return Earn(tuple((self.endless(), replace(step, cap=cap)) for step, cap in zip(steps, caps, strict=True))), None, False

    def target_deduct(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        kind = self.rng.choice(("percent", "percent", "number", "count"))
        value, zero = self.measure(kind, reaching=True)
        rows = sorted(self.interval_rows(kind, 2), key=lambda row: row.low.value if row.low else f(-1))
        target = self.rng.choice(rows)
        target = replace(target, low_in=target.low is not None, high_in=target.high is not None)
        below = self.step(kind, full, whole=kind == "count") if target.low else None
        above = self.step(kind, full, whole=kind == "count") if target.high else None
        return TargetDeduct(target, below, above), value, zero

    def proportional(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        kind = self.rng.choice(("percent", "percent", "number", "count"))
        value, zero = self.measure(kind, reaching=True)
        target = self.threshold(kind) if kind != "percent" or self.often(40) else None
        return Proportional(target, self.rng.choice(("capped", "capped", "capped", "error"))), value, zero

    def control(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        kind = self.rng.choice(("percent", "number", "count"))
        value, zero = self.measure(kind)
        return Control(self.threshold(kind), self.rng.choice(("twice_zero", "inverse"))), value, zero

    def bands(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        kind = self.rng.choice(("percent", "percent", "number", "count"))
        value, zero = self.measure(kind)
        rows = self.interval_rows(kind, self.rng.choice((1, 2, 3)))
        best = next(place for place, row in enumerate(rows) if row.low is None)  # a count may go no higher than the lowest row
        if kind != "count":
            best = self.rng.randrange(len(rows))
        return Bands(tuple(zip(rows, self.amounts(full, len(rows), best), strict=True))), value, zero

    def interpolate(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        kind = self.rng.choice(("percent", "number", "count"))
        value, zero = self.measure(kind)
        marks = self.thresholds(kind, 4)
        while len(marks) < 2:
            marks = self.thresholds(kind, 4)
        points = [self.part_of(full) for _ in marks]
        points[0 if kind == "count" else self.rng.randrange(len(points))] = full
        return Interpolate(tuple(zip(marks, points, strict=True))), value, zero

    def checklist(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        count = self.rng.choice((2, 3, 4))
        self.reuse = 0  # so that all of them can hold together
        conditions = [self.condition(1) for _ in range(count)]
        self.reuse = 25
        at_least = self.rng.randint(1, count) if self.often(30) else None
        if self.often(40):
            return Checklist(tuple((condition, None) for condition in conditions), at_least), None, False
        cuts = sorted(self.part_of(full) for _ in range(count - 1))
        points = [high - low for low, high in zip([f(0), *cuts], [*cuts, full], strict=True)]
        return Checklist(tuple(zip(conditions, points, strict=True)), at_least), None, False

    def tiers(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        kind: Kind = self.rng.choice(("count", "count", "percent"))
        value = self.endless() if kind == "count" else self.item(kind)
        rows = sorted(self.interval_rows(kind, 2), key=lambda row: row.low.value if row.low else f(-1))
        steps = [replace(self.step(kind, full, whole=kind == "count", cap=0), part="proportion" if kind == "percent" else None) for _ in rows]
        if kind == "count":
            steps = [replace(step, width=self.quantity("count", f(1))) for step in steps]
        else:  # one hundred percent, all in the top tier or all in the lowest, must earn everything
            steps = [replace(step, points=full * step.width.value * 10) for step in steps]
        return Tiers(self.rng.choice(("marginal", "whole")), tuple(zip(rows, steps, strict=True))), value, False

    def matching(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        self.reuse = 0  # no row twice
        rows = tuple((self.condition(1), self.part_of(full) or full) for _ in range(self.rng.choice((1, 2))))
        rows += ((self.item("truth"), full),)
        self.reuse = 25
        return self.rng.choice((WorstOnly, BestOnly))(rows), None, False

    def distribution(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        method = self.rng.choice(("factor", "target", "closeness"))
        names = [self.item("count", low=f(0), high=f(self.rng.choice((3, 8)))) for _ in range(3)]
        shares = self.rng.choice((("0.25", "0.5", "0.25"), ("0.2", "0.3", "0.5"), ("0.1", "0.1", "0.8")))
        rules: list[Fraction | tuple[Interval, Step]] = [f(share) for share in shares]
        if method == "factor":
            rules = [f(factor) for factor in self.rng.choice((("1", "0.9", "0.7"), ("0.5", "1", "0"), ("1", "0.33", "0.2")))]
        elif method == "target":
            rules = []
            for _ in names:
                mark, up = self.threshold("percent"), self.often(50)
                interval = Interval(mark, True, None, False) if up else Interval(None, False, mark, True)
                rules.append((interval, self.step("percent", full, whole=False)))
        everyone = Chain(names[0], (("+", names[1]), ("+", names[2]), ("+", self.item("count", low=f(0), high=f(3)))))
        total = everyone if self.often(40) else None
        return Distribution(method, tuple(zip(names, rules, strict=True)), total), None, True

    def formula(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        way = self.rng.randrange(6)
        a, b, c = (self.item("number") for _ in range(3))
        if way == 0:
            return Formula(Chain(a, (("−", b), ("−", c)))), None, False
        if way == 1:
            return Formula(Chain(a, (("−", b), ("+", c), ("÷", c))[:2])), None, False
        if way == 2:
            third = Quantity(self.pick(3, 7, 9), "plain")
            more = (("÷", Quantity(f(2), "plain")),) if full <= 5 else ()
            return Formula(Chain(Chain(a, (("÷", third), *more)), (("−", Chain(b, (("÷", third),))),))), None, False
        if way == 3:
            below = self.item("count")
            return Formula(Chain(self.item("count"), (("÷", below), ("×", Quantity(full, "points"))))), None, self.can_be_zero(below)
        if way == 4:
            return Formula(Choice(((self.condition(1), a), (self.condition(1), Chain(b, (("÷", Quantity(f(3), "plain")),)))), c)), None, False
        return Formula(Call(self.rng.choice(("max", "min")), (Chain(a, (("−", b),)), c))), None, False

    def discretionary(self, full: Fraction) -> tuple[Standard, Expr | None, bool]:
        low = self.part_of(full)
        lowest = low if self.often(90) else f(0)  # outside the range it is an error
        return Discretionary(low, full, self.item("number", low=lowest, high=full)), None, False

    # ---- the tree ---------------------------------------------------------------------------------

    def leaf(self, code: str, points: Fraction, *, individual: bool) -> Leaf:
        standard, value, zero = self.standard(points)
        leaf = Leaf(code, f"{'指标' if self.language == 'zh' else 'leaf '}{code.replace('.', '_')}", points, standard, value)
        if zero:
            leaf = replace(leaf, zero_divisor=self.rng.choice(("out", "full", "zero", "error")))
        elif value is not None and isinstance(value, Chain) and self.often(30):
            leaf = replace(leaf, value=self.make_derived(value))
        leaf = self.modified(leaf)
        needs = leaf.zero_divisor == "out" or leaf.missing_is_out
        if needs or self.often(45):
            scopes = ("parent", "level1", "whole") if individual else ("parent", "level1", "common", "whole")
            policy = self.rng.choice(("rescale", "rescale", "spread", "full", "zero"))
            leaf = replace(leaf, policy=(policy, self.rng.choice(scopes) if policy == "rescale" else "parent"))  # spread: over siblings
        self.scored.append((code, points))
        return leaf

    def make_derived(self, expression: Expr) -> Ref:
        made = Derived(self.name("derived", len(self.derived)), expression)
        self.derived.append(made)
        return Ref(made.name)

    def modified(self, leaf: Leaf) -> Leaf:
        if self.often(10):
            leaf = replace(leaf, zero_if=self.condition())
        if self.often(10):
            leaf = replace(leaf, full_if=self.condition())
        if self.often(12):
            high, low = (Quantity(self.pick(*choices), "plain") for choices in (("1", "1.2", "1.05"), ("0.8", "0.33", "1.1")))
            leaf = replace(leaf, difficulty=Choice(((self.condition(1), high),), low) if self.often(70) else high)
        if self.often(10):
            leaf = replace(leaf, evidence=Evidence(self.rng.choice(("all", "any", "if_present")), tuple(self.rng.sample(self.documents, 2)), None))
            effect = self.rng.choice(("notice", "zero", "share", None))
            if leaf.evidence.mode != "if_present":
                leaf = replace(leaf, evidence=replace(leaf.evidence, effect=effect, share=self.pick("0.6", "0.33")))
        if self.scored and self.often(10):
            leaf = replace(leaf, ceiling=self.limit(leaf.points))
        if self.scored and self.often(5):
            leaf = replace(leaf, floor=self.limit(leaf.points))
        if self.often(7):
            leaf = replace(leaf, missing_is_out=True)
        return leaf

    def limit(self, points: Fraction) -> Expr:
        code, _ = self.rng.choice(self.scored)
        if self.often(50):
            return ScoreOf(code, rate=False)
        return Chain(ScoreOf(code, rate=True), (("×", Quantity(points, "points")),))

    def tree(self) -> tuple[Branch, ...]:
        tops = []
        count = self.rng.choice((1, 2, 2, 3))
        for first in range(count):
            individual = first > 0 and first == count - 1 and self.often(50)
            letter = "X" if individual else "ABC"[first]
            tops.append(self.top(letter, individual=individual))
        return tuple(tops)

    def top(self, letter: str, *, individual: bool) -> Branch:
        seconds = []
        for second in range(1, self.rng.choice((1, 2, 2, 3)) + 1):
            code = f"{letter}{second}"
            count, weighted = self.rng.choice((1, 2, 3)), self.often(25)
            if weighted:
                whole = self.pick(10, 4, 5)
                shares = {1: ("1",), 2: ("0.6", "0.4"), 3: ("0.3", "0.3", "0.4")}[count]
                points = [whole * f(share) for share in shares]
            else:
                points = [self.pick(*LEAF_POINTS) for _ in range(count)]
            leaves = tuple(self.leaf(f"{code}.{place}", one, individual=individual) for place, one in enumerate(points, 1))
            if not weighted and self.often(15):
                leaves = self.either_or(leaves, individual=individual)
            seconds.append(Branch(code, self.branch_name(code), sum(points, f(0)), leaves, self.combination(), weighted))
        total = sum((one.points for one in seconds), f(0))
        if self.often(12):
            seconds = self.one_of_two(seconds, individual=individual)
        return Branch(letter, self.branch_name(letter), total, tuple(seconds), self.combination(), individual=individual)

    def either_or(self, leaves: tuple[Leaf, ...], *, individual: bool) -> tuple[Leaf, ...]:
        """The last leaf in two variants, of which one applies."""
        asked, last = self.item("truth"), leaves[-1]
        code, _, place = last.code.partition(".")
        other = self.leaf(f"{code}.{int(place) + 1}", last.points, individual=individual)
        self.scored = [one for one in self.scored if one[0] not in (last.code, other.code)]
        return (*leaves[:-1], replace(last, applies_if=asked), replace(other, applies_if=Not(asked)))

    def one_of_two(self, seconds: list[Branch], *, individual: bool) -> list[Branch]:
        """The last level-2 indicator in two variants, of which one applies with all below it."""
        asked, last = self.item("truth"), seconds[-1]
        code = f"{last.code[0]}{int(last.code[1:]) + 1}"
        other = self.leaf(f"{code}.1", last.points, individual=individual)
        within = {leaf.code for leaf in last.children} | {other.code}
        self.scored = [one for one in self.scored if one[0] not in within]
        twin = Branch(code, self.branch_name(code), last.points, (other,), applies_if=Not(asked))
        return [*seconds[:-1], replace(last, applies_if=asked), twin]

    def branch_name(self, code: str) -> str:
        return f"{'部分' if self.language == 'zh' else 'part '}{code}"

    def combination(self) -> str | None:
        return self.rng.choice(("sum", "lowest", "mean")) if self.often(20) else None

    # ---- the rest of a ruleset -----------------------------------------------------------------

    def rounding(self) -> tuple[Rounding, ...]:
        stages = [stage for stage, percent in (("leaf", 60), ("parent", 20), ("total", 30)) if self.often(percent)]
        return tuple(Rounding(stage, self.rng.choice((0, 1, 2, 2, 3)), self.rng.choice(("half_up", "half_up", "half_even", "up", "down"))) for stage in stages)

    def grades(self, tree: tuple[Branch, ...]) -> Grades:
        full = sum((branch.points for branch in tree), f(0))
        basis = self.rng.choice(("score", "rate"))
        names = GRADES[self.language]
        marks = [self.pick(85, 90), self.pick(75, 80), self.pick("60", "62.5")]
        rows: list[tuple[Interval, str]] = []
        high, high_in = None, False
        for mark, name in zip(marks, names, strict=False):
            at = Quantity(mark / 100, "percent") if basis == "rate" else Quantity(mark * full / 100, "points")
            up = self.often(70)
            rows.append((Interval(at, up, high, high_in, self.rng.randrange(6)), name))
            high, high_in = at, not up
        rows.append((Interval(None, False, high, high_in, self.rng.randrange(6)), names[-1]))
        gates: list[tuple[str, Expr]] = []
        if self.often(30):
            gates.append((names[0], Compare(LowestRate(1), "≥", Quantity(f("0.6"), "percent"))))
        if self.often(20):
            gates.append((names[1], Compare(ScoreOf(self.rng.choice(tree).code, rate=True), "≥", Quantity(f("0.5"), "percent"))))
        rounded = self.rng.choice((None, True, False))
        return Grades(basis, rounded, tuple(rows), tuple(gates))

    def vetoes(self, full: Fraction) -> tuple[Veto, ...]:
        names = GRADES[self.language]
        found = []
        for place in range(1, self.rng.choice((0, 0, 1, 1, 2)) + 1):
            effect = self.rng.choice(("grade_is", "total_is", "grade_at_most", "grade_down"))
            found.append(
                Veto(
                    f"V{place}", f"{'事由' if self.language == 'zh' else 'cause '}{place}", self.condition(), effect,
                    self.rng.choice(names[1:]), self.pick(1, 2) if effect == "grade_down" else self.pick(0, "0.3", "0.59") * full,
                )
            )  # fmt: skip
        return tuple(found)

    def bonus(self) -> tuple[Bonus, ...]:
        if not self.often(25):
            return ()
        step = replace(self.step("count", f(5), whole=True, cap=0), part=None, width=self.quantity("count", f(1)))
        only_if = self.condition(1) if self.often(40) else None
        return (Bonus("J1", "加项" if self.language == "zh" else "plus", self.pick(1, 3), self.endless(), step, only_if, self.often(50)),)

    def extra(self, tree: tuple[Branch, ...]) -> tuple[Extra, ...]:
        if not self.often(25):
            return ()
        step = replace(self.step("count", f(5), whole=True, cap=0), part=None, width=self.quantity("count", f(1)))
        codes = [None, *(one.code for one in tree), *(two.code for one in tree for two in one.children)]
        return (Extra("K1", "减项" if self.language == "zh" else "minus", self.pick(1, 3), self.endless(), step, self.rng.choice(codes)),)

    def plan(self) -> Plan:
        tree = self.tree()
        full = sum((branch.points for branch in tree), f(0))
        grades = self.grades(tree)
        vetoes, bonus, extra = self.vetoes(full), self.bonus(), self.extra(tree)
        return Plan(
            self.language, tuple(self.items), tuple(self.derived), tree, self.rounding(),
            self.rng.choice(("carry", "full", "zero")), self.pick("0.3", "0.5", "1"),
            self.rng.choice(("notice", "zero")), bonus, extra, vetoes, grades,
        )  # fmt: skip


def draw_plan(rng: Random, only: str | None = None) -> Plan:
    """A random plan; ``only``: with this one kind of standard."""
    return Sketch(rng, only).plan()
