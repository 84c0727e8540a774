"""Sharing posts by workload: the worked figures, limits, and laws on random tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleeval.cli import root
from ruleeval.dsl.check import check_allocation, check_text
from ruleeval.dsl.format import format_text
from ruleeval.engine.allocate import Claim, Refused, allocate, shares_within, variation

BEFORE, CASES = (60, 45, 80, 55), (9000, 8100, 9600, 5500)


def courts(limit: Fraction | None) -> list[Claim]:
    rows = zip("甲乙丙丁", BEFORE, CASES, ("东", "东", "西", "西"), strict=True)
    return [Claim(n, p, w, 1, *((None, None) if limit is None else (p * (1 - limit), p * (1 + limit))), r) for n, p, w, r in rows]


def test_the_worked_example_within_fifteen_percent() -> None:
    done = allocate(courts(Fraction(15, 100)), 240)
    assert [s.posts for s in done.shares] == [69, 51, 73, 47]
    assert [s.exact for s in done.shares] == [Fraction(4245, 62), Fraction(207, 4), Fraction(2264, 31), Fraction(187, 4)]
    assert (done.variation("before"), done.variation("after")) == (Fraction(2204, 10000), Fraction(1130, 10000))
    assert [(t.giver, t.taker, t.posts) for t in done.transfers] == [("西", "东", 15)]


def test_the_worked_example_without_limits() -> None:
    done = allocate(courts(None), 240)
    assert [s.posts for s in done.shares] == [67, 60, 72, 41]
    assert [s.extra for s in done.shares] == [0, 0, 1, 1]  # remainders .08 .37 .55 .99


@pytest.mark.parametrize(
    ("claims", "total", "code", "fact"),
    [([Claim("甲", 1, 5, 1, Fraction(3, 2), Fraction(19, 10))], 1, "E791", "甲"),
     ([Claim("甲", 1, 5, 1, 3), Claim("乙", 1, 5, 1, 2)], 4, "E792", "5"),
     ([Claim("甲", 1, 5, 1, None, 2), Claim("乙", 1, 5, 1, None, Fraction(39, 10))], 6, "E793", "5"),
     ([Claim("甲", 1, 0, 1, None, None), Claim("乙", 1, 5, 1, None, 2)], 6, "E793", "2"),
     ([Claim("甲", 1, 0), Claim("乙", 1, 0)], 6, "E794", "0"), ([Claim("甲", 1, -1), Claim("乙", 1, 2)], 6, "E794", "-1")],
)  # fmt: skip
def test_a_limit_that_cannot_hold_is_named(claims: list[Claim], total: int, code: str, fact: str) -> None:
    with pytest.raises(Refused) as told:
        allocate(claims, total)
    assert told.value.diagnostic.code == code
    assert fact in told.value.diagnostic.facts.values()


WORK = st.integers(0, 400) | st.fractions(0, 50, max_denominator=9)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Claim], int]:
    """Units with limits around their posts before, some without, and a total that can be shared."""
    claims = []
    for number in range(draw(st.integers(1, 7))):
        before = draw(st.integers(0, 40))
        down, up = draw(st.fractions(0, 1, max_denominator=8)), draw(st.fractions(0, 2, max_denominator=8))
        least = before * (1 - down) if draw(st.booleans()) else None
        most = before * (1 + up) if draw(st.booleans()) else None
        claims.append(Claim(f"u{number}", before, draw(WORK), draw(st.sampled_from([1, Fraction(21, 20)])), least, most))
    lowest = sum(c.lowest for c in claims)
    return claims, draw(st.integers(lowest, lowest + 90))


@given(tables())
@settings(max_examples=400, deadline=None)
def test_the_total_and_the_limits_are_kept(table: tuple[list[Claim], int]) -> None:
    claims, total = table
    try:
        done = allocate(claims, total)
    except Refused:
        return
    assert sum(s.posts for s in done.shares) == total
    assert sum(Fraction(s.exact) for s in done.shares) == total
    for s in done.shares:
        assert s.claim.least is None or s.posts >= s.claim.least
        assert s.claim.most is None or s.posts <= s.claim.most
        assert s.posts >= 0


@given(tables(), st.integers(0, 6), WORK)
@settings(max_examples=600, deadline=None)
def test_a_rise_of_ones_own_workload_alone_never_costs_posts(table: tuple[list[Claim], int], which: int, more: int | Fraction) -> None:
    claims, total = table
    number = which % len(claims)
    risen = list(claims)
    one = claims[number]
    risen[number] = Claim(one.name, one.before, one.workload + more, one.tilt, one.least, one.most)
    try:
        before, after = allocate(claims, total), allocate(risen, total)
    except Refused:
        return
    assert after.shares[number].posts >= before.shares[number].posts


def nearest_by_trying(claims: list[Claim], exact: list[int | Fraction], total: int) -> Fraction:
    """The least sum of squared distances, found by trying every way to give whole posts."""
    choices = [range(c.lowest, min(total, c.highest if c.highest is not None else total) + 1) for c in claims]
    return min(sum(((Fraction(x) - a) ** 2 for a, x in zip(posts, exact, strict=True)), start=Fraction(0)) for posts in product(*choices) if sum(posts) == total)


@given(tables())
@settings(max_examples=150, deadline=None)
def test_whole_posts_are_the_nearest_there_are(table: tuple[list[Claim], int]) -> None:
    claims, total = [Claim(c.name, c.before % 6, c.workload, c.tilt) for c in table[0][:4]], table[1] % 12
    claims = [Claim(c.name, c.before, c.workload, c.tilt, Fraction(c.before, 2), Fraction(c.before * 3 + 5, 2)) for c in claims]
    try:
        done = allocate(claims, total)
    except Refused:
        return
    found = sum(((Fraction(s.exact) - s.posts) ** 2 for s in done.shares), start=Fraction(0))
    assert found == nearest_by_trying(claims, [s.exact for s in done.shares], total)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=8), st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_without_limits_it_is_the_largest_remainder(weights: list[int], total: int) -> None:
    done = allocate([Claim(str(i), 0, w) for i, w in enumerate(weights)], total)
    exact = [Fraction(w * total, sum(weights)) for w in weights]
    assert [s.exact for s in done.shares] == exact
    assert all(s.posts - x < 1 and x - s.posts < 1 for s, x in zip(done.shares, exact, strict=True))
    given_one = [x - int(x) for s, x in zip(done.shares, exact, strict=True) if s.extra]
    others = [x - int(x) for s, x in zip(done.shares, exact, strict=True) if not s.extra]
    assert not given_one or not others or min(given_one) >= max(others)


def test_shares_are_exact_where_many_limits_bind() -> None:
    weights = [1, 2, 3, 4, 100]
    assert shares_within(weights, [(3, None), (None, None), (None, None), (None, None), (None, 20)], 50) == [3, 6, 9, 12, 20]


@pytest.mark.parametrize(("values", "expected"), [([150, 180, 120, 100], Fraction(2204, 10000)), ([5, 5], 0), ([1, 3], Fraction(1, 2)), ([], None), ([0, 0], None)])
def test_the_coefficient_of_variation(values: list[int], expected: Fraction | None) -> None:
    assert variation(values) == expected


# ---- the file and the command -----------------------------------------------------------

RULES = """测算：法院编制测算（示例，非官方标准）
版本：1

数据
  地市：文本
  审级：选项 中级、基层
  现有编制：整数，名，至少0
  刑事案件：整数，件，至少0
  民事案件：整数，件，至少0

派生
  加权案件数 = 刑事案件 × 1.5 + 民事案件

调整前：现有编制
分配总量：不变
分配依据：加权案件数
倾斜系数：当 审级 = “基层” 取 1.05，否则 1
最少编制：现有编制 × 85%
最多编制：现有编制 × 115%
取整：最大余数
调剂按：地市
"""
TABLE = "单位,地市,审级,现有编制,刑事案件,民事案件\n甲法院,东市,中级,60,2000,6000\n乙法院,东市,基层,45,1800,5400\n丙法院,西市,中级,80,2400,6000\n丁法院,西市,基层,55,1000,4000\n"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    for name, value in {"LC_ALL": "zh_CN.UTF-8", "COLUMNS": "120", "NO_COLOR": "1", "RULEEVAL_CACHE": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(rules: str = RULES, table: str = TABLE, *arguments: str, status: int = 0) -> Result:
        Path("courts.rules").write_text(rules, "utf-8")
        Path("courts.csv").write_text(table, "utf-8")
        done = CliRunner().invoke(root, ["allocate", "courts.csv", "--rules", "courts.rules", *arguments], prog_name="ruleeval")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == status, done.output
        return done

    return call


def test_weights_and_tilt_are_worked_out_by_the_file(run: Callable[..., Result]) -> None:
    found = json.loads(run(RULES, TABLE, "--json").stdout)
    assert [u["workload"] for u in found["units"]] == ["9000", "8100", "9600", "5500"]
    assert [u["tilt"] for u in found["units"]] == ["1", "1.05", "1", "1.05"]
    assert sum(u["posts"] for u in found["units"]) == found["total"] == 240
    told = run(RULES, TABLE, "--why").stdout
    assert "8505（8100 × 倾斜系数1.05）" in told


def test_a_written_total_and_no_limits(run: Callable[..., Result]) -> None:
    rules = "\n".join(line for line in RULES.splitlines() if not line.startswith(("最少编制", "最多编制", "倾斜系数")) and "审级" not in line)
    table = TABLE.replace("审级,", "").replace("中级,", "").replace("基层,", "")
    found = json.loads(run(rules.replace("分配总量：不变", "分配总量：240名"), table, "--json").stdout)
    assert [u["posts"] for u in found["units"]] == [67, 60, 72, 41]
    assert found["variation"]["before"] == "0.2204"


@pytest.mark.parametrize(
    ("rules", "table", "code"),
    [((), ("刑事案件", "刑案"), "E701"), ((), (",6000\n乙", ",\n乙"), "E796"), ((), ("60,2000", "60.5,2000"), "E715"), ((), ("60,2000", "-60,2000"), "E705"),
     ((), ("乙法院", "甲法院"), "E799"), ((), ("东市,中级,60", "东市,60"), "E799"), (("不变", "300名"), (), "E793"), (("不变", "150名"), (), "E792"),
     (("不变", "240.5名"), (), "E797"), (("加权案件数\n倾斜", "加权案件\n倾斜"), (), "E206"), (("调剂按：地市", "调剂按：现有编制"), (), "E501"),
     (("最多编制：现有编制 × 115%", "最多编制：刑事案件"), (), "E502"), (("取整：最大余数\n", ""), (), "E210"), (("版本：1", "版本：1\n满分：10分"), (), "E234"),
     (("加权案件数\n倾斜", "加权案件数 ÷ 民事案件\n倾斜"), (), "E522"), (("调整前：现有编制", "调整前：现有编制 × 1.5"), (), "E509")],
)  # fmt: skip
def test_what_is_wrong_is_told(run: Callable[..., Result], rules: tuple[str, str] | tuple[()], table: tuple[str, str] | tuple[()], code: str) -> None:
    text = RULES.replace(*rules, 1) if rules else RULES
    cells = TABLE.replace(*table, 1) if table else TABLE
    assert (text, cells) != (RULES, TABLE)
    told = run(text, cells, status=1)
    assert code in told.stderr
    assert code in {f["code"] for f in json.loads(run(text, cells, "--json", status=1).stdout)["findings"]}


def test_rulesets_and_allocations_are_not_taken_for_each_other(run: Callable[..., Result], tmp_path: Path) -> None:
    ruleset = Path(__file__).parents[2] / "tests" / "samples" / "liaoning-2022" / "government.rules"
    assert "E798" in run(ruleset.read_text("utf-8"), TABLE, status=1).stderr
    unit = ruleset.parent / "units" / "natural-resources.json"
    (tmp_path / "courts.rules").write_text(RULES, "utf-8")
    done = CliRunner().invoke(root, ["check", str(unit), "--rules", "courts.rules"])
    assert (done.exit_code, "E798" in done.stderr) == (1, True)
    found = check_text(ruleset.read_text("utf-8").replace("取分：实地评估", "取分：实地评估\n分配总量：不变", 1))
    assert [d.code for d in found.diagnostics if d.is_error] == ["E234"]


def test_it_converts_to_english_and_back() -> None:
    english = format_text(RULES, "en")
    assert "测算：" not in english
    assert "whole-posts: largest-remainder" in english
    assert check_allocation(english).allocation is not None
    assert format_text(english, "zh") == format_text(RULES, "zh")
