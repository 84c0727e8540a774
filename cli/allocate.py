"""``ruleeval allocate``: share posts among units by workload, within limits."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..dsl.characters import split_lines
from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..engine.allocate import Refused, allocate
from ..engine.claims import claims_of, total_of
from ..files.allocation_file import load_allocation_file, units_of
from ..files.table_file import read_table
from ..files.text import Unreadable
from ..report.allocation_report import allocation_data, allocation_document
from ..report.pages import Page
from .common import guess_language, json_option, language_option, print_findings, stop_with
from .paper import deliver, output_option
from .problems import date_option, today


@click.command("allocate")
@click.argument("table", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--rules", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The allocation file.")
@click.option("--why", is_flag=True, help="Also explain every unit, post by post.")
@date_option
@language_option
@json_option
@output_option
def allocate_command(
    table: Path, rules: Path, why: bool, on: date | None, lang: Language | None, as_json: bool, output: Path | None
) -> None:
    """Share posts among the units of TABLE (CSV) as an allocation file says. 编制测算分配。

    Exit status: 0 done, 1 errors in the file or the table, or limits that cannot hold.
    """
    try:
        loaded = load_allocation_file(rules)
        rows = read_table(table)
    except Unreadable as error:
        stop_with([error.diagnostic], {"file": (Page(rules.name),)}, lang or guess_language(), as_json=as_json)
    language = lang or loaded.language
    pages = {"ruleset": (Page(rules.name, split_lines(loaded.text)),), "unit": (Page(table.name),), "allocation": (Page(table.name),)}
    if loaded.allocation is None:
        stop_with(_told(loaded.diagnostics, rules), pages, language, as_json=as_json)
    units, found = units_of(rows, loaded.allocation, on or today())
    if any(d.is_error for d in found):
        stop_with(found, pages, language, as_json=as_json)
    try:
        claims = claims_of(loaded.allocation, units)
        outcome = allocate(claims, total_of(loaded.allocation, claims))
    except Refused as refused:
        stop_with([refused.diagnostic], pages, language, as_json=as_json)
    document, data = allocation_document(loaded.allocation, outcome, language, why=why), allocation_data(loaded.allocation, outcome)
    deliver(document, language, lambda: data, output=output, as_json=as_json)
    if not as_json:
        print_findings((*loaded.diagnostics, *found), pages, language)


def _told(found: tuple[Diagnostic, ...], path: Path) -> tuple[Diagnostic, ...]:
    """The findings, or that the file is a ruleset."""
    if not any(d.code == "E210" and d.line == 1 for d in found) or not _is_ruleset(path):
        return found
    facts = {"path": path.name, "is_kind": "是规则集", "is_kind_en": "a ruleset", "wanted": "测算文件", "wanted_en": "an allocation"}
    return (Diagnostic("E798", (), facts, source="file"),)


def _is_ruleset(path: Path) -> bool:
    from ..files.ruleset_folder import read_found

    return bool(read_found(path).head.name)
