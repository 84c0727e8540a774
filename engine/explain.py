"""Record -> explanation: every score from the total down to the source values, as data.

Nothing is scored here.  The texts of formulas are made so that the numbers printed in
one, worked out again, give the number printed after it.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from weakref import WeakKeyDictionary

from ..dsl.describe import share_text
from ..dsl.formula import show, show_value
from ..dsl.frozen import frozen
from ..dsl.keywords import Language, word
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
    Parameter,
    Ref,
    Round,
    Ruleset,
    Step,
    Type,
)
from ..dsl.numbers import Exact, decimal_places, exact_text, fixed, round_to, simplest
from ..dsl.operations import NotApplicableReached, RuleFailure, Undecided, Unknown, exactly
from ..dsl.operations.readings import OutOfScope
from .field_work import shared_matters
from .next_grade import NextGrade, next_grade
from .record import EvidenceStatus, IndicatorRecord, Redistribution, Result
from .titles import title

_FORMULAS: WeakKeyDictionary[Ruleset, dict[tuple[int, str, str, str], str]] = WeakKeyDictionary()
#: Steps that are told only when they change something.
_QUIET = frozenset({"held", "evidence", "ceiling", "floor", "rounded"})


@frozen
class Source:
    """A value that was used: its name, how it reads, where it came from, or why it is not there."""

    name: str
    value: str
    origin: str
    state: str
    path: str


@frozen
class ExplainedStep:
    """One step: its formula in names, the same with numbers, and the exact result."""

    name: str
    label: str
    formula: str
    numbers: str
    result: str
    about: str = ""
    band: str = ""
    told: bool = True


@frozen
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
    matters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Matters that count once although several sources name them."""


@dataclass(frozen=True)
class Explanation:
    """The explanation of one result, the indicators in order of the ruleset."""

    result: Result
    language: Language
    indicators: tuple[ExplainedIndicator, ...]
    adjustments: tuple[tuple[str, str, str, ExplainedIndicator], ...] = ()
    next_grade: NextGrade | None = None
    waiting: tuple[tuple[str, str], ...] = ()


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


def number_text(value: Exact, kind: Type | None, language: Language) -> str:
    """A number in full with its unit; where no decimal ends, the fraction."""
    if kind is not None and kind.kind == "number" and kind.share in ("percent", "points"):
        return share_text(value, kind, language)
    return exact_text(value)


def approximate(value: Exact, kind: Type | None, language: Language) -> str:
    """A short decimal for a number that has none: ``≈93.33%``; nothing for others."""
    share = kind is not None and kind.share in ("percent", "ratio")
    places = decimal_places(value)
    if places is not None and places <= 12:
        return ""
    if kind is not None and kind.share == "points":
        return f"≈{share_text(round_to(value, 4, 'half_up'), kind, language)}"
    return f"≈{fixed(value * 100, 2)}%" if share else f"≈{fixed(value, 4)}"


def _state_of(value: Any) -> str:
    return value.state if isinstance(value, Unknown) else "missing"


_GIVEN = {"as_of": "AS_OF", "unit.type": "UNIT_TYPE", "unit.level": "UNIT_LEVEL"}


class _Writer:
    """Writes the explanations of one result's indicators."""

    def __init__(self, result: Result, language: Language) -> None:
        self.result, self.language = result, language
        self.by_key = result.ruleset.by_key
        self.titles: dict[str, str] = {}

    # ---- names and values ----

    def name(self, key: str) -> str:
        """What a key is called: a data item's name, an indicator's score, a step's title."""
        kind, _, rest = key.partition(".")
        if kind == "score":
            return f"得分({rest})" if self.language == "zh" else f"score({rest})"
        if kind == "rate":
            return f"得分率({rest})" if self.language == "zh" else f"score-rate({rest})"
        if key in _GIVEN:
            return word(_GIVEN[key], self.language)
        if kind == "step":
            return self.titles.get(rest) or title(rest, self.language)
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
            text = number_text(value, self.type_of(key, steps), self.language)
            return f"({text})" if "/" in text or text.startswith("-") else text
        if isinstance(value, tuple) and value and not isinstance(value[0], (int, Fraction)):
            return self.name(key)
        return show_value(value, self.language)

    # ---- one indicator ----

    def indicator(self, indicator: Indicator, record: IndicatorRecord) -> ExplainedIndicator:
        steps = {s.name: s for s in indicator.steps}
        values = dict(self.result.values) | {f"step.{s.name}": s.value for s in record.steps}
        self.titles = self._titles(indicator, record)
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
            indicator.children, indicator.notes, indicator.combine, tuple(shared_matters(indicator, self.result)),
        )  # fmt: skip

    def _titles(self, indicator: Indicator, record: IndicatorRecord) -> dict[str, str]:
        """What each step is called; a step that changed nothing goes by the name of the one before."""
        titles: dict[str, str] = {}
        values = {s.name: s.value for s in record.steps}
        before = ""
        for step in indicator.steps:
            quiet = step.name in _QUIET and before and values.get(step.name) == values.get(before)
            titles[step.name] = titles[before] if quiet else title(step.name, self.language, step.facts.get("label", ""))
            before = step.name
        return titles

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
        return [k for k in self._beneath(key) if not isinstance(self.by_key.get(k), Derived)]

    def _beneath(self, key: str) -> list[str]:
        """A value and all it rests on through derived values, each once, what is used before what uses it."""
        from ..dsl.substitute import references

        found: dict[str, None] = {}
        opened: set[str] = set()
        pending = [key]
        while pending:
            at = pending[-1]
            item = self.by_key.get(at)
            if at in found or at in opened or not isinstance(item, Derived):
                found[pending.pop()] = None
                continue
            opened.add(at)
            pending += [r for r in reversed(list(dict.fromkeys(references(item.expression)))) if r not in found]
        return list(found)

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
            return number_text(value, kind, self.language) + gap + kind.unit.name
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
        items = (self.by_key.get(k) for k in self._beneath(key))
        return [i for i in items if isinstance(i, Derived)]

    def _step(self, step: Step, steps: Mapping[str, Step], values: Mapping[str, Any], record: IndicatorRecord) -> ExplainedStep:
        value = values[f"step.{step.name}"]
        position = [s.name for s in record.steps].index(step.name)
        before = record.steps[position - 1].value if position else None
        label = title(step.name, self.language, step.facts.get("label", ""))
        settled = record.guard in ("full_if", "zero_if", "zero_divisor", "sample_zero") and step.name in ("raw", "difficulty")
        if settled or (step.name in _QUIET and value == before):
            text = exact_text(value)
            return ExplainedStep(step.name, label, text, text, text, told=False)
        shown = self._written(step.name, label, step.expression, step.type, value, values, steps)
        if not shown.band:
            return shown
        case = shown.band.replace(f"“{label}”", "").replace(f'"{label}" ', "")
        return replace(shown, band=case)

    def _written(
        self, name: str, label: str, expression: Expression, kind: Type, value: Any, values: Mapping[str, Any], steps: Mapping[str, Step]
    ) -> ExplainedStep:
        formula = self._formula(expression)
        reduced = reduce(expression, values)
        numbers = show(reduced, lambda key: self.number(key, values, steps), self.language, bare=True)
        if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            exact, short = number_text(value, kind, self.language), approximate(value, kind, self.language)
            return ExplainedStep(name, label, formula, numbers, exact, short, self._case(expression, values))
        return ExplainedStep(name, label, formula, numbers, show_value(value, self.language), "", self._case(expression, values))

    def _formula(self, expression: Expression) -> str:
        """The formula in names; the same for every unit, so kept with the ruleset."""
        kept = _FORMULAS.setdefault(self.result.ruleset, {})
        key = (id(expression), self.language, self.titles.get("held", ""), self.titles.get("raw", ""))
        if key not in kept:
            kept[key] = show(expression, self.name, self.language)
        return kept[key]

    def _case(self, expression: Expression, values: Mapping[str, Any]) -> str:
        """The band or the case that applied, in words."""
        try:
            match expression:
                case Bands(value, bands):
                    at = exactly(value)(values)
                    label = next((b.label for b in bands if b.interval.holds(at)), "")
                    shown = show(value, self.name, self.language)
                    return f"{shown}在“{label}”一档" if self.language == "zh" else f'{shown} lies in "{label}"'
                case Choose(cases, _):
                    return self._chosen(cases, values)
        except (Undecided, NotApplicableReached, RuleFailure, KeyError):
            pass
        return ""

    def _chosen(self, cases: tuple[tuple[Expression, Expression], ...], values: Mapping[str, Any]) -> str:
        for condition, _ in cases:
            if exactly(condition)(values):
                text = show(condition, self.name, self.language)
                if isinstance(condition, Compare):
                    return text
                return f"“{text}”成立" if self.language == "zh" else f'"{text}" holds'
        first = cases[0][0]
        if isinstance(first, Compare) and isinstance(first.left, Ref) and isinstance(first.right, Literal) and first.operator == "=":
            return show(Compare("=", first.left, Literal(exactly(first.left)(values))), self.name, self.language)
        shown = show(first, self.name, self.language)
        if len(cases) == 1:
            return f"“{shown}”不成立" if self.language == "zh" else f'"{shown}" does not hold'
        return "所列情形均不成立" if self.language == "zh" else "none of the cases holds"


# ---- what was really worked out -------------------------------------------------------------


def reduce(expression: Expression, values: Mapping[str, Any]) -> Expression:
    """The arithmetic that applied to these values: the branch taken, the band hit, the
    segment between two anchors."""
    try:
        return _reduced(expression, values)
    except (Undecided, NotApplicableReached, RuleFailure, KeyError):
        return expression


def _value(expression: Expression, values: Mapping[str, Any]) -> Any:
    return exactly(expression)(values)


def _reduced(node: Expression, values: Mapping[str, Any]) -> Expression:
    match node:
        case Literal() | Ref():
            return node
        case Arithmetic(operator, left, right):
            return Arithmetic(operator, _reduced(left, values), _reduced(right, values))
        case Extremum(operands=operands):
            return replace(node, operands=tuple(_reduced(o, values) for o in operands))
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
    found = _value(node, values)
    return Literal(found)


def _segment(value: Expression, anchors: tuple[tuple[Exact, Exact], ...], values: Mapping[str, Any]) -> Expression:
    at = _value(value, values)
    if at <= anchors[0][0]:
        return Literal(anchors[0][1])
    for (x0, y0), (x1, y1) in itertools.pairwise(anchors):
        if at <= x1:
            slope = Literal(simplest(Fraction(y1 - y0) / (x1 - x0)))
            away = Arithmetic("-", value, Literal(x0))
            return Arithmetic("+", Literal(y0), Arithmetic("*", slope, away))
    return Literal(anchors[-1][1])


__all__ = ["ExplainedIndicator", "ExplainedStep", "Explanation", "Source", "approximate", "explain", "number_text"]
