"""The columns of the sheets of a ruleset: their keys and what they are called, once.

A sheet is known by the columns it has, not by its name or by where they stand, so that one
that came back from another program with its columns moved is read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..characters import ODD_SPACES
from ..frozen import frozen
from ..keywords import Language


@frozen
class Column:
    """One column: its key, its heading in both languages, its width in characters, whether it is
    made by the export (``made``: never read back) and whether it is kept out of sight."""

    key: str
    zh: str
    en: str
    width: int
    made: bool = False
    hidden: bool = False

    def heading(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


_ORDER = Column("order", "序号", "no.", 6)
_ABOVE = Column("above", "上方注释", "comment above", 18)
_COMMENT = Column("comment", "行末注释", "comment beside", 14)
_POSITION = Column("position", "位置", "position", 7, hidden=True)

INDICATORS: tuple[Column, ...] = (
    _ORDER,
    Column("kind", "级别", "level", 9),
    Column("code", "编码", "code", 7),
    Column("name1", "一级指标", "level-1 indicator", 12),
    Column("name2", "二级指标", "level-2 indicator", 12),
    Column("name3", "三级指标", "level-3 indicator", 20),
    Column("points", "分值", "points", 7),
    Column("weight", "权重", "weight", 7),
    Column("evidence", "佐证材料", "evidence", 20),
    Column("points_to_check", "评估要点", "evaluation points", 24),
    Column("data", "所用数据（自动生成）", "data used (made from the rule lines)", 16, made=True),
    Column("words", "评分标准（自动生成）", "standard in words (made from the rule lines)", 44, made=True),
    Column("form", "评分方式", "rule form", 12),
    Column("rules", "规则行", "rule lines", 46),
    Column("notes", "说明和依据", "notes and basis", 24),
    Column("individual", "个性", "individual", 8),
    Column("worth", "折合分值", "worth in points", 9, made=True),
    Column("below", "下级合计", "sum below", 9, made=True),
    Column("balance", "核对", "check", 10, made=True),
    _COMMENT,
    _ABOVE,
    Column("parent", "上级", "parent", 7, made=True, hidden=True),
    Column("worth1", "一级折合", "level-1 worth", 7, made=True, hidden=True),
    Column("worth2", "二级折合", "level-2 worth", 7, made=True, hidden=True),
    Column("pattern", "行序", "line order", 8, hidden=True),
    _POSITION,
)
#: The last column that is printed.
PRINTED = "words"
DATA: tuple[Column, ...] = (
    _ORDER,
    Column("opening", "段落", "section", 10),
    Column("table", "所属记录表", "column of", 14),
    Column("name", "名称", "name", 24),
    Column("type", "类型", "type", 28),
    Column("unit", "单位", "unit", 8),
    Column("range", "范围", "range", 18),
    Column("source", "来源", "source", 26),
    Column("marks", "标记", "marks", 10),
    _COMMENT,
    _ABOVE,
    Column("pattern", "行序", "line order", 8, hidden=True),
    _POSITION,
)
STATEMENTS: tuple[Column, ...] = (
    _ORDER,
    Column("opening", "段落", "section", 20),
    Column("left", "项目", "item", 40),
    Column("right", "内容", "content", 70),
    _COMMENT,
    _ABOVE,
    _POSITION,
)
#: The kinds of sheets, with the columns without which none is one.
KINDS: Mapping[str, tuple[tuple[Column, ...], frozenset[str]]] = {
    "indicators": (INDICATORS, frozenset({"code", "rules"})),
    "data": (DATA, frozenset({"name", "type"})),
    "statements": (STATEMENTS, frozenset({"left", "right"})),
}
#: Sheets in the order in which a text without other order is put together: the key of the
#: statement that its blocks open with, or what it is for.
SHEETS = (
    "head", "data", "segments", "groups", "survey", "derived", "parameters", "lookup", "decision", "reconcile", "unscored", "dimensions",
    "problem_types", "indicators", "changes", "frequency", "linkage", "other", "grades",
)  # fmt: skip
_TITLES: Mapping[str, tuple[str, str]] = {
    "head": ("开头", "head"), "indicators": ("指标", "indicators"), "changes": ("改动", "changes"), "other": ("其他", "other"),
}  # fmt: skip
SOURCE_TITLE = ("原文", "source")
_SPACE = re.compile(rf"[\s{ODD_SPACES}]+")


def sheet_title(key: str, language: Language) -> str:
    """What the sheet of a key is called."""
    from ..keywords import KEYWORDS, word

    if key in _TITLES:
        return _TITLES[key][0 if language == "zh" else 1]
    return word(key.upper(), language) if key.upper() in KEYWORDS else key


def sheet_key(title: str) -> str:
    """The key of a sheet by its title; empty where the title is not one of the export's."""
    plain = _SPACE.sub("", title)
    return next((k for k in SHEETS if plain in (sheet_title(k, "zh"), sheet_title(k, "en"))), "")


def headings(cells: Iterable[str]) -> tuple[str, dict[int, str]]:
    """What kind of sheet a row of headings belongs to, and its columns: position -> key.

    An empty kind where they are no headings of a ruleset.
    """
    plain = [_SPACE.sub("", cell).lower() for cell in cells]
    for kind, (columns, needed) in KINDS.items():
        known = {_SPACE.sub("", name).lower(): c.key for c in columns for name in (c.zh, c.en)}
        found: dict[int, str] = {}
        for position, name in enumerate(plain):
            key = known.get(name) or known.get(re.sub(r"[（(].*", "", name))
            if key and key not in found.values():
                found[position] = key
        if needed <= set(found.values()):
            return kind, found
    return "", {}
