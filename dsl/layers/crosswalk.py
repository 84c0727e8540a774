"""From an older version to a newer one: which indicators, data and documents became which.

What a version says in its crosswalk comes first; then what its layers did (a move keeps the
origin); then the code itself, where neither version says anything else about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..codes import is_below
from ..frozen import frozen
from ..model import Crosswalk, Ruleset, Successor
from ..numbers import Exact


@frozen
class Part:
    """The share of an older indicator that a newer one takes over."""

    code: str
    share: Exact


@frozen
class Passage:
    """What each indicator without children, data item and kind of evidence of a version comes from.

    ``leaves`` are by newer code; ``names`` by kind and newer name; ``dropped`` are the older
    codes that come to an end, ``alike`` the newer codes that are paired by their code alone.
    """

    leaves: Mapping[str, tuple[Part, ...]]
    names: Mapping[tuple[str, str], tuple[str, ...]]
    dropped: tuple[str, ...]
    alike: frozenset[str]


def crosswalk_between(old: Ruleset, new: Ruleset) -> Crosswalk | None:
    """What ``new`` says of its parts in ``old``, or in what ``old`` extends; else, turned round,
    what ``old`` says of its parts in ``new``."""
    forward = _joined(new, old)
    if forward is not None:
        return forward
    backward = _joined(old, new)
    return None if backward is None else reversed_crosswalk(backward, new.name, new.version)


def _joined(newer: Ruleset, older: Ruleset) -> Crosswalk | None:
    """The crosswalks of a ruleset to another, or to what that one extends, as one."""
    named = {(older.name, older.version), *((s.name, s.version) for s in older.sources)}
    found = [w for w in newer.crosswalks if (w.name, w.version) in named]
    if not found:
        return None
    successors = {(s.kind, s.name): s for w in found for s in w.successors}
    return replace(found[-1], successors=tuple(successors.values()), dropped=tuple(dict.fromkeys(c for w in found for c in w.dropped)))


def reversed_crosswalk(walk: Crosswalk, name: str, version: str) -> Crosswalk:
    """The way back: renamed things by their old names, the parts of what was split put together
    again.  What several were merged into cannot be taken apart and has no way back."""
    parts: dict[tuple[str, str], list[Successor]] = {}
    merged: list[str] = []
    for one in walk.successors:
        if len(one.sources) > 1:
            merged += [one.name] if one.kind == "indicator" else []
        else:
            parts.setdefault((one.kind, one.sources[0]), []).append(one)
    back = tuple(
        Successor(several[0].kind, source, tuple(s.name for s in several), 1, several[0].place) for (_, source), several in parts.items()
    )
    return Crosswalk(name, version, back, tuple(merged), walk.place)


def given_pairs(old: Ruleset, new: Ruleset) -> dict[str, str]:
    """Older codes with the newer code of the same indicator as the crosswalk says it; an empty
    code where the crosswalk says that there is none."""
    walk = _joined(new, old)
    if walk is None:
        return {}
    found = dict.fromkeys(walk.dropped, "")
    used = [(s, c) for s in walk.successors if s.kind == "indicator" for c in s.sources]
    for one, source in used:
        same = one.name in one.sources or len(one.sources) == 1
        if source == one.name or (same and one.share == 1 and len(one.sources) == 1):
            found[source] = one.name
        else:
            found.setdefault(source, "")
    return found


def passage(old: Ruleset, new: Ruleset, walk: Crosswalk | None) -> Passage:
    """How the parts of ``new`` come from ``old``."""
    successors = walk.successors if walk is not None else ()
    dropped = walk.dropped if walk is not None else ()
    named: dict[tuple[str, str], Successor] = {(s.kind, s.name): s for s in successors}
    used = {(s.kind, source) for s in successors for source in s.sources} | {("indicator", c) for c in dropped}
    old_leaves = {i.code for i in old.by_code.values() if not i.children}
    new_leaves = [i.code for i in new.by_code.values() if not i.children]
    leaves: dict[str, tuple[Part, ...]] = {}
    for code in new_leaves:
        row = named.get(("indicator", code))
        if row is not None:
            leaves[code] = tuple(Part(c, row.share) for c in row.sources)
    _below_renamed(leaves, named, used, old_leaves, new_leaves)
    alike: set[str] = set()
    by_origin = {_origin(old, c): c for c in old_leaves if ("indicator", c) not in used}
    taken = {p.code for parts in leaves.values() for p in parts}
    waiting = [c for c in new_leaves if c not in leaves]
    for code in waiting:
        source = by_origin.get(_origin(new, code))
        if source is not None and source not in taken:
            leaves[code] = (Part(source, 1),)
            taken.add(source)
    for code in (c for c in waiting if c not in leaves):
        if code in old_leaves and code not in taken and ("indicator", code) not in used:
            leaves[code] = (Part(code, 1),)
            alike.add(code)
    names = _names(old, new, named, used)
    gone = tuple(sorted(old_leaves - {p.code for parts in leaves.values() for p in parts}))
    return Passage({c: leaves.get(c, ()) for c in new_leaves}, names, gone, frozenset(alike))


def _below_renamed(
    leaves: dict[str, tuple[Part, ...]], named: Mapping[tuple[str, str], Successor], used: set[tuple[str, str]], old: set[str], new: Iterable[str]
) -> None:
    """What stands below an indicator that was given a new code goes with it, as a move does."""
    renamed = [s for (kind, _), s in named.items() if kind == "indicator" and len(s.sources) == 1 and s.share == 1]
    for code in new:
        for one in renamed if code not in leaves else ():
            source = one.sources[0] + code[len(one.name) :]
            if is_below(code, one.name) and source in old and ("indicator", source) not in used:
                leaves[code] = (Part(source, 1),)
                used.add(("indicator", source))


def _origin(ruleset: Ruleset, code: str) -> tuple[str, str]:
    return ruleset.origins.get(code, (ruleset.name, code))


def _names(
    old: Ruleset, new: Ruleset, named: Mapping[tuple[str, str], Successor], used: set[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Data items and kinds of evidence: by the crosswalk, else by their own name."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for kind, olds, news in (("data", _data(old), _data(new)), ("evidence", evidence_kinds(old), evidence_kinds(new))):
        for name in news:
            row = named.get((kind, name))
            if row is not None:
                found[kind, name] = row.sources
            else:
                found[kind, name] = (name,) if name in olds and (kind, name) not in used else ()
    return found


def _data(ruleset: Ruleset) -> list[str]:
    return [d.name for d in ruleset.data if "#" not in d.name]


def evidence_kinds(ruleset: Ruleset) -> list[str]:
    """The kinds of evidence that a ruleset asks for."""
    return list(dict.fromkeys(k for i in ruleset.by_code.values() for r in i.evidence for k in r.kinds))
