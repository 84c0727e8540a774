"""What field work collected at many units: person-times, returns, records; and what is still short."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.numbers import divide, exact_text, fixed
from ..engine.field_work import Coverage, coverage, interviews_by_rank
from ..engine.instruments import SurveyStatus, rows_of, survey_statuses
from ..engine.record import Result
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .instrument_report import instrument_blocks, instrument_data
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("{count}个单位的名册、问卷、访谈", "rosters, questionnaires and interviews of {count} units"),
    "title_one": ("{unit} 的名册、问卷、访谈", "rosters, questionnaires and interviews of {unit}"),
    "unit": ("单位", "unit"),
    "records": ("记录", "records"),
    "sent": ("发放", "sent"),
    "returned": ("收回", "returned"),
    "valid": ("有效", "valid"),
    "interviews": ("访谈人次", "interviews"),
    "documents": ("佐证份数", "documents"),
    "together": ("合计", "total"),
    "mean": ("平均", "mean"),
    "rank": ("职级", "rank"),
    "coverage": ("访谈覆盖", "interviews asked for"),
    "covered": ("{code} {name}：{ranks} {count}/{least}人次", "{code} {name}: {ranks} {count} of {least}"),
    "nothing": ("没有登记访谈", "no interviews are entered"),
}


@frozen
class UnitInstruments:
    """One unit: records of its tables, its questionnaires, interviews by rank, and what is asked for."""

    result: Result
    records: int
    surveys: tuple[SurveyStatus, ...]
    ranks: Mapping[str, int]
    coverage: tuple[Coverage, ...]
    documents: int

    @property
    def interviews(self) -> int:
        return sum(self.ranks.values())

    def figures(self) -> tuple[int, int, int, int, int, int]:
        """Records, sent, returned, valid, interviews, documents."""
        sent = sum(int(s.sent) for s in self.surveys if s.sent is not None)
        return self.records, sent, sum(s.returned for s in self.surveys), sum(s.valid for s in self.surveys), self.interviews, self.documents


def of_unit(result: Result) -> UnitInstruments:
    """What was collected at the unit of a result."""
    surveys = tuple(survey_statuses(result))
    apart = {s.source for s in result.ruleset.surveys}
    tables = (d.key for d in result.ruleset.data if d.type.kind == "records" and d.key not in apart)
    records = sum(len(rows_of(result, key) or ()) for key in tables)
    documents = sum(e.copies for e in result.unit.evidence or ())
    asked = tuple(coverage(result.ruleset, result.unit))
    return UnitInstruments(result, records, surveys, interviews_by_rank(result.unit), asked, documents)


_FIGURES = ("records", "sent", "returned", "valid", "interviews", "documents")


def instruments_document(units: Sequence[UnitInstruments], language: Language) -> Document:
    """One unit in full, or many as a table with totals and means."""
    say = Phrases(language, WORDS)
    if len(units) == 1:
        return Document(tuple(_one(units[0], say)))
    columns = (Column(say("unit"), wrap=True), *(Column(say(f), "right") for f in _FIGURES))
    rows = [Row((u.result.unit.name, *map(str, u.figures()))) for u in units]
    totals = [sum(u.figures()[i] for u in units) for i in range(len(_FIGURES))]
    rows.append(Row((say("together"), *map(str, totals)), "strong"))
    rows.append(Row((say("mean"), *(fixed(divide(t, len(units)), 1) for t in totals)), "strong"))
    blocks: list[Block] = [Heading(say("title", count=str(len(units)))), Table(columns, tuple(rows)), *_ranks(units, say)]
    short = tuple(Item(f"{u.result.unit.name}　{_covered(c, say)}", tone="warn") for u in units for c in u.coverage if c.short)
    if short:
        blocks += [Heading(say("coverage"), 2), Items(short)]
    return Document(tuple(blocks))


def _one(unit: UnitInstruments, say: Phrases) -> list[Block]:
    blocks: list[Block] = [Heading(say("title_one", unit=unit.result.unit.name)), *instrument_blocks(unit.result, say.language)]
    blocks += _ranks([unit], say)
    if unit.coverage:
        blocks.append(Heading(say("coverage"), 2))
        blocks.append(Items(tuple(Item(_covered(c, say), tone="warn" if c.short else "good") for c in unit.coverage)))
    return blocks


def _ranks(units: Sequence[UnitInstruments], say: Phrases) -> list[Block]:
    found: dict[str, int] = {}
    for unit in units:
        for rank, count in unit.ranks.items():
            found[rank] = found.get(rank, 0) + count
    if not found:
        return [Paragraph(say("nothing"), "dim")]
    rows = [Row((rank, str(count))) for rank, count in found.items()]
    rows.append(Row((say("together"), str(sum(found.values()))), "strong"))
    return [Table((Column(say("rank")), Column(say("interviews"), "right")), tuple(rows))]


def _covered(one: Coverage, say: Phrases) -> str:
    facts = {"code": one.indicator.code, "name": one.indicator.name, "ranks": say.comma.join(one.rule.ranks)}
    return say("covered", **facts, count=str(one.count), least=str(one.rule.at_least))


def instruments_data(units: Sequence[UnitInstruments]) -> dict[str, Any]:
    """The same as plain data; its shape is stable."""
    totals = [sum(u.figures()[i] for u in units) for i in range(len(_FIGURES))]
    return {
        "shape": 1,
        "units": [_unit_data(u) for u in units],
        "totals": dict(zip(_FIGURES, totals, strict=True)),
        "means": {f: exact_text(divide(t, len(units))) for f, t in zip(_FIGURES, totals, strict=True)} if units else {},
    }


def _unit_data(unit: UnitInstruments) -> dict[str, Any]:
    return {
        "unit": unit.result.unit.name, **dict(zip(_FIGURES, unit.figures(), strict=True)), "interviews_by_rank": dict(unit.ranks),
        "coverage": [
            {"code": c.indicator.code, "ranks": list(c.rule.ranks), "asked": c.rule.at_least, "held": c.count} for c in unit.coverage
        ],
        **instrument_data(unit.result),
    }  # fmt: skip
