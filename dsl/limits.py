"""Limits on what comes in from outside, so that nothing can hang or exhaust a machine."""

from __future__ import annotations

MAXIMUM_CHARACTERS = 20_000_000
"""Characters in one ruleset text."""
MAXIMUM_LINE = 2_000
"""Characters in one line of a ruleset."""
MAXIMUM_DEPTH = 30
"""Brackets inside brackets in one expression."""
MAXIMUM_DIGITS = 40
"""Digits in one number."""
MAXIMUM_PLACES = 20
"""Decimal places that a rounding can ask for."""
MAXIMUM_POWER_BITS = 4_096
"""Bits in any exact number that a run computes; a larger one is an error with a code."""
MAXIMUM_RECORDS = 100_000
"""Rows in one table of records of one unit."""
MAXIMUM_BYTES = 64 * 1024 * 1024
"""Bytes in one file that is read."""
MAXIMUM_VALUES = 5_000_000
"""Values in one unit file."""
MOST_ROWS_READ = 5_000
"""Rows of a table with blank cells that bounds are worked out from one by one; beyond, bounds are wider."""
MOST_SUGGESTIONS = 100
"""Findings after which unknown names of a ruleset are no longer compared with all others."""
MAXIMUM_NESTING = 40
"""Levels of objects and lists in a unit file."""
MAXIMUM_LAYERS = 20
"""Rulesets in one chain of layers."""
MAXIMUM_UNPACKED = 120_000_000
"""Bytes that a workbook may unpack into."""
MAXIMUM_PARTS = 2_000
"""Parts that a workbook may have."""
MAXIMUM_CELLS = 1_500_000
"""Filled cells that are read of one workbook."""
MAXIMUM_SHEET_ROWS = 101_000
"""Filled rows in one sheet of a workbook."""
