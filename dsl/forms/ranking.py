"""Forms by rank: points for places in the cohort, counted from the first and from the last."""

from __future__ import annotations

from collections.abc import Sequence

from ..cohort import CohortValue
from ..cohort_functions import reversed_rank
from ..describe import enumerated
from ..diagnostics import Place
from ..expressions import read_quantity
from ..frozen import frozen
from ..keywords import word
from ..model import Band, Bands, Choose, Compare, Expression, Extremum, Interval, Literal, Logic, Ref, Type
from ..numbers import Exact, exact_text
from ..syntax import Line, Node, Word
from .lowering import Form, FormContext, Lowered, number, read_amount

_PLACE = Type("number", whole=True)


@frozen
class _Rung:
    """Some places, counted from the first or from the last, and what they earn."""

    row: Line
    low: int
    high: int
    from_last: bool
    points: Exact


def by_rank(context: FormContext) -> Lowered | None:
    """F21a, F21c: the points of the place, with places counted from the last where they are written so."""
    assert context.value is not None
    ranked = _rank_of(context)
    if ranked is None:
        return None
    rest, rungs = _rungs(context)
    if rungs is None or not _tiles(context, rungs, rest):
        return None
    assert rest is not None
    top, bottom = [r for r in rungs if not r.from_last], [r for r in rungs if r.from_last]
    other = number(read_amount(rest.node.parts[1], context.points))
    place = context.add("place", context.value.expression, _PLACE)
    method = context.field_node("method")
    if not bottom:
        if method is not None:
            form = word("BY_RANK", context.reader.scope.language)
            context.report("E218", context.fields["method"].line, None, word=next(method.words()).text, form=form)
        context.add("score", _ladder(context, place, top, other))
    else:
        last = context.add("place_from_last", reversed_rank(context.on_line(rest), ranked), _PLACE)
        chosen = method.parts[1].kind if method is not None and isinstance(method.parts[1], Word) else None
        if top and chosen not in ("HIGHER_ROW", "LOWER_ROW"):
            context.report("E652", bottom[0].row, None, first=top[0].row.text.strip(), second=bottom[0].row.text.strip())
            return None
        ends = _ends(context, place, top, other), _ends(context, last, bottom, other)
        context.add("score", _both_ends(*ends, other, lower=chosen == "LOWER_ROW"))
    points = [*(r.points for r in rungs), read_amount(rest.node.parts[1], context.points)]
    best = [_label(r.row) for r in rungs if r.points == context.points] or [word("REST", context.reader.scope.language)]
    return Lowered(tuple(context.steps), min(0, *points), "place", {"places": enumerated(best, context.reader.scope.language)})


def _rank_of(context: FormContext) -> CohortValue | None:
    """The rank that the value is; anything else is an error."""
    assert context.value is not None
    expression = context.value.expression
    found = context.reader.scope.cohort.get(expression.key) if isinstance(expression, Ref) else None
    if found is None or found.kind != "rank":
        context.report("E546", context.fields["value"].line, None, rank=word("RANK", context.reader.scope.language))
        return None
    return found


def _rungs(context: FormContext) -> tuple[Line | None, list[_Rung] | None]:
    rest: Line | None = None
    rungs: list[_Rung] = []
    for row in context.rows:
        first, amount = row.node.parts
        points = read_amount(amount, context.points)
        if points > context.points:
            context.report("E306", row, amount, points=exact_text(context.points), found=exact_text(points))
        if isinstance(first, Word):
            if rest is not None:
                context.report("E209", row, first, name=first.text, line=str(rest.number))
                return rest, None
            rest = row
            continue
        assert isinstance(first, Node)
        rung = _rung(context, row, first, points)
        if rung is None:
            return rest, None
        rungs.append(rung)
    return rest, rungs


def _rung(context: FormContext, row: Line, places: Node, points: Exact) -> _Rung | None:
    start, _, end = places.parts
    assert isinstance(start, Node)
    kind, low = _place(context, row, start)
    last, high = _place(context, row, end) if isinstance(end, Node) else (kind, low)
    if low is None or high is None:
        return None
    if low < 1 or high < low or (last is not None and last != kind):
        context.report("E405", row, places)
        return None
    return _Rung(row, low, high, kind == "FROM_LAST", points)


def _place(context: FormContext, row: Line, node: Node) -> tuple[str | None, int | None]:
    words = [p for p in node.parts if isinstance(p, Word)]
    kind = next((w.kind for w in words if w.kind in ("ORDINAL", "FROM_LAST")), None)
    written = next(w for w in words if w.kind == "NUMBER")
    value = read_quantity(written, None)[0]
    unit = next((w for w in words if w.kind == "UNIT"), None)
    if value.denominator != 1 or (unit is not None and unit.text not in ("名", "位")):
        context.report("E509" if value.denominator != 1 else "E416", row, written if value.denominator != 1 else unit, text=unit.text if unit else "")
        return kind, None
    return kind, int(value)


def _tiles(context: FormContext, rungs: Sequence[_Rung], rest: Line | None) -> bool:
    """Every place must be written once: from the first (or the last) on without a gap, and then the rest."""
    fine = True
    for from_last in (False, True):
        side = sorted((r for r in rungs if r.from_last == from_last), key=lambda r: (r.low, r.high))
        wanted = 1
        for index, rung in enumerate(side):
            if rung.low < wanted:
                first, later = sorted((side[index - 1].row, rung.row), key=lambda r: r.number)
                context.report("E411", later, None, place=str(rung.low), first=first.text.strip(), second=later.text.strip())
                fine = False
            elif rung.low > wanted:
                gap = str(wanted) if rung.low == wanted + 1 else f"{wanted}–{rung.low - 1}"
                context.report("E412", rung.row, None, places=gap)
                fine = False
            wanted = max(wanted, rung.high + 1)
    if rest is None and fine:
        context.report("E410", None, None, rest=word("REST", context.reader.scope.language))
        fine = False
    return fine


def _ladder(context: FormContext, place: Expression, rungs: Sequence[_Rung], other: Expression) -> Expression:
    """The points of the place, as bands of whole numbers."""
    ordered = sorted(rungs, key=lambda r: r.low)
    bands = [Band(Interval(r.low, True, r.high, True), number(r.points), _label(r.row), _at(context, r.row)) for r in ordered]
    above = Interval(ordered[-1].high if ordered else 0, False)
    return Bands(place, (*bands, Band(above, other, word("REST", context.reader.scope.language))))


def _label(row: Line) -> str:
    """The places as they are written: ``第2名至第5名``."""
    first = row.node.parts[0]
    assert isinstance(first, Node)
    return row.text[first.start : first.end].strip()


def _at(context: FormContext, row: Line) -> Place:
    return context.on_line(row).place(row.node)


def _ends(context: FormContext, place: Expression, rungs: Sequence[_Rung], other: Expression) -> tuple[Expression, Expression] | None:
    """Whether a place is on one end of the ladder, and what it earns there."""
    if not rungs:
        return None
    highest = max(r.high for r in rungs)
    return Compare("<=", place, Literal(highest, str(highest))), _ladder(context, place, rungs, other)


def _both_ends(
    top: tuple[Expression, Expression] | None, bottom: tuple[Expression, Expression] | None, other: Expression, *, lower: bool
) -> Expression:
    """A ladder from both ends; a unit on both gets the higher or the lower points, as is written."""
    assert bottom is not None
    if top is None:
        return Choose((bottom,), other)
    both = Extremum("min" if lower else "max", (top[1], bottom[1]))
    return Choose(((Logic("and", (top[0], bottom[0])), both), top, bottom), other)


FORMS = (Form("BY_RANK", "F21", by_rank, "number", frozenset({"method"}), rows="required"),)
