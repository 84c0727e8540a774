"""What field work collected, on paper: bands of rosters, questionnaires question by question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..dsl.describe import show_number
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.numbers import divide, exact_text, fixed
from ..engine.instruments import SurveyStatus, outside, survey_statuses
from ..engine.record import Result
from .document import Block, Column, Document, Heading, Paragraph, Row, Table
from .figures import points_text
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    "collected": ("{table}：从 {file} 读入{count}{unit}，列：{columns}", "{table}: {count}{unit} read from {file}; columns: {columns}"),
    "records": ("条", " records"),
    "written": ("已写入 {file}", "written to {file}"),
    "pseudonyms": ("；个人信息列以代号写入：{columns}", "; personal columns as pseudonyms: {columns}"),
    "shown": ("；姓名照写，身份证号只留头三位和末四位", "; names as they are, identity numbers with their first three and last four characters"),
    "band": ("段", "band"),
    "count": ("人数", "count"),
    "share": ("占比", "share"),
    "outside": ("段外", "outside"),
    "together": ("合计", "total"),
    "question": ("题", "question"),
    "mean": ("平均分", "mean"),
    "counted": ("计分答案", "counted"),
    "blank": ("空白", "blank"),
    "skipped": ("不计", "not counted"),
    "survey": (
        "{name}（{kind}）：{sent}收回{returned}份，有效{valid}份{rate}{straight}",
        "{name} ({kind}): {sent}{returned} returned, {valid} valid{rate}{straight}",
    ),
    "sent": ("发放{sent}份，", "{sent} sent, "),
    "rate": ("，收回率{rate}", ", return rate {rate}"),
    "straight": ("，{count}份各题答案相同", ", {count} with one answer throughout"),
    "internal": ("内部", "internal"),
    "external": ("外部", "external"),
    "recipients": ("服务对象", "service recipients"),
}


@frozen
class Collected:
    """What one call of ``ruleeval collect`` read, and where it was written."""

    table: str
    file: str
    count: int
    unit: str
    columns: tuple[str, ...]
    written: str | None
    apart: tuple[str, ...] = ()
    personal: bool = False


def collected_document(done: Collected, result: Result, source: str, language: Language) -> Document:
    """What was read, and what it comes to."""
    say = Phrases(language, WORDS)
    unit = done.unit or say("records")
    gap = " " if language == "en" and done.unit else ""
    facts = {"table": done.table, "file": done.file, "count": str(done.count), "unit": gap + unit}
    blocks: list[Block] = [Paragraph(say("collected", **facts, columns=say.comma.join(done.columns)), "strong")]
    blocks += instrument_blocks(result, language, source)
    if done.written is not None:
        how = say("shown") if done.personal else say("pseudonyms", columns=say.comma.join(done.apart))
        blocks.append(Paragraph(say("written", file=done.written) + (how if done.apart else ""), "good"))
    return Document(tuple(blocks))


def instrument_blocks(result: Result, language: Language, source: str | None = None) -> Iterator[Block]:
    """Bands and questionnaires of a result, or of one table of it."""
    say = Phrases(language, WORDS)
    for segments in result.ruleset.segments:
        if source in (None, segments.source) and isinstance(result.values.get(segments.source), tuple):
            yield Heading(segments.name, 2)
            yield _bands(result, segments.name, say)
    for status in survey_statuses(result):
        if source in (None, status.survey.source):
            yield from _survey(status, say)


def _bands(result: Result, name: str, say: Phrases) -> Table:
    segments = next(s for s in result.ruleset.segments if s.name == name)
    counts = [(label, result.values.get(f"derived.{label}")) for label, _ in segments.bands]
    known = [n for _, n in counts if isinstance(n, int)]
    inside = sum(known)
    rows = [Row((label, _count(n), _share(n, inside))) for label, n in counts]
    beyond = next((o for o in outside(result) if o.segments is segments), None)
    if beyond is not None:
        values = say.comma.join(show_number(v, segments.type, say.language) for v, _ in beyond.values[:5])
        rows.append(Row((f"{say('outside')}（{values}）", str(beyond.count), "–"), "warn"))
    total = inside + (beyond.count if beyond is not None else 0)
    rows.append(Row((say("together"), str(total) if len(known) == len(counts) else "–", ""), "strong"))
    return Table((Column(say("band")), Column(say("count"), "right"), Column(say("share"), "right")), tuple(rows))


def _count(value: Any) -> str:
    return str(value) if isinstance(value, int) else "?"


def _share(value: Any, total: int) -> str:
    return f"{fixed(divide(value * 100, total), 1)}%" if isinstance(value, int) and total else "–"


def _survey(status: SurveyStatus, say: Phrases) -> Iterator[Block]:
    sent = "" if status.sent is None else say("sent", sent=exact_text(status.sent))
    rate = say("rate", rate=f"{fixed(divide(status.returned * 100, status.sent), 1)}%") if status.sent else ""
    straight = say("straight", count=str(status.straight)) if status.straight else ""
    facts = {"name": status.survey.name, "kind": say(status.survey.kind), "returned": str(status.returned), "valid": str(status.valid)}
    yield Paragraph(say("survey", **facts, sent=sent, rate=rate, straight=straight))
    rows = tuple(
        Row((q.name, str(q.counted), str(q.blank), str(q.skipped), "–" if q.mean is None else points_text(q.mean))) for q in status.questions
    )
    titles = ("question", "counted", "blank", "skipped", "mean")
    yield Table(tuple(Column(say(t), "left" if t == "question" else "right", wrap=t == "question") for t in titles), rows)


def collected_data(done: Collected, result: Result, source: str) -> dict[str, Any]:
    """The same as plain data; its shape is stable."""
    return {
        "shape": 1, "table": done.table, "file": done.file, "records": done.count, "columns": list(done.columns),
        "written": done.written, **instrument_data(result, source),
    }  # fmt: skip


def instrument_data(result: Result, source: str | None = None) -> dict[str, Any]:
    """Bands and questionnaires of a result as plain data."""
    beyond = {o.segments.name: o for o in outside(result)}
    chosen = [s for s in result.ruleset.segments if source in (None, s.source) and isinstance(result.values.get(s.source), tuple)]
    return {
        "segments": [
            {
                "name": s.name,
                "bands": [{"name": label, "count": n if isinstance(n := result.values.get(f"derived.{label}"), int) else None} for label, _ in s.bands],
                "outside": [{"value": exact_text(v), "count": n} for v, n in (beyond[s.name].values if s.name in beyond else ())],
            }
            for s in chosen
        ],
        "questionnaires": [_survey_data(s) for s in survey_statuses(result) if source in (None, s.survey.source)],
    }


def _survey_data(status: SurveyStatus) -> dict[str, Any]:
    return {
        "name": status.survey.name, "kind": status.survey.kind, "sent": None if status.sent is None else exact_text(status.sent),
        "returned": status.returned, "valid": status.valid, "one_answer_throughout": status.straight,
        "questions": [
            {"name": q.name, "counted": q.counted, "blank": q.blank, "not_counted": q.skipped, "mean": None if q.mean is None else exact_text(q.mean)}
            for q in status.questions
        ],
    }  # fmt: skip


__all__ = ["WORDS", "Collected", "collected_data", "collected_document", "instrument_blocks", "instrument_data"]
