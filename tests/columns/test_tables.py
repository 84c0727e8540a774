"""Tables of units: every row of the result is what the exact engine says of the same row."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import polars as pl
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from reference.cases import Units
from reference.compare import ruleset_of, unit_for_engine
from reference.draw import draw_plan
from reference.write import write

import ruleeval
from ruleeval.cli import root
from ruleeval.engine.columns.results import outcome_of
from ruleeval.engine.evaluate import evaluate
from ruleeval.files.tables.batch import Parts
from ruleeval.files.tables.intake import Stretch, TableIntake
from ruleeval.files.tables.layout import layout_of
from ruleeval.files.tables.output import Shape
from ruleeval.files.tables.stretch import evaluate_frame

from .tables import frame_of, told

EXAMPLES = int(os.environ.get("RULEEVAL_COLUMN_EXAMPLES", "12"))

RULES = """ruleset: tables (made-up example)
version: 1
full-score: 30 points
deciding-track: on-site
rounding: level3, 2 places, half-up
missing-evidence: at-most 60%
data
done: integer, items, at-least 0
due: integer, items, at-least 1
rate: percentage, 0% to 120%
money: money, yuan, at-least 0, at-most 100000
kept: yes-no, assessed
fit: options good; fair; poor, assessed
opened: date
marks: numbers, points, 0 to 10, count 2 to 5
complaints: records
column kind: options ordinary; grave
column received: date
column answered: date
level1 A all, 30 points
level2 A1 all, 30 points
level3 A1.1 share, 5 points
value: done / due
standard: proportional
beyond: capped
evidence: register
level3 A1.2 rate, 5 points
value: rate
standard: bands
90% (incl) and-up: 5 points
60% (incl) to 90%: 3 points
below 60%: 0 points
level3 A1.3 fit, 5 points
value: fit
standard: by-level
good: full-marks
fair: 3 points
poor: no-marks
level3 A1.4 complaints, 5 points
value: count(complaints, where days-between(received, answered) > 15 days)
standard: deduct
each 1: minus 1.5 points
level3 A1.5 marks, 5 points
standard: formula
points: mean(marks) / 2
level3 A1.6 kept, 5 points
value: kept and money <= 5000 yuan and opened < 2022-07-01
standard: pass
grades: by-score-rate
80% (incl) and-up: good
below 80%: poor
"""
COMPLAINTS = [{"kind": "grave", "received": "2022-01-01", "answered": "2022-02-01"}, {"kind": "ordinary", "received": "2022-01-01", "answered": "2022-01-05"}]


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_random_tables(seed: int) -> None:
    check(seed)


def check(seed: int, count: int = 24) -> None:
    rng = Random(seed)
    plan = draw_plan(rng)
    ruleset = ruleset_of(plan)
    cases = Units(plan, rng)
    units = []
    for turn in range(count):
        case = cases.whole(out=(0.0, 0.0, 0.2)[turn % 3])
        units.append(unit_for_engine(plan, cases.opened(case, 0.1) if turn % 6 == 5 else case))
    frame = frame_of(ruleset, units)
    layout, found = layout_of(frame.columns, ruleset, "on_site", {})
    assert layout is not None, found
    intake = TableIntake(ruleset, layout, "on_site")
    stretch = Stretch(frame)
    evaluated = evaluate_frame(intake, Shape(ruleset, 3, ("unit",)), stretch, range(1, count + 1))
    for place, row in enumerate(evaluated.table.to_pylist()):
        unit, findings = intake.unit(stretch, place)
        assert unit is not None, findings
        wanted = outcome_of(evaluate(ruleset, unit))
        row["codes"] = ";".join(c for c in (row["codes"] or "").split(";") if c != "W741") or None
        assert told(row, wanted, set(row)) == [], (seed, place, write(plan))


# ---- every kind of table ------------------------------------------------------------------------


def rows() -> list[dict[str, object]]:
    made = []
    for n in range(40):
        made.append({
            "unit": f"unit {n}", "unit_type": "office", "as_of": "2022-12-31", "done": n * 3 % 50, "due": n % 7 + 30,
            "rate": f"{40 + n * 2}.5%", "money": n * 200, "kept": n % 3 > 0, "fit": ("good", "fair", "poor")[n % 3],
            "opened": f"2022-0{n % 9 + 1}-15", "marks": [n % 11, 7, 10], "complaints": COMPLAINTS * (n % 3), "evidence:register": n % 4 > 0,
        })  # fmt: skip
    return made


def units_as_files(made: list[dict[str, object]]) -> list[dict[str, object]]:
    found = []
    for row in made:
        data = {k: row[k] for k in ("done", "due", "rate", "money", "opened", "marks", "complaints")}
        found.append({
            "unit": row["unit"], "unit_type": row["unit_type"], "as_of": row["as_of"], "data": data,
            "assessments": {"on_site": {"kept": row["kept"], "fit": row["fit"]}},
            "evidence": [{"kind": "register"}] if row["evidence:register"] else [],
        })  # fmt: skip
    return found


def batch(folder: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(root, ["batch", str(folder / "rules.rules"), *arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules.rules").write_text(RULES, "utf-8")
    return tmp_path


def expected(folder: Path) -> list[tuple[object, ...]]:
    ruleset = ruleeval.load(folder / "rules.rules")
    found = []
    for n, raw in enumerate(units_as_files(rows())):
        path = folder / f"one-{n}.json"
        path.write_text(json.dumps(raw), "utf-8")
        result = ruleeval.evaluate(ruleset, ruleeval.load_unit(path, ruleset))
        path.unlink()
        found.append((raw["unit"], result.state, result.score, result.grade.grade if result.grade else None, *(result.indicators[f"A1.{i}"].score for i in range(1, 7))))
    return found


def found_in(path: Path) -> list[tuple[object, ...]]:
    frame = pl.read_parquet(path)
    assert frame["row"].to_list() == list(range(1, len(frame) + 1))
    from .tables import number

    return [(r["unit"], r["state"], number(r, "score"), r["grade"], *(number(r, f"A1.{i}") for i in range(1, 7))) for r in frame.iter_rows(named=True)]


def long_tables(folder: Path, made: list[dict[str, object]]) -> list[str]:
    complaints = [{"unit": row["unit"], **c} for row in made for c in row["complaints"]]  # type: ignore[attr-defined]
    pl.DataFrame(complaints).write_csv(folder / "complaints.csv")
    marks = [{"unit": row["unit"], "value": m} for row in made for m in row["marks"]]  # type: ignore[attr-defined]
    pl.DataFrame(marks).write_parquet(folder / "marks.parquet")
    return ["--records", f"complaints={folder / 'complaints.csv'}", "--records", f"marks={folder / 'marks.parquet'}"]


def typed(made: list[dict[str, object]]) -> pl.DataFrame:
    """Numbers as numbers, percentages named with their sign, dates as dates, nested data as lists."""
    frame = pl.DataFrame(made)
    rate = frame["rate"].str.strip_suffix("%").cast(pl.Float64).alias("rate%")
    return frame.drop("rate").with_columns(rate, pl.col("as_of", "opened").str.to_date())


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl", "folder", "sqlite", "long"])
def test_every_source_gives_what_check_gives(folder: Path, kind: str) -> None:
    made, more = rows(), []
    source = folder / f"units.{kind}"
    match kind:
        case "parquet":
            typed(made).write_parquet(source)
        case "csv":
            flat = [{k: json.dumps(v) if isinstance(v, list) else ("是" if v else "否") if isinstance(v, bool) else v for k, v in row.items()} for row in made]
            pl.DataFrame(flat).write_csv(source)
        case "jsonl":
            source.write_text("".join(json.dumps(u, ensure_ascii=False) + "\n" for u in units_as_files(made)), "utf-8")
        case "folder":
            source.mkdir()
            for n, unit in enumerate(units_as_files(made)):
                (source / f"{n:03d}.json").write_text(json.dumps(unit), "utf-8")
        case "long":
            source = folder / "units.parquet"
            typed(made).drop("complaints", "marks").write_parquet(source)
            more = long_tables(folder, made)
        case "sqlite":
            more = ["--table", "units", *long_tables(folder, made)]
            engine = sa.create_engine(f"sqlite:///{source}")
            typed(made).drop("complaints", "marks").write_database("units", engine)
    place = f"sqlite:///{source}" if kind == "sqlite" else str(source)
    out = folder / "out.parquet"
    code, text = batch(folder, place, "-o", str(out), *more)
    assert code == 0, text
    found = found_in(out)
    wanted = expected(folder)
    if kind == "sqlite":  # in the order of the units' names
        wanted = sorted(wanted, key=lambda w: str(w[0]))
    assert found == wanted
    assert not (folder / "out.parquet.parts").exists()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "database"])
def test_results_as_other_tables(folder: Path, ending: str) -> None:
    typed(rows()).write_parquet(folder / "units.parquet")
    if ending == "database":
        url = f"sqlite:///{folder / 'results.db'}"
        os.chdir(folder)
        code, text = batch(folder, "units.parquet", "-o", url, "--into", "results")
        assert code == 0, text
        with sa.create_engine(url).connect() as connection:
            found = [(r[0], r[1]) for r in connection.execute(sa.text("select unit, grade from results order by row"))]
        code, text = batch(folder, "units.parquet", "-o", url, "--into", "results")
        assert code == 1
        assert "E995" in text
    else:
        out = folder / f"out.{ending}"
        code, text = batch(folder, str(folder / "units.parquet"), "-o", str(out))
        assert code == 0, text
        if ending == "csv":
            table = pl.read_csv(out, infer_schema=False)
            found = list(zip(table["unit"], table["grade"], strict=True))
        else:
            found = [(r["unit"], r.get("grade")) for r in map(json.loads, out.read_text("utf-8").splitlines())]
    assert found == [(w[0], w[3]) for w in expected(folder)]


# ---- what is wrong ----------------------------------------------------------------------------


def test_bad_rows_are_reported_and_the_rest_is_as_before(folder: Path) -> None:
    made = rows()
    made[3]["rate"] = "0.9"  # a percentage without its sign
    made[5]["due"] = 0  # below its range
    made[8]["fit"] = "splendid"
    made[11]["as_of"] = "2022-13-45"
    made[13]["done"] = None  # missing: no error
    made[17]["unit"] = " "
    flat = [{k: json.dumps(v) if isinstance(v, list) else ("是" if v else "否") if isinstance(v, bool) else v for k, v in row.items()} for row in made]
    text = pl.DataFrame(flat, infer_schema_length=None).write_csv()
    lines = text.splitlines()
    lines[21] += ",one cell too many"
    (folder / "units.csv").write_text("\n".join(lines) + "\n", "utf-8")
    code, said = batch(folder, str(folder / "units.csv"), "-o", str(folder / "out.parquet"), "--json")
    assert code == 1, said
    told_of = json.loads(said)
    assert told_of["states"] == {"decided": 33, "invalid": 5, "undecided": 1}
    assert told_of["problem_rows"] == 6
    report = pl.read_csv(folder / "out.problems.csv", infer_schema=False)
    assert [(int(r), c or "", k) for r, c, k in zip(report["row"], report["column"], report["code"], strict=True)] == [
        (21, "", "E996"), (4, "rate", "E704"), (6, "due", "E705"), (9, "fit", "E727"), (12, "as_of", "E708"), (18, "unit", "E702"),
    ]  # fmt: skip
    result = {r["row"]: r for r in pl.read_parquet(folder / "out.parquet").iter_rows(named=True)}
    assert 21 not in result
    assert result[14]["state"] == "undecided"
    good = {w[0]: w for w in expected(folder)}
    from .tables import number

    for row in result.values():
        if row["state"] == "decided":
            assert number(row, "score") == good[row["unit"]][2]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda f: f.drop("due"), "E990"),
        (lambda f: f.rename({"done": "dome"}), "E991"),
        (lambda f: f.with_columns(pl.col("rate%").alias("rate")).drop("rate%"), "E992"),
        (lambda f: f.with_columns(pl.lit("x").alias("extra")), "E991"),
        (lambda f: f.with_columns(pl.col("kept").cast(pl.Float64)), "E992"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_whole(folder: Path, change, code: str) -> None:
    change(typed(rows())).write_parquet(folder / "units.parquet")
    status, text = batch(folder, str(folder / "units.parquet"), "-o", str(folder / "out.parquet"), "--lang", "en")
    assert status == 1
    assert code in text
    assert not (folder / "out.parquet").exists()


def test_floats_are_the_decimals_they_were_written_as(folder: Path) -> None:
    """88.6 as a float is 88.6%; 0.1 + 0.2 is a number nobody wrote."""
    frame = typed(rows())
    values = [88.6, 0.1 + 0.2, 89.99999999999, 90.0, *([60.0] * 36)]
    frame.with_columns(pl.Series("rate%", values)).write_parquet(folder / "units.parquet")
    code, text = batch(folder, str(folder / "units.parquet"), "-o", str(folder / "out.parquet"), "--json")
    assert code == 1, text
    result = pl.read_parquet(folder / "out.parquet")
    assert result["A1.2"].to_list()[:4] == [3, None, 3, 5]
    report = pl.read_csv(folder / "out.problems.csv", infer_schema=False)
    assert report.select("row", "column", "code").rows() == [("2", "rate%", "E994")]


def test_explanations_of_chosen_units(folder: Path) -> None:
    typed(rows()).write_parquet(folder / "units.parquet")
    code, text = batch(folder, str(folder / "units.parquet"), "-o", str(folder / "out.parquet"), "--explain", "grade = 'good' and \"A1.2\" = 5")
    assert code == 0, text
    result = pl.read_parquet(folder / "out.parquet").filter((pl.col("grade") == "good") & (pl.col("A1.2") == 5))
    lines = [json.loads(line) for line in (folder / "out.explained.jsonl").read_text("utf-8").splitlines()]
    assert [told_of["unit"] for told_of in lines] == result["unit"].to_list() != []
    assert all(told_of["grade"]["grade"] == "good" and told_of["indicators"] for told_of in lines)


def test_parts_of_another_run_are_not_touched(folder: Path) -> None:
    typed(rows()).write_parquet(folder / "units.parquet")
    Parts(folder / "out.parquet.parts", "of another run", fresh=False)
    code, text = batch(folder, str(folder / "units.parquet"), "-o", str(folder / "out.parquet"))
    assert code == 1
    assert "E997" in text
    assert batch(folder, str(folder / "units.parquet"), "-o", str(folder / "out.parquet"), "--fresh")[0] == 0


# ---- frames in memory -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["polars", "lazy", "pandas", "arrow"])
def test_a_frame_gives_a_frame_of_its_kind(folder: Path, kind: str) -> None:
    frame = typed(rows())
    given = {"polars": lambda: frame, "lazy": frame.lazy, "pandas": frame.to_pandas, "arrow": frame.to_arrow}[kind]()
    found = ruleeval.evaluate_table(ruleeval.load(folder / "rules.rules"), given)
    assert type(found).__name__ == {"polars": "DataFrame", "lazy": "DataFrame", "pandas": "DataFrame", "arrow": "Table"}[kind]
    table = found if kind in ("polars", "lazy") else pl.from_pandas(found) if kind == "pandas" else pl.from_arrow(found)
    assert list(zip(table["unit"], table["state"], table["score"].cast(pl.Decimal(18, 2)), table["grade"], strict=True)) == [
        (w[0], w[1], w[2], w[3]) for w in expected(folder)
    ]


def test_a_frame_that_does_not_fit_raises_with_every_finding(folder: Path) -> None:
    with pytest.raises(ruleeval.RulesetError) as raised:
        ruleeval.evaluate_table(ruleeval.load(folder / "rules.rules"), typed(rows()).rename({"done": "dome"}))
    assert [d.code for d in raised.value.diagnostics] == ["E991", "E990"]
