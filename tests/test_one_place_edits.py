"""A fixed share of the one-place edits of the shipped rulesets: none that matters goes unseen.

The whole run, with every survivor, is ``python tests/one_place_edits.py``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from one_place_edits import SHIPPED, Verdict, count, edits, is_number, judge, survivors

SHARE = 48


@cache
def sample(path: Path) -> tuple[Verdict, ...]:
    """Every forty-eighth edit of a letter or a space, every sixteenth of the others."""
    text = path.read_text("utf-8")
    many = ("letter lost", "letter doubled", "space lost", "space doubled")
    kept = [e for i, e in enumerate(edits(text)) if i % (SHARE if e.kind in many else SHARE // 3) == 0]
    return tuple(judge(text, e) for e in kept)


each_ruleset = pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)


@each_ruleset
def test_edits_that_change_the_meaning_are_errors(path: Path) -> None:
    found = count([v for v in sample(path) if not is_number(v)])
    assert found.changed > 100
    assert 100 * found.errors >= 95 * found.changed


@each_ruleset
def test_errors_are_shown_where_the_edit_is(path: Path) -> None:
    found = count(list(sample(path)))
    assert 100 * found.near >= 95 * found.errors


@each_ruleset
def test_what_survives_is_a_ruleset_that_someone_could_have_meant(path: Path) -> None:
    assert [str(v.edit) for v in survivors(list(sample(path))).get("not explained", [])] == []
