"""THE PAPER: results and findings -> documents -> text, Markdown, JSON, pages, Word files, workbooks.

Read `document.py` (the small document tree), then what fills it (`score_sheet.py`,
`explanation.py`, `results_sheets.py`, `unit_report.py`, `findings.py`), then the writers
(`as_text.py`, `as_markdown.py`, `as_html.py`, `as_word.py`, `as_workbook.py`,
`as_data.py`).  One tree, one writer a format.  `display.py` says how many digits figures
take, `formulas.py` and `sums.py` how totals come about.  Must not import `files` or `cli`.
"""
