"""Interviews, findings, tracks, the last period, shared results: through the commands, from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ruleeval.cli import root

RULES = """\
规则集：实地工作试题（示例，非官方标准）
版本：1
满分：20分
取分：实地评估
修约：三级指标，2位，四舍五入
缺佐证：提示
折算限度：50%
全部不适用：零分

数据
  现场发现：记录表，来源 实地评估
    列 编号：文本，事项编号
  共享成果：记录表
    列 编号：文本，事项编号
    列 出处：选项 巡视巡察、党委督促检查、选人用人专项检查、经济责任审计、绩效考核，共享来源
  评委打分：一组数，分，0至100，个数1至9，评定，偏离 10分
  协作分：小数，分，0至5，评定
  上年协作：小数，分，0至5，上期 得分(A1.3)
  上年总分：小数，分，0至20，上期 总分

勾稽
  上年总分 < 20分，提醒：上年满分

一级指标 A 履职，20分
二级指标 A1 履职，20分
三级指标 A1.1 超配领导职数，5分
  评分：扣分
    事项数(现场发现，共享成果)，每1：扣1分
  访谈：中层干部、普通工作人员，至少2人次
  核实：评估对象、审批机构、服务对象，至少2方
三级指标 A1.2 职责分工，5分
  取值：当 个数(评委打分) ≤ 3 取 平均(评委打分)，否则 去极值平均(评委打分，1，1)
  评分：按比例
  目标：100分
  访谈：单位领导
三级指标 A1.3 协作，5分
  打分：协作分
  评分：酌情
  范围：0分至5分
  不适用：折算，范围上级
三级指标 A1.4 进步，5分
  评分：公式
  计分：最大(0分，协作分 − 上年协作)

等次：按得分率
  80%（含）以上：优秀
  低于80%：一般
"""
UNIT: dict[str, Any] = {
    "单位": "某厅", "单位类型": "部门", "基准日": "2022-12-31", "规则集": "r.rules",
    "数据": {"现场发现": [{"编号": "超配一名"}], "共享成果": [{"编号": "超配一名", "出处": "经济责任审计"}], "上年协作": 2, "上年总分": 10},
    "评定": {
        "自评": {"评委打分": [90, 90, 90], "协作分": 5},
        "实地评估": {"评委打分": [90, 86, 92, 85, 89], "协作分": 4},
        "第三方": {"评委打分": [80], "协作分": 3.5},
    },
    "第三方机构": {"名称": "某评估中心", "利益关系声明": "与被评估单位无利害关系", "日期": "2022-06-01"},
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "r.rules").write_text(RULES, "utf-8")
    write(tmp_path)
    return tmp_path


def write(folder: Path, name: str = "unit.json", **changes: Any) -> None:
    unit = {k: v for k, v in {**UNIT, **changes}.items() if v is not None}
    (folder / name).write_text(json.dumps(unit, ensure_ascii=False), "utf-8")


def run(*arguments: str, status: int | None = 0) -> str:
    result = CliRunner().invoke(root, list(arguments), prog_name="ruleeval")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert status is None or result.exit_code == status, result.output
    return result.output


def data(*arguments: str, status: int | None = 0) -> Any:
    result = CliRunner().invoke(root, [*arguments, "--json"], prog_name="ruleeval")
    assert status is None or result.exit_code == status, result.output
    return json.loads(result.stdout)


def found(*arguments: str, status: int | None = 0) -> dict[str, list[Any]]:
    told: dict[str, list[Any]] = {}
    for one in data("check", "unit.json", *arguments, status=status)["findings"]:
        told.setdefault(one["code"], []).append(one["facts"])
    return told


# ---- shared results, interviews, panels ---------------------------------------------------------


def test_one_matter_from_on_site_work_and_an_audit_is_deducted_once_and_both_are_told(folder: Path) -> None:
    scores = {i["code"]: i["score"] for i in data("check", "unit.json")["indicators"]}
    assert scores["A1.1"] == "4"
    (shared,) = found()["W887"]
    assert (shared["matter"], shared["sources"]) == ("超配一名", ["实地评估", "经济责任审计"])
    assert "事项“超配一名”由实地评估、经济责任审计提出，只计一次" in run("explain", "unit.json", "A1.1")


def test_interviews_asked_for_and_not_held_are_told_of(folder: Path) -> None:
    short = {(f["code"], f["count"], f["least"]) for f in found()["W881"]}
    assert short == {("A1.1", "0", "2"), ("A1.2", "0", "1")}
    held = [
        {"职级": "中层干部", "日期": "2022-07-15", "指标": "A1.1、A1.3", "记录": "……"},
        {"职级": "普通工作人员", "指标": ["A1"], "人次": 3},
        {"职级": "单位领导", "指标": ["A1.1"]},
    ]
    write(folder, 访谈=held)
    assert [f["code"] for f in found()["W881"]] == ["A1.2"]  # the leader was asked about something else
    told = data("instruments", "unit.json")["units"][0]
    assert told["interviews_by_rank"] == {"中层干部": 1, "普通工作人员": 3, "单位领导": 1}
    assert [(c["code"], c["held"], c["asked"]) for c in told["coverage"]] == [("A1.1", 4, 2), ("A1.2", 0, 1)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"访谈": [{"职级": "中层于部"}]}, "W882"),
        ({"访谈": [{"职级": "中层干部", "指标": "A9"}]}, "E884"),
        ({"访谈": [{"职级": "中层干部", "日期": "今年5月"}]}, "E708"),
        ({"访谈": [{"职级": "中层干部", "人次": 0}]}, "E715"),
        ({"访谈": [{"日期": "2022-07-15"}]}, "E725"),
        ({"发现": [{"内容": "甲", "确认": "纪委"}]}, "E885"),
        ({"发现": [{"内容": "甲", "确认": "评估对象", "不同意": "评估对象"}]}, "E886"),
        ({"发现": [{"内容": "甲", "指标": "B1"}]}, "E884"),
        ({"第三方机构": {"名称": "某评估中心"}}, "W883"),
        ({"第三方机构": None}, "W883"),
    ],
)
def test_what_is_wrong_with_field_work_is_told(folder: Path, changes: dict[str, Any], code: str) -> None:
    write(folder, **changes)
    assert code in found(status=None)


def test_five_ratings_trimmed_give_88_333_and_an_outlier_is_told_of(folder: Path) -> None:
    scores = {i["code"]: i["score"] for i in data("check", "unit.json")["indicators"]}
    assert scores["A1.2"] == "4.42"  # 265/3 of 100, of 5 points
    assert "W886" not in found()
    write(folder, 评定={"实地评估": {"评委打分": [90, 86, 92, 70, 89], "协作分": 4}}, 第三方机构=None)
    (away,) = found()["W886"]
    assert (away["position"], away["value"], away["mean"], away["distance"]) == ("4", "70分", "85.4分", "15.4分")


def test_960_interviews_over_31_units_are_31_a_unit_on_the_mean(folder: Path) -> None:
    (folder / "units").mkdir()
    for number in range(31):
        count = 31 if number < 30 else 30
        write(folder, f"units/{number}.json", 单位=f"单位{number}", 规则集="../r.rules", 访谈=[{"职级": "中层干部", "人次": count}])
    told = data("instruments", "units")
    assert told["totals"]["interviews"] == 960
    assert "960" in run("instruments", "units")
    assert "31.0" in run("instruments", "units")


def test_questionnaires_of_31_units_add_up_to_5100(folder: Path) -> None:
    (folder / "units").mkdir()
    survey = "\n问卷 内部问卷：内部，有效 至少1题\n  职责清晰：满意100、不满意0\n"
    text = RULES.replace("\n勾稽\n", survey + "\n勾稽\n  有效份数(内部问卷) < 9999份，提醒：略\n")
    (folder / "s.rules").write_text(text, "utf-8")
    for number in range(31):
        count = 165 if number < 16 else 164
        rows = {**UNIT["数据"], "内部问卷": [{"职责清晰": "满意"}] * count}
        write(folder, f"units/{number}.json", 单位=f"单位{number}", 规则集="../s.rules", 数据=rows)
    told = data("instruments", "units")["totals"]
    assert (told["returned"], told["valid"]) == (5100, 5100)


# ---- findings -------------------------------------------------------------------------------------


FINDINGS = [
    {"指标": "A1.1", "内容": "超配领导职数一名", "事项": "超配一名", "来源": "实地评估", "确认": ["评估对象"]},
    {"指标": "A1.1", "内容": "审计发现超配", "事项": "超配一名", "来源": "经济责任审计", "佐证": "审计报告"},
    {"指标": "A1.2", "内容": "分工不清", "确认": "评估对象、审批机构", "不同意": "服务对象"},
    {"内容": "学习记录不规范"},
]


def statuses(folder: Path, findings: list[Any]) -> list[tuple[str, list[str], bool]]:
    write(folder, 发现=findings)
    return [(f["status"], f["sources"], f["enters_formal_feedback"]) for f in data("findings", "unit.json")["findings"]]


def test_a_finding_stands_where_its_parties_put_it(folder: Path) -> None:
    assert statuses(folder, FINDINGS) == [
        ("partly", ["实地评估", "经济责任审计"], False), ("disputed", [], False), ("unverified", [], False),
    ]  # fmt: skip
    second = [FINDINGS[0], {**FINDINGS[1], "确认": ["审批机构"]}]
    assert statuses(folder, second) == [("verified", ["实地评估", "经济责任审计"], True)]
    shown = run("findings", "unit.json", "--formal")
    assert "已核实" in shown
    assert "评估对象、审批机构（2/2方）" in shown


def test_a_party_that_the_rule_does_not_name_counts_for_nothing(folder: Path) -> None:
    (folder / "r.rules").write_text(RULES.replace("核实：评估对象、审批机构、服务对象，至少2方", "核实：审批机构"), "utf-8")
    one = {"指标": "A1.1", "内容": "超配", "确认": "评估对象、服务对象"}
    assert statuses(folder, [one])[0][0] == "unverified"
    assert statuses(folder, [{**one, "确认": "审批机构"}])[0][0] == "verified"


def test_only_verified_findings_enter_the_formal_feedback(folder: Path) -> None:
    write(folder, 发现=[*FINDINGS[:1], FINDINGS[3]])
    place = ["--ledger", f"sqlite:///{folder / 'ledger.db'}", "--by", "评估员"]
    run("ledger", "record", "unit.json", *place)
    raised = data("problems", "raise", "1", *place)
    by_text = {p["description"]: p for p in raised}
    assert by_text["超配领导职数一名"]["lost"] == "1"
    assert by_text["超配领导职数一名"]["source"] == "实地评估"
    assert by_text["超配领导职数一名"]["verification"] == "partly"
    assert by_text["学习记录不规范"]["lost"] == ""
    number = str(by_text["超配领导职数一名"]["number"])
    run("problems", "classify", number, "--type", "超配", "--class", "1", "--authority", "省级", "--urgency", "较急", "--days", "30", *place)
    assert "E785" in run("problems", "feedback", "某厅", "--formal", "--problem", number, *place, status=1)
    run("problems", "verify", number, "--party", "审批机构", *place)
    assert f"第{number}号" in run("problems", "feedback", "某厅", "--formal", "--problem", number, *place)
    assert data("problems", "raise", "1", *place) == []


# ---- tracks ------------------------------------------------------------------------------------------


def test_tracks_side_by_side_add_up(folder: Path) -> None:
    told = data("compare", "unit.json")
    assert [t["track"] for t in told["tracks"]] == ["self", "on_site", "third_party"]
    differences = [float(i["difference"]) for i in told["indicators"]]
    assert round(sum(differences) + float(told["rest"]), 6) == round(float(told["difference"]), 6)
    assert told["grade"] == data("check", "unit.json")["grade"]["grade"]
    shown = run("compare", "unit.json", "--over", "0.5")
    for wanted in ("自评", "实地评估", "第三方", "其余相差不超过0.5分的2项", "等次按实地评估定：一般"):
        assert wanted in shown


def test_one_file_for_each_track(folder: Path) -> None:
    for name, track in (("自评.json", "自评"), ("实地.json", "实地评估")):
        write(folder, name, 评定={track: UNIT["评定"][track]}, 第三方机构=None)
    apart, together = data("compare", "自评.json", "实地.json"), data("compare", "unit.json", "--tracks", "自评,实地评估")
    assert apart["indicators"] == together["indicators"]
    write(folder, "别的.json", 单位="某局", 评定={"实地评估": UNIT["评定"]["实地评估"]})
    assert "E878" in run("compare", "自评.json", "别的.json", status=1)


def test_no_track_stands_in_for_the_deciding_one(folder: Path) -> None:
    told = data("compare", "unit.json", "--tracks", "自评,第三方")
    assert told["grade"] is None
    assert "不用别的轨道顶替" in run("compare", "unit.json", "--tracks", "self,third_party")
    write(folder, 评定={"自评": UNIT["评定"]["自评"]})
    assert data("check", "unit.json", status=3)["state"] == "undecided"
    run("compare", "unit.json", status=2)


def test_an_open_score_leaves_the_difference_open(folder: Path) -> None:
    write(folder, 评定={**UNIT["评定"], "实地评估": {"评委打分": [90, 86, 92, 85, 89]}})
    told = data("compare", "unit.json", status=3)
    assert (told["difference"], told["rest"]) == (None, None)
    assert [i["code"] for i in data("compare", "unit.json", "--over", "0.5", status=3)["indicators"]] == ["A1.3", "A1.4"]


def test_not_applicable_counts_once_the_deciding_track_confirms_it(folder: Path) -> None:
    claim = {"指标": "A1.3", "理由": "没有所属事业单位"}
    write(folder, 不适用=[claim], 数据={**UNIT["数据"]})
    assert {i["code"]: i["state"] for i in data("check", "unit.json")["indicators"]}["A1.3"] == "scored"
    write(folder, 不适用=[{**claim, "确认": "自评"}])
    assert {i["code"]: i["state"] for i in data("check", "unit.json")["indicators"]}["A1.3"] == "scored"
    write(folder, 不适用=[{**claim, "确认": "实地评估"}])
    assert {i["code"]: i["state"] for i in data("check", "unit.json")["indicators"]}["A1.3"] == "out"
    told = data("compare", "unit.json", "--tracks", "自评,实地评估")
    assert sum(float(i["difference"]) for i in told["indicators"]) + float(told["rest"]) == pytest.approx(float(told["difference"]))


# ---- the last period ----------------------------------------------------------------------------------


def test_the_last_result_is_an_input(folder: Path) -> None:
    (folder / "last.json").write_text(run("check", "unit.json", "--json"), "utf-8")
    bare = {k: v for k, v in UNIT["数据"].items() if not k.startswith("上年")}
    write(folder, 数据=bare, 评定={"实地评估": {**UNIT["评定"]["实地评估"], "协作分": 4.5}}, 第三方机构=None)
    assert data("check", "unit.json", status=3)["state"] == "undecided"
    scores = {i["code"]: i["score"] for i in data("check", "unit.json", "--previous", "last.json")["indicators"]}
    assert scores["A1.4"] == "0.5"
    write(folder, 数据={**bare, "上年协作": 3})
    assert "E888" in found("--previous", "last.json", status=1)
    (folder / "bad.json").write_text('{"score": "1e99999"}', "utf-8")
    assert "E889" in run("check", "unit.json", "--previous", "bad.json", status=1)


def test_what_the_last_result_does_not_have_stays_missing(folder: Path) -> None:
    last = json.loads(run("check", "unit.json", "--json"))
    last["indicators"] = [i for i in last["indicators"] if i["code"] != "A1.3"]
    (folder / "last.json").write_text(json.dumps(last), "utf-8")
    write(folder, 数据={k: v for k, v in UNIT["数据"].items() if not k.startswith("上年")})
    assert "W889" in found("--previous", "last.json", status=3)


# ---- the worked case of two tracks -----------------------------------------------------------------------


PARTS = {"A": (25, "21.78", "25"), "B": (15, "13.50", "15"), "C": (20, "16.09", "18"), "D": (20, "16.89", "18"), "E": (20, "19.22", "19"), "X": (20, "20", "20")}


def test_115_00_against_107_48_differ_by_7_52_item_by_item(folder: Path) -> None:
    data_rows = "".join(f"  分{c}：小数，分，0至{full}，评定\n" for c, (full, _, _) in PARTS.items())
    tree = "".join(
        f"一级指标 {c} 部分{c}，{full}分\n二级指标 {c}1 部分{c}，{full}分\n三级指标 {c}1.1 部分{c}，{full}分\n  打分：分{c}\n  评分：酌情\n  范围：0分至{full}分\n"
        for c, (full, _, _) in PARTS.items()
    )
    grades = "等次：按得分率\n  90%（含）以上：优秀\n  80%（含）至90%：良好\n  低于80%：一般\n"
    text = f"规则集：对照试题（示例，非官方标准）\n版本：1\n满分：120分\n取分：实地评估\n数据\n{data_rows}{tree}{grades}"
    (folder / "two.rules").write_text(text, "utf-8")
    tracks = {
        "自评": {f"分{c}": float(own) for c, (_, _, own) in PARTS.items()},
        "实地评估": {f"分{c}": float(site) for c, (_, site, _) in PARTS.items()},
    }
    write(folder, "two.json", 规则集="two.rules", 数据={}, 评定=tracks, 第三方机构=None)
    told = data("compare", "two.json")
    assert [t["score"] for t in told["tracks"]] == ["115", "107.48"]
    assert (told["difference"], told["rest"], told["grade"]) == ("-7.52", "0", "良好")
    assert {i["code"]: i["difference"] for i in told["indicators"]} == {
        "A1.1": "-3.22", "B1.1": "-1.5", "C1.1": "-1.91", "D1.1": "-1.11", "E1.1": "0.22", "X1.1": "0",
    }  # fmt: skip
    over = data("compare", "two.json", "--over", "0.5")
    assert [i["code"] for i in over["indicators"]] == ["A1.1", "B1.1", "C1.1", "D1.1"]
    assert over["within"] == "0.22"
