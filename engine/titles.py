"""What the steps of a computation are called, in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from ..dsl.keywords import Language

TITLES: Mapping[str, tuple[str, str]] = {
    "value": ("取值", "value"),
    "rating": ("打分", "rating"),
    "place": ("名次", "place"),
    "place_from_last": ("倒数名次", "place from the last"),
    "ratio": ("比率", "ratio"),
    "share": ("计分比例", "share"),
    "part": ("占比", "share"),
    "shortfall": ("低于部分", "shortfall"),
    "excess": ("高于部分", "excess"),
    "deduction": ("扣分", "deduction"),
    "deduction_above": ("高于部分扣分", "deduction above"),
    "addition": ("加分", "addition"),
    "addition_above": ("高于部分加分", "addition above"),
    "earned": ("得分项", "earned"),
    "entry": ("清单项", "entry"),
    "met": ("满足项数", "entries met"),
    "present": ("材料齐备", "documents present"),
    "total": ("合计", "total"),
    "outside": ("段外", "outside all bands"),
    "weighted": ("加权系数", "weighted factor"),
    "distance": ("偏离程度", "distance"),
    "raw": ("按标准得分", "score by the standard"),
    "difficulty": ("乘以难度系数", "times difficulty"),
    "held": ("限于满分与零分之间", "held between nothing and full points"),
    "evidence": ("佐证限制", "limited by evidence"),
    "ceiling": ("上限", "ceiling"),
    "floor": ("下限", "floor"),
    "rounded": ("修约", "rounded"),
}


#: What is put after the label of a labelled step.
_SUFFIXES: Mapping[str, tuple[str, str]] = {
    "deduction": ("扣分", " deduction"),
    "earned": ("得分", " earned"),
    "part": ("占比", " share"),
}


@cache
def title(name: str, language: Language, label: str = "") -> str:
    """The title of a step; a labelled one by its label, a numbered one with its number."""
    column = 0 if language == "zh" else 1
    match = re.fullmatch(r"(\w+?)(\d+)", name)
    base, number = (match[1], match[2]) if match and match[1] in TITLES else (name, "")
    if label:
        return label + _SUFFIXES.get(base, ("", ""))[column]
    pair = TITLES.get(base)
    return (pair[column] if pair else base) + number
