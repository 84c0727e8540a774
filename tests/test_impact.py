"""What a change does to units: the parts add up, a layer made of it gives it, none gives none."""

from __future__ import annotations

from random import Random

import pytest
from reference.cases import Units
from reference.compare import unit_for_engine
from version_pairs import draw_pair, version

from ruleeval.dsl.layers.compare import compare
from ruleeval.dsl.layers.difference import difference
from ruleeval.dsl.layers.resolve import LayerText, resolve
from ruleeval.dsl.layers.write import layer_between
from ruleeval.engine.evaluate import evaluate
from ruleeval.engine.impact import impact_between

SEEDS = range(60)


@pytest.mark.parametrize("seed", SEEDS)
def test_contributions_add_up_to_the_difference(seed: int) -> None:
    pair = draw_pair(seed)
    if pair is None:
        return
    impact = impact_between(pair.old, pair.new)
    units = Units(pair.plan, Random(seed))
    for out in (0.0, 0.2):
        unit = unit_for_engine(pair.plan, units.whole(out=out))
        found = impact.unit(unit, unit)
        assert found.old.score == evaluate(pair.old.ruleset, unit).score
        assert found.new.score == evaluate(pair.new.ruleset, unit).score
        if found.difference is None:
            assert found.contributions is None
        else:
            assert found.contributions is not None
            assert sum(c.amount for c in found.contributions) == found.difference
            assert sorted(c.bundle for c in found.contributions) == list(range(len(impact.bundles)))


@pytest.mark.parametrize("seed", SEEDS)
def test_all_changes_together_are_the_new_version(seed: int) -> None:
    pair = draw_pair(seed)
    if pair is None:
        return
    impact = impact_between(pair.old, pair.new)
    mixed = impact.mixed(frozenset(range(len(impact.bundles))))
    assert mixed is not None
    units = Units(pair.plan, Random(seed))
    for _ in range(2):
        unit = unit_for_engine(pair.plan, units.whole(out=0.1))
        assert evaluate(mixed, unit).score == evaluate(pair.new.ruleset, unit).score


@pytest.mark.parametrize("seed", SEEDS)
def test_a_difference_as_a_layer_gives_the_new_version(seed: int) -> None:
    pair = draw_pair(seed)
    if pair is None:
        return
    chain = [LayerText("old.rules", pair.old_text)]
    text = layer_between(chain, pair.new.resolved, "层", "1", "理由", {})
    again = resolve([*chain, LayerText("layer.rules", text, (0,))]).book
    assert compare(again, pair.new.resolved.book, {c: c for c in again.items}) == ()
    assert again.items.keys() == pair.new.resolved.book.items.keys()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_version_does_not_differ_from_itself(seed: int) -> None:
    pair = draw_pair(seed)
    if pair is None:
        return
    assert difference(pair.new, pair.new).empty
    spaced = version("\n# 换了排版\n" + pair.new_text.replace("\n", "  \n"))
    assert spaced is not None
    assert difference(pair.new, spaced).empty
    assert impact_between(pair.new, spaced).bundles == ()


@pytest.mark.parametrize("seed", range(20))
def test_what_is_proved_holds_and_what_is_shown_differs(seed: int) -> None:
    from ruleeval.engine.solver.differ import Proved, Witness, differences, differing_unit

    pair = draw_pair(seed)
    if pair is None:
        return
    answer = differing_unit(pair.old.ruleset, pair.new.ruleset, 2)
    if isinstance(answer, Witness):
        again = [evaluate(v.ruleset, answer.unit) for v in (pair.old, pair.new)]
        assert differences(*again) == answer.differences != ()
    elif isinstance(answer, Proved):
        units = Units(pair.plan, Random(seed))
        for _ in range(5):
            unit = unit_for_engine(pair.plan, units.whole(out=0.0))
            one, other = (evaluate(v.ruleset, unit) for v in (pair.old, pair.new))
            if one.state == other.state == "decided":
                assert differences(one, other) == ()
