"""The figures of a cohort: the fixture of 31 units, both mean rates, ranks, and tables as they come."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleeval.cli import root
from ruleeval.engine.cohort_statistics import Part, UnitScore, cohort_statistics, places_of, quartile, standard_deviation, summary

HERE = Path(__file__).parent
FULL = "履职尽责情况和相关效益=25，“三定”规定执行情况=15，机构配置效益=20，编制和领导职数使用效益=20，机构编制管理规范=20，个性指标=20"
Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    def call(*arguments: object) -> Result:
        result = CliRunner().invoke(root, ["cohort", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return call


def unit(name: str, score: object, full: object = 100, **more: object) -> UnitScore:
    return UnitScore(name, "部门", None, None, None if score is None else Fraction(str(score)), Fraction(str(full)), **more)  # type: ignore[arg-type]


def test_the_fixture_gives_the_published_figures(run: Run) -> None:
    wanted = json.loads((HERE / "cohort31_expected.json").read_text("utf-8"))
    done = run(HERE / "cohort31.csv", "--full", FULL, "--grades", "优秀、良好、一般、较差", "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)

    def percent(text: str) -> str:
        return f"{float(Fraction(text) * 100):.1f}"

    assert found["total"]["counted"] == wanted["单位数"]
    assert f"{float(Fraction(found['total']['mean'])):.2f}" == wanted["平均总分"] == "110.26"
    assert percent(found["total"]["rate_of_sums"]) == percent(found["total"]["mean_of_rates"]) == wanted["平均得分率"]
    assert {i["name"]: percent(i["rate_of_sums"]) for i in found["indicators"]} == wanted["一级指标平均得分率"]
    assert found["grades"] == wanted["等次分布（示例等次）"]
    assert found["weakest"][0] == wanted["失分最多的一级指标"]
    assert (found["total"]["highest"], found["total"]["lowest"]) == (wanted["最高"], wanted["最低"])
    assert {n: g["total"]["counted"] for n, g in found["groups"]["type"].items()} == wanted["各类型"]


def test_the_paragraph_of_the_province_is_written_from_the_result(run: Run) -> None:
    options = ("--full", FULL, "--scope", "全省试点部门（单位）", "--track", "实地评估", "--format", "paragraph", "--lang", "zh")
    told = run(HERE / "cohort31.csv", *options).stdout
    assert told.startswith(
        "全省试点部门（单位）实地评估平均得分为110.26分，平均得分率为91.9%，其中，履职尽责情况和相关效益平均得分率为91.5%；"
        "“三定”规定执行情况平均得分率为93.5%；机构配置效益平均得分率为89.2%；编制和领导职数使用效益平均得分率为79.9%；"
        "机构编制管理规范平均得分率为97.7%；个性指标平均得分率为100%。"
    )
    english = run(HERE / "cohort31.csv", "--full", FULL, "--format", "paragraph", "--lang", "en").stdout
    assert "110.26" in english
    assert "91.9%" in english


def test_a_ruleset_can_say_what_the_columns_are_out_of(run: Run) -> None:
    rules = HERE.parents[1] / "tests" / "samples" / "liaoning-2022" / "government.rules"
    done = run(HERE / "cohort31.csv", "--rules", rules)
    assert "没有“" in done.output  # its individual indicator has another name than the table's column
    assert done.exit_code == 1


def test_both_mean_rates_are_named_where_they_differ(run: Run, tmp_path: Path) -> None:
    found = cohort_statistics([unit("甲", 110, 120), unit("乙", 80, 100)])
    assert found.total.rate_of_sums == Fraction(190, 220)
    assert found.total.mean_of_rates == (Fraction(110, 120) + Fraction(80, 100)) / 2
    assert [f"{float(r) * 100:.1f}" for r in (found.total.rate_of_sums, found.total.mean_of_rates)] == ["86.4", "85.8"]
    assert not found.by_score
    assert [r.unit.name for r in found.ranks] == ["甲", "乙"]


def test_units_without_a_score_are_listed_and_never_count_as_zero(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "得分.csv"
    table.write_text("单位,履职,机构\n甲,20,10\n乙,,10\n丙,10,8\n", "utf-8")
    done = run(table, "--full", "履职=25，机构=10", "--lang", "zh")
    assert done.exit_code == 3
    assert "平均得分为24.00分" in done.stdout  # (30 + 18) / 2
    assert "按2个已定得分的单位计算，另有1个未定" in done.stdout.replace("\n", "")
    assert "机构平均得分率为90.0%" in done.stdout.replace("\n", "")  # of the two that the total counts
    assert "乙：在10与35之间；缺履职" in done.stdout
    assert "2/3" in done.stdout


# ---- places --------------------------------------------------------------------------------


def test_equal_values_share_a_place_and_the_next_is_skipped() -> None:
    assert places_of([90, 95, 90, 80]) == [2, 1, 2, 4]
    assert places_of([90, 95, 90, 80], descending=False) == [2, 4, 2, 1]


_VALUES = st.lists(st.fractions(0, 5, max_denominator=4), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(_VALUES)
def test_a_place_is_one_more_than_the_number_of_better_values(values: list[Fraction]) -> None:
    assert places_of(values) == [1 + sum(other > v for other in values) for v in values]


_SCORES = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 400)), st.integers(400, 500)), min_size=1, max_size=10)


@settings(max_examples=60, deadline=None)
@given(_SCORES, st.randoms(use_true_random=False))
def test_the_order_of_units_changes_no_figure(scores: list[tuple[int | None, int]], rng: Random) -> None:
    units = [unit(f"单位{i}", s, f) for i, (s, f) in enumerate(scores)]
    mixed = list(units)
    rng.shuffle(mixed)
    one, other = cohort_statistics(units), cohort_statistics(mixed)
    assert (one.total, one.ranks, one.outliers, one.parts) == (other.total, other.ranks, other.outliers, other.parts)


@settings(max_examples=60, deadline=None)
@given(_SCORES)
def test_both_mean_rates_lie_between_the_rates_and_agree_for_equal_full_scores(scores: list[tuple[int | None, int]]) -> None:
    given_ = [(None if s is None else Fraction(s), Fraction(f)) for s, f in scores]
    found = summary(given_)
    rates = [s / f for s, f in given_ if s is not None]
    assert found.count == len(rates)
    if rates:
        assert found.rate_of_sums == sum(s for s, _ in given_ if s is not None) / sum(f for s, f in given_ if s is not None)
        assert found.mean_of_rates == sum(rates) / len(rates)
        assert min(rates) <= found.rate_of_sums <= max(rates)
        if len({f for s, f in given_ if s is not None}) == 1:
            assert found.rate_of_sums == found.mean_of_rates


def test_spread_quartiles_and_deviation() -> None:
    values = [2, 4, 4, 4, 5, 5, 7, 9]
    assert standard_deviation(values, 4) == 2
    assert standard_deviation([1, 2], 4) == Fraction(1, 2)
    assert quartile([1, 2, 3, 4], Fraction(1, 4)) == Fraction(7, 4)
    found = cohort_statistics([unit(f"单位{i}", v) for i, v in enumerate([90, 91, 92, 92, 93, 60])])
    assert [(o.unit.name, o.side) for o in found.outliers] == [("单位5", "low")]
    assert cohort_statistics([unit("甲", 1), unit("乙", 100)]).outliers == ()


def test_an_indicator_that_does_not_apply_is_left_out_of_its_rate() -> None:
    parts = [Part(1, "A", "履职", Fraction(8), Fraction(10)), Part(1, "A", "履职", None, 0)]
    found = cohort_statistics([unit(n, 8, 10, parts=(p,)) for n, p in zip("甲乙", parts, strict=True)])
    assert (found.parts[0].figures.rate_of_sums, found.parts[0].figures.count) == (Fraction(4, 5), 1)


# ---- tables as they come ---------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_widths_and_rows_of_sums(run: Run, tmp_path: Path, encoding: str) -> None:
    table = tmp_path / "得分.csv"
    table.write_text("单位,类型,履职（25分）,总分,得分率\n甲,部门,２０,20,80%\n乙,院所,15分,15,60.0\n平均,,17.5,17.5,\n", encoding)
    done = run(table, "--full", "履职（25分）=25", "--json", "--lang", "zh")
    found = json.loads(done.stdout)
    assert (found["total"]["counted"], found["total"]["mean"]) == (2, "17.5")
    assert [f["code"] for f in found["findings"] if f["code"] != "W739"] == ["W891"]


def test_an_excel_table_gives_the_same(run: Run, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in ([["单位", "履职", "机构"], ["甲", 20.1, 9], ["乙", 15, 8.2]]):
        book.active.append(row)
    book.save(tmp_path / "得分.xlsx")
    found = json.loads(run(tmp_path / "得分.xlsx", "--full", "履职=25，机构=10", "--json").stdout)
    assert [u["score"] for u in found["units"]] == ["29.1", "23.2"]


WRONG = {
    "E891": "单位,履质\n甲,20\n",
    "E892": "单位,履职\n甲,20\n甲,21\n",
    "E893": "单位,履职\n甲,优\n",
    "E894": "单位,履职\n甲,26\n",
    "E895": "单位,履职,总分\n甲,20,21\n",
    "W890": "单位,履职,其他\n甲,20,3\n",
    "W892": "单位,履职,得分率\n甲,20,81%\n",
    "E890": "单位,履职,履职\n甲,20,20\n",
}


@pytest.mark.parametrize("code", WRONG)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_wrong_with_a_table_is_told(run: Run, tmp_path: Path, code: str, language: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(WRONG[code], "utf-8")
    done = run(table, "--full", "履职=25", "--json", "--lang", language)
    assert [f["code"] for f in json.loads(done.stdout)["findings"]] == [code]
    assert done.exit_code == (1 if code.startswith("E") else 0)


@pytest.mark.parametrize("full", ["履职", "履职=", "履职=0", "履职=25，履职=20", "=25", "履职=25%"])
def test_a_full_score_that_cannot_be_read_is_wrong_usage(run: Run, tmp_path: Path, full: str) -> None:
    assert run(HERE / "cohort31.csv", "--full", full).exit_code == 2


def test_a_name_may_hold_a_comma(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text('单位,"落实要求，履行职责"\n甲,9\n', "utf-8")
    found = json.loads(run(table, "--full", "落实要求，履行职责=10", "--json").stdout)
    assert found["total"]["rate_of_sums"] == "0.9"


# ---- unit files --------------------------------------------------------------------------------

UNITS = HERE.parents[1] / "tests" / "samples" / "liaoning-2022" / "units"
RULES = HERE.parents[1] / "tests" / "samples" / "liaoning-2022" / "government.rules"


def changed(folder: Path, name: str, **data: object) -> None:
    raw = json.loads((UNITS / "natural-resources.json").read_text("utf-8"))
    raw["单位"] = name
    for key, value in data.items():
        if value is None:
            del raw["数据"][key]
        else:
            raw["数据"][key] = value
    (folder / f"{name}.json").write_text(json.dumps(raw, ensure_ascii=False), "utf-8")


def test_unit_files_are_evaluated_and_counted(run: Run, tmp_path: Path) -> None:
    changed(tmp_path, "甲厅")
    changed(tmp_path, "乙厅", 实有人数=None)
    done = run(tmp_path, "--rules", RULES, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 3
    assert [(u["unit"], u["state"], u["score"]) for u in found["units"]] == [("乙厅", "undecided", None), ("甲厅", "decided", "107.48")]
    assert found["total"]["counted"] == 1
    assert found["missing"] == {"实有人数": ["乙厅"]}
    assert found["undecided"] == ["乙厅"]
    assert "另有1个未定" in found["paragraph"]
    assert {i["level"] for i in found["indicators"]} == {1, 2, 3}


def test_a_bad_unit_file_is_told_and_the_others_are_counted(run: Run, tmp_path: Path) -> None:
    changed(tmp_path, "甲厅")
    (tmp_path / "坏.json").write_text("{", "utf-8")
    again = json.loads((tmp_path / "甲厅.json").read_text("utf-8"))
    (tmp_path / "又.json").write_text(json.dumps(again, ensure_ascii=False), "utf-8")
    done = run(tmp_path, "--rules", RULES, "--json")
    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert found["total"]["counted"] == 1
    assert sorted(f["code"] for f in found["findings"])[-1] == "E896"
    assert len(found["findings"]) == 2


def test_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run(HERE / "cohort31.csv").exit_code == 2
    assert run(HERE / "cohort31.csv", UNITS, "--full", FULL).exit_code == 2
    assert run(HERE / "cohort31.csv", "--full", FULL, "--by", "颜色").exit_code == 2
    assert run(tmp_path).exit_code == 2
