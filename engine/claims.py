"""An allocation and a table of units -> what each unit claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..dsl.allocation import Allocation
from ..dsl.numbers import Exact
from .allocate import Claim, Refused
from .evaluate import values_of
from .unit import UnitData


def claims_of(allocation: Allocation, units: Sequence[UnitData]) -> tuple[Claim, ...]:
    """What each unit claims.  Raises `Refused` E796 or E797 for one that cannot be told."""
    return tuple(_claim(allocation, unit) for unit in units)


def total_of(allocation: Allocation, claims: Sequence[Claim]) -> int:
    """The posts to share: those there are, or the number that is written.  Raises `Refused` E797."""
    if allocation.total is None:
        return sum(c.before for c in claims)
    if allocation.total.denominator != 1 or allocation.total < 0:
        raise Refused("E797", name="", value=str(allocation.total))
    return int(allocation.total)


def _claim(allocation: Allocation, unit: UnitData) -> Claim:
    values = values_of(allocation.declared, unit)

    def number(key: str | None) -> Exact | None:
        return None if key is None else _number(allocation, values, key, unit.name)

    before = _number(allocation, values, allocation.before, unit.name)
    if before.denominator != 1 or before < 0:
        raise Refused("E797", name=unit.name, value=str(before))
    tilt = number(allocation.tilt)
    region = values.get(allocation.region) if allocation.region is not None else ""
    return Claim(
        unit.name, int(before), _number(allocation, values, allocation.shared_by, unit.name), 1 if tilt is None else tilt,
        number(allocation.least), number(allocation.most), region if isinstance(region, str) else "",
    )  # fmt: skip


def _number(allocation: Allocation, values: Mapping[str, Any], key: str, unit: str) -> Exact:
    value = values[key]
    if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        return value
    missing = sorted(k.split(".", 1)[1] for k in getattr(value, "waiting", ()))
    raise Refused("E796", name=unit, item=key.split(".", 1)[1], **({"missing": "、".join(missing)} if missing else {}))
