"""Random units for a plan: values on and beside every threshold, and everything that can be open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from .plan import Case, Claims, Documents, DocumentShare, Entry, Evidence, Item, Missing, Out, Plan, Quantity, inside, item_names

BESIDE = (Fraction(0), Fraction(0), Fraction(1, 1000), Fraction(-1, 1000), Fraction(1, 100_000), Fraction(-1, 100_000))
FAR = 40  # as high as a count without an end is tried


class Units:
    """Draws units for one plan."""

    def __init__(self, plan: Plan, rng: Random) -> None:
        self.plan = plan
        self.rng = rng
        self.marks: dict[str, list[Fraction]] = {}
        for node in inside(plan):
            if isinstance(node, Quantity):
                self.marks.setdefault(node.kind, []).append(node.value)

    def value(self, item: Item) -> Entry:
        """A value in the item's range, often on a threshold or beside one."""
        rng = self.rng
        match item.kind:
            case "truth":
                return rng.random() < 0.5
            case "options":
                return rng.choice(item.options)
            case "numbers":
                return tuple(self.number(item) for _ in range(rng.randint(*item.size)))
            case "count":
                high = int(item.high) if item.high is not None else FAR
                near = [mark for mark in self.marks.get("count", []) if item.low <= mark <= high]
                if near and rng.random() < 0.4:
                    return min(Fraction(high), max(item.low, rng.choice(near) + rng.choice((-1, 0, 0, 1))))
                return Fraction(rng.randint(int(item.low), high))
        return self.number(item)

    def number(self, item: Item) -> Fraction:
        rng, scale = self.rng, 100 if item.kind == "percent" else 1
        near = self.marks.get("percent" if item.kind == "percent" else "number", [])
        if near and rng.random() < 0.5:
            found = rng.choice(near) + rng.choice(BESIDE)
        else:
            found = Fraction(rng.randint(0, 100 * 10), 10 * scale)
            if rng.random() < 0.3:  # a tie when it is rounded
                found += Fraction(rng.choice((5, 25, 125)), 1000 * scale)
        return min(item.high, max(item.low, found))

    def evidence(self) -> frozenset[str]:
        asked = {name for name in self.documents() if self.rng.random() < 0.6}
        return frozenset(asked)

    def documents(self) -> list[str]:
        found: set[str] = set()
        for node in inside(self.plan):
            if isinstance(node, Evidence):
                found |= set(node.names)
            elif isinstance(node, Documents):
                found |= {name for names, _ in node.rows for name in names}
            elif isinstance(node, DocumentShare):
                found |= {name for names in node.rows for name in names}
        return sorted(found)

    def whole(self, *, out: float = 0.0) -> Case:
        """A unit with nothing open; items and indicators that do not apply at a rate of ``out``."""
        entries = {item.name: self.value(item) for item in self.plan.items}
        leaves = frozenset(leaf.code for leaf in self.plan.leaves if leaf.policy is not None and self.rng.random() < out)
        if out:
            alone = self.read_only_by_leaves_with_policy()
            for name in sorted(alone):
                if self.rng.random() < out / 3:
                    entries[name] = Out()
        return Case(entries, leaves, self.evidence())

    def read_only_by_leaves_with_policy(self) -> frozenset[str]:
        """The items that may be out: no gate, veto, bonus or leaf without a policy reads them."""
        plan = self.plan
        kept = item_names(plan, (plan.bonus, plan.extra, plan.vetoes, plan.grades))
        for leaf in plan.leaves:
            if leaf.policy is None:
                kept |= item_names(plan, leaf)
            kept |= item_names(plan, leaf.applies_if)
        kept |= item_names(plan, tuple(second.applies_if for top in plan.tree for second in top.children))
        return frozenset(item.name for item in plan.items) - kept

    def opened(self, case: Case, rate: float) -> Case:
        """The same unit with some values missing, not yet due or in dispute."""
        entries = dict(case.entries)
        for item in self.plan.items:
            if self.rng.random() < rate and not isinstance(entries[item.name], Out):
                entries[item.name] = self.open_entry(item)
        unfilled = frozenset(name for name, entry in entries.items() if isinstance(entry, Missing))
        return Case(entries, case.out, case.evidence, unfilled)

    def open_entry(self, item: Item) -> Entry:
        way = self.rng.randrange(5)
        if way == 0 and item.kind != "numbers":
            claims = tuple(dict.fromkeys(self.value(item) for _ in range(3)))
            if len(claims) > 1:
                return Claims(claims)
        return Missing(due=way == 1)

    # ---- what an open unit may turn out to be ----

    def domain(self, item: Item, entry: Entry) -> tuple[Entry, ...] | None:
        """Every value an open entry may take; ``None``: too many to list."""
        if isinstance(entry, Claims):
            return entry.values
        if not isinstance(entry, Missing):
            return (entry,)
        if item.kind == "truth":
            return (True, False)
        if item.kind == "options":
            return item.options
        if item.kind == "count" and item.high is not None:
            return tuple(Fraction(count) for count in range(int(item.low), int(item.high) + 1))
        return None

    def completions(self, case: Case, most: int, samples: int) -> tuple[Iterator[Case], bool]:
        """Completed units, and whether these are all there can be."""
        domains = [self.domain(item, case.entries[item.name]) for item in self.plan.items]
        names = [item.name for item in self.plan.items]
        if None not in domains and prod(len(domain) for domain in domains) <= most:
            return (replace(case, entries=dict(zip(names, values, strict=True))) for values in product(*domains)), True
        return (self.completed(case, domains) for _ in range(samples)), False

    def completed(self, case: Case, domains: list[tuple[Entry, ...] | None]) -> Case:
        ends = self.rng.random() < 0.5
        entries = {}
        for item, domain in zip(self.plan.items, domains, strict=True):
            entries[item.name] = self.rng.choice(domain) if domain else self.end(item) if ends else self.value(item)
        return replace(case, entries=entries)

    def end(self, item: Item) -> Entry:
        """One end of an item's range."""
        ends = (item.low, item.high if item.high is not None else Fraction(FAR))
        if item.kind == "numbers":
            return tuple(self.rng.choice(ends) for _ in range(self.rng.randint(*item.size)))
        return self.rng.choice(ends)
