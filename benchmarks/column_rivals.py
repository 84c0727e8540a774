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


# ---- DuckDB ---------------------------------------------------------------------------


def _sql_steps(value: str, bands: tuple[tuple[int, int], ...], points: float) -> str:
    rows = " ".join(f"when {value} >= {low} then {points * share / 100!r}::double" for low, share in bands)
    return f"case {rows} else 0.0::double end"


def _sql_leaf(leaf: Leaf) -> str:
    points = leaf.points / 100
    done, due, times = leaf.item("done"), leaf.item("due"), leaf.item("times")
    match leaf.kind:
        case "ratio":
            score = f"least({done}::double / {due}, 1.0) * {points!r}::double"
        case "rate_bands":
            score = _sql_steps(f"({done}::double / {due} * 100)", RATE_BANDS, points)
        case "bands":
            score = _sql_steps(leaf.item("mark"), MARK_BANDS, points)
        case "deduct":
            score = f"greatest({points!r}::double - {times} * {OFF / 1000!r}::double, 0.0)"
        case "line":
            value = f'"{leaf.item("rate")}%"'
            (x0, _), (x1, y1), (x2, _) = ANCHORS
            low, high = points * y1 / 100, points * (100 - y1) / 100
            first = f"({value} - {x0})::double / {x1 - x0} * {low!r}::double"
            second = f"{low!r}::double + ({value} - {x1})::double / {x2 - x1} * {high!r}::double"
            score = (
                f"case when {value} <= {x0} then 0.0::double when {value} <= {x1} then {first} "
                f"when {value} <= {x2} then {second} else {points!r}::double end"
            )
        case "pass":
            score = f"case when {leaf.item('kept')} then {points!r}::double else 0.0::double end"
        case _:
            shares = " + ".join(f"{leaf.item(age)}::double / {leaf.item('staff')} * {factor / 100!r}::double" for age, factor in AGES)
            score = f"least(({shares}) * {points!r}::double, {points!r}::double)"
    short = points * SHORT / 100
    limited = f"least({score}, case when \"evidence:{leaf.evidence}\" then {points!r}::double else {short!r}::double end)"
    return f'floor({limited} * 100 + 0.5) / 100 as "{leaf.code}"'


def duckdb_query() -> str:
    """The workload as a query over a table ``units``, in doubles."""
    made = leaves()
    scored = ", ".join(_sql_leaf(leaf) for leaf in made)
    seconds = {f"{top}{n}": [leaf.code for leaf in made if leaf.code.startswith(f"{top}{n}.")] for top in TOPS for n in range(1, 6)}
    level2 = ", ".join(" + ".join(f'"{c}"' for c in codes) + f' as "{code}"' for code, codes in seconds.items())
    level1 = ", ".join(" + ".join(f'"{top}{n}"' for n in range(1, 6)) + f' as "{top}"' for top in TOPS)
    first = sum(leaf.points for leaf in made if leaf.code.startswith("A")) / 100
    bonus = f"case when \"A\" / {first!r}::double >= 0.6::double then least((awards + patents) * 0.5::double, 5.0) else 0.0 end"
    summed = " + ".join(f'"{top}"' for top in TOPS)
    total = f"floor(greatest({summed} + {bonus} - least(reprimands * 0.5::double, 3.0), 0.0) * 100 + 0.5) / 100"
    place = 'case when rate >= 0.9::double and "satisfied%" >= 85 then 0 when rate >= 0.8::double then 1 when rate >= 0.6::double then 2 else 3 end'
    place = f"case when concealed then greatest({place}, 2) else {place} end"
    place = f"case when offence then 3 when accident then least({place} + 1, 3) else {place} end"
    names = ", ".join(f"'{name}'" for name, _ in GRADES)
    codes = ", ".join(f'"{c}"' for c in (*TOPS, *seconds))
    return (
        f"with a as (select *, {scored} from units), b as (select *, {level2} from a), c as (select *, {level1} from b), "
        f"d as (select *, {total} as total from c), e as (select *, total / {full_score() / 100!r}::double as rate from d) "
        f"select unit, case when not founded_now then total end as total, case when not founded_now then rate end as rate, "
        f"case when not founded_now then ([{names}])[1 + {place}] end as grade, {codes} from e"
    )


def duckdb_doubles(frame: pl.DataFrame) -> pl.DataFrame:
    """The workload in DuckDB, in doubles."""
    import duckdb

    with duckdb.connect() as connection:
        connection.register("units", frame.to_arrow())
        return pl.DataFrame(connection.sql(duckdb_query()).to_arrow_table())
