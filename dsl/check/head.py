"""The head of a ruleset: what it is called, whom it applies to, full score, rounding."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..diagnostics import Label, Place
from ..expressions import name_of
from ..forms.documents import read_effect
from ..forms.lowering import quantity, read_points
from ..heads import read_extends
from ..keywords import word
from ..limits import MAXIMUM_PLACES
from ..model import DatedPeriod, EvidenceEffect, Rounding
from ..numbers import Exact, distance, exact_text
from ..parse import EDITS
from ..syntax import Node
from .dates import read_period
from .draft import Draft, node_of, word_of
from .tree import Branch

_TRACKS = {"SELF": "self", "ON_SITE": "on_site", "THIRD_PARTY": "third_party"}
_STAGES = {"LEVEL3": "level3", "PARENT": "parent", "TOTAL": "total"}
_MODES = {"HALF_UP": "half_up", "HALF_EVEN": "half_even", "ROUND_UP": "up", "ROUND_DOWN": "down"}
_ALL_OUT = {"CARRY_UP": "carry_up", "FULL_MARKS": "full", "ZERO_MARKS": "zero"}


@dataclass(slots=True)
class Head:
    """The head statements, read; what is missing has been reported."""

    name: str = ""
    version: str = ""
    applies: tuple[str, ...] = ()
    unit_levels: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    effective: DatedPeriod = field(default_factory=DatedPeriod)
    issuer: str | None = None
    basis: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    full_score: Exact | None = None
    common: Exact | None = None
    individual: Exact | None = None
    track: str | None = None
    roundings: dict[str, Rounding] = field(default_factory=dict)
    evidence: EvidenceEffect | None = None
    all_out: str | None = None
    limit: Exact | None = None


def read_head(draft: Draft) -> Head:
    """Read every head statement; those a ruleset cannot do without are asked for."""
    head = Head()
    for kind, key in (("ruleset", "RULESET"), ("version", "VERSION"), ("full_score", "FULL_SCORE"), ("deciding", "DECIDING")):
        if draft.one(kind) is None and not _was_lost(draft, key):
            draft.scope.report("E210", Place(1, 0, 1), None, missing=word(key, draft.language))
    for kind, attribute in (("ruleset", "name"), ("version", "version"), ("issuer", "issuer")):
        block = draft.one(kind) if kind == "issuer" else next(draft.blocks(kind), None)
        if block is not None:
            setattr(head, attribute, word_of(block.line.node.parts[1]).text)
    for kind, attribute in (("applies", "applies"), ("unit_levels", "unit_levels"), ("for_regions", "regions"), ("for_units", "units")):
        block = draft.one(kind)
        if block is not None:
            setattr(head, attribute, tuple(name_of(p) for p in node_of(block.line.node.parts[1]).parts))
    head.basis = tuple(word_of(b.line.node.parts[1]).text for b in draft.blocks("basis"))
    head.notes = tuple(word_of(b.line.node.parts[1]).text for b in draft.blocks("note"))
    _effective(draft, head)
    _scores(draft, head)
    _choices(draft, head)
    for block in draft.blocks("rounding"):
        _, stage, places, _, mode = block.line.node.parts
        key = _STAGES[word_of(stage).kind]
        if key in head.roundings:
            draft.report("E209", block.line, stage, name=word_of(stage).text)
        count = draft.whole(block.line, word_of(places))
        if count is not None and count > MAXIMUM_PLACES:
            draft.report("E115", block.line, places, places=str(count), limit=str(MAXIMUM_PLACES))
        elif count is not None:
            head.roundings[key] = Rounding(count, _MODES[word_of(mode).kind])  # type: ignore[arg-type]
    return head


def _was_lost(draft: Draft, key: str) -> bool:
    return any(entry.text.strip().startswith(word(key, draft.language)) or entry.block is None for entry in draft.result.lost)


def _effective(draft: Draft, head: Head) -> None:
    block = draft.one("effective")
    if block is None:
        return
    head.effective = read_period(draft, block.line) or DatedPeriod()


def _scores(draft: Draft, head: Head) -> None:
    block = next(draft.blocks("full_score"), None)
    if block is None:
        return
    points = [read_points(p) for p in block.line.node.parts if isinstance(p, Node)]
    head.full_score = points[0]
    if len(points) == 3:
        if points[1] + points[2] == points[0]:
            head.common, head.individual = points[1:]
        else:
            draft.report(
                "E312", block.line, None, points=exact_text(points[0]), sum=exact_text(points[1] + points[2]),
                common=exact_text(points[1]), individual=exact_text(points[2]),
            )  # fmt: skip


def _choices(draft: Draft, head: Head) -> None:
    block = next(draft.blocks("deciding"), None)
    if block is not None:
        head.track = _TRACKS[word_of(block.line.node.parts[1]).kind]
    block = draft.one("missing_evidence")
    if block is not None:
        head.evidence = read_effect(node_of(block.line.node.parts[1]))
    block = draft.one("all_out")
    if block is not None:
        head.all_out = _ALL_OUT[word_of(block.line.node.parts[1]).kind]
    block = draft.one("left_out_limit")
    if block is not None:
        read = quantity(block.line.node.parts[1])
        if read is None or read[1].share != "percent" or not 0 <= read[0] <= 1:
            written = node_of(block.line.node.parts[1])
            text = block.line.text[written.start : written.end]
            draft.report("E521", block.line, written, word=word("LEFT_OUT_LIMIT", draft.language), text=text)
        else:
            head.limit = read[0]


def extends_or_edits(draft: Draft) -> bool:
    """Whether a file is a layer: alone it cannot be checked, which is reported."""
    extends = draft.one("extends")
    if extends is not None:
        names = word_of(extends.line.node.parts[1])
        for one in read_extends(names.text, extends.line.number, names.start):
            labels = [Label(Place(one.line, one.start, one.end))]
            draft.report_at("E901", labels, name=one.name, version=one.version)
        return True
    edits = [b for b in draft.blocks(*EDITS) if not b.kind.startswith("lock")]
    for block in edits:
        draft.report("E233", block.line, None, word=draft.opening(block))
    return bool(edits)


def check_full_score(draft: Draft, head: Head, roots: list[Branch]) -> Exact:
    """Level-1 points must add up to the full score, and to each of its parts.  The points
    of an individual part without any indicator are those that a layer below is to fill."""
    if head.full_score is None or draft.lost_heading or any(r.points is None or not r.sound for r in roots):
        return 0
    if any(r.code in draft.broken and not r.children for r in roots):
        return 0
    block = next(draft.blocks("full_score"))
    groups: list[tuple[str, Exact, list[Branch]]] = [("FULL_SCORE", head.full_score, roots)]
    if head.common is not None and head.individual is not None:
        groups = [
            ("COMMON", head.common, [r for r in roots if not r.individual]),
            ("INDIVIDUAL", head.individual, [r for r in roots if r.individual]),
        ]
    awaited: Exact = 0
    for group, wanted, members in groups:
        if group == "INDIVIDUAL" and not members and not _level1_lost(draft):
            draft.report("W316", block.line, None, points=exact_text(wanted))
            awaited = wanted
            continue
        total = sum(r.points or 0 for r in members)
        if total != wanted and not _level1_lost(draft) and not any(r.conditional for r in members):  # those: variant by variant
            children = tuple(f"{r.code} {exact_text(r.points or 0)}" for r in members)
            labels = [Label(draft.place(block.line))]
            draft.report_at(
                "E309", labels, group=word(group, draft.language), points=exact_text(wanted), sum=exact_text(total), children=children,
                difference=exact_text(distance(wanted, total)),
            )  # fmt: skip
    return awaited


def _level1_lost(draft: Draft) -> bool:
    return any(word("LEVEL1", draft.language)[1:] in entry.text for entry in draft.result.lost)
