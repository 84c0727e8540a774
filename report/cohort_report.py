"""The figures of a cohort on paper: the paragraph for a report, tables, plain data.

Every figure is looked up in the statistics; the paragraph holds none of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.numbers import Exact, exact_text, fixed
from ..engine.cohort_statistics import (
    LEAST_FOR_OUTLIERS,
    CohortStatistics,
    PartSummary,
    Summary,
    UnitScore,
)
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .figures import points_text, score_text
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("{count}个单位的得分统计", "scores of {count} units"),
    "scope": ("参评单位", "the units"),
    "self": ("自评", "self-evaluation "),
    "on_site": ("实地评估", "on-site "),
    "third_party": ("第三方评估", "third-party "),
    "none": ("", ""),
    "mean_score": ("{scope}{track}平均得分为{mean}分", "the mean {track}score of {scope} is {mean}"),
    "mean_rate": ("平均得分率为{rate}", "the mean score rate {rate}"),
    "other_rate": ("（得分之和÷满分之和；各单位得分率的平均为{rate}）", " (ratio of sums; the mean of the units' rates is {rate})"),
    "of_these": ("其中，{parts}", "of which {parts}"),
    "part_rate": ("{name}平均得分率为{rate}", "{name} {rate}"),
    "weakest": ("失分最多的是{name}", "the weakest is {name}"),
    "spread": ("得分最高{highest}分，最低{lowest}分", "the highest score is {highest}, the lowest {lowest}"),
    "grades": ("等次分布为{grades}", "grades: {grades}"),
    "grade_count": ("{grade}{count}个", "{grade} {count}"),
    "only_decided": (
        "以上按{count}个已定得分的单位计算，另有{open}个未定，没有计入",
        "these are figures of the {count} units whose score is decided; {open} are not and do not count",
    ),
    "nothing": ("没有一个单位的得分已定，不能统计。", "no unit's score is decided: there is nothing to count."),
    "figures": ("总体", "overall"),
    "figure": ("项目", "figure"),
    "value": ("数值", "value"),
    "how": ("算法", "how"),
    "units": ("单位数", "units"),
    "counted": ("已定{count}，共{given}", "{count} decided of {given}"),
    "mean": ("平均得分", "mean score"),
    "how_mean": ("得分之和{total} ÷ {count}", "sum of scores {total} / {count}"),
    "rate_of_sums": ("平均得分率", "mean score rate"),
    "how_rate_of_sums": ("得分之和{total} ÷ 满分之和{full}", "sum of scores {total} / sum of full scores {full}"),
    "mean_of_rates": ("各单位得分率的平均", "mean of the units' rates"),
    "rates_mean": ("各率平均", "mean of rates"),
    "how_mean_of_rates": ("先算各单位得分率，再平均", "each unit's rate first, then their mean"),
    "median": ("中位数", "median"),
    "highest": ("最高", "highest"),
    "lowest": ("最低", "lowest"),
    "range": ("极差", "spread"),
    "deviation": ("标准差", "standard deviation"),
    "how_deviation": ("总体标准差，四舍五入到{places}位", "of the population, half up to {places} places"),
    "level1": ("各一级指标", "level-1 indicators"),
    "indicator": ("指标", "indicator"),
    "weakest3": ("得分率最低的三级指标", "level-3 indicators with the lowest rates"),
    "grade_title": ("等次分布", "grades"),
    "grade": ("等次", "grade"),
    "ungraded": ("未定等次", "no grade yet"),
    "by_type": ("按类型", "by type"),
    "by_level": ("按层级", "by level"),
    "by_region": ("按地区", "by region"),
    "type": ("类型", "type"),
    "level": ("层级", "level"),
    "region": ("地区", "region"),
    "rates_by": ("各一级指标得分率", "rates of the level-1 indicators"),
    "ranks": ("排名", "ranks"),
    "ranks_by_rate": ("排名（满分不同，按得分率）", "ranks (by score rate, since full scores differ)"),
    "place": ("名次", "rank"),
    "tied": ("{place}（并列）", "{place} (tie)"),
    "unit": ("单位", "unit"),
    "score": ("得分", "score"),
    "rate": ("得分率", "rate"),
    "outliers": ("离群单位", "units that stand out"),
    "outlier_rule": (
        "规则：{measure}高于上四分位数加1.5倍四分位距，或低于下四分位数减1.5倍四分位距。",
        "the rule: a {measure} above the upper quartile plus 1.5 interquartile ranges, or below the lower one less 1.5.",
    ),
    "outlier_none": ("没有离群单位。", "none."),
    "outlier_few": ("已定的单位不足{least}个，不判断。", "fewer than {least} decided units: not judged."),
    "high": ("{unit}：{value}，高于{fence}", "{unit}: {value}, above {fence}"),
    "low": ("{unit}：{value}，低于{fence}", "{unit}: {value}, below {fence}"),
    "open": ("未定的单位", "units not decided"),
    "open_between": ("在{low}与{high}之间", "between {low} and {high}"),
    "missing": ("缺的数据", "missing data"),
    "missing_item": ("{name}：{count}个单位（{units}）", "{name}: {count} units ({units})"),
    "state_undecided": ("缺{names}", "waiting for {names}"),
    "state_withheld": ("不给出结果：不适用指标的分值过多", "no result: too much does not apply"),
    "state_unscored": ("不评分", "not scored"),
    "state_error": ("数据有错误", "errors in the data"),
}
_MOST_NAMES = 6


@frozen
class CohortText:
    """How a cohort is spoken of: its name in sentences, the track, the language."""

    language: Language
    scope: str | None = None
    track: str | None = None


def paragraph(found: CohortStatistics, text: CohortText) -> str:
    """The results in sentences, as a report of a province gives them.

    The rate is the ratio of sums; the other definition is added where one decimal shows a difference.
    """
    say = Phrases(text.language, WORDS)
    zh = text.language == "zh"
    total = found.total
    if total.mean is None or total.rate_of_sums is None:
        return say("nothing")
    scope, track = text.scope or say("scope"), say(text.track or "none")
    rate = say("mean_rate", rate=_percent(total.rate_of_sums)) + _other_rate(total, say)
    first = [say("mean_score", scope=scope, track=track, mean=fixed(total.mean, 2)), rate]
    roots = [p for p in found.parts if p.level == 1 and p.figures.rate_of_sums is not None]
    if roots:
        rates = ("；" if zh else "; ").join(say("part_rate", name=p.name, rate=_percent(p.figures.rate_of_sums)) for p in roots)
        first.append(say("of_these", parts=rates))
    second = [say("spread", highest=score_text(total.highest or 0), lowest=score_text(total.lowest or 0))]
    weakest = found.weakest(1)
    if weakest:
        second.insert(0, say("weakest", name=weakest[0].name))
    if found.grades:
        second.append(say("grades", grades=say.comma.join(say("grade_count", grade=g, count=str(n)) for g, n in found.grades.items())))
    sentences = [first, second]
    if found.undecided:
        sentences.append([say("only_decided", count=str(total.count), open=str(len(found.undecided)))])
    if zh:
        return "".join("，".join(s) + "。" for s in sentences)
    return " ".join(_capital(", ".join(s)) + "." for s in sentences)


def _other_rate(total: Summary, say: Phrases) -> str:
    """The second definition in brackets, where one decimal shows that it is another."""
    other = _percent(total.mean_of_rates)
    return "" if other == _percent(total.rate_of_sums) else say("other_rate", rate=other)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _percent(value: Exact | None) -> str:
    """A mean rate to one decimal, a whole 100% without."""
    if value is None:
        return "–"
    return "100%" if value == 1 else f"{fixed(value * 100, 1)}%"


def _mean(value: Exact | None) -> str:
    return "–" if value is None else fixed(value, 2)


def _score(value: Exact | None) -> str:
    return "–" if value is None else score_text(value)


def cohort_document(found: CohortStatistics, text: CohortText) -> Document:
    """The whole report on a cohort."""
    say = Phrases(text.language, WORDS)
    blocks: list[Block] = [Heading(say("title", count=str(len(found.units)))), Paragraph(paragraph(found, text), "strong")]
    if found.total.count:
        blocks += [Heading(say("figures"), 2), _figures(found.total, say)]
        blocks += _parts(found, say)
    if found.grades:
        blocks += [Heading(say("grade_title"), 2), _grades(found, say)]
    for key, groups in found.groups.items():
        blocks += [Heading(say(f"by_{key}"), 2), _groups(key, groups, say)]
        if any(p.level == 1 for p in found.parts):
            blocks += [Heading(say("rates_by"), 3), _rates_by(found, groups, say)]
    if found.ranks:
        blocks += [Heading(say("ranks" if found.by_score else "ranks_by_rate"), 2), _ranks(found, say)]
        blocks += _outliers(found, say)
    return Document((*blocks, *_open(found, say)))


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> Table:
    columns = tuple(Column(t, wrap=True) if i < left else Column(t, "right") for i, t in enumerate(titles))
    return Table(columns, tuple(Row(tuple(r)) for r in rows))


def _figures(total: Summary, say: Phrases) -> Table:
    sums = {"total": exact_text(total.total), "count": str(total.count), "full": exact_text(total.full)}
    rows = [
        (say("units"), str(total.count), say("counted", count=str(total.count), given=str(total.given)) if total.count < total.given else ""),
        (say("mean"), _mean(total.mean), say("how_mean", **sums)),
        (say("rate_of_sums"), _percent(total.rate_of_sums), say("how_rate_of_sums", **sums)),
        (say("mean_of_rates"), _percent(total.mean_of_rates), say("how_mean_of_rates")),
        (say("median"), _score(total.median), ""),
        (say("highest"), _score(total.highest), ""),
        (say("lowest"), _score(total.lowest), ""),
        (say("range"), _score(total.spread), ""),
        (say("deviation"), _score(total.deviation), say("how_deviation", places="4")),
    ]
    columns = (Column(say("figure")), Column(say("value"), "right"), Column(say("how"), wrap=True))
    return Table(columns, tuple(Row(r) for r in rows))


def _parts(found: CohortStatistics, say: Phrases) -> list[Block]:
    roots = [p for p in found.parts if p.level == 1]
    blocks: list[Block] = []
    if roots:
        blocks += [Heading(say("level1"), 2), _part_table(roots, say)]
    weakest = found.weakest(3)
    if weakest:
        blocks += [Heading(say("weakest3"), 2), _part_table(weakest, say)]
    return blocks


def _part_table(parts: Sequence[PartSummary], say: Phrases) -> Table:
    return _summaries("indicator", [(f"{p.code} {p.name}".strip(), p.figures) for p in parts], say)


def _summaries(title: str, named: Sequence[tuple[str, Summary]], say: Phrases) -> Table:
    """A row for each summary; the mean of the rates only where it is not the ratio of the sums."""
    both = any(f.mean_of_rates != f.rate_of_sums for _, f in named)
    titles = [title, "units", "mean", "rate_of_sums", *(["rates_mean"] if both else []), "highest", "lowest"]
    rows = []
    for name, f in named:
        count = str(f.count) if f.count == f.given else f"{f.count}/{f.given}"
        rates = [_percent(f.rate_of_sums), *([_percent(f.mean_of_rates)] if both else [])]
        rows.append((name, count, _mean(f.mean), *rates, _score(f.highest), _score(f.lowest)))
    return _table([say(t) for t in titles], rows)


def _grades(found: CohortStatistics, say: Phrases) -> Table:
    rows = [(g, str(n)) for g, n in found.grades.items()]
    without = len(found.units) - sum(found.grades.values())
    if without:
        rows.append((say("ungraded"), str(without)))
    return _table([say("grade"), say("units")], rows)


def _groups(key: str, groups: Mapping[str, CohortStatistics], say: Phrases) -> Table:
    return _summaries(key, [(name, group.total) for name, group in groups.items()], say)


def _rates_by(found: CohortStatistics, groups: Mapping[str, CohortStatistics], say: Phrases) -> Table:
    rows = []
    for part in found.parts:
        if part.level == 1:
            of = [next((p for p in g.parts if (p.level, p.name) == (1, part.name)), None) for g in groups.values()]
            rows.append((part.name, *(_percent(p.figures.rate_of_sums) if p is not None else "–" for p in of)))
    return _table([say("indicator"), *groups], rows)


def _ranks(found: CohortStatistics, say: Phrases) -> Table:
    columns = (
        Column(say("place")), Column(say("unit"), wrap=True), Column(say("type"), wrap=True), Column(say("score"), "right"),
        Column(say("rate"), "right"), Column(say("grade")),
    )  # fmt: skip
    rows = []
    for r in found.ranks:
        place = say("tied", place=str(r.place)) if r.tied else str(r.place)
        rows.append(Row((place, r.unit.name, r.unit.unit_type, _score(r.unit.score), _percent(r.unit.rate), r.unit.grade or "–")))
    return Table(columns, tuple(rows))


def _outliers(found: CohortStatistics, say: Phrases) -> list[Block]:
    blocks: list[Block] = [Heading(say("outliers"), 2)]
    if len(found.ranks) < LEAST_FOR_OUTLIERS:
        return [*blocks, Paragraph(say("outlier_few", least=str(LEAST_FOR_OUTLIERS)))]
    blocks.append(Paragraph(say("outlier_rule", measure=say("score" if found.by_score else "rate")), "dim"))
    if not found.outliers:
        return [*blocks, Paragraph(say("outlier_none"))]
    show = points_text if found.by_score else _percent
    items = []
    for o in found.outliers:
        value = (o.unit.score if found.by_score else o.unit.rate) or 0
        items.append(Item(say(o.side, unit=o.unit.name, value=show(value), fence=show(o.fence))))
    return [*blocks, Items(tuple(items))]


def _open(found: CohortStatistics, say: Phrases) -> list[Block]:
    blocks: list[Block] = []
    if found.undecided:
        items = tuple(Item(f"{u.name}{'：' if say.language == 'zh' else ': '}{_state(u, say)}", tone="warn") for u in found.undecided)
        blocks += [Heading(say("open"), 2), Items(items)]
    if found.missing:
        lines = []
        for name, units in found.missing.items():
            shown = say.comma.join(units[:_MOST_NAMES]) + ("…" if len(units) > _MOST_NAMES else "")
            lines.append(Item(say("missing_item", name=name, count=str(len(units)), units=shown)))
        blocks += [Heading(say("missing"), 2), Items(tuple(lines))]
    return blocks


def _state(unit: UnitScore, say: Phrases) -> str:
    names = say.comma.join(unit.waiting[:_MOST_NAMES]) + ("…" if len(unit.waiting) > _MOST_NAMES else "")
    told = say(f"state_{unit.state}", names=names) if unit.state != "decided" else ""
    between = say("open_between", low=points_text(unit.bounds[0]), high=points_text(unit.bounds[1])) if unit.bounds else ""
    return ("；" if say.language == "zh" else "; ").join(t for t in (between, told) if t)


# ---- plain data ------------------------------------------------------------------------------


def cohort_data(found: CohortStatistics, text: CohortText) -> dict[str, Any]:
    """The same as plain data of a stable shape; numbers are exact texts."""
    return {
        "shape": 1,
        "paragraph": paragraph(found, text),
        **_statistics(found),
        "groups": {key: {name: _statistics(g) for name, g in groups.items()} for key, groups in found.groups.items()},
        "units": [
            {"unit": u.name, "unit_type": u.unit_type, "level": u.level, "region": u.region, "state": u.state, "score": _exact(u.score),
             "full_score": exact_text(u.full), "rate": _exact(u.rate), "grade": u.grade, "waiting": list(u.waiting),
             "bounds": None if u.bounds is None else {"low": exact_text(u.bounds[0]), "high": exact_text(u.bounds[1])}}
            for u in found.units
        ],
    }  # fmt: skip


def _statistics(found: CohortStatistics) -> dict[str, Any]:
    return {
        "total": _summary(found.total),
        "indicators": [{"level": p.level, "code": p.code, "name": p.name, **_summary(p.figures)} for p in found.parts],
        "weakest": [p.name for p in found.weakest(1)],
        "grades": dict(found.grades),
        "ranked_by": "score" if found.by_score else "rate",
        "ranks": [{"place": r.place, "tied": r.tied, "unit": r.unit.name, "score": _exact(r.unit.score)} for r in found.ranks],
        "outliers": [{"unit": o.unit.name, "side": o.side, "fence": exact_text(o.fence)} for o in found.outliers],
        "undecided": [u.name for u in found.undecided],
        "missing": {name: list(units) for name, units in found.missing.items()},
    }


def _summary(figures: Summary) -> dict[str, Any]:
    return {
        "given": figures.given, "counted": figures.count, "sum": exact_text(figures.total), "full": exact_text(figures.full),
        "mean": _exact(figures.mean), "rate_of_sums": _exact(figures.rate_of_sums), "mean_of_rates": _exact(figures.mean_of_rates),
        "median": _exact(figures.median), "highest": _exact(figures.highest), "lowest": _exact(figures.lowest),
        "spread": _exact(figures.spread), "standard_deviation": _exact(figures.deviation),
    }  # fmt: skip


def _exact(value: Exact | None) -> str | None:
    return None if value is None else exact_text(value)
