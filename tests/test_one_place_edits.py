"""A fixed share of the one-place edits of the shipped rulesets: none that matters goes unseen.

All of them, with every survivor: ``python benchmarks/one_place_edits.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from one_place_edits import LEGITIMATE, SHIPPED, Edit, Judge, Verdict, count, edits, is_number, survivors

SHARE = 72
_MANY = ("letter lost", "letter doubled", "space lost", "space doubled")


def sample(text: str) -> list[Edit]:
    """Every seventy-second edit of a letter or a space, every eighteenth of the others."""
    return [e for i, e in enumerate(edits(text)) if i % (SHARE if e.kind in _MANY else SHARE // 4) == 0]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_edits_that_change_the_meaning_are_errors(path: Path) -> None:
    """Nearly all are errors, shown where the edit is; what survives someone could have meant."""
    text = path.read_text("utf-8")
    judge = Judge(text)
    verdicts: list[Verdict] = [judge.verdict(e) for e in sample(text)]
    found = count([v for v in verdicts if not is_number(v)])
    assert found.changed > 100
    assert 100 * found.errors >= 95 * found.changed
    total = count(verdicts)
    assert 100 * total.near >= 95 * total.errors
    assert set(survivors(verdicts)) <= set(LEGITIMATE)
