"""All one-place edits of the shipped rulesets, and which of them go unseen.

    python benchmarks/one_place_edits.py [file.rules …]

prints a table of the kinds of edits and lists the survivors, each with why it is a ruleset
that someone could have meant.  Exit status 1 if fewer than 95 in 100 of the edits that
change the meaning are errors, or a survivor is of no legitimate kind.  Some minutes.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from fractions import Fraction
from functools import cache
from multiprocessing import Pool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from one_place_edits import LEGITIMATE, SHIPPED, Edit, Judge, Verdict, count, edits, is_number, survivors

from ruleeval.dsl.numbers import fixed

LEAST = 95  # in 100

judge_of = cache(Judge)


def judge_all(job: tuple[str, list[Edit]]) -> list[Verdict]:
    """The verdicts of some edits of one text, in a process of their own."""
    judge = judge_of(job[0])
    return [judge.verdict(e) for e in job[1]]


def run(text: str) -> list[Verdict]:
    """Judge every edit of a text, on every processor."""
    chosen = list(edits(text))
    jobs = [(text, chosen[i : i + 200]) for i in range(0, len(chosen), 200)]
    with Pool() as pool:
        return [v for part in pool.imap(judge_all, jobs) for v in part]


def table(verdicts: list[Verdict]) -> list[str]:
    """A row for each kind of edit, one for all but those of digits, one for all."""
    kinds: dict[str, list[Verdict]] = defaultdict(list)
    for v in verdicts:
        kinds[v.edit.kind].append(v)
    groups = [*sorted(kinds.items()), ("all but digits", [v for v in verdicts if not is_number(v)]), ("all", verdicts)]
    rows = [f"{'kind of edit':22}{'tried':>8}{'changed':>9}{'error':>8}{'near':>8}{'reminded':>10}{'silent':>8}{'caught':>9}"]
    for name, members in groups:
        c = count(members)
        caught = f"{fixed(Fraction(100 * c.errors, c.changed), 1)}%" if c.changed else ""
        rows.append(f"{name:22}{c.tried:8}{c.changed:9}{c.errors:8}{c.near:8}{c.reminded:10}{c.silent:8}{caught:>9}")
    return rows


def main(paths: list[str]) -> int:
    """Print what was found; 1 if too much went unseen."""
    status = 0
    for path in [Path(p) for p in paths] or SHIPPED:
        verdicts = run(path.read_text("utf-8"))
        print(f"\n{path.name}\n" + "\n".join(table(verdicts)))
        for reason, members in sorted(survivors(verdicts).items()):
            print(f"\nsurvivors, {reason} ({LEGITIMATE.get(reason, 'not legitimate')}): {len(members)}")
            print("\n".join(f"  {v.edit}  {' '.join(v.codes)}" for v in members))
        far = [v for v in verdicts if v.outcome == "far"]
        print(f"\nerrors shown elsewhere: {len(far)}")
        print("\n".join(f"  {v.edit}  {' '.join(v.codes)} {v.lines}" for v in far))
        total = count(verdicts)
        if 100 * total.errors < LEAST * total.changed or survivors(verdicts).get("not explained"):
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
