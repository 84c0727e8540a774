"""What follows from scores: adjustments, vetoes, subtotals, grades, and the smaller sections."""

from __future__ import annotations

from itertools import pairwise

from ..characters import plain_digits
from ..diagnostics import Fact, Label, nearest
from ..expressions import name_of
from ..forms.bands import check_tiling
from ..forms.lowering import POINTS, FormContext, read_interval, read_points
from ..keywords import word
from ..model import (
    Adjustment,
    Dimension,
    Gate,
    GradeBand,
    GradeScale,
    Indicator,
    Interval,
    ProblemType,
    Reconciliation,
    Subtotal,
    Type,
    Unscored,
    Veto,
)
from ..numbers import Exact
from ..periods import all_of, in_period
from ..ranges import Range
from ..substitute import references
from ..syntax import Block, Line, Part, Word
from .dates import read_period
from .draft import Draft, node_of, word_of
from .head import Head
from .quotas import read_quotas
from .standards import Standard

_RATE = Type("number", share="percent")


def read_adjustments(draft: Draft, head: Head) -> tuple[Adjustment, ...]:
    """Bonuses and extra deductions."""
    found: list[Adjustment] = []
    taken_codes = _codes_of_tree(draft)
    for block in draft.blocks("bonus", "extra"):
        _, code_word, name, _, points_node = block.line.node.parts
        code, points = plain_digits(word_of(code_word).text), read_points(points_node)
        if not _new_code(draft, block.line, code_word, taken_codes):
            continue
        standard = Standard(draft, block, code, points, head.evidence, rounding=None)  # rounding is for indicators
        place = draft.place(block.line, code_word)
        indicator = standard.leaf(
            Indicator(code, word_of(name).text, 3, points, place), frozenset({"only_if", "counted", "taken_from"})
        )
        counted = standard.fields.get("counted")
        taken = standard.fields.get("taken_from")
        if block.kind == "bonus" and counted is None:
            draft.report("E210", block.line, None, missing=word("COUNTED", draft.language), code=code)
        if block.kind == "extra" and taken is None:
            draft.report("E210", block.line, None, missing=word("TAKEN_FROM", draft.language), code=code)
        only_if = standard._condition("only_if")
        if indicator is None:
            draft.failed.add(code)
            continue
        target = word_of(taken.line.node.parts[1]) if taken is not None else None
        if target is not None and target.kind == "CODE" and target.text not in draft.scope.codes and taken is not None:
            draft.report("E215", taken.line, target, code=target.text)
        inside = counted is not None and word_of(counted.line.node.parts[1]).kind == "INSIDE"
        taken_from = target.text if target is not None and target.kind == "CODE" else None
        found.append(Adjustment(indicator, "bonus" if block.kind == "bonus" else "extra", only_if, inside, taken_from))
    return tuple(found)


def _codes_of_tree(draft: Draft) -> dict[str, Line]:
    """The codes of the indicators, each with the line that uses it first."""
    codes: dict[str, Line] = {}
    for block in draft.blocks("level1", "level2", "level3"):
        codes.setdefault(plain_digits(word_of(block.line.node.parts[1]).text), block.line)
    return codes


def _new_code(draft: Draft, line: Line, written: Part, taken: dict[str, Line]) -> bool:
    """Whether a code is used for the first time; a second use is reported."""
    code = plain_digits(word_of(written).text)
    first = taken.setdefault(code, line)
    if first is line:
        return True
    labels = [Label(draft.place(line, written)), Label(draft.place(first), "first")]
    draft.report_at("E201", labels, code=code, line=str(first.number))
    return False


def read_vetoes(draft: Draft, scales: tuple[GradeScale, ...]) -> tuple[Veto, ...]:
    grades = scales[0].grades if scales else ()
    found: list[Veto] = []
    taken_codes = _codes_of_tree(draft)
    for block in draft.blocks("bonus", "extra"):
        taken_codes.setdefault(plain_digits(word_of(block.line.node.parts[1]).text), block.line)
    for block in draft.blocks("veto"):
        _, code_word, name = block.line.node.parts
        if not _new_code(draft, block.line, code_word, taken_codes):
            continue
        fields = {f.kind: f for f in block.fields}
        missing = [k for k in ("condition", "effect") if k not in fields]
        if missing:
            if block.line.number not in draft.lost_blocks:
                draft.report("E210", block.line, None, missing=word(missing[0].upper(), draft.language), code=word_of(code_word).text)
            continue
        for f in block.fields:
            if f.kind not in ("condition", "effect", "note", "basis", "effective"):
                draft.report("E212", f.line, None, code=word_of(code_word).text, word=draft.opening(f))
        reader = draft.reader(fields["condition"].line)
        condition = reader.condition(fields["condition"].line.node.parts[1])
        effect = _effect(draft, fields["effect"].line, grades, bool(scales))
        if condition is None or effect is None:
            continue
        reader.constant_condition(condition)
        kind, grade, score, steps = effect
        dated = fields.get("effective")
        period = read_period(draft, dated.line) if dated is not None else None
        holds = all_of((in_period(period) if period is not None else None, condition.expression)) or condition.expression
        found.append(
            Veto(
                plain_digits(word_of(code_word).text), word_of(name).text, holds, kind, grade, score, steps,  # type: ignore[arg-type]
                draft.place(block.line, code_word), fields["condition"].line.text.strip(),
            )
        )  # fmt: skip
    return tuple(found)


def _effect(draft: Draft, line: Line, grades: tuple[str, ...], has_grades: bool) -> tuple[str, str | None, Exact | None, int] | None:
    verb, what, *_ = node_of(line.node.parts[1]).parts
    kind = word_of(verb).kind
    if kind == "SCORE_SET":
        return "score", None, read_points(what), 0
    if not has_grades:
        draft.report("E626", line)
        return None
    if kind == "GRADE_DOWN":
        steps = draft.whole(line, word_of(what))
        return None if steps is None else ("down", None, None, steps)
    grade = name_of(what)
    if grade not in grades:
        _no_such_grade(draft, line, what, grades)
        return None
    return ("grade" if kind == "GRADE_SET" else "cap"), grade, None, 0


def _no_such_grade(draft: Draft, line: Line, part: Part, grades: tuple[str, ...]) -> None:
    name = name_of(part)
    near = nearest(name, grades)
    rows = (r for b in draft.blocks("grades") for r in b.rows)
    declared = [draft.place(r, r.node.parts[1]) for r in rows if name_of(r.node.parts[1]) == near]
    facts = {"near": near} if near else {}
    draft.scope.report_with("E216", draft.place(line, part), declared, name=name, options=grades, **facts)


def read_subtotals(draft: Draft) -> tuple[Subtotal, ...]:
    found = []
    for block in draft.blocks("subtotal"):
        _, name, codes = block.line.node.parts
        members = tuple(plain_digits(w.text) for w in node_of(codes).words())
        for code in members:
            if code not in draft.scope.codes and code not in draft.broken:
                draft.report("E215", block.line, codes, code=code)
        found.append(Subtotal(name_of(name), members, draft.place(block.line)))
    return tuple(found)


def read_scales(draft: Draft, head: Head, subtotals: tuple[Subtotal, ...], points_of: dict[str, Exact]) -> tuple[GradeScale, ...]:
    """Grade bands, which must tile everything a unit can score."""
    scales: list[GradeScale] = []
    for block in draft.blocks("grades"):
        _, name_node, basis, precision, *_ = (*block.line.node.parts, None)
        name = name_of(name_node) if name_node is not None else None
        subtotal = next((s for s in subtotals if s.name == name), None)
        if name is not None and subtotal is None:
            near = nearest(name, [s.name for s in subtotals])
            draft.report("E227", block.line, name_node, name=name, **({"near": near} if near else {}))
            continue
        if any(s.name == name for s in scales):
            draft.report("E209", block.line, None, name=draft.opening(block))
            continue
        full = head.full_score if subtotal is None else sum((points_of.get(c, 0) for c in subtotal.codes), 0)
        scale = _scale(draft, block, name, word_of(basis).kind, precision, full)
        if scale is not None:
            scales.append(scale)
    return tuple(sorted(scales, key=lambda s: s.name is not None))


def _scale(draft: Draft, block: Block, name: str | None, basis: str, precision: object, full: Exact | None) -> GradeScale | None:
    by_rate = basis == "BY_RATE"
    kind = _RATE if by_rate else POINTS
    context = FormContext("", 0, draft.place(block.line), draft.reader(block.line), block.rows, {}, None)
    found = read_quotas(draft, block, name, basis)
    if found is None:
        return None
    quotas, rows = found
    bands: list[GradeBand] = []
    if basis == "BY_QUOTA" and rows:
        rest = name_of(rows[0].node.parts[1])
        bands.append(GradeBand(Interval(), rest, rows[0].text.strip(), draft.place(rows[0])))
    for row in rows if basis != "BY_QUOTA" else ():
        interval_node, grade = row.node.parts
        interval = read_interval(context, row, node_of(interval_node), kind)
        if interval is None:
            return None
        bands.append(GradeBand(interval, name_of(grade), row.text.strip(), draft.place(row)))
    if not bands:
        if block.line.number not in draft.lost_blocks:
            draft.report("E211", block.line, None, form=word("GRADES", draft.language))
        return None
    names = [*(q.grade for q in quotas), *(b.grade for b in bands)]
    double = next((i for i, n in enumerate(names) if n in names[:i]), None)
    if double is not None:
        draft.report("E209", block.rows[double], block.rows[double].node.parts[1], name=names[double])
        return None
    domain = Range(0, 1 if by_rate else full)
    if block.line.number in draft.lost_blocks or not check_tiling(context, [b.interval for b in bands], list(rows), domain, kind):
        return None
    for better, worse in pairwise(bands):
        if (worse.interval.low or -1) > (better.interval.low if better.interval.low is not None else -1):
            draft.report_at("E406", [Label(worse.place), Label(better.place)], better=better.grade, worse=worse.grade)
            return None
    gates = _gates(draft, block, tuple(names))
    rounded = isinstance(precision, Word) and precision.kind == "ROUNDED_VALUE"
    return GradeScale(name, "rate" if by_rate else "score", rounded, tuple(bands), gates, draft.place(block.line), quotas)


def _gates(draft: Draft, block: Block, grades: tuple[str, ...]) -> tuple[Gate, ...]:
    gates = []
    for f in block.fields:
        _, grade_node, condition_node = f.line.node.parts
        grade = name_of(grade_node)
        if grade not in grades:
            _no_such_grade(draft, f.line, grade_node, grades)
            continue
        if grade == grades[-1]:
            draft.report("E407", f.line, grade_node, name=grade)
            continue
        reader = draft.reader(f.line)
        condition = reader.condition(condition_node)
        if condition is not None:
            reader.constant_condition(condition)
            gates.append(Gate(grade, condition.expression, f.line.text.strip(), draft.place(f.line)))
    return tuple(gates)


def read_worst_of(draft: Draft, scales: tuple[GradeScale, ...]) -> tuple[str, ...]:
    block = draft.one("worst_grade")
    if block is None:
        return ()
    names = tuple(name_of(p) for p in node_of(block.line.node.parts[1]).parts)
    known = {s.name: s for s in scales if s.name is not None}
    for name in names:
        if name not in known:
            _unknown_scale(draft, block, name)
            return ()
    first = names[0]
    other = next((n for n in names if known[n].grades != known[first].grades), None)
    if other is not None:
        theirs: dict[str, Fact] = {"grades": known[first].grades, "others": known[other].grades, "first": first, "other": other}
        draft.report_at("E408", [Label(draft.place(block.line)), Label(known[other].place, "other", theirs)], **theirs)
        return ()
    return names


def _unknown_scale(draft: Draft, block: Block, name: str) -> None:
    """A subtotal without grades, or a name that is no subtotal; quiet where its grades are in error."""
    subtotals = [name_of(b.line.node.parts[1]) for b in draft.blocks("subtotal")]
    graded = [name_of(b.line.node.parts[1]) for b in draft.blocks("grades") if b.line.node.parts[1] is not None]
    if name not in subtotals:
        near = nearest(name, subtotals)
        draft.report("E227", block.line, None, None, name=name, **({"near": near} if near else {}))
    elif name not in graded:
        draft.report("E232", block.line, None, name=name)


# ---- smaller sections ---------------------------------------------------------------------


def read_reconciliations(draft: Draft) -> tuple[Reconciliation, ...]:
    found = []
    for block in draft.blocks("reconcile"):
        for row in block.rows:
            condition_node, severity, message = row.node.parts
            reader = draft.reader(row)
            condition = reader.condition(condition_node)
            if condition is None:
                continue
            reader.constant_condition(condition)
            node = node_of(condition_node)
            keys = tuple(dict.fromkeys(references(condition.expression)))
            found.append(
                Reconciliation(
                    condition.expression, word_of(severity).kind == "ERROR", word_of(message).text,
                    row.text[node.start : node.end].strip(), draft.place(row), keys,
                )
            )  # fmt: skip
    return tuple(found)


def read_dimensions(draft: Draft) -> tuple[Dimension, ...]:
    found: dict[str, Dimension] = {}
    for block in draft.blocks("dimensions"):
        for row in block.rows:
            name, codes = name_of(row.node.parts[0]), node_of(row.node.parts[1])
            members = tuple(plain_digits(w.text) for w in codes.words())
            if name in found:
                draft.report("E209", row, row.node.parts[0], name=name)
            for code in members:
                if code not in draft.scope.codes and code not in draft.broken:
                    draft.report("E215", row, codes, code=code)
            found[name] = Dimension(name, members)
    return tuple(found.values())


def read_problem_types(draft: Draft) -> tuple[ProblemType, ...]:
    found: dict[str, ProblemType] = {}
    for block in draft.blocks("problem_types"):
        for row in block.rows:
            name_node, kind, _, authority, _, urgency, _, days, _ = row.node.parts
            name = name_of(name_node)
            number = int(word_of(kind).kind[-1])
            limit = None if days is None else draft.whole(row, word_of(days))
            if name in found:
                draft.report("E209", row, name_node, name=name)
            if number == 1 and days is None:
                draft.report("E627", row, kind, name=name)
            found[name] = ProblemType(name, number, name_of(authority), name_of(urgency), limit)  # type: ignore[arg-type]
    return tuple(found.values())


def check_problem_names(draft: Draft, types: tuple[ProblemType, ...], blocks: list[Block]) -> None:
    known = {t.name for t in types}
    declared = {name_of(r.node.parts[0]): draft.place(r, r.node.parts[0]) for b in draft.blocks("problem_types") for r in b.rows}
    for block in blocks:
        for f in block.fields:
            if f.kind == "problem":
                for part in node_of(f.line.node.parts[1]).parts:
                    name = name_of(part)
                    if name not in known and name not in draft.scope.lost_names:
                        near = nearest(name, known)
                        facts = {"near": near} if near else {}
                        draft.scope.report_with("E228", draft.place(f.line, part), [declared[near]] if near else [], name=name, **facts)


def read_unscored(draft: Draft) -> tuple[Unscored, ...]:
    found = []
    for block in draft.blocks("unscored"):
        for row in block.rows:
            condition_node, text = row.node.parts
            condition = draft.reader(row).condition(condition_node)
            if condition is not None:
                node = node_of(condition_node)
                shown = row.text[node.start : node.end].strip()
                found.append(Unscored(condition.expression, word_of(text).text, shown, draft.place(row)))
    return tuple(found)
