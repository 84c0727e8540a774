"""What a set of rulesets is made of, by counting: indicators, evaluation points, what is quantifiable.

An indicator that several rulesets of the set share has one origin, the ruleset and the
code by which it came in, and counts once.  An evaluation point is known by its indicator
and its text: one that is worded anew is new, and the old wording is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from ..dsl.diagnostics import Diagnostic, Fact, Label, Place
from ..dsl.frozen import frozen
from ..dsl.model import Indicator, Ruleset
from ..dsl.numbers import Exact, divide

Origin = tuple[str, str]
Point = tuple[Origin, str]
LEVELS = (1, 2, 3)


@frozen
class Counted:
    """Indicators by level, each origin once, and their evaluation points."""

    indicators: Mapping[int, frozenset[Origin]] = field(default_factory=lambda: dict.fromkeys(LEVELS, frozenset()))
    points: frozenset[Point] = frozenset()
    without_points: frozenset[Origin] = frozenset()
    """Level-3 indicators that have no evaluation points in any ruleset of the set."""

    def count(self, level: int) -> int:
        return len(self.indicators[level])


@frozen
class RulesetFigures:
    """One ruleset: its common and individual part, and the share of its points that rests on numbers.

    ``quantifiable`` is the points of level-3 indicators whose score follows from data, over
    those of all there are; an evaluator's choice of level, discretion and points for
    evaluation points are not quantifiable.
    """

    ruleset: Ruleset
    common: Counted
    individual: Counted
    quantifiable: Exact


@frozen
class LayerFigures:
    """The individual indicators of the unit layers of one unit type (or several, as the layers say)."""

    types: tuple[str, ...]
    layers: int
    individual: Mapping[int, int]
    points: int


@frozen
class SetFigures:
    """A set of rulesets: those for many units, those of single units, and the base they are compared with."""

    templates: tuple[RulesetFigures, ...]
    layers: tuple[RulesetFigures, ...]
    common: Counted
    by_type: tuple[LayerFigures, ...]
    base: tuple[RulesetFigures, ...]
    base_common: Counted

    @property
    def new_points(self) -> frozenset[Point]:
        """Evaluation points of common indicators that the base does not have."""
        return self.common.points - self.base_common.points

    @property
    def gone_points(self) -> frozenset[Point]:
        """Evaluation points of the base that are no more."""
        return self.base_common.points - self.common.points

    def individual(self, level: int) -> int:
        return sum(t.individual[level] for t in self.by_type)

    @property
    def individual_points(self) -> int:
        return sum(t.points for t in self.by_type)

    def mean(self, level: int, of_level: int | None = None) -> Exact | None:
        """Individual indicators of a level for each unit layer, or for each one of the level above."""
        below = len(self.layers) if of_level is None else self.individual(of_level)
        return divide(self.individual(level), below) if below else None


def set_figures(rulesets: Sequence[Ruleset], base: Sequence[Ruleset] = ()) -> SetFigures:
    """The figures of a set; rulesets with units of their own are the unit layers of it."""
    figures = [ruleset_figures(r) for r in rulesets]
    templates = tuple(f for f in figures if not f.ruleset.units)
    layers = tuple(f for f in figures if f.ruleset.units)
    old = tuple(ruleset_figures(r) for r in base)
    return SetFigures(
        templates, layers, _together(f.common for f in templates or layers), _by_type(layers), old, _together(f.common for f in old)
    )


def ruleset_figures(ruleset: Ruleset) -> RulesetFigures:
    """The figures of one ruleset."""
    common, individual = (_counted(ruleset, [i for i in ruleset.indicators if i.individual is own]) for own in (False, True))
    whole = sum((leaf.points for leaf in ruleset.leaves), 0)
    resting = sum((leaf.points for leaf in ruleset.leaves if leaf.quantifiable), 0)
    return RulesetFigures(ruleset, common, individual, divide(resting, whole) if whole else 0)


def layers_amiss(layers: Iterable[RulesetFigures]) -> Iterable[tuple[Ruleset, Diagnostic]]:
    """Unit layers that have no individual level-1 indicator, or several: each unit is to have one."""
    for one in layers:
        roots = [i for i in one.ruleset.roots if i.individual]
        facts: dict[str, Fact] = {"units": one.ruleset.units, "count": str(len(roots)), "codes": tuple(f"{i.code} {i.name}" for i in roots)}
        if not roots:
            yield one.ruleset, Diagnostic("W921", (Label(_head(one.ruleset)),), facts)
        elif len(roots) > 1:
            yield one.ruleset, Diagnostic("W922", (Label(roots[1].place), Label(roots[0].place, "first")), facts)


def _head(ruleset: Ruleset) -> Place:
    return Place(ruleset.sources[-1].first_line if ruleset.sources else 1, 0, 1)


def _counted(ruleset: Ruleset, indicators: Sequence[Indicator]) -> Counted:
    origins = {i.code: ruleset.origins.get(i.code, (ruleset.name, i.code)) for i in indicators}
    leaves = [i for i in indicators if not i.children]
    return Counted(
        {level: frozenset(origins[i.code] for i in indicators if i.level == level) for level in LEVELS},
        frozenset((origins[i.code], p.text) for i in leaves for p in i.check_points),
        frozenset(origins[i.code] for i in leaves if not i.check_points),
    )


def _together(several: Iterable[Counted]) -> Counted:
    counted = list(several)
    points = frozenset(p for c in counted for p in c.points)
    have = {origin for origin, _ in points}
    return Counted(
        {level: frozenset(o for c in counted for o in c.indicators[level]) for level in LEVELS},
        points,
        frozenset(o for c in counted for o in c.without_points if o not in have),
    )


def _by_type(layers: Sequence[RulesetFigures]) -> tuple[LayerFigures, ...]:
    types = dict.fromkeys(f.ruleset.applies for f in layers)
    grouped = {t: [f for f in layers if f.ruleset.applies == t] for t in types}
    return tuple(
        LayerFigures(t, len(own), {level: sum(f.individual.count(level) for f in own) for level in LEVELS}, sum(len(f.individual.points) for f in own))
        for t, own in grouped.items()
    )
