"""Lists of numbers and tables of records as a few variables each.

A list of numbers counts by its length and by one of its mean, median, least, greatest or
sum.  A table counts by how many records meet each combination of the conditions that the
ruleset asks of them; combinations that no record can meet are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import z3

from ...dsl.frozen import frozen
from ...dsl.model import Aggregate, DataItem, Expression, Ref
from ...dsl.operations import READINGS, RuleFailure
from ...dsl.substitute import references
from .terms import Term, Unsolvable, compare, either, is_known, no, real, total, truth

if TYPE_CHECKING:
    from .readings import Reader

#: As many conditions on one table are combined with each other.
_MOST_CONDITIONS = 4
_LIKE_A_MEAN = ("mean", "median", "trimmed_mean", "min", "max")


@frozen
class Cell:
    """The records of a table that meet some of the conditions and fail the others."""

    met: tuple[bool, ...]
    count: Term
    columns: Mapping[str, Term]
    constraints: tuple[Term, ...]


@dataclass(slots=True)
class Lists:
    """The lists and tables of one ruleset in a space."""

    tables: dict[str, tuple[Aggregate, ...]]
    cells: dict[str, tuple[Cell, ...]] = field(default_factory=dict)
    lengths: dict[str, Term] = field(default_factory=dict)
    amounts: dict[str, tuple[str, tuple[int, int], Term]] = field(default_factory=dict)

    def term(self, node: Aggregate, reader: Reader) -> Term:
        """The value of an aggregate.  Raises `Unsolvable`."""
        item = self._item(node, reader)
        if item.key in reader.encoding.space.fixed:
            return self._fixed(node, reader)
        if item.type.kind == "records":
            return self._counted(node, item, reader)
        if node.kind == "count":
            return self.length(item, reader)
        if node.kind in _LIKE_A_MEAN or node.kind == "sum":
            return self._amount(node, item, reader)
        raise Unsolvable(node.kind)

    def trouble(self, node: Aggregate, kind: str, reader: Reader) -> Term:
        """An aggregate of too few values fails."""
        item = self._item(node, reader)
        if item.key in reader.encoding.space.fixed:
            try:
                self._fixed(node, reader)
            except RuleFailure:
                return kind == "fail"
            return False
        if kind == "out" or node.kind in ("count", "sum", "distinct_months") or item.type.kind == "records":
            return False
        return compare(self.length(item, reader), "<=", sum(node.drop))

    def _fixed(self, node: Aggregate, reader: Reader) -> Term:
        """The value of an aggregate of data that are fixed."""
        encoding = reader.encoding
        known = {**encoding.space.fixed, **encoding.parameters, "as_of": encoding.day}
        if any(k not in known and not k.startswith("column.") for k in references(node)):
            raise Unsolvable(node.kind)
        return READINGS.exactly(node)(known)

    def _item(self, node: Aggregate, reader: Reader) -> DataItem:
        found = reader.encoding.ruleset.by_key.get(node.source.key) if isinstance(node.source, Ref) else None
        if not isinstance(found, DataItem) or node.matter is not None or any(c.optional for c in found.columns):
            raise Unsolvable(node.kind)
        if found.key not in reader.encoding.space.fixed:
            reader.encoding.space.items.setdefault(found.key, found)
        return found

    # ---- lists of numbers ----

    def length(self, item: DataItem, reader: Reader) -> Term:
        """How many numbers a list has."""
        if item.key not in self.lengths:
            space = reader.encoding.space
            term = z3.ToReal(z3.Int(space.named(f"{item.key}#")))
            space.constraints.append(compare(term, ">=", item.count_low))
            if item.count_high is not None:
                space.constraints.append(compare(term, "<=", item.count_high))
            self.lengths[item.key] = term
        return self.lengths[item.key]

    def _amount(self, node: Aggregate, item: DataItem, reader: Reader) -> Term:
        known = self.amounts.get(item.key)
        if known is not None:
            if known[:2] != (node.kind, node.drop):
                raise Unsolvable(item.name)
            return known[2]
        space, length = reader.encoding.space, self.length(item, reader)
        term = z3.Real(space.named(f"{item.key}@"))
        for end, sign in ((item.low, ">="), (item.high, "<=")):
            if end is not None:
                limit = length * real(end) if node.kind == "sum" else end
                space.constraints.append(compare(term, sign, limit))
        if node.kind == "sum":
            space.constraints.append(either(compare(length, ">", 0), compare(term, "=", 0)))
        self.amounts[item.key] = (node.kind, node.drop, term)
        return term

    # ---- tables of records ----

    def _counted(self, node: Aggregate, item: DataItem, reader: Reader) -> Term:
        if node.kind != "count":
            raise Unsolvable(item.name)
        if item.key not in self.cells:
            self.cells[item.key] = tuple(self._cells(item, reader))
        if node.where is None:
            return total(c.count for c in self.cells[item.key])
        at = [a.where for a in self._conditions(item)].index(node.where)
        return total(c.count for c in self.cells[item.key] if c.met[at])

    def _conditions(self, item: DataItem) -> tuple[Aggregate, ...]:
        return self.tables.get(item.key, ())

    def _cells(self, item: DataItem, reader: Reader) -> Iterator[Cell]:
        from .readings import Reader as Inner

        conditions = [a.where for a in self._conditions(item)]
        if len(conditions) > _MOST_CONDITIONS:
            raise Unsolvable(item.name)
        space = reader.encoding.space
        before = len(space.constraints)
        columns = {f"column.{c.name}": space.column(f"{item.key}.{c.name}", c) for c in item.columns}
        limits = space.constraints[before:]
        del space.constraints[before:]
        inner = Inner(reader.encoding, columns=columns)
        terms = []
        for condition in conditions:
            assert condition is not None
            if any(k.startswith(("data.", "derived.", "score.", "rate.")) for k in references(condition)):
                raise Unsolvable(item.name)
            if any(inner.trouble(condition, kind) is not False for kind in ("fail", "out")):
                raise Unsolvable(item.name)
            terms.append(inner.term(condition))
        for met in product((True, False), repeat=len(terms)):
            wanted = [t if m else no(t) for t, m in zip(terms, met, strict=True)]
            solver = z3.Solver()
            solver.add(*map(truth, (*limits, *wanted)))
            if solver.check() != z3.sat:
                continue
            name = space.named(f"{item.key}#{''.join('+' if m else '-' for m in met)}")
            count = z3.Real(name) if item.key in space.scaling.group_of else z3.ToReal(z3.Int(name))
            space.constraints.append(compare(count, ">=", 0))
            yield Cell(met, count, columns, tuple(t for t in (*limits, *wanted) if not is_known(t)))


def tables_of(expressions: Iterator[Expression] | list[Expression]) -> dict[str, tuple[Aggregate, ...]]:
    """The counts with a condition in some expressions, by table."""
    found: dict[str, list[Aggregate]] = {}
    waiting: list[Any] = list(expressions)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Aggregate) and isinstance(node.source, Ref) and node.where is not None:
            mine = found.setdefault(node.source.key, [])
            if all(a.where != node.where for a in mine):
                mine.append(node)
        waiting += READINGS.operands(node)
    return {k: tuple(v) for k, v in found.items()}
