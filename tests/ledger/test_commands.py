"""``ruleeval ledger`` as a user meets it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from ruleeval.engine.chain import canonical, digest
from ruleeval.files.ledger.store import Actor, ledger_at

SAMPLES = Path(__file__).parents[2] / "rulesets"
ONE_FILE = Path(__file__).parents[1] / "samples" / "liaoning-2022"
RULES, UNIT = ONE_FILE / "government.rules", ONE_FILE / "units" / "natural-resources.json"
LIBRARY = SAMPLES / "riverside-libraries" / "units" / "mill-lane.json"

ROSTER_RULES = """规则集：名册核对（示例，非官方标准）
版本：1
满分：10分
取分：实地评估
修约：三级指标，2位，四舍五入
缺佐证：提示

数据
  名册：记录表
    列 姓名：文本
    列 证件：文本
    列 在岗：是否

一级指标 A 名册，10分
二级指标 A1 在岗，10分
三级指标 A1.1 不在岗人数，10分
  取值：个数(名册，其中 {condition})
  评分：扣分
    每1：扣2分
"""


def data(done: Result):
    return json.loads(done.stdout)


def test_recorded_listed_shown_replayed_and_verified(run: Callable[..., Result], place: str) -> None:
    assert "已记入台账第1条：省自然资源厅（示例），107.48分，良好" in run("ledger", "record", UNIT, "--by", "王五", "--ledger", place).stdout
    run("ledger", "record", LIBRARY, "--ledger", place)
    assert "王五" in run("ledger", "list", "--ledger", place, "--unit", "省自然资源厅（示例）").stdout
    shown = data(run("ledger", "show", 1, "--ledger", place, "--json"))
    assert (shown["actor"], shown["named"], shown["body"]["outcome"]["score"], shown["body"]["as_of"]) == ("王五", "given", "107.48", "2022-12-31")
    assert shown["texts"][shown["body"]["ruleset"]["texts"][0]["digest"]] == RULES.read_text("utf-8")
    assert shown["texts"][shown["body"]["data"]["digest"]] == UNIT.read_text("utf-8")
    for number in (1, 2):
        assert f"第{number}条复现一致" in run("ledger", "replay", number, "--ledger", place, "--lang", "zh").stdout
    verified = data(run("ledger", "verify", "--ledger", place, "--json"))
    assert (verified["entries"], verified["state"]) == (2, "sound")
    assert "不是所说的那条" in run("ledger", "verify", "--end", "0" * 64, "--ledger", place, status=1).stdout
    assert data(run("ledger", "list", "--ledger", place, "--json"))[1]["named"] == "system"


def test_what_is_replayed_does_not_need_the_files_any_more(run: Callable[..., Result], tmp_path: Path) -> None:
    rules, unit = tmp_path / "government.rules", tmp_path / "unit.json"
    rules.write_bytes(RULES.read_bytes())
    unit.write_text(UNIT.read_text("utf-8").replace("../government.rules", "government.rules"), "utf-8")
    run("ledger", "record", unit)
    run("ledger", "replay", 1, "--rules", rules)
    rules.write_text(RULES.read_text("utf-8").replace("80%（含）至90%：良好", "85%（含）至90%：良好").replace("60%（含）至80%：一般", "60%（含）至85%：一般"), "utf-8")
    refused = run("ledger", "replay", 1, "--rules", rules, status=1)
    assert "E757" in refused.stderr
    assert "规则已变化，不能复现" in refused.stderr
    rules.unlink()
    unit.unlink()
    assert "逐字节相同" in run("ledger", "replay", 1).stdout


def test_a_replay_that_differs_says_where(run: Callable[..., Result]) -> None:
    run("ledger", "record", UNIT)
    with ledger_at("ruleeval-ledger.db") as ledger:
        body = ledger.entry(1).data
        full = json.loads(ledger.text(body["result"]["digest"]))
        full["score"] = "107.49"
        next(i for i in full["indicators"] if i["code"] == "A3.1")["score"] = "4.66"
        text = canonical(full)
        ledger.append("evaluation", {**body, "engine": "0.0.9", "result": {"digest": digest(text)}}, Actor("t", "given"), [text])
    told = run("ledger", "replay", 2, status=1)
    assert "indicators[A3.1].score：记录为4.66，现在为4.65" in told.stdout
    assert "score：记录为107.49，现在为107.48" in told.stdout
    assert "2处" in told.stderr
    assert data(run("ledger", "replay", 2, "--json", status=1))["differences"][1] == {"path": "score", "then": "107.49", "now": "107.48"}


def test_an_open_result_is_recorded_as_open(run: Callable[..., Result], tmp_path: Path) -> None:
    unit = json.loads(UNIT.read_text("utf-8"))
    unit["规则集"] = str(RULES)
    del unit["数据"]["实有人数"]
    (tmp_path / "open.json").write_text(json.dumps(unit, ensure_ascii=False), "utf-8")
    assert "暂不能确定" in run("ledger", "record", "open.json", "--rules", RULES).stdout
    run("ledger", "replay", 1)


def test_data_in_error_are_not_recorded(run: Callable[..., Result], tmp_path: Path) -> None:
    unit = json.loads(UNIT.read_text("utf-8"))
    unit["数据"]["应整改问题数"] = 3
    (tmp_path / "wrong.json").write_text(json.dumps(unit, ensure_ascii=False), "utf-8")
    run("ledger", "record", UNIT, "wrong.json", "--rules", RULES, status=1)
    assert not (tmp_path / "ruleeval-ledger.db").exists()


def roster(tmp_path: Path, condition: str) -> None:
    (tmp_path / "roster.rules").write_text(ROSTER_RULES.format(condition=condition), "utf-8")
    people = [("张三", "21010219870101123X", True), ("李四", "210102198701011234", False), ("张三", "x", True)]
    unit = {
        "单位": "某单位（示例）", "单位类型": "政府部门", "基准日": "2022-12-31", "规则集": "roster.rules",
        "数据": {"名册": [{"姓名": n, "证件": i, "在岗": d} for n, i, d in people]},
    }  # fmt: skip
    (tmp_path / "roster.json").write_text(json.dumps(unit, ensure_ascii=False), "utf-8")


def test_personal_data_are_replaced_by_pseudonyms_and_the_result_is_the_same(run: Callable[..., Result], tmp_path: Path) -> None:
    roster(tmp_path, "非 在岗")
    assert "姓名、证件" in run("ledger", "record", "roster.json").stdout
    content = (tmp_path / "ruleeval-ledger.db").read_bytes().decode("utf-8", "replace")
    assert not [secret for secret in ("张三", "李四", "21010219870101123") if secret in content]
    shown = data(run("ledger", "show", 1, "--json"))
    kept = json.loads(shown["texts"][shown["body"]["data"]["digest"]])
    assert [r["姓名"] for r in kept["数据"]["名册"]] == ["姓名1", "姓名2", "姓名1"]
    assert [r["证件"] for r in kept["数据"]["名册"]] == ["证件1", "证件2", "x"]
    assert shown["body"]["outcome"]["score"] == "8"
    run("ledger", "replay", 1)
    run("ledger", "record", "roster.json", "--personal-column", "名册.证件")
    kept = data(run("ledger", "show", 2, "--json"))
    assert "证件3" in kept["texts"][kept["body"]["data"]["digest"]]


def test_where_the_result_hangs_on_a_name_nothing_is_recorded_unless_it_may_be_kept(run: Callable[..., Result], tmp_path: Path) -> None:
    roster(tmp_path, "姓名 = “张三”")
    assert "E759" in run("ledger", "record", "roster.json", status=1).stderr
    assert not (tmp_path / "ruleeval-ledger.db").exists()
    run("ledger", "record", "roster.json", "--personal", "keep")
    assert data(run("ledger", "show", 1, "--json"))["body"]["outcome"]["score"] == "6"


def test_backup_and_restore_give_the_same_ledger(run: Callable[..., Result], new_place: Callable[[], str], tmp_path: Path) -> None:
    first, second = new_place(), new_place()
    run("ledger", "record", UNIT, LIBRARY, "--ledger", first)
    run("ledger", "backup", "saved", "--ledger", first)
    run("ledger", "restore", "saved", "--ledger", second)
    assert data(run("ledger", "list", "--ledger", first, "--json")) == data(run("ledger", "list", "--ledger", second, "--json"))
    run("ledger", "replay", 2, "--ledger", second)
    assert "E762" in run("ledger", "backup", "saved", "--ledger", first, status=1).stderr
    assert "E765" in run("ledger", "restore", "saved", "--ledger", second, status=1).stderr
    text = next((tmp_path / "saved" / "texts").iterdir())
    content = text.read_bytes()
    text.write_bytes(content.replace(b"1", b"2", 1))
    third = str(tmp_path / "third.db")
    assert "E763" in run("ledger", "restore", "saved", "--ledger", third, status=1).stderr
    text.unlink()
    assert "E763" in run("ledger", "restore", "saved", "--ledger", third, status=1).stderr
    assert data(run("ledger", "list", "--ledger", third, "--json")) == []
    text.write_bytes(content)
    run("ledger", "restore", "saved", "--ledger", third)


def test_a_table_for_a_spreadsheet_holds_no_formula(run: Callable[..., Result], tmp_path: Path) -> None:
    unit = json.loads(LIBRARY.read_text("utf-8"))
    unit["unit"] = "=cmd|'/c calc'!A1"
    (tmp_path / "unit.json").write_text(json.dumps(unit), "utf-8")
    run("ledger", "record", "unit.json", "--rules", SAMPLES / "riverside-libraries" / "libraries.rules")
    run("ledger", "export", "list.csv")
    content = (tmp_path / "list.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert ",'=cmd" in content.decode()
    run("ledger", "export", "list.jsonl")
    assert json.loads((tmp_path / "list.jsonl").read_text("utf-8"))["number"] == 1
    assert "E762" in run("ledger", "export", "list.csv", status=1).stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("show", 7), "E756"), (("show", 10**30), "E756"), (("replay", 0), "E756"), (("record", UNIT, "--by", " "), "E767"), (("record", UNIT, "--by", "a\nb"), "E767")],
)  # fmt: skip
def test_what_cannot_be_done_is_told(run: Callable[..., Result], arguments: tuple[object, ...], code: str) -> None:
    run("ledger", "record", LIBRARY)
    assert code in run("ledger", *arguments, status=1).stderr
    assert data(run("ledger", arguments[0], *arguments[1:], "--json", status=1))["findings"][0]["code"] == code


def test_a_ledger_that_was_never_made_is_not_made_by_looking(run: Callable[..., Result], tmp_path: Path) -> None:
    for command in (("list",), ("verify",), ("show", 1), ("export", "x.csv")):
        assert "还没有这个台账" in run("ledger", *command, status=1).stderr
    assert [p.name for p in tmp_path.iterdir() if p.name != "cache"] == []


def test_every_text_of_a_layered_ruleset_is_kept(run: Callable[..., Result], tmp_path: Path) -> None:
    folder = tmp_path / "rulesets"
    folder.mkdir()
    base = ROSTER_RULES.format(condition="非 在岗").replace("名册核对（示例，非官方标准）", "蓝本（示例，非官方标准）")
    (folder / "base.rules").write_text(base, "utf-8")
    layer = "规则集：市级（示例，非官方标准）\n版本：2\n继承：蓝本（示例，非官方标准） 1\n\n调整 A1.1\n  改名为：不在岗情况\n  原名称：不在岗人数\n  理由：用语统一\n"
    (folder / "layer.rules").write_text(layer, "utf-8")
    roster(tmp_path, "非 在岗")
    run("ledger", "record", "roster.json", "--rules", "rulesets/layer.rules")
    texts = data(run("ledger", "show", 1, "--json"))["body"]["ruleset"]["texts"]
    assert [(t["file"], t["version"]) for t in texts] == [("base.rules", "1"), ("layer.rules", "2")]
    for path in folder.iterdir():
        path.rename(tmp_path / path.name)
    run("ledger", "replay", 1)
    (tmp_path / "base.rules").write_text(base.replace("扣2分", "扣1分"), "utf-8")
    (tmp_path / "rulesets").rmdir()
    assert "base.rules" in run("ledger", "replay", 1, "--rules", "layer.rules", status=1).stderr
