"""Wordings of what tables of field work hold, and of collecting them (870-889)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E870": Wording(
        "“{name}”位数应为15位或18位（显示：{shown}）",
        "核对原件；18位的最后一位可以是X。",
        '"{name}" takes 15 or 18 characters (shown: {shown})',
        "check the original; the last of 18 may be an X.",
    ),
    "W871": Wording(
        "“{name}”：有{count}为{values}，不在任何段次内，未计入占比",
        "核对数据；确应计入时，请规则集作者加一段。",
        '"{name}": {count} at {values} in no band, counted in none',
        "check the data; if they belong somewhere, ask the author of the ruleset for a band.",
    ),
    "W872": Wording(
        "{code}“{name}”要用“{item}”的“{column}”，有{count}行空着，得分暂不能确定",
        "补上空着的格；不按0处理。",
        '{code} "{name}" needs "{column}" of "{item}", which is blank in {count} rows: the score is open',
        "fill the blanks in; they are never taken for zero.",
    ),
    "W873": Wording(
        "“{name}”有效{count}份，少于规定的{least}份，结果仅供参考",
        "补发问卷，或在报告中说明。",
        '"{name}" has {count} valid returns, fewer than the {least} asked for: take the result with care',
        "send more, or say so in the report.",
    ),
    "W874": Wording(
        "“{name}”有{count}份各题答案完全相同",
        "抽查这些答卷是否认真填写；仍计入平均。",
        '"{name}" has {count} returns with one and the same answer throughout',
        "look at them; they still count.",
    ),
    "W875": Wording(
        "“{name}”的有效答卷中有{blank}处空白、{skipped}处不计的答案，都不进分母",
        "这是说明，不用改；要看每题各有多少，用 ruleeval instruments。",
        '"{name}": {blank} blanks and {skipped} answers that do not count on valid returns are in no denominator',
        "for information; ruleeval instruments shows them question by question.",
    ),
}
