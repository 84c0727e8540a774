"""A unit file as two versions of a ruleset read it: what only the other knows is left aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..dsl.diagnostics import Diagnostic
from ..dsl.model import DatedPeriod, Ruleset
from ..engine.unit import UnitData
from .unit_file import RawUnit, unit_data


def in_force_always(ruleset: Ruleset) -> Ruleset:
    """The same ruleset without the period it is in force: what would it say of this unit?"""
    return replace(ruleset, effective=DatedPeriod())


def both_readings(
    raw: RawUnit, old: Ruleset, new: Ruleset, pairs: Mapping[str, str]
) -> tuple[UnitData | None, UnitData | None, tuple[Diagnostic, ...]]:
    """The data under the old and the new ruleset, and what stands in the way.

    Names that only one of them declares are no mistake under the other; a claim that an
    indicator does not apply follows the indicator to its new code.
    """
    one, found = unit_data(_for(raw, old, new, {}), old)
    other, found_new = unit_data(_for(raw, new, old, pairs), new)
    return one, other, tuple(dict.fromkeys(d for d in (*found, *found_new) if d.is_error))


def _for(raw: RawUnit, ruleset: Ruleset, other: Ruleset, codes: Mapping[str, str]) -> RawUnit:
    envelope = raw.envelope
    if envelope is None:
        return raw
    strange = {d.name for d in other.data} - {d.name for d in ruleset.data}
    data = {k: v for k, v in envelope.data.items() if k not in strange}
    judged = {t: {k: v for k, v in given.items() if k not in strange} for t, given in envelope.assessments.items()}
    claims = [c.model_copy(update={"code": codes.get(c.code, c.code)}) for c in envelope.not_applicable]
    claims = [c for c in claims if c.code in ruleset.by_code or c.code not in other.by_code]
    update = {"data": data, "assessments": judged, "not_applicable": claims}
    return replace(raw, envelope=envelope.model_copy(update=update))
