"""Characters as people type them: both widths, invisible ones, look-alikes.

The lexer accepts both widths of digits and punctuation where a digit or a mark can
stand; nothing here ever rewrites a whole text, so names stay as they were typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

FULL_WIDTH_DIGITS = "０１２３４５６７８９"
_ANY_FULL_WIDTH_DIGIT = re.compile(f"[{FULL_WIDTH_DIGITS}]")
_DIGITS = str.maketrans(FULL_WIDTH_DIGITS + "．", "0123456789.")

#: Characters that cannot be seen and never stand for anything.
INVISIBLE: Mapping[str, str] = {
    chr(code): name
    for code, name in {
        0x00AD: "soft hyphen",
        0x034F: "combining grapheme joiner",
        0x061C: "arabic letter mark",
        0x180E: "mongolian vowel separator",
        0x200B: "zero-width space",
        0x200C: "zero-width non-joiner",
        0x200D: "zero-width joiner",
        0x200E: "left-to-right mark",
        0x200F: "right-to-left mark",
        0x202A: "left-to-right embedding",
        0x202B: "right-to-left embedding",
        0x202C: "pop directional formatting",
        0x202D: "left-to-right override",
        0x202E: "right-to-left override",
        0x2060: "word joiner",
        0x2066: "left-to-right isolate",
        0x2067: "right-to-left isolate",
        0x2068: "first strong isolate",
        0x2069: "pop directional isolate",
        0xFEFF: "zero-width no-break space",
        0xFFF9: "interlinear annotation anchor",
        0xFFFA: "interlinear annotation separator",
        0xFFFB: "interlinear annotation terminator",
    }.items()
}

#: Spaces that are accepted as a space between words, but not inside a name.
ODD_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

#: Letters of other alphabets that look like Latin ones.
_LOOK_ALIKES = dict(
    zip(
        "АВЕЅІЈКМНОРСТХУаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTXYaeopcyxijsABEZHIKMNOPTYXo",
        strict=True,
    )
)


def plain_digits(text: str) -> str:
    """``text`` with full-width digits and full stop in their plain form."""
    return text.translate(_DIGITS)


def has_full_width_digit(text: str) -> bool:
    return _ANY_FULL_WIDTH_DIGIT.search(text) is not None


def describe(character: str) -> str:
    """``U+200B zero-width space``: how a message names a character."""
    name = INVISIBLE.get(character) or unicodedata.name(character, "control character").lower()
    return f"U+{ord(character):04X} {name}"


def hidden_characters(text: str) -> Iterator[int]:
    """The positions of characters that cannot be seen, control characters included."""
    for position, character in enumerate(text):
        if character in INVISIBLE or (character < " " and character != "\t") or "\x7f" <= character < "\xa0":
            yield position


def skeleton(name: str) -> str:
    """What a name looks like: two names with one skeleton look the same on a screen."""
    shaped = (_LOOK_ALIKES.get(c, c) for c in name)
    return unicodedata.normalize("NFKC", "".join(shaped)).casefold().replace(" ", "")


def looks_like_latin(character: str) -> str | None:
    """The Latin letter that ``character`` imitates, if it is of another alphabet."""
    return _LOOK_ALIKES.get(character)


def split_lines(text: str) -> list[str]:
    """The lines of a text, whichever system wrote their ends."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
