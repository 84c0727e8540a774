"""The built-in functions: one table that the checker, the docs and completion all read.

To add one: a line in the keyword table, its place in the grammar's ``function`` rule,
and a row here with the function that resolves its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from . import surveys
from .cohort_functions import cohort_function
from .describe import possibility_of_column
from .frozen import frozen
from .keywords import Language, word
from .limits import MAXIMUM_PLACES
from .model import (
    Aggregate,
    Arithmetic,
    Available,
    Called,
    Choose,
    Column,
    Compare,
    DateSpan,
    Expression,
    Extremum,
    Interval,
    Logic,
    Present,
    Ref,
    Round,
    Survey,
    Transcend,
    Type,
)
from .model import Literal as Constant
from .syntax import Node
from .units import PLAIN, unit_named

if TYPE_CHECKING:
    from .expressions import ExpressionReader, Named, Typed

Built = tuple[Expression, Type] | None
Arguments = tuple[Node, ...]


@frozen
class Function:
    """A built-in: how many arguments, how they are resolved, and how it is written."""

    key: str
    least: int
    most: int | None
    build: Callable[[ExpressionReader, Node, Arguments], Built]
    zh: str
    en: str

    def usage(self, language: Language) -> str:
        arguments = self.zh if language == "zh" else self.en
        mark = "，" if language == "zh" else ", "
        opening, closing = ("（", "）") if language == "zh" else ("(", ")")
        return f"{word(self.key, language)}{opening}{arguments.replace(' ', mark)}{closing}"


# ---- several numbers -> one --------------------------------------------------------


def _alike(reader: ExpressionReader, arguments: Arguments) -> tuple[list[Expression], Type] | None:
    values = [reader.number(a) for a in arguments]
    known = [v for v in values if v is not None]
    if len(known) < len(values):
        return None
    kind = reader.common_type(known)
    return None if kind is None else ([reader._convert(v, kind) for v in known], kind)


def _extremum(which: Literal["min", "max"]) -> Callable[[ExpressionReader, Node, Arguments], Built]:
    def build(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
        if _source_of(reader, arguments):
            return _aggregate(which)(reader, node, arguments)
        pair = _alike(reader, arguments)
        if pair is None:
            return None
        return (Extremum(which, tuple(pair[0])), pair[1]) if len(pair[0]) > 1 else (pair[0][0], pair[1])

    return build


def _source_of(reader: ExpressionReader, arguments: Arguments) -> tuple[Named, str | None] | None:
    """The list or table that the first argument names, with the column it asks for."""
    first = arguments[0]
    if first.kind != "variable":
        return None
    from .expressions import name_of

    named = reader.scope.names.get(name_of(first.parts[0]))
    if named is None or named.type.kind not in ("numbers", "records"):
        return None
    column = name_of(first.parts[1]) if isinstance(first.parts[1], Node) else None
    reader.scope.used.setdefault(named.key, reader.place(first))
    return named, column


def _aggregate(kind: str, result: str = "value") -> Callable[[ExpressionReader, Node, Arguments], Built]:
    def build(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
        source = _source_of(reader, arguments)
        if source is None:
            if kind in ("sum", "mean", "median") and len(arguments) > 1:
                return _of_operands(kind, reader, arguments)
            typed = reader.read(arguments[0])
            if typed is not None:
                reader.fail("E501", typed, wanted=reader.describe(Type("numbers")), found=reader.describe(typed.type))
            return None
        return _over(kind, result, reader, node, source, arguments[1:])

    return build


def _over(
    kind: str, result: str, reader: ExpressionReader, node: Node, source: tuple[Named, str | None], rest: Arguments
) -> Built:
    named, column = source
    inner = inside(reader, named)
    each: Typed | None = None
    where: Expression | None = None
    if column is not None:
        if column not in named.columns:
            reader.fail("E214", node, name=column, table=named.key.split(".", 1)[1])
            return None
        found = named.columns[column]
        from .expressions import Typed as Resolved

        each = Resolved(Ref(f"column.{column}"), found.type, node.start, node.end)
    for argument in rest:
        if argument.kind == "where":
            condition = inner.condition(argument.parts[1])
            if condition is None:
                return None
            where = condition.expression
        elif argument.kind == "each_record":
            each = inner.read(argument.parts[1])
            if each is None:
                return None
        else:
            written = next(node.words())
            reader.fail("E507", argument, name=written.text, usage=FUNCTIONS[written.kind].usage(reader.scope.language))
            return None
    _divisors_inside(reader, inner, named, where)
    element = each.type if each is not None else (replace(named.type, kind="number") if named.type.kind == "numbers" else None)
    if result == "count":
        return Aggregate("count", Ref(named.key), None, where), Type("number", named.type.unit if each is None else PLAIN, True)
    if result == "months":
        if element is None or element.kind != "date":
            reader.fail("E501", node, wanted=reader.describe(Type("date")), found=reader.describe(element or named.type))
            return None
        months = Aggregate("distinct_months", Ref(named.key), each.expression if each is not None else None, where)
        return months, Type("number", unit_named("个月"), True)
    if element is None or element.kind != "number":
        reader.fail("E501", node, wanted=reader.describe(Type("number")), found=reader.describe(element or named.type))
        return None
    expression = Aggregate(kind, Ref(named.key), each.expression if each is not None else None, where)  # type: ignore[arg-type]
    return expression, replace(element, whole=element.whole and kind in ("sum", "min", "max"))


def inside(reader: ExpressionReader, named: Named) -> ExpressionReader:
    """A reader for the inside of a table: its columns are names of their own."""
    ranges = {f"column.{c.name}": possibility_of_column(c) for c in named.columns.values()}
    return replace(reader, columns=named.columns, divisors=[], narrowed={**reader.narrowed, **ranges})


def _divisors_inside(reader: ExpressionReader, inner: ExpressionReader, named: Named, where: Expression | None) -> None:
    """A divisor inside a table is zero if it is so in any record that counts."""
    for divisor, place in inner.divisors:
        zero: Expression = Compare("=", divisor, Constant(0, "0"))
        kept = zero if where is None else Logic("and", (where, zero))
        any_zero = Compare(">", Aggregate("count", Ref(named.key), None, kept), Constant(0, "0"))
        reader.divisors.append((Choose(((any_zero, Constant(0, "0")),), Constant(1, "1")), place))


def _of_operands(kind: str, reader: ExpressionReader, arguments: Arguments) -> Built:
    pair = _alike(reader, arguments)
    if pair is None:
        return None
    operands, found = pair
    if kind == "median":
        reader.fail("E507", arguments[0], name=word("MEDIAN", reader.scope.language), usage=FUNCTIONS["MEDIAN"].usage(reader.scope.language))
        return None
    total = operands[0]
    for operand in operands[1:]:
        total = Arithmetic("+", total, operand)
    if kind == "sum":
        return total, found
    return Arithmetic("/", total, Constant(len(operands), str(len(operands)))), replace(found, whole=False)


def _trimmed(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    source = _source_of(reader, arguments)
    if source is None:
        return _aggregate("trimmed_mean")(reader, node, arguments)
    drops = [_whole_literal(reader, a) for a in arguments[1:3]]
    if None in drops:
        return None
    high, low = (d for d in drops if d is not None)
    item = reader.scope.possibilities.get(source[0].key)
    least = getattr(item, "count_low", 0)
    if least <= high + low and not reader.guarded:
        reader.fail("E514", node, least=str(least), dropped=str(high + low))
        return None
    built = _over("trimmed_mean", "value", reader, node, source, ())
    if built is None:
        return None
    expression, kind = built
    assert isinstance(expression, Aggregate)
    return replace(expression, drop=(high, low)), replace(kind, whole=False)


def _mean_present(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    at_least = _whole_literal(reader, arguments[0])
    pair = _alike(reader, arguments[1:])
    if at_least is None or pair is None:
        return None
    return Available(tuple(pair[0]), at_least), replace(pair[1], whole=False)


def _whole_literal(reader: ExpressionReader, argument: Node) -> int | None:
    typed = reader.number(argument)
    if typed is None:
        return None
    if not typed.is_literal or not isinstance(typed.expression, Constant) or not isinstance(typed.expression.value, int):
        reader.fail("E509", typed)
        return None
    return typed.expression.value


def _places(reader: ExpressionReader, argument: Node) -> int | None:
    """The decimal places that an argument asks for, not more than anyone can need."""
    places = _whole_literal(reader, argument)
    if places is not None and abs(places) > MAXIMUM_PLACES:
        reader.fail("E115", argument, places=str(places), limit=str(MAXIMUM_PLACES))
        return None
    return places


# ---- rounding and powers ---------------------------------------------------------------


def _round(mode: Literal["half_up", "half_even", "ceiling", "floor"]) -> Callable[[ExpressionReader, Node, Arguments], Built]:
    def build(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
        value = reader.number(arguments[0])
        places = _places(reader, arguments[1]) if len(arguments) > 1 else 0
        if value is None or places is None:
            return None
        whole = places <= 0 and value.type.share == "plain"
        shift = 2 if value.type.share in ("percent", "points") else 0
        return Round(value.expression, places + shift, mode), replace(value.type, whole=whole)

    return build


def _absolute(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    value = reader.number(arguments[0])
    if value is None:
        return None
    negative = Arithmetic("-", Constant(0, "0"), value.expression)
    return Extremum("max", (value.expression, negative, Constant(0, "0"))), value.type  # 0: so that no reading goes below it


def _transcend(kind: Literal["power", "root", "log"]) -> Callable[[ExpressionReader, Node, Arguments], Built]:
    def build(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
        value, argument = reader.number(arguments[0]), reader.number(arguments[1])
        places = _places(reader, arguments[2])
        if value is None or argument is None or places is None:
            return None
        for typed in (value, argument):
            if not typed.type.unit.is_plain:
                reader.fail("E502", typed, left=reader.describe(Type("number")), right=reader.describe(typed.type))
                return None
        return Transcend(kind, value.expression, argument.expression, places), Type("number", share="ratio")

    return build


def _geometric(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    source = _source_of(reader, arguments)
    places = _places(reader, arguments[1])
    if source is None or places is None:
        return None if source else _aggregate("geometric_mean")(reader, node, arguments[:1])
    built = _over("geometric_mean", "value", reader, node, source, ())
    if built is None:
        return None
    assert isinstance(built[0], Aggregate)
    return replace(built[0], places=places), replace(built[1], whole=False)


# ---- dates -----------------------------------------------------------------------------


def _span(kind: Literal["days", "working_days", "months", "age"], unit: str) -> Callable[[ExpressionReader, Node, Arguments], Built]:
    def build(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
        ends = [reader.read(a) for a in arguments]
        for end in ends:
            if end is not None and end.type.kind != "date":
                reader.fail("E501", end, wanted=reader.describe(Type("date")), found=reader.describe(end.type))
                return None
        if any(e is None for e in ends):
            return None
        first, last = (e.expression for e in ends if e is not None)
        return DateSpan(kind, first, last), Type("number", unit_named(unit), True)

    return build


# ---- results of other indicators ------------------------------------------------------------


def _result(kind: Literal["score", "rate"], many: bool) -> Callable[[ExpressionReader, Node, Arguments], Built]:
    def build(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
        codes: list[str] = []
        for argument in arguments:
            if argument.kind == "level_reference" and many:
                wanted = int(str(next(argument.words()).kind)[-1])
                codes += [c for c, level in reader.scope.codes.items() if level == wanted]
            elif argument.kind == "code_reference":
                code = next(argument.words()).text
                if code not in reader.scope.codes:
                    reader.fail("E215", argument, code=code)
                    return None
                codes.append(code)
            else:
                reader.fail("E516", argument)
                return None
        for code in codes:
            reader.scope.used.setdefault(f"score.{code}", reader.place(node))
        operands = tuple(Ref(f"{kind}.{c}") for c in codes)
        found = Type("number", unit_named("分")) if kind == "score" else Type("number", share="percent")
        return (Extremum("min", operands, passes_over=True) if many else operands[0]), found

    return build


def _present(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    typed = reader.read(arguments[0])
    if typed is None:
        return None
    if not isinstance(typed.expression, Ref) or not typed.expression.key.startswith(("data.", "column.")):
        reader.fail("E515", typed)
        return None
    return Present(typed.expression.key), Type("yes_no")


def _look_up(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    from .expressions import name_of

    first = arguments[0]
    name = name_of(first.parts[0]) if first.kind == "variable" else ""
    table = reader.scope.tables.get(name)
    if table is None:
        if name in reader.scope.lost_names:
            return None
        from .diagnostics import nearest

        near = nearest(name, reader.scope.tables)
        reader.fail("E217", first, name=name, **({"near": near} if near else {}))
        return None
    reader.scope.used.setdefault(f"table.{name}", reader.place(first))
    keys = [reader.read(a) for a in arguments[1:]]
    if any(k is None for k in keys):
        return None
    if len(keys) != len(table.keys):
        reader.fail("E507", node, name=name, usage=FUNCTIONS["LOOK_UP"].usage(reader.scope.language))
        return None
    for key, wanted in zip(keys, table.keys, strict=True):
        if key is not None and key.type.kind != wanted.kind and {key.type.kind, wanted.kind} != {"choice", "text"}:
            reader.fail("E501", key, wanted=reader.describe(wanted), found=reader.describe(key.type))
            return None
    return table.build(tuple(k.expression for k in keys if k is not None)), table.type


# ---- matters and questionnaires --------------------------------------------------------


def _matters(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    """How many different matters some tables hold; one that stands in two of them counts once (F33)."""
    last = arguments[-1] if len(arguments) > 1 and arguments[-1].kind == "where" else None
    counts: list[Aggregate] = []
    for argument in arguments if last is None else arguments[:-1]:
        source = _source_of(reader, (argument,))
        if source is None:
            typed = reader.read(argument)
            if typed is not None:
                reader.fail("E501", typed, wanted=reader.describe(Type("records")), found=reader.describe(typed.type))
            return None
        named = source[0]
        column = next((c for c in named.columns.values() if c.matter), None)
        if column is None:
            reader.fail("E530", argument, name=named.key.split(".", 1)[1])
            return None
        built = _over("matters", "count", reader, node, (named, None), () if last is None else (last,))
        if built is None:
            return None
        assert isinstance(built[0], Aggregate)
        counts.append(replace(built[0], kind="matters", matter=f"column.{column.name}", counted_before=tuple(counts)))
    total: Expression = counts[0]
    for count in counts[1:]:
        total = Arithmetic("+", total, count)
    return Called("MATTERS", _written(reader, arguments), total, _COUNT), Type("number", PLAIN, True)


#: What a count can be.
_COUNT = Interval(0, True)
_SHARE = Interval(0, True, 1, True)


def _written(reader: ExpressionReader, arguments: Arguments) -> tuple[str, ...]:
    """Arguments as names: those of a call that is shown as it was made."""
    from .expressions import name_of

    def text(argument: Node) -> str:
        if argument.kind == "variable":
            return ".".join(name_of(p) for p in argument.parts if isinstance(p, Node))
        shown = " ".join(w.text for w in argument.words())
        return shown.translate(str.maketrans("“”", '""')) if reader.scope.language == "en" else shown

    return tuple(text(a) for a in arguments)


def _survey_of(reader: ExpressionReader, argument: Node) -> tuple[Survey, str | None] | None:
    """The questionnaire that an argument names, with the question it asks for."""
    from .expressions import name_of

    source = _source_of(reader, (argument,))
    survey = reader.scope.surveys.get(source[0].key) if source is not None else None
    if source is None or survey is None:
        if argument.kind == "variable" and name_of(argument.parts[0]) in reader.scope.lost_names:
            return None
        reader.fail("E531", argument, known=tuple(s.name for s in reader.scope.surveys.values()))
        return None
    if source[1] is not None and source[1] not in source[0].columns:
        reader.fail("E214", argument, name=source[1], table=survey.name)
        return None
    return survey, source[1]


def _counted(reader: ExpressionReader, node: Node, argument: Node) -> tuple[Survey, tuple[Column, ...], Expression] | None:
    """A questionnaire, the questions asked for, and how many answers to them count; none may be a divisor."""
    found = _survey_of(reader, argument)
    if found is None:
        return None
    survey, question = found
    columns = tuple(c for c in survey.columns if question in (None, c.name))
    count = surveys.answers(survey, columns)
    reader.divisors.append((count, reader.place(argument)))
    return survey, columns, count


def _survey_mean(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    found = _counted(reader, node, arguments[0])
    if found is None:
        return None
    survey, columns, count = found
    scores = [score for c in columns for _, score in c.scores if score is not None]
    mean = Arithmetic("/", surveys.points(survey, columns), count)
    limits = Interval(min(scores), True, max(scores), True)
    return Called("SURVEY_MEAN", _written(reader, arguments), mean, limits), Type("number", unit_named("分"))


def _share_at_least(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    found = _counted(reader, node, arguments[0])
    answer = reader.read(arguments[1])
    if found is None or answer is None:
        return None
    survey, columns, count = found
    text = answer.expression.value if isinstance(answer.expression, Constant) else None
    options = tuple(dict.fromkeys(name for c in columns for name, score in c.scores if score is not None))
    odd = next((c for c in columns if dict(c.scores).get(str(text)) is None), None)
    if odd is not None or not isinstance(text, str):
        reader.fail("E508", answer, option=str(text) if text is not None else "…", options=options)
        return None
    share = Arithmetic("/", surveys.at_least(survey, columns, text), count)
    return Called("SHARE_AT_LEAST", _written(reader, arguments), share, _SHARE), Type("number", share="ratio")


def _valid_returns(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    found = _survey_of(reader, arguments[0])
    if found is None:
        return None
    return Called("VALID_RETURNS", _written(reader, arguments), surveys.valid_returns(found[0]), _COUNT), Type("number", unit_named("份"), True)


def _return_rate(reader: ExpressionReader, node: Node, arguments: Arguments) -> Built:
    found = _survey_of(reader, arguments[0])
    if found is None:
        return None
    survey = found[0]
    if survey.sent is None:
        reader.fail("E532", arguments[0], name=survey.name)
        return None
    if survey.sent_divisor:
        reader.divisors.append((survey.sent, reader.place(arguments[0])))
    rate = Arithmetic("/", Aggregate("count", Ref(survey.source)), survey.sent)
    return Called("RETURN_RATE", _written(reader, arguments), rate, _COUNT), Type("number", share="ratio")


FUNCTIONS: Mapping[str, Function] = {
    f.key: f
    for f in (
        Function("MAXIMUM", 1, None, _extremum("max"), "数 数…", "a b…"),
        Function("MINIMUM", 1, None, _extremum("min"), "数 数…", "a b…"),
        Function("SUM", 1, None, _aggregate("sum"), "表.列 其中 条件", "table.column where condition"),
        Function("MEAN", 1, None, _aggregate("mean"), "一组数", "list"),
        Function("MEDIAN", 1, None, _aggregate("median"), "一组数", "list"),
        Function("COUNT", 1, 2, _aggregate("count", "count"), "表 其中 条件", "table where condition"),
        Function("TRIMMED_MEAN", 3, 3, _trimmed, "一组数 去掉最高几个 去掉最低几个", "list highest lowest"),
        Function("MEAN_PRESENT", 2, None, _mean_present, "至少几个 数 数…", "at-least a b…"),
        Function("DISTINCT_MONTHS", 1, 2, _aggregate("distinct_months", "months"), "表.日期列 其中 条件", "table.date where condition"),
        Function("ROUND_HALF_UP", 2, 2, _round("half_up"), "数 位数", "a places"),
        Function("ROUND_HALF_EVEN", 2, 2, _round("half_even"), "数 位数", "a places"),
        Function("CEILING_OF", 1, 1, _round("ceiling"), "数", "a"),
        Function("FLOOR_OF", 1, 1, _round("floor"), "数", "a"),
        Function("ABSOLUTE", 1, 1, _absolute, "数", "a"),
        Function("AGE", 2, 2, _span("age", "岁"), "出生日期 日期", "birth-date date"),
        Function("DAYS_BETWEEN", 2, 2, _span("days", "天"), "起始日期 结束日期", "start end"),
        Function("WORKING_DAYS", 2, 2, _span("working_days", "天"), "起始日期 结束日期", "start end"),
        Function("MONTHS_BETWEEN", 2, 2, _span("months", "个月"), "起始日期 结束日期", "start end"),
        Function("POWER", 3, 3, _transcend("power"), "底数 指数 位数", "base exponent places"),
        Function("ROOT", 3, 3, _transcend("root"), "数 次数 位数", "a degree places"),
        Function("LOGARITHM", 3, 3, _transcend("log"), "数 底数 位数", "a base places"),
        Function("GEOMETRIC_MEAN", 2, 2, _geometric, "一组数 位数", "list places"),
        Function("LOOK_UP", 2, None, _look_up, "表名 键…", "table key…"),
        Function("SCORE", 1, 1, _result("score", False), "指标编码", "code"),
        Function("RATE", 1, 1, _result("rate", False), "指标编码", "code"),
        Function("LOWEST_SCORE", 1, None, _result("score", True), "一级指标", "level1"),
        Function("LOWEST_RATE", 1, None, _result("rate", True), "一级指标", "level1"),
        Function("PRESENT", 1, 1, _present, "数据项", "item"),
        Function("MATTERS", 1, None, _matters, "表…", "table…"),
        Function("SURVEY_MEAN", 1, 1, _survey_mean, "问卷.题", "questionnaire.question"),
        Function("SHARE_AT_LEAST", 2, 2, _share_at_least, "问卷.题 “选项”", 'questionnaire.question "answer"'),
        Function("VALID_RETURNS", 1, 1, _valid_returns, "问卷", "questionnaire"),
        Function("RETURN_RATE", 1, 1, _return_rate, "问卷", "questionnaire"),
        Function("COHORT_AVERAGE", 1, None, cohort_function("mean"), "数 含本单位", "a with-own-unit"),
        Function("COHORT_MAXIMUM", 1, None, cohort_function("max"), "数", "a"),
        Function("COHORT_MINIMUM", 1, None, cohort_function("min"), "数", "a"),
        Function("COHORT_DEVIATION", 2, None, cohort_function("deviation", _places), "数 位数 含本单位", "a places with-own-unit"),
        Function("COHORT_COUNT", 0, None, cohort_function("count"), "", ""),
        Function("RANK", 1, None, cohort_function("rank"), "数 从高到低", "a highest-first"),
        Function("PERCENTILE", 1, None, cohort_function("percentile"), "数 低于", "a below"),
    )
}
