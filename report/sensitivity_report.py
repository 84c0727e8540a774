"""What can move a grade, as documents and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.numbers import Exact, distance, divide, exact_text, percent_text
from ..engine.cohort_statistics import places_of
from ..engine.record import Result
from ..engine.sensitivity import Boundary, Cohort, Effect, Elsewhere, Factor, Move, Standing, effect, grade_counts, outcome
from ..engine.weights import Reweighted, Weight
from .coverage_report import MUTANTS_IN_CHINESE
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .figures import points_text, score_text

SAY: Mapping[str, tuple[str, str]] = {
    "title": ("敏感性：{name}（版本 {version}）", "sensitivity: {name} (version {version})"),
    "alone": (
        "每次只动一处：权重、规则里的数和数据各升、降{share}（计数至少动1，是非和选项换成别的，记录少一条或多一条），逐个单位由引擎重评。",
        "One thing is moved at a time: weights, numbers of the rules and data up and down by {share} (counts by 1 at least, yes and no and choices to "
        "something else, records by one), and every unit is evaluated again.",
    ),
    "share_of": ("动一个权重，由同级指标按比例补足或让出；其下各级占比不变。", "A weight's siblings make up for it in proportion; all below keeps its share."),
    "count": ("{count}个单位：{grades}", "{count} units: {grades}"),
    "lost": ("没有总分、不排名次：{names}", "without a score, not ranked: {names}"),
    "left": ("只有一级指标得分，无从判断：{names}", "not judged, as only level-1 scores are known: {names}"),
    "near": ("离界限多远", "how near the limits"),
    "weights": ("权重", "weights"),
    "numbers": ("规则里的数", "numbers of the rules"),
    "inputs": ("数据", "data"),
    "never": ("对这些单位都不起作用的", "what does nothing to any of these units"),
    "no_grade": ("升降{share}，没有一项改变任何等次。", "None of them, moved by {share}, changes a grade."),
    "others": ("另有{count}项只动得分，不动等次（见 --json）。", "{count} more move scores but no grade (see --json)."),
    "held": ("等次由{names}决定", "grade held by {names}"),
    "gate": ("门槛", "a gate"), "veto": ("否决 {name}", "veto {name}"),
    "to": ("{points}（{grade}）", "{points} ({grade})"),
    "beyond": ("超过{points}（{grade}）", "more than {points} ({grade})"),
    "unmoved": ("没有试：{names}（日期、文本、未填的，或已在两端）。", "not tried: {names} (dates, texts, not filled in, or at both ends of the range)."),
    "all_matter": ("没有：每一项都至少对一个单位起作用。", "Nothing: everything matters to some unit."),
    "proved": ("{thing}：已证明这样升降对数据齐全的任何单位都不起作用", "{thing}: proved that moving it so changes nothing for any unit with all its data"),
    "elsewhere": ("{thing}：对别的单位起作用（{change}，如{unit}）", "{thing}: matters to other units ({change} for one with {unit})"),
    "open": ("{thing}：是否对任何单位都不起作用，未判定", "{thing}: whether it matters to no unit at all is not decided"),
    "outside": (
        "{thing}：只关系到数据有误、不适用或缺佐证的单位，证明不涉及",
        "{thing}: is only about units with errors, without evidence or with something not applicable, of which nothing is proved",
    ),
    "total": ("总分", "total"), "grade": ("等次", "grade"), "state": ("状态", "state"),
    "edge": ("正在界限上（{grade}）", "at the limit ({grade})"),
    "moved": ("{code} {name}：{before} → {after}{why}", "{code} {name}: {before} → {after}{why}"),
    "makes_up": ("（按比例补足）", " (makes up for it in proportion)"),
    "inside": ("其下各级占比不变。", "What lies below keeps its share."),
    "in_points": (
        "有规则直接写了{names}的得分：这些规则仍按原来的分值计。",
        "some rules name the score of {names} in points: they still see it in the points it was written in.",
    ),
    "mean": ("平均总分 {before} → {after}（{change}），{count}个单位", "mean score {before} → {after} ({change}), {count} units"),
    "grades": ("等次 {before} → {after}：{count}个（{names}）", "grade {before} → {after}: {count} ({names})"),
    "same_grades": ("等次都不变", "no grade changes"),
    "turned": (
        "名次：{pairs}对单位中{turned}对先后改变，最多移动{most}位",
        "ranks: of {pairs} pairs of units {turned} change their order; the furthest moves {most} places",
    ),
}  # fmt: skip
_MOST_ROWS = 200
_MOST_FACTORS = 30
_MOST_NAMES = 10


@frozen
class Report:
    """All that was found about a cohort; ``share`` is how far everything was moved.

    ``proofs`` are (factor, answer) for what does nothing: ``proved``, ``open``, ``outside``, or where it does something.
    """

    cohort: Cohort
    share: Exact
    standings: tuple[Standing | None, ...]
    weights: tuple[Factor, ...]
    numbers: tuple[Factor, ...]
    inputs: tuple[Factor, ...]
    left: tuple[str, ...] = ()
    proofs: tuple[tuple[Factor, str | Elsewhere], ...] = ()


class _Say:
    def __init__(self, language: Language) -> None:
        self.language = language
        self.zh = language == "zh"
        self.comma = "、" if self.zh else ", "

    def __call__(self, key: str, **facts: str) -> str:
        return SAY[key][0 if self.zh else 1].format(**facts)

    def titles(self, zh: str, en: str) -> tuple[str, ...]:
        return tuple((zh if self.zh else en).split("|"))

    def names(self, names: Sequence[str]) -> str:
        return self.comma.join(names[:_MOST_NAMES]) + ("…" if len(names) > _MOST_NAMES else "")

    def thing(self, factor: Factor) -> str:
        """A factor in words: what kind of number it is, and whose."""
        if factor.kind == "input":
            return factor.code
        what = "权重" if factor.what == "weight" else MUTANTS_IN_CHINESE[factor.what]
        written = f" {factor.moves[0].before}" if factor.moves else ""
        return f"{factor.code} {what if self.zh else factor.what}{written}".strip()


def sensitivity_document(report: Report, language: Language) -> Document:
    """What can move a grade of these units."""
    say = _Say(language)
    cohort = report.cohort
    share = percent_text(report.share)
    blocks: list[Block] = [Heading(say("title", name=cohort.ruleset.name, version=cohort.ruleset.version)), *_cohort(cohort, report.left, say)]
    blocks += [Paragraph(say("alone", share=share), "dim"), Paragraph(say("share_of"), "dim")]
    blocks += [Heading(say("near"), 2), _near(report, say)]
    for key, factors in (("weights", report.weights), ("numbers", report.numbers), ("inputs", report.inputs)):
        blocks += [Heading(say(key), 2), *_factors(key, factors, report, say)]
    blocks += [Heading(say("never"), 2), *_never(report, say)]
    return Document(tuple(blocks))


def _cohort(cohort: Cohort, left: Sequence[str], say: _Say) -> list[Block]:
    counts = say.comma.join(f"{grade} {count}" for grade, count in _in_order(cohort, grade_counts(cohort.results)))
    items = [Item(say("count", count=str(len(cohort.units)), grades=counts))]
    lost = [r.unit.name for r in cohort.results if r.score is None]
    items += [Item(say("lost", names=say.names(lost)), tone="warn")] if lost else []
    items += [Item(say("left", names=say.names(left)), tone="warn")] if left else []
    return [Items(tuple(items))]


def _in_order(cohort: Cohort, counts: Mapping[str, int]) -> list[tuple[str, int]]:
    scale = cohort.ruleset.scale()
    order = {g: i for i, g in enumerate(scale.grades)} if scale is not None else {}
    return sorted(counts.items(), key=lambda c: (order.get(c[0], len(order)), c[0]))


def _columns(titles: Sequence[str], right: Iterable[int], wrap: Iterable[int]) -> tuple[Column, ...]:
    return tuple(Column(t, "right" if i in set(right) else "left", wrap=i in set(wrap)) for i, t in enumerate(titles))


def _near(report: Report, say: _Say) -> Table:
    """Every unit, the nearest to a limit first."""
    titles = say.titles("单位|总分|等次|升一等还差|降一等要少|说明", "unit|score|grade|up by|down by|note")
    rows = []
    for result, standing in sorted(zip(report.cohort.results, report.standings, strict=True), key=lambda p: _nearness(*p))[:_MOST_ROWS]:
        score = "–" if result.score is None else score_text(result.score)
        ends = ("", "") if standing is None else (_boundary(standing.better, say), _boundary(standing.worse, say))
        held = "" if standing is None or not standing.held_by else say("held", names=say.comma.join(_holder(h, say) for h in standing.held_by))
        rows.append(Row((result.unit.name, score, outcome(result), *ends, held)))
    return Table(_columns(titles, (1, 3, 4), (0, 5)), tuple(rows))


def _nearness(result: Result, standing: Standing | None) -> tuple[bool, Exact, str]:
    nearest = standing.nearest if standing is not None else None
    return nearest is None, nearest.points if nearest is not None else 0, result.unit.name


def _boundary(boundary: Boundary | None, say: _Say) -> str:
    if boundary is None:
        return ""
    if not boundary.points:
        return say("edge", grade=boundary.grade)
    return say("to" if boundary.reached else "beyond", points=points_text(boundary.points), grade=boundary.grade)


def _holder(change: tuple[str, str, str], say: _Say) -> str:
    kind, name, _ = change
    return say("veto", name=name) if kind == "veto" else say("gate")


def _factors(key: str, factors: Sequence[Factor], report: Report, say: _Say) -> list[Block]:
    """Those that move a grade, the most first, and how many move only scores."""
    moving = sorted((f for f in factors if f.grades), key=lambda f: (-f.grades, 0 - f.largest, f.line))
    blocks: list[Block] = []
    if moving:
        build = {"weights": _weights_table, "numbers": _numbers_table, "inputs": _inputs_table}[key]
        blocks.append(build(moving[:_MOST_FACTORS], report, say))
    else:
        blocks.append(Paragraph(say("no_grade", share=percent_text(report.share)), "good"))
    others = sum(not f.grades and not f.never for f in factors) + len(moving[_MOST_FACTORS:])
    if others:
        blocks.append(Paragraph(say("others", count=str(others)), "dim"))
    unmoved = [f.code for f in factors if key == "inputs" and not f.moves]
    if unmoved:
        blocks.append(Paragraph(say("unmoved", names=say.comma.join(unmoved)), "dim"))
    return blocks


def _moves(factor: Factor, tell: Callable[[Move], str]) -> str:
    return " / ".join(dict.fromkeys(tell(m) for m in factor.moves))


def _most_turned(factor: Factor) -> str:
    worst = max((m.effect for m in factor.moves), key=lambda e: e.turned, default=Effect())
    return f"{worst.turned}/{worst.pairs}" if worst.pairs else "0"


def _weights_table(factors: Sequence[Factor], report: Report, say: _Say) -> Table:
    titles = say.titles("编码|指标|分值|改为|等次改变|名次换位|得分最多变", "code|indicator|points|to|grades|turned|score by")
    rows = [
        Row((f.code, f.name, f.moves[0].before, _moves(f, lambda m: m.after), str(f.grades), _most_turned(f), points_text(f.largest)))
        for f in factors
    ]
    return Table(_columns(titles, (2, 3, 4, 5, 6), (1,)), tuple(rows))


def _numbers_table(factors: Sequence[Factor], report: Report, say: _Say) -> Table:
    titles = say.titles("行|所在|种类|原为|改为|等次改变|得分最多变", "line|where|kind|was|to|grades|score by")
    rows = [
        Row((
            str(f.line), f"{f.code} {f.name}".strip(), MUTANTS_IN_CHINESE[f.what] if say.zh else f.what, f.moves[0].before,
            _moves(f, lambda m: m.after), str(f.grades), points_text(f.largest),
        ))
        for f in factors
    ]  # fmt: skip
    return Table(_columns(titles, (0, 5, 6), (1, 3)), tuple(rows))


def _inputs_table(factors: Sequence[Factor], report: Report, say: _Say) -> Table:
    titles = say.titles("数据|等次改变|得分最多变|例", "data item|grades|score by|such as")
    rows = []
    for factor in factors:
        example = next(m for m in factor.moves if m.effect.grades)
        number, before, after = example.effect.grades[0]
        told = f"{report.cohort.units[number].name} {example.before} → {example.after}{'：' if say.zh else ': '}{before} → {after}"
        rows.append(Row((f"{factor.code} {factor.name}".strip(), str(factor.grades), points_text(factor.largest), told)))
    return Table(_columns(titles, (1, 2), (0, 3)), tuple(rows))


def _never(report: Report, say: _Say) -> list[Block]:
    found = [f for f in (*report.weights, *report.numbers, *report.inputs) if f.never and f.moves]
    if not found:
        return [Paragraph(say("all_matter"), "good")]
    told = {id(f): _proof(f, answer, say) for f, answer in report.proofs}
    lines: list[Item] = []
    for factor in found:
        text = f"{factor.line}  {say.thing(factor)}"
        lines.append(Item(f"{factor.line}  {told[id(factor)]}" if id(factor) in told else text))
    return [Items(tuple(lines))]


def _proof(factor: Factor, answer: str | Elsewhere, say: _Say) -> str:
    thing = say.thing(factor)
    if isinstance(answer, str):
        return say(answer, thing=thing)
    what = say(answer.what) if answer.what in ("total", "grade", "state") else answer.what
    return say("elsewhere", thing=thing, change=f"{what} {answer.before} → {answer.after}", unit=say.comma.join(answer.data))


# ---- other weights -----------------------------------------------------------------------------


def reweighted_document(cohort: Cohort, other: Reweighted, after: Sequence[Result], left: Sequence[str], language: Language) -> Document:
    """What other weights do to every unit."""
    say = _Say(language)
    before = cohort.results
    blocks: list[Block] = [Heading(say("title", name=cohort.ruleset.name, version=cohort.ruleset.version)), *_cohort(cohort, left, say)]
    blocks.append(Items(tuple(Item(_weight(w, cohort, say)) for w in other.weights)))
    blocks.append(Paragraph(say("inside"), "dim"))
    if other.in_points:
        blocks.append(Paragraph(say("in_points", names=say.comma.join(other.in_points)), "warn"))
    blocks.append(Items(tuple(Item(line) for line in _summary(before, after, say))))
    blocks.append(_scores_table(before, after, say))
    return Document(tuple(blocks))


def _weight(weight: Weight, cohort: Cohort, say: _Say) -> str:
    why = "" if weight.named else say("makes_up")
    name = cohort.ruleset.by_code[weight.code].name
    return say("moved", code=weight.code, name=name, before=points_text(weight.before), after=points_text(weight.after), why=why)


def _summary(before: Sequence[Result], after: Sequence[Result], say: _Say) -> list[str]:
    pairs = [(o.score, n.score) for o, n in zip(before, after, strict=True) if o.score is not None and n.score is not None]
    lines = []
    if pairs:
        means = [divide(sum(p[side] for p in pairs), len(pairs)) for side in (0, 1)]
        facts = {"before": points_text(means[0]), "after": points_text(means[1]), "change": _signed(means[1] - means[0])}
        lines.append(say("mean", count=str(len(pairs)), **facts))
    found = effect(before, after)
    moved: dict[tuple[str, str], list[str]] = {}
    for number, old, new in found.grades:
        moved.setdefault((old, new), []).append(before[number].unit.name)
    lines += [say("grades", before=o, after=n, count=str(len(names)), names=say.names(names)) for (o, n), names in moved.items()]
    lines += [say("same_grades")] if not moved else []
    if found.pairs:
        most = max((abs(o - n) for o, n in _places(before, after).values()), default=0)
        lines.append(say("turned", pairs=str(found.pairs), turned=str(found.turned), most=str(most)))
    return lines


def _places(before: Sequence[Result], after: Sequence[Result]) -> dict[int, tuple[int, int]]:
    """The places of the units that have a score both times, by their number."""
    both = [(i, o.score, n.score) for i, (o, n) in enumerate(zip(before, after, strict=True)) if o.score is not None and n.score is not None]
    old, new = (places_of([b[side] for b in both]) for side in (1, 2))
    return {i: places for (i, _, _), places in zip(both, zip(old, new, strict=True), strict=True)}


def _signed(value: Exact) -> str:
    size = points_text(distance(value, 0))
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"≈{sign}{size[1:]}" if size.startswith("≈") else sign + size


def _scores_table(before: Sequence[Result], after: Sequence[Result], say: _Say) -> Table:
    """Every unit by its place before."""
    titles = say.titles("单位|原总分|现总分|变化|原名次|现名次|等次", "unit|before|after|change|rank|then|grade")
    places = _places(before, after)
    rows = []
    for number in sorted(range(len(before)), key=lambda i: (i not in places, places.get(i, (0, 0)), before[i].unit.name))[:_MOST_ROWS]:
        old, new = before[number], after[number]
        change = "?" if old.score is None or new.score is None else _signed(new.score - old.score)
        grades = outcome(old) if outcome(old) == outcome(new) else f"{outcome(old)} → {outcome(new)}"
        scores = tuple("–" if r.score is None else score_text(r.score) for r in (old, new))
        ranks = tuple(map(str, places[number])) if number in places else ("–", "–")
        tone = "plain" if outcome(old) == outcome(new) else "warn"
        rows.append(Row((old.unit.name, *scores, change, *ranks, grades), tone))  # type: ignore[arg-type]
    return Table(_columns(titles, (1, 2, 3, 4, 5), (0,)), tuple(rows))


# ---- as data ---------------------------------------------------------------------------------------


def sensitivity_data(report: Report) -> dict[str, Any]:
    """The same as plain data; numbers are exact texts."""
    proofs = {id(f): answer for f, answer in report.proofs}
    return {
        "ruleset": {"name": report.cohort.ruleset.name, "version": report.cohort.ruleset.version},
        "share": exact_text(report.share),
        "left_aside": list(report.left),
        "units": [_unit_data(r, s) for r, s in zip(report.cohort.results, report.standings, strict=True)],
        "weights": [_factor_data(f, report, proofs) for f in report.weights],
        "numbers": [_factor_data(f, report, proofs) for f in report.numbers],
        "inputs": [_factor_data(f, report, proofs) for f in report.inputs],
    }


def _unit_data(result: Result, standing: Standing | None) -> dict[str, Any]:
    def end(boundary: Boundary | None) -> dict[str, Any] | None:
        return None if boundary is None else {"grade": boundary.grade, "points": exact_text(boundary.points), "reached": boundary.reached}

    return {
        "unit": result.unit.name, "state": result.state, "score": _exact(result.score), "grade": outcome(result),
        "better": end(standing.better) if standing is not None else None, "worse": end(standing.worse) if standing is not None else None,
        "held_by": [list(h) for h in standing.held_by] if standing is not None else [],
    }  # fmt: skip


def _factor_data(factor: Factor, report: Report, proofs: Mapping[int, str | Elsewhere]) -> dict[str, Any]:
    names = [u.name for u in report.cohort.units]
    answer = proofs.get(id(factor))
    return {
        "kind": factor.what, "code": factor.code, "name": factor.name, "line": factor.line, "never": factor.never and bool(factor.moves),
        "grades": factor.grades, "largest": exact_text(factor.largest),
        "proof": answer if not isinstance(answer, Elsewhere) else {
            "what": answer.what, "before": answer.before, "after": answer.after, "data": list(answer.data),
        },
        "moves": [
            {
                "before": m.before, "after": m.after, "scores": m.effect.scores, "largest": exact_text(m.effect.largest), "invalid": m.effect.invalid,
                "turned": m.effect.turned, "pairs": m.effect.pairs,
                "grades": [{"unit": names[n], "before": b, "after": a} for n, b, a in m.effect.grades],
            }
            for m in factor.moves
        ],
    }  # fmt: skip


def reweighted_data(cohort: Cohort, other: Reweighted, after: Sequence[Result], left: Sequence[str]) -> dict[str, Any]:
    """What other weights do, as plain data."""
    before = cohort.results
    found = effect(before, after)
    places = _places(before, after)
    pairs = [(o.score, n.score) for o, n in zip(before, after, strict=True) if o.score is not None and n.score is not None]
    means = [exact_text(divide(sum(p[side] for p in pairs), len(pairs))) for side in (0, 1)] if pairs else [None, None]
    return {
        "ruleset": {"name": cohort.ruleset.name, "version": cohort.ruleset.version},
        "weights": [{"code": w.code, "before": exact_text(w.before), "after": exact_text(w.after), "named": w.named} for w in other.weights],
        "in_points": list(other.in_points), "left_aside": list(left), "mean": {"before": means[0], "after": means[1]},
        "turned": found.turned, "pairs": found.pairs,
        "units": [
            {
                "unit": o.unit.name, "before": {"score": _exact(o.score), "grade": outcome(o), "place": places[i][0] if i in places else None},
                "after": {"score": _exact(n.score), "grade": outcome(n), "place": places[i][1] if i in places else None},
            }
            for i, (o, n) in enumerate(zip(before, after, strict=True))
        ],
    }  # fmt: skip


def _exact(value: Exact | None) -> str | None:
    return None if value is None else exact_text(value)
