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
    """Why a name cannot be given: ``empty``, ``taken``, ``marks`` or ``meaning``."""

    def __init__(self, reason: str, name: str) -> None:
        super().__init__(f"{reason}: {name}")
        self.reason, self.name = reason, name

    def sentence(self, language: Language) -> str:
        """One sentence for the author."""
        return _WHY[self.reason][0 if language == "zh" else 1].format(name=self.name)


_WHY = {
    "empty": ("新名称是空的", "the new name is empty"),
    "taken": ("“{name}”已经是别的名称", '"{name}" is the name of something else already'),
    "marks": ("“{name}”里有名称不能有的字符，或者太长", '"{name}" is too long, or holds characters that no name may hold'),
    "meaning": ("改成“{name}”后，有的行就读成别的意思了，或者读不出来", 'with the name "{name}" some line would say something else, or nothing'),
}


def rename(text: str, language: Language, one: Occurrence, new: str) -> tuple[Change, ...]:
    """The changes that give what ``one`` names a new name.  Raises `CannotRename`.

    What is written is read again: every mention must be there under the new name, and
    every other mention as it was.
    """
    new = new.strip()
    found = occurrences(parse(text, language).file)
    taken = any(o.name == new and (o.kind == one.kind or {o.kind, one.kind} <= {"value", "column", "table"}) for o in found)
    if not new:
        raise CannotRename("empty", new)
    if taken:
        raise CannotRename("taken", new)
    if len(new) > MAXIMUM_LINE or any(c in new for c in "\r\n【】[]"):
        raise CannotRename("marks", new[:60])
    meant = [((o.kind, new) if (o.kind, o.name) == (one.kind, one.name) else (o.kind, o.name)) for o in found]
    for quoted in (False, True) if one.kind != "code" else (False,):
        changes = tuple(Change(o.place, _written(o, new, language, quoted=quoted)) for o in same(found, one))
        again = occurrences(parse(applied(text, changes), language).file)
        if [(o.kind, o.name) for o in again] == meant:
            return changes
    raise CannotRename("meaning", new)


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
