"""What a change does to units, as a document and as plain data."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..dsl.keywords import Language
from ..dsl.layers.difference import Change, Difference
from ..dsl.numbers import Exact, distance, divide, exact_text
from ..engine.impact import MOST_SHAPLEY, Impact, UnitImpact
from .difference_sheet import thing_text
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table
from .figures import points_text, score_text
from .layers_sheet import aspect_word

_MOST_ROWS = 200


def bundle_texts(impact: Impact, language: Language) -> tuple[str, ...]:
    """What each bundle changes, in one line."""
    return tuple(_bundle_text([impact.edits[i] for i in b.edits], impact, language) for b in impact.bundles)


def _bundle_text(edits: Sequence[Any], impact: Impact, language: Language) -> str:
    zh = language == "zh"
    told: dict[str, list[str]] = {}
    words = {"add": "新增" if zh else "added", "remove": "减少" if zh else "removed"}
    for edit in edits:
        address = edit.address
        if address.group == "item":
            code = address.key if edit.act == "add" else impact.pairs.get(address.key, address.key)
            told.setdefault(code, []).append(aspect_word(address.aspect, language) if address.aspect else words[edit.act])
        else:
            change = Change("changed", address.group, address.kind, address.key, address.key, "", "", "", "")
            told.setdefault(thing_text(change, language), []).append(words.get(edit.act, "调整" if zh else "changed"))
    if zh:
        return "；".join(f"{thing}（{'、'.join(dict.fromkeys(what))}）" for thing, what in told.items())
    return "; ".join(f"{thing} ({', '.join(dict.fromkeys(what))})" for thing, what in told.items())


def impact_sheet(impact: Impact, units: Sequence[UnitImpact], language: Language) -> Document:
    """Every unit before and after, who crosses a line, and what each bundle of changes did."""
    zh = language == "zh"
    old, new = impact.old.ruleset, impact.new.ruleset
    blocks: list[Block] = [Heading(f"{old.name} {old.version} → {new.name} {new.version}")]
    blocks += _asked_day(units, language)
    blocks.append(Items(tuple(Item(line) for line in _summary(units, language))))
    blocks.append(Heading("各项改动的作用" if zh else "what each change did", 2))
    blocks.append(_bundles_table(impact, units, language))
    if any(c.way == "order" for u in units for c in u.contributions or ()):
        blocks.append(Paragraph(_order_note(language), "warn"))
    for title, of in _groupings(language):
        table = _totals(title, of, units, language)
        if len(table.rows) > 1:
            blocks += [Heading(("按" + title) if zh else f"by {title}", 2), table]
    dimensions = _dimensions(impact, units, language)
    if dimensions.rows:
        blocks += [Heading("按维度" if zh else "by dimension", 2), dimensions]
    blocks.append(Heading("各单位" if zh else "units", 2))
    blocks.append(_units_table(units, language))
    if len(units) > _MOST_ROWS:
        text = f"只列变化最大的{_MOST_ROWS}个；全部见 --json" if zh else f"the {_MOST_ROWS} that changed most; all are in --json"
        blocks.append(Paragraph(text, "dim"))
    return Document(tuple(blocks))


def _asked_day(units: Sequence[UnitImpact], language: Language) -> list[Block]:
    """That units are taken as of another day than their files say, where that was asked for."""
    asked = [u.new.unit for u in units if u.new.unit.own_as_of is not None]
    if not asked:
        return []
    day, count = asked[0].as_of.isoformat(), len(asked)
    zh = f"基准日 {day}，是用 --as-of 指定的；{count}个单位的数据文件里是别的日期"
    en = f"as of {day}, asked for with --as-of; the files of {count} units give another date"
    return [Paragraph(zh if language == "zh" else en, "dim")]


def _order_note(language: Language) -> str:
    if language == "zh":
        return f"有的改动合起来才算得出得分，或相互影响的超过{MOST_SHAPLEY}组：标“依次”的按文本先后逐组计入，换个先后数值会不同，合计不变。"
    return (
        f"some changes give a score only together, or more than {MOST_SHAPLEY} of them meet: those marked \"in order\" were taken in the order "
        "of the text; another order gives other parts of the same sum."
    )


def _grade(unit: UnitImpact) -> tuple[str, str]:
    old, new = unit.old.grade, unit.new.grade
    return (old.grade or "?") if old else "", (new.grade or "?") if new else ""


def crossing(unit: UnitImpact) -> int:
    """1 where the grade became better, -1 where it became worse, 0 otherwise."""
    old, new = _grade(unit)
    scale = unit.new.ruleset.scale()
    if scale is None or old not in scale.grades or new not in scale.grades:
        return 0
    before, after = scale.grades.index(old), scale.grades.index(new)
    return (before > after) - (before < after)


def _summary(units: Sequence[UnitImpact], language: Language) -> list[str]:
    zh = language == "zh"
    decided = [u.difference for u in units if u.difference is not None]
    up, down = sum(d > 0 for d in decided), sum(d < 0 for d in decided)
    lines = [
        f"{len(units)}个单位：升{up}个，降{down}个，不变{len(decided) - up - down}个"
        if zh
        else f"{len(units)} units: {up} up, {down} down, {len(decided) - up - down} unchanged"
    ]
    if decided:
        mean = divide(sum(decided), len(decided))
        lines.append(f"得分平均变化 {_signed(mean)}分" if zh else f"mean change of the score {_signed(mean)}")
    moves = Counter(_grade(u) for u in units if _grade(u)[0] != _grade(u)[1])
    for (before, after), count in sorted(moves.items()):
        lines.append(f"等次 {before} → {after}：{count}个" if zh else f"grade {before} → {after}: {count}")
    lost = [u.new.unit.name for u in units if u.old.score is not None and u.new.score is None]
    if lost:
        names = ("、" if zh else "; ").join(lost[:10]) + ("…" if len(lost) > 10 else "")
        lines.append(f"改后算不出得分：{len(lost)}个（{names}）" if zh else f"no longer decided: {len(lost)} ({names})")
    return lines


def _signed(value: Exact) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + points_text(distance(value, 0))


def _bundles_table(impact: Impact, units: Sequence[UnitImpact], language: Language) -> Table:
    zh = language == "zh"
    titles = ("改动", "涉及单位", "合计", "平均", "最低", "最高", "算法") if zh else ("change", "units moved", "sum", "mean", "lowest", "highest", "how")
    columns = tuple(Column(t, "right") if 0 < i < 6 else Column(t, wrap=i == 0) for i, t in enumerate(titles))
    ways = {"alone": "单独" if zh else "alone", "shapley": "沙普利值" if zh else "Shapley", "order": "依次" if zh else "in order"}
    rows = []
    for number, text in enumerate(bundle_texts(impact, language)):
        own = [c for u in units for c in u.contributions or () if c.bundle == number]
        amounts = [c.amount for c in own]
        if not amounts:
            rows.append(Row((text, "0", "–", "–", "–", "–", "")))
            continue
        how = [ways[w] for w in dict.fromkeys(c.way for c in own if c.amount)]
        figures = (sum(amounts), divide(sum(amounts), len(amounts)), min(amounts), max(amounts))
        rows.append(Row((text, str(sum(a != 0 for a in amounts)), *(_signed(f) for f in figures), "、".join(how) if zh else ", ".join(how))))
    return Table(columns, tuple(rows))


def _groupings(language: Language) -> list[tuple[str, Callable[[UnitImpact], str]]]:
    zh = language == "zh"
    return [
        ("类型" if zh else "type", lambda u: u.new.unit.unit_type),
        ("层级" if zh else "level", lambda u: u.new.unit.level or "–"),
    ]


def _grouped(of: Callable[[UnitImpact], str], units: Sequence[UnitImpact]) -> dict[str, list[UnitImpact]]:
    """The decided units by what they are."""
    groups: dict[str, list[UnitImpact]] = defaultdict(list)
    for unit in units:
        if unit.difference is not None:
            groups[of(unit)].append(unit)
    return dict(sorted(groups.items()))


def _totals(title: str, of: Callable[[UnitImpact], str], units: Sequence[UnitImpact], language: Language) -> Table:
    zh = language == "zh"
    titles = (title, "单位数", "原平均分", "现平均分", "平均变化") if zh else (title, "units", "mean before", "after", "mean change")
    rows = []
    for name, members in _grouped(of, units).items():
        before = divide(sum(u.old.score or 0 for u in members), len(members))
        after = divide(sum(u.new.score or 0 for u in members), len(members))
        rows.append(Row((name, str(len(members)), points_text(before), points_text(after), _signed(after - before))))
    return Table(tuple(Column(t, "right") if i else Column(t) for i, t in enumerate(titles)), tuple(rows))


def _dimensions(impact: Impact, units: Sequence[UnitImpact], language: Language) -> Table:
    """The mean score of each radar dimension that both rulesets have."""
    zh = language == "zh"
    titles = ("维度", "原平均分", "现平均分", "平均变化") if zh else ("dimension", "mean before", "after", "mean change")
    rows = [Row((name, points_text(a), points_text(b), _signed(b - a))) for name, a, b in _dimension_means(impact, units)]
    return Table(tuple(Column(t, "right") if i else Column(t) for i, t in enumerate(titles)), tuple(rows))


def _dimension_means(impact: Impact, units: Sequence[UnitImpact]) -> Iterator[tuple[str, Exact, Exact]]:
    """Each dimension of both rulesets with the mean of its indicators together, before and after."""
    old = {d.name: d.codes for d in impact.old.ruleset.dimensions}
    decided = [u for u in units if u.difference is not None]
    for dimension in impact.new.ruleset.dimensions if decided else ():
        if dimension.name not in old:
            continue
        sums = [
            sum(sum((getattr(u, side).indicators[c].score or 0) for c in codes) for u in decided)
            for side, codes in (("old", old[dimension.name]), ("new", dimension.codes))
        ]
        before, after = (divide(s, len(decided)) for s in sums)
        yield dimension.name, before, after


def _units_table(units: Sequence[UnitImpact], language: Language) -> Table:
    zh = language == "zh"
    titles = ("单位", "原得分", "现得分", "变化", "等次") if zh else ("unit", "before", "after", "change", "grade")
    ordered = sorted(units, key=lambda u: (u.difference is not None, 0 - distance(u.difference or 0, 0), u.new.unit.name))
    rows = []
    for unit in ordered[:_MOST_ROWS]:
        before, after = _grade(unit)
        grades = before if before == after else f"{before} → {after}"
        change = "?" if unit.difference is None else _signed(unit.difference)
        tone = "warn" if crossing(unit) < 0 else "good" if crossing(unit) > 0 else "plain"
        rows.append(Row((unit.new.unit.name, _score(unit.old.score), _score(unit.new.score), change, grades), tone))  # type: ignore[arg-type]
    return Table(tuple(Column(t, "right") if 0 < i < 4 else Column(t, wrap=i == 0) for i, t in enumerate(titles)), tuple(rows))


def _score(score: Exact | None) -> str:
    return "?" if score is None else score_text(score)


def impact_data(impact: Impact, units: Sequence[UnitImpact], language: Language) -> dict[str, Any]:
    """The same as plain data; numbers are exact texts."""
    return {
        "old": {"name": impact.old.ruleset.name, "version": impact.old.ruleset.version},
        "new": {"name": impact.new.ruleset.name, "version": impact.new.ruleset.version},
        "bundles": [{"text": t, "meets": next(g for g in impact.groups if n in g)} for n, t in enumerate(bundle_texts(impact, language))],
        "units": [_unit_data(u) for u in units],
        "totals": {
            name: [
                {"name": group, "units": len(members), "old": _mean(members, "old"), "new": _mean(members, "new")}
                for group, members in _grouped(of, units).items()
            ]
            for name, (_, of) in zip(("type", "level"), _groupings(language), strict=True)
        }
        | {"dimension": [{"name": n, "old": exact_text(a), "new": exact_text(b)} for n, a, b in _dimension_means(impact, units)]},
    }


def _mean(members: Sequence[UnitImpact], side: str) -> str:
    return exact_text(divide(sum(getattr(u, side).score or 0 for u in members), len(members)))


def _unit_data(unit: UnitImpact) -> dict[str, Any]:
    before, after = _grade(unit)
    return {
        "as_of": unit.new.unit.as_of.isoformat(), "unit": unit.new.unit.name, "unit_type": unit.new.unit.unit_type, "level": unit.new.unit.level,
        "old": {"state": unit.old.state, "score": _exact(unit.old.score), "grade": before},
        "new": {"state": unit.new.state, "score": _exact(unit.new.score), "grade": after},
        "difference": _exact(unit.difference),
        "contributions": None if unit.contributions is None else [
            {"bundle": c.bundle, "amount": exact_text(c.amount), "way": c.way} for c in unit.contributions
        ],
    }  # fmt: skip


def _exact(value: Exact | None) -> str | None:
    return None if value is None else exact_text(value)


def story(impact: Impact, unit: UnitImpact, found: Difference, language: Language) -> Document:
    """One unit's story: from the score under the old ruleset to that under the new one."""
    zh = language == "zh"
    old, new = impact.old.ruleset, impact.new.ruleset
    name = unit.new.unit.name
    blocks: list[Block] = [Heading(f"{name}：两个版本的得分" if zh else f"{name}: the score under two versions")]
    titles = [f"{r.name} {r.version}" for r in (old, new)]
    scores = [_score(u.score) for u in (unit.old, unit.new)]
    before, after = _grade(unit)
    if zh:
        told = f"按“{titles[0]}”得{scores[0]}分{'、' + before if before else ''}；按“{titles[1]}”得{scores[1]}分{'、' + after if after else ''}。"
    else:
        told = f'Under "{titles[0]}" {scores[0]} points{", " + before if before else ""}; under "{titles[1]}" {scores[1]}{", " + after if after else ""}.'
    blocks += _asked_day([unit], language)
    blocks.append(Paragraph(told, "strong"))
    if unit.contributions is None:
        blocks.append(Paragraph("有一方算不出得分，差额分不到各项改动。" if zh else "one of the two scores is not decided; nothing can be shared out.", "warn"))
        return Document(tuple(blocks))
    texts = bundle_texts(impact, language)
    items = []
    for one in sorted((c for c in unit.contributions if c.amount), key=lambda c: 0 - distance(c.amount, 0)):
        reasons = list(dict.fromkeys(r for i in impact.bundles[one.bundle].edits if (r := _reason(impact.edits[i], found))))
        inner = tuple(Item(f"理由：{r}" if zh else f"reason: {r}", tone="dim") for r in reasons)
        items.append(Item(f"{_signed(one.amount)}  {texts[one.bundle]}", inner))
    difference = unit.difference or 0
    blocks.append(Paragraph((f"相差{_signed(difference)}分，来自：" if zh else f"The difference of {_signed(difference)} comes from:") if items else (
        "各项改动没有动到这个单位的得分。" if zh else "No change moved the score of this unit.")))
    blocks.append(Items(tuple(items)))
    if any(c.way == "order" for c in unit.contributions):
        blocks.append(Paragraph(_order_note(language), "warn"))
    return Document(tuple(blocks))


def _reason(edit: Any, found: Difference) -> str:
    return next((c.reason for c in found.changes if (c.group, c.key, c.aspect) == (edit.address.group, edit.address.key, edit.address.aspect)), "")


