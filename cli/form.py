"""``ruleeval form``: a workbook that a unit fills in."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..engine.intake import TRACK_NAMES
from ..engine.unit import Track
from .common import guess_language, language_option, load_rules, replace_file, say, stop_with
from .export import find_missing


@click.command("form")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Workbook (.xlsx) to write.")
@click.option("--track", "tracks", multiple=True, help="Who fills in what is assessed: self, on_site, third_party; the deciding track by default.")
@click.option("--force", is_flag=True, help="Write over a workbook that is there already.")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print findings, if any, as JSON.")
def form_command(rules: Path, output: Path, tracks: tuple[str, ...], force: bool, lang: Language | None, as_json: bool) -> None:
    """Write the form of RULES that a unit fills in. 生成单位填报用的工作簿。

    ``ruleeval check`` takes the filled-in workbook as it takes JSON.
    """
    unknown = [t for t in tracks if t not in TRACK_NAMES]
    if unknown:
        raise click.UsageError(f"--track: {unknown[0]}? self, on_site, third_party / 自评、实地评估、第三方")
    if output.exists() and not force:
        raise click.UsageError(f"{output} exists already; --force writes over it  文件已存在，未改动；--force 覆盖")
    if find_missing() is not None:
        stop_with([Diagnostic("E774", (), {"name": output.name}, source="file")], {}, lang or guess_language(), as_json=as_json)
    from ..report.form_workbook import form_workbook

    loaded, ruleset = load_rules(rules, lang, as_json=as_json)
    chosen: list[Track] = [TRACK_NAMES[t] for t in dict.fromkeys(tracks)] or [ruleset.deciding_track]
    try:
        shown = Path(os.path.relpath(loaded.path.resolve(), output.resolve().parent)).as_posix()
    except ValueError:  # another drive on Windows
        shown = loaded.path.resolve().as_posix()
    replace_file(output, form_workbook(ruleset, chosen, shown))
    say(str(output))
