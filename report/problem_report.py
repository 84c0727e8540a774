"""Problems on paper: the list, one problem with its history, feedback, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ..dsl.keywords import Language
from ..dsl.numbers import divide
from ..engine.problem_words import WORDS as TRADE
from ..engine.problems import Act, Feedback, Problem, feedback_of, written_off_rate
from .document import Block, Column, Document, Heading, Item, Items, Paragraph, Row, Table, Tone
from .figures import rate_text
from .phrases import Phrases

WORDS: Mapping[str, tuple[str, str]] = {
    **TRADE,
    "list": ("问题清单", "problems"),
    "none": ("没有这样的问题。", "there is no such problem."),
    "number": ("号", "no."),
    "of_unit": ("单位", "unit"),
    "what": ("问题", "problem"),
    "type": ("类型", "type"),
    "class": ("类别", "class"),
    "state": ("状态", "state"),
    "deadline": ("期限", "deadline"),
    "left": ("还有", "left"),
    "class_0": ("未归类", "none"),
    "class_1": ("一类", "1"),
    "class_2": ("二类", "2"),
    "class_3": ("三类", "3"),
    "overdue_days": ("已超{days}日", "{days} days late"),
    "days": ("{days}日", "{days} days"),
    "indicator": ("（{code}，失{lost}分）", " ({code}, lost {lost})"),
    "rate": ("已核销{done}个，共{all}个，销号率{rate}", "written off: {done} of {all}, {rate}"),
    "raised": ("由第{entry}条评估结果引出问题{count}个", "problems raised from evaluation {entry}: {count}"),
    "raised_none": ("第{entry}条评估结果没有引出新的问题", "evaluation {entry} raises no further problem"),
    "added": ("已登记第{number}号问题", "problem {number} is in the ledger"),
    "done": ("第{number}号问题：{act}，现为“{state}”{deadline}", 'problem {number}: {act}; it is now "{state}"{deadline}'),
    "done_verify": ("核实（{status}）", "verify ({status})"),
    "until": ("，期限{date}", ", deadline {date}"),
    "one": ("第{number}号问题　{what}", "problem {number}: {what}"),
    "about": ("单位：{unit}", "unit: {unit}"),
    "kind": ("类型：{type}　{shown}　权限：{authority}　紧要程度：{urgency}", "type: {type}; class {shown}; authority: {authority}; urgency: {urgency}"),
    "standing": ("状态：{state}{deadline}", "state: {state}{deadline}"),
    "verified_by": ("核实：{status}（{parties}）", "verification: {status} ({parties})"),
    "nobody": ("尚无", "nobody yet"),
    "viewpoint": ("成因：{viewpoint}", "cause: {viewpoint}"),
    "source": ("来源：{source}", "source: {source}"),
    "evidence": ("佐证：{evidence}", "evidence: {evidence}"),
    "history": ("经过", "history"),
    "act": ("{on}　{act}　{actor}{said}", "{on}: {act}, {actor}{said}"),
    "said": ("：{text}", ": {text}"),
    "informal_title": ("{unit} 待确认问题（非正式反馈）", "{unit}: points to confirm (informal feedback)"),
    "formal_title": ("{unit} 评估发现问题反馈意见", "{unit}: formal feedback"),
    "informal_point": ("第{number}号　{what}", "{number}: {what}"),
    "formal_point": ("第{number}号　{what}。{opinion}", "{number}: {what}. {opinion}"),
    "opinion_1": ("一类，请于{deadline}（含）前整改并申请销号。", "Class 1: to be put right by {deadline}, then put forward for write-off."),
    "opinion_2": ("二类，权限 {authority}，另行研究提出调整意见{until}。", "Class 2, authority {authority}: a proposal will be worked out{until}."),
    "opinion_2_until": ("，{deadline}（含）前办结", " by {deadline}"),
    "opinion_3": ("三类，纳入政策储备。", "Class 3: kept for policy work."),
    "opinion_now": ("能立行立改的，请即改正。", "What can be corrected at once is to be corrected at once."),
    "compare_title": ("{unit} 两轮反馈对照", "{unit}: informal and formal feedback"),
    "both": ("两轮都有：{numbers}", "in both: {numbers}"),
    "taken_back": ("非正式反馈后撤回（留在记录，不入正式文件）：{numbers}", "withdrawn after the informal round (on record, not in the document): {numbers}"),
    "because": ("第{number}号 {reason}", "{number}: {reason}"),
    "new_ones": ("正式反馈新增：{numbers}", "added in the formal round: {numbers}"),
    "open_ones": ("非正式反馈过、尚未正式反馈：{numbers}", "told informally, not yet formally: {numbers}"),
    "nothing": ("无", "none"),
    "due_title": ("{date} 到期与超期", "due and overdue on {date}"),
    "overdue": ("超期", "overdue"),
    "within": ("{days}日内到期", "due within {days} days"),
    "reserve": ("政策储备", "policy reserve"),
}


def problems_document(problems: Sequence[Problem], on: date, language: Language, title: str = "list") -> Document:
    """Problems, one a row, and the share written off."""
    say = Phrases(language, WORDS)
    if not problems:
        return Document((Paragraph(say("none")),))
    columns = (
        Column(say("number"), "right"), Column(say("of_unit"), wrap=True), Column(say("what"), wrap=True), Column(say("class")),
        Column(say("state")), Column(say("deadline")), Column(say("left"), "right"),
    )  # fmt: skip
    done, everything = written_off_rate(problems)
    blocks: list[Block] = [Heading(say(title)), Table(columns, tuple(_row(p, on, say) for p in problems))]
    if everything and title == "list":
        blocks.append(Paragraph(say("rate", done=str(done), all=str(everything), rate=rate_text(divide(done, everything)))))
    return Document(tuple(blocks))


def _row(problem: Problem, on: date, say: Phrases) -> Row:
    left = problem.days_left(on)
    shown = "" if left is None else say("days", days=str(left)) if left >= 0 else say("overdue_days", days=str(-left))
    tone: Tone = "bad" if left is not None and left < 0 else "plain"
    deadline = problem.deadline.isoformat() if problem.deadline is not None else ""
    return Row((str(problem.number), problem.unit, what(problem, say), say(f"class_{problem.problem_class}"), say(problem.state), deadline, shown), tone)


def what(problem: Problem, say: Phrases) -> str:
    """A problem in a few words: its type or description, and the points it cost."""
    name = problem.type if problem.type and problem.indicator else problem.description
    return name + (say("indicator", code=problem.indicator, lost=problem.lost) if problem.indicator and problem.lost else "")


def problem_document(problem: Problem, language: Language) -> Document:
    """One problem with all that was done about it."""
    say = Phrases(language, WORDS)
    parties = say.comma.join(say(p) for p in problem.confirmed) or say("nobody")
    deadline = say("until", date=problem.deadline.isoformat()) if problem.deadline is not None else ""
    lines = [
        say("about", unit=problem.unit),
        say("kind", type=problem.type or "–", shown=say(f"class_{problem.problem_class}"), authority=problem.authority or "–", urgency=problem.urgency or "–"),
        say("standing", state=say(problem.state), deadline=deadline),
        say("verified_by", status=say(problem.verification), parties=parties),
    ]  # fmt: skip
    lines += [say("viewpoint", viewpoint=say(problem.viewpoint))] if problem.viewpoint else []
    lines += [say("source", source=problem.source)] if problem.source else []
    lines += [say("evidence", evidence=say.comma.join(problem.evidence))] if problem.evidence else []
    history = tuple(Item(_act_text(a, say)) for a in problem.acts)
    blocks: list[Block] = [Heading(say("one", number=str(problem.number), what=what(problem, say))), *(Paragraph(line) for line in lines)]
    return Document((*blocks, *((Heading(say("history"), 2), Items(history)) if history else ())))


def _act_text(act: Act, say: Phrases) -> str:
    data = act.data
    party = [say(data["party"])] if "party" in data else []
    parts = [*party, *data.get("evidence", ()), *(str(data[k]) for k in ("until", "reason") if data.get(k))]
    said = say("said", text=say.comma.join(parts)) if parts else ""
    return say("act", on=act.on.isoformat(), act=say(act.name), actor=act.actor, said=said)


def done_text(problem: Problem, act: str, language: Language) -> str:
    """That an act was done, and where the problem stands now."""
    say = Phrases(language, WORDS)
    deadline = say("until", date=problem.deadline.isoformat()) if problem.deadline is not None and problem.is_open() else ""
    shown = say("done_verify", status=say(problem.verification)) if act == "verify" else say(act)
    return say("done", number=str(problem.number), act=shown, state=say(problem.state), deadline=deadline)


def feedback_document(unit: str, round_: str, problems: Sequence[Problem], language: Language) -> Document:
    """The paper of one round: points to confirm, or problems with rectification opinions."""
    say = Phrases(language, WORDS)
    items = tuple(Item(_point(p, round_, say)) for p in problems)
    blocks: list[Block] = [Heading(say(f"{round_}_title", unit=unit)), Items(items)]
    return Document((*blocks, Paragraph(say("opinion_now"))) if round_ == "formal" else tuple(blocks))


def _point(problem: Problem, round_: str, say: Phrases) -> str:
    number, text = str(problem.number), what(problem, say)
    if round_ == "informal":
        return say("informal_point", number=number, what=text)
    deadline = problem.deadline.isoformat() if problem.deadline is not None else ""
    until = say("opinion_2_until", deadline=deadline) if deadline else ""
    opinion = say(f"opinion_{problem.problem_class}", deadline=deadline, authority=problem.authority, until=until)
    return say("formal_point", number=number, what=text, opinion=opinion)


def compare_document(unit: str, problems: Sequence[Problem], language: Language) -> Document:
    """The two rounds held against each other."""
    say = Phrases(language, WORDS)
    told: Feedback = feedback_of(problems)
    by_number = {p.number: p for p in problems}
    both = [n for n in told.formal if n in told.informal]
    back = say.comma.join(say("because", number=str(n), reason=by_number[n].reason) for n in told.withdrawn)
    lines = [
        say("both", numbers=_numbers(both, say)), say("taken_back", numbers=back or say("nothing")),
        say("new_ones", numbers=_numbers(told.added, say)), say("open_ones", numbers=_numbers(told.pending, say)),
    ]  # fmt: skip
    return Document((Heading(say("compare_title", unit=unit)), Items(tuple(Item(line) for line in lines))))


def _numbers(numbers: Iterable[int], say: Phrases) -> str:
    return say.comma.join(map(str, numbers)) or say("nothing")


def due_document(problems: Sequence[Problem], on: date, language: Language) -> Document:
    """What is overdue on a day, and what is due within 7, 15 and 30 days."""
    say = Phrases(language, WORDS)
    blocks: list[Block] = [Heading(say("due_title", date=on.isoformat()))]
    groups = [("overdue", [p for p in problems if p.is_overdue(on)])]
    groups += [(say("within", days=str(r)), [p for p in problems if p.reminder(on) == r]) for r in (7, 15, 30)]
    for name, members in groups:
        if members:
            title = say(name) if name == "overdue" else name
            blocks += [Heading(title, 2), *problems_document(members, on, language, "reserve").blocks[1:]]
    return Document(tuple(blocks) if len(blocks) > 1 else (blocks[0], Paragraph(say("none"))))


def problem_data(problem: Problem, on: date) -> dict[str, Any]:
    """One problem as plain data; its shape is stable."""
    return {
        "number": problem.number, "unit": problem.unit, "level": problem.level, "description": problem.description,
        "indicator": problem.indicator, "lost": problem.lost, "evaluation": problem.evaluation, "source": problem.source,
        "type": problem.type, "class": problem.problem_class, "authority": problem.authority, "urgency": problem.urgency,
        "days": problem.days, "viewpoint": problem.viewpoint, "evidence": list(problem.evidence),
        "verification": problem.verification, "confirmed": list(problem.confirmed), "denied": list(problem.denied),
        "state": problem.state, "told_on": _day(problem.told_on), "deadline": _day(problem.deadline),
        "days_left": problem.days_left(on), "overdue": problem.is_overdue(on), "reminder": problem.reminder(on),
        "told_informally": problem.told_informally, "reason": problem.reason,
        "acts": [{"act": a.name, "on": a.on.isoformat(), "by": a.actor, "entry": a.number} for a in problem.acts],
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
