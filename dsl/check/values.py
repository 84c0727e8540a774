"""Values worked out from others: derived values, look-up tables and decision tables, in whatever
order they are written; each is read once those that it uses are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from ..diagnostics import Label
from ..expressions import Named, Table, name_of
from ..frozen import frozen
from ..model import Choose, Derived, Expression, Outcome, Segments
from ..ranges import Anything
from ..syntax import Block, Line, Node, Part
from .declarations import read_derived
from .draft import Draft, node_of
from .instruments import SegmentReader, read_groups
from .tables import read_decision, read_lookup


@frozen
class _Entry:
    """What is to be read: its name, the line that opens it, the names it mentions, and how."""

    name: str
    line: Line
    mentions: frozenset[str]
    read: Callable[[], Derived | Table | tuple[Derived, Named] | None]


def read_values(draft: Draft) -> tuple[tuple[Derived, ...], tuple[Segments, ...]]:
    """Derived values, those of decision tables, bands and groups, each after those it uses; tables go
    into scope.  Also the sections of bands."""
    found: list[Derived] = []
    counting = [SegmentReader(draft, b) for b in draft.blocks("segments")]
    for entry in _in_order(draft, list(_entries(draft, counting))):
        value = entry.read()
        if value is None:
            draft.scope.lost_names |= {entry.name}
        elif isinstance(value, Table):
            draft.scope.tables = {**draft.scope.tables, value.name: value}
        elif isinstance(value, tuple):
            if draft.declare(value[0].name, value[1]):
                found.append(value[0])
                draft.scope.possibilities[value[0].key] = Anything()
        elif draft.declare(value.name, Named(value.key, value.type, value.place)):
            found.append(value)
            draft.scope.possibilities[value.key] = draft.reader(entry.line).range_of(_where_it_exists(value.expression))
    return tuple(found), tuple(s for c in counting if (s := c.finish()) is not None)


def _where_it_exists(expression: Expression) -> Expression:
    """A derived value without the cases in which there is none."""
    guarded = isinstance(expression, Choose) and all(isinstance(v, Outcome) for _, v in expression.cases)
    return expression.otherwise if guarded and isinstance(expression, Choose) else expression


def _entries(draft: Draft, counting: list[SegmentReader]) -> Iterator[_Entry]:
    for segments in counting:
        header = frozenset(_mentioned(segments.block.line.node)) - {name_of(segments.block.line.node.parts[1])}
        for row in segments.block.rows:
            yield _Entry(name_of(row.node.parts[0]), row, header, lambda s=segments, r=row: s.read(r))  # type: ignore[misc]
    for block in draft.blocks("groups"):
        nodes = [p for p in block.line.node.parts[2:] if isinstance(p, Node)] + [node_of(r.node.parts[2]) for r in block.rows]
        yield _of_block(block, nodes, lambda b=block: read_groups(draft, b))  # type: ignore[misc]
    for block in draft.blocks("lookup"):
        keys = [f.line.node for f in block.fields if f.kind == "keys"]
        yield _of_block(block, keys, lambda b=block: read_lookup(draft, b))  # type: ignore[misc]
    rows = [row for block in draft.blocks("derived") for row in block.rows]
    last = {name_of(row.node.parts[0]): row for row in rows}
    for row in rows:
        name = name_of(row.node.parts[0])
        if last[name] is not row:
            draft.report("E204", last[name], last[name].node.parts[0], name=name, line=str(row.number))
        else:
            yield _Entry(name, row, frozenset(_mentioned(node_of(row.node.parts[2]))), lambda r=row: read_derived(draft, r))  # type: ignore[misc]
    for block in draft.blocks("decision"):
        yield _of_block(block, [r.node for r in block.rows], lambda b=block: read_decision(draft, b))  # type: ignore[misc]


def _of_block(block: Block, nodes: list[Node], read: Callable[[], Derived | Table | tuple[Derived, Named] | None]) -> _Entry:
    mentions = frozenset(name for node in nodes for name in _mentioned(node))
    return _Entry(name_of(block.line.node.parts[1]), block.line, mentions, read)


def _mentioned(part: Part) -> Iterator[str]:
    if isinstance(part, Node):
        if part.kind == "name":
            yield name_of(part)
        for inner in part.parts:
            yield from _mentioned(inner)


def _in_order(draft: Draft, entries: list[_Entry]) -> list[_Entry]:
    """Each entry after those it uses; a cycle is reported with its whole chain."""
    by_name: dict[str, list[int]] = {}
    for position, entry in enumerate(entries):
        by_name.setdefault(entry.name, []).append(position)
    needs = [sorted(p for name in entry.mentions for p in by_name.get(name, ())) for entry in entries]
    order: list[_Entry] = []
    state: dict[int, int] = {}
    for first in range(len(entries)):
        if first in state:
            continue
        state[first] = 1
        path = [first]
        stack = [(first, list(needs[first]))]
        while stack:
            at, rest = stack[-1]
            if not rest:
                state[at] = 2
                order.append(entries[at])
                path.pop()
                stack.pop()
                continue
            following = rest.pop(0)
            if state.get(following) == 1:
                _report_cycle(draft, [entries[p] for p in (*path[path.index(following) :], following)])
            elif following not in state:
                state[following] = 1
                path.append(following)
                stack.append((following, list(needs[following])))
    return [e for e in order if e.name not in draft.scope.lost_names]


def _report_cycle(draft: Draft, chain: list[_Entry]) -> None:
    labels = [Label(draft.place(a.line), "uses", {"name": a.name, "next": b.name}) for a, b in pairwise(chain)]
    names = [e.name for e in chain]
    draft.report_at("E208", labels, chain=" → ".join(names))
    draft.scope.lost_names |= set(names)
