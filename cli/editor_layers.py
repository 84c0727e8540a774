"""Rulesets that extend others, as an editor sees them: checked as a chain, named across its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..dsl.characters import split_lines
from ..dsl.check import CheckResult, check_chain
from ..dsl.diagnostics import Diagnostic, Label, Place
from ..dsl.frozen import frozen
from ..dsl.heads import read_file_head
from ..dsl.layers.resolve import LayerText
from ..dsl.parse import ParseResult
from ..files.ruleset_folder import BrokenChain, Found, chain_of, folder_of, rulesets_in


@frozen
class Part:
    """One file of a chain: where it is, its lines, and the number of the first of them within the chain."""

    path: Path
    lines: tuple[str, ...]
    first: int


@frozen
class CheckedChain:
    """What checking a chain gave, and its files, the open one last; places count the lines of all."""

    result: CheckResult
    parts: tuple[Part, ...]

    def part_of(self, place: Place) -> tuple[Part, Place]:
        """The file that a place is in, and the place within that file."""
        part = next(p for p in reversed(self.parts) if p.first <= place.line or p is self.parts[0])
        return part, Place(place.line - part.first + 1, place.start, place.end)


def extends_others(parsed: ParseResult) -> bool:
    return any(b.kind == "extends" for b in parsed.file.blocks)


def check_layer(path: Path, text: str, parsed: ParseResult, texts: Mapping[Path, str]) -> CheckedChain:
    """A ruleset that extends others, checked with all of them; ``texts`` are those that are open."""
    own = Found(path, text, (), read_file_head(text))
    try:
        links = chain_of(own, (*(f for f in _there(path, texts) if f.path.resolve() != path), own))
    except BrokenChain as broken:
        found = broken.diagnostic
        if broken.at.path != path:  # what is wrong stands further up: told where this file extends it
            found = Diagnostic(found.code, (Label(_extends(parsed)),), found.facts)
        lines = tuple(split_lines(text))
        return CheckedChain(CheckResult(None, (*parsed.diagnostics, found), parsed.file.language), (Part(path, lines, 1),))
    result = check_chain([LayerText(link.found.path.name, link.found.text, link.extends) for link in links])
    parts: list[Part] = []
    first = 1
    for link in links:
        lines = tuple(split_lines(link.found.text))
        parts.append(Part(link.found.path.resolve(), lines, first))
        first += max(1, len(lines))
    return CheckedChain(result, tuple(parts))


def family(path: Path, texts: Mapping[Path, str]) -> tuple[Path, ...]:
    """The rulesets of a chain around one: those it extends and those that extend it; itself among them."""
    there = _there(path, texts)
    if not any(f.head.extends for f in there):
        return (path,)
    found: dict[Path, None] = {path: None}
    for one in there:
        try:
            chain = {link.found.path.resolve() for link in chain_of(one, there)}
        except BrokenChain:
            continue
        if path in chain:
            found.update(dict.fromkeys(chain))
    return tuple(found)


def _there(path: Path, texts: Mapping[Path, str]) -> list[Found]:
    """The rulesets of a file's folder, as they are open or saved."""
    found = []
    for one in rulesets_in(folder_of(path)):
        place = one.path.resolve()
        text = texts.get(place)
        found.append(one if text is None else Found(place, text, (), read_file_head(text)))
    return found


def _extends(parsed: ParseResult) -> Place:
    line = next(b.line for b in parsed.file.blocks if b.kind == "extends")
    return Place(line.number, line.node.start, max(line.node.end, line.node.start + 1))
