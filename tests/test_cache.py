"""The cache of checked rulesets: quick, never stale, safe to read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ruleeval.dsl.check import check_text
from ruleeval.dsl.codec import decode, dump_ruleset, encode, load_ruleset
from ruleeval.files import cache
from ruleeval.files.ruleset_file import load_ruleset_file

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "tests" / "samples" / "liaoning-2022" / "government.rules"
UNIT = ROOT / "tests" / "samples" / "liaoning-2022" / "units" / "natural-resources.json"
#: The parser, the graph library and what only they and other commands need.
NEVER = ("lark", "networkx", "z3", "yaml", "rich", "jsonschema", "numpy", "ruleeval.dsl.parse", "ruleeval.dsl.check", "ruleeval.dsl.forms")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RULEEVAL_CACHE", str(tmp_path / "kept"))
    return tmp_path


def loaded_modules(folder: Path) -> set[str]:
    program = (
        "import sys\n"
        "from ruleeval.cli import main\n"
        f"try: main(['check', {str(UNIT)!r}])\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    environment = {**os.environ, "RULEEVAL_CACHE": str(folder / "kept"), "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", env=environment, check=True)
    return set(done.stderr.splitlines())


def test_a_second_check_loads_neither_parser_nor_graph(folder: Path) -> None:
    first = loaded_modules(folder)
    assert "lark" in first
    second = loaded_modules(folder)
    assert not [m for m in second if m in NEVER or m.split(".")[0] in NEVER]


def test_what_is_kept_is_what_was_checked() -> None:
    result = check_text(RULES.read_text("utf-8"))
    assert result.ruleset is not None
    ruleset, found = load_ruleset(dump_ruleset(result.ruleset, result.diagnostics))
    assert encode(ruleset) == encode(result.ruleset)
    assert found == result.diagnostics


def test_a_changed_text_is_checked_again(folder: Path) -> None:
    path = folder / "a.rules"
    text = RULES.read_text("utf-8")
    path.write_text(text, "utf-8")
    first = load_ruleset_file(path).ruleset
    path.write_text(text.replace("版本：2022.1", "版本：2022.2"), "utf-8")
    second = load_ruleset_file(path).ruleset
    assert first is not None
    assert second is not None
    assert (first.version, second.version) == ("2022.1", "2022.2")


@pytest.mark.parametrize("spoiled", ["", "{", "[]", "[1,2]", "[999,1]", "null", '[-1,[0,"x"],[-1]]', "[-9]", '["x"]', "[" * 100_000])
def test_an_entry_that_is_not_ours_is_made_again(folder: Path, spoiled: str) -> None:
    path = folder / "a.rules"
    path.write_text(RULES.read_text("utf-8"), "utf-8")
    load_ruleset_file(path)
    entry = folder / "kept" / f"{cache.key_of(path.read_text('utf-8'))}.json"
    assert entry.exists()
    entry.write_text(spoiled, "utf-8")
    ruleset = load_ruleset_file(path).ruleset
    assert ruleset is not None
    assert len(ruleset.leaves) == 31
    assert json.loads(entry.read_text("utf-8"))


def test_only_our_own_classes_are_built() -> None:
    for hostile in ([0.5], [10_000, 1], [-5, 1], [True, 1], 0.5, {"a": 1}):
        with pytest.raises(ValueError, match=r"."):
            decode(hostile)


def test_nothing_is_written_where_nothing_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    for place in (str(tmp_path / "file" / "below"), "off"):
        monkeypatch.setenv("RULEEVAL_CACHE", place)
        assert load_ruleset_file(RULES).ruleset is not None
