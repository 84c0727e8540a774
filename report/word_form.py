"""The official form of Word papers (GB/T 9704-2012), as a template that an office can edit.

A4, margins 37/35/28/26 mm, fonts by name with their East Asian attribute, body 3号 (16 pt)
with exact line spacing and an indent of two characters, heading ranks in 黑体, 楷体, 仿宋,
page numbers 4号 between dashes, outside.  What sources differ on (28, 29 or 30 pt; level 3
bold or not) is a setting.  The fonts are named, never shipped.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from ..dsl.frozen import frozen
from ..dsl.keywords import Language

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.styles.style import ParagraphStyle

#: What text goes into, by what it is; an office may restyle each of them in its template.
STYLES = {
    "title": "公文标题", "body": "公文正文", "address": "主送机关", "number": "发文字号", "signed": "落款", "dated": "成文日期",
    "attachments": "附件说明", "cell": "表格文字", "small": "表格小字", "tiny": "表格细字", "header": "表头", "caption": "表题", "fixed": "原样文字",
}  # fmt: skip
_LATIN = "Times New Roman"
#: Heading ranks: font and whether it is bold of itself.
_RANKS = (("黑体", False), ("楷体_GB2312", False), ("仿宋_GB2312", False), ("仿宋_GB2312", False))


@frozen
class Form:
    """What may differ between offices: points from line to line, and whether rank three is bold."""

    line_points: int = 30
    bold_third: bool = False


@cache
def default_template(form: Form, language: Language) -> bytes:
    """The template that papers are written with unless an office gives its own."""
    import docx

    paper = docx.Document()
    _page(paper)
    _styles(paper, form)
    for text, style in (
        ("{%p if number %}", "body"), ("{{ number }}", "number"), ("{%p endif %}", "body"), ("{{ title }}", "title"),
        ("{%p if addressee %}", "body"), ("{{ addressee }}" + ("：" if language == "zh" else ":"), "address"), ("{%p endif %}", "body"),
        ("{{p body }}", "body"),
        ("{%p for line in attachments %}", "body"), ("{{ line }}", "attachments"), ("{%p endfor %}", "body"),
        ("{%p if signed %}", "body"), ("{{ signed }}", "signed"), ("{%p endif %}", "body"),
        ("{%p if date %}", "body"), ("{{ date }}", "dated"), ("{%p endif %}", "body"), ("{{p annexes }}", "body"),
    ):  # fmt: skip
        paper.add_paragraph(text, STYLES[style])
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _page(paper: Paper) -> None:
    from docx.shared import Mm

    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    paper.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        _page_number(footer.paragraphs[0], side)


def _page_number(paragraph: Any, side: str) -> None:
    """— 1 —, one character from the outer edge."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
    _indent(paragraph._p.get_or_add_pPr(), **{f"{side}Chars": "100", side: "280"})
    for part in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if part == "PAGE" else part)
        run.font.size = Pt(14)
        fonts(run._r.get_or_add_rPr(), "宋体", "宋体")
        if part == "PAGE":
            for kind in ("begin", "", "end"):
                if kind:
                    mark = OxmlElement("w:fldChar")
                    mark.set(_w("fldCharType"), kind)
                else:
                    mark = OxmlElement("w:instrText")
                    mark.text = "PAGE"
                run._r.append(mark)


def _styles(paper: Paper, form: Form) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    normal = paper.styles["Normal"]
    _style(normal, "仿宋_GB2312", 16, form.line_points)
    _chinese(normal.element.get_or_add_rPr())
    looks: dict[str, tuple[str, float, int, Any, dict[str, str]]] = {
        "title": ("方正小标宋简体", 22, 35, centre, {}),
        "body": ("仿宋_GB2312", 16, form.line_points, None, {"firstLineChars": "200", "firstLine": "640"}),
        "address": ("仿宋_GB2312", 16, form.line_points, None, {}),
        "number": ("仿宋_GB2312", 16, form.line_points, centre, {}),
        "signed": ("仿宋_GB2312", 16, form.line_points, right, {"rightChars": "200", "right": "640"}),
        "dated": ("仿宋_GB2312", 16, form.line_points, right, {"rightChars": "400", "right": "1280"}),
        "attachments": ("仿宋_GB2312", 16, form.line_points, None, {"leftChars": "200", "left": "640"}),
        "cell": ("仿宋_GB2312", 12, 18, None, {}),
        "small": ("仿宋_GB2312", 10.5, 15, None, {}),
        "tiny": ("仿宋_GB2312", 9, 12, None, {}),
        "header": ("黑体", 12, 18, centre, {}),
        "caption": ("黑体", 16, form.line_points, centre, {}),
        "fixed": ("仿宋_GB2312", 12, 18, None, {}),
    }
    for key, (font, size, line, alignment, indent) in looks.items():
        style = paper.styles.add_style(STYLES[key], WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        _style(style, font, size, line)
        if alignment is not None:
            style.paragraph_format.alignment = alignment
        _indent(style.element.get_or_add_pPr(), **indent)
    for rank, (font, bold) in enumerate(_RANKS, 1):
        style = paper.styles[f"Heading {rank}"]
        _style(style, font, 16, form.line_points)
        style.font.bold = bold or (rank == 3 and form.bold_third)
        style.font.italic = False
        _indent(style.element.get_or_add_pPr(), firstLineChars="200", firstLine="640")
    for name in ("Heading 1", STYLES["attachments"], STYLES["signed"]):
        paper.styles[name].paragraph_format.keep_with_next = True


def _style(style: ParagraphStyle, font: str, size: float, line: int) -> None:
    """Font by name in every script, size, exact line spacing, no space around, black."""
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt, RGBColor

    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts(style.element.get_or_add_rPr(), font, _LATIN)
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)


def fonts(properties: Any, east_asian: str, latin: str) -> None:
    """Fonts by name, no theme; the East Asian font is an attribute of its own."""
    from docx.oxml import OxmlElement

    for old in properties.findall(_w("rFonts")):
        properties.remove(old)
    element = OxmlElement("w:rFonts")
    for script, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian), ("cs", latin)):
        element.set(_w(script), name)
    properties.insert(0, element)


def _chinese(properties: Any) -> None:
    """East Asian text is Chinese: a program that has not the fonts takes Chinese ones, not Japanese."""
    from docx.oxml import OxmlElement

    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN")):
        language.set(_w(name), value)
    properties.append(language)


def _indent(properties: Any, **sizes: str) -> None:
    from docx.oxml import OxmlElement

    if not sizes:
        return
    for old in properties.findall(_w("ind")):
        properties.remove(old)
    element = OxmlElement("w:ind")
    for name, size in sizes.items():
        element.set(_w(name), size)
    properties.insert_element_before(element, "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
                                     "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange")  # fmt: skip


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
