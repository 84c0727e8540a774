"""The documents run: rulesets are checked, commands give the output printed under them, links lead somewhere.

In a document, in order, in one temporary folder:

=====================  =====================================================================
``rules`` block        checked; with ``<!-- wrong: E301 -->`` before it, exactly these codes
``json``, ``yaml``     written to a file if ``<!-- file: name -->`` stands before it (rules and text too)
``diff`` block         changes the file named by ``<!-- change: name -->``
                       ``<!-- same: name -->`` shows a file that a command made
``console`` block      every ``$ ruleeval …`` is run and its output compared, letter by letter;
                       ``<!-- status: 3 -->`` gives the exit status of the last command
``python`` block       run as a session of ``>>>`` lines
=====================  =====================================================================

A ``rules`` block that does not open a ruleset is a part of one and is completed first.
``UPDATE_DOCS=1`` writes the outputs into the documents; read the difference before keeping it.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

import ruleeval
from ruleeval.cli import COMMANDS, root
from ruleeval.dsl import limits
from ruleeval.dsl.check import check_text
from ruleeval.dsl.forms import FORMS
from ruleeval.dsl.functions import FUNCTIONS
from ruleeval.dsl.keywords import KEYWORDS, Language, word
from ruleeval.files.ruleset_file import load_ruleset_file

HOME = Path(__file__).parents[1]
UPDATE = bool(os.environ.get("UPDATE_DOCS"))
DOCUMENTS = [p for p in (HOME / "README.md", HOME / "CONTRIBUTING.md", *sorted((HOME / "docs").glob("*.md"))) if p.exists()]
EVERY_PAGE = sorted({*DOCUMENTS, *(HOME / "docs").rglob("*.md"), *(HOME / "rulesets").rglob("*.md")})
REFERENCES: list[tuple[Language, Path]] = [("zh", HOME / "docs/language.md"), ("en", HOME / "docs/language.en.md")]

_BLOCK = re.compile(
    r"(?P<marks>(?:<!--[^\n]*-->\n+)*)^(?P<fence>```+)(?P<kind>\w+)\n(?P<body>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
_MARK = re.compile(r"<!-- (\w+): (.*?) -->")


@dataclass(frozen=True)
class Block:
    """A fenced block, what the comments before it say, and where its body lies in the text."""

    kind: str
    body: str
    marks: dict[str, str]
    start: int
    end: int


def blocks(text: str) -> Iterator[Block]:
    for found in _BLOCK.finditer(text):
        yield Block(found["kind"], found["body"], dict(_MARK.findall(found["marks"])), found.start("body"), found.end("body"))


# ---- running a document -------------------------------------------------------------------

_HEADS = {
    "zh": "规则集：片段\n版本：1\n满分：{points}分\n取分：实地评估\n修约：三级指标，2位，四舍五入\n缺佐证：提示\n",
    "en": "ruleset: part\nversion: 1\nfull-score: {points} points\ndeciding-track: on-site\n"
    "rounding: level3, 2 places, half-up\nmissing-evidence: notice\n",
}
_TREES = {
    "zh": "一级指标 A 片段，{points}分\n二级指标 A1 片段，{points}分\n",
    "en": "level1 A part, {points} points\nlevel2 A1 part, {points} points\n",
}
_LEVEL3 = re.compile(r"^(?:三级指标|level3) .*?[，,] ?(\d+) ?(?:分|points)", re.MULTILINE)


def completed(body: str) -> str:
    """A part of a ruleset with what it needs around it to be one."""
    if re.search(r"^(?:规则集|ruleset|测算|allocation|结果运用|use-of-results)[:：]", body, re.MULTILINE):
        return body
    language = "zh" if re.search(r"^(?:数据|三级指标|派生|参数)", body, re.MULTILINE) else "en"
    points = sum(int(p) for p in _LEVEL3.findall(body))
    head, tree = (part[language].format(points=points) for part in (_HEADS, _TREES))
    first = _LEVEL3.search(body)
    assert first is not None, "a part of a ruleset holds at least one level-3 indicator"
    tree = "" if re.search(r"^(?:一级指标|level1) ", body, re.MULTILINE) else tree
    return head + body[: first.start()] + tree + body[first.start() :]


def check_rules(block: Block) -> None:
    """A rules block holds no error, or exactly the codes written before it."""
    found = check_text(completed(block.body)).diagnostics
    wanted = block.marks.get("wrong", "").split()
    told = [d.code for d in found if d.is_error or d.code in wanted]
    assert sorted(set(told)) == sorted(wanted), block.body


def run_console(block: Block) -> str:
    """The block with the output that its commands give now."""
    lines: list[str] = []
    status = 0
    for command in re.findall(r"^\$ (.*)$", block.body, re.MULTILINE):
        name, *arguments = shlex.split(command)
        assert name == "ruleeval", command
        result = CliRunner().invoke(root, arguments, prog_name="ruleeval")
        assert result.exception is None or isinstance(result.exception, SystemExit), command
        lines += [f"$ {command}", *(line.rstrip() for line in result.output.rstrip("\n").splitlines())]
        status = result.exit_code
    now = "\n".join(lines) + "\n"
    assert status == int(block.marks.get("status", "0")), now
    return now


def apply_change(block: Block, folder: Path) -> None:
    """Replace the lines marked ``-`` (and the plain ones) of a file by those marked ``+``."""
    path = folder / block.marks["change"]
    lines = block.body.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
    after = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
    text = path.read_text("utf-8")
    assert text.count(before) == 1, f"{path.name}: {before!r}"
    path.write_text(text.replace(before, after), "utf-8")


def run_document(path: Path, folder: Path) -> None:
    text = path.read_text("utf-8")
    written: list[str] = []
    done = 0
    session = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    names: dict[str, object] = {"ruleeval": ruleeval}
    for block in blocks(text):
        if "same" in block.marks:
            made = (folder / block.marks["same"]).read_text("utf-8")
            assert UPDATE or block.body == made
            written += [text[done : block.start], made]
            done = block.end
            continue
        if block.kind in ("rules", "json", "yaml", "text") and "file" in block.marks:
            (folder / block.marks["file"]).write_text(block.body, "utf-8")
        match block.kind:
            case "rules" if re.search(r"^(?:继承|extends)[:：]", block.body, re.MULTILINE):
                found = load_ruleset_file(folder / block.marks["file"]).diagnostics
                assert sorted({d.code for d in found if d.is_error}) == sorted(block.marks.get("wrong", "").split()), block.body
            case "rules":
                check_rules(block)
            case "diff" if "change" in block.marks:
                apply_change(block, folder)
            case "console":
                now = run_console(block)
                assert UPDATE or block.body == now
                written += [text[done : block.start], now]
                done = block.end
            case "python":
                test = doctest.DocTestParser().get_doctest(block.body, names, path.name, str(path), 0)
                session.run(test, clear_globs=False)
                names.update(test.globs)
    assert session.failures == 0
    if UPDATE and written:
        path.write_text("".join([*written, text[done:]]), "utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_example_in_a_document(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {"LC_ALL": "C.UTF-8" if ".en." in path.name else "zh_CN.UTF-8", "COLUMNS": "80", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    run_document(path, tmp_path)


# ---- the documents cannot fall behind ------------------------------------------------------


@pytest.mark.parametrize(("language", "path"), REFERENCES)
def test_the_reference_names_every_word_a_line_opens_with_and_every_form_and_type(language: Language, path: Path) -> None:
    text = path.read_text("utf-8")
    opening = set(re.findall(r"^ *([^\s:：]+)", "\n".join(b.body for b in blocks(text) if b.kind == "rules"), re.MULTILINE))
    wanted = [k.spelling(language) for k in KEYWORDS.values() if k.group in ("line", "type")]
    assert [w for w in wanted if f"`{w}" not in text and w not in opening] == []
    forms = {word(f.key, language): f.catalogue.split() for f in FORMS.values()}
    headings = re.findall(r"^### (.*)$", text, re.MULTILINE)
    for name, numbers in forms.items():
        assert any(name in h and all(n in h for n in numbers) for h in headings), name


@pytest.mark.parametrize(("language", "path"), REFERENCES)
def test_the_reference_gives_every_function_as_it_is_called(language: Language, path: Path) -> None:
    text = path.read_text("utf-8")
    assert [f.usage(language) for f in FUNCTIONS.values() if f"`{f.usage(language)}`" not in text] == []


@pytest.mark.parametrize(("language", "path"), REFERENCES)
def test_the_reference_names_every_other_word_command_and_limit(language: Language, path: Path) -> None:
    text = path.read_text("utf-8")
    groups = ("choice", "clause", "operator", "suffix")
    assert [k.spelling(language) for k in KEYWORDS.values() if k.group in groups and k.spelling(language) not in text] == []
    assert [c for c in COMMANDS if c not in text] == []
    assert [n for n in vars(limits) if n.startswith("MAXIMUM_") and f"{getattr(limits, n):,}" not in text] == []


def test_the_readme_names_every_command() -> None:
    text = (HOME / "README.md").read_text("utf-8")
    assert [c for c in COMMANDS if text.count(f"`ruleeval {c}") < 2] == []


@pytest.mark.parametrize("path", EVERY_PAGE, ids=lambda p: str(p.relative_to(HOME)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        file = target.split("#", 1)[0]
        assert (path.parent / file).exists() if file else True, f"{path.name}: {target}"
