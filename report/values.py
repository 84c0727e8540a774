"""Values of data items as people read them, with their units."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ..dsl.keywords import Language, word
from ..dsl.model import DataItem
from ..dsl.numbers import exact_text, percent_text
from ..dsl.units import unit_word


def value_text(item: DataItem, value: Any, language: Language) -> str:
    """A value for a sentence: with its unit, a list by its numbers, a table by how many records it has."""
    if item.type.kind == "records":
        return f"{len(value)}条" if language == "zh" else f"{len(value)} records"
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(exact_text(v) for v in value)
    if isinstance(value, bool):
        return word("YES" if value else "NO", language)
    if isinstance(value, (int, Fraction)):
        if item.type.share == "percent":
            return percent_text(value)
        unit = unit_word(item.type.unit, language) if item.type.unit.name else ""
        return exact_text(value) + (unit if language == "zh" else f" {unit}" if unit else "")
    return value.isoformat() if isinstance(value, date) else str(value)
