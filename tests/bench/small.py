"""A small ruleset with a case file beside it, for the tests of testing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

import ruleeval
from ruleeval.cli import root

RULES = """\
规则集：示例，非官方标准
版本：1
满分：10分
取分：实地评估
修约：三级指标，2位，四舍五入
缺佐证：提示
全部不适用：上移折算

数据
  人数：整数，人，至少0
  编制：整数，名，至少1
  违规：是否

一级指标 A 使用，10分
二级指标 A1 使用，10分
三级指标 A1.1 使用率，6分
  取值：人数 ÷ 编制
  评分：分档
    高于100%：0分
    90%（含）至100%（含）：6分
    低于90%：3分
三级指标 A1.2 超出人数，4分
  取值：最大(0人，人数 − 编制)
  评分：扣分
    每1人：扣1分

否决 V1 违规
  条件：违规
  效果：等次最高一般

等次：按得分率
  90%（含）以上：优秀
  60%（含）至90%：一般
  低于60%：较差
"""
UNIT = '{"单位": "甲", "单位类型": "机关", "基准日": "2022-12-31", "规则集": "small.rules", "数据": {"人数": 95, "编制": 100, "违规": false}}'


def bench(folder: Path, cases: str, rules: str = RULES, unit: str = UNIT, name: str = "one.yaml") -> Path:
    """A folder with a ruleset, a unit and one case file."""
    (folder / "cases").mkdir(parents=True, exist_ok=True)
    (folder / "small.rules").write_text(rules, "utf-8")
    (folder / "unit.json").write_text(unit, "utf-8")
    (folder / "cases" / name).write_text(cases, "utf-8")
    return folder


@cache
def shipped_report(folder: str, cases: str) -> dict[str, Any]:
    """What coverage and mutation say of the ruleset of some cases in a shipped folder."""
    found_cases = sorted((Path(ruleeval.__file__).parent / "rulesets" / folder / "cases").glob(cases))
    done = run_test(*found_cases, "--coverage", "--mutate", "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.output)
    return found


def run_test(*arguments: object) -> Result:
    return CliRunner().invoke(root, ["test", *map(str, arguments)])
