"""``ruleeval test``: run the cases beside rulesets."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..engine.cases import compare
from ..engine.evaluate import evaluate
from ..files.case_file import CaseFile, FileCase, accepted, case_paths, read_cases, text_difference
from ..files.ruleset_file import LoadedRuleset, load_ruleset_file
from ..files.text import Unreadable
from ..files.unit_file import unit_data
from ..report.as_text import to_text
from ..report.case_report import CaseOutcome, case_data, case_document, case_junit
from .common import DONE, ERRORS, guess_language, json_option, language_option, print_json, say, terminal_width, use_colour

_PAUSE = 0.5


@frozen
class Ran:
    """One case with its file and what came of it."""

    case: FileCase
    outcome: CaseOutcome


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--accept", is_flag=True, help="Rewrite expectations that fail to what was found, and show the difference.")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Also write JUnit XML to this file.")
@click.option("--watch", is_flag=True, help="Run again whenever a file changes; Ctrl-C ends.")
@language_option
@json_option
def test_command(paths: tuple[Path, ...], accept: bool, junit: Path | None, watch: bool, lang: Language | None, as_json: bool) -> None:
    """Run the case files given, or all in folders called "cases" below PATHS (here by default). 运行规则集的用例。

    Exit status: 0 all as expected, 1 some not, or no case at all, 2 wrong usage.
    """
    places = paths or (Path(),)
    if watch and accept:
        raise click.UsageError("--watch, --accept: one or the other  --watch 与 --accept 只能用一个")
    status = _round(places, lang, accept=accept, junit=junit, as_json=as_json)
    while watch:
        _wait_for_change(places)
        status = _round(places, lang, accept=False, junit=junit, as_json=as_json)
    sys.exit(status)


def _round(paths: tuple[Path, ...], lang: Language | None, *, accept: bool, junit: Path | None, as_json: bool) -> int:
    """Run everything once; the exit status."""
    files, unread = _read(case_paths(paths), lang or guess_language())
    rulesets: dict[Path, LoadedRuleset | Diagnostic] = {}
    ran = {f.path: [_run(c, rulesets, lang) for c in f.cases] for f in files}
    outcomes = [*unread, *(r.outcome for rs in ran.values() for r in rs)]
    loaded = next((r for r in rulesets.values() if isinstance(r, LoadedRuleset)), None)
    language = lang or (loaded.language if loaded is not None else guess_language())
    if junit is not None:
        junit.write_text(case_junit(outcomes, language), "utf-8")
    if as_json:
        print_json(case_data(outcomes))
    elif outcomes:
        say(to_text(case_document(outcomes, language), terminal_width(), colour=use_colour()))
    else:
        click.echo("没有找到用例 / no cases found: cases/*.yaml, cases/*.csv", err=True)
    if accept:
        return _accept(files, ran, language, outcomes)
    return DONE if outcomes and all(o.passed for o in outcomes) else ERRORS


def _read(paths: Sequence[Path], language: Language) -> tuple[list[CaseFile], list[CaseOutcome]]:
    files: list[CaseFile] = []
    unread: list[CaseOutcome] = []
    for path in paths:
        try:
            files.append(read_cases(path))
        except Unreadable as error:
            unread.append(CaseOutcome(str(path), path.stem, (), None, (_sentence(error.diagnostic, language),)))
    return files, unread


def _sentence(diagnostic: Diagnostic, language: Language) -> str:
    from ..dsl.wording import render

    message = render(diagnostic, language)
    line = f":{diagnostic.line}" if diagnostic.line else ""
    return f"{diagnostic.code}{line} {message.summary}"


def _run(case: FileCase, rulesets: dict[Path, LoadedRuleset | Diagnostic], lang: Language | None) -> Ran:
    def stopped(found: Sequence[Diagnostic], language: Language) -> Ran:
        told = tuple(_sentence(d, language) for d in found)
        return Ran(case, CaseOutcome(str(case.path), case.name, (), None, told, case.to_confirm))

    guessed = lang or guess_language()
    if case.found or case.unit is None or case.rules is None:
        return stopped(case.found, guessed)
    if case.rules not in rulesets:
        try:
            rulesets[case.rules] = load_ruleset_file(case.rules)
        except Unreadable as error:
            rulesets[case.rules] = error.diagnostic
    loaded = rulesets[case.rules]
    if isinstance(loaded, Diagnostic):
        return stopped([loaded], guessed)
    if loaded.ruleset is None:
        return stopped([d for d in loaded.diagnostics if d.is_error], lang or loaded.language)
    unknown = [c for facts in case.expected.by_code.values() for c in facts if c not in loaded.ruleset.by_code]
    if unknown:
        return stopped([Diagnostic("E731", (), {"code": c}, source="unit") for c in unknown], lang or loaded.language)
    unit, found = unit_data(case.unit, loaded.ruleset)
    result = evaluate(loaded.ruleset, unit) if unit is not None else None
    differences = compare(case.expected, result, found)
    asked = {"errors", "findings", "state", "status"} & set(case.expected.plain)
    if unit is None and not asked:
        return stopped([d for d in found if d.is_error], lang or loaded.language)
    return Ran(case, CaseOutcome(str(case.path), case.name, differences, result, (), case.to_confirm))


def _accept(files: Sequence[CaseFile], ran: dict[Path, list[Ran]], language: Language, outcomes: Sequence[CaseOutcome]) -> int:
    """Write what was found over what was expected; what cannot be written in place stays a failure."""
    left = sum(bool(o.problems) for o in outcomes) + (not outcomes)
    for file in files:
        differing = {r.case.at: r.outcome.differences for r in ran[file.path] if r.outcome.differences}
        if not differing:
            continue
        text, unwritten = accepted(file, differing)
        left += len(unwritten)
        for line in text_difference(file.path, file.text, text):
            say(line)
        if text != file.text:
            file.path.write_text(text, "utf-8")
        if unwritten:
            names = ", ".join(d.path for d in unwritten)
            click.echo(f"{file.path}: 请自行改写 / rewrite by hand: {names}", err=True)
    return ERRORS if left else DONE


def _wait_for_change(paths: tuple[Path, ...]) -> None:
    """Return once a ruleset, unit or case file below has changed."""
    before = _stamps(paths)
    while _stamps(paths) == before:
        time.sleep(_PAUSE)


def _stamps(paths: tuple[Path, ...]) -> dict[Path, int]:
    """When each watched file was last written."""
    endings = (".rules", ".yaml", ".yml", ".json", ".csv")
    roots = [p if p.is_dir() else p.parent.parent if p.parent.name == "cases" else p.parent for p in paths]
    found: dict[Path, int] = {}
    for root in roots:
        for path in root.rglob("*"):
            if path.suffix in endings:
                try:
                    found[path] = path.stat().st_mtime_ns
                except OSError:
                    continue
    return found
