"""Posts shared on paper: the table, what it comes to, and why, post by post."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dsl.allocation import Allocation
from ..dsl.keywords import Language
from ..dsl.numbers import Exact, divide, exact_text, fixed
from ..engine.allocate import VARIATION_PLACES, Outcome, Share
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .figures import points_text
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("{name} {version}", "{name} {version}"),
    "unit": ("单位", "unit"),
    "before": ("调整前", "before"),
    "workload": ("分配依据", "workload"),
    "plain": ("按比例应得", "by workload"),
    "limits": ("限度", "limits"),
    "exact": ("限度内应得", "within limits"),
    "after": ("调整后", "after"),
    "change": ("增减", "change"),
    "load": ("每名负担", "load per post"),
    "together": ("合计", "total"),
    "variation": (
        "负担的变异系数（总体，4位四舍五入）：调整前{before}，调整后{after}",
        "coefficient of variation of load (population, 4 decimals, half up): {before} before, {after} after",
    ),
    "no_variation": ("有单位没有编制，负担的变异系数不计", "a unit has no posts: the coefficient of variation of load is left out"),
    "transfers": ("跨市调剂", "transfers between cities"),
    "transfer": ("{giver} 调出{posts}名，给 {taker}", "{giver} gives {posts} to {taker}"),
    "no_transfers": ("各市内部平衡，不用跨市调剂", "every city keeps its number; nothing moves between cities"),
    "why": ("逐个说明", "why"),
    "step_share": (
        "{name}：分配依据{weight}{tilt}，占合计的{rate}；按比例应得 {total} × {weight} ÷ {sum} {plain}名",
        "{name}: workload {weight}{tilt}, {rate} of all; by workload {total} × {weight} ÷ {sum} {plain} posts",
    ),
    "tilted": ("（{workload} × 倾斜系数{tilt}）", " ({workload} × tilt {tilt})"),
    "step_limits": ("限度{limits}，整数为{whole}；限度内应得{exact}名", "limits {limits}, in whole posts {whole}; within them {exact}"),
    "step_start": ("先取整数{start}名，余{remainder}", "whole posts first: {start}, remainder {remainder}"),
    "step_limit": ("按限度取整数{start}名", "by the limit, in whole posts: {start}"),
    "step_extra": ("按余数从大到小轮到，加{extra}名", "its remainder is among the largest: {extra} more"),
    "step_fewer": ("按余数从小到大轮到，减{extra}名", "its remainder is among the smallest: {extra} fewer"),
    "step_no_extra": ("余数没有轮到", "its remainder is not among the largest"),
    "step_most": ("受最多编制所限", "held by the most posts"),
    "step_least": ("由最少编制保底", "held by the least posts"),
    "step_result": ("得{posts}名，比调整前{change}", "{posts} posts, {change} against before"),
}


def allocation_document(allocation: Allocation, outcome: Outcome, language: Language, *, why: bool) -> Document:
    """The table with its totals; with ``why`` also a sentence for every step of every unit."""
    say = Phrases(language, WORDS)
    titles = [("unit", "left"), ("before", "right"), ("workload", "right"), ("plain", "right"), ("limits", "right"),
              ("exact", "right"), ("after", "right"), ("change", "right"), ("load", "right")]  # fmt: skip
    columns = tuple(Column(say(t), "right" if side == "right" else "left", wrap=t == "unit") for t, side in titles)
    rows = [_row(s, say) for s in outcome.shares]
    before = sum(s.claim.before for s in outcome.shares)
    change = _signed(outcome.total - before)
    rows.append(Row((say("together"), str(before), _sum(outcome), "", "", "", str(outcome.total), change, ""), "strong"))
    blocks: list[Block] = [Heading(say("title", name=allocation.name, version=allocation.version)), Table(columns, tuple(rows))]
    was, now = outcome.variation("before"), outcome.variation("after")
    if was is None or now is None:
        blocks.append(Paragraph(say("no_variation")))
    else:
        blocks.append(Paragraph(say("variation", before=fixed(was, VARIATION_PLACES), after=fixed(now, VARIATION_PLACES))))
    if allocation.region is not None:
        blocks += _transfers(outcome, say)
    if why:
        blocks += [Heading(say("why"), 2), Items(tuple(_why(s, outcome, say) for s in outcome.shares))]
    return Document(tuple(blocks))


def _sum(outcome: Outcome) -> str:
    return points_text(sum((s.claim.workload for s in outcome.shares), start=0))


def _row(share: Share, say: Phrases) -> Row:
    claim = share.claim
    load = "–" if share.load_after is None else fixed(share.load_after, 2)
    was = "–" if share.load_before is None else fixed(share.load_before, 2)
    return Row((
        claim.name, str(claim.before), points_text(claim.workload), fixed(share.plain, 2), _whole(share), fixed(share.exact, 2),
        str(share.posts), _signed(share.change), f"{was} → {load}",
    ))  # fmt: skip


def _whole(share: Share) -> str:
    claim = share.claim
    if claim.least is None and claim.most is None:
        return ""
    return f"{claim.lowest}–{'' if claim.highest is None else claim.highest}"


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"−{-number}" if number < 0 else "0"


def _transfers(outcome: Outcome, say: Phrases) -> list[Block]:
    items = tuple(Item(say("transfer", giver=t.giver, taker=t.taker, posts=str(t.posts))) for t in outcome.transfers)
    return [Heading(say("transfers"), 2), Items(items) if items else Paragraph(say("no_transfers"))]


def _why(share: Share, outcome: Outcome, say: Phrases) -> Item:
    claim = share.claim
    weights = sum((s.claim.weight for s in outcome.shares), start=0)
    tilt = say("tilted", workload=points_text(claim.workload), tilt=exact_text(claim.tilt)) if claim.tilt != 1 else ""
    rate = f"{fixed(divide(claim.weight, weights) * 100, 2)}%"
    facts = {"weight": points_text(claim.weight), "tilt": tilt, "rate": rate, "total": str(outcome.total), "sum": points_text(weights)}
    first = say("step_share", name=claim.name, plain=_equals(share.plain), **facts)
    steps = []
    if claim.least is not None or claim.most is not None:
        limits = f"{'' if claim.least is None else exact_text(claim.least)}–{'' if claim.most is None else exact_text(claim.most)}"
        steps.append(say("step_limits", limits=limits, whole=_whole(share), exact=_rounded(share.exact)))
    if share.remainder < 0 or share.remainder >= 1:
        steps.append(say("step_limit", start=str(share.start)))
    else:
        steps.append(say("step_start", start=str(share.start), remainder=_rounded(share.remainder)))
    if share.extra:
        steps.append(say("step_extra" if share.extra > 0 else "step_fewer", extra=str(abs(share.extra))))
    elif share.held:
        steps.append(say(f"step_{share.held}"))
    else:
        steps.append(say("step_no_extra"))
    steps.append(say("step_result", posts=str(share.posts), change=_signed(share.change)))
    return Item(first, tuple(Item(s) for s in steps))


def _equals(value: Exact) -> str:
    shown = _rounded(value)
    return f"≈ {shown[1:]}" if shown.startswith("≈") else f"= {shown}"


def _rounded(value: Exact) -> str:
    return exact_text(value) if value.denominator in (1, 2, 4, 5, 10, 20) else f"≈{fixed(value, 4)}"


def allocation_data(allocation: Allocation, outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain data, every number exact; its shape is stable."""
    return {
        "shape": 1,
        "allocation": {"name": allocation.name, "version": allocation.version, "digest": allocation.declared.digest},
        "total": outcome.total,
        "variation": {when: _text(outcome.variation(when)) for when in ("before", "after")},
        "units": [_share_data(s) for s in outcome.shares],
        "transfers": [{"from": t.giver, "to": t.taker, "posts": t.posts} for t in outcome.transfers],
    }


def _share_data(share: Share) -> dict[str, Any]:
    claim = share.claim
    return {
        "unit": claim.name, "region": claim.region, "before": claim.before, "posts": share.posts, "change": share.change,
        "workload": exact_text(claim.workload), "tilt": exact_text(claim.tilt), "least": _text(claim.least), "most": _text(claim.most),
        "by_workload": exact_text(share.plain), "within_limits": exact_text(share.exact), "start": share.start,
        "remainder": exact_text(share.remainder), "extra": share.extra, "held": share.held,
        "load_before": _text(share.load_before), "load_after": _text(share.load_after),
    }  # fmt: skip


def _text(value: Exact | None) -> str | None:
    return None if value is None else exact_text(value)
