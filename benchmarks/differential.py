"""The engine against the second evaluator of the tests, on as many random rulesets as asked for.

    python benchmarks/differential.py [rulesets] [first seed]

Twelve units of each (whole, with parts that do not apply, with parts that are not known);
stops at the first difference and shows the ruleset and the unit.  1,000 by default.
"""

from __future__ import annotations

import sys
import time
from multiprocessing import Pool
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from reference.compare import Comparison
from reference.draw import draw_plan

UNITS = 12


def first_difference(seed: int) -> str | None:
    """The first thing on which the two do not agree for one random ruleset."""
    rng = Random(seed)
    found = next(Comparison(draw_plan(rng), rng).differences(UNITS), None)
    return None if found is None else f"seed {seed}: {found}"


def main(rulesets: int = 1_000, first: int = 0) -> int:
    begun = time.perf_counter()
    with Pool() as pool:
        for number, found in enumerate(pool.imap(first_difference, range(first, first + rulesets), chunksize=20), 1):
            if found is not None:
                print(found)
                return 1
            if number % 500 == 0:
                print(f"{number} rulesets, {number * UNITS} units: equal ({time.perf_counter() - begun:.0f} s)", flush=True)
    print(f"{rulesets} rulesets, {rulesets * UNITS} units: equal ({time.perf_counter() - begun:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(a) for a in sys.argv[1:])))
