"""Evidence: which rules are met by what was handed in, and what short evidence does."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ..dsl.model import DocumentPresent, EvidenceRule, Expression, Indicator
from ..dsl.numbers import Exact
from ..dsl.operations import READINGS
from ..dsl.operations.choices import document_keys
from ..dsl.operations.dates import whole_months
from ..dsl.operations.readings import Unknown
from ..dsl.ranges import Range
from .record import EvidenceStatus
from .unit import EvidenceItem, UnitData


def status(rule: EvidenceRule, unit: UnitData) -> EvidenceStatus:
    """How far one rule is met."""
    if unit.evidence is None:
        return EvidenceStatus(rule.need == "if_present", rule.kinds, known=False)
    if not unit.evidence:
        return EvidenceStatus(rule.need == "if_present", rule.kinds)
    problems: list[tuple[str, str]] = []
    missing: list[str] = []
    used: list[str] = []
    for kind in rule.kinds:
        items = [e for e in unit.evidence if e.kind == kind]
        good = [e for e in items if not _problem(rule, e, unit.as_of)]
        problems += [(e.title or e.kind, _problem(rule, e, unit.as_of)) for e in items if e not in good]
        copies = sum(e.copies for e in good)
        if copies >= rule.copies:
            used.append(kind)
        else:
            missing.append(kind)
            if good:
                problems.append((kind, "copies"))
    met = {"all": not missing, "any": bool(used), "if_present": not problems}[rule.need]
    return EvidenceStatus(met, tuple(missing), tuple(problems), tuple(used))


def documents_of(indicator: Indicator) -> dict[str, tuple[str, EvidenceRule | None]]:
    """The documents that a standard itself asks for: key -> kind, and what makes one good."""
    found: dict[str, tuple[str, EvidenceRule | None]] = {}
    pending: list[Expression] = [s.expression for s in reversed(indicator.steps)]
    while pending:
        node = pending.pop()
        pending += reversed(READINGS.operands(node))
        if isinstance(node, DocumentPresent):
            found |= {key: (kind, node.rule) for key, kind in zip(document_keys(node), node.kinds, strict=True)}
    return found


def is_good(rule: EvidenceRule, kind: str, unit: UnitData) -> bool:
    """Whether enough copies of a kind were handed in that count by a rule."""
    items = [e for e in unit.evidence or () if e.kind == kind]
    return sum(e.copies for e in items if not _problem(rule, e, unit.as_of)) >= rule.copies


def _problem(rule: EvidenceRule, item: EvidenceItem, as_of: date) -> str:
    """Why an item does not count, or nothing."""
    dated = rule.valid_from is not None or rule.within_months is not None or rule.within_days is not None
    if dated and item.issued_on is None:
        return "undated"
    if item.issued_on is not None:
        if rule.valid_from is not None and item.issued_on < rule.valid_from:
            return "too_old"
        if rule.valid_to is not None and item.issued_on > rule.valid_to:
            return "too_new"
        if rule.within_months is not None and whole_months(item.issued_on, as_of) >= rule.within_months and not _on_the_day(
            item.issued_on, as_of, rule.within_months
        ):
            return "too_old"
        if rule.within_days is not None and (as_of - item.issued_on).days > rule.within_days:
            return "too_old"
    if rule.issued_by is not None and item.issued_by != rule.issued_by:
        return "other_issuer"
    return ""


def _on_the_day(issued: date, as_of: date, months: int) -> bool:
    return whole_months(issued, as_of) == months and whole_months(issued, as_of - timedelta(days=1)) < months


def limit(indicator: Indicator, found: tuple[EvidenceStatus, ...]) -> Any:
    """The most that evidence lets an indicator score: a number, or not known while pending."""
    most: Exact = indicator.points
    pending: set[str] = set()
    for rule, one in zip(indicator.evidence, found, strict=True):
        if one.met:
            continue
        match rule.effect.kind:
            case "zero" | "ceiling":
                if one.known:
                    most = min(most, rule.effect.share * indicator.points)
                else:
                    pending |= {f"document.{k}" for k in one.missing}
            case "pending":
                pending |= {f"document.{k}" for k in one.missing}
    if pending and most > 0:
        return Unknown(frozenset(pending), Range(0, most, grain="some", tight=False), "pending")
    return most
