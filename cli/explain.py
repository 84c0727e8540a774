"""``ruleeval explain``: why every point was given or lost."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from ..dsl.diagnostics import nearest
from ..dsl.keywords import Language
from ..engine.evaluate import evaluate
from ..engine.explain import explain
from ..report.explanation import explanation_document
from .check import STATUS
from .common import (
    as_of_option,
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


@click.command("explain")
@click.argument("unit", type=click.Path(path_type=Path))
@click.argument("code", required=False)
@rules_option
@as_of_option
@previous_option
@language_option
@json_option
@cohort_option
@output_option
@click.option("--markdown", is_flag=True, help="Print Markdown.")
@click.option("--short", is_flag=True, help="One or two lines an indicator.")
@click.option("--compare", nargs=2, metavar="OLD NEW", help="Tell what became of the score from one ruleset to another.")
def explain_command(
    unit: Path, code: str | None, rules: Path | None, as_of: date | None, previous: Path | None, lang: Language | None, as_json: bool,
    others: tuple[Path, ...], output: Path | None, markdown: bool, short: bool, compare: tuple[str, str] | None,
) -> None:  # fmt: skip
    """Explain the scores of UNIT, or of one indicator CODE. 逐级说明得分。"""
    if compare is not None:
        from .impact import tell_story

        tell_story(*compare, unit, as_of, lang, as_json=as_json, markdown=markdown, output=output)
        return
    case = load_case(unit, rules, lang, as_json=as_json, as_of=as_of, previous=previous)
    if code is not None and code not in case.ruleset.by_code:
        near = nearest(code, case.ruleset.by_code)
        hint = f"; {near}?" if near else ""
        raise click.UsageError(f"no indicator {code}{hint}  没有指标{code}")
    if others:
        result = result_among(case, others, rules, None, as_json=as_json)
    else:
        result = evaluate(case.ruleset, case.unit)
    explanation = explain(result, case.language)
    from ..report.as_data import explanation_data

    deliver(
        explanation_document(explanation, code, full=not short), case.language, lambda: explanation_data(explanation, code),
        output=output, as_json=as_json, markdown=markdown,
    )  # fmt: skip
    if not as_json:
        print_findings([d for d in result.diagnostics if d.is_error], pages_of(case.loaded, case.raw), case.language)
    sys.exit(STATUS[result.state])
