"""What was carried over from one version to another, as a document and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.layers.crosswalk import Passage
from ..dsl.numbers import Exact, exact_text
from ..dsl.wording import render
from ..engine.carry import Act, Carried, OldScore, Told
from ..engine.record import Result
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .figures import points_text, score_text

_SAY: dict[str, tuple[str, str]] = {
    "title": ("{unit}：数据转到新版", "{unit}: data carried over to another version"),
    "from": ("从“{old}”到“{new}”", "from {old} to {new}"),
    "data": ("数据", "data"), "evidence": ("佐证", "evidence"), "claim": ("不适用的申报", "claims of not applicable"),
    "finding": ("发现", "findings"), "interview": ("访谈涉及", "interviews about"),
    "kept": ("原样保留", "kept as they are"), "renamed": ("改了名称或编码", "under a new name or code"),
    "merged_": ("几项合成一项", "put together"), "converted": ("补上原来的单位", "with the old unit written out"),
    "lost": ("新版没有，未转", "not in the new version, left behind"), "asked": ("要人来定的", "for a person to decide"),
    "nothing_asked": ("没有要人来定的。", "There is nothing for a person to decide."),
    "new": ("新版要的，旧版没有：请填报", "asked for by the new version only: fill it in"),
    "unfit": ("旧值不合新版的规定：{finding}", "the old value does not fit: {finding}"),
    "together": ("旧版几项合不成一个值：请填报", "the old values cannot be put together: fill it in"),
    "split": ("旧指标{old}拆开了：请按新指标重新评", "{old} was split: assess the parts anew"),
    "merged": ("由旧版几个指标合并：请按新指标重新评", "several were merged: assess the whole anew"),
    "same_code": ("编码相同而名称不同，不知是不是同一个指标：请核对，或写进沿革", "same code, other name: check it, or say so in the crosswalk"),
    "policy": ("新版的{new}不许申报不适用：请填报数据", "{new} takes no claim in the new version: fill in its data"),
    "gone": ("", ""),
    "problem": ("转过去以后还有的问题", "what is still wrong after carrying over"),
    "scores": ("旧版的得分，按新版的指标排", "old scores under the new tree"),
    "code": ("编码", "code"), "indicator": ("指标", "indicator"), "score": ("旧得分", "old score"), "points": ("旧满分", "old points"),
    "source": ("来自", "from"), "is_new": ("新版才有", "new"), "total": ("以上合计", "together"),
    "dropped": ("没有接续的 {code} {name}", "without successor: {code} {name}"),
    "old_total": ("旧版总分", "total under the old version"),
    "other": (
        "旧版总分不是各指标得分之和（有加分、扣分、折算或修约），差{difference}分。",
        "The old total is not the sum of its indicators (bonus, deductions, points made up or rounding): {difference} apart.",
    ),
}  # fmt: skip


#: What is told after what a person has to decide.
_SHOWN: tuple[Act, ...] = ("lost", "renamed", "merged", "converted", "kept")


@frozen
class Carrying:
    """One unit carried over: the two versions' names, what became of each entry, the old scores
    under the new tree with what was dropped, and what is still wrong."""

    unit: str
    old: str
    new: str
    carried: Carried
    way: Passage
    scores: tuple[OldScore, ...]
    result: Result
    names: dict[str, str]
    problems: tuple[Any, ...] = ()


def carry_document(found: Carrying, language: Language) -> Document:
    """What was kept, what was lost, what needs a person, and the old scores."""
    say = _saying(language)
    blocks: list[Block] = [Heading(say("title", unit=found.unit)), Paragraph(say("from", old=found.old, new=found.new), "dim")]
    blocks.append(Heading(say("asked"), 2))
    asked = [Item(_asked(t, say, language), tone="warn") for t in found.carried.of("asked")]
    asked += [Item(render(d, language).summary, tone="bad") for d in found.problems]
    blocks.append(Items(tuple(asked)) if asked else Paragraph(say("nothing_asked"), "good"))
    for act in _SHOWN:
        told = found.carried.of(act)
        if told:
            blocks += [Heading(say("merged_" if act == "merged" else act), 2), Items(tuple(_gathered(told, say, language)))]
    blocks += [Heading(say("scores"), 2), _table(found, say)]
    rest = _rest(found)
    if rest:
        blocks.append(Paragraph(say("other", difference=_signed(rest)), "dim"))
    return Document(tuple(blocks))


def _saying(language: Language) -> Callable[..., str]:
    return lambda key, **facts: _SAY[key][0 if language == "zh" else 1].format(**facts)


def _asked(told: Told, say: Callable[..., str], language: Language) -> str:
    finding = render(told.finding, language).summary if told.finding is not None else ""
    why = say(told.why, old=told.old, new=told.new, finding=finding)
    name = told.new or told.old
    mark = "：" if language == "zh" else ": "
    return f"{say(told.group)} {name}{mark}{why}"


def _gathered(told: Sequence[Told], say: Callable[..., str], language: Language) -> list[Item]:
    """The entries of one kind in one line, or each with what it was."""
    comma = "、" if language == "zh" else ", "
    mark = "：" if language == "zh" else ": "
    items = []
    for group in dict.fromkeys(t.group for t in told):
        own = dict.fromkeys(t.old if t.old == t.new or not t.new else f"{t.old} → {t.new}" for t in told if t.group == group)
        items.append(Item(f"{say(group)}{mark}{comma.join(own)}"))
    return items


def _table(found: Carrying, say: Callable[..., str]) -> Table:
    columns = (
        Column(say("code")), Column(say("indicator"), wrap=True), Column(say("score"), "right"), Column(say("points"), "right"), Column(say("source")),
    )  # fmt: skip
    rows = []
    for one in found.scores:
        depth = one.code.count(".") + (one.code != one.code.rstrip("0123456789."))
        below = any(o.code != one.code and o.code.startswith(one.code) for o in found.scores)
        source = say("is_new") if not one.parts else "" if below or one.parts == ((one.code, 1),) else " + ".join(_part(c, s) for c, s in one.parts)
        shown = ("–", "–") if not one.points else ("?" if one.score is None else score_text(one.score), points_text(one.points))
        rows.append(Row((one.code, "　" * depth + found.names[one.code], *shown, source), "strong" if not depth else "plain"))
    for code in found.way.dropped:
        record = found.result.indicators.get(code)
        if record is None or record.state in ("out", "excluded"):
            continue
        name = say("dropped", code=code, name=found.result.ruleset.by_code[code].name)
        score = "?" if record.score is None else score_text(record.score)
        rows.append(Row(("", name, score, points_text(record.points), ""), "dim"))
    total = found.result.score
    full = points_text(found.result.full_score)
    rows.append(Row(("", say("old_total"), "?" if total is None else score_text(total), full, ""), "strong"))
    return Table(columns, tuple(rows))


def _part(code: str, share: Exact) -> str:
    return code if share == 1 else f"{code} × {exact_text(share * 100)}%" if (share * 100).denominator == 1 else f"{code} × {exact_text(share)}"


def _rest(found: Carrying) -> Exact:
    """How far the old total is from the sum of what was carried and what was dropped; 0 where it is not decided."""
    if found.result.score is None:
        return 0
    roots = [o for o in found.scores if not any(c in "0123456789." for c in o.code) and o.parts]
    gone = [r.score for c in found.way.dropped if (r := found.result.indicators.get(c)) is not None and r.state not in ("out", "excluded")]
    scores = [o.score for o in roots] + gone
    if any(s is None for s in scores):
        return 0
    return found.result.score - sum((s for s in scores if s is not None), 0)


def _signed(value: Exact) -> str:
    return f"{'−' if value < 0 else '+'}{points_text(-value if value < 0 else value)}"


def carry_data(found: Carrying, language: Language) -> dict[str, Any]:
    """The same as plain data; numbers are exact texts."""
    return {
        "unit": found.unit, "old": found.old, "new": found.new,
        "entries": [
            {
                "act": t.act, "group": t.group, "old": t.old, "new": t.new, "why": t.why,
                "finding": None if t.finding is None else {"code": t.finding.code, "summary": render(t.finding, language).summary},
            }
            for t in found.carried.told
        ],
        "problems": [{"code": d.code, "summary": render(d, language).summary} for d in found.problems],
        "old_scores": [
            {
                "code": s.code, "score": None if s.score is None else exact_text(s.score), "points": exact_text(s.points),
                "from": [{"code": c, "share": exact_text(share)} for c, share in s.parts],
            }
            for s in found.scores
        ],
        "dropped": list(found.way.dropped),
        "old_total": None if found.result.score is None else exact_text(found.result.score),
    }  # fmt: skip
