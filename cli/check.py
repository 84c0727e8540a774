"""``ruleeval check``: evaluate a unit and print its score sheet."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from ..dsl.keywords import Language
from ..engine.evaluate import evaluate
from ..engine.intake import TRACK_NAMES
from ..engine.notices import notices
from .common import (
    DONE,
    ERRORS,
    UNDECIDED,
    as_of_option,
    findings_data,
    json_option,
    language_option,
    load_case,
    pages_of,
    previous_option,
    print_findings,
    rules_option,
)
from .paper import deliver, output_option
from .units import cohort_option, result_among

STATUS = {"decided": DONE, "unscored": DONE, "error": ERRORS, "undecided": UNDECIDED, "withheld": UNDECIDED}


@click.command("check")
@click.argument("unit", type=click.Path(path_type=Path))
@rules_option
@as_of_option
@click.option("--track", help="Evaluate another track: self, on_site, third_party (自评、实地评估、第三方).")
@previous_option
@language_option
@json_option
@cohort_option
@output_option
@click.option("--quiet", is_flag=True, help="Leave out the reminders.")
def check_command(
    unit: Path, rules: Path | None, as_of: date | None, track: str | None, previous: Path | None, lang: Language | None, as_json: bool,
    others: tuple[Path, ...], output: Path | None, quiet: bool,
) -> None:
    """Evaluate UNIT and print its score sheet. 评估一个单位，打印得分表。

    Exit status: 0 decided, 1 errors in the data or the ruleset, 2 wrong usage, 3 valid
    but not yet decidable.
    """
    if track is not None and track not in TRACK_NAMES:
        raise click.UsageError(f"--track: {track}? self, on_site, third_party / 自评、实地评估、第三方")
    case = load_case(unit, rules, lang, as_json=as_json, as_of=as_of, previous=previous)
    chosen = TRACK_NAMES[track] if track else None
    if others:
        result = result_among(case, others, rules, chosen, as_json=as_json)
    else:
        result = evaluate(case.ruleset, case.unit, chosen)
    found = (*case.found, *result.diagnostics, *notices(result, case.language))
    pages = pages_of(case.loaded, case.raw)
    from ..report.as_data import result_data
    from ..report.score_sheet import score_sheet

    deliver(
        score_sheet(result, case.language), case.language,
        lambda: {**result_data(result), "findings": findings_data(found, pages, case.language)}, output=output, as_json=as_json,
    )  # fmt: skip
    if not as_json:
        print_findings([d for d in found if d.is_error or not quiet], pages, case.language)
    sys.exit(STATUS[result.state])
