"""Collected tables in unit files: those that a unit file names are read, new ones are written in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..dsl.diagnostics import Diagnostic, Fact
from ..dsl.model import DataItem, Ruleset
from ..engine.intake import NumberText
from ..engine.personal import masked
from .grid import read_grid
from .text import Unreadable
from .tidy import Tidied, tidy

#: The keys by which a unit file names a table file instead of records.
FILE_KEYS = ("文件", "file")
SHEET_KEYS = ("工作表", "sheet")


def read_records(path: Path, item: DataItem, ruleset: Ruleset, sheet: str | None = None, called: Mapping[str, str] | None = None) -> Tidied:
    """The records of a table file for a declared table.  Raises `Unreadable`."""
    return tidy(read_grid(path, sheet), item, ruleset, called or {})


# ---- tables that a unit file names ------------------------------------------------------------


@dataclass(slots=True)
class TablesRead:
    """The content of a unit file with every named table put in, and what was found in the tables."""

    content: dict[str, Any]
    found: list[Diagnostic] = field(default_factory=list)
    any: bool = False


def put_tables_in(raw: Mapping[str, Any], data_key: str, assessments_key: str, ruleset: Ruleset, folder: Path | None) -> TablesRead:
    """Read the table files that a unit file names; each must lie in the folder of the unit file."""
    items = {d.name: d for d in ruleset.data if d.type.kind == "records"}
    read = TablesRead(dict(raw))
    read.content[data_key] = _replaced(raw.get(data_key), data_key, items, ruleset, folder, read)
    tracks = raw.get(assessments_key)
    if isinstance(tracks, dict):
        read.content[assessments_key] = {
            t: _replaced(v, f"{assessments_key}.{t}", items, ruleset, folder, read) for t, v in tracks.items()
        }
    if data_key not in raw:
        read.content.pop(data_key)
    return read


def _replaced(values: Any, path: str, items: Mapping[str, DataItem], ruleset: Ruleset, folder: Path | None, read: TablesRead) -> Any:
    if not isinstance(values, dict):
        return values
    made = {}
    for name, value in values.items():
        named = _named_file(value) if name in items else None
        made[name] = value
        if named is not None:
            read.any = True
            made[name] = _rows_of(named, items[name], f"{path}.{name}", ruleset, folder, read)
    return made


def _named_file(value: Any) -> tuple[str, str | None] | None:
    """The file, and the sheet, that stands in place of records."""
    if not isinstance(value, dict) or not set(value) <= {*FILE_KEYS, *SHEET_KEYS}:
        return None
    file = next((value[k] for k in FILE_KEYS if k in value), None)
    sheet = next((value[k] for k in SHEET_KEYS if k in value), None)
    return (file, sheet if isinstance(sheet, str) else None) if isinstance(file, str) else None


def _rows_of(named: tuple[str, str | None], item: DataItem, path: str, ruleset: Ruleset, folder: Path | None, read: TablesRead) -> Any:
    file, sheet = named
    place = _inside(folder, file)
    if place is None:
        facts: dict[str, Fact] = {"name": item.name, "file": file}
        read.found.append(Diagnostic("E874", (), facts, path=path, source="unit"))
        return None
    try:
        tidied = read_records(place, item, ruleset, sheet)
    except Unreadable as error:
        read.found.append(replace(error.diagnostic, labels=(), path=path, source="unit"))
        return None
    for one in tidied.diagnostics:
        where = f"{path} ← {file}" + (f" {one.path}" if one.path else f":{one.line}" if one.labels else "")
        read.found.append(replace(one, labels=(), path=where, source="unit"))
    return None if tidied.has_errors else list(tidied.rows)


def _inside(folder: Path | None, file: str) -> Path | None:
    """A file in a folder or below it; nothing for any other place."""
    if folder is None:
        return None
    try:
        place = (folder / file).resolve()
        return place if place.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError, RuntimeError):
        return None


# ---- writing records in -----------------------------------------------------------------------


def without_names(rows: Sequence[Mapping[str, Any]], item: DataItem, *, personal: bool) -> list[dict[str, Any]]:
    """Records for a unit file: personal texts as pseudonyms, or, where they are asked for, names
    in full and identity numbers masked."""
    columns = {c.name: c for c in item.columns if c.personal and c.type.kind == "text"}
    given: dict[str, dict[str, str]] = {name: {} for name in columns}
    made = []
    for row in rows:
        kept = dict(row)
        for name, column in columns.items():
            if name not in kept:
                continue
            text = str(kept[name])
            if not personal:
                kept[name] = given[name].setdefault(text, f"{name}{len(given[name]) + 1}")
            elif column.identity:
                kept[name] = masked(text)
        made.append(kept)
    return made


def as_json(value: Any, depth: int = 0) -> str:
    """Raw values as JSON, every number as it was written, every record on a line of its own."""
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, dict) and value and depth < 3:
        parts = [f"{inner}{json.dumps(k, ensure_ascii=False)}: {as_json(v, depth + 1)}" for k, v in value.items()]
        return "{\n" + ",\n".join(parts) + f"\n{outer}}}"
    if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
        return "[\n" + ",\n".join(f"{inner}{_flat(v)}" for v in value) + f"\n{outer}]"
    return _flat(value)


def _flat(value: Any) -> str:
    if isinstance(value, NumberText):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_flat(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flat, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
