"""A folder of rulesets: every file by its name and version, and the chain that one stands on.

The folder is ``RULEEVAL_RULESETS`` if that is set, else the nearest folder called
``rulesets`` above a file, else the file's own.  Nothing outside it is ever read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

from ..dsl.characters import split_lines
from ..dsl.diagnostics import Diagnostic, Fact, Label, Place, nearest
from ..dsl.frozen import frozen
from ..dsl.heads import Extended, FileHead, read_file_head
from ..dsl.limits import MAXIMUM_LAYERS
from ..dsl.periods import common, gaps, span
from .text import Unreadable, decode, read_bytes

_VARIABLE = "RULEEVAL_RULESETS"
_NAME = "rulesets"
_MOST_FILES = 20_000
_MOST_FOLDERS = 2_000
_MOST_SHOWN = 12


@frozen
class Found:
    """One ruleset file with its text as read and what its head says."""

    path: Path
    text: str
    notices: tuple[Diagnostic, ...]
    head: FileHead


@frozen
class ChainLink:
    """One file of a chain, and the numbers of those before it that it extends."""

    found: Found
    extends: tuple[int, ...]


class BrokenChain(Exception):
    """A chain cannot be put together; ``diagnostic`` says why, ``at`` is the file it is about."""

    def __init__(self, diagnostic: Diagnostic, at: Found) -> None:
        self.diagnostic, self.at = diagnostic, at
        super().__init__(diagnostic.code)


def folder_of(path: Path) -> Path:
    """The folder of rulesets that a file belongs to."""
    chosen = os.environ.get(_VARIABLE)
    if chosen:
        return Path(chosen)
    start = path if path.is_dir() else path.parent
    here = start.resolve()
    return next((p for p in (here, *here.parents) if p.name == _NAME), here / _NAME if (here / _NAME).is_dir() else here)


def read_found(path: Path) -> Found:
    """A ruleset file and its head.  Raises `Unreadable`."""
    text, notices = decode(read_bytes(path), path.name)
    return Found(path, text, notices, read_file_head(text))


def rulesets_in(folder: Path) -> Iterator[Found]:
    """Every ruleset file of a folder and the folders in it, in the order of their paths.

    Hidden folders are left aside; the nearest `_MOST_FOLDERS` folders are looked into, so
    that a ruleset kept at the top of a disk does not have the whole disk read.
    """
    inside = folder.resolve()
    for path in sorted(_rules_files(folder))[:_MOST_FILES]:
        if not path.resolve().is_relative_to(inside):
            continue
        try:
            yield read_found(path)
        except Unreadable:
            continue


def _rules_files(folder: Path) -> Iterator[Path]:
    """Ruleset files, those of nearer folders first."""
    folders = [folder]
    for here in folders:  # grows while it is gone through
        try:
            entries = sorted(os.scandir(here), key=lambda e: e.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(".rules"):
                yield Path(entry.path)
            elif len(folders) < _MOST_FOLDERS and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))


def named(text: str, folder: Path) -> Path:
    """The file of ``NAME@VERSION`` (or of a name that has one version only).  Raises `Unreadable`."""
    name, _, version = text.rpartition("@") if "@" in text else (text, "", "")
    there = list(rulesets_in(folder))
    hits = [f for f in there if f.head.name == name and version in ("", f.head.version)]
    if len(hits) == 1:
        return hits[0].path
    raise Unreadable(_several(name, version, hits) if hits else replace(_not_there(name, version, there, ()), code="E945"))


def chain_of(found: Found, others: Sequence[Found] | None = None) -> tuple[ChainLink, ...]:
    """The files that a file extends, first the first, and the file itself at the end.

    They are looked for among ``others``; by default in the file's folder.  Raises `BrokenChain` where one is missing, stands twice, or extends itself.
    """
    if not found.head.extends:
        return (ChainLink(found, ()),)
    there = list(others if others is not None else rulesets_in(folder_of(found.path)))
    links: list[ChainLink] = []
    numbers: dict[Path, int] = {}

    def visit(one: Found, above: tuple[Found, ...]) -> int:
        key = one.path.resolve()
        if key in numbers:
            return numbers[key]
        if len(above) >= MAXIMUM_LAYERS:
            raise BrokenChain(Diagnostic("E915", (_label(one.head.extends[0]),), {"limit": str(MAXIMUM_LAYERS)}), one)
        extends = []
        for wanted in one.head.extends:
            base = _base(wanted, one, there)
            if base.path.resolve() in {f.path.resolve() for f in (*above, one)}:
                names = " → ".join(f.head.name for f in (*above, one, base))
                raise BrokenChain(Diagnostic("E903", (_label(wanted),), {"chain": names}), one)
            extends.append(visit(base, (*above, one)))
        links.append(ChainLink(one, tuple(extends)))
        numbers[key] = len(links) - 1
        return numbers[key]

    visit(found, ())
    roots = [link.found.head.name for link in links if not link.extends]
    if len(roots) > 1:
        raise BrokenChain(Diagnostic("E916", (_label(found.head.extends[0]),), {"names": tuple(roots)}), found)
    return tuple(links)


def _base(wanted: Extended, by: Found, there: list[Found]) -> Found:
    hits = [f for f in there if (f.head.name, f.head.version) == (wanted.name, wanted.version)]
    if len(hits) == 1:
        return hits[0]
    label = (_label(wanted),)
    if hits:
        raise BrokenChain(_several(wanted.name, wanted.version, hits, label), by)
    raise BrokenChain(_not_there(wanted.name, wanted.version, there, label), by)


def _not_there(name: str, version: str, there: list[Found], labels: tuple[Label, ...]) -> Diagnostic:
    names = [f"{f.head.name} {f.head.version}" for f in there if f.head.name]
    guess = nearest(f"{name} {version}".strip(), names)
    shown = (*names[:_MOST_SHOWN], *(["…"] if len(names) > _MOST_SHOWN else []))
    facts: dict[str, Fact] = {"name": name, "version": version, "there": shown, **({"near": guess} if guess else {})}
    return Diagnostic("E901", labels, facts)


def _several(name: str, version: str, hits: list[Found], labels: tuple[Label, ...] = ()) -> Diagnostic:
    return Diagnostic("E902", labels, {"name": name, "version": version, "files": tuple(f.path.name for f in hits)})


def _label(wanted: Extended) -> Label:
    return Label(Place(wanted.line, wanted.start, wanted.end))


@frozen
class Sought:
    """What a unit says of itself when its ruleset is looked for."""

    unit: str
    unit_type: str
    level: str | None
    region: str | None
    as_of: date | None


def pick(sought: Sought, folder: Path) -> Path:
    """The one ruleset for a unit: of those that fit, the one that extends the others.

    Raises `Unreadable` where none fits, or several of which none extends the rest.
    """
    there = [f for f in rulesets_in(folder) if f.head.name]
    fitting = [f for f in there if _fits(f.head, sought) and _fits(whole_head(f, there), sought)]
    extended = {(e.name, e.version) for f in fitting for e in _all_extended(f, there)}
    lowest = [f for f in fitting if (f.head.name, f.head.version) not in extended]
    told = (sought.unit, sought.unit_type, sought.level, sought.region, sought.as_of.isoformat() if sought.as_of else None)
    facts: dict[str, Fact] = {"unit": "，".join(t for t in told if t)}
    twice = next(((a, b) for a, b in combinations(fitting, 2) if _both_in_force(a, b, there)), None)
    if twice is not None and sought.as_of is not None:
        facts |= {"name": twice[0].head.name, "versions": _dated(twice), "day": sought.as_of.isoformat()}
        raise Unreadable(Diagnostic("E935", (), facts, source="unit"))
    if len(lowest) == 1:
        return lowest[0].path
    any_day = replace(sought, as_of=None)
    other_days = [f for f in there if _fits(f.head, any_day) and _fits(whole_head(f, there), any_day)]
    if not lowest and other_days and sought.as_of is not None:
        raise Unreadable(Diagnostic("E934", (), {**facts, "day": sought.as_of.isoformat(), "versions": _dated(other_days)}, source="unit"))
    raise Unreadable(Diagnostic("E749" if lowest else "E748", (), {**facts, "there": _described(lowest or offered(there), there)}, source="unit"))


def _both_in_force(one: Found, other: Found, there: list[Found]) -> bool:
    """Whether two files are versions of one ruleset for the same units, in force on the same days.

    A layer may stand in for what it extends, as long as one of them does not say when it is in force.
    """
    if one.head.name != other.head.name or not one.head.for_same_units(other.head) or common(one.head.period, other.head.period) is None:
        return False
    if one.head.effective_line and other.head.effective_line:
        return True
    pairs = ((one, other), (other, one))
    return not any((b.head.name, b.head.version) in {(e.name, e.version) for e in _all_extended(a, there)} for a, b in pairs)


def _dated(found: Iterable[Found]) -> tuple[str, ...]:
    """Versions with the days on which they are in force, as a list in any language."""
    shown = sorted(found, key=lambda f: (f.head.name, f.head.start or date.min))
    return tuple(f"{f.head.name} {f.head.version}（{span(f.head.period)}）" for f in shown[:_MOST_SHOWN])


def version_findings(found: Found) -> tuple[Diagnostic, ...]:
    """What is wrong between a ruleset and the other versions of it in its folder: days on which two
    are in force, and days between one and the next on which none is."""
    head = found.head
    if not head.effective_line:
        return ()
    line = split_lines(found.text)[head.effective_line - 1].rstrip()
    label = (Label(Place(head.effective_line, len(line) - len(line.lstrip()), len(line))),)
    there = list(rulesets_in(folder_of(found.path)))
    same = [f for f in there if f.head.name == head.name and f.head.effective_line and f.head.for_same_units(head)]
    others = [f for f in same if f.path.resolve() != found.path.resolve()]
    told: list[Diagnostic] = []
    for other in others:
        shared = common(head.period, other.head.period)
        if shared is not None:
            facts = {"name": head.name, "version": head.version, "other": other.head.version, "file": other.path.name}
            told.append(Diagnostic("E936", label, {**facts, "days": span(shared)}))
    for gap in gaps([head.period, *(f.head.period for f in others)]):
        if gap.start is not None and head.end is not None and gap.start > head.end and (gap.start - head.end).days == 1:
            told.append(Diagnostic("W937", label, {"name": head.name, "version": head.version, "days": span(gap)}))
    return tuple(told)


def whole_head(found: Found, there: list[Found]) -> FileHead:
    """The head of a file with what it takes over from those it extends; only its own where its chain is broken."""
    if not found.head.extends:
        return found.head
    try:
        links = chain_of(found, there)
    except BrokenChain:
        return found.head
    depths: list[int] = []
    for link in links:
        depths.append(1 + max((depths[i] for i in link.extends), default=-1))
    heads = [links[i].found.head for i in sorted(range(len(links)), key=lambda i: (depths[i], i))]
    whole = heads[0]
    for head in heads[1:]:
        dated = head if head.start is not None or head.end is not None else whole
        whole = replace(
            head, applies=head.applies or whole.applies, unit_levels=head.unit_levels or whole.unit_levels,
            regions=head.regions or whole.regions, units=head.units or whole.units, start=dated.start, end=dated.end,
            effective_line=dated.effective_line,
        )  # fmt: skip
    return whole


def _fits(head: FileHead, sought: Sought) -> bool:
    asked = ((head.applies, sought.unit_type), (head.unit_levels, sought.level), (head.regions, sought.region), (head.units, sought.unit))
    if any(allowed and value not in allowed for allowed, value in asked):
        return False
    day = sought.as_of
    return day is None or ((head.start is None or head.start <= day) and (head.end is None or day <= head.end))


def _all_extended(found: Found, there: list[Found], depth: int = 0) -> Iterator[Extended]:
    for one in found.head.extends if depth <= MAXIMUM_LAYERS else ():
        yield one
        for base in there:
            if (base.head.name, base.head.version) == (one.name, one.version):
                yield from _all_extended(base, there, depth + 1)


def offered(there: list[Found]) -> list[Found]:
    """The templates: rulesets of no single unit, without those that others replace for everyone they are for."""
    templates = [(f, whole_head(f, there)) for f in there if not f.head.units]
    above = {f.path: {(e.name, e.version) for e in _all_extended(f, there)} for f, _ in templates}

    def replaced(found: Found, head: FileHead) -> bool:
        below = [h for f, h in templates if (found.head.name, found.head.version) in above[f.path]]
        same = [h for h in below if (h.unit_levels, h.regions) == (head.unit_levels, head.regions)]
        return bool(same) and set(head.applies) <= {t for h in same for t in h.applies}

    return [f for f, head in templates if not replaced(f, head)]


def _described(found: list[Found], there: list[Found]) -> str:
    shown = []
    for one in found[:_MOST_SHOWN]:
        head = whole_head(one, there)
        whom = (*head.applies, *head.unit_levels, *head.regions, *head.units)
        shown.append(f"{head.name} {head.version}" + (f"（{'、'.join(whom)}）" if whom else ""))
    return "；".join(shown) + ("…" if len(found) > _MOST_SHOWN else "")
