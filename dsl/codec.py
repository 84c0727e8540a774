"""A checked ruleset as plain JSON values and back, so that it can be kept between runs.

Only the classes of `model.py`, `cohort.py` and `diagnostics.py` are ever built, each from its own
fields; a text that was tampered with gives a ``ValueError``, never code that runs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from . import cohort, diagnostics, model, units
from .model import Ruleset
from .numbers import read_exact, write_exact

_CLASSES: tuple[type, ...] = tuple(
    c
    for module in (model, cohort, units, diagnostics)
    for c in vars(module).values()
    if isinstance(c, type) and is_dataclass(c) and c.__module__ == module.__name__
)
_NUMBER_OF: Mapping[type, int] = {c: i for i, c in enumerate(_CLASSES)}
_FIELDS: tuple[tuple[str, ...], ...] = tuple(tuple(f.name for f in fields(c)) for c in _CLASSES)
_TUPLE, _MAPPING, _FRACTION, _DATE = -1, -2, -3, -4


def encode(value: Any) -> Any:
    """``value`` in lists, texts, numbers, true, false and null."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Fraction):
        return [_FRACTION, write_exact(value)]
    if isinstance(value, date):
        return [_DATE, value.isoformat()]
    if isinstance(value, tuple):
        return [_TUPLE, *(encode(v) for v in value)]
    if isinstance(value, Mapping):
        return [_MAPPING, *(encode(x) for pair in value.items() for x in pair)]
    number = _NUMBER_OF[type(value)]
    return [number, *(encode(getattr(value, name)) for name in _FIELDS[number])]


def decode(value: Any) -> Any:
    """What `encode` made of it.  Raises ``ValueError`` for anything else."""
    if not isinstance(value, list):
        if value is None or isinstance(value, (bool, int, str)):
            return value
        raise ValueError(value)
    kind = value[0]
    if kind.__class__ is not int or not -4 <= kind < len(_CLASSES):
        raise ValueError(kind)
    rest = [v if v.__class__ is not list else decode(v) for v in value[1:]]
    if kind >= 0:
        return _CLASSES[kind](*rest)
    return _SPECIAL[kind](rest)


_SPECIAL: Mapping[int, Callable[[list[Any]], Any]] = {
    _TUPLE: tuple,
    _MAPPING: lambda rest: dict(zip(rest[::2], rest[1::2], strict=True)),
    _FRACTION: lambda rest: read_exact(rest[0]),
    _DATE: lambda rest: date.fromisoformat(rest[0]),
}


def dump_ruleset(ruleset: Ruleset, found: tuple[diagnostics.Diagnostic, ...]) -> str:
    """A ruleset and the reminders about it as JSON text."""
    return json.dumps(encode((ruleset, found)), ensure_ascii=False, separators=(",", ":"))


def load_ruleset(text: str) -> tuple[Ruleset, tuple[diagnostics.Diagnostic, ...]]:
    """The ruleset and the reminders.  Raises ``ValueError`` if the text is not one of ours."""
    try:
        ruleset, found = decode(json.loads(text))
    except (TypeError, IndexError, KeyError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(ruleset, Ruleset) or not isinstance(found, tuple):
        raise ValueError("not a ruleset")  # noqa: TRY004 - whatever is wrong with a text is a ValueError
    return ruleset, found
