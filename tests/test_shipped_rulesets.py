"""The shipped rulesets check clean, and every worked case comes out as written beside it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import ruleeval
import yaml
from ruleeval.cli.check import STATUS
from ruleeval.dsl.check import check_text
from ruleeval.dsl.numbers import fixed
from ruleeval.engine.notices import notices

RULESETS = Path(ruleeval.__file__).parent / "rulesets"
TEXTS = sorted(RULESETS.glob("*/*.rules"))
CASES = sorted(RULESETS.glob("*/cases/*.yaml"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.parent.name)
def test_a_shipped_ruleset_checks_without_errors_and_says_that_it_is_an_example(path: Path) -> None:
    found = check_text(path.read_text("utf-8"))
    assert [d for d in found.diagnostics if d.is_error] == []
    assert found.ruleset is not None
    assert any(words in found.ruleset.name for words in ("示例，非官方标准", "made-up example"))
    assert (path.parent / "README.md").is_file()


def merged(base: Any, changes: Any) -> Any:
    """``base`` with ``changes`` laid over it, objects key by key."""
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return changes
    return {**base, **{k: merged(base.get(k), v) for k, v in changes.items()}}


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parts[-3]}/{p.stem}")
def test_a_worked_case(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text("utf-8"))
    unit_path = path.parent.parent / case["unit"]
    raw = merged(json.loads(unit_path.read_text("utf-8")), case.get("changes", {}))
    raw["佐证"] = [e for e in raw["佐证"] if e["材料"] not in case.get("without_evidence", [])]
    changed = tmp_path / "unit.json"
    changed.write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    ruleset = ruleeval.load(unit_path.parent / raw["规则集"])
    result = ruleeval.evaluate(ruleset, ruleeval.load_unit(changed, ruleset))
    told: dict[str, Any] = {
        "status": STATUS[result.state],
        "state": result.state,
        "score": fixed(result.score, 2) if result.score is not None else None,
        "printed_rate": f"{fixed(result.rate * 100, 1)}%" if result.rate is not None else None,
        "bounds": [fixed(result.bounds.low, 2), fixed(result.bounds.high, 2)] if result.bounds is not None else None,
        "tight": result.bounds is not None and result.bounds.tight,
        "grade": result.grade and result.grade.grade,
        "by_band": result.grade and result.grade.by_band,
        "out": [c for c, r in result.indicators.items() if r.state == "out"],
        "findings": sorted(d.code for d in (*result.diagnostics, *notices(result))),
    }
    expected = case["expected"]
    scores = {**expected.pop("level1", {}), **expected.pop("indicators", {})}
    assert {c: fixed(result.indicators[c].score or Fraction(0), 2) for c in scores} == scores
    assert {k: told[k] for k in expected} == expected
