"""The order of evaluation: what depends on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter

from ..cohort import CohortValue
from ..diagnostics import Place
from ..model import Adjustment, Derived, Indicator
from ..substitute import references
from .draft import Draft
from .memory import CheckMemory


def dependencies(indicator: Indicator) -> Iterator[tuple[str, Place]]:
    """The keys an indicator needs, each with the place that needs it."""
    place = indicator.place
    for code in (*indicator.children, *indicator.once_only):
        yield f"score.{code}", place
    for guard in indicator.guards:
        for key in references(guard.condition):
            yield key, guard.place
    for expression in (indicator.applies_if, indicator.ceiling, indicator.floor, *(s.expression for s in indicator.steps)):
        if expression is not None:
            for key in references(expression):
                if not key.startswith(("step.", "evidence.", "column.")):
                    yield key, place


def edges(
    derived: Iterable[Derived], indicators: Iterable[Indicator], adjustments: Iterable[Adjustment], cohort: Iterable[CohortValue] = (),
    memory: CheckMemory | None = None,
) -> Iterator[tuple[str, str, Place]]:  # fmt: skip
    """What is used, what uses it, and the place that says so.

    A value of the cohort uses what is inside its brackets: of every unit, so that what
    uses the value comes after that for all of them.
    """
    for one in cohort:
        for inner in (one.inner, one.where, one.ties):
            for key in references(inner) if inner is not None else ():
                yield _node(key), one.key, one.place
    for value in derived:
        for key in references(value.expression):
            yield _node(key), value.key, value.place
    indicators = tuple(indicators)
    for indicator in indicators:
        policy = indicator.not_applicable
        if policy is not None and policy.cohort is not None and indicator.parent is not None:
            yield policy.cohort, f"score.{indicator.parent}", indicator.place
    for indicator in (*indicators, *(a.indicator for a in adjustments)):
        known = memory.edges(indicator) if memory is not None else None
        if known is None:
            known = tuple((_node(key), indicator.key, place) for key, place in dependencies(indicator))
            if memory is not None:
                memory.keep_edges(indicator, known)
        yield from known
    for adjustment in adjustments:
        if adjustment.taken_from is not None:
            yield adjustment.indicator.key, f"score.{adjustment.taken_from}", adjustment.indicator.place
        if adjustment.only_if is not None:
            for key in references(adjustment.only_if):
                yield _node(key), adjustment.indicator.key, adjustment.indicator.place


def _node(key: str) -> str:
    return "score." + key.split(".", 1)[1] if key.startswith("rate.") else key


def evaluation_order(draft: Draft, nodes: Sequence[str], found: Sequence[tuple[str, str, Place]], memory: CheckMemory) -> tuple[str, ...]:
    """Every derived value and indicator after what it needs, the same for the same text."""
    asked = nodes, [(used, user) for used, user, _ in found]
    known = memory.order(asked)
    if known is not None:
        return known
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(nodes, ()))
    for used, user, _ in found:
        sorter.add(user, used)
    try:
        order = tuple(k for k in sorter.static_order() if k.startswith(("derived.", "score.", "cohort.")))
        memory.keep_order(asked, order)
        return order
    except CycleError:
        from .cycles import report_cycles  # the graph library is needed only to tell of a cycle

        report_cycles(draft, found)
        return ()
