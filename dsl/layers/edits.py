"""The closed set of edits that carries layers, comparison, effects and crosswalk alike.

An `Edit` names one thing by its `Address` and adds, changes, removes or moves it.  A layer
is read into edits (`read.py`), edits are applied to a book (`apply.py`), two books are
compared into edits (`compare.py`), and edits are written as a layer (`write.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from ..diagnostics import Place
from ..frozen import frozen
from ..syntax import Block, Line
from .book import Address, Row

Act = Literal["add", "change", "remove", "move"]

#: What an aspect of an indicator holds: a text for its name, points or weight, or whether it
#: is individual, as they stand in the heading; blocks for its fields.
Content = Row | tuple[Block, ...] | str


@frozen
class Edit:
    """One thing done to a ruleset, with its reason and the place of the line that says it.

    ``content`` is what is added or what a thing is changed to; ``to`` is the new code of
    what is moved; ``former`` is the name that it must have had before.
    """

    act: Act
    address: Address
    place: Place
    content: Content = ()
    to: str = ""
    reason: str | None = None
    former: str | None = None
    opening: Line | None = field(default=None, compare=False)
    statement: Place | None = field(default=None, compare=False)
    """The line that opens the edit, where it is another than the one at ``place``."""


@frozen
class Lock:
    """What no layer below may touch: a whole thing, or one aspect of it."""

    address: Address
    place: Place


#: Aspects that stand in the heading of an indicator: the word for each in the keyword table.
HEADING_ASPECTS: Mapping[str, str] = {"name": "THE_NAME", "share": "WEIGHT", "individual": "INDIVIDUAL"}
