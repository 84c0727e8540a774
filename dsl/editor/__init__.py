"""What an editor asks of a ruleset text: pure functions of the text, free of any protocol.

Read `symbols.py` (who is named where), `outline.py` (the tree and what folds),
`complete.py`, `hover.py`, `rename.py`; `textmate.py` makes the grammar for colours from
the keyword table.  All of them take a text with errors in it.
"""
