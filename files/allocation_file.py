"""An allocation file and a table of units, checked and ready to be shared out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ..dsl.allocation import Allocation
from ..dsl.check import check_allocation
from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..engine.intake import Intake
from ..engine.unit import UnitData
from .table_file import TableRow, raw_value
from .text import decode, read_bytes


@frozen
class LoadedAllocation:
    """An allocation file as read: ``allocation`` is ``None`` where it holds errors."""

    path: Path
    text: str
    allocation: Allocation | None
    diagnostics: tuple[Diagnostic, ...]
    language: Language


def load_allocation_file(path: Path) -> LoadedAllocation:
    """Read and check an allocation.  Raises `Unreadable`."""
    text, notices = decode(read_bytes(path), path.name)
    result = check_allocation(text)
    return LoadedAllocation(path, text, result.allocation, (*notices, *result.diagnostics), result.language)


def units_of(rows: tuple[TableRow, ...], allocation: Allocation, on: date) -> tuple[tuple[UnitData, ...], tuple[Diagnostic, ...]]:
    """The units of a table, every cell checked, and what is wrong with it."""
    intake = Intake(allocation.declared)
    items = {d.name: d for d in allocation.declared.data}
    units = []
    for row in rows:
        raw = {name: raw_value(text, items.get(name)) for name, text in row.cells.items()}
        where = f"{row.number} {row.unit}"
        units.append(UnitData(row.unit, "", on, values=intake.values(raw, where, assessed=False)))
    missing = [n for n in items if n not in rows[0].cells]
    for name in missing:
        intake.report("E725", "1", name=name)
    return tuple(units), tuple(intake.found)
