"""Document -> Markdown; text from data is escaped, so that it can only be text."""

from __future__ import annotations

import re

from .as_text import clean
from .document import Block, Document, Heading, Item, Items, Paragraph, Preformatted, Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def escape(text: str) -> str:
    """``text`` with every mark that Markdown or HTML would act on made plain."""
    return _SPECIAL.sub(lambda m: {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(m[1], f"\\{m[1]}"), clean(text))


def to_markdown(document: Document) -> str:
    return "\n".join(line for block in document.blocks for line in _block(block)).strip() + "\n"


def _block(block: Block) -> list[str]:
    match block:
        case Heading(text, level):
            return ["", f"{'#' * level} {escape(text)}", ""]
        case Paragraph(text, tone):
            shown = escape(text)
            return [f"**{shown}**" if tone == "strong" else shown, ""]
        case Items(items):
            return [line for item in items for line in _item(item, 0)] + [""]
        case Table(columns, rows):
            head = "| " + " | ".join(escape(c.title) for c in columns) + " |"
            rule = "|" + "|".join("---:" if c.align == "right" else "---" for c in columns) + "|"
            return ["", head, rule, *("| " + " | ".join(map(escape, r.cells)) + " |" for r in rows), ""]
        case Preformatted(lines):
            return ["", *(f"    {clean(line)}" for line in lines), ""]


def _item(item: Item, depth: int) -> list[str]:
    lines = [f"{'  ' * depth}- {escape(item.text)}"]
    for below in item.items:
        lines += _item(below, depth + 1)
    return lines
