"""Comparing versions: ``diff`` of large rulesets and ``impact`` on many units.

    python benchmarks/versions.py            everything
    python benchmarks/versions.py diff       only the comparison
    python benchmarks/versions.py pairs N    contributions of N random pairs of versions add up

The best of three runs for ``diff``, one run for ``impact``; the growth of each in its size is printed as a ratio.
"""

from __future__ import annotations

import platform
import sys
import time
from dataclasses import replace
from pathlib import Path
from random import Random

from generate import ruleset_text, unit_of

from ruleeval.dsl.check import check_text
from ruleeval.dsl.layers.difference import Version, difference
from ruleeval.dsl.layers.resolve import LayerText, resolve
from ruleeval.engine.impact import impact_between

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))


def version(text: str) -> Version:
    checked = check_text(text)
    assert checked.ruleset is not None, checked.diagnostics[:3]
    return Version(checked.ruleset, resolve([LayerText("a.rules", text)]))


def changed(text: str, changes: int) -> str:
    """The text with a number changed in some of its deductions, spread over the whole."""
    parts = text.split("每1次：扣0.25分")
    every = max(1, (len(parts) - 1) // changes)
    out = parts[0]
    for number, part in enumerate(parts[1:]):
        new = number % every == 0 and number // every < changes
        out += ("每1次：扣0.3分" if new else "每1次：扣0.25分") + part
    return out


def measure_diff(leaves: int) -> float:
    text = ruleset_text(leaves)
    old, new = version(text), version(changed(text, leaves // 100))
    took = 60.0
    for _ in range(3):
        start = time.perf_counter()
        found = difference(old, new)
        took = min(took, time.perf_counter() - start)
    print(f"diff, {leaves} leaves: {took:.2f} s, {len(found.changes)} changes")
    return took


def measure_impact(leaves: int, changes: int, units: int) -> float:
    text = ruleset_text(leaves)
    start = time.perf_counter()
    impact = impact_between(version(text), version(changed(text, changes)))
    ready = time.perf_counter() - start
    plain = unit_of(impact.old.ruleset)
    data = [replace(plain, values={k: n % 3 + 1 if v == 3 else v for k, v in plain.values.items()}) for n in range(1, units + 1)]
    start = time.perf_counter()
    for unit in data:
        found = impact.unit(unit, unit)
        assert found.contributions is not None
    took = time.perf_counter() - start
    print(f"impact, {leaves} leaves, {len(impact.bundles)} changes, {units} units: {took:.2f} s, made ready in {ready:.2f} s")
    return took


def measure_pairs(count: int) -> None:
    """Random pairs of versions: what the parts of a difference add up to."""
    from reference.cases import Units
    from reference.compare import unit_for_engine
    from version_pairs import draw_pair

    decided = moved = 0
    for seed in range(count):
        pair = draw_pair(seed)
        if pair is None:
            continue
        unit = unit_for_engine(pair.plan, Units(pair.plan, Random(seed)).whole(out=0.2 * (seed % 2)))
        found = impact_between(pair.old, pair.new).unit(unit, unit)
        if found.contributions is not None:
            decided += 1
            moved += found.difference != 0
            assert sum(c.amount for c in found.contributions) == found.difference, seed
    print(f"{count} pairs: {decided} decided, {moved} with another score; the parts add up in every one")


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}")
    if sys.argv[1:2] == ["pairs"]:
        measure_pairs(int(sys.argv[2]))
        return
    print(f"twice the leaves take {measure_diff(10_000) / measure_diff(5_000):.2f} times as long")
    if sys.argv[1:2] == ["diff"]:
        return
    base = measure_impact(200, 20, 1_000)
    for name, other in (("leaves", (400, 20, 1_000)), ("changes", (200, 40, 1_000)), ("units", (200, 20, 2_000))):
        print(f"twice the {name} take {measure_impact(*other) / base:.2f} times as long")


if __name__ == "__main__":
    main()
