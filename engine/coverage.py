"""Which parts of a ruleset a set of results touches: indicators and their states, bands,
branches, both sides of each comparison, guards, evidence, vetoes, gates, grades.

The very expressions that were evaluated are read again over the values that the result
recorded, with observers put into them; no operation has a meaning of its own here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any

from ..dsl.diagnostics import Place
from ..dsl.formula import show
from ..dsl.frozen import frozen
from ..dsl.model import Aggregate, Bands, Choose, Compare, Expression, Indicator, Interpolate, Outcome, Ruleset
from ..dsl.numbers import exact_text, percent_text
from ..dsl.operations import OPERATIONS, NotApplicableReached, Operation, RuleFailure, Undecided
from ..dsl.operations.readings import Exactly, Readings
from .leaf import evaluate_leaf
from .program import LeafProgram, program_of
from .record import Result

Kind = str
_SIGNALS = (Undecided, NotApplicableReached, RuleFailure)


@frozen
class Target:
    """One thing that a case can touch: what kind, of which indicator or statement, on which line."""

    kind: Kind
    code: str
    place: Place
    text: str = ""
    index: int = 0


@frozen
class _Observed:
    """An expression whose values are reported to ``told`` as they are computed."""

    inner: Expression
    told: Callable[[Any], None]


def _observed_exactly(node: _Observed, readings: Readings) -> Exactly:
    inner, told = readings.exactly(node.inner), node.told

    def observe(environment: Mapping[str, Any]) -> Any:
        value = inner(environment)
        told(value)
        return value

    return observe


_READINGS = Readings(
    {**OPERATIONS, _Observed: Operation(_observed_exactly, lambda n, p, r: r.within(n.inner, p), lambda n: (n.inner,))}
)


class Coverage:
    """The targets of one ruleset and those touched so far; `touch` adds a result's."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.targets: list[Target] = []
        self.touched: set[Target] = set()
        self.leaves: dict[str, LeafProgram] = {}
        self.others: list[Exactly] = []
        self._index = 0
        self._compile()

    @property
    def untouched(self) -> tuple[Target, ...]:
        return tuple(t for t in self.targets if t not in self.touched)

    @property
    def share(self) -> tuple[int, int]:
        """How many targets are touched, of how many."""
        return len(self.touched), len(self.targets)

    # ---- targets ----

    def _add(self, kind: Kind, code: str, place: Place, text: str = "") -> Target:
        self._index += 1
        target = Target(kind, code, place, text, self._index)
        self.targets.append(target)
        return target

    def _mark(self, target: Target) -> Callable[[Any], None]:
        return lambda _value: self.touched.add(target)

    def _compile(self) -> None:
        ruleset = self.ruleset
        program = program_of(ruleset)
        for derived in ruleset.derived:
            self.others.append(self._watched(derived.expression, derived.name, derived.place))
        for indicator in ruleset.by_code.values():
            if indicator.children:
                self._add("scored", indicator.code, indicator.place, indicator.name)
            else:
                self._leaf(indicator, program.leaves[indicator.key])
        for veto in ruleset.vetoes:
            self.others.append(self._condition(veto.condition, "veto", veto.code, veto.place, veto.text))
        for adjustment in ruleset.adjustments:
            if adjustment.only_if is not None:
                one = adjustment.indicator
                self.others.append(self._condition(adjustment.only_if, "only_if", one.code, one.place, one.name))
        for word in ruleset.unscored:
            self.others.append(self._condition(word.condition, "unscored", "", word.place, word.text))
        for rule in ruleset.reconciliations:
            self.others.append(self._condition(rule.condition, "reconcile", "", rule.place, rule.text))
        for scale in ruleset.scales:
            for band in scale.bands:
                self._add("grade", band.grade, band.place, scale.name or "")
            for gate in scale.gates:
                self.others.append(self._condition(gate.condition, "gate", gate.grade, gate.place, gate.text))

    def _leaf(self, indicator: Indicator, leaf: LeafProgram) -> None:
        code, place = indicator.code, indicator.place
        for kind in ("scored", "full", "less"):
            self._add(kind, code, place, indicator.name)
        if leaf.data:
            self._add("missing", code, place, indicator.name)
        if indicator.not_applicable is not None:
            self._add("out", code, place, indicator.name)
        for rule in indicator.evidence:
            for kind in ("evidence_met", "evidence_short"):
                self._add(kind, code, rule.place, "、".join(rule.kinds))
        guards = tuple(
            (g.kind, g.outcome, self._condition(g.condition, g.kind, code, g.place, g.text)) for g in indicator.guards
        )  # fmt: skip
        steps = tuple((s.name, f"step.{s.name}", self._watched(s.expression, code, place)) for s in indicator.steps)
        applies = None
        if indicator.applies_if is not None:
            applies = self._condition(indicator.applies_if, "applies_if", code, place, indicator.name)
        self.leaves[code] = replace(leaf, applies_if=applies, guards=guards, steps=steps)

    def _condition(self, condition: Expression, kind: Kind, code: str, place: Place, text: str) -> Exactly:
        """A condition that should be seen to hold and not to hold; comparisons within it likewise."""
        sides = {held: self._add(f"{kind}_{'yes' if held else 'no'}", code, place, text) for held in (True, False)}
        inner = condition if isinstance(condition, Compare) else self._observed(condition, code, place)
        return _READINGS.exactly(_Observed(inner, lambda value: self.touched.add(sides[bool(value)])))  # type: ignore[arg-type]

    def _watched(self, expression: Expression, code: str, place: Place) -> Exactly:
        return _READINGS.exactly(self._observed(expression, code, place))

    # ---- observers ----

    def _observed(self, node: Expression, code: str, place: Place) -> Expression:
        """``node`` with observers at its branches, bands, anchors and comparisons."""
        if isinstance(node, Aggregate):
            return node
        changed = {f.name: self._part(getattr(node, f.name), code, place) for f in fields(node)}
        match node:
            case Choose():
                cases = tuple((c, self._branch(v, code, place, self._shown(o))) for (c, v), (o, _) in zip(changed["cases"], node.cases, strict=True))
                return replace(node, cases=cases, otherwise=self._branch(changed["otherwise"], code, place, "…"))
            case Bands():
                bands = [self._add("band", code, b.place or place, b.label) for b in node.bands]

                def told(value: Any) -> None:
                    self.touched.update(t for t, b in zip(bands, node.bands, strict=True) if b.interval.holds(value))

                return replace(node, value=_Observed(changed["value"], told), bands=changed["bands"])  # type: ignore[arg-type]
            case Interpolate():
                return replace(node, value=_Observed(changed["value"], self._stretches(node, code, place)))  # type: ignore[arg-type]
            case Compare():
                sides = {held: self._add(f"compare_{'yes' if held else 'no'}", code, place, self._shown(node)) for held in (True, False)}
                return _Observed(replace(node, **changed), lambda value: self.touched.add(sides[bool(value)]))  # type: ignore[return-value]
        return replace(node, **changed)

    def _part(self, part: Any, code: str, place: Place) -> Any:
        if isinstance(part, tuple):
            return tuple(self._part(p, code, place) for p in part)
        if is_dataclass(part) and type(part) in OPERATIONS:
            return self._observed(part, code, place)  # type: ignore[arg-type]
        if is_dataclass(part) and hasattr(part, "result"):
            return replace(part, result=self._observed(part.result, code, place))  # type: ignore[type-var]
        return part

    def _branch(self, value: Expression, code: str, place: Place, text: str) -> Expression:
        if isinstance(value, Outcome):
            return value
        return _Observed(value, self._mark(self._add("branch", code, place, text)))  # type: ignore[return-value]

    def _stretches(self, node: Interpolate, code: str, place: Place) -> Callable[[Any], None]:
        """Each stretch between two anchors is a target."""
        ends = [x for x, _ in node.anchors]
        indicator = self.ruleset.by_code.get(code)
        kind = indicator.value_type if indicator is not None else None
        shown = percent_text if kind is not None and kind.share in ("percent", "ratio") else exact_text
        targets = [self._add("band", code, place, f"{shown(low)} – {shown(high)}") for low, high in pairwise(ends)]

        def told(value: Any) -> None:
            for target, low, high in zip(targets, ends[:-1], ends[1:], strict=True):
                if low <= value <= high:
                    self.touched.add(target)

        return told

    def _shown(self, node: Expression) -> str:
        return show(node, lambda key: key.partition(".")[2] or key, self.ruleset.language)

    # ---- touching ----

    def touch(self, result: Result) -> frozenset[Target]:
        """Note what one result touches; the targets that nothing had touched before."""
        before = set(self.touched)
        program = program_of(self.ruleset)
        environment = dict(result.values)
        for code, leaf in self.leaves.items():
            if result.indicators[code].state in ("scored", "undecided") or code not in result.unit.not_applicable:
                evaluate_leaf(program, leaf, environment, result.indicators[code].evidence)
        for function in self.others:
            try:
                function(environment)
            except _SIGNALS:
                continue
        self.touched.update(self._states(result))
        return frozenset(self.touched - before)

    def _states(self, result: Result) -> Iterator[Target]:
        reached = {s.grade.grade for s in result.subtotals if s.grade is not None}
        if result.grade is not None:
            reached |= {result.grade.grade, result.grade.by_band}
        for target in self.targets:
            if target.kind == "grade":
                if target.code in reached:
                    yield target
                continue
            record = result.indicators.get(target.code)
            if record is None:
                continue
            match target.kind:
                case "scored":
                    met = record.state == "scored"
                case "full":
                    met = record.state == "scored" and record.score == record.points
                case "less":
                    met = record.state == "scored" and record.score is not None and record.score < record.points
                case "missing":
                    met = record.state == "undecided" or bool(record.waiting)
                case "out":
                    met = record.state in ("out", "excluded")
                case "evidence_met" | "evidence_short":
                    rules = self.ruleset.by_code[target.code].evidence
                    pairs = zip(rules, record.evidence, strict=False)
                    met = any(r.place == target.place and s.met == (target.kind == "evidence_met") for r, s in pairs)
                case _:
                    met = False
            if met:
                yield target
