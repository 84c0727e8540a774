"""The second evaluator: slow, straight, and written from the definitions alone.

It shares no code with the package.  A `Reference` takes a plan and a unit in which
nothing is open (no missing value, no dispute) and works out every indicator's score,
the total and the grade in fractions.  Each rule of the language that could be got
wrong is a method of its own, so that a test can put in a wrong one (`faults.py`) and
see that the comparison notices.

Order of operations: applicability, zero-out and exemption, the standard, the
coefficient, the clamp to the item's points, evidence, ceiling and floor, rounding of
the leaf; then up the tree: what is left out is shared out where its scope ends, then
the parent is rounded; then bonus, extra deductions, rounding of the total, veto, grade.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from fractions import Fraction

from .plan import (
    Amount,
    Bands,
    BestOnly,
    Both,
    Branch,
    Call,
    Case,
    Chain,
    Checklist,
    Choice,
    Cohort,
    Compare,
    Control,
    Deduct,
    Discretionary,
    Distribution,
    Documents,
    DocumentShare,
    Earn,
    Either,
    Expr,
    Formula,
    Interpolate,
    Interval,
    Ladder,
    Leaf,
    Levels,
    LowestRate,
    Not,
    Out,
    Pass,
    Plan,
    Proportional,
    Quantity,
    Quota,
    Ref,
    ScoreOf,
    Step,
    TargetDeduct,
    Tiers,
    WorstOnly,
)  # fmt: skip

ZERO = Fraction(0)


class IsOut(Exception):
    """A value does not apply."""


class Broken(Exception):
    """The rule asks for an error here."""


class DividedByZero(Exception):
    """A divisor is zero; what that means is the indicator's own choice."""


class TooFew(Exception):
    """Fewer units than the rule asks for: nothing can be told."""


class Blurred(Exception):
    """Some other unit has no value where one is needed: what comes of it lies within bounds."""


class Absent(Exception):
    """The indicator is not for this unit; another stands in its place."""


class Decided(Exception):
    """A zero divisor settled the item at ``how``: full marks or none."""

    def __init__(self, how: str) -> None:
        self.how = how


@dataclass(frozen=True)
class Outcome:
    """What the unit gets; a score of ``None``: out, or cannot be worked out."""

    state: str  # decided, withheld, error, open, blurred
    score: Fraction | None
    grade: str | None
    scores: dict[str, Fraction | None]


@dataclass(frozen=True)
class Got:
    """What a node got of what is in play for it, and what its leaves take out further up."""

    score: Fraction
    base: Fraction
    moved: tuple[tuple[str, str, Fraction], ...] = ()  # policy, scope, points


SCOPES = ("parent", "level1", "common", "whole")


class Reference:
    def __init__(self, plan: Plan, case: Case, others: tuple[Case, ...] = ()) -> None:
        """``others`` are the units that this one is compared with."""
        self.plan = plan
        self.case = case
        self.others = others
        self.derived = {one.name: one for one in plan.derived}
        self.leaf_of = {leaf.code: leaf for leaf in plan.leaves}
        self.leaf_results: dict[str, Fraction | None] = {}
        self.scores: dict[str, Fraction | None] = {}
        self.rates: dict[str, Fraction | None] = {}
        self.missing_is_out = False
        self.absent: set[str] = set()

    # ---- values ---------------------------------------------------------------

    def number(self, value: Fraction) -> Fraction:
        return value

    def entry(self, name: str) -> object:
        found = self.case.entries[name]
        if isinstance(found, Out) or (self.missing_is_out and name in self.case.unfilled):
            raise IsOut
        return found

    def name(self, name: str) -> object:
        if name not in self.derived:
            found = self.entry(name)
            return self.number(found) if isinstance(found, Fraction) else found
        one = self.derived[name]
        try:
            return self.value(one.expression)
        except DividedByZero:
            if one.zero_divisor is None:
                raise
            return self.on_zero_divisor(one.zero_divisor)

    def on_zero_divisor(self, choice: str | None) -> Fraction:
        if choice == "out":
            raise IsOut from None
        if choice in ("full", "zero"):
            raise Decided(choice) from None
        raise Broken from None

    def value(self, node: Expr) -> object:
        match node:
            case Quantity():
                return self.number(node.value)
            case Ref():
                return self.name(node.name)
            case Chain():
                return self.chain(node)
            case Call():
                return self.call(node)
            case Compare():
                return compare(self.value(node.left), node.sign, self.value(node.right))
            case Both():
                return self.settled(node.parts, deciding=False)
            case Either():
                return self.settled(node.parts, deciding=True)
            case Not():
                return not self.value(node.part)
            case Choice():
                for condition, chosen in node.cases:
                    if self.value(condition):
                        return self.value(chosen)
                return self.value(node.otherwise)
            case ScoreOf():
                return self.score_of(node)
            case Cohort():
                return self.cohort(node)
            case LowestRate():
                return min(rate for code, rate in self.rates.items() if rate is not None and level(code) == node.level)
        raise AssertionError(node)

    def settled(self, parts: tuple[Expr, ...], *, deciding: bool) -> bool:
        """And, or: one part that decides is enough, whatever becomes of the others."""
        stopped: Exception | None = None
        for part in parts:
            try:
                if self.value(part) is deciding:
                    return deciding
            except IsOut as stop:
                stopped = stop
        if stopped is not None:
            raise stopped
        return not deciding

    def chain(self, node: Chain) -> Fraction:
        """From left to right; a divisor that is zero settles it, whatever is not to be had."""
        for sign, part in node.rest:
            if sign == "÷" and self.is_zero(part):
                raise DividedByZero
        result = self.value(node.first)
        for sign, part in node.rest:
            result = self.apply(result, sign, self.value(part))
        return result

    def is_zero(self, node: Expr) -> bool:
        try:
            return self.value(node) == 0
        except IsOut:
            return False

    def apply(self, left: Fraction, sign: str, right: Fraction) -> Fraction:
        if sign == "+":
            return left + right
        if sign == "−":
            return left - right
        if sign == "×":
            return left * right
        if right == 0:
            raise DividedByZero
        return left / right

    def call(self, node: Call) -> Fraction:
        values = [self.value(one) for one in node.arguments]
        match node.function:
            case "max":
                return max(values)
            case "min":
                return min(values)
            case "abs":
                return abs(values[0])
            case "sum":
                return sum(values[0], ZERO)
            case "mean":
                return sum(values[0], ZERO) / len(values[0])
            case "median":
                ordered, size = sorted(values[0]), len(values[0])
                return (ordered[(size - 1) // 2] + ordered[size // 2]) / 2
            case "trimmed_mean":  # so many of the highest and so many of the lowest away
                numbers, highest, lowest = sorted(values[0]), int(values[1]), int(values[2])
                kept = numbers[lowest : len(numbers) - highest]
                return sum(kept, ZERO) / len(kept)
        raise AssertionError(node)

    def score_of(self, node: ScoreOf) -> Fraction:
        if node.code in self.leaf_of and node.code not in self.scores:
            score, points = self.leaf_score(self.leaf_of[node.code]), self.leaf_of[node.code].points
            if score is None:
                raise IsOut
            return score / points if node.rate else score
        found = (self.rates if node.rate else self.scores)[node.code]
        if found is None:
            raise IsOut
        return found

    # ---- the cohort -----------------------------------------------------------------

    def peers(self) -> list[Reference]:
        """Each of the others, compared with all the rest."""
        every = (self.case, *self.others)
        return [type(self)(self.plan, one, tuple(o for o in every if o is not one)) for one in self.others]

    def number_in(self, node: Cohort) -> Fraction | None:
        """What the unit brings to a value of the cohort; nothing if it takes no part."""
        if node.where is not None and not self.value(node.where):
            return None
        if node.inner is None:
            return ZERO
        try:
            return self.value(node.inner)
        except IsOut:
            leaf = self.leaf_of.get(node.inner.code) if isinstance(node.inner, ScoreOf) else None
            if leaf is not None and leaf.policy is None and leaf.code not in self.absent:
                raise Blurred from None  # an error of data, not a word on what does not apply
            return None

    def theirs(self, node: Cohort, peers: list[Reference]) -> list[tuple[Reference, Fraction]]:
        try:
            return [(one, number) for one in peers if (number := one.number_in(node)) is not None]
        except TooFew:
            raise Blurred from None

    def cohort(self, node: Cohort) -> Fraction:
        peers = [one for one in self.peers() if not node.same_type or one.case.unit_type == self.case.unit_type]
        theirs = self.theirs(node, peers)
        mine = self.number_in(node)
        if mine is None and node.kind in ("rank", "percentile"):
            raise IsOut
        numbers = [number for _, number in theirs] + ([mine] if mine is not None and node.with_own else [])
        if len(numbers) < node.at_least and not (node.kind == "count" and node.at_least == 1):  # a count may be nought
            raise TooFew
        match node.kind:
            case "count":
                return Fraction(len(numbers))
            case "max":
                return max(numbers)
            case "min":
                return min(numbers)
            case "mean":
                return sum(numbers, ZERO) / len(numbers)
            case "deviation":
                middle = sum(numbers, ZERO) / len(numbers)
                return root(sum(((one - middle) ** 2 for one in numbers), ZERO) / len(numbers), node.places)
        if node.kind == "percentile":
            below = sum(1 for number in numbers if number < mine or (node.at_most and number == mine))
            return Fraction(below, len(numbers))
        sign = -1 if node.lowest_first else 1
        own = (sign * mine, self.value(node.ties) if node.ties else ZERO)
        ahead = sum(1 for one, number in theirs if (sign * number, one.value(node.ties) if node.ties else ZERO) > own)
        return Fraction(1 + ahead)

    def ladder(self, form: Ladder, value: Cohort) -> Fraction:
        """The points of the place, counted from either end."""
        turned = replace(value, lowest_first=not value.lowest_first)
        found = []
        for low, high, from_last, points in form.rows:
            if low <= (self.backwards(turned) if from_last else self.value(value)) <= high:
                found.append(points)
        return (min if form.lower else max)(found) if found else form.rest

    def backwards(self, turned: Cohort) -> Fraction:
        """The place from the last; a second key is turned around as well."""
        return self.value(turned if turned.ties is None else replace(turned, ties=Chain(Quantity(ZERO, "plain"), (("−", turned.ties),))))

    # ---- a leaf -----------------------------------------------------------------

    def leaf_score(self, leaf: Leaf) -> Fraction | None:
        """Its score within its own points; ``None`` when it is out."""
        if leaf.code not in self.leaf_results:
            outer, self.missing_is_out = self.missing_is_out, leaf.missing_is_out
            try:
                self.leaf_results[leaf.code] = self.work_out(leaf)
            except IsOut:
                self.leaf_results[leaf.code] = None
            except Absent:
                self.leaf_results[leaf.code] = None
                self.absent.add(leaf.code)
            finally:
                self.missing_is_out = outer
        return self.leaf_results[leaf.code]

    def work_out(self, leaf: Leaf) -> Fraction | None:
        full = leaf.points
        for applies_if in (*self.conditions_above(leaf.code), leaf.applies_if):
            if applies_if is not None and not self.applies(applies_if):
                raise Absent
        if leaf.code in self.case.out:
            return None
        try:
            if leaf.full_if is not None and self.value(leaf.full_if):
                score = full
            elif leaf.zero_if is not None and self.value(leaf.zero_if):
                score = ZERO
            else:
                score = self.standard(leaf)
                if leaf.difficulty is not None:
                    score = score * self.value(leaf.difficulty)
                score = clamp(score, ZERO, full)
        except DividedByZero:
            try:
                self.on_zero_divisor(leaf.zero_divisor)
            except Decided as decided:
                score = full if decided.how == "full" else ZERO
        except Decided as decided:
            score = full if decided.how == "full" else ZERO
        score = min(score, self.evidence_limit(leaf))
        if leaf.ceiling is not None:
            score = min(score, self.value(leaf.ceiling))
        if leaf.floor is not None:
            score = max(score, self.value(leaf.floor))
        return self.rounded("leaf", clamp(score, ZERO, full))

    def applies(self, condition: Expr) -> bool:
        """Asked of the values as they are: leaving out what is unfilled is for the standard."""
        outer, self.missing_is_out = self.missing_is_out, False
        try:
            return bool(self.value(condition))
        finally:
            self.missing_is_out = outer

    def conditions_above(self, code: str) -> list[Expr | None]:
        """The conditions of what a leaf stands below."""
        second = code.partition(".")[0]
        above = (second.rstrip("0123456789"), second)
        return [node.applies_if for top in self.plan.tree for node in (top, *top.children) if node.code in above]

    def evidence_limit(self, leaf: Leaf) -> Fraction:
        asked = leaf.evidence
        if asked is None or asked.mode == "if_present":
            return leaf.points
        present = [name in self.case.evidence for name in asked.names]
        if any(present) if asked.mode == "any" else all(present):
            return leaf.points
        effect = asked.effect or self.plan.missing_evidence or "notice"
        return {"notice": leaf.points, "zero": ZERO, "share": asked.share * leaf.points}[effect]

    def standard(self, leaf: Leaf) -> Fraction:
        full, form = leaf.points, leaf.standard
        here = self.case.evidence

        def value() -> object:
            return self.value(leaf.value)

        def of(expression: Expr | None) -> object:
            return value() if expression is None else self.value(expression)

        match form:
            case Levels():
                chosen = value()
                return next(worth(amount, full) for option, amount in form.rows if option == chosen)
            case Pass():
                return full if value() else ZERO
            case Documents():
                lost = sum((points for names, points in form.rows if not any(name in here for name in names)), ZERO)
                return max(ZERO, full - lost)
            case DocumentShare():
                present = sum(1 for names in form.rows if any(name in here for name in names))
                return full * Fraction(present, len(form.rows))
            case Deduct():
                return max(ZERO, full - sum((stepped(of(expression), step) for expression, step in form.rows), ZERO))
            case TargetDeduct():
                short, over = distance(value(), form.target)
                lost = (stepped(short, form.below) if form.below else ZERO) + (stepped(over, form.above) if form.above else ZERO)
                return max(ZERO, full - lost)
            case Proportional():
                share = value() / (form.target.value if form.target else 1)
                if share > 1 and form.beyond == "error":
                    raise Broken
                return full * clamp(share, ZERO, Fraction(1))
            case Control():
                x, limit = value(), form.limit.value
                if x <= limit:
                    return full
                if form.beyond == "inverse":
                    return full * limit / x
                return ZERO if x >= 2 * limit else full * (2 - x / limit)
            case Bands():
                x = value()
                return next(worth(amount, full) for interval, amount in form.rows if within(x, interval))
            case Interpolate():
                return between([(x.value, points) for x, points in form.anchors], value())
            case Checklist():
                met = [bool(self.value(condition)) for condition, _ in form.rows]
                if form.at_least is not None and sum(met) < form.at_least:
                    return ZERO
                shares = [full / len(form.rows) if points is None else points for _, points in form.rows]
                return sum((points for points, yes in zip(shares, met, strict=True) if yes), ZERO)
            case Earn():
                return min(full, sum((stepped(of(expression), step) for expression, step in form.rows), ZERO))
            case Tiers():
                return min(full, self.tiers(form, value(), self.is_whole(leaf.value)))
            case WorstOnly():
                return max(ZERO, full - max((points for condition, points in form.rows if self.value(condition)), default=ZERO))
            case BestOnly():
                return min(full, max((points for condition, points in form.rows if self.value(condition)), default=ZERO))
            case Distribution():
                return self.distribution(form, full)
            case Formula():
                return clamp(self.value(form.expression), ZERO, full)
            case Ladder():
                return self.ladder(form, leaf.value)
            case Discretionary():
                rating = self.value(form.rating)
                if not form.low <= rating <= form.high:
                    raise Broken
                return rating
        raise AssertionError(form)

    def is_whole(self, node: Expr | None) -> bool:
        """Whether a value counts whole things."""
        kinds = {item.name: item.kind for item in self.plan.items}
        return isinstance(node, Ref) and kinds.get(node.name) == "count"

    def tiers(self, form: Tiers, x: Fraction, whole: bool) -> Fraction:
        """Marginal: each tier's own part of x at its own rate (the 10th item is in the tier from 10 on)."""
        if form.method == "whole":
            return next(stepped(x, step) for interval, step in form.rows if within(x, interval))
        earned = ZERO
        for interval, step in form.rows:
            if whole:
                part = Fraction(sum(1 for item in range(1, int(x) + 1) if within(Fraction(item), interval)))
            else:
                start = interval.low.value if interval.low else ZERO
                end = min(x, interval.high.value) if interval.high else x
                part = max(ZERO, end - start)
            earned += stepped(part, step)
        return earned

    def distribution(self, form: Distribution, full: Fraction) -> Fraction:
        counts = [self.value(expression) for expression, _ in form.rows]
        total = sum(counts, ZERO) if form.total is None else self.value(form.total)
        if total == 0:
            raise DividedByZero
        shares = [count / total for count in counts]
        rules = [rule for _, rule in form.rows]
        if form.method == "factor":
            return full * sum((share * rule for share, rule in zip(shares, rules, strict=True)), ZERO)
        if form.method == "closeness":
            return full * (1 - sum((abs(share - rule) for share, rule in zip(shares, rules, strict=True)), ZERO) / 2)
        lost = ZERO
        for share, (interval, step) in zip(shares, rules, strict=True):
            lost += stepped(sum(distance(share, interval)), step)
        return max(ZERO, full - lost)

    # ---- rounding -------------------------------------------------------------------

    def rounded(self, stage: str, value: Fraction) -> Fraction:
        for rule in self.plan.rounding:
            if rule.stage == stage:
                return round_to(value, rule.places, rule.mode)
        return value

    # ---- up the tree ------------------------------------------------------------------

    def outcome(self) -> Outcome:
        try:
            return self.all_of_it()
        except Broken:
            return Outcome("error", None, None, {})
        except TooFew:
            return Outcome("open", None, None, {})
        except Blurred:
            return Outcome("blurred", None, None, {})

    def all_of_it(self) -> Outcome:
        for leaf in self.plan.leaves:
            self.leaf_score(leaf)
        spread = self.points_spread()
        tops = [(branch, self.node(branch, 1, spread)) for branch in self.plan.tree]
        common = self.gather("common", [got for branch, got in tops if not branch.individual])
        individual = [got for branch, got in tops if branch.individual]
        everything = self.gather("whole", [common, *individual])
        limit = self.plan.left_out_limit
        left_out = sum((leaf.points for leaf in self.plan.leaves if self.is_left_out(leaf)), ZERO)
        if everything.base == 0 or (limit is not None and left_out / self.plan.full > limit):
            return Outcome("withheld", None, None, self.scores)
        total = everything.score
        total = self.with_bonus(total)
        for extra in self.plan.extra:
            if extra.taken_from is None:
                total = max(ZERO, total - min(extra.cap, stepped(self.value(extra.value), extra.step)))
        return self.judged(total)

    def is_left_out(self, leaf: Leaf) -> bool:
        out = self.leaf_results[leaf.code] is None and leaf.code not in self.absent
        return out and leaf.policy is not None and leaf.policy[0] in ("rescale", "spread")

    def points_spread(self) -> dict[str, Fraction]:
        """The points each leaf takes on from siblings that are out and spread evenly, by code."""
        extra: dict[str, Fraction] = {}
        for leaf in self.plan.leaves:
            if self.is_left_out(leaf) and leaf.policy[0] == "spread":
                takers = [other for other in self.plan.leaves if self.takes(other, leaf)]
                for other, share in self.shares_of_spread(leaf, takers).items():
                    extra[other] = extra.get(other, ZERO) + share
        return extra

    def takes(self, other: Leaf, leaf: Leaf) -> bool:
        """Whether ``other`` takes on a share of ``leaf``: in its scope, and in play."""
        counts = self.leaf_results[other.code] is not None or (not self.is_left_out(other) and other.code not in self.absent)
        return counts and same_scope(self.plan, other.code, leaf.code, leaf.policy[1])

    def shares_of_spread(self, leaf: Leaf, takers: list[Leaf]) -> dict[str, Fraction]:
        return {other.code: leaf.points / len(takers) for other in takers}

    def node(self, node: Branch | Leaf, depth: int, spread: dict[str, Fraction]) -> Got:
        if isinstance(node, Leaf):
            return self.leaf_node(node, spread)
        got = [self.node(child, depth + 1, spread) for child in node.children]
        result = self.gather("level1" if depth == 1 else "parent", got, node)
        score = result.score
        for extra in self.plan.extra:
            if extra.taken_from == node.code:
                score = max(ZERO, score - min(extra.cap, stepped(self.value(extra.value), extra.step)))
        score = self.rounded("parent", score)
        self.keep(node.code, score, result.base)
        return Got(score, result.base, result.moved)

    def leaf_node(self, leaf: Leaf, spread: dict[str, Fraction]) -> Got:
        score = self.leaf_results[leaf.code]
        if score is not None:
            self.keep(leaf.code, score, leaf.points)
            base = leaf.points + spread.get(leaf.code, ZERO)
            return Got(score * base / leaf.points, base)
        if leaf.code in self.absent:
            self.keep(leaf.code, None, ZERO)
            return Got(ZERO, ZERO)
        if leaf.policy is None:
            raise Broken
        policy, scope = leaf.policy
        if policy == "mean":
            self.keep(leaf.code, None, ZERO)
            return Got(self.cohort(Cohort("mean", ScoreOf(leaf.code, rate=False))), leaf.points)
        if policy in ("full", "zero"):
            self.keep(leaf.code, None, ZERO)
            base = leaf.points + spread.get(leaf.code, ZERO)
            return Got(base if policy == "full" else ZERO, base)
        self.keep(leaf.code, None, ZERO)
        if policy == "spread" and any(self.takes(other, leaf) for other in self.plan.leaves):
            return Got(ZERO, ZERO)
        return Got(ZERO, ZERO, ((policy, scope, leaf.points),))

    def keep(self, code: str, score: Fraction | None, base: Fraction) -> None:
        in_play = score is not None and base > 0
        self.scores[code] = score if in_play else None
        self.rates[code] = score / base if in_play else None

    def gather(self, scope: str, parts: list[Got], branch: Branch | None = None) -> Got:
        """The parts together; what goes out at this scope is made up for by the rest."""
        score, base = self.combined(parts, branch)
        moved = [move for part in parts for move in part.moved]
        here = sum((points for _, where, points in moved if where == scope), ZERO)
        further = tuple(move for move in moved if move[1] != scope)
        if here == 0:
            return Got(score, base, further)
        if base > 0:
            return Got(self.rescaled(score, base, here), base + here, further)
        if self.plan.all_out == "full":
            return Got(here, here, further)
        if self.plan.all_out == "zero":
            return Got(ZERO, here, further)
        above = "level1" if scope == "parent" else "whole"
        return Got(ZERO, ZERO, (*further, ("rescale", above, here)))

    def rescaled(self, score: Fraction, base: Fraction, here: Fraction) -> Fraction:
        """The score as if what is out had gone as well as what is in."""
        return score / base * (base + here)

    def combined(self, parts: list[Got], branch: Branch | None) -> tuple[Fraction, Fraction]:
        base = sum((part.base for part in parts), ZERO)
        rates = [part.score / part.base for part in parts if part.base > 0]
        if branch is not None and branch.combine == "lowest" and rates:
            return min(rates) * base, base
        if branch is not None and branch.combine == "mean" and rates:
            return sum(rates, ZERO) / len(rates) * base, base
        return sum((part.score for part in parts), ZERO), base

    def with_bonus(self, total: Fraction) -> Fraction:
        for bonus in self.plan.bonus:
            if bonus.only_if is not None and not self.value(bonus.only_if):
                continue
            if bonus.inside:
                total += min(bonus.cap, stepped(self.value(bonus.value), bonus.step))
        return total

    # ---- veto and grade -----------------------------------------------------------------

    def judged(self, total: Fraction) -> Outcome:
        total = self.rounded("total", total)
        called = [veto for veto in self.plan.vetoes if self.value(veto.condition)]
        for veto in called:
            if veto.effect == "total_is":  # it never lifts a unit
                total = min(total, veto.amount)
        return Outcome("decided", total, self.grade(total, called), self.scores)

    def grade(self, total: Fraction, called: list) -> str | None:
        """By band, then down through gates that are closed, then the vetoes: at most, steps down, fixed."""
        grades = self.plan.grades
        if grades is None:
            return None
        compared = total if grades.basis == "score" else total / self.plan.full
        if grades.rounded:  # scores are compared at two decimals, rates at one decimal of a percent
            compared = round_to(compared, 2 if grades.basis == "score" else 3, "half_up")
        names = [name for _, name in grades.rows]
        place = next(index for index, (interval, _) in enumerate(grades.rows) if within(compared, interval))
        if grades.quotas:
            return self.grade_by_quota(total, called, names[place])
        while place < len(names) - 1 and any(name == names[place] and not self.value(gate) for name, gate in grades.gates):
            place += 1
        for veto in called:
            if veto.effect == "grade_at_most":
                place = max(place, names.index(veto.grade))
        for veto in called:
            if veto.effect == "grade_down":
                place = min(place + int(veto.amount), len(names) - 1)
        for veto in called:
            if veto.effect == "grade_is":
                place = max(place, names.index(veto.grade))
        return names[place]


    def grade_by_quota(self, total: Fraction, called: list, band: str) -> str:
        """The first quota that the unit is inside, else its band; then the vetoes that keep a unit from a grade."""
        names = [quota.name for quota in self.plan.grades.quotas] + [name for _, name in self.plan.grades.rows]
        grade = band
        for quota in self.plan.grades.quotas:
            if self.is_inside(quota, total, called, names):
                grade = quota.name
                break
        for veto in called:
            if veto.effect == "grade_at_most":
                grade = names[max(names.index(grade), names.index(veto.grade))]
        return grade

    def is_inside(self, quota: Quota, total: Fraction, called: list, names: list[str]) -> bool:
        def kept(vetoes: list) -> bool:
            return not quota.stay and any(v.effect == "grade_at_most" and names.index(v.grade) > names.index(quota.name) for v in vetoes)

        if kept(called):
            return False
        rivals = [peer.total_and_vetoes() for peer in self.peers()]
        totals = [other for other, vetoes in rivals if not kept(vetoes)]
        places = round_to(quota.share * (len(totals) + 1), 0, quota.rounding)
        if quota.ties_in:
            return 1 + sum(1 for other in totals if other > total) <= places
        return 1 + sum(1 for other in totals if other >= total) <= places

    def total_and_vetoes(self) -> tuple[Fraction, list]:
        bare = type(self)(replace(self.plan, grades=None), self.case, self.others)
        total = bare.outcome().score
        if total is None:
            raise Blurred
        return total, [veto for veto in self.plan.vetoes if bare.value(veto.condition)]


# ---- small rules -----------------------------------------------------------------------------


def compare(left: object, sign: str, right: object) -> bool:
    return {
        ">": lambda: left > right,
        "<": lambda: left < right,
        "≥": lambda: left >= right,
        "≤": lambda: left <= right,
        "=": lambda: left == right,
        "≠": lambda: left != right,
    }[sign]()


def level(code: str) -> int:
    return 1 if code.isalpha() else 3 if "." in code else 2


def same_scope(plan: Plan, one: str, other: str, scope: str) -> bool:
    top = {leaf.code: branch for branch in plan.tree for second in branch.children for leaf in second.children}
    if scope == "parent":
        return one.partition(".")[0] == other.partition(".")[0]
    if scope == "level1":
        return top[one].code == top[other].code
    if scope == "common":
        return not top[one].individual
    return True


def clamp(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    return max(low, min(high, value))


def worth(amount: Amount, full: Fraction) -> Fraction:
    return {"points": amount.value, "factor": amount.value * full, "full": full, "none": ZERO}[amount.how]


def within(value: Fraction, interval: Interval) -> bool:
    low, high = interval.low, interval.high
    if low is not None and (value < low.value or (value == low.value and not interval.low_in)):
        return False
    return not (high is not None and (value > high.value or (value == high.value and not interval.high_in)))


def distance(value: Fraction, interval: Interval) -> tuple[Fraction, Fraction]:
    """How far a value is short of an interval, and how far over it."""
    short = max(ZERO, interval.low.value - value) if interval.low else ZERO
    over = max(ZERO, value - interval.high.value) if interval.high else ZERO
    return short, over


def stepped(amount: Fraction, step: Step) -> Fraction:
    """The points for an amount: so many for each step, a part of a step by its policy, up to the cap."""
    steps = amount / step.width.value
    if step.part == "up":
        steps = Fraction(-((-steps) // 1))
    elif step.part == "down":
        steps = Fraction(steps // 1)
    points = steps * step.points
    return points if step.cap is None else min(points, step.cap)


def between(anchors: list[tuple[Fraction, Fraction]], x: Fraction) -> Fraction:
    """On the straight line between the two anchors around x; flat outside."""
    if x <= anchors[0][0]:
        return anchors[0][1]
    for (left, low), (right, high) in itertools.pairwise(anchors):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return anchors[-1][1]


def root(value: Fraction, places: int) -> Fraction:
    """The square root, rounded half up: the greatest number of steps whose lower edge is not beyond it."""
    steps = 0
    for digit in range(12, -1, -1):
        while (Fraction(2 * (steps + 10**digit) - 1, 2 * 10**places)) ** 2 <= value:
            steps += 10**digit
    return Fraction(steps, 10**places)


def round_to(value: Fraction, places: int, mode: str) -> Fraction:
    """A value rounded by its size; its sign stays."""
    size = abs(value) * 10**places
    whole, rest = size // 1, size % 1
    half = Fraction(1, 2)
    up = {
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and whole % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[mode]
    result = Fraction(whole + (1 if up else 0), 10**places)
    return -result if value < 0 else result
