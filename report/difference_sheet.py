"""Difference -> document: what was added, changed, moved and removed, with reasons, points and counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dsl.keywords import KEYWORDS, Language, word
from ..dsl.layers.difference import Change, Counts, Difference, Version
from ..dsl.numbers import Exact, distance, divide, exact_text
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table, Versus
from .figures import rate_text
from .layers_sheet import aspect_word

_ACTS = {"added": ("新增", "added"), "changed": ("调整", "changed"), "moved": ("移动", "moved"), "removed": ("减少", "removed")}


def difference_sheet(old: Version, new: Version, found: Difference, language: Language) -> Document:
    """One ruleset against another."""
    zh = language == "zh"
    arrow = f"{_title(old)} → {_title(new)}"
    blocks: list[Block] = [Heading(arrow)]
    if found.empty:
        blocks.append(Paragraph("没有不同" if zh else "no difference"))
    blocks += _items(found, old, new, language)
    blocks += _others(found, language)
    blocks += _points(found, old, new, language)
    if found.proposals:
        blocks.append(Heading("也许是同一个指标，请用 --match 确认" if zh else "perhaps the same indicator; say so with --match", 2))
        blocks.append(Items(tuple(Item(f"--match {p.old}={p.new}  {p.old_name}") for p in found.proposals)))
    blocks.append(counts_paragraph(found.common, found.individual, language))
    return Document(tuple(blocks))


def counts_paragraph(common: Counts, individual: Counts, language: Language) -> Paragraph:
    """The counts as the source counts them."""
    told = _counted(common, language)
    if individual.total:
        told += ("；个性指标" if language == "zh" else "; individual indicators: ") + _counted(individual, language)
    return Paragraph(("共性指标" if language == "zh" else "common indicators: ") + told, "strong")


def _counted(counts: Counts, language: Language) -> str:
    adjusted, added, removed = len(counts.adjusted), len(counts.added), len(counts.removed)
    if language == "zh":
        return f"调整{adjusted}项、新增{added}项、减少{removed}项，合计{counts.total}项"
    return f"{adjusted} adjusted, {added} added, {removed} removed, {counts.total} in all"


def _title(version: Version) -> str:
    return f"{version.ruleset.name} {version.ruleset.version}"


def _items(found: Difference, old: Version, new: Version, language: Language) -> list[Block]:
    zh = language == "zh"
    blocks: list[Block] = []
    items = [c for c in found.changes if c.group == "item"]
    for act in ("added", "removed"):
        chosen = [c for c in items if c.act == act and not c.aspect]
        if chosen:
            side = new if act == "added" else old
            blocks.append(Heading(f"{_ACTS[act][0]}的指标" if zh else f"{_ACTS[act][1]} indicators", 2))
            blocks.append(Items(tuple(Item(_named(c.key, side), _reason_items(c.reason, language)) for c in chosen)))
    changed = [c for c in items if c.aspect]
    if changed:
        blocks.append(Heading("调整的指标" if zh else "adjusted indicators", 2))
        for key in dict.fromkeys(c.key for c in changed):
            own = [c for c in changed if c.key == key]
            entries = tuple(Item(_aspect_text(c, language), _detail(c, language)) for c in own)
            blocks.append(Items((Item(_named(own[0].new_key, new), entries),)))
    return blocks


def _named(code: str, version: Version) -> str:
    indicator = version.ruleset.by_code.get(code)
    if indicator is not None:
        return f"{code} {indicator.name}"
    return next((f"{v.code} {v.name}" for v in version.ruleset.vetoes if v.code == code), code)


def _aspect_text(change: Change, language: Language) -> str:
    mark = "：" if language == "zh" else ": "
    name = aspect_word(change.aspect, language)
    if "\n" in change.old or "\n" in change.new or (change.aspect not in ("name", "share", "code", "individual") and change.old and change.new):
        return name
    none = "无" if language == "zh" else "none"
    return f"{name}{mark}{change.old or none} → {change.new if change.act != 'removed' else none}"


def _detail(change: Change, language: Language) -> tuple[Item | Versus, ...]:
    reason = _reason_items(change.reason, language)
    return reason if "→" in _aspect_text(change, language) else (_versus(change), *reason)


def _versus(change: Change) -> Versus:
    return Versus(change.old, change.new if change.act != "removed" else "")


def _reason_items(reason: str, language: Language) -> tuple[Item, ...]:
    return (Item(f"理由：{reason}" if language == "zh" else f"reason: {reason}", tone="dim"),) if reason else ()


def _others(found: Difference, language: Language) -> list[Block]:
    zh = language == "zh"
    others = [c for c in found.changes if c.group != "item"]
    if not others:
        return []
    entries = []
    for change in others:
        act = _ACTS[change.act][0 if zh else 1]
        items: tuple[Item | Versus, ...] = (_versus(change), *_reason_items(change.reason, language))
        mark = "：" if zh else ": "
        entries.append(Item(f"{thing_text(change, language)}{mark}{act}", items))
    return [Heading("其他" if zh else "elsewhere", 2), Items(tuple(entries))]


def thing_text(change: Change, language: Language) -> str:
    """What a change outside the indicators is about, in the reader's words."""
    kind = change.kind.upper()
    section = word(kind, language) if kind in KEYWORDS else change.kind
    if change.group == "head":
        return f"{section} {change.key.split(' ', 1)[1]}" if change.kind == "subtotal" else section
    return f"{section} {change.key}".strip()


def _points(found: Difference, old: Version, new: Version, language: Language) -> list[Block]:
    if not found.points:
        return []
    zh = language == "zh"
    titles = ("编码", "指标", "原分值", "现分值", "差", "原占满分", "现占满分") if zh else (
        "code", "indicator", "points before", "after", "change", "of the whole before", "after")
    columns = tuple(Column(t, "right") if i > 1 else Column(t, wrap=i == 1) for i, t in enumerate(titles))
    rows = []
    for one in found.points:
        indicator = new.ruleset.by_code[one.new_code]
        code = one.code if one.code == one.new_code else f"{one.code} → {one.new_code}"
        rows.append(Row((
            code, indicator.name, exact_text(one.old), exact_text(one.new), signed(one.old, one.new),
            rate_text(divide(one.old, old.ruleset.full_score)), rate_text(divide(one.new, new.ruleset.full_score)),
        )))  # fmt: skip
    return [Heading("分值的变化" if zh else "points", 2), Table(columns, tuple(rows))]


def signed(old: Exact, new: Exact) -> str:
    """The change of a number with its sign."""
    return ("+" if new > old else "−" if new < old else "") + exact_text(distance(old, new))


def difference_data(old: Version, new: Version, found: Difference) -> dict[str, Any]:
    """One difference as plain data."""
    return {
        "old": _version_data(old),
        "new": _version_data(new),
        "changes": [
            {
                "act": c.act, "kind": c.kind or c.group, "key": c.key, "new_key": c.new_key, "aspect": c.aspect, "old": c.old, "new": c.new,
                "reason": c.reason,
            }
            for c in found.changes
        ],
        "points": [{"code": p.code, "new_code": p.new_code, "old": exact_text(p.old), "new": exact_text(p.new)} for p in found.points],
        "proposals": [{"old": p.old, "new": p.new, "name": p.old_name} for p in found.proposals],
        "counts": {"common": counts_data(found.common), "individual": counts_data(found.individual)},
    }  # fmt: skip


def _version_data(version: Version) -> dict[str, str]:
    return {"name": version.ruleset.name, "version": version.ruleset.version, "digest": version.ruleset.digest}


def counts_data(counts: Counts) -> dict[str, int]:
    return {"adjusted": len(counts.adjusted), "added": len(counts.added), "removed": len(counts.removed), "total": counts.total}


def set_sheet(documents: Sequence[Document], alone: Sequence[str], common: Counts, individual: Counts, language: Language) -> Document:
    """Several templates against several: each pair, those without a counterpart, and the counts of all."""
    blocks = [b for d in documents for b in d.blocks]
    if alone:
        blocks.append(Heading("没有对应的模板" if language == "zh" else "templates without a counterpart", 2))
        blocks.append(Items(tuple(Item(name) for name in alone)))
    blocks.append(Heading("全部模板" if language == "zh" else "all templates", 1))
    blocks.append(counts_paragraph(common, individual, language))
    return Document(tuple(blocks))
