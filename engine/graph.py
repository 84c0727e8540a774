"""What feeds what: the dependency graph of a ruleset, for drawing and for asking."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from ..dsl.check.order import edges
from ..dsl.model import Indicator, Ruleset
from ..dsl.substitute import references

TOTAL = "total"


def dependency_graph(ruleset: Ruleset) -> nx.DiGraph[str]:
    """The graph of a ruleset: an edge from what is used to what uses it, up to the total.

    Nodes are keys such as ``data.x``, ``derived.x``, ``score.A1``, ``veto.V1``, ``total``;
    every edge carries the ``place`` in the ruleset that needs it.
    """
    indicators = ruleset.indicators
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((*(d.key for d in ruleset.derived), *(i.key for i in indicators)))
    for used, user, place in edges(ruleset.derived, indicators, ruleset.adjustments, ruleset.cohort):
        graph.add_edge(used, user, place=place)
    for root in ruleset.roots:
        graph.add_edge(root.key, TOTAL, place=root.place)
    for adjustment in ruleset.adjustments:
        if adjustment.taken_from is None:
            graph.add_edge(adjustment.indicator.key, TOTAL, place=adjustment.indicator.place)
    for veto in ruleset.vetoes:
        for key in references(veto.condition):
            graph.add_edge(_plain(key), f"veto.{veto.code}", place=veto.place)
        graph.add_edge(f"veto.{veto.code}", TOTAL, place=veto.place)
    for item in ruleset.data:
        graph.add_node(item.key)
    return graph


def _plain(key: str) -> str:
    return "score." + key.split(".", 1)[1] if key.startswith("rate.") else key


def impact_of(ruleset: Ruleset, name: str) -> list[str]:
    """All that depends on a data item, derived value, parameter or indicator, nearest first.

    ``name`` is a name, an indicator code, or a key.  Raises ``KeyError`` if there is none.
    """
    graph = dependency_graph(ruleset)
    key = next((k for k in (name, f"data.{name}", f"derived.{name}", f"parameter.{name}", f"score.{name}", f"document.{name}") if k in graph), None)
    if key is None:
        raise KeyError(name)
    distance = nx.single_source_shortest_path_length(graph, key)
    return [k for k, d in sorted(distance.items(), key=lambda e: (e[1], e[0])) if d]


def label(ruleset: Ruleset, key: str) -> str:
    """What a node is called: a name, or an indicator's code and name."""
    found = ruleset.by_key.get(key)
    if isinstance(found, Indicator):
        return f"{found.code} {found.name}"
    if key.startswith("veto."):
        veto = next(v for v in ruleset.vetoes if v.code == key.split(".", 1)[1])
        return f"{veto.code} {veto.name}"
    if key == TOTAL:
        return "总分" if ruleset.language == "zh" else "total"
    return key.split(".", 1)[-1]


def mermaid(ruleset: Ruleset) -> Iterator[str]:
    """The graph in Mermaid's notation; names are escaped."""
    graph = dependency_graph(ruleset)
    ids = {key: f"n{i}" for i, key in enumerate(graph.nodes)}
    yield "flowchart LR"
    for key, name in ids.items():
        text = "".join(f"#{ord(c)};" if c in "\"<>&#;[](){}|`\\" or c < " " else c for c in label(ruleset, key))
        yield f'  {name}["{text}"]'
    for used, user in graph.edges:
        yield f"  {ids[used]} --> {ids[user]}"


def dot(ruleset: Ruleset) -> Iterator[str]:
    """The graph in Graphviz's notation; names are escaped."""
    graph = dependency_graph(ruleset)
    ids = {key: f"n{i}" for i, key in enumerate(graph.nodes)}
    yield "digraph ruleset {"
    yield "  rankdir=LR;"
    for key, name in ids.items():
        text = "".join(c if c >= " " else " " for c in label(ruleset, key)).replace("\\", "\\\\").replace('"', '\\"')
        yield f'  {name} [label="{text}"];'
    for used, user in graph.edges:
        yield f"  {ids[used]} -> {ids[user]};"
    yield "}"
