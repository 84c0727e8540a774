"""What came of a run of cases: a document, JSON data and JUnit XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..engine.cases import Difference, first_difference, suspect
from ..engine.explain import ExplainedStep, explain
from ..engine.record import Result
from .document import Document, Item, Items, Paragraph, Preformatted

_NAMES = {
    "state": "状态", "score": "总分", "printed_rate": "得分率", "bounds": "范围", "tight": "两端可达", "grade": "等次", "by_band": "分数所在等次",
    "unscored": "不计分", "out": "不适用的指标", "vetoes": "成立的否决", "findings": "提示代码", "errors": "错误代码", "status": "退出码",
    "scores": "得分", "states": "状态", "reasons": "理由", "steps": "",
}  # fmt: skip


@frozen
class CaseOutcome:
    """One case as run: where its expectations and the result differ, or why it could not be run."""

    file: str
    name: str
    differences: tuple[Difference, ...]
    result: Result | None
    problems: tuple[str, ...] = ()
    to_confirm: bool = False
    base: Result | None = None
    """What comes of the unit that the case changes, where only the whole differs."""

    @property
    def passed(self) -> bool:
        return not self.differences and not self.problems


def case_document(outcomes: Sequence[CaseOutcome], language: Language) -> Document:
    """Every case that fails, with the way to the first differing step, and a summary."""
    blocks: list[Any] = []
    for outcome in outcomes:
        if not outcome.passed:
            blocks += _failed(outcome, language)
    failed = sum(not o.passed for o in outcomes)
    unconfirmed = sum(o.to_confirm for o in outcomes)
    if language == "zh":
        text = f"{len(outcomes)}个用例，{f'{failed}个不符' if failed else '全部相符'}"
        text += f"；其中{unconfirmed}个的期望待人确认" if unconfirmed else ""
    else:
        text = f"{len(outcomes)} case{'s' * (len(outcomes) != 1)}, {f'{failed} failed' if failed else 'all as expected'}"
        text += f"; {unconfirmed} to be confirmed by a person" if unconfirmed else ""
    blocks.append(Paragraph(text, "bad" if failed else "good"))
    return Document(tuple(blocks))


def _failed(outcome: CaseOutcome, language: Language) -> list[Any]:
    items = [Item(difference_text(d, language)) for d in outcome.differences]
    items += [Item(p) for p in outcome.problems]
    blocks: list[Any] = [Paragraph(f"✗ {outcome.file}  {outcome.name}", "bad"), Items(tuple(items))]
    if outcome.result is not None and outcome.differences:
        blocks.append(Preformatted(way_to(outcome, language)))
    return blocks


def difference_text(difference: Difference, language: Language) -> str:
    """One sentence: what was expected of what, and what was found."""
    name, _, code = difference.path.partition(".")
    wanted, found = _shown(difference.wanted, language), _shown(difference.found, language)
    if language == "zh":
        return f"{code}{_NAMES[name]}：期望{wanted}，得到{found}"
    if name == "steps":
        return f"{code}: expected {wanted}, found {found}"
    return f"{f'{code} ' if code else ''}{name.replace('_', ' ')}: expected {wanted}, found {found}"


def _shown(value: Any, language: Language) -> str:
    if value is None or value in ([], ()):
        return "（无）" if language == "zh" else "(none)"
    if isinstance(value, (list, tuple)):
        return ("、" if language == "zh" else ", ").join(str(v) for v in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


#: What is said before the way to an indicator that the case does not speak of.
_SUSPECTS = {
    True: ("改动所影响的第一个指标：", "the first indicator that the changes moved:"),
    False: ("失分最多的指标：", "the indicator that lost most:"),
}


def way(outcome: CaseOutcome) -> tuple[str, ...]:
    """The codes on the way to where a case differs."""
    result = outcome.result
    if result is None or not outcome.differences:
        return ()
    spoken = any(d.code for d in outcome.differences)
    return first_difference(result.ruleset, outcome.differences, None if spoken else suspect(result, outcome.base))


def way_to(outcome: CaseOutcome, language: Language) -> tuple[str, ...]:
    """From the total down to the first differing indicator, then its steps, each value under its part of the rule.

    Where the case speaks of no indicator, down to the one that its changes moved, or that lost most.
    """
    result = outcome.result
    if result is None:
        return ()
    path = way(outcome)
    explained = {i.code: i for i in explain(result, language).indicators}
    lines: list[str] = []
    if path and not any(d.code for d in outcome.differences):
        lines += [f"{r.code} {r.name}  {r.score if r.score is not None else '…'} / {r.points}" for r in (explained[i.code] for i in result.ruleset.roots)]
        lines.append(_SUSPECTS[outcome.base is not None][0 if language == "zh" else 1])
    for depth, code in enumerate(path):
        one = explained.get(code)
        if one is not None:
            score = one.score if one.score is not None else "…"
            lines.append(f"{'  ' * depth}{code} {one.name}  {score} / {one.points}")
    last = explained.get(path[-1]) if path else None
    if last is None:
        roots = (explained[r.code] for r in result.ruleset.roots)
        return tuple(f"{r.code} {r.name}  {r.score if r.score is not None else '…'} / {r.points}" for r in roots)
    gap = "  " * len(path)
    lines += [f"{gap}{s.name} = {s.value or s.state}" for s in last.sources]
    for step in (*last.derived, *last.steps):
        lines += [gap + line for line in _step(step)] if step.told else []
    return tuple(lines)


def _step(step: ExplainedStep) -> list[str]:
    band = f"  [{step.band}]" if step.band else ""
    lines = [f"{step.label} = {step.formula}"]
    if step.numbers not in (step.formula, step.result):
        lines.append(f"{' ' * _width(step.label)} = {step.numbers}")
    return [*lines, f"{' ' * _width(step.label)} = {step.result}{step.about}{band}"]


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def case_data(outcomes: Sequence[CaseOutcome]) -> dict[str, Any]:
    """The run as plain data for ``--json``."""
    return {
        "shape": 1,
        "passed": sum(o.passed for o in outcomes),
        "failed": sum(not o.passed for o in outcomes),
        "cases": [
            {
                "file": o.file, "name": o.name, "passed": o.passed, "to_confirm": o.to_confirm, "problems": list(o.problems),
                "path": list(way(o)),
                "differences": [
                    {"path": d.path, "expected": _data(d.wanted), "found": _data(d.found)} for d in o.differences
                ],
            }
            for o in outcomes
        ],
    }  # fmt: skip


def _data(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [str(v) for v in value]
    return value if value is None or isinstance(value, bool) else str(value)


def case_junit(outcomes: Sequence[CaseOutcome], language: Language) -> str:
    """The run as JUnit XML."""
    failed = sum(not o.passed for o in outcomes)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuite name="ruleeval" tests="{len(outcomes)}" failures="{failed}">']
    for o in outcomes:
        head = f"  <testcase classname={quoteattr(_printable(o.file))} name={quoteattr(_printable(o.name))}"
        if o.passed:
            lines.append(f"{head}/>")
            continue
        told = [difference_text(d, language) for d in o.differences] + list(o.problems)
        if o.result is not None and o.differences:
            told += way_to(o, language)
        shown = _printable("\n".join(told))
        lines.append(f'{head}><failure message={quoteattr(shown.splitlines()[0])}>{escape(shown)}</failure></testcase>')
    return "\n".join([*lines, "</testsuite>", ""])


def _printable(text: str) -> str:
    """``text`` without the characters that XML does not allow."""
    return "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) not in (0xFFFE, 0xFFFF)))
