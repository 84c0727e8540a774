"""``ruleeval report``: the papers about a unit, or the workbook of many units."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..engine.evaluate import evaluate
from ..engine.explain import explain
from ..engine.intake import TRACK_NAMES
from ..engine.problems import problems_in
from ..engine.record import Result
from ..engine.unit import TRACKS, Track
from ..files.text import Unreadable, read_bytes
from ..report.document import Document, Letter
from ..report.extras import Missing, needed
from ..report.unit_report import findings_in, unit_report
from ..report.word_form import Form, default_template
from .check import STATUS
from .common import DONE, ERRORS, guess_language, json_option, language_option, load_case, pages_of, print_findings, rules_option
from .ledger_common import opened
from .paper import deliver, output_option, save, stop, write_paper
from .problems import day_of
from .progress import progress
from .units import Gathered, each_unit, unit_files

_YEAR = re.compile(r"[\[［(（〔]\s*(\d{4})\s*[\]］)）〕]")


@click.command("report")
@click.argument("units", nargs=-1, type=click.Path(path_type=Path))
@output_option
@rules_option
@click.option("--track", help="Another track: self, on_site, third_party (自评、实地评估、第三方).")
@click.option("--ledger", "place", help="Tell the unit's problems as they stand in this ledger, not those of lost points.")
@click.option("--number", default="", help="Document number, such as 辽编评〔2022〕15号.")
@click.option("--addressee", default="", help="Who the paper goes to.")
@click.option("--signed", default="", help="Who signs it.")
@click.option("--dated", callback=day_of, help="Date of the paper.")
@click.option("--template", type=click.Path(path_type=Path, dir_okay=False), help="A Word template of your own.")
@click.option("--write-template", type=click.Path(path_type=Path, dir_okay=False), help="Write the built-in template here, to be edited in Word.")
@click.option("--line-spacing", type=click.IntRange(20, 40), default=30, show_default=True, help="Points from line to line in Word.")
@click.option("--bold-level3", is_flag=True, help="Bold headings of the third rank in Word.")
@language_option
@json_option
def report_command(
    units: tuple[Path, ...], output: Path | None, rules: Path | None, track: str | None, place: str | None, number: str, addressee: str, signed: str,
    dated: date | None, template: Path | None, write_template: Path | None, line_spacing: int, bold_level3: bool, lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Write the whole report on a unit, or a workbook of the results of many UNITS. 单位评估报告，或一批单位的结果表。

    With several units or a folder the file must be .xlsx.

    Exit status: as `ruleeval check`; for several units 0, or 1 if a file cannot be used.
    """
    form = Form(line_spacing, bold_level3)
    if write_template is not None:
        _write_template(write_template, form, lang or guess_language())
        return
    if not units:
        raise click.UsageError("UNITS: a unit file  请给出单位数据文件")
    chosen = _track(track)
    if len(units) > 1 or units[0].is_dir():
        if output is None or output.suffix.lower() != ".xlsx":
            raise click.UsageError("several units go into one workbook: -o FILE.xlsx  多个单位请用 -o 文件.xlsx")
        sys.exit(_many(units, output, rules, chosen, lang))
    case = load_case(units[0], rules, lang, as_json=as_json)
    result = evaluate(case.ruleset, case.unit, chosen)
    language = case.language
    found = None
    if place is not None:
        with opened(place, language, as_json=as_json) as ledger:
            found = findings_in([p for p in problems_in(ledger.entries()).values() if p.unit == case.unit.name], language)
    letter = Letter(_YEAR.sub(r"〔\1〕", number), addressee, signed, dated)
    if result.state == "error":
        print_findings(result.diagnostics, pages_of(case.loaded, case.raw), language)
        sys.exit(ERRORS)
    document = unit_report(_tracks(result), explain(result, language), letter, found)
    _deliver(document, result, output, template, form, language, as_json=as_json)
    sys.exit(STATUS[result.state])


def _track(track: str | None) -> Track | None:
    if track is not None and track not in TRACK_NAMES:
        raise click.UsageError(f"--track: {track}? self, on_site, third_party / 自评、实地评估、第三方")
    return TRACK_NAMES[track] if track else None


def _tracks(result: Result) -> list[Result]:
    """The result, and those of other tracks that have figures of their own, in the order of tracks."""
    given = {t for t in TRACKS if result.unit.assessments.get(t)} | {result.track}
    return [result if t == result.track else evaluate(result.ruleset, result.unit, t) for t in TRACKS if t in given]


def _deliver(
    document: Document, result: Result, output: Path | None, template: Path | None, form: Form, language: Language, *, as_json: bool
) -> None:
    from ..report.as_data import full_result_data

    if template is None and output is None:
        deliver(document, language, lambda: full_result_data(result), as_json=as_json)
        return
    if output is None or (template is not None and output.suffix.lower() not in (".docx", ".pdf")):
        raise click.UsageError("--template goes with -o FILE.docx or .pdf  模板用于 -o 文件.docx 或 .pdf")
    content = None
    if template is not None:
        try:
            content = read_bytes(template)
        except Unreadable as error:
            stop(template, error.diagnostic, language)
    write_paper(output, document, language, lambda: full_result_data(result), (template, content) if template is not None and content else None, form)


def _write_template(path: Path, form: Form, language: Language) -> None:
    try:
        needed("docx")
    except Missing as missing:
        stop(path, Diagnostic("E981", (), {"path": path.name, "library": missing.name}, source="file"), language)
    save(path, default_template(form, language), language)


def _many(units: tuple[Path, ...], output: Path, rules: Path | None, track: Track | None, lang: Language | None) -> int:
    """Write the workbook of many units, each read, evaluated, written and let go."""
    from ..files.paper_file import written_whole
    from ..report.results_book import write_results

    language = lang or guess_language()
    paths = list(unit_files(units))
    if not paths:
        raise click.UsageError("UNITS: no unit file there  没有单位数据文件")
    found = Gathered()

    def results() -> Iterator[Result]:
        for one in each_unit(progress(paths, lang), rules, lang, found, as_json=False):
            yield evaluate(one.ruleset, one.unit, track)

    try:
        with written_whole(output) as stream:
            count = write_results(stream, results(), language)
    except Missing as missing:
        stop(output, Diagnostic("E981", (), {"path": output.name, "library": missing.name}, source="file"), language)
    except OSError as error:
        raise click.UsageError(f"{output}: cannot be written  无法写入（{error.strerror}）") from error
    for finding, pages in found.findings:
        print_findings([finding], pages, language)
    click.echo(f"已写入 {output}：{count}个单位" if language == "zh" else f"written: {output}, {count} unit{'s' * (count != 1)}")
    return ERRORS if found.failed else DONE
