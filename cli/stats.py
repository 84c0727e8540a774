"""``ruleeval stats``: what rulesets are made of, by counting."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.indicator_statistics import SetFigures, layers_amiss, set_figures
from ..files.ruleset_file import LoadedRuleset
from ..files.ruleset_set import located, offered_in, unit_layers_of
from ..files.text import Unreadable
from ..report.as_markdown import to_markdown
from ..report.as_text import to_text
from ..report.pages import Page
from ..report.statistics_sheet import statistics_data, statistics_sheet
from .common import (
    DONE,
    findings_data,
    guess_language,
    json_option,
    language_option,
    load_rules,
    pages_of,
    print_findings,
    print_json,
    say,
    stop_with,
    terminal_width,
    use_colour,
)
from .progress import progress


@click.command("stats")
@click.argument("rules", nargs=-1, required=True, metavar="RULES-OR-FOLDER…")
@click.option("--base", multiple=True, metavar="OLD", help="A ruleset or folder to count new evaluation points against; may be given again.")
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@language_option
@json_option
def stats_command(rules: tuple[str, ...], base: tuple[str, ...], form: str, lang: Language | None, as_json: bool) -> None:
    """Count the indicators and evaluation points of rulesets. 统计指标和评估要点。

    Each of RULES and OLD is a file, NAME@VERSION, a folder of templates and unit layers, or
    REVISION:PATH in git.
    """
    with ExitStack() as open_places:
        loaded, before = (_loaded(texts, open_places, lang, as_json=as_json) for texts in (rules, base))
        found = set_figures([r for _, r in loaded], [r for _, r in before])
        language = lang or (loaded[0][1].language if loaded else guess_language())
        _tell(found, loaded, form, language, as_json=as_json)
    sys.exit(DONE)


def _loaded(texts: Sequence[str], open_places: ExitStack, lang: Language | None, *, as_json: bool) -> list[tuple[LoadedRuleset, Ruleset]]:
    paths: list[Path] = []
    for text in texts:
        try:
            place = open_places.enter_context(located(text))
        except Unreadable as error:
            stop_with([error.diagnostic], {"file": (Page(text),)}, lang or guess_language(), as_json=as_json)
        inside = list(_inside(place)) if place.is_dir() else [place]
        if not inside:
            raise click.UsageError(f"{text}: no .rules file there  没有找到 .rules 文件")
        paths += inside
    return [load_rules(path, lang, as_json=as_json) for path in progress(list(dict.fromkeys(paths)), lang)]


def _inside(folder: Path) -> Iterator[Path]:
    """The templates of a folder, and the layers of single units."""
    yield from (f.path for f in offered_in(folder))
    yield from (f.path for f in unit_layers_of(folder))


def _tell(found: SetFigures, loaded: Sequence[tuple[LoadedRuleset, Ruleset]], form: str, language: Language, *, as_json: bool) -> None:
    of_ruleset = {id(ruleset): one for one, ruleset in loaded}
    amiss = [(of_ruleset[id(ruleset)], diagnostic) for ruleset, diagnostic in layers_amiss(found.layers)]
    if as_json:
        findings = [f for one, d in amiss for f in findings_data([d], pages_of(one), language)]
        print_json({**statistics_data(found), "findings": findings})
        return
    document = statistics_sheet(found, language)
    say(to_markdown(document) if form == "markdown" else to_text(document, terminal_width(), colour=use_colour()))
    for one, diagnostic in amiss:
        print_findings([diagnostic], pages_of(one), language)
