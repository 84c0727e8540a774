"""Document -> a Word file, through a template: the office's own, or the official form.

The template decides how a paper looks and what stands around the text; the document
decides the text.  In a template ``{{ title }}`` or ``{{ 标题 }}`` is a name or figure,
``{{p body }}`` or ``{{p 正文 }}`` all of the text, ``{{p parts.problems }}`` one part of it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any, assert_never

from ..dsl.keywords import Language
from .as_html import aligned, day_text
from .as_text import clean
from .as_workbook import column_widths
from .document import (
    Block,
    Chart,
    Document,
    Heading,
    Item,
    Items,
    Letter,
    Paragraph,
    Preformatted,
    Row,
    Section,
    SideBySide,
    Table,
    Versus,
    cell_text,
    unfolded,
)
from .extras import needed
from .word_form import STYLES, Form, default_template

if TYPE_CHECKING:
    from docx.document import Document as Paper

#: What a template may call things, in both languages.
NAMES: Mapping[str, str] = {
    "title": "标题", "body": "正文", "number": "文号", "addressee": "主送", "signed": "落款", "date": "日期", "attachments": "附件", "parts": "部分",
    "annexes": "附表",
}  # fmt: skip
#: Text widths in twentieths of a point: upright 156 mm, across 225 mm.
_UPRIGHT, _ACROSS = 8844, 12756
#: Characters across a page, upright and turned, in the letters of tables and in small ones.
_ROOM = ((False, "cell", 70), (False, "small", 80), (True, "small", 116), (True, "tiny", 136))
#: From so many columns on the letters are small.
_MANY = 8
#: Characters that a column whose text wraps can do with.
_WRAPPED = 12
_NUMERALS = "〇一二三四五六七八九"


class BadTemplate(Exception):
    """A template that cannot be used, and why, in Chinese and English."""

    def __init__(self, reason: str, reason_en: str) -> None:
        self.reason, self.reason_en = reason, reason_en
        super().__init__(reason_en)


def to_word(document: Document, language: Language, template: bytes | None = None, form: Form | None = None) -> bytes:
    """The document as .docx.  Raises `Missing` where a library is not installed, `BadTemplate`."""
    needed("docx", "docxtpl", "jinja2")
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    try:
        paper = DocxTemplate(io.BytesIO(template or default_template(form or Form(), language)))
        writer = _Writer(paper.get_docx(), language, numbered=document.numbered)
        paper.render(_context(document, writer, language), SandboxedEnvironment(autoescape=True), autoescape=True)
        _without_empty_end(paper.docx)
        stream = io.BytesIO()
        paper.docx.core_properties.title = clean(document.title)[:250]
        paper.save(stream)
        return stream.getvalue()
    except TemplateError as error:
        raise BadTemplate(f"占位写得不对（{error}）", f"a placeholder is not right ({error})") from error
    except Exception as error:
        if template is None:
            raise
        raise BadTemplate("不是 Word 文件，或已损坏", f"it is no Word file, or it is damaged ({type(error).__name__})") from error


def _context(document: Document, writer: _Writer, language: Language) -> dict[str, Any]:
    from markupsafe import Markup

    letter = document.letter or Letter()
    blocks = document.blocks[1:] if document.blocks and isinstance(document.blocks[0], Heading) else document.blocks
    annexes = tuple(b for b in blocks if isinstance(b, Section) and b.key.startswith("annex"))
    body = tuple(b for b in blocks if b not in annexes)
    inside = Markup(writer.written(body))
    found: dict[str, Any] = {
        "title": clean(document.title), "body": inside, "number": clean(letter.number), "addressee": clean(letter.addressee),
        "signed": clean(letter.signed), "date": day_text(letter.dated, language) if letter.dated is not None else "",
        "attachments": _attachments(letter.attachments, language), "annexes": Markup(writer.written(annexes, plain=True)),
        "parts": {b.key: Markup(writer.written((b,))) for b in blocks if isinstance(b, Section) and b.key},
    }  # fmt: skip
    facts = {clean(name): clean(value) for name, value in document.facts.items()}
    return {**facts, **{NAMES[key]: value for key, value in found.items()}, **found}


def _attachments(names: Sequence[str], language: Language) -> list[str]:
    """附件：1.… / attachments: 1. …"""
    if not names:
        return []
    word = "附件：" if language == "zh" else "attachments: "
    space = "" if language == "zh" else " "
    return [f"{word if n == 1 else '　' * 3 if language == 'zh' else ' ' * len(word)}{n}.{space}{clean(name)}" for n, name in enumerate(names, 1)]


def numeral(number: int) -> str:
    """A number up to 99 in Chinese: 一, 十, 二十一."""
    tens, ones = divmod(number, 10)
    if number > 99:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十") + (_NUMERALS[ones] if ones or not tens else "")


def rank(numbers: Sequence[int], language: Language) -> str:
    """The number of a heading by its rank: 一、（一）1.（1）, or 1, 1.1, 1.1.1."""
    number = numbers[-1]
    if language == "en":
        return ".".join(map(str, numbers)) + " "
    return (f"{numeral(number)}、", f"（{numeral(number)}）", f"{number}.", f"（{number}）")[len(numbers) - 1]


class _Writer:
    """Writes blocks with the styles of a template; where it has none of a name, as plain text."""

    def __init__(self, paper: Paper, language: Language, *, numbered: bool) -> None:
        self.paper, self.language, self.numbered = paper, language, numbered
        self.known = {s.name for s in paper.styles}
        self.numbers: list[int] = []
        self.plain = self.across = False

    def written(self, blocks: Sequence[Block], *, plain: bool = False) -> str:
        """Blocks as the XML of a Word body."""
        from lxml import etree

        self.numbers, self.plain = [], plain
        body = self.paper.element.body
        before = set(body)
        self.blocks(blocks)
        self.turn(across=False)
        made = [e for e in body if e not in before]
        for element in made:
            body.remove(element)
        return "".join(etree.tostring(e, encoding="unicode") for e in made)

    def blocks(self, blocks: Sequence[Block]) -> None:
        """Blocks in order; a heading stands on the page of what follows it."""
        blocks = [b for b in blocks if not (isinstance(b, Section) and b.screen)]
        for n, block in enumerate(blocks):
            following = blocks[n + 1 : n + 2] if isinstance(block, Heading) else block.blocks[:2] if isinstance(block, Section) else ()
            if isinstance(block, (Heading, Section)):
                self.turn(across=any(isinstance(f, Table) and _room(f)[0] for f in following))
            self.block(block)

    def paragraph(self, text: str, style: str, *, bold: bool = False, left: int = 0) -> Any:
        found = self.paper.add_paragraph(style=style if style in self.known else None)
        self.run(found, text, bold=bold)
        if left:
            from docx.shared import Pt

            found.paragraph_format.left_indent = Pt(32 * left)
        return found

    def run(self, paragraph: Any, text: str, *, bold: bool = False) -> None:
        from docx.oxml.ns import qn

        run = paragraph.add_run(clean(text))
        if bold:
            run.bold = True
        if self.language == "zh":
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")

    def block(self, block: Block) -> None:
        match block:
            case Heading(text, level):
                self.heading(text, level)
            case Paragraph(text, tone):
                self.paragraph(text, STYLES["body"], bold=tone == "strong")
            case Items(items):
                for item in items:
                    self.item(item, 0)
            case Table():
                self.table(block)
            case Preformatted(lines):
                for line in lines:
                    self.paragraph(line, STYLES["fixed"])
            case Versus():
                self.table(self.versus(block))
            case SideBySide(left, right):
                for inner in (*left, *right):
                    self.block(inner)
            case Section():
                head = unfolded(block)
                self.block(head[0])
                self.blocks(head[1:])
            case Chart():
                pass
            case _:
                assert_never(block)

    def heading(self, text: str, level: int) -> None:
        if level == 1 or self.plain:
            self.paragraph(text, STYLES["title" if level == 1 else "caption"])
            return
        depth = min(4, level - 1)
        self.numbers = [*self.numbers[:depth], *([0] * (depth - len(self.numbers)))]
        self.numbers[depth - 1] += 1
        shown = rank([max(1, n) for n in self.numbers[:depth]], self.language) if self.numbered else ""
        self.paragraph(shown + text, f"Heading {depth}")

    def item(self, item: Item | Versus, depth: int) -> None:
        if isinstance(item, Versus):
            self.table(self.versus(item))
            return
        self.paragraph(item.text, STYLES["body"], left=depth, bold=item.tone == "strong")
        for below in item.items:
            self.item(below, depth + 1)

    def versus(self, versus: Versus) -> Table:
        from .document import Column

        old, new = ("原来", "现在") if self.language == "zh" else ("before", "now")
        rows = tuple(Row((o or "", n or ""), "plain" if same else "strong") for o, n, same in aligned(versus))
        return Table((Column(old, wrap=True), Column(new, wrap=True)), rows)

    # ---- tables ----

    def table(self, table: Table) -> None:
        """A table with rules, its header on every page; a wide one across the page, or in small letters."""
        across, style, room = _room(table)
        if across:
            self.turn(across=True)
        self.fill(table, _ACROSS if self.across else _UPRIGHT, STYLES[style], room)
        self.paragraph("", STYLES["small"])

    def fill(self, table: Table, width: int, style: str, room: int) -> None:
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Twips

        made = self.paper.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid" if "Table Grid" in self.known else None)
        made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        wanted = column_widths(table, room)
        sizes = [width * w // sum(wanted) for w in wanted]
        header = STYLES["header"] if style == STYLES["cell"] else style
        for column, size in zip(made.columns, sizes, strict=True):
            column.width = Twips(size)
        rows = made._tbl.tr_lst
        self.cells(made, rows[0], [c.title for c in table.columns], sizes, header, table, bold=style != STYLES["cell"])
        _mark(rows[0], "tblHeader", "cantSplit")
        for number, row in enumerate(table.rows, 1):
            self.cells(made, rows[number], [cell_text(c) for c in row.cells], sizes, style, table, bold=row.tone == "strong", body=number - 1)
            _mark(rows[number], "cantSplit")

    def cells(
        self, made: Any, row: Any, texts: Sequence[str], sizes: Sequence[int], style: str, table: Table, *, bold: bool, body: int | None = None
    ) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import Twips
        from docx.table import _Cell

        for i, element in enumerate(row.tc_lst):
            cell = _Cell(element, made)
            cell.width = Twips(sizes[i])
            column = table.columns[i]
            merged = column.merged and body is not None and texts[i] != ""
            again = merged and body is not None and body > 0 and cell_text(table.rows[body - 1].cells[i]) == texts[i]
            if merged:
                mark = OxmlElement("w:vMerge")
                if not again:
                    mark.set(qn("w:val"), "restart")
                element.get_or_add_tcPr().append(mark)
            for n, line in enumerate(("",) if again else texts[i].split("\n")):
                paragraph = cell.paragraphs[0] if n == 0 else cell.add_paragraph()
                paragraph.style = style if style in self.known else None
                if body is not None and column.align == "right":
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self.run(paragraph, line, bold=bold)

    def turn(self, *, across: bool) -> None:
        """Go on upright or across: what stands so far is a part of the paper of its own."""
        from docx.oxml.ns import qn

        if across == self.across:
            return
        part = deepcopy(self.paper.element.body.sectPr)
        size = part.find(qn("w:pgSz"))
        margins = part.find(qn("w:pgMar"))
        if self.across and size is not None and margins is not None:
            sides = [margins.get(qn(f"w:{side}")) for side in ("left", "right", "bottom", "top")]
            for name, value in zip(("top", "bottom", "left", "right"), sides, strict=True):
                margins.set(qn(f"w:{name}"), value)
            height, width = size.get(qn("w:w")), size.get(qn("w:h"))
            for name, value in (("w", width), ("h", height), ("orient", "landscape")):
                size.set(qn(f"w:{name}"), value)
        self.paragraph("", STYLES["small"])._p.get_or_add_pPr().append(part)
        self.across = across


def _room(table: Table) -> tuple[bool, str, int]:
    """Whether a table goes across the page, the style of its cells, and the characters that a line takes."""
    wanted = column_widths(table)
    least = sum(min(w, _WRAPPED) if c.wrap else w for c, w in zip(table.columns, wanted, strict=True))
    few = len(table.columns) < _MANY
    return next((r for r in _ROOM if least <= r[2] and (few or r[1] != "cell")), _ROOM[-1])


def _without_empty_end(paper: Any) -> None:
    """A part that ends with the paper is its last: no empty page follows."""
    from docx.oxml.ns import qn

    body = paper.element.body
    last, final = (body[-2], body[-1]) if len(body) > 1 else (None, None)
    properties = last.find(qn("w:pPr")) if last is not None and last.tag == qn("w:p") else None
    part = properties.find(qn("w:sectPr")) if properties is not None else None
    if last is not None and part is not None and not "".join(last.itertext()).strip():
        body.replace(final, part)
        body.remove(last)


def _mark(row: Any, *names: str) -> None:
    from docx.oxml import OxmlElement

    properties = row.get_or_add_trPr()
    for name in sorted(names):
        properties.append(OxmlElement(f"w:{name}"))
