"""Laws of the language and of scores, tried on random rulesets and units.

The random rulesets are those of ``reference/``; every example is a seed.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from calculator import NotNumbers, work_out
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from reference.cases import Units
from reference.compare import DAY, ruleset_of, run_engine
from reference.draw import draw_plan
from reference.plan import Branch, Plan
from reference.write import write

from ruleeval.dsl.check import check_text
from ruleeval.dsl.format import canonical, canonical_file, format_text
from ruleeval.dsl.keywords import LANGUAGES, Language
from ruleeval.dsl.parse import ITEMS, parse
from ruleeval.dsl.syntax import Block, SourceFile
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.explain import ExplainedIndicator, Explanation, explain
from ruleeval.engine.record import Result
from ruleeval.engine.unit import UnitData
from ruleeval.files.ruleset_file import load_ruleset_file
from ruleeval.files.ruleset_folder import folder_of, pick
from ruleeval.files.unit_file import read_unit, sought, unit_data
from ruleeval.report.as_data import explanation_data, result_data

HOME = Path(__file__).parents[1]
SHIPPED = sorted((HOME / "rulesets").glob("*/*.rules"))
UNITS = sorted((HOME / "rulesets").glob("*/units/*"))

laws = settings(derandomize=True, max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32)


def plan_of(seed: int) -> Plan:
    return draw_plan(Random(seed))


def said(text: str, language: Language | None = None) -> object:
    """What a text says, its comments with it."""
    return canonical_file(read(text, language))


def said_plainly(block: Block) -> object:
    """What a block says, its comments left out."""
    return canonical(block.line.node), [canonical(r.node) for r in block.rows], [said_plainly(f) for f in block.fields]


def read(text: str, language: Language | None = None) -> SourceFile:
    found = parse(text, language)
    assert [d for d in found.diagnostics if d.is_error] == []
    return found.file


# ---- text -> tree -> text ---------------------------------------------------------------


def check_formats(text: str) -> None:
    """Formatting keeps the tree and changes nothing a second time; there and back is the identity."""
    own = parse(text).file.language
    plain = format_text(text)
    assert said(plain, own) == said(text)
    assert format_text(plain) == plain
    for language in LANGUAGES:
        there = format_text(plain, language)
        assert said(there, language) == said(text)
        assert format_text(there, own) == plain


@laws
@given(seeds)
def test_format_keeps_what_is_said_in_either_language(seed: int) -> None:
    check_formats(write(plan_of(seed)))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_format_keeps_what_the_shipped_rulesets_say(path: Path) -> None:
    check_formats(path.read_text("utf-8"))


WIDE = dict(zip("0123456789:,;()%", "０１２３４５６７８９：，；（）％", strict=True))
#: What must stay as it is: keywords with a digit, and headings up to the end of their names.
_NAMED = re.compile(r".*[【】\[\]“”\"].*|\s*(?:level\d|[一二三]级指标|bonus|加分项|extra-deduction|追加扣分|veto|否决|ruleset|规则集|version|版本)[^,，]*|.*(?:level\d|class\d)")
NARROW = {wide: plain for plain, wide in WIDE.items()}


def relaid(text: str, rng: Random) -> str:
    """The text with other widths, indentation, blank lines and comments."""
    lines = []
    for line in text.splitlines():
        name = _NAMED.match(line)
        kept = name[0] if name else ""
        shown = kept + "".join(rewidened(c, rng) for c in line[len(kept) :])
        indent = rng.choice(("", "  ", "\t", "\u3000", "      "))
        lines.append(indent + shown.strip() + rng.choice(("", "", "  ", "  # 说明", " ＃ note")))
        lines += rng.choice(([], [], [""], ["# a note"], ["", "＃说明", ""]))
    return rng.choice(("\n", "\r\n")).join(lines)


def rewidened(character: str, rng: Random) -> str:
    other = WIDE.get(character) or NARROW.get(character)
    return other if other and rng.random() < 0.3 else character


@laws
@given(seeds)
def test_layout_says_nothing(seed: int) -> None:
    text = write(plan_of(seed))
    first, other = read(text), read(relaid(text, Random(seed)), parse(text).file.language)
    assert [said_plainly(b) for b in other.blocks] == [said_plainly(b) for b in first.blocks]


# ---- order says nothing -----------------------------------------------------------------


def shuffled(plan: Plan, rng: Random) -> Plan:
    """The plan with its data items and siblings in another order."""

    def mixed(branch: Branch) -> Branch:
        below = [mixed(c) if isinstance(c, Branch) else c for c in branch.children]
        return replace(branch, children=tuple(rng.sample(below, len(below))))

    tree = [mixed(b) for b in plan.tree]
    return replace(plan, items=tuple(rng.sample(plan.items, len(plan.items))), tree=tuple(rng.sample(tree, len(tree))))


def sections_shuffled(text: str, rng: Random) -> str:
    """The text with its head lines and sections in another order; the items stay together."""
    file = parse(text).file
    starts = [b.line.number - 1 for b in file.blocks]
    lines = text.splitlines()
    parts = ["\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    items = "\n".join(p for p, b in zip(parts, file.blocks, strict=True) if b.kind in ITEMS)
    others = [p for p, b in zip(parts, file.blocks, strict=True) if b.kind not in ITEMS]
    return "\n".join(rng.sample([*others, items], len(others) + 1)) + "\n"


def scores(result: Result) -> tuple[object, ...]:
    grade = result.grade.grade if result.grade else None
    return result.state, result.score, grade, {code: record.score for code, record in result.indicators.items()}


@laws
@given(seeds)
def test_order_of_siblings_data_and_sections_changes_no_score(seed: int) -> None:
    plan, rng = plan_of(seed), Random(seed)
    case = Units(plan, rng).whole(out=rng.choice((0.0, 0.3)))
    first = scores(run_engine(plan, ruleset_of(plan), case))
    other = check_text(sections_shuffled(write(shuffled(plan, rng)), rng), plan.language)
    assert other.ruleset is not None, [(d.code, d.line) for d in other.diagnostics]
    assert scores(run_engine(plan, other.ruleset, case)) == first


# ---- weights add up exactly --------------------------------------------------------------


@laws
@given(st.integers(2, 9), st.integers(1, 120), st.integers(0, 99))
def test_thirds_and_sevenths_add_up_exactly(count: int, points: int, others: int) -> None:
    codes = [f"A1.{n}" for n in range(1, count + 1)]
    standard = "  取值：甲\n  评分：按比例\n"
    leaves = "".join(f"三级指标 {code} 名{code[3:]}\n{standard}" for code in codes)
    rest = f"三级指标 A1.{count + 1} 其余，权重{others}%\n{standard}" if others else ""
    text = (
        f"规则集：例\n版本：1\n满分：{points}分\n取分：实地评估\n数据\n  甲：百分数，0%至100%\n一级指标 A 一级，{points}分\n"
        f"二级指标 A1 二级，{points}分\n  共同权重：{'、'.join(codes)}，{100 - others}%，平均分配\n{leaves}{rest}"
    )
    ruleset = check_text(text).ruleset
    assert ruleset is not None
    assert sum(i.points for i in ruleset.leaves) == points
    assert ruleset.by_code["A1.1"].points == Fraction(points * (100 - others), 100 * count)
    result = evaluate(ruleset, UnitData("单位", "单位", DAY, values={"甲": Fraction(1, 7)}))
    assert result.score == Fraction(points, 7)


# ---- explanations work out ----------------------------------------------------------------


def check_explained(explanation: Explanation) -> int:
    """Every printed calculation gives the printed result; scores add up.  How many there were."""
    count = 0
    for indicator in (*explanation.indicators, *(a[-1] for a in explanation.adjustments)):
        for step in (*indicator.derived, *indicator.steps):
            try:
                result = work_out(step.result)
            except NotNumbers:
                continue  # a word, yes or no
            assert work_out(step.numbers) == result, (indicator.code, step)
            count += 1
        if indicator.state == "scored" and indicator.steps and not indicator.deducted:
            assert work_out(indicator.steps[-1].result) == work_out(indicator.score or ""), indicator
    check_sums(explanation)
    return count


def check_sums(explanation: Explanation) -> None:
    shown = {i.code: i for i in explanation.indicators}
    ruleset = explanation.result.ruleset
    for indicator in explanation.indicators:
        declared = ruleset.by_code[indicator.code]
        plain = declared.rounding is None and declared.ceiling is None and declared.floor is None and not indicator.deducted
        if indicator.children and indicator.combine == "sum" and indicator.redistribution is None and indicator.score is not None and plain:
            assert sum(score_of(shown[c]) for c in indicator.children) == score_of(indicator), indicator.code
    result = explanation.result
    steps = dict(result.total_steps)
    if result.score is not None and "sum" in steps:
        assert sum(score_of(shown[r.code]) for r in ruleset.roots) == steps["sum"]


def score_of(indicator: ExplainedIndicator) -> Fraction:
    return Fraction(indicator.score or 0) if indicator.state != "out" else Fraction(0)


def shipped_result(path: Path) -> Result:
    raw = read_unit(path)
    assert raw.envelope is not None
    written = raw.envelope.ruleset
    ruleset = load_ruleset_file(path.parent / written if written else pick(sought(raw.envelope), folder_of(path))).ruleset
    assert ruleset is not None
    unit, found = unit_data(raw, ruleset)
    assert unit is not None, found
    return evaluate(ruleset, unit)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_printed_numbers_of_the_shipped_units_give_the_printed_results(path: Path, language: Language) -> None:
    assert check_explained(explain(shipped_result(path), language)) > 30


@laws
@given(seeds, st.sampled_from(LANGUAGES))
def test_printed_numbers_give_the_printed_results(seed: int, language: Language) -> None:
    plan, rng = plan_of(seed), Random(seed)
    case = Units(plan, rng).whole(out=rng.choice((0.0, 0.3)))
    result = run_engine(plan, ruleset_of(plan), case)
    if result.state != "error":
        check_explained(explain(result, language))


# ---- no float anywhere --------------------------------------------------------------------


def values_in(thing: Any, seen: set[int]) -> Iterator[Any]:
    """Every value a thing is made of."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    yield thing
    if isinstance(thing, Mapping):
        parts: list[Any] = [*thing.keys(), *thing.values()]
    elif isinstance(thing, (list, tuple, set, frozenset)):
        parts = list(thing)
    elif is_dataclass(thing) and not isinstance(thing, type):
        parts = [getattr(thing, f.name) for f in fields(thing)]
    else:
        parts = []
    for part in parts:
        yield from values_in(part, seen)


def assert_exact(*things: Any) -> None:
    floats = [v for thing in things for v in values_in(thing, set()) if isinstance(v, (float, complex))]
    assert floats == []


def all_of(result: Result) -> tuple[Any, ...]:
    explanation = explain(result)
    data = (result_data(result), explanation_data(explanation))
    return result, explanation, *data, json.loads(json.dumps(data, default=str))


@laws
@given(seeds)
def test_no_float_in_a_run(seed: int) -> None:
    plan, rng = plan_of(seed), Random(seed)
    units = Units(plan, rng)
    case = units.opened(units.whole(out=0.2), 0.2)
    assert_exact(*all_of(run_engine(plan, ruleset_of(plan), case)))


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_no_float_in_the_run_of_a_shipped_unit(path: Path) -> None:
    assert_exact(*all_of(shipped_result(path)))


#: Divisions of what is a ``Fraction`` already.
SANCTIONED = {"abs(value) / 10 ** (precision - 6)"}
#: Writers of formats whose own numbers are floats: a cell of a workbook, the size of a letter.
FORMATS = {"as_workbook.py", "workbook_cells.py", "word_form.py"}
SOURCES = sorted(p for folder in ("dsl", "engine", "report") for p in (HOME / folder).rglob("*.py") if p.name not in FORMATS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(HOME)))
def test_no_float_is_written_in_the_sources(path: Path) -> None:
    """No decimal constant, no ``float(…)``, and ``/`` only where a ``Fraction`` is divided."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Constant(value=float() | complex()):
                raise AssertionError(f"line {node.lineno}: {node.value}")
            case ast.Call(func=ast.Name(id="float")) | ast.Attribute(attr="float"):
                raise AssertionError(f"line {node.lineno}: float")
            case ast.BinOp(op=ast.Div()):
                written = ast.unparse(node)
                assert "Fraction(" in written or written in SANCTIONED, f"line {node.lineno}: {written}"
