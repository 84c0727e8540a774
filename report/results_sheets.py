"""Results -> the sheets that staff keep: scores with their sums, deductions with reasons, evidence, problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from ..dsl.keywords import Language
from ..dsl.model import Indicator
from ..dsl.numbers import Exact
from ..engine.evidence import documents_of
from ..engine.explain import Explanation
from ..engine.problems import deductions
from ..engine.record import Result
from .display import Family, Plan, plan
from .document import Cell, Column, Figure, Row, Table
from .explanation import Sentences
from .figures import points_text, rate_text
from .formulas import At, Difference, Formula, Quotient, Sum, worked_out
from .phrases import Phrases
from .score_sheet import grade_lines
from .sums import families, parent_formula, total_formula

WORDS: Mapping[str, tuple[str, str]] = {
    "scores": ("评分表", "scores"),
    "deductions": ("扣分说明", "deductions"),
    "evidence": ("佐证材料", "evidence"),
    "problems": ("问题清单", "problems"),
    "level1": ("一级指标", "level 1"),
    "level2": ("二级指标", "level 2"),
    "level3": ("三级指标", "level 3"),
    "points": ("分值", "points"),
    "standard": ("评分标准", "standard"),
    "self": ("自评分", "self"),
    "on_site": ("实地评估分", "on-site"),
    "third_party": ("第三方评分", "third party"),
    "lost": ("失分", "lost"),
    "reason": ("扣分原因", "why"),
    "numbers": ("佐证编号", "evidence no."),
    "subtotal": ("小计", "subtotal"),
    "total": ("合计", "total"),
    "rate": ("得分率", "rate"),
    "bonus": ("加分", "bonus"),
    "extra": ("追加扣分", "extra deduction"),
    "code": ("编码", "code"),
    "indicator": ("指标", "indicator"),
    "score": ("得分", "score"),
    "data": ("依据的数据", "data"),
    "calculation": ("计算", "calculation"),
    "full_marks": ("得满分的条件", "full marks would take"),
    "order": ("序号", "no."),
    "material": ("材料", "document"),
    "number": ("编号", "number"),
    "material_title": ("题名", "title"),
    "issuer": ("出具单位", "issued by"),
    "issued": ("出具日期", "issued on"),
    "copies": ("份数", "copies"),
    "for": ("用于指标", "for"),
    "status": ("情况", "status"),
    "handed_in": ("已交", "handed in"),
    "missing": ("缺", "missing"),
    "not_asked": ("已交，没有指标要求", "handed in, no indicator asks for it"),
    "unit": ("单位", "unit"),
    "found": ("发现问题", "problem"),
    "kind": ("问题类型", "type"),
    "class": ("类别", "class"),
    "class_1": ("一类", "1"),
    "class_2": ("二类", "2"),
    "class_3": ("三类", "3"),
    "authority": ("层级权限", "authority"),
    "urgency": ("紧要程度", "urgency"),
    "origin": ("问题来源", "source"),
    "from_lost": ("评估失分{points}分", "lost {points} points"),
    "days": ("整改期限（日）", "days to rectify"),
    "verified": ("核实情况", "verification"),
    "measure": ("整改措施", "measure"),
    "responsible": ("责任单位", "responsible"),
    "person": ("责任人", "person"),
    "progress": ("进展情况", "progress"),
    "done": ("完成时间", "done on"),
    "written_off": ("销号情况", "written off"),
    "remark": ("备注", "remark"),
    "engine": ("（系统计算，不是下级之和）", " (as computed, no sum of what stands above)"),
}
#: Columns of the list of problems that people fill in.
_TO_FILL = ("verified", "measure", "responsible", "person", "progress", "done", "written_off", "remark")


def all_sheets(results: Sequence[Result], explanation: Explanation) -> tuple[Table, ...]:
    """The four sheets of a unit; ``results`` has one a track, the deciding one that of the explanation."""
    tables = (score_table(results, explanation), deduction_table(explanation), evidence_table(explanation.result, explanation.language))
    problems = problem_table(explanation.result, explanation.language)
    return (*tables, problems)


# ---- scores ------------------------------------------------------------------------------------


class _Track:
    """The figures of one track in one column of the score sheet."""

    def __init__(self, result: Result, column: int) -> None:
        self.result, self.column = result, column
        self.rows: dict[str, int] = {}
        self.values: dict[tuple[int, int], Exact] = {}

    def cell(self, row: int, column: int) -> Exact:
        return self.values[row, column]

    def at(self, code: str) -> Formula | None:
        """Where a code's score stands, or how it comes from what stands there."""
        if code in self.rows:
            return At(self.rows[code], self.column)
        return parent_formula(self.result, self.result.ruleset.by_code[code], self.at, self.cell)

    def put(self, code: str, row: int, value: Exact | None) -> None:
        self.rows[code] = row
        if value is not None:
            self.values[row, self.column] = value


class _Scores:
    """Builds the score sheet: leaves with the names above them, subtotals, the total."""

    POINTS = 4

    def __init__(self, results: Sequence[Result], explanation: Explanation) -> None:
        self.result, self.explanation = explanation.result, explanation
        self.say, self.sentences = Phrases(explanation.language, WORDS), Sentences(explanation)
        self.plan: Plan = plan([f for r in results for f in families(r)], [(r.score, line) for r in results if r.score is not None for line in _ends(r)])
        self.tracks = [_Track(r, self.POINTS + 1 + n) for n, r in enumerate(results)]
        self.lost = self.POINTS + 1 + len(results)
        self.deciding = next(t for t in self.tracks if t.result is self.result)
        self.explained = {i.code: i for i in explanation.indicators}
        self.rows: list[Row] = []
        self.points: dict[int, Exact] = {}

    def table(self) -> Table:
        say = self.say
        columns = (
            Column(say("level1"), wrap=True, merged=True), Column(say("level2"), wrap=True, merged=True), Column(say("level3"), wrap=True),
            Column(say("standard"), wrap=True), Column(say("points"), "right"), *(Column(say(t.result.track), "right") for t in self.tracks),
            Column(say("lost"), "right"), Column(say("reason"), wrap=True), Column(say("numbers"), wrap=True),
        )  # fmt: skip
        for root in self.result.ruleset.roots:
            self.root(root)
        self.adjustments()
        self.total()
        return Table(columns, tuple(self.rows), say("scores"))

    def root(self, root: Indicator) -> None:
        by_code = self.result.ruleset.by_code
        title = f"{root.code} {root.name}"
        rows: list[int] = []
        for code in root.children or (root.code,):
            rows += self.second(title, by_code[code])
        if root.children:
            self.parent(root, (title, self.say("subtotal"), "", ""), rows)

    def second(self, title: str, second: Indicator) -> list[int]:
        """A level-2 indicator: its leaves, and a subtotal where one line does not tell all."""
        by_code = self.result.ruleset.by_code
        name = f"{second.code} {second.name}"
        rows = [self.leaf(title, name, by_code[c]) for c in second.children or (second.code,)]
        if len(second.children) > 1 or (second.children and self.deciding.at(second.code) is None):
            return [self.parent(second, (title, name, self.say("subtotal"), ""), rows)]
        return rows

    def leaf(self, first: str, second: str, indicator: Indicator) -> int:
        record, explained, say = self.result.indicators[indicator.code], self.explained[indicator.code], self.say
        number = len(self.rows)
        reasons = "\n".join(self.sentences.reasons_in_short(explained)) if explained.lost not in ("0", "") or record.score is None else ""
        kinds = {k for r in indicator.evidence for k in r.kinds}
        numbers = say.comma.join(e.number or e.kind for e in self.result.unit.evidence or () if e.kind in kinds)
        name = f"{indicator.code} {indicator.name}"
        cells = (first, second, name, "\n".join(indicator.wording))
        self.line(indicator.code, cells, record.points, reasons, numbers)
        return number

    def parent(self, indicator: Indicator, titles: tuple[str, str, str, str], rows: list[int]) -> int:
        number, record = len(self.rows), self.result.indicators[indicator.code]
        added = Sum(tuple(At(r, self.POINTS) for r in rows if r in self.points))
        known = bool(added.parts) and worked_out(added, lambda row, _: self.points[row]) == record.points
        self.line(indicator.code, titles, record.points, "", "", added if known else None, strong=True)
        return number

    def line(
        self, code: str, titles: tuple[str, str, str, str], points: Exact, reasons: str, numbers: str, added: Formula | None = None,
        *, strong: bool = False,
    ) -> None:  # fmt: skip
        """One row: the points, a score a track, what is lost by the deciding track."""
        row = len(self.rows)
        state = self.result.indicators[code].state
        if state not in ("out", "excluded"):
            self.points[row] = points
        scores: list[Cell] = []
        for track in self.tracks:
            record = track.result.indicators[code]
            formula = parent_formula(track.result, track.result.ruleset.by_code[code], track.at, track.cell) if strong else None
            scores.append(self.score(record.state, record.score, formula, strong=strong))
            track.put(code, row, record.score)
        shown: Cell = "–" if state in ("out", "excluded") else Figure(points_text(points), points, added)
        note = "" if not strong or isinstance(scores[self.deciding.column - self.POINTS - 1], str) else self.engine(code, scores)
        self.rows.append(Row((*titles, shown, *scores, self.loss(row, code), reasons + note, numbers), "strong" if strong else "plain"))

    def engine(self, code: str, scores: list[Cell]) -> str:
        """That a subtotal is no formula, where it is none."""
        cell = scores[self.deciding.column - self.POINTS - 1]
        return self.say("engine") if isinstance(cell, Figure) and cell.formula is None and self.result.ruleset.by_code[code].children else ""

    def score(self, state: str, score: Exact | None, formula: Formula | None, *, strong: bool) -> Cell:
        if state in ("out", "excluded"):
            return "–"
        return "?" if score is None else Figure(self.plan.text(score), score, formula)

    def loss(self, row: int, code: str) -> Cell:
        record = self.result.indicators[code]
        if record.score is None:
            return "–" if record.state in ("out", "excluded") else "?"
        lost = record.points - record.score
        return Figure(self.plan.text(lost), lost, Difference(At(row, self.POINTS), At(row, self.deciding.column)))

    def adjustments(self) -> None:
        """Bonus and extra deductions, each a row with its sign."""
        for n, adjustment in enumerate(self.result.ruleset.adjustments):
            row = len(self.rows)
            cells: list[Cell] = []
            for track in self.tracks:
                amount = track.result.adjustments[n].amount
                value = None if amount is None else amount if adjustment.kind == "bonus" else -amount
                track.put(adjustment.indicator.code, row, value)
                cells.append("?" if value is None else Figure(_signed(value, self.plan), value))
            indicator = adjustment.indicator
            points = Figure(points_text(indicator.points), indicator.points)
            titles = (self.say(adjustment.kind), "", f"{indicator.code} {indicator.name}", "\n".join(indicator.wording))
            self.rows.append(Row((*titles, points, *cells, "", "", "")))

    def total(self) -> None:
        row, say = len(self.rows), self.say
        full = self.result.full_score
        roots = [r.code for r in self.result.ruleset.roots]
        scores: list[Cell] = []
        rates: list[Cell] = []
        for track in self.tracks:
            result = track.result
            counting = {c: f for c in roots if result.indicators[c].state not in ("out", "excluded") and (f := track.at(c)) is not None}
            others = {a.code: At(track.rows[a.code], track.column) for a in result.adjustments}
            formula = total_formula(result, counting, others, track.cell)
            scores.append(self.score("", result.score, formula, strong=True))
            rate = result.rate
            shown = Figure(rate_text(rate, grade_lines(result)), rate, Quotient(At(row, track.column), At(row, self.POINTS))) if rate is not None else "?"
            rates.append(shown)
        lost: Cell = ""
        if self.result.score is not None:
            value = full - self.result.score
            lost = Figure(self.plan.text(value), value, Difference(At(row, self.POINTS), At(row, self.deciding.column)))
        titles = (say("total"), "", "", "")
        self.rows.append(Row((*titles, Figure(points_text(full), full), *scores, lost, self.plan.note(say.language), ""), "strong"))
        self.rows.append(Row((say("rate"), "", "", "", "", *rates, "", "", ""), "strong"))


def _ends(result: Result) -> Iterator[Exact]:
    """The scores at which a grade begins or ends."""
    scale = result.ruleset.scale()
    for band in scale.bands if scale is not None else ():
        for end in (band.interval.low, band.interval.high):
            if end is not None and scale is not None:
                yield end * result.full_score if scale.basis == "rate" else end


def _signed(value: Exact, shown: Plan) -> str:
    return f"−{shown.text(-value)}" if value < 0 else f"+{shown.text(value)}"


def score_table(results: Sequence[Result], explanation: Explanation) -> Table:
    """The score sheet as offices keep it, a column for each track that has figures."""
    return _Scores(results, explanation).table()


# ---- deductions ----------------------------------------------------------------------------------


def deduction_columns(say: Phrases) -> tuple[Column, ...]:
    return (
        Column(say("code")), Column(say("indicator"), wrap=True), Column(say("points"), "right"), Column(say("score"), "right"),
        Column(say("lost"), "right"), Column(say("data"), wrap=True), Column(say("calculation"), wrap=True), Column(say("full_marks"), wrap=True),
        Column(say("standard"), wrap=True),
    )  # fmt: skip


def deduction_rows(explanation: Explanation, shown: Plan) -> Iterator[tuple[Cell, ...]]:
    """A row for each level-3 indicator that lost points."""
    words = Sentences(explanation)
    for one in explanation.indicators:
        if not one.children and one.score is not None and Fraction(one.lost or "0"):
            points, score, lost = (Fraction(v) for v in (one.points, one.score, one.lost))
            wanted = "\n".join(i.text for i in words.full_marks(one))
            yield (
                one.code, one.name, Figure(points_text(points), points), Figure(shown.text(score), score), Figure(shown.text(lost), lost),
                "\n".join(words.data_lines(one)), "\n".join(words.reasons(one)), wanted, "\n".join(one.wording),
            )  # fmt: skip


def deduction_plan(explanation: Explanation) -> Plan:
    """How the figures of deductions are shown so that they add up."""
    lost = tuple(Fraction(i.lost) for i in explanation.indicators if not i.children and i.score is not None and i.lost)
    scores = [Family(Fraction(i.score), ()) for i in explanation.indicators if not i.children and i.score is not None]
    return plan([Family(sum(lost, Fraction(0)), lost), *scores])


def deduction_table(explanation: Explanation) -> Table:
    """Every lost point with its reason; the last row adds them up."""
    say, shown = Phrases(explanation.language, WORDS), deduction_plan(explanation)
    rows: list[Row] = []
    total: Exact = 0
    for n, cells in enumerate(deduction_rows(explanation, shown)):
        lost = cells[4]
        assert isinstance(lost, Figure)
        total += lost.value or 0
        live = Figure(lost.text, lost.value, Difference(At(n, 2), At(n, 3)))
        rows.append(Row((*cells[:4], live, *cells[5:])))
    if rows:
        added = Figure(shown.text(total), total, Sum(tuple(At(n, 4) for n in range(len(rows)))))
        rows.append(Row((say("total"), "", "", "", added, "", "", "", ""), "strong"))
    return Table(deduction_columns(say), tuple(rows), say("deductions"))


# ---- evidence ------------------------------------------------------------------------------------


def evidence_columns(say: Phrases) -> tuple[Column, ...]:
    return (
        Column(say("order"), "right"), Column(say("material"), wrap=True), Column(say("number")), Column(say("material_title"), wrap=True),
        Column(say("issuer"), wrap=True), Column(say("issued")), Column(say("copies"), "right"), Column(say("for"), wrap=True),
        Column(say("status"), wrap=True),
    )  # fmt: skip


def evidence_rows(result: Result, language: Language) -> Iterator[tuple[Cell, ...]]:
    """Each document handed in with the indicators that ask for its kind, then what is missing."""
    say = Phrases(language, WORDS)
    asked: dict[str, list[str]] = {}
    missing: dict[str, list[str]] = {}
    for indicator in result.ruleset.leaves:
        record = result.indicators[indicator.code]
        if record.state in ("out", "excluded"):
            continue
        for rule, status in zip(indicator.evidence, record.evidence, strict=False):
            for kind in rule.kinds:
                asked.setdefault(kind, []).append(indicator.code)
            for kind in status.missing if not status.met else ():
                missing.setdefault(kind, []).append(indicator.code)
        for kind in dict.fromkeys(k for k, _ in documents_of(indicator).values()):
            asked.setdefault(kind, []).append(indicator.code)
            if all(e.kind != kind for e in result.unit.evidence or ()):
                missing.setdefault(kind, []).append(indicator.code)
    number = 0
    for item in result.unit.evidence or ():
        number += 1
        codes = asked.get(item.kind, [])
        yield (
            Figure(str(number), number), item.kind, item.number, item.title, item.issued_by or "", item.issued_on.isoformat() if item.issued_on else "",
            Figure(str(item.copies), item.copies), say.comma.join(codes), say("handed_in" if codes else "not_asked"),
        )  # fmt: skip
    for kind, codes in missing.items():
        number += 1
        yield Figure(str(number), number), kind, "", "", "", "", "", say.comma.join(codes), say("missing")


def evidence_table(result: Result, language: Language) -> Table:
    say = Phrases(language, WORDS)
    rows = tuple(Row(r, "warn" if r[-1] == say("missing") else "plain") for r in evidence_rows(result, language))
    return Table(evidence_columns(say), rows, say("evidence"))


# ---- problems ------------------------------------------------------------------------------------


def problem_columns(say: Phrases) -> tuple[Column, ...]:
    told = ("unit", "code", "found", "kind", "class", "authority", "urgency", "origin")
    return (
        Column(say("order"), "right"), *(Column(say(t), wrap=True) for t in told), Column(say("days"), "right"), *(Column(say(t), wrap=True) for t in _TO_FILL),
    )  # fmt: skip


def problem_rows(result: Result, language: Language, first: int = 1) -> Iterator[tuple[Cell, ...]]:
    """A row for each problem that lost points raise; what people find out is left to be filled in."""
    say = Phrases(language, WORDS)
    for number, found in enumerate(deductions(result), first):
        kind: Mapping[str, Any] = found["type"] or {}
        days = kind.get("days")
        yield (
            Figure(str(number), number), result.unit.name, found["indicator"], found["description"], kind.get("name", ""),
            say(f"class_{kind['class']}") if kind else "", kind.get("authority", ""), kind.get("urgency", ""),
            say("from_lost", points=points_text(Fraction(found["lost"]))), Figure(days, int(days)) if days is not None else "",
            *("" for _ in _TO_FILL),
        )  # fmt: skip


def problem_table(result: Result, language: Language) -> Table:
    say = Phrases(language, WORDS)
    return Table(problem_columns(say), tuple(Row(r) for r in problem_rows(result, language)), say("problems"))

