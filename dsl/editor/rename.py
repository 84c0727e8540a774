"""A new name in every place of the old one, proved by reading the text again."""

from __future__ import annotations

from ..diagnostics import Place
from ..frozen import frozen
from ..keywords import Language
from ..limits import MAXIMUM_LINE
from ..parse import parse
from .symbols import Occurrence, occurrences, same


@frozen
class Change:
    """The words at a place, and what is to stand there."""

    place: Place
    text: str


class CannotRename(ValueError):
    """The new name would make the text say something else, or is taken."""


def rename(text: str, language: Language, one: Occurrence, new: str) -> tuple[Change, ...]:
    """The changes that give what ``one`` names a new name.  Raises `CannotRename`.

    What is written is read again: every mention must be there under the new name, and
    every other mention as it was.
    """
    new = new.strip()
    found = occurrences(parse(text, language).file)
    taken = any(o.name == new and (o.kind == one.kind or {o.kind, one.kind} <= {"value", "column", "table"}) for o in found)
    if not new or taken or len(new) > MAXIMUM_LINE or any(c in new for c in "\r\n【】[]"):
        raise CannotRename(new)
    meant = [((o.kind, new) if (o.kind, o.name) == (one.kind, one.name) else (o.kind, o.name)) for o in found]
    for quoted in (False, True) if one.kind != "code" else (False,):
        changes = tuple(Change(o.place, _written(o, new, language, quoted=quoted)) for o in same(found, one))
        again = occurrences(parse(applied(text, changes), language).file)
        if [(o.kind, o.name) for o in again] == meant:
            return changes
    raise CannotRename(new)


def applied(text: str, changes: tuple[Change, ...]) -> str:
    """The text with changes made, from the last to the first."""
    lines = text.split("\n")
    for change in sorted(changes, key=lambda c: (c.place.line, c.place.start), reverse=True):
        line = lines[change.place.line - 1]
        lines[change.place.line - 1] = line[: change.place.start] + change.text + line[change.place.end :]
    return "\n".join(lines)


def _written(one: Occurrence, new: str, language: Language, *, quoted: bool) -> str:
    if not quoted and one.word.kind != "QUOTED_NAME":
        return new
    return f"【{new}】" if language == "zh" else f"[{new}]"
