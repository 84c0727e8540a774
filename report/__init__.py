"""THE PAPER: results and findings -> documents -> text, Markdown, JSON.

Read `document.py` (the small document tree), then what fills it (`score_sheet.py`,
`explanation.py`, `findings.py`), then the writers (`as_text.py`, `as_markdown.py`,
`as_data.py`).  One tree, one writer a format.  Must not import `files` or `cli`.
"""
