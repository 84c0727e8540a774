"""Every edit that a layer can make and every way in which it can be wrong, each in both languages.

The cases are written in Chinese; the formatter gives the same file in English.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ruleeval.dsl.format import format_text
from ruleeval.dsl.keywords import LANGUAGES, Language
from ruleeval.dsl.layers.compare import compare
from ruleeval.dsl.layers.resolve import LayerText, resolve
from ruleeval.dsl.layers.write import layer_between
from ruleeval.dsl.model import Ruleset
from ruleeval.dsl.wording import render
from ruleeval.files.ruleset_file import LoadedRuleset, load_ruleset_texts

BASE = """\
规则集：甲
版本：1
满分：10分
取分：实地评估
缺佐证：提示

数据
  比率：百分数，0%至100%
  件数：整数，件，至少0
  闲置：整数，件，至少0
  职级：选项 正、副

查表 系数
  键：职级
  正：1.2
  副：1

勾稽
  件数 ≥ 闲置，提醒：请核对

锁定 A2：名称、取值
锁定 数据：比率

一级指标 A 一级，10分
二级指标 A1 二级，6分
三级指标 A1.1 比率情况，4分
  取值：比率
  评分：按比例
  佐证：台账
  说明：一直有的
三级指标 A1.2 件数情况，2分
  取值：件数
  评分：扣分
    每1件：扣0.5分
  上限：得分(A1.1)
二级指标 A2 另一个，4分
三级指标 A2.1 锁着的，4分
  评分：公式
  计分：比率 × 4分 × 查(系数，职级)
小计 前半：A1
"""
HEAD = "规则集：乙\n版本：1\n继承：甲 1\n理由：示例\n\n"


def put_together(language: Language, *layers: str, base: str = BASE) -> LoadedRuleset:
    texts = [(f"{n}.rules", format_text(text, language)) for n, text in enumerate((base, *layers))]
    return load_ruleset_texts(texts)


def sound(language: Language, *layers: str) -> Ruleset:
    loaded = put_together(language, *layers)
    assert loaded.ruleset is not None, [(d.code, d.line, d.facts) for d in loaded.diagnostics]
    return loaded.ruleset


@dataclass(frozen=True)
class Wrong:
    """A layer, the code of what is wrong with it, and a word of the facts."""

    code: str
    layer: str
    fact: str = ""


WRONG = {
    "an indicator that is not there": Wrong("E904", "调整 A1.9\n  改名为：丙\n", "A1.9"),
    "a row that is not there": Wrong("E904", "减少 数据：件书\n", "件数"),
    "a table that is not there": Wrong("E904", "减少 查表：别的\n", "别的"),
    "added twice": Wrong("E905", "新增 三级指标 A1.2 丙，2分\n  取值：比率\n  评分：按比例\n", "A1.2"),
    "a row added twice": Wrong("E905", "数据\n  件数：整数，件，至少1\n", "件数"),
    "moved onto another": Wrong("E905", "移动 A1.1 至 A2.1\n", "A2.1"),
    "a locked name": Wrong("E907", "调整 A2\n  改名为：丙\n", "A2"),
    "a locked row": Wrong("E907", "调整 数据\n  比率：百分数，0%至200%\n", "比率"),
    "a locked one removed": Wrong("E907", "减少 A2\n", "A2"),
    "no reason": Wrong("E908", "调整 A1.1\n  改名为：丙\n"),
    "another former name": Wrong("E910", "调整 A1.1\n  改名为：丙\n  原名称：丁\n", "丁"),
    "a field that is not there": Wrong("E911", "调整 A1.2\n  删去：佐证\n", "A1.2"),
    "changed twice": Wrong("E912", "调整 A1.1\n  改名为：丙\n\n调整 A1.1\n  改名为：丁\n", "A1.1"),
    "new without saying so": Wrong("E914", "三级指标 A1.3 丙，2分\n  取值：比率\n  评分：按比例\n", "A1.3"),
    "nothing below": Wrong("E918", "调整 A1.1\n", "A1.1"),
    "points that no longer add up": Wrong("E301", "新增 三级指标 A1.3 丙，2分\n  取值：比率\n  评分：按比例\n", "A1"),
    "points taken away": Wrong("E301", "减少 A1.2\n", "A1"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WRONG)
def test_what_a_layer_cannot_do_is_said(name: str, language: Language) -> None:
    case = WRONG[name]
    head = HEAD.replace("理由：示例\n", "") if case.code == "E908" else HEAD
    loaded = put_together(language, head + case.layer)
    assert loaded.ruleset is None
    errors = [d for d in loaded.diagnostics if d.is_error]
    assert [d.code for d in errors] == [case.code]
    message = render(errors[0], language)
    assert case.fact in message.summary + message.help
    assert message.help


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_layers_of_one_depth_must_not_disagree(language: Language) -> None:
    one = HEAD + "调整 A1.1\n  改名为：丙\n"
    other = one.replace("规则集：乙", "规则集：丙").replace("改名为：丙", "改名为：丁")
    both = "规则集：丁\n版本：1\n继承：乙 1、丙 1\n理由：示例\n\n调整 A1.2\n  改名为：戊\n"
    loaded = put_together(language, one, other, both)
    assert [d.code for d in loaded.diagnostics if d.is_error] == ["E906"]
    agreeing = sound(language, one, other.replace("改名为：丁", "改名为：丙"), both)
    assert [agreeing.by_code[c].name for c in ("A1.1", "A1.2")] == ["丙", "戊"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chain_is_neither_broken_nor_a_circle(language: Language) -> None:
    def code(*layers: str, base: str = BASE) -> list[str]:
        return [d.code for d in put_together(language, *layers, base=base).diagnostics if d.is_error]

    layer = HEAD + "调整 A1.1\n  改名为：丙\n"
    assert code(layer.replace("继承：甲 1", "继承：甲 2")) == ["E901"]
    assert code(BASE, layer) == ["E902"]
    assert code(layer, base=layer.replace("规则集：乙", "规则集：甲").replace("继承：甲 1", "继承：乙 1")) == ["E903"]
    apart = BASE.replace("规则集：甲", "规则集：丁")
    assert code(apart, layer.replace("继承：甲 1", "继承：甲 1、丁 1")) == ["E916"]
    long = [HEAD.replace("规则集：乙", f"规则集：层{n}").replace("继承：甲 1", f"继承：层{n - 1} 1" if n else "继承：甲 1") + "说明：一层\n" for n in range(25)]
    assert code(*long) == ["E915"]


def test_a_chain_keeps_to_one_language() -> None:
    texts = [("0.rules", BASE), ("1.rules", format_text(HEAD + "调整 A1.1\n  改名为：丙\n", "en"))]
    assert "E909" in [d.code for d in load_ruleset_texts(texts).diagnostics]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_edit_takes_effect_and_is_remembered(language: Language) -> None:
    layer = HEAD + (
        "取分：自评\n删去：缺佐证\n\n"
        "数据\n  新项：是否\n\n"
        "减少 数据：闲置\n\n减少 勾稽\n\n"
        "调整 查表 系数\n  键：职级\n  正：1.3\n  副：1\n\n"
        "调整 A1.1\n  理由：改叫法\n  改名为：新比率\n  佐证：登记簿，缺则 不得分\n  删去：说明\n\n"
        "改权重 A1.1，3分\n\n改权重 A2，5分\n\n改权重 A1，5分\n\n"
        "移动 A1.2 至 A2.2\n\n改权重 A2.1，3分\n\n"
        "新增 三级指标 A1.2 新的，2分\n  取值：新项\n  评分：达标\n\n"
        "小计 后半：A2\n"
    )
    made = sound(language, layer)
    assert {i.code: (i.name, i.points) for i in made.leaves} == {
        "A1.1": ("新比率", 3), "A1.2": ("新的", 2), "A2.1": ("锁着的", 3), "A2.2": ("件数情况", 2),
    }  # fmt: skip
    assert (made.deciding_track, made.reconciliations) == ("self", ())
    assert [d.name for d in made.data] == ["比率", "件数", "职级", "新项"]
    (rule,) = made.by_code["A1.1"].evidence
    assert (rule.kinds, rule.effect.kind) == (("登记簿",), "zero")
    assert made.by_code["A1.1"].notes == ()
    assert [s.codes for s in made.subtotals] == [("A1",), ("A2",)]
    assert made.origins["A2.2"] == ("甲", "A1.2")
    assert made.origins["A1.2"] == ("乙", "A1.2")
    reasons = {(s.key, s.aspect): s.reason for s in made.settings if s.group == "item"}
    assert reasons["A1.1", "name"] == "改叫法"
    assert reasons["A1.1", "share"] == "示例"


@pytest.mark.parametrize("language", LANGUAGES)
def test_locks_follow_what_moves_and_hold_all_the_way_down(language: Language) -> None:
    moved = HEAD + "减少 A1\n\n移动 A2 至 A1\n\n改权重 A，4分\n\n满分：4分\n减少 小计：前半\n"
    below = "规则集：丙\n版本：1\n继承：乙 1\n理由：示例\n\n调整 A1\n  改名为：丁\n"
    assert sound(language, moved.replace("减少 小计：前半\n", "减少 小计：前半\n")).by_code["A1"].name == "另一个"
    assert [d.code for d in put_together(language, moved, below).diagnostics if d.is_error] == ["E907"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_added_beside_a_move_speaks_of_the_new_codes(language: Language) -> None:
    dimension = "维度\n  能力：A1.1、A1.3\n\n一级指标 A "
    new = BASE.replace("A1.2", "A1.3").replace("规则集：甲", "规则集：乙").replace("一级指标 A ", dimension)
    chain = [LayerText("a.rules", format_text(BASE, language))]
    wanted = resolve([LayerText("b.rules", format_text(new, language))])
    layer = layer_between(chain, wanted, "乙", "1", "示例", {"A1.2": "A1.3"})
    again = resolve([*chain, LayerText("c.rules", layer, (0,))])
    assert compare(again.book, wanted.book, {c: c for c in again.book.items}) == ()
    assert "A1.1、A1.3" in layer or "A1.1; A1.3" in layer
