"""Where unit and case files name something of a ruleset: keys of data, codes, evidence, grades.

JSON is read as the YAML it is; of a CSV table of cases only its heading names anything.
Nothing here judges a file: one that cannot be read mentions nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import yaml

from ..dsl.diagnostics import Place
from ..dsl.frozen import frozen
from ..engine.cases import PLAIN
from .case_file import EXPECTED_KEYS, WORDS_OF_CASES
from .unit_file import CLAIM_KEYS, EVIDENCE_KEYS, KEYS

Kind = Literal["value", "column", "code", "evidence", "grade"]
#: A larger file is not searched while someone waits.
_MOST_CHARACTERS = 2_000_000
_PLAIN = re.compile(r"(?!(?:null|true|false|yes|no|on|off|y|n)\Z)[^\W\d][\w.·]*\Z", re.IGNORECASE)
_CODES = frozenset({"scores", "states", "reasons", "level1", "indicators", "steps"})
_LISTED: Mapping[str, Kind] = {"out": "code", "vetoes": "code", "grade": "grade", "by_band": "grade"}


@frozen
class Mention:
    """A word of a unit or case file that names something of its ruleset; ``written`` with its quotes."""

    kind: Kind
    name: str
    place: Place
    written: str


def mentions(text: str, name: str) -> tuple[Mention, ...]:
    """Every mention in the file called ``name``, in written order."""
    if len(text) > _MOST_CHARACTERS:
        return ()
    if name.lower().endswith(".csv"):
        return tuple(_of_heading(text))
    readable = text.replace("\t", " ") if name.lower().endswith(".json") else text
    try:
        root = yaml.compose(readable, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError):
        return ()
    lines = text.split("\n")
    found = sorted(_of_file(root), key=lambda f: (f[1].start_mark.line, f[1].start_mark.column))
    told = (Mention(kind, node.value, place, lines[place.line - 1][place.start : place.end]) for kind, node in found if (place := _place(node)))
    return tuple(dict.fromkeys(told))  # what an alias stands for is written once


def renamed(text: str, name: str, kind: str, old: str, new: str) -> tuple[tuple[Place, str], ...]:
    """The words to replace, with what replaces them, so that ``old`` is called ``new`` throughout."""
    return tuple((m.place, _like(m.written, name, new)) for m in mentions(text, name) if (m.kind, m.name) == (kind, old))


def _like(written: str, name: str, new: str) -> str:
    """A name written as the one before it was: quoted where that was, or where it has to be."""
    if name.lower().endswith(".csv") or (written[:1] not in ("'", '"') and _PLAIN.match(new)):
        return new
    return "'" + new.replace("'", "''") + "'" if written[:1] == "'" else json.dumps(new, ensure_ascii=False)


def _place(node: Any) -> Place | None:
    start, end = node.start_mark, node.end_mark
    return Place(start.line + 1, start.column, end.column) if start.line == end.line and end.column > start.column else None


def _pairs(node: Any, known: Mapping[str, str]) -> Iterator[tuple[str, Any, Any]]:
    """The entries of a mapping: the key in English, its node, the value's node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield known.get(key.value, key.value), key, value


def _items(node: Any) -> Iterator[Any]:
    if isinstance(node, yaml.SequenceNode):
        yield from node.value
    elif node is not None:
        yield node


def _scalars(kind: Kind, node: Any) -> Iterator[tuple[Kind, Any]]:
    yield from ((kind, n) for n in _items(node) if isinstance(n, yaml.ScalarNode))


def _of_file(root: Any) -> Iterator[tuple[Kind, Any]]:
    cases = [v for name, _, v in _pairs(root, WORDS_OF_CASES) if name == "cases"]
    for case in _items(cases[0]) if cases else (root,):
        for name, _, value in _pairs(case, WORDS_OF_CASES):
            if name in ("unit", "changes"):
                yield from _of_unit(value)
            elif name == "without_evidence":
                yield from _scalars("evidence", value)
            elif name == "expected":
                yield from _of_expected(value)
    yield from _of_unit(root)


def _of_unit(node: Any) -> Iterator[tuple[Kind, Any]]:
    for name, _, value in _pairs(node, KEYS):
        if name == "data":
            yield from _of_values(value)
        elif name == "assessments":
            for _, _, of_track in _pairs(value, {}):
                yield from _of_values(of_track)
        elif name == "evidence":
            yield from (("evidence", v) for e in _items(value) for n, _, v in _pairs(e, EVIDENCE_KEYS) if n == "kind")
        elif name == "not_applicable":
            yield from (("code", v) for e in _items(value) for n, _, v in _pairs(e, CLAIM_KEYS) if n == "code")


def _of_values(node: Any) -> Iterator[tuple[Kind, Any]]:
    for _, key, value in _pairs(node, {}):
        yield "value", key
        for record in _items(value):
            yield from (("column", k) for _, k, _ in _pairs(record, {}) if isinstance(value, yaml.SequenceNode))


def _of_expected(node: Any) -> Iterator[tuple[Kind, Any]]:
    for name, _, value in _pairs(node, EXPECTED_KEYS):
        if name in _CODES:
            yield from (("code", key) for _, key, _ in _pairs(value, {}))
        elif name in _LISTED:
            yield from _scalars(_LISTED[name], value)


def _of_heading(text: str) -> Iterator[Mention]:
    heading = text.split("\n", 1)[0].rstrip("\r")
    start = 0
    for cell in heading.split(",") if '"' not in heading else ():
        parts = cell.strip().split("/")
        head, _, rest = cell.strip().partition(".")
        place = Place(1, start + cell.rfind(parts[-1]), start + cell.rfind(parts[-1]) + len(parts[-1]))
        if len(parts) > 1:
            yield Mention("value", parts[-1], place, parts[-1])
        elif WORDS_OF_CASES.get(head, head) == "expected" and rest and rest not in EXPECTED_KEYS and rest not in PLAIN:
            at = start + cell.index(rest)
            yield Mention("code", rest, Place(1, at, at + len(rest)), rest)
        start += len(cell) + 1
