"""THE LANGUAGE: text -> checked `Ruleset` -> text.  Pure: no files, no terminal.

Read in this order: `keywords.py` (every word, as data), `grammar.lark`, `terminals.py`,
`syntax.py` and `parse.py` (text to tree, a line at a time), `format.py` (tree to text);
`model.py` (what a ruleset means), `operations/` (the core operations, all readings of
each side by side), `forms/` (rule forms lowered to them), `expressions.py` and
`functions.py`, `cohort.py` and `cohort_functions.py` (names, types, units, what is of all units), `check/` (the pipeline from tree to model);
`diagnostics.py` and `wording/` (findings as data, and their sentences); `editor/` (what an
editor asks of a text).
Must not import `engine`, `report`, `files` or `cli`.
"""
