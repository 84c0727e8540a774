"""Interviews held, findings verified by parties, matters from several sources: what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from ..dsl.frozen import frozen
from ..dsl.model import Aggregate, Column, DataItem, Derived, Expression, Indicator, InterviewRule, Ref, Ruleset, VerifyRule
from ..dsl.operations import READINGS
from .record import Result
from .unit import Finding, Interview, Party, UnitData

Verification = Literal["unverified", "partly", "verified", "disputed"]
PARTIES: tuple[Party, ...] = ("unit", "approving_body", "recipients")
#: How many parties must confirm where no rule says.
PARTIES_NEEDED = 2


def verification_of(confirmed: Sequence[str], denied: Sequence[str], parties: Sequence[str] = PARTIES, needed: int = PARTIES_NEEDED) -> Verification:
    """Where a finding stands; a party that the rule does not name counts for nothing."""
    if any(p in parties for p in denied):
        return "disputed"
    agreed = sum(p in parties for p in confirmed)
    return "verified" if agreed >= needed else "partly" if agreed else "unverified"


@frozen
class FindingStatus:
    """A finding with its indicator's rule, and what the parties' word makes of it."""

    finding: Finding
    indicator: Indicator | None
    parties: tuple[str, ...]
    needed: int
    status: Verification

    @property
    def enters_formal_feedback(self) -> bool:
        return self.status == "verified"


def rule_of(ruleset: Ruleset, code: str) -> tuple[tuple[str, ...], int]:
    """The parties that confirm findings at an indicator and how many must: its own rule, or any two of three."""
    indicator = ruleset.by_code.get(code)
    rule: VerifyRule | None = indicator.verify if indicator is not None else None
    return (PARTIES, PARTIES_NEEDED) if rule is None else (rule.parties, rule.at_least)


def finding_statuses(ruleset: Ruleset, unit: UnitData) -> Iterator[FindingStatus]:
    """Every finding once: those about one matter at one indicator are one, with all their sources and parties."""
    joined: dict[tuple[str, str], Finding] = {}
    for number, finding in enumerate(unit.findings):
        key = (finding.code, finding.matter or f"#{number}")
        before = joined.get(key)
        joined[key] = finding if before is None else _together(before, finding)
    for finding in joined.values():
        parties, needed = rule_of(ruleset, finding.code)
        status = verification_of(finding.confirmed, finding.disputed, parties, needed)
        yield FindingStatus(finding, ruleset.by_code.get(finding.code), parties, needed, status)


def _together(first: Finding, second: Finding) -> Finding:
    def both(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys((*a, *b)))

    disputed = both(first.disputed, second.disputed)
    confirmed = tuple(p for p in both(first.confirmed, second.confirmed) if p not in disputed)
    return Finding(
        first.text, first.code, both(first.sources, second.sources), first.matter, confirmed, disputed, both(first.evidence, second.evidence)
    )


# ---- interviews ----------------------------------------------------------------------------


@frozen
class Coverage:
    """What an indicator asks for in interviews, and what there is."""

    indicator: Indicator
    rule: InterviewRule
    count: int

    @property
    def short(self) -> bool:
        return self.count < self.rule.at_least


def coverage(ruleset: Ruleset, unit: UnitData) -> Iterator[Coverage]:
    """Every rule about interviews with the person-times that count for it."""
    for indicator in ruleset.by_code.values():
        for rule in indicator.interviews:
            yield Coverage(indicator, rule, sum(i.count for i in unit.interviews or () if _counts(i, rule, indicator)))


def _counts(interview: Interview, rule: InterviewRule, indicator: Indicator) -> bool:
    """Whether an interview is of a rank asked for and about the indicator, or one above it."""
    above = (indicator.code, indicator.code.split(".")[0], indicator.code[:1], indicator.parent or "")
    return interview.rank in rule.ranks and any(c in above for c in interview.codes)


def interviews_by_rank(unit: UnitData) -> Mapping[str, int]:
    """Person-times by rank, in the order in which ranks first occur."""
    found: dict[str, int] = {}
    for interview in unit.interviews or ():
        found[interview.rank] = found.get(interview.rank, 0) + interview.count
    return found


# ---- matters from several sources -------------------------------------------------------------


def shared_matters(indicator: Indicator, result: Result) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Matters that an indicator counts once although several sources name them."""
    named: dict[str, dict[str, None]] = {}
    for count in _matter_counts(indicator, result.ruleset):
        item = result.ruleset.by_key.get(getattr(count.source, "key", ""))
        rows = result.values.get(item.key) if isinstance(item, DataItem) else None
        if isinstance(item, DataItem) and isinstance(rows, tuple) and count.matter is not None:
            for row in rows:
                named.setdefault(str(row[count.matter]), {})[_source(item, row)] = None
    yield from ((matter, tuple(sources)) for matter, sources in named.items() if len(sources) > 1)


def _matter_counts(indicator: Indicator, ruleset: Ruleset) -> Iterator[Aggregate]:
    """The counts of matters that an indicator rests on, in written order."""
    waiting: list[Expression] = [s.expression for s in reversed(indicator.steps)]
    opened: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, Aggregate) and node.kind == "matters":
            yield node
            continue
        waiting += reversed(READINGS.operands(node))
        item = ruleset.by_key.get(node.key) if isinstance(node, Ref) else None
        if isinstance(item, Derived) and item.key not in opened:
            opened.add(item.key)
            waiting.append(item.expression)


def _source(item: DataItem, row: Mapping[str, Any]) -> str:
    """Where a record comes from: the column that says so, else the source of its table, else its name."""
    column: Column | None = next((c for c in item.columns if c.names_source), None)
    value = row.get(f"column.{column.name}") if column is not None else None
    return value if isinstance(value, str) else item.source or item.name
