"""The 200-leaf workload of `columns.py`: a ruleset of 514 columns, and tables of units for it.

Ten level-1, fifty level-2 and two hundred level-3 indicators: 50 capped ratios, 50 five-band
steps (20 of them on a quotient), 40 deductions, 30 interpolations, 20 yes/no, 10 shares of a
distribution.  Short evidence leaves at most 60%; leaves and total round half up to two
places; a capped bonus, an extra deduction, three vetoes, four grades with a gate.  Most
units have a value on a threshold or a score on a rounding tie.

    python benchmarks/column_workload.py rules.rules 100000 units.parquet
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

#: A leaf's kind by its number.
KINDS = (
    *("ratio",) * 50, *("rate_bands",) * 20, *("bands",) * 30, *("deduct",) * 40, *("line",) * 30, *("pass",) * 20, *("share",) * 10,
)  # fmt: skip
HUNDREDTHS = (300, 200, 75, 150, 250, 100, 400, 125)
TOPS = "ABCDEFGHIJ"
#: Lower ends of the bands in percent (or marks), and the share of the points they give in percent.
RATE_BANDS = ((95, 100), (85, 80), (70, 60), (50, 30))
MARK_BANDS = ((90, 100), (80, 80), (70, 60), (60, 40))
#: Age bands and their factors in percent.
AGES = (("young", 100), ("middle", 90), ("older", 70))
#: Thousandths of points off for each occurrence.
OFF = 125
#: Anchors of a line: percent of the value, percent of the points.
ANCHORS = ((60, 0), (90, 70), (110, 100))
SHORT = 60
GRADES = (("excellent", 90), ("good", 80), ("fair", 60), ("poor", 0))
UNIT_COLUMNS = ("unit", "unit_type", "level", "region", "period", "as_of")
OTHER_ITEMS = (
    "awards: integer, items, at-least 0", "patents: integer, items, at-least 0", "reprimands: integer, times, at-least 0",
    "satisfied: percentage, 0% to 100%", "offence: yes-no", "concealed: yes-no", "accident: yes-no", "founded_now: yes-no",
)  # fmt: skip


@dataclass(frozen=True)
class Leaf:
    """One level-3 indicator; ``points`` in hundredths."""

    number: int
    code: str
    kind: str
    points: int

    def item(self, what: str) -> str:
        return f"{what}_{self.number}"

    @property
    def evidence(self) -> str:
        return f"paper_{self.number}"


def leaves() -> tuple[Leaf, ...]:
    """The leaves in the order of their codes, kinds mixed."""
    made = []
    for place in range(len(KINDS)):
        top, rest = divmod(place, 20)
        second, third = divmod(rest, 4)
        code = f"{TOPS[top]}{second + 1}.{third + 1}"
        made.append(Leaf(place + 1, code, KINDS[place * 77 % len(KINDS)], HUNDREDTHS[place % len(HUNDREDTHS)]))
    return tuple(made)


def full_score() -> int:
    """The full score in hundredths."""
    return sum(leaf.points for leaf in leaves())


def decimal(value: int, places: int = 2) -> str:
    """A whole number of parts as a decimal."""
    text = str(value).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")


# ---- the ruleset ---------------------------------------------------------------------


def _data(leaf: Leaf) -> tuple[str, ...]:
    match leaf.kind:
        case "ratio" | "rate_bands":
            return f"{leaf.item('done')}: integer, items, at-least 0", f"{leaf.item('due')}: integer, items, at-least 1"
        case "bands":
            return (f"{leaf.item('mark')}: number, points, 0 to 100",)
        case "deduct":
            return (f"{leaf.item('times')}: integer, times, at-least 0",)
        case "line":
            return (f"{leaf.item('rate')}: percentage, 0% to 120%",)
        case "pass":
            return (f"{leaf.item('kept')}: yes-no",)
    return *(f"{leaf.item(age)}: integer, persons, at-least 0" for age, _ in AGES), f"{leaf.item('staff')}: integer, persons, at-least 1"


def _bands(bands: tuple[tuple[int, int], ...], unit: str) -> list[str]:
    rows, upper = [], ""
    for low, share in bands:
        amount = "full-marks" if share == 100 else f"factor {decimal(share)}"
        rows.append(f"{low}{unit} (incl) to {upper}{unit}: {amount}" if upper else f"{low}{unit} (incl) and-up: {amount}")
        upper = str(low)
    return [*rows, f"below {upper}{unit}: no-marks"]


def _standard(leaf: Leaf) -> list[str]:
    match leaf.kind:
        case "ratio":
            return [f"value: {leaf.item('done')} / {leaf.item('due')}", "standard: proportional", "beyond: capped"]
        case "rate_bands":
            return [f"value: {leaf.item('done')} / {leaf.item('due')}", "standard: bands", *_bands(RATE_BANDS, "%")]
        case "bands":
            return [f"value: {leaf.item('mark')}", "standard: bands", *_bands(MARK_BANDS, " points")]
        case "deduct":
            return [f"value: {leaf.item('times')}", "standard: deduct", f"each 1 time: minus {decimal(OFF, 3)} points"]
        case "line":
            rows = [f"{at}%: {decimal(leaf.points * share, 4)} points" for at, share in ANCHORS]
            return [f"value: {leaf.item('rate')}", "standard: interpolate", *rows]
        case "pass":
            return [f"value: {leaf.item('kept')}", "standard: pass"]
    rows = [f"{leaf.item(age)}: factor {decimal(factor)}" for age, factor in AGES]
    return ["standard: distribution", "method: factors", f"total: {leaf.item('staff')}", *rows]


def ruleset_text() -> str:
    """The ruleset of the workload."""
    made = leaves()

    def points(prefix: str) -> str:
        return decimal(sum(leaf.points for leaf in made if leaf.code.startswith(prefix)))

    body: list[str] = []
    for top in TOPS:
        body.append(f"level1 {top} part {top}, {points(top)} points")
        for second in range(1, 6):
            body.append(f"level2 {top}{second} side {top}{second}, {points(f'{top}{second}.')} points")
            for leaf in (leaf for leaf in made if leaf.code.startswith(f"{top}{second}.")):
                body += [f"level3 {leaf.code} matter {leaf.number}, {decimal(leaf.points)} points", *_standard(leaf), f"evidence: {leaf.evidence}"]
    head = f"""ruleset: speed (made-up example)
version: 1
full-score: {points("")} points
deciding-track: on-site
rounding: level3, 2 places, half-up
rounding: total, 2 places, half-up
missing-evidence: at-most {SHORT}%
data
"""
    data = [row for leaf in made for row in _data(leaf)] + list(OTHER_ITEMS)
    tail = """not-scored
founded_now: new unit, not scored
bonus K1 New practice, at-most 5 points
value: awards + patents
standard: earn
each 1 item: earns 0.5 points
only-if: score-rate(A) >= 60%
counted: inside-total
extra-deduction X1 Reprimands, at-most 3 points
value: reprimands
standard: deduct
each 1 time: minus 0.5 points
taken-from: total
veto V1 Offence
condition: offence
effect: grade-is poor
veto V2 Concealment
condition: concealed
effect: grade-at-most fair
veto V3 Accident
condition: accident
effect: grade-down 1 grades
grades: by-score-rate, exact
90% (incl) and-up: excellent
80% (incl) to 90%: good
60% (incl) to 80%: fair
below 60%: poor
gate excellent: satisfied >= 85%
"""
    return head + "\n".join([*data, *body]) + "\n" + tail


# ---- units ------------------------------------------------------------------------------


def frame(count: int, seed: int = 1, start: int = 0) -> pl.DataFrame:
    """A table of units: whole numbers, percentages in tenths of a percent as decimals, yes/no."""
    rng = np.random.default_rng((seed, start))
    columns: dict[str, Any] = {
        "unit": pl.Series([f"unit {start + i}" for i in range(count)]),
        "unit_type": pl.Series(["office"] * count), "level": pl.Series(["county"] * count), "region": pl.Series(["here"] * count),
        "period": pl.Series(["2022"] * count), "as_of": pl.Series(["2022-12-31"] * count).str.to_date(),
    }  # fmt: skip

    def whole(values: np.ndarray[Any, Any]) -> pl.Series:
        return pl.Series(values.astype(np.int32))

    for leaf in leaves():
        match leaf.kind:
            case "ratio" | "rate_bands":
                due = rng.integers(1, 41, count) * 20
                ties = np.where(rng.random(count) < 0.3, 20 * rng.integers(10, 21, count), rng.integers(700, 1100, count) * 20 // 50)
                columns[leaf.item("done")] = whole(due * ties // 400)
                columns[leaf.item("due")] = whole(due)
            case "bands":
                marks = np.where(rng.random(count) < 0.2, rng.integers(5, 11, count) * 10, rng.integers(62, 101, count))
                columns[leaf.item("mark")] = whole(marks)
            case "deduct":
                columns[leaf.item("times")] = whole(np.maximum(rng.integers(-9, 5, count), 0))
            case "line":
                columns[leaf.item("rate") + "%"] = whole(rng.integers(80, 121, count))
            case "pass":
                columns[leaf.item("kept")] = pl.Series(rng.random(count) < 0.9)
            case _:
                parts = [rng.integers(0, 60, count) for _ in AGES]
                for (age, _), part in zip(AGES, parts, strict=True):
                    columns[leaf.item(age)] = whole(part)
                columns[leaf.item("staff")] = whole(np.maximum(sum(parts) + rng.integers(0, 3, count), 1))
    columns["awards"], columns["patents"] = whole(rng.integers(0, 6, count)), whole(rng.integers(0, 8, count))
    columns["reprimands"] = whole(np.maximum(rng.integers(-8, 5, count), 0))
    columns["satisfied%"] = whole(rng.integers(70, 101, count))
    for name, often in (("offence", 0.01), ("concealed", 0.02), ("accident", 0.02), ("founded_now", 0.01)):
        columns[name] = pl.Series(rng.random(count) < often)
    for leaf in leaves():
        columns[f"evidence:{leaf.evidence}"] = pl.Series(rng.random(count) < 0.95)
    return pl.DataFrame(columns)


def frames(count: int, size: int = 50_000) -> Iterator[pl.DataFrame]:
    """The same in parts, so that a million need little memory."""
    for start in range(0, count, size):
        yield frame(min(size, count - start), start=start)


def write_parquet(count: int, path: Path) -> None:
    """A table of units as Parquet, a row group a part."""
    import pyarrow.parquet as pq

    writer = None
    for part in frames(count):
        table = part.to_arrow()
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def main() -> None:
    rules, count, units = sys.argv[1:]
    Path(rules).write_text(ruleset_text(), "utf-8")
    write_parquet(int(count), Path(units))


if __name__ == "__main__":
    main()
