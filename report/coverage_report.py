"""Coverage and mutation as a document, as data, and as a page that marks the ruleset text itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ..dsl.keywords import Language
from ..engine.coverage import Coverage, Target
from ..engine.mutate import Mutant
from .document import Document, Item, Items, Paragraph

#: What each kind of target is called when no case touches it: Chinese, English.
KINDS: Mapping[str, tuple[str, str]] = {
    "scored": ("没有用例给出得分", "no case scores it"),
    "full": ("没有用例得满分", "no case gives full marks"),
    "less": ("没有用例得不到满分，分值（权重）未经检验", "no case gives less than full marks: its weight is untested"),
    "missing": ("没有用例缺数据", "no case has its data missing"),
    "out": ("没有用例不适用", "no case has it not applicable"),
    "evidence_met": ("没有用例交齐佐证", "no case hands in the evidence"),
    "evidence_short": ("没有用例缺佐证", "no case lacks the evidence"),
    "band": ("没有用例落在这一档", "no case falls into this band"),
    "branch": ("没有用例走这一支", "no case takes this branch"),
    "compare_yes": ("没有用例使之成立", "no case makes it true"),
    "compare_no": ("没有用例使之不成立", "no case makes it false"),
    "decides": ("没有用例由这一项决定", "no case is decided by this"),
    "entry": ("没有用例查到这一格", "no case looks this entry up"),
    "filter_yes": ("没有用例有符合条件的记录", "no case has a record that fits"),
    "filter_no": ("没有用例有不符合条件的记录", "no case has a record that does not fit"),
    "ceiling_yes": ("没有用例碰到上限", "no case meets the ceiling"),
    "ceiling_no": ("没有用例在上限之内", "no case stays below the ceiling"),
    "floor_yes": ("没有用例碰到下限", "no case meets the floor"),
    "floor_no": ("没有用例在下限之上", "no case stays above the floor"),
    "grade": ("没有用例得到这一等次", "no case reaches this grade"),
}
_YES = ("没有用例使条件成立", "no case makes the condition true")
_NO = ("没有用例使条件不成立", "no case makes the condition false")


def target_text(target: Target, language: Language) -> str:
    """One sentence: what no case touches."""
    column = 0 if language == "zh" else 1
    told = KINDS.get(target.kind, _YES if target.kind.endswith("_yes") else _NO)[column]
    colon = "：" if language == "zh" else ": "
    name = " ".join(part for part in (target.code, target.text) if part)
    return f"{target.place.line}  {name}{colon}{told}"


def coverage_document(coverage: Coverage, language: Language) -> Document:
    """What no case touches, by line, and the share that cases touch."""
    touched, total = coverage.share
    ordered = sorted(coverage.untouched, key=lambda t: (t.place.line, t.index))
    name = coverage.ruleset.name
    share = percent(touched, total)
    text = f"覆盖 {touched}/{total}（{share}）：{name}" if language == "zh" else f"{touched}/{total} covered ({share}): {name}"
    items = Items(tuple(Item(target_text(t, language)) for t in ordered))
    summary = Paragraph(text, "good" if touched == total else "warn")
    return Document((items, summary) if ordered else (summary,))


def percent(part: int, whole: int) -> str:
    """A share to one decimal place, rounded down, so that only all is 100 %."""
    return f"{part * 1000 // whole // 10}.{part * 1000 // whole % 10}%" if whole else "100.0%"


#: The kinds of small changes in Chinese.
MUTANTS_IN_CHINESE: Mapping[str, str] = {
    "constant": "常数", "parameter": "参数", "threshold": "档次界限", "condition": "条件", "weight": "分值", "aggregate": "求和、计数或筛选",
    "applicability": "适用条件", "policy": "不适用的处理", "combination": "汇总方式", "bonus": "加分扣分", "reconciliation": "勾稽",
    "rounding": "修约", "evidence": "佐证封顶",
}  # fmt: skip


def mutation_document(name: str, tried: int, left: Sequence[Mutant], language: Language) -> Document:
    """The changes that no case notices, by line, and the share that is noticed."""
    ordered = sorted(left, key=lambda m: m.place.line)
    items = []
    for m in ordered:
        if language == "zh":
            items.append(Item(f"{m.place.line}  {f'{m.code}：' if m.code else ''}{MUTANTS_IN_CHINESE[m.kind]}“{m.before}”改为“{m.after}”，没有用例发觉"))
        else:
            items.append(Item(f'{m.place.line}  {f"{m.code}: " if m.code else ""}{m.kind} "{m.before}" changed to "{m.after}", and no case notices'))
    share = percent(tried - len(left), tried)
    noticed = tried - len(left)
    zh = f"{tried}处小改动，发觉{noticed}处（{share}）：{name}"
    text = zh if language == "zh" else f"{tried} small changes, {noticed} noticed ({share}): {name}"
    summary = Paragraph(text, "warn" if left else "good")
    return Document((Items(tuple(items)), summary) if items else (summary,))


def coverage_data(coverage: Coverage) -> dict[str, Any]:
    """Coverage as plain data for ``--json``."""
    touched, total = coverage.share
    return {
        "ruleset": coverage.ruleset.name,
        "touched": touched,
        "total": total,
        "untouched": [{"kind": t.kind, "code": t.code, "line": t.place.line, "text": t.text} for t in coverage.untouched],
    }


def mutation_data(name: str, tried: int, left: Sequence[Mutant]) -> dict[str, Any]:
    """Mutation as plain data for ``--json``."""
    unnoticed = [{"kind": m.kind, "code": m.code, "line": m.place.line, "before": m.before, "after": m.after} for m in left]
    return {"ruleset": name, "tried": tried, "noticed": tried - len(left), "unnoticed": unnoticed}


_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.6 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; } td { vertical-align: top; padding: 0 .6rem; }
td.n { text-align: right; color: #5f5f5f; user-select: none; } td.s { text-align: center; font-weight: bold; user-select: none; }
td.t { white-space: pre-wrap; font-family: ui-monospace, "Noto Sans Mono CJK SC", monospace; } td.w { font-size: .85em; color: #7a2e00; }
.all td.t, .all.key { background: #e6f4e6; } .some td.t, .some.key { background: #fff3cd; } .none td.t, .none.key { background: #fbdcdc; }
.all td.s { color: #1d5e20; } .some td.s { color: #6b4e00; } .none td.s { color: #8f1d1d; }
.key { padding: .1rem .5rem; margin-right: .8rem; border: 1px solid #8a8a8a; }
"""
#: How much of a line cases touch: a sign, and what it means in Chinese and in English.
_SIGNS: Mapping[str, tuple[str, str, str]] = {
    "all": ("✓", "全部测到", "touched wholly"),
    "some": ("◐", "部分测到", "touched in part"),
    "none": ("✗", "没有测到", "not touched"),
}


def coverage_page(coverage: Coverage, text: str, language: Language) -> str:
    """A page of the ruleset's text: lines that cases touch wholly, in part, or not at all, by colour and by sign."""
    touched, total = coverage.share
    by_line: dict[int, list[Target]] = {}
    for target in coverage.targets:
        by_line.setdefault(target.place.line, []).append(target)
    rows = [_row(number, line, by_line.get(number, []), coverage, language) for number, line in enumerate(text.splitlines(), 1)]
    column = 1 if language == "zh" else 2
    title = f"{'覆盖' if language == 'zh' else 'coverage'} {percent(touched, total)}"
    name = escape(coverage.ruleset.name)
    share = f"（{touched}/{total}）" if language == "zh" else f" ({touched}/{total})"
    key = "".join(f'<span class="key {state}">{sign[0]} {sign[column]}</span>' for state, sign in _SIGNS.items())
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title} {name}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{name}</h1><p>{title}{share}</p><p>{key}</p><table>\n" + "\n".join(rows) + "\n</table></body></html>\n"
    )


def _row(number: int, line: str, targets: Sequence[Target], coverage: Coverage, language: Language) -> str:
    left = [t for t in targets if t not in coverage.touched]
    state = "" if not targets else "all" if not left else "none" if len(left) == len(targets) else "some"
    sign = _SIGNS.get(state, ("", "", ""))
    mark = f'<td class="s" title="{sign[1 if language == "zh" else 2]}">{sign[0]}</td>'
    notes = "<br>".join(escape(target_text(t, language).partition("  ")[2]) for t in left)
    return f'<tr class="{state}"><td class="n">{number}</td>{mark}<td class="t">{escape(line) or "&nbsp;"}</td><td class="w">{notes}</td></tr>'
