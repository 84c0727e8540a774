"""Personal data in what is shown: names give way, identity numbers keep both ends."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: An identity number of 15 or 18 characters, standing alone.
IDENTITY_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{13,16}[\dXx](?![0-9A-Za-z])")
_SHOWN_FIRST, _SHOWN_LAST = 3, 4


def masked(text: str) -> str:
    """``210***********1234`` for an identity number, asterisks for anything else personal."""
    if len(text) > _SHOWN_FIRST + _SHOWN_LAST and re.fullmatch(r"[0-9０-９]+[XxＸｘ]?", text):
        return text[:_SHOWN_FIRST] + "*" * (len(text) - _SHOWN_FIRST - _SHOWN_LAST) + text[-_SHOWN_LAST:]
    return "*" * len(text)


def scrubbed(line: str, columns: Iterable[str]) -> str:
    """A line of a unit file (JSON or YAML) with the values of personal columns masked, letter for letter."""
    names = "|".join(sorted(map(re.escape, columns), key=len, reverse=True))
    if names:
        value = r"""("(?:[^"\\]|\\.)*"|'[^']*'|[^,{}\[\]"']+)"""
        pattern = re.compile(rf"""((?<![\w])["']?(?:{names})["']?\s*:\s*){value}""")
        line = pattern.sub(lambda m: m[1] + _masked_value(m[2]), line)
    return IDENTITY_NUMBER.sub(lambda m: masked(m[0]), line)


def _masked_value(value: str) -> str:
    if value[:1] in ("\"", "'"):
        return value[0] + masked(value[1:-1]) + value[-1]
    inner = value.strip()
    return value.replace(inner, masked(inner)) if inner not in ("", "null") else value
