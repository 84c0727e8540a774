"""What the commands share: finding rulesets, printing findings, languages, exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from ..dsl.characters import INVISIBLE, split_lines
from ..dsl.describe import read_date
from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.personal import scrubbed
from ..engine.unit import UnitData
from ..files.personal import personal_columns
from ..files.ruleset_file import LoadedRuleset, load_ruleset_file
from ..files.ruleset_folder import folder_of, named, pick
from ..files.text import Unreadable
from ..files.unit_file import RawUnit, language_of, on_day, read_unit, sought, unit_data, with_tables
from ..report.pages import Page, Pages

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


def as_of_option(command: _Command) -> _Command:
    return click.option(
        "--as-of", "as_of", callback=_day, metavar="DATE", help="Evaluate as of another day than the unit file says; the output tells."
    )(command)


def _day(_context: click.Context, _option: click.Parameter, given: str | None) -> date | None:
    return day_option(given)


def day_option(given: str | None) -> date | None:
    """The day of ``--as-of``."""
    found = read_date(given.strip()) if given is not None else None
    if given is not None and found is None:
        raise click.UsageError(f"--as-of: {given}? 2024-12-31  日期写作 2024-12-31")
    return found


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


def replace_file(path: Path, content: bytes) -> None:
    """A new content in a file's place, whole or not at all; a place that cannot be written to is wrong usage."""
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else None
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        if mode is None:
            umask = os.umask(0)
            os.umask(umask)
            mode = 0o666 & ~umask
        os.chmod(name, mode)
        os.replace(name, path)
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be written  无法写入（{error.strerror}）") from error


def print_json(data: Any) -> None:
    """JSON as UTF-8, with characters that a terminal would act on written as escapes."""
    say(json_text(data))


def json_text(data: Any) -> str:
    """JSON in which characters that a terminal would act on are escapes."""
    return _UNSEEN.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def pages_of(loaded: LoadedRuleset | None = None, raw: RawUnit | None = None) -> Pages:
    """The files that findings about a ruleset and a unit can be in."""
    pages: dict[str, Sequence[Page]] = {}
    if loaded is not None:
        pages["ruleset"] = _chain_pages(loaded)
    if raw is not None:
        columns = personal_columns(loaded.ruleset if loaded is not None else None)
        name, text = raw.shown or (raw.name, raw.text)
        pages["unit"] = (Page(name, [scrubbed(line, columns) for line in text.splitlines()], cells=raw.cells),)
    return pages


def _chain_pages(loaded: LoadedRuleset) -> list[Page]:
    shown = loaded.ruleset.shown if loaded.ruleset is not None else {}
    pages: list[Page] = []
    first = 1
    for one in loaded.chain:
        lines = [shown.get(n, text) for n, text in enumerate(split_lines(one.text), first)]
        pages.append(Page(one.path.name, lines, first))
        first += len(lines)
    return pages


def print_findings(found: Iterable[Diagnostic], pages: Pages, language: Language) -> None:
    """Every finding with its excerpt, errors first to standard error, a blank line between."""
    from ..report.findings import finding_lines

    for diagnostic in found:
        for line in finding_lines(diagnostic, pages, language, colour=use_colour() and sys.stderr.isatty()):
            click.echo(line, err=True)
        click.echo("", err=True)


def findings_data(found: Iterable[Diagnostic], pages: Pages, language: Language) -> list[dict[str, Any]]:
    from ..report.findings import finding_data

    return [finding_data(d, pages, language) for d in found]


def stop_with(found: Sequence[Diagnostic], pages: Pages, language: Language, *, as_json: bool) -> NoReturn:
    """Print findings that allow nothing further, and end with status 1."""
    if as_json:
        print_json({"state": "error", "findings": findings_data(found, pages, language)})
    else:
        print_findings(found, pages, language)
    sys.exit(ERRORS)


def load_rules(path: Path, lang: Language | None, *, as_json: bool) -> tuple[LoadedRuleset, Ruleset]:
    """A ruleset that checks clean, or the end of the program with every error."""
    try:
        loaded = load_ruleset_file(path)
    except Unreadable as error:
        stop_with([error.diagnostic], {"file": (Page(path.name),)}, lang or guess_language(), as_json=as_json)
    if loaded.ruleset is None and not any(d.is_error for d in loaded.diagnostics):
        facts = {"path": path.name, "is_kind": "是测算文件", "is_kind_en": "an allocation", "wanted": "规则集", "wanted_en": "a ruleset"}
        stop_with([Diagnostic("E798", (), facts, source="file")], {"file": (Page(path.name),)}, lang or loaded.language, as_json=as_json)
    if loaded.ruleset is None:
        stop_with(loaded.diagnostics, pages_of(loaded), lang or loaded.language, as_json=as_json)
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


def previous_option(command: _Command) -> _Command:
    return click.option(
        "--previous", type=click.Path(path_type=Path, dir_okay=False), help="The last period's result, as check --json printed it."
    )(command)


def load_case(
    unit_path: Path, rules: Path | None, lang: Language | None, *, as_json: bool, as_of: date | None = None, previous: Path | None = None
) -> Case:
    """A unit file and its ruleset, or the end of the program with every error.

    ``as_of`` takes the place of the unit's own date, in the choice of its ruleset too;
    ``previous`` is the last period's result, for the data items that are taken from it.
    """
    try:
        raw = on_day(read_unit(unit_path), as_of)
    except Unreadable as error:
        pages = {"unit": (Page(unit_path.name, _lines(unit_path)),), "file": (Page(unit_path.name),)}
        stop_with([error.diagnostic], pages, lang or guess_language(), as_json=as_json)
    try:
        path = rules if rules is not None else rules_of(unit_path, raw)
    except Unreadable as error:
        stop_with([error.diagnostic], pages_of(None, raw), lang or language_of(raw), as_json=as_json)
    if path is None:
        from ..files.unit_file import located

        stop_with(located(raw, raw.diagnostics), pages_of(None, raw), lang or language_of(raw), as_json=as_json)
    loaded, ruleset = load_rules(path, lang, as_json=as_json)
    language = lang or ruleset.language
    raw = with_tables(raw, ruleset)
    unit, found = unit_data(raw, ruleset)
    if unit is None:
        stop_with(found, pages_of(loaded, raw), language, as_json=as_json)
    if previous is not None:
        unit, more = _with_previous(unit, ruleset, previous, loaded, raw, language, as_json=as_json)
        found = (*found, *more)
    return Case(loaded, ruleset, raw, unit, (*loaded.diagnostics, *found), language)


def _with_previous(
    unit: UnitData, ruleset: Ruleset, path: Path, loaded: LoadedRuleset, raw: RawUnit, language: Language, *, as_json: bool
) -> tuple[UnitData, tuple[Diagnostic, ...]]:
    from ..files.last_period import read_last_result, with_last_result

    try:
        last = read_last_result(path)
    except Unreadable as error:
        stop_with([replace(error.diagnostic, source="file")], {"file": (Page(path.name),)}, language, as_json=as_json)
    filled, found = with_last_result(unit, ruleset, last)
    if any(d.is_error for d in found):
        stop_with(found, pages_of(loaded, raw), language, as_json=as_json)
    return filled, found


def _lines(path: Path) -> list[str]:
    from ..files.text import decode, read_bytes

    try:
        columns = personal_columns(None)
        return [scrubbed(line, columns) for line in decode(read_bytes(path), path.name)[0].splitlines()]
    except Unreadable:
        return []


def rules_of(unit_path: Path, raw: RawUnit) -> Path | None:
    """The ruleset of a unit: the file or NAME@VERSION that its file names, else the one that
    fits it in its folder of rulesets.  ``None`` where the unit file itself cannot be read."""
    if raw.envelope is None:
        return None
    folder = folder_of(unit_path)
    written = raw.envelope.ruleset
    if not written:
        return pick(sought(raw.envelope), folder)
    if "@" in written:
        return named(written, folder)
    path = unit_path.parent / written
    try:
        return path if written.endswith(".rules") and path.is_file() else named(written, folder)
    except (OSError, ValueError):  # a name too long, or in a folder that may not be read
        return named(written, folder)
