"""A unit's data as the engine takes it: every value checked, every absence named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any, Literal

from ..dsl.frozen import frozen
from ..dsl.model import Value

Track = Literal["self", "on_site", "third_party"]
TRACKS: tuple[Track, ...] = ("self", "on_site", "third_party")
Record = Mapping[str, Any]


@frozen
class Missing:
    """Not filled in."""


@frozen
class NotApplicable:
    """Does not apply to the unit; ``confirmed_by`` names the tracks that agree."""

    reason: str
    confirmed_by: frozenset[Track] = frozenset()


@frozen
class NotYetDue:
    """Not to be had before a date; until then it counts as missing."""

    due: date


@frozen
class Disputed:
    """One of several claimed values, not yet known which."""

    claims: tuple[Value, ...]
    reason: str = ""


Entry = Value | tuple[Record, ...] | Missing | NotApplicable | NotYetDue | Disputed


@frozen
class EvidenceItem:
    """One piece of evidence that was handed in."""

    kind: str
    title: str = ""
    number: str = ""
    issued_by: str | None = None
    issued_on: date | None = None
    copies: int = 1


Party = Literal["unit", "approving_body", "recipients"]


@frozen
class Interview:
    """Talks with people of one rank: when, about which indicators, how many person-times."""

    rank: str
    on: date | None = None
    codes: tuple[str, ...] = ()
    count: int = 1
    note: str = ""


@frozen
class Finding:
    """What was found, where from, about which matter, and which parties confirm or dispute it."""

    text: str
    code: str = ""
    sources: tuple[str, ...] = ()
    matter: str = ""
    confirmed: tuple[Party, ...] = ()
    disputed: tuple[Party, ...] = ()
    evidence: tuple[str, ...] = ()


@frozen
class ThirdParty:
    """The body that evaluated as a third party, and its statement about interests in the unit."""

    name: str
    statement: str = ""
    on: date | None = None


@frozen
class UnitData:
    """One unit: who it is, its data, what each track assessed, its evidence.

    ``values`` and each track's values map a data item's name to an `Entry`; a name that
    is absent is missing.  ``evidence`` and ``interviews`` are ``None`` when no list was
    handed in at all.
    ``own_as_of`` is the date in the unit's own file where another was asked for.
    """

    name: str
    unit_type: str
    as_of: date
    level: str | None = None
    period: str | None = None
    values: Mapping[str, Entry] = field(default_factory=dict)
    assessments: Mapping[Track, Mapping[str, Entry]] = field(default_factory=dict)
    evidence: tuple[EvidenceItem, ...] | None = None
    not_applicable: Mapping[str, NotApplicable] = field(default_factory=dict)
    region: str | None = None
    own_as_of: date | None = None
    interviews: tuple[Interview, ...] | None = None
    findings: tuple[Finding, ...] = ()
    third_party: ThirdParty | None = None
