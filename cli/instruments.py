"""``ruleeval instruments``: what field work collected at one unit or at many, and how far it covers the rules."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..dsl.keywords import Language
from ..engine.evaluate import evaluate
from ..report.instrument_totals import instruments_data, instruments_document, of_unit
from .common import DONE, ERRORS, guess_language, json_option, language_option, print_findings
from .paper import deliver, output_option
from .progress import progress
from .units import gather


@click.command("instruments")
@click.argument("units", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--rules", type=click.Path(path_type=Path), help="Ruleset file; the one that each unit file names by default.")
@language_option
@json_option
@output_option
def instruments_command(units: tuple[Path, ...], rules: Path | None, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """Rosters, questionnaires and interviews of UNITS (files or folders), with totals. 名册、问卷、访谈汇总。

    Exit status: 0 done, 1 a unit file has errors.
    """
    gathered = gather(units, rules, lang, as_json=as_json)
    language = lang or (gathered.units[0].ruleset.language if gathered.units else guess_language())
    found = [of_unit(evaluate(g.ruleset, g.unit)) for g in progress(gathered.units, lang)]
    if found or as_json:
        deliver(instruments_document(found, language), language, lambda: instruments_data(found), output=output, as_json=as_json)
    if not as_json:
        for finding, pages in gathered.findings:
            print_findings([finding], pages, language)
    sys.exit(ERRORS if gathered.failed else DONE)
