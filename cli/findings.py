"""``ruleeval findings``: what was found at a unit, and which parties confirm it."""

from __future__ import annotations

from pathlib import Path

import click

from ..dsl.keywords import Language
from ..engine.field_work import finding_statuses
from ..report.finding_report import finding_status_data, findings_document
from .common import json_option, language_option, load_case, rules_option
from .paper import deliver, output_option


@click.command("findings")
@click.argument("unit", type=click.Path(path_type=Path))
@rules_option
@click.option("--formal", is_flag=True, help="Only those that may go into the formal feedback.")
@language_option
@json_option
@output_option
def findings_command(unit: Path, rules: Path | None, formal: bool, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """List the findings of UNIT with their verification by parties. 发现的问题及核实情况。

    A finding is verified when as many parties confirm it as its indicator asks for, and none disputes it.
    """
    case = load_case(unit, rules, lang, as_json=as_json)
    found = [s for s in finding_statuses(case.ruleset, case.unit) if s.enters_formal_feedback or not formal]
    deliver(
        findings_document(case.unit.name, found, case.language), case.language,
        lambda: {"shape": 1, "unit": case.unit.name, "findings": [finding_status_data(s) for s in found]}, output=output, as_json=as_json,
    )  # fmt: skip
