"""Diagnostics -> text with the line they are about, or plain data for ``--json``."""

from __future__ import annotations

from typing import Any

from ..dsl.diagnostics import Diagnostic, Label
from ..dsl.keywords import Language
from ..dsl.wording import render
from .as_text import clean, pad, width_of
from .pages import Page, Pages, page_at

_HELP = {("E", "zh"): "怎样改：", ("E", "en"): "help: ", ("W", "zh"): "说明：", ("W", "en"): "note: "}
_REPAIR = {"zh": "可改为：", "en": "try: "}
#: The most characters of a JSON path that are shown.
_LONGEST_PATH = 200
_TONES = {"E": "\x1b[31m", "W": "\x1b[33m"}
_RESET = "\x1b[0m"


def finding_lines(diagnostic: Diagnostic, pages: Pages, language: Language, *, colour: bool = False) -> list[str]:
    """One diagnostic: severity, code, place, what is wrong, the line with the words
    underlined, what to do."""
    message = render(diagnostic, language)
    page, number = page_at(pages, diagnostic.source, diagnostic.line)
    where = clean(page.name)
    if diagnostic.labels:
        cell = clean(page.cell(number, diagnostic.labels[0].place.start))
        where = f"{where} {cell}" if cell else f"{where}:{number}:{diagnostic.labels[0].place.start + 1}"
    severity = f"{message.severity} {message.code}"
    if colour:
        severity = f"{_TONES[message.code[0]]}{severity}{_RESET}"
    path = f" ({clean(_shortened(diagnostic.path))})" if diagnostic.path else ""
    lines = [f"{severity} {where}{path}".rstrip(), f"  {clean(message.summary)}"]
    sentences = iter(message.notes)
    for label in diagnostic.labels[:6]:
        lines += _excerpt(label, pages, diagnostic.source, page)
        if label.note:
            lines.append(f"        {clean(next(sentences, ''))}")
    if message.help:
        lines.append(f"  {_HELP[message.code[0], language]}{clean(message.help)}")
    if diagnostic.repair:
        lines.append(f"  {_REPAIR[language]}{clean(diagnostic.repair.strip())}")
    return lines


def _shortened(path: str) -> str:
    return path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 1]}…"


def _excerpt(label: Label, pages: Pages, source: str, shown_page: Page) -> list[str]:
    place = label.place
    page, number = page_at(pages, source, place.line)
    if not 0 < number <= len(page.lines):
        return []
    raw = page.lines[number - 1].replace("\t", " ")
    cell = clean(page.cell(number, place.start))
    elsewhere = [] if page is shown_page else [f"  {clean(page.name)} {cell}" if cell else f"  {clean(page.name)}:{number}"]
    start, end = min(place.start, len(raw)), min(max(place.end, place.start + 1), len(raw) + 1)
    lead = 0
    if len(raw) > 150:
        lead = max(0, start - 40)
        raw = raw[lead : lead + 120]
        start, end = start - lead, min(end - lead, 121)
    shown = clean(raw)
    space = " " * width_of(shown[:start])
    mark = "^" * max(1, width_of(shown[start:end]))
    gutter = pad(cell or str(number), 4, "right")
    return [*elsewhere, f"  {gutter} | {shown}", f"  {' ' * width_of(gutter)} | {space}{mark}"]


def finding_data(diagnostic: Diagnostic, pages: Pages, language: Language) -> dict[str, Any]:
    """One diagnostic as plain data; its shape is stable."""
    message = render(diagnostic, language)
    page, _ = page_at(pages, diagnostic.source, diagnostic.line)
    return {
        "code": message.code,
        "severity": "error" if diagnostic.is_error else "reminder",
        "message": message.summary,
        "help": message.help,
        "file": page.name,
        "path": diagnostic.path,
        "labels": [_label_data(label, pages, diagnostic.source) for label in diagnostic.labels],
        "repair": diagnostic.repair,
        "facts": dict(diagnostic.facts),
    }


def _label_data(label: Label, pages: Pages, source: str) -> dict[str, Any]:
    page, number = page_at(pages, source, label.place.line)
    address = page.cell(number, label.place.start)
    cell = {"cell": address} if address else {}
    return {"file": page.name, "line": number, "start": label.place.start + 1, "end": label.place.end + 1, **cell}
