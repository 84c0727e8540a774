"""The functions of the whole cohort: 全体平均, 名次 and so on, each a value of its own.

A call becomes a `CohortValue`, put in scope under the text by which it is written, and a
reference to it.  What is inside the brackets is of any unit, so nothing that is known of
the unit at hand (a condition around the call, a record) counts there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from .cohort import CohortValue, possible_of
from .formula import show
from .keywords import Language, word
from .model import Expression, Ref, Type
from .operations import READINGS
from .operations.readings import NotApplicableReached, RuleFailure
from .ranges import Anything, Possible
from .syntax import Node, Word

if TYPE_CHECKING:
    from .expressions import ExpressionReader, Typed

Kind = Literal["mean", "max", "min", "deviation", "count", "rank", "percentile"]
_Built = tuple[Expression, Type] | None
_Places = Callable[["ExpressionReader", Node], int | None]

#: Which clauses a function of the cohort knows.
_EVERY = frozenset({"same_group", "where", "units_at_least", "missing_left_out"})
CLAUSES: Mapping[Kind, frozenset[str]] = {
    "mean": _EVERY | {"own_unit"}, "max": _EVERY | {"own_unit"}, "min": _EVERY | {"own_unit"}, "deviation": _EVERY | {"own_unit"},
    "count": frozenset({"same_group", "where", "units_at_least", "own_unit"}),
    "rank": _EVERY | {"direction", "then_by"}, "percentile": _EVERY | {"share_kind"},
}  # fmt: skip
WORDS: Mapping[Kind, str] = {
    "mean": "COHORT_AVERAGE", "max": "COHORT_MAXIMUM", "min": "COHORT_MINIMUM", "deviation": "COHORT_DEVIATION", "count": "COHORT_COUNT",
    "rank": "RANK", "percentile": "PERCENTILE",
}  # fmt: skip
#: All clauses of calls; whatever else stands in the brackets is the value, or the number of places.
CLAUSE_KINDS = frozenset().union(*CLAUSES.values())
_MUST_SAY = {"mean": "own_unit", "deviation": "own_unit", "percentile": "share_kind"}


@dataclass(slots=True)
class Clauses:
    """What the clauses of one call say, and the words by which they are written."""

    said: dict[str, Node] = field(default_factory=dict)
    group: list[Literal["type", "level"]] = field(default_factory=list)
    with_own: bool = True
    at_least: int = 1
    highest_first: bool = True
    where: Typed | None = None
    ties: Typed | None = None
    ties_highest_first: bool = True
    share: Literal["below", "at_most"] = "below"


def cohort_function(kind: Kind, places: _Places | None = None) -> Callable[[ExpressionReader, Node, tuple[Node, ...]], _Built]:
    """What turns a call into a value of the cohort."""

    def build(reader: ExpressionReader, node: Node, arguments: tuple[Node, ...]) -> _Built:
        if reader.columns or not reader.scope.of_cohort:
            reader.fail("E540", node, name=next(node.words()).text)
            return None
        inner = replace(reader, divisors=[], narrowed={}, guarded=False)
        plain = [a for a in arguments if a.kind not in CLAUSE_KINDS]
        wanted = 0 if kind == "count" else 2 if kind == "deviation" else 1
        if len(plain) != wanted:
            from .functions import FUNCTIONS

            reader.fail("E507", node, name=next(node.words()).text, usage=FUNCTIONS[WORDS[kind]].usage(reader.scope.language))
            return None
        typed = inner.number(plain[0]) if plain else None
        digits = places(reader, plain[1]) if places is not None else 0
        found = read_clauses(inner, kind, [a for a in arguments if a.kind in CLAUSE_KINDS])
        if (plain and typed is None) or digits is None or found is None or not _is_spelled_out(reader, node, kind, found):
            return None
        return declare(inner, node, kind, found, typed, digits)

    return build


def read_clauses(reader: ExpressionReader, kind: Kind, clauses: list[Node]) -> Clauses | None:
    """The clauses of a call, each allowed and written once."""
    found = Clauses()
    for clause in clauses:
        first = next(clause.words())
        key = first.kind if clause.kind == "same_group" else clause.kind
        if clause.kind not in CLAUSES[kind]:
            reader.fail("E542", clause, clause=first.text, name=word(WORDS[kind], reader.scope.language))
            return None
        if key in found.said:
            reader.fail("E209", clause, name=first.text)
            return None
        found.said[key] = clause
        if not _read_clause(reader, clause, first, found):
            return None
    return found


def _read_clause(reader: ExpressionReader, clause: Node, first: Word, found: Clauses) -> bool:
    match clause.kind:
        case "same_group":
            found.group.append("type" if first.kind == "SAME_TYPE" else "level")
        case "own_unit":
            found.with_own = first.kind == "WITH_OWN"
        case "direction":
            found.highest_first = first.kind == "HIGHEST_FIRST"
        case "share_kind":
            found.share = "below" if first.kind == "SHARE_BELOW" else "at_most"
        case "units_at_least":
            number = clause.parts[1]
            assert isinstance(number, Word)
            least = number.text
            if not least.isdecimal() or len(least) > 6 or int(least) < 1:
                reader.fail("E509", clause)
                return False
            found.at_least = int(least)
        case "where":
            found.where = reader.condition(clause.parts[1])
            return found.where is not None
        case "then_by":
            found.ties = reader.number(clause.parts[1])
            order = clause.parts[2]
            found.ties_highest_first = not (isinstance(order, Word) and order.kind == "LOWEST_FIRST")
            return found.ties is not None
    return True


def _is_spelled_out(reader: ExpressionReader, node: Node, kind: Kind, found: Clauses) -> bool:
    """What ordinary words leave open must be said: whether the unit itself counts, which share is meant."""
    must = _MUST_SAY.get(kind)
    if must is None or must in found.said:
        return True
    reader.fail("E650" if must == "own_unit" else "E651", node, name=word(WORDS[kind], reader.scope.language))
    return False


def declare(reader: ExpressionReader, node: Node, kind: Kind, found: Clauses, typed: Typed | None, places: int) -> _Built:
    """Put the value in scope, once for the same meaning, and refer to it."""
    scope = reader.scope
    if reader.divisors:
        reader.fail("E541", node, name=word(WORDS[kind], scope.language))
        return None
    value = CohortValue(
        "", kind, _type_of(kind, typed), reader.place(node), typed.expression if typed is not None else None,
        found.where.expression if found.where is not None else None, tuple(found.group), found.with_own, found.at_least, found.highest_first,
        found.ties.expression if found.ties is not None else None, found.ties_highest_first, found.share, places, "missing_left_out" in found.said,
    )  # fmt: skip
    name = _name(value, scope.language)
    while (before := scope.cohort.get(f"cohort.{name}")) is not None and replace(before, place=value.place) != replace(value, name=name):
        name += "′"
    if before is None:
        value = replace(value, name=name)
        scope.cohort[value.key] = value
    else:
        value = before
    scope.possibilities[value.key] = possible_of(value, _reading(value, reader))
    return Ref(value.key), value.type


def _reading(value: CohortValue, reader: ExpressionReader) -> Possible:
    if value.inner is None:
        return Anything()
    try:
        return READINGS.within(value.inner, reader.scope.possibilities)
    except (NotApplicableReached, RuleFailure):
        return Anything()


def _type_of(kind: Kind, typed: Typed | None) -> Type:
    match kind:
        case "rank" | "count":
            return Type("number", whole=True)
        case "percentile":
            return Type("number", share="percent")
    assert typed is not None
    if kind == "deviation":
        return replace(typed.type, whole=False, share="points" if typed.type.share in ("percent", "ratio") else typed.type.share)
    return replace(typed.type, whole=typed.type.whole and kind != "mean")


def _name(value: CohortValue, language: Language) -> str:
    """The call as it is written, in one way: 名次（办结量，从低到高，同类型）."""
    comma, opening, closing = ("，", "（", "）") if language == "zh" else (", ", "(", ")")
    gap = "" if language == "zh" else " "

    def text(expression: Expression) -> str:
        return show(expression, lambda key: key_text(key, language), language)

    said = [text(value.inner)] if value.inner is not None else []
    said += [str(value.places)] if value.kind == "deviation" else []
    said += [word("SAME_TYPE" if g == "type" else "SAME_LEVEL", language) for g in value.group]
    if value.kind in ("mean", "deviation") or not value.with_own:
        said.append(word("WITH_OWN" if value.with_own else "WITHOUT_OWN", language))
    if value.kind == "percentile":
        said.append(word("SHARE_BELOW" if value.share == "below" else "SHARE_AT_MOST", language))
    if not value.highest_first:
        said.append(word("LOWEST_FIRST", language))
    if value.where is not None:
        said.append(f"{word('WHERE', language)} {text(value.where)}")
    if value.ties is not None:
        order = "" if value.ties_highest_first else f" {word('LOWEST_FIRST', language)}"
        said.append(f"{word('THEN_BY', language)} {text(value.ties)}{order}")
    if value.at_least > 1:
        said.append(f"{word('UNITS_AT_LEAST', language)}{gap}{value.at_least}" + ("个" if language == "zh" else ""))
    if value.missing_out:
        said.append(word("MISSING_LEFT_OUT", language))
    return f"{word(WORDS[value.kind], language)}{opening}{comma.join(said)}{closing}"


def key_text(key: str, language: Language) -> str:
    """What a key is called inside a call."""
    kind, _, rest = key.partition(".")
    if kind in ("score", "rate"):
        opening, closing = ("（", "）") if language == "zh" else ("(", ")")
        return f"{word(kind.upper(), language)}{opening}{rest}{closing}"
    given = {"as_of": "AS_OF", "unit.type": "UNIT_TYPE", "unit.level": "UNIT_LEVEL"}
    return word(given[key], language) if key in given else rest


def reversed_rank(reader: ExpressionReader, value: CohortValue) -> Expression:
    """The rank counted from the other end: 1 is the last, ties share a place."""
    other = replace(
        value, highest_first=not value.highest_first, ties_highest_first=not value.ties_highest_first if value.ties is not None else True
    )
    other = replace(other, name=_name(other, reader.scope.language))
    kept = reader.scope.cohort.setdefault(other.key, other)
    reader.scope.possibilities[kept.key] = possible_of(kept, Anything())
    return Ref(kept.key)
