"""Document -> Markdown; text from data is escaped, so that it can only be text."""

from __future__ import annotations

import re
from typing import assert_never

from .as_text import clean
from .document import (
    Block,
    Chart,
    Document,
    Heading,
    Item,
    Items,
    Paragraph,
    Preformatted,
    Section,
    SideBySide,
    Table,
    Versus,
    cell_text,
    unfolded,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


#: What makes a line a list, a rule or the underline of a heading.
_OPENING = re.compile(r"\A([0-9]{0,9})([-+=.)])")


def escape(text: str) -> str:
    """``text`` with every mark that Markdown or HTML would act on made plain."""
    return _SPECIAL.sub(lambda m: {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(m[1], f"\\{m[1]}"), clean(text))


def _from_its_first_mark(text: str) -> str:
    """A line that begins no list, rule, heading or code: its first mark escaped, its first spaces gone."""
    return _OPENING.sub(r"\1\\\2", text.lstrip())


def to_markdown(document: Document) -> str:
    return "\n".join(line for block in document.blocks for line in _block(block)).strip() + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Heading(text, level):
            return ["", f"{'#' * level} {escape(text)}", ""]
        case Paragraph(text, tone):
            shown = _from_its_first_mark(escape(text))
            return [f"**{shown}**" if tone == "strong" else shown, ""]
        case Items(items):
            return [line for item in items for line in _item(item, 0)] + [""]
        case Table(columns, rows):
            head = "| " + " | ".join(escape(c.title) for c in columns) + " |"
            rule = "|" + "|".join("---:" if c.align == "right" else "---" for c in columns) + "|"
            return ["", head, rule, *("| " + " | ".join(escape(cell_text(c)) for c in r.cells) + " |" for r in rows), ""]
        case Preformatted(lines):
            return ["", *(f"    {clean(line)}" for line in lines), ""]
        case Versus():
            return [*_versus(block, 0), ""]
        case SideBySide(left, right):
            return [line for inner in (*left, *right) for line in _block(inner)]
        case Section():
            return [line for inner in unfolded(block) for line in _block(inner)]
        case Chart():
            return []
    assert_never(block)


def _versus(versus: Versus, depth: int) -> list[str]:
    return [line for sign, text in versus.lines() for line in _item(Item(f"{sign} {text}"), depth)]


def _item(item: Item | Versus, depth: int) -> list[str]:
    if isinstance(item, Versus):
        return _versus(item, depth)
    lines = [f"{'  ' * depth}- {_from_its_first_mark(escape(item.text))}"]
    for below in item.items:
        lines += _item(below, depth + 1)
    return lines
