"""Bundles of house rules: each rule's page shows it, shipped rulesets pass, notes set aside, repairs are made."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import ruleeval
from ruleeval.cli import root
from ruleeval.dsl.check import check_text
from ruleeval.dsl.keywords import LANGUAGES, Language
from ruleeval.dsl.wording import WORDINGS, render
from ruleeval.engine.bundles import BUNDLES, RULES, findings, set_aside

from .small import RULES as SMALL

HOME = Path(ruleeval.__file__).parent
PAGES = HOME / "docs" / "errors"
CODES = sorted({rule.code for rule in RULES} | {"W851", "W852", "W853"})


@dataclass(frozen=True)
class Section:
    """One language's half of a page."""

    prose: str
    wrong: str
    right: str


def section(code: str, language: Language) -> Section:
    text = (PAGES / f"{code}.md").read_text("utf-8")
    part = text.split(f"\n## {'中文' if language == 'zh' else 'English'}\n")[1].split("\n## ")[0]
    wrong, right = re.findall(r"^```rules\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)
    return Section(part.split("```")[0].strip(), wrong, right)


def lint(path: Path, *options: str) -> Result:
    return CliRunner().invoke(root, ["lint", str(path), *options])


def told(text: str, bundles: frozenset[str] = frozenset(BUNDLES)) -> list[str]:
    result = check_text(text)
    assert result.ruleset is not None, [d.code for d in result.diagnostics]
    found = (*result.diagnostics, *findings(result.ruleset, bundles))
    left = set_aside(result.ruleset, found, bundles)
    for one in left:
        for language in LANGUAGES:
            message = render(one, language)
            assert not re.search(r"[{}]|None", message.summary + message.help + "".join(message.notes))
    return [d.code for d in left]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_the_page_of_a_rule_shows_it_and_how_to_meet_it(code: str, language: Language) -> None:
    page = section(code, language)
    found = told(page.wrong)
    assert set(found) == {code, *({"W821"} if code == "W851" else set())}
    assert told(page.right) == []
    assert len(page.prose) > 20


def test_every_rule_has_wording_page_and_bundle() -> None:
    assert set(CODES) <= set(WORDINGS)
    assert {rule.bundle for rule in RULES} == set(BUNDLES)
    listed = {p.stem for p in PAGES.glob("W8*.md")}
    assert listed == set(CODES)


def test_shipped_rulesets_pass_every_bundle() -> None:
    done = lint(HOME / "rulesets", "--bundle", "all", "--strict")
    assert done.exit_code == 0, done.output


def test_a_bundle_is_asked_by_name_in_either_language_and_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    path.write_text(section("W821", "zh").wrong.replace("，来源 公开目录", "").replace("事项办结率", "按照法定时限和承诺时限分别统计的全部依申请政务服务事项的按时办结率"), "utf-8")

    def codes(*options: str) -> list[str]:
        (file,) = json.loads(lint(path, "--json", *options).output)
        return [f["code"] for f in file["findings"]]

    assert codes() == []
    assert codes("--bundle", "易理解") == codes("--bundle", "understandable") == ["W811"]
    assert codes("--bundle", "workable") == ["W821", "W823"]
    assert codes("--bundle", "workable", "--bundle", "易理解") == ["W811", "W821", "W823"]
    assert lint(path, "--bundle", "workable").exit_code == 0
    assert lint(path, "--bundle", "workable", "--strict").exit_code == 1
    wrong = lint(path, "--bundle", "优雅")
    assert wrong.exit_code == 2
    assert "可操作" in wrong.output


def test_a_note_of_the_whole_ruleset_sets_aside_everywhere_and_one_of_an_indicator_only_there() -> None:
    text = section("W821", "zh").wrong.replace("  佐证：办件台账\n", "")
    assert told(text) == ["W821", "W821"]
    everywhere = text.replace("版本：1\n", "版本：1\n说明：不查W821：试点期间一律由专班提供\n")
    assert told(everywhere) == []
    once = text.replace("  取值：办结率\n", "  取值：办结率\n  说明：不查 W821：结果由省里提供\n")
    assert told(once) == ["W821"]
    assert told(once, frozenset({"effective"})) == []  # its bundle was not asked: the note is not idle


def test_reminders_of_the_language_can_be_set_aside_too() -> None:
    text = SMALL.replace("  违规：是否\n", "  违规：是否\n  无用：整数，人，至少0\n")
    assert told(text, frozenset()) == ["W207"]
    assert told(text.replace("版本：1\n", "版本：1\n说明：不查W207：下一版要用\n"), frozenset()) == []


# ---- repairs -------------------------------------------------------------------------------------


def test_sure_repairs_are_made_and_shown_and_comments_and_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    broken = SMALL.replace("效果：", "效裹：").replace("2位，四舍五入", "2位，四舍五人  # 两位").replace("\n", "\r\n")
    path.write_bytes(broken.encode("utf-8"))
    done = lint(path, "--fix", "--lang", "zh")
    assert done.exit_code == 0, done.output
    assert "-修约：三级指标，2位，四舍五人  # 两位" in done.output
    assert "+修约：三级指标，2位，四舍五入  # 两位" in done.output
    assert path.read_bytes() == broken.replace("效裹", "效果").replace("四舍五人", "四舍五入").encode("utf-8")
    assert lint(path, "--fix").output == lint(path).output


def test_what_has_no_sure_repair_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    broken = SMALL.replace("满分：10分", "满分：11分")
    path.write_text(broken, "utf-8")
    done = lint(path, "--fix")
    assert done.exit_code == 1
    assert path.read_text("utf-8") == broken
    assert "---" not in done.output


def test_a_file_in_another_encoding_is_told_and_not_rewritten(tmp_path: Path) -> None:
    path = tmp_path / "a.rules"
    content = SMALL.replace("四舍五入", "四舍五人").encode("gb18030")
    path.write_bytes(content)
    assert lint(path, "--fix").exit_code == 1
    assert path.read_bytes() == content


def test_the_documents_list_every_bundle_and_rule() -> None:
    for name in ("lint.md", "lint.en.md"):
        text = (HOME / "docs" / name).read_text("utf-8")
        for code in CODES:
            assert f"[{code}](errors/{code}.md)" in text
        for key, (zh, _) in BUNDLES.items():
            assert key in text
            assert zh in text
