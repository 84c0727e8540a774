"""One small ruleset in both languages, units that are held against it, and what a reader sees."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ruleeval.dsl.check import check_text
from ruleeval.dsl.diagnostics import Diagnostic
from ruleeval.dsl.model import Ruleset
from ruleeval.dsl.wording import Message, render
from ruleeval.engine.unit import UnitData
from ruleeval.files.text import Unreadable
from ruleeval.files.unit_file import read_unit_text, unit_data

CHINESE = """\
规则集：单位文件试题
版本：1
适用：部门、事业单位
层级：省级、市级
生效：2022-01-01 至 2023-12-31
满分：10分
取分：实地评估
缺佐证：提示
折算限度：100%
全部不适用：零分

数据
  实有人数：整数，人，0人至500人
  经费：整数，元，至少0元
  满意度：百分数，0%至100%
  比值：小数
  挂牌：是否
  成效：选项 成效明显、有成效、无成效
  批复日：日期
  备注：文本
  评委打分：一组数，分，0分至100分，个数3至5
  权责匹配：选项 匹配、不匹配，评定
  案件：记录表
    列 名称：文本
    列 办结日：日期
    列 件数：整数，件，至少0件

派生
  均值 = 平均(评委打分)

一级指标 A 履职，10分
二级指标 A1 运行，10分
三级指标 A1.1 人员，6分
  评分：公式
  计分：实有人数 ÷ 1人 × 0.01分 + 满意度 × 1分 + 比值 × 1分 + 均值 + 经费 ÷ 1元 × 1分
  佐证：编制批复
  不适用：折算，范围上级
三级指标 A1.2 匹配，4分
  取值：权责匹配
  评分：按等级
    匹配：4分
    不匹配：0分
"""
#: A unit that says nothing wrong.
GOOD: dict[str, Any] = {"单位": "某厅", "单位类型": "部门", "基准日": "2022-12-31"}


@cache
def ruleset(text: str = CHINESE) -> Ruleset:
    found = check_text(text)
    errors = [(d.code, d.line, dict(d.facts)) for d in found.diagnostics if d.is_error]
    assert errors == []
    assert found.ruleset is not None
    return found.ruleset


def read(text: str, name: str = "unit.json", rules: str = CHINESE) -> tuple[UnitData | None, tuple[Diagnostic, ...]]:
    """The unit and the findings, also where the file cannot be read at all."""
    try:
        return unit_data(read_unit_text(text, name), ruleset(rules))
    except Unreadable as error:
        return None, (error.diagnostic,)


def lines_of(unit: dict[str, Any]) -> str:
    """A unit file, one entry a line, so that lines tell entries apart."""
    return json.dumps(unit, ensure_ascii=False, indent=1)


def unit(data: dict[str, Any] | None = None, /, **more: Any) -> str:
    """A good unit with some data, and other keys changed; ``...`` takes a key out."""
    whole = {**GOOD, **({"数据": data} if data is not None else {}), **more}
    return lines_of({k: v for k, v in whole.items() if v is not ...})


def raw(value: str, name: str = "实有人数") -> str:
    """A unit with one datum exactly as it is typed, on line 5."""
    return '{"单位": "某厅",\n"单位类型": "部门",\n"基准日": "2022-12-31",\n"数据": {\n"' + name + '": ' + value + "}}\n"


def value_of(value: str, name: str = "实有人数") -> Any:
    """What is read from one datum that is right."""
    read_in, found = read(raw(value, name))
    assert [d.code for d in found] == []
    assert read_in is not None
    return read_in.values[name]


def only(text: str, name: str = "unit.json", rules: str = CHINESE) -> Diagnostic:
    """The one finding that a file has."""
    _, found = read(text, name, rules)
    assert [d.code for d in found] == [found[0].code if found else "one finding"]
    return found[0]


def words(found: Diagnostic) -> tuple[Message, Message]:
    """The message in Chinese and in English: no hole in it, and nothing of the other language but the facts."""
    chinese, english = render(found, "zh"), render(found, "en")
    given = [w for f in found.facts.values() for w in ([f] if isinstance(f, str) else f)]
    facts = sorted((f for f in given if f), key=len, reverse=True)
    for message in (chinese, english):
        assert message.summary
        assert message.help
        told = f"{message.summary} {message.help}"
        assert "[[" not in told
        assert "“”" not in told or "" in found.facts.values()
        for fact in facts:
            told = told.replace(fact, "")
        assert any("\u4e00" <= c <= "\u9fff" for c in told) == (message is chinese), told
    return chinese, english


def says(found: Diagnostic, code: str, path: str | None, line: int, chinese: str, english: str) -> None:
    """Hold one finding against its code, place and sentences: what is wrong in both languages."""
    zh, en = words(found)
    assert (found.code, found.path, found.line, zh.summary, en.summary) == (code, path, line, chinese, english)
