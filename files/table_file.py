"""A table of units (CSV) -> raw rows: the first column names the unit, cells are as in a unit file."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.model import DataItem
from ..engine.intake import NumberText
from .text import Unreadable, decode, read_bytes

_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?\Z")
_TRUTHS = {"是": True, "yes": True, "true": True, "否": False, "no": False, "false": False}


@frozen
class TableRow:
    """One row: its number in the file, the unit, the cells by column."""

    number: int
    unit: str
    cells: dict[str, str]


def read_table(path: Path) -> tuple[TableRow, ...]:
    """The rows of a CSV file with a header.  Raises `Unreadable`."""
    text, _ = decode(read_bytes(path), path.name)
    try:
        lines = [(n, r) for n, r in enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True), 1) if any(c.strip() for c in r)]
    except csv.Error as error:
        raise _unusable(path, f"不是 CSV（{error}）", f"not CSV ({error})") from error
    if len(lines) < 2:
        raise _unusable(path, "没有数据行", "it has no rows")
    head = [c.strip() for c in lines[0][1]]
    if len(set(head)) != len(head) or "" in head:
        raise _unusable(path, "列名空缺或重复", "a column has no name, or two have the same")
    rows = []
    for number, cells in lines[1:]:
        if len(cells) != len(head):
            raise _unusable(path, f"第{number}行有{len(cells)}格，应有{len(head)}格", f"row {number} has {len(cells)} cells instead of {len(head)}")
        values = [c.strip() for c in cells]
        rows.append(TableRow(number, values[0], dict(zip(head[1:], values[1:], strict=True))))
    names = [r.unit for r in rows]
    twice = next((n for n in names if not n or names.count(n) > 1), None)
    if twice is not None:
        raise _unusable(path, f"单位“{twice}”空缺或重复", f'the unit "{twice}" is empty or stands twice')
    return tuple(rows)


def _unusable(path: Path, reason: str, reason_en: str) -> Unreadable:
    return Unreadable(Diagnostic("E799", (), {"path": path.name, "reason": reason, "reason_en": reason_en}, source="file"))


def raw_value(text: str, item: DataItem | None) -> Any:
    """A cell as it would stand in a unit file; nothing for an empty one."""
    if not text:
        return None
    if item is not None and item.type.kind == "yes_no":
        return _TRUTHS.get(text.lower(), text)
    return NumberText(text) if _NUMBER.match(text) and (item is None or item.type.kind not in ("text", "choice")) else text
