"""``ruleeval due`` and ``ruleeval advise``: what results are used for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..dsl.characters import split_lines
from ..dsl.keywords import Language
from ..dsl.use import UseOfResults
from ..engine.advise import due_on, reasons_for
from ..files.ledger.database import LedgerError
from ..files.text import Unreadable
from ..files.use_file import known_of, last_evaluations, load_use_file
from ..report.advice_report import advice_data, advice_document, due_data, due_list_document
from ..report.pages import Page
from .common import guess_language, json_option, language_option, stop_with
from .ledger_common import ledger_option, opened
from .paper import deliver, output_option
from .problems import date_option, today


def _use(rules: Path, lang: Language | None, *, as_json: bool) -> tuple[UseOfResults, Language]:
    """A use of results that checks clean, or the end of the program with every error."""
    try:
        loaded = load_use_file(rules)
    except Unreadable as error:
        stop_with([error.diagnostic], {"file": (Page(rules.name),)}, lang or guess_language(), as_json=as_json)
    if loaded.use is None:
        stop_with(loaded.diagnostics, {"ruleset": (Page(rules.name, split_lines(loaded.text)),)}, lang or loaded.language, as_json=as_json)
    return loaded.use, lang or loaded.language


@click.command("due")
@click.option("--rules", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file that says how results are used.")
@date_option
@ledger_option
@language_option
@json_option
@output_option
def due_command(rules: Path, on: date | None, place: str | None, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """List the units that are due for evaluation on a day. 应评估的单位。"""
    use, language = _use(rules, lang, as_json=as_json)
    day = on or today()
    with opened(place, language, as_json=as_json) as ledger:
        last = last_evaluations(ledger, day).values()
    terms = [(e, due_on(use, e.data["outcome"]["grade"], date.fromisoformat(e.data["as_of"]))) for e in last]
    rows = sorted(((e, d) for e, d in terms if d is not None and d <= day), key=lambda r: (r[1], r[0].number))
    deliver(due_list_document(rows, day, language), language, lambda: due_data(rows), output=output, as_json=as_json)


@click.command("advise")
@click.argument("unit")
@click.option("--posts", type=click.IntRange(1), required=True, help="How many posts are asked for.")
@click.option("--rules", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file that says how results are used.")
@date_option
@ledger_option
@language_option
@json_option
@output_option
def advise_command(
    unit: str, posts: int, rules: Path, on: date | None, place: str | None, lang: Language | None, as_json: bool, output: Path | None
) -> None:
    """Give the reasons for and against a request of UNIT for posts; never a decision. 审批联动参考。"""
    use, language = _use(rules, lang, as_json=as_json)
    day = on or today()
    with opened(place, language, as_json=as_json) as ledger:
        entry = last_evaluations(ledger, day).get(unit)
        if entry is None:
            raise LedgerError("E789", unit=unit)
        told = reasons_for(use, unit, day, known_of(ledger, entry, day, posts))
    document = advice_document(use, entry, posts, told, language)
    deliver(document, language, lambda: advice_data(use, entry, posts, told, language), output=output, as_json=as_json)
