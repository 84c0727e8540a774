"""JSON text -> raw values: numbers as written, no key twice, no depth without end."""

from __future__ import annotations

import json
import re
from typing import Any

from ..dsl.diagnostics import Diagnostic, Label, Place
from ..dsl.limits import MAXIMUM_NESTING, MAXIMUM_VALUES
from ..engine.intake import NumberText
from .text import Unreadable

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]+')


_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_PAIR = re.compile(_HIGH + _LOW)
#: A surrogate pair, half a pair, any other escape, or half a pair that stands there itself.
_ESCAPE = re.compile(rf"{_HIGH}{_LOW}|{_HIGH}|{_LOW}|\\\\|[\ud800-\udfff]")


class _Double(Exception):
    def __init__(self, name: str) -> None:
        self.name = name


def read_json(text: str) -> Any:
    """The values of a JSON text, every number a `NumberText`.  Raises `Unreadable`."""
    _check_escapes(text)
    if text.count(",") > MAXIMUM_VALUES:
        facts = {"what": ",", "count": f"{text.count(','):,}", "limit": f"{MAXIMUM_VALUES:,}", "measure": "个", "measure_en": " values"}
        raise Unreadable(Diagnostic("E714", (), facts, source="unit"))
    try:
        raw = json.loads(text, parse_float=NumberText, parse_int=NumberText, parse_constant=NumberText, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        place = Place(error.lineno, error.colno - 1, error.colno)
        facts = {"line": str(error.lineno), "column": str(error.colno), "text": _around(text, error.pos)}
        raise Unreadable(Diagnostic("E713", (Label(place),), facts, source="unit")) from error
    except RecursionError as error:
        raise _too_deep() from error
    except _Double as double:
        facts = {"name": double.name}
        raise Unreadable(Diagnostic("E706", tuple(_double_places(text, double.name)), facts, source="unit")) from double
    _check_depth(raw)
    return raw


def _too_deep() -> Unreadable:
    facts = {"what": "[{", "count": f">{MAXIMUM_NESTING}", "limit": str(MAXIMUM_NESTING), "measure": "层", "measure_en": " levels"}
    return Unreadable(Diagnostic("E714", (), facts, source="unit"))


def _check_depth(raw: Any) -> None:
    """Refuse lists and objects nested too deep.  Raises `Unreadable`."""
    level = [raw] if isinstance(raw, (dict, list)) else []
    for _ in range(MAXIMUM_NESTING + 1):
        level = [v for c in level for v in (c.values() if isinstance(c, dict) else c) if isinstance(v, (dict, list))]
        if not level:
            return
    raise _too_deep()


def _check_escapes(text: str) -> None:
    """Refuse halves of a character such as ``\\ud800`` alone: no text can hold them.  Raises `Unreadable`."""
    for match in _ESCAPE.finditer(text):
        if match[0] != r"\\" and not _PAIR.match(match[0]):
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - text.rfind("\n", 0, match.start()) - 1
            facts = {"line": str(line), "column": str(column + 1), "text": match[0].encode("ascii", "backslashreplace").decode()}
            raise Unreadable(Diagnostic("E713", (Label(Place(line, column, column + len(match[0]))),), facts, source="unit"))


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Double(name)
        found[name] = value
    return found


def _around(text: str, position: int) -> str:
    return text[position : position + 12].split("\n")[0]


def locate(text: str) -> dict[str, Place]:
    """Where every value stands, by its path such as ``data.实有人数`` or ``data.名册[2].年龄``."""
    return {path: place for path, place, _ in _walk(text)}


def _double_places(text: str, name: str) -> list[Label]:
    seen: dict[str, Place] = {}
    for path, place, is_key in _walk(text):
        if is_key and path in seen and (path == name or path.endswith(f".{name}")):
            return [Label(place), Label(seen[path])]
        seen[path] = place
    return []


def _walk(text: str) -> list[tuple[str, Place, bool]]:
    """Paths in written order with their places."""
    starts = [0] + [m.end() for m in re.finditer("\n", text)]
    found: list[tuple[str, Place, bool]] = []
    stack: list[list[Any]] = []  # [kind, path, index or key, expecting key]
    line = 0
    for match in _TOKEN.finditer(text):
        token, start = match[0], match.start()
        while line + 1 < len(starts) and starts[line + 1] <= start:
            line += 1
        place = Place(line + 1, start - starts[line], match.end() - starts[line])
        top = stack[-1] if stack else None
        if token in "]}" and stack:
            stack.pop()
        elif token == "," and top is not None:
            if top[0] == "[":
                top[2] += 1
            else:
                top[3] = True
        elif token == ":":
            continue
        elif top is not None and top[0] == "{" and top[3] and token.startswith('"'):
            top[2], top[3] = json.loads(token, strict=False), False
            found.append((_path(top), place, True))
        else:
            path = _path(top) if top is not None else ""
            if top is not None and top[0] == "[":
                found.append((path, place, False))
            if token in "[{":
                stack.append([token, path, 0 if token == "[" else "", token == "{"])
    return found


def _path(top: list[Any]) -> str:
    if top[0] == "[":
        return f"{top[1]}[{top[2]}]"
    return f"{top[1]}.{top[2]}" if top[1] else str(top[2])
