"""The keyword table: every word of the language, once, in each of its languages.

The table is data.  The grammar is written over the keys on the left; the parser
fills in the spellings of one language, the formatter writes them, messages quote
them.  A key belongs to one group, which says where such a word can stand:

``line``      opens a statement (recognised at the start of a line only)
``choice``    a fixed answer inside a statement
``clause``    opens a clause after a comma
``operator``  stands between or before parts of an expression
``function``  is followed by a bracket
``suffix``    follows a number
``form``      names a rule form after 评分 / standard
``type``      names a type of data
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from .frozen import frozen

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@frozen
class Keyword:
    """One word of the language: its key in the grammar and its spellings."""

    key: str
    group: str
    zh: str
    en: str

    def spelling(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


_TABLE = """
line RULESET 规则集 ruleset
line VERSION 版本 version
line EXTENDS 继承 extends
line REASON 理由 reason
line APPLIES 适用 applies-to
line UNIT_LEVELS 层级 unit-levels
line FOR_REGIONS 适用地区 for-regions
line FOR_UNITS 适用单位 for-units
line EFFECTIVE 生效 effective
line ISSUER 发布机构 issued-by
line BASIS 依据 basis
line FULL_SCORE 满分 full-score
line DECIDING 取分 deciding-track
line ROUNDING 修约 rounding
line MISSING_EVIDENCE 缺佐证 missing-evidence
line LEFT_OUT_LIMIT 折算限度 left-out-limit
line ALL_OUT 全部不适用 all-not-applicable
line ALLOCATION 测算 allocation
line POSTS_BEFORE 调整前 posts-before
line SHARED_BY 分配依据 shared-by
line TOTAL_SHARED 分配总量 total-shared
line TILT 倾斜系数 tilt
line LEAST_POSTS 最少编制 least-posts
line MOST_POSTS 最多编制 most-posts
line WHOLE_POSTS 取整 whole-posts
line TRANSFERS_BY 调剂按 transfers-by
line USE_OF_RESULTS 结果运用 use-of-results
line FREQUENCY 频次 frequency
line LINKAGE 审批联动 approval-linkage
line NOTE 说明 note
line DATA 数据 data
line DERIVED 派生 derived
line PARAMETERS 参数 parameters
line RECONCILE 勾稽 reconcile
line DIMENSIONS 维度 dimensions
line PROBLEM_TYPES 问题类型 problem-types
line UNSCORED 不评分 not-scored
line SEGMENTS 分段 segments
line GROUPS 分组 groups
line SURVEY 问卷 questionnaire
line LOOKUP 查表 table
line KEYS 键 keys
line DECISION 判定表 decision-table
line COLUMN 列 column
line LEVEL1 一级指标 level1
line LEVEL2 二级指标 level2
line LEVEL3 三级指标 level3
line BONUS 加分项 bonus
line EXTRA 追加扣分 extra-deduction
line VETO 否决 veto
line ADDITION 新增 add
line CHANGE 调整 change
line REMOVAL 减少 remove
line MOVE 移动 move
line REWEIGH 改权重 reweigh
line LOCK 锁定 lock
line RENAMED 改名为 rename-to
line FORMER_NAME 原名称 former-name
line LEAVE_OUT 删去 leave-out
line CROSSWALK 沿革 crosswalk
line SUBTOTAL 小计 subtotal
line GRADES 等次 grades
line GATE 门槛 gate
line WORST_GRADE 等次取低 lowest-grade-of
line JOINT_WEIGHT 共同权重 joint-weight
line COMBINE 汇总 combine
line VALUE 取值 value
line STANDARD 评分 standard
line RATING 打分 rating
line ZERO_DIVISOR 分母为零 zero-divisor
line ZERO_IF 清零 zero-if
line FULL_IF 例外得满分 full-marks-if
line DIFFICULTY 难度系数 difficulty
line CEILING 上限 ceiling
line FLOOR 下限 floor
line APPLIES_IF 适用条件 applies-if
line NOT_APPLICABLE 不适用 not-applicable
line UNFILLED 未填报 not-filled-in
line EVIDENCE 佐证 evidence
line INTERVIEW 访谈 interview
line VERIFY 核实 verify-with
line POINTS_TO_CHECK 要点 points-to-check
line PROBLEM 失分问题 problem
line ONCE 不重复 once-only
line TARGET 目标 target
line LIMIT 限额 limit
line MEETS 达标 meets
line BEYOND 超出 beyond
line METHOD 方式 method
line TOTAL_OF 合计 total
line MEET_AT_LEAST 至少满足 meet-at-least
line DISCRETION 范围 range
line BASE_POINTS 基础分 base-points
line SAMPLE 最少样本 minimum-sample
line FORMULA 计分 points
line ONLY_IF 前提 only-if
line COUNTED 计入 counted
line TAKEN_FROM 扣自 taken-from
line CONDITION 条件 condition
line EFFECT 效果 effect
form BY_LEVEL 按等级 by-level
form PASS 达标 pass
form DOCUMENTS 按材料扣分 documents
form DOCUMENT_SHARE 按材料比例 documents-share
form DEDUCT_EACH 扣分 deduct
form TARGET_DEDUCT 达标扣分 target-deduct
form PROPORTIONAL 按比例 proportional
form CONTROL 控制型 limit-based
form BANDS 分档 bands
form INTERPOLATE 插值 interpolate
form CHECKLIST 清单 checklist
form EARN_EACH 得分 earn
form TIERS 阶梯 tiers
form WORST_ONLY 就重扣分 worst-only
form BEST_ONLY 就高得分 best-only
form DISTRIBUTION 段次分布 distribution
form DISCRETIONARY 酌情 discretionary
form FORMULA_FORM 公式 formula
form BY_POINTS 按要点 by-points
form BY_RANK 按名次 by-rank
type INTEGER 整数 integer
type NUMBER_TYPE 小数 number
type PERCENTAGE 百分数 percentage
type MONEY 金额 money
type DATE_TYPE 日期 date
type DURATION 时长 duration
type TEXT_TYPE 文本 text
type OPTIONS 选项 options
type YES_NO 是否 yes-no
type NUMBERS 一组数 numbers
type RECORDS 记录表 records
clause COMMON 共性 common
clause INDIVIDUAL 个性 individual
clause WEIGHT 权重 weight
clause THE_NAME 名称 name
clause SOURCE 来源 source
clause ASSESSED 评定 assessed
clause FIXED 既定 fixed
clause MATTER 事项编号 matter-id
clause MAY_BE_BLANK 可空 may-be-blank
clause PERSONAL 个人信息 personal
clause IDENTITY 身份证号 identity-number
clause BY 按 by
clause SHARED_SOURCE 共享来源 shared-source
clause DEVIATION 偏离 deviates-by
clause PREVIOUS 上期 last-period
clause SENT 发放 sent
clause COUNTS_IF 有效 counts-if
clause RANGE_FROM 至少 at-least
clause RANGE_UP 至多 at-most
clause COUNT_OF 个数 count
clause FROM 自 from
clause UNTIL 至 until
clause COMES_FROM 来自 from
clause STOPPED 停用 dropped
clause ERROR 错误 error
clause REMIND 提醒 reminder
clause AUTHORITY 权限 authority
clause URGENCY 紧要程度 urgency
clause RECTIFY 整改 rectify-in
clause SCOPE 范围 scope
clause IN_FAVOUR 支持 in-favour
clause AGAINST 慎批 against
clause ANY 任一 any-of
clause IF_PRESENT 如有 if-present
clause COPIES 至少 at-least
clause VALID 有效期 valid
clause WITHIN 近 within-last
clause ISSUED_BY 出具 issued-by
clause IF_MISSING 缺则 if-missing
clause IF_SHORT 不足则 if-short
clause AT_MOST_POINTS 最多 at-most
clause EVENLY 平均分配 evenly
clause PART_PROPORTION 不足部分按比例 part-in-proportion
clause PART_UP 不足部分按一步计 part-counts-as-one
clause PART_DOWN 不足部分不计 part-not-counted
clause EACH 每 each
clause SHORT_EACH 每低 short-by-each
clause OVER_EACH 每高 over-by-each
clause DEDUCT 扣 minus
clause EARN 得 earns
clause ADD 加 plus
clause TARGET_SHARE 目标 target
clause FACTOR 系数 factor
clause WHERE 其中 where
clause EACH_RECORD 每条 each-record
clause PLACES 位 places
clause SAME_TYPE 同类型 same-type
clause SAME_LEVEL 同层级 same-level
clause WITH_OWN 含本单位 with-own-unit
clause WITHOUT_OWN 不含本单位 without-own-unit
clause HIGHEST_FIRST 从高到低 highest-first
clause LOWEST_FIRST 从低到高 lowest-first
clause THEN_BY 并列看 ties-by
clause UNITS_AT_LEAST 至少 at-least
clause MISSING_LEFT_OUT 缺数不计 missing-left-out
clause SHARE_BELOW 低于 below
clause SHARE_AT_MOST 不高于 at-most
clause ORDINAL 第 place
clause FROM_LAST 倒数第 last-place
clause TOP_SHARE 前 top
clause TIES_IN 并列全入 ties-in
clause TIES_OUT 并列全不入 ties-out
clause VETOED_STAY 否决占名额 vetoed-take-places
clause VETOED_LEAVE 否决让名额 vetoed-free-places
clause CLASS1 一类 class1
clause CLASS2 二类 class2
clause CLASS3 三类 class3
choice SELF 自评 self
choice ON_SITE 实地评估 on-site
choice THIRD_PARTY 第三方 third-party
choice UNIT_PARTY 评估对象 evaluated-unit
choice APPROVER 审批机构 approving-body
choice INTERNAL 内部 internal
choice EXTERNAL 外部 external
choice RECIPIENTS 服务对象 service-recipients
choice NOT_COUNTED 不计 not-counted
choice TOTAL 总分 total
choice PARENT 上级 parent
choice WHOLE 全部 whole
choice COMMON_PART 共性部分 common-part
choice HALF_UP 四舍五入 half-up
choice HALF_EVEN 四舍六入五成双 half-even
choice ROUND_UP 只入不舍 up
choice ROUND_DOWN 只舍不入 down
choice NOTICE 提示 notice
choice NO_MARKS 不得分 no-marks
choice PENDING 待定 pending
choice AT_MOST_SHARE 最多得 at-most
choice CARRY_UP 上移折算 carry-up
choice FULL_MARKS 满分 full-marks
choice ZERO_MARKS 零分 zero-marks
choice RESCALE 折算 rescale
choice SPREAD 平均分摊 spread-evenly
choice COHORT_MEAN 均值 cohort-mean
choice OUT 不适用 not-applicable
choice AS_ERROR 报错 error
choice AS_OUT 按不适用 as-not-applicable
choice CAPPED 封顶 capped
choice TWICE_ZERO 两倍归零 zero-at-twice
choice INVERSE 反比 inverse
choice BY_FACTOR 系数 factors
choice BY_TARGET 目标占比 target-shares
choice BY_CLOSENESS 接近程度 closeness
choice MARGINAL 累进 marginal
choice ALL_AT_RATE 全额 whole-amount
choice SUM_OF_BANDS 各段合计 sum-of-bands
choice SUM_CHILDREN 合计 sum
choice LOWEST_CHILD 取最低率 lowest-rate
choice MEAN_CHILDREN 平均率 mean-rate
choice INSIDE 总分内 inside-total
choice OUTSIDE 总分外 outside-total
choice GRADE_SET 等次定为 grade-is
choice SCORE_SET 总分定为 total-is
choice GRADE_CAP 等次最高 grade-at-most
choice GRADE_DOWN 等次降 grade-down
choice BY_SCORE 按得分 by-score
choice BY_RATE 按得分率 by-score-rate
choice EXACT_VALUE 不修约 exact
choice ROUNDED_VALUE 修约后 rounded
choice UNCHANGED 不变 unchanged
choice LARGEST_REMAINDER 最大余数 largest-remainder
choice BY_QUOTA 按名额 by-quota
choice QUOTA_DOWN 向下取整 round-down
choice QUOTA_UP 向上取整 round-up
choice HIGHER_ROW 就高 higher
choice LOWER_ROW 就低 lower
choice FIRST_HIT 取首个 first
choice ONLY_HIT 取唯一 unique
choice SUM_HITS 取合计 sum
suffix POINTS 分 points
suffix PERCENT_POINT 个百分点 percentage-point
suffix INCLUDED （含） (incl)
suffix COPIES_UNIT 份 copies
suffix ITEMS_UNIT 项 items
suffix QUESTIONS_UNIT 题 questions
suffix PARTIES_UNIT 方 parties
suffix INTERVIEWS_UNIT 人次 interviews
suffix DAYS 日 days
suffix MONTHS 个月 months
suffix STEPS 等 grades
operator ABOVE 高于 above
operator BELOW 低于 below
operator AT_LEAST 不低于 at-least
operator AT_MOST 不高于 at-most
operator EQUALS_TO 等于 exactly
operator TO 至 to
operator AND_UP 以上 and-up
operator AND_DOWN 以下 and-down
operator OR_MORE 及以上 or-more
operator OR_LESS 及以下 or-less
operator AND 且 and
operator OR 或 or
operator NOT 非 not
operator WHEN 当 when
operator THEN 取 then
operator OTHERWISE 否则 otherwise
operator REST 其余 rest
operator YES 是 yes
operator NO 否 no
operator AS_OF 基准日 as-of-date
operator UNIT_TYPE 单位类型 unit-type
operator UNIT_LEVEL 单位层级 unit-level
function MAXIMUM 最大 max
function MINIMUM 最小 min
function SUM 求和 sum
function MEAN 平均 mean
function MEDIAN 中位数 median
function COUNT 个数 count
function TRIMMED_MEAN 去极值平均 trimmed-mean
function MEAN_PRESENT 有值平均 mean-of-present
function DISTINCT_MONTHS 不同月份数 distinct-months
function ROUND_HALF_UP 四舍五入 round-half-up
function ROUND_HALF_EVEN 四舍六入 round-half-even
function CEILING_OF 向上取整 round-up
function FLOOR_OF 向下取整 round-down
function ABSOLUTE 绝对值 abs
function AGE 周岁 age
function DAYS_BETWEEN 天数 days-between
function WORKING_DAYS 工作日数 working-days
function MONTHS_BETWEEN 月数 months-between
function POWER 乘方 power
function ROOT 开方 root
function LOGARITHM 对数 logarithm
function GEOMETRIC_MEAN 几何平均 geometric-mean
function LOOK_UP 查 look-up
function SCORE 得分 score
function RATE 得分率 score-rate
function LOWEST_SCORE 最低得分 lowest-score
function LOWEST_RATE 最低得分率 lowest-score-rate
function PRESENT 已填报 is-filled-in
function SURVEY_MEAN 问卷平均分 survey-mean
function SHARE_AT_LEAST 满意率 share-at-least
function VALID_RETURNS 有效份数 valid-returns
function RETURN_RATE 收回率 return-rate
function MATTERS 事项数 matters
function COHORT_AVERAGE 全体平均 cohort-average
function COHORT_MAXIMUM 全体最大 cohort-max
function COHORT_MINIMUM 全体最小 cohort-min
function COHORT_DEVIATION 全体标准差 cohort-deviation
function COHORT_COUNT 全体单位数 cohort-count
function RANK 名次 rank
function PERCENTILE 百分位 percentile
"""

KEYWORDS: Mapping[str, Keyword] = {
    key: Keyword(key, group, zh, en)
    for group, key, zh, en in (line.split() for line in _TABLE.strip().splitlines())
}


def word(key: str, language: Language) -> str:
    """The spelling of ``key`` in ``language``."""
    return KEYWORDS[key].spelling(language)


@cache
def spellings(group: str, language: Language) -> Mapping[str, str]:
    """The words of a group, as spelling -> key."""
    return {k.spelling(language): k.key for k in KEYWORDS.values() if k.group == group}


#: What people write where the language has another word: key -> (in Chinese, in English).
_INSTEAD: Mapping[str, tuple[str, str]] = {
    "WHEN": ("如果 若 如 假如", "if"),
    "THEN": ("则 那么 就 为", "gives give is"),
    "OTHERWISE": ("其余 其他 其它 不然 反之", "else rest others"),
    "REST": ("否则 其他 其它 其他情况 其它情况 其余情况 其他情形 其余情形", "otherwise else other others default"),
    "AND": ("并且 而且 以及 同时", "&&"),
    "OR": ("或者", "||"),
    "TO": ("到", "until"),
}


def instead(key: str, language: Language) -> tuple[str, ...]:
    """What people write for a word, though the language has no such word there; longest first."""
    zh, en = _INSTEAD.get(key, ("", ""))
    return tuple(sorted((zh if language == "zh" else en).split(), key=len, reverse=True))
