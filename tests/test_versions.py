"""``diff``, ``impact`` and ``explain --compare`` as they are called: files, names, git revisions, both languages."""

from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ruleeval.cli import root
from ruleeval.dsl.keywords import LANGUAGES, Language

ZH = """\
规则集：例
版本：1
满分：10分
取分：实地评估

数据
  甲率：百分数，0%至100%
  件数：整数，件，0至20

维度
  能力：A1.1
  作风：A1.2

一级指标 A 一级，10分
二级指标 A1 二级，10分
三级指标 A1.1 甲，6分
  取值：甲率
  评分：按比例
三级指标 A1.2 乙，4分
  取值：件数
  评分：扣分
    每1件：扣0.5分

等次：按得分率
  80%（含）以上：优秀
  低于80%：合格
"""
EN = """\
ruleset: sample
version: 1
full-score: 10 points
deciding-track: on-site

data
  rate: percentage, 0% to 100%
  cases: integer, pieces, 0 to 20

dimensions
  ability: A1.1
  manner: A1.2

level1 A First, 10 points
level2 A1 Second, 10 points
level3 A1.1 One, 6 points
  value: rate
  standard: proportional
level3 A1.2 Two, 4 points
  value: cases
  standard: deduct
    each 1 piece: minus 0.5 points

grades: by-score-rate
  80% (incl) and-up: good
  below 80%: fair
"""
OLD = {"zh": ZH, "en": EN}
RESHARED = {"zh": (("版本：1", "版本：2"), ("甲，6分", "甲，5分"), ("乙，4分", "乙，5分"), ("扣0.5分", "扣0.6分")),
            "en": (("version: 1", "version: 2"), ("One, 6", "One, 5"), ("Two, 4", "Two, 5"), ("minus 0.5", "minus 0.6"))}  # fmt: skip


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(root, [str(a) for a in arguments])
    return done.exit_code, done.stdout, done.stderr


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after)
    return text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for language in LANGUAGES:
        (tmp_path / f"old.{language}.rules").write_text(OLD[language], "utf-8")
        (tmp_path / f"new.{language}.rules").write_text(replaced(OLD[language], *RESHARED[language]), "utf-8")
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_means_the_same_is_no_difference(folder: Path, language: Language) -> None:
    text = OLD[language]
    one, other, end = (text.index(m) for m in (("三级指标 A1.1", "三级指标 A1.2", "\n等次") if language == "zh" else ("level3 A1.1", "level3 A1.2", "\ngrades")))
    swapped = text[:one] + text[other:end] + text[one:other] + text[end:]
    messy = "# 注 note\n" + "\n".join(f"   {line}  # x" if line else "" for line in swapped.replace("10 ", "10.0 ").replace("10分", "10.0分").split("\n"))
    (folder / "messy.rules").write_text(messy, "utf-8")
    status, out, _ = run("diff", f"old.{language}.rules", "messy.rules", "--json")
    assert status == 0
    found = json.loads(out)
    assert found["changes"] == found["points"] == found["proposals"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_points_and_standards_are_told_with_a_unit_that_differs(folder: Path, language: Language) -> None:
    pytest.importorskip("z3", reason="z3 is not installed: no proof was asked for")
    found = json.loads(run("diff", f"old.{language}.rules", f"new.{language}.rules", "--json")[1])
    assert {(c["key"], c["aspect"]) for c in found["changes"]} == {("A1.1", "share"), ("A1.2", "share"), ("A1.2", "standard")}
    assert {p["code"] for p in found["points"]} == {"A1.1", "A1.2"}
    assert found["proof"]["answer"] != "proved"
    text = run("diff", f"old.{language}.rules", f"new.{language}.rules", "--format", "markdown")[1]
    told = "共性指标调整2项、新增0项、减少0项，合计2项" if language == "zh" else "common indicators: 2 adjusted, 0 added, 0 removed, 2 in all"
    assert f"**{told}**" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_shared_codes_matches_are_asked_for_never_assumed(folder: Path, language: Language) -> None:
    moved = OLD[language].replace("A1.", "B1.").replace("A1 ", "B1 ").replace(" A ", " B ")
    (folder / "moved.rules").write_text(moved, "utf-8")
    old = f"old.{language}.rules"
    found = json.loads(run("diff", old, "moved.rules", "--seconds", "0", "--json")[1])
    assert {(p["old"], p["new"]) for p in found["proposals"]} == {("A", "B"), ("A1", "B1"), ("A1.1", "B1.1"), ("A1.2", "B1.2")}
    assert found["counts"]["common"]["added"] == found["counts"]["common"]["removed"] == 4
    given = [a for code in ("A", "A1", "A1.1", "A1.2") for a in ("--match", f"{code}={code.replace('A', 'B')}")]
    found = json.loads(run("diff", old, "moved.rules", *given, "--seconds", "0", "--json")[1])
    assert [(c["act"], c["key"], c["new_key"]) for c in found["changes"]] == [("moved", "A", "B")]
    assert found["proposals"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_layer_of_the_difference_gives_the_new_version(folder: Path, language: Language) -> None:
    status, layer, err = run("diff", f"old.{language}.rules", f"new.{language}.rules", "--as-layer", "--reason", "why")
    assert status == 0, err
    (folder / f"new.{language}.rules").unlink()
    (folder / "layer.rules").write_text(layer, "utf-8")
    (folder / "whole.rules").write_text(replaced(OLD[language], *RESHARED[language]), "utf-8")
    found = json.loads(run("diff", "layer.rules", "whole.rules", "--json")[1])
    assert found["changes"] == []
    assert run("diff", f"old.{language}.rules", "whole.rules", "--as-layer")[0] == 2


def test_names_with_versions_stand_for_files(folder: Path) -> None:
    found = json.loads(run("diff", "例@1", "例@2", "--seconds", "0", "--json")[1])
    assert (found["old"]["version"], found["new"]["version"]) == ("1", "2")
    status, _, err = run("diff", "例@3", "例@2", "--lang", "en")
    assert status == 1
    assert "E945" in err
    assert '"例", version 3' in err


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed: revisions were not compared")
def test_git_revisions_stand_for_files_and_folders(folder: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=n@example.org", *arguments], cwd=folder, check=True, capture_output=True)

    rules = folder / "rulesets"
    rules.mkdir()
    git("init", "-q")
    for text in (ZH, replaced(ZH, *RESHARED["zh"])):
        (rules / "a.rules").write_text(text, "utf-8")
        git("add", "rulesets")
        git("commit", "-q", "-m", "one")
    for place in ("rulesets/a.rules", "rulesets"):
        status, out, err = run("diff", f"HEAD~1:{place}", f"HEAD:{place}", "--seconds", "0")
        assert status == 0, err
        assert out.rstrip().endswith("共性指标调整2项、新增0项、减少0项，合计2项")
    status, _, err = run("diff", "HEAD~5:rulesets/a.rules", "HEAD:rulesets/a.rules")
    assert status == 1
    assert "E920 HEAD~5:rulesets/a.rules" in err


# ---- what it does to units ----------------------------------------------------------------------


def units(folder: Path, language: Language) -> Path:
    place = folder / "units"
    place.mkdir()
    rate, cases = ("甲率", "件数") if language == "zh" else ("rate", "cases")
    whole: list[tuple[str, str, str | None, dict[str, Any]]] = [
        ("one", "town", "province", {rate: "92%", cases: 1}), ("two", "town", "city", {rate: "95%", cases: 3}),
        ("three", "office", "city", {rate: "79%", cases: 2}), ("four", "office", None, {rate: "60%"}),
    ]  # fmt: skip
    for name, kind, level, data in whole:
        unit = {"unit": name, "unit_type": kind, "as_of": "2022-12-31", "data": data, **({"level": level} if level else {})}
        (place / f"{name}.json").write_text(json.dumps(unit), "utf-8")
    return place


@pytest.mark.parametrize("language", LANGUAGES)
def test_impact_shares_out_every_difference_and_adds_up_by_group(folder: Path, language: Language) -> None:
    found = json.loads(run("impact", f"old.{language}.rules", f"new.{language}.rules", units(folder, language), "--json")[1])
    by_name = {u["unit"]: u for u in found["units"]}
    assert by_name["four"]["contributions"] is None
    for unit in found["units"]:
        if unit["difference"] is not None:
            assert sum((Fraction(c["amount"]) for c in unit["contributions"]), 0) == Fraction(unit["difference"])
            assert {c["way"] for c in unit["contributions"]} == {"shapley"}
    assert [(g["name"], g["units"]) for g in found["totals"]["type"]] == [("office", 1), ("town", 2)]
    assert [(g["name"], g["units"]) for g in found["totals"]["level"]] == [("city", 2), ("province", 1)]
    assert len(found["totals"]["dimension"]) == 2
    means = {g["name"]: Fraction(g["old"]) for g in found["totals"]["type"]}
    assert means["town"] == (Fraction(by_name["one"]["old"]["score"]) + Fraction(by_name["two"]["old"]["score"])) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_crosses_a_band_is_told_in_text_and_in_one_units_story(folder: Path, language: Language) -> None:
    place = units(folder, language)
    worse = replaced(OLD[language], ("扣0.5分", "扣1分") if language == "zh" else ("minus 0.5", "minus 1"))
    (folder / "worse.rules").write_text(worse, "utf-8")
    text = run("impact", f"old.{language}.rules", "worse.rules", place)[1]
    better, less = ("优秀", "合格") if language == "zh" else ("good", "fair")
    assert f"{better} → {less}" in text
    status, out, _ = run("explain", "--compare", f"old.{language}.rules", "worse.rules", place / "two.json")
    assert status == 0
    assert "−1.50" in out
    assert run("explain", "--compare", f"old.{language}.rules", "worse.rules", place / "four.json")[0] == 3


# ---- dated rules in comparisons ---------------------------------------------------------------------


def test_a_period_and_the_same_as_a_condition_are_proved_equal(folder: Path) -> None:
    pytest.importorskip("z3", reason="z3 is not installed: no proof was asked for")
    dated = replaced(ZH, ("三级指标 A1.2 乙，4分\n", "三级指标 A1.2 乙，4分\n  生效：至2022-06-30\n  依据：示例\n"), ("版本：1", "版本：1\n生效：2022-01-01至2022-12-31"))
    dated = dated.replace("\n等次", "三级指标 A1.3 丙，4分\n  生效：2022-07-01\n  依据：示例\n  取值：件数\n  评分：扣分\n    每1件：扣1分\n\n等次")
    same = dated.replace("生效：至2022-06-30", "适用条件：基准日 < 2022-07-01").replace("生效：2022-07-01", "适用条件：基准日 > 2022-06-30")
    later = dated.replace("生效：至2022-06-30", "生效：至2022-07-31").replace("生效：2022-07-01", "生效：2022-08-01")
    for name, text in (("dated", dated), ("same", same), ("later", later)):
        (folder / f"{name}.rules").write_text(text, "utf-8")
    assert json.loads(run("diff", "dated.rules", "same.rules", "--json")[1])["proof"]["answer"] == "proved"
    answer = json.loads(run("diff", "dated.rules", "later.rules", "--json")[1])["proof"]
    assert answer["answer"] == "witness"
    assert "2022-07-01" <= answer["as_of"] <= "2022-07-31"
    assert answer["as_of"] in run("diff", "dated.rules", "later.rules")[1]
    impact = run("impact", "dated.rules", "later.rules", units(folder, "zh"), "--as-of", "2022-07-15", "--json")
    told = {u["unit"]: u for u in json.loads(impact[1])["units"]}
    assert told["two"]["as_of"] == "2022-07-15"
    assert told["two"]["difference"] == "1.5"
