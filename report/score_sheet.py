"""Result -> the score sheet: level 1 to 3, got of possible, rate, grade, what is short or missing."""

from __future__ import annotations

from fractions import Fraction

from ..dsl.keywords import Language
from ..dsl.model import Indicator, Veto
from ..dsl.numbers import Exact, divide, exact_text
from ..dsl.periods import lapsed, period_text
from ..engine.needed import Needed, needed
from ..engine.next_grade import next_grade
from ..engine.notices import distance_text
from ..engine.record import IndicatorRecord, Result
from .display import Plan, plan
from .document import Block, Cell, Column, Document, Figure, Heading, Item, Items, Paragraph, Row, Table, Tone
from .figures import points_text, rate_text
from .formulas import At, Formula, Quotient, Sum, worked_out
from .phrases import Phrases
from .sums import counted, families, parent_formula, total_formula


def score_sheet(result: Result, language: Language | None = None) -> Document:
    """The score sheet of one result."""
    return _Sheet(result, Phrases(language or result.ruleset.language)).document()


def day_line(result: Result, say: Phrases) -> str:
    """The as-of date, and that another was asked for than the unit's own where that is so."""
    own = result.unit.own_as_of
    day = result.as_of.isoformat()
    return say("as_of", date=day) if own is None else say("as_of_asked", date=day, own=own.isoformat())


def not_meant(result: Result, code: str, say: Phrases) -> str:
    """Why an indicator is not for this unit, or not for this day."""
    period = lapsed(result.ruleset, code, result.as_of)
    return say("excluded") if period is None else say("not_in_force", period=period_text(period, say.language))


class _Sheet:
    """Builds one score sheet."""

    def __init__(self, result: Result, say: Phrases) -> None:
        self.result, self.say = result, say
        self.sums, self.shown = _Sums(result), display_plan(result)

    def document(self) -> Document:
        result, say = self.result, self.say
        head = say("ruleset", name=result.ruleset.name, version=result.ruleset.version)
        track = say("track", track=say(result.track))
        if result.track != result.ruleset.deciding_track:
            track += say("not_deciding")
        mark = "　" if say.language == "zh" else "; "
        blocks: list[Block] = [
            Heading(say("title", unit=result.unit.name)),
            Paragraph(head, "dim"),
            Paragraph(mark.join([track, day_line(result, say)]), "dim"),
            self.table(),
        ]
        note = self.shown.note(say.language)
        blocks += [Paragraph(note, "dim")] if note else []
        blocks += conclusion(result, say)
        return Document(tuple(blocks))

    def table(self) -> Table:
        say = self.say
        columns = (
            Column(say("code")), Column(say("indicator"), wrap=True), Column(say("score"), "right"),
            Column(say("points"), "right"), Column(say("rate"), "right"), Column(say("remark"), wrap=True),
        )  # fmt: skip
        rows = [self.row(i) for i in self.result.ruleset.indicators]
        rows += [self.adjustment_row(i) for i in range(len(self.result.adjustments))]
        rows.append(self.total_row())
        return Table(columns, tuple(rows), say("score_table"))

    def row(self, indicator: Indicator) -> Row:
        record = self.result.indicators[indicator.code]
        indent = "  " * (indicator.level - 1) if self.say.language == "en" else "　" * (indicator.level - 1)
        remark, tone = self.remark(indicator, record)
        shown: Tone = "strong" if indicator.level == 1 else tone
        if record.state in ("out", "excluded"):
            return Row((indicator.code, indent + indicator.name, "–", "–", "–", remark), shown)
        score, rate = self.got(indicator, record)
        points = self.sums.points(indicator)
        return Row((indicator.code, indent + indicator.name, score, Figure(points_text(record.points), record.points, points), rate, remark), shown)

    def got(self, indicator: Indicator, record: IndicatorRecord) -> tuple[Cell, Cell]:
        if record.score is not None:
            score = Figure(self.shown.text(record.score), record.score, self.sums.score(indicator))
            if not record.points:
                return score, "–"
            rate = divide(record.score, record.points)
            return score, Figure(rate_text(rate), rate, self.sums.rate(indicator.code))
        if record.bounds is not None and record.state == "undecided":
            return self.say("between", low=points_text(record.bounds.low), high=points_text(record.bounds.high)), "?"
        return "?", "?"

    def remark(self, indicator: Indicator, record: IndicatorRecord) -> tuple[str, Tone]:
        say = self.say
        match record.state:
            case "out":
                return say("out", reason=say.reason(record.reason)), "dim"
            case "excluded":
                return not_meant(self.result, indicator.code, say), "dim"
            case "error":
                return say("error"), "bad"
            case "undecided":
                names = say.comma.join(sorted(k.split(".", 1)[-1] for k in record.waiting)[:4])
                if indicator.children or not names:
                    return say("pending_short"), "warn"
                return say("pending", names=names), "warn"
        if indicator.children or record.score is None or record.score == record.points:
            return "", "plain"
        return say("lost", points=points_text(record.points - record.score)), "plain"

    def adjustment_row(self, index: int) -> Row:
        adjustment, record = self.result.ruleset.adjustments[index], self.result.adjustments[index]
        amount: Cell = "?"
        if record.amount is not None:
            sign, value = ("+", record.amount) if adjustment.kind == "bonus" else ("−", -record.amount)
            amount = Figure(f"{sign}{points_text(record.amount)}", value)
        name = f"{self.say(adjustment.kind)} {adjustment.indicator.name}"
        if adjustment.kind == "bonus" and not adjustment.inside_total:
            name += self.say("outside")
        full = adjustment.indicator.points
        return Row((adjustment.indicator.code, name, amount, Figure(points_text(full), full), "", ""))

    def total_row(self) -> Row:
        result, say = self.result, self.say
        full = Figure(points_text(result.full_score), result.full_score)
        if result.score is not None:
            score = Figure(self.shown.text(result.score), result.score, self.sums.total())
            rate = result.rate or 0
            shown = Figure(rate_text(rate, grade_lines(result)), rate, self.sums.rate(""))
            return Row(("", say("total"), score, full, shown, ""), "strong")
        if result.bounds is not None:
            between = say("between", low=points_text(result.bounds.low), high=points_text(result.bounds.high))
            return Row(("", say("total"), between, full, "?", ""), "strong")
        return Row(("", say("total"), "–", full, "–", ""), "strong")


class _Sums:
    """The formulas of a score sheet: a row an indicator, then the adjustments, then the total."""

    SCORE, POINTS = 2, 3

    def __init__(self, result: Result) -> None:
        self.result = result
        codes = [*(i.code for i in result.ruleset.indicators), *(a.code for a in result.adjustments), ""]
        self.row = {code: n for n, code in enumerate(codes)}
        amounts = {
            a.indicator.code: r.amount if a.kind == "bonus" or r.amount is None else -r.amount
            for a, r in zip(result.ruleset.adjustments, result.adjustments, strict=True)
        }
        scores = {c: r.score for c, r in result.indicators.items()} | amounts | {"": result.score}
        points = {c: r.points for c, r in result.indicators.items()} | {"": result.full_score}
        self.values = {(self.row[c], self.SCORE): v for c, v in scores.items()} | {(self.row[c], self.POINTS): v for c, v in points.items()}

    def cell(self, row: int, column: int) -> Exact:
        value = self.values.get((row, column))
        if value is None:
            raise LookupError((row, column))
        return value

    def at(self, code: str, column: int = SCORE) -> At:
        return At(self.row[code], column)

    def score(self, indicator: Indicator) -> Formula | None:
        return parent_formula(self.result, indicator, self.at, self.cell) if indicator.children else None

    def points(self, indicator: Indicator) -> Formula | None:
        parts = tuple(self.at(r.code, self.POINTS) for r in counted(self.result, indicator))
        added = Sum(parts)
        return added if parts and worked_out(added, self.cell) == self.result.indicators[indicator.code].points else None

    def rate(self, code: str) -> Formula:
        return Quotient(self.at(code), self.at(code, self.POINTS))

    def total(self) -> Formula | None:
        roots = {r.code: self.at(r.code) for r in self.result.ruleset.roots if self.result.indicators[r.code].state not in ("out", "excluded")}
        return total_formula(self.result, roots, {a.code: self.at(a.code) for a in self.result.adjustments}, self.cell)


def display_plan(result: Result) -> Plan:
    """How many digits the scores of a result take to add up and to stay on their side of the grades' limits."""
    scale = result.ruleset.scale()
    if scale is None or result.score is None:
        return plan(families(result))
    by: Exact = result.full_score if scale.basis == "rate" else 1
    ends = [e for b in scale.bands for e in (b.interval.low, b.interval.high) if e is not None]
    return plan(families(result), [(result.score, e * by) for e in ends])


def grade_lines(result: Result) -> list[Fraction]:
    """The rates at which a grade begins or ends."""
    scale = result.ruleset.scale()
    if scale is None:
        return []
    per = Fraction(1) if scale.basis == "rate" else Fraction(result.full_score)
    return [Fraction(e) / per for b in scale.bands for e in (b.interval.low, b.interval.high) if e is not None]


def conclusion(result: Result, say: Phrases) -> list[Block]:
    """The grade and why, what is missing, vetoes, and the way to the next grade."""
    blocks: list[Block] = []
    match result.state:
        case "error":
            return [Paragraph(say("in_error"), "bad")]
        case "withheld":
            return [Paragraph(say("withheld"), "bad")]
        case "unscored":
            return [Paragraph(say("unscored", word=result.unscored or ""), "strong")]
    if result.bounds is not None:
        how = say("tight" if result.bounds.tight else "sound")
        text = say("score_open", low=points_text(result.bounds.low), high=points_text(result.bounds.high), how=how)
        blocks.append(Paragraph(text, "warn"))
    if result.grade is not None:
        if result.grade.grade is None:
            blocks.append(Paragraph(say("grade_open", grades=say.comma.join(result.grade.possible)), "warn"))
        elif result.bounds is not None:
            blocks.append(Paragraph(say("grade_settled", grade=result.grade.grade), "good"))
        else:
            blocks.append(Paragraph(say("grade", grade=result.grade.grade) + _grade_reason(result, say), "strong"))
    for subtotal in result.subtotals:
        shown = points_text(subtotal.score) if subtotal.score is not None else "?"
        grade = f"，{say('grade', grade=subtotal.grade.grade)}" if subtotal.grade and subtotal.grade.grade else ""
        blocks.append(Paragraph(say("subtotal", name=subtotal.name, score=shown, points=points_text(subtotal.points), grade=grade)))
    if result.waiting:
        wanted = needed(result)
        blocks.append(Paragraph(say("waiting", names=say.comma.join(dict.fromkeys(n.name for n in wanted))), "warn"))
        if len(wanted) > 1:
            blocks.append(Items(tuple(Item(needed_line(n, say)) for n in wanted)))
        if not result.compared and any(k.startswith(("cohort.", "quota.")) for k in result.waiting):
            blocks.append(Paragraph(say("cohort_needed"), "warn"))
    blocks += [Items((Item(line),)) for line in veto_lines(result, say, told_all=False)]
    following = next_grade_line(result, say)
    if following:
        blocks.append(Paragraph(following))
    return blocks


def _grade_reason(result: Result, say: Phrases) -> str:
    """（得分率89.6%，在“80%（含）至90%”一档；…）"""
    scale, grade = result.ruleset.scale(), result.grade
    if scale is None or grade is None or grade.value is None:
        return ""
    value = rate_text(grade.value, grade_lines(result)) if scale.basis == "rate" else points_text(grade.value)
    rows = [*((q.grade, q.label) for q in scale.quotas), *((b.grade, b.label) for b in scale.bands)]
    band = next((label.split("：")[0].split(": ")[0] for name, label in rows if name == grade.by_band), "")
    parts = [say("grade_by", measure=say(f"by_{scale.basis}"), value=value, band=band)]
    for kind, name, after in grade.changes:
        parts.append(say("gate_moved", text=name, grade=after) if kind == "gate" else say("veto_moved", code=name, grade=after))
    inner = ("；" if say.language == "zh" else "; ").join(parts)
    return f"（{inner}）" if say.language == "zh" else f" ({inner})"


def effect_text(veto: Veto, say: Phrases) -> str:
    score = exact_text(veto.score) if veto.score is not None else ""
    return say(f"effect_{veto.effect}", grade=veto.grade or "", steps=str(veto.steps), score=score)


def needed_line(wanted: Needed, say: Phrases) -> str:
    """One thing that is waited for, and what waits for it: the most decisive stand first."""
    parts = [say("needed_points", codes=say.comma.join(wanted.codes), points=points_text(wanted.open_points))] if wanted.codes else []
    parts += [say("needed_vetoes", codes=say.comma.join(wanted.vetoes))] if wanted.vetoes else []
    return say("source", name=wanted.name, value=("；" if say.language == "zh" else "; ").join(parts) or say("needed_grade"))


def veto_lines(result: Result, say: Phrases, *, told_all: bool) -> list[str]:
    """Each veto that applies or is open; with ``told_all`` those that do not apply as well."""
    lines = []
    for veto, record in zip(result.ruleset.vetoes, result.vetoes, strict=True):
        if record.applies:
            line = say("veto_hit", code=veto.code, name=veto.name, effect=effect_text(veto, say))
            if veto.effect == "score" and result.score_before_veto is not None:
                line += "；" + say("without_veto", score=points_text(result.score_before_veto))
            lines.append(line)
        elif record.applies is None:
            lines.append(say("veto_open", code=veto.code, name=veto.name))
        elif told_all:
            lines.append(say("veto_no", code=veto.code, name=veto.name))
    return lines


def next_grade_line(result: Result, say: Phrases) -> str:
    """How far the next better grade is, or why points do not help."""
    following = next_grade(result)
    scale = result.ruleset.scale()
    if following is None or scale is None:
        return ""
    line = say("next", grade=following.grade, bound=following.bound, points=points_text(Fraction(following.distance_points)))
    if scale.basis == "rate":


        line += say("next_rate", rate=distance_text(Fraction(following.distance_points) / result.full_score, say.language))
    if not following.included:
        line += say("next_above")
    if following.gates:
        line += say("next_gate", gates=say.comma.join(following.gates))
    if following.vetoes:
        line += say("next_blocked", codes=say.comma.join(following.vetoes))
    return line


__all__ = ["conclusion", "display_plan", "effect_text", "next_grade_line", "score_sheet", "veto_lines"]
