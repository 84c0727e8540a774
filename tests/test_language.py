"""The language by example: every program under ``tests/language/`` with what the user sees.

A document is read from top to bottom.

``rules prelude``   a ruleset with ``...`` where an example goes; the examples below it are
                    put there, and lines are counted from the top of the prelude; what
                    only the prelude declares need not be used
``rules``           one example: a whole ruleset, or a part that leans on the prelude
``output``          what is said about the example above: its findings as ``lint`` prints
                    them, or that there are none

``UPDATE_LANGUAGE=1`` writes the outputs anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ruleeval.dsl.check import check_text
from ruleeval.dsl.format import format_text
from ruleeval.dsl.keywords import LANGUAGES
from ruleeval.dsl.wording import WORDINGS
from ruleeval.report.findings import finding_lines
from ruleeval.report.pages import Page

HOME = Path(__file__).parent / "language"
DOCUMENTS = sorted(HOME.glob("*.md"))
UPDATE = bool(os.environ.get("UPDATE_LANGUAGE"))
GOOD = {"zh": "没有错误", "en": "no errors"}

_FENCE = re.compile(r"^```(\w+)( prelude)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_GAP = re.compile(r"^\.\.\.\n", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """One program, the output written under it, and where that output lies in the document."""

    document: str
    number: int
    program: str
    prelude: str
    written: str
    start: int
    end: int


def examples(path: Path) -> Iterator[Example]:
    """Every example of a document, each with the prelude above it."""
    text = path.read_text("utf-8")
    prelude, waiting, count = "...\n", None, 0
    for block in _FENCE.finditer(text):
        kind, is_prelude, body = block.groups()
        if kind == "rules" and is_prelude:
            prelude = body
        elif kind == "rules":
            assert waiting is None, f"{path.name}: an example without output before {body[:40]!r}"
            waiting = body
        elif kind == "output":
            assert waiting is not None, f"{path.name}: an output without example: {body[:40]!r}"
            count += 1
            yield Example(path.stem, count, waiting, prelude, body, block.start(3), block.end(3))
            waiting = None
    assert waiting is None, f"{path.name}: the last example has no output"


def output(example: Example) -> str:
    """What the user sees of an example."""
    whole, own = completed(example)
    result = check_text(whole)
    pages = {"ruleset": (Page("例" if result.language == "zh" else "example", whole.splitlines()),)}
    found = [d for d in result.diagnostics if d.code != "W207" or d.line in own]
    shown = [finding_lines(d, pages, result.language) for d in found]
    return "\n\n".join("\n".join(line.rstrip() for line in lines) for lines in shown or [[GOOD[result.language]]]) + "\n"


def completed(example: Example) -> tuple[str, range]:
    """The whole ruleset of an example, and the lines of it that are the example's own."""
    gap = _GAP.search(example.prelude)
    stands_alone = re.match(r"(规则集|ruleset)[:：]", example.program) and not example.prelude.startswith("...")
    if gap is None or stands_alone:
        return example.program, range(1, example.program.count("\n") + 1)
    before = example.prelude[: gap.start()]
    first = before.count("\n") + 1
    return before + example.program + example.prelude[gap.end() :], range(first, first + example.program.count("\n"))


ALL = [e for path in DOCUMENTS for e in examples(path)]


#: What a document cannot show: a line of thousands of characters, a file of millions.
TOO_LONG = {"E108", "E112"}


def test_every_message_about_a_ruleset_is_shown() -> None:
    """By construct here; each also has a page of its own in docs/errors."""
    shown = {code for e in ALL for code in re.findall(r"^\w+ ([EW]\d{3}) ", e.written, re.MULTILINE)}
    wanted = {c for c in WORDINGS if int(c[1:]) < 700} | {"E930", "E931", "E932", "W931", "W933"} | {f"E{n}" for n in range(938, 944)}
    assert wanted - shown - TOO_LONG == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_every_example_says_what_the_document_says(path: Path) -> None:
    text, found = path.read_text("utf-8"), list(examples(path))
    assert found
    for example in reversed(found):
        text = text[: example.start] + output(example) + text[example.end :]
    if UPDATE:
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{path.name} is out of date: UPDATE_LANGUAGE=1"


@pytest.mark.parametrize("example", [e for e in ALL if e.written.strip() in GOOD.values()], ids=lambda e: f"{e.document}-{e.number}")
def test_a_good_example_is_good_in_both_languages_and_formatted(example: Example) -> None:
    whole, _ = completed(example)
    own = check_text(whole).language
    for language in LANGUAGES:
        written = format_text(whole, language)
        assert not check_text(written).has_errors
        assert format_text(written, own) == format_text(whole, own)


