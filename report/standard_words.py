"""The standard of an indicator as a sentence: made from its rule lines, in the author's own words.

Nothing is worked out here; a sentence only joins what the lines say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..dsl.keywords import Language
from ..dsl.syntax import Block, Line, Word

#: Rule form -> the sentence, with ``{value}`` and other fields, and how its rows are joined.
FORM_SENTENCES: Mapping[str, tuple[str, str]] = {
    "BY_LEVEL": ("按“{value}”评定的等级计分：{rows}", 'by the level of "{value}": {rows}'),
    "PASS": ("{value}的，得满分；否则不得分", "full marks if {value}, otherwise none"),
    "DOCUMENTS": ("材料每缺一种扣分，扣完为止：{rows}", "marks are taken off for each document missing: {rows}"),
    "DOCUMENT_SHARE": ("按下列材料齐备的比例得分：{rows}", "by the share of these documents handed in: {rows}"),
    "DEDUCT_EACH": ("{value_comma}{rows}，扣完为止", "{value_comma}{rows}, down to zero"),
    "TARGET_DEDUCT": ("{value}{meets}的，得{base}；{rows}", "{base} if {value} is {meets}; {rows}"),
    "PROPORTIONAL": ("按{value}{target}的比例得分{beyond}", "in proportion to {value}{target}{beyond}"),
    "CONTROL": ("{value}不超过{limit}的，得满分；超过的{beyond}", "full marks if {value} is within {limit}; {beyond} above it"),
    "BANDS": ("按{value}分档计分：{rows}", "by the band of {value}: {rows}"),
    "INTERPOLATE": ("按{value}计分，各点之间按直线计算：{rows}", "by {value}, along straight lines between: {rows}"),
    "CHECKLIST": ("做到一项得一项的分：{rows}{at_least}", "marks for each entry that is met: {rows}{at_least}"),
    "EARN_EACH": ("{value_comma}{rows}，最多得满分", "{value_comma}{rows}, up to full marks"),
    "TIERS": ("按{value}{method}计分：{rows}", "by {value}, {method}: {rows}"),
    "WORST_ONLY": ("下列情形只扣最重的一项：{rows}", "of these only the heaviest counts: {rows}"),
    "BEST_ONLY": ("下列情形只得最高的一项：{rows}", "of these only the best counts: {rows}"),
    "DISTRIBUTION": ("按各段占“{total}”的比例计分（{method}）：{rows}", 'by the shares of "{total}" ({method}): {rows}'),
    "DISCRETIONARY": ("由评定方在{range}之间打分（{rating}）", "rated within {range} ({rating})"),
    "FORMULA_FORM": ("得分 = {formula}", "score = {formula}"),
    "BY_RANK": ("按{value}的名次计分：{rows}", "by the place of {value} among all units: {rows}"),
    "BY_POINTS": ("按评估要点逐点打分，合计为得分", "each evaluation point is marked; the score is their sum"),
}  # fmt: skip
#: Fields that say more, in the order in which they take effect.
_MORE: Mapping[str, tuple[str, str]] = {
    "applies_if": ("只适用于：{text}", "only where {text}"),
    "condition": ("条件：{text}", "if {text}"),
    "effect": ("{text}", "{text}"),
    "full_if": ("{text}的，得满分", "full marks if {text}"),
    "zero_if": ("{text}的，得零分", "no marks if {text}"),
    "zero_divisor": ("分母为零的，按“{text}”处理", "a zero divisor: {text}"),
    "sample": ("最少样本：{text}", "minimum sample: {text}"),
    "difficulty": ("得分乘以难度系数{text}", "the score times {text}"),
    "ceiling": ("不高于{text}", "at most {text}"),
    "floor": ("不低于{text}", "at least {text}"),
    "not_applicable": ("不适用的，按“{text}”处理", "where it does not apply: {text}"),
    "unfilled": ("未填报的，{text}", "not filled in: {text}"),
    "once": ("同一事项已在{text}计过的不再计", "what has been counted in {text} is not counted again"),
    "only_if": ("前提：{text}", "provided {text}"),
    "counted": ("计入{text}", "counted {text}"),
    "taken_from": ("扣自{text}", "taken from {text}"),
    "combine": ("汇总：{text}", "combined by {text}"),
    "joint_weight": ("共同权重：{text}", "joint weight: {text}"),
    "problem": ("失分问题：{text}", "problem raised: {text}"),
}
_BEYOND = {
    "CAPPED": ("，超过100%的按满分计", ", full marks above 100%"), "AS_ERROR": ("，不得超过100%", ", which may not exceed 100%"),
    "TWICE_ZERO": ("按超出多少减分，到两倍时为零", "marks fall to zero at twice the limit"),
    "INVERSE": ("按限额与取值之比得分", "marks are the limit over the value"),
}  # fmt: skip


def standard_words(block: Block, language: Language) -> str:
    """The sentence of one indicator, bonus, extra deduction or veto; empty where it has no rules."""
    fields: dict[str, list[str]] = {}
    for field in block.fields:
        fields.setdefault(field.kind, []).append(_after_colon(field.line.text))
    column = 0 if language == "zh" else 1
    parts = []
    standard = next((f for f in block.fields if f.kind == "standard"), None)
    if standard is not None:
        parts.append(_form(standard, fields, {f.kind: f for f in block.fields}, language))
    stop = "；" if language == "zh" else "; "
    for kind, pair in _MORE.items():
        parts += [pair[column].format(text=text) for text in fields.get(kind, ())]
    sentence = stop.join(p for p in parts if p)
    return sentence + ("。" if language == "zh" else ".") if sentence else ""


def _after_colon(text: str) -> str:
    plain = text.strip()
    cut = min((i for i in (plain.find("："), plain.find(":")) if i >= 0), default=-1)
    return plain[cut + 1 :].strip()


def _form(standard: Block, fields: Mapping[str, Sequence[str]], blocks: Mapping[str, Block], language: Language) -> str:
    form = standard.line.node.parts[1]
    assert isinstance(form, Word)
    zh = language == "zh"
    own = {kind: texts[0] for kind, texts in fields.items() if texts}
    value = own.get("value", "")
    full = "满分" if zh else "full marks"
    target, at_least = own.get("target", ""), own.get("meet_at_least", "")
    facts = {
        "value": value,
        "value_comma": value + ("，" if zh else ": ") if value else "",
        "rows": ("；" if zh else "; ").join(_row(r, form.kind, language) for r in standard.rows),
        "meets": own.get("meets", ""),
        "base": own.get("base_points", full),
        "target": f" ÷ {target}" if target else "",
        "limit": own.get("limit", ""),
        "beyond": _beyond(blocks, language),
        "method": own.get("method", ""),
        "total": own.get("total_of", ""),
        "range": own.get("discretion", ""),
        "rating": own.get("rating", ""),
        "formula": own.get("formula", ""),
        "at_least": (f"；至少满足{at_least}，否则不得分" if zh else f"; none below {at_least}") if at_least else "",
    }
    return FORM_SENTENCES[form.kind][0 if zh else 1].format(**facts)


def _beyond(blocks: Mapping[str, Block], language: Language) -> str:
    block = blocks.get("beyond")
    choice = block.line.node.parts[1] if block is not None else None
    return _BEYOND[choice.kind][0 if language == "zh" else 1] if isinstance(choice, Word) else ""


#: Row forms whose halves run on without a colon.
_RUN_ON = frozenset({"DOCUMENTS", "DEDUCT_EACH", "EARN_EACH", "TARGET_DEDUCT", "WORST_ONLY", "BEST_ONLY"})


def _row(line: Line, form: str, language: Language) -> str:
    text = line.text.strip()
    if form not in _RUN_ON:
        return text
    mark = "：" if language == "zh" else ": "
    left, colon, right = text.partition(mark)
    if not colon:
        return text
    if language == "en":
        return f"{left} {right}" if form not in ("DOCUMENTS", "WORST_ONLY", "BEST_ONLY") else f"{left}: {right}"
    joint = {"DOCUMENTS": f"缺{left}的，{right}", "WORST_ONLY": f"{left}的，{right}", "BEST_ONLY": f"{left}的，{right}"}
    return joint.get(form, f"{left}{right}")


__all__ = ["standard_words"]
