"""A file that says what results are used for, and what the ledger knows of a unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ..dsl.check import check_use
from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.use import UseOfResults
from ..engine.chain import Entry
from ..engine.evaluate import evaluate
from ..engine.problems import Problem, problems_in
from .ledger.evaluation import KIND, recorded
from .ledger.store import Ledger
from .text import decode, read_bytes

#: What the ledger tells of a unit, by the names that a file may declare: Chinese and English.
FACTS: Mapping[str, tuple[str, str]] = {
    "grade": ("评估等次", "last_grade"),
    "score_rate": ("得分率", "score_rate"),
    "months": ("距上次评估月数", "months_since_evaluation"),
    "open": ("未销号问题数", "open_problems"),
    "open_class1": ("未销号一类问题数", "open_class1_problems"),
    "overdue": ("超期问题数", "overdue_problems"),
    "requested": ("申请编制数", "requested_posts"),
}


@frozen
class LoadedUse:
    """A use of results as read: ``use`` is ``None`` where the file holds errors."""

    path: Path
    text: str
    use: UseOfResults | None
    diagnostics: tuple[Diagnostic, ...]
    language: Language


def load_use_file(path: Path) -> LoadedUse:
    """Read and check a use of results.  Raises `Unreadable`."""
    text, notices = decode(read_bytes(path), path.name)
    result = check_use(text)
    return LoadedUse(path, text, result.use, (*notices, *result.diagnostics), result.language)


def last_evaluations(ledger: Ledger, on: date) -> dict[str, Entry]:
    """The newest evaluation of each unit as of a day, by the unit's name."""
    found: dict[str, Entry] = {}
    for entry in ledger.entries(KIND):
        data = entry.data
        name, as_of = data["unit"]["name"], data["as_of"]
        if as_of <= on.isoformat() and (name not in found or as_of >= found[name].data["as_of"]):
            found[name] = entry
    return found


def known_of(ledger: Ledger, entry: Entry, on: date, posts: int) -> dict[str, Any]:
    """What is known of a unit by name: the values of its last evaluation, then the facts above.

    Raises `LedgerError` and `Unreadable` where the evaluation cannot be read any more.
    """
    then = recorded(ledger, entry.number)
    known: dict[str, Any] = {}
    if then.ruleset is not None and then.unit is not None:
        result = evaluate(then.ruleset, then.unit, then.track)
        known = {k.split(".", 1)[1]: v for k, v in result.values.items() if k.startswith(("data.", "derived."))}
        known |= _named("grade", result.grade.grade if result.grade is not None else None) | _named("score_rate", result.rate)
    as_of = date.fromisoformat(entry.data["as_of"])
    months = (on.year - as_of.year) * 12 + on.month - as_of.month - (on.day < as_of.day)
    unit = entry.data["unit"]["name"]
    standing = [p for p in problems_in(ledger.entries(), on).values() if p.unit == unit and p.is_open()]
    return known | _named("months", months) | _named("requested", posts) | _counts(standing, on)


def _counts(standing: list[Problem], on: date) -> dict[str, Any]:
    first = sum(p.problem_class == 1 for p in standing)
    late = sum(p.is_overdue(on) for p in standing)
    return _named("open", len(standing)) | _named("open_class1", first) | _named("overdue", late)


def _named(fact: str, value: Any) -> dict[str, Any]:
    return {} if value is None else dict.fromkeys(FACTS[fact], value)
