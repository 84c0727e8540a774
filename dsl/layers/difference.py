"""What is different between two rulesets, as a reader asks it: things, aspects, points, counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal

from ..codes import is_below
from ..diagnostics import Place
from ..frozen import frozen
from ..model import Derived, Indicator, Ruleset
from ..numbers import Exact
from .book import Address
from .compare import Proposal, compare, matched, proposals
from .crosswalk import given_pairs
from .edits import Edit
from .resolve import Resolved, content_text, text_at

Act = Literal["added", "changed", "moved", "removed"]
Origin = tuple[str, str]

#: Fields of a model that tell of its text, and say nothing of what it means.
_OF_THE_TEXT = frozenset({"wording", "text", "label"})
_NOT_OF_THE_STANDARD = frozenset(
    {"name", "share", "individual", "note", "basis", "evidence", "points_to_check", "problem"}
)  # fmt: skip


@frozen
class Change:
    """One aspect of one thing that differs.

    ``group`` and ``kind`` are those of its address; ``key`` is its code or name before,
    ``new_key`` after; ``old`` and ``new`` are its texts; ``reason`` is what a layer gave.
    """

    act: Act
    group: str
    kind: str
    key: str
    new_key: str
    aspect: str
    old: str
    new: str
    reason: str


@frozen
class PointsChange:
    """The points of an indicator before and after, in points of the whole."""

    code: str
    new_code: str
    old: Exact
    new: Exact


@frozen
class Counts:
    """Indicators of the tree by what happened to them, each by its origin."""

    adjusted: frozenset[Origin] = frozenset()
    added: frozenset[Origin] = frozenset()
    removed: frozenset[Origin] = frozenset()

    @property
    def total(self) -> int:
        return len(self.adjusted) + len(self.added) + len(self.removed)


@frozen
class Difference:
    """All that is different; empty where the two say the same."""

    changes: tuple[Change, ...]
    points: tuple[PointsChange, ...]
    proposals: tuple[Proposal, ...]
    common: Counts
    individual: Counts
    pairs: Mapping[str, str]

    @property
    def empty(self) -> bool:
        return not self.changes


@frozen
class Version:
    """A ruleset with its parsed text."""

    ruleset: Ruleset
    resolved: Resolved


def difference(old: Version, new: Version, given: Mapping[str, str] | None = None) -> Difference:
    """What makes ``new`` another ruleset than ``old``; ``given`` pairs codes that are one indicator,
    beside those that the crosswalk of ``new`` pairs."""
    books = old.resolved.book, new.resolved.book
    pairs = matched(*books, (old.resolved.origins, new.resolved.origins), {**given_pairs(old.ruleset, new.ruleset), **(given or {})})
    edits = [e for e in compare(*books, pairs) if not _says_the_same(e, old.ruleset, new.ruleset, pairs)]
    changes = tuple(_change(e, old, new, pairs) for e in edits)
    points = tuple(
        PointsChange(a, b, old.ruleset.by_code[a].points, new.ruleset.by_code[b].points)
        for a, b in pairs.items()
        if a in old.ruleset.by_code and b in new.ruleset.by_code and old.ruleset.by_code[a].points != new.ruleset.by_code[b].points
    )
    return Difference(
        changes, points, proposals(*books, pairs), _counts(changes, old, new, individual=False),
        _counts(changes, old, new, individual=True), pairs,
    )  # fmt: skip


def together(counts: Iterable[Counts], kept: Iterable[Origin]) -> Counts:
    """The counts of several templates, each origin once; what one template drops and another
    keeps (``kept``) is adjusted."""
    several = list(counts)
    adjusted = frozenset(o for c in several for o in c.adjusted)
    added = frozenset(o for c in several for o in c.added)
    removed = frozenset(o for c in several for o in c.removed)
    dropped_somewhere = removed & frozenset(kept)
    return Counts(adjusted - (removed - dropped_somewhere) | dropped_somewhere, added, removed - dropped_somewhere)


def _counts(changes: tuple[Change, ...], old: Version, new: Version, *, individual: bool) -> Counts:
    in_old, in_new = ({i.code for i in v.ruleset.indicators if i.individual is individual} for v in (old, new))
    surviving = set(new.resolved.origins.values())
    items = [c for c in changes if c.group == "item"]
    gone = {c.key for c in items if c.act == "removed" and not c.aspect}
    dropped = {code for code in old.resolved.origins if gone and any(code == g or is_below(code, g) for g in gone)}
    return Counts(
        frozenset(old.resolved.origins[c.key] for c in items if c.aspect and c.key in in_old),
        frozenset(new.resolved.origins[c.new_key] for c in items if c.act == "added" and c.new_key in in_new),
        frozenset(old.resolved.origins[code] for code in dropped if code in in_old and old.resolved.origins[code] not in surviving),
    )


def _change(edit: Edit, old: Version, new: Version, pairs: Mapping[str, str]) -> Change:
    address = edit.address
    new_key = pairs.get(address.key, address.key) if address.group == "item" and edit.act != "add" else address.key
    before = text_at(old.resolved.book, address) if edit.act != "add" else ""
    after = edit.to if edit.act == "move" else content_text(edit.content)
    acts: dict[str, Act] = {"add": "added", "change": "changed", "move": "moved", "remove": "removed"}
    return Change(acts[edit.act], address.group, address.kind, address.key, new_key, address.aspect, before, after, _reason(address, new_key, new))


def _reason(address: Address, new_key: str, new: Version) -> str:
    """The reason that a layer of the new ruleset gave for such a change, the last one."""
    for setting in reversed(new.resolved.settings):
        same = setting.group == address.group and setting.key in (new_key, address.key)
        if same and (setting.aspect == address.aspect or not setting.aspect) and setting.reason:
            return setting.reason
    return ""


# ---- the same in other words ---------------------------------------------------------------


def _says_the_same(edit: Edit, old: Ruleset, new: Ruleset, pairs: Mapping[str, str]) -> bool:
    """Whether a changed text comes to the same standard or the same derived value."""
    if edit.act not in ("change", "remove"):
        return False
    if edit.address.group == "row" and edit.address.kind == "derived":
        one, other = (_derived(r, edit.address.key) for r in (old, new))
        return one is not None and other is not None and alike(one, other)
    if edit.address.group != "item" or not edit.address.aspect or edit.address.aspect in _NOT_OF_THE_STANDARD:
        return False
    before, after = old.by_code.get(edit.address.key), new.by_code.get(pairs[edit.address.key])
    return before is not None and after is not None and _standard_alike(before, after)


def _derived(ruleset: Ruleset, name: str) -> Derived | None:
    return next((d for d in ruleset.derived if d.name == name), None)


def _standard_alike(one: Indicator, other: Indicator) -> bool:
    said = ("code", "points", "guards", "steps", "lowest", "applies_if", "not_applicable", "unfilled_is_out", "combine", "ceiling", "floor")
    return all(alike(getattr(one, name), getattr(other, name)) for name in said)


def alike(one: Any, other: Any) -> bool:
    """Whether two parts of models are equal, wherever they stand in their texts."""
    if isinstance(one, Place) and isinstance(other, Place):
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(alike(v, other[k]) for k, v in one.items())
    if is_dataclass(one) and type(one) is type(other):
        return all(
            alike(getattr(one, f.name), getattr(other, f.name)) for f in fields(one) if f.compare and f.name not in _OF_THE_TEXT
        )
    return bool(one == other)


