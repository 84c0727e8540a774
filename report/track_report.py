"""Tracks side by side on paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dsl.keywords import Language
from ..dsl.numbers import Exact, distance, exact_text
from ..engine.record import Result
from ..engine.tracks import TrackComparison, TrackLine
from .document import Block, Column, Document, Heading, Paragraph, Row, Table, Tone
from .figures import score_text
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("{unit} 各轨道得分对照", "{unit}: tracks side by side"),
    "ruleset": ("规则集：{name} {version}", "ruleset: {name} {version}"),
    "code": ("编码", "code"),
    "name": ("指标", "indicator"),
    "self": ("自评", "self"),
    "on_site": ("实地评估", "on-site"),
    "third_party": ("第三方", "third party"),
    "difference": ("差", "difference"),
    "open": ("待定", "open"),
    "out": ("不适用", "n/a"),
    "others": ("其余相差不超过{limit}分的{count}项", "{count} others that differ by {limit} or less"),
    "rest": ("补足、上下限、修约、否决", "made up, limits, rounding, vetoes"),
    "together": ("合计", "total"),
    "direction": ("{second}比{first}{sign}{points}分", "{second} is {points} {sign} {first}"),
    "higher": ("高", "above"),
    "lower": ("低", "below"),
    "same": ("两个轨道总分相同", "both tracks have the same total"),
    "grade": ("等次按{track}定：{grade}", "the grade is that of {track}: {grade}"),
    "no_grade": ("等次按{track}定，这里没有它的结果，不用别的轨道顶替", "the grade is that of {track}, which is not here; no other track stands in for it"),
    "grade_open": ("等次按{track}定，暂不能确定", "the grade is that of {track}, which is open"),
}


def tracks_document(compared: TrackComparison, limit: Exact | None, language: Language) -> Document:
    """The table of scores, what the totals differ by, and the grade of the deciding track."""
    say = Phrases(language, WORDS)
    first = compared.results[0]
    blocks: list[Block] = [
        Heading(say("title", unit=first.unit.name)),
        Paragraph(say("ruleset", name=compared.ruleset.name, version=compared.ruleset.version), "dim"),
        _table(compared, limit, say),
        Paragraph(_direction(compared, say)),
        Paragraph(_grade(compared, say), "strong"),
    ]
    return Document(tuple(blocks))


def _table(compared: TrackComparison, limit: Exact | None, say: Phrases) -> Table:
    results = compared.results
    titles = [Column(say("code")), Column(say("name"), wrap=True), *(Column(say(r.track), "right") for r in results), Column(say("difference"), "right")]
    shown = compared.lines if limit is None else compared.over(limit)
    rows = [_row(line, say) for line in shown]
    blanks = ("",) * len(results)
    if limit is not None and len(shown) < len(compared.lines):
        facts = {"limit": exact_text(limit), "count": str(len(compared.lines) - len(shown))}
        rows.append(Row(("", say("others", **facts), *blanks, signed(compared.within(limit))), "dim"))
    if compared.rest:
        rows.append(Row(("", say("rest"), *blanks, signed(compared.rest)), "dim"))
    totals = tuple(say("open") if r.score is None else score_text(r.score) for r in results)
    rows.append(Row(("", say("together"), *totals, _difference(compared.difference, say)), "strong"))
    return Table(tuple(titles), tuple(rows))


def _row(line: TrackLine, say: Phrases) -> Row:
    cells = tuple(
        say("out") if out else say("open") if score is None else score_text(score) for score, out in zip(line.scores, line.out, strict=True)
    )
    tone: Tone = "warn" if line.difference is None else "plain"
    return Row((line.code, line.name, *cells, _difference(line.difference, say)), tone)


def _difference(value: Exact | None, say: Phrases) -> str:
    return say("open") if value is None else signed(value)


def signed(value: Exact) -> str:
    """A difference with its sign; zero without one."""
    if not value:
        return "0"
    return f"+{score_text(value)}" if value > 0 else f"−{score_text(-value)}"


def _direction(compared: TrackComparison, say: Phrases) -> str:
    value = compared.difference
    if value is None:
        return say("open")
    if not value:
        return say("same")
    first, second = (say(r.track) for r in compared.results[:2])
    return say("direction", first=first, second=second, sign=say("higher" if value > 0 else "lower"), points=score_text(distance(value, 0)))


def _grade(compared: TrackComparison, say: Phrases) -> str:
    deciding: Result | None = compared.deciding
    track = say(compared.ruleset.deciding_track)
    if deciding is None:
        return say("no_grade", track=track)
    grade = deciding.grade.grade if deciding.grade is not None else None
    return say("grade_open", track=track) if grade is None else say("grade", track=track, grade=grade)


def tracks_data(compared: TrackComparison, limit: Exact | None) -> dict[str, Any]:
    """The same as plain data, every number exact; its shape is stable."""
    deciding = compared.deciding
    chosen = compared.lines if limit is None else compared.over(limit)
    return {
        "shape": 1,
        "unit": compared.results[0].unit.name,
        "ruleset": {"name": compared.ruleset.name, "version": compared.ruleset.version, "digest": compared.ruleset.digest},
        "deciding_track": compared.ruleset.deciding_track,
        "grade": deciding.grade.grade if deciding is not None and deciding.grade is not None else None,
        "tracks": [{"track": r.track, "state": r.state, "score": _text(r.score)} for r in compared.results],
        "difference": _text(compared.difference),
        "over": _text(limit),
        "indicators": [
            {
                "code": line.code, "name": line.name, "scores": [_text(s) for s in line.scores], "not_applicable": list(line.out),
                "difference": _text(line.difference),
            }
            for line in chosen
        ],
        "within": None if limit is None else exact_text(compared.within(limit)),
        "rest": _text(compared.rest),
    }  # fmt: skip


def _text(value: Exact | None) -> str | None:
    return None if value is None else exact_text(value)
