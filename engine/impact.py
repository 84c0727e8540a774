"""What a change of a ruleset does to units: scores and grades before and after, and which
change moved them by how much.

The difference of a unit's score is shared out exactly.  Bundles of changes that touch
different leaves of a sum contribute what their leaves gained.  Bundles that meet in one
leaf share its gain by Shapley values over every order of at most `MOST_SHAPLEY` of them
(L. S. Shapley, A value for n-person games, 1953); more of them are taken in the order of
the text.  Where a score is no plain sum of leaves, all bundles are taken as meeting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import factorial
from typing import Literal

import networkx as nx

from ..dsl.check import check_file
from ..dsl.codes import is_below
from ..dsl.frozen import frozen
from ..dsl.layers.apply import apply
from ..dsl.layers.bundles import ALONE, Bundle, bundles
from ..dsl.layers.compare import compare, matched
from ..dsl.layers.crosswalk import given_pairs
from ..dsl.layers.difference import Version
from ..dsl.layers.edits import Edit
from ..dsl.model import Ruleset
from ..dsl.numbers import Exact, divide
from ..dsl.parse import ParseResult
from .evaluate import evaluate
from .graph import dependency_graph
from .record import Result
from .unit import UnitData

#: What tells of an older version: no score depends on it, and it names what some changes take away.
_CROSSWALK = "crosswalk"
MOST_SHAPLEY = 10
"""Bundles that meet and are shared out over every order."""

Way = Literal["alone", "shapley", "order"]
#: The score with some bundles in force, if there is one.
_Value = Callable[[Iterable[int]], Exact | None]


@frozen
class Contribution:
    """What one bundle added to a unit's score, and how that was found."""

    bundle: int
    amount: Exact
    way: Way


@frozen
class UnitImpact:
    """One unit before and after; ``contributions`` add up to the difference of the scores.

    They are ``None`` where one of the two scores is not decided.
    """

    old: Result
    new: Result
    contributions: tuple[Contribution, ...] | None

    @property
    def difference(self) -> Exact | None:
        if self.old.score is None or self.new.score is None:
            return None
        return self.new.score - self.old.score


@dataclass
class Impact:
    """Two versions made ready to be held against units.

    ``edits`` are all changes between them, ``bundles`` those that hang together, and
    ``groups`` the bundles (by number) that meet in some leaf.
    """

    old: Version
    new: Version
    edits: tuple[Edit, ...]
    bundles: tuple[Bundle, ...]
    groups: tuple[tuple[int, ...], ...]
    pairs: Mapping[str, str]
    touched: tuple[frozenset[str], ...]
    """For each bundle the leaves it can move, by their keys in the new ruleset."""
    _mixed: dict[frozenset[int], Ruleset | None] = field(default_factory=dict)

    def unit(self, old: UnitData, new: UnitData) -> UnitImpact:
        """One unit, as each of the two rulesets reads it."""
        before, after = evaluate(self.old.ruleset, old), evaluate(self.new.ruleset, new)
        impact = UnitImpact(before, after, None)
        if impact.difference is None:
            return impact
        shares = self._by_leaves(before, after) if len(self.bundles) else []
        found: list[Contribution] = []
        if shares is not None:
            for group, gained in zip(self.groups, shares, strict=True):
                found += self._shared_out(group, gained, old, new) if gained else [Contribution(b, 0, "alone") for b in group]
        else:
            found = self._shared_out(tuple(range(len(self.bundles))), impact.difference, old, new)
        ordered = tuple(sorted(found, key=lambda c: c.bundle))
        return replace(impact, contributions=ordered)

    def _by_leaves(self, before: Result, after: Result) -> list[Exact] | None:
        """What the leaves of each group gained, if that is the whole difference."""
        leaves = _leaf_scores(before, self.pairs), _leaf_scores(after, {})
        gained: dict[str, Exact] = {}
        for key in leaves[0].keys() | leaves[1].keys():
            difference = leaves[1].get(key, 0) - leaves[0].get(key, 0)
            if difference:
                gained[key] = difference
        shares: list[Exact] = []
        for group in self.groups:
            own = frozenset(key for b in group for key in self.touched[b])
            shares.append(sum((gained.pop(key) for key in list(gained) if key in own), 0))
        assert before.score is not None and after.score is not None
        return shares if not gained and sum(shares) == after.score - before.score else None

    def _shared_out(self, group: tuple[int, ...], gained: Exact, old: UnitData, new: UnitData) -> list[Contribution]:
        if len(group) == 1:
            return [Contribution(group[0], gained, "alone")]
        worth: dict[frozenset[int], Exact | None] = {}

        def value(chosen: Iterable[int]) -> Exact | None:
            key = frozenset(chosen)
            if key not in worth:
                worth[key] = self._score(key, old, new)
            return worth[key]

        if len(group) <= MOST_SHAPLEY:
            found = _shapley(group, value)
            if found is not None and sum(c.amount for c in found) == gained:
                return found
        return self._in_order(group, gained, value)

    def _in_order(self, group: tuple[int, ...], gained: Exact, value: _Value) -> list[Contribution]:
        """One bundle after the other; what cannot stand without the next is counted with it."""
        start = value(())
        found: list[Contribution] = []
        reached: Exact = 0
        for position, bundle in enumerate(group):
            here = value(group[: position + 1]) if position + 1 < len(group) else None
            at = gained if position + 1 == len(group) else here - start if here is not None and start is not None else reached
            found.append(Contribution(bundle, at - reached, "order"))
            reached = at
        return found

    def _score(self, chosen: frozenset[int], old: UnitData, new: UnitData) -> Exact | None:
        """The score with some bundles in force; ``None`` where they make no valid ruleset or decide nothing."""
        ruleset = self.mixed(chosen)
        if ruleset is None:
            return None
        renewed = {
            self.edits[i].address.key
            for b in chosen
            for i in self.bundles[b].edits
            if self.edits[i].address.group == "row" and self.edits[i].address.kind == "data"
        }
        values = {k: v for k, v in new.values.items() if k not in old.values or k in renewed}
        judged = {t: {**new.assessments.get(t, {}), **old.assessments.get(t, {})} for t in {*old.assessments, *new.assessments}}
        for track, entries in new.assessments.items():
            judged[track].update({k: v for k, v in entries.items() if k in renewed})
        return evaluate(ruleset, replace(new, values={**old.values, **values}, assessments=judged)).score

    def mixed(self, chosen: frozenset[int]) -> Ruleset | None:
        """The old ruleset with some bundles in force, if that is a valid ruleset."""
        if chosen not in self._mixed:
            edits = [self.edits[i] for b in sorted(chosen) for i in self.bundles[b].edits]
            applied = apply(self.old.resolved.book, edits)
            checked = None
            applied.book.blocks = {key: block for key, block in applied.book.blocks.items() if key[0] != _CROSSWALK}
            if not applied.found:
                checked = check_file(ParseResult(applied.book.file(), (), ()), "").ruleset
            self._mixed[chosen] = checked
        return self._mixed[chosen]


def impact_between(old: Version, new: Version, given: Mapping[str, str] | None = None) -> Impact:
    """The changes between two versions, in bundles, ready to be held against units."""
    books = old.resolved.book, new.resolved.book
    pairs = matched(*books, (old.resolved.origins, new.resolved.origins), {**given_pairs(old.ruleset, new.ruleset), **(given or {})})
    edits = tuple(e for e in compare(*books, pairs) if e.address.kind != _CROSSWALK)
    bundled = bundles(books[0], edits)
    touched = tuple(_touched(b, edits, old.ruleset, new.ruleset, pairs) for b in bundled)
    return Impact(old, new, edits, bundled, _groups(touched), pairs, touched)


def _leaf_scores(result: Result, pairs: Mapping[str, str]) -> dict[str, Exact]:
    """What each leaf, bonus and deduction adds to the total, by its key in the new ruleset."""
    found: dict[str, Exact] = {}
    for leaf in result.ruleset.leaves:
        record = result.indicators.get(leaf.code)
        if record is not None and record.score is not None:
            found[f"score.{pairs.get(leaf.code, leaf.code)}"] = record.score
    for adjustment in result.adjustments:
        if adjustment.amount is not None:
            found[f"score.{pairs.get(adjustment.code, adjustment.code)}"] = adjustment.amount
    return found


def _touched(bundle: Bundle, edits: Sequence[Edit], old: Ruleset, new: Ruleset, pairs: Mapping[str, str]) -> frozenset[str]:
    """The leaves that a bundle can move, in the old ruleset or the new one."""
    starts: tuple[set[str], set[str]] = set(), set()
    for edit in (edits[i] for i in bundle.edits):
        address = edit.address
        if address.group == "item":
            if address.aspect in ALONE - {"evidence"}:
                continue
            code = address.key if edit.act != "add" else ""
            other = pairs.get(code, address.key if edit.act == "add" else "")
            for ruleset, start, top in ((old, starts[0], code), (new, starts[1], other)):
                start.update(f"score.{c}" for c in ruleset.by_code if c == top or is_below(c, top))
        elif address.group == "row":
            for start in starts:
                start.update(f"{kind}.{address.key}" for kind in ("data", "derived", "parameter"))
        elif address.kind in ("segments", "groups", "survey", "lookup", "decision") or (address.group == "head" and address.kind not in _OF_THE_PAPER):
            for ruleset, start in ((old, starts[0]), (new, starts[1])):
                start.update(i.key for i in ruleset.by_code.values())
    found: set[str] = set()
    for ruleset, start, renamed in ((old, starts[0], pairs), (new, starts[1], {})):
        graph = dependency_graph(ruleset)
        reached = {n for s in start if s in graph for n in (s, *nx.descendants(graph, s))}
        leaves = {i.key for i in (*ruleset.leaves, *(a.indicator for a in ruleset.adjustments))}
        found |= {f"score.{renamed.get(k.split('.', 1)[1], k.split('.', 1)[1])}" for k in reached & leaves}
    return frozenset(found)


#: Statements of the head that no score depends on.
_OF_THE_PAPER = frozenset({"applies", "unit_levels", "for_regions", "for_units", "effective", "issuer", "note", "basis", "subtotal", "worst_grade"})


def _groups(touched: Sequence[frozenset[str]]) -> tuple[tuple[int, ...], ...]:
    """The bundles that meet in some leaf, put together."""
    graph: nx.Graph[object] = nx.Graph()
    graph.add_nodes_from(range(len(touched)))
    for number, leaves in enumerate(touched):
        graph.add_edges_from((number, leaf) for leaf in leaves)
    found = [tuple(sorted(n for n in part if isinstance(n, int))) for part in nx.connected_components(graph)]
    return tuple(sorted(g for g in found if g))


def _shapley(group: tuple[int, ...], value: _Value) -> list[Contribution] | None:
    """Shapley values; ``None`` where some combination has no value."""
    size = len(group)
    worth: list[Exact] = []
    for mask in range(1 << size):
        found = value(group[i] for i in range(size) if mask >> i & 1)
        if found is None:
            return None
        worth.append(found)
    weights = [Fraction(factorial(k) * factorial(size - k - 1), factorial(size)) for k in range(size)]
    contributions = []
    for i in range(size):
        amount: Exact = 0
        for mask in range(1 << size):
            if not mask >> i & 1:
                amount += weights[mask.bit_count()] * (worth[mask | 1 << i] - worth[mask])
        contributions.append(Contribution(group[i], divide(amount, 1), "shapley"))
    return contributions
