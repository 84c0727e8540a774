"""Crosswalks: what was split adds up, data go where they are said to go, the way back undoes what can be undone."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

import ruleeval
from ruleeval.cli import root
from ruleeval.dsl.layers.crosswalk import crosswalk_between, passage, reversed_crosswalk
from ruleeval.dsl.layers.difference import Version, difference
from ruleeval.dsl.layers.resolve import LayerText, resolve
from ruleeval.dsl.layers.write import layer_between
from ruleeval.dsl.model import Ruleset
from ruleeval.dsl.numbers import exact_text
from ruleeval.engine.carry import RawEntries, carry, old_scores
from ruleeval.engine.intake import NumberText
from ruleeval.engine.unit import UnitData
from ruleeval.files.carried_text import carried_text, raw_entries, with_entries
from ruleeval.files.unit_file import read_unit_text

HEAD = "规则集：例\n版本：{version}\n满分：{points}分\n取分：实地评估\n\n数据\n{data}\n{walk}一级指标 A 一级，{points}分\n二级指标 A1 二级，{points}分\n"
LEAF = "三级指标 {code} 名{code}，{points}分\n  取值：{item}\n  评分：扣分\n    每1件：扣0.3分\n"


def ruleset(version: int, leaves: list[tuple[str, Fraction, str]], items: list[str], walk: str = "") -> Ruleset:
    data = "".join(f"  {i}：整数，件，至少0\n" for i in items)
    total = exact_text(sum((p for _, p, _ in leaves), Fraction(0)))
    text = HEAD.format(version=version, points=total, data=data, walk=f"{walk}\n" if walk else "")
    text += "".join(LEAF.format(code=c, points=exact_text(p), item=i) for c, p, i in leaves)
    checked = ruleeval.check(text)
    assert checked.ruleset is not None, (text, [(d.code, d.facts) for d in checked.diagnostics])
    return checked.ruleset


class Sketch:
    """A random older version, and a newer one made of it by renaming, splitting and, if asked, merging and dropping."""

    def __init__(self, seed: int, *, reversible: bool) -> None:
        rng = Random(seed)
        count = rng.randint(3, 6)
        items = [f"数{n}" for n in range(1, count + 1)]
        olds = [(f"A1.{n}", Fraction(rng.randint(2, 9)), items[n - 1]) for n in range(1, count + 1)]
        self.old = ruleset(1, olds, items)
        rows: list[tuple[list[str], Fraction, str, Fraction]] = []  # sources, share, item, points
        waiting = list(olds)
        rng.shuffle(waiting)
        self.dropped: list[str] = []
        while waiting:
            code, points, item = waiting.pop()
            fate = rng.random()
            if fate < 0.35:
                cut = Fraction(rng.randint(1, 9), 10)
                rows += [([code], s, item, points * s) for s in (cut, 1 - cut)]
            elif fate < 0.5 and waiting and not reversible:
                other = waiting.pop()
                rows.append(([code, other[0]], Fraction(1), item, points + other[1]))
            elif fate < 0.6 and not reversible and rows:
                self.dropped.append(code)
            else:
                rows.append(([code], Fraction(1), item, points))
        renamed = {i: (f"新{i}" if rng.random() < 0.5 else i) for i in items}
        news = [(f"A1.{n}", points, renamed[item]) for n, (_, _, item, points) in enumerate(rows, 1)]
        walk = "沿革：例 1\n"
        for (code, _, _), (sources, share, _, _) in zip(news, rows, strict=True):
            walk += f"  {code}：来自 {'、'.join(sources)}" + (f"，{exact_text(share * 100)}%" if share != 1 else "") + "\n"
        used = dict.fromkeys(item for _, _, item in news)
        walk += "".join(f"  数据 {new}：来自 {old}\n" for old, new in renamed.items() if new in used and new != old)
        walk += f"  停用：{'、'.join(self.dropped)}\n" if self.dropped else ""
        self.new = ruleset(2, news, list(used), walk)
        self.values = {i: NumberText(str(rng.randint(0, 9))) for i in items}
        self.unit = UnitData("某局", "单位", date(2022, 12, 31), values={k: int(v) for k, v in self.values.items()})


@pytest.mark.parametrize("seed", range(40))
def test_old_scores_under_the_new_tree_add_up(seed: int) -> None:
    made = Sketch(seed, reversible=False)
    result = ruleeval.evaluate(made.old, made.unit)
    way = passage(made.old, made.new, crosswalk_between(made.old, made.new))
    assert set(way.dropped) == set(made.dropped)
    shares: dict[str, Fraction] = {}
    for parts in way.leaves.values():
        for part in parts:
            shares[part.code] = shares.get(part.code, Fraction(0)) + part.share
    assert set(shares.values()) == {Fraction(1)}
    scores = {s.code: s for s in old_scores(result, made.new, way)}
    gone = [result.indicators[c] for c in made.dropped]
    assert scores["A"].score + sum(r.score for r in gone) == result.score  # type: ignore[operator,misc]
    assert scores["A"].points + sum(r.points for r in gone) == made.old.full_score
    for leaf in made.new.leaves:
        assert scores[leaf.code].points == leaf.points


@pytest.mark.parametrize("seed", range(40))
def test_the_way_back_undoes_renaming_and_splitting(seed: int) -> None:
    made = Sketch(seed, reversible=True)
    there = passage(made.old, made.new, crosswalk_between(made.old, made.new))
    back = passage(made.new, made.old, crosswalk_between(made.new, made.old))
    given = RawEntries(dict(made.values), {}, None, ())
    forward = carry(made.old, made.new, there, given)
    assert not forward.of("asked", "lost")
    again = carry(made.new, made.old, back, forward.entries)
    assert again.entries == given
    for code, parts in back.leaves.items():
        assert {p.share for p in parts} == {1}
        assert {p.code for p in parts} == {c for c, ps in there.leaves.items() if code in {p.code for p in ps}}


def test_reversing_twice_keeps_what_was_renamed() -> None:
    made = Sketch(3, reversible=True)
    walk = crosswalk_between(made.old, made.new)
    assert walk is not None
    twice = reversed_crosswalk(reversed_crosswalk(walk, "例", "1"), "例", "2")
    renamed = {(s.kind, s.name, s.sources) for s in walk.successors if s.share == 1}
    assert renamed <= {(s.kind, s.name, s.sources) for s in twice.successors}


@pytest.mark.parametrize("seed", range(200))
def test_shares_that_do_not_add_up_are_refused_exactly(seed: int) -> None:
    rng = Random(seed)
    shares = [Fraction(rng.randint(1, 99), 2) for _ in range(rng.randint(2, 4))]
    if rng.random() < 0.5:
        shares[-1] = 100 - sum(shares[:-1])
        if shares[-1] <= 0:
            shares = [Fraction(50), Fraction(50)]
    leaves = [(f"A1.{n}", Fraction(2), "数") for n in range(1, len(shares) + 1)]
    rows = "".join(f"  A1.{n}：来自 A1.9，{exact_text(s)}%\n" for n, s in enumerate(shares, 1))
    text = HEAD.format(version=2, points=2 * len(shares), data="  数：整数，件，至少0\n", walk=f"沿革：例 1\n{rows}\n")
    text += "".join(LEAF.format(code=c, points=exact_text(p), item=i) for c, p, i in leaves)
    found = [d for d in ruleeval.check(text).diagnostics if d.is_error]
    if sum(shares) == 100:
        assert found == []
    else:
        assert [(d.code, d.facts["sum"]) for d in found] == [("E942", exact_text(sum(shares)))]


# ---- a worked pair ----------------------------------------------------------------------------

OLD = """\
规则集：例
版本：1
满分：10分
取分：实地评估
折算限度：50%

数据
  旧率：百分数，0%至100%
  经费：金额，万元，至少0
  甲件：整数，件，至少0
  乙件：整数，件，至少0
  备注：文本
  档次：选项 好、差，评定

一级指标 A 一级，10分
二级指标 A1 二级，10分
三级指标 A1.1 停用的，1分
  取值：备注 = “有”
  评分：达标
三级指标 A1.2 比率，3分
  取值：旧率
  评分：按比例
  佐证：旧台账，缺则 提示
  不适用：零分
三级指标 A1.3 甲件数，1分
  取值：甲件
  评分：扣分
    每1件：扣0.5分
三级指标 A1.4 乙件数，1分
  取值：乙件
  评分：扣分
    每1件：扣0.5分
三级指标 A1.5 经费，3分
  取值：经费
  评分：分档
    100万元（含）以上：3分
    低于100万元：2分
  不适用：零分
三级指标 A1.6 现场，1分
  评分：按要点
  要点
    - 台账齐全，0.6分
    - 专人负责，0.4分
"""
NEW = """\
规则集：例
版本：2
满分：10分
取分：实地评估
折算限度：50%

数据
  新率：百分数，0%至100%
  经费：金额，元，至少0
  件数：整数，件，至少0
  档次：选项 优、良，评定
  新数：整数，件，至少0

沿革：例 1
  A1.1：来自 A1.2
  A1.2：来自 A1.3、A1.4
  A1.3：来自 A1.5，60%
  A1.4：来自 A1.5，40%
  A1.5：来自 A1.6
  数据 新率：来自 旧率
  数据 件数：来自 甲件、乙件
  佐证 新台账：来自 旧台账
  停用：A1.1

一级指标 A 一级，10分
二级指标 A1 二级，10分
三级指标 A1.1 比率，3分
  取值：新率
  评分：按比例
  佐证：新台账，缺则 提示
  不适用：零分
三级指标 A1.2 件数，2分
  取值：件数 + 新数
  评分：扣分
    每1件：扣0.5分
三级指标 A1.3 经费多少，2分
  取值：经费
  评分：分档
    1000000元（含）以上：2分
    低于1000000元：1分
  不适用：零分
三级指标 A1.4 经费高低，1分
  取值：经费
  评分：分档
    500000元（含）以上：1分
    低于500000元：0分
三级指标 A1.5 现场，1分
  评分：按要点
  要点
    - 台账齐全，0.6分
    - 专人负责，0.4分
三级指标 A1.6 档次，1分
  取值：档次
  评分：按等级
    优：1分
    良：0分
"""
UNIT: dict[str, Any] = {
    "单位": "某局", "单位类型": "单位", "基准日": "2022-12-31", "规则集": "old.rules",
    "数据": {"旧率": "80%", "经费": 120.50, "甲件": 1, "乙件": {"状态": "未到期", "到期日": "2023-01-31"}, "备注": "有"},
    "评定": {"实地评估": {"档次": "好", "A1.6#1": 0.5, "A1.6#2": 0.4}},
    "佐证": [{"材料": "旧台账", "份数": 2, "出具日期": "2022-03-01"}],
    "不适用": [
        {"指标": "A1.2", "理由": "没有此项", "确认": "实地评估"}, {"指标": "A1.5", "理由": "没有经费", "确认": ["实地评估"]},
    ],
}  # fmt: skip


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(root, arguments)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old.rules").write_text(OLD, "utf-8")
    (tmp_path / "new.rules").write_text(NEW, "utf-8")
    (tmp_path / "unit.json").write_text(json.dumps(UNIT, ensure_ascii=False).replace("120.5", "120.50"), "utf-8")
    return tmp_path


def test_each_entry_is_kept_renamed_lost_or_asked(folder: Path) -> None:
    status, out, _ = run("carry", str(folder / "unit.json"), "--to", str(folder / "new.rules"), "--json")
    told = json.loads(out)
    acts = {(t["group"], t["old"], t["new"]): (t["act"], t["why"]) for t in told["entries"]}
    assert status == 3
    assert acts == {
        ("data", "旧率", "新率"): ("renamed", ""),
        ("data", "经费", "经费"): ("converted", ""),
        ("data", "甲件、乙件", "件数"): ("asked", "together"),
        ("data", "备注", ""): ("lost", "gone"),
        ("data", "档次", "档次"): ("asked", "unfit"),
        ("data", "A1.6#1", "A1.5#1"): ("renamed", ""),
        ("data", "A1.6#2", "A1.5#2"): ("renamed", ""),
        ("data", "", "新数"): ("asked", "new"),
        ("evidence", "旧台账", "新台账"): ("renamed", ""),
        ("claim", "A1.2", "A1.1"): ("renamed", ""),
        ("claim", "A1.5", "A1.3"): ("asked", "split"),
        ("claim", "A1.5", "A1.4"): ("asked", "split"),
    }
    assert told["dropped"] == ["A1.1"]
    assert next(t["finding"]["code"] for t in told["entries"] if t["old"] == "档次") == "E727"


def test_the_new_file_is_written_and_read_back(folder: Path) -> None:
    there = folder / "units" / "new.json"
    there.parent.mkdir()
    assert run("carry", str(folder / "unit.json"), "--to", str(folder / "new.rules"), "--write", str(there))[0] == 3
    text = there.read_text("utf-8")
    written = json.loads(text)
    assert written == {
        "单位": "某局", "单位类型": "单位", "基准日": "2022-12-31", "规则集": "../new.rules",
        "数据": {"新率": "80%", "经费": "120.50万元"}, "评定": {"实地评估": {"A1.5#1": 0.5, "A1.5#2": 0.4}},
        "佐证": [{"材料": "新台账", "份数": 2, "出具日期": "2022-03-01"}],
        "不适用": [{"指标": "A1.1", "理由": "没有此项", "确认": "实地评估"}],
    }  # fmt: skip
    status, out, _ = run("check", str(there), "--json")
    assert (status, json.loads(out)["state"]) == (3, "undecided")
    assert run("carry", str(folder / "unit.json"), "--to", str(folder / "new.rules"), "--write", str(there))[0] == 2


def test_findings_and_interviews_follow_their_indicator(folder: Path) -> None:
    work = {
        "发现": [{"内容": "甲", "指标": "A1.2", "来源": ["现场"]}, {"内容": "乙", "指标": "A1.5", "来源": ["现场"]}],
        "访谈": [{"职级": "处长", "指标": ["A1.6", "A1.3"]}],
    }
    raw = read_unit_text(json.dumps({**UNIT, **work}, ensure_ascii=False), "unit.json")
    assert raw.envelope is not None, raw.diagnostics
    old, new = (ruleeval.check(t).ruleset for t in (OLD, NEW))
    assert old is not None
    assert new is not None
    carried = carry(old, new, passage(old, new, crosswalk_between(old, new)), raw_entries(raw.envelope))
    told = {(t.group, t.old, t.new): (t.act, t.why) for t in carried.told if t.group in ("finding", "interview")}
    assert told == {
        ("finding", "A1.2", "A1.1"): ("renamed", ""), ("finding", "A1.5", "A1.3"): ("asked", "split"), ("finding", "A1.5", "A1.4"): ("asked", "split"),
        ("interview", "A1.6", "A1.5"): ("renamed", ""), ("interview", "A1.3", "A1.2"): ("asked", "merged"),
    }  # fmt: skip
    written = json.loads(carried_text(with_entries(raw.envelope, carried.entries), "zh"))
    assert written["发现"] == [{"内容": "甲", "指标": "A1.1", "来源": ["现场"]}]
    assert written["访谈"] == [{"职级": "处长", "指标": ["A1.5"]}]


def test_old_scores_are_shown_by_the_new_codes(folder: Path) -> None:
    unit = {**UNIT, "不适用": [], "数据": {**UNIT["数据"], "乙件": 1}}
    (folder / "unit.json").write_text(json.dumps(unit, ensure_ascii=False), "utf-8")
    out = json.loads(run("carry", str(folder / "unit.json"), "--to", str(folder / "new.rules"), "--json")[1])
    scores = {s["code"]: (s["score"], s["points"]) for s in out["old_scores"]}
    assert scores == {
        "A": ("7.3", "9"), "A1": ("7.3", "9"), "A1.1": ("2.4", "3"), "A1.2": ("1", "2"), "A1.3": ("1.8", "1.8"), "A1.4": ("1.2", "1.2"),
        "A1.5": ("0.9", "1"), "A1.6": (None, "0"),
    }  # fmt: skip
    assert out["old_total"] == "8.3"
    text = run("carry", str(folder / "unit.json"), "--to", str(folder / "new.rules"), "--lang", "en")[1]
    assert "A1.5 × 60%" in text
    assert "without successor: A1.1" in text


def test_diff_and_as_layer_follow_the_crosswalk(folder: Path) -> None:
    def version(text: str) -> Version:
        checked = ruleeval.check(text)
        assert checked.ruleset is not None
        return Version(checked.ruleset, resolve([LayerText("a.rules", text)]))

    old, new = version(OLD), version(NEW)
    found = difference(old, new)
    assert found.pairs["A1.2"] == "A1.1"
    assert found.pairs["A1.6"] == "A1.5"
    assert {"A1.1", "A1.3", "A1.4", "A1.5"}.isdisjoint(found.pairs)
    given = {a: b for a, b in found.pairs.items() if a != b} | dict.fromkeys(("A1.1", "A1.3", "A1.4", "A1.5"), "")
    layer = layer_between([LayerText("old.rules", OLD)], new.resolved, "例", "2", "换版", given)
    assert "移动 A1.2 至 A1.1" in layer
    (folder / "layer.rules").write_text(layer.replace("规则集：例", "规则集：例（层）"), "utf-8")
    status, out, _ = run("carry", str(folder / "unit.json"), "--to", str(folder / "layer.rules"), "--json")
    assert status == 3
    assert {"act": "renamed", "group": "claim", "old": "A1.2", "new": "A1.1", "why": "", "finding": None} in json.loads(out)["entries"]


def test_impact_takes_changes_apart_in_spite_of_the_crosswalk(folder: Path) -> None:
    before = NEW.replace("版本：2", "版本：3")
    after = before.replace("版本：3", "版本：4").replace("每1件：扣0.5分", "每1件：扣0.4分").replace("- 台账齐全，0.6分", "- 台账齐全，0.5分")
    after = after.replace("- 专人负责，0.4分", "- 专人负责，0.5分").replace("沿革：例 1", "沿革：例 0")
    values = {**{k: v for k, v in UNIT.items() if k != "规则集"}, "数据": {"新率": "80%", "经费": 900000, "件数": 1, "新数": 2}, "不适用": []}
    values["评定"] = {"实地评估": {"档次": "优", "A1.5#1": 0.5, "A1.5#2": 0.4}}
    for name, text in (("b.rules", before), ("c.rules", after), ("v.json", json.dumps(values, ensure_ascii=False))):
        (folder / name).write_text(text, "utf-8")
    out = json.loads(run("impact", str(folder / "b.rules"), str(folder / "c.rules"), str(folder / "v.json"), "--json")[1])
    assert len(out["bundles"]) == 2
    (unit,) = out["units"]
    assert {c["way"] for c in unit["contributions"]} == {"alone"}
    assert unit["difference"] == "0.3"


def test_a_date_that_the_new_version_is_not_in_force_on_is_told(folder: Path) -> None:
    (folder / "new.rules").write_text(NEW.replace("满分", "生效：2023-01-01\n满分", 1), "utf-8")
    told = json.loads(run("carry", str(folder / "unit.json"), "--to", str(folder / "new.rules"), "--json")[1])
    assert [p["code"] for p in told["problems"]] == ["E740"]
    there = folder / "new.json"
    out = run("carry", str(folder / "unit.json"), "--to", str(folder / "new.rules"), "--as-of", "2023-06-30", "--write", str(there), "--json")[1]
    assert json.loads(out)["problems"] == []
    assert json.loads(there.read_text("utf-8"))["基准日"] == "2023-06-30"


def test_the_same_code_under_another_name_is_asked_about(folder: Path) -> None:
    apart = NEW.replace("沿革：例 1\n", "沿革：别的 1\n").replace("规则集：例", "规则集：另一个").replace("A1.2 件数，2分", "A1.2 件数，2分\n  不适用：零分")
    (folder / "new.rules").write_text(apart, "utf-8")
    out = json.loads(run("carry", str(folder / "unit.json"), "--to", str(folder / "new.rules"), "--json")[1])
    claims = {(t["old"], t["new"]): t["why"] for t in out["entries"] if t["group"] == "claim"}
    assert claims["A1.2", "A1.2"] == "same_code"
