"""Indicators for some types of unit only: every variant adds up, each unit gets its own."""

from __future__ import annotations

from datetime import date

import ruleeval
from ruleeval.engine.unit import UnitData

RULES = """\
规则集：甲
版本：1
适用：政府部门、事业单位
层级：省级、市级
满分：10分
取分：实地评估

数据
  次数：整数，次，至少0

一级指标 A 甲，10分

二级指标 A1 乙，10分

三级指标 A1.1 部门用，10分
  适用条件：单位类型 = “政府部门”
  取值：次数
  评分：扣分
    每1次：扣1分

三级指标 A1.2 事业单位用，10分
  适用条件：单位类型 = “事业单位”
  取值：次数
  评分：扣分
    每1次：扣2分
"""


def test_each_type_is_scored_by_its_own_indicator() -> None:
    ruleset = ruleeval.check(RULES).ruleset
    assert ruleset is not None
    scores = {}
    for kind in ruleset.applies:
        unit = UnitData("某单位", kind, date(2022, 12, 31), level="省级", values={"次数": 2})
        scores[kind] = ruleeval.evaluate(ruleset, unit).score
    assert scores == {"政府部门": 8, "事业单位": 6}


def test_a_type_without_an_indicator_is_found_before_any_run() -> None:
    found = ruleeval.check(RULES.replace("“事业单位”", "“政府部门”")).diagnostics
    assert [d.code for d in found] == ["E310"]
    assert found[0].facts["variant"] == ("单位类型 = 事业单位",)


def test_a_type_that_does_not_exist_is_an_error() -> None:
    found = ruleeval.check(RULES.replace("“事业单位”", "“事业单倍”")).diagnostics
    assert [d.code for d in found] == ["E508"]
    assert found[0].facts["near"] == "事业单位"
