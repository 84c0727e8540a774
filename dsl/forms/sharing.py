"""The form over shares of a whole: how people spread over bands (F24), in its three readings."""

from __future__ import annotations

from ..expressions import PERCENT_POINTS, Typed
from ..model import Arithmetic, Choose, Compare, Expression, Extremum, Outcome, Type
from ..numbers import Exact, divide, exact_text
from ..ranges import Range
from ..syntax import Line, Node, Word
from .lowering import (
    ZERO,
    Form,
    FormContext,
    Lowered,
    capped,
    greatest,
    measure,
    minus,
    number,
    over,
    plus,
    quantity,
    read_interval,
    read_percent,
    read_step_row,
    row_pattern,
    steps_of,
    times,
)

SHARE = Type("number", share="percent")
RATIO = Type("number", share="ratio")
_RULES = {"BY_FACTOR": "factor", "BY_TARGET": "share_steps", "BY_CLOSENESS": "target_share"}


def distribution(context: FormContext) -> Lowered | None:
    """F24: coefficients, target shares, or closeness to target shares; always written which."""
    method = context.field_node("method")
    word = method.parts[1] if method is not None else None
    if not isinstance(word, Word) or word.kind not in _RULES:
        context.report("E603", context.rows[0] if context.rows else None)
        return None
    counts = _counts(context)
    if counts is None:
        return None
    total = _total(context, counts)
    if total is None:
        return None
    shares: list[Expression] = [
        context.add(f"part{i}", over(count.expression, total), SHARE, label=_label(row))
        for i, (count, row) in enumerate(counts, 1)
    ]
    wrong = next((r for r in context.rows if _rule(r).kind != _RULES[word.kind]), None)
    if wrong is not None:
        context.report("E623", wrong, None, method=word.text)
        return None
    match word.kind:
        case "BY_FACTOR":
            return _by_factor(context, shares)
        case "BY_TARGET":
            return _by_target(context, shares)
    return _by_closeness(context, shares)


def _rule(row: Line) -> Node:
    rule = row.node.parts[1]
    assert isinstance(rule, Node)
    return rule


def _label(row: Line) -> str:
    node = row.node.parts[0]
    assert isinstance(node, Node)
    return row.text[node.start : node.end].strip()


def _counts(context: FormContext) -> list[tuple[Typed, Line]] | None:
    counts: list[tuple[Typed, Line]] = []
    for row in context.rows:
        reader = context.on_line(row)
        typed = reader.number(row.node.parts[0])
        if typed is None:
            return None
        reading = reader.range_of(typed.expression)
        if not isinstance(reading, Range) or reading.low is None or reading.low < 0:
            reader.fail("E518", typed, text=_label(row))
            return None
        counts.append((typed, row))
    return counts


def _total(context: FormContext, counts: list[tuple[Typed, Line]]) -> Expression | None:
    """The number that shares are of: all bands together, or a written total."""
    node = context.field_node("total_of")
    if node is None:
        context.report("E604")
        return None
    own = plus([c.expression for c, _ in counts])
    written = node.parts[1]
    kind = counts[0][0].type
    first = counts[0][0]
    if isinstance(written, Word):
        total: Expression = context.add("total", own, kind)
        context.on_line(context.rows[0])._note_divisor(own, first)
        return total
    typed = context.read_field("total_of")
    if typed is None or typed.type.kind != "number":
        return None
    reader = context.on_line(context.fields["total_of"].line)
    total = context.add("total", typed.expression, typed.type)
    reader._note_divisor(typed.expression, typed)
    too_many = Compare(">", own, total), Outcome("error", "E732")
    context.add("outside", Choose((too_many,), minus(total, own)), kind)
    return total


def _by_factor(context: FormContext, shares: list[Expression]) -> Lowered:
    """Full points times the sum of share times coefficient."""
    terms: list[Expression] = []
    best: Exact = 0
    for share, row in zip(shares, context.rows, strict=True):
        word = _rule(row).parts[1]
        assert isinstance(word, Word)
        found = quantity(Node("quantity", (None, word, None)))
        assert found is not None
        if found[0] > 1:
            context.report("E315", row, _rule(row), found=exact_text(found[0]))
        best = max(best, found[0])
        terms.append(times(share, number(found[0])))
    weighted = context.add("weighted", plus(terms), RATIO)
    context.add("score", times(context.full(), weighted))
    return Lowered(tuple(context.steps), 0, "distribution", {})


def _by_target(context: FormContext, shares: list[Expression]) -> Lowered | None:
    """Full points less the deductions of every band whose share misses its own target."""
    losses: list[Expression] = []
    for position, (share, row) in enumerate(zip(shares, context.rows, strict=True), 1):
        interval_node, step, amount, *clauses = _rule(row).parts
        assert isinstance(interval_node, Node)
        interval = read_interval(context, row, interval_node, SHARE)
        steps_row = read_step_row(row, Node("step_row", (None, step, amount, *clauses), row.node.start, row.node.end))
        bound = None if interval is None else (interval.low if steps_row.direction == "SHORT_EACH" else interval.high)
        if interval is None or bound is None or steps_row.verb != "DEDUCT" or steps_row.direction == "EACH":
            if interval is not None:
                context.report("E616", row, None, wanted=row_pattern(context, "SHORT_EACH", "DEDUCT"))
            return None
        apart = minus(measure(bound, SHARE), share) if steps_row.direction == "SHORT_EACH" else minus(share, measure(bound, SHARE))
        away = context.add(f"shortfall{position}", greatest(ZERO, apart), PERCENT_POINTS)
        steps = steps_of(context, steps_row, away, SHARE)
        if steps is None:
            return None
        loss = capped(times(steps, number(steps_row.amount)), steps_row.cap)
        losses.append(context.add(f"deduction{position}", loss))
    context.add("score", minus(context.full(), plus(losses)))
    return Lowered(tuple(context.steps), 0, "distribution", {})


def _by_closeness(context: FormContext, shares: list[Expression]) -> Lowered | None:
    """P·(1 − ½ Σ|share − target|)."""
    targets = [read_percent(_rule(row).parts[1]) for row in context.rows]
    if sum(targets) != 1:
        context.report("E313", context.rows[-1], None, sum=exact_text(sum(targets) * 100))
        return None
    apart: list[Expression] = []
    for share, target in zip(shares, targets, strict=True):
        difference = minus(share, measure(target, SHARE))
        apart.append(Extremum("max", (difference, minus(measure(target, SHARE), share))))
    distance = context.add("distance", times(number(divide(1, 2)), plus(apart)), RATIO)
    context.add("score", times(context.full(), Arithmetic("-", number(1), distance)))
    return Lowered(tuple(context.steps), 0, "distribution", {})


FORMS = (
    Form(
        "DISTRIBUTION", "F24", distribution, "none", frozenset({"method", "total_of"}), rows="required"
    ),
)
