"""``ruleeval fmt``: one layout, and conversion between Chinese and English keywords."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from ..dsl.keywords import Language
from ..files.text import Unreadable, decode, read_bytes
from ..report.pages import Page
from .common import DONE, ERRORS, guess_language, print_findings, replace_file, say


@click.command("fmt")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; status 1 if a file is not in the one layout.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Convert the keywords.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the result and leave the file alone.")
def fmt_command(paths: tuple[Path, ...], check: bool, lang: Language | None, to_stdout: bool) -> None:
    """Write ruleset files in the one layout. 整理规则集的排版。"""
    from ..dsl.format import FormatterBug, format_text
    from ..dsl.parse import parse

    status = DONE
    for path in paths:
        try:
            text, _ = decode(read_bytes(path), path.name)
        except Unreadable as error:
            print_findings([error.diagnostic], {"file": (Page(path.name),)}, guess_language())
            status = ERRORS
            continue
        try:
            written = format_text(text, lang)
        except ValueError:
            result = parse(text)
            print_findings(result.diagnostics, {"ruleset": (Page(path.name, text.splitlines()),)}, result.file.language)
            status = ERRORS
            continue
        except FormatterBug as bug:
            click.echo(f"{path}: this is a bug of ruleeval, the file was left alone  这是本程序的错误，文件未改动: {bug}", err=True)
            status = ERRORS
            continue
        if to_stdout:
            say(written)
        elif written != text:
            if check:
                status = ERRORS
                say("".join(difflib.unified_diff(text.splitlines(keepends=True), written.splitlines(keepends=True), str(path), str(path))))
            else:
                replace_file(path, written.encode("utf-8"))
                say(f"{path}")
    sys.exit(status)
