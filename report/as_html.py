"""Document -> one HTML file: opens from a stick, asks no network, holds all it needs.

All text is escaped by Jinja.  A content policy allows exactly the scripts and the style
of the page, by their hashes, and nothing from outside; so even text that got past the
escaping could neither run nor load a thing.  Without scripts the page is whole: parts
open and close by themselves, tables stand there.  ECharts is put in where there is a chart.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from ..dsl.keywords import Language
from ..dsl.numbers import Exact, fixed
from .as_text import clean
from .document import Block, Cell, Chart, Document, Figure, Item, Section, SideBySide, Versus, cell_text
from .extras import needed
from .phrases import Phrases

_PAGE = Path(__file__).with_name("page")
#: Pages with this many sections or fewer open their first level.
_FEW = 12
WORDS: Mapping[str, tuple[str, str]] = {
    "skip": ("跳到正文", "skip to the text"),
    "search": ("查找", "search"),
    "open": ("全部展开", "open all"),
    "close": ("全部收起", "close all"),
    "print": ("打印", "print"),
    "found": ("找到{n}处", "{n} found"),
    "rows": ("显示{n}行，共{all}行", "{n} of {all} rows"),
    "all": ("全部", "all"),
    "sort": ("按此列排序", "sort by this column"),
    "filter": ("筛选", "filter"),
    "left_out": ("未画出：{names}", "not drawn: {names}"),
    "comma": ("、", ", "),
    "old": ("原来", "before"),
    "new": ("现在", "now"),
}


def to_html(document: Document, language: Language) -> str:
    """The document as one page.  Raises `Missing` where Jinja2 is not installed."""
    needed("jinja2")
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    charts = list(charts_in(document.blocks))
    style, script, library = _part("page.css"), _part("page.js"), _part("echarts.min.js") if charts else ""
    environment = Environment(loader=FileSystemLoader(_PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters |= {
        "kind": lambda block: type(block).__name__, "clean": clean, "aligned": aligned, "shown": lambda cell: clean(cell_text(cell)),
        "sorted_by": _sorted_by, "plain_items": lambda items: [i for i in items if isinstance(i, Item)], "sections": _sections,
        "anchor": _anchors(document), "number": lambda chart: next(i for i, c in enumerate(charts) if c is chart), "day": lambda day: day_text(day, language),
    }  # fmt: skip
    say = Phrases(language, WORDS)
    return environment.get_template("page.html").render(
        document=document, title=clean(document.title), tag="zh-CN" if language == "zh" else "en", policy=_policy(style, script, library),
        style=Markup(style), script=Markup(script), charts=Markup(library), figures=Markup(_figures(charts)), wide=_sections(document) <= _FEW,
        words={key: say.table[key][say.column] for key in WORDS},
    )  # fmt: skip


@cache
def _part(name: str) -> str:
    return _PAGE.joinpath(name).read_text("utf-8")


def _policy(style: str, *scripts: str) -> str:
    """Only these texts may style and run, and nothing may be loaded or sent."""
    allowed = " ".join(_digest(s) for s in scripts if s)
    return f"default-src 'none'; style-src {_digest(style)}; script-src {allowed}; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _figures(charts: list[Chart]) -> str:
    """The figures of charts as JSON that can stand in a page: numbers as text, no angle bracket left."""
    data = [
        {
            "kind": c.kind, "title": clean(c.title), "categories": [clean(t) for t in c.categories], "percent": c.percent, "top": _decimal(c.top),
            "series": [{"name": clean(s.name), "values": [_decimal(v) for v in s.values]} for s in c.series],
        }
        for c in charts
    ]  # fmt: skip
    text = json.dumps(data, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _decimal(value: Exact | None) -> str | None:
    return None if value is None else fixed(value, 6)


def charts_in(blocks: tuple[Block, ...]) -> Iterator[Chart]:
    """Every chart, however deep."""
    for block in blocks:
        if isinstance(block, Chart):
            yield block
        elif isinstance(block, Section):
            yield from charts_in(block.blocks)
        elif isinstance(block, SideBySide):
            yield from charts_in((*block.left, *block.right))


def sections_in(blocks: tuple[Block, ...]) -> Iterator[Section]:
    """Every section, those within others after them."""
    for block in blocks:
        if isinstance(block, Section):
            yield block
            yield from sections_in(block.blocks)


def _sections(document: Document) -> int:
    return sum(1 for _ in sections_in(document.blocks))


def _anchors(document: Document) -> Any:
    """What each section is called in links: its key, or its number; none twice."""
    names: dict[int, str] = {}
    taken: set[str] = {"content", "tools", "search", "open", "close", "print", "told", "figures"}
    for number, section in enumerate(sections_in(document.blocks), 1):
        name = clean(section.key) if section.key and section.key not in taken else f"part-{number}"
        taken.add(name)
        names[id(section)] = name
    return lambda section: names[id(section)]


def _sorted_by(cell: Cell) -> str:
    """The number that a cell sorts by, if it is one."""
    return fixed(cell.value, 12) if isinstance(cell, Figure) and cell.value is not None else ""


def aligned(versus: Versus) -> list[tuple[str | None, str | None, bool]]:
    """The lines of both texts beside each other: (old, new, whether they are the same)."""
    old, new = (text.split("\n") if text else [] for text in (versus.old, versus.new))
    rows: list[tuple[str | None, str | None, bool]] = []
    for act, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            rows += [(a, b, True) for a, b in zip(old[i1:i2], new[j1:j2], strict=True)]
            continue
        for n in range(max(i2 - i1, j2 - j1)):
            rows.append((old[i1 + n] if i1 + n < i2 else None, new[j1 + n] if j1 + n < j2 else None, False))
    return rows


def day_text(day: date, language: Language) -> str:
    """A date as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()
