"""Equal rewrites of a shipped ruleset are proved equal; each planted change gives a unit that really differs."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import EVERYTHING

import ruleeval
from ruleeval.dsl.model import Ruleset
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.solver.differ import Known, Proved, Witness, differing_unit

from .small import HEAD

TEXT = (Path(ruleeval.__file__).parent / "tests/samples/liaoning-2022/government.rules").read_text("utf-8")
SECONDS = 60

REWRITES = {
    "a comment": ("# 履职", "# 履行职责"),
    "a number written otherwise": ("每1例：扣1分", "每1例：扣1.0分"),
    "nothing added": ("最大(0名，实有人数 − 核定编制数)", "最大(0名，实有人数 − 核定编制数 + 0名)"),
    "a quotient turned round": ("实有人数 ÷ 核定编制数", "1 − (核定编制数 − 实有人数) ÷ 核定编制数"),
    "a condition turned round": ("机构设置违规例数 ≥ 2", "非 机构设置违规例数 < 2"),
    "a share taken out": ("× 40% + 去极值平均(评估组打分，1，1) × 60%", "× (100% − 60%) + 去极值平均(评估组打分，1，1) × 60%"),
}
CHANGES = {
    "band": ("90%（含）至100%（含）：4分\n    80%（含）至90%：3分", "91%（含）至100%（含）：4分\n    80%（含）至91%：3分", "D1.1"),
    "included": ("90%（含）至100%（含）：4分\n    80%（含）至90%：3分", "90%至100%（含）：4分\n    80%（含）至90%（含）：3分", "D1.1"),
    "level": ("基本匹配：3分", "基本匹配：2.9分", "A1.2"),
    "coefficient": ("年长人数：系数0.7", "年长人数：系数0.71", "D1.2"),
    "rounding": ("2位，四舍五入", "2位，四舍六入五成双", "total"),
    "zero divisor": ("分母为零：满分\n  评分：按比例\n  超出：封顶\n  佐证：案件台账", "分母为零：零分\n  评分：按比例\n  超出：封顶\n  佐证：案件台账", "X6.1"),
    "gate": ("最低得分率(一级指标) ≥ 60%", "最低得分率(一级指标) ≥ 61%", "grade"),
    "grade limit": ("90%（含）以上：优秀\n  80%（含）至90%", "90.1%（含）以上：优秀\n  80%（含）至90.1%", "grade"),
    "veto": ("效果：等次最高良好", "效果：等次最高一般", "grade"),
}  # fmt: skip


def ruleset(text: str) -> Ruleset:
    checked = ruleeval.check(text)
    assert checked.ruleset is not None, checked.diagnostics
    return checked.ruleset


def changed(before: str, after: str) -> Ruleset:
    assert before in TEXT
    return ruleset(TEXT.replace(before, after))


@pytest.fixture(scope="module")
def old() -> Ruleset:
    return ruleset(TEXT)


@pytest.fixture(scope="module")
def known() -> Known:
    """What the tests find out about the old ruleset, each for the next."""
    return {}


@pytest.mark.parametrize("name", REWRITES)
def test_a_rewrite_is_proved_equal(name: str, old: Ruleset) -> None:
    assert differing_unit(old, changed(*REWRITES[name]), SECONDS) == Proved()


@pytest.mark.parametrize("name", [n for n in CHANGES if EVERYTHING or n != "rounding"])  # half a minute: below in small
def test_a_change_gives_a_unit_that_the_engine_scores_differently(name: str, old: Ruleset, known: Known) -> None:
    before, after, what = CHANGES[name]
    new = changed(before, after)
    found = differing_unit(old, new, SECONDS, known)
    assert isinstance(found, Witness), found
    assert what in {d[0] for d in found.differences}
    for rules, result in ((old, found.old), (new, found.new)):
        again = evaluate(rules, found.unit)
        assert again.state == "decided"
        assert (again.score, again.grade) == (result.score, result.grade)
    assert (found.old.score, found.old.grade, {c: r.score for c, r in found.old.indicators.items()}) != (
        found.new.score, found.new.grade, {c: r.score for c, r in found.new.indicators.items()},
    )  # fmt: skip


def test_another_way_of_rounding_gives_a_unit() -> None:
    text = HEAD.format(points=1, rounding="修约：三级指标，2位，四舍五入\n") + (
        "数据\n  数甲：整数，件，0至9\n\n一级指标 A 一级，1分\n二级指标 A1 二级，1分\n三级指标 A1.1 名，1分\n  评分：公式\n  计分：1分 × 数甲 ÷ 9件 × 0.5 + 0.5分\n"
    )
    one, other = ruleset(text), ruleset(text.replace("四舍五入", "只舍不入"))
    found = differing_unit(one, other, SECONDS)
    assert isinstance(found, Witness)
    assert {evaluate(r, found.unit).score for r in (one, other)} == {found.old.score, found.new.score}
    assert found.old.score != found.new.score


def test_what_the_proof_leaves_out_is_named(old: Ruleset, known: Known) -> None:
    new = changed("不适用：折算，范围全部", "不适用：折算，范围上级")
    assert differing_unit(old, new, SECONDS, known) == Proved(("A2.3",))
