"""The workload of `column_workload.py` written by hand for other engines, in floats where they have nothing else.

Each gives the same outputs: level-1 and level-2 scores, total, rate and grade.
"""

from __future__ import annotations

import polars as pl
from column_workload import AGES, ANCHORS, GRADES, MARK_BANDS, OFF, RATE_BANDS, SHORT, TOPS, Leaf, full_score, leaves


def _rounded(value: pl.Expr) -> pl.Expr:
    """Half up to two places, as nearly everyone writes it."""
    return (value * 100 + 0.5).floor() / 100


def _steps(value: pl.Expr, bands: tuple[tuple[int, int], ...], points: float) -> pl.Expr:
    (low, share), *rest = bands
    found = pl.when(value >= low).then(points * share / 100)
    for low, share in rest:
        found = found.when(value >= low).then(points * share / 100)
    return found.otherwise(0.0)


def _leaf(leaf: Leaf) -> pl.Expr:
    points = leaf.points / 100
    item = {what: pl.col(leaf.item(what)) for what in ("done", "due", "mark", "times", "kept", "staff", *(a for a, _ in AGES))}
    match leaf.kind:
        case "ratio":
            score = pl.min_horizontal(item["done"] / item["due"], 1.0) * points
        case "rate_bands":
            score = _steps(item["done"] / item["due"] * 100, RATE_BANDS, points)
        case "bands":
            score = _steps(item["mark"], MARK_BANDS, points)
        case "deduct":
            score = pl.max_horizontal(points - item["times"] * (OFF / 1000), 0.0)
        case "line":
            value = pl.col(leaf.item("rate") + "%")
            (x0, _), (x1, y1), (x2, _) = ANCHORS
            first = (value - x0) / (x1 - x0) * (points * y1 / 100)
            second = points * y1 / 100 + (value - x1) / (x2 - x1) * (points * (100 - y1) / 100)
            score = pl.when(value <= x0).then(0.0).when(value <= x1).then(first).when(value <= x2).then(second).otherwise(points)
        case "pass":
            score = pl.when(item["kept"]).then(points).otherwise(0.0)
        case _:
            shares = [item[age] / item["staff"] * (factor / 100) for age, factor in AGES]
            score = pl.min_horizontal((shares[0] + shares[1] + shares[2]) * points, points)
    limited = pl.min_horizontal(score, pl.when(pl.col(f"evidence:{leaf.evidence}")).then(points).otherwise(points * SHORT / 100))
    return _rounded(limited).alias(leaf.code)


def polars_floats(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The workload in Polars as one would write it, in floats."""
    made = leaves()
    scored = frame.with_columns(_leaf(leaf) for leaf in made)
    seconds = {f"{top}{n}": [leaf.code for leaf in made if leaf.code.startswith(f"{top}{n}.")] for top in TOPS for n in range(1, 6)}
    scored = scored.with_columns(pl.sum_horizontal(codes).alias(code) for code, codes in seconds.items())
    scored = scored.with_columns(pl.sum_horizontal([f"{top}{n}" for n in range(1, 6)]).alias(top) for top in TOPS)
    first = sum(leaf.points for leaf in made if leaf.code.startswith("A")) / 100
    bonus = pl.when(pl.col("A") / first >= 0.6).then(pl.min_horizontal((pl.col("awards") + pl.col("patents")) * 0.5, 5.0)).otherwise(0.0)
    extra = pl.min_horizontal(pl.col("reprimands") * 0.5, 3.0)
    total = _rounded(pl.max_horizontal(pl.sum_horizontal(list(TOPS)) + bonus - extra, 0.0))
    scored = scored.with_columns(total.alias("total")).with_columns((pl.col("total") / (full_score() / 100)).alias("rate"))
    rate = pl.col("rate")
    place = pl.when((rate >= 0.9) & (pl.col("satisfied%") >= 85)).then(0).when(rate >= 0.8).then(1).when(rate >= 0.6).then(2).otherwise(3)
    place = pl.when(pl.col("concealed")).then(pl.max_horizontal(place, 2)).otherwise(place)
    place = pl.when(pl.col("accident")).then(pl.min_horizontal(place + 1, 3)).otherwise(place)
    place = pl.when(pl.col("offence")).then(3).otherwise(place)
    names = [name for name, _ in GRADES]
    grade = place.replace_strict(range(4), names, return_dtype=pl.String)
    shown = ~pl.col("founded_now")
    ends = [pl.when(shown).then(e).alias(n) for n, e in (("total", pl.col("total")), ("rate", rate), ("grade", grade))]
    return scored.select("unit", *ends, *TOPS, *seconds)
