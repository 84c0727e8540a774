"""The order of evaluation: what depends on what, and cycles with their whole chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import networkx as nx

from ..diagnostics import Label, Place
from ..model import Adjustment, Derived, Indicator
from ..substitute import references
from .draft import Draft


def dependencies(indicator: Indicator) -> Iterator[tuple[str, Place]]:
    """The keys an indicator needs, each with the place that needs it."""
    place = indicator.place
    for child in indicator.children:
        yield f"score.{child}", place
    for guard in indicator.guards:
        for key in references(guard.condition):
            yield key, guard.place
    for expression in (indicator.applies_if, indicator.ceiling, indicator.floor, *(s.expression for s in indicator.steps)):
        if expression is not None:
            for key in references(expression):
                if not key.startswith(("step.", "evidence.", "column.")):
                    yield key, place


def graph_of(derived: tuple[Derived, ...], indicators: tuple[Indicator, ...], adjustments: tuple[Adjustment, ...]) -> nx.DiGraph[str]:
    """The dependency graph: an edge from what is used to what uses it, with its place."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for value in derived:
        graph.add_node(value.key)
        for key in references(value.expression):
            graph.add_edge(_node(key), value.key, place=value.place)
    for indicator in (*indicators, *(a.indicator for a in adjustments)):
        graph.add_node(indicator.key)
        for key, place in dependencies(indicator):
            graph.add_edge(_node(key), indicator.key, place=place)
    for adjustment in adjustments:
        if adjustment.taken_from is not None:
            graph.add_edge(adjustment.indicator.key, f"score.{adjustment.taken_from}", place=adjustment.indicator.place)
        if adjustment.only_if is not None:
            for key in references(adjustment.only_if):
                graph.add_edge(_node(key), adjustment.indicator.key, place=adjustment.indicator.place)
    return graph


def _node(key: str) -> str:
    return "score." + key.split(".", 1)[1] if key.startswith("rate.") else key


def evaluation_order(draft: Draft, graph: nx.DiGraph[str], position: Mapping[str, int]) -> tuple[str, ...]:
    """Every derived value and indicator after what it needs; ties in written order."""
    try:
        ordered = nx.lexicographical_topological_sort(graph, key=lambda k: (position.get(k, 0), k))
        return tuple(k for k in ordered if k.startswith(("derived.", "score.")))
    except nx.NetworkXUnfeasible:
        _report_cycle(draft, graph)
        return ()


def _report_cycle(draft: Draft, graph: nx.DiGraph[str]) -> None:
    for component in nx.strongly_connected_components(graph):
        inner = graph.subgraph(component)
        if len(component) == 1 and not inner.number_of_edges():
            continue
        edges = [(b, a) for a, b in nx.find_cycle(inner)]
        edges.reverse()
        names = [e[0].split(".", 1)[1] for e in edges]
        labels = [
            Label(graph.edges[used, user]["place"], "uses", {"name": user.split(".", 1)[1], "next": used.split(".", 1)[1]})
            for user, used in edges
        ]
        draft.report_at("E208", labels, chain=" → ".join([*names, names[0]]))
