"""Why a unit does not get a grade, and what would get it there, as a document and as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dsl.keywords import Language, word
from ..dsl.model import DataItem, Ruleset
from ..dsl.numbers import exact_text, simplest
from ..engine.solver.why_not import Change, ChangeSet, WhyNot
from .document import Block, Document, Heading, Item, Items, Paragraph
from .figures import points_text
from .values import value_text

SAY: Mapping[str, tuple[str, str]] = {
    "title": ("{unit}：为什么不是“{grade}”", '{unit}: why not "{grade}"'),
    "reached": ("已经是“{grade}”。", 'It has "{grade}" already.'),
    "now": ("现在：总分 {score}，等次 {grade}。", "Now: total {score}, grade {grade}."),
    "distance": ("“{grade}”要 {wanted} 分，还差 {distance} 分。", '"{grade}" asks for {wanted} points; {distance} are wanting.'),
    "enough": ("分数已经够了（“{grade}”要 {wanted} 分）。", 'The points suffice ("{grade}" asks for {wanted}).'),
    "blocked": ("被否决 {codes} 挡住：分数再高也没有用，除非否决不再成立。", "Blocked by veto {codes}: no points help while it applies."),
    "gate": ("门槛没有过：{text}", "A gate is closed: {text}"),
    "one": ("只改一项，即可达到：", "One change would do:"),
    "many": ("同时改{count}项，即可达到：", "{count} changes together would do:"),
    "change": ("{name}：{before} → {after}", "{name}: {before} → {after}"),
    "then": ("总分 {score}，{grade}", "total {score}, {grade}"),
    "evidence": ("要有佐证：{names}", "evidence wanted: {names}"),
    "to_get": ("{name}（尚缺）", "{name} (not there yet)"),
    "none": ("没有不超过{size}项更改的办法（已证明）。", "No set of up to {size} changes would do (proved)."),
    "all": (
        "以上是不超过{size}项更改的全部办法，每一项都少不得；标为“{given}”的数据不动。",
        'These are all the sets of up to {size} changes, each change needed; data marked "{given}" stay.',
    ),
    "more": (
        "可能还有别的办法：没有找完（见 --most、--size、--seconds）。",
        "There may be others: the search was not finished (see --most, --size, --seconds).",
    ),
    "paper": ("佐证《{name}》", 'evidence "{name}"'),
    "handed": ("已交", "there"), "absent": ("未交", "not there"),
}  # fmt: skip


class _Say:
    def __init__(self, language: Language) -> None:
        self.language = language
        self.comma = "、" if language == "zh" else ", "
        self.stop = "；" if language == "zh" else "; "

    def __call__(self, key: str, **facts: str) -> str:
        return SAY[key][0 if self.language == "zh" else 1].format(**facts)


def why_not_document(answer: WhyNot, language: Language) -> Document:
    """The answer as a document."""
    say = _Say(language)
    result = answer.result
    assert result.grade is not None
    blocks: list[Block] = [Heading(say("title", unit=result.unit.name, grade=answer.grade))]
    blocks.append(Paragraph(say("now", score=points_text(result.score or 0), grade=result.grade.grade or "–")))
    names = result.ruleset.scale().grades  # type: ignore[union-attr]
    if result.grade.grade is not None and names.index(result.grade.grade) <= names.index(answer.grade):
        return Document((*blocks, Paragraph(say("reached", grade=answer.grade), "good")))
    blocks += _distance(answer, say)
    sizes = dict.fromkeys(len(s.changes) for s in answer.sets)
    for size in sizes:
        blocks.append(Heading(say("one") if size == 1 else say("many", count=str(size)), 2))
        blocks.append(Items(tuple(_set(s, result.ruleset, say) for s in answer.sets if len(s.changes) == size)))
    given = word("FIXED", language)
    if not answer.complete:
        blocks.append(Paragraph(say("more"), "warn"))
    elif answer.sets:
        blocks.append(Paragraph(say("all", size=str(answer.size), given=given), "dim"))
    else:
        blocks.append(Paragraph(say("none", size=str(answer.size)), "warn"))
    return Document(tuple(blocks))


def _distance(answer: WhyNot, say: _Say) -> list[Block]:
    found: list[Block] = []
    if answer.wanted is not None:
        wanted = points_text(answer.wanted)
        left = simplest(answer.wanted - answer.score)
        facts = {"grade": answer.grade, "wanted": wanted}
        found.append(Paragraph(say("distance", **facts, distance=points_text(left)) if left > 0 else say("enough", **facts)))
    if answer.blocking:
        found.append(Paragraph(say("blocked", codes=say.comma.join(answer.blocking)), "bad"))
    found += [Paragraph(say("gate", text=text), "warn") for text in answer.gates]
    return found


def _set(one: ChangeSet, ruleset: Ruleset, say: _Say) -> Item:
    told = say.stop.join(_change(c, ruleset, say) for c in one.changes)
    grade = one.result.grade.grade if one.result.grade is not None else None
    below = [Item(say("then", score=points_text(one.result.score or 0), grade=grade or "–"))]
    if one.evidence:
        names = (say("to_get", name=e[1:]) if e.startswith("+") else e for e in one.evidence)
        below.append(Item(say("evidence", names=say.comma.join(names))))
    return Item(told, tuple(below))


def _change(change: Change, ruleset: Ruleset, say: _Say) -> str:
    item = ruleset.by_key.get(change.key)
    if isinstance(item, DataItem):
        before, after = (value_text(item, v, say.language) for v in (change.before, change.after))
        return say("change", name=item.name, before=before, after=after)
    before, after = (say("handed" if v else "absent") for v in (change.before, change.after))
    return say("change", name=say("paper", name=change.key.partition(".")[2]), before=before, after=after)


def why_not_data(answer: WhyNot) -> dict[str, Any]:
    """The answer for ``--json``; numbers are exact texts."""
    return {
        "shape": 1,
        "unit": answer.result.unit.name,
        "grade": answer.grade,
        "now": {"score": exact_text(answer.result.score or 0), "grade": answer.result.grade.grade if answer.result.grade else None},
        "wanted": None if answer.wanted is None else exact_text(answer.wanted),
        "distance": None if answer.wanted is None else exact_text(max(0, simplest(answer.wanted - answer.score))),
        "blocked_by": list(answer.blocking),
        "gates": list(answer.gates),
        "size": answer.size,
        "complete": answer.complete,
        "sets": [_set_data(s) for s in answer.sets],
    }


def _set_data(one: ChangeSet) -> dict[str, Any]:
    return {
        "changes": [{"what": c.key, "from": _plain(c.before), "to": _plain(c.after)} for c in one.changes],
        "evidence": [e.removeprefix("+") for e in one.evidence],
        "evidence_missing": [e[1:] for e in one.evidence if e.startswith("+")],
        "score": exact_text(one.result.score or 0),
        "grade": one.result.grade.grade if one.result.grade else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return exact_text(value) if hasattr(value, "numerator") else str(value)
