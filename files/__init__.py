"""THE WORLD: reading rulesets and unit files, finding and keeping them.

Read `text.py` (bytes to text), `json_text.py` and `yaml_text.py` (text to raw values,
every number as it was written), `unit_file.py` (raw values to `UnitData`),
`ruleset_file.py` and `cache.py` (a ruleset checked once and kept); `case_file.py` and
`case_text.py` read and write cases; `house_rules.py` asks an office's own.  Must not import `cli`.
"""
