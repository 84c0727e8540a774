"""The words of the trade for states, acts, parties and viewpoints: Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "new": ("新建", "new"),
    "told": ("已反馈", "fed back"),
    "in_hand": ("整改中", "being rectified"),
    "applied": ("申请销号", "write-off applied for"),
    "written_off": ("已核销", "written off"),
    "withdrawn": ("已撤回", "withdrawn"),
    "verify": ("核实", "verify"),
    "classify": ("归类", "classify"),
    "informal": ("非正式反馈", "informal feedback"),
    "formal": ("正式反馈", "formal feedback"),
    "withdraw": ("撤回", "withdraw"),
    "start": ("开始整改", "begin rectification"),
    "apply": ("申请销号", "apply for write-off"),
    "return": ("退回", "return"),
    "write_off": ("核销", "write off"),
    "extend": ("延期", "extend"),
    "unverified": ("未核实", "not verified"),
    "partly": ("部分核实", "partly verified"),
    "verified": ("已核实", "verified"),
    "disputed": ("有分歧", "in dispute"),
    "unit": ("评估对象", "the unit"),
    "approving_body": ("审批机构", "the approving body"),
    "recipients": ("服务对象", "service recipients"),
    "objective": ("客观", "objective"),
    "subjective": ("主观", "subjective"),
    "inevitable": ("必然", "inevitable"),
    "accidental": ("偶然", "accidental"),
}


def facts(**keys: str) -> dict[str, str]:
    """Each word in both languages, as a message takes them: ``state`` and ``state_en``."""
    found = {}
    for name, key in keys.items():
        found[name], found[f"{name}_en"] = WORDS[key]
    return found
