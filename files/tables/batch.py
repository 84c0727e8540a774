"""A whole batch: stretch by stretch, each written as a part, so that a run that was stopped goes on.

A run keeps its parts and a list of them in a folder beside its result.  A part is written
under another name, flushed, and renamed; the list is replaced the same way after it.  When
all are there the result is put together under another name and renamed.  So whatever
happens, there is either no result or all of it, and the same input gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet

from ...dsl.diagnostics import Diagnostic
from ...dsl.keywords import Language
from ...dsl.model import Ruleset
from ...dsl.wording import render
from ...engine.unit import Track
from .database import into_database
from .intake import Stretch, TableIntake
from .layout import Layout
from .output import Shape
from .sources import LongTable, NotReadable, RawStretch, Source
from .stretch import Evaluated, Problem, evaluate_frame, evaluate_raw

SHAPE = 1
ENDINGS = (".parquet", ".csv", ".jsonl")
#: Writes the explanation of one unit as JSON: unit name, then data.
Explain = Callable[[Any], Mapping[str, Any]]


class NotWritten(Exception):
    """A result that could not be written; nothing half-written is left in its place."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.code)


@dataclass(frozen=True)
class Database:
    """A table of a database that results go into."""

    url: str
    table: str


@dataclass(frozen=True)
class Job:
    """What one batch does."""

    ruleset: Ruleset
    source: Source
    layout: Layout | None
    track: Track
    shape: Shape
    out: Path
    language: Language
    long: tuple[LongTable, ...] = ()
    database: Database | None = None
    explain_where: str | None = None
    explain_most: int = 100
    threads: int = 1

    @property
    def work(self) -> Path:
        return self.out.with_name(self.out.name + ".parts")

    @property
    def fingerprint(self) -> str:
        """Of everything that the bytes of the result depend on."""
        layout = None if self.layout is None else [
            dict(self.layout.identity), dict(self.layout.constants), sorted((n, c.column, c.percent) for n, c in self.layout.items.items()),
            dict(self.layout.documents), dict(self.layout.claims), dict(self.layout.confirmations),
        ]  # fmt: skip
        told = [
            SHAPE, self.ruleset.digest, self.source.fingerprint, [t.fingerprint for t in self.long], self.track, self.shape.levels,
            self.explain_where, self.explain_most, self.language, layout, self.out.suffix,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass
class Progress:
    """How far a batch is, in units."""

    done: int = 0
    total: int | None = None
    resumed: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def rate(self) -> float:
        """Units a second since this run began."""
        passed = time.monotonic() - self.started
        return (self.done - self.resumed) / passed if passed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds still to go, where the total is known."""
        return (self.total - self.done) / self.rate if self.total is not None and self.rate > 0 else None


@dataclass
class Summary:
    """What a finished batch tells: units by state and by grade, and how they were worked out."""

    units: int = 0
    carried: int = 0
    one_by_one: int = 0
    problems: int = 0
    explained: int = 0
    states: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)

    def add(self, told: Mapping[str, Any]) -> None:
        self.units += told["units"]
        self.carried += told["carried"]
        self.one_by_one += told["one_by_one"]
        self.problems += told["problems"]
        self.explained += told["explained"]
        self.states.update(told["states"])
        self.grades.update(told["grades"])


def run(job: Job, explain: Explain, watch: Callable[[Progress], None], *, fresh: bool = False) -> Summary:
    """Work a job out, or what is left of it.  Raises `NotReadable`, `NotWritten`, `Unfit`."""
    with writing(job.out):
        parts = Parts(job.work, job.fingerprint, fresh=fresh)
    progress = Progress(total=job.source.total)
    progress.done = progress.resumed = sum(p["units"] for p in parts.done.values())
    explained = sum(p["explained"] for p in parts.done.values())
    intake = TableIntake(job.ruleset, job.layout, job.track, together=0) if job.layout is not None else None
    for stretch, evaluated in _worked_out(job, intake, _ahead(job.source.stretches(parts.done))):
        chosen = _chosen(job, evaluated, job.explain_most - explained)
        lines = (json.dumps(explain(unit), ensure_ascii=False) for unit in map(evaluated.unit, chosen) if unit is not None)
        bad = [Problem(first + 1, "", "", d) for first, d in stretch.bad]
        with writing(job.out):
            explained += parts.add(stretch.key, evaluated, [*bad, *evaluated.problems], lines, job.language)
        progress.done += evaluated.table.num_rows
        watch(progress)
    summary = Summary()
    for told in parts.done.values():
        summary.add(told)
    with writing(job.out):
        _put_together(job, parts)
        parts.remove()
    return summary


def _worked_out(job: Job, intake: TableIntake | None, stretches: Iterator[RawStretch]) -> Iterator[tuple[RawStretch, Evaluated]]:
    """Stretches with their results, in order, as many at once as there are threads."""
    with ThreadPoolExecutor(job.threads) as pool:
        waiting: deque[tuple[RawStretch, Future[Evaluated]]] = deque()
        for stretch in stretches:
            waiting.append((stretch, pool.submit(_evaluated, job, intake, stretch)))
            if len(waiting) >= job.threads:
                first, result = waiting.popleft()
                yield first, result.result()
        while waiting:
            first, result = waiting.popleft()
            yield first, result.result()


def _evaluated(job: Job, intake: TableIntake | None, stretch: RawStretch) -> Evaluated:
    numbers = _numbers(stretch)
    if stretch.frame is None or intake is None or job.layout is None:
        return evaluate_raw(job.ruleset, job.shape, job.track, stretch.units, numbers)
    part = Stretch(stretch.frame, stretch.first)
    unit = job.layout.identity.get("unit")
    if job.long and unit is not None:
        names = stretch.frame[unit].cast(pl.String).unique().to_list()
        found: dict[str, dict[str, Any]] = {}
        for table in job.long:
            for name, rows in table.of([n for n in names if n is not None]).items():
                found.setdefault(name, {})[table.name] = rows
        part.long = found
    return evaluate_frame(intake, job.shape, part, numbers)


def _numbers(stretch: RawStretch) -> Sequence[int]:
    """The numbers of the rows of a stretch, from 1; rows that could not be taken apart have theirs too."""
    if not stretch.bad:
        return range(stretch.first + 1, stretch.first + 1 + stretch.count)
    taken = {first + 1 for first, _ in stretch.bad}
    found: list[int] = []
    number = stretch.first
    while len(found) < stretch.count:
        number += 1
        if number not in taken:
            found.append(number)
    return found


def _ahead(stretches: Iterator[RawStretch]) -> Iterator[RawStretch]:
    """The stretches, the next one read while the last is worked out."""
    with ThreadPoolExecutor(1) as pool:
        following: Future[RawStretch | None] = pool.submit(next, stretches, None)
        while (stretch := following.result()) is not None:
            following = pool.submit(next, stretches, None)
            yield stretch


def _chosen(job: Job, evaluated: Evaluated, most: int) -> list[int]:
    """The places of the units that full explanations were asked for."""
    if job.explain_where is None or most <= 0:
        return []
    frame = pl.from_arrow(evaluated.table)
    assert isinstance(frame, pl.DataFrame)
    places: list[int] = frame.with_row_index("place").filter(pl.sql_expr(job.explain_where))["place"].to_list()
    return places[:most]


# ---- parts ------------------------------------------------------------------------------


class Parts:
    """The parts of a run in a folder, and the list of those that are whole."""

    def __init__(self, folder: Path, fingerprint: str, *, fresh: bool) -> None:
        self.folder, self.fingerprint = folder, fingerprint
        self.done: dict[str, Mapping[str, Any]] = {}
        if fresh and folder.exists():
            shutil.rmtree(folder)
        if (folder / "list.json").exists():
            told = json.loads((folder / "list.json").read_text("utf-8"))
            if told.get("fingerprint") != fingerprint:
                raise NotWritten(Diagnostic("E997", (), {"path": str(folder)}, source="file"))
            self.done = dict(told["parts"])
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._write_list()

    def add(self, key: str, found: Evaluated, problems: Sequence[Problem], explained: Iterable[str], language: Language) -> int:
        """Write one part and then its name; how many explanations it has."""
        number = len(self.done)
        for old in self.folder.glob(f"{number:06d}.*"):
            old.unlink()
        with atomic(self.folder / f"{number:06d}.parquet") as path:
            pa.parquet.write_table(found.table, path, compression="zstd", compression_level=1, store_decimal_as_integer=True)
        if problems:
            self._text(number, "problems.csv", [problem_lines(problems, language)])
        told = self._text(number, "explained.jsonl", (line + "\n" for line in explained))
        self.done[key] = {
            "part": number, "units": found.table.num_rows, "carried": found.carried, "one_by_one": found.one_by_one,
            "problems": len({p.row for p in problems if p.diagnostic.is_error}), "explained": told,
            "states": dict(found.states), "grades": dict(found.grades),
        }  # fmt: skip
        self._write_list()
        return told

    def _text(self, number: int, ending: str, texts: Iterable[str]) -> int:
        """Write texts one after the other, no file for none; how many there were."""
        count = 0
        with atomic(self.folder / f"{number:06d}.{ending}") as path, path.open("w", encoding="utf-8", newline="") as stream:
            for text in texts:
                stream.write(text)
                count += 1
        if not count:
            (self.folder / f"{number:06d}.{ending}").unlink()
        return count

    def _write_list(self) -> None:
        with atomic(self.folder / "list.json") as path:
            path.write_text(json.dumps({"fingerprint": self.fingerprint, "parts": self.done}, ensure_ascii=False), "utf-8")

    def paths(self, ending: str) -> list[Path]:
        """The files of all parts with an ending, in the order of the stretches."""
        found = (self.folder / f"{told['part']:06d}.{ending}" for told in self.done.values())
        return [p for p in found if p.exists()]

    def remove(self) -> None:
        shutil.rmtree(self.folder)


def problem_lines(problems: Sequence[Problem], language: Language) -> str:
    """Lines of the report: row, unit, column, code, severity, what is wrong, what to do."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    for problem in problems:
        told = render(problem.diagnostic, language)
        cells = (problem.row, problem.unit, problem.column, told.code, told.severity, told.summary, told.help)
        writer.writerow([_no_formula(str(c)) for c in cells])
    return stream.getvalue()


def _no_formula(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A path to write to that becomes ``path`` only when all is written."""
    made = path.with_name(path.name + ".new")
    try:
        yield made
        with made.open("rb+") as stream:
            os.fsync(stream.fileno())
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn what the system says about writing into a finding."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or next(iter(str(error).splitlines()), type(error).__name__)
        raise NotWritten(Diagnostic("E995", (), {"path": str(out), "reason": str(reason)[:200]}, source="file")) from error


# ---- the result -------------------------------------------------------------------------


def side_file(out: Path, what: str) -> Path:
    """The report or the explanations beside a result: ``results.problems.csv``."""
    return out.with_name(f"{out.stem}.{what}")


def _put_together(job: Job, parts: Parts) -> None:
    if job.database is not None:
        into_database(job.database.url, job.database.table, job.shape.schema, [str(p) for p in parts.paths("parquet")])
    else:
        _into_file(job, parts)
    _beside(job, parts)


def _into_file(job: Job, parts: Parts) -> None:
    with atomic(job.out) as path:
        tables = (pa.parquet.read_table(p) for p in parts.paths("parquet"))
        match job.out.suffix.lower():
            case ".parquet":
                with pa.parquet.ParquetWriter(
                    path, job.shape.schema, compression="zstd", compression_level=1, store_decimal_as_integer=True
                ) as writer:
                    for table in tables:
                        writer.write_table(table.cast(job.shape.schema))
            case ".csv":
                with path.open("wb") as stream:
                    stream.write(b"\xef\xbb\xbf")
                    _header_only(stream, job.shape.schema.names)
                    for table in tables:
                        pl.DataFrame(pl.from_arrow(table)).write_csv(stream, include_header=False)
            case _:
                with path.open("w", encoding="utf-8", newline="\n") as text:
                    for table in tables:
                        for row in table.to_pylist():
                            told = {k: str(v) if hasattr(v, "as_tuple") else v for k, v in row.items() if v is not None}
                            text.write(json.dumps(told, ensure_ascii=False) + "\n")


def _beside(job: Job, parts: Parts) -> None:
    """The report of problems and the explanations, beside the result."""
    header = ("row", "unit", "column", "code", "severity", "message", "what_to_do")
    for what, first in (("problems.csv", "\ufeff" + ",".join(header) + "\n"), ("explained.jsonl", "")):
        found = parts.paths(what)
        target = side_file(job.out, what)
        if not found:
            target.unlink(missing_ok=True)
            continue
        with atomic(target) as path, path.open("w", encoding="utf-8", newline="") as text:
            text.write(first)
            for one in found:
                text.write(one.read_text("utf-8"))


def _header_only(stream: Any, names: Sequence[str]) -> None:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(names)
    stream.write(line.getvalue().encode())


__all__ = ["ENDINGS", "Explain", "Job", "NotReadable", "NotWritten", "Parts", "Progress", "Summary", "run", "side_file"]
