"""`why-not` finds the sets that trying every change finds; what is given stays, a veto is named, numbers move no further than they must."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from examples import few
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import ruleeval
from ruleeval.cli import root
from ruleeval.dsl.model import Ruleset
from ruleeval.engine.record import Result
from ruleeval.engine.solver.why_not import WhyNot, why_not
from ruleeval.engine.solver.witness import unit_with

from .small import DAY, HEAD, checked, drawn, every_unit

laws = settings(derandomize=True, max_examples=few(10, 200), deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck))
UNIT = Path(ruleeval.__file__).parent / "rulesets/liaoning-2022/units/natural-resources.json"
SIZE = 3


def by_trying(ruleset: Ruleset, facts: dict[str, Any], listed: list[tuple[dict[str, Any], Result]]) -> set[frozenset[str]]:
    """The minimal sets of items that, changed together, reach 优, by looking at every unit."""
    given_items = {d.key for d in ruleset.data if d.fixed}
    reached = set()
    for other, result in listed:
        changed = frozenset(k for k in facts if other[k] != facts[k])
        if result.grade is not None and result.grade.grade == "优" and not changed & given_items:
            reached.add(changed)
    minimal = {s for s in reached if not any(frozenset(c) in reached for n in range(len(s)) for c in combinations(s, n))}
    return {s for s in minimal if 0 < len(s) <= SIZE}


@laws
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_sets_are_those_found_by_trying_everything(seed: int, random: Any) -> None:
    ruleset = drawn(seed)
    if ruleset is None:
        return
    listed = list(every_unit(ruleset))
    facts, result = random.choice(listed)
    assert result.grade is not None
    answer = why_not(ruleset, unit_with([ruleset], facts, "单位", DAY), "优", size=SIZE, most=1000, seconds=60)
    assert answer.complete
    found = {frozenset(c.key for c in s.changes) for s in answer.sets}
    assert found == (set() if result.grade.grade == "优" else by_trying(ruleset, facts, listed))
    for one in answer.sets:
        assert one.result.grade is not None
        assert one.result.grade.grade == "优"
        assert all(c.before != c.after for c in one.changes)


RULES = HEAD.format(points=10, rounding="") + (
    "数据\n  数甲：整数，件，0至9\n  数乙：整数，件，0至9，既定\n  事子：是否，评定\n\n"
    "一级指标 A 一级，10分\n二级指标 A1 二级，10分\n"
    "三级指标 A1.1 名甲，6分\n  取值：数甲\n  评分：扣分\n    每1件：扣1分\n  佐证：台账\n"
    "三级指标 A1.2 名乙，4分\n  取值：数乙\n  评分：扣分\n    每1件：扣1分\n"
    "\n否决 V1 事由\n  条件：事子\n  效果：等次最高中\n"
    "\n等次：按得分率\n  90%（含）以上：优\n  60%（含）至90%：中\n  低于60%：差\n"
)


def asked(first: int, second: int, fact: bool, grade: str = "优") -> WhyNot:
    facts = {"data.数甲": first, "data.数乙": second, "data.事子": fact}
    ruleset = checked(RULES)
    return why_not(ruleset, unit_with([ruleset], facts, "单位", DAY), grade, size=SIZE, most=10, seconds=60)


def sets(answer: WhyNot) -> list[dict[str, tuple[Any, Any]]]:
    return [{c.key: (c.before, c.after) for c in s.changes} for s in answer.sets]


def test_the_distance_and_the_nearest_number() -> None:
    """10 − 4 = 6 points of 10; 优 asks for 9: three are wanting, and one item moved from 4 to 1 gives them."""
    answer = asked(4, 0, fact=False)
    assert (answer.score, answer.wanted, answer.blocking, answer.complete) == (6, 9, (), True)
    assert sets(answer) == [{"data.数甲": (4, 1)}]
    assert answer.sets[0].evidence == ("台账",)


def test_what_is_given_stays() -> None:
    """Two points are lost by what is given: 8 of 10 is all there is."""
    answer = asked(0, 2, fact=False)
    assert (sets(answer), answer.complete) == ([], True)


def test_a_veto_is_named_and_has_to_go() -> None:
    answer = asked(0, 0, fact=True)
    assert (answer.score, answer.wanted, answer.blocking) == (10, 9, ("V1",))
    assert sets(answer) == [{"data.事子": (True, False)}]
    both = asked(2, 0, fact=True)
    assert sets(both) == [{"data.数甲": (2, 1), "data.事子": (True, False)}]


def test_the_command_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "a.rules").write_text(RULES, "utf-8")
    raw = {"单位": "甲", "单位类型": "乙", "基准日": "2024-12-31", "规则集": "a.rules", "数据": {"数甲": 4, "数乙": 0}, "评定": {"实地评估": {"事子": False}}}
    (tmp_path / "a.json").write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    for language, wanted in (("zh", "“优”要 9 分，还差 3 分。"), ("en", '"优" asks for 9 points; 3 are wanting.')):
        run = CliRunner().invoke(root, ["why-not", str(tmp_path / "a.json"), "--grade", "优", "--lang", language])
        assert (run.exit_code, wanted in run.output) == (0, True), run.output


def test_the_command_on_the_shipped_unit() -> None:
    run = CliRunner().invoke(root, ["why-not", str(UNIT), "--grade", "优秀", "--size", "1", "--json"])
    found = json.loads(run.output)
    assert found["distance"] == "0.52"
    assert {"what": "data.有运行记录", "from": False, "to": True} in [c for s in found["sets"] for c in s["changes"]]
    wrong = CliRunner().invoke(root, ["why-not", str(UNIT), "--grade", "优异"])
    assert (wrong.exit_code, "优秀" in wrong.output) == (2, True)
