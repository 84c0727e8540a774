"""Wordings of what a ruleset says of the whole cohort (41x, 54x, 65x)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E410": Wording(
        "{code_of}的名次没有写全：其余名次得几分没有写",
        "加一行“{rest}：…分”。",
        "the places of {code_of} are not complete: nothing is said of the rest",
        'add a row "{rest}: … points".',
    ),
    "E411": Wording(
        "{code_of}的第{place}名写了两次：“{first}”和“{second}”",
        "改其中一行，使每个名次只在一行里。",
        'place {place} of {code_of} is written twice: "{first}" and "{second}"',
        "change one of them so that every place stands in one row.",
    ),
    "E412": Wording(
        "{code_of}的名次从头数起缺第{places}名",
        "名次要接着写；中间的名次也按其余计的，把后面这一行改成其余。",
        "the places of {code_of} leave out {places}",
        "write every place from the first on; if the ones after it are the rest, write them so.",
    ),
    "E416": Wording(
        "名次的单位写成了“{text}”",
        "写成“第3名”或“第3位”。",
        '"{text}" is no unit of a place',
        "write the number alone.",
    ),
    "E540": Wording(
        "“{name}”要用到全部单位，不能写在这里",
        "它不能写在逐条记录的算式里，也不能写在测算文件和结果运用文件里；先写成派生值，再用它的名称。",
        '"{name}" needs all units and cannot stand here',
        "it cannot stand in a formula for each record, nor in an allocation or a use of results; make it a derived value and use its name.",
    ),
    "E541": Wording(
        "“{name}”里的除数可能为零",
        "把这个商写成派生值，在那里写明“分母为零”，再用它的名称。",
        'a divisor inside "{name}" can be zero',
        "make the quotient a derived value, say there what a zero divisor means, and use its name.",
    ),
    "E542": Wording(
        "“{name}”不能带“{clause}”",
        "删去它；各函数能带什么，见语言参考。",
        '"{name}" does not take "{clause}"',
        "leave it out; the reference says what each function takes.",
    ),
    "E543": Wording(
        "计算经过全部单位的结果又回到自己：{chain}",
        "要先算出每个单位的结果，才有全体的平均或名次；改其中一处，使它不再用到自己的结果。",
        "the calculation goes through all units back to itself: {chain}",
        "the mean or the rank of all units is known only after each of them is; change one of these so that it no longer needs its own result.",
        {"uses": ("“{name}”用到“{next}”", '"{name}" uses "{next}"')},
    ),
    "E544": Wording(
        "名额占比{share}不在0与100%之间，或不比上一行的大",
        "占比从第一名累计，写大于0、不超过100%的数，逐行增大。",
        "the share {share} of a quota is not between 0 and 100%, or not above the row before",
        "shares count from the first place: write numbers above 0 and up to 100%, each above the one before.",
    ),
    "E545": Wording(
        "等次的这一行与“{basis}”合不到一起",
        "“按名额”写“前…%”的行和最后一行“其余”；“按得分”“按得分率”写名额之外的区间，不写“其余”；小计的等次不能按名额。",
        'this row of the grades does not go with "{basis}"',
        "by-quota takes rows of the top shares and then rest; by-score and by-score-rate take bands for those outside quotas, not rest; "
        "subtotals have no quotas.",
    ),
    "E546": Wording(
        "{code_of}按名次给分，取值却不是名次",
        "取值写成“{rank}（…）”，如：名次（办结量，从高到低，同类型）。",
        "{code_of} gives points by rank, but its value is no rank",
        'write the value as "{rank}(…)", such as rank(handled, highest-first, same-type).',
    ),
    "E650": Wording(
        "“{name}”没有写本单位算不算在内",
        "写上“含本单位”或“不含本单位”：三个单位为60、80、100时，100的这个单位，含本单位的平均是80，不含是70。",
        '"{name}" does not say whether the unit itself counts',
        "add with-own-unit or without-own-unit: of three units with 60, 80 and 100, the one with 100 has a mean of 80 with itself and 70 without.",
    ),
    "E651": Wording(
        "“{name}”没有写是哪一种：低于本单位的占比，还是不高于本单位的占比",
        "写上“低于”或“不高于”：五个单位中排在第三的，低于它的占40%，不高于它的（含它自己）占60%。",
        '"{name}" does not say which share is meant: of units below this one, or of units at most as high',
        "add below or at-most: of five units, 40% lie below the third, and 60% are at most as high, itself included.",
    ),
    "E652": Wording(
        "{code_of}从两头排名次，一个单位可能两行都占，没有写以哪一行为准",
        "写上“方式：就高”或“方式：就低”：单位少或并列多时，“{first}”和“{second}”会落在同一个单位上。",
        "{code_of} counts places from both ends, and does not say which row counts where a unit is in both",
        'add method: higher or method: lower; with few units or many ties, "{first}" and "{second}" fall on the same unit.',
    ),
    "E653": Wording(
        "等次按名额，又有否决或门槛：没有写被挡下的单位占不占名额",
        "在名额的行里写“否决占名额”（名额不补）或“否决让名额”（由后面的单位递补）。",
        "grades go by quota and there are vetoes or gates: it is not said whether a unit that is kept from the grade takes a place",
        "add vetoed-take-places (the place stays empty) or vetoed-free-places (the next unit moves up).",
    ),
}
