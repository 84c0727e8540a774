"""ruleeval: rulesets as text, exact scores, and an explanation of every point.

>>> import ruleeval
>>> loaded = ruleeval.load("government.rules")          # doctest: +SKIP
>>> unit = ruleeval.load_unit("unit.json", loaded)       # doctest: +SKIP
>>> result = ruleeval.evaluate(loaded, unit)             # doctest: +SKIP
>>> result.score, result.grade.grade                     # doctest: +SKIP
(Fraction(2687, 25), '良好')

The house: ``dsl`` is the language, ``engine`` its meaning, ``report`` the paper, ``files``
the world, ``cli`` the counter; each looks only downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .dsl.diagnostics import Diagnostic, RulesetError

if TYPE_CHECKING:
    from .dsl.check import CheckResult
    from .dsl.keywords import Language
    from .dsl.model import Ruleset
    from .engine.explain import Explanation
    from .engine.record import Result
    from .engine.unit import Track, UnitData

__version__ = "0.1.0"


def check(text: str) -> CheckResult:
    """Check a ruleset text: the ruleset, if it holds no error, and every finding."""
    from .dsl.check import check_text

    return check_text(text)


def load(path: str | PathLike[str]) -> Ruleset:
    """The checked ruleset in a file.

    Raises `RulesetError` with every diagnostic if it holds errors or cannot be read.
    """
    from .files.ruleset_file import load_ruleset_file
    from .files.text import Unreadable

    try:
        loaded = load_ruleset_file(Path(path))
    except Unreadable as error:
        raise RulesetError((error.diagnostic,)) from error
    if loaded.ruleset is None:
        raise RulesetError(loaded.diagnostics)
    return loaded.ruleset


def load_unit(path: str | PathLike[str], ruleset: Ruleset) -> UnitData:
    """The data of a unit file (JSON or YAML), checked against a ruleset.

    Raises `RulesetError` with every diagnostic if they hold errors or cannot be read.
    """
    from .files.text import Unreadable
    from .files.unit_file import read_unit, unit_data

    try:
        unit, found = unit_data(read_unit(Path(path)), ruleset)
    except Unreadable as error:
        raise RulesetError((error.diagnostic,)) from error
    if unit is None:
        raise RulesetError(found)
    return unit


def evaluate(ruleset: Ruleset, unit: UnitData, track: Track | None = None) -> Result:
    """Evaluate a unit on one track, the deciding one by default.  Scores are exact
    (``int`` or ``Fraction``); what is missing leaves bounds, never a zero."""
    from .engine.evaluate import evaluate as run

    return run(ruleset, unit, track)


def evaluate_table(
    ruleset: Ruleset, frame: Any, track: Track | None = None, *, as_of: str | None = None, unit_type: str | None = None,
    levels: int = 3, partial: bool = False, ignore_unknown: bool = False,
) -> Any:  # fmt: skip
    """Evaluate every row of a Polars, pandas or Arrow frame; the result is a frame of the same kind.

    A column is named like a data item, like a key of a unit file (``unit``, ``as_of`` …) or
    ``evidence:NAME``; `docs/batch.en.md` describes both frames.  Scores are exact decimals
    (or numerator and denominator) and equal those of `evaluate` for every row; a row whose
    values hold an error has the state ``invalid`` and the codes of what is wrong.
    Raises `RulesetError` with every diagnostic where the columns do not fit the ruleset,
    `ImportError` where the extra ``columns`` is not installed.
    """
    from .files.tables.frame import evaluate_any

    constants = {k: v for k, v in (("as_of", as_of), ("unit_type", unit_type)) if v is not None}
    return evaluate_any(ruleset, frame, track, constants, levels=levels, partial=partial, ignore_unknown=ignore_unknown)


def evaluate_cohort(ruleset: Ruleset, units: Sequence[UnitData], track: Track | None = None) -> tuple[Result, ...]:
    """Evaluate units that are compared with each other (ranks, means, quotas): a result for
    each, in the order given.  Their order changes nothing; a unit without a value leaves
    bounds in what compares it, never a zero."""
    from .engine.cohort import evaluate_cohort as run

    return run(ruleset, units, track)


def explain(result: Result, language: Language | None = None) -> Explanation:
    """Why every point was given or lost, as data; ``ruleeval.report`` writes it out."""
    from .engine.explain import explain as run

    return run(result, language)


__all__ = [
    "Diagnostic", "RulesetError", "__version__", "check", "evaluate", "evaluate_cohort", "evaluate_table", "explain", "load", "load_unit",
]  # fmt: skip
