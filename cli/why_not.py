"""``ruleeval why-not``: what a unit lacks for a grade."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from ..dsl.diagnostics import nearest
from ..dsl.keywords import Language
from .common import DONE, UNDECIDED, as_of_option, json_option, language_option, load_case, rules_option
from .paper import deliver, output_option
from .prove import need_solver


@click.command("why-not")
@click.argument("unit", type=click.Path(path_type=Path))
@click.option("--grade", required=True, help="The grade that is asked for.")
@click.option("--size", type=click.IntRange(1, 5), default=2, show_default=True, help="As many changes as a set may have.")
@click.option("--most", type=click.IntRange(1, 1000), default=20, show_default=True, help="Show no more sets than this.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, show_default=True, help="Time limit.")
@rules_option
@as_of_option
@language_option
@json_option
@output_option
def why_not_command(
    unit: Path, grade: str, size: int, most: int, seconds: int, rules: Path | None, as_of: date | None, lang: Language | None,
    as_json: bool, output: Path | None,
) -> None:
    """Why UNIT does not get a grade, and the smallest changes that would get it there. 为什么不是某一等次，最少改哪几项。

    Exit status: 0 answered, 3 the unit is not decided yet, or the search was not finished.
    """
    need_solver()
    case = load_case(unit, rules, lang, as_json=as_json, as_of=as_of)
    from ..engine.solver.why_not import Unanswerable, why_not
    from ..report.why_not_report import why_not_data, why_not_document

    scale = case.ruleset.scale()
    grades = scale.grades if scale is not None else ()
    if grade not in grades:
        near = nearest(grade, grades)
        raise click.UsageError(f"--grade: {grade}? {near or ', '.join(grades)}  没有等次“{grade}”")
    try:
        answer = why_not(case.ruleset, case.unit, grade, size=size, most=most, seconds=seconds)
    except Unanswerable:
        zh = "单位尚不能定分，或有申报不适用的指标；先补齐数据"
        en = "the unit is not decided yet, or something is claimed not applicable: fill in its data first"
        click.echo(zh if case.language == "zh" else en, err=True)
        sys.exit(UNDECIDED)
    deliver(why_not_document(answer, case.language), case.language, lambda: why_not_data(answer), output=output, as_json=as_json)
    sys.exit(DONE if answer.complete else UNDECIDED)
