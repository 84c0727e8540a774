"""A ruleset as sheets: the text taken apart into rows of cells, and put together again.

`columns.py` (what the columns are called), `rows.py` (what a row holds), `split.py` (text
to rows), `cells.py` (the cells of one indicator), `join.py` (rows to text, with the cell
that every line came from).  No workbook is opened here: readers and writers of files look
after that.
"""
