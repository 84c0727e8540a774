"""Lines written twice: a row, or the same evidence, that a slip of the hand has doubled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..diagnostics import Label
from ..syntax import Block, Line, Node
from .draft import Draft
from .memory import CheckMemory

#: Fields that a block may have several of, but not the same one twice.
_SEVERAL = frozenset({"evidence", "joint_weight", "gate"})


def check_doubles(draft: Draft, memory: CheckMemory) -> None:
    """Report every line that says the same as one before it in its block, unless it is in error already."""
    wrong = {label.place.line for d in draft.scope.found if d.is_error for label in d.labels}
    for lines in _groups(draft.result.file.blocks):
        if len(lines) < 2 or len({memory.node_hash(line.node) for line in lines}) == len(lines):
            continue
        first: dict[Node, Line] = {}
        for line in lines:
            before = first.setdefault(line.node, line)
            if before is not line and line.number not in wrong:
                labels = [Label(draft.place(line)), Label(draft.place(before), "first")]
                draft.report_at("E209", labels, name=line.text.strip(), line=str(before.number))


def _groups(blocks: Iterable[Block]) -> Iterator[Sequence[Line]]:
    """Lines that stand beside one another: the rows of a block, and fields of which there may be several."""
    for block in blocks:
        yield block.rows
        yield [f.line for f in block.fields if f.kind in _SEVERAL]
        yield from _groups(block.fields)
