"""Codes of indicators, which tell their place in the tree: A, A1, A1.1."""

from __future__ import annotations

import re

from .characters import plain_digits
from .syntax import Word


def plain_code(word: Word) -> str:
    """A code as typed, in plain digits."""
    return plain_digits(word.text).replace("．", ".")


def parent_code(code: str) -> str | None:
    """The code one level up: A1.1 -> A1 -> A -> none."""
    if "." in code:
        return code.rsplit(".", 1)[0]
    letters = code.rstrip("0123456789")
    return letters if letters != code else None


def code_order(code: str) -> tuple[int, str, tuple[int, ...]]:
    """What siblings are put in order by: A2 before A10, A1.2 before A1.10, Z before AA."""
    numbers = re.findall(r"\d+", code)
    letters = code[: len(code) - len(code.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
    return len(letters), letters, tuple(int(n) for n in numbers)


def is_below(code: str, upper: str) -> bool:
    """Whether a code stands for an indicator somewhere under another."""
    above = parent_code(code)
    while above is not None and above != upper:
        above = parent_code(above)
    return above is not None
