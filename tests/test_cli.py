"""The commands as a user meets them: what they print, and their exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "tests" / "samples" / "liaoning-2022" / "government.rules"
UNIT = ROOT / "tests" / "samples" / "liaoning-2022" / "units" / "natural-resources.json"


@pytest.fixture
def run(tmp_path: Path):
    def call(*arguments: object, cwd: Path | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "RULEEVAL_CACHE": str(tmp_path / "cache"), "COLUMNS": "80", "LANG": "C.UTF-8", **settings}
        environment.setdefault("PYTHONUTF8", "1")
        return subprocess.run(
            [sys.executable, "-m", "ruleeval", *map(str, arguments)],
            capture_output=True, text=True, encoding="utf-8", env=environment, cwd=cwd or tmp_path, timeout=120, check=False,
        )  # fmt: skip

    return call


def changed_unit(folder: Path, **data: object) -> Path:
    """The example unit with some data changed; ``...`` takes a datum out."""
    unit = json.loads(UNIT.read_text("utf-8"))
    unit["规则集"] = RULES.as_posix()
    for name, value in data.items():
        part = unit["数据"] if name in unit["数据"] else unit["评定"]["实地评估"]
        if value is ...:
            del part[name]
        else:
            part[name] = value
    path = folder / "unit.json"
    path.write_text(json.dumps(unit, ensure_ascii=False), "utf-8")
    return path


def test_check_prints_the_score_sheet(run) -> None:
    done = run("check", UNIT)
    assert done.returncode == 0, done.stderr
    for figure in ("107.48", "89.6%", "21.78", "13.50", "16.09", "16.89", "19.22", "20.00", "良好"):
        assert figure in done.stdout
    assert "W734" in done.stderr
    assert "0.52分" in done.stdout


@pytest.mark.parametrize("width", [80, 120])
def test_the_score_sheet_fits_and_its_columns_line_up(run, width: int) -> None:
    from ruleeval.report.as_text import width_of

    lines = run("check", UNIT, COLUMNS=str(width)).stdout.splitlines()
    assert max(map(width_of, lines)) <= width
    rows = [line for line in lines if line[:2].strip() and line[0] in "ABCDEX" and "%" in line]
    ends = {width_of(line[: line.index("%")]) for line in rows}
    assert len(rows) == 55
    assert len(ends) == 1


def test_check_json_is_exact_text(run) -> None:
    done = run("check", UNIT, "--json")
    data = json.loads(done.stdout, parse_float=pytest.fail)
    assert (data["score"], data["full_score"], data["grade"]["grade"], data["state"]) == ("107.48", "120", "良好", "decided")
    assert [f["code"] for f in data["findings"]] == ["W734"]


def test_missing_data_leave_bounds_and_status_3(run, tmp_path: Path) -> None:
    done = run("check", changed_unit(tmp_path, 领导职数空缺率=...))
    assert done.returncode == 3
    assert "总分暂不能确定：在105.08与108.08之间" in done.stdout
    assert "领导职数空缺率" in done.stdout
    assert "W732" in done.stderr


def test_a_veto_is_a_reason_of_its_own(run, tmp_path: Path) -> None:
    done = run("check", changed_unit(tmp_path, 擅自超编进人=True, 领导职数空缺率="10%"))
    assert "良好" in done.stdout
    assert "因否决V1" in done.stdout
    assert done.returncode == 0


def test_errors_in_data_give_status_1_with_path_and_line(run, tmp_path: Path) -> None:
    done = run("check", changed_unit(tmp_path, 服务对象满意度=0.886))
    assert done.returncode == 1
    assert "E704" in done.stderr
    assert "0.886%" in done.stderr
    assert "88.6%" in done.stderr
    assert "数据.服务对象满意度" in done.stderr
    done = run("check", changed_unit(tmp_path, 实有人数=113))
    assert done.returncode == 1
    assert "E730" in done.stderr


def test_wrong_usage_gives_status_2(run, tmp_path: Path) -> None:
    assert run("check").returncode == 2
    assert run("nonsense").returncode == 2
    assert run("explain", UNIT, "A9.9").returncode == 2
    assert run("check", UNIT, "--track", "nobody").returncode == 2
    path = tmp_path / "x.rules"
    path.write_text("x", "utf-8")
    assert run("new", "ruleset", "-o", path).returncode == 2
    assert path.read_text("utf-8") == "x"


def test_a_ruleset_in_error_gives_status_1_and_every_error(run, tmp_path: Path) -> None:
    text = RULES.read_text("utf-8").replace("A2.2 牵头或参与议事协调机构的情况，3分", "A2.2 牵头或参与议事协调机构的情况，2分")
    path = tmp_path / "wrong.rules"
    path.write_text(text.replace("80%（含）至90%：3分", "81%（含）至90%：3分"), "utf-8")
    done = run("lint", path)
    assert done.returncode == 1
    assert "E301" in done.stderr
    assert "E401" in done.stderr
    assert "2个错误" in done.stdout
    found = json.loads(run("lint", path, "--json").stdout)
    assert [f["code"] for f in found[0]["findings"]] == ["E301", "E401"]


def test_explain_one_indicator_in_both_languages(run) -> None:
    zh = run("explain", UNIT, "A3.1").stdout
    assert "低于部分：最大(0，90% − 取值) = 最大(0，90% − 88.6%) = 1.4个百分点" in zh
    assert "得4.65分，满分5分" in zh
    assert "每低1个百分点：扣0.25分，不足部分按比例" in zh
    en = run("explain", UNIT, "A3.1", "--lang", "en").stdout
    assert "4.65 of 5 points" in en
    assert run("explain", UNIT, "--short").stdout.count("\n") < run("explain", UNIT).stdout.count("\n")


def test_explain_as_markdown_and_json(run) -> None:
    markdown = run("explain", UNIT, "D1", "--markdown").stdout
    assert markdown.startswith("# ")
    assert "- " in markdown
    data = json.loads(run("explain", UNIT, "D1", "--json").stdout)
    assert [i["code"] for i in data["indicators"]] == ["D1", "D1.1", "D1.2", "D1.3"]


def test_fmt_checks_writes_and_converts(run, tmp_path: Path) -> None:
    assert run("fmt", "--check", RULES).returncode == 0
    path = tmp_path / "a.rules"
    path.write_text(RULES.read_text("utf-8").replace("：", ":").replace("  ", "\t"), "utf-8")
    assert run("fmt", "--check", path).returncode == 1
    assert run("fmt", path).returncode == 0
    assert run("fmt", "--check", path).returncode == 0
    assert run("fmt", "--lang", "en", path).returncode == 0
    assert "level3 A1.1" in path.read_text("utf-8")
    assert run("check", UNIT, "--rules", path).stdout.count("107.48") >= 1
    assert run("fmt", "--lang", "zh", path).returncode == 0
    assert path.read_text("utf-8") == run("fmt", "--stdout", RULES).stdout


def test_graph_and_impact(run) -> None:
    assert run("graph", RULES).stdout.startswith("flowchart LR")
    assert run("graph", RULES, "--format", "dot").stdout.startswith("digraph")
    lines = run("impact-of", "实有人数", "--rules", RULES).stdout.splitlines()
    assert "D1.1 编制使用率" in lines
    assert lines[-1] == "总分"
    assert run("impact-of", "实有人敉", "--rules", RULES).returncode == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_new_ruleset_checks_clean_and_is_formatted(run, tmp_path: Path, lang: str) -> None:
    path = tmp_path / "new.rules"
    assert run("new", "ruleset", "--lang", lang, "-o", path).returncode == 0
    done = run("lint", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert run("fmt", "--check", path).returncode == 0
    unit = tmp_path / "unit.json"
    assert run("new", "unit", "--rules", path, "-o", unit).returncode == 0
    assert run("check", unit).returncode == 3


def test_schema_accepts_the_example_unit_and_refuses_a_wrong_key(run) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(run("schema", RULES).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    unit = json.loads(UNIT.read_text("utf-8"))
    jsonschema.validate(unit, schema)
    blank = json.loads(run("new", "unit", "--rules", RULES).stdout)
    jsonschema.validate(blank, schema)
    unit["数据"]["实有人敉"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(unit, schema)


def test_explain_code_shows_a_page_in_either_language(run) -> None:
    zh, en = run("explain-code", "E301", "--lang", "zh").stdout, run("explain-code", "e301", "--lang", "en").stdout
    assert "E301" in zh.splitlines()[0]
    assert "E301" in en.splitlines()[0]
    assert zh != en
    assert run("explain-code", "E3011").returncode == 2
    without_page = run("explain-code", "E907", "--lang", "en")
    assert (without_page.returncode, "locked by a layer above" in without_page.stdout) == (0, True)


def test_no_colour_off_a_terminal(run) -> None:
    assert "\x1b" not in run("check", UNIT).stdout
    assert "\x1b" not in run("explain", UNIT).stdout


def test_a_console_that_cannot_show_chinese_gets_no_traceback(run) -> None:
    done = run("check", UNIT, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
