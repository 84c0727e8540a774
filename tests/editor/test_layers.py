"""A ruleset that extends another, in an editor: checked with it, named across both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from client import Client, Server

CENTRAL = """规则集：蓝本（示例，非官方标准）
版本：2022.0
满分：10分
取分：实地评估

数据
  差错数：整数，件，至少0
  有制度：是否

一级指标 A 管理规范，10分
二级指标 A1 日常管理，10分
三级指标 A1.1 信息差错情况，4分
  取值：差错数
  评分：扣分
    每1件：扣1分
三级指标 A1.2 管理制度，6分
  取值：有制度
  评分：达标
"""
PROVINCE = """规则集：本省（示例，非官方标准）
版本：2022.1
继承：蓝本（示例，非官方标准） 2022.0
理由：结合本省实际细化

调整 A1.1
  取值：差错数 × 2
  评分：扣分
    每1件：扣0.5分
"""
UNIT = '{"单位": "甲", "单位类型": "乙", "基准日": "2022-12-31", "规则集": "../province.rules", "数据": {"差错数": 1, "有制度": true}}'
Start = Callable[[str], Client]


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Iterator[Start]:
    clients: list[Client] = []
    (tmp_path / "central.rules").write_text(CENTRAL, "utf-8")
    (tmp_path / "units").mkdir()
    (tmp_path / "units" / "a.json").write_text(UNIT, "utf-8")

    def opened(text: str) -> Client:
        path = tmp_path / "province.rules"
        path.write_text(text, "utf-8")
        clients.append(Client(server, text, path.as_uri()))
        return clients[-1]

    yield opened
    for client in clients:
        client.close()


def test_a_layer_is_checked_with_what_it_extends(start: Start) -> None:
    client = start(PROVINCE)
    assert client.diagnostics() == []
    client.change(PROVINCE.replace("差错数 × 2", "差错人数 × 2"))
    (found,) = client.diagnostics()
    assert found["code"] == "E206"
    assert found["range"]["start"] == {"line": 6, "character": 5}
    client.change(PROVINCE.replace("2022.0", "2021.0"))
    (found,) = client.diagnostics()
    assert found["code"] == "E901"
    assert found["range"]["start"]["line"] == 2


def test_an_error_in_the_file_extended_is_told_with_its_place(start: Start, tmp_path: Path) -> None:
    (tmp_path / "central.rules").write_text(CENTRAL.replace("评分：达标", "评分：达成"), "utf-8")
    client = start(PROVINCE)
    (found,) = client.diagnostics()
    assert found["range"]["start"]["line"] == 2
    (related,) = found["relatedInformation"]
    assert related["location"]["uri"] == (tmp_path / "central.rules").as_uri()
    assert related["location"]["range"]["start"]["line"] == 16 + 1


def test_names_are_found_and_renamed_across_layers_and_units(start: Start, tmp_path: Path) -> None:
    client = start(PROVINCE)
    (place,) = client.about("definition", 6, 6)
    assert place["uri"] == (tmp_path / "central.rules").as_uri()
    assert place["range"]["start"] == {"line": 6, "character": 2}
    found = client.about("references", 6, 6, context={"includeDeclaration": True})
    assert sorted(Path(p["uri"]).name for p in found) == ["a.json", "central.rules", "central.rules", "province.rules"]
    changes = client.about("rename", 6, 6, newName="错误数")["changes"]
    assert {Path(u).name: len(e) for u, e in changes.items()} == {"a.json": 1, "central.rules": 2, "province.rules": 1}
    assert client.refusal("rename", 6, 6, newName="有制度") == "“有制度”已经是别的名称"


def test_results_stand_beside_what_the_layer_writes(start: Start) -> None:
    client = start(PROVINCE)
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    shown = {h["position"]["line"]: h["label"] for h in client.about("inlayHint", range=everything)}
    assert shown.get(5) == "= 3"  # 4 − 1 × 2 × 0.5


def test_hidden_folders_are_not_looked_into_for_what_is_extended(start: Start, tmp_path: Path) -> None:
    client = start(PROVINCE)
    (tmp_path / ".old").mkdir()
    (tmp_path / ".old" / "central.rules").write_text(CENTRAL, "utf-8")
    client.change(PROVINCE + "\n")
    assert client.diagnostics() == []
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "central.rules").write_text(CENTRAL, "utf-8")
    client.change(PROVINCE)
    assert [d["code"] for d in client.diagnostics()] != []
