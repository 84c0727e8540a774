"""What the tables of field work hold: people outside all bands, blank cells, returns of questionnaires.

Read off a result's values; nothing is scored here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ..dsl import surveys
from ..dsl.frozen import frozen
from ..dsl.model import Column, DataItem, Derived, Expression, Indicator, Segments, Survey
from ..dsl.numbers import Exact, divide
from ..dsl.operations import NotApplicableReached, RuleFailure, Undecided, Unknown, exactly
from ..dsl.substitute import references
from .record import Result

#: Questions from which on a return with one and the same answer throughout is worth a look.
_FEWEST_FOR_STRAIGHT = 3


@frozen
class Outside:
    """Records that a section of bands counts nowhere: how often each value occurs, least first."""

    segments: Segments
    values: tuple[tuple[Exact, int], ...]

    @property
    def count(self) -> int:
        return sum(n for _, n in self.values)


@frozen
class QuestionStatus:
    """One question over the valid returns: answers that count, blanks, answers that do not count, mean."""

    name: str
    counted: int
    blank: int
    skipped: int
    mean: Exact | None


@frozen
class SurveyStatus:
    """A questionnaire as it came back; ``sent`` is ``None`` where it is not known or not asked for."""

    survey: Survey
    sent: Exact | None
    returned: int
    valid: int
    straight: int
    questions: tuple[QuestionStatus, ...]

    @property
    def too_few(self) -> bool:
        return self.survey.least is not None and self.valid < self.survey.least

    @property
    def left_out(self) -> tuple[int, int]:
        """Blanks, and answers that do not count."""
        return sum(q.blank for q in self.questions), sum(q.skipped for q in self.questions)


def rows_of(result: Result, key: str) -> tuple[Mapping[str, Any], ...] | None:
    """The records of a table, if they are there."""
    value = result.values.get(key)
    return value if isinstance(value, tuple) else None


def value_or_nothing(expression: Expression, values: Mapping[str, Any]) -> Any:
    """The value of an expression, ``None`` where it cannot be told."""
    try:
        return exactly(expression)(values)
    except (Undecided, NotApplicableReached, RuleFailure):
        return None


def outside(result: Result) -> Iterator[Outside]:
    """For every section of bands, the records in no band; blank ones are not known to be outside."""
    for segments in result.ruleset.segments:
        rows = rows_of(result, segments.source)
        if rows is None:
            continue
        read, kept = exactly(segments.value), exactly(segments.where) if segments.where is not None else None
        found: Counter[Exact] = Counter()
        for row in rows:
            scope = {**result.values, **row}
            try:
                if kept is None or kept(scope):
                    value = read(scope)
                    if not any(i.holds(value) for _, i in segments.bands):
                        found[value] += 1
            except (Undecided, NotApplicableReached, RuleFailure):
                continue
        if found:
            yield Outside(segments, tuple(sorted(found.items())))


def blanks(result: Result, item: DataItem, indicator: Indicator) -> tuple[tuple[Column, int], ...]:
    """The columns of a table with blank cells that an indicator rests on, and how many each has."""
    rows, used = rows_of(result, item.key) or (), _columns_used(result, indicator)
    asked = (c for c in item.columns if c.optional and f"column.{c.name}" in used)
    counts = ((c, sum(isinstance(r.get(f"column.{c.name}"), Unknown) for r in rows)) for c in asked)
    return tuple((c, n) for c, n in counts if n)


def _columns_used(result: Result, indicator: Indicator) -> frozenset[str]:
    """The columns that an indicator looks at, itself or through derived values."""
    found: set[str] = set()
    waiting = [*(s.expression for s in indicator.steps), *(g.condition for g in indicator.guards)]
    while waiting:
        for key in references(waiting.pop()):
            item = result.ruleset.by_key.get(key)
            if key not in found and isinstance(item, Derived):
                waiting.append(item.expression)
            found.add(key)
    return frozenset(k for k in found if k.startswith("column."))


def survey_statuses(result: Result) -> Iterator[SurveyStatus]:
    """Every questionnaire whose returns were handed in."""
    for survey in result.ruleset.surveys:
        rows = rows_of(result, survey.source)
        if rows is not None:
            yield _status(survey, rows, result)


def _status(survey: Survey, rows: tuple[Mapping[str, Any], ...], result: Result) -> SurveyStatus:
    answers = [[row[f"column.{c.name}"] for c in survey.columns] for row in rows]
    valid = [a for a in answers if sum(isinstance(x, str) for x in a) >= survey.answers_needed]
    straight = sum(len(a) >= _FEWEST_FOR_STRAIGHT and all(isinstance(x, str) for x in a) and len(set(a)) == 1 for a in answers)
    sent = None if survey.sent is None else value_or_nothing(survey.sent, result.values)
    questions = tuple(_question(survey, c, [a[i] for a in valid], result) for i, c in enumerate(survey.columns))
    return SurveyStatus(survey, sent, len(rows), len(valid), straight, questions)


def _question(survey: Survey, column: Column, answers: list[Any], result: Result) -> QuestionStatus:
    scores = dict(column.scores)
    given = [a for a in answers if isinstance(a, str)]
    counted = sum(scores[a] is not None for a in given)
    points = value_or_nothing(surveys.points(survey, (column,)), result.values)
    mean = None if not counted or points is None else divide(points, counted)
    return QuestionStatus(column.name, counted, len(answers) - len(given), len(given) - counted, mean)
