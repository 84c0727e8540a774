"""Types in the reader's words, dates as people write them, and what a declared item can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .characters import plain_digits
from .keywords import Language
from .model import DataItem, Type
from .ranges import Anything, Listing, Possible, Range, Truths, Words
from .units import unit_word

_TYPE_WORDS: Mapping[str, tuple[str, str]] = {
    "number": ("数", "a number"),
    "yes_no": ("是或否", "yes or no"),
    "choice": ("选项", "a choice"),
    "text": ("文本", "text"),
    "date": ("日期", "a date"),
    "numbers": ("一组数", "a list of numbers"),
    "records": ("记录表", "a table of records"),
}


def describe_type(kind: Type, language: Language) -> str:
    """A type in the words of the reader: ``以“人”计的数``, ``百分数``."""
    zh = language == "zh"
    if kind.kind == "number":
        if kind.share == "percent":
            return "百分数" if zh else "a percentage"
        if kind.unit.name:
            return f"以“{kind.unit.name}”计的数" if zh else f'a number of "{unit_word(kind.unit, language)}"'
        if kind.share == "ratio":
            return "比率" if zh else "a ratio"
        return "不带单位的数" if zh else "a plain number"
    return _TYPE_WORDS[kind.kind][0 if zh else 1]


def read_date(text: str) -> date | None:
    """The date written as 2022-05-31, 2022.5.31, 2022/5/31 or 2022年5月31日; ``None`` if there is no such day."""
    plain = plain_digits(text).replace("年", "-").replace("月", "-").rstrip("日").replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(p) for p in plain.split("-"))
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def possibility_of(item: DataItem) -> Possible:
    """What a data item can be within its declared range."""
    kind = item.type
    match kind.kind:
        case "number":
            return Range(item.low, item.high, True, True, "whole" if kind.whole else "any")
        case "yes_no":
            return Truths(frozenset({True, False}))
        case "choice":
            return Words(frozenset(kind.options))
        case "text":
            return Words(None)
        case "date":
            return Range(date(1900, 1, 1).toordinal(), date(2999, 12, 31).toordinal(), True, True, "whole")
        case "numbers":
            element = Range(item.low, item.high, True, True, "whole" if kind.whole else "any")
            return Listing(element, item.count_low, item.count_high)
        case "records":
            return Anything()
