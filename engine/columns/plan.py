"""A plan: everything a ruleset computes for a unit, as operations on columns of whole numbers.

A plan is made once for a ruleset, the scales of its inputs and the set of indicators that
are out (`lower.py`).  It holds for every unit for which ``fails`` does not hold; the others
go to the exact engine, and are counted.  Nothing in a plan is approximate.

**How a backend attaches.**  A backend is given a `Plan` and a column for each of
``inputs`` (a whole number or yes/no a unit; `gather.py` and `files.tables` make them) and
returns the columns of the nodes in ``wanted``.  It walks ``nodes`` in order: each names its
operation (`dsl.columns.graph.Node`) and the numbers of earlier nodes.  What it must keep:

* every value is a whole number, exactly; ``limits`` (see `carriers.py`) prove how large each
  node gets over the declared ranges and the extremes of the columns at hand, so that it can
  choose a type that holds it: float64 below 2**53, where ``floor_divide`` is the division
  rounded down because dividend and divisor together stay below 2**53, then 64-bit, 128-bit,
  then numbers without limit;
* ``floor_divide`` rounds down, also below zero; its divisor is at least 1 for every unit;
* no input is ever absent: a unit with an absent value is not handed in.

A backend that writes a query (SQL, Spark) names each node used more than once a column of a
common table expression, and refuses a plan whose limits its types cannot hold.  What a plan's
numbers mean is in `Plan.numbers`: ``numerator × top ÷ (denominator × bottom)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...dsl.columns import Node, Number
from ...dsl.columns.graph import Limits
from ...dsl.model import Ruleset
from ...dsl.numbers import Exact


@dataclass(frozen=True, eq=False)
class Plan:
    """What is computed for units whose indicators in ``states`` are out and all others scored.

    ``numbers`` and ``truths`` are the results by name:

    * ``score CODE``, ``amount CODE`` (bonus, extra deduction), ``subtotal NAME``, ``before_veto``
      and ``total``; ``grade`` and ``grade NAME`` are places on the scale, the best first;
    * ``veto CODE``, ``reconcile N`` (broken), ``unscored N``, ``fails``.

    ``points`` are those in force by code, 0 for what is out.
    """

    ruleset: Ruleset
    nodes: tuple[Node, ...]
    limits: tuple[Limits, ...]
    inputs: Mapping[str, int]
    numbers: Mapping[str, Number]
    truths: Mapping[str, int]
    states: Mapping[str, str]
    points: Mapping[str, Exact]
    subtotal_points: Mapping[str, Exact]
    left_out: Exact
    nothing_in_force: bool

    @cached_property
    def wanted(self) -> tuple[int, ...]:
        """The nodes that a backend gives back, none twice."""
        found = [n for number in self.numbers.values() for n in (number.top, number.bottom) if n is not None]
        return tuple(dict.fromkeys((*found, *self.truths.values())))

    def wanted_for(self, names: Sequence[str]) -> tuple[int, ...]:
        """The nodes behind some results; always those that say for whom the plan holds."""
        chosen = [self.numbers[n] for n in names if n in self.numbers]
        found = [n for number in chosen for n in (number.top, number.bottom) if n is not None]
        return tuple(dict.fromkeys((*found, *self.truths.values())))
