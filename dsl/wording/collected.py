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
    "E871": Wording(
        "{file} 缺少列“{column}”[[；现有列：{columns}]]",
        "补上这一列，或用 --column 表头=列名 说明它在表里叫什么；表头可以占两行。",
        '{file} lacks the column "{column}"[[; its columns: {columns}]]',
        "add the column, or say with --column HEADING=COLUMN what it is called there; a heading may take two rows.",
    ),
    "E872": Wording(
        "{file} 有几列都叫“{column}”",
        "只留一列，或改表头。",
        '{file} has several columns called "{column}"',
        "keep one of them, or rename the others.",
    ),
    "E873": Wording(
        "“{column}”在表里存成了数字，末几位已丢失（显示：{shown}）",
        "在表里把这一列设为文本，重新录入；Excel 的数字只保留15位。",
        '"{column}" is kept as a number, so its last digits are lost (shown: {shown})',
        "make the column text in the sheet and type the values again: a sheet keeps 15 digits of a number.",
    ),
    "E874": Wording(
        "“{name}”指向的文件“{file}”不在单位数据文件的文件夹里",
        "把表格放到同一文件夹，只写文件名；不读别处的文件。",
        '"{name}" names the file "{file}", which is not in the folder of the unit file',
        "put the table into that folder: files elsewhere are not read.",
    ),
    "E875": Wording(
        "规则集没有名为“{name}”的记录表[[；有：{tables}]]",
        "用 --as 写一个记录表或问卷的名称。",
        'the ruleset has no table called "{name}"[[; it has: {tables}]]',
        "name a table or a questionnaire with --as.",
    ),
    "E876": Wording(
        "“{name}”在 {file} 里已有数据，没有改动",
        "确要替换时加 --replace。",
        '"{name}" has data in {file} already; nothing was changed',
        "add --replace to put the new ones in their place.",
    ),
    "E877": Wording(
        "{file} 不是 JSON，不能写入",
        "表格可以由单位数据文件指名读取：“{name}”: 〔“文件”: “表格文件名”〕；或把单位数据文件存为 JSON。",
        "{file} is not JSON and cannot be written to",
        'a unit file may name the table instead of holding it: "{name}": an object with the key "file"; or keep the unit as JSON.',
    ),
    "W876": Wording(
        "{file} 的列“{columns}”没有声明，没有读入",
        "不需要时不用改；需要时在规则集的记录表里加列，或用 --column 表头=列名。",
        "the columns {columns} of {file} are not declared and were not read",
        "nothing to do if they are not needed; else add them to the table in the ruleset, or use --column HEADING=COLUMN.",
    ),
    "W877": Wording(
        "{file} 第{rows}行是小计、合计、重复的表头或注，没有读入",
        "核对这些行确实不是记录。",
        "rows {rows} of {file} are sums, headings again or notes, and were not read",
        "make sure that they are no records.",
    ),
    "W878": Wording(
        "{file} 第{rows}行的数后面有括号里的注，只读入了数",
        "核对这些数。",
        "rows {rows} of {file} have remarks in brackets behind a number; only the number was read",
        "check the numbers.",
    ),
    "W879": Wording(
        "{file} 的隐藏列“{columns}”也读入了",
        "核对隐藏列不是旧数据。",
        "the hidden columns {columns} of {file} were read too",
        "make sure that they do not hold old data.",
    ),
    "W880": Wording(
        "{file} 第{second}行与第{first}行“{column}”相同（{shown}）",
        "同一个人只登记一行；核对原件。",
        'row {second} of {file} has the same "{column}" as row {first} ({shown})',
        "a person stands on one row; check the original.",
    ),
}
