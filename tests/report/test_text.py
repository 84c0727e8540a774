"""Text for a terminal: where lines break, and how wide they become."""

from __future__ import annotations

import pytest

from ruleeval.report.as_text import width_of, wrap


@pytest.mark.parametrize(
    "text, width, lines",
    [
        ("最大(0，43.8% − 42%)", 11, ["最大(0，", "43.8% −", "42%)"]),
        ("between 6.73 and 9.73 (both ends)", 24, ["between 6.73 and 9.73", "(both ends)"]),
        ("得分率在这一档", 10, ["得分率在这", "一档"]),
    ],
)
def test_lines_break_at_spaces_and_between_chinese_characters_not_in_a_number(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def test_a_mark_that_may_not_begin_a_line_hangs() -> None:
    assert wrap("一二三四五，六", 10) == ["一二三四五，", "六"]
    assert width_of("一二三四五，") == 12
