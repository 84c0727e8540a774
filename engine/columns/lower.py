"""Ruleset -> plan: leaves, parents, total, vetoes, grades, in the order of `engine.evaluate`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from ...dsl.columns import FALSE, TRUE, Node, Number, fractions
from ...dsl.columns.graph import Limits
from ...dsl.columns.told import Told
from ...dsl.model import Adjustment, GradeScale, Indicator, Ruleset
from ...dsl.numbers import Exact, divide
from .leaves import LeafColumns, evidence_limit, leaf_columns
from .plan import Plan
from .reader import Reader, Wanted
from .tree import Part, added_up, less, parent, whole

_WANTED: WeakKeyDictionary[Ruleset, Wanted] = WeakKeyDictionary()


def wanted_of(ruleset: Ruleset) -> Wanted:
    """What all plans of a ruleset ask of units; the same object every time."""
    return _WANTED.setdefault(ruleset, Wanted())


def plan_of(ruleset: Ruleset, scales: Mapping[str, int], states: Mapping[str, str]) -> Plan:
    """The plan for units whose level-3 indicators are ``out`` or ``excluded`` as ``states`` says."""
    return _Lowering(ruleset, scales, states).plan()


def plans_of(ruleset: Ruleset, scales: Mapping[str, int]) -> tuple[Plan, Plan, Mapping[str, bool]]:
    """The plan for units in which nothing is out; the plan that only tells which level-3 indicators
    are out (``out CODE``) or excluded (``excluded CODE``), all others taken as scored; and
    everything that any plan may ask of a unit: name -> whether it is yes/no."""
    lowering = _Lowering(ruleset, scales, {})
    plan = lowering.plan()
    inputs = {node.name: node.truth for node in lowering.columns.nodes if node.act == "input"}
    return plan, lowering.states_plan(), inputs


def default_scales(ruleset: Ruleset) -> Mapping[str, int]:
    """In which parts of one numbers most likely come: percentages in hundredths."""
    return {i.key: 100 for i in ruleset.data if i.type.kind == "number" and i.type.share == "percent"}


class _Lowering(Reader):
    def __init__(self, ruleset: Ruleset, scales: Mapping[str, int], states: Mapping[str, str]) -> None:
        super().__init__(ruleset, scales, wanted_of(ruleset))
        self.states = states
        self.parts: dict[str, Part] = {}
        self.amounts: dict[str, Number] = {}
        self.leaves: dict[str, LeafColumns] = {}
        self.fails: list[int] = []
        self.numbers: dict[str, Number] = {}
        self.truths: dict[str, int] = {}

    def points_of(self, code: str) -> Exact:
        return self.parts[code].points

    # ---- indicators ----

    def _indicators(self) -> None:
        extras = {a.indicator.key: a for a in self.ruleset.adjustments}
        for key in self.ruleset.order:
            if not key.startswith("score."):
                continue
            node = self.ruleset.by_key[key]
            assert isinstance(node, Indicator)
            part = self._parent(node) if node.children else self._leaf(node)
            self.parts[node.code] = part
            if key in extras:
                self.amounts[node.code] = self._amount(extras[key], part)
            self.environment[key] = Told(part.score, FALSE, FALSE if part.points else TRUE)
            if part.state not in ("out", "excluded"):
                self.numbers[f"score {node.code}"] = part.score

    def _leaf(self, indicator: Indicator) -> Part:
        zero = fractions.constant(self.columns, 0)
        state = self.states.get(indicator.code)
        if state is not None:
            return Part(indicator.code, state, indicator.points, 0, zero)
        if indicator.evidence:
            self.environment[f"evidence.{indicator.code}"] = evidence_limit(self, indicator)
        else:
            self.environment[f"evidence.{indicator.code}"] = Told(fractions.constant(self.columns, indicator.points))
        found = self.leaves[indicator.code] = leaf_columns(self, indicator)
        self.fails += [found.fails, found.out, found.excluded]
        return Part(indicator.code, "scored", indicator.points, indicator.points, found.score)

    def _parent(self, indicator: Indicator) -> Part:
        by_code = self.ruleset.by_code
        children = [(self.parts[c], by_code[c].not_applicable) for c in indicator.children]
        taken = [self.amounts[a.indicator.code] for a in self.ruleset.adjustments if a.taken_from == indicator.code]
        part, fails = parent(self, indicator, children, taken)
        self.fails.append(fails)
        return part

    def _amount(self, adjustment: Adjustment, part: Part) -> Number:
        """What a bonus adds or an extra deduction takes."""
        nothing = fractions.constant(self.columns, 0)
        applies = TRUE
        if adjustment.only_if is not None:
            applies, fails = self.condition(adjustment.only_if)
            self.fails.append(fails)
        if part.state in ("out", "excluded"):
            return nothing
        full = fractions.constant(self.columns, adjustment.indicator.points)
        found = part.score if adjustment.kind == "bonus" else fractions.subtract(self.columns, full, part.score)
        return fractions.choose(self.columns, applies, found, nothing)

    # ---- total, vetoes, grades ----

    def _total(self) -> Part:
        ruleset, columns = self.ruleset, self.columns
        roots = [(self.parts[r.code], r.individual) for r in ruleset.roots]
        found = whole(columns, roots, ruleset.all_out)
        score = found.score
        for adjustment in ruleset.adjustments:
            amount = self.amounts[adjustment.indicator.code]
            self.numbers[f"amount {adjustment.indicator.code}"] = amount
            if adjustment.kind == "bonus" and adjustment.inside_total:
                score = fractions.add(columns, score, amount)
            elif adjustment.kind == "extra" and adjustment.taken_from is None:
                score = less(columns, score, amount)
        rounding = ruleset.roundings.get("total")
        if rounding is not None:
            score = fractions.rounded(columns, score, rounding.places, rounding.mode)
        return replace(found, score=score)

    def _conclude(self, total: Part) -> Mapping[str, Exact]:
        """Vetoes, gates, grades and subtotals; the points in force of each subtotal."""
        ruleset, columns = self.ruleset, self.columns
        score = total.score
        self.numbers["before_veto"] = score
        vetoes = []
        for veto in ruleset.vetoes:
            holds, fails = self.condition(veto.condition)
            self.fails.append(fails)
            self.truths[f"veto {veto.code}"] = holds
            vetoes.append((veto, holds))
            if veto.effect == "score" and veto.score is not None:
                limited = fractions.least(columns, score, fractions.constant(columns, veto.score))
                score = fractions.choose(columns, holds, limited, score)
        self.numbers["total"] = score
        gates: dict[int, int] = {}
        for gate in (g for s in ruleset.scales for g in s.gates):
            gates[id(gate)], fails = self.condition(gate.condition, inapplicable=True)
            self.fails.append(fails)
        points: dict[str, Exact] = {}
        for subtotal in ruleset.subtotals:
            part = added_up(columns, [self.parts[c] for c in subtotal.codes])
            points[subtotal.name] = part.points
            self.numbers[f"subtotal {subtotal.name}"] = part.score
            scale = ruleset.scale(subtotal.name)
            if scale is not None and part.points:
                self.numbers[f"grade {subtotal.name}"] = self._grade(scale, part.score, part.points, gates)
        scale = ruleset.scale()
        if scale is not None:
            place = self._grade(scale, score, ruleset.full_score, gates)
            for effect in ("cap", "down", "grade"):
                for veto, holds in vetoes:
                    if veto.effect == effect:
                        place = fractions.choose(columns, holds, self._moved(scale, veto.effect, veto.grade, veto.steps, place), place)
            self.numbers["grade"] = place
        elif ruleset.worst_of:
            self.numbers["grade"] = self._worst()
        return points

    def _moved(self, scale: GradeScale, effect: str, grade: str | None, steps: int, place: Number) -> Number:
        columns, last = self.columns, len(scale.bands) - 1
        if effect == "down":
            lower = fractions.add(columns, place, fractions.constant(columns, steps))
            return fractions.least(columns, fractions.constant(columns, last), lower)
        return fractions.greatest(columns, place, fractions.constant(columns, scale.grades.index(grade or "")))

    def _grade(self, scale: GradeScale, score: Number, full: Exact, gates: Mapping[int, int]) -> Number:
        """The place of a score on a scale, its gates asked, vetoes aside."""
        columns = self.columns
        value = score if scale.basis == "score" else fractions.times(columns, score, divide(1, full))
        if scale.rounded:
            value = fractions.rounded(columns, value, 2 if scale.basis == "score" else 3, "half_up")
        last = len(scale.bands) - 1
        places = [fractions.constant(columns, last)]
        for index in range(last - 1, -1, -1):
            open_gate = columns.all_of([gates[id(g)] for g in scale.gates if g.grade == scale.grades[index]])
            places.insert(0, fractions.choose(columns, open_gate, fractions.constant(columns, index), places[0]))
        positive = fractions.compare(columns, "<", fractions.constant(columns, 0), value)
        found = fractions.choose(columns, positive, places[0], places[last])
        for place, band in reversed(list(zip(places, scale.bands, strict=True))):
            found = fractions.choose(columns, fractions.holds(columns, band.interval, value), place, found)
        return found

    def _worst(self) -> Number:
        """The worst of the subtotals' grades, as a place on the first one's scale."""
        ruleset, columns = self.ruleset, self.columns
        order = ruleset.scale(ruleset.worst_of[0])
        assert order is not None
        worst = fractions.constant(columns, 0)
        for subtotal in ruleset.subtotals:
            place = self.numbers.get(f"grade {subtotal.name}")
            scale = ruleset.scale(subtotal.name)
            if subtotal.name not in ruleset.worst_of or place is None or scale is None:
                continue
            moved = fractions.constant(columns, 0)
            for index, grade in enumerate(scale.grades):
                here = fractions.compare(columns, "=", place, fractions.constant(columns, index))
                moved = fractions.choose(columns, here, fractions.constant(columns, order.grades.index(grade)), moved)
            worst = fractions.greatest(columns, worst, moved)
        return worst

    def _checks(self) -> None:
        """Reconciliations that are broken, and conditions under which a unit gets a word."""
        for index, rule in enumerate(self.ruleset.reconciliations):
            self.truths[f"reconcile {index}"] = self._broken(rule.condition)
        for index, word in enumerate(self.ruleset.unscored):
            self.truths[f"unscored {index}"], fails = self.condition(word.condition)
            self.fails.append(fails)

    def _broken(self, condition: object) -> int:
        """Where a condition is false; one that does not apply is not broken."""
        from ...dsl.columns.told import NotCarried, Truth

        try:
            told = self.read(condition)  # type: ignore[arg-type]
        except NotCarried:
            self.fails.append(TRUE)
            return FALSE
        self.fails.append(told.fails)
        assert isinstance(told.value, Truth)
        return self.columns.all_of((self.columns.negate(told.value.node), self.columns.negate(told.out)))

    # ---- the plan ----

    def plan(self) -> Plan:
        self._checks()
        self._indicators()
        total = self._total()
        subtotal_points = self._conclude(total)
        self.truths["fails"] = self.columns.any_of(self.fails)
        left_out = sum(
            (
                i.points
                for i in self.ruleset.leaves
                if self.states.get(i.code) == "out" and i.not_applicable is not None and i.not_applicable.kind in ("rescale", "spread")
            ),
            0,
        )
        states = {code: part.state for code, part in self.parts.items() if part.state != "scored"}
        points = {code: part.points for code, part in self.parts.items()}
        return self._pruned(states, points, subtotal_points, left_out, not total.points)

    def states_plan(self) -> Plan:
        """After `plan`."""
        self.numbers, self.truths = {}, {}
        for code, leaf in self.leaves.items():
            self.truths |= {f"{what} {code}": n for what, n in (("out", leaf.out), ("excluded", leaf.excluded)) if n != FALSE}
        return self._pruned({}, {}, {}, 0, nothing=False)

    def _pruned(
        self, states: Mapping[str, str], points: Mapping[str, Exact], subtotals: Mapping[str, Exact], left_out: Exact, nothing: bool
    ) -> Plan:
        """The plan, without the nodes that no result rests on."""
        nodes, limits = self.columns.nodes, self.columns.limits
        first = sorted(self.numbers, key=lambda name: name != "total")  # along the tree, so that little has to be kept
        ends = [n for name in first for n in (self.numbers[name].top, self.numbers[name].bottom) if n is not None]
        kept = _reached(nodes, [*ends, *self.truths.values()])
        new = {old: position for position, old in enumerate(kept)}
        moved = tuple(nodes[n]._replace(operands=tuple(new[o] for o in nodes[n].operands)) for n in kept)
        numbers = {
            name: replace(n, top=new[n.top], bottom=None if n.bottom is None else new[n.bottom]) for name, n in self.numbers.items()
        }
        inputs = {node.name: position for position, node in enumerate(moved) if node.act == "input"}
        kept_limits: tuple[Limits, ...] = tuple(limits[n] for n in kept)
        return Plan(
            self.ruleset, moved, kept_limits, inputs, numbers, {name: new[n] for name, n in self.truths.items()},
            states, points, subtotals, left_out, nothing,
        )  # fmt: skip


def _reached(nodes: Sequence[Node], ends: Sequence[int]) -> list[int]:
    """The nodes behind some ends, each after its operands and close to its use."""
    found: dict[int, None] = {}
    pending = [(end, False) for end in reversed(ends)]
    while pending:
        node, ready = pending.pop()
        if ready:
            found[node] = None
        elif node not in found:
            pending.append((node, True))
            pending += [(o, False) for o in reversed(nodes[node].operands) if o not in found]
    return list(found)
