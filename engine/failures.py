"""Rules outside the level-3 standards that the data make impossible to apply."""

from __future__ import annotations

from collections.abc import Iterator

from ..dsl.diagnostics import Diagnostic, Label, Place
from ..dsl.model import Expression, Ruleset
from ..dsl.operations import Environment, NotApplicableReached, RuleFailure, Undecided
from .program import Program


def failures(program: Program, environment: Environment) -> Iterator[Diagnostic]:
    """One diagnostic for every such rule that divides by zero, finds no table row, and so on."""
    for code, name, expression, place in _rules(program.ruleset):
        try:
            program.condition(expression)(environment)
        except RuleFailure as failure:
            yield Diagnostic(failure.code, (Label(place),), {"code_of": code, "name": name, **failure.facts})
        except (Undecided, NotApplicableReached):
            continue


def _rules(ruleset: Ruleset) -> Iterator[tuple[str, str, Expression, Place]]:
    """Each rule's code, name, expression and place."""
    for check in ruleset.reconciliations:
        yield "", check.text, check.condition, check.place
    for word in ruleset.unscored:
        yield "", word.text, word.condition, word.place
    for indicator in ruleset.indicators:
        if indicator.children:
            for limit in (indicator.ceiling, indicator.floor):
                if limit is not None:
                    yield indicator.code, indicator.name, limit, indicator.place
    for adjustment in ruleset.adjustments:
        if adjustment.only_if is not None:
            one = adjustment.indicator
            yield one.code, one.name, adjustment.only_if, one.place
    for veto in ruleset.vetoes:
        yield veto.code, veto.name, veto.condition, veto.place
    for scale in ruleset.scales:
        for gate in scale.gates:
            yield "", gate.text, gate.condition, gate.place
