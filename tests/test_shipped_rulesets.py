"""The shipped rulesets check clean, and every worked case comes out as written beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import ruleeval
from ruleeval.cli import root
from ruleeval.dsl.check import check_text

RULESETS = Path(ruleeval.__file__).parent / "rulesets"
TEXTS = sorted(RULESETS.glob("*/*.rules"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.parent.name)
def test_a_shipped_ruleset_checks_without_errors_and_says_that_it_is_an_example(path: Path) -> None:
    found = check_text(path.read_text("utf-8"))
    assert [d for d in found.diagnostics if d.is_error] == []
    assert found.ruleset is not None
    assert any(words in found.ruleset.name for words in ("示例，非官方标准", "made-up example"))
    assert (path.parent / "README.md").is_file()


def test_every_worked_case_comes_out_as_written_beside_it() -> None:
    done = CliRunner().invoke(root, ["test", str(RULESETS), "--json"])
    told = json.loads(done.output)
    assert [c for c in told["cases"] if not c["passed"]] == []
    assert done.exit_code == 0
    assert told["passed"] >= 6
