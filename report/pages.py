"""The files that findings point into, as lines: one a source, or several that form a chain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..dsl.frozen import frozen


@frozen
class Page:
    """The lines of one file; in a chain of files ``first`` is the number of its first line."""

    name: str
    lines: Sequence[str] = ()
    first: int = 1


#: The files that findings can be about, by source (``ruleset``, ``unit``, ``file``), in order.
Pages = Mapping[str, Sequence[Page]]
_NOWHERE = Page("")


def page_at(pages: Pages, source: str, line: int) -> tuple[Page, int]:
    """The file that a line of a source stands in, and its number there."""
    found = pages.get(source) or (_NOWHERE,)
    page = next((p for p in reversed(found) if p.first <= line), found[0])
    return page, line - page.first + 1
