"""What moves a grade: other weights by the book, limits that are where they are said to be, what never matters."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import ruleeval
from ruleeval.cli import root
from ruleeval.dsl.model import Ruleset
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.sensitivity import outcome, standing
from ruleeval.engine.unit import EvidenceItem, Missing, NotApplicable, UnitData
from ruleeval.engine.weights import WrongShift, reweighted, top_alone

ROOT = Path(ruleeval.__file__).parent
GOVERNMENT = ROOT / "tests" / "samples" / "liaoning-2022" / "government.rules"
UNITS = GOVERNMENT.parent / "units"
COHORT = Path(__file__).parents[1] / "cohort" / "cohort31.csv"
ROWS = list(csv.DictReader(io.StringIO(COHORT.read_text("utf-8-sig"))))
COLUMNS = ["履职尽责情况和相关效益", "“三定”规定执行情况", "机构配置效益", "编制和领导职数使用效益", "机构编制管理规范", "个性指标"]


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(root, ["sensitivity", *map(str, arguments)], env={"COLUMNS": "100", "LC_ALL": "zh_CN.UTF-8"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def data(*arguments: object, status: int = 0) -> dict[str, object]:
    done = run(*arguments, "--json")
    assert done.exit_code == status, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


# ---- other weights on a table of results ---------------------------------------------------------


def test_raising_one_dimension_and_lowering_another_moves_the_mean_by_what_their_rates_differ() -> None:
    told = data(GOVERNMENT, COHORT, "--weight", "D=+5,E=-5")
    rates = [sum(Fraction(r[c]) for r in ROWS) / len(ROWS) / 20 for c in ("编制和领导职数使用效益", "机构编制管理规范")]
    mean = {side: Fraction(text) for side, text in told["mean"].items()}  # type: ignore[attr-defined]
    assert mean["after"] - mean["before"] == 5 * (rates[0] - rates[1])
    assert round(mean["after"] - mean["before"], 2) == Fraction("-0.89")
    assert told["left_aside"] == ["V1 擅自超编进人"]
    text = run(GOVERNMENT, COHORT, "--weight", "D=+5", "--weight", "E=-5").output
    assert "平均总分 110.26 → 109.37（−0.89），31个单位" in text
    assert "D 编制和领导职数使用效益：20 → 25" in text


def test_every_unit_of_the_table_gets_what_its_rates_give_under_the_other_weights() -> None:
    told = data(GOVERNMENT, COHORT, "--weight", "D=+5,E=-5")
    points = dict(zip(COLUMNS, [25, 15, 20, 25, 15, 20], strict=True))
    before = dict(zip(COLUMNS, [25, 15, 20, 20, 20, 20], strict=True))
    scores = [sum(Fraction(r[c]) * points[c] / before[c] for c in COLUMNS) for r in ROWS]
    found = told["units"]
    assert [Fraction(u["after"]["score"]) for u in found] == scores  # type: ignore[attr-defined]
    grades = ["优秀" if s >= 108 else "良好" if s >= 96 else "一般" if s >= 72 else "较差" for s in scores]
    assert [u["after"]["grade"] for u in found] == grades  # type: ignore[attr-defined]
    old = [Fraction(r["总分"]) for r in ROWS]

    def order(a: Fraction, b: Fraction) -> int:
        return (a > b) - (a < b)

    turned = sum(order(old[i], old[j]) != order(scores[i], scores[j]) for i, j in combinations(range(len(ROWS)), 2))
    assert (told["turned"], told["pairs"]) == (turned, 31 * 30 // 2)
    assert [u["after"]["place"] for u in found] == [1 + sum(o > s for o in scores) for s in scores]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        ("D=+5", ["满分会相差+5分", "A=-5", "--in-proportion"]),
        ("D=+5,E=-4", ["满分会相差+1分"]),
        ("D1=+1,D2=-1", ["表里只有一级指标的得分"]),
        ("X=+1", ["没有同级指标可以补足"]),
        ("D=-20,E=+20", ["D 会成为0分"]),
        ("DD=+5", ["没有指标“DD”"]),
        ("D=5", ["D=+5,E=-5"]),
        ("D=+5,D=-5", ["D=+5,E=-5"]),
        ("D=+5e9", ["D=+5,E=-5"]),
    ],
)
def test_weights_that_do_not_come_to_nothing_are_refused_with_what_would_do(weight: str, words: list[str]) -> None:
    done = run(GOVERNMENT, COHORT, "--weight", weight)
    assert done.exit_code == 2
    assert all(w in done.output for w in words), done.output


@pytest.mark.parametrize(
    ("weight", "words"),
    [("D1=+1", ["D会相差+1分", "D2=-1"]), ("D=+5,D1=-1", ["D1 在 D 之下"]), ("D1.1=-4", ["D1.1 会成为0分"]), ("D1.9=-4", ["没有指标“D1.9”"])],
)
def test_weights_below_level_1_are_moved_with_unit_files(weight: str, words: list[str]) -> None:
    done = run(GOVERNMENT, UNITS, "--weight", weight, *(["--in-proportion"] if weight == "D1.1=-4" else []))
    assert done.exit_code == 2
    assert all(w in done.output for w in words), done.output


def test_siblings_make_up_in_proportion_only_where_that_is_asked_for_and_it_is_said() -> None:
    told = data(GOVERNMENT, COHORT, "--weight", "D=+5", "--in-proportion")
    weights = {w["code"]: (Fraction(w["after"]), w["named"]) for w in told["weights"]}  # type: ignore[attr-defined]
    assert weights == {
        "A": (25 - Fraction(25, 16), False), "B": (15 - Fraction(15, 16), False), "C": (20 - Fraction(20, 16), False),
        "D": (Fraction(25), True), "E": (20 - Fraction(20, 16), False),
    }  # fmt: skip
    assert "A 履职尽责情况和相关效益：25 → 23.4375（按比例补足）" in run(GOVERNMENT, COHORT, "--weight", "D=+5", "--in-proportion").output
    assert run(GOVERNMENT, COHORT, "--in-proportion").exit_code == 2


# ---- other weights by the book: the same ruleset written with other points -------------------------------


def written(one: str, two: str, leaf: str, most: str, least: str, capped: str, half: str, third: str) -> str:
    return f"""\
规则集：示例，非官方标准
版本：1
满分：20分
取分：实地评估
修约：三级指标，2位，四舍五入
修约：上级，1位，四舍五入
修约：总分，1位，四舍五入
缺佐证：提示
全部不适用：上移折算
折算限度：50%

数据
  甲：整数，次，至少0，至多20
  乙：百分数，0%至100%
  免检：是否

一级指标 A 甲，{one}分
  上限：{most}分
二级指标 A1 甲，{one}分
三级指标 A1.1 次数，{leaf}分
  取值：甲
  评分：分档
    高于10次：{leaf}分
    5次（含）至10次（含）：{half}分
    低于5次：{third}分
  例外得满分：免检
  下限：{least}分
  佐证：报告，缺则 最多得80%
三级指标 A1.2 率，{leaf}分
  评分：公式
  计分：{leaf}分 × 乙
  上限：{capped}分
  不适用：折算，范围 上级

一级指标 B 乙，{two}分
二级指标 B1 乙，{two}分
三级指标 B1.1 乙率，{two}分
  取值：乙
  评分：按比例

等次：按得分率
  80%（含）以上：优秀
  低于80%：一般
"""


def check(text: str) -> Ruleset:
    checked = ruleeval.check(text)
    assert checked.ruleset is not None, checked.diagnostics
    return checked.ruleset


def test_a_ruleset_with_other_weights_is_the_ruleset_written_with_other_points() -> None:
    old = check(written("10", "10", "5", "9", "0.5", "4", "3", "1"))
    new = check(written("15", "5", "7.5", "13.5", "0.75", "6", "4.5", "1.5"))
    other = reweighted(old, {"A": 5, "B": -5}).ruleset
    units = [
        UnitData(
            "甲", "机关", date(2022, 12, 31), values={"甲": times, "乙": rate, "免检": free}, evidence=papers, not_applicable=out
        )
        for times in (0, 5, 7, 11, Missing())
        for rate in (Fraction(0), Fraction(1, 3), Fraction(9, 10), Fraction(1), Missing())
        for free in (True, False)
        for papers in ((), (EvidenceItem("报告"),))
        for out in ({}, {"A1.2": NotApplicable("无", frozenset({"on_site"}))})
    ]
    for unit in units:
        one, two = evaluate(other, unit), evaluate(new, unit)
        assert (one.state, one.score, one.bounds, outcome(one)) == (two.state, two.score, two.bounds, outcome(two)), unit
        for code, record in two.indicators.items():
            assert (one.indicators[code].score, one.indicators[code].points) == (record.score, record.points), (code, unit)


def test_a_rule_that_names_a_score_in_points_sees_the_points_it_was_written_in() -> None:
    text = written("10", "10", "5", "9", "0.5", "4", "3", "1") + "  门槛 优秀：得分(B) ≥ 8分\n"
    old = check(text)
    other = reweighted(old, {"A": -5, "B": 5})
    assert other.in_points == ("B",)
    unit = UnitData("甲", "机关", date(2022, 12, 31), values={"甲": 12, "乙": Fraction(4, 5), "免检": False})
    for ruleset, score in ((old, 8), (other.ruleset, 12)):
        result = evaluate(ruleset, unit)
        assert result.indicators["B"].score == score
        assert result.grade is not None
        assert not any(kind == "gate" for kind, _, _ in result.grade.changes)


def test_weights_come_to_the_same_sum_at_every_level() -> None:
    ruleset = check(GOVERNMENT.read_text("utf-8"))
    for shifts in ({"A": 5}, {"D1": 2}, {"C1.1": -1}):
        other = reweighted(ruleset, {k: Fraction(v) for k, v in shifts.items()}, in_proportion=True).ruleset
        for indicator in other.indicators:
            if indicator.children:
                assert sum(other.by_code[c].points for c in indicator.children) == indicator.points
        assert sum(r.points for r in other.roots) == other.full_score
    with pytest.raises(WrongShift):
        reweighted(ruleset, {"A": 5})


# ---- how near ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("basis", "rounded"), [("按得分率", False), ("按得分", False), ("按得分率，修约后", True), ("按得分，修约后", True)])
def test_the_limits_of_grades_are_just_where_they_are_said_to_be(basis: str, rounded: bool) -> None:
    text = GOVERNMENT.read_text("utf-8")
    head = text[: text.index("等次：")]
    ends = ("108分（含）", "108分", "96分") if basis.startswith("按得分，") or basis == "按得分" else ("90%（含）", "90%", "80%")
    grades = f"等次：{basis}\n  {ends[0]}以上：优秀\n  {ends[2]}至{ends[1]}：良好\n  低于{ends[2]}（含）：一般\n".replace(f"低于{ends[2]}（含）", f"{ends[2]}（含）以下")
    checked = ruleeval.check(head + grades)
    if checked.ruleset is None:
        pytest.fail(str([(d.code, d.line) for d in checked.diagnostics]))
    ruleset, _ = top_alone(checked.ruleset)
    scale = ruleset.scale()
    assert scale is not None
    assert scale.rounded is rounded
    full = {r.code: r.points for r in ruleset.roots}
    little = Fraction(1, 10**9)

    def at(total: Fraction) -> tuple[str, object]:
        values = {code: total * points / 120 for code, points in full.items()}
        result = evaluate(ruleset, UnitData("甲", "机关", date(2022, 12, 31), values=values))
        assert result.score == total
        return outcome(result), standing(ruleset, result)

    for total in (Fraction(50), Fraction(96), Fraction("107.99"), Fraction(107), Fraction(108), Fraction("95.994"), Fraction(119)):
        grade, found = at(total)
        for boundary, sign in ((found.better, 1), (found.worse, -1)):  # type: ignore[attr-defined]
            if boundary is None:
                continue
            limit = total + sign * boundary.points
            assert at(limit)[0] == (boundary.grade if boundary.reached else grade)
            assert at(limit + sign * little)[0] == boundary.grade
            assert boundary.points == 0 or at(limit - sign * little)[0] == grade


# ---- what never matters ---------------------------------------------------------------------------------

PLANTED = """\
规则集：示例，非官方标准
版本：1
满分：10分
取分：实地评估
缺佐证：提示

数据
  件数：整数，件，至少0，至多100
  天数：整数，天，至少0，至多30
  备注件数：整数，件，至少0

参数
  期限：10天，来源 通知
  死限：40天，来源 通知
  远限：25天，来源 通知

一级指标 A 甲，10分
二级指标 A1 甲，10分
三级指标 A1.1 天数，6分
  取值：天数 − 期限
  评分：分档
    高于0天：2分
    0天（含）以下：6分
三级指标 A1.2 件数，4分
  评分：公式
  计分：当 天数 > 死限 取 0分，当 天数 > 远限 取 1分，否则 4分 × 件数 ÷ 100件

等次：按得分率
  60%（含）以上：合格
  低于60%：不合格
"""


def planted(folder: Path) -> Path:
    (folder / "planted.rules").write_text(PLANTED, "utf-8")
    units = folder / "units"
    units.mkdir()
    for number, (pieces, days) in enumerate([(10, 9), (50, 10), (90, 11), (40, 3)]):
        values = {"件数": pieces, "天数": days, "备注件数": 1}
        raw = {"单位": f"单位{number}", "单位类型": "机关", "基准日": "2022-12-31", "规则集": "../planted.rules", "数据": values}
        (units / f"{number}.json").write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    return folder


def test_a_dead_parameter_is_found_and_live_ones_are_not(tmp_path: Path) -> None:
    pytest.importorskip("z3", reason="the solver (z3-solver) is not installed: did not run")
    folder = planted(tmp_path)
    told = data(folder / "planted.rules", folder / "units", "--prove", "--seconds", "120")
    parameters = {f["code"]: f for f in told["numbers"] if f["kind"] == "parameter"}  # type: ignore[attr-defined]
    assert {name: f["never"] for name, f in parameters.items()} == {"期限": False, "死限": True, "远限": True}
    assert parameters["死限"]["proof"] == "proved"
    assert set(parameters["远限"]["proof"]) == {"what", "before", "after", "data"}
    assert {f["code"]: f["never"] for f in told["inputs"]} == {"件数": False, "天数": False, "备注件数": True}  # type: ignore[attr-defined]
    text = run(folder / "planted.rules", folder / "units", "--prove").output
    assert "死限 参数 40天：已证明这样升降对数据齐全的任何单位都不起作用" in text
    assert "远限 参数 25天：对别的单位起作用" in text
    english = run(folder / "planted.rules", folder / "units", "--prove", "--lang", "en").output
    assert "死限 parameter 40天: proved that moving it so changes nothing for any unit with all its data" in english


def test_what_is_proved_is_not_said_of_what_only_decides_whether_data_are_in_error(tmp_path: Path) -> None:
    pytest.importorskip("z3", reason="the solver (z3-solver) is not installed: did not run")
    folder = planted(tmp_path)
    (folder / "planted.rules").write_text(PLANTED.replace("一级指标 A", "勾稽\n  备注件数 ≤ 件数 × 20，错误：太多\n\n一级指标 A", 1), "utf-8")
    told = data(folder / "planted.rules", folder / "units", "--prove")
    rule = next(f for f in told["numbers"] if f["kind"] == "reconciliation")  # type: ignore[attr-defined]
    assert (rule["never"], rule["proof"]) == (True, "outside")
    assert "勾稽 20：只关系到数据有误" in run(folder / "planted.rules", folder / "units", "--prove").output


def test_what_moves_a_grade_is_what_does_when_it_is_tried_by_hand(tmp_path: Path) -> None:
    folder = planted(tmp_path)
    told = data(folder / "planted.rules", folder / "units", "--by", "10%")
    limit = next(f for f in told["numbers"] if f["code"] == "期限")  # type: ignore[attr-defined]
    assert [m["after"] for m in limit["moves"]] == ["9天", "11天"]
    from ruleeval.files.unit_file import read_unit, unit_data

    for move in limit["moves"]:
        old, new = check(PLANTED), check(PLANTED.replace("期限：10天", f"期限：{move['after']}"))
        changed = []
        for path in sorted((folder / "units").iterdir()):
            one, two = (evaluate(r, unit_data(read_unit(path), r)[0]) for r in (old, new))  # type: ignore[arg-type]
            if outcome(one) != outcome(two):
                changed.append({"unit": one.unit.name, "before": outcome(one), "after": outcome(two)})
        assert move["grades"] == changed
    assert any(m["grades"] for m in limit["moves"])


# ---- as a command -----------------------------------------------------------------------------------------


def test_a_unit_that_is_not_decided_is_named_and_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    folder = planted(tmp_path)
    raw = {"单位": "缺数", "单位类型": "机关", "基准日": "2022-12-31", "规则集": "../planted.rules", "数据": {"件数": 3}}
    (folder / "units" / "9.json").write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    done = run(folder / "planted.rules", folder / "units")
    assert done.exit_code == 3
    assert "没有总分、不排名次：缺数" in done.output
    (folder / "units" / "8.json").write_text("{", "utf-8")
    done = run(folder / "planted.rules", folder / "units")
    assert done.exit_code == 1
    assert "缺数" in done.output
    assert run(folder / "planted.rules", tmp_path / "none").exit_code == 1
    assert run(folder / "planted.rules", folder / "units", "--by", "0%").exit_code == 2
    assert run(folder / "planted.rules", folder / "units", "--by", "200%").exit_code == 2


def test_a_table_without_a_column_or_with_a_wrong_total_is_refused(tmp_path: Path) -> None:
    text = COHORT.read_text("utf-8-sig")
    table = tmp_path / "t.csv"
    table.write_text(text.replace("机构配置效益", "别的", 1), "utf-8")
    done = run(GOVERNMENT, table, "--weight", "D=+5,E=-5")
    assert done.exit_code == 1
    assert "E891" in done.output
    table.write_text(text.replace("111.92", "111.93", 1), "utf-8")
    assert run(GOVERNMENT, table).exit_code == 1
    assert run(GOVERNMENT, table, COHORT).exit_code == 2


def test_both_languages_say_the_same(tmp_path: Path) -> None:
    zh, en = (run(GOVERNMENT, COHORT, "--lang", lang).output for lang in ("zh", "en"))
    assert "离界限多远" in zh
    assert "how near the limits" in en
    assert "90%" in zh
    assert "90%" in en
    assert run(GOVERNMENT, COHORT, "--lang", "en", "--weight", "D=+5,E=-5").output.count("→") == run(GOVERNMENT, COHORT, "--weight", "D=+5,E=-5").output.count("→")
