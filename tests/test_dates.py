"""Dated rules: boundary days are exact, a day outside a period is as if the indicator were not there."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

import ruleeval
from ruleeval.cli import root
from ruleeval.dsl.model import DatedPeriod
from ruleeval.dsl.periods import common, gaps, holds
from ruleeval.engine.unit import UnitData

START = date(2022, 1, 1)
HEAD = "规则集：示例\n版本：{version}\n生效：{period}\n满分：10分\n取分：实地评估\n\n数据\n  件数：整数，件，至少0\n\n"
TREE = "一级指标 A 一级，10分\n二级指标 A1 二级，10分\n"
LEAF = "三级指标 {code} 名{code}，{points}分\n{field}  取值：件数\n  评分：扣分\n    每1件：扣{each}分\n"


def leaf(code: str, period: str, each: str, points: str = "10") -> str:
    return LEAF.format(code=code, points=points, each=each, field=f"  生效：{period}\n  依据：示例\n" if period else "")


def scored(text: str, day: date, level: str | None = None) -> ruleeval.Result:
    checked = ruleeval.check(text)
    assert checked.ruleset is not None, checked.diagnostics
    return ruleeval.evaluate(checked.ruleset, UnitData("某局", "单位", day, level=level, values={"件数": 2}))


def drawn_periods(rng: Random) -> list[tuple[date | None, date | None]]:
    """Periods that follow each other day by day through a year, the first and the last perhaps open."""
    cuts = sorted(rng.sample(range(1, 365), rng.randint(1, 4)))
    starts = [0, *cuts]
    ends = [*(c - 1 for c in cuts), 364]
    found: list[tuple[date | None, date | None]] = [(START + timedelta(a), START + timedelta(b)) for a, b in zip(starts, ends, strict=True)]
    if rng.random() < 0.5:
        found[0] = (None, found[0][1])
    if rng.random() < 0.5:
        found[-1] = (found[-1][0], None)
    return found


def written(period: tuple[date | None, date | None]) -> str:
    start, end = period
    return f"{start or ''}{'至' if end else ''}{end or ''}"


@pytest.mark.parametrize("seed", range(12))
def test_on_every_day_the_one_in_force_decides(seed: int) -> None:
    rng = Random(seed)
    periods = drawn_periods(rng)
    order = list(range(len(periods)))
    rng.shuffle(order)
    text = HEAD.format(version=1, period="2022-01-01至2022-12-31") + TREE
    for place in order:
        text += leaf(f"A1.{place + 1}", written(periods[place]), f"{place}.5")
    days = {d + timedelta(n) for p in periods for d in p if d is not None for n in (-1, 0, 1)} | {START, date(2022, 12, 31)}
    for day in sorted(d for d in days if d.year == 2022):
        place = next(i for i, p in enumerate(periods) if holds(DatedPeriod(*p), day))
        found = scored(text, day)
        assert found.score == 10 - 2 * place - 1
        assert found.full_score == found.indicators["A1"].points == 10
        others = {c for c, r in found.indicators.items() if r.state == "excluded"}
        assert others == {f"A1.{i + 1}" for i in range(len(periods)) if i != place}


@pytest.mark.parametrize("seed", range(12))
def test_a_moved_end_is_a_gap_or_an_overlap_of_those_very_days(seed: int) -> None:
    rng = Random(seed)
    periods = drawn_periods(rng)
    place = rng.randrange(len(periods) - 1)
    start, end = periods[place]
    assert end is not None
    shift = rng.choice([-1, 1]) * rng.randint(1, 3)
    moved = end + timedelta(shift)
    if start is not None and moved < start:
        moved = end + timedelta(1)
    periods[place] = (start, moved)
    text = HEAD.format(version=1, period="2022-01-01至2022-12-31") + TREE
    text += "".join(leaf(f"A1.{i + 1}", written(p), "1") for i, p in enumerate(periods))
    (found,) = [d for d in ruleeval.check(text).diagnostics if d.is_error]
    assert found.code == ("E930" if moved < end else "E931")
    days = str(found.facts["days"]).split(" – ")
    first = moved + timedelta(1) if moved < end else end + timedelta(1)
    assert days[0] == first.isoformat()


def test_a_parent_out_of_force_takes_all_below_it_along() -> None:
    text = HEAD.format(version=1, period="2022-01-01至2022-12-31") + "一级指标 A 一级，10分\n"
    text += "二级指标 A1 旧，10分\n  生效：至2022-06-30\n  依据：示例\n" + leaf("A1.1", "", "1", "4") + leaf("A1.2", "", "1", "6")
    text += "二级指标 A2 新，10分\n  生效：2022-07-01\n  依据：示例\n" + leaf("A2.1", "", "2")
    before, after = scored(text, date(2022, 6, 30)), scored(text, date(2022, 7, 1))
    assert (before.score, after.score) == (6, 6)
    assert [before.indicators[c].state for c in ("A1", "A2", "A2.1")] == ["scored", "excluded", "excluded"]
    assert [after.indicators[c].state for c in ("A1", "A1.1", "A1.2", "A2")] == ["excluded", "excluded", "excluded", "scored"]
    assert after.indicators["A"].points == 10


def test_a_parent_for_some_types_only_takes_all_below_it_along() -> None:
    text = HEAD.format(version=1, period="2022-01-01").replace("满分", "层级：省级、市级\n满分") + "一级指标 A 一级，10分\n"
    text += "二级指标 A1 省，10分\n  适用条件：单位层级 = “省级”\n" + leaf("A1.1", "", "1")
    text += "二级指标 A2 市，10分\n  适用条件：单位层级 = “市级”\n" + leaf("A2.1", "", "3")
    for level, score in (("省级", 8), ("市级", 4)):
        found = scored(text, date(2022, 6, 30), level)
        assert (found.score, found.indicators["A"].points) == (score, 10)
    open_level = scored(text, date(2022, 6, 30))
    assert open_level.score is None
    assert open_level.bounds is not None
    assert open_level.bounds.low <= 4 <= 8 <= open_level.bounds.high


def test_a_dated_bonus_and_veto_hold_in_their_time_only() -> None:
    text = HEAD.format(version=1, period="2022-01-01") + TREE + leaf("A1.1", "", "1")
    text += "\n加分项 J1 加项，最多2分\n  生效：2022-03-01至2022-03-31\n  依据：示例\n  取值：件数\n  评分：得分\n    每1件：得1分\n  计入：总分内\n"
    text += "\n否决 V1 件数多\n  生效：2022-04-01至2022-04-30\n  条件：件数 > 1件\n  效果：总分定为3分\n"
    days = {date(2022, 2, 28): 8, date(2022, 3, 1): 10, date(2022, 3, 31): 10, date(2022, 4, 1): 3, date(2022, 4, 30): 3, date(2022, 5, 1): 8}
    assert {day: scored(text, day).score for day in days} == days


@pytest.mark.parametrize("seed", range(200))
def test_gaps_are_the_days_in_no_period(seed: int) -> None:
    rng = Random(seed)
    first = START.toordinal()

    def drawn() -> DatedPeriod:
        a, b = sorted(rng.choices(range(30), k=2))
        return DatedPeriod(*(None if rng.random() < 0.1 else date.fromordinal(first + n) for n in (a, b)))

    periods = [drawn() for _ in range(rng.randint(1, 5))]
    within = drawn()
    days = [date.fromordinal(first + n) for n in range(-5, 36)]
    bare = {d for d in days if holds(within, d) and not any(holds(p, d) for p in periods)}
    assert {d for d in days if any(holds(g, d) for g in gaps(periods, within))} == bare
    one, other = drawn(), drawn()
    both = common(one, other)
    assert {d for d in days if holds(one, d) and holds(other, d)} == {d for d in days if both is not None and holds(both, d)}


# ---- at the command line ----------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(root, arguments)
    return done.exit_code, done.stdout, done.stderr


def two_versions(folder: Path, one: str, other: str) -> Path:
    for version, period in ((1, one), (2, other)):
        rules = HEAD.format(version=version, period=period) + TREE + leaf("A1.1", "", str(version))
        (folder / f"v{version}.rules").write_text(rules, "utf-8")
    unit = folder / "某局.json"
    unit.write_text(json.dumps({"单位": "某局", "单位类型": "单位", "基准日": "2022-06-30", "数据": {"件数": 2}}, ensure_ascii=False), "utf-8")
    return unit


def test_the_day_chooses_the_version(tmp_path: Path) -> None:
    unit = two_versions(tmp_path, "2022-01-01至2022-06-30", "2022-07-01")
    for day, version, score in (("2022-06-30", "1", "8"), ("2022-07-01", "2", "6"), ("2023-01-01", "2", "6")):
        status, out, _ = run("check", str(unit), "--as-of", day, "--json")
        data = json.loads(out)
        assert (status, data["ruleset"]["version"], data["score"], data["as_of"]) == (0, version, score, day)
        assert data.get("as_of_in_file") == (None if day == "2022-06-30" else "2022-06-30")
    status, out, _ = run("check", str(unit), "--as-of", "2022-07-01")
    assert status == 0
    assert "基准日 2022-07-01（用 --as-of 指定的；单位数据文件里是 2022-06-30）" in out.replace("\n", "")
    assert "asked for with --as-of" in run("explain", str(unit), "--as-of", "2022-07-01", "--lang", "en")[1]
    assert run("check", str(unit), "--as-of", "2022-7")[0] == 2


def test_a_day_between_versions_and_a_day_of_two_are_errors(tmp_path: Path) -> None:
    unit = two_versions(tmp_path, "2022-01-01至2022-06-29", "2022-07-01")
    status, _, err = run("check", str(unit))
    assert status == 1
    assert "E934" in err
    assert "W937" in run("lint", str(tmp_path / "v1.rules"))[2]
    assert run("lint", str(tmp_path / "v2.rules"))[0] == 0
    unit = two_versions(tmp_path, "2022-01-01", "2022-06-30")
    status, _, err = run("check", str(unit))
    assert status == 1
    assert "E935" in err
    assert run("check", str(unit), "--as-of", "2022-06-29")[0] == 0
    status, _, err = run("lint", str(tmp_path / "v2.rules"), "--lang", "en")
    assert status == 1
    assert "E936" in err


def test_a_later_version_that_extends_an_earlier_one_must_not_overlap_it(tmp_path: Path) -> None:
    unit = two_versions(tmp_path, "2022-01-01", "2022-06-30")
    layer = "规则集：示例\n版本：2\n继承：示例 1\n生效：{}\n理由：示例\n\n调整 A1.1\n  评分：扣分\n    每1件：扣3分\n"
    (tmp_path / "v2.rules").write_text(layer.format("2022-06-30"), "utf-8")
    assert "E935" in run("check", str(unit))[2]
    (tmp_path / "v1.rules").write_text((tmp_path / "v1.rules").read_text("utf-8").replace("生效：2022-01-01", "生效：至2022-06-29"), "utf-8")
    status, out, _ = run("check", str(unit), "--json")
    assert (status, json.loads(out)["score"]) == (0, "4")
