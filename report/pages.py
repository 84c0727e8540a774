"""The files that findings point into, as lines: one a source, or several that form a chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from ..dsl.frozen import frozen


@frozen
class Page:
    """The lines of one file; in a chain of files ``first`` is the number of its first line.

    In a workbook every line came from a cell: ``cells`` has its address, such as ``指标!F12``;
    ``within`` has the addresses of a line that came from several, by the column where each begins.
    """

    name: str
    lines: Sequence[str] = ()
    first: int = 1
    cells: Sequence[str] = ()
    within: Mapping[int, Sequence[tuple[int, str]]] = field(default_factory=dict)

    def cell(self, number: int, column: int = 0) -> str:
        """The address of the cell that a line, or what begins at a column of it, came from; nothing in a text file."""
        found = [address for start, address in self.within.get(number, ()) if start <= column]
        return found[-1] if found else self.cells[number - 1] if 0 < number <= len(self.cells) else ""


#: The files that findings can be about, by source (``ruleset``, ``unit``, ``file``), in order.
Pages = Mapping[str, Sequence[Page]]
_NOWHERE = Page("")


def page_at(pages: Pages, source: str, line: int) -> tuple[Page, int]:
    """The file that a line of a source stands in, and its number there."""
    found = pages.get(source) or (_NOWHERE,)
    page = next((p for p in reversed(found) if p.first <= line), found[0])
    return page, line - page.first + 1
