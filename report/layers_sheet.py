"""A ruleset and the layers it was made of: who set what, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ..dsl.keywords import KEYWORDS, Language, word
from ..dsl.layers.book import LEVELS, Address, Book
from ..dsl.layers.edits import HEADING_ASPECTS
from ..dsl.layers.resolve import Resolved, locate, text_at
from ..dsl.model import Indicator, Ruleset, Setting
from ..dsl.numbers import exact_text
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table

_ACTS: Mapping[str, tuple[str, str]] = {
    "add": ("新增", "added"), "change": ("调整", "changed"), "remove": ("减少", "removed"), "move": ("移动", "moved"),
}  # fmt: skip


def aspect_word(aspect: str, language: Language) -> str:
    """What a reader calls one aspect of an indicator."""
    if aspect == "share":
        return "分值或权重" if language == "zh" else "points or weight"
    if aspect == "code":
        return "编码" if language == "zh" else "code"
    return word(HEADING_ASPECTS.get(aspect, aspect.upper()), language)


def thing_word(setting: Setting, language: Language) -> str:
    """What a setting is about, in the reader's words: a code, a named row, a statement of the head."""
    if setting.group == "item":
        return setting.key
    kind = setting.kind.upper()
    section = word(kind, language) if kind in KEYWORDS else setting.kind
    name = setting.key.split(" ", 1)[1] if setting.kind in ("subtotal",) else setting.key if setting.group != "head" else ""
    return f"{section} {name}".strip()


def layers_sheet(ruleset: Ruleset, resolved: Resolved, language: Language) -> Document:
    """The layers of a ruleset, what each did, and its tree with the layer that every part comes from."""
    zh = language == "zh"
    blocks: list[Block] = [Heading(f"{ruleset.name} {ruleset.version}")]
    blocks.append(_layers_table(resolved, language))
    blocks.append(Heading("指标" if zh else "Indicators", 2))
    columns = (
        Column("编码" if zh else "code"), Column("指标" if zh else "indicator", wrap=True), Column("分值" if zh else "points", "right"),
        Column("来自" if zh else "from", wrap=True), Column("其后的改动" if zh else "changed since", wrap=True),
    )  # fmt: skip
    rows = tuple(_indicator_row(i, ruleset, resolved, language) for i in ruleset.by_code.values())
    blocks.append(Table(columns, rows))
    removed = [s for s in resolved.settings if s.act == "remove" and s.group == "item" and not s.aspect]
    if removed:
        blocks.append(Heading("减少的指标" if zh else "Removed", 2))
        blocks.append(Items(tuple(Item(_told(s, resolved, language)) for s in removed)))
    return Document(tuple(blocks))


def _layers_table(resolved: Resolved, language: Language) -> Table:
    zh = language == "zh"
    titles = ("层", "文件", "新增", "调整", "改权重", "移动", "减少") if zh else ("layer", "file", "added", "changed", "reweighed", "moved", "removed")
    rows = []
    for number, source in enumerate(resolved.sources):
        counts = act_counts([s for s in resolved.settings if s.layer == number])
        cells = [str(counts[a]) if number else "–" for a in ("add", "change", "reweigh", "move", "remove")]
        rows.append(Row((f"{source.name} {source.version}", source.file, *cells)))
    aligned = [Column(t, "right") if i > 1 else Column(t, wrap=True) for i, t in enumerate(titles)]
    return Table(tuple(aligned), tuple(rows))


def act_counts(settings: Sequence[Setting]) -> Counter[str]:
    """How many indicators a layer added, changed, reweighed, moved and removed, each counted once."""
    things = {(s.key, "reweigh" if s.aspect == "share" else s.act if not (s.act == "remove" and s.aspect) else "change") for s in settings if s.group == "item"}
    return Counter(act for _, act in things)


def _indicator_row(indicator: Indicator, ruleset: Ruleset, resolved: Resolved, language: Language) -> Row:
    own = [s for s in resolved.settings if s.group == "item" and s.key == indicator.code]
    origin = resolved.origins.get(indicator.code, (ruleset.name, indicator.code))
    came = origin[0] if origin[1] == indicator.code else f"{origin[0]} {origin[1]}"
    later = [s for s in own if s.act != "add"]
    mark = "、" if language == "zh" else ", "
    told = mark.join(dict.fromkeys(f"{aspect_word(s.aspect, language)}" for s in later))
    indent = ("　" if language == "zh" else "  ") * (indicator.level - 1)
    return Row((indicator.code, indent + indicator.name, exact_text(indicator.points), came, told), "strong" if indicator.level == 1 else "plain")


def why_sheet(code: str, ruleset: Ruleset, resolved: Resolved, language: Language) -> Document:
    """Every part of one indicator: what it is now, which layer set it, why, and what it was before."""
    zh = language == "zh"
    indicator = ruleset.by_code[code]
    origin = resolved.origins.get(code, (ruleset.name, code))
    came = f"来自“{origin[0]}”的{origin[1]}" if zh else f'comes from {origin[1]} of "{origin[0]}"'
    blocks: list[Block] = [Heading(f"{code} {indicator.name}"), Paragraph(came, "dim")]
    for part in why(code, resolved):
        blocks.append(Heading(aspect_word(part["aspect"], language), 2))
        blocks.append(Items(tuple(Item(line) for line in part["text"].split("\n"))))
        history = [s for s in resolved.settings if s.group == "item" and s.key == code and s.aspect == part["aspect"]]
        told = [_told(s, resolved, language) for s in history] or [came]
        blocks.append(Paragraph(("；".join(told) if zh else "; ".join(told)), "dim"))
    return Document(tuple(blocks))


def why(code: str, resolved: Resolved) -> list[dict[str, Any]]:
    """The parts of an indicator with their texts and history, as plain data."""
    return [
        {
            "aspect": aspect,
            "text": text_at(resolved.book, Address("item", "", code, aspect)),
            "set_by": [setting_data(s, resolved) for s in resolved.settings if s.group == "item" and s.key == code and s.aspect in (aspect, "")],
        }
        for aspect in aspects_of(resolved.book, code)
    ]


def aspects_of(book: Book, code: str) -> list[str]:
    """The aspects that an indicator of a book has, in written order."""
    block = book.items[code]
    found = ["code", "name"] + (["share"] if block.kind in LEVELS | {"bonus", "extra"} else [])
    return [a for a in dict.fromkeys((*found, *(f.kind for f in block.fields))) if text_at(book, Address("item", "", code, a))]


def setting_data(setting: Setting, resolved: Resolved) -> dict[str, Any]:
    """One setting as plain data."""
    source, line = locate(resolved.sources, setting.place.line)
    return {
        "layer": f"{source.name} {source.version}", "file": source.file, "line": line, "act": setting.act, "old": setting.old,
        "new": setting.new, "reason": setting.reason,
    }  # fmt: skip


def _told(setting: Setting, resolved: Resolved, language: Language) -> str:
    source, line = locate(resolved.sources, setting.place.line)
    act = _ACTS[setting.act][0 if language == "zh" else 1]
    old = setting.old.split("\n")[0]
    if language == "zh":
        was = f"，原为“{old}”" if old and setting.act != "add" else ""
        why = f"，理由：{setting.reason}" if setting.reason else ""
        return f"{source.name} {source.version}（{source.file} 第{line}行）{act}{was}{why}"
    was = f', was "{old}"' if old and setting.act != "add" else ""
    why = f", reason: {setting.reason}" if setting.reason else ""
    return f"{act} by {source.name} {source.version} ({source.file}, line {line}){was}{why}"
