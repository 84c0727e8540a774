"""How long the solver takes over the shipped rulesets.

    python benchmarks/solver.py

``prove`` of each, and ``differing_unit`` of the Liaoning set against a rewrite (a proof)
and against a moved grade limit (a unit).
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path

import ruleeval
from ruleeval.engine.solver.days import day_of
from ruleeval.engine.solver.differ import differing_unit
from ruleeval.engine.solver.prove import prove

RULESETS = sorted((Path(ruleeval.__file__).resolve().parent / "rulesets").glob("*/*.rules"))
_REWRITE = ("编制使用率 = 实有人数 ÷ 核定编制数", "编制使用率 = 1 − (核定编制数 − 实有人数) ÷ 核定编制数")
_MOVED = ("90%（含）以上：优秀\n  80%（含）至90%", "90.1%（含）以上：优秀\n  80%（含）至90.1%")


def seconds(call: Callable[[], object]) -> str:
    begun = time.perf_counter()
    found = call()
    return f"{time.perf_counter() - begun:5.2f} s  {type(found).__name__}"


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for path in RULESETS:
        ruleset = ruleeval.load(path)
        taken = seconds(lambda r=ruleset: prove(r, day_of(r), 300))  # type: ignore[misc]
        print(f"prove {path.stem:<12} {taken}, {len(ruleset.leaves)} level-3 indicators (limit 15)")
    text = (Path(ruleeval.__file__).resolve().parent / "tests/samples/liaoning-2022/government.rules").read_text("utf-8")
    old = ruleeval.check(text).ruleset
    for name, (before, after) in (("rewrite", _REWRITE), ("moved grade limit", _MOVED)):
        assert before in text
        new = ruleeval.check(text.replace(before, after)).ruleset
        assert old is not None
        assert new is not None
        print(f"differing_unit, {name:<18} {seconds(lambda n=new: differing_unit(old, n, 60))} (limit 10)")  # type: ignore[misc]


if __name__ == "__main__":
    main()
