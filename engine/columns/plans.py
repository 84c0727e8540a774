"""The plans of a ruleset, made once and kept as long as the ruleset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from ...dsl.model import Ruleset
from .lower import default_scales, plan_of, plans_of, wanted_of
from .plan import Plan
from .reader import Wanted

#: Plans kept for one ruleset.
_MOST_PLANS = 256
_Key = tuple[tuple[tuple[str, int], ...], tuple[tuple[str, str], ...] | None]
_PLANS: WeakKeyDictionary[Ruleset, dict[_Key, Plan]] = WeakKeyDictionary()
_ASKED: WeakKeyDictionary[Ruleset, Asked] = WeakKeyDictionary()


@dataclass(frozen=True)
class Asked:
    """The inputs that plans of a ruleset ask for (name -> whether it is yes/no), and in which
    parts of one they are expected."""

    inputs: Mapping[str, bool]
    scales: Mapping[str, int]
    wanted: Wanted


def asked_of(ruleset: Ruleset) -> Asked:
    """What plans of a ruleset ask of units; found out once."""
    found = _ASKED.get(ruleset)
    if found is None:
        scales = default_scales(ruleset)
        inputs = _both(ruleset, scales)
        found = _ASKED[ruleset] = Asked(inputs, {n: s for n, s in scales.items() if n in inputs}, wanted_of(ruleset))
    return found


def kept_plan(ruleset: Ruleset, scales: Mapping[str, int], states: Mapping[str, str] | None) -> Plan:
    """The plan for some scales and states; without states, the one that tells them."""
    plans = _PLANS.setdefault(ruleset, {})
    key = _key(scales, states)
    if key not in plans:
        if len(plans) >= _MOST_PLANS:
            plans.clear()
        if states:
            plans[key] = plan_of(ruleset, scales, states)
        else:
            _both(ruleset, scales)
    return plans[key]


def has_plan(ruleset: Ruleset, scales: Mapping[str, int], states: Mapping[str, str]) -> bool:
    return _key(scales, states) in _PLANS.get(ruleset, {})


def _both(ruleset: Ruleset, scales: Mapping[str, int]) -> Mapping[str, bool]:
    """Keep the plan in which nothing is out and the one that tells what is; what they ask for."""
    plans = _PLANS.setdefault(ruleset, {})
    plans[_key(scales, {})], plans[_key(scales, None)], inputs = plans_of(ruleset, scales)
    return inputs


def _key(scales: Mapping[str, int], states: Mapping[str, str] | None) -> _Key:
    parts = tuple(sorted((n, s) for n, s in scales.items() if s != 1))
    return parts, None if states is None else tuple(sorted(states.items()))
