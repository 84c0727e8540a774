"""Units that are due, and reasons for and against a request for posts, on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..dsl.formula import show_value
from ..dsl.keywords import Language
from ..dsl.model import DataItem, Derived, Parameter
from ..dsl.use import UseOfResults
from ..engine.advise import Told
from ..engine.chain import Entry
from ..engine.explain import number_text
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    "due_title": ("{date} 应评估的单位", "units due for evaluation on {date}"),
    "none_due": ("没有到期的单位。", "no unit is due."),
    "unit": ("单位", "unit"),
    "last": ("上次评估", "last evaluated"),
    "grade": ("等次", "grade"),
    "due": ("应评日期", "due"),
    "advice_title": ("{unit} 申请编制{posts}名：审批参考", "{unit} asks for {posts} posts: what its results say"),
    "based": ("依据：第{entry}条评估结果（{as_of}）", "based on evaluation {entry} ({as_of})"),
    "against": ("慎批理由", "reasons against"),
    "in_favour": ("支持理由", "reasons in favour"),
    "open": ("不能判断", "cannot be told"),
    "reason": ("{words}（{text}：{values}）", "{words} ({text}: {values})"),
    "missing": ("{words}（缺{missing}）", "{words} (missing: {missing})"),
    "no_reason": ("没有支持或慎批的理由。", "there is no reason for or against."),
    "only_advice": ("仅供审批参考，不作决定。", "This is advice; it decides nothing."),
}


def due_list_document(rows: Sequence[tuple[Entry, date]], on: date, language: Language) -> Document:
    """Units that are due on a day, the longest due first."""
    say = Phrases(language, WORDS)
    head = Heading(say("due_title", date=on.isoformat()))
    if not rows:
        return Document((head, Paragraph(say("none_due"))))
    columns = (Column(say("unit"), wrap=True), Column(say("last")), Column(say("grade")), Column(say("due")))
    shown = tuple(Row((e.data["unit"]["name"], e.data["as_of"], e.data["outcome"]["grade"] or "–", day.isoformat())) for e, day in rows)
    return Document((head, Table(columns, shown)))


def advice_document(use: UseOfResults, entry: Entry, posts: int, told: Sequence[Told], language: Language) -> Document:
    """The reasons that apply, with the values they rest on."""
    say = Phrases(language, WORDS)
    blocks: list[Block] = [
        Heading(say("advice_title", unit=entry.data["unit"]["name"], posts=str(posts))),
        Paragraph(say("based", entry=str(entry.number), as_of=entry.data["as_of"]), "dim"),
    ]
    groups = (
        ("against", [t for t in told if t.holds and not t.reason.in_favour]), ("in_favour", [t for t in told if t.holds and t.reason.in_favour]),
        ("open", [t for t in told if t.holds is None]),
    )  # fmt: skip
    for title, members in groups:
        if members:
            blocks += [Heading(say(title), 2), Items(tuple(Item(_reason(use, t, say)) for t in members))]
    if not any(t.holds for t in told):
        blocks.append(Paragraph(say("no_reason")))
    return Document((*blocks, Paragraph(say("only_advice"))))


def _reason(use: UseOfResults, told: Told, say: Phrases) -> str:
    if told.holds is None:
        return say("missing", words=told.reason.words, missing=say.comma.join(told.missing))
    values = say.comma.join(f"{name} {_shown(use, name, value, say)}" for name, value in told.values)
    return say("reason", words=told.reason.words, text=told.reason.text, values=values)


def _shown(use: UseOfResults, name: str, value: Any, say: Phrases) -> str:
    declared: tuple[DataItem | Derived | Parameter, ...] = (*use.declared.data, *use.declared.derived, *use.declared.parameters)
    kind = next((n.type for n in declared if n.name == name), None)
    if isinstance(value, (str, bool, date)):
        return show_value(value, say.language).strip('"“”')
    return number_text(value, kind, say.language)


def due_data(rows: Sequence[tuple[Entry, date]]) -> list[dict[str, Any]]:
    """Units that are due as plain data."""
    return [
        {"unit": e.data["unit"]["name"], "entry": e.number, "as_of": e.data["as_of"], "grade": e.data["outcome"]["grade"], "due": day.isoformat()}
        for e, day in rows
    ]


def advice_data(use: UseOfResults, entry: Entry, posts: int, told: Sequence[Told], language: Language) -> dict[str, Any]:
    """Advice as plain data; its shape is stable."""
    say = Phrases(language, WORDS)
    return {
        "unit": entry.data["unit"]["name"], "requested": posts, "entry": entry.number, "decides": False,
        "reasons": [
            {"side": "in_favour" if t.reason.in_favour else "against", "holds": t.holds, "words": t.reason.words, "condition": t.reason.text,
             "values": {n: _shown(use, n, v, say) for n, v in t.values}, "missing": list(t.missing)}
            for t in told
        ],
    }  # fmt: skip
