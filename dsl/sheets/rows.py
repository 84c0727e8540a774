"""Rows of the sheets of a ruleset, and the places their cells have in a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..diagnostics import Diagnostic
from ..frozen import frozen
from ..keywords import Language


@frozen
class CellPlace:
    """One cell: its sheet, its address such as ``F12``, and which of its lines is meant (from 1; 0: all)."""

    sheet: str
    address: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}" + (f":{self.line}" if self.line else "")


@frozen
class SheetRow:
    """One row: its cells by the key of their column, as text, and where each stands."""

    cells: Mapping[str, str]
    places: Mapping[str, CellPlace] = field(default_factory=dict)

    def get(self, key: str) -> str:
        return self.cells.get(key, "")

    def place(self, *keys: str) -> CellPlace:
        """The place of the first of these cells that the sheet has, else of any."""
        found = next((self.places[k] for k in keys if k in self.places), None)
        return found or next(iter(self.places.values()), CellPlace("", ""))


@frozen
class RulesetSheet:
    """One sheet: its key among `columns.SHEETS` (or empty), its kind, its rows."""

    key: str
    kind: str
    rows: tuple[SheetRow, ...]


@frozen
class RulesetSheets:
    """A whole ruleset as sheets."""

    language: Language
    sheets: tuple[RulesetSheet, ...]


@frozen
class Joined:
    """A text put together from sheets: its lines, the cell each came from, and what could not be read.

    ``within`` has the cells of a line (from 1) that came from several, by the column where each begins.
    """

    text: str
    places: tuple[CellPlace, ...]
    within: Mapping[int, tuple[tuple[int, CellPlace], ...]] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
