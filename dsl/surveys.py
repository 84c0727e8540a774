"""What is worked out from a questionnaire (F25), in core operations.

A return is valid if it answers as many questions as the questionnaire asks for.  Blanks
and answers that do not count are in no mean and in no divisor; they are counted beside.
"""

from __future__ import annotations

from collections.abc import Sequence

from .model import Aggregate, Arithmetic, Choose, Column, Compare, Expression, Literal, Logic, Present, Ref, Survey
from .numbers import exact_text

_ONE, _ZERO = Literal(1, "1"), Literal(0, "0")


def valid(survey: Survey) -> Expression:
    """Whether the return at hand answers enough questions."""
    answered = [_answered(c) for c in survey.columns]
    if survey.answers_needed == 1:
        return answered[0] if len(answered) == 1 else Logic("or", tuple(answered))
    needed = Literal(survey.answers_needed, str(survey.answers_needed))
    return Compare(">=", _sum([Choose(((a, _ONE),), _ZERO) for a in answered]), needed)


def valid_returns(survey: Survey) -> Expression:
    return Aggregate("count", Ref(survey.source), None, valid(survey))


def answers(survey: Survey, columns: Sequence[Column]) -> Expression:
    """How many answers to some questions count."""
    return _sum([Aggregate("count", Ref(survey.source), None, _counts(survey, c)) for c in columns])


def points(survey: Survey, columns: Sequence[Column]) -> Expression:
    """The points of the answers that count, added up."""
    return _sum([Aggregate("sum", Ref(survey.source), _points(c), _counts(survey, c)) for c in columns])


def at_least(survey: Survey, columns: Sequence[Column], answer: str) -> Expression:
    """How many answers are worth as much as ``answer`` or more."""
    found = []
    for column in columns:
        scores = dict(column.scores)
        limit = scores[answer]
        assert limit is not None
        good = [name for name, score in column.scores if score is not None and score >= limit]
        chosen = _any_of(column, good)
        found.append(Aggregate("count", Ref(survey.source), None, Logic("and", (valid(survey), chosen))))
    return _sum(list(found))


def uncounted(survey: Survey, column: Column) -> Expression:
    """How many valid returns leave a question blank, or answer it with what does not count."""
    out = Logic("not", (_counting(column),))
    return Aggregate("count", Ref(survey.source), None, Logic("and", (valid(survey), out)))


def _answered(column: Column) -> Expression:
    return Present(f"column.{column.name}")


def _counting(column: Column) -> Expression:
    """Whether the question is answered with something that counts."""
    skipped = [name for name, score in column.scores if score is None]
    tests: list[Expression] = [_answered(column), *(Compare("!=", Ref(f"column.{column.name}"), Literal(name, "")) for name in skipped)]
    return tests[0] if len(tests) == 1 else Logic("and", tuple(tests))


def _counts(survey: Survey, column: Column) -> Expression:
    return Logic("and", (valid(survey), _counting(column)))


def _points(column: Column) -> Expression:
    """The points of the answer at hand."""
    scores = [(name, score) for name, score in column.scores if score is not None]
    cases = tuple((Compare("=", Ref(f"column.{column.name}"), Literal(name, "")), Literal(score, exact_text(score))) for name, score in scores[:-1])
    last = Literal(scores[-1][1], exact_text(scores[-1][1]))
    return Choose(cases, last) if cases else last


def _any_of(column: Column, names: Sequence[str]) -> Expression:
    """Whether the answer is one of some; a blank is none of them."""
    tests = tuple(Compare("=", Ref(f"column.{column.name}"), Literal(name, "")) for name in names)
    chosen: Expression = tests[0] if len(tests) == 1 else Logic("or", tests)
    return Logic("and", (_answered(column), chosen))


def _sum(terms: list[Expression]) -> Expression:
    total = terms[0]
    for term in terms[1:]:
        total = Arithmetic("+", total, term)
    return total
