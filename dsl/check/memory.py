"""What a check remembers for the next one: the standards of indicators that an edit did not touch.

The standard of a level-3 indicator is made from its own lines and from what it can
refer to.  If every line outside the standards is as it was, and the lines of one
standard are too, making it again would give the same indicator and the same findings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..diagnostics import Diagnostic, Place
from ..frozen import frozen
from ..model import Indicator
from ..syntax import Block, Line
from .draft import Draft
from .tree import Branch, every_branch

_Lines = tuple[tuple[int, str, str], ...]


@frozen
class LeafOutcome:
    """What making one standard gave: the indicator, the findings, the names it used."""

    leaf: Indicator | None
    found: tuple[Diagnostic, ...]
    used: tuple[tuple[str, Place], ...]


@dataclass(slots=True)
class CheckMemory:
    """The outcomes of the last check of one text, by code; for one text at a time."""

    surroundings: object = None
    kept: dict[str, tuple[_Lines, LeafOutcome]] = field(default_factory=dict)

    def enter(self, draft: Draft, roots: list[Branch], implied: tuple[object, ...]) -> None:
        """Begin a check; everything is forgotten if a line outside the standards has changed."""
        surroundings = _surroundings(draft, roots, implied)
        if surroundings != self.surroundings:
            self.surroundings, self.kept = surroundings, {}

    def recall(self, branch: Branch) -> LeafOutcome | None:
        kept = self.kept.get(branch.code)
        return kept[1] if kept is not None and kept[0] == tuple(_lines(branch.block)) else None

    def keep(self, branch: Branch, outcome: LeafOutcome) -> None:
        self.kept[branch.code] = (tuple(_lines(branch.block)), outcome)


def _surroundings(draft: Draft, roots: list[Branch], implied: tuple[object, ...]) -> object:
    blocks = draft.result.file.blocks
    outside = tuple(e for b in blocks if b.kind != "level3" for e in _lines(b))
    branches = tuple((b.code, b.name, b.level, b.points, b.individual, b.block.line.number) for b in every_branch(roots))
    lost = (draft.scope.lost_names, frozenset(draft.broken), frozenset(draft.lost_blocks), draft.lost_heading)
    return draft.language, outside, branches, implied, lost


def _lines(block: Block) -> Iterator[tuple[int, str, str]]:
    yield _entry(block.line)
    for row in block.rows:
        yield _entry(row)
    for inner in block.fields:
        yield from _lines(inner)


def _entry(line: Line) -> tuple[int, str, str]:
    return line.number, line.text, line.node.kind
