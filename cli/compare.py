"""``ruleeval compare``: self-evaluation, on-site evaluation and third party side by side."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..dsl.diagnostics import Diagnostic, Fact
from ..dsl.keywords import Language
from ..dsl.numbers import Exact, read_decimal
from ..engine.evaluate import evaluate
from ..engine.intake import TRACK_NAMES
from ..engine.record import Result
from ..engine.tracks import compare_tracks
from ..engine.unit import TRACKS, Track
from ..report.track_report import tracks_data, tracks_document
from .common import (
    DONE,
    UNDECIDED,
    Case,
    findings_data,
    json_option,
    language_option,
    load_case,
    pages_of,
    print_findings,
    rules_option,
    stop_with,
)
from .paper import deliver, output_option


def _limit(context: click.Context, parameter: click.Parameter, value: str | None) -> Exact | None:
    try:
        return None if value is None else read_decimal(value.strip())
    except ValueError as error:
        raise click.BadParameter(f"{value}: 0.5?", context, parameter) from error


@click.command("compare")
@click.argument("units", nargs=-1, required=True, type=click.Path(path_type=Path))
@rules_option
@click.option("--tracks", help="Which tracks, in order, such as self,on_site (自评、实地评估); those that were assessed by default.")
@click.option("--over", "limit", callback=_limit, metavar="POINTS", help="List only indicators that differ by more; the others as one sum.")
@language_option
@json_option
@output_option
def compare_command(
    units: tuple[Path, ...], rules: Path | None, tracks: str | None, limit: Exact | None, lang: Language | None, as_json: bool, output: Path | None
) -> None:
    """Compare the tracks of one unit: all in one UNIT file, or one in each of several. 各轨道得分对照。

    Differences are the second track less the first and add up to that of the totals.  The
    grade is that of the deciding track alone.  Exit status: 0 compared, 1 errors, 2 wrong
    usage, 3 something is still open.
    """
    cases = [load_case(u, rules, lang, as_json=as_json) for u in units]
    first = cases[0]
    _one_unit(cases, as_json=as_json)
    results = _results(cases, _asked(tracks))
    found = [d for r in results for d in r.diagnostics if d.is_error]
    if found:
        stop_with(found, pages_of(first.loaded, first.raw), first.language, as_json=as_json)
    compared = compare_tracks(results)
    told = [d for c in cases for d in c.found if d.code == "W883"]
    pages = pages_of(first.loaded, cases[-1].raw)
    deliver(
        tracks_document(compared, limit, first.language), first.language,
        lambda: {**tracks_data(compared, limit), "findings": findings_data(told, pages, first.language)}, output=output, as_json=as_json,
    )  # fmt: skip
    if not as_json:
        print_findings(told, pages, first.language)
    sys.exit(DONE if compared.rest is not None else UNDECIDED)


def _asked(tracks: str | None) -> tuple[Track, ...]:
    names = [] if tracks is None else [t for t in tracks.replace("、", ",").replace("，", ",").split(",") if t.strip()]
    odd = next((n for n in names if n.strip() not in TRACK_NAMES), None)
    if odd is not None:
        raise click.UsageError(f"--tracks: {odd}? self, on_site, third_party / 自评、实地评估、第三方")
    return tuple(TRACK_NAMES[n.strip()] for n in names)


def _one_unit(cases: list[Case], *, as_json: bool) -> None:
    """Several files must be about one unit under one ruleset."""
    first = cases[0]
    for case in cases[1:]:
        if (case.unit.name, case.ruleset.digest) != (first.unit.name, first.ruleset.digest):
            facts: dict[str, Fact] = {"first": first.raw.name, "second": case.raw.name}
            stop_with([Diagnostic("E878", (), facts, source="unit")], pages_of(first.loaded, first.raw), first.language, as_json=as_json)


def _results(cases: list[Case], asked: tuple[Track, ...]) -> list[Result]:
    """A result for each track, each from the file that holds it; at least two."""
    given: dict[Track, Case] = {}
    for case in cases:
        own = [t for t in TRACKS if t in case.unit.assessments]
        for track in own:
            if track in given and track in (asked or own) and len(cases) > 1:
                raise click.UsageError(f"{track}: in two files; name the tracks with --tracks  两个文件里都有这个轨道，用 --tracks 写明")
            given.setdefault(track, case)
    chosen = asked or tuple(t for t in TRACKS if t in given)
    missing = [t for t in chosen if t not in given]
    if missing or len(chosen) < 2:
        shown = ", ".join(given) or "–"
        raise click.UsageError(f"two assessed tracks are needed; there are: {shown}  至少要有两个轨道的评定，现有：{shown}")
    return [evaluate(given[t].ruleset, given[t].unit, t) for t in chosen]



