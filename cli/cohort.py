"""``ruleeval cohort``: the figures of many units."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.cohort import evaluate_cohort
from ..engine.cohort_statistics import GROUPS, CohortStatistics, UnitScore, cohort_statistics, of_results
from ..engine.intake import TRACK_NAMES
from ..engine.record import Result
from ..engine.unit import Track
from ..files.results_table import FullScores, read_full_scores, read_results_table
from ..files.text import Unreadable
from ..report.cohort_report import CohortText, cohort_data, cohort_document, paragraph
from ..report.pages import Page, Pages
from .common import (
    DONE,
    ERRORS,
    UNDECIDED,
    as_of_option,
    findings_data,
    guess_language,
    json_option,
    language_option,
    load_rules,
    print_findings,
    say,
    stop_with,
)
from .paper import deliver, output_option
from .progress import progress
from .units import GivenUnit, gather

_TABLES = (".csv", ".xlsx", ".xlsm")
_BY = {"类型": "type", "type": "type", "层级": "level", "level": "level", "地区": "region", "region": "region"}


@click.command("cohort")
@click.argument("units", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--rules", type=click.Path(path_type=Path), help="Ruleset file; the one that each unit file names by default.")
@click.option("--by", multiple=True, metavar="类型|层级|地区", help="Figures of each group: type, level or region; may be given again.")
@click.option("--full", metavar="NAME=POINTS,…", help="For a table: the columns that hold scores, each with its full score.")
@click.option("--grades", metavar="A,B,…", help="For a table: all grades, best first.")
@as_of_option
@click.option("--track", help="Another track: self, on_site, third_party (自评、实地评估、第三方).")
@click.option("--scope", help="What the units are called in the paragraph, such as 全省试点部门（单位）.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "paragraph"]), default="text", show_default=True)
@language_option
@json_option
@output_option
def cohort_command(
    units: tuple[Path, ...], rules: Path | None, by: tuple[str, ...], full: str | None, grades: str | None, as_of: date | None,
    track: str | None, scope: str | None, form: str, lang: Language | None, as_json: bool,
    output: Path | None,
) -> None:  # fmt: skip
    """Count up UNITS: unit files, folders of them, or one table of results (CSV, Excel). 一批单位的得分统计。

    Exit status: 0 every unit is decided, 1 errors in the data or the ruleset, 2 wrong
    usage, 3 some unit is not yet decided.
    """
    wrong = next((b for b in by if b not in _BY), None)
    if wrong is not None:
        raise click.UsageError(f"--by: {wrong}? 类型、层级、地区 / type, level, region")
    if track is not None and track not in TRACK_NAMES:
        raise click.UsageError(f"--track: {track}? self, on_site, third_party / 自评、实地评估、第三方")
    chosen = TRACK_NAMES[track] if track else None
    keys = tuple(dict.fromkeys(_BY[b] for b in by))
    tables = [p for p in units if p.suffix.lower() in _TABLES]
    if not tables:
        found, text, findings = _of_files(units, rules, keys, chosen, lang, as_json=as_json, as_of=as_of)
    elif len(units) > 1:
        raise click.UsageError("UNITS: one table alone, or unit files  一张表，或单位数据文件，不能混用")
    else:
        found, text, findings = _of_table(units[0], rules, _full(full), _listed(grades), keys, chosen, lang, as_json=as_json)
    text = CohortText(text.language, scope, text.track)
    if form == "paragraph" and not as_json and output is None:
        say(paragraph(found, text))
    else:
        told = [d for finding, pages in findings for d in findings_data([finding], pages, text.language)]
        document = cohort_document(found, text)
        data = partial(_data, found, text, told)
        deliver(document, text.language, data, output=output, as_json=as_json, markdown=form == "markdown")
    if not as_json:
        for finding, pages in findings:
            print_findings([finding], pages, text.language)
    failed = any(d.is_error for d, _ in findings) or any(u.state == "error" for u in found.units)
    open_ones = any(u.state in ("undecided", "withheld") for u in found.units)
    sys.exit(ERRORS if failed else UNDECIDED if open_ones else DONE)


def _data(found: CohortStatistics, text: CohortText, findings: list[dict[str, Any]]) -> dict[str, Any]:
    return {**cohort_data(found, text), "findings": findings}


_Findings = list[tuple[Diagnostic, Pages]]
_Counted = tuple[CohortStatistics, CohortText, _Findings]


def _full(text: str | None) -> dict[str, object] | None:
    if text is None:
        return None
    try:
        return dict(read_full_scores(text))
    except ValueError as error:
        raise click.UsageError(f"--full: {error}? 列名=满分，… / NAME=POINTS,…") from error


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(g.strip() for g in (text or "").replace("，", ",").replace("、", ",").split(",") if g.strip())


def _groups(units: Sequence[UnitScore], asked: tuple[str, ...]) -> tuple[str, ...]:
    """The groups asked for; by default type and level, where the units differ in it."""
    return asked or tuple(k for k in ("type", "level") if len({GROUPS[k](u) for u in units}) > 1)


def _of_table(
    path: Path, rules: Path | None, full: dict[str, object] | None, grades: tuple[str, ...], by: tuple[str, ...], track: Track | None,
    lang: Language | None, *, as_json: bool,
) -> _Counted:  # fmt: skip
    ruleset = load_rules(rules, lang, as_json=as_json)[1] if rules is not None else None
    language = lang or (ruleset.language if ruleset is not None else guess_language())
    if full is None and ruleset is None:
        raise click.UsageError('a table needs --full "NAME=POINTS,…" or --rules  得分表须用 --full 或 --rules 说明各列满分')
    columns = _columns(ruleset, full, grades)
    try:
        table = read_results_table(path, columns)
    except Unreadable as error:
        stop_with([error.diagnostic], {"file": (Page(path.name),)}, language, as_json=as_json)
    pages: Pages = {"file": (Page(path.name),)}
    if any(d.is_error for d in table.diagnostics):
        stop_with(table.diagnostics, pages, language, as_json=as_json)
    found = cohort_statistics(table.units, columns.grades, _groups(table.units, by))
    word = track or (ruleset.deciding_track if ruleset is not None else None)
    return found, CohortText(language, None, word), [(d, pages) for d in table.diagnostics]


def _columns(ruleset: Ruleset | None, full: dict[str, object] | None, grades: tuple[str, ...]) -> FullScores:
    """What the columns are out of: as written, else by the ruleset's level-1 indicators."""
    roots = ruleset.roots if ruleset is not None else ()
    scale = ruleset.scale() if ruleset is not None else None
    points = full if full is not None else {r.name: r.points for r in roots}
    own = frozenset(r.name for r in roots if r.individual)
    return FullScores(points, own, grades or (scale.grades if scale is not None else ()))  # type: ignore[arg-type]


def _of_files(
    paths: tuple[Path, ...], rules: Path | None, by: tuple[str, ...], track: Track | None, lang: Language | None, *, as_json: bool,
    as_of: date | None,
) -> _Counted:  # fmt: skip
    given = gather(paths, rules, lang, as_json=as_json, as_of=as_of)
    if not given.units and not given.findings:
        raise click.UsageError("UNITS: no unit file there  没有单位数据文件")
    language = lang or (given.units[0].ruleset.language if given.units else guess_language())
    results = _results(given.units, track, lang)
    found = of_results(results, language)
    if given.units:
        found = of_results(results, language, _groups(found.units, by))
    tracks = {r.track for r in results}
    findings = list(given.findings)
    other_days = sum(u.unit.own_as_of is not None for u in given.units)
    if as_of is not None and other_days:
        facts = {"day": as_of.isoformat(), "count": str(other_days)}
        findings.append((Diagnostic("W944", (), facts, source="file"), {"file": (Page("--as-of"),)}))
    return found, CohortText(language, None, tracks.pop() if len(tracks) == 1 else None), findings


def _results(given: Sequence[GivenUnit], track: Track | None, lang: Language | None) -> list[Result]:
    """Every unit's result, in the order given; units of one ruleset are compared with each other."""
    found: dict[int, Result] = {}
    for digest in dict.fromkeys(u.ruleset.digest for u in given):
        places = [i for i, u in enumerate(given) if u.ruleset.digest == digest]
        units = [given[i].unit for i in places]
        results = evaluate_cohort(given[places[0]].ruleset, units, track, lambda units: progress(units, lang))
        found.update(zip(places, results, strict=True))
    return [found[i] for i in range(len(given))]
