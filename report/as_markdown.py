"""Document -> Markdown; text from data is escaped, so that it can only be text."""

from __future__ import annotations

import re

from .as_text import clean
from .document import Block, Document, Heading, Item, Items, Paragraph, Preformatted, Table

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
            return ["", head, rule, *("| " + " | ".join(map(escape, r.cells)) + " |" for r in rows), ""]
        case Preformatted(lines):
            return ["", *(f"    {clean(line)}" for line in lines), ""]


def _item(item: Item, depth: int) -> list[str]:
    lines = [f"{'  ' * depth}- {_from_its_first_mark(escape(item.text))}"]
    for below in item.items:
        lines += _item(below, depth + 1)
    return lines
