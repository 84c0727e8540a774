"""Random small rulesets of which every unit can be listed, and rulesets with a planted defect."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from random import Random
from typing import Any

import ruleeval
from ruleeval.dsl.model import Ruleset
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.record import Result
from ruleeval.engine.solver.witness import unit_with

DAY = date(2024, 12, 31)
HEAD = """\
规则集：示例，非官方标准
版本：1
满分：{points}分
取分：实地评估
{rounding}缺佐证：提示
全部不适用：上移折算

"""


def checked(text: str) -> Ruleset:
    found = ruleeval.check(text)
    assert found.ruleset is not None, (text, [(d.code, d.line, d.facts) for d in found.diagnostics])
    return found.ruleset


class Sketch:
    """Draws the text of a small ruleset."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.counts = [f"数{c}" for c in "甲乙丙"[: self.rng.choice((2, 3))]]
        self.most = {c: self.rng.choice((2, 3, 4)) for c in self.counts}
        self.facts = [f"事{c}" for c in "子丑"[: self.rng.choice((1, 2))]]

    def leaf(self, code: str, points: int) -> str:
        rng = self.rng
        one, other = rng.choice(self.counts), rng.choice(self.counts)
        head = f"三级指标 {code} 名{code[3:]}，{points}分\n"
        match rng.randrange(6):
            case 0:
                return head + f"  取值：{one}\n  评分：扣分\n    每1件：扣{rng.choice(('1', '0.5', '0.7'))}分\n"
            case 1:
                first = rng.choice(self.facts)
                return head + f"  取值：{first}\n  评分：达标\n"
            case 2:
                low, high = sorted(rng.sample((30, 50, 75, 100, 130), 2))
                rows = [f"    高于{high}%：{rng.randint(0, points)}分", f"    {low}%（含）至{high}%（含）：{points}分", f"    低于{low}%：{rng.randint(0, points)}分"]
                return head + f"  取值：{one} ÷ ({other} + 1件)\n  评分：分档\n" + "\n".join(rows) + "\n"
            case 3:
                return head + f"  取值：({one} + 1件) ÷ ({other} + 1件)\n  评分：按比例\n  超出：封顶\n"
            case 4:
                fact = rng.choice(self.facts)
                return head + f"  评分：公式\n  计分：当 {fact} 且 {one} ≥ {rng.randint(1, 2)}件 取 {points}分，当 {one} > {other} 取 {points - 1}分，否则 0分\n"
        return head + f"  取值：最大(0件，{one} − {other})\n  评分：扣分\n    每1件：扣1分\n"

    def text(self) -> str:
        rng = self.rng
        points = [rng.randint(2, 6) for _ in range(rng.choice((2, 3)))]
        total = sum(points)
        data = "".join(f"  {c}：整数，件，0至{self.most[c]}{rng.choice(('', '', '，既定'))}\n" for c in self.counts)
        data += "".join(f"  {f}：是否，评定\n" for f in self.facts)
        ties = f"\n勾稽\n  {self.counts[0]} ≤ {self.counts[1]}，错误：不能多于\n" if rng.random() < 0.5 else ""
        leaves = "".join(self.leaf(f"A1.{n}", p) for n, p in enumerate(points, 1))
        veto = f"\n否决 V1 事由\n  条件：{self.facts[0]}\n  效果：等次最高{rng.choice(('中', '差'))}\n" if rng.random() < 0.5 else ""
        gate = f"  门槛 优：得分率(A1.1) ≥ {rng.choice((50, 60))}%\n" if rng.random() < 0.5 else ""
        rounding = "修约：三级指标，2位，四舍五入\n" if rng.random() < 0.7 else ""
        grades = f"\n等次：按得分率\n  {rng.choice((85, 90))}%（含）以上：优\n"
        high = grades.split("  ")[1].split("%")[0]
        grades += f"  60%（含）至{high}%：中\n  低于60%：差\n{gate}"
        tree = f"\n一级指标 A 一级，{total}分\n二级指标 A1 二级，{total}分\n"
        return HEAD.format(points=total, rounding=rounding) + "数据\n" + data + ties + tree + leaves + veto + grades


@cache
def drawn(seed: int) -> Ruleset | None:
    """A random small ruleset, if it passes the check."""
    return ruleeval.check(Sketch(seed).text()).ruleset


def values_of(ruleset: Ruleset) -> dict[str, tuple[Any, ...]]:
    """Every value of every data item."""
    found: dict[str, tuple[Any, ...]] = {}
    for item in ruleset.data:
        if item.type.kind == "yes_no":
            found[item.key] = (False, True)
        else:
            assert item.low is not None
            assert item.high is not None
            found[item.key] = tuple(range(int(item.low), int(item.high) + 1))
    return found


def every_unit(ruleset: Ruleset) -> Iterator[tuple[dict[str, Any], Result]]:
    """Every unit that the ruleset scores, with its result."""
    values = values_of(ruleset)
    for row in product(*values.values()):
        facts = dict(zip(values, row, strict=True))
        result = evaluate(ruleset, unit_with([ruleset], facts, "单位", DAY))
        if result.state == "decided":
            yield facts, result
