"""Tables that field work fills: bands of a roster, groups of it, questionnaires.

Each is typed records underneath: a band is a count of the table it counts (F24), a group
a record of a table of groups, a questionnaire a table with a column a question (F25).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..diagnostics import Label
from ..expressions import Named, name_of
from ..forms import FormContext
from ..forms.bands import show_interval
from ..forms.lowering import read_interval
from ..frozen import frozen
from ..functions import inside
from ..keywords import word
from ..model import Aggregate, Column, Compare, DataItem, Derived, Expression, Grouped, Interval, Literal, Logic, Ref, Segments, Survey, Type
from ..numbers import Exact, read_decimal
from ..ranges import Range
from ..syntax import Block, Line, Node, Word
from ..tiling import flaws
from ..units import unit_named
from .declarations import report_divisor
from .draft import Draft, node_of, word_of

_KINDS = {"INTERNAL": "internal", "EXTERNAL": "external", "RECIPIENTS": "recipients"}


# ---- bands ---------------------------------------------------------------------------------


@frozen
class _Counted:
    """What a section of bands counts: the table, the value, which records."""

    table: Named
    value: Expression
    type: Type
    where: Expression | None


@dataclass(slots=True)
class SegmentReader:
    """Reads one section of bands: its opening line once, then each row as it is needed."""

    draft: Draft
    block: Block
    counted: _Counted | None = None
    opened: bool = False
    bands: dict[str, tuple[Line, Interval]] = field(default_factory=dict)

    def read(self, row: Line) -> Derived | None:
        """How many records lie in the band of a row."""
        counted = self._open()
        if counted is None:
            return None
        reader = self.draft.reader(row)
        context = FormContext("", 0, self.draft.place(row), reader, (), {}, None)
        interval = read_interval(context, row, node_of(row.node.parts[1]), counted.type)
        if interval is None:
            return None
        name = name_of(row.node.parts[0])
        self.bands[name] = (row, interval)
        kept = _inside(counted.value, interval, counted.type)
        where = kept if counted.where is None else Logic("and", (counted.where, kept))
        kind = Type("number", counted.table.type.unit, True)
        return Derived(name, kind, Aggregate("count", Ref(counted.table.key), None, where), self.draft.place(row, row.node.parts[0]))

    def _open(self) -> _Counted | None:
        if not self.opened:
            self.opened = True
            self.counted = _read_counted(self.draft, self.block.line, named_value=True)
        return self.counted

    def finish(self) -> Segments | None:
        """The section as a whole; bands must not overlap, and may leave something outside."""
        name = name_of(self.block.line.node.parts[1])
        if not self.block.rows:
            if self.block.line.number not in self.draft.lost_blocks:
                self.draft.report("E211", self.block.line, None, form=self.draft.opening(self.block))
            return None
        if self.counted is None:
            return None
        rows = list(self.bands.values())
        grain = "whole" if self.counted.type.whole else "any"
        fine = True
        for flaw in flaws([i for _, i in rows], Range(grain=grain)):  # type: ignore[arg-type]
            if flaw.kind == "overlap" and flaw.before is not None and flaw.after is not None:
                fine = False
                first, second = sorted((rows[flaw.before][0], rows[flaw.after][0]), key=lambda r: r.number)
                where = show_interval(flaw.interval, self.counted.type, self.draft.language)
                labels = [Label(self.draft.place(second)), Label(self.draft.place(first), "first")]
                self.draft.report_at("E252", labels, where=where, first=first.text.strip(), second=second.text.strip())
        if not fine or len(self.bands) < len(self.block.rows):
            return None
        bands = tuple((n, i) for n, (_, i) in self.bands.items())
        counted = self.counted
        return Segments(name, counted.table.key, counted.value, counted.where, counted.type, bands, self.draft.place(self.block.line))


def _read_counted(draft: Draft, line: Line, *, named_value: bool) -> _Counted | None:
    """The table that a section is about, the value it looks at, and which records."""
    _, _, table_node, _, value_node, _, where_node = line.node.parts
    table = _table(draft, line, node_of(table_node))
    if table is None:
        return None
    reader = inside(draft.reader(line), table)
    value = reader.number(value_node) if named_value else None
    where = None if where_node is None else reader.condition(where_node)
    if (named_value and value is None) or (where_node is not None and where is None):
        return None
    if reader.divisors:
        report_divisor(draft, line, reader.divisors[0][1])
        return None
    condition = None if where is None else where.expression
    if value is None:
        return _Counted(table, Ref("as_of"), Type("number"), condition)
    return _Counted(table, value.expression, value.type, condition)


def _table(draft: Draft, line: Line, node: Node) -> Named | None:
    """The declared table of records that a name stands for."""
    name = name_of(node)
    named = draft.scope.names.get(name)
    if named is None or named.type.kind != "records":
        if name not in draft.scope.lost_names:
            tables = tuple(n for n, t in draft.scope.names.items() if t.type.kind == "records")
            draft.report("E253", line, node, name=name, tables=tables)
        return None
    draft.scope.used.setdefault(named.key, draft.place(line, node))
    return named


def _inside(value: Expression, interval: Interval, kind: Type) -> Expression:
    """Whether a value lies in an interval."""
    tests: list[Expression] = []
    if interval.low is not None:
        tests.append(Compare(">=" if interval.low_included else ">", value, _measure(interval.low, kind)))
    if interval.high is not None:
        tests.append(Compare("<=" if interval.high_included else "<", value, _measure(interval.high, kind)))
    return tests[0] if len(tests) == 1 else Logic("and", tuple(tests))


def _measure(value: Exact, kind: Type) -> Literal:
    from ..forms.lowering import measure

    return measure(value, kind)


# ---- groups --------------------------------------------------------------------------------


def read_groups(draft: Draft, block: Block) -> tuple[Derived, Named] | None:
    """A table with one record for each value of a column of another table."""
    line = block.line
    counted = _read_counted(draft, line, named_value=False)
    if counted is None:
        return None
    by_node = node_of(line.node.parts[4])
    by = counted.table.columns.get(name_of(by_node))
    if by is None:
        draft.report("E214", line, by_node, name=name_of(by_node), table=name_of(line.node.parts[2]))
        return None
    if not block.rows:
        if line.number not in draft.lost_blocks:
            draft.report("E211", line, None, form=draft.opening(block))
        return None
    columns = {by.name: Column(by.name, by.type, by.low, by.high)}
    made: list[tuple[str, Expression]] = []
    for row in block.rows:
        column = _group_column(draft, row, columns)
        if column is None:
            return None
        columns[column[0].name] = column[0]
        made.append((column[0].name, column[1]))
    name = name_of(line.node.parts[1])
    place = draft.place(line, line.node.parts[1])
    derived = Derived(name, Type("records"), Grouped(Ref(counted.table.key), by.name, tuple(made), counted.where), place)
    return derived, Named(derived.key, derived.type, place, columns)


def _group_column(draft: Draft, row: Line, before: dict[str, Column]) -> tuple[Column, Expression] | None:
    name = name_of(row.node.parts[0])
    if name in before:
        draft.report("E209", row, row.node.parts[0], name=name, line=str(row.number))
        return None
    reader = draft.reader(row)
    typed = reader.read(row.node.parts[2])
    if typed is None:
        return None
    if reader.divisors:
        report_divisor(draft, row, reader.divisors[0][1])
        return None
    if typed.type.kind in ("records", "numbers"):
        reader.fail("E501", typed, wanted=reader.describe(Type("number")), found=reader.describe(typed.type))
        return None
    reading = reader.range_of(typed.expression)
    low, high = (reading.low, reading.high) if isinstance(reading, Range) else (None, None)
    return Column(name, typed.type, low, high), typed.expression


# ---- questionnaires --------------------------------------------------------------------------


def read_surveys(draft: Draft) -> tuple[tuple[DataItem, ...], tuple[Survey, ...]]:
    """The tables that questionnaires imply, put in scope, and the questionnaires."""
    items: list[DataItem] = []
    surveys: list[Survey] = []
    for block in draft.blocks("survey"):
        read = _survey(draft, block)
        name = name_of(block.line.node.parts[1])
        if read is None:
            draft.scope.lost_names |= {name}
            continue
        item, survey = read
        if draft.declare(item.name, Named(item.key, item.type, item.place, {c.name: c for c in item.columns})):
            items.append(item)
            surveys.append(survey)
    draft.scope.surveys = {s.source: s for s in surveys}
    return tuple(items), tuple(surveys)


def _survey(draft: Draft, block: Block) -> tuple[DataItem, Survey] | None:
    _, name_node, kind_word, *clauses = block.line.node.parts
    columns = tuple(_questions(draft, block))
    if not block.rows and block.line.number not in draft.lost_blocks:
        draft.report("E211", block.line, None, form=draft.opening(block))
    if not columns or len({c.name for c in columns}) < sum(len(node_of(r.node.parts[0]).parts) for r in block.rows):
        return None
    needed = least = None
    sent: Expression | None = None
    divisor = False
    for clause in (c for c in clauses if isinstance(c, Node)):
        number = next((w for w in clause.words() if w.kind == "NUMBER"), None)
        if clause.kind == "sent":
            reader = draft.reader(block.line)
            typed = reader.number(clause.parts[1])
            if typed is None:
                return None
            reading = reader.range_of(typed.expression)
            sent, divisor = typed.expression, not (isinstance(reading, Range) and reading.low is not None and reading.low > 0)
        elif number is not None:
            value = draft.whole(block.line, number)
            if value is None:
                return None
            needed, least = (value, least) if clause.kind == "counts_if" else (needed, value)
    if needed is None:
        draft.report("E640", block.line, None, clause=_counts_if(draft))
        return None
    if not 1 <= needed <= len(columns):
        draft.report("E254", block.line, None, count=str(needed), questions=str(len(columns)))
        return None
    place = draft.place(block.line, name_node)
    item = DataItem(name_of(name_node), Type("records", unit_named("份")), place, columns=columns)
    kind = _KINDS[word_of(kind_word).kind]
    return item, Survey(item.name, item.key, kind, columns, needed, place, least, sent, divisor)  # type: ignore[arg-type]


def _counts_if(draft: Draft) -> str:
    parts = [word("COUNTS_IF", draft.language), word("RANGE_FROM", draft.language), "1", word("QUESTIONS_UNIT", draft.language)]
    return " ".join(parts) if draft.language == "en" else f"{parts[0]} {''.join(parts[1:])}"


def _questions(draft: Draft, block: Block) -> Iterator[Column]:
    """The columns of a questionnaire: every question with its answers and their points."""
    seen: dict[str, Line] = {}
    for row in block.rows:
        names, *answers = row.node.parts
        scores: dict[str, Exact | None] = {}
        for answer in (a for a in answers if isinstance(a, Node)):
            label, value = answer.parts
            text = word_of(label).text.strip("【】[] ")
            if text in scores:
                draft.report("E209", row, answer, name=text, line=str(row.number))
                return
            scores[text] = _points(value) if isinstance(value, Node) else None
        if all(s is None for s in scores.values()):
            draft.report("E255", row)
            return
        for part in node_of(names).parts:
            name = name_of(part)
            if name in seen:
                labels = [Label(draft.place(row, part)), Label(draft.place(seen[name]), "first")]
                draft.report_at("E209", labels, name=name, line=str(seen[name].number))
                return
            seen[name] = row
            yield Column(name, Type("choice", options=tuple(scores)), optional=True, scores=tuple(scores.items()))


def _points(node: Node) -> Exact:
    number = next(w for w in node.words() if w.kind == "NUMBER")
    value = read_decimal(number.text)
    return -value if isinstance(node.parts[0], Word) else value


__all__ = ["SegmentReader", "read_groups", "read_surveys"]
