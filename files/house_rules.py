"""House rules of an office's own: Python functions found by entry point.

A package names them in the group ``ruleeval.house_rules``; each takes a checked `Ruleset`
and gives pairs of a line (from 1; 0 for none) and a sentence.  One that crashes is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points

from ..dsl.diagnostics import Diagnostic, Label, Place
from ..dsl.model import Ruleset

GROUP = "ruleeval.house_rules"


def house_findings(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """What the house rules installed here say of a ruleset, rule by rule in order of name."""
    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            told = [(int(line), str(text)) for line, text in entry.load()(ruleset)]
        except Exception as error:  # whatever someone else's rule does, checking goes on
            yield Diagnostic("W802", (), {"rule": entry.name, "error": f"{type(error).__name__}: {error}"[:200]})
            continue
        for line, text in told:
            labels = (Label(Place(line, 0, 1)),) if line > 0 else ()
            yield Diagnostic("W801", labels, {"rule": entry.name, "text": text})
