"""The results of many units in one workbook, written as they come: no unit stays in memory.

A sheet of scores for each ruleset, one row a unit, every parent and the total a live
formula; then deductions, evidence that is missing, and problems of all.  A sheet that is
full goes on in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..dsl.numbers import Exact
from ..engine.explain import explain
from ..engine.record import Result
from .as_workbook import MOST_ROWS, Book, at
from .display import Plan
from .document import Cell, Column, Figure, Row, Table
from .figures import points_text, rate_text
from .formulas import At, Formula, Quotient
from .phrases import PHRASES, Phrases
from .results_sheets import (
    WORDS,
    deduction_columns,
    deduction_plan,
    deduction_rows,
    evidence_columns,
    evidence_rows,
    problem_columns,
    problem_rows,
)
from .score_sheet import display_plan, grade_lines
from .sums import parent_formula, total_formula

_WORDS = {
    **PHRASES,
    **WORDS,
    "evidence": ("缺少的佐证", "missing evidence"),
    "all": ("评分汇总", "scores"),
    "title": ("{count}个单位的评估结果", "results of {count} units"),
    "unit_type": ("单位类型", "type"),
    "unit_level": ("层级", "level"),
    "state": ("状态", "state"),
    "grade_of": ("等次", "grade"),
    "full": ("满分", "full score"),
    "decided": ("已定", "decided"),
    "undecided": ("未定", "not decided"),
    "withheld": ("不给出结果", "withheld"),
    "unscored_state": ("不评分", "not scored"),
    "error": ("数据有错误", "errors in the data"),
}
#: Characters that columns of sheets written row by row take: their text is not known before.
_WIDTHS = {"left": 22, "right": 10}


class _Running:
    """A sheet that takes rows one by one."""

    def __init__(self, book: Book, name: str, columns: Sequence[Column]) -> None:
        self.book, self.name, self.columns = book, name, columns
        self.begin()

    def begin(self) -> None:
        book = self.book
        self.sheet = book.sheet(self.name)
        for i, column in enumerate(self.columns):
            self.sheet.set_column(i, i, _WIDTHS[column.align] + (14 if column.wrap else 0))
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)
        book.header(self.sheet, 0, self.columns)
        self.next = 1

    def add(self, cells: Sequence[Cell]) -> None:
        if self.next >= MOST_ROWS:
            self.begin()
        row = self.next

        def place(_: int, column: int) -> str:
            return at(row, column)

        for i, cell in enumerate(cells):
            if cell != "":
                self.book.cell(self.sheet, row, i, cell, self.columns[i], "plain", place)
        self.next += 1


class _Summary:
    """One row a unit of one ruleset: who, what came of it, the score of every indicator."""

    SCORE, FULL, FIRST = 5, 6, 9

    def __init__(self, ruleset: Ruleset, say: Phrases) -> None:
        self.ruleset, self.say = ruleset, say
        self.codes = [*(i.code for i in ruleset.indicators), *(a.indicator.code for a in ruleset.adjustments)]
        self.column = {code: self.FIRST + n for n, code in enumerate(self.codes)}

    def columns(self) -> list[Column]:
        say = self.say
        names = [f"{c} {self.ruleset.by_code[c].name}" for c in self.codes]
        return [
            Column(say("order"), "right"), Column(say("unit"), wrap=True), Column(say("unit_type")), Column(say("unit_level")), Column(say("state")),
            Column(say("score"), "right"), Column(say("full"), "right"), Column(say("rate"), "right"), Column(say("grade_of")),
            *(Column(n, "right") for n in names),
        ]  # fmt: skip

    def row(self, number: int, result: Result) -> list[Cell]:
        values: dict[int, Exact] = {}
        for code, record in result.indicators.items():
            if record.score is not None:
                values[self.column[code]] = record.score
        for adjustment, done in zip(result.ruleset.adjustments, result.adjustments, strict=True):
            if done.amount is not None:
                values[self.column[done.code]] = done.amount if adjustment.kind == "bonus" else -done.amount

        def cell(_: int, column: int) -> Exact:
            return values[column]

        shown = display_plan(result)
        grade = result.grade.grade if result.grade is not None and result.grade.grade is not None else "–"
        state = self.say(result.state if result.state != "unscored" else "unscored_state")
        return [
            Figure(str(number), number), result.unit.name, result.unit.unit_type, result.unit.level or "", state, self._score(result, shown, cell),
            Figure(points_text(result.full_score), result.full_score), self._rate(result), grade,
            *(self._indicator(result, code, shown, values, cell) for code in self.codes),
        ]  # fmt: skip

    def _at(self, code: str) -> Formula:
        return At(0, self.column[code])

    def _score(self, result: Result, shown: Plan, cell: Any) -> Cell:
        if result.score is None:
            return "?" if result.bounds is None else f"{points_text(result.bounds.low)}–{points_text(result.bounds.high)}"
        roots = {r.code: self._at(r.code) for r in self.ruleset.roots if result.indicators[r.code].state not in ("out", "excluded")}
        others = {a.code: self._at(a.code) for a in result.adjustments}
        return Figure(shown.text(result.score), result.score, total_formula(result, roots, others, cell))

    def _rate(self, result: Result) -> Cell:
        rate = result.rate
        return "?" if rate is None else Figure(rate_text(rate, grade_lines(result)), rate, Quotient(At(0, self.SCORE), At(0, self.FULL)))

    def _indicator(self, result: Result, code: str, shown: Plan, values: dict[int, Exact], cell: Any) -> Cell:
        value = values.get(self.column[code])
        if value is None:
            record = result.indicators.get(code)
            return "–" if record is not None and record.state in ("out", "excluded") else "?"
        indicator = self.ruleset.by_code[code]
        formula = parent_formula(result, indicator, self._at, cell) if indicator.children else None
        return Figure(shown.text(value), value, formula)


def write_results(stream: Any, results: Iterable[Result], language: Language) -> int:
    """Write every result to a workbook as it comes; how many there were.  Raises `Missing`."""
    say = Phrases(language, _WORDS)
    count = problems = 0
    with Book(stream, say("all"), language, streaming=True) as book:
        summaries: dict[str, tuple[_Summary, _Running]] = {}
        pages: dict[str, _Running] = {}
        for result in results:
            count += 1
            key = result.ruleset.digest
            if key not in summaries:
                summary = _Summary(result.ruleset, say)
                summaries[key] = (summary, _Running(book, say("all"), summary.columns()))
                pages = pages or _pages(book, say)
            summary, running = summaries[key]
            running.add(summary.row(running.next, result))
            if result.state == "error":
                continue
            explanation = explain(result, language)
            unit: Cell = result.unit.name
            for cells in deduction_rows(explanation, deduction_plan(explanation)):
                pages["deductions"].add((unit, *cells))
            for cells in evidence_rows(result, language):
                if cells[-1] == say("missing"):
                    pages["evidence"].add((unit, *cells[1:]))
            for cells in problem_rows(result, language, problems + 1):
                problems += 1
                pages["problems"].add(cells)
        if not summaries:
            book.table(Table((Column(say("unit")),), (Row((say("title", count="0"),)),)), say("all"))
    return count


def _pages(book: Book, say: Phrases) -> dict[str, _Running]:
    unit = Column(say("unit"), wrap=True)
    return {
        "deductions": _Running(book, say("deductions"), (unit, *deduction_columns(say))),
        "evidence": _Running(book, say("evidence"), (unit, *evidence_columns(say)[1:])),
        "problems": _Running(book, say("problems"), problem_columns(say)),
    }
