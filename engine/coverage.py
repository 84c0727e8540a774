"""Which parts of a ruleset a set of results touches: indicators and their states, bands,
branches, both sides of each comparison, entries of tables, which operand a least or
greatest comes from, filters of records, ceilings and floors, guards, evidence, vetoes,
gates, grades.

The very expressions that were evaluated are read again over the values that the result
recorded, with observers put into them; no operation has a meaning of its own here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, fields, is_dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from ..dsl.describe import possibility_of
from ..dsl.diagnostics import Place
from ..dsl.formula import show
from ..dsl.frozen import frozen
from ..dsl.model import Aggregate, Bands, Choose, Compare, Expression, Extremum, Indicator, Interpolate, Lookup, Outcome, Ruleset, Step
from ..dsl.numbers import exact_text, percent_text
from ..dsl.operations import OPERATIONS, READINGS, NotApplicableReached, Operation, RuleFailure, Undecided
from ..dsl.operations.readings import Exactly, Readings
from ..dsl.ranges import Possible, Range, hull, point
from ..dsl.substitute import substitute
from .combine import combine
from .leaf import evaluate_leaf
from .program import LeafProgram, program_of
from .record import Result
from .titles import title

Kind = str
#: Steps that every standard has and no author wrote.
OF_THE_HOUSE = frozenset({"held", "evidence", "rounded"})
#: Steps that hold a score to a limit of the author's.
LIMITS = frozenset({"ceiling", "floor"})
_SIGNALS = (Undecided, NotApplicableReached, RuleFailure)


@frozen
class Target:
    """One thing that a case can touch: what kind, of which indicator or statement, on which line.

    Those of one ruleset are told apart by their ``index``.
    """

    kind: Kind = field(compare=False)
    code: str = field(compare=False)
    place: Place = field(compare=False)
    text: str = field(compare=False, default="")
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
    {**OPERATIONS, _Observed: Operation(_observed_exactly, lambda n, p, r: r.within(n.inner, p), lambda n, r: r.read(n.inner), lambda n: (n.inner,))}
)


class Coverage:
    """The targets of one ruleset and those touched so far; `touch` adds a result's."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.targets: list[Target] = []
        self.touched: set[Target] = set()
        self.leaves: dict[str, LeafProgram] = {}
        self.others: list[Exactly] = []
        self.limits: list[Callable[[Result], None]] = []
        self._index = 0
        self._possible = _possibilities(ruleset)
        self._steps: dict[str, Expression] = {}
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
                for kind, limit in (("ceiling", indicator.ceiling), ("floor", indicator.floor)):
                    if limit is not None:
                        self._parent_limit(indicator, kind, limit)
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
        self._steps = {f"step.{s.name}": s.expression for s in indicator.steps}
        steps = tuple((s.name, f"step.{s.name}", self._step(s, code, place)) for s in indicator.steps)
        self._steps = {}
        applies = None
        if indicator.applies_if is not None:
            applies = self._condition(indicator.applies_if, "applies_if", code, place, indicator.name)
        self.leaves[code] = replace(leaf, applies_if=applies, guards=guards, steps=steps)

    def _step(self, step: Step, code: str, place: Place) -> Exactly:
        """A step with observers; what the house does to every score is nobody's rule."""
        match step.expression:
            case _ if step.name in OF_THE_HOUSE:
                return _READINGS.exactly(step.expression)
            case Extremum(_, (held, Extremum() as inner)) if step.name in LIMITS:
                observed = replace(step.expression, operands=(held, self._observed(inner, code, place)))
                return _READINGS.exactly(observed)
        return self._watched(step.expression, code, place)

    def _parent_limit(self, indicator: Indicator, kind: str, limit: Expression) -> None:
        """Whether a parent's ceiling or floor is met, and whether it is not."""
        sides = {held: self._add(f"{kind}_{'yes' if held else 'no'}", indicator.code, indicator.place, indicator.name) for held in (True, False)}
        function = _READINGS.exactly(limit)

        def told(result: Result) -> None:
            children = [(result.indicators[c], self.ruleset.by_code[c].not_applicable) for c in indicator.children]
            if result.indicators[indicator.code].state == "scored":
                reached, value = combine(indicator.points, indicator.combine, children, self.ruleset.all_out).low, function(result.values)
                self.touched.add(sides[reached > value if kind == "ceiling" else reached < value])

        self.limits.append(told)

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
            return self._filtered(node, code, place)
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
            case Extremum() if node.operands:
                return self._deciding(node, changed["operands"], code, place)
            case Lookup():
                return self._entries(node, changed["keys"], code, place)
            case Compare():
                sides = {held: self._add(f"compare_{'yes' if held else 'no'}", code, place, self._shown(node)) for held in (True, False)}
                return _Observed(replace(node, **changed), lambda value: self.touched.add(sides[bool(value)]))  # type: ignore[return-value]
        return replace(node, **changed)

    def _filtered(self, node: Aggregate, code: str, place: Place) -> Expression:
        """A filter should be seen to keep a record and to leave one out."""
        if node.where is None:
            return node
        sides = {held: self._add(f"filter_{'yes' if held else 'no'}", code, place, self._shown(node)) for held in (True, False)}
        where = _Observed(node.where, lambda value: self.touched.add(sides[bool(value)]))
        return replace(node, where=where)  # type: ignore[arg-type]

    def _deciding(self, node: Extremum, operands: tuple[Expression, ...], code: str, place: Place) -> Expression:
        """Each operand that can be the least or the greatest should be seen to be it."""
        can = [i for i, one in enumerate(node.operands) if self._can_decide(node, i)]
        if len(can) < 2:
            return replace(node, operands=operands)
        targets = {i: self._add("decides", code, place, f"{self._shown(node.operands[i])} ← {self._shown(node)}") for i in can}
        seen: dict[int, Any] = {}
        watched = tuple(_Observed(o, partial(seen.__setitem__, i)) for i, o in enumerate(operands))

        def told(value: Any) -> None:
            self.touched.update(t for i, t in targets.items() if seen.get(i) == value)

        return _Observed(replace(node, operands=watched), told)  # type: ignore[arg-type,return-value]

    def _can_decide(self, node: Extremum, index: int) -> bool:
        """Whether an operand can be the least (or greatest) strictly, as far as its declared range tells."""
        own, *others = (self._range(o) for o in (node.operands[index], *node.operands[:index], *node.operands[index + 1 :]))
        for other in others:
            if own is None or other is None:
                continue
            if node.kind == "min" and own.low is not None and other.high is not None and own.low >= other.high:
                return False
            if node.kind == "max" and own.high is not None and other.low is not None and own.high <= other.low:
                return False
        return True

    def _range(self, expression: Expression) -> Range | None:
        try:
            found = READINGS.within(substitute(expression, self._steps), self._possible)
        except _SIGNALS:
            return None
        return found if isinstance(found, Range) else None

    def _entries(self, node: Lookup, keys: tuple[Expression, ...], code: str, place: Place) -> Expression:
        """Each entry of a table should be looked up."""
        targets = {e: self._add("entry", code, place, f"{node.table}（{'、'.join(map(str, e))}）") for e, _ in node.entries}
        seen: dict[int, Any] = {}
        watched = tuple(_Observed(k, partial(seen.__setitem__, i)) for i, k in enumerate(keys))

        def told(_value: Any) -> None:
            wanted: tuple[Any, ...] = tuple(seen.get(i) for i in range(len(keys)))
            target = targets.get(wanted)
            if target is not None:
                self.touched.add(target)

        return _Observed(replace(node, keys=watched), told)  # type: ignore[arg-type,return-value]

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
        language = self.ruleset.language

        def named(key: str) -> str:
            kind, _, name = key.partition(".")
            return title(name, language) if kind == "step" else name or key

        return show(node, named, language)

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
        for limit in self.limits:
            try:
                limit(result)
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


def _possibilities(ruleset: Ruleset) -> dict[str, Possible]:
    """What each value of a ruleset can be, as far as is declared."""
    found: dict[str, Possible] = {d.key: possibility_of(d) for d in ruleset.data}
    found |= {p.key: hull([point(v.value) for v in p.values]) for p in ruleset.parameters}
    for indicator in ruleset.by_code.values():
        found[f"score.{indicator.code}"] = Range(0, indicator.points, grain="some", tight=False)
        found[f"rate.{indicator.code}"] = Range(0, 1, grain="some", tight=False)
    derived = {d.key: d for d in ruleset.derived}
    for key in ruleset.order:
        if key in derived:
            try:
                found[key] = READINGS.within(derived[key].expression, found)
            except _SIGNALS:
                continue
    return found
