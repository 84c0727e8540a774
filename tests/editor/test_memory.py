"""What an edit does not touch is not checked again, and the findings are those of a fresh reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import few
from hypothesis import given, settings
from hypothesis import strategies as st

from ruleeval.dsl.check import CheckMemory, CheckResult, check_file
from ruleeval.dsl.codec import encode
from ruleeval.dsl.keywords import Language
from ruleeval.dsl.parse import Memory, parse

HOME = Path(__file__).resolve().parents[2]
RULES: dict[Language, str] = {
    "zh": (HOME / "tests" / "samples" / "liaoning-2022" / "government.rules").read_text("utf-8"),
    "en": (HOME / "rulesets" / "riverside-libraries" / "libraries.rules").read_text("utf-8"),
}
#: What a slip or a second thought replaces by what.
SWAPS = (("1", "2"), ("至少0", "至少1"), ("高", "低"), ("，", "，，"), ("A1.1", "A1.2"), ("整数", "小数"), ("：", ""), ("at-least", "at-most"), ("points", "point"), ("%", ""))
BANDED = """规则集：试
版本：1
满分：8分
取分：自评
修约：三级指标，2位，四舍五入
数据
  实有人数：整数，人，至少0
  核定编制数：整数，人，至少1
  公开率：百分数，0%至100%
一级指标 A 编制，8分
二级指标 A1 使用，8分
三级指标 A1.1 使用率，4分
  取值：实有人数 ÷ 核定编制数
  评分：按比例
  超出：封顶
  佐证：编制批复，缺则提示
三级指标 A1.2 公开率，4分
  取值：公开率
  评分：分档
    90%（含）以上：4分
    低于90%：1分
  佐证：公开记录，缺则提示
"""


def same(again: CheckResult, fresh: CheckResult) -> bool:
    if again.diagnostics != fresh.diagnostics or (again.ruleset is None) != (fresh.ruleset is None):
        return False
    return again.ruleset is None or fresh.ruleset is None or encode(again.ruleset) == encode(fresh.ruleset)


def edited(data: st.DataObject, lines: list[str], original: list[str]) -> list[str]:
    """One edit: a slip within a line, a line lost, doubled, moved or broken in two, or everything taken back."""
    if data.draw(st.integers(0, 4)) == 0:
        return list(original)
    at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    line, half = lines[at], data.draw(st.integers(0, len(lines[at])))
    old, new = data.draw(st.sampled_from(SWAPS))
    some = lines[other : other + data.draw(st.integers(1, 6))]
    changes = [
        [], [""], ["", line], [line, line], [lines[other]], [line, lines[other]], [line.replace(old, new)], [line.replace(new, old) if new else line + old],
        [line[:half]], [line[half:]], [line[:half] + lines[other]], [line[:half], line[half:]], some, [*some, line], [line + "  # 记"],
    ]  # fmt: skip
    return [*lines[:at], *data.draw(st.sampled_from(changes)), *lines[at + 1 :]] or [""]


@settings(max_examples=few(12, 300), deadline=None)
@given(st.data())
def test_reading_again_with_a_memory_finds_what_a_fresh_reading_finds(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(("zh", "en")))
    original = data.draw(st.sampled_from([RULES[language], BANDED if language == "zh" else RULES["en"]])).split("\n")
    lines, memory, checked = original, Memory(), CheckMemory()
    check_file(parse("\n".join(lines), language, memory), "", checked)
    for _ in range(5):
        lines = edited(data, lines, original)
        text = "\n".join(lines)
        assert same(check_file(parse(text, language, memory), "", checked), check_file(parse(text, language), ""))


@pytest.mark.parametrize(
    ("old", "new", "made"),
    [
        ("    低于90%：1分", "    低于90%：2分", 1),
        ("核定编制数：整数，人，至少1", "核定编制数：整数，人，至少2", 1),
        ("数据\n", "\n\n数据\n", 0),
        ("三级指标 A1.2", "\n三级指标 A1.2", 1),  # the blank line belongs to the lines of A1.1
        ("A1.1 使用率", "A1.1 编制使用率", 1),
        ("版本：1", "版本：2", 0),
        ("修约：三级指标，2位", "修约：三级指标，1位", 4),
        ("实有人数：整数，人", "实有人数：整数、人", 1),
        ("一级指标 A 编制，8分", "一级指标 A 编制，9分", 1),
    ],
)
def test_only_what_an_edit_touches_is_made_again(old: str, new: str, made: int) -> None:
    memory, checked = Memory(), CheckMemory()
    check_file(parse(BANDED, "zh", memory), "", checked)
    assert checked.made == 4
    text = BANDED.replace(old, new, 1)
    assert text != BANDED
    assert same(check_file(parse(text, "zh", memory), "", checked), check_file(parse(text, "zh"), ""))
    assert checked.made == made


def test_what_missing_evidence_does_is_asked_of_the_next_indicator_once_the_first_says_it() -> None:
    """The question is asked once; an indicator that was silent because of another must not be remembered as settled."""
    text = BANDED.replace("，缺则提示", "")
    memory, checked = Memory(), CheckMemory()
    first = check_file(parse(text, "zh", memory), "", checked)
    assert [(d.code, d.line) for d in first.diagnostics] == [("E610", 16)]
    text = text.replace("佐证：编制批复", "佐证：编制批复，缺则提示")
    again = check_file(parse(text, "zh", memory), "", checked)
    assert [(d.code, d.line) for d in again.diagnostics] == [("E610", 22)]
