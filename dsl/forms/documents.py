"""Forms over documents (F03), and what a document must meet to count: copies, validity, issuer."""

from __future__ import annotations

from dataclasses import replace

from ..describe import read_date
from ..diagnostics import Place
from ..expressions import Scope, name_of
from ..model import Choose, DocumentPresent, EvidenceEffect, EvidenceRule, Expression, Type
from ..numbers import read_decimal
from ..syntax import Line, Node, Word
from ..units import PLAIN
from .lowering import ZERO, Form, FormContext, Lowered, minus, number, over, plus, read_percent, read_points, times


def documents(context: FormContext) -> Lowered | None:
    """F03: full points less the penalty of every document that is missing."""
    penalties: list[Expression] = []
    for row in context.rows:
        present = _present(context, row)
        amount = row.node.parts[-1]
        if present is None:
            continue
        if not isinstance(amount, Node) or amount.kind != "points":
            context.report("E614", row)
            continue
        step = Choose(((present, ZERO),), number(read_points(amount)))
        penalties.append(context.add(f"deduction{len(penalties) + 1}", step, label=" / ".join(present.kinds)))
    total = context.add("deduction", plus(penalties))
    context.add("score", minus(context.full(), total))
    return Lowered(tuple(context.steps), 0, "documents", {})


def document_share(context: FormContext) -> Lowered | None:
    """F03: full points times the share of the documents that are there."""
    there: list[Expression] = []
    for row in context.rows:
        present = _present(context, row)
        if present is None:
            continue
        if isinstance(row.node.parts[-1], Node) and row.node.parts[-1].kind == "points":
            context.report("E615", row)
            continue
        step = Choose(((present, number(1)),), ZERO)
        there.append(context.add(f"present{len(there) + 1}", step, Type("number", PLAIN, True), label=" / ".join(present.kinds)))
    count = context.add("present", plus(there), Type("number", PLAIN, True))
    context.add("score", times(context.full(), over(count, number(max(1, len(there))))))
    return Lowered(tuple(context.steps), 0, "documents", {})


def _present(context: FormContext, row: Line) -> DocumentPresent | None:
    """Whether one of the documents that a row names is there and good, as the row asks."""
    any_of, names, *rest = row.node.parts
    assert isinstance(names, Node)
    kinds = tuple(name_of(p) for p in names.parts)
    if len(kinds) > 1 and not isinstance(any_of, Word):
        context.report("E609", row, names, names=kinds)
        return None
    clauses = [p for p in rest if isinstance(p, Node) and p.kind != "points"]
    if not clauses:
        return DocumentPresent(kinds)
    rule = EvidenceRule(kinds, "any", EvidenceEffect("notice"), context.on_line(row).place(names))
    for clause in clauses:
        changed = read_clause(context.reader.scope, row, rule, clause)
        if changed is None:
            return None
        rule = changed
    return DocumentPresent(kinds, rule, row.text[clauses[0].start : clauses[-1].end])


def read_clause(scope: Scope, line: Line, rule: EvidenceRule, clause: Node) -> EvidenceRule | None:
    """``rule`` with what one clause asks, such as ``近12个月``; ``None`` after a mistake."""
    words = list(clause.words())
    match clause.kind:
        case "issued_by":
            return replace(rule, issued_by=name_of(clause.parts[1]))
        case "if_missing":
            effect = clause.parts[1]
            assert isinstance(effect, Node)
            return replace(rule, effect=read_effect(effect))
        case "copies" | "valid_within":
            count = read_decimal(words[1].text)
            if count.denominator != 1:
                scope.report("E509", Place(line.number, words[1].start, words[1].end))
                return None
            field = "copies" if clause.kind == "copies" else "within_months" if words[2].kind == "MONTHS" else "within_days"
            return replace(rule, **{field: int(count)})  # type: ignore[arg-type]
    return _between(scope, line, rule, [w for w in words if w.kind == "DATE"])


def _between(scope: Scope, line: Line, rule: EvidenceRule, words: list[Word]) -> EvidenceRule | None:
    first, last = (read_date(w.text) for w in words)
    if first is None or last is None:
        odd = words[0] if first is None else words[1]
        scope.report("E113", Place(line.number, odd.start, odd.end), text=odd.text)
        return None
    if first > last:
        scope.report("E405", Place(line.number, words[0].start, words[1].end))
        return None
    return replace(rule, valid_from=first, valid_to=last)


def read_effect(node: Node) -> EvidenceEffect:
    """What short evidence does to a score."""
    kinds = {"NOTICE": "notice", "NO_MARKS": "zero", "PENDING": "pending", "AT_MOST_SHARE": "ceiling"}
    word = node.parts[0]
    assert isinstance(word, Word)
    kind = kinds[word.kind]
    share = read_percent(node.parts[1]) if kind == "ceiling" else (0 if kind == "zero" else 1)
    return EvidenceEffect(kind, share)  # type: ignore[arg-type]


FORMS = (
    Form("DOCUMENTS", "F03", documents, "none", rows="required"),
    Form("DOCUMENT_SHARE", "F03", document_share, "none", rows="required"),
)
