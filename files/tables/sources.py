"""Where units come from, in stretches: Parquet, CSV, JSON lines, a folder of unit files, a database.

A source gives the same stretches every time it is read, each with a key, so that a run that
was stopped goes on where it was.  A stretch is a frame, or units already read one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from ...dsl.diagnostics import Diagnostic
from ...dsl.limits import MAXIMUM_BYTES
from ..json_text import read_json
from ..text import Unreadable
from ..unit_file import RawUnit, raw_unit, read_unit

#: Cells of a stretch: so many rows that this is about their number.
CELLS = 6_000_000
_MOST_ROWS, _FEWEST_ROWS = 200_000, 2_000
_UNIT_ENDINGS = (".json", ".yaml", ".yml")
_FILES_IN_A_STRETCH = 500


class NotReadable(Exception):
    """A source, or a part of one, that cannot be read; ``diagnostic`` says which and why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.code)


@dataclass
class RawStretch:
    """Rows with the places they have in the whole; ``bad`` are rows that could not be taken apart."""

    key: str
    first: int
    frame: pl.DataFrame | None = None
    units: Sequence[RawUnit | Diagnostic] = ()
    bad: Sequence[tuple[int, Diagnostic]] = field(default_factory=tuple)

    @property
    def count(self) -> int:
        return len(self.frame) if self.frame is not None else len(self.units)


class Source(Protocol):
    """A table of units or a set of unit files."""

    columns: Sequence[str] | None
    """The names of the columns; ``None`` for units that are read one by one."""

    total: int | None
    """How many units there are, where that is known beforehand."""

    fingerprint: str
    """Changes when what would be read changes."""

    def stretches(self, done: Container[str]) -> Iterator[RawStretch]:
        """The stretches whose keys are not done yet.  Raises `NotReadable`."""


def source_of(place: str, table: str | None) -> Source:
    """The source that a path or a database URL names.  Raises `NotReadable`."""
    if "://" in place:
        return _Database(place, table)
    path = Path(place)
    if path.is_dir():
        return _Folder(path)
    if not path.exists():
        raise _unreadable(place, "没有这个文件", "there is no such file")
    match path.suffix.lower():
        case ".parquet" | ".pq":
            return _Parquet(path)
        case ".csv" | ".tsv":
            return _Csv(path)
        case ".jsonl" | ".ndjson":
            return _Lines(path)
    raise Unreadable(Diagnostic("E998", (), {"path": place}, source="file"))


def _unreadable(name: str, reason: str, reason_en: str, part: str = "") -> NotReadable:
    facts = {"path": name, "reason": reason, "reason_en": reason_en, **({"part": part} if part else {})}
    return NotReadable(Diagnostic("E993", (), facts, source="file"))


@contextmanager
def _reading(name: str, part: str = "") -> Iterator[None]:
    """Turn what pyarrow, polars and the system raise about a file into a finding."""
    try:
        yield
    except (pa.ArrowException, OSError, pl.exceptions.PolarsError, ValueError, OverflowError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        raise _unreadable(name, reason, reason, part) from error


def _fingerprint(path: Path) -> str:
    told = path.stat()
    return f"{path.name}:{told.st_size}:{told.st_mtime_ns}"


def rows_in_a_stretch(width: int) -> int:
    return max(_FEWEST_ROWS, min(_MOST_ROWS, CELLS // max(width, 1)))


# ---- files of tables ------------------------------------------------------------------


class _Parquet:
    def __init__(self, path: Path) -> None:
        self.path = path
        with _reading(path.name):
            self.file = pa.parquet.ParquetFile(path, memory_map=False, pre_buffer=False)
            self.columns: Sequence[str] | None = self.file.schema_arrow.names
        self.total: int | None = self.file.metadata.num_rows
        self.fingerprint = _fingerprint(path)
        self.wanted: Sequence[str] | None = None

    def stretches(self, done: Container[str]) -> Iterator[RawStretch]:
        assert self.columns is not None
        size = rows_in_a_stretch(len(self.columns))
        first = 0
        for group in range(self.file.num_row_groups):
            rows = self.file.metadata.row_group(group).num_rows
            keys = [f"{group}:{start}" for start in range(0, rows, size)]
            if all(k in done for k in keys):
                first += rows
                continue
            batches = self.file.iter_batches(size, row_groups=[group], columns=self.wanted, use_threads=True)
            for key in keys:
                with _reading(self.path.name, f"row group {group + 1}"):
                    frame = pl.from_arrow(next(batches))
                assert isinstance(frame, pl.DataFrame)
                if key not in done:
                    yield RawStretch(key, first, frame)
                first += len(frame)


class _Csv:
    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as stream:
            head = stream.read(1 << 20)
        try:
            head[: head.rfind(b"\n") + 1 or None].decode("utf-8-sig")
            self.encoding = "utf-8"
        except UnicodeDecodeError:
            self.encoding = "gb18030"
        self.total: int | None = None
        self.fingerprint = _fingerprint(path)
        self.separator = "\t" if path.suffix.lower() == ".tsv" else ","
        with _reading(path.name):
            reader = self._open([])
            self.columns: Sequence[str] | None = reader.schema.names

    def _open(self, invalid: list[Any]) -> Any:
        def skip(row: Any) -> str:
            invalid.append(row)
            return "skip"

        names = self._names()
        return pa.csv.open_csv(
            self.path,
            read_options=pa.csv.ReadOptions(use_threads=False, block_size=8 << 20, encoding=self.encoding),
            parse_options=pa.csv.ParseOptions(delimiter=self.separator, newlines_in_values=True, invalid_row_handler=skip),
            convert_options=pa.csv.ConvertOptions(
                column_types={n: pa.string() for n in names}, strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True
            ),
        )

    def _names(self) -> list[str]:
        import csv

        with self.path.open(encoding=self.encoding if self.encoding != "utf-8" else "utf-8-sig", newline="") as stream:
            return next(csv.reader(stream, delimiter=self.separator), [])

    def stretches(self, done: Container[str]) -> Iterator[RawStretch]:
        invalid: list[Any] = []
        taken = 0
        first = 0
        with _reading(self.path.name):
            reader = self._open(invalid)
        number = 0
        while True:
            with _reading(self.path.name, f"part {number + 1}"):
                batch = next(reader, None)
            if batch is None:
                return
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            bad = []
            for row in invalid[taken:]:
                facts = {"expected": str(row.expected_columns), "found": str(row.actual_columns)}
                bad.append(((row.number or 0) - 2, Diagnostic("E996", (), facts, source="table")))
            taken = len(invalid)
            key = str(number)
            if key not in done:
                yield RawStretch(key, first, frame, (), bad)
            first += len(frame) + len(bad)
            number += 1


# ---- units one by one -----------------------------------------------------------------


class _Lines:
    """JSON lines: each one a unit as in a unit file."""

    columns: Sequence[str] | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total: int | None = None
        self.fingerprint = _fingerprint(path)

    def stretches(self, done: Container[str]) -> Iterator[RawStretch]:
        size = _FILES_IN_A_STRETCH
        found: list[RawUnit | Diagnostic] = []
        number = first = 0
        with _reading(self.path.name), self.path.open("rb") as stream:
            while True:
                line = stream.readline(MAXIMUM_BYTES + 1)
                if line.strip():
                    key = str(number)
                    found.append(_placeholder() if key in done else _one_line(line, self.path.name))
                if found and (len(found) == size or not line):
                    key = str(number)
                    if key not in done:
                        yield RawStretch(key, first, None, found)
                    first += len(found)
                    number, found = number + 1, []
                if not line:
                    return


def _placeholder() -> Diagnostic:
    return Diagnostic("E993", (), {}, source="file")


def _one_line(line: bytes, name: str) -> RawUnit | Diagnostic:
    try:
        if len(line) > MAXIMUM_BYTES:
            facts = {"what": name, "count": f">{MAXIMUM_BYTES:,}", "limit": f"{MAXIMUM_BYTES:,}", "measure": "字节", "measure_en": " bytes"}
            return Diagnostic("E714", (), facts, source="file")
        text = line.decode("utf-8-sig")
        return raw_unit(read_json(text), text, name)
    except UnicodeDecodeError:
        return Diagnostic("E733", (), {"path": name}, source="file")
    except Unreadable as error:
        return error.diagnostic


class _Folder:
    """A folder of unit files, in the order of their paths."""

    columns: Sequence[str] | None = None

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = sorted(p for p in path.rglob("*") if p.suffix.lower() in _UNIT_ENDINGS and p.is_file())
        self.total: int | None = len(self.files)
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(f"{file.relative_to(path)}:{_fingerprint(file)}\n".encode())
        self.fingerprint = digest.hexdigest()

    def stretches(self, done: Container[str]) -> Iterator[RawStretch]:
        for start in range(0, len(self.files), _FILES_IN_A_STRETCH):
            if str(start) in done:
                continue
            units = [self._read(f) for f in self.files[start : start + _FILES_IN_A_STRETCH]]
            yield RawStretch(str(start), start, None, units)

    def _read(self, path: Path) -> RawUnit | Diagnostic:
        try:
            return read_unit(path)
        except Unreadable as error:
            return error.diagnostic


# ---- a database ------------------------------------------------------------------------


class _Database:
    """A table of a database, in the order of its units."""

    def __init__(self, url: str, table: str | None) -> None:
        import sqlalchemy as sa

        if not table:
            raise _unreadable(_without_password(url), "没有写明读哪张表（--table）", "which table to read is not said (--table)")
        self.name = f"{_without_password(url)}#{table}"
        with self._asking():
            self.engine = sa.create_engine(url)
            self.table = sa.Table(table, sa.MetaData(), autoload_with=self.engine)
            with self.engine.connect() as connection:
                self.total: int | None = connection.execute(sa.select(sa.func.count()).select_from(self.table)).scalar_one()
        self.columns: Sequence[str] | None = [c.name for c in self.table.columns]
        self.fingerprint = f"{self.name}:{self.total}"

    @contextmanager
    def _asking(self) -> Iterator[None]:
        import sqlalchemy as sa

        try:
            yield
        except (sa.exc.SQLAlchemyError, ImportError) as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
            raise _unreadable(self.name, reason, reason) from error

    def stretches(self, done: Container[str]) -> Iterator[RawStretch]:
        import sqlalchemy as sa

        assert self.columns is not None
        size = rows_in_a_stretch(len(self.columns))
        key_columns = [c for c in self.table.columns if c.name in ("unit", "单位")] or list(self.table.primary_key.columns)
        query = sa.select(self.table).order_by(*key_columns)
        first = number = 0
        with self._asking(), self.engine.connect().execution_options(stream_results=True, yield_per=size) as connection:
            for rows in connection.execute(query).partitions(size):
                key = str(number)
                if key not in done:
                    frame = pl.DataFrame([tuple(r) for r in rows], schema=list(self.columns), orient="row", infer_schema_length=None)
                    yield RawStretch(key, first, frame)
                first += len(rows)
                number += 1


def _without_password(url: str) -> str:
    import sqlalchemy as sa

    try:
        return sa.engine.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return url.partition("://")[0] + "://…"


# ---- long tables -----------------------------------------------------------------------


class LongTable:
    """Records of many units in a table of their own, found by unit a stretch at a time."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path
        if not path.exists():
            raise _unreadable(str(path), "没有这个文件", "there is no such file")
        with _reading(path.name):
            if path.suffix.lower() == ".parquet":
                self.scan = pl.scan_parquet(path)
            else:
                self.scan = pl.scan_csv(path, infer_schema=False)
            names = self.scan.collect_schema().names()
        self.unit = next((n for n in names if n in ("unit", "单位")), "")
        self.fingerprint = _fingerprint(path)
        if not self.unit:
            raise NotReadable(Diagnostic("E990", (), {"names": ("unit",), "count": "1"}, source="table"))

    def of(self, units: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """The records of some units, in the order of the table."""
        with _reading(self.path.name):
            frame = self.scan.filter(pl.col(self.unit).cast(pl.String).is_in(list(units))).collect(engine="streaming")
        found: dict[str, list[dict[str, Any]]] = {}
        for row in frame.iter_rows(named=True):
            unit = str(row.pop(self.unit))
            found.setdefault(unit, []).append(row)
        return found
