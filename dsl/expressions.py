"""Written expressions -> core expressions with types: names looked up, units checked.

One mistake gives one message: after a failure the whole expression is ``None`` and
nothing that uses it complains.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .characters import plain_digits
from .cohort import CohortValue
from .describe import describe_type, read_date
from .diagnostics import Diagnostic, Fact, Label, Place, nearest
from .frozen import frozen
from .functions import FUNCTIONS, Function
from .keywords import Language, spellings
from .limits import MOST_SUGGESTIONS
from .model import (
    Arithmetic,
    Choose,
    Column,
    Compare,
    Expression,
    Literal,
    Logic,
    Ref,
    Survey,
    Type,
)
from .narrowing import narrowed
from .numbers import Exact, exact_text, percent_text, read_decimal, simplest
from .operations import READINGS
from .operations.readings import NotApplicableReached, RuleFailure
from .ranges import Anything, Possible, Range, Words, certain
from .syntax import Node, Part, Word
from .units import combine, unit_named

YES_NO = Type("yes_no")
DATE = Type("date")
NUMBER = Type("number")
PERCENT = Type("number", share="percent")
PERCENT_POINTS = Type("number", share="points")
RATIO = Type("number", share="ratio")
WHOLE = Type("number", whole=True)


@frozen
class Typed:
    """A resolved expression with its type and the columns it was written in."""

    expression: Expression
    type: Type
    start: int
    end: int
    is_literal: bool = False


@frozen
class Named:
    """What a name in scope stands for."""

    key: str
    type: Type
    place: Place | None = field(compare=False)
    columns: Mapping[str, Column] = field(default_factory=dict)


@dataclass(slots=True)
class Scope:
    """The names an expression may use, and what is known of their values.

    ``used`` collects what the expressions read so far refer to, ``cohort`` the values of the
    whole cohort that they ask for; ``of_cohort`` says whether they may.
    """

    language: Language
    names: dict[str, Named]
    possibilities: dict[str, Possible]
    codes: Mapping[str, int]
    tables: Mapping[str, Table] = field(default_factory=dict)
    lost_names: frozenset[str] = frozenset()
    surveys: Mapping[str, Survey] = field(default_factory=dict)
    found: list[Diagnostic] = field(default_factory=list)
    used: dict[str, Place] = field(default_factory=dict)
    cohort: dict[str, CohortValue] = field(default_factory=dict)
    of_cohort: bool = False

    def report(self, code: str, place: Place, repair: str | None = None, /, **facts: Fact) -> None:
        self.found.append(Diagnostic(code, (Label(place),), facts, repair))

    def declared_at(self, *expressions: Expression) -> tuple[Place, ...]:
        """Where the values that expressions name are declared."""
        keys = [e.key for e in expressions if isinstance(e, Ref)]
        return tuple(n.place for n in self.names.values() if n.key in keys and n.place is not None)

    def report_with(self, code: str, place: Place, declared: Iterable[Place], /, **facts: Fact) -> None:
        """A finding that also shows where what it is about is declared."""
        self.found.append(Diagnostic(code, (Label(place), *(Label(d, "declared") for d in declared)), facts))


@frozen
class Table:
    """A look-up table or a decision table."""

    name: str
    build: Callable[[tuple[Expression, ...]], Expression]
    keys: tuple[Type, ...]
    type: Type
    possible: Possible = field(default_factory=Anything)


@dataclass(slots=True)
class ExpressionReader:
    """Reads the expressions of one line.

    ``narrowed`` is what the conditions around the part being read tell about values;
    ``guarded`` says that there are such conditions.
    """

    scope: Scope
    line: int
    columns: Mapping[str, Column] = field(default_factory=dict)
    divisors: list[tuple[Expression, Place]] = field(default_factory=list)
    quiet: bool = False
    narrowed: Mapping[str, Possible] = field(default_factory=dict)
    guarded: bool = False

    # ---- reporting ----

    def place(self, part: Node | Word | Typed) -> Place:
        return Place(self.line, part.start, max(part.end, part.start + 1))

    def fail(self, code: str, part: Node | Word | Typed, /, **facts: Fact) -> None:
        self.scope.report(code, self.place(part), **facts)

    def describe(self, kind: Type) -> str:
        return describe_type(kind, self.scope.language)

    # ---- entry points ----

    def read(self, node: Part) -> Typed | None:
        """Any expression."""
        assert isinstance(node, Node)
        match node.kind:
            case "number":
                return self._number(node)
            case "date":
                return self._date(node)
            case "text":
                word = node.parts[0]
                assert isinstance(word, Word)
                text = word.text[1:-1]
                return Typed(Literal(text, word.text), Type("text", options=(text,)), node.start, node.end, True)
            case "truth":
                word = node.parts[0]
                assert isinstance(word, Word)
                return Typed(Literal(word.kind == "YES", word.text), YES_NO, node.start, node.end, True)
            case "given":
                return self._given(node)
            case "variable":
                return self._variable(node)
            case "bracketed":
                inner = next(p for p in node.parts if isinstance(p, Node))
                return self.read(inner)
            case "call":
                return self._call(node)
            case "binary":
                return self._binary(node)
            case "unary":
                operand = self.condition(node.parts[1])
                return operand and Typed(Logic("not", (operand.expression,)), YES_NO, node.start, node.end)
            case "negative":
                return self._negative(node)
            case "choose":
                return self._choose(node)
        raise AssertionError(node.kind)

    def number(self, node: Part) -> Typed | None:
        """An expression that must be a number."""
        typed = self.read(node)
        if typed is not None and typed.type.kind != "number":
            self.fail("E501", typed, wanted=self.describe(NUMBER), found=self.describe(typed.type))
            return None
        return typed

    def condition(self, node: Part) -> Typed | None:
        """An expression that must be true or false."""
        typed = self.read(node)
        if typed is not None and typed.type.kind != "yes_no":
            self.fail("E501", typed, wanted=self.describe(YES_NO), found=self.describe(typed.type))
            return None
        return typed

    def range_of(self, expression: Expression) -> Possible:
        """What the expression can be over the declared ranges."""
        try:
            return READINGS.within(expression, self._possibilities())
        except (NotApplicableReached, RuleFailure):
            return Anything()

    def _possibilities(self) -> MutableMapping[str, Possible]:
        return ChainMap(dict(self.narrowed), self.scope.possibilities) if self.narrowed else self.scope.possibilities

    def under(self, condition: Typed | None, *, holds: bool) -> ExpressionReader:
        """A reader for what is used only while ``condition`` holds, or only while it does not."""
        more = {} if condition is None else narrowed(condition.expression, self._possibilities(), holds=holds)
        return replace(self, narrowed={**self.narrowed, **more}, guarded=True)

    # ---- atoms ----

    def _number(self, node: Node) -> Typed:
        word, suffix = node.parts
        assert isinstance(word, Word)
        value, kind = read_quantity(word, suffix if isinstance(suffix, Word) else None)
        text = plain_digits(word.text) + (suffix.text if isinstance(suffix, Word) else "")
        return Typed(Literal(value, text), kind, node.start, node.end, True)

    def _date(self, node: Node) -> Typed | None:
        word = node.parts[0]
        assert isinstance(word, Word)
        value = read_date(word.text)
        if value is None:
            self.fail("E113", word, text=word.text)
            return None
        return Typed(Literal(value, value.isoformat()), DATE, node.start, node.end, True)

    def _given(self, node: Node) -> Typed:
        """What every unit file states: the date, the unit's type and its level."""
        word = node.parts[0]
        assert isinstance(word, Word)
        if word.kind == "AS_OF":
            return Typed(Ref("as_of"), DATE, node.start, node.end)
        key = "unit.type" if word.kind == "UNIT_TYPE" else "unit.level"
        reading = self.scope.possibilities.get(key)
        options = tuple(sorted(reading.values)) if isinstance(reading, Words) and reading.values is not None else ()
        return Typed(Ref(key), Type("choice" if options else "text", options=options), node.start, node.end)

    def _variable(self, node: Node) -> Typed | None:
        first, second = node.parts
        assert isinstance(first, Node)
        name = name_of(first)
        if isinstance(second, Node):
            return self._column_of(name, first, second)
        if name in self.columns:
            column = self.columns[name]
            return Typed(Ref(f"column.{name}"), column.type, node.start, node.end)
        named = self.scope.names.get(name)
        if named is None:
            self._unknown(name, first)
            return None
        self.scope.used.setdefault(named.key, self.place(node))
        return Typed(Ref(named.key), named.type, node.start, node.end)

    def _column_of(self, name: str, first: Node, second: Node) -> Typed | None:
        named = self.scope.names.get(name)
        if named is None:
            self._unknown(name, first)
            return None
        column = named.columns.get(name_of(second))
        if column is None:
            near = nearest(name_of(second), named.columns)
            facts = {"name": name_of(second), "table": name, **({"near": near} if near else {})}
            self.fail("E214", second, **facts)
            return None
        self.fail("E501", second, wanted=self.describe(NUMBER), found=self.describe(Type("records")))
        return None

    def _unknown(self, name: str, node: Node) -> None:
        if name in self.scope.lost_names:
            return
        known = {*self.columns, *self.scope.names}
        joined = [w for w in ("且", "或") if w in name and known & set(name.split(w))] if self.scope.language == "zh" else []
        near = None if joined or len(self.scope.found) > MOST_SUGGESTIONS else nearest(name, known)
        facts = {"name": name}
        if near:
            facts["near"] = near
        elif joined:
            facts["operator"] = joined[0]
        function = spellings("function", self.scope.language).get(name)
        if function:
            facts["function"] = name
        meant = self.scope.names.get(near) if near else None
        self.scope.report_with("E206", self.place(node), [meant.place] if meant and meant.place else [], **facts)

    # ---- operators ----

    def _binary(self, node: Node) -> Typed | None:
        left_node, sign, right_node = node.parts
        assert isinstance(sign, Word)
        match sign.kind:
            case "AND" | "OR":
                left, right = self.condition(left_node), self.condition(right_node)
                if left is None or right is None:
                    return None
                logic = Logic("and" if sign.kind == "AND" else "or", (left.expression, right.expression))
                return Typed(logic, YES_NO, node.start, node.end)
            case "PLUS_SIGN" | "MINUS_SIGN":
                return self._sum(node, sign)
            case "TIMES_SIGN" | "OVER_SIGN":
                return self._product(node, sign)
        return self._comparison(node, sign)

    def _sum(self, node: Node, sign: Word) -> Typed | None:
        left, right = self.read(node.parts[0]), self.read(node.parts[2])
        if left is None or right is None:
            return None
        operator = "+" if sign.kind == "PLUS_SIGN" else "-"
        if left.type.kind == "date" and right.type.kind == "date" and operator == "-":
            self.fail("E513", node)
            return None
        pair = self._alike(left, right)
        if pair is None:
            return None
        a, b, kind = pair
        result = Arithmetic("+" if operator == "+" else "-", a, b)
        kind = _of_percentages(operator, left, right) or kind
        return Typed(result, replace(kind, whole=_all_whole((left, right), kind)), node.start, node.end)

    def _product(self, node: Node, sign: Word) -> Typed | None:
        left, right = self.number(node.parts[0]), self.number(node.parts[2])
        if left is None or right is None:
            return None
        if sign.kind == "TIMES_SIGN":
            unit = combine(left.type.unit, right.type.unit, 1)
            share = "plain"
            if unit.is_plain:
                shares = {"percent" if s == "points" else s for s in (left.type.share, right.type.share)}
                share = "percent" if shares == {"percent"} else ("ratio" if shares & {"percent", "ratio"} else "plain")
            whole = left.type.whole and right.type.whole
            kind = Type("number", unit, whole, share)  # type: ignore[arg-type]
            return Typed(Arithmetic("*", left.expression, right.expression), kind, node.start, node.end)
        divisor = right.expression
        if left.type.unit.same_kind(right.type.unit) and not left.type.unit.is_plain:
            divisor = self._convert(right, left.type)
            kind = RATIO
        elif left.type.unit.is_plain and right.type.unit.is_plain:
            kind = Type("number", share="ratio")
        else:
            kind = Type("number", combine(left.type.unit, right.type.unit, -1))
        if not self._note_divisor(divisor, right):
            return None
        return Typed(Arithmetic("/", left.expression, divisor), kind, node.start, node.end)

    def _note_divisor(self, divisor: Expression, written: Typed) -> bool:
        """Remember a divisor that can be zero; one that always is, is reported, and the answer no."""
        reading = self.range_of(divisor)
        if isinstance(reading, Range) and certain(READINGS.within(Compare("=", Literal(0), Ref("_")), {"_": reading})) is False:
            return True
        if isinstance(reading, Range) and reading.is_point and reading.low == 0:
            self.fail("E511", written)
            return False
        self.divisors.append((divisor, self.place(written)))
        return True

    def _comparison(self, node: Node, sign: Word) -> Typed | None:
        operator = {"LESS": "<", "LESS_EQUAL": "<=", "GREATER": ">", "GREATER_EQUAL": ">=", "EQUAL_SIGN": "="}.get(
            sign.kind, "!="
        )
        left, right = self.read(node.parts[0]), self.read(node.parts[2])
        if left is None or right is None:
            return None
        kinds = {left.type.kind, right.type.kind}
        if kinds <= {"choice", "text"}:
            if not self._options_exist(left, right) or not self._equality_only(operator, node, left):
                return None
            return Typed(Compare(operator, left.expression, right.expression), YES_NO, node.start, node.end)  # type: ignore[arg-type]
        if kinds == {"yes_no"}:
            if not self._equality_only(operator, node, left):
                return None
            return Typed(Compare(operator, left.expression, right.expression), YES_NO, node.start, node.end)  # type: ignore[arg-type]
        if kinds == {"date"}:
            return Typed(Compare(operator, left.expression, right.expression), YES_NO, node.start, node.end)  # type: ignore[arg-type]
        pair = self._alike(left, right)
        if pair is None:
            return None
        return Typed(Compare(operator, pair[0], pair[1]), YES_NO, node.start, node.end)  # type: ignore[arg-type]

    def _equality_only(self, operator: str, node: Node, left: Typed) -> bool:
        if operator in ("=", "!="):
            return True
        self.fail("E512", node, found=self.describe(left.type))
        return False

    def _options_exist(self, left: Typed, right: Typed) -> bool:
        for one, other in ((left, right), (right, left)):
            if one.type.kind == "choice" and other.is_literal:
                option = other.type.options[0]
                if option not in one.type.options:
                    near = nearest(option, one.type.options)
                    facts = {"near": near} if near else {}
                    declared = self.scope.declared_at(one.expression)
                    self.scope.report_with("E508", self.place(other), declared, option=option, options=one.type.options, **facts)
                    return False
        return True

    def _alike(self, left: Typed, right: Typed) -> tuple[Expression, Expression, Type] | None:
        """Two numbers that may be added or compared, in the unit of the first."""
        for one in (left, right):
            if one.type.kind != "number":
                other = right if one is left else left
                self.fail("E501", one, wanted=self.describe(other.type), found=self.describe(one.type))
                return None
        kind = left.type
        if left.is_literal and not right.is_literal:
            kind = right.type
        problem = unit_problem(left, right)
        if problem:
            where = right if right.is_literal or not left.is_literal else left
            facts = {"left": self.describe(left.type), "right": self.describe(right.type)}
            literal = next((t for t in (right, left) if t.is_literal), None)
            if problem == "E503" and literal is not None and isinstance(literal.expression, Literal):
                value = literal.expression.value
                assert isinstance(value, (int, Fraction))
                facts |= {"text": literal.expression.text, "as_percent": percent_text(Fraction(value) / 100), "as_share": percent_text(value)}
            self.scope.report_with(problem, self.place(where), self.scope.declared_at(left.expression, right.expression), **facts)
            return None
        if left.is_literal and not right.is_literal:
            return self._convert(left, right.type), right.expression, kind
        return left.expression, self._convert(right, left.type), kind

    def _convert(self, typed: Typed, target: Type) -> Expression:
        """``typed`` in the unit of ``target``: a number without a unit takes it over."""
        own, wanted = typed.type.unit, target.unit
        if own.is_plain or wanted.is_plain or own.factor == wanted.factor:
            return typed.expression
        factor = simplest(Fraction(own.factor) / Fraction(wanted.factor))
        if isinstance(typed.expression, Literal) and isinstance(typed.expression.value, (int, Fraction)):
            return Literal(simplest(typed.expression.value * factor), typed.expression.text)
        return Arithmetic("*", typed.expression, Literal(factor, exact_text(factor)))

    def _negative(self, node: Node) -> Typed | None:
        operand = self.number(node.parts[1])
        if operand is None:
            return None
        if operand.is_literal and isinstance(operand.expression, Literal):
            value = operand.expression.value
            assert isinstance(value, (int, Fraction))
            return Typed(Literal(-value, f"-{operand.expression.text}"), operand.type, node.start, node.end, True)
        return Typed(Arithmetic("-", Literal(0, "0"), operand.expression), operand.type, node.start, node.end)

    def _choose(self, node: Node) -> Typed | None:
        parts = [p for p in node.parts if isinstance(p, Node)]
        conditions: list[Typed | None] = []
        values: list[Typed | None] = []
        reader = self
        for asked, given in zip(parts[:-1:2], parts[1:-1:2], strict=True):
            condition = reader.condition(asked)
            conditions.append(condition)
            values.append(reader.under(condition, holds=True).read(given))
            reader = reader.under(condition, holds=False)
        values.append(reader.read(parts[-1]))
        if any(c is None for c in conditions) or any(v is None for v in values):
            return None
        kind = self.common_type([v for v in values if v is not None])
        if kind is None:
            return None
        branches = [self._convert(v, kind) for v in values if v is not None]
        cases = tuple(zip((c.expression for c in conditions if c is not None), branches[:-1], strict=True))
        for condition in conditions:
            if condition is not None:
                self.constant_condition(condition)
        return Typed(Choose(cases, branches[-1]), kind, node.start, node.end)

    def constant_condition(self, condition: Typed) -> None:
        """Remind the author of a condition that no data within range can change."""
        held = certain(self.range_of(condition.expression))
        if held is not None and not self.quiet:
            self.fail("W505" if held else "W506", condition)

    def common_type(self, values: list[Typed]) -> Type | None:
        """The one type of several values, or a diagnostic."""
        kind = next((v.type for v in values if not v.is_literal), values[0].type)
        first = next((v for v in values if not v.is_literal), values[0])
        for value in values:
            if value.type.kind != kind.kind:
                self.fail("E501", value, wanted=self.describe(kind), found=self.describe(value.type))
                return None
            if kind.kind == "number":
                problem = unit_problem(first, value)
                if problem:
                    self.fail("E502", value, left=self.describe(kind), right=self.describe(value.type))
                    return None
        return replace(kind, whole=_all_whole(values, kind)) if kind.kind == "number" else kind

    # ---- functions ----

    def _call(self, node: Node) -> Typed | None:
        parts = [p for p in node.parts if p is not None and not _is_bracket(p)]
        word, arguments = parts[0], parts[1] if len(parts) > 1 else None
        assert isinstance(word, Word)
        function: Function = FUNCTIONS[word.kind]
        given = tuple(a for a in arguments.parts if isinstance(a, Node)) if isinstance(arguments, Node) else ()
        if not function.least <= len(given) <= (len(given) if function.most is None else function.most):
            self.fail("E507", node, name=word.text, usage=function.usage(self.scope.language))
            return None
        result = function.build(self, node, given)
        if result is None:
            return None
        expression, kind = result
        return Typed(expression, kind, node.start, node.end)


def _of_percentages(operator: str, left: Typed, right: Typed) -> Type | None:
    """The type of a sum or difference of percentages: two that are measured differ by percentage
    points, while 100% less a percentage is one."""
    shares = (left.type.share, right.type.share)
    if "points" in shares:
        return PERCENT if "percent" in shares else None
    measured = not left.is_literal and not right.is_literal
    return PERCENT_POINTS if shares == ("percent", "percent") and operator == "-" and measured else None


def _all_whole(values: Iterable[Typed], kind: Type) -> bool:
    """Whether all values are whole numbers, also once they are in the unit of ``kind``."""
    return all(v.type.whole and (v.type.unit.is_plain or Fraction(v.type.unit.factor) % kind.unit.factor == 0) for v in values)


def _is_bracket(part: Part) -> bool:
    return isinstance(part, Word) and part.kind in ("_OPEN", "_CLOSE")


def name_of(node: Part) -> str:
    """The name a `name` node stands for, its quoting brackets taken off."""
    assert isinstance(node, Node)
    word = node.parts[0]
    assert isinstance(word, Word)
    return word.text[1:-1].strip() if word.kind == "QUOTED_NAME" else word.text


def read_quantity(word: Word, suffix: Word | None, negative: bool = False) -> tuple[Exact, Type]:
    """A number with its unit, as its value and type: ``90%`` is 9/10, a percentage."""
    value = read_decimal(word.text)
    value = -value if negative else value
    match suffix.kind if suffix else None:
        case None:
            return value, Type("number", whole=value.denominator == 1)
        case "PERCENT":
            return simplest(Fraction(value) / 100), PERCENT
        case "PERCENT_POINT":
            return simplest(Fraction(value) / 100), PERCENT_POINTS
        case "POINTS":
            return value, Type("number", unit_named("分"), value.denominator == 1)
        case _:
            assert suffix is not None
            return value, Type("number", unit_named(suffix.text), value.denominator == 1)


def unit_problem(left: Typed, right: Typed) -> str | None:
    """The code of what keeps two numbers from being added or compared, if anything does."""
    a, b = left.type, right.type
    if (left.is_literal or right.is_literal) and _is_zero(left, right):
        return None
    if a.unit.is_plain and b.unit.is_plain:
        shares = {"percent" if s == "points" else s for s in (a.share, b.share)}
        return "E503" if shares == {"percent", "plain"} or (shares == {"ratio", "plain"} and _is_large(left, right)) else None
    if a.unit.same_kind(b.unit):
        return None
    bare = next((t for t in (left, right) if t.is_literal and t.type.unit.is_plain), None)
    if bare is not None:
        return None if bare.type.share == "plain" else "E502"
    return "E502"


def _is_large(left: Typed, right: Typed) -> bool:
    """Whether a plain constant is beyond 1: beside a ratio it may have lost its percent sign."""
    constants = (t.expression.value for t in (left, right) if t.is_literal and t.type.share == "plain" and isinstance(t.expression, Literal))
    return any(isinstance(v, (int, Fraction)) and not -1 <= v <= 1 for v in constants)


def _is_zero(left: Typed, right: Typed) -> bool:
    return any(
        t.is_literal and t.type.unit.is_plain and isinstance(t.expression, Literal) and t.expression.value == 0
        for t in (left, right)
    )


__all__ = ["ExpressionReader", "Named", "Scope", "Table", "Typed", "name_of", "read_quantity"]
