"""What a ruleset says of all units together: values of the whole cohort, and grades by quota."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from .diagnostics import Place
from .frozen import frozen
from .model import Expression, Type
from .numbers import Exact, divide, round_to
from .ranges import Grain, Possible, Range


@frozen
class CohortValue:
    """A value of the whole cohort: ``inner`` worked out for every unit, and one number made of it.

    Its key is looked up like that of any value; `engine.cohort` works it out beforehand.
    ``rank`` and ``percentile`` differ from unit to unit, the others do so only where
    ``group`` or ``with_own`` make them.  Counted are the units of the ``group`` for which
    ``where`` holds.  ``ties`` is a second key for ranks, each with whether the highest is
    first; ``share`` says which units a percentile counts; fewer units than ``at_least``
    decide nothing; with ``missing_out`` a unit whose value is not known is left out.
    """

    name: str
    kind: Literal["mean", "max", "min", "deviation", "count", "rank", "percentile"]
    type: Type
    place: Place
    inner: Expression | None = None
    where: Expression | None = None
    group: tuple[Literal["type", "level"], ...] = ()
    with_own: bool = True
    at_least: int = 1
    highest_first: bool = True
    ties: Expression | None = None
    ties_highest_first: bool = True
    share: Literal["below", "at_most"] = "below"
    places: int = 0
    missing_out: bool = False

    @property
    def key(self) -> str:
        return f"cohort.{self.name}"


@frozen
class Quota:
    """The best of the cohort, by a share of their number, get a grade (F35b).

    ``ties``: units that share the last place all get it, or none does.  ``vetoed_stay``:
    a unit kept from the grade by a veto or a gate takes its place nevertheless; ``None``
    where there is neither.
    """

    grade: str
    share: Exact
    rounding: Literal["down", "up", "half_up"]
    ties: Literal["in", "out"]
    vetoed_stay: bool | None
    label: str = field(compare=False)
    place: Place = field(compare=False)

    @property
    def key(self) -> str:
        return f"quota.{self.label}"


def possible_of(value: CohortValue, inner: Possible) -> Range:
    """What a value of the cohort can be, whatever units there are, if ``inner`` is what each can have."""
    match value.kind:
        case "count":
            return Range(value.at_least if value.at_least > 1 else 0, None, True, True, "whole", False)
        case "rank":
            return Range(1, None, True, True, "whole", False)
        case "percentile":
            return Range(0, 1, True, True, "some", False)
    if not isinstance(inner, Range):
        return Range(0 if value.kind == "deviation" else None, None, True, True, "some", False)
    if value.kind == "deviation":
        if inner.low is None or inner.high is None:
            return Range(0, None, True, True, "some", False)
        return Range(0, round_to(divide(inner.high - inner.low, 2), value.places, "half_up"), True, True, "some", False)
    grain: Grain = "whole" if inner.grain == "whole" and value.kind != "mean" else "some"
    return Range(inner.low, inner.high, inner.low_included, inner.high_included, grain, False)
