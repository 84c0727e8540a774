"""Speed and memory of the core, as ratios side by side in one run.

    python benchmarks/core.py            everything
    python benchmarks/core.py start      only the start of ``ruleeval check``

``start`` compares whole processes: with a bare process that imports click and pydantic
and validates one model (the ruleset unchanged since the last run), and with one that
imports click, yaml, pydantic, lark and networkx (the ruleset not seen before).
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from generate import ruleset_text, unit_of

import ruleeval
from ruleeval.dsl.parse import parse

ROOT = Path(ruleeval.__file__).resolve().parent
UNIT = ROOT / "rulesets" / "liaoning-2022" / "units" / "natural-resources.json"
_BARE = "import click, pydantic\nclass M(pydantic.BaseModel):\n    a: int\nM.model_validate({'a': 1})"
_HEAVY = "import click, yaml, pydantic, lark, networkx"


def median_ms(call: Callable[[], object], times: int) -> float:
    """The median time of a call in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def start(times: int = 15) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RULEEVAL_CACHE": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # modules are compiled once, as where the package is installed

        def process(*arguments: str) -> Callable[[], object]:
            return lambda: subprocess.run([sys.executable, *arguments], capture_output=True, env=environment, check=False)

        def unseen() -> None:
            for entry in Path(folder).glob("*.json"):
                if entry.stat().st_size < 200_000:  # the ruleset's entry; the parser's tables are larger
                    entry.unlink()
            process("-m", "ruleeval", "check", str(UNIT))()

        unseen()
        bare, heavy = median_ms(process("-c", _BARE), times), median_ms(process("-c", _HEAVY), times)
        kept, new = median_ms(process("-m", "ruleeval", "check", str(UNIT)), times), median_ms(unseen, times)
    print(f"check, ruleset unchanged   {kept:7.0f} ms   {kept / bare:5.2f} × click + pydantic ({bare:.0f} ms)   limit 1.5")
    print(f"check, ruleset not seen    {new:7.0f} ms   {new / heavy:5.2f} × all imports ({heavy:.0f} ms)        limit 2")


def growth() -> None:
    times = {}
    for leaves in (10_000, 20_000):
        text = ruleset_text(leaves)
        begun = time.perf_counter()
        parsed = parse(text)
        read = time.perf_counter()
        result = ruleeval.check(text)
        done = time.perf_counter()
        assert not parsed.diagnostics
        assert result.ruleset is not None, result.diagnostics[:3]
        times[leaves] = done - read
        print(f"{leaves:>6} indicators, {len(text):>9} characters: parse {read - begun:5.2f} s, parse and check {done - read:5.2f} s")
    print(f"20,000 take {times[20_000] / times[10_000]:.2f} × 10,000 (limit 2.2); 10,000 under 10 s, on the way to 3 s")


def evaluation() -> None:
    result = ruleeval.check(ruleset_text(200))
    assert result.ruleset is not None
    ruleset = result.ruleset
    unit = unit_of(ruleset)
    ruleeval.explain(ruleeval.evaluate(ruleset, unit))
    plain = median_ms(lambda: ruleeval.evaluate(ruleset, unit), 60)
    told = median_ms(lambda: ruleeval.explain(ruleeval.evaluate(ruleset, unit)), 30)
    print(f"200 leaves: {plain:.2f} ms exact (limit 5), {told:.2f} ms with the explanation (limit 20)")
    tracemalloc.start()
    ruleeval.evaluate(ruleset, unit)
    print(f"memory of one evaluation: at most {tracemalloc.get_traced_memory()[1] // 1024} KiB")
    tracemalloc.stop()


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    parts = {"start": start, "growth": growth, "evaluation": evaluation}
    for name in sys.argv[1:] or parts:
        parts[name]()


if __name__ == "__main__":
    main()
