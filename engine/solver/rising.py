"""Whether more of something ever lowers a score: each data item by itself, all else that the
indicator rests on being equal; data that a reconciliation ties to it follow.

Two units that differ in one item alone are one question.  Of two items that count only
as a quotient the one that is not the divisor is asked about; the other goes the other way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from ...dsl.frozen import frozen
from ...dsl.model import DataItem, Round, Ruleset
from ...dsl.numbers import Exact, divide
from .ask import Answer, Clock, Impossible, NotDecided, Possible, ask
from .encoding import Encoding, encode
from .parts import Part, holding, keys_of, score_in
from .terms import Term, both, compare, is_known, no
from .witness import Disagreement, facts_of

Direction = Literal["up", "down", "both", "none", "not_decided"]
#: Seconds for each of the two questions about an item.
_SECONDS = 2
#: Seconds more where it is asked for every score in turn, and how many scores that may be.
_MORE_SECONDS = 10
_MOST_THRESHOLDS = 600


@frozen
class Move:
    """Two units, by their data, that differ in one item alone, less of it and more, and the scores the engine gives them."""

    less: Mapping[str, Any]
    more: Mapping[str, Any]
    scores: tuple[Exact, Exact]


@frozen
class Rising:
    """What more of one data item does to one indicator's score.

    ``raised`` and ``lowered`` are pairs of units for which it rises and falls.
    """

    code: str
    key: str
    direction: Direction
    raised: Move | None = None
    lowered: Move | None = None


def rising(ruleset: Ruleset, day: date, parts: Sequence[Part], clock: Clock) -> Iterator[Rising]:
    """For every level-3 indicator, bonus or deduction and every number or yes-or-no it rests on, what more of it does."""
    for part in parts:
        for code in part.codes:
            indicator = ruleset.by_code[code]
            expressions = [s.expression for s in indicator.steps] + [g.condition for g in indicator.guards if g.outcome != "notice"]
            keys = keys_of(ruleset, expressions)
            for item in ruleset.data:
                if item.key in keys and item.type.kind in ("number", "yes_no"):
                    found = _asked(ruleset, day, code, item, (part, keys), clock)
                    if found is not None:
                        yield found


def _asked(ruleset: Ruleset, day: date, code: str, item: DataItem, where: tuple[Part, frozenset[str]], clock: Clock) -> Rising | None:
    part, keys = where
    (first,) = encode([ruleset], day, codes=[code])
    group = first.space.scaling.group_of.get(item.key)
    if group is not None:
        members = [k for k, g in first.space.scaling.group_of.items() if g == group]
        divides = item.key in keys_of(ruleset, [first.space.scaling.divisors[group]])
        if divides and len(members) == 2:
            return _other_way(ruleset, day, code, item, next(k for k in members if k != item.key), where, clock)
    else:
        divides = False
    moving = {item.key, *(part.keys - keys)}
    one, other = _pair(ruleset, day, code, moving, scaled=group is not None and not divides)
    if code in one.unsolved:
        return Rising(code, item.key, "not_decided")
    a, b = one.leaf(code), other.leaf(code)
    x, y = one.value(item.key), other.value(item.key)
    moved = both(no(x), y) if item.type.kind == "yes_no" else compare(x, "<", y)
    if is_known(a.score()) and is_known(b.score()):
        return Rising(code, item.key, "none")
    held = [h for e in (one, other) for h in holding(e, keys)] + [a.scored, b.scored, moved]
    answers = []
    for sign in ("<", ">"):
        answer = ask([one, other], [*held, compare(a.unrounded(), sign, b.unrounded())], clock.at_most(_SECONDS))
        if isinstance(answer, Possible):
            answer = ask([one, other], [*held, compare(a.score(), sign, b.score())], clock.at_most(_SECONDS))
        if isinstance(answer, NotDecided):
            answer = _by_thresholds((one, other), held, code, sign, clock.at_most(_MORE_SECONDS))
        answers.append(answer)
    moves = [_move((one, other), answer, code, part.keys) for answer in answers]
    for move, way in zip(moves, (1, -1), strict=True):
        if move is not None and (move.scores[1] - move.scores[0]) * way <= 0:
            raise Disagreement(code)
    return Rising(code, item.key, _direction(answers), *moves)


def _by_thresholds(pair: tuple[Encoding, Encoding], held: Sequence[Term], code: str, sign: str, clock: Clock) -> Answer:
    """Whether two rounded scores differ, asked for every score between: a threshold of a quotient is linear."""
    indicator = pair[0].ruleset.by_code[code]
    last = indicator.steps[-1].expression
    places = last.places if isinstance(last, Round) else None
    if places is None or indicator.points * 10**places > _MOST_THRESHOLDS:
        return NotDecided()
    a, b = (e.leaf(code) for e in pair)
    low, high = (a, b) if sign == "<" else (b, a)
    for step in range(int(indicator.lowest * 10**places) + 1, int(indicator.points * 10**places) + 1):
        between = divide(step, 10**places)
        answer = ask(pair, [*held, low.against("<", between), high.against(">=", between)], clock)
        if not isinstance(answer, Impossible):
            return answer
    return Impossible()


def _other_way(
    ruleset: Ruleset, day: date, code: str, item: DataItem, over: str, where: tuple[Part, frozenset[str]], clock: Clock
) -> Rising | None:
    """A divisor that counts only below one other item: it does the opposite of that."""
    above = ruleset.by_key[over]
    if not isinstance(above, DataItem) or above.type.kind != "number":
        return None
    found = _asked(ruleset, day, code, above, where, clock)
    turned: Mapping[str, Direction] = {"up": "down", "down": "up"}
    return None if found is None else Rising(code, item.key, turned.get(found.direction, found.direction))


def _pair(ruleset: Ruleset, day: date, code: str, moving: set[str], *, scaled: bool) -> tuple[Encoding, Encoding]:
    (one,) = encode([ruleset], day, codes=[code], scaled=scaled)
    (other,) = encode([ruleset], day, codes=[code], scaled=scaled, copies={k: f"{k}'" for k in moving})
    other.space.words = one.space.words
    for encoding in (one, other):
        encoding.leaf(code)
    return one, other


def _direction(answers: Sequence[Answer]) -> Direction:
    rises, falls = answers
    if isinstance(rises, Possible) and isinstance(falls, Possible):
        return "both"
    if isinstance(rises, Impossible) and isinstance(falls, Impossible):
        return "none"
    if isinstance(rises, Possible) and isinstance(falls, Impossible):
        return "up"
    if isinstance(rises, Impossible) and isinstance(falls, Possible):
        return "down"
    return "not_decided"


def _move(pair: tuple[Encoding, Encoding], answer: Answer, code: str, keys: frozenset[str]) -> Move | None:
    """The two units of an answer, enlarged alike."""
    if not isinstance(answer, Possible):
        return None
    one, other = pair
    asked = keys & (one.space.terms.keys() | one.space.items.keys())
    less, more = facts_of([one], answer, asked, [other]), facts_of([other], answer, asked, [one])
    scores = (score_in(one.ruleset, one.day, less, code), score_in(one.ruleset, one.day, more, code))
    return Move(less, more, scores)


__all__ = ["Direction", "Move", "Rising", "rising"]
