"""YAML text -> raw values: scalars as written, no key twice, few aliases, no tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn, cast

import yaml

from ..dsl.diagnostics import Diagnostic, Label, Place
from ..dsl.limits import MAXIMUM_NESTING, MAXIMUM_VALUES
from ..engine.intake import NumberText
from .text import Unreadable

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|\.(?:inf|nan)|\.(?:Inf|NaN))\Z")
#: Characters that YAML does not allow.
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: YAML is read some thirty times slower than JSON; a larger file is better written as JSON.
_MOST_CHARACTERS = 8_000_000
#: What aliases may add to a text before it counts as one that unfolds into a huge one.
_MOST_UNFOLDED = 10_000
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_yaml(text: str) -> tuple[Any, dict[str, Place]]:
    """The values of a YAML text and where each stands.  Raises `Unreadable`.

    Only plain scalars, lists and mappings in one document: tags are refused, and so are
    texts that refer to one anchor so often that a small file unfolds into a huge one.
    """
    if len(text) > _MOST_CHARACTERS:
        _too_much("YAML", f"{len(text):,}", f"{_MOST_CHARACTERS:,}", ("字", " characters"))
    odd = _NOT_YAML.search(text)
    if odd is not None:
        _malformed(text.count("\n", 0, odd.start()), odd.start() - text.rfind("\n", 0, odd.start()) - 1, f"U+{ord(odd[0]):04X}")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        reader = _Reader(yaml.parse(text, Loader=loader))
        return reader.document(), reader.places
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        _malformed(*((mark.line, mark.column) if mark is not None else (0, 0)), _near(text, mark))
    except yaml.YAMLError:
        _malformed(0, 0, "")


def _near(text: str, mark: yaml.Mark | None) -> str:
    lines = text.split("\n", mark.line + 1) if mark is not None else []
    return lines[mark.line][mark.column : mark.column + 12] if mark is not None and mark.line < len(lines) else ""


def _malformed(line: int, column: int, text: str) -> NoReturn:
    facts = {"line": str(line + 1), "column": str(column + 1), "text": text}
    raise Unreadable(Diagnostic("E713", (Label(Place(line + 1, column, column + 1)),), facts, source="unit"))


def _too_much(what: str, count: str, limit: str, measure: tuple[str, str]) -> NoReturn:
    facts = {"what": what, "count": count, "limit": limit, "measure": measure[0], "measure_en": measure[1]}
    raise Unreadable(Diagnostic("E714", (), facts, source="unit"))


class _Reader:
    """Builds values from the events of one document."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.places: dict[str, Place] = {}
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.count = self.unfolded = 0

    def document(self) -> Any:
        """The value of the only document; nothing at all is null."""
        found: Any = None
        seen = False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if seen:
                    _malformed(*_start(event), "---")
                seen, found = True, self.value(next(self.events), "", 0)
        return found

    def value(self, event: yaml.Event, path: str, depth: int) -> Any:
        if depth > MAXIMUM_NESTING:
            _too_much("[{", f">{MAXIMUM_NESTING}", str(MAXIMUM_NESTING), ("层", " levels"))
        if isinstance(event, yaml.AliasEvent):
            return self.again(event, path)
        before, self.count = self.count, self.count + 1
        if self.count > MAXIMUM_VALUES:
            _too_much("YAML", f">{MAXIMUM_VALUES:,}", f"{MAXIMUM_VALUES:,}", ("个", " values"))
        self.places[path] = _place(event)
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            _malformed(*_start(event), str(tag))
        if isinstance(event, yaml.ScalarEvent):
            found = _scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            found = self.items(path, depth)
        else:
            found = self.mapping(path, depth)
        if _anchor(event):
            self.anchors[_anchor(event)] = found, self.count - before
        return found

    def again(self, event: yaml.AliasEvent, path: str) -> Any:
        """What an alias stands for."""
        if _anchor(event) not in self.anchors:
            _malformed(*_start(event), f"*{_anchor(event)}")
        found, size = self.anchors[_anchor(event)]
        self.places[path] = _place(event)
        self.count += size
        self.unfolded += size
        if self.unfolded > _MOST_UNFOLDED:
            _too_much(f"*{_anchor(event)}", f">{_MOST_UNFOLDED:,}", f"{_MOST_UNFOLDED:,}", ("个", " values"))
        return found

    def items(self, path: str, depth: int) -> list[Any]:
        found: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self.value(event, f"{path}[{len(found)}]", depth + 1))
        return found

    def mapping(self, path: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                _malformed(*_start(event), "?")
            key = str(event.value)
            at = f"{path}.{key}" if path else key
            if key in found:
                labels = (Label(_place(event)), Label(self.places[at]))
                raise Unreadable(Diagnostic("E706", labels, {"name": key[:200]}, source="unit"))
            found[key] = self.value(next(self.events), at, depth + 1)
        return found


def _place(event: yaml.Event) -> Place:
    start, end = cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)
    return Place(start.line + 1, start.column, end.column if end.line == start.line and end.column > start.column else start.column + 1)


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = str(event.value)
    if event.style in ("'", '"', "|", ">"):
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return NumberText(text) if _NUMBER.match(text) else text


def _start(event: yaml.Event) -> tuple[int, int]:
    """The line and the column where an event begins, from 0."""
    mark = cast("yaml.Mark", event.start_mark)
    return mark.line, mark.column


def _anchor(event: yaml.Event) -> str:
    """The name that an event is anchored by or refers to; none is empty."""
    return str(getattr(event, "anchor", None) or "")
