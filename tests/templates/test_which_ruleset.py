"""Every unit is evaluated by exactly one of the shipped rulesets, found by its type, level, region and name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import ruleeval
from ruleeval.cli import root
from ruleeval.files.ruleset_folder import Sought, pick
from ruleeval.files.text import Unreadable

RULESETS = Path(ruleeval.__file__).parent / "rulesets"
HOME = RULESETS / "liaoning-2022"
MARK = "（示例，非官方标准）"
PILOT, FUXIN = "示例试点市", "阜新市"
TYPES = ("党委部门", "政府部门", "群团机关", "事业单位")

#: Type, level, region -> the file that a unit without indicators of its own comes to.
TEMPLATES = [
    *((t, "省级", region, f"{name}-provincial") for t, name in (("党委部门", "party"), ("群团机关", "party"), ("政府部门", "government")) for region in (None, PILOT)),
    *((t, level, None, name) for t, name in (("党委部门", "party"), ("群团机关", "party"), ("政府部门", "government")) for level in ("市级", "县级")),
    *((t, level, FUXIN, name) for t, name in (("党委部门", "party"), ("群团机关", "party"), ("政府部门", "government")) for level in ("市级", "县级")),
    *((t, level, PILOT, f"{name}-pilot") for t, name in (("党委部门", "party"), ("群团机关", "party"), ("政府部门", "government")) for level in ("市级", "县级")),
    *(("事业单位", level, region, "institution") for level in ("省级", "市级", "县级") for region in (None, PILOT, FUXIN)),
    ("乡镇（街道）", "乡级", FUXIN, "township"),
]
#: Units with indicators of their own.
UNITS = [
    ("natural-resources", "省自然资源厅（示例）"), ("trade-union", "示例试点市总工会"), ("testing-centre", "示例市检验检测中心"), ("town", "示例镇"),
]  # fmt: skip


def found(unit: str, unit_type: str, level: str | None, region: str | None, day: date = date(2022, 12, 31)) -> Path:
    return pick(Sought(unit, unit_type, level, region, day), RULESETS)


@pytest.mark.parametrize(("unit_type", "level", "region", "name"), TEMPLATES)
def test_every_type_level_and_region_comes_to_one_template(unit_type: str, level: str, region: str | None, name: str) -> None:
    assert found("某单位", unit_type, level, region) == HOME / f"{name}.rules"


@pytest.mark.parametrize(("name", "unit"), UNITS)
def test_a_unit_with_indicators_of_its_own_comes_to_its_layer(name: str, unit: str) -> None:
    path = next(p for p in sorted((HOME / "units").glob("*.json")) if json.loads(p.read_text("utf-8"))["单位"] == unit)
    raw = json.loads(path.read_text("utf-8"))
    assert "规则集" not in raw
    assert found(unit, raw["单位类型"], raw["层级"], raw.get("地区")) == HOME / f"{name}.rules"


@pytest.mark.parametrize(
    ("unit_type", "level", "region"),
    [("国有企业", "省级", None), ("乡镇（街道）", "乡级", None), ("乡镇（街道）", "乡级", "邻市"), ("乡镇（街道）", "县级", FUXIN), ("政府部门", "乡级", None), ("政府部门", None, None)],
)
def test_a_unit_for_which_there_is_none_is_told_what_there_is(unit_type: str, level: str | None, region: str | None) -> None:
    with pytest.raises(Unreadable) as refused:
        found("某单位", unit_type, level, region)
    diagnostic = refused.value.diagnostic
    assert diagnostic.code == "E748"
    told = diagnostic.fact("there")
    for name in ("辽宁省党委部门", "辽宁省政府部门", "辽宁省事业单位", "阜新市乡镇（街道）", "辽宁省政府部门省本级", "辽宁省党委部门试点地区"):
        assert f"{name}{MARK} 2022.1（" in told
    assert "群团机关" in told
    assert "共性指标" not in told  # what only other rulesets build on is no choice
    assert "示例镇" not in told  # nor is what belongs to one unit
    assert not told.endswith("…")


def check(folder: Path, monkeypatch: pytest.MonkeyPatch, **unit: str) -> Result:
    monkeypatch.setenv("RULEEVAL_RULESETS", str(RULESETS))
    path = folder / "unit.json"
    path.write_text(json.dumps({"基准日": "2022-12-31", "数据": {}, **unit}, ensure_ascii=False), "utf-8")
    return CliRunner().invoke(root, ["check", str(path), "--lang", "zh"])


@pytest.mark.parametrize("unit_type", TYPES)
def test_a_unit_without_indicators_of_its_own_is_told_which_template_waits_for_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit_type: str) -> None:
    done = check(tmp_path, monkeypatch, 单位="某单位", 单位类型=unit_type, 层级="市级")
    template = {"群团机关": "党委部门"}.get(unit_type, unit_type)
    assert done.exit_code == 1
    assert "E747 unit.json:1:" in done.output
    assert f"“辽宁省{template}{MARK} 2022.1”个性部分的20分还没有指标，不能评估“某单位”" in done.output


def test_check_names_the_category_that_has_no_template_and_lists_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = check(tmp_path, monkeypatch, 单位="某公司", 单位类型="国有企业", 层级="省级")
    assert done.exit_code == 1
    assert "没有规则集适用于这个单位（某公司，国有企业，省级，2022-12-31）" in done.output
    assert f"现有：辽宁省政府部门试点地区{MARK} 2022.1（政府部门、市级、县级、示例试点市）；" in done.output


def test_the_ruleset_named_on_the_command_line_goes_before_the_one_that_fits(tmp_path: Path) -> None:
    unit, other = HOME / "units" / "natural-resources.json", tmp_path / "other.rules"
    text = (Path(__file__).parents[1] / "samples/liaoning-2022/government.rules").read_text("utf-8")
    other.write_text(text.replace("90%（含）以上：优秀", "89%（含）以上：优秀").replace("80%（含）至90%：良好", "80%（含）至89%：良好"), "utf-8")
    grades = [json.loads(CliRunner().invoke(root, ["check", str(unit), "--json", *more]).output)["grade"]["grade"] for more in ([], ["--rules", str(other)])]
    assert grades == ["良好", "优秀"]


def test_what_a_layer_does_not_say_of_whom_it_is_for_holds_from_above(tmp_path: Path) -> None:
    base = "规则集：蓝本\n版本：1\n适用：机关\n层级：市级\n生效：2022-01-01至2022-12-31\n满分：10分\n取分：实地评估\n"
    (tmp_path / "base.rules").write_text(base, "utf-8")
    (tmp_path / "pilot.rules").write_text("规则集：试点\n版本：1\n继承：蓝本 1\n理由：例\n适用地区：甲市\n", "utf-8")
    there = Sought("某局", "机关", "市级", "甲市", date(2022, 6, 1))
    assert pick(there, tmp_path).name == "pilot.rules"
    for other in (
        Sought("某局", "企业", "市级", "甲市", date(2022, 6, 1)),
        Sought("某局", "机关", "县级", "甲市", date(2022, 6, 1)),
        Sought("某局", "机关", "市级", "甲市", date(2023, 1, 1)),
    ):
        with pytest.raises(Unreadable):
            pick(other, tmp_path)
    assert pick(Sought("某局", "机关", "市级", "乙市", date(2022, 12, 31)), tmp_path).name == "base.rules"
