"""Forms that measure a value: in proportion, against a limit, in bands, on a line."""

from __future__ import annotations

from dataclasses import replace

from ..describe import enumerated, show_number
from ..expressions import Typed
from ..model import Band, Bands, Choose, Compare, Expression, Interpolate, Interval, Outcome, Ref, Type
from ..numbers import Exact, exact_text
from ..ranges import Range
from ..syntax import Line, Node, Part, Word
from .bands import check_tiling, show_interval
from .lowering import (
    ONE,
    ZERO,
    Form,
    FormContext,
    Lowered,
    greatest,
    least,
    minus,
    number,
    over,
    plus,
    read_amount,
    read_interval,
    read_measure,
    read_points,
    times,
)

RATIO = Type("number", share="ratio")
_PERCENT = Type("number", share="percent")


def proportional(context: FormContext) -> Lowered | None:
    """F07, F25, F37, F39: full points times the value, or times the value over a target."""
    assert context.value is not None
    if context.rows:
        context.report("E603", context.rows[0])
        return None
    value = context.add("value", context.value.expression, context.value.type)
    ratio = _against(context, context.value, value, "target")
    if ratio is None:
        return None
    reading = context.reader.range_of(_inlined(context, ratio))
    share: Expression = ratio
    can_exceed = not isinstance(reading, Range) or reading.high is None or reading.high > 1
    beyond = _answer(context, "beyond")
    if beyond in ("TWICE_ZERO", "INVERSE"):
        context.report("E619", context.fields["beyond"].line)
        return None
    if can_exceed and beyond is None:
        highest = reading.high if isinstance(reading, Range) else None
        shown = "" if highest is None else show_number(highest, _PERCENT, context.reader.scope.language)
        context.report("E602", None, None, highest=shown)
        return None
    if beyond == "AS_ERROR":
        share = Choose(((Compare(">", ratio, ONE), Outcome("error", "E721")),), ratio)
    elif can_exceed:
        share = least(ONE, ratio)
    if not isinstance(reading, Range) or reading.low is None or reading.low < 0:
        share = greatest(ZERO, share)
    held = context.add("share", share, RATIO) if share is not ratio else ratio
    context.add("score", times(context.full(), held))
    return Lowered(tuple(context.steps), 0, "full_share", {})


def _inlined(context: FormContext, expression: Expression) -> Expression:
    """An expression over this indicator's steps, with the first two steps written out."""
    from ..substitute import substitute

    return substitute(expression, {f"step.{s.name}": s.expression for s in context.steps})


def _against(context: FormContext, typed: Typed, value: Expression, field: str) -> Expression | None:
    """The value as a share: of its target if there is one, else of itself as a ratio."""
    target = context.read_field(field)
    if field in context.fields and target is None:
        return None
    if target is None:
        if typed.type.unit.is_plain and typed.type.share != "plain":
            return value
        context.report("E620", None, None, found=context.reader.describe(typed.type))
        return None
    reader = context.on_line(context.fields[field].line)
    alike = reader._alike(Typed(value, typed.type, typed.start, typed.end), target)
    if alike is None:
        return None
    left, right, _ = alike
    reader._note_divisor(right, target)
    return context.add("ratio", over(left, right), RATIO)


def _answer(context: FormContext, field: str) -> str | None:
    node = context.field_node(field)
    word = node.parts[1] if node is not None else None
    return word.kind if isinstance(word, Word) else None


def control(context: FormContext) -> Lowered | None:
    """F08: full points up to the limit, and less beyond it."""
    assert context.value is not None
    value = context.add("value", context.value.expression, context.value.type)
    ratio = _against(context, context.value, value, "limit")
    beyond = _answer(context, "beyond")
    if ratio is None:
        return None
    if beyond not in ("TWICE_ZERO", "INVERSE"):
        context.report("E621", None, None)
        return None
    if beyond == "TWICE_ZERO":
        share: Expression = greatest(ZERO, minus(number(2), ratio))
    else:
        share = over(ONE, ratio)
    held = context.add("share", Choose(((Compare("<=", ratio, ONE), ONE),), share), RATIO)
    context.add("score", times(context.full(), held))
    return Lowered(tuple(context.steps), 0, "within_limit", {})


def bands(context: FormContext) -> Lowered | None:
    """F09: the points of the one band that holds the value."""
    assert context.value is not None
    kind = context.value.type
    value = context.add("value", context.value.expression, kind)
    found: list[tuple[Interval, Exact]] = []
    for row in context.rows:
        interval_node, amount = row.node.parts
        assert isinstance(interval_node, Node)
        interval = read_interval(context, row, interval_node, kind)
        points = read_amount(amount, context.points)
        if interval is None:
            return None
        if points > context.points:
            context.report("E306", row, amount, points=exact_text(context.points), found=exact_text(points))
        found.append((interval, points))
    reading = context.reader.range_of(context.value.expression)
    domain = reading if isinstance(reading, Range) else Range()
    if not check_tiling(context, [i for i, _ in found], list(context.rows), domain, kind):
        return None
    language = context.reader.scope.language
    tiles = tuple(
        Band(i, number(p), show_interval(i, kind, language), context.on_line(row).place(row.node))
        for (i, p), row in zip(found, context.rows, strict=True)
    )
    context.add("score", Bands(value, tiles))
    best = [t.label for t, (_, p) in zip(tiles, found, strict=True) if p == context.points]
    return Lowered(tuple(context.steps), min(0, *(p for _, p in found)), "band", {"bands": enumerated(best, language)})


def interpolate(context: FormContext) -> Lowered | None:
    """F10: the straight line between written anchors, flat beyond the outer ones."""
    assert context.value is not None
    kind = context.value.type
    value = context.add("value", context.value.expression, kind)
    if any(_constant(row.node.parts[0]) is None for row in context.rows):
        return _between_values(context, value)
    anchors: dict[Exact, Exact] = {}
    for row in context.rows:
        where, points_node = row.node.parts
        at = read_measure(context, row, _constant(where), kind)
        points = read_points(points_node)
        if at is None:
            return None
        if at in anchors:
            context.report("E209", row, where, name=show_number(at, kind, context.reader.scope.language))
            return None
        if points > context.points:
            context.report("E306", row, points_node, points=exact_text(context.points), found=exact_text(points))
        anchors[at] = points
    if len(anchors) < 2:
        context.report("E622")
        return None
    context.add("score", Interpolate(value, tuple(sorted(anchors.items()))))
    language = context.reader.scope.language
    best = [show_number(a, kind, language) for a, p in sorted(anchors.items()) if p == context.points]
    return Lowered(tuple(context.steps), min(0, *anchors.values()), "anchor", {"anchors": enumerated(best, language)})


def _constant(part: Part) -> Node | None:
    """A written number or date as a quantity; ``None`` for anything that must be worked out."""
    assert isinstance(part, Node)
    if part.kind == "number":
        return Node("quantity", (None, *part.parts), part.start, part.end)
    if part.kind == "date":
        return Node("quantity", part.parts, part.start, part.end)
    if part.kind == "negative":
        sign, inner = part.parts
        if isinstance(inner, Node) and inner.kind == "number":
            return Node("quantity", (sign, *inner.parts), part.start, part.end)
    return None


def _between_values(context: FormContext, value: Expression) -> Lowered | None:
    """F10 with anchors that are worked out, such as the least and the greatest of the cohort.

    Anchors rise from row to row, or the data are in error; equal ones are zero divisors.
    """
    spots: list[tuple[Expression, Exact, Typed]] = []
    for row in context.rows:
        where, points_node = row.node.parts
        anchor = _anchor(context, row, where, value)
        points = read_points(points_node)
        if anchor is None:
            return None
        if points > context.points:
            context.report("E306", row, points_node, points=exact_text(context.points), found=exact_text(points))
        spots.append((anchor.expression, points, anchor))
    if len(spots) < 2:
        context.report("E622")
        return None
    spots, rising = _in_order(context, spots)
    segments: list[tuple[Expression, Expression]] = []
    disorder: list[tuple[Expression, Expression]] = []
    for (low, low_points, _), (high, high_points, written), row in zip(spots, spots[1:], context.rows[1:], strict=False):
        width = minus(high, low)
        context.divisors.append((width, context.on_line(row).place(written)))
        rise = times(over(minus(value, low), width), number(high_points - low_points))
        segments.append((Compare("<=", value, high), plus([number(low_points), rise])))
        if not rising:
            disorder.append((Compare(">", low, high), Outcome("error", "E897")))
    ends = ((Compare("<=", value, spots[0][0]), number(spots[0][1])), (Compare(">=", value, spots[-1][0]), number(spots[-1][1])))
    line = Choose((*ends, *segments[:-1]), segments[-1][1])
    context.add("score", Choose(tuple(disorder), line) if disorder else line)
    lowest = min(0, *(p for _, p, _ in spots))
    best = [row.text.strip() for row in context.rows if read_points(row.node.parts[1]) == context.points]
    return Lowered(tuple(context.steps), lowest, "anchor", {"anchors": enumerated(best, context.reader.scope.language)})


def _anchor(context: FormContext, row: Line, where: Part, value: Expression) -> Typed | None:
    """One anchor in the unit of the value."""
    assert context.value is not None
    reader = context.on_line(row)
    typed = reader.number(where)
    if typed is None:
        return None
    alike = reader._alike(Typed(value, context.value.type, context.value.start, context.value.end), typed)
    return None if alike is None else replace(typed, expression=alike[1])


def _in_order(context: FormContext, spots: list[tuple[Expression, Exact, Typed]]) -> tuple[list[tuple[Expression, Exact, Typed]], bool]:
    """The least, the mean and the greatest of the same values rise by themselves; others as written."""
    cohort = context.reader.scope.cohort
    values = [cohort.get(e.key) if isinstance(e, Ref) else None for e, _, _ in spots]
    known = [v for v in values if v is not None and v.kind in _RISING]
    alike = {(v.inner, v.where, v.group, v.with_own, v.at_least, v.missing_out) for v in known}
    if len(known) < len(spots) or len(alike) > 1:
        return spots, False
    order = sorted(range(len(spots)), key=lambda i: _RISING[known[i].kind])
    return [spots[i] for i in order], True


_RISING = {"min": 0, "mean": 1, "max": 2}

FORMS = (
    Form("PROPORTIONAL", "F07 F25 F37 F39", proportional, "number", frozenset({"target", "beyond"})),
    Form("CONTROL", "F08", control, "number", frozenset({"limit", "beyond"}), frozenset({"limit"})),
    Form("BANDS", "F09", bands, "number", rows="required"),
    Form("INTERPOLATE", "F10", interpolate, "number", rows="required"),
)
