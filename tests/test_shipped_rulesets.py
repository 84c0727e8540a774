"""The shipped rulesets check clean, and every worked case comes out as written beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import ruleeval
from ruleeval.cli import root
from ruleeval.files.ruleset_file import load_ruleset_file

RULESETS = Path(ruleeval.__file__).parent / "rulesets"
FILES = sorted(RULESETS.glob("*/*.rules"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_shipped_ruleset_checks_without_errors_and_says_that_it_is_an_example(path: Path) -> None:
    loaded = load_ruleset_file(path)
    assert [d for d in loaded.diagnostics if d.is_error] == []
    assert loaded.ruleset is not None
    assert any(words in loaded.ruleset.name for words in ("示例，非官方标准", "made-up example"))
    assert any(words in path.read_text("utf-8").splitlines()[0] for words in ("示例，非官方标准", "made-up example"))
    assert (path.parent / "README.md").is_file()


def test_lint_has_nothing_to_say_of_them() -> None:
    done = CliRunner().invoke(root, ["lint", "--strict", str(RULESETS)])
    assert done.exit_code == 0, done.output


def test_every_worked_case_comes_out_as_written_beside_it() -> None:
    done = CliRunner().invoke(root, ["test", str(RULESETS), "--json"])
    told = json.loads(done.output)
    assert [c for c in told["cases"] if not c["passed"]] == []
    assert done.exit_code == 0
    assert told["passed"] >= 6


@pytest.mark.parametrize("path", sorted(RULESETS.glob("*/units/*.json")), ids=lambda p: p.stem)
def test_every_shipped_unit_has_a_case(path: Path) -> None:
    cases = (path.parent.parent / "cases").glob("*.yaml")
    assert any(f"units/{path.name}" in c.read_text("utf-8") for c in cases)
