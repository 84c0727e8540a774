"""Problems from raising to write-off: states read off the acts, deadlines, and what an act needs.

Nothing here is stored.  A problem is an entry of the ledger, every act on it a further
one; its state on a day is what the acts up to that day make of it.

=============  =======================================  ===========================
act            allowed in                               leads to
=============  =======================================  ===========================
verify         new                                      new
classify       new                                      new
informal       new                                      new
withdraw       new                                      withdrawn
formal         new, verified and classified             told
start          told                                     in_hand
apply          told, in_hand; with evidence             applied
return         applied, by a second person              in_hand
write_off      applied, by a second person              written_off
extend         told, in_hand, with a deadline           as before
=============  =======================================  ===========================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Literal

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.model import Indicator, Ruleset
from ..dsl.numbers import exact_text
from .chain import Entry
from .field_work import PARTIES, PARTIES_NEEDED, FindingStatus, Verification, finding_statuses, rule_of, verification_of
from .problem_words import facts
from .record import Result

State = Literal["new", "told", "in_hand", "applied", "written_off", "withdrawn"]
PROBLEM, ACT = "problem", "problem-act"
VIEWPOINTS = ("objective", "subjective", "inevitable", "accidental")
#: A reminder is given so many days before the deadline.
REMINDERS = (7, 15, 30)
_ALLOWED: Mapping[str, tuple[State, ...]] = {
    "verify": ("new",), "classify": ("new",), "informal": ("new",), "withdraw": ("new",), "formal": ("new",),
    "start": ("told",), "apply": ("told", "in_hand"), "return": ("applied",), "write_off": ("applied",),
    "extend": ("told", "in_hand"),
}  # fmt: skip
_LEADS_TO: Mapping[str, State] = {
    "withdraw": "withdrawn", "formal": "told", "start": "in_hand", "apply": "applied", "return": "in_hand",
    "write_off": "written_off",
}  # fmt: skip
#: Acts of those who put the problem right: none of them may judge it.
_WORK = frozenset({"start", "apply"})


@frozen
class Act:
    """One act: what was done, by whom, on which day, and what was said of it."""

    name: str
    actor: str
    on: date
    number: int
    data: Mapping[str, Any]


@frozen
class Problem:
    """One problem as it stands.  ``problem_class`` is 0 while nobody has classified it."""

    number: int
    unit: str
    level: str
    description: str
    raised_on: date
    state: State = "new"
    type: str = ""
    problem_class: int = 0
    authority: str = ""
    urgency: str = ""
    days: int | None = None
    indicator: str = ""
    lost: str = ""
    evaluation: int | None = None
    source: str = ""
    viewpoint: str = ""
    evidence: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    parties: tuple[str, ...] = PARTIES
    needed: int = PARTIES_NEEDED
    told_on: date | None = None
    applied_on: date | None = None
    deadline: date | None = None
    told_informally: bool = False
    hands: tuple[str, ...] = ()
    reason: str = ""
    acts: tuple[Act, ...] = ()

    @property
    def verification(self) -> Verification:
        return verification_of(self.confirmed, self.denied, self.parties, self.needed)

    @property
    def last_day(self) -> date:
        return self.acts[-1].on if self.acts else self.raised_on

    def is_open(self) -> bool:
        return self.state not in ("written_off", "withdrawn")

    def is_reserve(self) -> bool:
        """Whether it is kept for policy work: class 3 has no deadline."""
        return self.problem_class == 3 and self.state != "withdrawn"

    def days_left(self, on: date) -> int | None:
        """Days to the deadline, negative after it; ``None`` where no deadline runs.

        A problem that was put forward for write-off by its deadline is not late while
        others look at it.
        """
        if self.deadline is None or not self.is_open() or self.problem_class == 3:
            return None
        if self.state == "applied" and self.applied_on is not None and self.applied_on <= self.deadline:
            return None
        return (self.deadline - on).days

    def is_overdue(self, on: date) -> bool:
        """Whether the deadline has passed; the day itself is still in time."""
        left = self.days_left(on)
        return left is not None and left < 0

    def reminder(self, on: date) -> int | None:
        """7, 15 or 30 where so many days or fewer are left."""
        left = self.days_left(on)
        return None if left is None or left < 0 else next((r for r in REMINDERS if left <= r), None)


def problems_in(entries: Iterable[Entry], on: date | None = None) -> dict[int, Problem]:
    """All problems by number, as they stand on a day (now, if none is given)."""
    found: dict[int, Problem] = {}
    for entry in entries:
        data = entry.data if entry.kind in (PROBLEM, ACT) else {}
        day = date.fromisoformat(data["on"]) if data else date.min
        if not data or (on is not None and day > on):
            continue
        if entry.kind == PROBLEM:
            found[entry.number] = _raised(entry, data, day)
        elif data["problem"] in found:
            act = Act(data["act"], entry.actor, day, entry.number, data)
            found[data["problem"]] = after(found[data["problem"]], act)
    return found


def _raised(entry: Entry, data: Mapping[str, Any], day: date) -> Problem:
    kind = data["type"] or {}
    return Problem(
        entry.number, data["unit"]["name"], data["unit"]["level"] or "", data["description"], day,
        type=kind.get("name", ""), problem_class=int(kind.get("class", 0)), authority=kind.get("authority", ""),
        urgency=kind.get("urgency", ""), days=_days(kind), indicator=data["indicator"], lost=data["lost"],
        evaluation=data["evaluation"], source=data["source"], viewpoint=data["viewpoint"], evidence=tuple(data["evidence"]),
        **_verification(data.get("verification")),
    )  # fmt: skip


def _verification(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was known of a problem's verification when it was raised, and its rule."""
    if given is None:
        return {}
    names = ("confirmed", "denied", "parties")
    return {**{n: tuple(given[n]) for n in names}, "needed": int(given["needed"])}


def _days(kind: Mapping[str, Any]) -> int | None:
    return None if kind.get("days") is None else int(kind["days"])


def after(problem: Problem, act: Act) -> Problem:
    """A problem after an act that was allowed."""
    data = act.data
    moved = replace(problem, state=_LEADS_TO.get(act.name, problem.state), acts=(*problem.acts, act))
    if act.name in _WORK and act.actor not in moved.hands:
        moved = replace(moved, hands=(*moved.hands, act.actor))
    match act.name:
        case "verify":
            return _verified(moved, data["party"], agrees=data["agrees"])
        case "classify":
            kind = data["type"]
            return replace(
                moved, type=kind["name"], problem_class=int(kind["class"]), authority=kind["authority"],
                urgency=kind["urgency"], days=_days(kind),
            )  # fmt: skip
        case "informal":
            return replace(moved, told_informally=True)
        case "withdraw":
            return replace(moved, reason=data["reason"])
        case "formal":
            deadline = act.on + timedelta(days=problem.days) if problem.days is not None else None
            return replace(moved, told_on=act.on, deadline=deadline if problem.problem_class != 3 else None)
        case "apply":
            return replace(moved, applied_on=act.on, evidence=(*problem.evidence, *data["evidence"]))
        case "extend":
            return replace(moved, deadline=date.fromisoformat(data["until"]))
    return moved


def _verified(problem: Problem, party: str, *, agrees: bool) -> Problem:
    confirmed = tuple(p for p in problem.confirmed if p != party)
    denied = tuple(p for p in problem.denied if p != party)
    return replace(problem, confirmed=(*confirmed, party), denied=denied) if agrees else replace(problem, confirmed=confirmed, denied=(*denied, party))


def refusal(problem: Problem, act: Act) -> Diagnostic | None:
    """Why an act is not allowed on a problem, if it is not."""
    number = str(problem.number)
    if problem.state not in _ALLOWED[act.name]:
        return _refuse("E781", number=number, **facts(state=problem.state, act=act.name))
    if act.on < problem.last_day:
        return _refuse("E787", number=number, date=act.on.isoformat(), last=problem.last_day.isoformat())
    match act.name:
        case "classify" if act.data["type"]["class"] == "1" and act.data["type"]["days"] is None:
            return _refuse("E782", number=number)
        case "formal" if problem.problem_class == 0:
            return _refuse("E786", number=number)
        case "formal" if problem.problem_class == 1 and problem.days is None:
            return _refuse("E782", number=number)
        case "formal" if problem.verification != "verified":
            return _refuse("E785", number=number, **facts(status=problem.verification), count=str(len(problem.confirmed)))
        case "apply" if not act.data["evidence"]:
            return _refuse("E784", number=number)
        case "write_off" | "return" if same_person(act.actor, problem.hands):
            return _refuse("E783", number=number, name=act.actor)
        case "extend" if problem.deadline is None or date.fromisoformat(act.data["until"]) <= problem.deadline:
            shown = problem.deadline.isoformat() if problem.deadline is not None else ""
            return _refuse("E790", number=number, **({"deadline": shown} if shown else {}))
    return None


def same_person(name: str, others: Iterable[str]) -> bool:
    """Whether a sign-in name is one of others, capitals and small letters alike."""
    return name.strip().casefold() in {o.strip().casefold() for o in others}


def _refuse(code: str, /, **told: str) -> Diagnostic:
    return Diagnostic(code, (), told, source="ledger")


def raised(result: Result) -> list[dict[str, Any]]:
    """What a result raises: its deductions, told by the findings at the same indicator, and every
    finding where no points were lost."""
    statuses = list(finding_statuses(result.ruleset, result.unit))
    lost = deductions(result)
    at = {d["indicator"] for d in lost}
    told = [_told_by(d, [s for s in statuses if s.finding.code == d["indicator"]], result.ruleset) for d in lost]
    for status in (s for s in statuses if s.finding.code not in at):
        finding = status.finding
        body = {"indicator": finding.code, "description": finding.text, "lost": "", "type": None}
        told.append(_told_by(body, [status], result.ruleset))
    return told


def _told_by(body: dict[str, Any], statuses: Sequence[FindingStatus], ruleset: Ruleset) -> dict[str, Any]:
    """A problem with what findings tell of it; a party confirms it that confirms every one of them."""
    parties, needed = rule_of(ruleset, body["indicator"])
    findings = [s.finding for s in statuses]
    denied = [p for p in PARTIES if any(p in f.disputed for f in findings)]
    confirmed = [p for p in PARTIES if findings and all(p in f.confirmed for f in findings) and p not in denied]
    more = {
        "description": "；".join(f.text for f in findings) or body["description"],
        "source": "、".join(dict.fromkeys(s for f in findings for s in f.sources)),
        "evidence": list(dict.fromkeys(e for f in findings for e in f.evidence)),
        "verification": {"confirmed": confirmed, "denied": denied, "parties": list(parties), "needed": str(needed)},
    }
    return {**body, **more}


def deductions(result: Result) -> list[dict[str, Any]]:
    """What a result's lost points raise: one problem for each type that an indicator names,
    or one without a type where it names none.  Parents repeat their children and raise nothing."""
    ruleset = result.ruleset
    found = []
    for indicator in ruleset.leaves:
        record = result.indicators[indicator.code]
        if record.score is None or record.score >= record.points:
            continue
        lost = exact_text(record.points - record.score)
        found += _deductions(ruleset, indicator, lost)
    for adjustment, done in zip(ruleset.adjustments, result.adjustments, strict=True):
        if adjustment.kind == "extra" and done.applies and done.amount:
            found += _deductions(ruleset, adjustment.indicator, exact_text(done.amount))
    return found


def _deductions(ruleset: Ruleset, indicator: Indicator, lost: str) -> list[dict[str, Any]]:
    about = {"indicator": indicator.code, "description": indicator.name, "lost": lost}
    return [{**about, "type": type_data(ruleset, name)} for name in indicator.problems] or [{**about, "type": None}]


def type_data(ruleset: Ruleset, name: str) -> dict[str, Any]:
    """A declared problem type as it is kept with a problem."""
    kind = next(t for t in ruleset.problem_types if t.name == name)
    days = None if kind.days is None else str(kind.days)
    return {"name": kind.name, "class": str(kind.problem_class), "authority": kind.authority, "urgency": kind.urgency, "days": days}


@frozen
class Feedback:
    """How the formal feedback to a unit differs from the informal: problem numbers."""

    informal: tuple[int, ...]
    formal: tuple[int, ...]
    withdrawn: tuple[int, ...]
    added: tuple[int, ...]
    pending: tuple[int, ...]


def feedback_of(problems: Sequence[Problem]) -> Feedback:
    """The two rounds of a unit's problems held against each other."""
    informal = tuple(p.number for p in problems if p.told_informally)
    formal = tuple(p.number for p in problems if p.told_on is not None)
    withdrawn = tuple(p.number for p in problems if p.told_informally and p.state == "withdrawn")
    added = tuple(n for n in formal if n not in informal)
    return Feedback(informal, formal, withdrawn, added, tuple(n for n in informal if n not in formal and n not in withdrawn))


def written_off_rate(problems: Iterable[Problem]) -> tuple[int, int]:
    """How many problems are written off, of all that were not withdrawn."""
    standing = [p for p in problems if p.state != "withdrawn"]
    return sum(p.state == "written_off" for p in standing), len(standing)
