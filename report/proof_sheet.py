"""What was proved of two rulesets, or the unit on which they differ."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..dsl.keywords import Language
from ..dsl.numbers import exact_text
from .document import Block, Column, Heading, Paragraph, Row, Table

if TYPE_CHECKING:
    from ..engine.solver.ask import NotDecided
    from ..engine.solver.differ import Proved, Witness

_WORDS: Mapping[str, tuple[str, str]] = {"total": ("总分", "total"), "grade": ("等次", "grade"), "state": ("状态", "state")}


def proof_blocks(answer: Proved | Witness | NotDecided | None, language: Language) -> tuple[Block, ...]:
    """The answer in words; ``None`` where no solver is installed."""
    from ..engine.solver import differ as solver_answers

    zh = language == "zh"
    heading = Heading("得分会不会变" if zh else "whether a score can change", 2)
    if isinstance(answer, solver_answers.Proved):
        text = "已证明：数据齐全的单位，没有一个的得分或等次会变。" if zh else "Proved: no unit with all its data gets another score or grade."
        blocks: list[Block] = [heading, Paragraph(text, "good")]
        if answer.outside:
            codes = ("、" if zh else ", ").join(answer.outside)
            if zh:
                told = f"缺数据、不适用或佐证不齐时的处理有改动，不在证明之内：{codes}"
            else:
                told = f"How missing data, claims and evidence are treated changed in {codes}; that is outside the proof."
            blocks.append(Paragraph(told, "warn"))
        return tuple(blocks)
    if isinstance(answer, solver_answers.Witness):
        return (heading, *_witness(answer, language))
    told = "没有定论：规定的时间内既没有证明不变，也没有找到例子（--seconds 可延长）。" if zh else (
        "Not decided: in the time given neither a proof nor an example was found (--seconds gives more).")
    return heading, Paragraph(told, "warn")


def no_solver(language: Language) -> tuple[Block, ...]:
    """What is said where z3 is not installed."""
    told = (
        '没有求证得分会不会变：需要 pip install "ruleeval[solver]"。'
        if language == "zh"
        else 'Whether a score can change was not asked: that needs pip install "ruleeval[solver]".'
    )
    return (Paragraph(told, "dim"),)


def _witness(answer: Witness, language: Language) -> list[Block]:
    zh = language == "zh"
    text = "会变。例如下面这个单位，按两个版本各评了一次：" if zh else "It can. This unit, say, evaluated under both:"
    if _dated(answer):
        day = answer.unit.as_of.isoformat()
        text = f"会变。例如下面这个单位，基准日{day}，按两个版本各评了一次：" if zh else f"It can. This unit, say, evaluated under both as of {day}:"
    titles = ("", "原", "现") if zh else ("", "before", "after")
    rows = tuple(Row((_WORDS.get(what, (what, what))[0 if zh else 1], old, new)) for what, old, new in answer.differences)
    columns = (Column(titles[0]), Column(titles[1], "right"), Column(titles[2], "right"))
    facts = tuple(Row((name, value)) for name, value in _facts(answer).items())
    data_titles = ("数据", "值") if zh else ("data", "value")
    blocks: list[Block] = [Paragraph(text), Table(columns, rows)]
    if facts:
        blocks.append(Table((Column(data_titles[0], wrap=True), Column(data_titles[1], "right")), facts))
    return blocks


def _dated(answer: Witness) -> bool:
    """Whether some rule holds for a time only, so that the date belongs to the example."""
    from ..engine.solver.days import days_of

    return len(days_of((answer.old.ruleset, answer.new.ruleset))) > 1


def _facts(answer: Witness) -> dict[str, str]:
    """The data that the differing indicators rest on."""
    codes = {what for what, _, _ in answer.differences}
    used = {
        key.split(".", 1)[1]
        for result in (answer.old, answer.new)
        for code in codes
        if code in result.indicators
        for key in result.indicators[code].inputs
        if key.startswith("data.")
    }
    values = {**answer.unit.values, **{k: v for given in answer.unit.assessments.values() for k, v in given.items()}}
    items = {d.name: d for result in (answer.old, answer.new) for d in result.ruleset.data}
    return {name: _value(value, items[name].type.share == "percent") for name, value in values.items() if name in used}


def _value(value: Any, percent: bool) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, (int, Fraction)):
        return f"{exact_text(value * 100)}%" if percent else exact_text(value)
    if isinstance(value, tuple):
        return f"({len(value)})" if value and isinstance(value[0], Mapping) else "；".join(_value(v, percent) for v in value)
    return str(value)


def proof_data(answer: Proved | Witness | NotDecided) -> dict[str, Any]:
    """The answer as plain data."""
    from ..engine.solver import differ as solver_answers

    if isinstance(answer, solver_answers.Proved):
        return {"answer": "proved", "outside": list(answer.outside)}
    if isinstance(answer, solver_answers.Witness):
        differences = [{"what": w, "old": o, "new": n} for w, o, n in answer.differences]
        return {"answer": "witness", "as_of": answer.unit.as_of.isoformat(), "differences": differences, "data": _facts(answer)}
    return {"answer": "not decided"}
