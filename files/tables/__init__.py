"""Tables of units: reading them into columns, writing results out of columns, whole batches.

Read `layout.py` (which column is what), `values.py` and `intake.py` (columns -> whole numbers),
`rows.py` (one row as if it were a unit file), `sources.py` (Parquet, CSV, JSON lines, a folder,
a database, in stretches), `output.py` (outcomes -> a table), `batch.py` (a run that can be
resumed).  polars, pyarrow and numpy (the extra ``columns``) are imported by these files alone.
"""
