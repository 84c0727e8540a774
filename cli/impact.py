"""``ruleeval impact``: what a change of ruleset does to units, and which change does it."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from ..dsl.keywords import Language
from ..dsl.layers.difference import Version, difference
from ..engine.impact import Impact, UnitImpact, impact_between
from ..files.ruleset_file import resolve_ruleset_file
from ..files.ruleset_set import located
from ..files.text import Unreadable
from ..files.two_versions import both_readings, in_force_always
from ..files.unit_file import RawUnit, on_day, read_unit
from ..report.impact_sheet import impact_data, impact_sheet, story
from ..report.pages import Page
from .common import (
    DONE,
    ERRORS,
    UNDECIDED,
    as_of_option,
    guess_language,
    json_option,
    language_option,
    load_rules,
    pages_of,
    print_findings,
    stop_with,
)
from .diff import given_pairs
from .paper import deliver, output_option
from .units import unit_files


@click.command("impact")
@click.argument("old")
@click.argument("new")
@click.argument("units", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--match", "matches", multiple=True, metavar="OLD=NEW", help="Say that two codes are the same indicator.")
@as_of_option
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@language_option
@json_option
@output_option
def impact_command(
    old: str, new: str, units: tuple[Path, ...], matches: tuple[str, ...], as_of: date | None, form: str, lang: Language | None,
    as_json: bool, output: Path | None,
) -> None:
    """Evaluate UNITS (files or folders) under OLD and NEW and share out the difference. 改动对各单位的影响。"""
    impact = _impact(old, new, given_pairs(matches), lang, as_json=as_json)
    language = lang or impact.new.ruleset.language
    paths = list(unit_files(units))
    if not paths:
        raise click.UsageError("UNITS: no unit file there  没有单位数据文件")
    found: list[UnitImpact] = []
    failed = False
    with click.progressbar(paths, file=sys.stderr, hidden=not sys.stderr.isatty() or len(paths) < 20) as bar:
        for path in bar:
            one = unit_impact(impact, path, language, as_of)
            failed = failed or one is None
            found += [one] if one is not None else []
    deliver(
        impact_sheet(impact, found, language), language, lambda: impact_data(impact, found, language),
        output=output, as_json=as_json, markdown=form == "markdown",
    )  # fmt: skip
    sys.exit(ERRORS if failed else DONE)


def tell_story(
    old: str, new: str, unit: Path, as_of: date | None, lang: Language | None, *, as_json: bool, markdown: bool, output: Path | None
) -> None:
    """Print one unit's story from the old ruleset to the new one, and end the program."""
    impact = _impact(old, new, {}, lang, as_json=as_json)
    language = lang or impact.new.ruleset.language
    found = unit_impact(impact, unit, language, as_of)
    if found is None:
        sys.exit(ERRORS)
    document = story(impact, found, difference(impact.old, impact.new), language)
    deliver(document, language, lambda: impact_data(impact, [found], language), output=output, as_json=as_json, markdown=markdown)
    sys.exit(DONE if found.difference is not None else UNDECIDED)


def _impact(old: str, new: str, given: dict[str, str], lang: Language | None, *, as_json: bool) -> Impact:
    """Two rulesets ready to be held against units, or the end of the program with every error."""
    versions = []
    for text in (old, new):
        try:
            with located(text) as path:
                loaded, ruleset = load_rules(path, lang, as_json=as_json)
                versions.append(Version(in_force_always(ruleset), resolve_ruleset_file(loaded)))
        except Unreadable as error:
            stop_with([error.diagnostic], {"file": (Page(text),)}, lang or guess_language(), as_json=as_json)
    return impact_between(versions[0], versions[1], given)


def unit_impact(impact: Impact, path: Path, language: Language, as_of: date | None = None) -> UnitImpact | None:
    """One unit file under both versions; what stands in the way is printed."""
    try:
        raw: RawUnit = on_day(read_unit(path), as_of)
    except Unreadable as error:
        print_findings([replace(error.diagnostic, source="file")], {"file": (Page(str(path)),)}, language)
        return None
    old, new, found = both_readings(raw, impact.old.ruleset, impact.new.ruleset, impact.pairs)
    if old is None or new is None:
        print_findings(found, pages_of(None, raw), language)
        return None
    return impact.unit(old, new)
