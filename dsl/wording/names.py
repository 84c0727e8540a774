"""Wordings of names, codes and what belongs where (2xx)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import DECLARED, Wording

_FIRST = ("第一次在这里", "first used here")

WORDINGS: Mapping[str, Wording] = {
    "E201": Wording(
        "编码{code}已在第{line}行使用",
        "给其中一项换一个没有用过的编码；编码是指标的身份，不能重复。",
        "code {code} is already used on line {line}",
        "give one of them a code of its own: the code is what identifies an indicator.",
        {"first": _FIRST},
    ),
    "E202": Wording(
        "编码{code}是第{depth}级的编码，却写成“{word}”",
        "改编码，或改行首的级别；A为一级，A1为二级，A1.1为三级。",
        'code {code} is of level {depth}, but the line says "{word}"',
        "change the code or the word: A is level 1, A1 level 2, A1.1 level 3.",
    ),
    "E203": Wording(
        "三级指标{code}直接放在一级指标{grand}下，缺二级指标{missing}",
        "在它前面写上二级指标{missing}，或改正编码。",
        "level-3 indicator {code} stands directly below {grand}; level-2 indicator {missing} is missing",
        "write the heading of {missing} before it, or correct the code.",
        {"above": ("它写在这一项下面", "it stands below this one")},
    ),
    "E204": Wording(
        "名称“{name}”已在第{line}行使用",
        "给其中一个改名；数据、参数、派生值共用一套名称。",
        'the name "{name}" is already used on line {line}',
        "rename one of them: data, parameters and derived values share their names.",
    ),
    "E205": Wording(
        "{code}写在{above}下面，按编码应在{parent}下面",
        "把这一行移到{parent}下面，或改成{above}下的编码。",
        "{code} stands below {above}, but by its code belongs to {parent}",
        "move it below {parent}, or give it a code that begins with {above}.",
    ),
    "E206": Wording(
        "没有名为“{name}”的数据[[，是否为“{near}”？]][[（“{operator}”的两边要空格）]][[（“{function}”后面要写括号）]]",
        "在“数据”“派生”或“参数”里声明它，或改成已有的名称；名称逐字比较。",
        'nothing is named "{name}"[[; did you mean "{near}"?]][[ (the function "{function}" needs brackets)]]',
        "declare it under data, derived or parameters, or use a declared name; names are compared letter by letter.",
        {"declared": DECLARED},
    ),
    "E207": Wording(
        "{code}没有上级：前面没有写{missing}",
        "在它前面写上{missing}，或改正编码。",
        "{code} has no parent: {missing} is not written before it",
        "write the heading of {missing} before it, or correct the code.",
        {"above": ("它写在这一项下面", "it stands below this one")},
    ),
    "E208": Wording(
        "计算形成循环：{chain}",
        "改其中一个算式，使它不再用到自己的结果。",
        "the calculation goes in a circle: {chain}",
        "change one of them so that it no longer needs its own result.",
        {"uses": ("“{name}”用到“{next}”", '"{name}" uses "{next}"')},
    ),
    "E209": Wording(
        "“{name}”写了两次[[，第一次在第{line}行]]",
        "只留一处；两处不同时无法知道以哪个为准。",
        '"{name}" is written twice[[, first on line {line}]]',
        "keep one of them: with two there is no telling which one counts.",
        {"first": _FIRST},
    ),
    "E210": Wording(
        "[[{code}]]缺少“{missing}”",
        "补写一行“{missing}：…”；没有默认值。",
        '[[{code}: ]]"{missing}" is missing',
        'add a line "{missing}: …"; it has no default.',
    ),
    "E211": Wording(
        "“{form}”下面没有内容",
        "在下面逐行写出，每行一项。",
        'there is nothing below "{form}"',
        "write its rows below it, one to a line.",
    ),
    "E212": Wording(
        "“{word}”不能用于{code}",
        "删去或移走：取值、评分、佐证写在三级指标，汇总、共同权重写在一、二级指标，前提、计入、扣自只用于加分项和追加扣分。",
        '"{word}" cannot be used for {code}',
        "remove or move it: value, standard and evidence belong to level 3; combine and joint-weight to levels 1 and 2; "
        "only-if, counted and taken-from to bonuses and extra deductions.",
    ),
    "E213": Wording(
        "{code}下面没有下级指标",
        "补写下级指标，或删去这一行；得分都从三级指标算起。",
        "{code} has no indicators below it",
        "add them, or remove the line: scores are made at level 3.",
    ),
    "E214": Wording(
        "“{table}”没有名为“{name}”的列[[，是否为“{near}”？]]",
        "改成这张记录表已有的列，或在数据里加“列 {name}”。",
        '"{table}" has no column "{name}"[[; did you mean "{near}"?]]',
        'use a column of that table, or declare "column {name}".',
    ),
    "E215": Wording(
        "没有编码为{code}的指标",
        "改成本规则集里已有的编码。",
        "no indicator has the code {code}",
        "use a code of this ruleset.",
    ),
    "E216": Wording(
        "没有“{name}”这个等次[[，是否为“{near}”？]]",
        "从已写的等次中选：{options}。",
        'there is no grade "{name}"[[; did you mean "{near}"?]]',
        "choose one that is written under grades: {options}.",
        {"declared": DECLARED},
    ),
    "E217": Wording(
        "没有名为“{name}”的表[[，是否为“{near}”？]]",
        "用“查表 名称”写出这张表，或改成已有的表名。",
        'there is no table "{name}"[[; did you mean "{near}"?]]',
        'write the table under "table", or use the name of one that exists.',
    ),
    "E218": Wording(
        "“{word}”与评分方式“{form}”不能一起用",
        "删去这一行，或换用需要它的评分方式。",
        '"{word}" does not go with the standard "{form}"',
        "remove the line, or choose a standard that takes it.",
    ),
    "E219": Wording(
        "记录表“{name}”没有写列",
        "在下面逐行写“列 名称：类型”。",
        'the table of records "{name}" has no columns',
        'write "column name: type" below it, one to a line.',
    ),
    "E220": Wording(
        "“{name}”不是记录表，不能有列",
        "把“{name}”的类型改为记录表，或把这一列移到记录表下面。",
        '"{name}" is not a table of records and cannot have columns',
        'make "{name}" records, or move the column below a table.',
    ),
    "E221": Wording(
        "列里不能再放记录表或一组数",
        "列的类型用整数、小数、百分数、日期、文本、选项或是否；另一张表单独声明。",
        "a column cannot hold a table or a list of numbers",
        "give the column a simple type; declare the other table as a data item of its own.",
    ),
    "E222": Wording(
        "“{text}”不适用于{type}类型[[，是否为“{near}”？]]",
        "删去它，或改类型；单位和范围只用于数，“个数”只用于一组数。",
        '"{text}" does not go with the type {type}[[; did you mean "{near}"?]]',
        "remove it or change the type: units and ranges are for numbers, count for lists of numbers.",
    ),
    "E223": Wording(
        "参数“{name}”的两个时段有重叠",
        "写明前一个值到哪天为止，后一个值从次日起。",
        'two periods of the parameter "{name}" overlap',
        "say until which day the earlier value holds, and let the later one begin on the next.",
    ),
    "E224": Wording(
        "参数“{name}”在{days}没有值",
        "补写这段时间的值，或调整前后的起止日期。",
        'the parameter "{name}" has no value: {days}',
        "add a value for that time, or move the dates on either side.",
    ),
    "E225": Wording(
        "这一行写了{found}个键，表有{wanted}个键",
        "按“键”的次序写足{wanted}个，用顿号分开。",
        "this row has {found} keys, but the table has {wanted}",
        "write {wanted}, in the order of the keys line, with semicolons between.",
    ),
    "E226": Wording(
        "表里缺少“{keys}”这一行，共缺{count}行",
        "每种组合都要有一个值，补齐所缺的行。",
        'the table has no row for "{keys}"; rows missing: {count}',
        "add them: every combination needs a value.",
    ),
    "E227": Wording(
        "没有名为“{name}”的小计[[，是否为“{near}”？]]",
        "先写“小计 {name}：编码、编码”，并给它写等次。",
        'there is no subtotal "{name}"[[; did you mean "{near}"?]]',
        'write "subtotal {name}: code; code" first, and grades for it.',
    ),
    "E228": Wording(
        "问题类型里没有“{name}”[[，是否为“{near}”？]]",
        "在“问题类型”里加上它，或改成已有的名称。",
        'there is no problem type "{name}"[[; did you mean "{near}"?]]',
        "add it under problem-types, or use one that is there.",
        {"declared": DECLARED},
    ),
    "E229": Wording(
        "“{name}”与第{line}行的“{other}”看起来一样，字符不同",
        "统一成同一个写法；若确是两项，改一个看得出区别的名称。",
        '"{name}" looks the same as "{other}" on line {line}, but its characters differ',
        "write both the same way; if they are two things, choose names that can be told apart.",
    ),
    "E230": Wording(
        "{code}的“{word}”写在“{standard}”之前",
        "若它属于上一个指标，移回那里；若属于{code}，写在评分标准之后。",
        'the "{word}" line of {code} stands before its "{standard}" line',
        "if it belongs to the indicator above, move it back there; if to {code}, write it after the standard.",
    ),
    "E231": Wording(
        "参数“{name}”没有用到，与第{line}行的“{other}”只多或只少一个字",
        "多半是同一个参数，统一写法；若不是，删去没有用到的。",
        'the parameter "{name}" is not used, and has one letter more or less than "{other}" on line {line}',
        "most likely they are the same parameter: write them alike; if not, remove the one that is not used.",
        {"first": ("相近的名称", "the name it is close to")},
    ),
    "E232": Wording(
        "小计“{name}”没有等次，无法参加取低",
        "写“等次 {name}：按得分率”和它的各等次。",
        'the subtotal "{name}" has no grades to compare',
        'write "grades {name}: by-score-rate" and its grades.',
    ),
    "E234": Wording(
        "“{name}”不能写在{kind}里",
        "删去这一行，或另写一个文件：规则集用“规则集：”开头，测算用“测算：”开头，结果运用用“结果运用：”开头。",
        '"{name}" does not belong into {kind_en}',
        'remove the line, or write another file: a ruleset opens with "ruleset:", an allocation with "allocation:", the use of results with "use-of-results:".',
    ),
    "W205": Wording(
        "“{name}”与第{line}行的“{other}”只差{count}个字，是否同一指标？",
        "若是同一项，统一写法；若不是，可不理会。",
        '"{name}" and "{other}" on line {line} differ by {count} letters: are they the same?',
        "if they are, write them alike; if not, leave them.",
    ),
    "W207": Wording(
        "“{name}”没有用到",
        "删去它，或在评分里用上它。",
        '"{name}" is not used',
        "remove it, or use it in a standard.",
    ),
    "W230": Wording(
        "没有可能为零的除数，“分母为零”不起作用",
        "删去这一句。",
        "no divisor can be zero, so this zero-divisor clause does nothing",
        "remove it.",
    ),
    "W231": Wording(
        "参数“{name}”的这个值没有写来源",
        "在后面加“，来源 文件名称”，以便说明得分时引用。",
        'this value of the parameter "{name}" has no source',
        'add ", source …" so that explanations can cite it.',
    ),
    "W232": Wording(
        "范围只对“折算”起作用",
        "删去范围，或把“不适用”改为折算。",
        "a scope only matters for rescale",
        "remove the scope, or write rescale.",
    ),
    "E233": Wording(
        "“{word}”改的是上层的规则集，这个文件没有继承任何规则集",
        "在开头加一行“继承：名称 版本”；若这就是完整的规则集，直接改写指标。",
        '"{word}" changes a ruleset above, and this file extends none',
        'add a line "extends: NAME VERSION" at the head; in a ruleset of its own, write the indicators as they shall be.',
    ),
}
