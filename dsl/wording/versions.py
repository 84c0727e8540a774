"""Wordings of dates and versions: periods in force, and what became of an older version (930-945)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E930": Wording(
        "{days}[[，{variant}时]]，[[{parent}的]]下级合计{sum}分，比应有的{points}分少{difference}分",
        "[[这段时间里有效的是：{there}。]]把前后的“生效”接上（后一个从前一个止日的次日起），或补上这段时间的指标；版本本身只管一段时间的，在开头写“生效”。",
        "{days}[[, where {variant}]], the indicators[[ below {parent}]] add up to {sum} points, {difference} short of {points}",
        "[[in force in that time: {there}. ]]let one effective period begin on the day after the other ends, or add what is missing; "
        "if the whole version is for a time only, say so by effective in its head.",
    ),
    "E931": Wording(
        "{days}[[，{variant}时]]，[[{parent}的]]下级合计{sum}分，比应有的{points}分多{difference}分",
        "这段时间里同时有效的是：{there}。前一个的“生效”写到后一个起日的前一天为止。",
        "{days}[[, where {variant}]], the indicators[[ below {parent}]] add up to {sum} points, {difference} over {points}",
        "in force at once: {there}. Let the earlier one end on the day before the later one begins.",
    ),
    "W931": Wording(
        "{code}写了生效期，没有写它依据什么",
        "在下面加一行“{word}：文件名称和条款”。",
        "{code} is in force for a time only, and does not say by what clause",
        'add a line "{word}: …" below it with the document and the clause.',
    ),
    "E932": Wording(
        "{code}永远不会有效：它的生效期（{own}）与上级{above}的生效期（{period}）没有一天相同",
        "改正起止日期，或删去这个指标。",
        "{code} is never in force: its own period ({own}) has no day in common with that of {above} above it ({period})",
        "correct the dates, or remove the indicator.",
    ),
    "W944": Wording(
        "基准日{day}是用 --as-of 指定的，{count}个单位的数据文件里是别的日期",
        "结果按指定的这一天算；要按各自的基准日，去掉 --as-of。",
        "{day} was asked for with --as-of; the files of {count} units give another date",
        "the results are those of that day; leave --as-of out to take each unit's own.",
    ),
    "E945": Wording(
        "规则集文件夹里没有“{name}”[[，版本{version}]][[；是否为“{near}”？]]",
        "写成“名称@版本”，与文件里“规则集”“版本”两行一致；[[现有：{there}。]]也可以写文件的路径。",
        'the folder of rulesets has no "{name}"[[, version {version}]][[; did you mean "{near}"?]]',
        'write NAME@VERSION as the "ruleset" and "version" lines of the file have them; [[there are: {there}. ]]or give the path of a file.',
    ),
    "E938": Wording(
        "“沿革”没有写自哪个版本而来",
        "写成“沿革：名称 版本”，与旧版文件里“规则集”“版本”两行一致。",
        "the crosswalk does not say from which version",
        'write "crosswalk: NAME VERSION" as the "ruleset" and "version" lines of the older file have them.',
    ),
    "E939": Wording(
        "“沿革”里的“{name}”，这个版本里没有[[，是否为“{near}”？]]",
        "每行冒号前面写这个版本的编码或名称，“来自”后面写旧版的；旧版里有、这个版本没有的，写在“停用”后面。",
        '"{name}" of the crosswalk is not in this version[[; did you mean "{near}"?]]',
        'before the colon stands the code or name in this version, after "from" the one in the older version; what is gone goes after "dropped".',
    ),
    "E940": Wording(
        "旧版的{code}写了停用，又写了由“{name}”接续",
        "只留一处：停用的没有接续，有接续的不写停用。",
        '{code} of the older version is said to be dropped, and to have "{name}" as its successor',
        "keep one of the two.",
    ),
    "E941": Wording(
        "旧版的“{name}”不能既给“{first}”又给“{second}”",
        "一项数据或佐证只能由一项接续；拆开的，请人重新填报，删去其中一行。",
        '"{name}" of the older version cannot become both "{first}" and "{second}"',
        "a data item or a kind of evidence has one successor; what was split is filled in anew: remove one of the lines.",
    ),
    "E942": Wording(
        "旧版的{code}拆开后各部分合计{sum}%，与100%相差{difference}%",
        "改这几行的比例，使合计恰好100%；平均拆分的，每行写“，{evenly}”：{parts}。",
        "the parts of {code} of the older version add up to {sum}%, {difference}% away from 100%",
        'let the shares add up to 100% exactly; for even parts write ", {evenly}" in every line: {parts}.',
    ),
    "E943": Wording(
        "“{name}”由旧版几个指标合并而来，不能再写比例",
        "合并是把旧版的几个整个并入；删去比例。",
        '"{name}" is made of several indicators of the older version, so it takes no share',
        "several are merged whole; remove the share.",
    ),
    "E934": Wording(
        "{day}没有哪个版本在生效期内（{unit}）",
        "这个单位可用的有：{versions}。改正基准日，或补上这段时间的版本；也可用 --rules 指定一个。",
        "no version is in force on {day} ({unit})",
        "for this unit there are: {versions}. Correct the date, or add the version of that time; or name one with --rules.",
    ),
    "E935": Wording(
        "“{name}”有两个版本在{day}同时有效（{unit}）",
        "它们是：{versions}。把前一个版本的“生效”写到后一个起日的前一天为止；或用 --rules 指定一个。",
        'two versions of "{name}" are in force on {day} ({unit})',
        "they are: {versions}. End the earlier one on the day before the later one begins; or name one with --rules.",
    ),
    "E936": Wording(
        "“{name}”的版本{version}与{other}（{file}）在{days}同时有效",
        "把前一个版本的“生效”写到后一个起日的前一天为止。",
        'versions {version} and {other} ({file}) of "{name}" are both in force: {days}',
        "end the earlier one on the day before the later one begins.",
    ),
    "W937": Wording(
        "“{name}”的版本{version}失效以后，{days}没有哪个版本有效",
        "把前后两个版本的“生效”接上；确实有一段没有版本的，不必理会。",
        'after version {version} of "{name}" no version is in force: {days}',
        "let the two effective periods meet; leave it if there is really no version in that time.",
    ),
    "W933": Wording(
        "{code}永远不会有效：它的生效期（{own}）与规则集的生效期（{period}）没有一天相同",
        "改正起止日期；从旧版继承来、已经过期的，用“减少”去掉。",
        "{code} is never in force: its own period ({own}) has no day in common with that of the ruleset ({period})",
        "correct the dates; take out by remove what an older version handed down and has run out.",
    ),
}
