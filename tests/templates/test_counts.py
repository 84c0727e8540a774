"""The source's own figures come out by counting a generated pilot, and other figures out of another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ruleeval.cli import root

from .pilot import RENAMED, Pilot, Size, unit_text, write_pilot

AS_IN_THE_SOURCE = Size()
SMALLER = Size(added=(3, 1), removed=(0, 1), others=(5, 2), points=31, units=(("政府部门", 2), ("群团机关", 1)), level2=7, level3=15)


@pytest.fixture(scope="module", params=[AS_IN_THE_SOURCE, SMALLER], ids=["as in the source", "smaller"])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Size, Path, Pilot]:
    folder = tmp_path_factory.mktemp("pilot")
    return request.param, folder / "rulesets", write_pilot(folder, 2022, request.param)


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(root, [*map(str, arguments), "--lang", "zh"])
    assert done.exit_code == 0, done.output
    return done


def test_the_changes_of_common_indicators_are_counted_once_by_origin(drawn: tuple[Size, Path, Pilot]) -> None:
    size, home, pilot = drawn
    adjusted, added, removed = len(pilot.adjusted), len(pilot.added), len(pilot.removed)
    told = f"共性指标调整{adjusted}项、新增{added}项、减少{removed}项，合计{adjusted + added + removed}项"
    assert run("diff", home / "central", home / "province").output.rstrip().endswith(told)
    if size is AS_IN_THE_SOURCE:
        assert told == "共性指标调整63项、新增12项、减少4项，合计79项"


def test_a_renamed_indicator_is_adjusted_not_removed_and_added(tmp_path: Path) -> None:
    pilot = write_pilot(tmp_path, 7, SMALLER)
    home = tmp_path / "rulesets"
    found = json.loads(run("diff", home / "central", home / "province", "--json").output)
    assert [name.split("（")[0] for name in found["alone"]] == ["省乡镇"]
    assert found["counts"]["common"]["adjusted"] == len(pilot.adjusted)
    for template in found["templates"]:
        names = {c["key"]: (c["act"], c["old"], c["new"]) for c in template["changes"] if c["key"] in RENAMED and c["aspect"] == "name"}
        assert names == {code: ("changed", *both) for code, both in RENAMED.items()}


def test_evaluation_points_and_individual_indicators_are_counted(drawn: tuple[Size, Path, Pilot]) -> None:
    size, home, pilot = drawn
    found = json.loads(run("stats", home / "province", "--base", home / "central", "--json").output)
    common, individual = found["common"], found["individual"]
    assert common["new_points"] == pilot.new_points == size.points
    assert common["gone_points"] == 2 * len([c for o, c in pilot.removed if c.endswith(".3") and o == "蓝本共性"])
    assert common["without_points"] == len(pilot.level3 - pilot.with_points)
    assert (common["level1"], common["level2"], common["level3"]) == (5, 10, len(pilot.level3))
    units = sum(count for _, count in size.units)
    assert (individual["level1"], individual["level2"], individual["level3"]) == (units, size.level2, size.level3)
    assert {"、".join(t["types"]): t["layers"] for t in individual["by_type"]} == dict(size.units)
    assert found["findings"] == []
    if size is AS_IN_THE_SOURCE:
        assert (individual["layers"], individual["mean_level2"], individual["mean_level3"], individual["mean_level3_of_level2"]) == (31, "3.23", "7.74", "2.40")
        told = run("stats", home / "province", "--base", home / "central").output
        assert "比基准新增265项" in told
        assert "平均每个单位二级3.23项、三级7.74项" in told


def test_a_unit_with_no_individual_level_1_or_with_two_is_reported(tmp_path: Path) -> None:
    write_pilot(tmp_path, 1, SMALLER)
    home = tmp_path / "rulesets" / "province"
    for path in home.glob("unit*.rules"):
        path.unlink()
    none = "规则集：甲局个性{m}\n版本：1\n继承：省政府{m} 2022.1\n适用单位：甲局\n理由：例\n".format(m="（示例，非官方标准）")
    (home / "none.rules").write_text(none, "utf-8")
    (home / "two.rules").write_text(unit_text("乙局", "政府部门", "省政府", [1], letters="XY"), "utf-8")
    (home / "one.rules").write_text(unit_text("丙局", "政府部门", "省政府", [2, 1]), "utf-8")
    found = json.loads(run("stats", home, "--json").output)
    assert [(f["code"], f["file"], f["labels"][0]["line"]) for f in found["findings"]] == [("W921", "none.rules", 1), ("W922", "two.rules", 18)]
    assert "“乙局”的规则集有2个个性的一级指标：X 乙局主要任务X、Y 乙局主要任务Y" in found["findings"][1]["message"]
    assert (found["individual"]["layers"], found["individual"]["level1"]) == (3, 3)


def test_what_is_quantifiable_rises_by_the_points_that_move_to_it(tmp_path: Path) -> None:
    """Four points from a choice of level to a proportional one: 4 of 120 are 3.3 percentage points."""
    old = (
        "规则集：甲（示例，非官方标准）\n版本：1\n满分：120分\n取分：实地评估\n缺佐证：提示\n\n数据\n  程度：选项 好、差，评定\n  率：百分数，0%至100%，来源 台账\n\n"
        "一级指标 A 甲，120分\n二级指标 A1 乙，120分\n三级指标 A1.1 程度，{}分\n  取值：程度\n  评分：按等级\n    好：满分\n    差：不得分\n"
        "三级指标 A1.2 率，{}分\n  取值：率\n  评分：按比例\n"
    )
    (tmp_path / "old.rules").write_text(old.format(30, 90), "utf-8")
    (tmp_path / "new.rules").write_text(old.format(26, 94).replace("版本：1", "版本：2"), "utf-8")
    told = run("stats", tmp_path / "new.rules", "--base", tmp_path / "old.rules").output
    assert "可量化的分值占比75.0% → 78.3%，升3.3个百分点" in told
