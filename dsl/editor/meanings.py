"""What each word of the language means, in one plain line: shown under the pointer.

Every word that opens a statement or names a form, a type, a choice or a function stands
here; a test holds the table to the keyword table.
"""

from __future__ import annotations

from collections.abc import Mapping

_TABLE = """
RULESET|规则集的名称，必写|the name of the ruleset; required
VERSION|规则集的版本，必写|the version of the ruleset; required
APPLIES|适用于哪几类单位；不写则不限|the types of unit it is meant for; any if absent
UNIT_LEVELS|适用于哪几个层级的单位；不写则不限|the levels of unit it is meant for; any if absent
CROSSWALK|各指标、数据、佐证从旧版的哪一项来|what each indicator, data item and kind of evidence was in an older version
EFFECTIVE|规则集或指标有效的期间，首尾两天都在内|when a ruleset or an indicator is in force, both days among it
ISSUER|发布这套规则的机构|who issued the ruleset
BASIS|所依据的文件或条款|the document or clause it rests on
FULL_SCORE|满分；一级指标加起来必须恰好相等|the full score; level-1 indicators must add up to it exactly
DECIDING|自评、实地评估、第三方中决定结果的一个，不会用别的顶替|which of self, on-site and third-party decides; none stands in for another
ROUNDING|在哪一级、修约到几位、怎样修约；不写就不修约|at which stage, to how many places and how to round; no rounding if absent
MISSING_EVIDENCE|佐证不足时得分怎么办|what becomes of the score when evidence is short
LEFT_OUT_LIMIT|不适用指标的分值最多占满分多少，超过就不给结果|how much of the full score may be left out; beyond it there is no result
ALL_OUT|同级全部不适用时分值怎么办|what becomes of the points when all siblings do not apply
NOTE|随规则集或指标走的说明文字|free text that travels with the ruleset or the indicator
DATA|单位要填报的数据，一行一项|the data a unit hands in, one item a row
DERIVED|由数据算出来的值，一行一个|values computed from data, one a row
PARAMETERS|带生效期的常数，按基准日取值|constants with dates, taken as of the unit's date
RECONCILE|数据之间必须成立的关系|relations that must hold between data
DIMENSIONS|雷达图的维度各由哪些指标构成|which indicators make up each dimension of a radar chart
PROBLEM_TYPES|失分引出的问题类型|the types of problem that lost points raise
UNSCORED|条件成立时不打分，只给一句话|cases that get words instead of a score
SEGMENTS|按区间点数：记录表中各段各有多少，段外的另行提示|counts the records of a table by bands; those in no band are told
GROUPS|把记录表按一列分组，每组一行|a table of groups of another table, one row for each value of a column
SURVEY|问卷：一题一行，写明各选项的分值|a questionnaire: one question a row, with the points of each answer
LOOKUP|按一个或几个键查数的表|a table that gives a number by one or more keys
KEYS|查表所用的键|what a table is looked up by
DECISION|一行一个条件的判定表|a table of conditions, one a row
COLUMN|记录表的一列|a column of a table of records
LEVEL1|一级指标：编码、名称、分值|a level-1 indicator: code, name, points
LEVEL2|二级指标：编码、名称、分值或权重|a level-2 indicator: code, name, points or weight
LEVEL3|三级指标：编码、名称、分值或权重，下面写取值和评分|a level-3 indicator: code, name, points or weight, then its value and standard
BONUS|指标之外的加分|points on top of the indicators
EXTRA|指标之外的扣分|points taken off beside the indicators
VETO|条件成立就决定等次或总分，与得分无关|a fact that decides the grade or the total, whatever the points
SUBTOTAL|另算的小计，可以有自己的等次|a sum of its own, with grades of its own if wanted
GRADES|得分或得分率落在哪一档就是哪一等|the grade by the band that the score or the rate falls into
GATE|得到某一等次还须满足的条件|what a grade asks for besides the points
WORST_GRADE|几个等次中取最低的|the lowest of several grades
USE_OF_RESULTS|文件写评估结果怎样运用，冒号后是名称|the file says what results are used for; its name follows
FREQUENCY|各等次多久评估一次|how often a unit of each grade is evaluated
LINKAGE|审批用编申请时提出的理由|reasons given when posts are asked for
ALLOCATION|文件是编制测算，冒号后是名称|the file shares posts; its name follows
POSTS_BEFORE|各单位原有的编制|the posts that each unit had
SHARED_BY|按什么分配，如加权案件数|by what posts are shared, such as weighted cases
TOTAL_SHARED|分配的总数：不变，或写明多少|how many posts are shared: unchanged, or a number
TILT|分配依据再乘的系数|what the workload is multiplied by
LEAST_POSTS|每个单位至少得多少|the fewest posts of each unit
MOST_POSTS|每个单位至多得多少|the most posts of each unit
WHOLE_POSTS|怎样取整|how posts become whole
TRANSFERS_BY|按哪一项列出地区之间的调剂|by what transfers are listed
JOINT_WEIGHT|几个指标合起来的权重，写明怎样分|one weight for several indicators, with how to share it
COMBINE|下级得分怎样合成本级得分|how the scores below make up this one
VALUE|要评的值|the value that is judged
STANDARD|评分方式|how the value is scored
RATING|评定方在等级的范围内打的分|the points an evaluator gives within a level
ZERO_DIVISOR|除数为零时怎么办|what a zero divisor means
ZERO_IF|条件成立得零分|no marks if the condition holds
FULL_IF|条件成立得满分|full marks if the condition holds
DIFFICULTY|得分乘以系数，再限制在满分以内|the score times a factor, held to full points
CEILING|得分不高于这个值|the score is at most this
FLOOR|得分不低于这个值|the score is at least this
APPLIES_IF|只对满足条件的单位有效|only for units for which the condition holds
NOT_APPLICABLE|不适用时分值怎么办|what becomes of the points when the indicator does not apply
UNFILLED|没有填报时怎么办|what happens when nothing is filled in
EVIDENCE|要交的佐证；几种须齐备，任一或如有另写明|the evidence asked for: all of it unless it says any-of or if-present
INTERVIEW|要访谈哪些人员、至少几人次，不够时提醒|whom to interview, by rank, and how many at least; a reminder when there are fewer
VERIFY|发现的问题由哪几方核实、至少几方确认|which parties confirm a finding, and how many of them at least
POINTS_TO_CHECK|评估要点，每行以短横开头，可带分值|what to look at, each row after a dash, with points if wanted
PROBLEM|失分时引出哪类问题|the type of problem that lost points raise
ONCE|已在这些指标计过的同一事项不再计|a matter counted there is not counted again
TARGET|得满分的目标值|the value that earns full marks
LIMIT|不应超过的限额|the amount that should not be passed
MEETS|算作达标的区间|the interval that meets the standard
BEYOND|超出目标或限额时怎样计|what happens beyond the target or the limit
METHOD|按哪一种算法计分|which of several methods is used
TOTAL_OF|占比以什么为分母|what shares are shares of
MEET_AT_LEAST|清单中至少满足几项|how many entries of the list must be met
DISCRETION|酌情打分的范围|the range an evaluator may choose from
BASE_POINTS|达标时的得分，不是满分|the points for meeting the standard, where that is not full marks
SAMPLE|最少样本，以及不足时怎样处理|the least sample, and what happens below it
FORMULA|计分的算式|the formula of the points
ONLY_IF|具备这个前提才加分或扣分|the bonus or deduction only takes effect if this holds
COUNTED|计入总分之内还是之外|whether it counts inside the total
TAKEN_FROM|从哪一项得分中扣|which score it is taken from
CONDITION|否决成立的条件|when the veto applies
EFFECT|否决成立的后果|what the veto does
EXTENDS|所继承的规则集：名称和版本；本文件只写改动|the ruleset this one extends, by name and version; this file holds only the changes
REASON|为什么改；凡是改指标都要有|why it was changed; every change of an indicator needs one
FOR_REGIONS|这一层只用于这些地区|the regions this layer is for
FOR_UNITS|这一层只用于这些单位|the units this layer is for
ADDITION|在上层之外新增一个指标|an indicator that the layers above do not have
CHANGE|改上层的一个指标，只写改的字段|changes an indicator of a layer above; only the changed fields are written
REMOVAL|去掉上层的一个指标|takes an indicator of a layer above away
MOVE|把上层的一个指标移到别处|moves an indicator of a layer above elsewhere
REWEIGH|改上层一个指标的分值或权重|gives an indicator of a layer above other points or another weight
LOCK|下层不能再改的字段|fields that no layer below may change
RENAMED|改成的名称|the new name
FORMER_NAME|改之前的名称，用来核对|the name before, as a check
LEAVE_OUT|去掉上层写的一个字段|takes a field of a layer above away
BY_LEVEL|由评定的等级得分|points by the level an evaluator gives
PASS|条件成立得满分，否则不得分|full marks if the condition holds, else none
DOCUMENTS|缺一种材料扣几分|points off for each document that is missing
DOCUMENT_SHARE|按所列材料有几种得分|points by how many of the documents are there
DEDUCT_EACH|每发生一次扣几分，扣完为止|points off for each occurrence, until none are left
TARGET_DEDUCT|达标得满分，偏离时每一步扣几分|full marks for meeting the standard, points off for each step away from it
PROPORTIONAL|满分乘以比率，或乘以值与目标之比|full points times the ratio, or times value over target
CONTROL|不超过限额得满分，超过按比例扣|full marks within the limit, proportionally less beyond it
BANDS|值落在哪一档就得哪一档的分|the points of the band that the value falls into
INTERPOLATE|在给定的几点之间按直线取分|points on straight lines between given values
CHECKLIST|清单逐项核对，每项给分|entries checked one by one, each with its points
EARN_EACH|每达到一步得几分，最多到满分|points for each step reached, up to full points
TIERS|分段计步，各段步子和分值不同|steps of different worth in different ranges
WORST_ONLY|几种扣分情形同时成立时只按最重的扣|of several deductions that apply, only the worst
BEST_ONLY|几种得分情形同时成立时只按最高的得|of several awards that apply, only the best
DISTRIBUTION|按各段次的人数分布计分|points by how heads are spread over bands
DISCRETIONARY|评定方在范围内打分|an evaluator gives points within a range
FORMULA_FORM|按算式计分|points by a formula
BY_RANK|按名次给分，前几名、倒数几名各得几分|points by place, from the first or from the last
BY_POINTS|各评估要点打分相加|points given for each point to check, added up
INTEGER|整数，可带单位和范围|a whole number, with unit and range if wanted
NUMBER_TYPE|小数或整数，可带单位和范围|a number, with unit and range if wanted
PERCENTAGE|百分数，填报时要带百分号|a percentage; written with its sign in the unit file
MONEY|金额，元、万元、亿元自动换算|an amount of money
DATE_TYPE|日期|a date
DURATION|时长，日、月、年自动换算|a length of time; days, months and years convert
TEXT_TYPE|文字|text
OPTIONS|所列各项之一|one of those listed
YES_NO|是或否|yes or no
NUMBERS|若干个数|several numbers
RECORDS|若干行记录，各列另行声明|rows of records, with columns declared below
SELF|单位自评|the unit's own evaluation
ON_SITE|实地评估|evaluation on site
THIRD_PARTY|第三方评估|evaluation by a third party
UNIT_PARTY|被评估的单位|the unit that is evaluated
APPROVER|审批机构编制的机构|the body that approves posts
INTERNAL|单位内部|people inside the unit
EXTERNAL|单位之外|people outside the unit
RECIPIENTS|评估对象的服务群体|those whom the unit serves
NOT_COUNTED|不进分母，另行点数|out of the denominator, and counted
TOTAL|总分|the total
PARENT|一级、二级指标的得分；或在上级的分值之内|the scores of level 1 and 2; or within the parent's points
WHOLE|在全部指标之内|over all indicators
COMMON_PART|在共性指标之内|over the common indicators
HALF_UP|四舍五入|half away from zero
HALF_EVEN|正好一半时取偶数|half to the even digit
ROUND_UP|有余数就进一|any rest counts as one more
ROUND_DOWN|余数一律舍去|any rest is dropped
NOTICE|只提醒，不影响得分|a reminder only; the score stays
NO_MARKS|不得分|no marks
PENDING|得分待定，给出上下界|the score stays open, with bounds
AT_MOST_SHARE|得分最多为满分的一个百分比|at most a share of full points
CARRY_UP|分值移到上一级折算|the points are made up one level higher
FULL_MARKS|得满分|full marks
ZERO_MARKS|得零分|no marks
RESCALE|由其余指标按比例折算，须写明在什么范围内|the others are scaled up in proportion, within a stated scope
SPREAD|分值平均分给其余指标|the points are spread evenly over the others
COHORT_MEAN|给适用该指标的各单位的平均得分|the mean score of the units to which it applies instead
OUT|按不适用处理|dealt with as not applicable
AS_ERROR|报错，不给结果|an error: no result
AS_OUT|没有填报就按不适用处理|not filled in counts as not applicable
CAPPED|超出部分不再加分|nothing more beyond full marks
TWICE_ZERO|达到限额两倍时得零分，其间按比例|no marks at twice the limit, in proportion before
INVERSE|限额除以值|the limit over the value
BY_FACTOR|各段人数乘以系数|heads times a factor for each band
BY_TARGET|各段占比与目标占比相比|shares held against target shares
BY_CLOSENESS|越接近目标占比得分越高|the closer to the target shares the better
MARGINAL|各段按各段的标准分别计|each range at its own rate
ALL_AT_RATE|全部按所在那一段的标准计|all at the rate of the range reached
SUM_OF_BANDS|各段得分相加|the points of all bands added
SUM_CHILDREN|下级得分相加|the scores below added
LOWEST_CHILD|按下级中最低的得分率计|by the lowest score rate below
MEAN_CHILDREN|按下级得分率的平均计|by the mean score rate below
INSIDE|计入总分，总分不超过满分|counted in the total, which stays within the full score
OUTSIDE|在总分之外另计|counted beside the total
GRADE_SET|等次直接定为|the grade is set
SCORE_SET|总分直接定为|the total is set
GRADE_CAP|等次最高为|the grade is at most
GRADE_DOWN|等次降几等|the grade goes down
BY_SCORE|按得分定等次|grades by score
BY_RATE|按得分率定等次|grades by score rate
EXACT_VALUE|用未修约的值比较|compare the exact value
ROUNDED_VALUE|用修约后的值比较|compare the rounded value
UNCHANGED|总量等于原有编制之和|as many as there were
LARGEST_REMAINDER|先取整数，余数大的先加一名|whole parts first, then one each by the largest remainder
BY_QUOTA|按名额定等次：最好的百分之几|grades by quota: the best so many per cent
QUOTA_DOWN|名额不是整数时舍去|a quota that is not whole is rounded down
QUOTA_UP|名额不是整数时进一|a quota that is not whole is rounded up
HIGHER_ROW|两行都占的按分高的一行|of two rows that apply, the one with more points
LOWER_ROW|两行都占的按分低的一行|of two rows that apply, the one with fewer points
FIRST_HIT|几行成立时取第一行|of several rows that hold, the first
ONLY_HIT|只许一行成立，两行成立是错误|one row may hold; two are an error
SUM_HITS|成立的各行相加|the rows that hold are added
MAXIMUM|最大的一个|the largest
MINIMUM|最小的一个|the smallest
SUM|一列相加，可加条件|a column added up, with a condition if wanted
MEAN|平均数|the mean
MEDIAN|中位数|the median
COUNT|记录的条数，可加条件|the number of records, with a condition if wanted
TRIMMED_MEAN|去掉最高和最低后的平均|the mean without the highest and the lowest
MEAN_PRESENT|只对已填报的求平均|the mean of those filled in
DISTINCT_MONTHS|日期落在几个不同的月份|how many different months the dates fall into
ROUND_HALF_UP|四舍五入到几位|rounded half up to some places
ROUND_HALF_EVEN|四舍六入五成双到几位|rounded half to even to some places
CEILING_OF|不小于它的最小整数|the smallest whole number that is not below it
FLOOR_OF|不大于它的最大整数|the largest whole number that is not above it
ABSOLUTE|去掉正负号|without its sign
AGE|从出生日期到基准日的周岁|full years from a birth date to another date
DAYS_BETWEEN|两个日期之间的天数|the days between two dates
WORKING_DAYS|两个日期之间的工作日，不计周末|the days between two dates, weekends aside
MONTHS_BETWEEN|两个日期之间的整月数|the full months between two dates
POWER|乘方，到几位小数|a power, to some decimal places
ROOT|开方，到几位小数|a root, to some decimal places
LOGARITHM|对数，到几位小数|a logarithm, to some decimal places
GEOMETRIC_MEAN|几何平均数，到几位小数|the geometric mean, to some decimal places
LOOK_UP|在查表中按键取数|a number from a table by its keys
SCORE|另一指标的得分|the score of another indicator
RATE|另一指标的得分率|the score rate of another indicator
LOWEST_SCORE|几个指标中最低的得分|the lowest score of several indicators
LOWEST_RATE|几个指标中最低的得分率|the lowest score rate of several indicators
PRESENT|这一项是否已填报|whether the item is filled in
SURVEY_MEAN|有效答卷上计分答案的平均分|the mean of the counted answers on valid returns
SHARE_AT_LEAST|选这一项或更好的占计分答案的比率|the share of answers at this one or better
VALID_RETURNS|有效答卷的份数|the number of valid returns
RETURN_RATE|收回份数占发放份数的比率|returned over sent
MATTERS|不同事项的个数，同一事项编号只计一次|the number of different matters; each id counts once
COHORT_AVERAGE|全部单位的平均，写明含不含本单位|the mean of all units, with or without the unit itself
COHORT_MAXIMUM|全部单位中最大的|the greatest of all units
COHORT_MINIMUM|全部单位中最小的|the least of all units
COHORT_DEVIATION|全部单位的总体标准差，写明位数|the population standard deviation of all units, to stated places
COHORT_COUNT|参加比较的单位数|how many units are compared
RANK|在全部单位中的名次，第1名最高，并列同名次|the place among all units: 1 is the highest, ties share it
PERCENTILE|全部单位中低于（或不高于）本单位的占比|the share of the units below this one, or at most as high
"""

#: Key of the keyword -> what it means, in Chinese and in English.
MEANINGS: Mapping[str, tuple[str, str]] = {
    key: (zh, en) for key, zh, en in (line.split("|") for line in _TABLE.strip().splitlines())
}
