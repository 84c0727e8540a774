"""``ruleeval problems``: from lost points and findings to write-off, every act in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from ..dsl.keywords import Language
from ..engine.evaluate import evaluate
from ..engine.field_work import PARTIES
from ..engine.problems import ACT, PROBLEM, VIEWPOINTS, Act, Problem, after, feedback_of, problems_in, raised, refusal
from ..files.ledger.database import LedgerError, refused
from ..files.ledger.evaluation import recorded
from ..files.ledger.store import Actor, Ledger
from ..report.phrases import Phrases
from ..report.problem_report import (
    WORDS,
    compare_document,
    done_text,
    due_document,
    feedback_document,
    problem_data,
    problem_document,
    problems_document,
)
from .common import guess_language, json_option, language_option, print_json, say
from .ledger_common import actor, by_option, ledger_option, opened
from .paper import deliver, output_option

_Command = TypeVar("_Command", bound=Callable[..., Any])
#: States and parties as they may be written on the command line: Chinese or English.
_STATES = ("new", "told", "in_hand", "applied", "written_off", "withdrawn")


def one_of(keys: Sequence[str]) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    """Reads an option that is one of some words, in Chinese or as its English key."""
    known = {**{k: k for k in keys}, **{WORDS[k][0]: k for k in keys}}

    def read(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
        if value is not None and value not in known:
            raise click.BadParameter(f"{value}? {', '.join(known)}", context, parameter)
        return None if value is None else known[value]

    return read


def day_of(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    """Reads a date such as 2022-12-31."""
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value}: 2022-12-31?", context, parameter) from error


def on_option(command: _Command) -> _Command:
    return click.option("--on", callback=day_of, help="The day it happened; today by default.")(command)


def date_option(command: _Command) -> _Command:
    return click.option("--date", "on", callback=day_of, help="As things stand on this day; today by default.")(command)


def shared_options(command: _Command) -> _Command:
    """What every command takes that records something."""
    for option in (json_option, language_option, ledger_option, by_option, on_option):
        command = option(command)
    return command


def today() -> date:
    return datetime.now().astimezone().date()


@click.group("problems")
def problems_command() -> None:
    """Problems from raising to write-off. 问题清单与整改销号。"""


# ---- raising -----------------------------------------------------------------------------


@problems_command.command("raise")
@click.argument("entry", type=int)
@shared_options
def raise_command(entry: int, on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Raise the problems of the lost points and findings of evaluation ENTRY of the ledger. 由失分和发现引出问题。"""
    with opened(place, lang, as_json=as_json) as ledger:
        who, day = actor(by), on or today()
        then = recorded(ledger, entry)
        if then.ruleset is None or then.unit is None:
            raise LedgerError("E760", count="1", first=str(entry))
        result = evaluate(then.ruleset, then.unit, then.track)
        unit = {"name": then.unit.name, "level": then.unit.level}
        with ledger.appending() as append:
            known = Counter((p.indicator, p.description) for p in problems_in(ledger.entries()).values() if p.evaluation == entry)
            bodies = [
                {**d, "unit": unit, "on": day.isoformat(), "evaluation": entry, "viewpoint": ""}
                for d in _not_raised(raised(result), known)
            ]
            numbers = [append(PROBLEM, body, who).number for body in bodies]
        now = problems_in(ledger.entries())
    if numbers or as_json:
        _show([now[n] for n in numbers], day, lang, as_json=as_json)
    if not as_json:
        words = Phrases(lang or guess_language(), WORDS)
        say(words("raised" if numbers else "raised_none", entry=str(entry), count=str(len(numbers))))


def _not_raised(bodies: list[dict[str, Any]], known: Counter[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The problems that were not raised before; ``known`` counts those that were."""
    for body in bodies:
        key = (body["indicator"], body["description"])
        if known[key]:
            known[key] -= 1
        else:
            yield body


@problems_command.command("add")
@click.argument("description")
@click.option("--unit", required=True, help="The unit that it is about.")
@click.option("--level", default="", help="The unit's level.")
@click.option("--indicator", default="", help="Code of the indicator that it belongs to.")
@click.option("--source", default="", help="Where it comes from, such as an audit.")
@click.option("--viewpoint", callback=one_of(VIEWPOINTS), help="Its cause: objective, subjective, inevitable, accidental.")
@click.option("--evidence", multiple=True, help="Evidence of it; as often as needed.")
@shared_options
def add_command(
    description: str, unit: str, level: str, indicator: str, source: str, viewpoint: str | None, evidence: tuple[str, ...],
    on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Add a problem found otherwise than by lost points. 登记发现的问题。"""
    day = on or today()
    body = {
        "unit": {"name": unit, "level": level or None}, "description": description, "on": day.isoformat(), "indicator": indicator, "lost": "",
        "type": None, "evaluation": None, "source": source, "viewpoint": viewpoint or "", "evidence": list(evidence),
    }  # fmt: skip
    with opened(place, lang, as_json=as_json, create=True) as ledger:
        number = ledger.append(PROBLEM, body, actor(by)).number
        now = problems_in(ledger.entries())[number]
    if as_json:
        print_json(problem_data(now, day))
    else:
        say(Phrases(lang or guess_language(), WORDS)("added", number=str(number)))


# ---- acts --------------------------------------------------------------------------------


def _acted(ledger: Ledger, numbers: Sequence[int], name: str, who: Actor, day: date, data: dict[str, Any]) -> list[Problem]:
    """Do one act on some problems, on all or on none."""
    done = []
    with ledger.appending() as append:
        now = problems_in(ledger.entries())
        for number in numbers:
            if number not in now:
                raise LedgerError("E780", number=str(number))
            body = {**data, "problem": number, "act": name, "on": day.isoformat()}
            act = Act(name, who.name, day, 0, body)
            reason = refusal(now[number], act)
            if reason is not None:
                raise refused(reason)
            append(ACT, body, who)
            done.append(after(now[number], act))
    return done


def _act(
    number: int, name: str, data: dict[str, Any], on: date | None, by: str | None, place: str | None, lang: Language | None, *, as_json: bool
) -> None:
    day = on or today()
    with opened(place, lang, as_json=as_json) as ledger:
        (problem,) = _acted(ledger, [number], name, actor(by), day, data)
    if as_json:
        print_json(problem_data(problem, day))
    else:
        say(done_text(problem, name, lang or guess_language()))


@problems_command.command("verify")
@click.argument("number", type=int)
@click.option("--party", callback=one_of(PARTIES), required=True, help="Who was asked: unit, approving_body, recipients.")
@click.option("--denies", is_flag=True, help="The party does not confirm it.")
@shared_options
def verify_command(number: int, party: str, denies: bool, on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Record that a party confirms (or denies) problem NUMBER. 核实。"""
    _act(number, "verify", {"party": party, "agrees": not denies}, on, by, place, lang, as_json=as_json)


@problems_command.command("classify")
@click.argument("number", type=int)
@click.option("--type", "kind", required=True, help="Problem type.")
@click.option("--class", "problem_class", type=click.Choice(["1", "2", "3"]), required=True, help="1 deadline, 2 study, 3 policy reserve.")
@click.option("--authority", required=True, help="Who can put it right.")
@click.option("--urgency", required=True, help="How soon.")
@click.option("--days", type=click.IntRange(1, 3650), help="Days for rectification; class 1 must have them.")
@shared_options
def classify_command(
    number: int, kind: str, problem_class: str, authority: str, urgency: str, days: int | None,
    on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool,
) -> None:  # fmt: skip
    """Give problem NUMBER its type, class, authority and urgency. 归类。"""
    given = {"name": kind, "class": problem_class, "authority": authority, "urgency": urgency, "days": None if days is None else str(days)}
    _act(number, "classify", {"type": given}, on, by, place, lang, as_json=as_json)


@problems_command.command("withdraw")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@shared_options
def withdraw_command(number: int, reason: str, on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Withdraw problem NUMBER: it stays on record, out of the formal feedback. 撤回。"""
    _act(number, "withdraw", {"reason": reason}, on, by, place, lang, as_json=as_json)


@problems_command.command("start")
@click.argument("number", type=int)
@click.option("--reason", default="", help="What will be done.")
@shared_options
def start_command(number: int, reason: str, on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Begin to put problem NUMBER right. 开始整改。"""
    _act(number, "start", {"reason": reason}, on, by, place, lang, as_json=as_json)


@problems_command.command("apply")
@click.argument("number", type=int)
@click.option("--evidence", multiple=True, help="What shows that it was put right; as often as needed.")
@shared_options
def apply_command(number: int, evidence: tuple[str, ...], on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Put problem NUMBER forward for write-off. 申请销号。"""
    _act(number, "apply", {"evidence": [e for e in evidence if e.strip()]}, on, by, place, lang, as_json=as_json)


@problems_command.command("return")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@shared_options
def return_command(number: int, reason: str, on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Send problem NUMBER back to be put right. 退回。"""
    _act(number, "return", {"reason": reason}, on, by, place, lang, as_json=as_json)


@problems_command.command("write-off")
@click.argument("number", type=int)
@click.option("--reason", default="", help="What was checked.")
@shared_options
def write_off_command(number: int, reason: str, on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Write problem NUMBER off; never by those who put it right. 核销。"""
    _act(number, "write_off", {"reason": reason}, on, by, place, lang, as_json=as_json)


@problems_command.command("extend")
@click.argument("number", type=int)
@click.option("--until", callback=day_of, required=True, help="The new deadline.")
@click.option("--reason", required=True)
@shared_options
def extend_command(number: int, until: date, reason: str, on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool) -> None:
    """Give problem NUMBER a later deadline. 延期。"""
    _act(number, "extend", {"until": until.isoformat(), "reason": reason}, on, by, place, lang, as_json=as_json)


@problems_command.command("feedback")
@click.argument("unit")
@click.option("--formal/--informal", default=False, help="The formal round; the informal one by default.")
@click.option("--problem", "chosen", type=int, multiple=True, help="Only this problem; all new ones by default.")
@shared_options
@output_option
def feedback_command(
    unit: str, formal: bool, chosen: tuple[int, ...], on: date | None, by: str | None, place: str | None, lang: Language | None, as_json: bool,
    output: Path | None,
) -> None:  # fmt: skip
    """Feed problems back to UNIT and print the paper. 非正式反馈、正式反馈。

    The formal round waits for verification by two parties and for classification.
    """
    name = "formal" if formal else "informal"
    day = on or today()
    with opened(place, lang, as_json=as_json) as ledger:
        fresh = [p.number for p in problems_in(ledger.entries()).values() if p.unit == unit and p.state == "new"]
        if not fresh or not set(chosen) <= set(fresh):
            raise LedgerError("E788", unit=unit)
        done = _acted(ledger, chosen or fresh, name, actor(by), day, {})
    language = lang or guess_language()
    deliver(feedback_document(unit, name, done, language), language, lambda: [problem_data(p, day) for p in done], output=output, as_json=as_json)


# ---- looking -----------------------------------------------------------------------------


def _known(place: str | None, on: date | None, lang: Language | None, *, as_json: bool) -> list[Problem]:
    with opened(place, lang, as_json=as_json) as ledger:
        return list(problems_in(ledger.entries(), on).values())


def _show(
    problems: Sequence[Problem], on: date, lang: Language | None, *, as_json: bool, title: str = "list", output: Path | None = None
) -> None:
    language = lang or guess_language()
    document = problems_document(problems, on, language, title)
    deliver(document, language, lambda: [problem_data(p, on) for p in problems], output=output, as_json=as_json)


@problems_command.command("list")
@click.option("--unit", help="Only those of this unit.")
@click.option("--state", callback=one_of(_STATES), help="Only those in this state.")
@date_option
@ledger_option
@language_option
@json_option
@output_option
def list_command(unit: str | None, state: str | None, on: date | None, place: str | None, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """List problems as they stand on a day. 问题清单。"""
    found = [p for p in _known(place, on, lang, as_json=as_json) if unit in (None, p.unit) and state in (None, p.state)]
    _show(found, on or today(), lang, as_json=as_json, output=output)


@problems_command.command("show")
@click.argument("number", type=int)
@date_option
@ledger_option
@language_option
@json_option
@output_option
def show_command(number: int, on: date | None, place: str | None, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """Show problem NUMBER with all that was done about it. 查看一个问题。"""
    with opened(place, lang, as_json=as_json) as ledger:
        found = problems_in(ledger.entries(), on).get(number)
        if found is None:
            raise LedgerError("E780", number=str(number))
    language = lang or guess_language()
    deliver(problem_document(found, language), language, lambda: problem_data(found, on or today()), output=output, as_json=as_json)


@problems_command.command("compare")
@click.argument("unit")
@ledger_option
@language_option
@json_option
@output_option
def compare_command(unit: str, place: str | None, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """How the formal feedback to UNIT differs from the informal. 两轮反馈对照。"""
    found = [p for p in _known(place, None, lang, as_json=as_json) if p.unit == unit]
    language, told = lang or guess_language(), feedback_of(found)
    data = {k: list(getattr(told, k)) for k in ("informal", "formal", "withdrawn", "added", "pending")}
    deliver(compare_document(unit, found, language), language, lambda: data, output=output, as_json=as_json)


@problems_command.command("due")
@date_option
@ledger_option
@language_option
@json_option
@output_option
def due_command(on: date | None, place: str | None, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """What is overdue on a day, and what is due within 7, 15 and 30 days. 超期与到期提醒。"""
    day = on or today()
    found = _known(place, on, lang, as_json=as_json)
    language = lang or guess_language()
    data = [problem_data(p, day) for p in found if p.is_overdue(day) or p.reminder(day) is not None]
    deliver(due_document(found, day, language), language, lambda: data, output=output, as_json=as_json)


@problems_command.command("reserve")
@date_option
@ledger_option
@language_option
@json_option
@output_option
def reserve_command(on: date | None, place: str | None, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """Problems kept for policy work (class 3). 政策储备。"""
    found = [p for p in _known(place, on, lang, as_json=as_json) if p.is_reserve()]
    _show(found, on or today(), lang, as_json=as_json, title="reserve", output=output)
