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
    "E878": Wording(
        "{first} 与 {second} 不是同一单位、同一规则集，不能对照",
        "各轨道的文件，单位名称和规则集要相同。",
        "{first} and {second} are not of one unit under one ruleset, and cannot be held against each other",
        "files of several tracks name the same unit and the same ruleset.",
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
    "W881": Wording(
        "{code}“{name}”要访谈{ranks}至少{least}人次，已有{count}人次",
        "补做访谈，在“访谈”里写明职级和指标。",
        '{code} "{name}" asks for {least} interviews of {ranks}; there are {count}',
        "hold them, and enter them under interviews with rank and indicators.",
    ),
    "W882": Wording(
        "访谈的职级“{rank}”没有指标要求[[，是否为“{near}”？]]",
        "规则集要求的职级：{ranks}；逐字填写，才算到要求里。",
        'no indicator asks for interviews of "{rank}"[[; did you mean "{near}"?]]',
        "the ruleset asks for {ranks}; ranks are compared letter by letter.",
    ),
    "W883": Wording(
        "有第三方评定，没有[[{name}的]]利益关系声明",
        "在“第三方机构”里写“利益关系声明”：与被评估单位有无利害关系，由谁在哪天声明。",
        "a third party evaluated, and there is no statement of interests[[ of {name}]]",
        "add a statement under third_party: whether it has an interest in the unit, and since when it says so.",
    ),
    "E884": Wording(
        "规则集没有指标“{code}”[[，是否为“{near}”？]]",
        "改正指标编码。",
        'the ruleset has no indicator "{code}"[[; did you mean "{near}"?]]',
        "correct the code.",
    ),
    "E885": Wording(
        "没有核实方“{text}”",
        "核实方只有：评估对象、审批机构、服务对象。",
        'there is no party "{text}"',
        "parties are: unit, approving_body, recipients.",
    ),
    "E886": Wording(
        "“{name}”：同一方既确认又不同意",
        "只留一种意见。",
        '"{name}": one party both confirms and disputes it',
        "keep one of the two.",
    ),
    "W886": Wording(
        "“{name}”第{position}个数{value}，与平均{mean}相差{distance}，超过规定的{limit}",
        "请这位评分人复核；打分仍照用。",
        'number {position} of "{name}" is {value}, {distance} from the mean of {mean}, beyond the {limit} allowed',
        "ask that evaluator to look again; the rating still counts.",
    ),
    "W887": Wording(
        "{code}“{name}”：事项“{matter}”由{sources}提出，只计一次",
        "这是说明，不用改。",
        '{code} "{name}": the matter "{matter}" comes from {sources} and counts once',
        "for information.",
    ),
    "E888": Wording(
        "“{name}”填了{given}，上期结果是{previous}",
        "删去填报的值，由上期结果读入；或核对上期结果文件是不是这个单位的。",
        '"{name}" is given as {given}, and the last result says {previous}',
        "remove the value so that it is read from the last result, or check that the result is of this unit.",
    ),
    "E889": Wording(
        "{file} 不是评估结果（{reason}）",
        "用 ruleeval check --json 保存上期结果，再用 --previous 读入。",
        "{file} is no result of an evaluation ({reason_en})",
        "keep the last result with ruleeval check --json and read it with --previous.",
    ),
    "W889": Wording(
        "上期结果里没有“{name}”要的{what}，按未填报处理",
        "新单位没有上期结果时不用改；指标换了编码的，请规则集作者改“上期”后的编码。",
        'the last result has no {what} for "{name}", which counts as missing',
        "nothing to do for a new unit; where the code has changed, ask the author of the ruleset to change it.",
    ),
}
