"""Problems to write-off: states, gates, deadlines, and the figures of the worked example."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleeval.engine.problems import Act, Problem, after, refusal, written_off_rate

SAMPLES = Path(__file__).parents[2] / "rulesets"
UNIT = SAMPLES / "liaoning-2022" / "units" / "natural-resources.json"
NAME = "省自然资源厅（示例）"
DAY = date(2022, 11, 5)


def data(done: Result):
    return json.loads(done.stdout)


def act(name: str, actor: str = "甲", on: date = DAY, **said: object) -> Act:
    defaults: dict[str, dict[str, object]] = {
        "verify": {"party": "unit", "agrees": True}, "classify": {"type": {"name": "t", "class": "1", "authority": "a", "urgency": "u", "days": "30"}},
        "apply": {"evidence": ["报告"]}, "withdraw": {"reason": "r"}, "extend": {"until": "2023-06-30", "reason": "r"},
    }  # fmt: skip
    return Act(name, actor, on, 0, {**defaults.get(name, {}), **said})


def problem(**fields: object) -> Problem:
    return Problem(**{"number": 1, "unit": "某单位", "level": "", "description": "d", "raised_on": DAY, **fields})  # type: ignore[arg-type]


def done(start: Problem, *acts: Act) -> Problem:
    for one in acts:
        assert refusal(start, one) is None, (one.name, refusal(start, one))
        start = after(start, one)
    return start


READY = (act("verify"), act("verify", party="recipients"), act("classify"))


def at(state: str) -> Problem:
    """A problem brought to a state by acts that are allowed."""
    steps = {"new": (), "told": (act("formal"),), "in_hand": (act("formal"), act("start")), "applied": (act("formal"), act("apply")),
             "written_off": (act("formal"), act("apply"), act("write_off", "乙")), "withdrawn": (act("withdraw"),)}  # fmt: skip
    return done(problem(), *READY, *steps[state])


ALLOWED = {
    "new": {"verify", "classify", "informal", "withdraw", "formal"}, "told": {"start", "apply", "extend"},
    "in_hand": {"apply", "extend"}, "applied": {"return", "write_off"}, "written_off": set(), "withdrawn": set(),
}  # fmt: skip
ACTS = sorted(set().union(*ALLOWED.values()))


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("name", ACTS)
def test_every_act_is_allowed_exactly_where_the_table_says(state: str, name: str) -> None:
    told = refusal(at(state), act(name, "乙"))
    assert (told is None) == (name in ALLOWED[state])
    assert told is None or told.code == "E781"


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(["甲", "乙", "JIA", "jia"]), st.integers(-1, 40), st.booleans()), max_size=25))
@settings(max_examples=300, deadline=None)
def test_whatever_is_tried_a_written_off_problem_went_all_the_way(tries: list[tuple[str, str, int, bool]]) -> None:
    now = problem()
    for name, actor, days, flag in tries:
        said = {"evidence": ["报告"] if flag else []} if name == "apply" else {"agrees": flag} if name == "verify" else {}
        one = act(name, actor, now.last_day + timedelta(days=days), **said)
        if name == "verify" and days % 2:
            one = act(name, actor, one.on, agrees=flag, party="recipients")
        if refusal(now, one) is None:
            now = after(now, one)
    days_in_order = [a.on for a in now.acts]
    assert days_in_order == sorted(days_in_order)
    if now.state == "written_off":
        names = [a.name for a in now.acts]
        assert names.index("formal") < names.index("apply") < names.index("write_off") == len(names) - 1
        assert now.verification == "verified"
        assert now.problem_class in (1, 2, 3)
        assert now.evidence
        assert now.acts[-1].actor.casefold() not in {h.casefold() for h in now.hands}


@pytest.mark.parametrize(
    ("days", "on", "left", "overdue", "reminder"),
    [(30, "2022-11-05", 30, False, 30), (30, "2022-11-19", 16, False, 30), (30, "2022-11-20", 15, False, 15), (30, "2022-11-27", 8, False, 15),
     (30, "2022-11-28", 7, False, 7), (30, "2022-12-05", 0, False, 7), (30, "2022-12-06", -1, True, None), (31, "2022-11-05", 31, False, None),
     (60, "2023-01-04", 0, False, 7), (60, "2023-01-05", -1, True, None)],
)  # fmt: skip
def test_a_deadline_is_exact_to_the_day(days: int, on: str, left: int, overdue: bool, reminder: int | None) -> None:
    kind = {"name": "t", "class": "1", "authority": "a", "urgency": "u", "days": str(days)}
    told = done(problem(), act("verify"), act("verify", party="recipients"), act("classify", type=kind), act("formal"))
    day = date.fromisoformat(on)
    assert (told.days_left(day), told.is_overdue(day), told.reminder(day)) == (left, overdue, reminder)


def test_what_was_put_forward_in_time_is_not_late_and_what_is_returned_is() -> None:
    applied = done(at("told"), act("apply", on=date(2022, 12, 5)))
    assert not applied.is_overdue(date(2023, 3, 1))
    returned = done(applied, act("return", "乙", date(2022, 12, 20)))
    assert returned.is_overdue(date(2022, 12, 20))
    late = done(at("told"), act("apply", on=date(2022, 12, 6)))
    assert late.is_overdue(date(2022, 12, 7))
    extended = done(returned, act("extend", "乙", date(2022, 12, 21), until="2022-12-31"))
    assert not extended.is_overdue(date(2022, 12, 31))
    assert extended.is_overdue(date(2023, 1, 1))
    written_off = done(extended, act("apply", on=date(2023, 1, 5)), act("write_off", "乙", date(2023, 1, 6)))
    assert not written_off.is_overdue(date(2024, 1, 1))


@pytest.mark.parametrize(
    ("start", "wrong", "code"),
    [(problem(), act("formal"), "E786"), (done(problem(), READY[2]), act("formal"), "E785"), (done(problem(), *READY[1:]), act("formal"), "E785"),
     (done(problem(), *READY, act("verify", party="approving_body", agrees=False)), act("formal"), "E785"),
     (problem(), act("classify", type={"name": "t", "class": "1", "authority": "a", "urgency": "u", "days": None}), "E782"),
     (at("told"), act("apply", evidence=[]), "E784"), (at("applied"), act("write_off"), "E783"), (at("applied"), act("write_off", " 甲 "), "E783"),
     (at("applied"), act("return"), "E783"), (at("told"), act("extend", until="2022-12-05"), "E790"), (at("told"), act("start", on=DAY - timedelta(days=1)), "E787")],
)  # fmt: skip
def test_what_a_gate_refuses(start: Problem, wrong: Act, code: str) -> None:
    told = refusal(start, wrong)
    assert told is not None
    assert told.code == code


def test_the_example_unit_raises_one_problem_for_each_deduction(run: Callable[..., Result]) -> None:
    run("ledger", "record", UNIT)
    raised = data(run("problems", "raise", 1, "--on", "2022-12-31", "--json"))
    sheet = data(run("check", UNIT, "--json"))
    lost = [i for i in sheet["indicators"] if i["level"] == 3 and i["score"] != i["points"]]
    assert [p["indicator"] for p in raised] == [i["code"] for i in lost]
    assert len(raised) == 18
    by_code = {p["indicator"]: p for p in raised}
    assert (by_code["A3.1"]["lost"], by_code["A3.1"]["class"]) == ("0.35", 0)
    typed = {p["indicator"]: (p["type"], p["class"], p["days"]) for p in raised if p["type"]}
    assert ("学习记录不规范", 1, 30) in typed.values()
    assert ("职责未在规定中明确", 2, 180) in typed.values()
    assert data(run("problems", "raise", 1, "--json")) == []  # once is enough
    assert len(data(run("problems", "list", "--json"))) == 18


def through(run: Callable[..., Result], number: int, problem_class: int, *, days: int | None = None) -> None:
    for party in ("评估对象", "审批机构"):
        run("problems", "verify", number, "--party", party, "--on", "2022-11-05")
    term = ["--days", days] if days else []
    words = ["--type", "x", "--authority", "省级", "--urgency", "一般"]
    run("problems", "classify", number, "--class", problem_class, *words, *term, "--on", "2022-11-05")


def test_policy_reserve_is_kept_apart_and_never_late(run: Callable[..., Result]) -> None:
    for text, problem_class, days in (("甲", 1, 30), ("乙", 2, 60), ("丙", 3, None)):
        number = data(run("problems", "add", text, "--unit", NAME, "--on", "2022-11-01", "--json"))["number"]
        through(run, number, problem_class, days=days)
    run("problems", "feedback", NAME, "--formal", "--on", "2022-11-05")
    assert [p["number"] for p in data(run("problems", "reserve", "--json"))] == [3] or [p["description"] for p in data(run("problems", "reserve", "--json"))] == ["丙"]
    assert [p["description"] for p in data(run("problems", "due", "--date", "2022-12-06", "--json"))] == ["甲", "乙"]
    assert [p["description"] for p in data(run("problems", "due", "--date", "2023-12-06", "--json")) if p["overdue"]] == ["甲", "乙"]
    told = run("problems", "due", "--date", "2022-12-06").stdout
    assert "超期" in told
    assert "丙" not in told
    assert run("problems", "classify", 1, "--class", 1, "--type", "x", "--authority", "a", "--urgency", "b", status=1).stderr.count("E781") == 1


def test_a_point_withdrawn_after_the_informal_round_is_on_record_and_out_of_the_document(run: Callable[..., Result]) -> None:
    for text in ("甲事", "乙事"):
        run("problems", "add", text, "--unit", NAME, "--on", "2022-11-01")
    informal = run("problems", "feedback", NAME, "--on", "2022-11-02").stdout
    run("problems", "withdraw", 2, "--reason", "不实", "--on", "2022-11-03")
    run("problems", "add", "丙事", "--unit", NAME, "--on", "2022-11-03")
    first, second, added = (p["number"] for p in data(run("problems", "list", "--json")))
    for number in (first, added):
        through(run, number, 2)
    formal = run("problems", "feedback", NAME, "--formal", "--on", "2022-11-06").stdout
    assert ("甲事" in informal, "乙事" in informal, "甲事" in formal, "乙事" in formal, "丙事" in formal) == (True, True, True, False, True)
    compared = data(run("problems", "compare", NAME, "--json"))
    assert compared == {"informal": [first, second], "formal": [first, added], "withdrawn": [second], "added": [added], "pending": []}
    shown = data(run("problems", "show", second, "--json"))
    assert (shown["state"], shown["reason"], [a["act"] for a in shown["acts"]]) == ("withdrawn", "不实", ["informal", "withdraw"])


def test_a_feedback_is_recorded_for_all_its_problems_or_for_none(run: Callable[..., Result]) -> None:
    for text in ("甲事", "乙事"):
        run("problems", "add", text, "--unit", NAME, "--on", "2022-11-01")
    through(run, 1, 2)
    assert "E786" in run("problems", "feedback", NAME, "--formal", "--on", "2022-11-06", status=1).stderr
    assert {p["state"] for p in data(run("problems", "list", "--json"))} == {"new"}
    run("problems", "feedback", NAME, "--formal", "--problem", 1, "--on", "2022-11-06")
    assert [p["state"] for p in data(run("problems", "list", "--json"))] == ["told", "new"]


def test_how_things_stood_on_an_earlier_day(run: Callable[..., Result]) -> None:
    run("problems", "add", "甲事", "--unit", NAME, "--on", "2022-11-01")
    through(run, 1, 1, days=30)
    run("problems", "feedback", NAME, "--formal", "--on", "2022-11-06")
    run("problems", "apply", 1, "--evidence", "报告", "--on", "2022-11-20", "--by", "李四")
    run("problems", "write-off", 1, "--on", "2022-11-25", "--by", "王五")
    states = [(d, [p["state"] for p in data(run("problems", "list", "--date", d, "--json"))]) for d in ("2022-10-31", "2022-11-06", "2022-11-24", "2022-11-25")]
    assert states == [("2022-10-31", []), ("2022-11-06", ["told"]), ("2022-11-24", ["applied"]), ("2022-11-25", ["written_off"])]
    assert "已核销1个，共1个，销号率100.0%" in run("problems", "list").stdout
    assert {e["actor"] for e in data(run("ledger", "list", "--json"))} >= {"李四", "王五"}
    assert "经过" in run("problems", "show", 1).stdout
    assert data(run("ledger", "verify", "--json"))["state"] == "sound"
    for number in range(1, data(run("ledger", "verify", "--json"))["entries"] + 1):
        assert f"第{number}条" in run("ledger", "show", number, "--lang", "zh").stdout
    run("ledger", "list")
    assert "E766" in run("ledger", "replay", 1, status=1).stderr


def test_the_rate_written_off_leaves_out_what_was_withdrawn() -> None:
    assert written_off_rate([at("written_off"), at("told"), at("withdrawn"), at("new")]) == (1, 3)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("show", 9), "E780"), (("start", 9), "E780"), (("feedback", "没有的单位"), "E788"), (("write-off", 1), "E781"), (("raise", 1), "E766")],
)  # fmt: skip
def test_what_cannot_be_done_is_told(run: Callable[..., Result], arguments: tuple[object, ...], code: str) -> None:
    run("problems", "add", "甲事", "--unit", NAME, "--on", "2022-11-01")
    assert code in run("problems", *arguments, status=1).stderr
    assert data(run("problems", *arguments, "--json", status=1))["findings"][0]["code"] == code


@pytest.mark.parametrize("arguments", [("verify", 1, "--party", "x"), ("list", "--date", "2022-13-01"), ("add", "x", "--unit", "y", "--viewpoint", "z")])
def test_wrong_usage_is_told_as_such(run: Callable[..., Result], arguments: tuple[object, ...]) -> None:
    run("problems", *arguments, status=2)
