"""THE MEANING: ruleset + unit data -> results, records, explanations.  Pure: no files, no terminal.

Read `unit.py` (what comes in), `record.py` (what comes out), `evaluate.py` (the order of
operations, fixed there once), then its parts: `leaf.py`, `combine.py`, `grade.py`,
`evidence.py`; `cohort.py` and `cohort_bounds.py` evaluate many units together, and
`cohort_statistics.py` counts them up.  `explain.py` reads the record; `notices.py` draws attention; `intake.py`
checks raw values; `cases.py` (what a case expects), `coverage.py`, `candidates.py` and
`mutate.py` test rulesets; `weights.py` and `sensitivity.py` ask what moves a grade;
`bundles.py` asks how well one is made; `graph.py` and `schema.py` answer questions about a ruleset;
`solver/` answers those about every unit at once, with z3.
Must not import `files`, `report` or `cli`.
"""
