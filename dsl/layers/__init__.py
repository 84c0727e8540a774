"""Rulesets that extend others: one closed set of edits over the keyed parts of a ruleset.

Read `book.py` (the parts and their addresses), `edits.py` (what can be done to one),
`read.py` (a layer's text -> edits), `apply.py` (edits -> a new book), `resolve.py` (a
chain of files -> one parsed ruleset with the history of every part).
"""
