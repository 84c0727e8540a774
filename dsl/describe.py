"""Types in the reader's words, dates as people write them, and what a declared item can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from .characters import plain_digits
from .diagnostics import Place
from .keywords import Language
from .model import Column, DataItem, Type
from .numbers import Exact, exact_text, percent_text
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


def enumerated(words: Iterable[str], language: Language) -> str:
    """Words as a list within a sentence."""
    return ("、" if language == "zh" else ", ").join(words)


def describe_type(kind: Type, language: Language) -> str:
    """A type in the words of the reader: ``以“人”计的数``, ``百分数``."""
    zh = language == "zh"
    if kind.kind == "number":
        if kind.share == "percent":
            return "百分数" if zh else "a percentage"
        if kind.share == "points":
            return "百分点" if zh else "percentage points"
        if kind.unit.name:
            return f"以“{kind.unit.name}”计的数" if zh else f'a number of "{unit_word(kind.unit, language)}"'
        if kind.share == "ratio":
            return "比率" if zh else "a ratio"
        return "不带单位的数" if zh else "a plain number"
    return _TYPE_WORDS[kind.kind][0 if zh else 1]


def share_text(value: Exact, kind: Type, language: Language) -> str:
    """A number that is no count, as its type is written: ``88.6%``, ``1.4个百分点``, ``1.1``."""
    if kind.share == "points":
        text = percent_text(value)
        unit = "个百分点" if language == "zh" else " percentage point" + ("" if text == "1%" else "s")
        return f"{text[:-1]}{unit}" if text.endswith("%") else text
    return percent_text(value) if kind.share in ("percent", "ratio") else exact_text(value)


def show_number(value: Exact, kind: Type, language: Language) -> str:
    """A number in the unit of its type: ``90%``, ``36岁``, ``36 years``."""
    if kind.share != "plain":
        return share_text(value, kind, language)
    gap = " " if language == "en" and kind.unit.name else ""
    return exact_text(value) + gap + unit_word(kind.unit, language)


def read_date(text: str) -> date | None:
    """The date written as 2022-05-31, 2022.5.31, 2022/5/31 or 2022年5月31日; ``None`` if there is no such day."""
    plain = plain_digits(text).replace("年", "-").replace("月", "-").rstrip("日").replace("/", "-").replace(".", "-")
    try:
        year, month, day = (int(p) for p in plain.split("-"))
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def possibility_of_column(column: Column) -> Possible:
    """What one cell of a column can be."""
    return possibility_of(DataItem(column.name, column.type, Place(0, 0, 0), column.low, column.high))


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
