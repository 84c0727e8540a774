"""Defects planted in the shipped rulesets are found, each by its own finding and at its line; the rulesets as shipped give none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import ruleeval
from ruleeval.dsl.check import check_text

from .small import run_test, shipped_report

RULESETS = Path(ruleeval.__file__).parent / "rulesets"
SAMPLES = Path(__file__).parents[1] / "samples"
CHINESE, ENGLISH = SAMPLES / "liaoning-2022" / "government.rules", RULESETS / "riverside-libraries" / "libraries.rules"
PLANTED = [
    ("a gap", CHINESE, "80%（含）至90%：3分", "81%（含）至90%：3分", "E401"),
    ("a gap", ENGLISH, "1.5 (incl) to 2: 12", "1.6 (incl) to 2: 12", "E401"),
    ("a band that nothing reaches", CHINESE, "    低于80%：1分\n", "    0%（含）至80%：1分\n    低于0%：0.5分\n", "W403"),
    ("a dead branch", CHINESE, "  条件：擅自超编进人", "  条件：擅自超编进人 且 实有人数 < 0人", "W506"),
    ("a dead branch", ENGLISH, "  evidence: opening log; timetable\n", "  full-marks-if: [hours open] < 0 hours\n  evidence: opening log; timetable\n", "W506"),
    ("a criterion never met", CHINESE, "  取值：耕地保有量任务完成\n", "  取值：应完成规划数 < 1个\n", "W506"),
    ("a criterion never met", ENGLISH, "  condition: [closed by the fire officer]", "  condition: [hours published] < 1 hours", "W506"),
]


@pytest.mark.parametrize("path", [CHINESE, ENGLISH], ids=lambda p: p.stem)
def test_the_rulesets_as_shipped_give_no_finding(path: Path) -> None:
    assert check_text(path.read_text("utf-8")).diagnostics == ()


@pytest.mark.parametrize(("what", "path", "old", "new", "code"), PLANTED, ids=lambda v: None if isinstance(v, Path) else str(v)[:20])
def test_a_planted_defect_is_found_at_its_line(what: str, path: Path, old: str, new: str, code: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    at = text[: text.index(old)].count("\n") + 1
    found = [d for d in check_text(text.replace(old, new, 1)).diagnostics if d.code == code]
    assert len(found) == 1, what
    assert any(abs(label.place.line - at) <= 1 for label in found[0].labels)


def laid_out(folder: Path) -> None:
    """The Liaoning example in one file, with the worked cases of its unit."""
    shutil.copytree(SAMPLES / "liaoning-2022", folder)
    (folder / "cases").mkdir()
    for path in (RULESETS / "liaoning-2022" / "cases").glob("[1-8]-*.yaml"):
        shutil.copy(path, folder / "cases")


def test_a_threshold_that_no_case_stands_at_is_listed_and_one_that_is_tested_is_not(tmp_path: Path) -> None:
    laid_out(tmp_path / "zh")
    told = shipped_report("liaoning-2022", "[1-8]-*.yaml")["mutation"][0]
    assert ("优秀", "≥ 90%") not in {(m["code"], m["before"]) for m in told["unnoticed"]}
    for path in (tmp_path / "zh" / "cases").iterdir():
        if path.name != "1-natural-resources.yaml":
            path.unlink()
    told = json.loads(run_test(tmp_path / "zh", "--mutate", "--json").output)["mutation"][0]
    assert ("优秀", "≥ 90%") in {(m["code"], m["before"]) for m in told["unnoticed"]}


@pytest.mark.parametrize(("folder", "unit"), [("liaoning-2022", "natural-resources.json"), ("riverside-libraries", "mill-lane.json")])
def test_generated_cases_alone_reach_full_coverage_of_the_shipped_rulesets(tmp_path: Path, folder: str, unit: str) -> None:
    home = tmp_path / folder
    shutil.copytree((SAMPLES if folder == "liaoning-2022" else RULESETS) / folder, home)
    shutil.rmtree(home / "cases", ignore_errors=True)
    (home / "cases").mkdir()
    made = run_test(home, "--generate", home / "cases" / "made.yaml", "--from", home / "units" / unit)
    assert made.exit_code == 0, made.output
    done = run_test(home, "--coverage", "--threshold", "100", "--json")
    assert done.exit_code == 0
    assert [c["untouched"] for c in json.loads(done.output)["coverage"]] == [[]]
