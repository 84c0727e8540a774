"""The language server as an editor meets it, in both languages, over a real process."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from client import Client, Server

from ruleeval.dsl.check import check_text
from ruleeval.dsl.editor.textmate import textmate_grammar
from ruleeval.dsl.format import format_text

HOME = Path(__file__).resolve().parents[2]
RULES = {
    "zh": (HOME / "tests" / "samples" / "liaoning-2022" / "government.rules").read_text("utf-8"),
    "en": (HOME / "rulesets" / "riverside-libraries" / "libraries.rules").read_text("utf-8"),
}
GRAMMAR = HOME / "editors" / "vscode" / "syntaxes" / "ruleeval.tmLanguage.json"
SMALL = """规则集：试
版本：1
满分：4分
取分：自评
缺佐证：提示
数据
  𠮷实有人数：整数，人，至少0
  核定编制数：整数，人，至少1
一级指标 A 编制，4分
二级指标 A1 使用，4分
三级指标 A1.1 使用率，4分
  取值：𠮷实有人数 ÷ 核定编制数
  评分：按比例
  超出：封顶
  佐证：编制批复
"""


@pytest.fixture
def start(server: Server):
    clients: list[Client] = []

    def opened(text: str) -> Client:
        clients.append(Client(server, text))
        return clients[-1]

    yield opened
    for client in clients:
        client.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_shipped_ruleset_has_no_errors_and_its_outline_is_the_tree(start, language: str) -> None:
    client = start(RULES[language])
    assert [d for d in client.diagnostics() if d["severity"] == 1] == []
    ruleset = check_text(RULES[language]).ruleset
    assert ruleset is not None
    roots = [s for s in client.about("documentSymbol") if s.get("children")]
    assert [s["name"].split(" ")[0] for s in roots] == [r.code for r in ruleset.roots]
    assert [len(s["children"]) for s in roots] == [len(r.children) for r in ruleset.roots]
    assert len(client.about("foldingRange")) >= len(ruleset.indicators)


@pytest.mark.parametrize(("language", "right", "wrong"), [("zh", "四舍五入", "四舍五人"), ("en", "half-up", "half-upp")])
def test_a_slip_is_told_where_it_is_with_its_repair_and_goes_away(start, language: str, right: str, wrong: str) -> None:
    text = RULES[language]
    client = start(text)
    client.change(text.replace(right, wrong, 1))
    found = [d for d in client.diagnostics() if d["severity"] == 1]
    line = text[: text.index(right)].count("\n")
    assert [d["range"]["start"]["line"] for d in found] == [line]
    actions = client.about("codeAction", range=found[0]["range"], context={"diagnostics": found})
    (edits,) = (a["edit"]["changes"].values() for a in actions)
    ((edit,),) = edits
    assert edit["newText"] == text.split("\n")[line].split("  #")[0]
    client.change(text)
    assert [d for d in client.diagnostics() if d["severity"] == 1] == []


def test_columns_are_counted_as_the_protocol_counts_them(start) -> None:
    client = start(SMALL)
    line = SMALL.split("\n")[11]
    column = len(line[: line.index("核")].encode("utf-16-le")) // 2
    (place,) = client.about("definition", 11, column)
    assert place["range"] == {"start": {"line": 7, "character": 2}, "end": {"line": 7, "character": 7}}
    places = client.about("references", 7, 3, context={"includeDeclaration": True})
    assert [p["range"]["start"] for p in places] == [{"line": 7, "character": 2}, {"line": 11, "character": column}]


def test_renaming_reaches_every_place_and_refuses_a_name_that_is_taken(start) -> None:
    client = start(SMALL)
    edits = next(iter(client.about("rename", 6, 4, newName="在编人数")["changes"].values()))
    assert [e["range"]["start"]["line"] for e in edits] == [6, 11]
    assert [e["range"]["end"]["character"] - e["range"]["start"]["character"] for e in edits] == [6, 6]
    assert client.refusal("rename", 6, 4, newName="核定编制数") == "“核定编制数”已经是别的名称"
    assert client.refusal("rename", 6, 4, newName="  ") == "新名称是空的"
    assert client.refusal("rename", 6, 4, newName="甲【乙】") == "“甲【乙】”里有名称不能有的字符，或者太长"


def test_hover_tells_points_weight_and_who_uses_a_value(start) -> None:
    client = start(SMALL)
    told = client.about("hover", 10, 6)["contents"]["value"]
    assert "4分，占满分的100%" in told
    assert "A1.1" in client.about("hover", 6, 4)["contents"]["value"]


@pytest.mark.parametrize(
    ("line", "wanted", "unwanted"),
    [("  评分：", {"分档", "按比例"}, "整数"), ("  取值：", {"核定编制数", "𠮷实有人数"}, "分档"), ("不重复：", {"A1.1"}, "分档"), ("", {"评分", "三级指标"}, "分档")],
)
def test_what_can_stand_there_is_proposed(start, line: str, wanted: set[str], unwanted: str) -> None:
    client = start(SMALL + line)
    proposed = {i["label"] for i in client.about("completion", SMALL.count("\n"), len(line))}
    assert wanted <= proposed
    assert unwanted not in proposed


def test_a_file_that_is_not_there_is_an_empty_text(start) -> None:
    client = start(SMALL)
    client.rules = client.uri = "file:///nowhere/at/all.rules"
    assert client.about("documentSymbol") == []
    assert client.about("hover", 3, 1) is None


def test_formatting_is_that_of_the_command_and_leaves_a_broken_file_alone(start) -> None:
    client = start(SMALL)
    (edit,) = client.about("formatting", options={"tabSize": 2, "insertSpaces": True})
    assert edit["newText"] == format_text(SMALL)
    client.change(SMALL + "取值：（")
    assert client.about("formatting", options={"tabSize": 2, "insertSpaces": True}) == []


def test_the_grammar_for_colours_is_that_of_the_keyword_table() -> None:
    written = json.dumps(textmate_grammar(), ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("UPDATE_EDITOR"):
        GRAMMAR.write_text(written, "utf-8")
    assert GRAMMAR.read_text("utf-8") == written
