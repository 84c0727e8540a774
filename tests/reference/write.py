"""A plan as the text of a ruleset, in Chinese or English keywords."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ruleeval.dsl.keywords import word

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
    Extra,
    Formula,
    Interpolate,
    Interval,
    Item,
    Ladder,
    Leaf,
    Levels,
    LowestRate,
    Not,
    Pass,
    Plan,
    Proportional,
    Quantity,
    Ref,
    ScoreOf,
    Step,
    TargetDeduct,
    Tiers,
    Veto,
    WorstOnly,
)  # fmt: skip

FUNCTIONS = {
    "max": "MAXIMUM", "min": "MINIMUM", "abs": "ABSOLUTE", "sum": "SUM", "mean": "MEAN", "median": "MEDIAN",
    "trimmed_mean": "TRIMMED_MEAN",
}  # fmt: skip
SCOPES = {"parent": "PARENT", "level1": "LEVEL1", "common": "COMMON_PART", "whole": "WHOLE"}
POLICIES = {"rescale": "RESCALE", "spread": "SPREAD", "full": "FULL_MARKS", "zero": "ZERO_MARKS", "mean": "COHORT_MEAN"}
COHORT = {
    "mean": "COHORT_AVERAGE", "max": "COHORT_MAXIMUM", "min": "COHORT_MINIMUM", "deviation": "COHORT_DEVIATION", "count": "COHORT_COUNT",
    "rank": "RANK", "percentile": "PERCENTILE",
}  # fmt: skip
ZERO_CHOICES = {"out": "OUT", "full": "FULL_MARKS", "zero": "ZERO_MARKS", "error": "AS_ERROR"}
MODES = {"half_up": "HALF_UP", "half_even": "HALF_EVEN", "up": "ROUND_UP", "down": "ROUND_DOWN"}
STAGES = {"leaf": "LEVEL3", "parent": "PARENT", "total": "TOTAL"}
PARTS = {"proportion": "PART_PROPORTION", "up": "PART_UP", "down": "PART_DOWN"}
TYPES = {
    "count": "INTEGER", "number": "NUMBER_TYPE", "percent": "PERCENTAGE", "truth": "YES_NO", "numbers": "NUMBERS",
}  # fmt: skip


def decimal(value: Fraction) -> str:
    """A fraction with a finite decimal, written out."""
    sign, size = ("-" if value < 0 else ""), abs(Fraction(value))
    places = 0
    while (size * 10**places).denominator != 1:
        places += 1
        assert places < 30, value
    digits = str(int(size * 10**places)).rjust(places + 1, "0")
    return sign + (digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}")


class Writer:
    """Writes one plan; every method gives a piece of text."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.zh = plan.language == "zh"
        self.comma, self.enum, self.colon = ("，", "、", "：") if self.zh else (", ", "; ", ": ")

    def w(self, key: str) -> str:
        return word(key, self.plan.language)

    def join(self, *words: str) -> str:
        return ("" if self.zh else " ").join(words)

    # ---- numbers and expressions ----

    def points(self, value: Fraction) -> str:
        return self.join(decimal(value), self.w("POINTS"))

    def quantity(self, node: Quantity) -> str:
        if node.kind == "percent":
            number = decimal(node.value * 100)
            return self.join(number, self.w("PERCENT_POINT")) if node.difference else f"{number}%"
        if node.kind == "points" or node.unit == "分":
            return self.points(node.value)
        return self.join(decimal(node.value), node.unit) if node.unit else decimal(node.value)

    def expression(self, node: Expr, bracket: bool = False) -> str:
        text = self.bare(node)
        return f"({text})" if bracket and isinstance(node, Chain | Compare | Both | Either | Not | Choice) else text

    def bare(self, node: Expr) -> str:
        match node:
            case Quantity():
                return self.quantity(node)
            case Ref():
                return node.name
            case Chain():
                tight = node.rest[0][0] in "×÷"
                text = self.operand(node.first, tight, True)
                return text + "".join(f" {sign} {self.operand(part, tight, False)}" for sign, part in node.rest)
            case Call():
                arguments = self.comma.join(self.expression(one) for one in node.arguments)
                return f"{self.w(FUNCTIONS[node.function])}({arguments})"
            case Compare():
                return f"{self.expression(node.left, isinstance(node.left, Choice))} {node.sign} {self.expression(node.right)}"
            case Both():
                return f" {self.w('AND')} ".join(self.expression(part, True) for part in node.parts)
            case Either():
                return f" {self.w('OR')} ".join(self.expression(part, True) for part in node.parts)
            case Not():
                return f"{self.w('NOT')} {self.expression(node.part, True)}"
            case Choice():
                cases = self.comma.join(
                    f"{self.w('WHEN')} {self.expression(condition)} {self.w('THEN')} {self.expression(chosen, isinstance(chosen, Choice))}"
                    for condition, chosen in node.cases
                )
                return f"{cases}{self.comma}{self.w('OTHERWISE')} {self.expression(node.otherwise)}"
            case ScoreOf():
                return f"{self.w('RATE' if node.rate else 'SCORE')}({node.code})"
            case Cohort():
                return self.cohort(node)
            case LowestRate():
                return f"{self.w('LOWEST_RATE')}({self.w(f'LEVEL{node.level}')})"
        raise AssertionError(node)

    def cohort(self, node: Cohort) -> str:
        said = [self.expression(node.inner)] if node.inner is not None else []
        said += [str(node.places)] if node.kind == "deviation" else []
        said += [self.w("SAME_TYPE")] if node.same_type else []
        if node.kind in ("mean", "deviation") or not node.with_own:
            said.append(self.w("WITH_OWN" if node.with_own else "WITHOUT_OWN"))
        said += [self.w("SHARE_AT_MOST" if node.at_most else "SHARE_BELOW")] if node.kind == "percentile" else []
        said += [self.w("LOWEST_FIRST")] if node.lowest_first else []
        said += [f"{self.w('WHERE')} {self.expression(node.where)}"] if node.where is not None else []
        said += [f"{self.w('THEN_BY')} {self.expression(node.ties)}"] if node.ties is not None else []
        said += [f"{self.w('UNITS_AT_LEAST')} {node.at_least}"] if node.at_least > 1 else []
        return f"{self.w(COHORT[node.kind])}({self.comma.join(said)})"

    def operand(self, node: Expr, tight: bool, first: bool) -> str:
        """A part of a chain, in brackets only where it would read differently without."""
        if isinstance(node, Chain):
            inner_tight = node.rest[0][0] in "×÷"
            needs = not inner_tight if tight and first else (tight or not inner_tight)
            return self.expression(node, needs or (first and inner_tight == tight))
        return self.expression(node, True)

    def interval(self, node: Interval) -> str:
        included = self.w("INCLUDED")
        low = self.quantity(node.low) if node.low else ""
        high = self.quantity(node.high) if node.high else ""
        if node.low and node.high:
            if node.low.value == node.high.value:
                return self.join(self.w("EQUALS_TO"), low)
            if node.low.kind == "count" and node.low_in == node.high_in:  # whole things: both ends count
                return self.whole(node)
            start = self.join(low, included) if node.low_in else low
            end = self.join(high, included) if node.high_in else high
            return self.join(start, self.w("TO"), end)
        if node.low:
            if not node.low_in:
                return (self.join(self.w("ABOVE"), low), self.join(low, self.w("AND_UP")))[node.style % 2]
            ways = (self.join(self.w("AT_LEAST"), low), self.join(low, included, self.w("AND_UP")), self.join(low, self.w("OR_MORE")))
            return ways[node.style % 3]
        if not node.high_in:
            return (self.join(self.w("BELOW"), high), self.join(high, self.w("AND_DOWN")))[node.style % 2]
        ways = (self.join(self.w("AT_MOST"), high), self.join(high, included, self.w("AND_DOWN")), self.join(high, self.w("OR_LESS")))
        return ways[node.style % 3]

    def whole(self, node: Interval) -> str:
        """Both ends of whole things, each included."""
        low = replace(node.low, value=node.low.value + (not node.low_in))
        high = replace(node.high, value=node.high.value - (not node.high_in))
        return self.join(self.quantity(low), self.w("TO"), self.quantity(high))

    def amount(self, node: Amount) -> str:
        if node.how == "points":
            return self.points(node.value)
        if node.how == "factor":
            return self.join(self.w("FACTOR"), decimal(node.value))
        return self.w("FULL_MARKS" if node.how == "full" else "NO_MARKS")

    def step(self, node: Step, opening: str, verb: str, between: str | None = None) -> str:
        text = self.join(self.w(opening), self.quantity(node.width))
        text += (between or self.colon) + self.join(self.w(verb), self.points(node.points))
        if node.cap is not None:
            text += self.comma + self.join(self.w("AT_MOST_POINTS"), self.w(verb), self.points(node.cap))
        if node.part is not None:
            text += self.comma + self.w(PARTS[node.part])
        return text

    # ---- statements ----

    def line(self, key: str, *parts: str) -> str:
        return self.w(key) + self.colon + self.comma.join(parts)

    def item(self, node: Item) -> str:
        if node.kind == "options":
            parts = [f"{self.w('OPTIONS')} {self.enum.join(node.options)}"]
        else:
            parts = [self.w(TYPES[node.kind])]
        if node.unit:
            parts.append(node.unit if node.unit != "分" or self.zh else "points")
        mark = "%" if node.kind == "percent" else ""
        scale = 100 if node.kind == "percent" else 1
        if node.low is not None and node.high is not None:
            parts.append(self.join(decimal(node.low * scale) + mark, self.w("TO"), decimal(node.high * scale) + mark))
        elif node.low is not None:
            parts.append(self.join(self.w("RANGE_FROM"), decimal(node.low * scale) + mark))
        if node.kind == "numbers":
            parts.append(self.join(self.w("COUNT_OF"), str(node.size[0]), self.w("TO"), str(node.size[1])))
        if node.assessed:
            parts.append(self.w("ASSESSED"))
        return node.name + self.colon + self.comma.join(parts)

    def text(self) -> str:
        plan = self.plan
        lines = [
            self.line("RULESET", "对照" if self.zh else "comparison"),
            self.line("VERSION", "1"),
            self.line("APPLIES", "单位" if self.zh else "unit"),
            self.full_score(),
            self.line("DECIDING", self.w("ON_SITE")),
        ]
        for rule in plan.rounding:
            places = self.join(str(rule.places), self.w("PLACES"))
            lines.append(self.line("ROUNDING", self.w(STAGES[rule.stage]), places, self.w(MODES[rule.mode])))
        if plan.missing_evidence:
            lines.append(self.line("MISSING_EVIDENCE", self.w({"notice": "NOTICE", "zero": "NO_MARKS"}[plan.missing_evidence])))
        if plan.left_out_limit is not None:
            lines.append(self.line("LEFT_OUT_LIMIT", f"{decimal(plan.left_out_limit * 100)}%"))
        if plan.all_out:
            lines.append(self.line("ALL_OUT", self.w({"carry": "CARRY_UP", "full": "FULL_MARKS", "zero": "ZERO_MARKS"}[plan.all_out])))
        lines += ["", self.w("DATA"), *(f"  {self.item(one)}" for one in plan.items)]
        if plan.derived:
            lines += ["", self.w("DERIVED")]
            for one in plan.derived:
                tail = f"{self.comma}{self.w('ZERO_DIVISOR')} {self.w(ZERO_CHOICES[one.zero_divisor])}" if one.zero_divisor else ""
                lines.append(f"  {one.name} = {self.expression(one.expression)}{tail}")
        for branch in plan.tree:
            lines += self.branch(branch, None, 1)
        for bonus in plan.bonus:
            lines += self.bonus(bonus)
        for extra in plan.extra:
            lines += self.extra(extra)
        for veto in plan.vetoes:
            lines += self.veto(veto)
        return "\n".join(lines + self.grades()) + "\n"

    def full_score(self) -> str:
        common = sum((one.points for one in self.plan.tree if not one.individual), Fraction(0))
        parts = [self.points(self.plan.full)]
        if any(one.individual for one in self.plan.tree):
            parts.append(self.join(self.w("COMMON"), self.points(common)))
            parts.append(self.join(self.w("INDIVIDUAL"), self.points(self.plan.full - common)))
        return self.line("FULL_SCORE", *parts)

    def heading(self, key: str, node: Branch | Leaf, parent: Branch | None) -> str:
        share = self.points(node.points)
        if parent is not None and parent.weighted:
            share = self.join(self.w("WEIGHT"), f"{decimal(node.points / parent.points * 100)}%")
        tail = self.comma + self.w("INDIVIDUAL") if isinstance(node, Branch) and node.individual else ""
        return f"{self.w(key)} {node.code} {node.name}{self.comma}{share}{tail}"

    def branch(self, node: Branch, parent: Branch | None, depth: int) -> list[str]:
        lines = ["", self.heading(f"LEVEL{depth}", node, parent)]
        if node.applies_if is not None:
            lines.append("  " + self.line("APPLIES_IF", self.expression(node.applies_if)))
        if node.combine:
            lines.append("  " + self.line("COMBINE", self.w({"sum": "SUM_CHILDREN", "lowest": "LOWEST_CHILD", "mean": "MEAN_CHILDREN"}[node.combine])))
        for child in node.children:
            lines += self.branch(child, node, depth + 1) if isinstance(child, Branch) else self.leaf(child, node)
        return lines

    def leaf(self, node: Leaf, parent: Branch) -> list[str]:
        lines = []
        if node.value is not None:
            lines.append(self.line("VALUE", self.expression(node.value)))
        lines += self.standard(node)
        if node.zero_divisor:
            lines.append(self.line("ZERO_DIVISOR", self.w(ZERO_CHOICES[node.zero_divisor])))
        for key, expression in (
            ("ZERO_IF", node.zero_if), ("FULL_IF", node.full_if), ("DIFFICULTY", node.difficulty),
            ("CEILING", node.ceiling), ("FLOOR", node.floor), ("APPLIES_IF", node.applies_if),
        ):  # fmt: skip
            if expression is not None:
                lines.append(self.line(key, self.expression(expression)))
        if node.policy:
            policy, scope = node.policy
            lines.append(self.line("NOT_APPLICABLE", self.w(POLICIES[policy]), *self.scope(policy, scope)))
        if node.missing_is_out:
            lines.append(self.line("UNFILLED", self.w("AS_OUT")))
        if node.evidence:
            asked = node.evidence
            mode = {"all": "", "any": self.join(self.w("ANY"), ""), "if_present": self.join(self.w("IF_PRESENT"), "")}[asked.mode]
            clauses = []
            if asked.effect:
                effect = {
                    "notice": self.w("NOTICE"),
                    "zero": self.w("NO_MARKS"),
                    "share": self.join(self.w("AT_MOST_SHARE"), f"{decimal(asked.share * 100)}%"),
                }[asked.effect]
                clauses.append(self.join(self.w("IF_MISSING"), effect))
            lines.append(self.line("EVIDENCE", mode + self.enum.join(asked.names), *clauses))
        return ["", self.heading("LEVEL3", node, parent), *(f"  {line}" for line in lines)]

    def scope(self, policy: str, scope: str) -> list[str]:
        return [self.join(self.w("SCOPE"), self.w(SCOPES[scope]))] if policy == "rescale" else []

    def standard(self, node: Leaf) -> list[str]:
        form = node.standard

        def opened(key: str, *lines: str) -> list[str]:
            return [self.line("STANDARD", self.w(key)), *lines]

        def stepped(key: str, rows: tuple[tuple[Expr | None, Step], ...], verb: str) -> list[str]:
            lines = []
            for expression, step in rows:
                head = "" if expression is None else self.expression(expression) + self.comma
                lines.append("  " + head + self.step(step, "EACH", verb))
            return opened(key, *lines)

        def rows(pairs: list[tuple[str, str]]) -> list[str]:
            return [f"  {left}{self.colon}{right}" if right else f"  {left}" for left, right in pairs]

        match form:
            case Levels():
                return opened("BY_LEVEL", *rows([(option, self.amount(amount)) for option, amount in form.rows]))
            case Pass():
                return opened("PASS")
            case Documents():
                return opened(
                    "DOCUMENTS",
                    *rows([(self.documents(names), self.join(self.w("DEDUCT"), self.points(points))) for names, points in form.rows]),
                )
            case DocumentShare():
                return opened("DOCUMENT_SHARE", *rows([(self.documents(names), "") for names in form.rows]))
            case Deduct():
                return stepped("DEDUCT_EACH", form.rows, "DEDUCT")
            case Earn():
                return stepped("EARN_EACH", form.rows, "EARN")
            case TargetDeduct():
                lines = [self.line("MEETS", self.interval(form.target))]
                lines += ["  " + self.step(form.below, "SHORT_EACH", "DEDUCT")] if form.below else []
                lines += ["  " + self.step(form.above, "OVER_EACH", "DEDUCT")] if form.above else []
                return opened("TARGET_DEDUCT", *lines)
            case Proportional():
                lines = [self.line("TARGET", self.quantity(form.target))] if form.target else []
                lines += [self.line("BEYOND", self.w({"capped": "CAPPED", "error": "AS_ERROR"}[form.beyond]))] if form.beyond else []
                return opened("PROPORTIONAL", *lines)
            case Control():
                beyond = self.w({"twice_zero": "TWICE_ZERO", "inverse": "INVERSE"}[form.beyond])
                return opened("CONTROL", self.line("LIMIT", self.quantity(form.limit)), self.line("BEYOND", beyond))
            case Bands():
                return opened("BANDS", *rows([(self.interval(interval), self.amount(amount)) for interval, amount in form.rows]))
            case Interpolate():
                return opened("INTERPOLATE", *rows([(self.quantity(x), self.points(points)) for x, points in form.anchors]))
            case Checklist():
                lines = [self.line("MEET_AT_LEAST", f"{form.at_least}")] if form.at_least is not None else []
                return opened(
                    "CHECKLIST",
                    *lines,
                    *rows([(self.expression(condition), "" if points is None else self.points(points)) for condition, points in form.rows]),
                )
            case Tiers():
                lines = [f"  {self.interval(interval)}{self.colon}{self.step(step, 'EACH', 'EARN', ' ')}" for interval, step in form.rows]
                method = self.w({"marginal": "MARGINAL", "whole": "ALL_AT_RATE"}[form.method])
                return opened("TIERS", self.line("METHOD", method), *lines)
            case WorstOnly() | BestOnly():
                verb, key = ("DEDUCT", "WORST_ONLY") if isinstance(form, WorstOnly) else ("EARN", "BEST_ONLY")
                return opened(key, *rows([(self.expression(condition), self.join(self.w(verb), self.points(points))) for condition, points in form.rows]))
            case Distribution():
                return opened("DISTRIBUTION", *self.distribution(form))
            case Formula():
                return opened("FORMULA_FORM", self.line("FORMULA", self.expression(form.expression)))
            case Ladder():
                method = [self.line("METHOD", self.w("LOWER_ROW" if form.lower else "HIGHER_ROW"))] if len({r[2] for r in form.rows}) > 1 else []
                lines = [(self.places(low, high, from_last), self.points(points)) for low, high, from_last, points in form.rows]
                return [*method, *opened("BY_RANK", *rows([*lines, (self.w("REST"), self.points(form.rest))]))]
            case Discretionary():
                scale = self.join(self.points(form.low), self.w("TO"), self.points(form.high))
                return opened("DISCRETIONARY", self.line("DISCRETION", scale), self.line("RATING", self.expression(form.rating)))
        raise AssertionError(form)

    def places(self, low: int, high: int, from_last: bool) -> str:
        first, last = (self.join(self.w("FROM_LAST" if from_last else "ORDINAL"), str(place)) for place in (low, high))
        return first if low == high else self.join(first, self.w("TO"), last)

    def documents(self, names: tuple[str, ...]) -> str:
        return self.enum.join(names) if len(names) == 1 else self.join(self.w("ANY"), self.enum.join(names))

    def distribution(self, form: Distribution) -> list[str]:
        total = self.w("SUM_OF_BANDS") if form.total is None else self.expression(form.total)
        method = self.w({"factor": "BY_FACTOR", "target": "BY_TARGET", "closeness": "BY_CLOSENESS"}[form.method])
        lines = [self.line("METHOD", method), self.line("TOTAL_OF", total)]
        for expression, rule in form.rows:
            if form.method == "factor":
                text = self.join(self.w("FACTOR"), decimal(rule))
            elif form.method == "closeness":
                text = self.join(self.w("TARGET_SHARE"), f"{decimal(rule * 100)}%")
            else:
                interval, step = rule
                opening = "SHORT_EACH" if interval.low else "OVER_EACH"
                text = self.interval(interval) + self.comma + self.step(step, opening, "DEDUCT", " ")
            lines.append(f"  {self.expression(expression)}{self.colon}{text}")
        return lines

    # ---- outside the tree ----

    def bonus(self, node: Bonus) -> list[str]:
        lines = [self.line("VALUE", self.expression(node.value)), self.line("STANDARD", self.w("EARN_EACH")), "  " + self.step(node.step, "EACH", "EARN")]
        lines += [self.line("ONLY_IF", self.expression(node.only_if))] if node.only_if else []
        lines.append(self.line("COUNTED", self.w("INSIDE" if node.inside else "OUTSIDE")))
        return ["", self.outside("BONUS", node), *(f"  {line}" for line in lines)]

    def extra(self, node: Extra) -> list[str]:
        lines = [self.line("VALUE", self.expression(node.value)), self.line("STANDARD", self.w("DEDUCT_EACH")), "  " + self.step(node.step, "EACH", "DEDUCT")]
        lines.append(self.line("TAKEN_FROM", node.taken_from or self.w("TOTAL")))
        return ["", self.outside("EXTRA", node), *(f"  {line}" for line in lines)]

    def outside(self, key: str, node: Bonus | Extra) -> str:
        cap = self.join(self.w("AT_MOST_POINTS"), self.points(node.cap))
        return f"{self.w(key)} {node.code} {node.name}{self.comma}{cap}"

    def veto(self, node: Veto) -> list[str]:
        effect = {
            "grade_is": lambda: self.join(self.w("GRADE_SET"), node.grade),
            "total_is": lambda: self.join(self.w("SCORE_SET"), self.points(node.amount)),
            "grade_at_most": lambda: self.join(self.w("GRADE_CAP"), node.grade),
            "grade_down": lambda: self.join(self.w("GRADE_DOWN"), decimal(node.amount), self.w("STEPS")),
        }[node.effect]()
        lines = [self.line("CONDITION", self.expression(node.condition)), self.line("EFFECT", effect)]
        return ["", f"{self.w('VETO')} {node.code} {node.name}", *(f"  {line}" for line in lines)]

    def grades(self) -> list[str]:
        grades = self.plan.grades
        if grades is None:
            return []
        parts = [self.w("BY_SCORE" if grades.basis == "score" else "BY_RATE")]
        if grades.rounded is not None:
            parts.append(self.w("ROUNDED_VALUE" if grades.rounded else "EXACT_VALUE"))
        lines = ["", self.line("GRADES", *parts)]
        for quota in grades.quotas:
            rounding = self.w({"down": "QUOTA_DOWN", "up": "QUOTA_UP", "half_up": "HALF_UP"}[quota.rounding])
            ties, stay = self.w("TIES_IN" if quota.ties_in else "TIES_OUT"), self.w("VETOED_STAY" if quota.stay else "VETOED_LEAVE")
            lines.append("  " + self.comma.join([self.join(self.w("TOP_SHARE"), f"{decimal(quota.share * 100)}%"), rounding, ties, stay]) + self.colon + quota.name)
        lines += [f"  {self.interval(interval)}{self.colon}{name}" for interval, name in grades.rows]
        lines += [f"  {self.w('GATE')} {name}{self.colon}{self.expression(gate)}" for name, gate in grades.gates]
        return lines


def write(plan: Plan) -> str:
    """The ruleset's text."""
    return Writer(plan).text()
