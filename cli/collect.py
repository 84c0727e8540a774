"""``ruleeval collect``: a table of field work read, checked, and put into a unit file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from ..dsl.diagnostics import Diagnostic, Fact
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import DataItem, Ruleset
from ..engine.evaluate import evaluate
from ..engine.intake import Intake
from ..engine.notices import notices
from ..engine.unit import Track, UnitData
from ..files.collected import as_json as written_json
from ..files.collected import read_records, without_names
from ..files.personal import kept_apart
from ..files.text import Unreadable
from ..files.tidy import Tidied
from ..files.unit_file import RawUnit, read_unit
from ..report.as_text import to_text
from ..report.instrument_report import Collected, collected_data, collected_document
from ..report.pages import Page, Pages
from .common import (
    findings_data,
    guess_language,
    json_option,
    language_option,
    load_rules,
    print_findings,
    print_json,
    rules_of,
    say,
    stop_with,
    terminal_width,
    use_colour,
    write_text,
)
from .problems import day_of, today


@frozen
class _Target:
    """The unit file that records go into, and the ruleset that declares them."""

    raw: RawUnit | None
    ruleset: Ruleset
    language: Language


@click.command("collect")
@click.argument("table", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "name", required=True, metavar="NAME", help="The table or questionnaire of the ruleset that the rows belong to.")
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="The unit file (JSON) to write the records into.")
@click.option("--rules", type=click.Path(path_type=Path), help="Ruleset file; the one that the unit file names by default.")
@click.option("--sheet", help="The sheet of a workbook; the first by default.")
@click.option("--column", "columns", multiple=True, metavar="HEADING=COLUMN", help="What a column is called in the table; as often as needed.")
@click.option("--as-of", "on", callback=day_of, help="The day that ages are taken at, without a unit file; today by default.")
@click.option("--replace", is_flag=True, help="Put the records in the place of those that the unit file has.")
@click.option("--personal", is_flag=True, help="Write names as they are and identity numbers masked, instead of pseudonyms.")
@language_option
@json_option
def collect_command(
    table: Path, name: str, into: Path | None, rules: Path | None, sheet: str | None, columns: tuple[str, ...], on: date | None,
    replace: bool, personal: bool, lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Read TABLE (CSV, Excel or JSON) as a roster, a questionnaire or any table of records. 读入名册、问卷等表格。

    Headings may take two rows and cells may be merged; blank rows, sums and notes are left
    out and told of.  Without --into the table is only checked.  Exit status: 0 read, 1 errors
    in the table, 2 wrong usage.
    """
    called = dict(_pair(c) for c in columns)
    target = _target(into, rules, lang, as_json=as_json)
    item = _item(target, name, as_json=as_json)
    try:
        tidied = read_records(table, item, target.ruleset, sheet, called)
    except Unreadable as error:
        stop_with([error.diagnostic], {"file": (Page(table.name),), "unit": (Page(table.name),)}, target.language, as_json=as_json)
    pages = _pages(table, tidied)
    if tidied.has_errors:
        stop_with(tidied.diagnostics, pages, target.language, as_json=as_json)
    apart = tuple(c.name for c in item.columns if c.name in kept_apart(target.ruleset) and c.name in tidied.read)
    if into is not None and target.raw is not None:
        rows = without_names(tidied.rows, item, personal=personal)
        write_text(into, _with_records(target, item, rows, into.name, replace=replace, as_json=as_json))
    result = evaluate(target.ruleset, _unit_of(target, item, tidied, on or today()))
    done = Collected(name, table.name, len(tidied.rows), item.type.unit.name, tidied.read, into.name if into is not None else None, apart, personal)
    told = (*tidied.diagnostics, *(d for d in notices(result, target.language) if d.code in ("W871", "W873", "W874", "W875")))
    if as_json:
        print_json({**collected_data(done, result, item.key), "findings": findings_data(told, pages, target.language)})
        return
    say(to_text(collected_document(done, result, item.key, target.language), terminal_width(), colour=use_colour()))
    print_findings(told, pages, target.language)


def _pair(text: str) -> tuple[str, str]:
    heading, sign, column = text.partition("=")
    if not sign or not heading.strip() or not column.strip():
        raise click.UsageError(f"--column: {text}? HEADING=COLUMN  --column 写成 表头=列名")
    return heading.strip(), column.strip()


def _target(into: Path | None, rules: Path | None, lang: Language | None, *, as_json: bool) -> _Target:
    """The unit file and its ruleset, or the ruleset alone."""
    if into is None and rules is None:
        raise click.UsageError("--into UNIT or --rules FILE is needed  须写 --into 单位数据文件 或 --rules 规则集")
    raw = None
    if into is not None:
        try:
            raw = read_unit(into)
            rules = rules or rules_of(into, raw)
        except Unreadable as error:
            pages = {"unit": (Page(into.name),), "file": (Page(into.name),)}
            stop_with([error.diagnostic], pages, lang or guess_language(), as_json=as_json)
        if rules is None or raw.envelope is None:
            stop_with(raw.diagnostics, {"unit": (Page(into.name),)}, lang or guess_language(), as_json=as_json)
    assert rules is not None
    _, ruleset = load_rules(rules, lang, as_json=as_json)
    return _Target(raw, ruleset, lang or ruleset.language)


def _item(target: _Target, name: str, *, as_json: bool) -> DataItem:
    """The declared table of a name."""
    tables = {d.name: d for d in target.ruleset.data if d.type.kind == "records"}
    if name not in tables:
        facts: dict[str, Fact] = {"name": name, "tables": tuple(tables)}
        stop_with([Diagnostic("E875", (), facts, source="ruleset")], {}, target.language, as_json=as_json)
    return tables[name]


def _pages(table: Path, tidied: Tidied) -> Pages:
    page = Page(table.name, tidied.page)
    return {"table": (page,), "file": (Page(table.name),), "unit": (page,), "ruleset": (Page(table.name),)}


def _with_records(target: _Target, item: DataItem, rows: list[dict[str, Any]], file: str, *, replace: bool, as_json: bool) -> str:
    """The text of the unit file with the records in it."""
    raw = target.raw
    assert raw is not None and raw.envelope is not None
    facts: dict[str, Fact] = {"name": item.name, "file": file}
    if not file.lower().endswith(".json"):
        stop_with([Diagnostic("E877", (), facts, source="file")], {"file": (Page(file),)}, target.language, as_json=as_json)
    content = dict(raw.raw)
    place = _holder(content, raw.keys, item, target.ruleset)
    if place.get(item.name) is not None and not replace:
        stop_with([Diagnostic("E876", (), facts, source="file")], {"file": (Page(file),)}, target.language, as_json=as_json)
    place[item.name] = rows
    return written_json(content) + "\n"


def _holder(content: dict[str, Any], keys: Mapping[str, str], item: DataItem, ruleset: Ruleset) -> dict[str, Any]:
    """Where in a unit file the value of an item stands: in a copy of its own, put into ``content``."""
    if not item.assessed:
        data: dict[str, Any] = dict(content.get(keys["data"]) or {})
        content[keys["data"]] = data
        return data
    assessments = content[keys["assessments"]] = dict(content.get(keys["assessments"]) or {})
    zh = ruleset.language == "zh"
    names = {"self": "自评" if zh else "self", "on_site": "实地评估" if zh else "on_site", "third_party": "第三方" if zh else "third_party"}
    track = next((t for t in assessments if t in (ruleset.deciding_track, names[ruleset.deciding_track])), names[ruleset.deciding_track])
    given: dict[str, Any] = dict(assessments.get(track) or {})
    assessments[track] = given
    return given


def _unit_of(target: _Target, item: DataItem, tidied: Tidied, on: date) -> UnitData:
    """A unit that holds nothing but the table."""
    rows = Intake(target.ruleset).entry(item, list(tidied.rows), "table")
    assert isinstance(rows, tuple)
    day = day_in(target.raw) or on
    values: dict[str, Any] = {} if item.assessed else {item.name: rows}
    assessments: dict[Track, Mapping[str, Any]] = {target.ruleset.deciding_track: {item.name: rows}} if item.assessed else {}
    kind = target.ruleset.applies[0] if target.ruleset.applies else ""
    return UnitData(target.raw.envelope.unit if target.raw and target.raw.envelope else "", kind, day, values=values, assessments=assessments)


def day_in(raw: RawUnit | None) -> date | None:
    """The as-of date of a unit file."""
    from ..dsl.describe import read_date

    return read_date(raw.envelope.as_of.strip()) if raw is not None and raw.envelope is not None else None
