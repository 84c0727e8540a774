"""The VS Code extension: what it names is there, its snippets can be read, its colours know every word."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ruleeval.dsl.editor.textmate import textmate_grammar
from ruleeval.dsl.keywords import KEYWORDS, LANGUAGES, Language
from ruleeval.dsl.parse import parse

HOME = Path(__file__).resolve().parents[2] / "editors" / "vscode"
PACKAGE = json.loads((HOME / "package.json").read_text("utf-8"))


def test_everything_that_the_package_names_is_there() -> None:
    contributes = PACKAGE["contributes"]
    paths = [PACKAGE["main"], *(c["configuration"] for c in contributes["languages"])]
    paths += [c["path"] for kind in ("grammars", "snippets") for c in contributes[kind]]
    for path in paths:
        assert (HOME / path).is_file(), path
    (grammar,) = contributes["grammars"]
    assert grammar["scopeName"] == json.loads((HOME / grammar["path"]).read_text("utf-8"))["scopeName"]
    assert {".rules"} == {e for c in contributes["languages"] for e in c["extensions"]}
    assert "package" in PACKAGE["scripts"]
    for name in re.findall(r'require\("([^"./][^"]*)"\)', (HOME / PACKAGE["main"]).read_text("utf-8")):
        assert name == "vscode" or name.split("/")[0] in PACKAGE["dependencies"]


def test_brackets_of_both_widths_are_paired() -> None:
    configuration = json.loads((HOME / "language-configuration.json").read_text("utf-8"))
    pairs = {tuple(p) if isinstance(p, list) else (p["open"], p["close"]) for key in ("brackets", "autoClosingPairs", "surroundingPairs") for p in configuration[key]}
    assert {("(", ")"), ("（", "）"), ("【", "】"), ("“", "”")} <= pairs
    assert configuration["comments"]["lineComment"] == "#"


@pytest.mark.parametrize("name", sorted(json.loads((HOME / "snippets" / "ruleeval.json").read_text("utf-8"))))
def test_a_snippet_reads_without_an_error_of_the_text(name: str) -> None:
    snippet = json.loads((HOME / "snippets" / "ruleeval.json").read_text("utf-8"))[name]
    body = "\n".join(snippet["body"]) if isinstance(snippet["body"], list) else snippet["body"]
    filled = re.sub(r"\$\{\d+:([^{}]*)\}|\$\{\d+\|([^,|]*)[^}]*\}|\$\d+", lambda m: m[1] or m[2] or "", body)
    language: Language = "zh" if re.search(r"[\u4e00-\u9fff]", body) else "en"
    head = {"zh": "三级指标 A1.1 某项，1分\n", "en": "level3 A1.1 Something, 1 points\n"}[language]
    opens = re.match(r"\s*(?:三级指标|level3|一级指标|level1|二级指标|level2|数据|data|规则集|ruleset|否决|veto|等次|grades|派生|derived|加分项|bonus)", filled)
    result = parse(filled if opens else head + filled, language)
    assert [d.code for d in result.diagnostics if d.is_error] == [], filled


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_language_has_a_colour(language: Language) -> None:
    """Each word, as it stands in a line, is matched by the pattern of its group."""
    patterns = [(p.get("name") or "number", re.compile(p["match"])) for p in textmate_grammar()["patterns"]]
    colon = "：" if language == "zh" else ": "
    for keyword in KEYWORDS.values():
        word = keyword.spelling(language)
        line = {"line": f"  {word}{colon}", "function": f"{word}(", "operator": f" {word} ", "suffix": f" 3{word}" if language == "zh" else f" 3 {word}"}.get(keyword.group, f"x{colon}{word} ")
        hits = [(name, m) for name, p in patterns for m in p.finditer(line) if word in m[0]]
        assert hits, (keyword.key, line)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_client_is_sound_javascript() -> None:
    node = shutil.which("node")
    assert node is not None
    assert subprocess.run([node, "--check", str(HOME / PACKAGE["main"])], capture_output=True, timeout=30).returncode == 0
