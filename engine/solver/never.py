"""Whether numbers that do nothing to some units do nothing to any unit at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Literal

from ...dsl.describe import show_number
from ...dsl.model import Ruleset
from ..sensitivity import Elsewhere, Factor
from .ask import NotDecided
from .differ import Known, Witness, differing_unit

Answer = Literal["proved", "open", "outside"] | Elsewhere

#: Numbers that only say which data are in error, or that come up only where something does not apply:
#: proofs are about units whose data are whole and in order.
_OUTSIDE = frozenset({"reconciliation", "policy"})
_MOST_ITEMS = 4


def never_matters(ruleset: Ruleset, factors: Sequence[Factor], seconds: int) -> Iterator[Answer]:
    """For each factor ``proved`` (no unit with all its data differs, moved either way), ``open``,
    ``outside`` (it is about other units), or a unit to which it matters.

    Never runs much longer than ``seconds``, shared out over the factors; raises
    `ImportError` if z3 is not installed.
    """
    ends = monotonic() + seconds
    known: Known = {}
    for position, factor in enumerate(factors):
        share = (ends - monotonic()) // (len(factors) - position)
        yield "outside" if factor.what in _OUTSIDE else _answer(ruleset, factor, share, known)


def _answer(ruleset: Ruleset, factor: Factor, seconds: float, known: Known) -> Answer:
    answer: Answer = "proved"
    for move in factor.moves:
        assert move.ruleset is not None  # it does nothing here, so it was kept
        if seconds < 1:
            return "open"
        found = differing_unit(ruleset, move.ruleset, max(1, int(seconds // len(factor.moves))), known)
        if isinstance(found, Witness):
            return Elsewhere(*found.differences[0], _data(found))
        if isinstance(found, NotDecided):
            answer = "open"
        elif found.outside and answer == "proved":
            answer = "outside"
    return answer


def _data(found: Witness) -> tuple[str, ...]:
    """The first numbers of the unit's data, each in a few words."""
    ruleset = found.old.ruleset
    values = {**found.unit.values, **found.unit.assessments.get(found.old.track, {})}
    numbers = [(d, v) for d in ruleset.data if d.type.kind == "number" and hasattr(v := values.get(d.name), "numerator")]
    return tuple(f"{d.name} {show_number(v, d.type, ruleset.language)}" for d, v in numbers[:_MOST_ITEMS])  # type: ignore[arg-type]
