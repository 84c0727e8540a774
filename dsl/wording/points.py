"""Wordings of points and weights (3xx)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E301": Wording(
        "{code}“{name}”分值{points}分，下级合计{sum}分，差{difference}分",
        "改{code}或下级的分值（{children}），使二者相等。",
        '{code} "{name}" has {points} points, but the indicators below it add up to {sum}: {difference} apart',
        "change the points of {code} or of those below it ({children}) until they agree.",
    ),
    "E302": Wording(
        "{code}的下级权重合计{sum}%，应为100%",
        "改下级的权重（{children}）；权重不会自动折算。",
        "the weights below {code} add up to {sum}%, not 100%",
        "change the weights ({children}); nothing is rescaled on its own.",
        {"parent": ("上级在这里", "the parent is here")},
    ),
    "E303": Wording(
        "{codes}这{count}项指标共同权重{weight}%，未写各自权重",
        "写“平均分配”，则各{each}%；或删去这一行，给每项各写权重，合计{weight}%。",
        "{count} indicators ({codes}) have a joint weight of {weight}%, without saying how it is shared",
        'write "evenly", which gives {each}% each; or remove the line and give each its weight, {weight}% in all.',
    ),
    "E304": Wording(
        "{code}的下级有的写权重（{weighted}），有的写分值（{pointed}）",
        "同一上级下只用一种：都写权重，或都写分值。",
        "below {code} some indicators have a weight ({weighted}), others points ({pointed})",
        "keep to one of the two below the same parent.",
    ),
    "E305": Wording(
        "{code}没有写分值",
        "在名称后写“，…分”；二、三级指标也可以写“，权重…%”。",
        "{code} has no points",
        'write ", … points" after its name; at levels 2 and 3 also ", weight …%".',
    ),
    "E306": Wording(
        "这一行给{found}分，超过本项满分{points}分",
        "改这一行的分值，或改指标的分值；多得的分写成加分项。",
        "this row gives {found} points, more than the {points} of the indicator",
        "change the row or the points of the indicator; what goes beyond it is a bonus.",
    ),
    "E307": Wording(
        "{code}满分{points}分，按这样评分最高只能得{highest}分",
        "核对各行的分值和数据的范围，使最好的情况得{points}分。",
        "{code} has {points} points, but this standard gives {highest} at most",
        "check the rows and the declared ranges so that the best case earns {points}.",
    ),
    "E308": Wording(
        "{code}是一级指标，不能写权重",
        "改写分值：“，…分”；一级指标的分值相加为满分。",
        "{code} is of level 1 and cannot have a weight",
        'write its points: ", … points"; those of level 1 add up to the full score.',
    ),
    "E309": Wording(
        "“{group}”{points}分，一级指标合计{sum}分，差{difference}分",
        "改“{group}”的分数，或改一级指标的分值[[（{children}）]]。",
        '"{group}" is {points} points, but the level-1 indicators add up to {sum}: {difference} apart',
        'change the "{group}" points, or those of level 1[[ ({children})]].',
    ),
    "E310": Wording(
        "当{variant}时，[[{parent}的]]下级合计{sum}分，应为{points}分",
        "带适用条件的指标，在每种情况下适用的各项分值之和都要等于上级。",
        "where {variant}, the indicators[[ below {parent}]] add up to {sum} points instead of {points}",
        "with conditions, those that apply must add up to their parent in every case.",
    ),
    "E311": Wording(
        "[[{code}]]各行合计{sum}分，本项满分{points}分，差{difference}分",
        "改各行的分值，或改指标的分值，使二者相等。",
        "[[{code}: ]]the rows add up to {sum} points, but the indicator has {points}: {difference} apart",
        "change the rows or the points of the indicator until they agree.",
    ),
    "E312": Wording(
        "共性{common}分加个性{individual}分为{sum}分，满分写的是{points}分",
        "改三个数之一，使共性加个性等于满分。",
        "common {common} and individual {individual} make {sum} points, but the full score says {points}",
        "change one of the three so that the two parts make the whole.",
    ),
    "E313": Wording(
        "各段目标占比合计{sum}%，应为100%",
        "改各段的目标占比。",
        "the target shares add up to {sum}%, not 100%",
        "change them so that they make 100%.",
    ),
    "E314": Wording(
        "有的行写了分值，这一行没有写",
        "每行都写分值，或都不写。",
        "other rows have points, but this one has none",
        "write points in every row, or in none.",
    ),
    "E315": Wording(
        "系数{found}大于1，得分会超过满分",
        "系数在0至1之间，最好的一段写1。",
        "the factor {found} is above 1, so the score would pass full marks",
        "factors lie between 0 and 1; give the best band 1.",
    ),
    "E317": Wording(
        "{code}的分值或权重要大于零",
        "写上它的分值；不再评的指标用“减少”或直接删去，只看不计分的写成“要点”。",
        "{code} needs points or a weight above zero",
        "write its points; an indicator that no longer counts is removed, and what is only looked at is a point to check.",
    ),
    "W316": Wording(
        "个性部分{points}分还没有指标",
        "由单位的个性指标层补充（继承这个规则集并新增）；补齐以前不能用来评估单位。",
        "no indicator fills the {points} points of the individual part yet",
        "a layer of the unit's own is to add them; until then no unit can be evaluated by this ruleset.",
    ),
}
