"""沿革: what each part of this version was in an older one, and whether the parts of what was split add up."""

from __future__ import annotations

from collections.abc import Iterable

from ..codes import plain_code
from ..diagnostics import Fact, nearest
from ..expressions import name_of
from ..forms.lowering import read_percent
from ..keywords import word
from ..model import Crosswalk, DataItem, Indicator, Successor
from ..numbers import Exact, distance, divide, exact_text
from ..syntax import Block, Line, Node, Word
from .draft import Draft, node_of, word_of

_KINDS = {"successor": "indicator", "data_successor": "data", "evidence_successor": "evidence"}


def read_crosswalks(draft: Draft, indicators: Iterable[Indicator], data: Iterable[DataItem]) -> tuple[Crosswalk, ...]:
    """Every crosswalk of a ruleset, each to another older version."""
    blocks = list(draft.blocks("crosswalk"))
    if not blocks:
        return ()
    every = list(indicators)
    known = {
        "indicator": {i.code for i in every} | set(draft.scope.codes),
        "data": {d.name for d in data if "#" not in d.name},
        "evidence": {k for i in every for r in i.evidence for k in r.kinds},
    }
    return tuple(found for block in blocks if (found := _crosswalk(draft, block, known)) is not None)


def _crosswalk(draft: Draft, block: Block, known: dict[str, set[str]]) -> Crosswalk | None:
    name, _, version = word_of(block.line.node.parts[1]).text.rpartition(" ")
    if not name:
        draft.report("E938", block.line, block.line.node.parts[1])
        return None
    successors: list[Successor] = []
    dropped: dict[str, Line] = {}
    for row in block.rows:
        if row.node.kind == "stopped":
            dropped |= dict.fromkeys(_codes(row.node.parts[1]), row)
            continue
        read = _successor(draft, row)
        if read.name not in known[read.kind] and read.name not in draft.broken | draft.failed:
            near = nearest(read.name, known[read.kind])
            draft.report("E939", row, row.node.parts[1 if read.kind != "indicator" else 0], name=read.name, **({"near": near} if near else {}))
        before = next((s for s in successors if (s.kind, s.name) == (read.kind, read.name)), None)
        if before is not None:
            draft.report("E209", row, None, name=read.name, line=str(before.place.line))
        else:
            successors.append(read)
    _one_use(draft, block, successors, dropped)
    return Crosswalk(name.strip(), version, _shared(draft, block, successors), tuple(dropped), draft.place(block.line))


def _successor(draft: Draft, row: Line) -> Successor:
    node = row.node
    if node.kind == "successor":
        code, _, sources, share = node.parts
        part: Exact = read_percent(share) if isinstance(share, Node) else -1 if isinstance(share, Word) else 1
        return Successor("indicator", plain_code(word_of(code)), _codes(sources), part, draft.place(row))
    _, name, _, sources = node.parts
    return Successor(_KINDS[node.kind], name_of(name), tuple(name_of(p) for p in node_of(sources).parts), 1, draft.place(row))  # type: ignore[arg-type]


def _codes(part: object) -> tuple[str, ...]:
    assert isinstance(part, Node)
    return tuple(plain_code(w) for w in part.words())


def _one_use(draft: Draft, block: Block, successors: list[Successor], dropped: dict[str, Line]) -> None:
    """What is said to be dropped has no successor, and a name goes to one other name."""
    lines = {row.number: row for row in block.rows}
    taken: dict[tuple[str, str], Successor] = {}
    for one in successors:
        for source in one.sources:
            if one.kind == "indicator" and source in dropped:
                draft.report("E940", dropped[source], None, code=source, name=one.name)
            before = taken.setdefault((one.kind, source), one)
            if before is not one and one.kind != "indicator":
                draft.report("E941", lines[one.place.line], None, name=source, first=before.name, second=one.name)


def _shared(draft: Draft, block: Block, successors: list[Successor]) -> tuple[Successor, ...]:
    """The successors with their shares; those of one code must add up to all of it."""
    lines = {row.number: row for row in block.rows}
    users: dict[str, list[Successor]] = {}
    for one in successors:
        for source in one.sources if one.kind == "indicator" else ():
            users.setdefault(source, []).append(one)
    found: list[Successor] = []
    for one in successors:
        if one.kind == "indicator" and len(one.sources) > 1 and one.share != 1:
            draft.report("E943", lines[one.place.line], None, name=one.name)
            for source in one.sources:
                users.pop(source, None)  # what they add up to is a consequence
        own = users.get(one.sources[0], [one])
        share = divide(1, len(own)) if one.share == -1 else one.share
        found.append(Successor(one.kind, one.name, one.sources, share, one.place))
    shares = {s.name: s.share for s in found if s.kind == "indicator"}
    for source, several in users.items():
        total = sum((shares[s.name] for s in several), 0)
        if total != 1:
            parts = tuple(f"{s.name} {exact_text(shares[s.name] * 100)}%" for s in several)
            facts: dict[str, Fact] = {"code": source, "sum": exact_text(total * 100), "difference": exact_text(distance(total, 1) * 100), "parts": parts}
            draft.report("E942", lines[several[-1].place.line], None, **facts, evenly=word("EVENLY", draft.language))
    return tuple(found)
