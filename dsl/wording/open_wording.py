"""Wordings of what ordinary wording leaves open and a ruleset must decide (6xx)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E601": Wording(
        "不足一步（{step}）的部分怎样算，没有写",
        "在行末加“，{part_proportion}”“，{part_up}”或“，{part_down}”；例如一步半，依次为{proportion}分、{up}分、{down}分。",
        "nothing says how a part of a step ({step}) counts",
        'add ", {part_proportion}", ", {part_up}" or ", {part_down}"; '
        "one step and a half, say, make {proportion}, {up} or {down} points.",
    ),
    "E602": Wording(
        "比率可能超过100%[[（最高{highest}）]]，没有写超出怎么办",
        "加一行“超出：封顶”（按满分计），或“超出：报错”（视为数据有误）。",
        "the ratio can pass 100%[[ (up to {highest})]], and nothing says what then",
        'add "beyond: capped" (full marks), or "beyond: error" (the data must be wrong).',
    ),
    "E603": Wording(
        "分段“按比例计分”有三种读法，没有写是哪一种",
        "用“评分：段次分布”，并写“方式：系数”（各段占比乘系数）、“方式：目标占比”（低于或高于目标扣分）"
        "或“方式：接近程度”（越接近目标越高）；如三段30、52、30人，依次可得3.49、4.00、3.86分（满分4分）。",
        "scoring bands in proportion can be read in three ways, and nothing says which",
        'use "standard: distribution" with "method: factors" (shares times factors), "method: target-shares" (points off for '
        'missing a target) or "method: closeness" (the nearer the better); 30, 52 and 30 people can make 3.49, 4.00 or 3.86 of 4 points.',
    ),
    "E604": Wording(
        "各段占比以什么为分母，没有写",
        "加“合计：各段合计”（不在任何段次的人不计），或“合计：总人数的名称”（不在段次内的人仍留在分母里）。",
        "nothing says of what total the shares are taken",
        'add "total: sum-of-bands" (whoever is outside all bands is left out), or "total: …" with the name of the whole.',
    ),
    "E605": Wording(
        "阶梯按累进还是全额，没有写",
        "加“方式：累进”（每段按本段标准），或“方式：全额”（全部按达到的那一段）。",
        "nothing says whether tiers are marginal or whole",
        'add "method: marginal" (each part at its own rate), or "method: whole-amount" (all at the rate reached).',
    ),
    "E606": Wording(
        "酌情给分没有写范围",
        "加一行“范围：…分至…分”。",
        "points at discretion have no range",
        'add "range: … points to … points".',
    ),
    "E607": Wording(
        "{code}不适用时折算，没有写在多大范围内折算",
        "加“，范围上级”“，范围一级指标”“，范围共性部分”或“，范围全部”；范围不同，总分可能不同（如107.87分与107.93分）。",
        "{code} is rescaled when not applicable, but over what is not said",
        'add ", scope parent", ", scope level1", ", scope common-part" or ", scope whole"; the total may differ (107.87 or 107.93, say).',
    ),
    "E608": Wording(
        "{code}分母为零时按不适用处理，没有写不适用怎么办",
        "加一行“不适用：折算，范围上级”，或平均分摊、满分、零分。",
        "{code} is not applicable when a divisor is zero, but nothing says what becomes of its points",
        'add "not-applicable: rescale, scope parent", or spread-evenly, full-marks, zero-marks.',
    ),
    "E632": Wording(
        "{code}的样本不足时怎么办，没有写",
        "在行末加“，不足则 提示”（照常计分，只提醒）、“不足则 不得分”、“不足则 待定”（不给得分）或“不足则 不适用”。",
        "nothing says what happens to {code} when its sample is too small",
        'add ", if-short notice" (scored as usual, with a reminder), no-marks, pending (no score) or not-applicable to the line.',
    ),
    "E633": Wording(
        "{code}样本不足时按不适用处理，没有写不适用怎么办",
        "加一行“不适用：折算，范围上级”，或平均分摊、满分、零分。",
        "{code} is not applicable when its sample is too small, but nothing says what becomes of its points",
        'add "not-applicable: rescale, scope parent", or spread-evenly, full-marks, zero-marks.',
    ),
    "E609": Wording(
        "一行写了几种材料（{names}）：是都要，还是有一种即可？",
        "都要的，每种单独一行；有一种即可的，行首加“任一”。",
        "this row names several documents ({names}): all of them, or any one?",
        'if all, give each a row of its own; if one is enough, begin with "any-of".',
    ),
    "E610": Wording(
        "缺佐证怎么办，没有写",
        "在规则集开头写“缺佐证：提示”（或不得分、待定、最多得…%），或在这一行末加“，缺则…”。",
        "nothing says what happens when this evidence is missing",
        'write "missing-evidence: notice" in the head (or no-marks, pending, at-most …%), or add ", if-missing …" to this line.',
    ),
    "E612": Wording(
        "值可能落在达标范围的一侧，没有写“{side}”怎样扣分",
        "补一行“{add}”；不扣分的，写扣0分。",
        'the value can miss the target on one side, and no "{side}" row says what then',
        'add a row "{add}"; if nothing is taken off, say 0 points.',
    ),
    "E613": Wording(
        "这一等给的是分数范围，没有写实际打几分由谁定",
        "加一行“打分：…”，写评估组打分的数据项。",
        "this level gives a range of points, but nothing says which of them",
        'add "rating: …" with the data item that holds the points given.',
    ),
    "E614": Wording(
        "缺这种材料扣几分，没有写",
        "在后面写“：扣…分”。",
        "nothing says how many points this document costs when missing",
        'add ": minus … points" to the row.',
    ),
    "E615": Wording(
        "按材料比例计分，不写每种扣几分",
        "删去扣分，或改用“评分：按材料扣分”。",
        "scored by the share of documents there, a row has no points of its own",
        'remove the points, or use "standard: documents".',
    ),
    "E616": Wording(
        "这一行与评分方式不符",
        "写成“{wanted}”的样子，或换一种评分方式。",
        "this row does not fit the standard",
        'write it like "{wanted}", or choose another standard.',
    ),
    "E617": Wording(
        "按要点评分，要点却没有写分值",
        "写“要点”，每条后面写“，…分”，合计等于本项分值。",
        "scored by points to check, but none of them has points",
        'list points-to-check, each with ", … points", adding up to the indicator.',
    ),
    "E618": Wording(
        "达标范围没有这一端，“{side}”不会发生",
        "删去这一行，或给达标范围写上这一端。",
        'the target has no end on this side, so "{side}" never happens',
        "remove the row, or write that end of the target.",
    ),
    "E619": Wording(
        "“按比例”超出后只能封顶或报错",
        "写“超出：封顶”或“超出：报错”；超出要减分的，用“控制型”。",
        "in proportion, what goes beyond is capped or an error",
        'write "beyond: capped" or "beyond: error"; where more is worse, use limit-based.',
    ),
    "E620": Wording(
        "取值是{found}，不是比率，没有写与什么相比",
        "加一行“目标：…”，或把取值写成两个数相除。",
        "the value is {found}, not a ratio, and nothing says what it is measured against",
        'add "target: …", or make the value a quotient.',
    ),
    "E621": Wording(
        "超过限额怎样减分，没有写",
        "加“超出：两倍归零”（超多少减多少，到两倍为零），或“超出：反比”（限额除以实际）；超出一半时依次得50%和约66.7%。",
        "nothing says how points fall beyond the limit",
        'add "beyond: zero-at-twice" (down in a line, to zero at twice the limit), or "beyond: inverse" (limit over value); '
        "half beyond makes 50% or about 66.7%.",
    ),
    "E622": Wording(
        "插值至少要两个点",
        "再写一行“值：…分”。",
        "a line needs two points at least",
        'add another row "value: … points".',
    ),
    "E623": Wording(
        "这一行与方式“{method}”不符",
        "系数写“：系数0.9”，目标占比写“：不低于30%，每低1个百分点扣0.1分，不足部分按比例”之类，接近程度写“：目标30%”。",
        'this row does not fit the method "{method}"',
        'for factors write ": factor 0.9", for closeness ": target 30%", '
        'for target-shares ": at-least 30%, short-by-each 1 percentage-point minus 0.1 points, part-in-proportion".',
    ),
    "E624": Wording(
        "派生值“{name}”不是得分，分母为零时不能定为满分或零分",
        "写“分母为零 不适用”或“分母为零 报错”；满分、零分写在用到它的指标里。",
        'the derived value "{name}" is no score and cannot be full or zero marks',
        "write zero-divisor not-applicable or error here; full or zero marks belong to the indicator that uses it.",
    ),
    "E626": Wording(
        "规则集没有等次，否决无法作用于等次",
        "写“等次”部分，或把效果改为“总分定为…分”。",
        "the ruleset has no grades for this veto to act on",
        'write grades, or make the effect "total-is … points".',
    ),
    "E627": Wording(
        "一类问题“{name}”没有写整改时限",
        "在行末加“，整改…日”。",
        'the class-1 problem "{name}" has no deadline',
        'add ", rectify-in … days".',
    ),
    "E628": Wording(
        "{code}和同级指标可能全部不适用，没有写那时怎么办",
        "在规则集开头写“全部不适用：上移折算”，或满分、零分。",
        "{code} and all beside it may be not applicable, and nothing says what then",
        'write "all-not-applicable: carry-up" in the head, or full-marks, zero-marks.',
    ),
    "E629": Wording(
        "{code}不适用时要分给其他指标，没有写最多可以有多少不适用",
        "在规则集开头写“折算限度：30%”之类；超过限度时不出总分。",
        "{code} passes its points on when not applicable, but nothing says how much may be left out",
        'write "left-out-limit: 30%" or the like in the head; beyond it there is no total.',
    ),
    "E630": Wording(
        "[[{parent}下级的]]适用条件不能逐一核对合计",
        "适用条件只用选项、是否和基准日与某一天的先后，组合不超过512种。",
        "the conditions[[ below {parent}]] cannot be added up case by case",
        "let them ask only for choices, yes-or-no items, and whether the as-of date is before or after a day, with at most 512 combinations.",
    ),
    "E631": Wording(
        "{code}没有按事项逐条计数，无法避免重复扣分",
        "取值写成“个数(记录表，…)”，并给记录表写一个标“事项编号”的列。",
        "{code} does not count records by matter, so nothing can be counted once only",
        'make its value "count(table, …)", and mark one column of the table matter-id.',
    ),
}
