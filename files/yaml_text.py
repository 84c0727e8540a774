"""YAML text -> raw values: scalars as written, no key twice, few aliases, no tags."""

from __future__ import annotations

import re
from typing import Any

import yaml

from ..dsl.diagnostics import Diagnostic, Label, Place
from ..dsl.limits import MAXIMUM_NESTING
from ..engine.intake import NumberText
from .text import Unreadable

_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|\.(?:inf|nan)|\.(?:Inf|NaN))\Z")
_MOST_ALIASES = 50
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


def read_yaml(text: str) -> tuple[Any, dict[str, Place]]:
    """The values of a YAML text and where each stands.  Raises `Unreadable`.

    Only plain scalars, lists and mappings: tags are refused, and so are texts that refer
    to one anchor many times (a small file that unfolds into a huge one).
    """
    if len(re.findall(r"(?:^|[\s\[{,:-])\*[\w-]+", text)) > _MOST_ALIASES:
        _refuse("*", _MOST_ALIASES)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line, mark.column) if mark is not None else (0, 0)
        facts = {"line": str(line + 1), "column": str(column + 1), "text": str(error.problem or "")}
        raise Unreadable(Diagnostic("E713", (Label(Place(line + 1, column, column + 1)),), facts, source="unit")) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(Diagnostic("E713", (), {"line": "", "column": "", "text": ""}, source="unit")) from error
    places: dict[str, Place] = {}
    return _value(node, "", places, 0, [0]), places


def _refuse(what: str, limit: int) -> None:
    facts = {"what": what, "count": f">{limit}", "limit": str(limit)}
    raise Unreadable(Diagnostic("E714", (), facts, source="unit"))


def _value(node: yaml.Node | None, path: str, places: dict[str, Place], depth: int, count: list[int]) -> Any:
    if node is None:
        return None
    count[0] += 1
    if depth > MAXIMUM_NESTING or count[0] > 2_000_000:
        _refuse("[{", MAXIMUM_NESTING)
    mark = node.start_mark
    places[path] = Place(mark.line + 1, mark.column, max(mark.column + 1, node.end_mark.column))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(n, f"{path}[{i}]", places, depth + 1, count) for i, n in enumerate(node.value)]
    assert isinstance(node, yaml.MappingNode)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in found:
            mark = key_node.start_mark
            label = Label(Place(mark.line + 1, mark.column, mark.column + len(key)))
            raise Unreadable(Diagnostic("E706", (label,), {"name": key}, source="unit"))
        found[key] = _value(value_node, f"{path}.{key}" if path else key, places, depth + 1, count)
    return found


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NUMBER.match(text):
        return NumberText(text)
    return text
