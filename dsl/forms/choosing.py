"""Forms that choose: levels, met or not, checklists, the gravest, discretion, formulas."""

from __future__ import annotations

from itertools import pairwise

from ..describe import enumerated
from ..diagnostics import nearest
from ..expressions import name_of
from ..model import Choose, Compare, Expression, Interval, Literal, Type
from ..numbers import Exact, distance, divide, exact_text
from ..syntax import Line, Node, Word
from ..units import PLAIN
from .bands import show_interval
from .lowering import (
    POINTS,
    ZERO,
    Form,
    FormContext,
    Lowered,
    greatest,
    minus,
    number,
    plus,
    quantity,
    read_amount,
    read_points,
    row_pattern,
    within_points,
)


def by_level(context: FormContext) -> Lowered | None:
    """F01: the points of the level chosen, or the evaluator's points within the level's range."""
    assert context.value is not None
    options = context.value.type.options
    value = context.add("value", context.value.expression, context.value.type)
    rating = context.read_field("rating")
    chosen = context.add("rating", rating.expression, rating.type) if rating else None
    seen: dict[str, Line] = {}
    ranges: list[tuple[Interval, Line]] = []
    cases: list[tuple[Expression, Expression]] = []
    amounts: list[Exact] = []
    for row in context.rows:
        label, *rest = row.node.parts
        name = name_of(label)
        if not _check_option(context, row, label, name, options, seen):
            continue
        low = read_amount(rest[0], context.points)
        bounds = [p for p in rest if isinstance(p, Node) and p.kind == "amount"]
        high = read_amount(bounds[-1], context.points)
        amounts += [low, high]
        if len(bounds) > 1:
            if chosen is None:
                context.report("E613", row)
                continue
            marks = [isinstance(p, Word) and p.kind == "INCLUDED" for p in rest]
            interval = Interval(low, marks[1], high, marks[-1])
            ranges.append((interval, row))
            result: Expression = _rated(chosen, interval)
        else:
            result = number(low)
        cases.append((Compare("=", value, Literal(name, name)), result))
    missing = [o for o in options if o not in seen]
    if missing and set(seen) <= set(options) and len(seen) == len(context.rows):
        context.report("E510", None, None, options=tuple(missing))
    _check_ranges(context, ranges)
    if not cases:
        return None
    for row, amount in zip(context.rows, amounts[1::2], strict=False):
        if amount > context.points:
            context.report("E306", row, None, points=exact_text(context.points), found=exact_text(amount))
    context.add("score", Choose(tuple(cases[:-1]), cases[-1][1]) if len(cases) > 1 else cases[0][1])
    best = [name_of(r.node.parts[0]) for r, a in zip(context.rows, amounts[1::2], strict=False) if a == context.points]
    return Lowered(tuple(context.steps), min(0, *amounts), "level", {"levels": enumerated(best, context.reader.scope.language)})


def _rated(rating: Expression, interval: Interval) -> Expression:
    assert interval.low is not None and interval.high is not None
    from ..model import Band, Bands

    return Bands(rating, (Band(interval, rating),))


def _check_option(
    context: FormContext, row: Line, label: object, name: str, options: tuple[str, ...], seen: dict[str, Line]
) -> bool:
    assert isinstance(label, Node)
    if name not in options:
        near = nearest(name, options)
        facts = {"near": near} if near else {}
        assert context.value is not None
        scope = context.reader.scope
        place, declared = context.on_line(row).place(label), scope.declared_at(context.value.expression)
        scope.report_with("E508", place, declared, option=name, options=options, **facts)
        seen.setdefault(name, row)
        return False
    if name in seen:
        context.report("E209", row, label, name=name, line=str(seen[name].number))
        return False
    seen[name] = row
    return True


def _check_ranges(context: FormContext, ranges: list[tuple[Interval, Line]]) -> None:
    """Two levels may not share a number of points (14 belongs to 一般 or to 良?)."""
    ordered = sorted(ranges, key=lambda r: (r[0].low or 0, r[0].high or 0))
    for (first, earlier), (second, row) in pairwise(ordered):
        assert first.high is not None
        assert second.low is not None
        assert second.high is not None
        touching = first.high == second.low and first.high_included and second.low_included
        if first.high > second.low or touching:
            both = Interval(second.low, second.low_included, min(first.high, second.high), True)
            where = show_interval(both, POINTS, context.reader.scope.language)
            context.report("E402", row, None, where=where, first=earlier.text.strip(), second=row.text.strip())


def meets(context: FormContext) -> Lowered:
    """F02: full marks if the condition holds, else none."""
    assert context.value is not None
    value = context.add("value", context.value.expression, context.value.type)
    context.add("score", Choose(((value, context.full()),), ZERO))
    return Lowered(tuple(context.steps), 0, "condition", {})


def checklist(context: FormContext) -> Lowered | None:
    """F12: the points of every entry that is met, with a least number if one is written."""
    given = [r for r in context.rows if r.node.parts[1] is not None]
    if given and len(given) < len(context.rows):
        context.report("E314", next(r for r in context.rows if r.node.parts[1] is None))
        return None
    earned: list[Expression] = []
    met: list[Expression] = []
    total: Exact = 0
    for row in context.rows:
        condition_node, points_node = row.node.parts
        reader = context.on_line(row)
        condition = reader.condition(condition_node)
        points = read_points(points_node) if points_node is not None else divide(context.points, len(context.rows))
        total += points
        if condition is None:
            continue
        assert isinstance(condition_node, Node)
        label = row.text[condition_node.start : condition_node.end].strip()
        one = Choose(((condition.expression, number(points)),), ZERO)
        earned.append(context.add(f"entry{len(earned) + 1}", one, label=label))
        met.append(Choose(((condition.expression, number(1)),), ZERO))
    if len(earned) == len(context.rows) and total != context.points:
        difference = exact_text(distance(context.points, total))
        context.report("E311", None, None, points=exact_text(context.points), sum=exact_text(total), difference=difference)
    if len(earned) < len(context.rows):
        return None
    result: Expression = plus(earned)
    least_block = context.fields.get("meet_at_least")
    if least_block is not None:
        word = least_block.line.node.parts[1]
        assert isinstance(word, Word)
        needed = quantity(Node("quantity", (None, word, None)))
        assert needed is not None
        if needed[0] > len(context.rows):
            context.report("E520", least_block.line, None, needed=exact_text(needed[0]), rows=str(len(context.rows)))
        count = context.add("met", plus(met), Type("number", PLAIN, True))
        result = Choose(((Compare("<", count, number(needed[0])), ZERO),), result)
    context.add("score", result)
    return Lowered(tuple(context.steps), 0, "checklist", {})


def worst_only(context: FormContext) -> Lowered | None:
    """F15: only the gravest of the deductions that apply."""
    return _gravest(context, "DEDUCT", "deduction", lambda e: minus(context.full(), e))


def best_only(context: FormContext) -> Lowered | None:
    """F15: only the best of the awards that apply."""
    return _gravest(context, "EARN", "earned", lambda e: e)


def _gravest(context: FormContext, verb: str, name: str, finish: object) -> Lowered | None:
    assert callable(finish)
    amounts: list[Expression] = []
    for row in context.rows:
        condition_node, word, points_node = row.node.parts
        condition = context.on_line(row).condition(condition_node)
        assert isinstance(word, Word)
        if word.kind != verb:
            context.report("E616", row, word, wanted=row_pattern(context, verb))
            continue
        if condition is None:
            continue
        context.on_line(row).constant_condition(condition)
        assert isinstance(condition_node, Node)
        label = row.text[condition_node.start : condition_node.end].strip()
        one = Choose(((condition.expression, number(read_points(points_node))),), ZERO)
        amounts.append(context.add(f"{name}{len(amounts) + 1}", one, label=label))
    if not amounts:
        return None
    worst = context.add(name, greatest(ZERO, *amounts))
    context.add("score", finish(worst))
    return Lowered(tuple(context.steps), 0, "none_applies" if verb == "DEDUCT" else "best", {})


def discretionary(context: FormContext) -> Lowered | None:
    """F31: the evaluator's points, within a written range."""
    node = context.field_node("discretion")
    if node is None:
        context.report("E606")
        return None
    rating = context.read_field("rating")
    low, high = read_points(node.parts[1]), read_points(node.parts[3])
    if low > high:
        context.report("E405", context.fields["discretion"].line)
        return None
    if rating is None:
        return None
    chosen = context.add("rating", rating.expression, rating.type)
    context.add("score", within_points(chosen, low, high))
    return Lowered(tuple(context.steps), min(0, low), "rating", {"high": exact_text(high)})


def formula(context: FormContext) -> Lowered | None:
    """F26, F27, F34, F41: the points by a formula, held between nothing and full marks."""
    typed = context.read_field("formula")
    if typed is None:
        return None
    if typed.type.kind != "number" or (not typed.type.unit.is_plain and typed.type.unit.dimensions != (("point", 1),)):
        reader = context.on_line(context.fields["formula"].line)
        reader.fail("E501", typed, wanted=reader.describe(Type("number")), found=reader.describe(typed.type))
        return None
    context.add("score", typed.expression)
    return Lowered(tuple(context.steps), 0, "formula", {})


def by_points(context: FormContext) -> Lowered | None:
    """F12 with an evaluator: the sum of the points given for each evaluation point."""
    section = context.fields.get("points_to_check")
    keys = (f"{context.code}#{position}" for position, _ in enumerate(section.rows if section else (), 1))
    names = [n for k in keys if (n := context.reader.scope.names.get(k)) is not None]
    if not names:
        context.report("E617")
        return None
    from ..model import Ref

    parts: list[Expression] = []
    for named in names:
        assert named.place is not None
        context.reader.scope.used.setdefault(named.key, named.place)
        parts.append(context.add(f"entry{len(parts) + 1}", Ref(named.key), label=named.key.split(".", 1)[1]))
    context.add("score", plus(parts))
    return Lowered(tuple(context.steps), 0, "entries", {})


FORMS = (
    Form("BY_LEVEL", "F01", by_level, "choice", frozenset({"rating"}), rows="required", quantifiable=False),
    Form("PASS", "F02", meets, "yes_no"),
    Form("CHECKLIST", "F12", checklist, "none", frozenset({"meet_at_least"}), rows="required"),
    Form("WORST_ONLY", "F15", worst_only, "none", rows="required"),
    Form("BEST_ONLY", "F15", best_only, "none", rows="required"),
    Form("DISCRETIONARY", "F31", discretionary, "none", frozenset({"rating", "discretion"}), frozenset({"rating"}), quantifiable=False),
    Form("FORMULA_FORM", "F26 F27 F34 F41", formula, "none", frozenset({"formula"}), frozenset({"formula"})),
    Form("BY_POINTS", "F12", by_points, "none", quantifiable=False),
)
