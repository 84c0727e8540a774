"""Cycles in a ruleset, each told with its whole chain and the place of every step."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from ..diagnostics import Label, Place
from .draft import Draft


def report_cycles(draft: Draft, edges: Iterable[tuple[str, str, Place]]) -> None:
    """One finding for every group of values that need each other."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for used, user, place in edges:
        graph.add_edge(used, user, place=place)
    written = {node: n for n, node in enumerate(graph.nodes)}
    for component in sorted(nx.strongly_connected_components(graph), key=lambda c: min(written[n] for n in c)):
        inner = graph.subgraph(component)
        if len(component) == 1 and not inner.number_of_edges():
            continue
        steps = [(b, a) for a, b in nx.find_cycle(inner, min(component, key=lambda n: written[n]))]
        steps.reverse()
        names = [user.split(".", 1)[1] for user, _ in steps]
        labels = [
            Label(graph.edges[used, user]["place"], "uses", {"name": user.split(".", 1)[1], "next": used.split(".", 1)[1]}) for user, used in steps
        ]
        of_cohort = any(node.startswith("cohort.") for step in steps for node in step)
        draft.report_at("E543" if of_cohort else "E208", labels, chain=" → ".join([*names, names[0]]))
