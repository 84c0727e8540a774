"""A unit's data, written for one version of a ruleset, carried over to another; and its old scores
under the new tree.

Values stay as they were written.  What cannot be taken over without a decision is left out and
told: nothing is guessed, split or rescaled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.layers.crosswalk import Part, Passage, evidence_kinds
from ..dsl.model import DataItem, Indicator, Ruleset
from ..dsl.numbers import Exact, exact_text, simplest
from .intake import Intake, NumberText
from .record import Result

Group = Literal["data", "evidence", "claim", "finding", "interview"]
Act = Literal["kept", "renamed", "merged", "converted", "lost", "asked"]
#: Why a person is asked: no value came over; the value does not fit; several cannot be put
#: together; an indicator was split or merged; only the code is the same.
Why = Literal["", "new", "unfit", "together", "split", "merged", "same_code", "gone", "policy"]


@frozen
class Told:
    """What became of one entry: its name before and after, and why a person is asked."""

    act: Act
    group: Group
    old: str = ""
    new: str = ""
    why: Why = ""
    finding: Diagnostic | None = None


@frozen
class RawEntries:
    """The entries of a unit file as written: values by name, those of each track, documents by
    their kind, claims that an indicator does not apply and findings by its code, interviews by
    the codes that they were about."""

    data: Mapping[str, Any]
    assessments: Mapping[str, Mapping[str, Any]]
    evidence: tuple[tuple[str, Any], ...] | None
    claims: tuple[tuple[str, Any], ...]
    findings: tuple[tuple[str, Any], ...] = ()
    interviews: tuple[tuple[tuple[str, ...], Any], ...] = ()


@frozen
class Carried:
    """The entries for the new version, and what became of each."""

    entries: RawEntries
    told: tuple[Told, ...]

    def of(self, *acts: Act) -> tuple[Told, ...]:
        return tuple(t for t in self.told if t.act in acts)


def carry(old: Ruleset, new: Ruleset, way: Passage, given: RawEntries) -> Carried:
    """Take the entries of a unit over from ``old`` to ``new``.  Never raises for what they hold."""
    carrier = _Carrier(old, new, way)
    data = carrier.values(given.data, assessed=False)
    assessments = {track: carrier.values(values, assessed=True) for track, values in given.assessments.items()}
    carrier.unfilled(given)
    evidence = None if given.evidence is None else tuple(carrier.evidence(given.evidence))
    claims, findings = (tuple(carrier.by_code(g, e)) for g, e in (("claim", given.claims), ("finding", given.findings)))  # type: ignore[arg-type]
    return Carried(RawEntries(data, assessments, evidence, claims, findings, tuple(carrier.interviews(given.interviews))), _once(carrier.told))


def _once(told: Sequence[Told]) -> tuple[Told, ...]:
    """Each thing told once, though several tracks may hold it."""
    seen = {(t.act, t.group, t.old, t.new, t.why): t for t in reversed(told)}
    return tuple(reversed(seen.values()))


@dataclass(slots=True)
class _Carrier:
    old: Ruleset
    new: Ruleset
    way: Passage
    told: list[Told] = field(default_factory=list)

    # ---- values ----

    def values(self, given: Mapping[str, Any], *, assessed: bool) -> dict[str, Any]:
        """The values of the unit itself, or of one track."""
        olds, found, used = {d.name: d for d in self.old.data}, dict[str, Any](), set[str]()
        for item in self.new.data:
            sources = [s for s in self._sources(item) if s in given]
            if not sources or item.assessed is not assessed:
                continue
            used |= set(sources)
            raw = given[sources[0]] if len(self._sources(item)) == 1 else self._together([olds[s] for s in sources], given, item)
            if raw is _ASKED or any(olds[s].assessed is not assessed for s in sources):
                self.told.append(Told("asked", "data", "、".join(self._sources(item)), item.name, "together"))
                continue
            self._keep(found, item, olds[sources[0]], raw, sources)
        self.told += [Told("lost", "data", name, why="gone") for name in given if name in olds and name not in used]
        return found

    def _sources(self, item: DataItem) -> tuple[str, ...]:
        code, mark, point = item.name.partition("#")
        if not mark:
            return self.way.names.get(("data", item.name), ())
        parts = self.way.leaves.get(code, ())
        if len(parts) != 1 or parts[0].share != 1:
            return ()
        before, after = self.old.by_code.get(parts[0].code), self.new.by_code[code]
        same = before is not None and before.form == after.form and _points_at(before, point) == _points_at(after, point)
        return (f"{parts[0].code}#{point}",) if same else ()

    def _keep(self, found: dict[str, Any], item: DataItem, before: DataItem, raw: Any, sources: Sequence[str]) -> None:
        written = raw
        if isinstance(raw, NumberText) and before.type.unit != item.type.unit and before.type.unit.name:
            written = f"{raw}{before.type.unit.name}"
        intake = Intake(self.new)
        intake.entry(item, written, item.name)
        wrong = next((d for d in intake.found if d.is_error), None)
        name = "、".join(sources)
        if wrong is not None:
            self.told.append(Told("asked", "data", name, item.name, "unfit", wrong))
            return
        found[item.name] = written
        act: Act = "merged" if len(sources) > 1 else "converted" if written != raw else "kept" if name == item.name else "renamed"
        self.told.append(Told(act, "data", name, item.name))

    def _together(self, items: Sequence[DataItem], given: Mapping[str, Any], wanted: DataItem) -> Any:
        """Several values put together: counts added up, tables one below the other."""
        if len(items) < len(self._sources(wanted)):
            return _ASKED
        raws = [given[i.name] for i in items]
        if all(i.type.kind == "records" and isinstance(r, list) for i, r in zip(items, raws, strict=True)):
            return [row for rows in raws for row in rows]
        read = [Intake(self.old).entry(i, r, i.name) for i, r in zip(items, raws, strict=True)]
        alike = {(i.type.kind, i.type.unit, i.type.share) for i in items}
        kind, unit, share = next(iter(alike))
        numbers = [v for v in read if isinstance(v, (int, Fraction)) and not isinstance(v, bool)]
        if len(alike) > 1 or kind != "number" or share != "plain" or len(numbers) < len(items):
            return _ASKED
        total = exact_text(simplest(sum(numbers, Fraction(0))))
        return NumberText(total) if not unit.name or unit.name == wanted.type.unit.name else f"{total}{unit.name}"

    def unfilled(self, given: RawEntries) -> None:
        """Data that the new version asks for and nothing came over to."""
        there = {t.new for t in self.told}
        for item in self.new.data:
            if item.name in there:
                continue
            sources = self._sources(item)
            known = [s for s in sources if any(d.name == s for d in self.old.data)]
            if not known:
                why: Why = "new"
                if "#" in item.name:
                    parts = self.way.leaves.get(item.name.partition("#")[0], ())
                    why = "merged" if len(parts) > 1 else "split" if parts and parts[0].share != 1 else "new"
                self.told.append(Told("asked", "data", "", item.name, why))

    # ---- documents and claims ----

    def evidence(self, given: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """Documents under the names that the new version has for them."""
        after = {source: name for (kind, name), sources in self.way.names.items() if kind == "evidence" for source in sources}
        found = []
        for kind, entry in given:
            name = after.get(kind)
            if name is None:
                self.told.append(Told("lost", "evidence", kind, why="gone"))
            else:
                self.told.append(Told("kept" if name == kind else "renamed", "evidence", kind, name))
                found.append((name, entry))
        for name in evidence_kinds(self.new):
            if not self.way.names["evidence", name]:
                self.told.append(Told("asked", "evidence", "", name, "new"))
        return found

    def interviews(self, given: Sequence[tuple[tuple[str, ...], Any]]) -> list[tuple[tuple[str, ...], Any]]:
        """Interviews with the codes that became of those they were about."""
        return [(tuple(new for code in codes for new, _ in self.by_code("interview", [(code, None)])), entry) for codes, entry in given]

    def by_code(self, group: Group, given: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """What was said of an indicator follows it, unless it was split, merged or dropped."""
        found: list[tuple[str, Any]] = []
        for code, entry in given:
            if not code:
                found.append((code, entry))
                continue
            heirs = [(c, parts) for c, parts in self.way.leaves.items() if any(p.code == code for p in parts)]
            if not heirs:
                self.told.append(Told("lost", group, code, why="gone"))
                continue
            for heir, parts in heirs:
                why = self._in_the_way(group, heir, parts)
                self.told.append(Told("asked" if why else "kept" if heir == code else "renamed", group, code, heir, why))
                found += [] if why else [(heir, entry)]
        return found

    def _in_the_way(self, group: Group, heir: str, parts: Sequence[Part]) -> Why:
        if len(parts) > 1:
            return "merged"
        if parts[0].share != 1:
            return "split"
        if group == "claim" and self.new.by_code[heir].not_applicable is None:
            return "policy"
        before = self.old.by_code[parts[0].code]
        return "same_code" if heir in self.way.alike and before.name != self.new.by_code[heir].name else ""


_ASKED = object()


def _points_at(indicator: Indicator, point: str) -> tuple[str, Exact | None] | None:
    position = int(point) - 1 if point.isdigit() else len(indicator.check_points)
    found = indicator.check_points[position] if position < len(indicator.check_points) else None
    return None if found is None else (found.text, found.points)


# ---- old scores under the new tree ------------------------------------------------------------


@frozen
class OldScore:
    """What a newer indicator had under the older version: its score and points, and from where.

    ``None`` for a score that is not decided, or where the indicator is new.
    """

    code: str
    parts: tuple[tuple[str, Exact], ...]
    score: Exact | None
    points: Exact


def old_scores(result: Result, new: Ruleset, way: Passage) -> tuple[OldScore, ...]:
    """The scores of a result under another version's tree, parents added up from below.

    The shares of what was split go by the crosswalk; what was dropped is in none of them.
    """
    found: dict[str, OldScore] = {}
    for indicator in reversed(new.indicators):
        if indicator.children:
            below = [found[c] for c in indicator.children if found[c].parts]
            scores = [b.score for b in below if b.score is not None]
            score = simplest(sum(scores, 0)) if below and len(scores) == len(below) else None
            parts: tuple[tuple[str, Exact], ...] = tuple((b.code, 1) for b in below)
            found[indicator.code] = OldScore(indicator.code, parts, score, simplest(sum((b.points for b in below), 0)))
            continue
        parts = tuple((p.code, p.share) for p in way.leaves.get(indicator.code, ()))
        found[indicator.code] = OldScore(indicator.code, parts, *_taken(result, parts))
    return tuple(found[i.code] for i in new.indicators)


def _taken(result: Result, parts: Sequence[tuple[str, Exact]]) -> tuple[Exact | None, Exact]:
    score: Exact | None = 0 if parts else None
    points: Exact = 0
    for code, share in parts:
        record = result.indicators.get(code)
        if record is None or record.state in ("out", "excluded"):
            continue
        points += share * record.points
        score = None if score is None or record.score is None else score + share * record.score
    return None if score is None else simplest(score), simplest(points)
