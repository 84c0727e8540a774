"""``ruleeval new``: a small ruleset that checks clean, or a blank unit file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from ..dsl.keywords import Language
from .common import guess_language, load_rules, say

_ZH = """\
# 这是一个可以直接检查通过的小规则集；照着改即可。
规则集：新规则集
版本：1
满分：10分
取分：实地评估
修约：三级指标，2位，四舍五入
缺佐证：提示

数据
  应办事项数：整数，项，至少1，来源 事项清单
  按时办结数：整数，项，至少0，来源 办件台账

勾稽
  按时办结数 ≤ 应办事项数，错误：按时办结数不能多于应办事项数

一级指标 A 履职情况，10分

二级指标 A1 事项办理，10分

三级指标 A1.1 按时办结率，10分
  取值：按时办结数 ÷ 应办事项数
  评分：按比例
  超出：封顶
  佐证：办件台账

等次：按得分率
  90%（含）以上：优秀
  60%（含）至90%：合格
  低于60%：不合格
"""
_EN = """\
# A small ruleset that checks clean; change it as you need.
ruleset: new ruleset
version: 1
full-score: 10 points
deciding-track: on-site
rounding: level3, 2 places, half-up
missing-evidence: notice

data
  matters_due: integer, matters, at-least 1, source list of matters
  settled_in_time: integer, matters, at-least 0, source case register

reconcile
  settled_in_time <= matters_due, error: no more can be settled than are due

level1 A Performance of duties, 10 points

level2 A1 Handling of matters, 10 points

level3 A1.1 Share settled in time, 10 points
  value: settled_in_time / matters_due
  standard: proportional
  beyond: capped
  evidence: case register

grades: by-score-rate
  90% (incl) and-up: excellent
  60% (incl) to 90%: fair
  below 60%: poor
"""


@click.group("new")
def new_command() -> None:
    """Begin a ruleset or a unit file. 新建规则集或单位数据文件。"""


@new_command.command("ruleset")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; printed if not given.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the keywords.")
def new_ruleset(output: Path | None, lang: Language | None) -> None:
    """A small ruleset that checks clean. 一个检查通过的小规则集。"""
    _write(_ZH if (lang or guess_language()) == "zh" else _EN, output)


@new_command.command("unit")
@click.option("--rules", required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File to write; printed if not given.")
def new_unit(rules: Path, output: Path | None) -> None:
    """A blank unit file to fill in. 一个待填的单位数据文件。"""
    from ..engine.schema import blank_unit

    _, ruleset = load_rules(rules, None, as_json=False)
    base = output.resolve().parent if output is not None else Path.cwd()
    try:
        shown = Path(os.path.relpath(rules.resolve(), base)).as_posix()
    except ValueError:  # another drive on Windows
        shown = rules.resolve().as_posix()
    _write(json.dumps(blank_unit(ruleset, shown), ensure_ascii=False, indent=2) + "\n", output)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        say(text)
        return
    try:
        with output.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise click.UsageError(f"{output} exists already  文件已存在，未改动") from None
    except OSError as error:
        raise click.UsageError(f"{output}: {error.strerror}  无法写入") from None
    say(str(output))
