"""Two versions of one random ruleset: the second has a few numbers, points or fields changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

from reference.draw import draw_plan
from reference.plan import Plan
from reference.write import write

from ruleeval.dsl.check import check_text
from ruleeval.dsl.layers.difference import Version
from ruleeval.dsl.layers.resolve import LayerText, resolve

_NUMBER = re.compile(r"(?<![\w.（])(\d+(?:\.\d+)?)(?![\d.])")
_POINTS = re.compile(r"^(?:三级指标|level3) (\S+) .*?[，,] ?(\d+(?:\.\d+)?) ?(?:分|points)")


@dataclass(frozen=True)
class Pair:
    """A plan, its text, the changed text, and both as checked versions."""

    plan: Plan
    old_text: str
    new_text: str
    old: Version
    new: Version


def version(text: str) -> Version | None:
    checked = check_text(text)
    return None if checked.ruleset is None else Version(checked.ruleset, resolve([LayerText("a.rules", text)]))


def draw_pair(seed: int) -> Pair | None:
    """A pair from a seed, or none where no change that was tried made a valid ruleset."""
    rng = Random(seed)
    plan = draw_plan(rng)
    text = write(plan)
    old = version(text)
    assert old is not None
    new_text, new = text, old
    for _ in range(rng.randint(1, 5)):
        tried = rng.choice((_other_number, _other_number, _moved_points, _without_line))(new_text, rng)
        made = version(tried)
        if made is not None:
            new_text, new = tried, made
    return None if new_text == text else Pair(plan, text, new_text, old, new)


def _other_number(text: str, rng: Random) -> str:
    """One number of a line below the head is another one."""
    lines = text.split("\n")
    places = [(n, m) for n, line in enumerate(lines) if line.startswith("  ") for m in _NUMBER.finditer(line)]
    if not places:
        return text
    number, match = rng.choice(places)
    value = rng.choice(("1", "2", "0.5", "3", "10", "60", "80", "90"))
    lines[number] = lines[number][: match.start()] + value + lines[number][match.end() :]
    return "\n".join(lines)


def _moved_points(text: str, rng: Random) -> str:
    """Half a point goes from one leaf to a sibling."""
    lines = text.split("\n")
    leaves = [(n, m[1].rsplit(".", 1)[0], m) for n, line in enumerate(lines) if (m := _POINTS.match(line))]
    pairs = [(a, b) for a in leaves for b in leaves if a[0] != b[0] and a[1] == b[1]]
    if not pairs:
        return text
    for (number, _, match), change in zip(rng.choice(pairs), (0.5, -0.5), strict=True):
        points = f"{float(match[2]) + change:g}"
        lines[number] = lines[number][: match.start(2)] + points + lines[number][match.end(2) :]
    return "\n".join(lines)


def _without_line(text: str, rng: Random) -> str:
    """A line that was there is gone."""
    lines = text.split("\n")
    inner = [n for n, line in enumerate(lines) if line.startswith("  ")]
    if inner:
        del lines[rng.choice(inner)]
    return "\n".join(lines)
