"""One way through everything: a ruleset text and a unit text to every output, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ruleeval.dsl.check import CheckResult, check_text
from ruleeval.dsl.diagnostics import Diagnostic
from ruleeval.dsl.keywords import LANGUAGES
from ruleeval.dsl.model import Ruleset
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.explain import explain
from ruleeval.engine.notices import notices
from ruleeval.files.text import Unreadable, decode
from ruleeval.files.unit_file import read_unit_text, unit_data
from ruleeval.report.as_markdown import to_markdown
from ruleeval.report.as_text import to_text
from ruleeval.report.explanation import explanation_document
from ruleeval.report.findings import finding_data, finding_lines
from ruleeval.report.pages import Page
from ruleeval.report.score_sheet import score_sheet

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = ROOT / "tests" / "samples" / "liaoning-2022" / "government.rules"
SHIPPED_UNIT = ROOT / "tests" / "samples" / "liaoning-2022" / "units" / "natural-resources.json"

HEAD = "规则集：甲\n版本：1\n适用：部门\n满分：10分\n取分：实地评估\n修约：三级指标，2位，四舍五入\n缺佐证：提示\n折算限度：100%\n全部不适用：零分\n"


def rules(data: str = "  甲：小数，至少0", derived: str = "", standard: str = "  评分：公式\n  计分：甲 × 1分") -> str:
    """A ruleset of one indicator."""
    section = f"派生\n{derived}\n" if derived else ""
    return f"{HEAD}\n数据\n{data}\n\n{section}\n一级指标 A 一级，10分\n二级指标 A1 二级，10分\n三级指标 A1.1 三级，10分\n{standard}\n"


def unit_with(data: str, name: str = "某单位") -> str:
    """A unit whose data are exactly this JSON."""
    return f'{{"单位": "{name}", "单位类型": "部门", "基准日": "2022-12-31", "数据": {data}}}'


@cache
def shipped() -> Ruleset:
    found = check_text(SHIPPED.read_text("utf-8"))
    assert found.ruleset is not None
    return found.ruleset


def text_of(content: bytes) -> str | None:
    """The text of some bytes, or ``None`` where they are none."""
    try:
        return decode(content, "file")[0]
    except Unreadable as error:
        tell((error.diagnostic,), "")
        return None


def tell(found: tuple[Diagnostic, ...], text: str) -> str:
    """Every finding as a terminal and as JSON would show it."""
    lines = text.splitlines()
    pages = {"unit": (Page("unit.json", lines),), "ruleset": (Page("a.rules", lines),), "file": (Page("file"),)}
    shown = []
    for diagnostic in found[:200]:
        for language in LANGUAGES:
            shown += finding_lines(diagnostic, pages, language)
            finding_data(diagnostic, pages, language)
    return "\n".join(shown)


def check_all(text: str) -> tuple[CheckResult, str]:
    """A ruleset checked, and everything that is said about it."""
    result = check_text(text)
    return result, tell(result.diagnostics, text)


def run_all(ruleset: Ruleset, text: str, name: str = "unit.json") -> tuple[list[str], str]:
    """The codes of all findings about a unit, and everything that is printed about it."""
    try:
        unit, found = unit_data(read_unit_text(text, name), ruleset)
    except Unreadable as error:
        return [error.diagnostic.code], tell((error.diagnostic,), text)
    if unit is None:
        return [d.code for d in found], tell(found, text)
    result = evaluate(ruleset, unit)
    told = (*found, *result.diagnostics)
    shown = [tell(told, text)]
    for language in LANGUAGES:
        shown += [tell(notices(result, language), text), *_papers(result, language)]
    return [d.code for d in told], "\n".join(shown)


def _papers(result: object, language: str) -> Iterator[str]:
    documents = [score_sheet(result, language), explanation_document(explain(result, language))]  # type: ignore[arg-type]
    for document in documents:
        yield to_text(document, 80)
        yield to_markdown(document)
