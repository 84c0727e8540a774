"""Wordings of types, units and expressions (5xx)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import DECLARED, Wording

WORDINGS: Mapping[str, Wording] = {
    "E501": Wording(
        "这里要{wanted}，写的是{found}",
        "换成{wanted}，或改数据声明的类型。",
        "{wanted} is needed here, but this is {found}",
        "write {wanted}, or change the declared type.",
    ),
    "E502": Wording(
        "单位不同：{left}不能与{right}相加或比较",
        "换成同一单位；人和人次、数和百分数不是一回事。",
        "the units differ: {left} cannot be added to or compared with {right}",
        "bring both to one unit; people and visits, numbers and percentages are different things.",
        {"declared": DECLARED},
    ),
    "E503": Wording(
        "{left}不能与{right}相加或比较[[：“{text}”是{as_percent}，还是{as_share}？]]",
        "百分数要写百分号[[，如{as_percent}]]。",
        "{left} cannot be added to or compared with {right}[[: is {text} meant as {as_percent} or as {as_share}?]]",
        "a percentage is written with its sign[[, such as {as_percent}]].",
        {"declared": DECLARED},
    ),
    "E504": Wording(
        "{code}的除数可能为零，没有写“分母为零”怎么办",
        "加一行“分母为零：…”：不适用（不参加计分）、满分、零分或报错；也可把数据范围写成“至少1”。",
        "a divisor of {code} can be zero, and nothing says what then",
        'add "zero-divisor: …": not-applicable (left out), full-marks, zero-marks or error; or declare the data at-least 1.',
    ),
    "E507": Wording(
        "“{name}”的括号里写得不对",
        "应写成：{usage}。",
        '"{name}" is not given what it needs',
        "it is written: {usage}.",
    ),
    "E508": Wording(
        "选项里没有“{option}”[[，是否为“{near}”？]]",
        "从声明的选项中选：{options}。",
        '"{option}" is not one of the options[[; did you mean "{near}"?]]',
        "choose from those declared: {options}.",
        {"declared": DECLARED},
    ),
    "E509": Wording(
        "这里要写整数",
        "写成不带小数的数，如 2。",
        "a whole number is needed here",
        "write a number without decimals, such as 2.",
    ),
    "E510": Wording(
        "没有写这些选项得几分：{options}",
        "每个选项写一行；不得分的也要写。",
        "no row says what these options earn: {options}",
        "write a row for every option, also for those that earn nothing.",
    ),
    "E511": Wording(
        "除数总是零",
        "改除数；除以零没有结果。",
        "the divisor is always zero",
        "change it: nothing can be divided by zero.",
    ),
    "E512": Wording(
        "{found}不能比较大小",
        "只能用等于或不等于；要按等级计分，用“按等级”。",
        "{found} cannot be compared by size",
        'only "=" and "≠" can be used; to score levels write by-level.',
    ),
    "E513": Wording(
        "两个日期不能直接相减：要天数、工作日数，还是月数？",
        "写 天数(起，止)、工作日数(起，止)、月数(起，止) 或 周岁(出生，日期)。",
        "two dates are not subtracted: days, working days or months?",
        "write days-between(start, end), working-days, months-between, or age.",
    ),
    "E514": Wording(
        "最少只有{least}个数，却要去掉{dropped}个",
        "在数据里写“个数…至…”，最少要比去掉的多。",
        "the list may hold only {least} numbers, but {dropped} are dropped",
        'declare "count … to …" with more numbers than are dropped.',
    ),
    "E515": Wording(
        "“已填报”只能问一个数据项",
        "括号里写数据项的名称，不写算式。",
        "is-filled-in asks about one data item",
        "write the name of a data item, not a calculation.",
    ),
    "E516": Wording(
        "这里要写指标编码",
        "写如 A1.1 的编码；最低得分、最低得分率也可写“一级指标”等。",
        "an indicator code is needed here",
        "write a code such as A1.1; lowest-score and lowest-rate also take level1, level2 or level3.",
    ),
    "E517": Wording(
        "这里要{wanted}，写的是“{text}”",
        "改为“{fixed}”[[或“{share}”]]；百分数写百分号，其他数不写。",
        '{wanted} is needed here, but this is "{text}"',
        'write "{fixed}"[[ or "{share}"]]: percentages have a percent sign, other numbers have none.',
    ),
    "E518": Wording(
        "这里按个数计分，值却可能是负数",
        "在数据里写“至少0”，或写成 最大(0，…)。",
        "this is counted, but could be negative",
        "declare the data at-least 0, or write max(0, …).",
    ),
    "E519": Wording(
        "每一步是“{text}”，应大于零",
        "写一步有多大，如“每1次”“每0.5个百分点”。",
        'a step of "{text}" is no step: it must be above zero',
        'write how large a step is, such as "each 1 time".',
    ),
    "E520": Wording(
        "至少满足{needed}项，清单却只有{rows}项",
        "改这个数，或补写清单。",
        "{needed} items are to be met, but the list has {rows}",
        "change the number, or add to the list.",
    ),
    "E521": Wording(
        "“{word}”要写0%至100%之间的百分数，写的是“{text}”",
        "写成如30%。",
        '"{word}" takes a percentage between 0% and 100%, but this is "{text}"',
        "write one such as 30%.",
    ),
    "E522": Wording(
        "“{divisor}”可能为零，没有写“分母为零”怎么办",
        "在行末加“，分母为零 不适用”或“，分母为零 报错”；也可把数据范围写成“至少1”。",
        '"{divisor}" can be zero, and nothing says what then',
        'add ", zero-divisor not-applicable" or ", zero-divisor error" to the line; or declare the data at-least 1.',
    ),
    "W505": Wording(
        "按数据的范围，这个条件总是成立",
        "删去条件，或核对数据的范围。",
        "within the declared ranges this condition always holds",
        "remove it, or check the ranges.",
    ),
    "W506": Wording(
        "按数据的范围，这个条件不可能成立",
        "删去这一句，或核对数据的范围。",
        "within the declared ranges this condition never holds",
        "remove it, or check the ranges.",
    ),
}
