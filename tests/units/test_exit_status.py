"""The exit status of ``ruleeval check``: 0 decided, 1 errors, 2 wrong usage, 3 not yet decidable."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from unit_text import CHINESE, unit

from ruleeval.cli import root

DATA = {"实有人数": 112, "经费": 0, "满意度": "88.6%", "比值": 0, "评委打分": [1, 1, 1]}
SEEN = {"实地评估": {"权责匹配": "匹配"}}
RULES = CHINESE


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RULEEVAL_CACHE", "off")
    (tmp_path / "rules.rules").write_text(RULES, "utf-8")

    def call(text: str | bytes, *options: str, rules: str | None = None, name: str = "unit.json") -> Result:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
        if rules is not None:
            (tmp_path / "rules.rules").write_text(rules, "utf-8")
        return CliRunner().invoke(root, ["check", str(path), "--rules", str(tmp_path / "rules.rules"), *options])

    return call


def good(**more: object) -> str:
    return unit(DATA, **{"评定": SEEN, "佐证": [{"材料": "编制批复"}], **more})


@pytest.mark.parametrize("options", [(), ("--json",), ("--lang", "en"), ("--quiet",), ("--track", "实地评估")])
def test_a_score_is_0(check, options: tuple[str, ...]) -> None:
    done = check(good(), *options)
    assert done.exit_code == 0, done.output


def test_reminders_alone_are_0(check) -> None:
    done = check(good(佐证=[{"材料": "照片"}]))
    assert done.exit_code == 0
    assert "W741" in done.output
    assert "W733" in done.output


def test_a_unit_that_is_not_scored_is_0(check) -> None:
    rules = RULES.replace("\n一级指标", "\n不评分\n  实有人数 = 112人：新设\n\n一级指标", 1)
    done = check(good(), rules=rules)
    assert done.exit_code == 0
    assert "新设" in done.output


@pytest.mark.parametrize(
    "text, code, name",
    [
        ("{", "E713", "unit.json"),
        ("[" * 10_000, "E714", "unit.json"),
        ("a: !!python/object:os.system {}", "E713", "unit.yaml"),
        (b"\x81\xff\x00\x80", "E733", "unit.json"),
        (unit(单位=...), "E725", "unit.json"),
        (unit({"实有人数": "12人次"}), "E703", "unit.json"),
        (unit({"满意度": 0.886}), "E704", "unit.json"),
        (unit(单位类型="企业"), "E712", "unit.json"),
        (unit(基准日="今年"), "E708", "unit.json"),
        ("", "E713", "unit.json"),
        ("", "E702", "unit.yaml"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--json",), ("--lang", "en")])
def test_a_mistake_in_the_unit_is_1(check, text: str | bytes, code: str, name: str, options: tuple[str, ...]) -> None:
    done = check(text, *options, name=name)
    assert done.exit_code == 1, done.output
    assert code in done.output
    assert isinstance(done.exception, SystemExit)


def test_what_fails_while_evaluating_is_1(check) -> None:
    rules = RULES.replace("\n派生", "\n勾稽\n  实有人数 ≤ 100人，错误：人数过多\n\n派生", 1)
    done = check(good(), rules=rules)
    assert done.exit_code == 1
    assert "E730" in done.output


def test_a_mistake_in_the_ruleset_is_1(check) -> None:
    done = check(good(), rules=RULES.replace("取分：实地评估\n", "取分：实地\n"))
    assert done.exit_code == 1
    assert "E1" in done.output


@pytest.mark.parametrize("which", ["unit", "rules", "folder"])
def test_a_file_that_is_not_there_is_1(check, tmp_path: Path, which: str) -> None:
    check(good())
    unit_path, rules = tmp_path / "unit.json", tmp_path / "rules.rules"
    missing = tmp_path / "没有.json"
    arguments = {"unit": (missing, rules), "rules": (unit_path, missing), "folder": (tmp_path, rules)}[which]
    done = CliRunner().invoke(root, ["check", str(arguments[0]), "--rules", str(arguments[1]), "--lang", "zh"])
    assert done.exit_code == 1, done.output
    assert "E729" in done.output
    assert ("这是文件夹" if which == "folder" else "没有这个文件") in done.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"], ["check", "a", "b"], ["check", "a", "--track", "别处"], ["check", "a", "--lang", "fr"], ["check", "a", "--nothing"],
        ["nothing"], ["explain", "unit.json", "Z9"],
    ],
)  # fmt: skip
def test_wrong_usage_is_2(check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    check(good())
    monkeypatch.chdir(tmp_path)
    if arguments[0] == "explain":
        arguments = [*arguments, "--rules", "rules.rules"]
    assert CliRunner().invoke(root, arguments).exit_code == 2


@pytest.mark.parametrize("named", ["没有.rules", "../" * 200 + "x.rules", "长" * 5000 + ".rules", "a\x00b.rules", "rules.txt", ""])
def test_a_ruleset_that_cannot_be_found_is_1(check, tmp_path: Path, named: str) -> None:
    check(good(规则集=named))
    done = CliRunner().invoke(root, ["check", str(tmp_path / "unit.json")])
    assert done.exit_code == 1, done.output
    assert ("E945" if named else "E748") in done.output


@pytest.mark.parametrize(
    "changed",
    [
        {"实有人数": ...},
        {"实有人数": None},
        {"实有人数": {"状态": "未到期", "到期日": "2023-06-30"}},
        {"实有人数": {"状态": "存疑", "各方数值": [100, 112]}},
        {"实有人数": {"状态": "不适用", "理由": "无"}},
    ],
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_valid_but_not_yet_decidable_is_3(check, changed: dict[str, object], options: tuple[str, ...]) -> None:
    data = {k: v for k, v in {**DATA, **changed}.items() if v is not ...}
    done = check(unit(data, 评定=SEEN), *options)
    assert done.exit_code == 3, done.output


def test_an_assessment_that_is_missing_is_3(check) -> None:
    assert check(unit(DATA)).exit_code == 3


def test_too_much_left_out_is_3(check) -> None:
    done = check(good(不适用=[{"指标": "A1.1", "理由": "无", "确认": "实地评估"}]), rules=RULES.replace("折算限度：100%", "折算限度：30%"))
    assert done.exit_code == 3, done.output
    assert "W731" in done.output
