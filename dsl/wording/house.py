"""The wording of what an office's own house rules find."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "W801": Wording(
        "{text}",
        "这是本单位规范“{rule}”的要求；照规范修改。",
        "{text}",
        'the house rule "{rule}" asks for it; change the ruleset as it says.',
    ),
    "W802": Wording(
        "本单位规范“{rule}”没有运行完：{error}",
        "规则集照常检查；请规范的作者修正。",
        'the house rule "{rule}" broke off: {error}',
        "the ruleset was checked all the same; have the author of the rule correct it.",
    ),
    "W811": Wording(
        "三级指标“{name}”的名称有{count}个字",
        "名称最好不超过{limit}个字；细处写进要点。",
        'the name of the level-3 indicator "{name}" has {count} characters',
        "keep it to {limit}; put the particulars into points to check.",
    ),
    "W812": Wording(
        "要点“{text}”里的“{word}”没有说怎样才算",
        "写明看到什么算做到：数目、期限、材料。",
        '"{word}" in the point "{text}" does not say when it is met',
        "say what has to be seen: a number, a date, a document.",
    ),
    "W821": Wording(
        "{code_of}“{name}”既没有佐证，也没有要点",
        "写明凭什么材料、看哪几点来评。",
        '{code_of} "{name}" has neither evidence nor points to check',
        "say which documents it rests on, or what to look at.",
    ),
    "W822": Wording(
        "{code_of}“{name}”酌情打分，却没有要点",
        "写几条要点，让不同的人打得出相近的分。",
        '{code_of} "{name}" is left to discretion without points to check',
        "write what to look at, so that two evaluators come to nearly the same.",
    ),
    "W823": Wording(
        "数据“{name}”没有写来源",
        "写明由哪份台账、报表或问卷得来：来源 ……。",
        'the data item "{name}" names no source',
        "say which register, report or survey it comes from: source ….",
    ),
    "W831": Wording(
        "可量化的指标只占{points}分，是满分{full}分的{share}",
        "适当增加能用数计的指标的分值；至少{least}。",
        "only {points} of {full} points ({share}) rest on numbers",
        "give more weight to what can be counted; at least {least}.",
    ),
    "W832": Wording(
        "{code_of}只有{points}分，占满分的{share}，分不出高下",
        "并入别的指标，或者提高分值。",
        "{code_of} is worth {points} points, {share} of the full score: it tells nobody apart",
        "merge it with another, or give it more points.",
    ),
    "W833": Wording(
        "{code_of}一项就有{points}分，占满分的{share}",
        "拆成几个指标，免得一项定高下。",
        "{code_of} alone is worth {points} points, {share} of the full score",
        "split it, so that no single indicator decides.",
    ),
    "W841": Wording(
        "{code_of}“{name}”与{other_code}“{other}”说的像是同一件事",
        "合并，或者把名称写得分得清。",
        '{code_of} "{name}" and {other_code} "{other}" seem to be about the same thing',
        "merge them, or tell them apart by name.",
        {"first": ("这是另一个", "this is the other one")},
    ),
    "W842": Wording(
        "{code_of}与{other_code}评的是同一个值",
        "同一件事不要计两次；确需两次，写明理由。",
        "{code_of} and {other_code} score the same value",
        "count a matter once; where it has to be twice, say why.",
        {"first": ("这是另一个", "this is the other one")},
    ),
    "W851": Wording(
        "“不查{code_of}”没有写理由，不起作用",
        "在后面写明理由：不查{code_of}：……。",
        '"ignore {code_of}" gives no reason, and has no effect',
        "write the reason after it: ignore {code_of}: ….",
    ),
    "W852": Wording(
        "“不查{code_of}”没有可放过的提醒",
        "问题已经不在了就把这条说明删去；写错了地方就移到它所说的指标下。",
        '"ignore {code_of}" sets nothing aside',
        "take the note away if the matter is settled, or move it to the indicator it is about.",
    ),
    "W853": Wording(
        "{code_of}是错误，不能用“不查”放过",
        "改正它；“不查”只能放过提醒。",
        "{code_of} is an error, and no note sets it aside",
        "put it right: only reminders can be ignored.",
    ),
}
