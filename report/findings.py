"""Diagnostics -> text with the line they are about, or plain data for ``--json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..dsl.diagnostics import Diagnostic, Label
from ..dsl.keywords import Language
from ..dsl.wording import render
from .as_text import clean, width_of

_HELP = {("E", "zh"): "怎样改：", ("E", "en"): "help: ", ("W", "zh"): "说明：", ("W", "en"): "note: "}
_REPAIR = {"zh": "可改为：", "en": "try: "}
#: The most characters of a JSON path that are shown.
_LONGEST_PATH = 200
_TONES = {"E": "\x1b[31m", "W": "\x1b[33m"}
_RESET = "\x1b[0m"


def finding_lines(
    diagnostic: Diagnostic, names: Mapping[str, str], texts: Mapping[str, Sequence[str]], language: Language, *, colour: bool = False
) -> list[str]:
    """One diagnostic: severity, code, place, what is wrong, the line with the words
    underlined, what to do.  ``names`` and ``texts`` give the file name and the lines of
    each source (``ruleset``, ``unit``)."""
    message = render(diagnostic, language)
    name = clean(names.get(diagnostic.source, ""))
    where = name
    if diagnostic.labels:
        place = diagnostic.labels[0].place
        where = f"{name}:{place.line}:{place.start + 1}"
    severity = f"{message.severity} {message.code}"
    if colour:
        severity = f"{_TONES[message.code[0]]}{severity}{_RESET}"
    path = f" ({clean(_shortened(diagnostic.path))})" if diagnostic.path else ""
    lines = [f"{severity} {where}{path}".rstrip(), f"  {clean(message.summary)}"]
    sentences = iter(message.notes)
    for label in diagnostic.labels[:6]:
        lines += _excerpt(label, texts.get(diagnostic.source, ()))
        if label.note:
            lines.append(f"        {clean(next(sentences, ''))}")
    if message.help:
        lines.append(f"  {_HELP[message.code[0], language]}{clean(message.help)}")
    if diagnostic.repair:
        lines.append(f"  {_REPAIR[language]}{clean(diagnostic.repair.strip())}")
    return lines


def _shortened(path: str) -> str:
    return path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 1]}…"


def _excerpt(label: Label, text: Sequence[str]) -> list[str]:
    place = label.place
    if not 0 < place.line <= len(text):
        return []
    raw = text[place.line - 1].replace("\t", " ")
    start, end = min(place.start, len(raw)), min(max(place.end, place.start + 1), len(raw) + 1)
    lead = 0
    if len(raw) > 150:
        lead = max(0, start - 40)
        raw = raw[lead : lead + 120]
        start, end = start - lead, min(end - lead, 121)
    shown = clean(raw)
    space = " " * width_of(shown[:start])
    mark = "^" * max(1, width_of(shown[start:end]))
    return [f"  {place.line:>4} | {shown}", f"       | {space}{mark}"]


def finding_data(diagnostic: Diagnostic, names: Mapping[str, str], language: Language) -> dict[str, Any]:
    """One diagnostic as plain data; its shape is stable."""
    message = render(diagnostic, language)
    return {
        "code": message.code,
        "severity": "error" if diagnostic.is_error else "reminder",
        "message": message.summary,
        "help": message.help,
        "file": names.get(diagnostic.source, ""),
        "path": diagnostic.path,
        "labels": [
            {"line": label.place.line, "start": label.place.start + 1, "end": label.place.end + 1} for label in diagnostic.labels
        ],
        "repair": diagnostic.repair,
        "facts": dict(diagnostic.facts),
    }
