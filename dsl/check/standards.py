"""The fields of an indicator: its value, its standard, evidence, policies, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..cohort_functions import declare, read_clauses
from ..diagnostics import Label
from ..expressions import ExpressionReader, Typed, name_of
from ..forms import FORMS, Form, FormContext, Lowered
from ..forms.documents import read_clause
from ..forms.lowering import POINTS, greatest, least, number, read_measure, times
from ..keywords import word
from ..model import (
    CheckPoint,
    Compare,
    DataItem,
    EvidenceEffect,
    EvidenceRule,
    Expression,
    Guard,
    Indicator,
    InterviewRule,
    Logic,
    NotApplicablePolicy,
    Ref,
    Round,
    Rounding,
    Step,
    Type,
    VerifyRule,
)
from ..model import Literal as Constant
from ..numbers import Exact, distance, exact_text
from ..operations import READINGS
from ..operations.readings import NotApplicableReached, RuleFailure
from ..periods import all_of, in_period
from ..ranges import Possible, Range
from ..substitute import substitute
from ..syntax import Block, Node, Word
from ..units import unit_named
from .dates import read_period
from .draft import Draft, node_of, word_of

#: Fields of an indicator that belong to its standard and not to every indicator.
_FORM_FIELDS = frozenset(
    {"rating", "target", "limit", "meets", "beyond", "method", "total_of", "meet_at_least", "discretion", "base_points", "formula"}
)
_REPEATABLE = frozenset({"note", "basis", "evidence", "joint_weight", "interview"})
_LEAF_ONLY = _FORM_FIELDS | {
    "value", "standard", "zero_divisor", "zero_if", "full_if", "difficulty", "sample", "points_to_check", "evidence", "once", "unfilled",
    "interview", "verify",
}  # fmt: skip
_PARENT_ONLY = frozenset({"combine", "joint_weight"})
_AFTER_STANDARD = frozenset({"evidence", "problem"})
_ADJUSTMENT_ONLY = frozenset({"only_if", "counted", "taken_from"})
_VETO_ONLY = frozenset({"condition", "effect"})
_PARTIES = {"UNIT_PARTY": "unit", "APPROVER": "approving_body", "RECIPIENTS": "recipients"}


def check_point_items(draft: Draft, block: Block, code: str) -> list[DataItem]:
    """The data items that evaluation points with points of their own ask an evaluator for."""
    section = next((f for f in block.fields if f.kind == "points_to_check"), None)
    standard = next((f for f in block.fields if f.kind == "standard"), None)
    if section is None or standard is None or word_of(standard.line.node.parts[1]).kind != "BY_POINTS":
        return []
    items = []
    for position, point in enumerate(_check_points(draft, section), 1):
        if point.points is not None:
            kind = Type("number", unit_named("分"))
            items.append(DataItem(f"{code}#{position}", kind, point.place, 0, point.points, assessed=True))
    return items


def _check_points(draft: Draft, section: Block) -> tuple[CheckPoint, ...]:
    found = []
    for row in section.rows:
        text, points = row.node.parts
        shown = word_of(text).text.lstrip("-－·• \u3000")
        from ..forms.lowering import read_points

        found.append(CheckPoint(shown, read_points(points) if points is not None else None, draft.place(row)))
    return tuple(found)


class Standard:
    """Reads the fields of one indicator and lowers its standard."""

    def __init__(self, draft: Draft, block: Block, code: str, points: Exact, effect: EvidenceEffect | None, rounding: Rounding | None) -> None:
        self.draft, self.block, self.code, self.points = draft, block, code, points
        self.default_effect, self.rounding = effect, rounding
        self.fields = self._unique_fields()
        self.guards: list[Guard] = []
        self.uses: set[str] = set()

    def _unique_fields(self) -> dict[str, Block]:
        fields: dict[str, Block] = {}
        for f in self.block.fields:
            if f.kind in fields and f.kind not in _REPEATABLE:
                first = fields[f.kind].line
                labels = [Label(self.draft.place(f.line)), Label(self.draft.place(first), "first")]
                self.draft.report_at("E209", labels, name=self.draft.opening(f), line=str(first.number))
                continue
            fields[f.kind] = f
        return fields

    # ---- any indicator ----

    def common(self, indicator: Indicator) -> Indicator:
        """Fields that any indicator may have."""
        notes = tuple(word_of(f.line.node.parts[1]).text for f in self.block.fields if f.kind in ("note", "basis"))
        policy = self._not_applicable()
        dated = self.fields.get("effective")
        period = read_period(self.draft, dated.line) if dated is not None else None
        applies = all_of((in_period(period) if period is not None else None, self._condition("applies_if")))
        ceiling, floor = self._limit("ceiling"), self._limit("floor")
        problems = self.fields.get("problem")
        names = tuple(name_of(p) for p in node_of(problems.line.node.parts[1]).parts) if problems else ()
        return replace(
            indicator, notes=notes, not_applicable=policy, applies_if=applies, ceiling=ceiling, floor=floor,
            problems=names, wording=self._wording(), in_force=period, interviews=tuple(self._interviews()), verify=self._verify(),
        )  # fmt: skip

    def parent(self, indicator: Indicator) -> Indicator:
        """A level-1 or level-2 indicator."""
        for kind, f in self.fields.items():
            if kind in _LEAF_ONLY | _ADJUSTMENT_ONLY | _VETO_ONLY:
                self.draft.report("E212", f.line, None, code=self.code, word=self.draft.opening(f))
        combine = self.fields.get("combine")
        kinds = {"SUM_CHILDREN": "sum", "LOWEST_CHILD": "lowest_rate", "MEAN_CHILDREN": "mean_rate"}
        how = kinds[word_of(combine.line.node.parts[1]).kind] if combine else "sum"
        return replace(self.common(indicator), combine=how, rounding=self.rounding)  # type: ignore[arg-type]

    def leaf(self, indicator: Indicator, allowed: frozenset[str] = frozenset()) -> Indicator | None:
        """A level-3 indicator, bonus or extra deduction with its standard."""
        for kind, f in self.fields.items():
            if kind in (_PARENT_ONLY | _ADJUSTMENT_ONLY | _VETO_ONLY) - allowed:
                self.draft.report("E212", f.line, None, code=self.code, word=self.draft.opening(f))
        self._in_order()
        before = len(self.draft.scope.found)
        used_before = dict(self.draft.scope.used)
        self.draft.scope.used = {}
        found = self._lowered(indicator)
        inputs = tuple(self.draft.scope.used)
        self.draft.scope.used = {**used_before, **self.draft.scope.used}
        failed = found is None or any(d.is_error for d in self.draft.scope.found[before:])
        if failed or found is None:
            return None
        return replace(found, inputs=inputs)

    def _in_order(self) -> None:
        """Evidence and problems follow the standard; before it they were meant for the indicator above."""
        standard = self.fields.get("standard")
        before = self.block.fields[: self.block.fields.index(standard)] if standard is not None else ()
        for f in before:
            if standard is not None and f.kind in _AFTER_STANDARD:
                self.draft.report("E230", f.line, None, word=self.draft.opening(f), standard=self.draft.opening(standard), code=self.code)

    def _wording(self) -> tuple[str, ...]:
        """The lines of the standard as written, for the explanation."""
        shown = ("value", "standard", "zero_divisor", "zero_if", "full_if", "difficulty", "ceiling", "floor", "sample", *_FORM_FIELDS)
        lines = (line for f in self.block.fields if f.kind in shown for line in (f.line, *f.rows))
        return tuple(line.text.strip() for line in sorted(lines, key=lambda line: line.number))

    # ---- conditions and limits ----

    def _reader(self, f: Block) -> ExpressionReader:
        return self.draft.reader(f.line)

    def _condition(self, kind: str) -> Expression | None:
        f = self.fields.get(kind)
        if f is None:
            return None
        reader = self._reader(f)
        typed = reader.condition(f.line.node.parts[1])
        if typed is None:
            return None
        reader.constant_condition(typed)
        return typed.expression

    def _limit(self, kind: str) -> Expression | None:
        f = self.fields.get(kind)
        if f is None:
            return None
        typed = self._reader(f).number(f.line.node.parts[1])
        if typed is None:
            return None
        if typed.type.unit.dimensions not in ((), (("point", 1),)) or typed.type.share in ("percent", "points"):
            reader = self._reader(f)
            reader.fail("E502", typed, left=reader.describe(POINTS), right=reader.describe(typed.type))
            return None
        return typed.expression

    def _not_applicable(self) -> NotApplicablePolicy | None:
        f = self.fields.get("not_applicable")
        if f is None:
            return None
        _, policy, _, scope, *clauses = f.line.node.parts
        kinds = {"RESCALE": "rescale", "SPREAD": "spread", "FULL_MARKS": "full", "ZERO_MARKS": "zero"}
        written = word_of(policy).kind
        if written == "COHORT_MEAN":
            return self._cohort_mean(f, scope, [node_of(c) for c in clauses])
        if clauses:
            self.draft.report("E542", f.line, clauses[0], clause=next(node_of(clauses[0]).words()).text, name=word_of(policy).text)
            return None
        scopes = {"PARENT": "parent", "LEVEL1": "level1", "COMMON_PART": "common", "WHOLE": "whole"}
        if written == "RESCALE" and scope is None:
            self.draft.report("E607", f.line, policy, code=self.code)
            return None
        if written != "RESCALE" and scope is not None:
            self.draft.report("W232", f.line, scope)
        chosen = scopes[word_of(scope).kind] if scope is not None else "parent"
        return NotApplicablePolicy(kinds[written], chosen)  # type: ignore[arg-type]

    def _cohort_mean(self, f: Block, scope: object, clauses: list[Node]) -> NotApplicablePolicy | None:
        """F28c: the mean score of the units to which the indicator applies."""
        if isinstance(scope, Word):
            self.draft.report("W232", f.line, scope)
        reader = self._reader(f)
        found = read_clauses(reader, "mean", [c for c in clauses if c.kind != "own_unit"])
        own = next((c for c in clauses if c.kind == "own_unit"), None)
        if own is not None:
            self.draft.report("E542", f.line, own, clause=next(own.words()).text, name=word("COHORT_MEAN", self.draft.language))
            return None
        if found is None:
            return None
        score = Typed(Ref(f"score.{self.code}"), POINTS, f.line.node.start, f.line.node.end)
        built = declare(reader, f.line.node, "mean", found, score, 0)
        assert built is not None and isinstance(built[0], Ref)
        return NotApplicablePolicy("mean", "parent", built[0].key)

    # ---- the standard ----

    def _lowered(self, indicator: Indicator) -> Indicator | None:
        before = len(self.draft.scope.found)
        indicator = self.common(indicator)
        evidence = self._evidence()
        check_points = self._points_to_check()
        standard = self.fields.get("standard")
        if standard is None:
            if self.block.line.number not in self.draft.lost_blocks:
                self.draft.report("E210", self.block.line, None, missing=word("STANDARD", self.draft.language), code=self.code)
            return None
        form = FORMS[word_of(standard.line.node.parts[1]).kind]
        value, reader = self._value(form)
        if not self._fields_fit(form, standard):
            return None
        if form.value in ("number", "yes_no", "choice") and value is None:
            return None
        context = FormContext(self.code, self.points, self.draft.place(standard.line), reader, standard.rows, self.fields, value)
        context.divisors += reader.divisors
        lowered = form.lower(context)
        if lowered is not None or context.divisors:
            self._divisors(context)
        self._sample()
        self._guard("full_if", "full")
        self._guard("zero_if", "zero")
        if lowered is None:
            return None
        steps = self._finish(lowered, indicator, evidence)
        if not any(d.is_error for d in self.draft.scope.found[before:]):
            self._attainable(lowered, standard)
        unfilled = self.fields.get("unfilled")
        order = {"full_if": 0, "zero_if": 1, "zero_divisor": 2, "sample": 3, "sample_zero": 3}
        return replace(
            indicator, form=form.key, quantifiable=form.quantifiable, value_type=value.type if value else None,
            guards=tuple(sorted(self.guards, key=lambda g: order[g.kind])), steps=steps, lowest=lowered.lowest,
            evidence=evidence, check_points=check_points, full_marks=lowered.full_marks, full_facts=lowered.full_facts,
            unfilled_is_out=unfilled is not None and word_of(unfilled.line.node.parts[1]).kind == "AS_OUT",
            once_only=self._once(),
        )  # fmt: skip

    def _value(self, form: Form) -> tuple[Typed | None, ExpressionReader]:
        f = self.fields.get("value")
        if f is None:
            reader = self.draft.reader(self.block.line)
            if form.value in ("number", "yes_no", "choice") and self.block.line.number not in self.draft.lost_blocks:
                self.draft.report("E210", self.block.line, None, missing=word("VALUE", self.draft.language), code=self.code)
            return None, reader
        reader = self._reader(f)
        typed = reader.read(f.line.node.parts[1])
        if form.value == "none":
            self.draft.report("E218", f.line, None, word=self.draft.opening(f), form=word(form.key, self.draft.language))
            return None, reader
        wanted = {"number": "number", "maybe": "number", "yes_no": "yes_no", "choice": "choice"}[form.value]
        if typed is not None and typed.type.kind != wanted:
            reader.fail("E501", typed, wanted=reader.describe(Type(wanted)), found=reader.describe(typed.type))  # type: ignore[arg-type]
            return None, reader
        if typed is not None and form.value == "yes_no":
            reader.constant_condition(typed)
        return typed, reader

    def _fields_fit(self, form: Form, standard: Block) -> bool:
        fine = True
        for kind in sorted(_FORM_FIELDS & set(self.fields) - form.takes):
            f = self.fields[kind]
            self.draft.report("E218", f.line, None, word=self.draft.opening(f), form=word(form.key, self.draft.language))
            fine = False
        for kind in sorted(form.requires - set(self.fields)):
            if self.block.line.number not in self.draft.lost_blocks:
                missing = word({"formula": "FORMULA", "meets": "MEETS"}.get(kind, kind.upper()), self.draft.language)
                self.draft.report("E210", standard.line, None, missing=missing, code=self.code)
            fine = False
        if form.rows == "required" and not standard.rows:
            if self.block.line.number not in self.draft.lost_blocks:
                self.draft.report("E211", standard.line, None, form=word(form.key, self.draft.language))
            fine = False
        return fine and self.block.line.number not in self.draft.lost_blocks

    def _guard(self, kind: str, outcome: str) -> None:
        condition = self._condition(kind)
        if condition is not None:
            f = self.fields[kind]
            self.guards.append(Guard(kind, condition, outcome, self.draft.place(f.line), f.line.text.strip()))  # type: ignore[arg-type]

    def _divisors(self, context: FormContext) -> None:
        """分母为零: what a zero divisor means, wherever it can be zero."""
        f = self.fields.get("zero_divisor")
        if not context.divisors:
            if f is not None:
                self.draft.report("W230", f.line)
            return
        if f is None:
            self.draft.report_at("E504", [Label(context.divisors[0][1])], code=self.code)
            return
        outcomes = {"OUT": "out", "FULL_MARKS": "full", "ZERO_MARKS": "zero", "AS_ERROR": "error"}
        outcome = outcomes[word_of(f.line.node.parts[1]).kind]
        if outcome == "out" and "not_applicable" not in self.fields:
            self.draft.report("E608", f.line, None, code=self.code)
        tests: list[Expression] = [Compare("=", d, Constant(0, "0")) for d, _ in context.divisors]
        condition = tests[0] if len(tests) == 1 else Logic("or", tuple(tests))
        steps = {f"step.{s.name}": s.expression for s in context.steps}
        self.guards.append(Guard("zero_divisor", substitute(condition, steps), outcome, self.draft.place(f.line), f.line.text.strip()))  # type: ignore[arg-type]

    def _sample(self) -> None:
        f = self.fields.get("sample")
        if f is None:
            return
        reader = self._reader(f)
        size = reader.number(f.line.node.parts[1])
        if size is None:
            return
        context = FormContext(self.code, self.points, self.draft.place(f.line), reader, (), self.fields, size)
        wanted = read_measure(context, f.line, f.line.node.parts[2], size.type)
        if wanted is None:
            return
        _, asked, least, _, chosen = f.line.node.parts
        outcomes = {"NOTICE": "notice", "NO_MARKS": "zero", "PENDING": "pending", "OUT": "out"}
        if not isinstance(chosen, Word):
            self.draft.report("E632", f.line, None, code=self.code, line=f.line.text.strip())
            return
        outcome = outcomes[chosen.kind]
        if outcome == "out" and "not_applicable" not in self.fields:
            self.draft.report("E633", f.line, None, code=self.code)
        condition = Compare("<", size.expression, number(wanted))
        about = f.line.text[node_of(asked).start : node_of(least).end]
        kind = "sample_zero" if outcome == "zero" else "sample"
        self.guards.append(Guard(kind, condition, outcome, self.draft.place(f.line), f.line.text.strip(), about))  # type: ignore[arg-type]

    def _finish(self, lowered: Lowered, indicator: Indicator, evidence: tuple[EvidenceRule, ...]) -> tuple[Step, ...]:
        """The raw score, then coefficient, limits, evidence, ceiling, rounding, in that order."""
        *before, last = lowered.steps
        steps = [*before, replace(last, name="raw")]
        at: Expression = Ref("step.raw")

        def add(name: str, expression: Expression) -> None:
            nonlocal at
            steps.append(Step(name, expression, POINTS))
            at = Ref(f"step.{name}")

        difficulty = self.fields.get("difficulty")
        if difficulty is not None:
            factor = self._reader(difficulty).number(difficulty.line.node.parts[1])
            if factor is not None:
                base = least(number(self.points), at) if self._may_exceed(lowered) else at
                add("difficulty", times(base, factor.expression))
        add("held", least(number(self.points), greatest(number(lowered.lowest), at)))
        if any(rule.effect.kind != "notice" for rule in evidence):
            add("evidence", least(at, Ref(f"evidence.{self.code}")))
        if indicator.ceiling is not None:
            add("ceiling", greatest(number(lowered.lowest), least(at, indicator.ceiling)))
        if indicator.floor is not None:
            add("floor", least(number(self.points), greatest(at, indicator.floor)))
        if self.rounding is not None:
            add("rounded", Round(at, self.rounding.places, self.rounding.mode))
        return tuple(steps)

    def _raw(self, lowered: Lowered) -> Possible | None:
        """What the raw score can be over the declared ranges, if that can be told."""
        steps = {f"step.{s.name}": s.expression for s in lowered.steps[:-1]}
        try:
            return READINGS.within(substitute(lowered.steps[-1].expression, steps), self.draft.scope.possibilities)
        except (NotApplicableReached, RuleFailure):
            return None

    def _may_exceed(self, lowered: Lowered) -> bool:
        """Whether the raw score can pass full points, so that a coefficient has to begin from full points."""
        reading = self._raw(lowered)
        return not isinstance(reading, Range) or reading.high is None or reading.high > self.points

    def _attainable(self, lowered: Lowered, standard: Block) -> None:
        """Full points must be within reach, and the raw score must not pass them unseen."""
        reading = self._raw(lowered)
        if isinstance(reading, Range) and reading.high is not None and reading.high < self.points:
            if any(g.kind == "full_if" or g.outcome == "full" for g in self.guards) or "difficulty" in self.fields:
                return
            self.draft.report("E307", standard.line, None, code=self.code, points=exact_text(self.points), highest=exact_text(reading.high))

    # ---- evidence, points to check, once only ----

    def _evidence(self) -> tuple[EvidenceRule, ...]:
        rules = []
        for f in self.block.fields:
            if f.kind == "evidence":
                rule = self._evidence_rule(f)
                if rule is not None:
                    rules.append(rule)
        return tuple(rules)

    def _evidence_rule(self, f: Block) -> EvidenceRule | None:
        _, need, names, *clauses = f.line.node.parts
        kinds = tuple(name_of(p) for p in node_of(names).parts)
        double = next((k for i, k in enumerate(kinds) if k in kinds[:i]), None)
        if double is not None:
            self.draft.report("E209", f.line, names, name=double, line=str(f.line.number))
        needs = {None: "all", "ANY": "any", "IF_PRESENT": "if_present"}
        rule = EvidenceRule(
            kinds, needs[need.kind if isinstance(need, Word) else None],  # type: ignore[arg-type]
            self.default_effect or EvidenceEffect("notice"), self.draft.place(f.line),
        )  # fmt: skip
        stated = self.default_effect is not None or rule.need == "if_present"
        for clause in clauses:
            if isinstance(clause, Node):
                changed = read_clause(self.draft.scope, f.line, rule, clause)
                if changed is None:
                    return None
                rule = changed
                stated = stated or clause.kind == "if_missing"
        if not stated:
            if not self.draft.effect_asked:
                self.draft.report("E610", f.line)
            self.draft.effect_asked = True
            return None
        return rule

    def _interviews(self) -> Iterator[InterviewRule]:
        """访谈: whom to ask, and how often at least; once where nothing is said."""
        for f in self.block.fields:
            if f.kind != "interview":
                continue
            _, names, _, number, _ = f.line.node.parts
            count = self.draft.whole(f.line, number) if isinstance(number, Word) else 1
            if count == 0:
                self.draft.report("E256", f.line, number, text="0", least="1", most="…")
            elif count is not None:
                yield InterviewRule(tuple(name_of(p) for p in node_of(names).parts), count, self.draft.place(f.line))

    def _verify(self) -> VerifyRule | None:
        """核实: the parties, and how many of them make a finding verified."""
        f = self.fields.get("verify")
        if f is None:
            return None
        words = list(f.line.node.words())
        parties = tuple(_PARTIES[w.kind] for w in words if w.kind in _PARTIES)
        number = next((w for w in words if w.kind == "NUMBER"), None)
        if len(set(parties)) < len(parties):
            again = next(w for i, w in enumerate(words) if w.kind in _PARTIES and w.kind in {v.kind for v in words[:i]})
            self.draft.report("E209", f.line, again, name=again.text, line=str(f.line.number))
            return None
        if number is None and len(parties) > 1:
            clause = "，至少2方" if self.draft.language == "zh" else ", at-least 2 parties"
            self.draft.report("E641", f.line, None, count=str(len(parties)), clause=clause)
            return None
        count = self.draft.whole(f.line, number) if number is not None else 1
        if count is not None and not 1 <= count <= len(parties):
            self.draft.report("E256", f.line, number, text=str(count), least="1", most=str(len(parties)))
            return None
        return None if count is None else VerifyRule(parties, count, self.draft.place(f.line))  # type: ignore[arg-type]

    def _points_to_check(self) -> tuple[CheckPoint, ...]:
        section = self.fields.get("points_to_check")
        if section is None:
            return ()
        points = _check_points(self.draft, section)
        with_points = [p for p in points if p.points is not None]
        if with_points and len(with_points) < len(points):
            bare = next(p for p in points if p.points is None)
            self.draft.scope.report("E314", bare.place, code=self.code)
        elif with_points and sum(p.points or 0 for p in with_points) != self.points and self.block.line.number not in self.draft.lost_blocks:
            total = sum(p.points or 0 for p in with_points)
            self.draft.report(
                "E311", section.line, None, code=self.code, points=exact_text(self.points), sum=exact_text(total),
                difference=exact_text(distance(self.points, total)),
            )  # fmt: skip
        return points

    def _once(self) -> tuple[str, ...]:
        f = self.fields.get("once")
        if f is None:
            return ()
        return tuple(w.text for w in node_of(f.line.node.parts[1]).words())


__all__ = ["Standard", "check_point_items"]
