"""What a case expects of a unit, and where a result differs from it.

A number is compared at as many places as the author wrote; a fraction (``1259/11``)
exactly.  The path to a difference leads from the total down to the deepest indicator
that the case speaks of and that differs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import LANGUAGES
from ..dsl.model import Indicator, Ruleset, Step
from ..dsl.numbers import Exact, exact_text, fixed
from .notices import notices
from .record import Result
from .titles import title

#: What ``expected`` may say of a whole unit, besides scores, states and reasons by code.
PLAIN = ("state", "score", "printed_rate", "bounds", "tight", "grade", "by_band", "unscored", "out", "vetoes", "findings", "errors", "status")
#: What it may say of indicators, as a mapping from code.
BY_CODE = ("scores", "states", "reasons")
#: What it may say of the steps of indicators, as ``CODE.STEP``.
STEPS = "steps"
STATUS = {"decided": 0, "unscored": 0, "error": 1, "undecided": 3, "withheld": 3}


@frozen
class Expected:
    """What a case expects: plain facts by name, and facts of indicators by name and code."""

    plain: Mapping[str, Any]
    by_code: Mapping[str, Mapping[str, str]]

    @property
    def is_empty(self) -> bool:
        return not self.plain and not any(self.by_code.values())


@frozen
class Difference:
    """One expectation that does not hold; ``path`` is its place within ``expected``."""

    path: str
    wanted: Any
    found: Any
    code: str | None = None


def compare(expected: Expected, result: Result | None, found: Iterable[Diagnostic]) -> tuple[Difference, ...]:
    """Every expectation that does not hold, in written order.

    ``result`` is ``None`` where the unit's data hold errors; ``found`` are the findings about them.
    """
    codes = sorted(d.code for d in found)
    if result is not None:
        codes = sorted([*codes, *(d.code for d in (*result.diagnostics, *notices(result)))])
    differences = [
        Difference(name, wanted, told)
        for name, wanted in expected.plain.items()
        if not agrees(wanted, told := _plain(name, result, codes, wanted), ordered=name == "bounds")
    ]
    for name, facts in expected.by_code.items():
        for code, wanted in facts.items():
            told = _of_code(name, code, result, wanted)
            if not agrees(wanted, told):
                of = code.rpartition(".")[0] if name == STEPS else code
                differences.append(Difference(f"{name}.{code}", wanted, told, of))
    return tuple(differences)


def unknown_steps(expected: Expected, ruleset: Ruleset) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Expected steps that an indicator does not have: its code, the name, the names there are."""
    for path in expected.by_code.get(STEPS, {}):
        code, _, name = path.rpartition(".")
        indicator = ruleset.by_code.get(code)
        if indicator is not None and step_named(indicator, name) is None:
            yield code, name, tuple(title(s.name, ruleset.language, s.facts.get("label", "")) for s in indicator.steps)


def step_named(indicator: Indicator, name: str) -> Step | None:
    """The step of that title, in either language, or of that key."""
    for step in indicator.steps:
        if name in (step.name, *(title(step.name, language, step.facts.get("label", "")) for language in LANGUAGES)):
            return step
    return None


def codes_of(expected: Expected) -> Iterator[str]:
    """The codes of the indicators that a case speaks of."""
    for name, facts in expected.by_code.items():
        yield from (path.rpartition(".")[0] if name == STEPS else path for path in facts)


def differs(expected: Expected, result: Result) -> bool:
    """Whether any expectation about the result itself fails; findings are left aside."""
    for name, wanted in expected.plain.items():
        if name not in ("findings", "errors") and not agrees(wanted, _plain(name, result, [], wanted), ordered=name == "bounds"):
            return True
    return any(
        not agrees(wanted, _of_code(name, code, result, wanted)) for name, facts in expected.by_code.items() for code, wanted in facts.items()
    )


def observed(result: Result, base: Result | None = None, concerned: Collection[str] = ()) -> Expected:
    """What a case would expect if this result were right; of indicators, those that differ from
    ``base`` and those that the changes concern."""
    plain: dict[str, Any] = {"state": result.state}
    if result.score is not None:
        plain["score"] = exact_text(result.score)
    elif result.bounds is not None:
        plain["bounds"] = [_at_least_two(result.bounds.low), _at_least_two(result.bounds.high)]
    if result.grade is not None:
        plain["grade"] = result.grade.grade
    if result.unscored is not None:
        plain["unscored"] = result.unscored
    errors = sorted({d.code for d in result.diagnostics if d.is_error})
    plain.update({"errors": errors} if errors else {})
    scores: dict[str, str] = {}
    states: dict[str, str] = {}
    for code, record in result.indicators.items():
        before = base.indicators.get(code) if base is not None and base is not result else None
        if before is not None and code not in concerned and (before.state, before.score) == (record.state, record.score):
            continue
        if record.score is not None:
            scores[code] = exact_text(record.score)
        else:
            states[code] = record.state
    return Expected(plain, {k: v for k, v in (("scores", scores), ("states", states)) if v})


def _at_least_two(value: Exact) -> str:
    return fixed(value, 2)


def agrees(wanted: Any, told: Any, *, ordered: bool = False) -> bool:
    """Whether what was told is what was written; lists other than bounds in any order."""
    if isinstance(wanted, (list, tuple)) and isinstance(told, (list, tuple)):
        left, right = [str(w) for w in wanted], [str(t) for t in told]
        return left == right if ordered else sorted(left) == sorted(right)
    if isinstance(wanted, bool) or wanted is None or told is None or isinstance(told, bool):
        return wanted is told or (wanted is not None and told is not None and str(wanted) == str(told))
    return str(wanted) == str(told)


def shown_as(value: Exact | None, written: Any) -> str | None:
    """A number at as many places as ``written`` has, or as a fraction where that is one."""
    if value is None:
        return None
    text = str(written)
    if "/" in text:
        return exact_text(value) if Fraction(value).denominator == 1 else str(Fraction(value))
    _, _, decimals = text.partition(".")
    return fixed(value, len(decimals)) if text.replace(".", "", 1).lstrip("-").isdigit() else exact_text(value)


def _plain(name: str, result: Result | None, codes: list[str], wanted: Any) -> Any:
    match name:
        case "findings":
            return codes
        case "errors":
            return sorted({c for c in codes if c.startswith("E")})
        case "state":
            return result.state if result is not None else "error"
        case "status":
            return STATUS[result.state if result is not None else "error"]
    return None if result is None else _of_result(name, result, wanted)


def _of_result(name: str, result: Result, wanted: Any) -> Any:
    match name:
        case "score":
            return shown_as(result.score, wanted)
        case "printed_rate":
            return None if result.rate is None else f"{fixed(result.rate * 100, 1)}%"
        case "bounds":
            if result.bounds is None:
                return None
            written = wanted if isinstance(wanted, list) and len(wanted) == 2 else ("0.00", "0.00")
            ends = result.bounds.low, result.bounds.high
            return [shown_as(end, text) for end, text in zip(ends, written, strict=True)]
        case "tight":
            return result.bounds is not None and result.bounds.tight
        case "grade":
            return result.grade.grade if result.grade is not None else None
        case "by_band":
            return result.grade.by_band if result.grade is not None else None
        case "out":
            return [c for c, r in result.indicators.items() if r.state in ("out", "excluded")]
        case "vetoes":
            return [v.code for v in result.vetoes if v.applies]
        case "unscored":
            return result.unscored
    raise ValueError(name)


def _step_value(path: str, result: Result | None, wanted: str) -> str | None:
    """What a step of an indicator came to, written as it is expected."""
    code, _, name = path.rpartition(".")
    record = result.indicators.get(code) if result is not None else None
    step = step_named(result.ruleset.by_code[code], name) if result is not None and record is not None else None
    value = next((s.value for s in record.steps if step is not None and s.name == step.name), None) if record is not None else None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Fraction)):
        percent = str(wanted).rstrip().endswith(("%", "％"))
        return f"{shown_as(value * 100, str(wanted).rstrip(' %％'))}%" if percent else shown_as(value, wanted)
    return None if value is None else str(value)


def _of_code(name: str, code: str, result: Result | None, wanted: str) -> str | None:
    if name == STEPS:
        return _step_value(code, result, wanted)
    record = result.indicators.get(code) if result is not None else None
    if record is None:
        return None
    match name:
        case "scores":
            return shown_as(record.score, wanted)
        case "states":
            return record.state
    return record.guard or record.reason


def first_difference(ruleset: Ruleset, differences: Iterable[Difference], suspect: str | None = None) -> tuple[str, ...]:
    """The codes from a level-1 indicator down to the first, deepest indicator that differs, or to
    ``suspect`` where the case speaks of none; nothing if there is neither."""
    wrong = [d.code for d in differences if d.code is not None and d.code in ruleset.by_code]
    if not wrong and suspect is None:
        return ()
    order = [i for i in ruleset.by_code if i in wrong] or [suspect or ""]
    deepest = max(order, key=lambda c: (ruleset.by_code[c].level, -order.index(c)))
    path = [deepest]
    while (parent := ruleset.by_code[path[0]].parent) is not None:
        path.insert(0, parent)
    return tuple(path)


def suspect(result: Result, base: Result | None) -> str | None:
    """Where to look when only the whole differs: the first level-3 indicator that the case's changes
    moved, else the one that lost most; none if nothing was lost."""
    leaves = [i.code for i in result.ruleset.indicators if not i.children]
    if base is not None:
        for code in leaves:
            before, now = base.indicators[code], result.indicators[code]
            if (before.state, before.score, before.bounds) != (now.state, now.score, now.bounds):
                return code
    lost = {c: r.points - (r.score or 0) for c in leaves if (r := result.indicators[c]).state in ("scored", "undecided")}
    worst = max(lost, key=lambda c: lost[c], default=None)
    return worst if worst is not None and lost[worst] > 0 else None
