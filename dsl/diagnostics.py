"""Diagnostics as data: what was found, where, and the facts a message is made from.

No wording stands here.  ``wording.py`` turns a `Diagnostic` into sentences of one
language; printers, JSON and editors are views of the same data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from .frozen import frozen

#: What a message is filled with: words, or a list that the wording joins in its language.
Fact = str | tuple[str, ...]


@frozen
class Place:
    """Some words of one line: the line from 1, the columns from 0, the end excluded."""

    line: int
    start: int
    end: int


@frozen
class Label:
    """A place with a sentence of its own; ``note`` names the sentence, if it has one."""

    place: Place
    note: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)


@frozen
class Choice:
    """A line (from 1) as it could be written to put a finding right, where there are several ways."""

    line: int
    text: str


@frozen
class Diagnostic:
    """One finding.  ``E…`` stops the run, ``W…`` is a reminder.

    ``repair`` is a whole line that would put it right, where there is exactly one,
    and ``choices`` are such lines where there are several;
    ``path`` is a JSON path when the finding is about a unit's data.
    """

    code: str
    labels: tuple[Label, ...]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    repair: str | None = None
    path: str | None = None
    source: str = "ruleset"
    choices: tuple[Choice, ...] = ()

    @property
    def is_error(self) -> bool:
        return self.code.startswith("E")

    def fact(self, name: str) -> str:
        """A fact that is words, or nothing."""
        found = self.facts.get(name, "")
        return found if isinstance(found, str) else ""

    @property
    def line(self) -> int:
        return self.labels[0].place.line if self.labels else 0


class RulesetError(Exception):
    """A ruleset or a unit's data holds errors; ``diagnostics`` has them all."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.code for d in self.diagnostics if d.is_error))


#: No name that is longer can be a slip of the keyboard.
_LONGEST_NAME = 200


def edit_distance(left: str, right: str, limit: int) -> int:
    """The number of one-character edits between two words, or ``limit + 1`` if more."""
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
        if min(row) > limit:
            return limit + 1
    return row[-1]


def within_edits(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate fewest edits away, if within a third of the length of ``name`` (at least one)."""
    if not 1 < len(name) <= _LONGEST_NAME:  # every one-character name is one edit from every other
        return None
    limit = max(1, len(name) // 3)
    scored = sorted((edit_distance(name, c, limit), c) for c in set(candidates))
    return scored[0][1] if scored and scored[0][0] <= limit else None


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate within a few edits of ``name``, or else one that begins it or that it begins."""
    names = sorted(set(candidates))
    contained = (c for c in names if len(name) > 1 and (c.startswith(name) or name.startswith(c)))
    return within_edits(name, names) or next(contained, None)
