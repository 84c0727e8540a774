"""``ruleeval lint``: check rulesets before any run."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..dsl.characters import split_lines
from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..files.house_rules import house_findings
from ..files.ruleset_file import LoadedRuleset, load_ruleset_file
from ..files.ruleset_folder import version_findings
from ..files.text import Unreadable, read_bytes
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

if TYPE_CHECKING:
    from ..dsl.check import CheckResult

_ALL = "all"


@frozen
class _Wanted:
    """What one call asks for."""

    strict: bool
    bundles: frozenset[str]
    lang: Language | None
    as_json: bool


@click.command("lint")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Fail on reminders too.")
@click.option("--bundle", "bundles", multiple=True, metavar="NAME", help="Also ask a named bundle of house rules, or all; may be given again.")
@click.option("--fix", is_flag=True, help="Make the repairs of which there is exactly one, and show what was changed.")
@language_option
@json_option
def lint_command(paths: tuple[Path, ...], strict: bool, bundles: tuple[str, ...], fix: bool, lang: Language | None, as_json: bool) -> None:
    """Check ruleset files, or every .rules file below a folder. 检查规则集。

    Bundles: understandable 易理解, workable 可操作, effective 有实效, distinct 不重复, all.
    House rules of other packages (entry points "ruleeval.house_rules") are asked too.
    """
    files = [f for p in paths for f in (sorted(p.rglob("*.rules")) if p.is_dir() else [p])]
    if not files:
        raise click.UsageError("no .rules file there  没有找到 .rules 文件")
    wanted = _Wanted(strict, _chosen(bundles), lang, as_json)
    if fix:
        for path in files:
            _fix(path, as_json=as_json)
    failed = False
    data = []
    for path in files:
        ran = _lint(path, wanted)
        failed = failed or ran[0]
        data.append(ran[1])
    if as_json:
        print_json(data)
    sys.exit(ERRORS if failed else DONE)


def _chosen(names: Collection[str]) -> frozenset[str]:
    """The bundles named, in either language."""
    if not names:
        return frozenset()
    from ..engine.bundles import BUNDLES, bundle_named

    found = {name: bundle_named(name) for name in names if name != _ALL}
    unknown = next((n for n, key in found.items() if key is None), None)
    if unknown is not None:
        there = ", ".join(f"{key} {pair[0]}" for key, pair in BUNDLES.items())
        raise click.UsageError(f"there is no bundle {unknown}: {there}, all  没有规范集“{unknown}”")
    return frozenset(BUNDLES) if _ALL in names else frozenset(key for key in found.values() if key is not None)


def _lint(path: Path, wanted: _Wanted) -> tuple[bool, dict[str, object]]:
    """Check one file and tell what was found; whether it fails, and the findings as data."""
    try:
        loaded = load_ruleset_file(path)
        found, pages, language = (*_found(loaded, wanted.bundles), *_between_versions(loaded)), pages_of(loaded), wanted.lang or loaded.language
    except Unreadable as error:
        found, pages, language = (error.diagnostic,), {"file": (Page(path.name),)}, wanted.lang or guess_language()
    errors = sum(d.is_error for d in found)
    if not wanted.as_json:
        print_findings(found, pages, language)
        say(_summary(path, errors, len(found) - errors, language))
    data: dict[str, object] = {"file": str(path), "findings": findings_data(found, pages, language) if wanted.as_json else []}
    return errors > 0 or (wanted.strict and bool(found)), data


def _found(loaded: LoadedRuleset, bundles: Collection[str]) -> tuple[Diagnostic, ...]:
    """Every finding of a ruleset and of the bundles asked, without those that its notes set aside."""
    if loaded.ruleset is None:
        return loaded.diagnostics
    from ..engine.bundles import findings, set_aside

    found = (*loaded.diagnostics, *findings(loaded.ruleset, bundles), *house_findings(loaded.ruleset))
    return set_aside(loaded.ruleset, found, bundles)


def _between_versions(loaded: LoadedRuleset) -> tuple[Diagnostic, ...]:
    """Days on which two versions of a ruleset are in force, or none is."""
    own = loaded.chain[-1]
    first = sum(len(split_lines(one.text)) for one in loaded.chain[:-1])  # places count the lines of a chain through
    return tuple(
        replace(d, labels=tuple(replace(s, place=replace(s.place, line=s.place.line + first)) for s in d.labels)) for d in version_findings(own)
    )


def _summary(path: Path, errors: int, reminders: int, language: Language) -> str:
    if language == "zh":
        return f"{path}：{f'{errors}个错误' if errors else '没有错误'}" + (f"，{reminders}个提醒" if reminders else "")
    return f"{path}: {f'{errors} errors' if errors else 'no errors'}" + (f", {reminders} reminders" if reminders else "")


# ---- repairs -----------------------------------------------------------------------------------


def _fix(path: Path, *, as_json: bool) -> None:
    """Make the sure repairs in one file, and print the lines that they change; beside JSON, to standard error."""
    try:
        content = read_bytes(path)
        text = content.decode("utf-8")
        if len(load_ruleset_file(path).chain) > 1:
            return  # the lines of a chain belong to several files
    except (Unreadable, UnicodeDecodeError):  # told when it is checked; a file in another encoding is left as it is
        return
    written = repaired(text)
    if written == text:
        return
    for line in difflib.unified_diff(text.splitlines(), written.splitlines(), path.name, path.name, lineterm="", n=0):
        click.echo(line, err=as_json)
    try:
        path.write_bytes(written.encode("utf-8"))
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be written  无法写入（{error.strerror}）") from error


def repaired(text: str) -> str:
    """A text with every repair made of which there is exactly one, and which leaves fewer findings than before."""
    from ..dsl.check import check_text

    result = check_text(text)
    refused: set[tuple[int, str]] = set()
    while True:
        one = next((d for d in result.diagnostics if d.repair is not None and (d.line, d.code) not in refused), None)
        if one is None or one.repair is None:
            return text
        changed = _with_line(text, one.line, one.repair)
        again = check_text(changed)
        if _better(again, result):
            text, result = changed, again
            refused.clear()
        else:
            refused.add((one.line, one.code))


def _better(after: CheckResult, before: CheckResult) -> bool:
    """Whether fewer errors are left, or as many and fewer findings."""
    left, right = ((sum(d.is_error for d in r.diagnostics), len(r.diagnostics)) for r in (after, before))
    return left < right


def _with_line(text: str, number: int, repair: str) -> str:
    """The text with one line replaced up to its comment; line ends stay as they are."""
    from ..dsl.parse import split_comment

    lines = text.split("\n")
    line = lines[number - 1]
    end = "\r" if line.endswith("\r") else ""
    mark = "\ufeff" if line.startswith("\ufeff") else ""
    written = split_comment(line.removeprefix(mark).removesuffix(end))[0].rstrip()
    rest = line.removeprefix(mark).removesuffix(end)[len(written) :]
    lines[number - 1] = mark + repair + rest + end
    return "\n".join(lines)
