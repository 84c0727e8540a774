"""The report on one unit as an official paper: facts, results, strengths, problems, opinions, annexes.

Every figure is looked up in the result; what only people can know is left to them, and
the paper says where.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.numbers import divide
from ..engine.explain import Explanation
from ..engine.problems import Problem, deductions
from ..engine.record import Result
from .as_html import day_text
from .document import Block, Chart, Column, Document, Figure, Heading, Item, Items, Letter, Paragraph, Row, Section, Series, Table
from .explanation import explanation_document
from .figures import points_text, rate_text
from .formulas import At, Quotient
from .phrases import PHRASES, Phrases
from .problem_report import WORDS as PROBLEM_WORDS
from .results_sheets import all_sheets
from .score_sheet import conclusion, display_plan, grade_lines

WORDS: Mapping[str, tuple[str, str]] = {
    **PHRASES,
    "report_title": ("{unit}评估报告", "{unit}: evaluation report"),
    "basic": ("基本情况", "the unit and the rules"),
    "results": ("评估结果", "results"),
    "strengths": ("主要做法和成效", "what went well"),
    "problems": ("存在问题", "problems"),
    "opinions": ("整改意见和建议", "opinions on rectification"),
    "who": ("评估对象为{unit}（{kind}），基准日为{date}。", "{unit} ({kind}) was evaluated as of {date}."),
    "by_what": (
        "依据“{name}”{version}版评估，以{track}确定得分和等次，满分{full}分。",
        'the rules are "{name}" {version}; the {track} evaluation sets score and grade; full score {full}.',
    ),
    "basis": ("评估依据：{basis}。", "basis: {basis}."),
    "score_told": ("总得分{score}分，得分率{rate}。", "the score is {score}, the score rate {rate}."),
    "parts_table": ("各一级指标得分", "level-1 indicators"),
    "full_ones": ("得满分的三级指标{count}项：{names}。", "{count} level-3 indicators have full marks: {names}."),
    "no_full": ("没有得满分的三级指标。", "no level-3 indicator has full marks."),
    "to_write": ("（具体做法和成效由评估组补写。）", "(the evaluators add what was done, and what came of it.)"),
    "none_lost": ("没有由失分引出的问题。", "no problem follows from lost points."),
    "class_0": ("未归类的失分", "lost points without a problem type"),
    "class_1": ("一类问题（限期整改）", "class 1 (rectification with a deadline)"),
    "class_2": ("二类问题（研究调整）", "class 2 (to be studied)"),
    "class_3": ("三类问题（政策储备）", "class 3 (kept for policy work)"),
    "problem": ("{code} {what}{type}：失{lost}分", "{code} {what}{type}: lost {lost}"),
    "problem_found": ("{what}{type}", "{what}{type}"),
    "type_told": ("（{type}，权限{authority}，紧要程度{urgency}）", " ({type}; authority {authority}; urgency {urgency})"),
    "state_told": ("，现为“{state}”", ', now "{state}"'),
    "opinion_1": (
        "{what}：自正式反馈之日起{days}日内整改，并申请销号。",
        "{what}: to be put right within {days} days of the formal feedback, then written off.",
    ),
    "opinion_1_on": ("{what}：请于{deadline}（含）前整改并申请销号。", "{what}: to be put right by {deadline}, then put forward for write-off."),
    "opinion_2": ("{what}：由{authority}研究提出调整意见。", "{what}: {authority} works out a proposal."),
    "opinion_3": ("{what}：纳入政策储备。", "{what}: kept for policy work."),
    "opinion_none": ("没有需要提出整改意见的归类问题。", "no classified problem asks for an opinion."),
    "annex": ("附件{number}　{name}", "annex {number}: {name}"),
    "details": ("得分说明", "why these scores"),
    "radar": ("各一级指标得分率", "score rates of the level-1 indicators"),
    "radar_dimensions": ("各维度得分率", "score rates of the dimensions"),
    "unit_facts": ("单位", "unit"),
}


@frozen
class Finding:
    """A problem as the report tells it, from lost points or from the ledger; class 0 is none."""

    what: str
    code: str = ""
    lost: str = ""
    type: str = ""
    problem_class: int = 0
    authority: str = ""
    urgency: str = ""
    days: str = ""
    deadline: str = ""
    state: str = ""


def findings_of(result: Result) -> tuple[Finding, ...]:
    """What lost points raise."""
    found = []
    for one in deductions(result):
        kind = one["type"] or {}
        found.append(Finding(
            one["description"], one["indicator"], points_text(Fraction(one["lost"])), kind.get("name", ""), int(kind.get("class", 0)),
            kind.get("authority", ""), kind.get("urgency", ""), kind.get("days") or "",
        ))  # fmt: skip
    return tuple(found)


def findings_in(problems: Sequence[Problem], language: Language) -> tuple[Finding, ...]:
    """What stands in the ledger of a unit; what was withdrawn does not go into a report."""
    state = Phrases(language, PROBLEM_WORDS)
    return tuple(
        Finding(
            p.description, p.indicator, points_text(Fraction(p.lost)) if p.lost else "", p.type, p.problem_class, p.authority, p.urgency,
            "" if p.days is None else str(p.days), "" if p.deadline is None else p.deadline.isoformat(), state(p.state),
        )
        for p in problems
        if p.state != "withdrawn"
    )  # fmt: skip


def unit_report(
    results: Sequence[Result], explanation: Explanation, letter: Letter | None = None, found: Sequence[Finding] | None = None
) -> Document:
    """The report; ``results`` has one a track, ``found`` the problems of the ledger in place of those of lost points."""
    return _Report(results, explanation, findings_of(explanation.result) if found is None else tuple(found)).document(letter)


class _Report:
    """Writes one report."""

    def __init__(self, results: Sequence[Result], explanation: Explanation, found: Sequence[Finding]) -> None:
        self.results, self.explanation, self.found = results, explanation, found
        self.result, self.language = explanation.result, explanation.language
        self.say = Phrases(explanation.language, WORDS)

    def document(self, letter: Letter | None) -> Document:
        say = self.say
        sheets = all_sheets(self.results, self.explanation)
        annexes = [Section(say("annex", number=str(n), name=t.name), (t,), key=f"annex{n}") for n, t in enumerate(sheets, 1)]
        details = explanation_document(self.explanation).blocks
        sections = tuple(b for b in details if isinstance(b, Section))
        annexes.append(Section(say("details"), sections, key="annex-details", screen=True))
        around = replace(letter or Letter(), attachments=tuple(t.name for t in sheets))
        parts: tuple[tuple[str, Callable[[], list[Block]]], ...] = (
            ("basic", self.basic), ("results", self.results_part), ("strengths", self.strengths), ("problems", self.problems), ("opinions", self.opinions),
        )  # fmt: skip
        blocks: tuple[Block, ...] = (
            Heading(say("report_title", unit=self.result.unit.name)),
            *(Section(say(key), tuple(write()), key=key) for key, write in parts),
        )
        return Document((*blocks, *annexes), True, around, self.facts())

    def facts(self) -> dict[str, str]:
        """The single figures and names that a template can ask for, in both languages."""
        result, shown = self.result, display_plan(self.result)
        score = "" if result.score is None else shown.text(result.score)
        rate = "" if result.rate is None else rate_text(result.rate, grade_lines(result))
        grade = result.grade.grade if result.grade is not None and result.grade.grade is not None else ""
        pairs = (
            ("单位", "unit", result.unit.name), ("单位类型", "unit_type", result.unit.unit_type), ("层级", "level", result.unit.level or ""),
            ("得分", "score", score), ("满分", "full_score", points_text(result.full_score)), ("得分率", "rate", rate), ("等次", "grade", grade),
            ("基准日", "as_of", result.as_of.isoformat()), ("规则集", "ruleset", result.ruleset.name), ("版本", "version", result.ruleset.version),
        )  # fmt: skip
        return {name: value for zh, en, value in pairs for name in (zh, en)}

    def basic(self) -> list[Block]:
        result, say = self.result, self.say
        kind = say.comma.join(k for k in (result.unit.unit_type, result.unit.level, result.unit.region) if k)
        blocks: list[Block] = [
            Paragraph(say("who", unit=result.unit.name, kind=kind, date=day_text(result.as_of, self.language))),
            Paragraph(say("by_what", name=result.ruleset.name, version=result.ruleset.version, track=say(result.track), full=points_text(result.full_score))),
        ]  # fmt: skip
        if result.ruleset.basis:
            blocks.append(Paragraph(say("basis", basis=("；" if self.language == "zh" else "; ").join(result.ruleset.basis))))
        return blocks

    def results_part(self) -> list[Block]:
        result, say = self.result, self.say
        blocks: list[Block] = []
        if result.score is not None and result.rate is not None:
            told = say("score_told", score=display_plan(result).text(result.score), rate=rate_text(result.rate, grade_lines(result)))
            blocks.append(Paragraph(told, "strong"))
        blocks += conclusion(result, say)
        return [*blocks, self.parts(), *self.charts()]

    def parts(self) -> Table:
        say, shown = self.say, display_plan(self.result)
        columns = (
            Column(say("indicator"), wrap=True), Column(say("points"), "right"), Column(say("score"), "right"), Column(say("rate"), "right"),
        )  # fmt: skip
        rows = []
        for n, root in enumerate(self.result.ruleset.roots):
            record = self.result.indicators[root.code]
            points = Figure(points_text(record.points), record.points)
            if record.score is None or not record.points:
                open_ = "–" if record.state in ("out", "excluded") else "?"
                rows.append(Row((f"{root.code} {root.name}", points, open_, open_)))
                continue
            rate = divide(record.score, record.points)
            score = Figure(shown.text(record.score), record.score)
            rows.append(Row((f"{root.code} {root.name}", points, score, Figure(rate_text(rate), rate, Quotient(At(n, 2), At(n, 1))))))
        return Table(columns, tuple(rows))

    def charts(self) -> list[Block]:
        """A radar over the declared dimensions, or over the level-1 indicators where there are none."""
        result, say = self.result, self.say
        groups = [(d.name, d.codes) for d in result.ruleset.dimensions] or [(r.name, (r.code,)) for r in result.ruleset.roots]
        if len(groups) < 3:
            return []
        values = []
        for _, codes in groups:
            records = [result.indicators[c] for c in codes if result.indicators[c].state not in ("out", "excluded")]
            points = sum((r.points for r in records), 0)
            scores = [r.score for r in records]
            known = points and all(s is not None for s in scores)
            values.append(divide(sum((s for s in scores if s is not None), 0), points) if known else None)
        title = say("radar_dimensions" if result.ruleset.dimensions else "radar")
        return [Chart("radar", title, tuple(n for n, _ in groups), (Series(result.unit.name, tuple(values)),), percent=True, top=1)]

    def strengths(self) -> list[Block]:
        say = self.say
        best = [i for i in self.explanation.indicators if not i.children and i.score is not None and not Fraction(i.lost or "0") and Fraction(i.points)]
        names = say.comma.join(f"{i.code} {i.name}" for i in best)
        told = say("full_ones", count=str(len(best)), names=names) if best else say("no_full")
        return [Paragraph(told), Paragraph(say("to_write"), "dim")]

    def problems(self) -> list[Block]:
        if not self.found:
            return [Paragraph(self.say("none_lost"))]
        blocks: list[Block] = []
        for problem_class in (1, 2, 3, 0):
            members = [f for f in self.found if f.problem_class == problem_class]
            if members:
                blocks.append(Section(self.say(f"class_{problem_class}"), (Items(tuple(Item(self.told(f)) for f in members)),), level=3))
        return blocks

    def told(self, found: Finding) -> str:
        say = self.say
        kind = say("type_told", type=found.type, authority=found.authority or "–", urgency=found.urgency or "–") if found.type else ""
        key = "problem" if found.lost else "problem_found"
        text = say(key, code=found.code, what=found.what, type=kind, lost=found.lost)
        return text + (say("state_told", state=found.state) if found.state else "")

    def opinions(self) -> list[Block]:
        say = self.say
        lines = []
        for found in self.found:
            what = f"{found.code} {found.what}".strip()
            if found.problem_class == 1:
                on = found.deadline
                lines.append(say("opinion_1_on", what=what, deadline=on) if on else say("opinion_1", what=what, days=found.days))
            elif found.problem_class in (2, 3):
                lines.append(say(f"opinion_{found.problem_class}", what=what, authority=found.authority or "–"))
        return [Items(tuple(Item(line) for line in lines))] if lines else [Paragraph(say("opinion_none"))]
