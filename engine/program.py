"""A ruleset made ready to run: every expression compiled to a function, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from ..dsl.frozen import frozen
from ..dsl.model import EvidenceRule, Expression, Indicator, Ruleset
from ..dsl.operations import Exactly, exactly
from ..dsl.ranges import Possible
from ..dsl.substitute import references
from .cohort_bounds import cohort_possible
from .evidence import documents_of


@frozen
class LeafProgram:
    """An indicator's compiled guards and steps, and the data it rests on.

    ``data`` are the keys of data items, derived values followed to their sources;
    ``repeated`` are those that occur more than once.
    """

    indicator: Indicator
    applies_if: Exactly | None
    guards: tuple[tuple[str, str, Exactly], ...]
    steps: tuple[tuple[str, str, Exactly], ...]
    data: frozenset[str]
    repeated: frozenset[str]


@dataclass(frozen=True)
class Program:
    """All of a ruleset's expressions as functions of an environment."""

    ruleset: Ruleset
    derived: Mapping[str, Exactly]
    leaves: Mapping[str, LeafProgram]
    conditions: Mapping[int, Exactly]
    data_of: Mapping[str, tuple[str, ...]]
    #: The documents that standards ask for: key -> kind, and what makes one good.
    documents: Mapping[str, tuple[str, EvidenceRule | None]]
    shared: frozenset[str]
    rates: frozenset[str]
    #: What each value of the cohort can be, whatever units there are.
    cohort_possible: Mapping[str, Possible]

    def condition(self, expression: Expression) -> Exactly:
        return self.conditions[id(expression)]


_PROGRAMS: WeakKeyDictionary[Ruleset, Program] = WeakKeyDictionary()


def program_of(ruleset: Ruleset) -> Program:
    """The program of a ruleset, compiled at the first call."""
    found = _PROGRAMS.get(ruleset)
    if found is None:
        found = _PROGRAMS[ruleset] = _compile(ruleset)
    return found


def leaf_program(program: Program, indicator: Indicator) -> LeafProgram:
    """An indicator, changed but for its derived values, compiled as a part of a ruleset's program."""
    return _leaf(indicator, program.data_of)


def _compile(ruleset: Ruleset) -> Program:
    data_of: dict[str, tuple[str, ...]] = {}
    derived = {d.key: d for d in ruleset.derived}
    for key in ruleset.order:
        if key in derived:
            data_of[key] = tuple(_sources(derived[key].expression, data_of))
    leaves: dict[str, LeafProgram] = {}
    for indicator in (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments)):
        leaves[indicator.key] = _leaf(indicator, data_of)
    conditions = {
        id(e): exactly(e)
        for e in (
            *(v.condition for v in ruleset.vetoes),
            *(g.condition for s in ruleset.scales for g in s.gates),
            *(r.condition for r in ruleset.reconciliations),
            *(u.condition for u in ruleset.unscored),
            *(a.only_if for a in ruleset.adjustments if a.only_if is not None),
            *(e for i in ruleset.indicators for e in (i.applies_if, i.ceiling, i.floor) if e is not None),
        )
    }
    functions = {key: exactly(d.expression) for key, d in derived.items()}
    documents = {k: d for i in ruleset.by_code.values() for k, d in documents_of(i).items()}
    shared, rates = _shared(ruleset, leaves, data_of), _rates(ruleset)
    return Program(ruleset, functions, leaves, conditions, data_of, documents, shared, rates, cohort_possible(ruleset))


def _sources(expression: Expression, data_of: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The data keys an expression rests on, those that occur more than once twice."""
    found: Counter[str] = Counter()
    for key in references(expression):
        if key in data_of:
            found.update(data_of[key])
        elif key.startswith(("data.", "document.", "cohort.")):
            found[key] += 1
    return [key for key, times in found.items() for _ in range(min(times, 2))]


def _leaf(indicator: Indicator, data_of: Mapping[str, tuple[str, ...]]) -> LeafProgram:
    expressions = [g.condition for g in indicator.guards] + [s.expression for s in indicator.steps]
    if indicator.applies_if is not None:
        expressions.append(indicator.applies_if)
    sources = [k for e in expressions for k in _sources(e, data_of)]
    steps = [k for e in expressions for k in references(e) if k.startswith("step.")]
    twice = {k for k, times in Counter(sources).items() if times > 1}
    if len(steps) != len(set(steps)):
        twice |= set(sources)
    return LeafProgram(
        indicator,
        exactly(indicator.applies_if) if indicator.applies_if is not None else None,
        tuple((g.kind, g.outcome, exactly(g.condition)) for g in indicator.guards),
        tuple((s.name, f"step.{s.name}", exactly(s.expression)) for s in indicator.steps),
        frozenset(sources),
        frozenset(twice),
    )


def _rates(ruleset: Ruleset) -> frozenset[str]:
    """The score rates that some rule asks for."""
    expressions = [e for i in ruleset.by_code.values() for e in (i.applies_if, i.ceiling, i.floor) if e is not None]
    expressions += [s.expression for i in ruleset.by_code.values() for s in i.steps]
    expressions += [g.condition for i in ruleset.by_code.values() for g in i.guards]
    expressions += [g.condition for s in ruleset.scales for g in s.gates] + [v.condition for v in ruleset.vetoes]
    expressions += [a.only_if for a in ruleset.adjustments if a.only_if is not None] + [u.condition for u in ruleset.unscored]
    expressions += [r.condition for r in ruleset.reconciliations] + [d.expression for d in ruleset.derived]
    expressions += [e for c in ruleset.cohort for e in (c.inner, c.where, c.ties) if e is not None]
    return frozenset(k for e in expressions for k in references(e) if k.startswith("rate."))


def _shared(ruleset: Ruleset, leaves: Mapping[str, LeafProgram], data_of: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Data that more than one result rests on: their bounds do not move independently."""
    seen: set[str] = set()
    twice: set[str] = set()
    groups = [leaf.data for leaf in leaves.values()]
    outside = [v.condition for v in ruleset.vetoes] + [g.condition for s in ruleset.scales for g in s.gates]
    outside += [u.condition for u in ruleset.unscored]
    outside += [a.only_if for a in ruleset.adjustments if a.only_if is not None]
    groups += [frozenset(_sources(e, data_of)) for e in outside]
    for group in groups:
        twice |= seen & group
        seen |= group
    return frozenset(twice)
