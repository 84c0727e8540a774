"""``ruleeval schema``: the JSON Schema of a ruleset's unit file."""

from __future__ import annotations

from pathlib import Path

import click

from .common import load_rules, print_json


@click.command("schema")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print findings, if any, as JSON too.")
def schema_command(rules: Path, as_json: bool) -> None:
    """Print a JSON Schema of the unit file that RULES asks for. 输出单位数据文件的格式。"""
    from ..engine.schema import json_schema

    _, ruleset = load_rules(rules, None, as_json=as_json)
    print_json(json_schema(ruleset))
