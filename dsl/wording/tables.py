"""Wordings of what is found in tables of units and in batches of them (99x)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E990": Wording(
        "表里缺{count}列：{names}",
        "补上这些列（没有的单位留空）；确实都没有的，用 --partial 说明这些数据全部未填报。基准日和单位类型也可以用 --as-of、--unit-type 给出。",
        "the table lacks {count} columns: {names}",
        "add them (empty for units without a value); if there are none, --partial says that these items are missing for every unit. "
        "A date and a unit type can also be given by --as-of and --unit-type.",
    ),
    "E991": Wording(
        "规则集里没有与列“{name}”对应的东西[[，是否为“{near}”？]]",
        "列名是数据项的名称、unit（单位）等，或 evidence:材料名（佐证:…）、not_applicable:编码（不适用:…）；与评估无关的列用 --ignore-unknown 放过。",
        'nothing in the ruleset goes by the column "{name}"[[; did you mean "{near}"?]]',
        "a column is named like a data item, unit and so on, or evidence:NAME, not_applicable:CODE; --ignore-unknown lets others be.",
    ),
    "E992": Wording(
        "列“{name}”的类型（{found}）放不下这个数据项的值",
        "[[这是百分数：数字列改名为“{name}%”，表示数字都是百分之几；或者写成带百分号的文字。]]数字列放数，是否列放真假或“是、否”，日期列放日期。",
        'the column "{name}" is of a type ({found}) that cannot hold the item',
        '[[it is a percentage: name a column of numbers "{name}%" to say that they are percentages, or write them as text with the sign. ]]'
        "numbers go in a column of numbers, yes/no in one of truth values or words, dates in one of dates.",
    ),
    "E993": Wording(
        "读不了“{path}”[[的{part}]]：{reason}",
        "没有写出任何结果。修好或换一份后再运行同一条命令，已经算完的部分不会重算。",
        '"{path}" cannot be read[[ ({part})]]: {reason_en}',
        "no result was written. Run the same command again with a sound file; what was done already is kept.",
    ),
    "E994": Wording(
        "列“{name}”的{text}不是谁写下的小数",
        "浮点数只认15位以内的小数；先修约到应有的位数，或者用小数、整数或文字列。",
        '{text} in the column "{name}" is no decimal that anyone wrote',
        "of floats only decimals of at most 15 digits are taken; round it to the places it should have, or use decimals, whole numbers or text.",
    ),
    "E995": Wording(
        "写不了“{path}”：{reason}",
        "没有留下写了一半的结果。腾出空间或换个位置后再运行同一条命令，会从停下的地方接着算。",
        '"{path}" cannot be written: {reason}',
        "nothing half-written was left. Make room or choose another place and run the same command again; it goes on where it stopped.",
    ),
    "E996": Wording(
        "这一行有{found}格，应为{expected}格",
        "看看是否多了或少了分隔符，含分隔符的文字要加引号。这一行没有评估，其余各行不受影响。",
        "this row has {found} cells instead of {expected}",
        "look for a separator too many or too few; text that holds one needs quotes. The row was not evaluated, all others were.",
    ),
    "E997": Wording(
        "“{path}”里是另一次运行没做完的部分",
        "那次运行的规则集、数据或选项与现在不同。确定不要了，加 --fresh 从头算。",
        '"{path}" holds the parts of another run that did not finish',
        "its ruleset, data or options were not those of this one. If they are not wanted, --fresh begins anew.",
    ),
    "E998": Wording(
        "看不出“{path}”是什么表",
        "认得的是 .parquet、.csv、.tsv、.jsonl，放单位文件的文件夹，以及数据库网址加 --table。",
        'what kind of table "{path}" is cannot be told',
        "known are .parquet, .csv, .tsv, .jsonl, a folder of unit files, and the URL of a database with --table.",
    ),
    "E999": Wording(
        "成批评估所需的组件没有安装",
        "安装附加组件：pip install \"ruleeval[columns]\"（读写数据库另需 \"ruleeval[ledger]\"），然后再运行。",
        "the parts that batches need are not installed",
        'install the extra: pip install "ruleeval[columns]" (for databases "ruleeval[ledger]" as well), then run again.',
    ),
}
