"""``ruleeval import``: the workbook of a ruleset back into text, with a report of what changed."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.format import format_text
from ..dsl.keywords import Language
from ..dsl.layers.difference import Version, difference
from ..dsl.sheets.join import join
from ..dsl.sheets.rows import Joined
from ..files.ruleset_file import LoadedRuleset, load_ruleset_text, resolve_ruleset_file
from ..files.ruleset_sheets import RulesetBook, read_ruleset_workbook
from ..files.text import Unreadable, decode, read_bytes
from ..report.as_text import to_text
from ..report.difference_sheet import difference_data, difference_sheet
from ..report.document import Document, Heading
from ..report.import_report import ChangedLine, cells_of_lines, changed_lines, import_report, lines_data
from ..report.pages import Page, Pages
from .common import (
    DONE,
    findings_data,
    guess_language,
    json_option,
    language_option,
    print_findings,
    print_json,
    replace_file,
    say,
    stop_with,
    terminal_width,
    use_colour,
)


@click.command("import")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Ruleset file to write; without it only the changes are shown.")
@click.option("--force", is_flag=True, help="Write over a file that was changed after the export.")
@language_option
@json_option
def import_command(workbook: Path, output: Path | None, force: bool, lang: Language | None, as_json: bool) -> None:
    """Read the ruleset of WORKBOOK back and show what changed. 从工作簿读回规则集，列出改动。"""
    try:
        book = read_ruleset_workbook(workbook)
    except Unreadable as error:
        stop_with([error.diagnostic], {"file": (Page(workbook.name),)}, lang or guess_language(), as_json=as_json)
    language = lang or book.sheets.language
    joined = join(book.sheets)
    home = output or workbook.parent / (Path(book.source_name).name or f"{workbook.stem}.rules")
    loaded = load_ruleset_text(home, joined.text)
    pages = _pages(loaded, joined, workbook)
    found = (*book.diagnostics, *joined.diagnostics, *_in_cells(loaded.diagnostics, joined, loaded))
    if any(d.is_error for d in found):
        stop_with([d for d in found if d.is_error], pages, language, as_json=as_json)
    written = format_text(joined.text)
    before = _before(book, output)
    lines = None
    if before is not None:
        places = [str(p) if p.sheet else "" for p in joined.places]
        lines = changed_lines(before, written, cells_of_lines(joined.text, places, written))
    reminders = (*book.diagnostics, *_words_changed(book, before))
    if output is not None:
        _write(output, written, book, force=force, language=language, as_json=as_json)
    _tell(workbook, output, written, before, lines, reminders, pages, language, as_json=as_json)
    sys.exit(DONE)


def _pages(loaded: LoadedRuleset, joined: Joined, workbook: Path) -> Pages:
    """The files of a chain, of which the last is the workbook, and the workbook itself."""
    pages = []
    first = 1
    for one in loaded.chain[:-1]:
        lines = one.text.splitlines()
        pages.append(Page(one.path.name, lines, first))
        first += max(1, len(lines))
    lines = joined.text.split("\n")
    within = {n: [(start, str(place)) for start, place in parts] for n, parts in joined.within.items()}
    pages.append(Page(workbook.name, lines, first, tuple(str(p) for p in joined.places), within))
    return {"ruleset": pages, "sheet": (Page(workbook.name),), "file": (Page(workbook.name),)}


def _in_cells(found: Sequence[Diagnostic], joined: Joined, loaded: LoadedRuleset) -> tuple[Diagnostic, ...]:
    """Findings whose sentences name a line, with the row and the sheet that are meant."""
    if len(loaded.chain) > 1:
        return tuple(found)
    return tuple(replace(d, facts={**d.facts, "line": _row(int(d.fact("line")), joined)}) if d.fact("line").isdigit() else d for d in found)


def _row(line: int, joined: Joined) -> str:
    place = joined.places[line - 1] if 0 < line <= len(joined.places) else None
    return f"{re.sub('[^0-9]', '', place.address)}（{place.sheet}）" if place is not None and place.sheet else str(line)


def _before(book: RulesetBook, output: Path | None) -> str | None:
    """The text in the one layout that the workbook is compared with: the one it was exported from,
    else that of the file to be written."""
    text = book.source
    if text is None and output is not None and output.exists():
        try:
            text = decode(read_bytes(output), output.name)[0]
        except Unreadable:
            return None
    try:
        return None if text is None else format_text(text)
    except ValueError:
        return None


def _words_changed(book: RulesetBook, before: str | None) -> list[Diagnostic]:
    """Sentences that were edited, though they are made from the rule lines."""
    if book.source is None or before is None:
        return []
    from ..dsl.parse import parse
    from ..report.ruleset_workbook import standards_in_words

    made: Mapping[str, str] = standards_in_words(parse(before).file)
    found = []
    for sheet in book.sheets.sheets:
        for row in sheet.rows:
            code, text = row.get("code").strip(), row.get("words").strip()
            if code in made and text and text != made[code]:
                found.append(Diagnostic("W972", (), {"code": code}, path=str(row.place("words")), source="sheet"))
    return found


def _write(output: Path, written: str, book: RulesetBook, *, force: bool, language: Language, as_json: bool) -> None:
    if output.exists() and book.source is not None and not force:
        try:
            there = format_text(decode(read_bytes(output), output.name)[0])
        except (Unreadable, ValueError):
            there = ""
        if there not in (format_text(book.source), written):
            found = Diagnostic("E974", (), {"name": output.name}, source="file")
            stop_with([found], {"file": (Page(output.name),)}, language, as_json=as_json)
    replace_file(output, written.encode("utf-8"))


def _tell(
    workbook: Path, output: Path | None, written: str, before: str | None, lines: tuple[ChangedLine, ...] | None,
    reminders: Sequence[Diagnostic], pages: Pages, language: Language, *, as_json: bool,
) -> None:  # fmt: skip
    versions = _versions(before, written, output or workbook) if lines and before is not None else None
    if as_json:
        meaning = difference_data(*versions, difference(*versions)) if versions is not None else None
        data = {"file": str(output) if output is not None else None, "lines": lines_data(lines), "difference": meaning, "text": written}
        print_json({**data, "findings": findings_data(reminders, pages, language)})
        return
    title = f"{workbook.name}" + (f" → {output}" if output is not None else "")
    blocks = list(import_report(title, lines, language).blocks)
    if versions is not None:
        blocks.append(Heading("按含义" if language == "zh" else "by what they say", 2))
        blocks += difference_sheet(*versions, difference(*versions), language).blocks[1:]
    say(to_text(Document(tuple(blocks)), terminal_width(), colour=use_colour()))
    print_findings(reminders, pages, language)


def _versions(before: str, written: str, home: Path) -> tuple[Version, Version] | None:
    """Both texts with what they mean, where both can be checked."""
    found = []
    for text in (before, written):
        loaded = load_ruleset_text(home, text)
        if loaded.ruleset is None:
            return None
        found.append(Version(loaded.ruleset, resolve_ruleset_file(loaded)))
    return found[0], found[1]
