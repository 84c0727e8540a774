"""A neutral description of a ruleset: what it says, in plain dataclasses, in no language.

A plan knows nothing of the package under test.  `draw.py` makes plans at random,
`write.py` writes one as the text of a ruleset, `evaluator.py` works out what a unit
scores under it.  Sums and products are kept as flat chains, so that how a chain
associates is decided by whoever evaluates it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal["count", "percent", "number", "points", "plain", "options", "truth", "numbers"]

# ---- expressions ---------------------------------------------------------------


@dataclass(frozen=True)
class Quantity:
    """A number as it is written: a percentage is kept as its fraction."""

    value: Fraction
    kind: Kind
    unit: str = ""
    difference: bool = False  # a percentage that measures a distance: percentage points


@dataclass(frozen=True)
class Ref:
    name: str


@dataclass(frozen=True)
class Chain:
    """``first`` and what follows it, all of one precedence: + and −, or × and ÷."""

    first: Expr
    rest: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple[Expr, ...]


@dataclass(frozen=True)
class Compare:
    left: Expr
    sign: str
    right: Expr


@dataclass(frozen=True)
class Both:
    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Either:
    parts: tuple[Expr, ...]


@dataclass(frozen=True)
class Not:
    part: Expr


@dataclass(frozen=True)
class Choice:
    cases: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr


@dataclass(frozen=True)
class ScoreOf:
    code: str
    rate: bool


@dataclass(frozen=True)
class LowestRate:
    level: int


@dataclass(frozen=True)
class Cohort:
    """One number made of what ``inner`` is for each unit that is compared."""

    kind: Literal["mean", "max", "min", "deviation", "count", "rank", "percentile"]
    inner: Expr | None = None
    where: Expr | None = None
    same_type: bool = False
    with_own: bool = True
    at_least: int = 1
    lowest_first: bool = False
    ties: Expr | None = None
    at_most: bool = False
    places: int = 0


Expr = Quantity | Ref | Chain | Call | Compare | Both | Either | Not | Choice | ScoreOf | LowestRate | Cohort

# ---- parts of a standard ---------------------------------------------------------


@dataclass(frozen=True)
class Interval:
    """From ``low`` to ``high``; an end that is ``None`` is open for ever."""

    low: Quantity | None
    low_in: bool
    high: Quantity | None
    high_in: bool
    style: int = 0  # which of the ways to write it


@dataclass(frozen=True)
class Amount:
    how: Literal["points", "factor", "full", "none"]
    value: Fraction = Fraction(0)


@dataclass(frozen=True)
class Step:
    """So many points for each ``width``, up to ``cap``; ``part``: what a part of a step counts."""

    width: Quantity
    points: Fraction
    cap: Fraction | None = None
    part: Literal["proportion", "up", "down"] | None = None


@dataclass(frozen=True)
class Levels:
    rows: tuple[tuple[str, Amount], ...]


@dataclass(frozen=True)
class Pass:
    """All or nothing: the value is a condition."""


@dataclass(frozen=True)
class Documents:
    """What each missing document costs; a row of several names asks for any one of them."""

    rows: tuple[tuple[tuple[str, ...], Fraction], ...]


@dataclass(frozen=True)
class DocumentShare:
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Deduct:
    rows: tuple[tuple[Expr | None, Step], ...]


@dataclass(frozen=True)
class TargetDeduct:
    target: Interval
    below: Step | None
    above: Step | None


@dataclass(frozen=True)
class Proportional:
    target: Quantity | None
    beyond: Literal["capped", "error"] | None


@dataclass(frozen=True)
class Control:
    limit: Quantity
    beyond: Literal["twice_zero", "inverse"]


@dataclass(frozen=True)
class Bands:
    rows: tuple[tuple[Interval, Amount], ...]


@dataclass(frozen=True)
class Interpolate:
    anchors: tuple[tuple[Quantity, Fraction], ...]


@dataclass(frozen=True)
class Checklist:
    """``at_least``: with fewer rows met than that, no marks.  Points ``None``: equal shares."""

    rows: tuple[tuple[Expr, Fraction | None], ...]
    at_least: int | None


@dataclass(frozen=True)
class Earn:
    rows: tuple[tuple[Expr | None, Step], ...]


@dataclass(frozen=True)
class Tiers:
    method: Literal["marginal", "whole"]
    rows: tuple[tuple[Interval, Step], ...]


@dataclass(frozen=True)
class WorstOnly:
    rows: tuple[tuple[Expr, Fraction], ...]


@dataclass(frozen=True)
class BestOnly:
    rows: tuple[tuple[Expr, Fraction], ...]


@dataclass(frozen=True)
class Distribution:
    """``rows``: the count of a band with its factor, its target share, or its interval and step."""

    method: Literal["factor", "target", "closeness"]
    rows: tuple[tuple[Expr, Fraction | tuple[Interval, Step]], ...]
    total: Expr | None


@dataclass(frozen=True)
class Formula:
    expression: Expr


@dataclass(frozen=True)
class Discretionary:
    low: Fraction
    high: Fraction
    rating: Expr


@dataclass(frozen=True)
class Ladder:
    """Points for places, from the first or from the last; the value is a rank.

    ``lower``: a unit in two rows gets the lower points.
    """

    rows: tuple[tuple[int, int, bool, Fraction], ...]
    rest: Fraction
    lower: bool = False


Standard = (
    Levels | Pass | Documents | DocumentShare | Deduct | TargetDeduct | Proportional | Control | Bands
    | Interpolate | Checklist | Earn | Tiers | WorstOnly | BestOnly | Distribution | Formula | Discretionary | Ladder
)  # fmt: skip

# ---- the ruleset --------------------------------------------------------------------

Scope = Literal["parent", "level1", "common", "whole"]
ZeroChoice = Literal["out", "full", "zero", "error"]


@dataclass(frozen=True)
class Item:
    name: str
    kind: Kind
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    options: tuple[str, ...] = ()
    size: tuple[int, int] = (0, 0)
    assessed: bool = False


@dataclass(frozen=True)
class Derived:
    name: str
    expression: Expr
    zero_divisor: ZeroChoice | None = None


@dataclass(frozen=True)
class Evidence:
    """``effect`` when short: notice, no marks, at most ``share`` of the points."""

    mode: Literal["all", "any", "if_present"]
    names: tuple[str, ...]
    effect: Literal["notice", "zero", "share"] | None = None
    share: Fraction = Fraction(1)


@dataclass(frozen=True)
class Leaf:
    code: str
    name: str
    points: Fraction
    standard: Standard
    value: Expr | None = None
    zero_divisor: ZeroChoice | None = None
    zero_if: Expr | None = None
    full_if: Expr | None = None
    difficulty: Expr | None = None
    ceiling: Expr | None = None
    floor: Expr | None = None
    applies_if: Expr | None = None
    policy: tuple[Literal["rescale", "spread", "full", "zero", "mean"], Scope] | None = None
    missing_is_out: bool = False
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Branch:
    """A level-1 or level-2 indicator; ``weighted``: its children are written as percentages."""

    code: str
    name: str
    points: Fraction
    children: tuple[Branch | Leaf, ...]
    combine: Literal["sum", "lowest", "mean"] | None = None
    weighted: bool = False
    individual: bool = False
    applies_if: Expr | None = None


@dataclass(frozen=True)
class Bonus:
    code: str
    name: str
    cap: Fraction
    value: Expr
    step: Step
    only_if: Expr | None
    inside: bool


@dataclass(frozen=True)
class Extra:
    """A deduction outside any item, taken from the total or from one indicator."""

    code: str
    name: str
    cap: Fraction
    value: Expr
    step: Step
    taken_from: str | None


@dataclass(frozen=True)
class Veto:
    code: str
    name: str
    condition: Expr
    effect: Literal["grade_is", "total_is", "grade_at_most", "grade_down"]
    grade: str = ""
    amount: Fraction = Fraction(0)


@dataclass(frozen=True)
class Grades:
    """From the best to the worst: an interval and its name; gates by grade."""

    basis: Literal["score", "rate"]
    rounded: bool | None
    rows: tuple[tuple[Interval, str], ...]
    gates: tuple[tuple[str, Expr], ...] = ()
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True)
class Quota:
    """The best so many per cent, counted from the first; ``stay``: a unit kept from the grade takes its place."""

    share: Fraction
    rounding: Literal["down", "up", "half_up"]
    ties_in: bool
    name: str
    stay: bool


@dataclass(frozen=True)
class Rounding:
    stage: Literal["leaf", "parent", "total"]
    places: int
    mode: Literal["half_up", "half_even", "up", "down"]


@dataclass(frozen=True)
class Plan:
    language: Literal["zh", "en"]
    items: tuple[Item, ...]
    derived: tuple[Derived, ...]
    tree: tuple[Branch, ...]
    rounding: tuple[Rounding, ...] = ()
    all_out: Literal["carry", "full", "zero"] | None = None
    left_out_limit: Fraction | None = None
    missing_evidence: Literal["notice", "zero"] | None = None
    bonus: tuple[Bonus, ...] = ()
    extra: tuple[Extra, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    grades: Grades | None = None

    @property
    def full(self) -> Fraction:
        return sum((branch.points for branch in self.tree), Fraction(0))

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for one in self.tree for two in one.children for leaf in two.children)  # type: ignore[union-attr,misc]


# ---- a unit ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """Not filled in; ``due``: not yet due."""

    due: bool = False


@dataclass(frozen=True)
class Out:
    """Not applicable, and confirmed."""


@dataclass(frozen=True)
class Claims:
    """In dispute: one of these."""

    values: tuple[object, ...]


Entry = Fraction | bool | str | tuple[Fraction, ...] | Missing | Out | Claims


@dataclass(frozen=True)
class Case:
    """A unit: an entry for every item, the indicators that are out, the evidence handed in.

    ``unfilled``: the items that were missing before the unit was completed, for the
    indicators that take a missing value as one that does not apply.
    """

    entries: dict[str, Entry]
    out: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    unfilled: frozenset[str] = frozenset()
    unit_type: str = ""


# ---- reading a plan --------------------------------------------------------------------


def inside(node: object) -> list[object]:
    """Every dataclass in a plan or a part of one, itself included."""
    found: list[object] = []
    if isinstance(node, tuple):
        for part in node:
            found += inside(part)
    elif is_dataclass(node):
        found.append(node)
        for entry in fields(node):
            found += inside(getattr(node, entry.name))
    return found


def item_names(plan: Plan, node: object) -> frozenset[str]:
    """The data items that a part of the plan reads, through derived values too."""
    derived = {one.name: one for one in plan.derived}
    names: set[str] = set()
    for part in inside(node):
        if isinstance(part, Ref):
            names |= item_names(plan, derived[part.name].expression) if part.name in derived else {part.name}
    return frozenset(names)
