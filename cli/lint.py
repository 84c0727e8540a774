"""``ruleeval lint``: check rulesets before any run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..dsl.keywords import Language
from ..files.house_rules import house_findings
from ..files.ruleset_file import load_ruleset_file
from ..files.text import Unreadable
from ..report.pages import Page
from .common import (
    DONE,
    ERRORS,
    findings_data,
    guess_language,
    json_option,
    language_option,
    pages_of,
    print_findings,
    print_json,
    say,
)


@click.command("lint")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Fail on reminders too.")
@language_option
@json_option
def lint_command(paths: tuple[Path, ...], strict: bool, lang: Language | None, as_json: bool) -> None:
    """Check ruleset files, or every .rules file below a folder. 检查规则集。

    House rules of other packages (entry points "ruleeval.house_rules") are asked too.
    """
    files = [f for p in paths for f in (sorted(p.rglob("*.rules")) if p.is_dir() else [p])]
    if not files:
        raise click.UsageError("no .rules file there  没有找到 .rules 文件")
    failed = False
    data = []
    for path in files:
        try:
            loaded = load_ruleset_file(path)
            found, pages, language = loaded.diagnostics, pages_of(loaded), lang or loaded.language
            if loaded.ruleset is not None:
                found = (*found, *house_findings(loaded.ruleset))
        except Unreadable as error:
            found, pages, language = (error.diagnostic,), {"file": (Page(path.name),)}, lang or guess_language()
        errors = sum(d.is_error for d in found)
        failed = failed or errors > 0 or (strict and bool(found))
        if as_json:
            data.append({"file": str(path), "findings": findings_data(found, pages, language)})
            continue
        print_findings(found, pages, language)
        say(_summary(path, errors, len(found) - errors, language))
    if as_json:
        print_json(data)
    sys.exit(ERRORS if failed else DONE)


def _summary(path: Path, errors: int, reminders: int, language: Language) -> str:
    if language == "zh":
        return f"{path}：{f'{errors}个错误' if errors else '没有错误'}" + (f"，{reminders}个提醒" if reminders else "")
    return f"{path}: {f'{errors} errors' if errors else 'no errors'}" + (f", {reminders} reminders" if reminders else "")
