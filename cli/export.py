"""``ruleeval export``: a ruleset as a workbook that staff sort, filter and edit."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..files.ruleset_file import LoadedRuleset, load_ruleset_file, resolve_ruleset_file
from ..files.text import Unreadable
from ..report.pages import Page
from .common import ERRORS, guess_language, language_option, pages_of, replace_file, say, stop_with


@click.command("export")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Workbook (.xlsx) to write.")
@click.option("--flatten", is_flag=True, help="Export the whole ruleset, not only what this layer says.")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print findings, if any, as JSON.")
def export_command(rules: Path, output: Path, flatten: bool, lang: Language | None, as_json: bool) -> None:
    """Write RULES as a workbook. 把规则集写成工作簿：一行一个指标。

    ``ruleeval import`` reads it back. ``--lang`` is of messages; the sheets are in the ruleset's own language.
    """
    if find_missing() is not None:
        stop_with([Diagnostic("E774", (), {"name": output.name}, source="file")], {}, lang or guess_language(), as_json=as_json)
    try:
        loaded = load_ruleset_file(rules)
    except Unreadable as error:
        stop_with([error.diagnostic], {"file": (Page(rules.name),)}, lang or guess_language(), as_json=as_json)
    content = workbook_of(loaded, lang, flatten=flatten, as_json=as_json)
    replace_file(output, content)
    say(str(output))


def find_missing() -> str | None:
    """The part that workbooks need and that is not installed."""
    from importlib.util import find_spec

    return next((name for name in ("xlsxwriter", "openpyxl", "defusedxml") if find_spec(name) is None), None)


def workbook_of(loaded: LoadedRuleset, lang: Language | None, *, flatten: bool, as_json: bool) -> bytes:
    """The bytes of a ruleset's workbook, or the end of the program with every error."""
    from ..dsl.format import FormatterBug, laid_out, write_blocks
    from ..dsl.sheets.split import SheetBug, split
    from ..report.ruleset_workbook import TooLong, ruleset_workbook

    language = lang or loaded.language
    text = loaded.text
    if flatten and len(loaded.chain) > 1:
        if loaded.ruleset is None:
            stop_with(loaded.diagnostics, pages_of(loaded), language, as_json=as_json)
        text = write_blocks(resolve_ruleset_file(loaded).result.file)
    try:
        written, file = laid_out(text)
        sheets = split(written, file)
        return ruleset_workbook(sheets, written, file, loaded.ruleset, loaded.path.name)
    except ValueError:  # the text does not parse: its errors say why
        stop_with(loaded.diagnostics, pages_of(loaded), language, as_json=as_json)
    except TooLong as long:
        stop_with([long.diagnostic], {"file": (Page(loaded.path.name),)}, language, as_json=as_json)
    except (FormatterBug, SheetBug) as bug:
        click.echo(f"{loaded.path}: this is a bug of ruleeval, nothing was written  这是本程序的错误，未写文件: {bug}", err=True)
        sys.exit(ERRORS)
