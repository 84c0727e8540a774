"""The 200-leaf workload side by side in one run: ruleeval's columns and hand-written rivals.

    python benchmarks/columns.py                     in memory, at 31 to 100,000 units
    python benchmarks/columns.py memory 1000000      in memory, at the numbers given
    python benchmarks/columns.py process 1000000     whole processes from Parquet, time and memory
    python benchmarks/columns.py wrong 100000        digits and grades that floats get wrong

DuckDB is wanted besides the extra ``columns`` (pip install duckdb).  All give level-1 and
level-2 scores, total, rate and grade.  Turns are taken in rotation, so
that whatever else the machine does meets all alike; times are the least of several.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from column_rivals import duckdb_doubles, polars_floats
from column_workload import TOPS, frame, ruleset_text, write_parquet

import ruleeval

HERE = Path(__file__).resolve().parent
CODES = [*TOPS, *(f"{top}{n}" for top in TOPS for n in range(1, 6))]


def in_memory(sizes: list[int]) -> None:
    ruleset = ruleeval.check(ruleset_text()).ruleset
    assert ruleset is not None
    started = time.perf_counter()
    ruleeval.evaluate_table(ruleset, frame(1000), levels=2)
    print(f"plan made and first table out: {time.perf_counter() - started:.2f} s (limit 1)")
    for size in sizes:
        units = frame(size)
        calls: dict[str, Callable[[], object]] = {
            "polars, floats": lambda units=units: polars_floats(units.lazy()).collect(),
            "ruleeval, exact": lambda units=units: ruleeval.evaluate_table(ruleset, units, levels=2),
            "duckdb, doubles": lambda units=units: duckdb_doubles(units),
        }
        least = dict.fromkeys(calls, float("inf"))
        for _ in range(15 if size <= 10_000 else 5 if size <= 100_000 else 2):
            for name, call in calls.items():
                began = time.perf_counter()
                call()
                least[name] = min(least[name], time.perf_counter() - began)
        shown = "   ".join(f"{name} {t * 1000:9.1f} ms ({t / least['polars, floats']:5.2f})" for name, t in least.items())
        print(f"{size:>9,} units   {shown}")


def whole_processes(size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rules, units = Path(folder, "rules.rules"), Path(folder, "units.parquet")
        rules.write_text(ruleset_text(), "utf-8")
        write_parquet(size, units)
        floats = (
            f"import sys; sys.path.insert(0, {str(HERE)!r}); import polars as pl; from column_rivals import polars_floats; "
            f"polars_floats(pl.scan_parquet({str(units)!r})).sink_parquet({str(Path(folder, 'floats.parquet'))!r})"
        )
        commands = {
            "polars streaming, floats": [sys.executable, "-c", floats],
            "ruleeval batch, exact": [
                sys.executable, "-m", "ruleeval", "batch", str(rules), str(units), "-o", str(Path(folder, "exact.parquet")), "--levels", "2",
                "--fresh", "--json",
            ],
        }  # fmt: skip
        for name, command in commands.items():
            seconds, memory = _process(command)
            print(f"{size:>9,} units   {name:<25} {seconds:7.1f} s   {memory:5.0f} MiB")


def _process(command: list[str]) -> tuple[float, float]:
    """Seconds and the most memory of a process of its own."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert status in (0, 256), status
    return time.perf_counter() - began, used.ru_maxrss / 1024


def what_floats_get_wrong(size: int) -> None:
    ruleset = ruleeval.check(ruleset_text()).ruleset
    assert ruleset is not None
    units = frame(size)
    exact = ruleeval.evaluate_table(ruleset, units, levels=2)
    for name, floats in (("polars, floats", polars_floats(units.lazy()).collect()), ("duckdb, doubles", duckdb_doubles(units))):
        totals = (floats["total"].round(2) - exact["score"].cast(pl.Float64)).abs() > 0.001
        grades = floats["grade"] != exact["grade"]
        print(f"{name}: {totals.sum():,} of {size:,} totals and {grades.sum():,} grades wrong")


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, polars {pl.__version__}")
    part, *sizes = sys.argv[1:] or ["memory"]
    numbers = [int(s) for s in sizes]
    if part == "memory":
        in_memory(numbers or [31, 1_000, 10_000, 100_000])
    elif part == "process":
        whole_processes(*(numbers or [1_000_000]))
    else:
        what_floats_get_wrong(*(numbers or [100_000]))
    print(f"most memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()
