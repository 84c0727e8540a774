"""Wordings of what cannot be read: characters, lines, statements (1xx)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E101": Wording(
        "不认识“{text}”[[，是否为“{near}”？]]",
        "每行以规定的词开头；[[改为“{near}”，]]只作说明的行在前面加“#”。",
        '"{text}" does not open any statement[[; did you mean "{near}"?]]',
        'every line opens with a word of the language; [[write "{near}", or ]]put "#" before a remark.',
    ),
    "E102": Wording(
        "[[“{statement}”这一行，]]写到[[“{text}”]]这里读不下去[[，是否为“{near}”？]]",
        "[[在行末补写“{add}”。]][[这里可以写：{expected}。]][[名称里有标点或与关键词相同时，用{quotes}括起来。]]",
        '[[in the "{statement}" line, ]]reading stops here[[, at "{text}"]][[; did you mean "{near}"?]]',
        "[[add \"{add}\" at its end; ]][[here could stand: {expected}. ]][[put a name that holds punctuation or equals a keyword in {quotes}.]]",
    ),
    "E103": Wording(
        "“{mark}”没有配对",
        "补上另一半，或删去这一个；引号和括号都要成对。",
        'the mark {mark} has no partner',
        "add the other half, or remove this one: quotes and brackets come in pairs.",
    ),
    "E104": Wording(
        "这里有看不见或不常用的字符 {character}",
        "删去后重新输入，需要空格时用普通空格；多为从网页或聊天软件粘贴带来的。",
        "a character that cannot be told by eye stands here: {character}",
        "remove it, or type a plain space instead; such characters come with pasted text.",
    ),
    "E105": Wording(
        "“{word}”是英文关键词，本文件用中文，应写“{right}”",
        "一个文件只用一种语言；整个文件可用 ruleeval fmt --lang 转换。",
        '"{word}" is a Chinese keyword in an English file; write "{right}"',
        "a file keeps to one language; ruleeval fmt --lang converts a whole file.",
    ),
    "E106": Wording(
        "“{word}”不能写在这里",
        "把这一行移到它所属的指标或部分下面；若它是名称，用【】括起来。",
        '"{word}" cannot stand here',
        "move the line below the indicator or section that it belongs to; if it is a name, put it in square brackets.",
    ),
    "E107": Wording(
        "“{text}”不是确切的数",
        "写成一个阿拉伯数字，如 80%、1000；不用“约”“余”、汉字数字和千位分隔号。",
        '"{text}" is not an exact number',
        "write one plain number such as 80% or 1000, with no words and no thousands separators.",
    ),
    "E108": Wording(
        "这一行有{count}个字，超过{limit}个",
        "分成几行；长的说明可分写成几个“说明”。",
        "this line has {count} characters, more than {limit}",
        "split it; a long note can be several note lines.",
    ),
    "E109": Wording(
        "括号套了{limit}层以上",
        "把里面的算式写成“派生”里有名称的值，再在这里引用。",
        "brackets are nested more than {limit} deep",
        "give inner parts names of their own under derived, and use the names here.",
    ),
    "E110": Wording(
        "一个数的位数超过{limit}位",
        "核对是否多写了数字；编号、证件号应声明为文本。",
        "a number has more than {limit} digits",
        "check for extra digits; identifiers are text, not numbers.",
    ),
    "E112": Wording(
        "文件有{count}个字，超过{limit}个，没有读取",
        "核对是否选错文件；确为规则集的，分成几个文件。",
        "the file has {count} characters, more than {limit}, and was not read",
        "check that this is the right file; a ruleset this large is split into several.",
    ),
    "E113": Wording(
        "“{text}”不是有效日期",
        "写成年-月-日，如 2022-12-31，并核对月份和日数。",
        '"{text}" is not a date',
        "write year-month-day, such as 2022-12-31, and check the month and the day.",
    ),
    "E115": Wording(
        "要求保留{places}位小数，最多{limit}位",
        "改小位数；得分一般保留2位。",
        "{places} decimal places are asked for; there can be at most {limit}",
        "ask for fewer: scores usually take 2.",
    ),
    "E114": Wording(
        "“{text}”无法确定年份",
        "写明年月日，如 2022-05-01；规则集以后还要读，不能随当天变化。",
        'the year of "{text}" cannot be told',
        "write the full date, such as 2022-05-01; a ruleset is read in later years too.",
    ),
    "W111": Wording(
        "“{text}”是全角数字，已按{plain}处理",
        "不影响结果；整理格式时会改成半角。",
        '"{text}" is in full-width digits and was read as {plain}',
        "the result is the same; formatting the file writes plain digits.",
    ),
}
