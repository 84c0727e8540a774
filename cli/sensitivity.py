"""``ruleeval sensitivity``: which weights, thresholds and data can move a grade."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import click

from ..dsl.diagnostics import Diagnostic, nearest
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..dsl.numbers import Exact, divide, exact_text, read_decimal
from ..engine.sensitivity import Cohort, cohort_of, inputs, numbers, standing, weights
from ..engine.unit import UnitData
from ..engine.weights import WrongShift, reweighted, top_alone
from ..files.results_table import FullScores, read_headings, read_results_table
from ..files.text import Unreadable
from ..report.as_markdown import to_markdown
from ..report.as_text import to_text
from ..report.document import Document
from ..report.pages import Page, Pages
from ..report.sensitivity_report import Report, reweighted_data, reweighted_document, sensitivity_data, sensitivity_document
from .common import (
    DONE,
    ERRORS,
    UNDECIDED,
    findings_data,
    json_option,
    language_option,
    load_rules,
    print_findings,
    print_json,
    say,
    stop_with,
    terminal_width,
    use_colour,
)
from .progress import working
from .units import gather

_TABLES = (".csv", ".xlsx", ".xlsm")
_SHIFT = re.compile(r"\s*(?P<code>[A-Za-z]+[0-9.]*)\s*[=＝]\s*(?P<sign>[-+−＋－])\s*(?P<points>[0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(?:分|points?)?\s*\Z")
_SHARE = re.compile(r"(?P<number>[0-9]{1,2}(?:\.[0-9]{1,6})?)[%％]\Z")
_Findings = list[tuple[Diagnostic, Pages]]
_Thing = TypeVar("_Thing")


@click.command("sensitivity")
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("units", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--by", "share", default="10%", show_default=True, help="How far weights, numbers and data are moved, as a share of themselves.")
@click.option("--weight", "shifts", multiple=True, metavar="CODE=±POINTS,…", help="Other weights: what these do to all units; they must come to nothing.")
@click.option("--in-proportion", is_flag=True, help="With --weight: the siblings of what is moved make up for it in proportion.")
@click.option("--prove", is_flag=True, help="Ask the solver whether what does nothing here does nothing to any unit at all.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, show_default=True, help='With --prove: time limit; what is left then is "not decided".')
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@language_option
@json_option
def sensitivity_command(
    rules: Path, units: tuple[Path, ...], share: str, shifts: tuple[str, ...], in_proportion: bool, prove: bool, seconds: int, form: str,
    lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Which weights, thresholds and data can move a grade of UNITS under RULES. 哪些权重、界限和数据会改变等次。

    UNITS are unit files, folders of them, or one table of results (CSV, Excel) with the
    scores of the level-1 indicators, by which only weights and grades can be judged.

    Exit status: 0 done, 1 errors in the data or the ruleset, 2 wrong usage, 3 some unit is
    not yet decided.
    """
    if prove:
        from .prove import need_solver

        need_solver()
    if in_proportion and not shifts:
        raise click.UsageError("--in-proportion goes with --weight  --in-proportion 与 --weight 同用")
    by = _share(share)
    loaded, ruleset = load_rules(rules, lang, as_json=as_json)
    language = lang or loaded.language
    moved = _shifts(shifts)
    if any(p.suffix.lower() in _TABLES for p in units):
        if len(units) > 1:
            raise click.UsageError("UNITS: one table alone, or unit files  一张表，或单位数据文件，不能混用")
        below = next((c for c in moved if c in ruleset.by_code and ruleset.by_code[c] not in ruleset.roots), None)
        if below is not None:
            raise click.UsageError(f"--weight: {below}? 表里只有一级指标的得分 / the table has the scores of level-1 indicators alone")
        ruleset, given, left, findings = _of_table(units[0], ruleset, language, as_json=as_json)
    else:
        gathered = gather(units, rules, lang, as_json=as_json)
        given, left, findings = tuple(u.unit for u in gathered.units), (), gathered.findings
    if not given and not findings:
        raise click.UsageError("UNITS: no unit file there  没有单位数据文件")
    cohort = cohort_of(ruleset, given)
    if moved:
        document, data = _reweighted(cohort, moved, left, language, in_proportion=in_proportion)
    else:
        report = _report(cohort, by, left, language, seconds if prove else 0)
        document, data = sensitivity_document(report, language), sensitivity_data(report)
    _print(document, data, findings, language, form, as_json=as_json)
    failed = any(d.is_error for d, _ in findings) or any(r.state == "error" for r in cohort.results)
    sys.exit(ERRORS if failed else UNDECIDED if any(r.state in ("undecided", "withheld") for r in cohort.results) else DONE)


def _print(document: Document, data: dict[str, object], findings: _Findings, language: Language, form: str, *, as_json: bool) -> None:
    if as_json:
        told = [d for finding, pages in findings for d in findings_data([finding], pages, language)]
        print_json({**data, "findings": told})
        return
    say(to_markdown(document) if form == "markdown" else to_text(document, terminal_width(), colour=use_colour()))
    for finding, pages in findings:
        print_findings([finding], pages, language)


# ---- what is asked for ---------------------------------------------------------------------------


def _share(text: str) -> Exact:
    match = _SHARE.match(text.strip())
    share = divide(read_decimal(match["number"]), 100) if match is not None else 0
    if not share:
        raise click.UsageError(f"--by: {text}? 10%、2.5% …，大于0、小于100% / more than 0, less than 100%")
    return share


def _shifts(written: Sequence[str]) -> dict[str, Exact]:
    """``D=+5,E=-5`` as points by code."""
    found: dict[str, Exact] = {}
    for part in (p for text in written for p in re.split("[,，;；]", text) if p.strip()):
        match = _SHIFT.match(part)
        if match is None or match["code"] in found:
            raise click.UsageError(f"--weight: {part.strip()}? D=+5,E=-5")
        points = read_decimal(match["points"])
        found[match["code"]] = -points if match["sign"] in "-−－" else points
    return found


def _reweighted(
    cohort: Cohort, moved: dict[str, Exact], left: Sequence[str], language: Language, *, in_proportion: bool
) -> tuple[Document, dict[str, object]]:
    try:
        other = reweighted(cohort.ruleset, moved, in_proportion=in_proportion)
    except WrongShift as wrong:
        raise click.UsageError(f"--weight: {_wrong(wrong, cohort.ruleset)}") from wrong
    after = cohort.under(other.ruleset)
    return reweighted_document(cohort, other, after, left, language), reweighted_data(cohort, other, after, left)


def _wrong(wrong: WrongShift, ruleset: Ruleset) -> str:
    """Why weights cannot be moved so, and what would do."""
    match wrong.kind:
        case "unknown":
            near = nearest(wrong.code, tuple(ruleset.by_code))
            return f"{wrong.code}? {near or ', '.join(r.code for r in ruleset.roots)}  没有指标“{wrong.code}” / no such indicator"
        case "nested":
            return f"{wrong.code} 在 {wrong.other} 之下，只能动其中一个 / {wrong.code} lies below {wrong.other}: move one of them"
        case "negative":
            amount = exact_text(wrong.amount)
            return f"{wrong.code} 会成为{amount}分，须大于0 / {wrong.code} would have {amount} points, and needs more than 0"
    missing = exact_text(-wrong.amount) if wrong.amount < 0 else f"+{exact_text(wrong.amount)}"
    back = exact_text(-wrong.amount) if wrong.amount > 0 else f"+{exact_text(-wrong.amount)}"
    one = next((i.code for i in ruleset.indicators if _beside(ruleset, wrong.code, i.code)), None)
    zh = f"{wrong.other or '满分'}会相差{missing}分；写明由谁补足" + (f"，如 {one}={back}，或用 --in-proportion" if one else "：没有同级指标可以补足")
    en = f"{wrong.other or 'the full score'} would be out by {missing}; say what makes up for it" + (
        f", such as {one}={back}, or --in-proportion" if one else ": there is no other indicator beside it"
    )
    return f"{zh} / {en}"


def _beside(ruleset: Ruleset, code: str, other: str) -> bool:
    one, two = ruleset.by_code[code], ruleset.by_code[other]
    return code != other and one.parent == two.parent and one.individual == two.individual


# ---- what is found ---------------------------------------------------------------------------------


def _report(cohort: Cohort, by: Exact, left: tuple[str, ...], language: Language, seconds: int) -> Report:
    standings = tuple(standing(cohort.ruleset, r) for r in cohort.results)
    zh = language == "zh"
    moved = _all("权重" if zh else "weights", weights(cohort, by))
    changed = _all("规则里的数" if zh else "numbers", numbers(cohort, by))
    report = Report(cohort, by, standings, moved, changed, _all("数据" if zh else "data", inputs(cohort, by)), left)
    if not seconds:
        return report
    from ..engine.solver.never import never_matters

    silent = [f for f in (*moved, *changed) if f.never and f.moves]
    answers = _all("证明" if zh else "proofs", never_matters(cohort.ruleset, silent, seconds))
    return replace(report, proofs=tuple(zip(silent, answers, strict=True)))


def _all(title: str, things: Iterable[_Thing]) -> tuple[_Thing, ...]:
    return tuple(working(title, things))


def _of_table(path: Path, ruleset: Ruleset, language: Language, *, as_json: bool) -> tuple[Ruleset, tuple[UnitData, ...], tuple[str, ...], _Findings]:
    """The units of a table of results, and the ruleset of which only level-1 scores are known."""
    pages: Pages = {"file": (Page(path.name),)}
    try:
        heads = read_headings(path)
        columns = {next((n for n in _called(ruleset, r.code) if n in heads), r.name): r for r in ruleset.roots}
        table = read_results_table(path, FullScores({c: r.points for c, r in columns.items()}, frozenset(c for c, r in columns.items() if r.individual)))
    except Unreadable as error:
        stop_with([error.diagnostic], pages, language, as_json=as_json)
    if any(d.is_error for d in table.diagnostics):
        stop_with(table.diagnostics, pages, language, as_json=as_json)
    alone, left = top_alone(ruleset)
    as_of = ruleset.effective.start or date.today()
    units = []
    for one in table.units:
        values = {columns[p.name].code: p.score for p in one.parts if p.score is not None}
        units.append(UnitData(one.name, one.unit_type, as_of, one.level, values=values, region=one.region))
    return alone, tuple(units), left, [(d, pages) for d in table.diagnostics]


def _called(ruleset: Ruleset, code: str) -> tuple[str, ...]:
    """What a column with the scores of a level-1 indicator may be called."""
    root = ruleset.by_code[code]
    names = (root.name, root.code, f"{root.code} {root.name}")
    only = root.individual and sum(r.individual for r in ruleset.roots) == 1
    return (*names, "个性指标", "individual indicators") if only else names
