"""What a form is given, what it gives back, and what several forms share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf

from ..characters import plain_digits
from ..describe import describe_type
from ..diagnostics import Choice, Diagnostic, Fact, Label, Place
from ..expressions import ExpressionReader, Typed, read_quantity, unit_problem
from ..frozen import frozen
from ..keywords import Language, word
from ..model import Arithmetic, Choose, Compare, Expression, Extremum, Interval, Literal, Outcome, Ref, Round, Step, Type
from ..numbers import Exact, divide, exact_text, percent_text, simplest
from ..ranges import Possible, Range
from ..syntax import Block, Line, Node, Part, Word
from ..units import unit_named

POINTS = Type("number", unit_named("分"))
ZERO = Literal(0, "0")
ONE = Literal(1, "1")


@dataclass(slots=True)
class FormContext:
    """One indicator's standard as written, and how to read and report it."""

    code: str
    points: Exact
    place: Place
    reader: ExpressionReader
    rows: tuple[Line, ...]
    fields: Mapping[str, Block]
    value: Typed | None
    steps: list[Step] = field(default_factory=list)
    divisors: list[tuple[Expression, Place]] = field(default_factory=list)

    def field_node(self, kind: str) -> Node | None:
        block = self.fields.get(kind)
        return None if block is None else block.line.node

    def read_field(self, kind: str) -> Typed | None:
        """The expression of a field such as 目标, read on its own line."""
        block = self.fields.get(kind)
        if block is None:
            return None
        reader = self.on_line(block.line)
        return reader.read(block.line.node.parts[1])

    def on_line(self, line: Line) -> ExpressionReader:
        return ExpressionReader(self.reader.scope, line.number, divisors=self.divisors)

    def report(self, code: str, line: Line | None = None, part: Part = None, /, **facts: Fact) -> None:
        place = self.place
        if line is not None:
            where = part if part is not None else line.node
            place = Place(line.number, where.start, max(where.end, where.start + 1))
        self.reader.scope.report(code, place, code_of=self.code, **facts)

    def report_with_choices(self, code: str, line: Line | None, choices: tuple[Choice, ...], /, **facts: str) -> None:
        """A finding about a line, with several ways to put it right."""
        place = self.place if line is None else Place(line.number, line.node.start, max(line.node.end, line.node.start + 1))
        self.reader.scope.found.append(Diagnostic(code, (Label(place),), {"code_of": self.code, **facts}, choices=choices))

    def add(self, name: str, expression: Expression, kind: Type = POINTS, **facts: str) -> Ref:
        """Add a step; later steps refer to it by what this returns."""
        self.steps.append(Step(name, expression, kind, facts=facts))
        return Ref(f"step.{name}")

    def full(self) -> Literal:
        return number(self.points)


@frozen
class Lowered:
    """The steps of a standard; the last gives the raw score, before it is held to its limits.

    ``full_marks`` names the sentence that says what would have given full marks.
    """

    steps: tuple[Step, ...]
    lowest: Exact = 0
    full_marks: str = ""
    full_facts: Mapping[str, str] = field(default_factory=dict)


@frozen
class Form:
    """One row of the table of forms.

    ``value`` says what 取值 must be (``none``: there must be no 取值; ``maybe``: rows may
    have their own); ``takes`` are the fields it knows, ``requires`` those it cannot do
    without, ``rows`` whether it must have rows.
    """

    key: str
    catalogue: str
    lower: Callable[[FormContext], Lowered | None]
    value: OneOf["number", "yes_no", "choice", "maybe", "none"]
    takes: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    rows: OneOf["required", "none"] = "none"
    quantifiable: bool = True


def apart(kind: Type) -> Type:
    """The type of the distance between two values of a type."""
    return replace(kind, share="points") if kind.share in ("percent", "ratio") else kind


def number(value: Exact) -> Literal:
    return Literal(value, exact_text(value))


def measure(value: Exact, kind: Type) -> Literal:
    """A constant in the unit of a type: 9/10 of a percentage is written 90%."""
    return Literal(value, percent_text(value) if kind.share in ("percent", "ratio") else exact_text(value) + kind.unit.name)


def plus(terms: list[Expression]) -> Expression:
    """The sum of some terms; 0 for none."""
    total: Expression = ZERO
    for position, term in enumerate(terms):
        total = term if position == 0 else Arithmetic("+", total, term)
    return total


def minus(left: Expression, right: Expression) -> Expression:
    return Arithmetic("-", left, right)


def times(left: Expression, right: Expression) -> Expression:
    return Arithmetic("*", left, right)


def over(left: Expression, right: Expression) -> Expression:
    return Arithmetic("/", left, right)


def least(*operands: Expression) -> Expression:
    return Extremum("min", operands)


def greatest(*operands: Expression) -> Expression:
    return Extremum("max", operands)


def within_points(rating: Expression, low: Exact, high: Exact) -> Expression:
    """``rating``, or an error where it lies outside the range the rule allows."""
    outside = Compare("<", rating, number(low)), Compare(">", rating, number(high))
    error = Outcome("error", "E720")
    return Choose(tuple((o, error) for o in outside), rating)


# ---- reading small parts ----------------------------------------------------------------


def read_points(node: Part) -> Exact:
    """The number in ``4分`` or ``-1分``."""
    assert isinstance(node, Node)
    words = [p for p in node.parts if isinstance(p, Word)]
    value, _ = read_quantity(words[-2] if words[-1].kind == "POINTS" else words[-1], None)
    return -value if words[0].kind == "MINUS_SIGN" else value


def read_percent(node: Part) -> Exact:
    """The share in ``60%``: 3/5."""
    assert isinstance(node, Node)
    word, sign = node.parts
    assert isinstance(word, Word) and isinstance(sign, Word)
    return read_quantity(word, sign)[0]


def read_amount(node: Part, points: Exact) -> Exact:
    """The points in ``4分``, ``满分``, ``不得分`` or ``系数0.8``."""
    assert isinstance(node, Node)
    first = node.parts[0]
    if isinstance(first, Node):
        return read_points(first)
    assert isinstance(first, Word)
    if first.kind == "FULL_MARKS":
        return points
    if first.kind == "NO_MARKS":
        return 0
    factor = node.parts[1]
    assert isinstance(factor, Word)
    return simplest(points * read_quantity(factor, None)[0])


def quantity(node: Part) -> tuple[Exact, Type] | None:
    """A number with its unit; ``None`` for a date."""
    assert isinstance(node, Node)
    words = [p for p in node.parts if isinstance(p, Word)]
    if words[0].kind == "DATE":
        return None
    negative = words[0].kind == "MINUS_SIGN"
    numbers = [w for w in words if w.kind != "MINUS_SIGN"]
    return read_quantity(numbers[0], numbers[1] if len(numbers) > 1 else None, negative)


def read_measure(context: FormContext, line: Line, node: Part, wanted: Type) -> Exact | None:
    """A number in the unit of ``wanted``, or a diagnostic."""
    assert isinstance(node, Node)
    found = quantity(node)
    reader = context.on_line(line)
    if found is None:
        reader.fail("E501", node, wanted=reader.describe(wanted), found=reader.describe(Type("date")))
        return None
    value, kind = found
    literal = Typed(Literal(value, ""), kind, node.start, node.end, True)
    target = Typed(Ref("step.value"), wanted, node.start, node.end)
    problem = unit_problem(target, literal)
    if problem == "E503":
        reader.fail("E517", node, **sign_facts(line, node, wanted, reader.scope.language))
        return None
    if problem:
        declared = reader.scope.declared_at(*([] if context.value is None else [context.value.expression]))
        reader.scope.report_with("E502", reader.place(node), declared, left=reader.describe(wanted), right=reader.describe(kind))
        return None
    if kind.unit.is_plain or wanted.unit.is_plain:
        return value
    return divide(value * kind.unit.factor, wanted.unit.factor)


def sign_facts(line: Line, node: Node, wanted: Type, language: Language) -> dict[str, str]:
    """A number with a percent sign too many or too few, and as it was probably meant."""
    text = line.text[node.start : node.end].strip()
    bare = text.rstrip("%％ ")
    facts = {"wanted": describe_type(wanted, language), "text": text, "fixed": bare if wanted.share == "plain" else f"{bare}%"}
    found = quantity(node)
    if wanted.share != "plain" and found is not None and 0 < found[0] <= 1:
        facts["share"] = percent_text(found[0])
    return facts


def read_interval(context: FormContext, line: Line, node: Node, wanted: Type) -> Interval | None:
    """The interval a row names, in the unit of ``wanted``.

    An end without （含） is left out, except that a range of whole numbers such as
    36至50岁 holds both its ends.
    """
    quantities = [p for p in node.parts if isinstance(p, Node) and p.kind == "quantity"]
    parts = list(node.parts)
    if node.kind == "between":
        low_node, high_node = quantities
        borrowed = _with_unit_of(low_node, high_node)
        low, high = read_measure(context, line, borrowed, wanted), read_measure(context, line, high_node, wanted)
        if low is None or high is None:
            return None
        low_in, high_in = _marked(parts, low_node), _marked(parts, high_node)
        if wanted.whole and not low_in and not high_in:
            low_in = high_in = True
        interval = Interval(low, low_in, high, high_in)
        if low > high or (low == high and not (low_in and high_in)):
            context.report("E405", line, node)
            return None
        return interval
    value = read_measure(context, line, quantities[0], wanted)
    if value is None:
        return None
    marked = any(isinstance(p, Word) and p.kind == "INCLUDED" for p in parts)
    match node.kind:
        case "above":
            return Interval(value, False)
        case "below":
            return Interval(None, False, value, False)
        case "at_least" | "or_more":
            return Interval(value, True)
        case "at_most" | "or_less":
            return Interval(None, False, value, True)
        case "and_up":
            return Interval(value, marked)
        case "and_down":
            return Interval(None, False, value, marked)
    return Interval(value, True, value, True)


def _with_unit_of(low: Node, high: Node) -> Node:
    """``36`` in ``36至50岁`` takes its unit from the other end."""
    has_unit = any(isinstance(p, Word) and p.kind not in ("NUMBER", "MINUS_SIGN", "DATE") for p in low.parts)
    if has_unit:
        return low
    unit = high.parts[2] if len(high.parts) > 2 else None
    return Node(low.kind, (*low.parts[:2], unit), low.start, low.end) if len(low.parts) > 1 else low


def _marked(parts: list[Part], node: Node) -> bool:
    position = next(i for i, p in enumerate(parts) if p is node)
    after = parts[position + 1] if position + 1 < len(parts) else None
    return isinstance(after, Word) and after.kind == "INCLUDED"


def row_pattern(context: FormContext, *keys: str) -> str:
    """How a row is written, for a message: ``每…：扣…分``."""
    language = context.reader.scope.language
    colon, gap = ("：", "") if language == "zh" else (": ", " ")
    *opening, verb = (word(k, language) for k in keys)
    return f"{gap.join([*opening, '…'])}{colon}{verb}{gap}…{gap}{word('POINTS', language)}"


# ---- steps of so many ---------------------------------------------------------------------


@frozen
class StepRow:
    """One row such as ``每1次：扣0.5分，最多扣3分，不足部分不计``."""

    line: Line
    expression: Node | None
    direction: OneOf["EACH", "SHORT_EACH", "OVER_EACH"]
    width: Node
    verb: OneOf["DEDUCT", "EARN", "ADD"]
    amount: Exact
    cap: Exact | None
    part: str | None


def read_step_row(line: Line, node: Node) -> StepRow:
    parts = [p for p in node.parts if p is not None]
    step = next(p for p in parts if isinstance(p, Node) and p.kind == "step")
    amount = next(p for p in parts if isinstance(p, Node) and p.kind == "step_amount")
    expression = parts[0] if parts[0] is not step and isinstance(parts[0], Node) else None
    verb = amount.parts[0]
    direction, width = step.parts
    assert isinstance(verb, Word) and isinstance(direction, Word) and isinstance(width, Node)
    cap = part = None
    for clause in parts:
        if isinstance(clause, Node) and clause.kind == "step_cap":
            cap = read_points(clause.parts[-1])
        elif isinstance(clause, Node) and clause.kind == "part_step":
            part = next(clause.words()).kind
    return StepRow(line, expression, direction.kind, width, verb.kind, read_points(amount.parts[1]), cap, part)  # type: ignore[arg-type]


def steps_of(context: FormContext, row: StepRow, amount: Expression, kind: Type) -> Expression | None:
    """How many steps ``amount`` makes, by the row's policy for a part of a step."""
    width = read_measure(context, row.line, row.width, kind)
    if width is None:
        return None
    if width <= 0:
        context.report("E519", row.line, row.width, text=row.line.text[row.width.start : row.width.end].strip())
        return None
    exact = kind.whole and width == 1
    if not exact and row.part is None:
        examples = part_examples(row, context.reader.scope.language)
        context.report("E601", row.line, None, **examples)
        return None
    steps = amount if width == 1 else over(amount, _width(row, width, kind))
    if exact or row.part == "PART_PROPORTION":
        return steps
    return Round(steps, 0, "ceiling" if row.part == "PART_UP" else "floor")


def _width(row: StepRow, width: Exact, kind: Type) -> Expression:
    """The size of a step, percentage points as they are written."""
    written = row.line.text[row.width.start : row.width.end].strip()
    return measure(width, kind) if kind.share == "plain" else Literal(width, plain_digits(written))


def part_examples(row: StepRow, language: Language) -> dict[str, str]:
    """What one and a half steps give under each policy, for the message that asks to choose."""
    amount = row.amount
    return {
        "step": row.line.text[row.width.start : row.width.end].strip(),
        "proportion": exact_text(divide(amount * 3, 2)),
        "up": exact_text(amount * 2),
        "down": exact_text(amount),
        **{k.lower(): word(k, language) for k in ("PART_PROPORTION", "PART_UP", "PART_DOWN")},
    }


def capped(expression: Expression, cap: Exact | None) -> Expression:
    return expression if cap is None else least(expression, number(cap))


def highest(reading: Possible) -> Exact | None:
    return reading.high if isinstance(reading, Range) else None
