"""Record -> explanation: every score from the total down to the source values, as data.

Nothing is scored here.  The texts of formulas are made so that the numbers printed in
one, worked out again, give the number printed after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..dsl.formula import show, show_value
from ..dsl.keywords import Language
from ..dsl.model import (
    Arithmetic,
    Bands,
    Choose,
    Compare,
    DataItem,
    Derived,
    Expression,
    Extremum,
    Indicator,
    Interpolate,
    Literal,
    Logic,
    Parameter,
    Ref,
    Round,
    Step,
    Type,
)
from ..dsl.numbers import Exact, decimal_places, exact_text, fixed, percent_text, simplest
from ..dsl.operations import NotApplicableReached, RuleFailure, Undecided, Unknown, exactly
from ..dsl.operations.readings import OutOfScope
from .record import Bounds, EvidenceStatus, IndicatorRecord, Redistribution, Result

#: Steps that are told only when they change something.
_QUIET = frozenset({"held", "evidence", "ceiling", "floor", "rounded"})


@dataclass(frozen=True, slots=True)
class Source:
    """A value that was used: its name, how it reads, where it came from, or why it is not there."""

    name: str
    value: str
    origin: str
    state: str
    path: str


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """One step: its formula in names, the same with numbers, and the exact result."""

    name: str
    label: str
    formula: str
    numbers: str
    result: str
    band: str = ""
    told: bool = True


@dataclass(frozen=True, slots=True)
class ExplainedIndicator:
    """Why an indicator scored what it scored."""

    code: str
    name: str
    level: int
    state: str
    points: str
    declared: str
    score: str | None
    bounds: tuple[str, str, bool] | None
    waiting: tuple[str, ...]
    sources: tuple[Source, ...]
    derived: tuple[ExplainedStep, ...]
    wording: tuple[str, ...]
    guard: tuple[str, str] | None
    steps: tuple[ExplainedStep, ...]
    evidence: tuple[tuple[str, EvidenceStatus, tuple[str, ...], str, str], ...]
    full_marks: str
    full_facts: Mapping[str, str]
    lost: str
    reason: str
    redistribution: Redistribution | None
    deducted: tuple[tuple[str, str], ...]
    children: tuple[str, ...]
    notes: tuple[str, ...]
    combine: str = "sum"


@dataclass(frozen=True)
class Explanation:
    """The explanation of one result, the indicators in order of the ruleset."""

    result: Result
    language: Language
    indicators: tuple[ExplainedIndicator, ...]
    adjustments: tuple[tuple[str, str, str, ExplainedIndicator], ...] = ()
    next_grade: NextGrade | None = None
    waiting: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NextGrade:
    """How far the next better grade is, and what besides points stands in the way."""

    grade: str
    bound: str
    distance_rate: str
    distance_points: str
    included: bool
    gates: tuple[str, ...] = field(default_factory=tuple)
    vetoes: tuple[str, ...] = field(default_factory=tuple)


def explain(result: Result, language: Language | None = None) -> Explanation:
    """Explain a result, in the language of its ruleset unless another is asked for."""
    chosen = language or result.ruleset.language
    writer = _Writer(result, chosen)
    ruleset = result.ruleset
    indicators = tuple(writer.indicator(i, result.indicators[i.code]) for i in ruleset.indicators)
    adjustments = tuple(
        (a.kind, exact_text(r.amount) if r.amount is not None else "", "" if r.applies else "no", writer.indicator(a.indicator, r.record))
        for a, r in zip(ruleset.adjustments, result.adjustments, strict=True)
    )
    waiting = tuple((writer.name(k), _state_of(result.values.get(k))) for k in sorted(result.waiting, key=writer.name))
    return Explanation(result, chosen, indicators, adjustments, next_grade(result), waiting)


def number_text(value: Exact, kind: Type | None = None) -> str:
    """A number in full with its unit; where no decimal ends, the fraction."""
    if kind is not None and kind.kind == "number" and kind.share == "percent":
        return percent_text(value)
    return exact_text(value)


def approximate(value: Exact, kind: Type | None = None) -> str:
    """A short decimal for a number that has none: ``≈93.33%``; nothing for others."""
    share = kind is not None and kind.share in ("percent", "ratio")
    places = decimal_places(value)
    if places is not None and places <= 12:
        return ""
    return f"≈{fixed(value * 100, 2)}%" if share else f"≈{fixed(value, 4)}"


def _state_of(value: Any) -> str:
    return value.state if isinstance(value, Unknown) else "missing"


class _Writer:
    """Writes the explanations of one result's indicators."""

    def __init__(self, result: Result, language: Language) -> None:
        self.result, self.language = result, language
        self.by_key = result.ruleset.by_key

    # ---- names and values ----

    def name(self, key: str) -> str:
        """What a key is called: a data item's name, an indicator's score, a step's title."""
        kind, _, rest = key.partition(".")
        if kind == "score":
            return f"得分({rest})" if self.language == "zh" else f"score({rest})"
        if kind == "rate":
            return f"得分率({rest})" if self.language == "zh" else f"score-rate({rest})"
        if kind == "as_of":
            return "基准日" if self.language == "zh" else "as-of-date"
        if kind == "step":
            return step_title(rest, self.language)
        if kind == "evidence":
            return "佐证上限" if self.language == "zh" else "evidence limit"
        return rest

    def type_of(self, key: str, steps: Mapping[str, Step]) -> Type | None:
        kind, _, rest = key.partition(".")
        if kind == "step":
            return steps[rest].type if rest in steps else None
        if kind == "rate":
            return Type("number", share="percent")
        found = self.by_key.get(key)
        return found.type if isinstance(found, (DataItem, Derived, Parameter)) else None

    def number(self, key: str, values: Mapping[str, Any], steps: Mapping[str, Step]) -> str:
        """A reference with its value put in; a fraction stands in brackets."""
        value = values.get(key)
        if value is None or isinstance(value, (Unknown, OutOfScope)):
            return f"【{self.name(key)}】" if self.language == "zh" else f"[{self.name(key)}]"
        if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            text = number_text(value, self.type_of(key, steps))
            return f"({text})" if "/" in text or text.startswith("-") else text
        if isinstance(value, tuple) and value and not isinstance(value[0], (int, Fraction)):
            return self.name(key)
        return show_value(value, self.language)

    # ---- one indicator ----

    def indicator(self, indicator: Indicator, record: IndicatorRecord) -> ExplainedIndicator:
        steps = {s.name: s for s in indicator.steps}
        values = dict(self.result.values) | {f"step.{s.name}": s.value for s in record.steps}
        guard = next(((g.kind, g.text) for g in indicator.guards if g.kind == record.guard), None)
        bounds = record.bounds
        return ExplainedIndicator(
            indicator.code, indicator.name, indicator.level, record.state, exact_text(record.points),
            exact_text(record.declared), None if record.score is None else exact_text(record.score),
            None if bounds is None else (exact_text(bounds.low), exact_text(bounds.high), bounds.tight),
            tuple(sorted(self.name(k) for k in record.waiting)), self._sources(record),
            self._derived(record), indicator.wording, guard,
            tuple(self._step(s, steps, values, record) for s in indicator.steps if f"step.{s.name}" in values and self._has(record, s.name)),
            tuple(
                ("、".join(r.kinds) if self.language == "zh" else "; ".join(r.kinds), s, r.kinds, r.effect.kind, exact_text(r.effect.share * 100))
                for r, s in zip(indicator.evidence, record.evidence, strict=False)
            ),
            indicator.full_marks, indicator.full_facts, "" if record.score is None else exact_text(record.points - record.score),
            record.reason, record.redistribution, tuple((c, exact_text(a)) for c, a in record.deducted),
            indicator.children, indicator.notes, indicator.combine,
        )  # fmt: skip

    def _has(self, record: IndicatorRecord, name: str) -> bool:
        return any(s.name == name for s in record.steps)

    def _sources(self, record: IndicatorRecord) -> tuple[Source, ...]:
        found: dict[str, Source] = {}
        for key in record.inputs:
            for data_key in self._data_keys(key):
                item = self.by_key.get(data_key)
                if isinstance(item, DataItem):
                    found.setdefault(data_key, self._source(item))
                elif isinstance(item, Parameter):
                    found.setdefault(data_key, self._parameter(item))
        return tuple(found.values())

    def _data_keys(self, key: str) -> list[str]:
        item = self.by_key.get(key)
        if isinstance(item, Derived):
            from ..dsl.substitute import references

            return [k for r in dict.fromkeys(references(item.expression)) for k in self._data_keys(r)]
        return [key]

    def _source(self, item: DataItem) -> Source:
        value = self.result.values.get(item.key)
        origin = item.source or ""
        part = self.result.track if item.assessed else "data"
        path = f"{part}.{item.name}"
        if isinstance(value, Unknown):
            return Source(item.name, "", origin, value.state, path)
        if isinstance(value, OutOfScope):
            return Source(item.name, value.reason, origin, "not_applicable", path)
        return Source(item.name, self.value_text(value, item.type), origin, "known", path)

    def _parameter(self, item: Parameter) -> Source:
        value = self.result.values.get(item.key)
        rested = next((v.source or "" for v in item.values if v.value == value), "")
        if isinstance(value, Unknown):
            return Source(item.name, "", rested, "missing", item.key)
        return Source(item.name, self.value_text(value, item.type), rested, "known", item.key)

    def value_text(self, value: Any, kind: Type) -> str:
        """A value with its unit, for people."""
        if isinstance(value, tuple) and value and not isinstance(value[0], (int, Fraction)):
            return f"{len(value)}条记录" if self.language == "zh" else f"{len(value)} records"
        if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            gap = "" if self.language == "zh" or not kind.unit.name else " "
            return number_text(value, kind) + gap + kind.unit.name
        if isinstance(value, str):
            return value
        return show_value(value, self.language)

    def _derived(self, record: IndicatorRecord) -> tuple[ExplainedStep, ...]:
        found: dict[str, ExplainedStep] = {}
        for key in record.inputs:
            for item in self._derived_items(key):
                value = self.result.values.get(item.key)
                if item.key in found or isinstance(value, (Unknown, OutOfScope)) or not isinstance(value, (int, Fraction, bool, str)):
                    continue
                found[item.key] = self._written(item.name, item.name, item.expression, item.type, value, self.result.values, {})
        return tuple(found.values())

    def _derived_items(self, key: str) -> list[Derived]:
        item = self.by_key.get(key)
        if not isinstance(item, Derived):
            return []
        from ..dsl.substitute import references

        return [d for r in dict.fromkeys(references(item.expression)) for d in self._derived_items(r)] + [item]

    def _step(self, step: Step, steps: Mapping[str, Step], values: Mapping[str, Any], record: IndicatorRecord) -> ExplainedStep:
        value = values[f"step.{step.name}"]
        position = [s.name for s in record.steps].index(step.name)
        before = record.steps[position - 1].value if position else None
        settled = record.guard in ("full_if", "zero_if", "zero_divisor") and step.name == "raw"
        label = step.facts.get("label", "")
        title = step_title(step.name, self.language)
        if settled:
            text = exact_text(value)
            return ExplainedStep(step.name, label or title, text, text, text, told=False)
        shown = self._written(step.name, label or title, step.expression, step.type, value, values, steps)
        told = step.name not in _QUIET or value != before
        if not told:
            return ExplainedStep(shown.name, shown.label, shown.formula, shown.numbers, shown.result, shown.band, False)
        return shown

    def _written(
        self, name: str, label: str, expression: Expression, kind: Type, value: Any, values: Mapping[str, Any], steps: Mapping[str, Step]
    ) -> ExplainedStep:
        formula = show(expression, self.name, self.language)
        reduced, band = reduce(expression, values)
        numbers = show(reduced, lambda key: self.number(key, values, steps), self.language)
        if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            result = number_text(value, kind)
        else:
            result = show_value(value, self.language)
        return ExplainedStep(name, label, formula, numbers, result, band)


def step_title(name: str, language: Language) -> str:
    """What a step is called."""
    from .titles import title

    return title(name, language)


# ---- what was really worked out -------------------------------------------------------------


def reduce(expression: Expression, values: Mapping[str, Any]) -> tuple[Expression, str]:
    """The arithmetic that applied to these values: the branch taken, the band hit, the
    segment between two anchors; and the label of the band."""
    try:
        return _reduced(expression, values), _band(expression, values)
    except (Undecided, NotApplicableReached, RuleFailure, KeyError):
        return expression, ""


def _value(expression: Expression, values: Mapping[str, Any]) -> Any:
    return exactly(expression)(values)


def _reduced(node: Expression, values: Mapping[str, Any]) -> Expression:
    match node:
        case Literal() | Ref():
            return node
        case Arithmetic(operator, left, right):
            return Arithmetic(operator, _reduced(left, values), _reduced(right, values))
        case Extremum(kind, operands):
            return Extremum(kind, tuple(_reduced(o, values) for o in operands))
        case Round(value, places, mode):
            return Round(_reduced(value, values), places, mode)
        case Choose(cases, otherwise):
            for condition, value in cases:
                if _value(condition, values):
                    return _reduced(value, values)
            return _reduced(otherwise, values)
        case Bands(value, bands):
            at = _value(value, values)
            return next(_reduced(b.result, values) for b in bands if b.interval.holds(at))
        case Interpolate(value, anchors):
            return _segment(value, anchors, values)
        case Compare() | Logic():
            return node
    found = _value(node, values)
    return Literal(found)


def _band(node: Expression, values: Mapping[str, Any]) -> str:
    if isinstance(node, Bands):
        at = _value(node.value, values)
        return next((b.label for b in node.bands if b.interval.holds(at)), "")
    return ""


def _segment(value: Expression, anchors: tuple[tuple[Exact, Exact], ...], values: Mapping[str, Any]) -> Expression:
    at = _value(value, values)
    if at <= anchors[0][0]:
        return Literal(anchors[0][1])
    for (x0, y0), (x1, y1) in zip(anchors, anchors[1:], strict=False):
        if at <= x1:
            slope = Literal(simplest(Fraction(y1 - y0) / (x1 - x0)))
            away = Arithmetic("-", value, Literal(x0))
            return Arithmetic("+", Literal(y0), Arithmetic("*", slope, away))
    return Literal(anchors[-1][1])


# ---- the next grade --------------------------------------------------------------------------


def next_grade(result: Result) -> NextGrade | None:
    """The distance to the next better grade of the total, if there is one."""
    scale, found = result.ruleset.scale(), result.grade
    if scale is None or found is None or found.grade is None or result.score is None:
        return None
    at = scale.grades.index(found.grade)
    if at == 0:
        return None
    better = scale.bands[at - 1]
    low = better.interval.low
    if low is None:
        return None
    score = result.score_before_veto if result.score_before_veto is not None else result.score
    bound_points = low * result.full_score if scale.basis == "rate" else low
    distance = max(0, simplest(bound_points - score))
    rate = simplest(Fraction(distance) / result.full_score)
    gates = tuple(g.text for g in scale.gates if g.grade == better.grade and ("gate", g.text) in {c[:2] for c in found.changes})
    vetoes = tuple(v.code for v, r in zip(result.ruleset.vetoes, result.vetoes, strict=True) if r.applies)
    bound = percent_text(low) if scale.basis == "rate" else exact_text(low)
    return NextGrade(better.grade, bound, percent_text(rate), exact_text(distance), better.interval.low_included, gates, vetoes)


__all__ = ["Bounds", "ExplainedIndicator", "ExplainedStep", "Explanation", "NextGrade", "Source", "approximate", "explain", "number_text"]
