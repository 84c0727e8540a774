"""``ruleeval graph`` and ``ruleeval impact-of``: what feeds what."""

from __future__ import annotations

from pathlib import Path

import click

from ..dsl.diagnostics import nearest
from ..dsl.keywords import Language
from .common import json_option, language_option, load_rules, print_json, say


@click.command("graph")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["mermaid", "dot"]), default="mermaid", show_default=True)
@json_option
def graph_command(rules: Path, form: str, as_json: bool) -> None:
    """Draw what feeds what in RULES. 画出依赖关系。"""
    from ..engine import graph

    _, ruleset = load_rules(rules, None, as_json=as_json)
    if as_json:
        found = graph.dependency_graph(ruleset)
        nodes = [{"key": k, "label": graph.label(ruleset, k)} for k in found.nodes]
        edges = [{"from": a, "to": b, "line": d["place"].line} for a, b, d in found.edges(data=True)]
        print_json({"nodes": nodes, "edges": edges})
        return
    say("\n".join(graph.mermaid(ruleset) if form == "mermaid" else graph.dot(ruleset)))


@click.command("impact-of")
@click.argument("name")
@click.option("--rules", required=True, type=click.Path(path_type=Path))
@language_option
@json_option
def impact_of_command(name: str, rules: Path, lang: Language | None, as_json: bool) -> None:
    """List all that depends on a data item, derived value, evidence or indicator. 列出受影响的各项。"""
    from ..engine import graph

    _, ruleset = load_rules(rules, lang, as_json=as_json)
    try:
        found = graph.impact_of(ruleset, name)
    except KeyError:
        names = [k.split(".", 1)[-1] for k in graph.dependency_graph(ruleset).nodes]
        near = nearest(name, names)
        hint = f"; {near}?" if near else ""
        raise click.UsageError(f"nothing is called {name}{hint}  没有“{name}”") from None
    if as_json:
        print_json([{"key": k, "label": graph.label(ruleset, k)} for k in found])
        return
    say("\n".join(graph.label(ruleset, k) for k in found))
