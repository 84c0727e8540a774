"""Pages in a real browser, without a network: every part opens, search finds, tables sort, print holds all."""

from __future__ import annotations

import json
import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import ruleeval
from ruleeval.report.as_html import aligned, to_html
from ruleeval.report.document import Chart, Column, Document, Figure, Heading, Item, Items, Paragraph, Row, Section, Series, Table, Versus

HOSTILE = "<script>alert(1)</script>"


def test_an_explanation_opens_every_level_down_to_the_source_value(run, opened, natural_resources: Path, tmp_path: Path) -> None:
    run("explain", natural_resources, "-o", "page.html")
    page = opened(tmp_path / "page.html").page
    ruleset = ruleeval.load(natural_resources.parents[1] / "government.rules")
    assert page.locator("details.section").count() == len(ruleset.indicators)
    leaf = page.locator("[id='A1.1']")
    assert not leaf.is_visible()
    for code in ("A", "A1", "A1.1"):
        page.locator(f"[id='{code}'] > summary").click()
    assert leaf.get_by_text("已运行事项数：43项").is_visible()
    assert leaf.get_by_text("取值：已运行事项数 ÷ 应运行事项数", exact=True).is_visible()
    page.locator("#close").click()
    assert not leaf.is_visible()
    page.locator("#open").click()
    assert all(d.is_visible() for d in page.locator("details").all())


def test_the_keyboard_alone_opens_a_part(run, opened, natural_resources: Path, tmp_path: Path) -> None:
    run("explain", natural_resources, "-o", "page.html")
    page = opened(tmp_path / "page.html").page
    page.locator("#print").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("[id='A1']").is_visible()


def test_search_opens_what_it_finds_hides_the_rest_and_says_how_many(run, opened, natural_resources: Path, tmp_path: Path) -> None:
    run("explain", natural_resources, "-o", "page.html")
    page = opened(tmp_path / "page.html").page
    page.locator("#search").fill("耕地保有量")
    assert page.locator("[id='X1.1']").is_visible()
    assert not page.locator("[id='A']").is_visible()
    assert page.locator("#told").text_content() == "找到1处"
    page.locator("#search").fill("")
    assert page.locator("[id='A']").is_visible()


def test_a_link_to_a_code_opens_it(run, opened, natural_resources: Path, tmp_path: Path) -> None:
    run("explain", natural_resources, "-o", "page.html")
    page = opened(tmp_path / "page.html").page
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#D1.1")
    page.reload()
    assert page.locator("[id='D1.1']").is_visible()


def test_print_holds_what_was_closed(run, opened, mill_lane: Path, tmp_path: Path) -> None:
    run("explain", mill_lane, "-o", "page.html")
    page = opened(tmp_path / "page.html").page
    assert page.locator("html").get_attribute("lang") == "en"
    assert not page.locator("[id='A1.1']").is_visible()
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("[id='A1.1']").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.locator("[id='A1.1']").is_visible()
    assert (tmp_path / "page.pdf").stat().st_size > 20_000


def table(*rows: tuple[str, int]) -> Table:
    columns = (Column("名称"), Column("类型", filtered=True), Column("得分", "right"))
    return Table(columns, tuple(Row((n, "甲" if v > 9 else "乙", Figure(str(v), v))) for n, v in rows), sortable=True)


def test_tables_sort_by_number_and_by_pinyin_and_back_to_the_given_order(opened, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(to_html(Document((Heading("表"), table(("张", 9), ("安", 100), ("李", 20)))), "zh"), "utf-8")
    page = opened(tmp_path / "page.html").page

    def names() -> list[str]:
        return page.locator("tbody td:first-child").all_inner_texts()

    head = page.locator("th").nth(2)
    head.locator("button").click()
    assert (names(), head.get_attribute("aria-sort")) == (["张", "李", "安"], "ascending")
    head.locator("button").click()
    assert (names(), head.get_attribute("aria-sort")) == (["安", "李", "张"], "descending")
    head.locator("button").click()
    assert (names(), head.get_attribute("aria-sort")) == (["张", "安", "李"], "none")
    page.locator("th button").first.click()
    assert names() == ["安", "李", "张"]
    page.locator("select").select_option("乙")
    assert [n for n, row in zip(names(), page.locator("tbody tr").all(), strict=True) if row.is_visible()] == ["张"]
    assert page.locator(".rows-by [role=status]").text_content() == "显示1行，共3行"


def test_nothing_that_a_user_wrote_runs_or_leaves_its_place(opened, tmp_path: Path) -> None:
    words = (HOSTILE, '"><img src=x onerror=alert(1)>', "</script><script>alert(2)</script>", "</style><script>alert(3)</script>", "{{ 7 * 7 }}", "]]>")
    blocks = []
    for text in words:
        blocks += [
            Heading(text), Paragraph(text), Items((Item(text, (Item(text), Versus(text, f"{text}\n{text}"))),)),
            Table((Column(text, filtered=True),), (Row((text,)),), text, sortable=True), Section(text, (Paragraph(text),), Paragraph(text), 2, text),
            Chart("bars", text, (text, text), (Series(text, (1, None)),)),
        ]  # fmt: skip
    (tmp_path / "page.html").write_text(to_html(Document(tuple(blocks)), "zh"), "utf-8")
    one = opened(tmp_path / "page.html")
    page = one.page
    page.locator("#open").click()
    for text in words:
        assert page.locator(f"details.section:has-text({json.dumps(text)}) > summary").first.is_visible()
    assert page.locator("script:not([type])").count() == 2
    assert page.locator("img").count() == 0
    page.evaluate("var s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.appendChild(s)")
    assert page.evaluate("window.ran") is None
    assert ["Content Security Policy" in c for c in one.complaints] == [True]
    one.complaints.clear()


def test_charts_are_drawn_with_every_label_and_say_nothing_of_gaps_as_zero(opened, tmp_path: Path) -> None:
    radar = Chart(
        "radar", "各维度", ("履职尽责", "规定执行", "机构配置", "编制使用"),
        (Series("本单位", (1, None, 1, 1)), Series("平均", (1, 1, 1, 1))), percent=True, top=1,
    )  # fmt: skip
    bars = Chart("bars", "等次分布", ("优秀", "良好"), (Series("单位数", (27, 4)),))
    (tmp_path / "page.html").write_text(to_html(Document((Heading("图"), radar, bars)), "zh"), "utf-8")
    page = opened(tmp_path / "page.html").page
    drawn = page.locator(".chart svg")
    assert drawn.count() == 2
    shown = drawn.nth(0).text_content()
    assert all(name in shown for name in ("履职尽责", "机构配置", "编制使用", "本单位", "平均"))
    assert "规定执行" not in shown
    assert page.get_by_text("未画出：规定执行").is_visible()
    assert all(text in drawn.nth(1).text_content() for text in ("优秀", "良好", "27", "4"))


LINES = st.lists(st.sampled_from(["甲", "乙", "丙", "丁"]), max_size=6).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(LINES, LINES)
def test_both_columns_of_a_comparison_hold_both_texts_whole(old: str, new: str) -> None:
    rows = aligned(Versus(old, new))
    assert "\n".join(o for o, _, _ in rows if o is not None) == old
    assert "\n".join(n for _, n, _ in rows if n is not None) == new
    assert all((o == n) for o, n, same in rows if same)


def test_a_page_holds_the_chart_library_only_where_it_has_a_chart(run, natural_resources: Path, tmp_path: Path) -> None:
    run("check", natural_resources, "-o", "plain.html")
    text = (tmp_path / "plain.html").read_text("utf-8")
    assert len(text) < 60_000
    assert not re.search(r"(?:src|href)=\"(?!#)", text)
