"""What a ledger must not keep: personal data, replaced by pseudonyms.

A pseudonym is the column's name and a number in order of appearance, such as 姓名3:
equal values stay equal, and unlike a hash of an identity number it cannot be guessed
back.  Whether the result stays the same is held by whoever records.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ...dsl.frozen import frozen
from ...engine.intake import NumberText
from ..personal import COMMON_COLUMNS
from ..unit_file import RawUnit, raw_unit

_IDENTITY_NUMBER = re.compile(r"[1-9]\d{16}[\dXx]\Z")
#: The parts of a unit file that hold values: the other parts are about the unit itself.
_PARTS = ("data", "assessments")


@frozen
class Kept:
    """A unit as a ledger keeps it, and the columns whose values were replaced."""

    raw: RawUnit
    replaced: tuple[str, ...]


@dataclass
class _Replacing:
    """The pseudonyms given so far: column -> value -> pseudonym."""

    columns: frozenset[str]
    given: dict[str, dict[str, str]] = field(default_factory=dict)

    def value(self, column: str, path: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {k: self.value(k, f"{path}.{k}", v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.value(column, path, v) for v in value]
        if not isinstance(value, str) or not self.is_personal(column, path, value):
            return value
        values = self.given.setdefault(column, {})
        return values.setdefault(str(value), f"{column}{len(values) + 1}")

    def is_personal(self, column: str, path: str, value: str) -> bool:
        named = column in self.columns or path in self.columns
        return (named and not isinstance(value, NumberText)) or _IDENTITY_NUMBER.match(value) is not None


def without_personal(raw: RawUnit, columns: Iterable[str] = ()) -> Kept:
    """A unit with the values of personal columns (and whatever looks like an identity
    number) replaced.  ``columns`` are further ones, as ``column`` or ``table.column``."""
    replacing = _Replacing(COMMON_COLUMNS | frozenset(columns))
    content = dict(raw.raw)
    for part in _PARTS:
        name = raw.keys.get(part, part)
        if isinstance(content.get(name), dict):
            content[name] = {k: replacing.value(k, k, v) for k, v in content[name].items()}
    if not replacing.given:
        return Kept(raw, ())
    text = _json(content) + "\n"
    name = raw.name.rsplit(".", 1)[0] + ".json"
    return Kept(raw_unit(content, text, name), tuple(replacing.given))


def _json(value: Any) -> str:
    """Raw values as JSON, every number as it was written."""
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
