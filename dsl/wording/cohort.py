"""Wordings of what is found in a cohort: tables of results and many units at once (89x)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E890": Wording(
        "不能把“{path}”当作得分表来读：{reason}",
        "得分表一行一个单位，首行是列名，一列一个指标。",
        '"{path}" cannot be read as a table of results: {reason_en}',
        "such a table has a unit a row, names of columns in its first row, and an indicator a column.",
    ),
    "E891": Wording(
        "得分表“{path}”没有“{column}”这一列[[，是否为“{near}”？]]",
        "列名逐字比较；表里有：{there}。",
        'the table "{path}" has no column "{column}"[[; did you mean "{near}"?]]',
        "names are compared letter by letter; the table has: {there}.",
    ),
    "E892": Wording(
        "得分表“{path}”第{row}行的单位空缺或重复[[：“{name}”]]",
        "一行一个单位，名称各不相同。",
        'row {row} of the table "{path}" has no unit, or one that stands there before[[: "{name}"]]',
        "one row for each unit, each with a name of its own.",
    ),
    "E893": Wording(
        "得分表“{path}”第{row}行“{column}”的“{text}”不是得分",
        "写成数，如 18.63；没有得分时留空，不要写0。",
        '"{text}" in row {row}, column "{column}" of the table "{path}" is no score',
        "write a number such as 18.63; leave it empty where there is no score, do not write 0.",
    ),
    "E894": Wording(
        "得分表“{path}”第{row}行“{column}”得{value}分，不在0与满分{full}分之间",
        "核对得分，或核对满分（--full 或规则集）。",
        'row {row}, column "{column}" of the table "{path}" has {value}, which is not between 0 and the full {full}',
        "check the score, or the full score (--full or the ruleset).",
    ),
    "E895": Wording(
        "得分表“{path}”第{row}行“{column}”为{value}，各列相加是{sum}",
        "核对这一行；有的列没有算进来时，在 --full 里补上。",
        'row {row} of the table "{path}" gives {value} as "{column}", but its columns add up to {sum}',
        "check the row; if a column was left out, add it to --full.",
    ),
    "E896": Wording(
        "“{unit}”与“{other}”是同一个单位（{name}）",
        "一批里每个单位只评一次；去掉多余的文件。",
        '"{unit}" and "{other}" are the same unit ({name})',
        "each unit counts once in a cohort; leave one of the files out.",
    ),
    "E897": Wording(
        "{code_of}“{name}”的插值锚点没有从小到大",
        "锚点逐行增大；随单位变的锚点（如全体平均）可能超过写定的数，换一个锚点。",
        '{code_of} "{name}": the anchors do not rise',
        "anchors rise from row to row; one that depends on the units (such as a mean) may have passed a written number: choose another.",
    ),
    "W890": Wording(
        "得分表“{path}”里这些列没有用到：{columns}",
        "是得分的，在 --full 里写明满分；不是的不用管。",
        'the table "{path}" has columns that are not used: {columns}',
        "if they hold scores, give their full scores in --full; otherwise nothing is wrong.",
    ),
    "W891": Wording(
        "得分表“{path}”第{row}行“{name}”是合计或平均，不是单位，没有计入",
        "结果不变；合计和平均由程序另算。",
        'row {row} ("{name}") of the table "{path}" is a sum or a mean and no unit: it was left out',
        "nothing changes; sums and means are worked out anew.",
    ),
    "W893": Wording(
        "没有参加比较：{units}，它们不用规则集“{ruleset}”",
        "只有同一规则集的单位互相比较；确需一起比的，用 --rules 指定规则集。",
        'not compared: {units}, which go by another ruleset than "{ruleset}"',
        "only units of one ruleset are compared; to compare them all, give the ruleset with --rules.",
    ),
    "W892": Wording(
        "得分表“{path}”第{row}行“{column}”写的是{text}，按得分和满分算是{rate}",
        "以算出的为准；核对满分，或改正表里的得分率。",
        'row {row} of the table "{path}" gives {text} as "{column}"; by its score and full score it is {rate}',
        "the computed one counts; check the full score, or correct the table.",
    ),
}
