"""Forms that count steps: deductions, earnings, distance from a target, tiers."""

from __future__ import annotations

from typing import Literal

from ..expressions import Typed
from ..keywords import word
from ..model import Band, Bands, Expression, Interval, Ref, Type
from ..ranges import Range
from ..syntax import Node, Word
from .bands import check_tiling, show_interval
from .lowering import (
    ZERO,
    Form,
    FormContext,
    Lowered,
    StepRow,
    apart,
    capped,
    greatest,
    least,
    measure,
    minus,
    number,
    plus,
    read_interval,
    read_points,
    read_step_row,
    row_pattern,
    steps_of,
    times,
)


def deduct_each(context: FormContext) -> Lowered | None:
    """F04, F05: full points less so much for each, down to none; each trigger with its own cap."""
    terms = _counted(context, "DEDUCT", "deduction")
    if terms is None:
        return None
    total = context.add("deduction", plus(terms)) if len(terms) > 1 else terms[0]
    context.add("score", minus(context.full(), total))
    return Lowered(tuple(context.steps), 0, "no_occurrence", {})


def earn_each(context: FormContext) -> Lowered | None:
    """F13: so much for each, up to full points."""
    terms = _counted(context, "EARN", "earned")
    if terms is None:
        return None
    total = context.add("earned", plus(terms)) if len(terms) > 1 else terms[0]
    context.add("score", total)
    return Lowered(tuple(context.steps), 0, "earn", {})


def _counted(context: FormContext, verb: str, name: str) -> list[Expression] | None:
    """One step a row: how many, times how much, at most so much."""
    terms: list[Expression] = []
    failed = False
    value: Ref | None = None
    for number_of_row, line in enumerate(context.rows, 1):
        row = read_step_row(line, line.node)
        if row.direction != "EACH" or row.verb != verb:
            context.report("E616", line, None, wanted=row_pattern(context, "EACH", verb))
            failed = True
            continue
        counted = context.on_line(line).number(row.expression) if row.expression else context.value
        if counted is None:
            if row.expression is None and "value" not in context.fields and not failed:
                context.report("E210", line, None, missing=word("VALUE", context.reader.scope.language))
            failed = True
            continue
        if row.expression is None and value is None:
            value = context.add("value", counted.expression, counted.type)
        amount: Expression = value if row.expression is None and value is not None else counted.expression
        if not _never_negative(context, row, counted):
            failed = True
            continue
        steps = steps_of(context, row, amount, counted.type)
        if steps is None:
            failed = True
            continue
        label = line.text[row.expression.start : row.expression.end].strip() if row.expression else ""
        suffix = str(number_of_row) if len(context.rows) > 1 else ""
        term = capped(times(steps, number(row.amount)), row.cap)
        terms.append(context.add(f"{name}{suffix}", term, label=label))
    return None if failed or not terms else terms


def _never_negative(context: FormContext, row: StepRow, counted: Typed) -> bool:
    reading = context.reader.range_of(counted.expression)
    if isinstance(reading, Range) and reading.low is not None and reading.low >= 0:
        return True
    context.report("E518", row.line, row.expression)
    return False


def target_deduct(context: FormContext) -> Lowered | None:
    """F06, F11, F23: full points inside the target, and so much less (or more) for each step outside."""
    assert context.value is not None
    kind = context.value.type
    meets = context.fields["meets"].line
    interval = read_interval(context, meets, _interval_node(meets.node), kind)
    rows = [read_step_row(line, line.node) for line in context.rows]
    by_side: dict[str, StepRow] = {}
    for written in rows:
        by_side.setdefault(written.direction, written)
    if interval is None or not _sides_written(context, rows, by_side, interval):
        return None
    value = context.add("value", context.value.expression, kind)
    base_node = context.field_node("base_points")
    base = read_points(base_node.parts[1]) if base_node is not None else context.points
    gains: list[Expression] = []
    losses: list[Expression] = []
    sides: tuple[tuple[Literal["SHORT_EACH", "OVER_EACH"], str, Expression | None], ...] = (
        ("SHORT_EACH", "shortfall", None if interval.low is None else minus(measure(interval.low, kind), value)),
        ("OVER_EACH", "excess", None if interval.high is None else minus(value, measure(interval.high, kind))),
    )
    for direction, name, distance in sides:
        row = by_side.get(direction)
        if row is None or distance is None:
            continue
        away = context.add(name, greatest(ZERO, distance), apart(kind))
        steps = steps_of(context, row, away, kind)
        if steps is None:
            return None
        change = capped(times(steps, number(row.amount)), row.cap)
        change_name = ("deduction" if row.verb == "DEDUCT" else "addition") + ("_above" if direction == "OVER_EACH" else "")
        (losses if row.verb == "DEDUCT" else gains).append(context.add(change_name, change))
    result: Expression = plus([number(base), *gains])
    for loss in losses:
        result = minus(result, loss)
    context.add("score", result)
    return Lowered(tuple(context.steps), 0, "interval", {"interval": show_interval(interval, kind, context.reader.scope.language)})


def _interval_node(node: Node) -> Node:
    found = node.parts[1]
    assert isinstance(found, Node)
    return found


def _sides_written(
    context: FormContext, rows: list[StepRow], by_side: dict[str, StepRow], interval: Interval
) -> bool:
    """Whether the rows say what happens on each side that the value can reach."""
    assert context.value is not None
    fine = True
    language = context.reader.scope.language
    for row in rows:
        if row.direction == "EACH" or row.expression is not None or row.verb == "EARN":
            context.report("E616", row.line, None, wanted=row_pattern(context, "SHORT_EACH", "DEDUCT"))
            fine = False
        elif by_side[row.direction] is not row:
            context.report("E209", row.line, None, name=word(row.direction, language), line=str(by_side[row.direction].line.number))
            fine = False
    reading = context.reader.range_of(context.value.expression)
    domain = reading if isinstance(reading, Range) else Range()
    for side, bound, beyond in (
        ("SHORT_EACH", interval.low, Interval(None, False, interval.low, not interval.low_included)),
        ("OVER_EACH", interval.high, Interval(interval.high, not interval.high_included)),
    ):
        if bound is None and side in by_side:
            context.report("E618", by_side[side].line, None, side=word(side, language))
            fine = False
        elif bound is not None and side not in by_side and domain.meets(beyond):
            context.report("E612", context.fields["meets"].line, None, side=word(side, language), add=row_pattern(context, side, "DEDUCT"))
            fine = False
    return fine


def tiers(context: FormContext) -> Lowered | None:
    """F14: so much for each within its tier (累进), or all at the rate of the tier reached (全额)."""
    assert context.value is not None
    kind = context.value.type
    method = context.field_node("method")
    chosen = method.parts[1] if method is not None else None
    if not isinstance(chosen, Word) or chosen.kind not in ("MARGINAL", "ALL_AT_RATE"):
        context.report("E605")
        return None
    value = context.add("value", context.value.expression, kind)
    found: list[tuple[Interval, StepRow]] = []
    for line in context.rows:
        row = read_step_row(line, _tier_as_step(line.node))
        interval = read_interval(context, line, _interval_node(Node("", (None, line.node.parts[0]))), kind)
        if interval is None:
            return None
        found.append((interval, row))
    reading = context.reader.range_of(context.value.expression)
    domain = reading if isinstance(reading, Range) else Range(0)
    if domain.low is None or domain.low < 0:
        context.report("E518", context.rows[0])
        return None
    if not check_tiling(context, [i for i, _ in found], list(context.rows), domain, kind):
        return None
    terms: list[Expression] = []
    bands: list[Band] = []
    for position, (interval, row) in enumerate(sorted(found, key=lambda f: f[0].low or 0), 1):
        share = value if chosen.kind == "ALL_AT_RATE" else _portion(interval, value, kind)
        steps = steps_of(context, row, share, kind)
        if steps is None:
            return None
        worth = times(steps, number(row.amount))
        if chosen.kind == "MARGINAL":
            terms.append(context.add(f"earned{position}", worth))
        bands.append(Band(interval, worth, show_interval(interval, kind)))
    earned = context.add("earned", plus(terms) if chosen.kind == "MARGINAL" else Bands(value, tuple(bands)))
    context.add("score", least(context.full(), earned))
    return Lowered(tuple(context.steps), 0, "earn", {})


def _tier_as_step(node: Node) -> Node:
    """A tier row's right side in the shape of a step row."""
    interval, step, verb, points, *clauses = node.parts
    assert isinstance(interval, Node)
    amount = Node("step_amount", (verb, points), node.start, node.end)
    return Node("step_row", (None, step, amount, *clauses), node.start, node.end)


def _portion(interval: Interval, value: Expression, kind: Type) -> Expression:
    """How much of the value lies in a tier; whole things are counted one by one."""
    low = interval.low or 0
    if kind.whole and interval.low is not None and interval.low_included and low > 0:
        low -= 1
    high = interval.high
    if kind.whole and high is not None and not interval.high_included:
        high -= 1
    upto = value if high is None else least(value, number(high))
    return greatest(ZERO, minus(upto, number(low)))


FORMS = (
    Form("DEDUCT_EACH", "F04 F05", deduct_each, "maybe", rows="required"),
    Form("EARN_EACH", "F13", earn_each, "maybe", rows="required"),
    Form("TARGET_DEDUCT", "F06 F11 F23", target_deduct, "number", frozenset({"meets", "base_points"}), frozenset({"meets"}), rows="required"),
    Form("TIERS", "F14", tiers, "number", frozenset({"method"}), rows="required"),
)
