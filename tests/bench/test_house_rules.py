"""House rules of an office's own, found by entry point; one that crashes is a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ruleeval.cli import root

from .small import RULES

RULE = """
def short_names(ruleset):
    return [(i.place.line, f"{i.code} <{i.name}>") for i in ruleset.leaves if len(i.name) < 4]

def broken(ruleset):
    return 1 / 0

def odd(ruleset):
    return [None]
"""


def lint(folder: Path, monkeypatch: pytest.MonkeyPatch, rules: str, *options: str) -> Result:
    """Lint the small ruleset with a package of house rules beside it."""
    (folder / "office_rules_sample.py").write_text(RULE, "utf-8")
    information = folder / "office_rules_sample-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: office-rules-sample\nVersion: 1\n", "utf-8")
    (information / "entry_points.txt").write_text(f"[ruleeval.house_rules]\n{rules}", "utf-8")
    (folder / "small.rules").write_text(RULES, "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    return CliRunner().invoke(root, ["lint", str(folder / "small.rules"), *options])


def test_a_house_rule_reports_at_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = lint(tmp_path, monkeypatch, "names = office_rules_sample:short_names\n")
    assert done.exit_code == 0
    assert "W801" in done.output
    assert "A1.1 <使用率>" in done.output
    assert "三级指标 A1.1 使用率，6分" in done.output


def test_reminders_fail_when_strict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lint(tmp_path, monkeypatch, "names = office_rules_sample:short_names\n", "--strict").exit_code == 1


@pytest.mark.parametrize("name", ["broken", "odd", "absent"])
def test_a_house_rule_that_crashes_is_a_finding_and_the_others_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    done = lint(tmp_path, monkeypatch, f"a = office_rules_sample:{name}\nnames = office_rules_sample:short_names\n")
    assert done.exit_code == 0
    assert "W802" in done.output
    assert "W801" in done.output
