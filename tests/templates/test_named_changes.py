"""What the source says was changed is a change of the shipped Liaoning layers, with its reason, and nothing else comes out."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

import ruleeval
from ruleeval.cli import root
from ruleeval.dsl.numbers import divide

RULESETS = Path(ruleeval.__file__).parent / "rulesets"
HOME = RULESETS / "liaoning-2022"
SAMPLE = Path(__file__).parents[1] / "samples" / "liaoning-2022"
MARK = "（示例，非官方标准）"
POLICY_REASONS = {
    "renamed": "全省各部门（单位）一般不设置二级内设机构",
    "cooperation": "强化部门与事业单位之间的领导指导、支撑保障关系",
    "age": "突出人员因素对机构编制使用效益的影响",
    "weights": "增加可量化、直观反映重要工作的指标权重",
    "pilot": "评测事业单位改革后与党政机关的协同履职效果",
}


def told(*arguments: str) -> dict[str, object]:
    done = CliRunner().invoke(root, [*arguments, "--json", "--lang", "zh"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert isinstance(found, dict)
    return found


def changes(old: Path, new: Path) -> list[dict[str, str]]:
    found = told("diff", str(old), str(new), "--seconds", "0")["changes"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("name", ["party", "government", "institution"])
def test_the_renamed_indicators_are_adjusted_with_the_reason_of_the_source(name: str) -> None:
    names = {c["key"]: c for c in changes(RULESETS / "central-2022" / f"{name}.rules", HOME / f"{name}.rules") if c["aspect"] == "name"}
    wanted = {
        "C1.1": ("部门（单位）管理权限内的二级内设机构设置合理性", "内设机构职责分工清晰度"),
        "C1.2": ("二级内设机构小散弱情况", "内设机构之间建立内部协作机制情况"),
    }
    assert {code: (c["old"], c["new"]) for code, c in names.items()} == wanted
    assert {c["reason"] for c in names.values()} == {POLICY_REASONS["renamed"]}


@pytest.mark.parametrize(
    ("name", "indicator"),
    [("party", "与事业单位协作机制建立及运行情况"), ("government", "与事业单位协作机制建立及运行情况"), ("institution", "与部门协作机制运行情况")],
)
def test_cooperation_is_added_on_both_sides(name: str, indicator: str) -> None:
    found = changes(RULESETS / "central-2022" / f"{name}.rules", HOME / f"{name}.rules")
    added = {c["key"]: c for c in found if c["act"] == "added" and c["kind"].startswith("level")}
    assert sorted(added) == ["A2.3", "D1.2"]
    assert ruleeval.load(HOME / f"{name}.rules").by_code["A2.3"].name == indicator
    assert POLICY_REASONS["cooperation"] in added["A2.3"]["reason"]
    assert POLICY_REASONS["age"] in added["D1.2"]["reason"]
    assert [(c["key"], c["new_key"]) for c in found if c["act"] == "moved"] == [("D1.2", "D1.3")]


@pytest.mark.parametrize("name", ["party", "government"])
def test_the_provincial_level_weighs_sixty_and_forty(name: str) -> None:
    ruleset = ruleeval.load(HOME / f"{name}-provincial.rules")
    assert [divide(ruleset.by_code[c].points, ruleset.by_code["A1"].points) for c in ("A1.1", "A1.2")] == [Fraction(3, 5), Fraction(2, 5)]
    found = changes(HOME / f"{name}.rules", HOME / f"{name}-provincial.rules")
    assert [(c["key"], c["new"], c["reason"]) for c in found if c["aspect"]] == [
        ("A1.1", "权重60%", POLICY_REASONS["weights"]), ("A1.2", "权重40%", POLICY_REASONS["weights"]),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["party", "government"])
def test_the_pilot_region_shares_seventy_evenly_and_gives_thirty(name: str) -> None:
    ruleset = ruleeval.load(HOME / f"{name}-pilot.rules")
    assert [divide(ruleset.by_code[c].points, ruleset.by_code["A2"].points) for c in ("A2.1", "A2.2", "A2.3")] == [Fraction(35, 100), Fraction(35, 100), Fraction(3, 10)]
    assert ruleset.by_code["A2.3"].name == "与事业单位协作运行机制建立及运行情况"
    text = (HOME / f"{name}-pilot.rules").read_text("utf-8")
    assert "平均分配" in text
    assert "平均分配是拟的" in text
    assert {c["reason"] for c in changes(HOME / f"{name}.rules", HOME / f"{name}-pilot.rules") if c["aspect"]} == {POLICY_REASONS["pilot"]}


def test_townships_have_their_two_indicators_and_none_of_a_departments_bodies() -> None:
    ruleset = ruleeval.load(HOME / "township.rules")
    names = {i.name for i in ruleset.indicators}
    assert {"便民服务事项运行情况", "综合办事机构与事业单位间协作配合情况"} <= names
    assert not [n for n in names if "内设机构" in n]
    assert [d.name for d in ruleset.dimensions] == [
        "主责主业聚焦程度", "机构设置合理性", "职责履行情况", "便民服务水平", "综合执法协同", "机构与事业单位协作", "编制使用情况",
        "人员下沉情况", "管理制度健全度", "群众满意度",
    ]  # fmt: skip


@pytest.mark.parametrize("path", sorted([*HOME.glob("*.rules"), *(RULESETS / "central-2022").glob("*.rules")]), ids=lambda p: p.stem)
def test_every_name_of_an_indicator_says_where_it_comes_from_or_is_made_up(path: Path) -> None:
    """A name that the source gives carries a note with its line there; none other does."""
    source = {
        "权责事项实际运行情况", "权责事项实际运行与机构编制资源匹配情况", "部门间协同高效情况", "牵头或参与议事协调机构的情况", "耕地保护", "城镇化建设",
        "内设机构职责分工清晰度", "内设机构之间建立内部协作机制情况", "部门（单位）管理权限内的二级内设机构设置合理性", "二级内设机构小散弱情况",
        "与事业单位协作机制建立及运行情况", "与事业单位协作运行机制建立及运行情况", "与部门协作机制运行情况", "便民服务事项运行情况",
        "综合办事机构与事业单位间协作配合情况", "履职尽责情况和相关效益", "“三定”规定执行情况", "机构配置效益", "编制和领导职数使用效益",
        "机构编制管理规范", "全面贯彻新发展理念，扎实履行自然资源‘两统一’管理职能",
    }  # fmt: skip
    noted = {"人员年龄结构", "主责主业聚焦情况"}  # their notes say which part of them is the source's
    for indicator in ruleeval.load(path).indicators:
        marked = any("源文第" in note for note in indicator.notes)
        assert marked == (indicator.name in source | noted), indicator.name


def test_the_chain_gives_the_example_unit_what_one_file_gives() -> None:
    unit, whole = HOME / "units" / "natural-resources.json", SAMPLE / "units" / "natural-resources.json"
    by_layers, by_one_file = (told("check", str(path)) for path in (unit, whole))
    scores = [{i["code"]: (i["score"], i["points"]) for i in found["indicators"]} for found in (by_layers, by_one_file)]  # type: ignore[attr-defined]
    assert scores[0] == scores[1]
    assert by_layers["score"] == by_one_file["score"] == "107.48"
    layers = told("show", str(HOME / "natural-resources.rules"))["layers"]
    assert [layer["name"].removesuffix(MARK) for layer in layers] == [  # type: ignore[attr-defined]
        "中央蓝本共性指标", "辽宁省共性指标", "辽宁省党政机关共性指标", "中央蓝本政府部门", "辽宁省政府部门", "辽宁省政府部门省本级", "省自然资源厅个性指标",
    ]  # fmt: skip
