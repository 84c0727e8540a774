"""Grades by quota: the best of the cohort, by a share of their number (F35b)."""

from __future__ import annotations

from collections.abc import Sequence

from ..cohort import Quota
from ..expressions import name_of
from ..forms.lowering import read_percent
from ..keywords import word
from ..model import GradeScale, Veto
from ..numbers import percent_text
from ..syntax import Block, Line, Node, Word
from .draft import Draft

_ROUNDINGS = {"QUOTA_DOWN": "down", "QUOTA_UP": "up", "HALF_UP": "half_up"}


def read_quotas(draft: Draft, block: Block, subtotal: str | None, basis: str) -> tuple[tuple[Quota, ...], tuple[Line, ...]] | None:
    """The quotas of a scale, and its other rows: bands, or the one row of the rest by quota alone."""
    quotas: list[Quota] = []
    rows: list[Line] = []
    for row in block.rows:
        first, grade = row.node.parts
        is_quota = isinstance(first, Node) and first.kind == "quota"
        is_rest = isinstance(first, Word)
        fits = not rows and subtotal is None if is_quota else (is_rest and not rows if basis == "BY_QUOTA" else not is_rest)
        if not fits:
            draft.report("E545", row, None, basis=word(basis, draft.language))
            return None
        if not isinstance(first, Node) or not is_quota:
            rows.append(row)
            continue
        quota = _quota(draft, row, first, name_of(grade))
        if quota.share > 1 or quota.share <= (quotas[-1].share if quotas else 0):
            draft.report("E544", row, first, share=percent_text(quota.share))
            return None
        quotas.append(quota)
    if basis == "BY_QUOTA" and block.rows and not (quotas and rows) and block.line.number not in draft.lost_blocks:
        draft.report("E545", block.rows[-1], None, basis=word(basis, draft.language))
        return None
    return tuple(quotas), tuple(rows)


def _quota(draft: Draft, row: Line, node: Node, grade: str) -> Quota:
    _, percent, rounding, ties, vetoed = node.parts
    assert isinstance(rounding, Word)
    assert isinstance(ties, Word)
    stay = None if vetoed is None else isinstance(vetoed, Word) and vetoed.kind == "VETOED_STAY"
    return Quota(
        grade, read_percent(percent), _ROUNDINGS[rounding.kind], "in" if ties.kind == "TIES_IN" else "out",  # type: ignore[arg-type]
        stay, row.text.strip(), draft.place(row),
    )  # fmt: skip


def check_quotas(draft: Draft, scales: Sequence[GradeScale], vetoes: Sequence[Veto]) -> None:
    """Whether units kept from a grade take places must be said, where any can be kept from it."""
    moving = any(v.effect != "score" for v in vetoes)
    for scale in scales:
        for quota in scale.quotas:
            if quota.vetoed_stay is None and (moving or any(g.grade == quota.grade for g in scale.gates)):
                draft.scope.report("E653", quota.place)
                return
