"""The results ledger on paper: lists of entries, one entry, what verifying and replaying found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..dsl.keywords import Language
from ..engine.chain import Break, Entry
from ..engine.problem_words import WORDS as TRADE
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    "entries": ("评估结果台账", "results ledger"),
    "none": ("台账里还没有这样的记录。", "the ledger holds no such entry."),
    "number": ("条", "entry"),
    "kind": ("种类", "kind"),
    "unit": ("单位", "unit"),
    "about": ("内容", "what"),
    "by": ("登录名", "by"),
    "problem": ("问题", "problem"),
    "problem-act": ("问题办理", "problem act"),
    "evaluation": ("评估结果", "evaluation"),
    "recorded": ("已记入台账第{number}条：{unit}，{outcome}", "recorded as entry {number}: {unit}, {outcome}"),
    "replaced": ("（个人信息已以代号代替：{columns}）", " (personal data replaced by pseudonyms: {columns})"),
    "decided": ("{score}分", "{score} points"),
    "undecided": ("暂不能确定", "cannot be decided yet"),
    "withheld": ("不给出结果", "no result"),
    "unscored": ("不评分", "not scored"),
    "graded": ("，{grade}", ", {grade}"),
    "entry": ("第{number}条　{kind}", "entry {number}: {kind}"),
    "recorded_at": ("记入时间：{at}（UTC）", "recorded: {at} (UTC)"),
    "actor_given": ("登录名：{actor}（本人填报）", "by: {actor} (as given)"),
    "actor_system": ("登录名：{actor}（取自系统）", "by: {actor} (from the system)"),
    "unit_line": ("单位：{unit}　基准日：{as_of}", "unit: {unit}; as of {as_of}"),
    "rules_line": ("规则集：{name} {version}", "ruleset: {name} {version}"),
    "rules_text": ("规则文本：{name}（{digest}）", "text of the rules: {name} ({digest})"),
    "data_line": ("单位数据：{name}（{digest}）", "data of the unit: {name} ({digest})"),
    "engine_line": ("程序版本：{engine}", "program: version {engine}"),
    "outcome_line": ("结果：{outcome}", "outcome: {outcome}"),
    "hash_line": ("本条散列：{hash}", "hash of this entry: {hash}"),
    "sound": ("台账完好：共{count}条，与记录时一致", "the ledger is sound; entries, all as recorded: {count}"),
    "end_line": ("最后一条的散列：{hash}（另处记下，可发现末尾被删）", "hash of the last entry: {hash} (noted elsewhere, it shows a cut-off end)"),
    "same": ("第{number}条复现一致：{unit}，{outcome}，逐字节相同", "entry {number} replayed: {unit}, {outcome}, the same to the byte"),
    "changed": ("{path}：记录为{then}，现在为{now}", "{path}: {then} then, {now} now"),
    "break_number": ("编号应为{about}，却是{number}", "number {number} where {about} should be"),
    "break_previous": ("第{number}条与前一条接不上", "entry {number} does not follow the one before"),
    "break_hash": ("第{number}条的内容与其散列不符", "the content of entry {number} is not what its hash says"),
    "break_body": ("第{number}条的内容读不出", "the content of entry {number} cannot be read"),
    "break_lost": ("第{number}条引用的原文丢失：{about}", "a text that entry {number} names is lost: {about}"),
    "break_text": ("留存的原文被改动：{about}", "a kept text was changed: {about}"),
    "break_damage": ("数据库文件损坏：{about}", "the database file is damaged: {about}"),
    "break_end": ("最后一条不是所说的那条：{about}", "the last entry is not the one named: {about}"),
    "backed_up": ("已备份{count}条到 {path}", "backed up to {path}; entries: {count}"),
    "restored": ("已从 {path} 恢复{count}条", "restored from {path}; entries: {count}"),
    "exported": ("已导出{count}条到 {path}", "exported to {path}; entries: {count}"),
}


def outcome_text(outcome: Mapping[str, Any], language: Language) -> str:
    """An evaluation's outcome in a few words."""
    say = Phrases(language, WORDS)
    score = outcome["score"]
    told = say("decided", score=score) if outcome["state"] == "decided" and score is not None else say(outcome["state"])
    return told + (say("graded", grade=outcome["grade"]) if outcome["grade"] else "")


def about_entry(entry: Entry, language: Language) -> tuple[str, str]:
    """The unit that an entry is about, and what it says of it, for a line of a list."""
    data = entry.data
    if entry.kind != "evaluation":
        return _other_entry(data, language)
    return data["unit"]["name"], f"{data['as_of']} {outcome_text(data['outcome'], language)}"


def _other_entry(data: Mapping[str, Any], language: Language) -> tuple[str, str]:
    column = 0 if language == "zh" else 1
    if "act" in data:
        said = TRADE[data["act"]][column]
        return "", f"{data['on']} {said} {data['problem']}"
    return data["unit"]["name"], f"{data['on']} {data['description']}"


def entries_document(entries: Iterable[Entry], language: Language) -> Document:
    """Entries, one a row."""
    say = Phrases(language, WORDS)
    rows = [
        Row((str(e.number), say(e.kind), *about_entry(e, language), e.actor)) for e in entries
    ]  # fmt: skip
    if not rows:
        return Document((Paragraph(say("none")),))
    columns = (Column(say("number"), "right"), Column(say("kind")), Column(say("unit"), wrap=True), Column(say("about"), wrap=True), Column(say("by")))
    return Document((Heading(say("entries")), Table(columns, tuple(rows))))


def entry_document(entry: Entry, language: Language) -> Document:
    """One entry in full."""
    say, data = Phrases(language, WORDS), entry.data
    blocks: list[Block] = [
        Heading(say("entry", number=str(entry.number), kind=say(entry.kind))),
        Paragraph(say("recorded_at", at=entry.at)),
        Paragraph(say(f"actor_{entry.named}", actor=entry.actor)),
    ]
    if entry.kind != "evaluation":
        unit, about = about_entry(entry, language)
        told = [Paragraph(unit)] if unit else []
        return Document((*blocks, *told, Paragraph(about), Paragraph(say("hash_line", hash=entry.hash), "dim")))
    lines = [say("unit_line", unit=data["unit"]["name"], as_of=data["as_of"]), say("outcome_line", outcome=outcome_text(data["outcome"], language))]
    lines.append(say("rules_line", name=data["ruleset"]["name"], version=data["ruleset"]["version"]))
    lines += [say("rules_text", name=t["file"], digest=t["digest"]) for t in data["ruleset"]["texts"]]
    lines.append(say("data_line", name=data["data"]["name"], digest=data["data"]["digest"]))
    lines.append(say("engine_line", engine=data["engine"]))
    blocks += [Paragraph(line) for line in lines]
    return Document((*blocks, Paragraph(say("hash_line", hash=entry.hash), "dim")))


def recorded_text(entry: Entry, language: Language) -> str:
    """That an evaluation was recorded."""
    say, data = Phrases(language, WORDS), entry.data
    text = say("recorded", number=str(entry.number), unit=data["unit"]["name"], outcome=outcome_text(data["outcome"], language))
    replaced = data["data"]["replaced"]
    return text + (say("replaced", columns=say.comma.join(replaced)) if replaced else "")


def replay_text(entry: Entry, language: Language) -> str:
    """That a replay gave the same."""
    say, data = Phrases(language, WORDS), entry.data
    return say("same", number=str(entry.number), unit=data["unit"]["name"], outcome=outcome_text(data["outcome"], language))


def differences_document(found: Sequence[tuple[str, str, str]], language: Language) -> Document:
    """Where a replay and the record differ, the first twenty."""
    say = Phrases(language, WORDS)
    return Document((Items(tuple(Item(say("changed", path=p, then=a, now=b)) for p, a, b in found[:20])),))


def breaks_document(found: Sequence[Break], language: Language) -> Document:
    """Where a ledger is not as it was recorded."""
    say = Phrases(language, WORDS)
    told = (say(f"break_{b.what}", number=str(b.number), about=b.about) for b in found)
    return Document((Items(tuple(Item(t, tone="bad") for t in told)),))


def entry_data(entry: Entry) -> dict[str, Any]:
    """One entry as plain data; its shape is stable."""
    return {
        "number": entry.number, "kind": entry.kind, "at": entry.at, "actor": entry.actor, "named": entry.named,
        "body": entry.data, "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip


def entries_csv(entries: Iterable[Entry], language: Language) -> str:
    """Entries as a table for a spreadsheet: with a byte-order mark, no cell a formula."""
    say = Phrases(language, WORDS)
    head = [say(k) for k in ("number", "kind", "unit", "about", "by")] + ["at", "hash"]
    rows = [[str(e.number), say(e.kind), *about_entry(e, language), e.actor, e.at, e.hash] for e in entries]
    return "\ufeff" + "".join(",".join(map(_cell, row)) + "\r\n" for row in [head, *rows])


def _cell(text: str) -> str:
    safe = f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if any(c in safe for c in ',"\r\n') else safe
