"""``ruleeval test``: run the cases beside rulesets."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.cases import codes_of, compare, unknown_steps
from ..engine.evaluate import evaluate
from ..engine.record import Result
from ..files.case_file import CaseFile, FileCase, accepted, case_paths, read_cases, text_difference
from ..files.ruleset_file import LoadedRuleset, load_ruleset_file
from ..files.text import Unreadable
from ..files.unit_file import read_unit, unit_data
from ..report.as_text import to_text
from ..report.case_report import CaseOutcome, case_data, case_document, case_junit
from .common import DONE, ERRORS, guess_language, json_option, language_option, print_json, say, terminal_width, use_colour, write_text

if TYPE_CHECKING:
    from .bench import Tested

_PAUSE = 0.5


@frozen
class Ran:
    """One case with its file and what came of it."""

    case: FileCase
    outcome: CaseOutcome


@frozen
class Wanted:
    """What one call asks for."""

    paths: tuple[Path, ...]
    lang: Language | None
    as_json: bool
    accept: bool
    junit: Path | None
    coverage: bool
    threshold: int | None
    html: Path | None
    mutate: bool
    generate: Path | None
    base: Path | None


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--accept", is_flag=True, help="Rewrite expectations that fail to what was found, and show the difference.")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Also write JUnit XML to this file.")
@click.option("--coverage", is_flag=True, help="Also list what no case touches.")
@click.option("--threshold", type=click.IntRange(0, 100), help="With --coverage or --mutate: fail below this share in percent.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write coverage as a page that marks the ruleset's text.")
@click.option("--mutate", is_flag=True, help="Also change the ruleset a little everywhere and list what no case notices.")
@click.option("--generate", type=click.Path(path_type=Path, dir_okay=False), help="Write cases for what no case touches to this new file.")
@click.option("--from", "base", type=click.Path(path_type=Path), help="With --generate: the unit file to change; one of a case by default.")
@click.option("--watch", is_flag=True, help="Run again whenever a file changes; Ctrl-C ends.")
@language_option
@json_option
def test_command(
    paths: tuple[Path, ...], accept: bool, junit: Path | None, coverage: bool, threshold: int | None, html: Path | None,
    mutate: bool, generate: Path | None, base: Path | None, watch: bool, lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Run the case files given, or all in folders called "cases" below PATHS (here by default). 运行规则集的用例。

    Exit status: 0 all as expected, 1 some not, no case at all, or a share below the
    threshold, 2 wrong usage.
    """
    if watch and accept:
        raise click.UsageError("--watch, --accept: one or the other  --watch 与 --accept 只能用一个")
    if threshold is not None and not (coverage or mutate or html):
        raise click.UsageError("--threshold goes with --coverage or --mutate  --threshold 与 --coverage 或 --mutate 同用")
    wanted = Wanted(paths or (Path(),), lang, as_json, accept, junit, coverage or html is not None, threshold, html, mutate, generate, base)
    status = _round(wanted)
    while watch:
        _wait_for_change(wanted.paths)
        status = _round(wanted)
    sys.exit(status)


def _round(wanted: Wanted) -> int:
    """Run everything once; the exit status."""
    files, unread = _read(case_paths(wanted.paths), wanted.lang or guess_language())
    rulesets: dict[Path, LoadedRuleset | Diagnostic] = {}
    ran = {f.path: [_run(c, rulesets, wanted.lang) for c in f.cases] for f in files}
    outcomes = [*unread, *(r.outcome for rs in ran.values() for r in rs)]
    loaded = next((r for r in rulesets.values() if isinstance(r, LoadedRuleset)), None)
    language = wanted.lang or (loaded.language if loaded is not None else guess_language())
    if wanted.junit is not None:
        write_text(wanted.junit, case_junit(outcomes, language))
    if wanted.generate is not None:
        return _generate(wanted, _tested(rulesets, ran), language)
    if outcomes and not wanted.as_json:
        say(to_text(case_document(outcomes, language), terminal_width(), colour=use_colour()))
    elif not wanted.as_json:
        click.echo("没有找到用例 / no cases found: cases/*.yaml, cases/*.csv, cases/*.xlsx", err=True)
    data = case_data(outcomes)
    enough = _more(wanted, _tested(rulesets, ran), language, data) if wanted.coverage or wanted.mutate else True
    if wanted.as_json:
        print_json(data)
    if wanted.accept:
        return _accept(files, ran, language, outcomes)
    return DONE if enough and outcomes and all(o.passed for o in outcomes) else ERRORS


def _tested(rulesets: dict[Path, LoadedRuleset | Diagnostic], ran: dict[Path, list[Ran]]) -> list[Tested]:
    """Each ruleset with the cases of it that ran."""
    from .bench import Tested, Tried

    every = [r for rs in ran.values() for r in rs if r.outcome.result is not None]
    found = []
    for path, loaded in rulesets.items():
        if isinstance(loaded, LoadedRuleset) and loaded.ruleset is not None:
            mine = (r for r in every if r.case.rules == path)
            cases = tuple(Tried(r.outcome.result, r.case.expected, r.case.base) for r in mine if r.outcome.result is not None)
            found.append(Tested(loaded, loaded.ruleset, cases))
    return found


def _more(wanted: Wanted, tested: Sequence[Tested], language: Language, data: dict[str, Any]) -> bool:
    """Coverage and mutation as asked for, added to ``data``; whether every share is high enough."""
    from .bench import report_coverage, report_mutation

    least = 100
    if wanted.coverage:
        share, data["coverage"] = report_coverage(tested, language, wanted.html, as_json=wanted.as_json)
        least = min(least, share)
    if wanted.mutate:
        share, data["mutation"] = report_mutation(tested, language, as_json=wanted.as_json)
        least = min(least, share)
    return wanted.threshold is None or least >= wanted.threshold


def _generate(wanted: Wanted, tested: Sequence[Tested], language: Language) -> int:
    """Write cases for what is untouched; of the only ruleset tested, or of the one that the unit names."""
    from .bench import Tested, write_generated
    from .common import load_case

    assert wanted.generate is not None
    if not tested and wanted.base is not None:
        case = load_case(wanted.base, None, wanted.lang, as_json=wanted.as_json)
        tested = [Tested(case.loaded, case.ruleset, ())]
    bases = [c.base for t in tested for c in t.cases if c.base is not None]
    base = wanted.base or (bases[0] if bases else None)
    if len(tested) != 1 or base is None:
        raise click.UsageError("--generate: one ruleset at a time, with --from UNIT  一次一个规则集，用 --from 指定单位数据")
    count = write_generated(tested[0], base, wanted.generate, sharper=wanted.mutate)
    zh = f"{wanted.generate}：写了{count}个用例，期望待人确认" if count else "没有需要补的用例"
    en = f"{wanted.generate}: {count} cases written, to be confirmed by a person" if count else "no case is wanting"
    say(zh if language == "zh" else en)
    return DONE


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
    problems = [Diagnostic("E731", (), {"code": c}, source="unit") for c in codes_of(case.expected) if c not in loaded.ruleset.by_code]
    for code, name, names in unknown_steps(case.expected, loaded.ruleset):
        problems.append(Diagnostic("E773", (), {"code_of": code, "name": name, "names": names}, source="unit"))
    if problems:
        return stopped(problems, lang or loaded.language)
    unit, found = unit_data(case.unit, loaded.ruleset)
    result = evaluate(loaded.ruleset, unit) if unit is not None else None
    differences = compare(case.expected, result, found)
    asked = {"errors", "findings", "state", "status"} & set(case.expected.plain)
    if unit is None and not asked:
        return stopped([d for d in found if d.is_error], lang or loaded.language)
    base = _base_result(case, loaded.ruleset) if result is not None and differences and not any(d.code for d in differences) else None
    return Ran(case, CaseOutcome(str(case.path), case.name, differences, result, (), case.to_confirm, base))


def _base_result(case: FileCase, ruleset: Ruleset) -> Result | None:
    """What comes of the unit that a case changes, without the changes."""
    if case.base is None:
        return None
    try:
        unit, _ = unit_data(read_unit(case.base), ruleset)
    except Unreadable:
        return None
    return evaluate(ruleset, unit) if unit is not None else None


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
            write_text(file.path, text)
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
    endings = (".rules", ".yaml", ".yml", ".json", ".csv", ".xlsx")
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
