"""The domain of the column reading: whole numbers and yes/no, for many units at once.

What `ranges.py` is to the interval reading, this is to the column reading.  `graph.py` has
the few operations that a column can be made by and proves what each can be; `fractions.py`
keeps exact numbers in such columns: a constant factor, a numerator and, while a quotient is
open, a denominator.  Nothing here knows how columns are carried or who works them out.
Must not import `operations`, nor anything that reads or writes files.
"""

from __future__ import annotations

from .fractions import Number
from .graph import FALSE, TRUE, Columns, Node

__all__ = ["FALSE", "TRUE", "Columns", "Node", "Number"]
