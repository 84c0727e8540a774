"""Sheets: rulesets as workbooks, and forms that units fill in."""

from __future__ import annotations

from collections.abc import Mapping

from .template import Wording

WORDINGS: Mapping[str, Wording] = {
    "E960": Wording(
        "“{text}”不是分值或权重",
        "分值写一个数，如 6，也认“6分”和全角数字；权重写百分号，如 60%。",
        '"{text}" is no number of points and no weight',
        "points are a number such as 6; a weight has its percent sign, such as 60%.",
    ),
    "E961": Wording(
        "这一行（“{name}”）没有编码",
        "在“编码”一列写上编码，如 A1.3；合计行、空行可以没有编码。",
        'this row ("{name}") has no code',
        'give it one in the column "code", such as A1.3; only totals and blank rows do without.',
    ),
    "E962": Wording(
        "序号“{text}”不是数",
        "写一个数；空着就排在上一行之后。",
        'the number "{text}" is none',
        "write a number; a row without one follows the row above it.",
    ),
    "E963": Wording(
        "这些列属于记录表“{name}”，但“名称”一列里没有它",
        "核对“所属记录表”，或者补上这张记录表的一行。",
        'these columns belong to the table of records "{name}", which has no row',
        'check "column of", or add the row of that table.',
    ),
    "E964": Wording(
        "数据项“{name}”没有写类型",
        "在“类型”一列选一种，如 整数、百分数、是否。",
        'the data item "{name}" has no type',
        'choose one in the column "type", such as integer, percentage or yes-no.',
    ),
    "E965": Wording(
        "不认识级别“{text}”",
        "从下拉列表里选：一级指标、二级指标、三级指标、加分项、追加扣分、否决。",
        'there is no level "{text}"',
        "choose from the list: level1, level2, level3, bonus, extra-deduction, veto.",
    ),
    "E966": Wording(
        "{code_of}在“{column}”一列没有名称",
        "名称写在与它的级别相符的一列；加分项、追加扣分和否决写在三级指标一列。",
        '{code_of} has no name in the column "{column}"',
        "the name stands in the column of its level; those of bonuses, extra deductions and vetoes in that of level 3.",
    ),
    "E967": Wording(
        "{code_of}的评分方式写了两次：“评分方式”一列是“{form}”，规则行里又有一行评分",
        "只留一处：从下拉列表里选，并删去规则行里的那一行。",
        '{code_of} names its rule form twice: "{form}" in its column, and again among the rule lines',
        "keep one: choose from the list, and take the line out of the rule lines.",
    ),
    "E968": Wording(
        "“{name}”的“{column}”有{count}个字，一个单元格放不下（最多32,767个字）",
        "这份规则集用文本编辑；或者把它的行分到几个指标里。",
        '"{column}" of "{name}" has {count} characters, more than a cell holds (32,767)',
        "edit this ruleset as text, or spread its rows over several indicators.",
    ),
    "E969": Wording(
        "这一格读不出来：{found}",
        "把格里的公式或错误值换成文字或数；公式在别的软件里算过并保存后也可以。",
        "this cell cannot be read: {found_en}",
        "put a text or a number in place of the formula or the error; a formula will do once a spreadsheet has worked it out and saved it.",
    ),
    "E970": Wording(
        "“{column}”一列的这些格合并了，每一行应当各写各的",
        "取消合并，逐行写明；一级、二级指标名称、佐证、要点一类可以合并。",
        'these cells of the column "{column}" are merged, but every row needs its own',
        "take the merge apart and fill in row by row; names of levels 1 and 2, evidence and points to check may be merged.",
    ),
    "E971": Wording(
        "“{name}”里没有找到规则集的表",
        "各表要有表头：指标表有“编码”和“规则行”，数据表有“名称”和“类型”，其他表有“项目”和“内容”。用 ruleeval export 导出一份来改。",
        'no sheet of a ruleset was found in "{name}"',
        'every sheet needs its headings: "code" and "rule lines", "name" and "type", "item" and "content". Begin with a workbook from ruleeval export.',
    ),
    "W972": Wording(
        "{code}的评分标准改过了，但它由规则行生成，没有采用",
        "要改标准，请改同一行的“规则行”或“评分方式”。",
        "the standard in words of {code} was changed, but it is made from the rule lines and was not taken over",
        "to change the standard, change the rule lines or the rule form of that row.",
    ),
    "W973": Wording(
        "“{name}”各行的先后与序号不符，已按序号排列",
        "要换先后，请改序号。",
        'the rows of "{name}" stand in another order than their numbers; the numbers were followed',
        "to change the order, change the numbers.",
    ),
    "E974": Wording(
        "“{name}”在导出之后改过，没有覆盖",
        "先比较两份：不带 -o 运行 ruleeval import 看改动，或另存到别的文件；确定要覆盖时加 --force。",
        '"{name}" has been changed since it was exported, and was left as it is',
        "compare the two first: run ruleeval import without -o, or write to another file; --force writes over it.",
    ),
    "E975": Wording(
        "“{name}”里的 {part} 声明了实体，正常的工作簿没有，不打开",
        "核对文件的来历；用 Excel 或 WPS 打开后另存为 .xlsx。",
        '{part} in "{name}" declares entities, as no sound workbook does; it was not opened',
        "make sure where the file comes from, and save it anew as .xlsx from a spreadsheet.",
    ),
    "E976": Wording(
        "“{name}”不是填报表：没有找到{wanted}",
        "用 ruleeval form 生成填报表，不要改表头。",
        '"{name}" is no form: {wanted_en} was not found',
        "make one with ruleeval form, and leave the headings as they are.",
    ),
    "W977": Wording(
        "“{name}”这一格显示{shown}，存的是{text}，按{text}计",
        "两者不同是因为格式只显示几位小数；请核对，需要时改成要报的数。",
        'the cell of "{name}" shows {shown} but holds {text}; {text} was taken',
        "the format shows fewer digits than the cell holds; check, and type the number that is meant.",
    ),
    "E978": Wording(
        "表里没有这样的行：“{name}”[[，是否为“{near}”？]]",
        "不要改数据项名称；多出来的行删去。",
        'the form has no such row: "{name}"[[; did you mean "{near}"?]]',
        "leave the names of the data items as they are, and take out rows that were added.",
    ),
    "E979": Wording(
        "“{name}”同时填了数值和状态“{state}”",
        "二者取一：有数就不写状态，没有数才写状态。",
        '"{name}" has both a value and the state "{state}"',
        "keep one of the two: a state is for what has no value.",
    ),
}
