"""Word papers: the official form, figures looked up, templates of an office, pages that are whole."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from ruleeval.report.as_word import BadTemplate, numeral, rank, to_word
from ruleeval.report.document import Column, Document, Heading, Item, Items, Letter, Paragraph, Row, Section, Table
from ruleeval.report.word_form import STYLES, Form, default_template

HOSTILE = "<script>alert(1)</script> & {{ 7 * 7 }} {%p if x %} ]]>\x0b\u202e"


def opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def test_the_form_is_the_official_one() -> None:
    paper = opened(default_template(Form(), "zh"))
    section = paper.sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(s.mm) for s in sides] == [210, 297, 37, 35, 28, 26]
    wanted = {"title": ("方正小标宋简体", 22), "body": ("仿宋_GB2312", 16), "cell": ("仿宋_GB2312", 12), "small": ("仿宋_GB2312", 10.5)}
    for key, (font, size) in wanted.items():
        style = paper.styles[STYLES[key]]
        assert (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt) == (font, size)
    ranks = [paper.styles[f"Heading {n}"].element.rPr.rFonts.get(qn("w:eastAsia")) for n in (1, 2, 3, 4)]
    assert ranks == ["黑体", "楷体_GB2312", "仿宋_GB2312", "仿宋_GB2312"]
    body = paper.styles[STYLES["body"]]
    assert (body.paragraph_format.line_spacing.pt, body.element.pPr.ind.get(qn("w:firstLineChars"))) == (30, "200")
    footers = [f.paragraphs[0] for f in (section.footer, section.even_page_footer)]
    assert [(f.text, f.alignment, [r.font.size.pt for r in f.runs]) for f in footers] == [("—  —", 2, [14, 14, 14]), ("—  —", 0, [14, 14, 14])]


def test_what_sources_differ_on_is_a_setting() -> None:
    paper = opened(default_template(Form(28, bold_third=True), "zh"))
    assert (paper.styles[STYLES["body"]].paragraph_format.line_spacing.pt, paper.styles["Heading 3"].font.bold) == (28, True)


def test_headings_are_numbered_by_rank() -> None:
    assert [numeral(n) for n in (1, 9, 10, 11, 20, 21, 99)] == ["一", "九", "十", "十一", "二十", "二十一", "九十九"]
    assert [rank(n, "zh") for n in ((2,), (2, 3), (2, 3, 1), (2, 3, 1, 4))] == ["二、", "（三）", "1.", "（4）"]
    inner = Section("丙", (Section("丁", (), level=4),), level=3)
    content = to_word(Document((Heading("题"), Section("甲", ()), Section("乙", (inner, inner))), numbered=True), "zh")
    heads = [p.text for p in opened(content).paragraphs if p.style.name.startswith("Heading")]
    assert heads == ["一、甲", "二、乙", "（一）丙", "1.丁", "（二）丙", "1.丁"]


def test_a_report_tells_the_figures_of_the_result(run, natural_resources: Path, tmp_path: Path) -> None:
    run("report", natural_resources, "-o", "r.docx", "--number", "省编评[2022]15号", "--addressee", "省自然资源厅", "--signed", "评估组", "--dated", "2022-12-31")
    paper = docx.Document(tmp_path / "r.docx")
    lines = [p.text for p in paper.paragraphs]
    assert lines[:3] == ["省编评〔2022〕15号", "省自然资源厅（示例）评估报告", "省自然资源厅："]
    assert {"一、基本情况", "二、评估结果", "三、主要做法和成效", "四、存在问题", "五、整改意见和建议", "总得分107.48分，得分率89.6%。"} <= set(lines)
    assert [x for x in lines if x.startswith("附件：1.")] == ["附件：1.评分表"]
    assert [x for x in lines if x in ("评估组", "2022年12月31日")] == ["评估组", "2022年12月31日"]
    assert len(paper.tables) == 5
    assert all(t._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None for t in paper.tables)
    assert [s.orientation for s in paper.sections][:2] == [0, 1]


def test_whatever_a_user_wrote_is_text() -> None:
    table = Table((Column(HOSTILE),), (Row((HOSTILE,)),))
    blocks = (Heading(HOSTILE), Paragraph(HOSTILE), Items((Item(HOSTILE, (Item(HOSTILE),)),)), table)
    paper = opened(to_word(Document(blocks, letter=Letter(HOSTILE, HOSTILE, HOSTILE, date(2022, 1, 1), (HOSTILE,)), facts={"得分": HOSTILE}), "zh"))
    shown = "\n".join([*(p.text for p in paper.paragraphs), paper.tables[0].cell(1, 0).text])
    assert shown.count("<script>alert(1)</script> & {{ 7 * 7 }} {%p if x %} ]]>") == 9
    assert "49" not in shown


def test_a_template_that_an_office_has_edited_is_used(run, natural_resources: Path, tmp_path: Path) -> None:
    run("report", "--write-template", "t.docx")
    paper = docx.Document(tmp_path / "t.docx")
    paper.paragraphs[0].insert_paragraph_before("红头：{{ 单位 }}得{{ 得分 }}分，{{ 等次 }}")
    paper.add_paragraph("{{p parts.problems }}")
    paper.save(tmp_path / "t.docx")
    run("report", natural_resources, "-o", "r.docx", "--template", "t.docx")
    lines = [p.text for p in docx.Document(tmp_path / "r.docx").paragraphs]
    assert lines[0] == "红头：省自然资源厅（示例）得107.48分，良好"
    assert sum("存在问题" in line for line in lines) == 2


@pytest.mark.parametrize("wrong", [b"no word file", b"PK\x03\x04broken"])
def test_a_template_that_is_none_is_told(run, natural_resources: Path, tmp_path: Path, wrong: bytes) -> None:
    (tmp_path / "t.docx").write_bytes(wrong)
    assert "E984" in run("report", natural_resources, "-o", "r.docx", "--template", "t.docx", status=1).output
    assert not (tmp_path / "r.docx").exists()


def test_a_template_cannot_reach_beyond_its_names() -> None:
    paper = docx.Document()
    paper.add_paragraph("{{ title.__class__.__mro__ }}")
    stream = io.BytesIO()
    paper.save(stream)
    with pytest.raises(BadTemplate):
        to_word(Document((Heading("题"),)), "zh", stream.getvalue())


def test_pdf_without_an_office_suite_says_what_to_do(run, natural_resources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RULEEVAL_OFFICE", "no-such-program")
    output = run("report", natural_resources, "-o", "r.pdf", status=1).output
    assert "E982" in output
    assert ".docx" in output


def test_a_library_that_is_not_there_is_told(run, natural_resources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruleeval.report.extras.find_spec", lambda name: None)
    for ending in ("html", "xlsx", "docx"):
        output = run("check", natural_resources, "-o", f"r.{ending}", status=1).output
        assert "E981" in output
        assert 'pip install "ruleeval[papers]"' in output


def test_pages_hold_every_word_and_no_box(converted: Callable[[Path, str], Path], run, natural_resources: Path, tmp_path: Path) -> None:
    run("report", natural_resources, "-o", "r.docx")
    pdf = converted(tmp_path / "r.docx", "pdf")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed: the text of the pages was not looked at")
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    pages = text.rstrip("\f").split("\f")
    assert all(f"—{n}—" in page.replace(" ", "") for n, page in enumerate(pages, 1))
    assert all(page.replace(f"—{n}—", "").strip() for n, page in enumerate(pages, 1))
    squeezed = "".join(text.split())
    with zipfile.ZipFile(tmp_path / "r.docx") as parts:
        words = docx.Document(tmp_path / "r.docx")
        assert "word/document.xml" in parts.namelist()
    assert all("".join(p.text.split())[:8] in squeezed for p in words.paragraphs if p.text.strip())
    assert "\ufffd" not in text
