"""``ruleeval batch``: evaluate a table of units, however long, exactly as ``check`` does each."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.intake import TRACK_NAMES
from ..engine.unit import Track, UnitData
from ..files.text import Unreadable
from ..report.pages import Page
from .common import (
    DONE,
    ERRORS,
    UNDECIDED,
    json_option,
    language_option,
    load_rules,
    print_json,
    say,
    stop_with,
)

if TYPE_CHECKING:
    from ..files.tables.batch import Job, Progress, Summary
    from ..files.tables.layout import Layout
    from ..files.tables.sources import LongTable, Source

_IDENTITY = ("unit", "unit_type", "level", "region", "period", "as_of")


@click.command("batch")
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("units")
@click.option("--output", "-o", "out", required=True, help="Result: .parquet, .csv or .jsonl, or the URL of a database with --into.")
@click.option("--table", help="Where UNITS is the URL of a database: the table to read.")
@click.option("--into", help="Where the result is the URL of a database: the table to make.")
@click.option("--records", multiple=True, metavar="NAME=FILE", help="A long table (unit a row) of an item's records, or of evidence; may be given again.")
@click.option("--track", help="Evaluate another track: self, on_site, third_party (自评、实地评估、第三方).")
@click.option("--as-of", help="The date of every unit, where the table has no such column.")
@click.option("--unit-type", help="The type of every unit, where the table has no such column.")
@click.option("--levels", type=click.IntRange(1, 3), default=3, show_default=True, help="Scores down to which level of indicators.")
@click.option("--explain", "where", metavar="WHERE", help="Full explanations of the units for which this holds, such as \"grade = 'poor' and score < 50\".")
@click.option("--explain-most", type=click.IntRange(1), default=100, show_default=True, help="At most so many explanations.")
@click.option("--partial", is_flag=True, help="Items without a column are missing for every unit.")
@click.option("--ignore-unknown", is_flag=True, help="Let columns be that the ruleset knows nothing of.")
@click.option("--fresh", is_flag=True, help="Begin anew, whatever an earlier run has left.")
@click.option("--threads", type=click.IntRange(1), help="Threads to work on; all cores by default.")
@language_option
@json_option
def batch_command(
    rules: Path, units: str, out: str, table: str | None, into: str | None, records: tuple[str, ...], track: str | None, as_of: str | None,
    unit_type: str | None, levels: int, where: str | None, explain_most: int, partial: bool, ignore_unknown: bool, fresh: bool,
    threads: int | None, lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Evaluate UNITS (Parquet, CSV, JSON lines, a folder, a database) by RULES. 成批评估。

    Exit status: 0 every unit is decided, 1 some rows are in error or nothing could be
    done, 2 wrong usage, 3 some unit is not yet decided.
    """
    if track is not None and track not in TRACK_NAMES:
        raise click.UsageError(f"--track: {track}? self, on_site, third_party / 自评、实地评估、第三方")
    _, ruleset = load_rules(rules, lang, as_json=as_json)
    language = lang or ruleset.language
    target = _target(out, into)
    constants = {k: v for k, v in (("as_of", as_of), ("unit_type", unit_type)) if v is not None}
    try:
        from ..files.tables import batch as batches
        from ..files.tables.sources import NotReadable
    except ImportError:
        stop_with([Diagnostic("E999", (), {}, source="file")], {}, language, as_json=as_json)
    chosen: Track = TRACK_NAMES[track] if track else ruleset.deciding_track
    from ..files.tables.intake import Unfit

    try:
        source, long = _source(units, table, records)
        layout = _layout(source, ruleset, chosen, constants, long, partial=partial, ignore_unknown=ignore_unknown)
        job = _job(ruleset, source, layout, chosen, target, out, into, levels, language, long)
        job = replace(job, explain_where=_where(where), explain_most=explain_most, threads=threads or os.cpu_count() or 1)
        with _bar(language) as watch:
            summary = batches.run(job, lambda unit: _explanation(ruleset, unit, chosen, language), watch, fresh=fresh)
    except (NotReadable, batches.NotWritten, Unreadable) as error:
        stop_with([error.diagnostic], {"file": (Page(units),), "table": (Page(units),)}, language, as_json=as_json)
    except Unfit as error:
        stop_with(error.found, {"table": (Page(units),)}, language, as_json=as_json)
    _tell(summary, job, language, as_json=as_json)
    bad = summary.problems or any(summary.states[s] for s in ("invalid", "error"))
    sys.exit(ERRORS if bad else UNDECIDED if any(summary.states[s] for s in ("undecided", "withheld")) else DONE)


def _target(out: str, into: str | None) -> Path:
    """The file of the result; for a database, the name that the work beside it goes by."""
    if "://" in out:
        if into is None:
            raise click.UsageError("--into: which table to make  写明结果放进哪张表")
        return Path(f"{into}.parquet")
    path = Path(out)
    if path.suffix.lower() not in (".parquet", ".csv", ".jsonl"):
        raise click.UsageError(f"--output: {out}? .parquet, .csv, .jsonl")
    if not path.parent.is_dir():
        raise click.UsageError(f"--output: {path.parent}: no such folder  没有这个文件夹")
    return path


def _source(units: str, table: str | None, records: tuple[str, ...]) -> tuple[Source, tuple[LongTable, ...]]:
    from ..files.tables.sources import LongTable, source_of

    long = []
    for pair in records:
        name, sign, path = pair.partition("=")
        if not sign:
            raise click.UsageError(f"--records: {pair}? NAME=FILE")
        long.append(LongTable({"佐证": "evidence"}.get(name, name), Path(path)))
    return source_of(units, table), tuple(long)


def _layout(
    source: Source, ruleset: Ruleset, track: Track, constants: Mapping[str, str], long: tuple[LongTable, ...], *,
    partial: bool, ignore_unknown: bool,
) -> Layout | None:  # fmt: skip
    from ..files.tables.intake import Unfit
    from ..files.tables.layout import layout_of

    if source.columns is None:
        return None
    names = frozenset(t.name for t in long)
    unknown = names - {d.name for d in ruleset.data} - {"evidence"}
    if unknown:
        raise click.UsageError(f"--records: {'; '.join(sorted(unknown))}: no such item  没有这个数据项")
    layout, found = layout_of(
        source.columns, ruleset, track, constants, long=names, partial=partial, ignore_unknown=ignore_unknown
    )
    if layout is None:
        raise Unfit(found)
    return layout


def _job(
    ruleset: Ruleset, source: Source, layout: Layout | None, track: Track, target: Path, out: str, into: str | None, levels: int,
    language: Language, long: tuple[LongTable, ...],
) -> Job:  # fmt: skip
    from ..files.tables.batch import Database, Job
    from ..files.tables.output import Shape

    told = _IDENTITY if layout is None else tuple(n for n in _IDENTITY if n in layout.identity or n in layout.constants)
    database = Database(out, into) if "://" in out and into is not None else None
    return Job(ruleset, source, layout, track, Shape(ruleset, levels, told), target, language, long, database)


def _where(where: str | None) -> str | None:
    """A condition over the columns of the result, seen to be one."""
    if where is None:
        return None
    import polars as pl

    try:
        pl.sql_expr(where)
    except pl.exceptions.PolarsError as error:
        raise click.UsageError(f"--explain: {next(iter(str(error).splitlines()), '')}") from error
    return where


def _explanation(ruleset: Ruleset, unit: UnitData, track: Track, language: Language) -> Mapping[str, Any]:
    from ..engine.evaluate import evaluate
    from ..engine.explain import explain
    from ..report.as_data import explanation_data

    return explanation_data(explain(evaluate(ruleset, unit, track), language))


# ---- what is told ----------------------------------------------------------------------


class _bar:  # noqa: N801  a context manager that is called like a function
    """A line on the terminal: units done, units a second, time left."""

    def __init__(self, language: Language) -> None:
        self.zh = language == "zh"
        self.shown = False

    def __enter__(self) -> _bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown:
            click.echo("", err=True)

    def __call__(self, progress: Progress) -> None:
        if not sys.stderr.isatty():
            return
        done, total = f"{progress.done:,}", f"{progress.total:,}" if progress.total is not None else "…"
        share = progress.done * 20 // progress.total if progress.total else 0
        bar = f"[{'█' * share}{' ' * (20 - share)}] " if progress.total else ""
        left = "" if progress.left is None else (f"，还需{_time(progress.left)}" if self.zh else f", {_time(progress.left)} left")
        rate = f"每秒{progress.rate:,.0f}个" if self.zh else f"{progress.rate:,.0f} units a second"
        click.echo(f"\r\x1b[K{bar}{done}/{total}  {rate}{left}", nl=False, err=True)
        self.shown = True


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _tell(summary: Summary, job: Job, language: Language, *, as_json: bool) -> None:
    from ..files.tables.batch import side_file

    report = side_file(job.out, "problems.csv")
    explained = side_file(job.out, "explained.jsonl")
    out = job.out.name if job.database is None else job.database.table
    data = {
        "units": summary.units, "carried_by_columns": summary.carried, "one_by_one": summary.one_by_one, "problem_rows": summary.problems,
        "states": dict(sorted(summary.states.items())), "grades": dict(summary.grades), "explained": summary.explained, "output": out,
        "problems": report.name if report.exists() else None, "explanations": explained.name if explained.exists() else None,
    }  # fmt: skip
    if as_json:
        print_json(data)
        return
    zh = language == "zh"
    say(f"{out}：{summary.units:,}个单位" if zh else f"{out}: {summary.units:,} units")
    for title, counts in (("状态" if zh else "states", summary.states), ("等次" if zh else "grades", summary.grades)):
        if counts:
            say(f"{title}{'：' if zh else ': '}" + ("、" if zh else ", ").join(f"{_STATES.get(k, (k, k))[0 if zh else 1]} {v:,}" for k, v in counts.items()))
    how = (f"按列计算{summary.carried:,}个，逐个计算{summary.one_by_one:,}个，结果一样精确" if zh
           else f"{summary.carried:,} by columns, {summary.one_by_one:,} one by one, equally exact")  # fmt: skip
    say(how)
    if report.exists():
        say(f"有问题的行{summary.problems:,}个，见{report.name}" if zh else f"{summary.problems:,} rows with errors; see {report.name}")
    if explained.exists():
        say(f"{summary.explained:,}个单位的说明在{explained.name}" if zh else f"explanations of {summary.explained:,} units in {explained.name}")


_STATES: Mapping[str, tuple[str, str]] = {
    "decided": ("已定", "decided"), "undecided": ("未定", "undecided"), "withheld": ("不出结果", "withheld"),
    "unscored": ("不评分", "not scored"), "error": ("有错误", "in error"), "invalid": ("数据无法读取", "invalid data"),
}  # fmt: skip
