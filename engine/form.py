"""What a form for units holds: which sheets, which rows, what is asked for where.

The plan is data; `report.form_workbook` writes it and `files.form_file` reads it back by the
headings that stand here, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..dsl.frozen import frozen
from ..dsl.keywords import Language, word
from ..dsl.model import Column, DataItem, Derived, Indicator, Ruleset, Type
from ..dsl.numbers import exact_text, percent_text
from ..dsl.substitute import references
from .evidence import documents_of
from .schema import evidence_kinds
from .unit import Track

#: Headings and fixed words of a form: key -> (Chinese, English).
WORDS: Mapping[str, tuple[str, str]] = {
    "guide": ("填写说明", "how to fill in"), "unit_sheet": ("基本情况", "unit"), "lists": ("一组数", "lists of numbers"),
    "evidence_sheet": ("佐证材料", "evidence"), "claims": ("不适用", "not applicable"), "others": ("其他数据", "other data"),
    "entry": ("项目", "entry"), "answer": ("填写", "answer"),
    "item": ("数据项", "data item"), "by": ("填写方", "filled in by"), "value": ("填报值", "value"), "type": ("类型", "type"),
    "measure": ("单位", "unit of measure"), "asked": ("填写要求", "what is asked"), "source": ("来源", "source"),
    "used": ("用于指标", "for indicators"), "state": ("状态", "state"), "why": ("状态说明", "about the state"),
    "kind": ("材料", "kind of evidence"), "given": ("已交", "handed in"), "title": ("名称", "title"), "number": ("编号", "number"),
    "issued_by": ("出具单位", "issued by"), "issued_on": ("出具日期", "issued on"), "copies": ("份数", "copies"), "file": ("文件", "file"),
    "code": ("指标", "indicator"), "name": ("指标名称", "name"), "reason": ("理由", "reason"),
    "table": ("记录表", "table of records"), "the_unit": ("单位", "the unit"),
    "self": ("自评", "self"), "on_site": ("实地评估", "on_site"), "third_party": ("第三方", "third_party"),
    "missing": ("未填报", "missing"), "not_applicable": ("不适用", "not_applicable"), "not_due": ("未到期", "not_due"), "disputed": ("存疑", "disputed"),
    "yes": ("是", "yes"), "no": ("否", "no"), "handed": ("佐证清单", "list of evidence"),
    "listed": ("已全部列出", "complete"), "not_listed": ("尚未提交", "not handed in"),
}  # fmt: skip
#: The columns of each kind of sheet; those of ``NEEDED`` tell it.
TOPIC = ("item", "by", "type", "measure", "value", "asked", "source", "used", "state", "why")
EVIDENCE = ("kind", "given", "title", "number", "issued_by", "issued_on", "copies", "file", "used")
CLAIMS = ("code", "name", "reason", "self", "on_site", "third_party")
LISTS = ("item", "by", "asked")
UNIT = ("entry", "answer", "asked")
STATES = ("missing", "not_applicable", "not_due", "disputed")


def form_word(key: str, language: Language) -> str:
    return WORDS[key][0 if language == "zh" else 1]


@frozen
class FormRow:
    """One value to fill in: the data item, who fills it in (``None``: the unit), for which indicators."""

    item: DataItem
    track: Track | None
    used: tuple[str, ...]


@frozen
class Topic:
    """One sheet of values: a level-1 indicator (or none for what belongs to no indicator)."""

    code: str
    title: str
    rows: tuple[FormRow, ...]


@frozen
class FormPlan:
    """All that a form asks for."""

    topics: tuple[Topic, ...]
    lists: tuple[FormRow, ...]
    tables: tuple[FormRow, ...]
    evidence: tuple[tuple[str, tuple[str, ...]], ...]
    claims: tuple[Indicator, ...]


def form_plan(ruleset: Ruleset, tracks: Iterable[Track]) -> FormPlan:
    """What a form asks for, with the assessed items of these tracks.  Every data item stands once
    a track, on the sheet of the first level-1 indicator that uses it."""
    uses = _uses(ruleset)
    chosen = tuple(tracks)
    rows = [FormRow(d, t, uses.get(d.name, ())) for d in ruleset.data for t in (chosen if d.assessed else (None,))]
    single = [r for r in rows if r.item.type.kind not in ("numbers", "records")]
    root_of = {code: _root(ruleset, code) for code in ruleset.by_code}
    topics = [
        Topic(root.code, f"{root.code} {root.name}", tuple(r for r in single if r.used and root_of[r.used[0]] == root.code)) for root in ruleset.roots
    ]
    left = tuple(r for r in single if not r.used or root_of[r.used[0]] not in {t.code for t in topics})
    others = (Topic("", WORDS["others"][0 if ruleset.language == "zh" else 1], left),) if left else ()
    lists = tuple(r for r in rows if r.item.type.kind == "numbers")
    tables = tuple(r for r in rows if r.item.type.kind == "records")
    asked = tuple((kind, _asking(ruleset, kind)) for kind in evidence_kinds(ruleset))
    claims = tuple(i for i in ruleset.leaves if i.not_applicable is not None)
    return FormPlan((*(t for t in topics if t.rows), *others), lists, tables, asked, claims)


def _root(ruleset: Ruleset, code: str) -> str:
    found = code
    while (upper := ruleset.by_code[found].parent) is not None:
        found = upper
    return found


def _asking(ruleset: Ruleset, kind: str) -> tuple[str, ...]:
    """The indicators that ask for a kind of evidence."""
    return tuple(
        i.code
        for i in ruleset.by_code.values()
        if any(kind in r.kinds for r in i.evidence) or any(kind == k for k, _ in documents_of(i).values())
    )


def _uses(ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    """The indicators that rest on each data item, by its name."""
    found: dict[str, list[str]] = {}
    for indicator in ruleset.by_code.values():
        if indicator.children:
            continue
        for name in data_beneath(ruleset, indicator.inputs):
            found.setdefault(name, []).append(indicator.code)
    return {name: tuple(codes) for name, codes in found.items()}


def data_beneath(ruleset: Ruleset, keys: Iterable[str]) -> list[str]:
    """The names of the data items that some values rest on, through derived values too, each once."""
    found: dict[str, None] = {}
    opened: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop(0)
        item = ruleset.by_key.get(key)
        if isinstance(item, DataItem):
            found[item.name] = None
        elif isinstance(item, Derived) and key not in opened:
            opened.add(key)
            waiting += references(item.expression)
    return list(found)


# ---- what is asked, in words -----------------------------------------------------------------


def type_word(kind: Type, language: Language) -> str:
    """The type of a value as the language names it."""
    if kind.kind == "number":
        key = "PERCENTAGE" if kind.share == "percent" else "INTEGER" if kind.whole else "NUMBER_TYPE"
        return word(key, language)
    keys = {"yes_no": "YES_NO", "choice": "OPTIONS", "text": "TEXT_TYPE", "date": "DATE_TYPE", "numbers": "NUMBERS", "records": "RECORDS"}
    return word(keys[kind.kind], language)


def asked_of(item: DataItem | Column, language: Language) -> str:
    """What may be filled in: the range, the options, the form of a date."""
    kind, zh = item.type, language == "zh"
    match kind.kind:
        case "choice":
            return ("选一项：" if zh else "one of: ") + ("、" if zh else "; ").join(kind.options)
        case "yes_no":
            return "是或否" if zh else "yes or no"
        case "date":
            return "日期，如 2022-12-31" if zh else "a date such as 2022-12-31"
        case "number" | "numbers":
            show = percent_text if kind.share == "percent" else exact_text
            least = f"{'至少' if zh else 'at least '}{show(item.low)}" if item.low is not None else ""
            most = f"{'至多' if zh else 'at most '}{show(item.high)}" if item.high is not None else ""
            both = ("，" if zh else ", ").join(t for t in (least, most) if t)
            if kind.kind == "numbers" and isinstance(item, DataItem):
                many = f"{item.count_low}–{item.count_high if item.count_high is not None else '…'}"
                both += ("；" if zh and both else "; " if both else "") + (f"填{many}个数" if zh else f"{many} numbers")
            return both
    return ""
