"""The wording of what keeps posts from being shared as asked."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E791": Wording(
        "“{name}”的最少编制{least}与最多编制{most}之间没有整数",
        "放宽其中一个限度。",
        'there is no whole number between the least {least} and the most {most} of "{name}"',
        "widen one of the two limits.",
    ),
    "E792": Wording(
        "最少编制合计{sum}，超过分配总量{total}，做不到：{names}",
        "降低最少编制，或增加总量。",
        "the least posts together are {sum}, more than the {total} to share, so they cannot hold: {names}",
        "lower them, or share more.",
    ),
    "E793": Wording(
        "最多编制合计{sum}，不足分配总量{total}，做不到[[：{names}]]",
        "提高最多编制，或减少总量。",
        "the most posts together are {sum}, fewer than the {total} to share, so they cannot hold[[: {names}]]",
        "raise them, or share fewer.",
    ),
    "E794": Wording(
        "[[“{name}”的]]分配依据为{value}，不能据以分配",
        "核对数据：分配依据不能是负数，也不能全部为零。",
        '[["{name}": ]]the workload is {value}; nothing can be shared by it',
        "check the data: workloads may not be negative, nor all zero.",
    ),
    "E796": Wording(
        "“{name}”的“{item}”算不出来[[，缺{missing}]]",
        "补齐或改正表中这一行。",
        '"{item}" of "{name}" cannot be worked out[[; missing: {missing}]]',
        "complete or correct its row of the table.",
    ),
    "E797": Wording(
        "[[“{name}”的]]编制数{value}不是整数或小于零",
        "编制以整数计。",
        '[["{name}": ]]{value} is not a whole number of posts, or is below zero',
        "posts are counted in whole numbers.",
    ),
    "E798": Wording(
        "“{path}”{is_kind}，这里要的是{wanted}",
        "评估单位用规则集，分配编制用测算文件（以“测算：”开头）。",
        '"{path}" is {is_kind_en}; {wanted_en} is wanted here',
        'units are evaluated by a ruleset; posts are shared by an allocation, which opens with "allocation:".',
    ),
    "E799": Wording(
        "表格“{path}”不能用：{reason}",
        "第一行写列名，第一列写单位，一行一个单位，不重复。",
        'the table "{path}" cannot be used: {reason_en}',
        "the first row names the columns, the first column the units, one row each, none twice.",
    ),
}
