"""Rulesets and units of any size, for measuring: every fifth indicator of each form."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from string import ascii_uppercase

from ruleeval.dsl.model import Ruleset
from ruleeval.engine.unit import UnitData

_PER_LEVEL2, _PER_LEVEL1 = 4, 5


def _codes() -> list[str]:
    return [*ascii_uppercase, *("".join(p) for p in product(ascii_uppercase, repeat=2))]


def _leaf(number: int) -> tuple[str, str]:
    """The data rows and the standard of one level-3 indicator."""
    name = f"事项{number}"
    match number % 5:
        case 0:
            return (
                f"  {name}完成数：整数，项，至少0\n  {name}应完成数：整数，项，至少1",
                f"  取值：{name}完成数 ÷ {name}应完成数\n  评分：按比例\n  超出：封顶",
            )
        case 1:
            return f"  {name}次数：整数，次，至少0", f"  取值：{name}次数\n  评分：扣分\n    每1次：扣0.25分，最多扣0.75分"
        case 2:
            bands = "    90%（含）以上：1分\n    80%（含）至90%：0.8分\n    60%（含）至80%：0.5分\n    低于60%：0分"
            return f"  {name}率：百分数，0%至100%", f"  取值：{name}率\n  评分：分档\n{bands}"
        case 3:
            return (
                f"  {name}达标率：百分数，0%至100%",
                f"  取值：{name}达标率\n  评分：达标扣分\n  达标：95%（含）以上\n    每低1个百分点：扣0.05分，不足部分按比例",
            )
    return f"  {name}是否落实：是否", f"  取值：{name}是否落实\n  评分：达标"


def ruleset_text(leaves: int) -> str:
    """A ruleset of so many level-3 indicators of one point each; about 200 characters an indicator."""
    data: list[str] = []
    body: list[str] = []
    codes = iter(_codes())
    groups_each = max(_PER_LEVEL1, -(-leaves // (_PER_LEVEL2 * 600)))
    number = 0
    while number < leaves:
        top, groups = next(codes), []
        points = 0
        for second in range(1, groups_each + 1):
            count = min(_PER_LEVEL2, leaves - number)
            if count == 0:
                break
            groups.append(f"二级指标 {top}{second} {top}{second}方面，{count}分\n")
            for third in range(1, count + 1):
                number += 1
                rows, standard = _leaf(number)
                data.append(rows)
                groups.append(f"三级指标 {top}{second}.{third} 事项{number}情况，1分\n{standard}\n  佐证：材料{number}\n")
            points += count
        body += [f"一级指标 {top} {top}类，{points}分\n", *groups]
    head = f"规则集：测速\n版本：1\n满分：{leaves}分\n取分：实地评估\n修约：三级指标，2位，四舍五入\n缺佐证：提示\n\n数据\n"
    grades = "\n等次：按得分率\n  90%（含）以上：优秀\n  60%（含）至90%：良好\n  低于60%：较差\n"
    return head + "\n".join(data) + "\n\n" + "\n".join(body) + grades


def unit_of(ruleset: Ruleset) -> UnitData:
    """A unit with a value for every data item."""

    def value(kind: object, share: object) -> int | Fraction | bool:
        if kind == "yes_no":
            return True
        return Fraction(87, 100) if share == "percent" else 3

    return UnitData("测速单位", "", date(2022, 12, 31), values={d.name: value(d.type.kind, d.type.share) for d in ruleset.data}, evidence=())
