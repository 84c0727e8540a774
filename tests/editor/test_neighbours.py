"""What an editor shows and changes in the unit and case files beside a ruleset, in both languages."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from client import Client, Server

from ruleeval.cli import root
from ruleeval.dsl.editor.meanings import MEANINGS
from ruleeval.dsl.keywords import KEYWORDS
from ruleeval.dsl.limits import MAXIMUM_CHARACTERS
from ruleeval.files.mentions import mentions

ROOT = Path(__file__).resolve().parents[2]
HOMES = {"zh": ROOT / "tests" / "samples", "en": ROOT / "rulesets"}
SHIPPED = {"zh": ("liaoning-2022", "government.rules", "natural-resources.json"), "en": ("riverside-libraries", "libraries.rules", "mill-lane.json")}
Start = Callable[..., Client]


@pytest.fixture
def start(server: Server, tmp_path: Path) -> Iterator[Start]:
    clients: list[Client] = []

    def opened(language: str, changed: Callable[[str], str] = str) -> Client:
        folder, name, _ = SHIPPED[language]
        shutil.copytree(HOMES[language] / folder, tmp_path, dirs_exist_ok=True)
        (tmp_path / "cases").mkdir(exist_ok=True)
        for case in (ROOT / "rulesets" / folder / "cases").glob("[1-8]-*.yaml"):
            shutil.copy(case, tmp_path / "cases")
        rules = tmp_path / name
        rules.write_text(changed(rules.read_text("utf-8")), "utf-8")
        clients.append(Client(server, rules.read_text("utf-8"), rules.as_uri()))
        return clients[-1]

    yield opened
    for client in clients:
        client.close()


def position(text: str, words: str) -> tuple[int, int]:
    """Where words first stand, one character inside."""
    at = text.index(words)
    return text.count("\n", 0, at), at - text.rfind("\n", 0, at)


def rules_text(client: Client, tmp_path: Path) -> str:
    return next(tmp_path.glob("*.rules")).read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "heading", "score", "total", "grade"),
    [("zh", "三级指标 A1.1", "= 5.73", "107.48", "良好"), ("en", "level3 A1.1", "= 10.12", "84.54", "good")],
)
def test_results_of_the_nearest_unit_stand_beside_the_lines(start: Start, tmp_path: Path, language: str, heading: str, score: str, total: str, grade: str) -> None:
    client = start(language)
    text = rules_text(client, tmp_path)
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": text.count("\n"), "character": 0}}
    shown = {h["position"]["line"]: h["label"] for h in client.about("inlayHint", range=everything)}
    assert shown[position(text, heading)[0]] == score
    full = next(i for i, line in enumerate(text.split("\n")) if line.startswith(("满分", "full-score")))
    assert total in shown[full]
    assert grade in shown.values()


def test_results_follow_a_unit_file_while_it_is_edited(start: Start, tmp_path: Path) -> None:
    client = start("zh")
    text = rules_text(client, tmp_path)
    unit = tmp_path / "units" / "natural-resources.json"
    client.open(unit.as_uri(), unit.read_text("utf-8").replace('"已运行事项数": 43', '"已运行事项数": 45'), "json")
    line = position(text, "三级指标 A1.1")[0]
    (hint,) = client.about("inlayHint", range={"start": {"line": line, "character": 0}, "end": {"line": line, "character": 1}})
    assert hint["label"] == "= 6"
    assert hint["position"]["character"] == len(text.split("\n")[line])


@pytest.mark.parametrize(("language", "old", "new"), [("zh", "实有人数", "在编人数"), ("en", "hours open", "opening hours")])
def test_a_renamed_value_is_renamed_in_units_and_cases_and_the_cases_still_hold(start: Start, tmp_path: Path, language: str, old: str, new: str) -> None:
    client = start(language)
    text = rules_text(client, tmp_path)
    where = position(text, f"  {old}")
    places = client.about("references", where[0], where[1] + 2, context={"includeDeclaration": True})
    files = {Path(p["uri"]).name for p in places}
    assert {SHIPPED[language][1], SHIPPED[language][2]} < files
    changes = client.about("rename", where[0], where[1] + 2, newName=new)["changes"]
    assert {Path(u).name for u in changes} == files
    assert sum(map(len, changes.values())) == len(places)
    for uri, edits in changes.items():
        path = Path(uri.removeprefix("file://"))
        path.write_text(applied(path.read_text("utf-8"), edits), "utf-8")
    unit = json.loads((tmp_path / "units" / SHIPPED[language][2]).read_text("utf-8"))
    assert new in (unit.get("数据") or unit["data"])
    done = CliRunner().invoke(root, ["test", str(tmp_path)])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(("language", "file", "words"), [("zh", "cases/4-veto.yaml", "有运行记录"), ("en", "cases/3-grade-edges.yaml", "hours open")])
def test_from_a_case_file_to_the_declaration(start: Start, tmp_path: Path, language: str, file: str, words: str) -> None:
    client = start(language)
    case = tmp_path / file
    client.open(case.as_uri(), case.read_text("utf-8"), "yaml")
    rules, client.uri = client.uri, case.as_uri()
    line, character = position(case.read_text("utf-8"), words)
    (place,) = client.about("definition", line, character)
    assert place["uri"] == rules
    told = rules_text(client, tmp_path).split("\n")[place["range"]["start"]["line"]]
    assert words in told
    assert words in client.about("hover", line, character)["contents"]["value"]


def test_a_file_that_is_no_ruleset_gets_no_findings(start: Start, tmp_path: Path) -> None:
    client = start("zh")
    client.diagnostics()
    case = tmp_path / "cases" / "4-veto.yaml"
    client.open(case.as_uri(), "{ broken", "yaml")
    rules, client.uri = client.uri, case.as_uri()
    assert client.about("foldingRange") == client.about("completion") == client.about("documentSymbol") == []
    client.uri = rules
    assert [m for m in client.told if m.get("params", {}).get("uri") == case.as_uri()] == []


@pytest.mark.parametrize(
    ("language", "row", "spoiled", "neighbour"),
    [("zh", "80%（含）至90%：3分", "81%（含）至90%：3分", "低于81%：1分"), ("en", "90% (incl) to 100%", "91% (incl) to 100%", "below 91%")],
)
def test_a_gap_between_bands_is_closed_from_either_side(start: Start, tmp_path: Path, language: str, row: str, spoiled: str, neighbour: str) -> None:
    if language == "en":
        row, spoiled, neighbour = "75% (incl) to 90%: good", "76% (incl) to 90%: good", "60% (incl) to 76%: fair"
    client = start(language, lambda text: text.replace(row, spoiled, 1))
    text = rules_text(client, tmp_path)
    found = [d for d in client.diagnostics() if d["code"] == "E401"]
    assert len(found) == 1
    actions = client.about("codeAction", range=found[0]["range"], context={"diagnostics": found})
    written = [next(iter(a["edit"]["changes"].values()))[0]["newText"].strip() for a in actions]
    assert row in written
    assert neighbour in written
    for action in actions:
        client.change(applied(text, next(iter(action["edit"]["changes"].values()))))
        assert [d for d in client.diagnostics() if d["severity"] == 1] == []


@pytest.mark.parametrize(
    ("language", "words", "meaning"),
    [("zh", "取分", "决定结果的一个"), ("en", "deciding-track", "decides"), ("zh", "按比例", "乘以比率"), ("en", "bands", "the value falls into")],
)
def test_a_word_of_the_language_says_what_it_means(start: Start, tmp_path: Path, language: str, words: str, meaning: str) -> None:
    client = start(language)
    assert meaning in client.about("hover", *position(rules_text(client, tmp_path), words))["contents"]["value"]


def test_the_word_that_opens_a_line_with_an_error_says_what_it_means(start: Start, tmp_path: Path) -> None:
    client = start("zh", lambda text: text.replace("取分：实地评估", "取分：实地评", 1))
    assert "决定结果" in client.about("hover", *position(rules_text(client, tmp_path), "取分"))["contents"]["value"]


def test_every_word_has_a_meaning() -> None:
    groups = ("line", "form", "type", "choice", "function")
    assert set(MEANINGS) == {k.key for k in KEYWORDS.values() if k.group in groups}
    assert all(zh and en and zh != en for zh, en in MEANINGS.values())


@pytest.mark.parametrize(("language", "words", "full", "indirect"), [("zh", "A1.1 ", "得满分的条件：比例达到100%", "间接影响：A"), ("en", "B1.1 ", "full marks would take", "by way of them: B")])
def test_hover_on_an_indicator_says_how_full_marks_are_got_and_what_leans_on_it(start: Start, tmp_path: Path, language: str, words: str, full: str, indirect: str) -> None:
    client = start(language)
    told = client.about("hover", *position(rules_text(client, tmp_path), words))["contents"]["value"]
    assert full in told
    assert indirect in told


def test_hover_keeps_what_was_known_before_the_text_broke(start: Start, tmp_path: Path) -> None:
    client = start("zh")
    client.diagnostics()
    text = rules_text(client, tmp_path)
    client.change(text.replace("满分：120分", "满分：120", 1))
    assert any(d["severity"] == 1 for d in client.diagnostics())
    assert "占满分的5%" in client.about("hover", *position(text, "A1.1 "))["contents"]["value"]


@pytest.mark.parametrize(
    ("language", "line", "wanted"),
    [
        ("zh", "  取值：实有人数 ", {"+", "÷", "≥", "且", "或"}),
        ("zh", "  适用条件：单位层级 = ", {"“省级”", "“市级”"}),
        ("zh", "  清零：权责匹配程度 = ", {"“匹配”", "“不匹配”"}),
        ("en", "  value: staff ", {"+", "÷", "and", "or"}),
        ("en", "  zero-if: [condition of the house] = ", {'"good"', '"poor"'}),
        ("en", "  standard: ", {"bands", "proportional", "deduct"}),
        ("en", "  applies-if: unit-level = ", {'"small branch"', '"main branch"'}),
    ],
)
def test_operators_forms_levels_and_choices_are_proposed(start: Start, tmp_path: Path, language: str, line: str, wanted: set[str]) -> None:
    client = start(language, lambda text: f"{text}\n{line}")
    text = rules_text(client, tmp_path)
    assert wanted <= {i["label"] for i in client.about("completion", text.count("\n"), len(line))}


@pytest.mark.parametrize(("language", "row", "wanted"), [("zh", "  新数据：整数，", {"人", "万元", "至少", "来源"}), ("en", "  new value: integer, ", {"persons", "days", "at-least", "source"})])
def test_units_are_proposed_after_a_type(start: Start, tmp_path: Path, language: str, row: str, wanted: set[str]) -> None:
    head = {"zh": "数据\n", "en": "data\n"}[language]
    client = start(language, lambda text: text.replace(head, f"{head}{row}\n", 1))
    line, _ = position(rules_text(client, tmp_path), row)
    assert wanted <= {i["label"] for i in client.about("completion", line, len(row))}


def test_a_byte_order_mark_moves_nothing(start: Start, tmp_path: Path) -> None:
    client = start("zh")
    text = "\ufeff满分：4分\n版本：1\n满分：4分\n"
    client.change(text)
    doubled = next(d for d in client.diagnostics() if d["code"] == "E209")
    assert doubled["range"]["start"]["line"] == 2
    first = next(i for i in client.about("documentSymbol") or [{"range": None}])
    assert first is not None
    client.change("\ufeff满分：4文\n")
    found = next(d for d in client.diagnostics() if d["range"]["end"]["character"] > 1)
    assert "\ufeff满分：4文"[found["range"]["start"]["character"] : found["range"]["end"]["character"]] in ("4文", "文", "4")


def test_a_text_too_long_is_told_and_the_server_goes_on(start: Start, tmp_path: Path) -> None:
    client = start("zh")
    text = rules_text(client, tmp_path)
    client.change("数据\n" + "  某数：整数\n" * 2000)
    assert len(client.diagnostics()) == 1000
    client.change("数据\n" + "  某数：整数\n" * (MAXIMUM_CHARACTERS // 7))
    assert [d["code"] for d in client.diagnostics()] == ["E112"]
    assert client.about("foldingRange") == []
    assert client.about("formatting", options={"tabSize": 2, "insertSpaces": True}) == []
    client.change(text)
    assert [d for d in client.diagnostics() if d["severity"] == 1] == []


@pytest.mark.parametrize("text", ["{", "- &a [*a]", "a: !!python/object:os.system x", "[" * 5000, "? {a: b}\n: c", "\x00", "expected: [1, {A1: 2}]", "cases: 3"])
def test_files_that_cannot_be_read_mention_nothing_or_something_sound(text: str) -> None:
    for name in ("a.json", "a.yaml", "a.csv"):
        for one in mentions(text, name):
            assert text.split("\n")[one.place.line - 1][one.place.start : one.place.end] == one.written


def test_mentions_of_a_case() -> None:
    text = "unit: u.json\nchanges:\n  data: {a b: 1, \"c\": null}\n  not_applicable: [{code: A1.1, reason: x}]\nwithout_evidence: [roster]\nexpected: {grade: good, scores: {A1: 2}, out: [A1.1]}\n"
    assert [(m.kind, m.name) for m in mentions(text, "x.yaml")] == [
        ("value", "a b"), ("value", "c"), ("code", "A1.1"), ("evidence", "roster"), ("grade", "good"), ("code", "A1"), ("code", "A1.1"),
    ]  # fmt: skip
    assert yaml.safe_load(text)["expected"]["grade"] == "good"
    heading = "name,unit,data/staff,expected.A1.1,expected.score\nx,u.json,1,2,3\n"
    assert [(m.kind, m.name, m.place.start) for m in mentions(heading, "x.csv")] == [("value", "staff", 15), ("code", "A1.1", 30)]


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """The text with edits made, columns counted in UTF-16 units; the samples hold no wider characters."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda e: (e["range"]["start"]["line"], e["range"]["start"]["character"]), reverse=True):
        start, end = edit["range"]["start"], edit["range"]["end"]
        assert start["line"] == end["line"]
        line = lines[start["line"]]
        lines[start["line"]] = line[: start["character"]] + edit["newText"] + line[end["character"] :]
    return "\n".join(lines)
