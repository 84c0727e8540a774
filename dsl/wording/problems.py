"""The wording of what problems and their write-off do not allow."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E780": Wording(
        "没有第{number}号问题",
        "用 ruleeval problems list 查看各个问题。",
        "there is no problem {number}",
        "see what there is with ruleeval problems list.",
    ),
    "E781": Wording(
        "第{number}号问题现为“{state}”，不能{act}",
        "用 ruleeval problems show {number} 查看走到了哪一步。",
        'problem {number} is "{state_en}": it is not the time to {act_en}',
        "see how far it is with ruleeval problems show {number}.",
    ),
    "E782": Wording(
        "第{number}号问题属一类，须有整改期限",
        "归类时写明天数：ruleeval problems classify {number} --class 1 --days 30 …",
        "problem {number} is of class 1 and needs a term for rectification",
        "give the days when classifying: ruleeval problems classify {number} --class 1 --days 30 …",
    ),
    "E783": Wording(
        "第{number}号问题由“{name}”经手整改，不能由本人核销或退回",
        "由另一人办理。",
        'problem {number} was put right by "{name}", who may not judge it',
        "have a second person do it.",
    ),
    "E784": Wording(
        "第{number}号问题申请销号须附佐证材料",
        "用 --evidence 写明，可写多次。",
        "applying to write off problem {number} takes evidence",
        "name it with --evidence, as often as needed.",
    ),
    "E785": Wording(
        "第{number}号问题{status}（{count}方确认，须至少2方），不能正式反馈",
        "补做核实：ruleeval problems verify；确不成立的撤回：ruleeval problems withdraw。",
        "problem {number} is {status_en} (confirmed by {count}, 2 needed) and cannot go into the formal feedback",
        "have it confirmed with ruleeval problems verify, or withdraw it with ruleeval problems withdraw.",
    ),
    "E786": Wording(
        "第{number}号问题还没有归类，不能正式反馈",
        "写明问题类型、类别、权限和紧要程度：ruleeval problems classify {number} …",
        "problem {number} has not been classified and cannot go into the formal feedback",
        "give type, class, authority and urgency: ruleeval problems classify {number} …",
    ),
    "E787": Wording(
        "第{number}号问题上一步在{last}，这一步不能在{date}",
        "改正日期（--on）。",
        "the last step of problem {number} was on {last}; this one cannot be on {date}",
        "correct the date (--on).",
    ),
    "E788": Wording(
        "“{unit}”没有可以反馈的问题",
        "先由评估结果引出：ruleeval problems raise；或登记：ruleeval problems add。",
        'there is no problem of "{unit}" to feed back',
        "raise them from an evaluation with ruleeval problems raise, or add one with ruleeval problems add.",
    ),
    "E789": Wording(
        "台账里没有“{unit}”的评估结果",
        "先用 ruleeval ledger record 记入，单位名称逐字写。",
        'the ledger has no evaluation of "{unit}"',
        "record one with ruleeval ledger record; the name is compared letter by letter.",
    ),
    "E790": Wording(
        "第{number}号问题不能延期[[：新期限须晚于{deadline}]]",
        "写明更晚的日期；三类问题和没有期限的问题不用延期。",
        "problem {number} cannot be extended[[: the new deadline must be later than {deadline}]]",
        "name a later day; problems of class 3 or without a deadline need none.",
    ),
}
