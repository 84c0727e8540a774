"""A ruleset as a workbook and back: the text in the one layout comes back letter by letter."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.draw import draw_plan
from reference.write import write

from ruleeval.dsl.format import format_text, laid_out
from ruleeval.dsl.keywords import KEYWORDS
from ruleeval.dsl.sheets.join import join
from ruleeval.dsl.sheets.split import split
from ruleeval.report.standard_words import FORM_SENTENCES

from .books import SHIPPED, exported, run, text_of

EXAMPLES = int(os.environ.get("RULEEVAL_EXAMPLES", "12"))
HOME = Path(__file__).parents[2]
RULESETS = sorted(SHIPPED.rglob("*.rules"))


def sprinkled(text: str, rng: Random) -> str:
    """A text with comments and blank lines wherever they can stand."""
    lines = []
    for line in text.split("\n"):
        way = rng.randrange(14)
        lines += {0: [""], 1: ["   # 注 comment"], 2: ["", "# 一", "# two", ""], 3: ["# z"]}.get(way, [])
        lines.append(line + "  # 旁注" if way == 4 and line.strip() and "#" not in line else line)
        lines += ["# tail", ""] if way == 5 else []
    return "\n".join(lines)


def comes_back(text: str) -> None:
    written, file = laid_out(text)
    again = join(split(written, file))
    assert again.diagnostics == ()
    assert format_text(again.text) == written


@pytest.mark.parametrize("path", RULESETS, ids=lambda p: p.stem)
def test_every_shipped_ruleset_comes_back_from_its_workbook(path: Path, tmp_path: Path) -> None:
    book, back = tmp_path / "book.xlsx", tmp_path / path.name
    assert run("export", path, "-o", book).exit_code == 0
    done = run("import", book)
    assert done.exit_code == 0 or "E90" in done.output  # a layer finds what it extends only at its own place
    assert text_of(book) == format_text(path.read_text("utf-8"))
    if done.exit_code == 0:
        assert run("import", book, "-o", back).exit_code == 0
        assert back.read_text("utf-8") == format_text(path.read_text("utf-8"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_every_generated_ruleset_comes_back_with_its_comments(seed: int) -> None:
    rng = random.Random(seed)
    text = write(draw_plan(rng))
    comes_back(text)
    comes_back(sprinkled(text, rng))


@pytest.mark.parametrize("seed", range(3))
def test_a_generated_ruleset_comes_back_through_a_real_workbook(seed: int, tmp_path: Path) -> None:
    text = sprinkled(write(draw_plan(Random(seed))), Random(seed))
    assert text_of(exported(text, tmp_path)) == format_text(text)


@pytest.mark.parametrize("page", ["docs/language.md", "docs/language.en.md", "docs/layers.md", "docs/results.md", "docs/errors"])
def test_whatever_the_documents_show_comes_back(page: str) -> None:
    """Layers, allocations, the use of results, and texts that parse but do not check."""
    pages = sorted((HOME / page).glob("*.md"))[::15] if (HOME / page).is_dir() else [HOME / page]
    texts = [m[1] for p in pages for m in re.finditer(r"^```rules\n(.*?)^```", p.read_text("utf-8"), re.MULTILINE | re.DOTALL)]
    assert texts
    for number, text in enumerate(texts):
        try:
            format_text(text)
        except ValueError:
            continue
        comes_back(text)
        comes_back(sprinkled(text, Random(number)))


def test_names_that_look_like_formulas_and_odd_characters_stay_as_they_are(tmp_path: Path) -> None:
    text = (
        "# =1+1\n规则集：=HYPERLINK(\"http://x\")\n版本：1\n满分：4.50分\n取分：自评\n缺佐证：提示\n说明：@SUM(A1) _x0041_ <script>alert(1)</script>\n\n"
        "数据\n  甲率：百分数，0%至100%，来源 -1+2\n\n一级指标 A =cmd|'/c calc'!A1，4.50分\n二级指标 A1 +1，4.50分\n"
        "三级指标 A1.1 @名称，权重62.5%\n  取值：甲率\n  评分：按比例\n  要点\n    - =1+1\n三级指标 A1.2 “三定”规定（两年），权重37.5%\n"
        "  取值：甲率\n  评分：按比例\n"
    )
    book = exported(text, tmp_path)
    assert text_of(book) == format_text(text)
    from openpyxl import load_workbook

    read = load_workbook(book)
    formulas = {c.value for s in read.worksheets for row in s.iter_rows() for c in row if c.data_type == "f"}
    assert all(f.startswith(("=IF(", "=SUMIF(", "=LEFT(")) for f in formulas), formulas
    assert {"=cmd|'/c calc'!A1", "+1"} <= {str(c.value) for row in read["指标"].iter_rows() for c in row if c.data_type == "s"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_form_has_a_sentence(language: str) -> None:
    forms = {k.key for k in KEYWORDS.values() if k.group == "form"}
    assert set(FORM_SENTENCES) == forms
    assert all(pair[0 if language == "zh" else 1] for pair in FORM_SENTENCES.values())
