"""THE MEANING for many units at once: a ruleset as integer columns, worked out exactly.

Read `plan.py` (what a plan is, and how a backend attaches), then the way a plan is made:
`reader.py` (where values come from), `leaves.py`, `tree.py`, `lower.py`; then the way it is
run: `gather.py` (units -> columns), the backends `by_unit.py` and `by_numpy.py`, `results.py`,
`run.py`.  Only the backends import numpy or polars, and only when they are called.
Must not import `files`, `report` or `cli`.
"""
