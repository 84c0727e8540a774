"""Every message has its wording in both languages and a page whose examples are tests."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from ruleeval.dsl import wording
from ruleeval.dsl.check import CheckResult, check_text
from ruleeval.dsl.diagnostics import Diagnostic
from ruleeval.dsl.keywords import LANGUAGES, Language
from ruleeval.dsl.wording import TABLES, WORDINGS, render

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "errors"
FIRST_DATA_CODE = 700  # from here on pages show a unit's data instead of rulesets

#: What is said of a ruleset's own periods and crosswalk, beside what is said of versions and their chains.
OF_VERSIONS = frozenset({"E930", "E931", "E932", "W931", "W933", "E938", "E939", "E940", "E941", "E942", "E943"})

#: Mistakes that show at another line than the one the example repairs: sums at the
#: parent, declarations where they are used, a file as a whole.
SEEN_ELSEWHERE = frozenset(
    {"E112", "E301", "E307", "E311", "E408", "E501", "E502", "E514", "E518", "E530", "E532", "E631", "E930", "E931"}
)

_HEADINGS: dict[Language, str] = {"zh": "中文", "en": "English"}
_BLOCK = re.compile(r"^```rules\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_REPEATED = re.compile(r"⟪(.+?) × (\d+)⟫")


@dataclass(frozen=True, slots=True)
class Section:
    """One language's half of a page: what it says, and its two examples."""

    prose: str
    wrong: str
    right: str


def codes_in_source() -> set[str]:
    files = [p for p in (ROOT / "dsl").rglob("*.py") if "wording" not in p.parts]
    return {code for p in files for code in re.findall(r'"([EW]\d{3})"', p.read_text("utf-8"))}


def about_rulesets(code: str) -> bool:
    return int(code[1:]) < FIRST_DATA_CODE or code in OF_VERSIONS


CODES = sorted(c for c in codes_in_source() if about_rulesets(c))
PAGE_CODES = sorted(p.stem for p in PAGES.glob("*.md") if re.fullmatch(r"[EW]\d{3}", p.stem) and about_rulesets(p.stem))


def expanded(example: str) -> str:
    """An example with ``⟪x × 3⟫`` written out as ``xxx``."""
    return _REPEATED.sub(lambda m: m[1] * int(m[2]), example)


def section(code: str, language: Language) -> Section:
    text = (PAGES / f"{code}.md").read_text("utf-8")
    _, found, rest = text.partition(f"\n## {_HEADINGS[language]}\n")
    assert found, f"{code} has no section {_HEADINGS[language]}"
    body = rest.split("\n## ")[0]
    wrong, right = _BLOCK.findall(body)
    return Section(body.split("```")[0].strip(), expanded(wrong), expanded(right))


def checked(text: str, language: Language) -> CheckResult:
    result = check_text(text)
    assert result.language == language, "the example is not written in the language of its section"
    return result


def assert_reads_well(diagnostic: Diagnostic, language: Language) -> None:
    message = render(diagnostic, language)
    for sentence in (message.summary, message.help, *message.notes):
        assert sentence.strip()
        assert not re.search(r"[{}]|\[\[|\]\]|“”|\"\"|None", sentence), sentence
    if language == "en":
        own = re.sub(r'"[^"]*"', "", message.summary)  # the user's own words apart
        assert not re.search(r"[\u4e00-\u9fff]", own), message.summary


def assert_underlines(diagnostic: Diagnostic, text: str) -> None:
    """Every label lies within its line and marks something that can be seen."""
    lines = text.split("\n")
    for label in diagnostic.labels:
        line = lines[label.place.line - 1]
        assert 0 <= label.place.start < label.place.end <= max(1, len(line)), (label, line)


def differing_lines(wrong: str, right: str) -> set[int]:
    """The lines (from 1) of the wrong example that the right one lacks."""
    good = set(right.split("\n"))
    return {n for n, line in enumerate(wrong.split("\n"), 1) if line not in good}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", PAGE_CODES)
def test_wrong_example_gives_this_message_alone(code: str, language: Language) -> None:
    page = section(code, language)
    result = checked(page.wrong, language)
    assert [d.code for d in result.diagnostics] == [code]
    assert (result.ruleset is None) == code.startswith("E")
    assert_reads_well(result.diagnostics[0], language)
    assert_underlines(result.diagnostics[0], page.wrong)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", PAGE_CODES)
def test_right_example_is_clean(code: str, language: Language) -> None:
    result = checked(section(code, language).right, language)
    assert [d.code for d in result.diagnostics] == []
    assert result.ruleset is not None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", PAGE_CODES)
def test_label_lies_in_the_erroneous_line(code: str, language: Language) -> None:
    page = section(code, language)
    changed = differing_lines(page.wrong, page.right)
    (diagnostic,) = check_text(page.wrong).diagnostics
    lines = {label.place.line for label in diagnostic.labels}
    if len(changed) == 1 and code not in SEEN_ELSEWHERE:
        assert lines & changed



@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", PAGE_CODES)
def test_repair_is_a_line_without_this_mistake(code: str, language: Language) -> None:
    page = section(code, language)
    (diagnostic,) = check_text(page.wrong).diagnostics
    if diagnostic.repair is None:
        return
    lines = page.wrong.split("\n")
    lines[diagnostic.line - 1] = diagnostic.repair
    assert code not in [d.code for d in check_text("\n".join(lines)).diagnostics]


@pytest.mark.parametrize("code", PAGE_CODES)
def test_page_has_its_shape(code: str) -> None:
    text = (PAGES / f"{code}.md").read_text("utf-8")
    assert re.match(rf"# {code} \S.* / \S", text)
    for language in LANGUAGES:
        assert len(section(code, language).prose) > 20


def test_a_code_has_one_wording() -> None:
    assert sum(len(table.WORDINGS) for table in TABLES) == len(WORDINGS)


def test_every_code_in_use_has_a_wording() -> None:
    assert codes_in_source() <= set(WORDINGS)


def test_every_wording_below_700_is_in_use() -> None:
    assert sorted(c for c in WORDINGS if about_rulesets(c)) == CODES


@pytest.mark.parametrize("code", CODES)
def test_wording_is_complete(code: str) -> None:
    found = WORDINGS[code]
    assert all((found.zh, found.zh_help, found.en, found.en_help))
    assert re.match(r'[a-z"\[{0-9]', found.en), "an English summary begins in lower case"


def test_every_code_has_a_page() -> None:
    assert PAGE_CODES == CODES


def test_no_code_has_two_wordings() -> None:
    tables = [importlib.import_module(f"ruleeval.dsl.wording.{m.name}") for m in pkgutil.iter_modules(wording.__path__)]
    codes = [code for table in tables for code in getattr(table, "WORDINGS", {})]
    assert sorted(codes) == sorted(WORDINGS)
