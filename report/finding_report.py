"""Findings with their verification on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..dsl.keywords import Language
from ..engine.field_work import FindingStatus
from ..engine.problem_words import WORDS as TRADE
from .document import Block, Column, Document, Heading, Paragraph, Row, Table, Tone
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    **TRADE,
    "title": ("{unit} 发现的问题", "{unit}: findings"),
    "code": ("指标", "indicator"),
    "text": ("内容", "finding"),
    "sources": ("来源", "sources"),
    "status": ("核实情况", "verification"),
    "by": ("确认", "confirmed by"),
    "against": ("不同意", "disputed by"),
    "of": ("{count}/{needed}方", "{count} of {needed}"),
    "sum": (
        "共{all}项：已核实{verified}，部分核实{partly}，有分歧{disputed}，未核实{unverified}；已核实的进入正式反馈",
        "{all} findings: {verified} verified, {partly} partly, {disputed} in dispute, {unverified} not verified; the verified go into the formal feedback",
    ),
    "nothing": ("{unit}没有登记发现的问题", "{unit}: no findings are entered"),
}
_TONES: Mapping[str, Tone] = {"verified": "good", "partly": "warn", "disputed": "bad", "unverified": "dim"}


def findings_document(unit: str, statuses: Sequence[FindingStatus], language: Language) -> Document:
    """Every finding with where it stands, and how many may go into the formal feedback."""
    say = Phrases(language, WORDS)
    if not statuses:
        return Document((Paragraph(say("nothing", unit=unit)),))
    titles = ("code", "text", "sources", "status", "by", "against")
    columns = tuple(Column(say(t), wrap=t in ("text", "sources")) for t in titles)
    rows = tuple(_row(s, say) for s in statuses)
    counts = {k: str(sum(s.status == k for s in statuses)) for k in ("verified", "partly", "disputed", "unverified")}
    blocks: tuple[Block, ...] = (
        Heading(say("title", unit=unit)), Table(columns, rows), Paragraph(say("sum", all=str(len(statuses)), **counts)),
    )  # fmt: skip
    return Document(blocks)


def _row(status: FindingStatus, say: Phrases) -> Row:
    finding = status.finding
    agreed = [p for p in finding.confirmed if p in status.parties]
    by = say.comma.join(say(p) for p in agreed) or "–"
    count = say("of", count=str(len(agreed)), needed=str(status.needed))
    cells = (
        finding.code, finding.text, say.comma.join(finding.sources), say(status.status), f"{by}（{count}）" if say.language == "zh" else f"{by} ({count})",
        say.comma.join(say(p) for p in finding.disputed) or "–",
    )  # fmt: skip
    return Row(cells, _TONES[status.status])


def finding_status_data(status: FindingStatus) -> dict[str, Any]:
    """A finding as plain data; its shape is stable."""
    finding = status.finding
    return {
        "indicator": finding.code, "text": finding.text, "matter": finding.matter, "sources": list(finding.sources),
        "confirmed_by": list(finding.confirmed), "disputed_by": list(finding.disputed), "evidence": list(finding.evidence),
        "parties": list(status.parties), "needed": status.needed, "status": status.status,
        "enters_formal_feedback": status.enters_formal_feedback,
    }  # fmt: skip
