"""The checked ruleset: what a ruleset means, with nothing left to look up.

Expressions are built from the few operations below; every rule form has been lowered
to them (``forms.py``).  Each operation has its readings in ``operations.py``.
Nothing here is changed after it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Literal as OneOf

from .diagnostics import Place
from .frozen import frozen
from .keywords import Language
from .numbers import Exact
from .units import PLAIN, Unit

if TYPE_CHECKING:
    from .cohort import CohortValue, Quota

Value = Exact | bool | str | date | tuple[Exact, ...]

# ---- types ------------------------------------------------------------------


@frozen
class Type:
    """The type of a value.

    ``share`` tells how a plain number is written: ``percent`` with its sign, ``points``
    in percentage points (the difference of two percentages), ``ratio`` either way (a
    quotient of two like counts), ``plain`` without one.
    """

    kind: OneOf["number", "yes_no", "choice", "text", "date", "numbers", "records"]
    unit: Unit = PLAIN
    whole: bool = False
    share: OneOf["percent", "points", "ratio", "plain"] = "plain"
    options: tuple[str, ...] = ()


# ---- expressions: the core operations ---------------------------------------------


@frozen
class Literal:
    """A constant, and how the author wrote it."""

    value: Value
    text: str = field(default="", compare=False)


@frozen
class Ref:
    """A value by key: ``data.x``, ``derived.x``, ``parameter.x``, ``score.A1``, ``rate.A1``,
    ``step.x`` (of the same indicator), ``column.x`` (of the record at hand), ``as_of``,
    ``cohort.x`` (a `CohortValue`)."""

    key: str


@frozen
class Arithmetic:
    operator: OneOf["+", "-", "*", "/"]
    left: Expression
    right: Expression


@frozen
class Compare:
    operator: OneOf["<", "<=", ">", ">=", "=", "!="]
    left: Expression
    right: Expression


@frozen
class Logic:
    """``and``, ``or`` over two operands, ``not`` over one."""

    operator: OneOf["and", "or", "not"]
    operands: tuple[Expression, ...]


@frozen
class Choose:
    """The value of the first case whose condition holds, else ``otherwise``."""

    cases: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression


@frozen
class Interval:
    """All numbers between two ends; ``None`` is an open end without limit."""

    low: Exact | None = None
    low_included: bool = False
    high: Exact | None = None
    high_included: bool = False

    def holds(self, value: Exact) -> bool:
        above = self.low is None or value > self.low or (self.low_included and value == self.low)
        return above and (self.high is None or value < self.high or (self.high_included and value == self.high))


@frozen
class Band:
    interval: Interval
    result: Expression
    label: str = field(compare=False, default="")
    place: Place | None = field(compare=False, default=None)


@frozen
class Bands:
    """The result of the one band that holds the value; bands tile the value's range."""

    value: Expression
    bands: tuple[Band, ...]


@frozen
class Interpolate:
    """The straight line between anchors (value, result), flat beyond the outer ones."""

    value: Expression
    anchors: tuple[tuple[Exact, Exact], ...]


@frozen
class Extremum:
    """The least or the greatest of the operands; of those that apply, where it ``passes_over`` the others."""

    kind: OneOf["min", "max"]
    operands: tuple[Expression, ...]
    passes_over: bool = False


@frozen
class Round:
    """The value rounded to decimal places; ``ceiling`` and ``floor`` to a whole number."""

    value: Expression
    places: int
    mode: OneOf["half_up", "half_even", "up", "down", "ceiling", "floor"]


@frozen
class Aggregate:
    """One number from a list or from records.

    ``source`` is the key of a list or a table.  ``each`` is evaluated for every record
    kept by ``where``; ``places`` is for a geometric mean; records whose ``matter`` one of
    the counts in ``counted_before`` holds already are left out (once-only).  ``drop`` says
    how many of the highest and lowest values a trimmed mean leaves out.  ``matters`` counts
    records too, each matter once.
    """

    kind: OneOf["count", "matters", "sum", "mean", "median", "min", "max", "trimmed_mean", "distinct_months", "geometric_mean"]
    source: Expression
    each: Expression | None = None
    where: Expression | None = None
    drop: tuple[int, int] = (0, 0)
    places: int = 0
    matter: str | None = None
    counted_before: tuple[Aggregate, ...] = ()


@frozen
class Grouped:
    """A table of the groups of another: one record for each value of the column ``by``.

    ``columns`` are worked out with ``source`` standing for the records of the group.
    """

    source: Ref
    by: str
    columns: tuple[tuple[str, Expression], ...]
    where: Expression | None = None


@frozen
class Available:
    """The mean of those operands that are there, if at least ``at_least`` are."""

    operands: tuple[Expression, ...]
    at_least: int


@frozen
class Present:
    """Whether a data item has been filled in."""

    key: str


@frozen
class DocumentPresent:
    """Whether at least one of some kinds of evidence has been handed in, and is good.

    ``rule`` says what makes it good, and ``terms`` says it as the author wrote it.
    """

    kinds: tuple[str, ...]
    rule: EvidenceRule | None = None
    terms: str = ""


@frozen
class Lookup:
    """The entry of a table for the given keys."""

    table: str
    keys: tuple[Expression, ...]
    entries: tuple[tuple[tuple[Value, ...], Exact], ...]


@frozen
class DateSpan:
    """From one date to another: ``days``, ``working_days``, whole ``months``, or full years of ``age``."""

    kind: OneOf["days", "working_days", "months", "age"]
    start: Expression
    end: Expression


@frozen
class Transcend:
    """A power, root or logarithm, correct to a stated number of decimal places."""

    kind: OneOf["power", "root", "log"]
    value: Expression
    argument: Expression
    places: int


@frozen
class Called:
    """An expression that goes by the name of a built-in: shown as the call, read as its
    ``meaning``, and never outside ``limits``."""

    key: str
    arguments: tuple[str, ...]
    meaning: Expression
    limits: Interval = field(default_factory=Interval)


@frozen
class Outcome:
    """No number: the indicator does not apply, or the data are in error."""

    kind: OneOf["out", "error"]
    reason: str


Expression = (
    Literal | Ref | Arithmetic | Compare | Logic | Choose | Bands | Interpolate | Extremum | Round
    | Aggregate | Grouped | Available | Present | DocumentPresent | Lookup | DateSpan | Transcend | Called | Outcome
)  # fmt: skip

# ---- declarations -------------------------------------------------------------------


@frozen
class Column:
    """One column of a table of records.

    A cell may be left blank only where ``optional`` says so; ``personal`` values are shown
    to nobody unasked, and an ``identity`` number has 15 or 18 characters.  ``scores`` are
    the points of a question's answers, ``None`` for one that does not count.
    """

    name: str
    type: Type
    low: Exact | None = None
    high: Exact | None = None
    matter: bool = False
    optional: bool = False
    personal: bool = False
    identity: bool = False
    scores: tuple[tuple[str, Exact | None], ...] = ()
    names_source: bool = False
    """Whether it says where a record comes from, such as an audit."""


@frozen
class DataItem:
    """A value that a unit hands in.  ``assessed`` items are given by each track for itself."""

    name: str
    type: Type
    place: Place
    low: Exact | None = None
    high: Exact | None = None
    count_low: int = 0
    count_high: int | None = None
    source: str | None = None
    assessed: bool = False
    fixed: bool = False
    columns: tuple[Column, ...] = ()
    deviation: Exact | None = None
    """How far a number of a list may lie from the mean before it is told of."""
    previous: tuple[str, str] | None = None
    """What of the last period's result it is: ``score`` or ``rate`` of a code, or ``total``."""

    @property
    def key(self) -> str:
        return f"data.{self.name}"


@frozen
class Derived:
    """A named value computed from others."""

    name: str
    type: Type
    expression: Expression
    place: Place
    zero_divisor: str | None = None
    divisors: tuple[Expression, ...] = ()
    low: Exact | None = None
    high: Exact | None = None

    @property
    def key(self) -> str:
        return f"derived.{self.name}"


@frozen
class Segments:
    """A table counted by bands of a value; whoever is in no band is told of (F24)."""

    name: str
    source: str
    value: Expression
    where: Expression | None
    type: Type
    bands: tuple[tuple[str, Interval], ...]
    place: Place


@frozen
class Survey:
    """A questionnaire: whom it asks, how many were sent, when a return counts, how few are too few."""

    name: str
    source: str
    kind: OneOf["internal", "external", "recipients"]
    columns: tuple[Column, ...]
    answers_needed: int
    place: Place
    least: int | None = None
    sent: Expression | None = None
    sent_divisor: bool = False


@frozen
class DatedValue:
    """A parameter's value within a period, and the clause it rests on."""

    value: Exact
    text: str
    start: date | None
    end: date | None
    source: str | None
    place: Place


@frozen
class Parameter:
    name: str
    type: Type
    values: tuple[DatedValue, ...]
    place: Place

    @property
    def key(self) -> str:
        return f"parameter.{self.name}"


@frozen
class Rounding:
    places: int
    mode: OneOf["half_up", "half_even", "up", "down"]


@frozen
class EvidenceEffect:
    """What happens to a score when evidence is short; ``share`` is of the full points."""

    kind: OneOf["notice", "zero", "pending", "ceiling"]
    share: Exact = 1


@frozen
class EvidenceRule:
    """Evidence that an indicator asks for."""

    kinds: tuple[str, ...]
    need: OneOf["all", "any", "if_present"]
    effect: EvidenceEffect
    place: Place
    copies: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    within_months: int | None = None
    within_days: int | None = None
    issued_by: str | None = None


@frozen
class InterviewRule:
    """Whom an indicator wants interviewed, and how many person-times at least."""

    ranks: tuple[str, ...]
    at_least: int
    place: Place


@frozen
class VerifyRule:
    """Which parties confirm what is found at an indicator, and how many must."""

    parties: tuple[OneOf["unit", "approving_body", "recipients"], ...]
    at_least: int
    place: Place


@frozen
class NotApplicablePolicy:
    """What becomes of the points of an indicator that does not apply."""

    kind: OneOf["rescale", "spread", "full", "zero", "mean"]
    scope: OneOf["parent", "level1", "common", "whole"] = "parent"
    cohort: str | None = None
    """The key of the cohort's mean that is given instead."""


@frozen
class CheckPoint:
    """An evaluation point: what to look at, with points of its own where it has them."""

    text: str
    points: Exact | None
    place: Place


# ---- indicators --------------------------------------------------------------------


@frozen
class Step:
    """One step of a computation: later steps refer to it as ``step.<name>``.

    ``phrase`` names the sentence that tells it, ``facts`` fill that sentence.
    """

    name: str
    expression: Expression
    type: Type
    phrase: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@frozen
class Guard:
    """A condition that settles an indicator before its standard is applied.

    ``about`` is what is waited for where the outcome is pending.
    """

    kind: OneOf["full_if", "zero_divisor", "zero_if", "sample", "sample_zero"]
    condition: Expression
    outcome: OneOf["full", "zero", "out", "error", "notice", "pending"]
    place: Place
    text: str
    about: str = ""


@frozen
class Indicator:
    """A level-1, 2 or 3 indicator, a bonus or an extra deduction.

    A level-3 indicator, bonus or extra deduction has ``steps``, the last of which is
    its score; a parent has ``children`` and how they are combined.
    """

    code: str
    name: str
    level: OneOf[1, 2, 3]
    points: Exact
    place: Place
    parent: str | None = None
    children: tuple[str, ...] = ()
    individual: bool = False
    form: str | None = None
    quantifiable: bool = False
    value_type: Type | None = None
    guards: tuple[Guard, ...] = ()
    steps: tuple[Step, ...] = ()
    lowest: Exact = 0
    applies_if: Expression | None = None
    """The conditions of what stands above it too; the period in force is one of them."""
    in_force: DatedPeriod | None = None
    not_applicable: NotApplicablePolicy | None = None
    unfilled_is_out: bool = False
    combine: OneOf["sum", "lowest_rate", "mean_rate"] = "sum"
    ceiling: Expression | None = None
    floor: Expression | None = None
    rounding: Rounding | None = None
    evidence: tuple[EvidenceRule, ...] = ()
    check_points: tuple[CheckPoint, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    wording: tuple[str, ...] = ()
    full_marks: str = ""
    full_facts: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    once_only: tuple[str, ...] = ()
    interviews: tuple[InterviewRule, ...] = ()
    verify: VerifyRule | None = None

    @property
    def key(self) -> str:
        return f"score.{self.code}"


@frozen
class Adjustment:
    """A bonus or an extra deduction: an indicator outside the tree, with its conditions."""

    indicator: Indicator
    kind: OneOf["bonus", "extra"]
    only_if: Expression | None = None
    inside_total: bool = False
    taken_from: str | None = None


@frozen
class Veto:
    """A fact that decides the grade, the total, or a limit on the grade."""

    code: str
    name: str
    condition: Expression
    effect: OneOf["grade", "score", "cap", "down"]
    grade: str | None
    score: Exact | None
    steps: int
    place: Place
    text: str


@frozen
class GradeBand:
    interval: Interval
    grade: str
    label: str
    place: Place


@frozen
class Gate:
    """A condition that a grade asks for besides its band."""

    grade: str
    condition: Expression
    text: str
    place: Place


@frozen
class GradeScale:
    """Grade bands, best first, over the score or the score rate of the total or a subtotal.

    With ``quotas`` the best of the cohort get their grades first, and the bands are for the rest.
    """

    name: str | None
    basis: OneOf["score", "rate"]
    rounded: bool
    bands: tuple[GradeBand, ...]
    gates: tuple[Gate, ...]
    place: Place
    quotas: tuple[Quota, ...] = ()

    @property
    def grades(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(q.grade for q in self.quotas), *(b.grade for b in self.bands))))


@frozen
class Subtotal:
    name: str
    codes: tuple[str, ...]
    place: Place


@frozen
class Reconciliation:
    condition: Expression
    is_error: bool
    message: str
    text: str
    place: Place
    keys: tuple[str, ...] = ()


@frozen
class Dimension:
    name: str
    codes: tuple[str, ...]


@frozen
class ProblemType:
    name: str
    problem_class: OneOf[1, 2, 3]
    authority: str
    urgency: str
    days: int | None


@frozen
class Unscored:
    """A condition under which a unit gets a word instead of a score."""

    condition: Expression
    word: str
    text: str
    place: Place


@frozen
class DatedPeriod:
    start: date | None = None
    end: date | None = None


@frozen
class Successor:
    """What one thing of this version comes from in an older one: an indicator from codes, a data
    item or a kind of evidence from names.  ``share`` is the part of the one code that it comes
    from where that was split, else 1."""

    kind: OneOf["indicator", "data", "evidence"]
    name: str
    sources: tuple[str, ...]
    share: Exact
    place: Place


@frozen
class Crosswalk:
    """What became of the parts of an older version; ``dropped`` are codes that have no successor."""

    name: str
    version: str
    successors: tuple[Successor, ...]
    dropped: tuple[str, ...]
    place: Place


@frozen
class Source:
    """One file that a ruleset was made from, and the number that its first line has in places."""

    file: str
    name: str
    version: str
    first_line: int


@frozen
class Setting:
    """What one layer did to one thing: from which text to which, why, and where it says so.

    ``layer`` counts the sources from 0; ``group``, ``kind``, ``key`` and ``aspect`` are the
    address of the thing (`layers.book.Address`).
    """

    layer: int
    act: OneOf["add", "change", "remove", "move"]
    group: str
    kind: str
    key: str
    aspect: str
    new: str
    old: str
    reason: str
    place: Place


@dataclass(frozen=True, eq=False)
class Ruleset:
    """A ruleset that has passed every check.  Compared by identity; ``digest`` is of its text.

    One that extends others has all their files among its ``sources``, the first extended
    first; ``settings`` tell what each layer did, ``origins`` the ruleset and the code by
    which an indicator came in, ``shown`` the lines that layers made anew.
    """

    language: Language
    name: str
    version: str
    applies: tuple[str, ...]
    unit_levels: tuple[str, ...]
    effective: DatedPeriod
    issuer: str | None
    basis: tuple[str, ...]
    notes: tuple[str, ...]
    full_score: Exact
    common_score: Exact | None
    individual_score: Exact | None
    deciding_track: OneOf["self", "on_site", "third_party"]
    roundings: Mapping[str, Rounding]
    all_out: OneOf["carry_up", "full", "zero"] | None
    left_out_limit: Exact | None
    data: tuple[DataItem, ...]
    parameters: tuple[Parameter, ...]
    derived: tuple[Derived, ...]
    indicators: tuple[Indicator, ...]
    adjustments: tuple[Adjustment, ...]
    vetoes: tuple[Veto, ...]
    subtotals: tuple[Subtotal, ...]
    scales: tuple[GradeScale, ...]
    worst_of: tuple[str, ...]
    reconciliations: tuple[Reconciliation, ...]
    dimensions: tuple[Dimension, ...]
    problem_types: tuple[ProblemType, ...]
    unscored: tuple[Unscored, ...]
    order: tuple[str, ...]
    digest: str
    regions: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    awaited: Exact = 0
    """Points of the individual part that a layer below has yet to fill."""
    crosswalks: tuple[Crosswalk, ...] = ()
    cohort: tuple[CohortValue, ...] = ()
    """Values of the whole cohort, in the order of the text."""
    sources: tuple[Source, ...] = ()
    settings: tuple[Setting, ...] = ()
    origins: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shown: Mapping[int, str] = field(default_factory=dict)
    segments: tuple[Segments, ...] = ()
    surveys: tuple[Survey, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Indicator]:
        return {i.code: i for i in (*self.indicators, *(a.indicator for a in self.adjustments))}

    @cached_property
    def by_key(self) -> Mapping[str, DataItem | Derived | Parameter | Indicator | CohortValue]:
        adjusting = (a.indicator for a in self.adjustments)
        named: tuple[DataItem | Derived | Parameter | Indicator | CohortValue, ...] = (
            *self.data, *self.derived, *self.parameters, *self.indicators, *adjusting, *self.cohort,
        )  # fmt: skip
        return {n.key: n for n in named}

    @property
    def leaves(self) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if not i.children)

    @property
    def roots(self) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if i.parent is None)

    def scale(self, name: str | None = None) -> GradeScale | None:
        """The grade bands of a subtotal, or those of the total."""
        return next((s for s in self.scales if s.name == name), None)
