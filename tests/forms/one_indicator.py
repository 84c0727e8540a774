"""Small rulesets of one indicator, checked and evaluated: what the tests of forms share."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ruleeval.dsl.check import check_text
from ruleeval.dsl.model import Ruleset
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.record import IndicatorRecord, Result
from ruleeval.engine.unit import EvidenceItem, NotApplicable, UnitData

F = Fraction
DAY = date(2022, 12, 31)


def text_of(standard: str, data: str = "", points: str = "10", *, head: str = "", before: str = "", after: str = "") -> str:
    """A ruleset whose one level-3 indicator A1.1 has this standard."""
    return f"""\
规则集：试题
版本：1
满分：{points}分
取分：实地评估
缺佐证：提示
折算限度：100%
全部不适用：零分
{head}
数据
  甲数：整数，个，至少0
{data}
不评分
  甲数 > 999999个：不评
{before}
一级指标 A 一级，{points}分
二级指标 A1 二级，{points}分
三级指标 A1.1 三级，{points}分
{standard}
{after}
"""


def check(text: str) -> Ruleset:
    """The checked ruleset; its text must give no error and no reminder."""
    found = check_text(text)
    assert [(d.code, d.line, dict(d.facts)) for d in found.diagnostics] == []
    assert found.ruleset is not None
    return found.ruleset


def codes(text: str) -> list[str]:
    """The codes of everything that is found in a text, in order of lines."""
    return [d.code for d in check_text(text).diagnostics]


def run(
    ruleset: Ruleset | str, values: dict[str, Any], *, evidence: tuple[EvidenceItem, ...] | None = (),
    out: dict[str, NotApplicable] | None = None, on: date = DAY,
) -> Result:  # fmt: skip
    """The result of a unit that hands in and is assessed with the same values."""
    checked = check(ruleset) if isinstance(ruleset, str) else ruleset
    unit = UnitData(
        "某单位", "部门", on, values={"甲数": 0, **values}, assessments={"on_site": values}, evidence=evidence,
        not_applicable=out or {},
    )  # fmt: skip
    return evaluate(checked, unit)


def leaf(ruleset: Ruleset | str, values: dict[str, Any], **more: Any) -> IndicatorRecord:
    """The record of A1.1."""
    return run(ruleset, values, **more).indicators["A1.1"]


def score(ruleset: Ruleset | str, values: dict[str, Any], **more: Any) -> Any:
    """The exact score of A1.1, an int or a Fraction and never a float."""
    record = leaf(ruleset, values, **more)
    assert record.state == "scored", (record.state, record.failure, record.bounds, record.waiting)
    assert isinstance(record.score, (int, Fraction))
    return record.score


def bounds(ruleset: Ruleset | str, values: dict[str, Any], **more: Any) -> tuple[Any, Any, bool]:
    """The least and the most that A1.1 can still score, and whether both can be reached."""
    record = leaf(ruleset, values, **more)
    assert record.state == "undecided", (record.state, record.score, record.failure)
    assert record.bounds is not None
    return record.bounds.low, record.bounds.high, record.bounds.tight


def failure(ruleset: Ruleset | str, values: dict[str, Any], **more: Any) -> str:
    """The code of why A1.1 cannot be scored from these data at all."""
    record = leaf(ruleset, values, **more)
    assert record.state == "error", (record.state, record.score)
    assert record.failure is not None
    return record.failure.code


def confirmed(reason: str = "没有这项工作") -> NotApplicable:
    """A claim that an indicator does not apply, confirmed by the deciding track."""
    return NotApplicable(reason, frozenset({"on_site"}))


def table(*rows: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """A table of records as a unit hands it in."""
    return tuple({f"column.{name}": value for name, value in row.items()} for row in rows)
