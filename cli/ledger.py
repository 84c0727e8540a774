"""``ruleeval ledger``: evaluations recorded so that they can be replayed, byte for byte."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from .. import __version__
from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..engine.chain import canonical, differences
from ..engine.evaluate import evaluate
from ..engine.record import Result
from ..files.ledger.database import LedgerError
from ..files.ledger.evaluation import KIND, changed_sources, evaluation_body, evaluation_data, recorded
from ..files.ledger.personal import Kept, without_personal
from ..files.personal import kept_apart
from ..files.unit_file import unit_data
from ..report.as_data import full_result_data
from ..report.as_text import to_text
from ..report.ledger_report import (
    WORDS,
    breaks_document,
    differences_document,
    entries_csv,
    entries_document,
    entry_data,
    entry_document,
    recorded_text,
    replay_text,
)
from ..report.phrases import Phrases
from .common import (
    DONE,
    ERRORS,
    Case,
    guess_language,
    json_option,
    language_option,
    load_case,
    load_rules,
    pages_of,
    print_findings,
    print_json,
    rules_option,
    say,
    stop_with,
    terminal_width,
    use_colour,
    write_text,
)
from .ledger_common import actor, by_option, ledger_option, opened, told
from .paper import deliver, output_option
from .progress import progress


@click.group("ledger")
def ledger_command() -> None:
    """Record evaluations and replay them. 评估结果台账：记录、复现、核验。"""


@ledger_command.command("record")
@click.argument("units", nargs=-1, required=True, type=click.Path(path_type=Path))
@rules_option
@click.option("--personal", "policy", type=click.Choice(["pseudonym", "keep"]), default="pseudonym", help="What becomes of personal columns.")
@click.option("--personal-column", "columns", multiple=True, metavar="[TABLE.]COLUMN", help="A further personal column.")
@by_option
@ledger_option
@language_option
@json_option
def record_command(
    units: tuple[Path, ...], rules: Path | None, policy: str, columns: tuple[str, ...], by: str | None, place: str | None,
    lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Evaluate UNITS and record the results, all of them or none. 评估并记入台账。"""
    cases = [load_case(u, rules, lang, as_json=as_json) for u in progress(units, lang)]
    language = lang or cases[0].language
    with told("", language, as_json=as_json):
        who = actor(by)
        bodies = [_body(case, policy, columns, as_json=as_json) for case in progress(cases, lang)]
    with opened(place, language, as_json=as_json, create=True) as ledger, ledger.appending() as append:
        entries = [append(KIND, body, who, texts) for body, texts in bodies]
    if as_json:
        print_json([entry_data(e) for e in entries])
    else:
        for entry in entries:
            say(recorded_text(entry, language))


def _body(case: Case, policy: str, columns: tuple[str, ...], *, as_json: bool) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What is recorded of a case; data in error are not."""
    result = evaluate(case.ruleset, case.unit)
    if result.state == "error":
        stop_with(result.diagnostics, pages_of(case.loaded, case.raw), case.language, as_json=as_json)
    kept = without_personal(case.raw, (*columns, *kept_apart(case.ruleset))) if policy == "pseudonym" else Kept(case.raw, ())
    if kept.replaced:
        result = _evaluated_again(case, kept, result)
    return evaluation_body(case.loaded, kept, result, canonical(full_result_data(result)), __version__, policy)


def _evaluated_again(case: Case, kept: Kept, result: Result) -> Result:
    """The result with pseudonyms; refused where it is not the same."""
    unit, _ = unit_data(kept.raw, case.ruleset)
    again = evaluate(case.ruleset, unit) if unit is not None else None
    if again is None or _outcome(again) != _outcome(result):
        raise LedgerError("E759", columns=tuple(kept.replaced))
    return again


def _outcome(result: Result) -> list[object]:
    records = [(r.code, r.state, r.score, r.bounds, r.waiting) for r in result.indicators.values()]
    return [result.state, result.score, result.bounds, result.grade, result.unscored, records]


@ledger_command.command("list")
@click.option("--unit", help="Only entries about this unit.")
@click.option("--kind", help="Only entries of this kind, such as evaluation.")
@ledger_option
@language_option
@json_option
@output_option
def list_command(
    unit: str | None, kind: str | None, place: str | None, lang: Language | None, as_json: bool, output: Path | None
) -> None:
    """List the entries. 列出各条。"""
    language = lang or guess_language()
    with opened(place, lang, as_json=as_json) as ledger:
        chosen = [e for e in ledger.entries(*([kind] if kind else [])) if unit is None or _unit_of(e.data) == unit]
    deliver(entries_document(chosen, language), language, lambda: [entry_data(e) for e in chosen], output=output, as_json=as_json)


def _unit_of(data: dict[str, object]) -> object:
    unit = data.get("unit")
    return unit.get("name") if isinstance(unit, dict) else unit


@ledger_command.command("show")
@click.argument("number", type=int)
@ledger_option
@language_option
@json_option
def show_command(number: int, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Show entry NUMBER; with --json also the texts that it names. 查看一条。"""
    with opened(place, lang, as_json=as_json) as ledger:
        entry = ledger.entry(number)
        if as_json:
            from ..engine.chain import texts_of as digests

            print_json({**entry_data(entry), "texts": {d: ledger.text(d) for d in digests(entry.data)}})
        else:
            say(to_text(entry_document(entry, lang or guess_language()), terminal_width(), colour=use_colour()))


@ledger_command.command("replay")
@click.argument("number", type=int)
@click.option("--rules", type=click.Path(path_type=Path), help="Hold against this ruleset file; the kept texts by default.")
@ledger_option
@language_option
@json_option
def replay_command(number: int, rules: Path | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Evaluate entry NUMBER again from what was kept, and compare byte for byte. 复现一条。

    Exit status: 0 the same, 1 not the same, or the rules have changed.
    """
    with opened(place, lang, as_json=as_json) as ledger:
        then = recorded(ledger, number)
        language = lang or then.loaded.language
        if rules is not None:
            loaded, _ = load_rules(rules, lang, as_json=as_json)
            changed = changed_sources(then.entry, loaded)
            if changed:
                raise LedgerError("E757", name=tuple(changed), number=str(number))
        if then.ruleset is None or then.unit is None:
            stop_with(then.found, pages_of(then.loaded, then.raw), language, as_json=as_json)
        now = canonical(full_result_data(evaluate(then.ruleset, then.unit, then.track)))
    if now == then.then:
        if as_json:
            print_json({"state": "same", "number": number, "outcome": then.entry.data["outcome"]})
        else:
            say(replay_text(then.entry, language))
        sys.exit(DONE)
    found = list(differences(json.loads(then.then), json.loads(now)))
    facts = {"number": str(number), "count": str(len(found)), "then": evaluation_data(then.entry)["engine"], "now": __version__}
    finding = Diagnostic("E761", (), facts, source="ledger")
    if as_json:
        print_json({"state": "different", "number": number, "differences": [dict(zip(("path", "then", "now"), d, strict=True)) for d in found]})
    else:
        say(to_text(differences_document(found, language), terminal_width(), colour=use_colour()))
        print_findings([finding], {}, language)
    sys.exit(ERRORS)


@ledger_command.command("verify")
@click.option("--end", help="The hash that the last entry is known to have; finds entries cut off at the end.")
@click.option("--show-end", is_flag=True, help="Also print the hash of the last entry, to be noted elsewhere.")
@ledger_option
@language_option
@json_option
def verify_command(end: str | None, show_end: bool, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Check that everything is as it was recorded. 核验台账。

    Exit status: 0 sound, 1 something was changed or is lost.
    """
    language = lang or guess_language()
    with opened(place, lang, as_json=as_json) as ledger:
        found = ledger.verify(end)
        if found:
            first = str(found[0].number or found[0].about[:12])
            if not as_json:
                say(to_text(breaks_document(found, language), terminal_width(), colour=use_colour()))
            raise LedgerError("E760", count=str(len(found)), first=first)
        count, last = ledger.end()
    if as_json:
        print_json({"state": "sound", "entries": count, "end": last})
        return
    words = Phrases(language, WORDS)
    say(words("sound", count=str(count)))
    if show_end:
        say(words("end_line", hash=last))


@ledger_command.command("export")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@ledger_option
@language_option
@json_option
def export_command(path: Path, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Write the list of entries to PATH: .csv for a spreadsheet, .jsonl for machines. 导出。"""
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise click.UsageError(f"{path}: .csv or .jsonl  导出为 .csv 或 .jsonl")
    language = lang or guess_language()
    with opened(place, lang, as_json=as_json) as ledger:
        if path.exists():
            raise LedgerError("E762", path=str(path))
        entries = list(ledger.entries())
    if path.suffix.lower() == ".csv":
        write_text(path, entries_csv(entries, language))
    else:
        write_text(path, "".join(canonical(entry_data(e)) + "\n" for e in entries))
    _done("exported", len(entries), path, language, as_json=as_json)


@ledger_command.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@ledger_option
@language_option
@json_option
def backup_command(folder: Path, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Write everything to a new FOLDER of plain files. 备份为普通文件。"""
    from ..files.ledger.plain import backup

    with opened(place, lang, as_json=as_json) as ledger:
        count = backup(ledger, folder)
    _done("backed_up", count, folder, lang or guess_language(), as_json=as_json)


@ledger_command.command("restore")
@click.argument("folder", type=click.Path(path_type=Path))
@ledger_option
@language_option
@json_option
def restore_command(folder: Path, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Read the backup in FOLDER into an empty ledger, after checking it. 从备份恢复。"""
    from ..files.ledger.plain import restore

    with opened(place, lang, as_json=as_json, create=True) as ledger:
        count = restore(folder, ledger)
    _done("restored", count, folder, lang or guess_language(), as_json=as_json)


def _done(what: str, count: int, path: Path, language: Language, *, as_json: bool) -> None:
    if as_json:
        print_json({"state": what, "entries": count, "path": str(path)})
    else:
        say(Phrases(language, WORDS)(what, count=str(count), path=str(path)))
