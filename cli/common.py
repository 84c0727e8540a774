"""What the commands share: finding rulesets, printing findings, languages, exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from ..dsl.characters import INVISIBLE
from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.unit import UnitData
from ..files.ruleset_file import LoadedRuleset, load_ruleset_file
from ..files.text import Unreadable
from ..files.unit_file import RawUnit, read_unit, unit_data

DONE, ERRORS, USAGE, UNDECIDED = 0, 1, 2, 3
_UNSEEN = re.compile(f"[\x7f-\x9f\u2028\u2029\ud800-\udfff{''.join(INVISIBLE)}]")
_Command = TypeVar("_Command", bound=Callable[..., Any])


def language_option(command: _Command) -> _Command:
    return click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the output; the ruleset's own by default.")(command)


def json_option(command: _Command) -> _Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON of a stable shape.")(command)


def rules_option(command: _Command) -> _Command:
    return click.option(
        "--rules", type=click.Path(path_type=Path), help="Ruleset file; the one that the unit file names by default."
    )(command)


def use_colour() -> bool:
    """Colour only on a terminal, and never when NO_COLOR is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    return min(120, shutil.get_terminal_size((80, 24)).columns)


def say(text: str) -> None:
    click.echo(text, nl=not text.endswith("\n"))


def write_text(path: Path, text: str) -> None:
    """Write a file; a place that cannot be written to is wrong usage."""
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be written  无法写入（{error.strerror}）") from error


def print_json(data: Any) -> None:
    """JSON as UTF-8, with characters that a terminal would act on written as escapes."""
    say(_UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(data, ensure_ascii=False, indent=2)))


@frozen
class Texts:
    """The names and lines of the files that findings are about."""

    names: dict[str, str]
    lines: dict[str, Sequence[str]]


def texts_of(loaded: LoadedRuleset | None = None, raw: RawUnit | None = None) -> Texts:
    names: dict[str, str] = {}
    lines: dict[str, Sequence[str]] = {}
    if loaded is not None:
        names["ruleset"], lines["ruleset"] = loaded.path.name, loaded.text.splitlines()
    if raw is not None:
        names["unit"], lines["unit"] = raw.name, raw.text.splitlines()
    return Texts(names, lines)


def print_findings(found: Iterable[Diagnostic], texts: Texts, language: Language) -> None:
    """Every finding with its excerpt, errors first to standard error, a blank line between."""
    from ..report.findings import finding_lines

    for diagnostic in found:
        for line in finding_lines(diagnostic, texts.names, texts.lines, language, colour=use_colour() and sys.stderr.isatty()):
            click.echo(line, err=True)
        click.echo("", err=True)


def findings_data(found: Iterable[Diagnostic], texts: Texts, language: Language) -> list[dict[str, Any]]:
    from ..report.findings import finding_data

    return [finding_data(d, texts.names, language) for d in found]


def stop_with(found: Sequence[Diagnostic], texts: Texts, language: Language, *, as_json: bool) -> NoReturn:
    """Print findings that allow nothing further, and end with status 1."""
    if as_json:
        print_json({"state": "error", "findings": findings_data(found, texts, language)})
    else:
        print_findings(found, texts, language)
    sys.exit(ERRORS)


def load_rules(path: Path, lang: Language | None, *, as_json: bool) -> tuple[LoadedRuleset, Ruleset]:
    """A ruleset that checks clean, or the end of the program with every error."""
    try:
        loaded = load_ruleset_file(path)
    except Unreadable as error:
        stop_with([error.diagnostic], Texts({"file": path.name}, {}), lang or guess_language(), as_json=as_json)
    if loaded.ruleset is None:
        stop_with(loaded.diagnostics, texts_of(loaded), lang or loaded.language, as_json=as_json)
    return loaded, loaded.ruleset


def guess_language() -> Language:
    """The language where no ruleset tells: Chinese on a Chinese system, else English."""
    setting = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if setting.lower().startswith("zh") else "en"


@frozen
class Case:
    """A unit with its ruleset, both free of errors, and the reminders about them."""

    loaded: LoadedRuleset
    ruleset: Ruleset
    raw: RawUnit
    unit: UnitData
    found: tuple[Diagnostic, ...]
    language: Language


def load_case(unit_path: Path, rules: Path | None, lang: Language | None, *, as_json: bool) -> Case:
    """A unit file and its ruleset, or the end of the program with every error."""
    try:
        raw = read_unit(unit_path)
    except Unreadable as error:
        texts = Texts({"unit": unit_path.name, "file": unit_path.name}, {"unit": _lines(unit_path)})
        stop_with([error.diagnostic], texts, lang or guess_language(), as_json=as_json)
    path = rules if rules is not None else _named_rules(unit_path, raw)
    if path is None:
        if raw.envelope is None:
            from ..files.unit_file import located

            stop_with(located(raw, raw.diagnostics), texts_of(None, raw), lang or guess_language(), as_json=as_json)
        raise click.UsageError("the unit file names no ruleset that can be found; give one with --rules  找不到规则集，请用 --rules 指定")
    loaded, ruleset = load_rules(path, lang, as_json=as_json)
    language = lang or ruleset.language
    unit, found = unit_data(raw, ruleset)
    if unit is None:
        stop_with(found, texts_of(loaded, raw), language, as_json=as_json)
    return Case(loaded, ruleset, raw, unit, (*loaded.diagnostics, *found), language)


def _lines(path: Path) -> list[str]:
    from ..files.text import decode, read_bytes

    try:
        return decode(read_bytes(path), path.name)[0].splitlines()
    except Unreadable:
        return []


def _named_rules(unit_path: Path, raw: RawUnit) -> Path | None:
    """The ruleset file that a unit file names, relative to the unit file."""
    named = raw.envelope.ruleset if raw.envelope is not None else None
    if not named or not named.endswith(".rules"):
        return None
    path = unit_path.parent / named
    try:
        return path if path.is_file() else None
    except (OSError, ValueError):  # a name too long, or in a folder that may not be read
        return None
