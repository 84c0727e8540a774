"""Wordings about rosters, questionnaires, interviews and findings in rulesets (250-259, 530-539, 640-649)."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

_FIRST = ("已在这里写过", "written here before")

WORDINGS: Mapping[str, Wording] = {
    "E250": Wording(
        "列“{name}”标了“事项编号”，不能可空",
        "去掉“可空”：没有编号就认不出是不是同一事项。",
        'the column "{name}" is a matter id and cannot be blank',
        "take the may-be-blank mark away: without an id there is no telling whether two matters are the same.",
    ),
    "E251": Wording(
        "身份证号不是数，这一列要写成“文本”",
        "把类型改为“文本”：最后一位可能是X，开头的0不能丢。",
        "an identity number is no number: its column is text",
        "make the type text: the last character may be X.",
    ),
    "E252": Wording(
        "分段重叠：{where}",
        "“{first}”与“{second}”只能有一段含它；改其中一段的端点。",
        "bands overlap: {where}",
        'only one of "{first}" and "{second}" may hold it; change an end of one of them.',
        {"first": _FIRST},
    ),
    "E253": Wording(
        "“{name}”不是已声明的记录表",
        "写一个记录表的名称[[（现有：{tables}）]]，或在“数据”里声明它。",
        '"{name}" is not a declared table of records',
        "name a table of records[[ (there are: {tables})]], or declare it under data.",
    ),
    "E254": Wording(
        "问卷共{questions}题，“有效”要求答{count}题",
        "写1至{questions}之间的整数。",
        "the questionnaire has {questions} questions, but a return counts if it answers {count}",
        "write a whole number from 1 to {questions}.",
    ),
    "E255": Wording(
        "这一题的选项全都不计",
        "至少给一个选项写分值，如“非常满意100”。",
        "no answer to this question counts",
        'give at least one answer its points, such as "very satisfied 100".',
    ),
    "E256": Wording(
        "写的是{text}，应在{least}至{most}之间",
        "改成{least}至{most}之间的整数。",
        "{text} is written where {least} to {most} can stand",
        "write a whole number from {least} to {most}.",
    ),
    "E257": Wording(
        "“{text}”不能写在这一项后面",
        "上期的得分和总分声明为“小数，分”，上期的得分率声明为“百分数”；只用于数据项，不用于列。",
        '"{text}" cannot stand behind this item',
        "a score or total of the last period is a number in points, a score rate a percentage; columns cannot be one.",
    ),
    "E530": Wording(
        "记录表“{name}”没有标“事项编号”的列，认不出同一事项",
        "在认定事项的那一列后面写“，事项编号”。",
        'the table "{name}" has no column marked as matter id, so matters cannot be told apart',
        'write ", matter-id" behind the column that identifies a matter.',
    ),
    "E531": Wording(
        "这里要写问卷[[（现有：{known}）]]",
        "写一个用“问卷”声明的名称，如“内部问卷”；要一道题时写“内部问卷.题名”。",
        "a questionnaire must stand here[[ (there are: {known})]]",
        "name one that is declared as a questionnaire; for one question write questionnaire.question.",
    ),
    "E532": Wording(
        "问卷“{name}”没有写发放多少份，算不出收回率",
        "在问卷的那一行写“，发放 数据项名称”。",
        'the questionnaire "{name}" does not say how many were sent, so there is no return rate',
        'write ", sent ITEM" on the line of the questionnaire.',
    ),
    "E640": Wording(
        "没有写明什么样的答卷算有效",
        "在问卷的那一行写明至少答几题，如“，{clause}”；答得更少的不计入平均。",
        "it is not said which returns count",
        'say on the line of the questionnaire how many questions must be answered, such as ", {clause}"; returns with fewer are in no mean.',
    ),
    "E641": Wording(
        "列了{count}方，没有写明几方确认才算核实",
        "在后面写明，如“{clause}”；一方确认的是部分核实，不进正式反馈。",
        "{count} parties are named, and not how many must confirm",
        'say so behind them, such as "{clause}"; what fewer confirm is partly verified and stays out of the formal feedback.',
    ),
}
