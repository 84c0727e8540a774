"""Figures of a set of rulesets -> document and plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..dsl.keywords import Language
from ..dsl.numbers import Exact, distance, fixed
from ..engine.indicator_statistics import LEVELS, Counted, Origin, RulesetFigures, SetFigures
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .figures import rate_text

_MOST_NAMED = 20


def statistics_sheet(found: SetFigures, language: Language) -> Document:
    """The figures of a set: its rulesets, the common indicators together, the unit layers."""
    zh = language == "zh"
    blocks: list[Block] = []
    rulesets = found.templates or found.layers
    if rulesets:
        blocks += [Heading("规则集" if zh else "rulesets"), _rulesets(rulesets, language)]
    if found.base:
        blocks += [Heading("比较的基准" if zh else "compared with", 2), _rulesets(found.base, language)]
        blocks += _quantifiable(found, language)
    blocks += _common(found, language)
    if found.layers:
        blocks += _layers(found, language)
    return Document(tuple(blocks))


def _rulesets(figures: Sequence[RulesetFigures], language: Language) -> Table:
    zh = language == "zh"
    titles = ("规则集", "一级", "二级", "三级", "要点", "无要点", "可量化") if zh else (
        "ruleset", "level 1", "level 2", "level 3", "eval. points", "L3 without", "quantifiable")  # fmt: skip
    columns = tuple(Column(t, "right") if i else Column(t, wrap=True) for i, t in enumerate(titles))
    rows = []
    for one in figures:
        parts = (one.common, one.individual)
        counts = [str(sum(p.count(level) for p in parts)) for level in LEVELS]
        points, without = (str(sum(len(getattr(p, name)) for p in parts)) for name in ("points", "without_points"))
        rows.append(Row((_title(one), *counts, points, without, rate_text(one.quantifiable))))
    return Table(columns, tuple(rows))


def _quantifiable(found: SetFigures, language: Language) -> list[Block]:
    """How the quantifiable share of each template differs from that of the one it comes from."""
    told = []
    for one in found.templates or found.layers:
        before = _before(one, found.base)
        if before is not None and before.quantifiable != one.quantifiable:
            more = one.quantifiable > before.quantifiable
            points = fixed(distance(one.quantifiable, before.quantifiable) * 100, 1)
            shares = f"{rate_text(before.quantifiable)} → {rate_text(one.quantifiable)}"
            if language == "zh":
                told.append(Item(f"{one.ruleset.name}：可量化的分值占比{shares}，{'升' if more else '降'}{points}个百分点"))
            else:
                told.append(Item(f"{one.ruleset.name}: quantifiable share of points {shares}, {points} percentage points {'up' if more else 'down'}"))
    return [Items(tuple(told))] if told else []


def _before(one: RulesetFigures, base: Sequence[RulesetFigures]) -> RulesetFigures | None:
    """The base that a ruleset extends, the nearest; else the one of its name."""
    above = [(s.name, s.version) for s in one.ruleset.sources]
    extended = sorted((above.index((b.ruleset.name, b.ruleset.version)), i) for i, b in enumerate(base) if (b.ruleset.name, b.ruleset.version) in above)
    if extended:
        return base[extended[-1][1]]
    return next((b for b in base if b.ruleset.name == one.ruleset.name), None)


def _common(found: SetFigures, language: Language) -> list[Block]:
    zh = language == "zh"
    common = found.common
    levels = [common.count(level) for level in LEVELS]
    shared = len(found.templates or found.layers) > 1
    if zh:
        once = "（几个规则集共有的只计一次）" if shared else ""
        lines = [f"共性指标{once}：一级{levels[0]}项、二级{levels[1]}项、三级{levels[2]}项"]
        points = f"评估要点{len(common.points)}项"
        points += f"，比基准新增{len(found.new_points)}项、不再有{len(found.gone_points)}项" if found.base else ""
        lines += [points, f"没有评估要点的三级指标{len(common.without_points)}项"]
    else:
        once = " (what several rulesets share counts once)" if shared else ""
        lines = [f"common indicators{once}: {levels[0]} of level 1, {levels[1]} of level 2, {levels[2]} of level 3"]
        points = f"{len(common.points)} evaluation points"
        points += f": {len(found.new_points)} new, {len(found.gone_points)} gone against the base" if found.base else ""
        lines += [points, f"{len(common.without_points)} level-3 indicators without evaluation points"]
    named = _named(common.without_points, found.templates or found.layers)
    more = ("…",) if len(named) > _MOST_NAMED else ()
    return [
        Heading("共性指标" if zh else "common indicators", 2),
        *(Paragraph(line, "strong") for line in lines),
        *([Items(tuple(Item(n) for n in (*named[:_MOST_NAMED], *more)))] if named else []),
    ]


def _named(origins: Iterable[Origin], figures: Sequence[RulesetFigures]) -> list[str]:
    """Indicators by origin as their rulesets show them."""
    wanted = set(origins)
    names: dict[Origin, str] = {}
    for one in figures:
        for indicator in one.ruleset.indicators:
            origin = one.ruleset.origins.get(indicator.code, (one.ruleset.name, indicator.code))
            if origin in wanted:
                names.setdefault(origin, f"{indicator.code} {indicator.name}")
    return list(names.values())


def _layers(found: SetFigures, language: Language) -> list[Block]:
    zh = language == "zh"
    titles = ("单位类型", "单位层", "一级", "二级", "三级", "要点") if zh else ("unit type", "layers", "level 1", "level 2", "level 3", "eval. points")
    columns = tuple(Column(t, "right") if i else Column(t, wrap=True) for i, t in enumerate(titles))
    mark = "、" if zh else ", "
    rows = [Row((mark.join(t.types) or "–", str(t.layers), *(str(t.individual[level]) for level in LEVELS), str(t.points))) for t in found.by_type]
    total = (str(len(found.layers)), *(str(found.individual(level)) for level in LEVELS), str(found.individual_points))
    rows.append(Row(("合计" if zh else "total", *total), "strong"))
    second, third, each = (_mean(found.mean(*asked)) for asked in ((2,), (3,), (3, 2)))
    told = (
        f"平均每个单位二级{second}项、三级{third}项；每项二级指标下三级{each}项"
        if zh
        else f"on average {second} of level 2 and {third} of level 3 for each unit; {each} of level 3 for each of level 2"
    )
    return [Heading("个性指标" if zh else "individual indicators", 2), Table(columns, tuple(rows)), Paragraph(told, "strong")]


def _mean(value: Exact | None) -> str:
    return "–" if value is None else fixed(value, 2)


def _title(one: RulesetFigures) -> str:
    return f"{one.ruleset.name} {one.ruleset.version}"


def statistics_data(found: SetFigures) -> dict[str, Any]:
    """The figures as plain data."""
    return {
        "rulesets": [_ruleset_data(f) for f in (*found.templates, *found.layers)],
        "base": [_ruleset_data(f) for f in found.base],
        "common": {
            **_counted_data(found.common),
            "without_points_named": _named(found.common.without_points, found.templates or found.layers),
            **({"new_points": len(found.new_points), "gone_points": len(found.gone_points)} if found.base else {}),
        },
        "individual": {
            "layers": len(found.layers),
            **{f"level{level}": found.individual(level) for level in LEVELS},
            "points": found.individual_points,
            "mean_level2": _mean(found.mean(2)), "mean_level3": _mean(found.mean(3)), "mean_level3_of_level2": _mean(found.mean(3, 2)),
            "by_type": [
                {"types": list(t.types), "layers": t.layers, **{f"level{level}": t.individual[level] for level in LEVELS}, "points": t.points}
                for t in found.by_type
            ],
        },
    }  # fmt: skip


def _counted_data(counted: Counted) -> dict[str, int]:
    return {**{f"level{level}": counted.count(level) for level in LEVELS}, "points": len(counted.points), "without_points": len(counted.without_points)}


def _ruleset_data(one: RulesetFigures) -> dict[str, Any]:
    ruleset = one.ruleset
    return {
        "name": ruleset.name, "version": ruleset.version, "types": list(ruleset.applies), "units": list(ruleset.units),
        "common": _counted_data(one.common), "individual": _counted_data(one.individual), "quantifiable": rate_text(one.quantifiable),
    }  # fmt: skip
