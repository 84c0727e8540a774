"""Bundles of house rules: whether a ruleset is easy to understand, workable, effective, without doubles.

The first three names are the criteria that offices set for their indicators (易理解、可操作、
有实效).  Every rule is a function from a checked ruleset to findings, and stands in `RULES`
with its code and its bundle.  A note ``不查 CODE：reason`` (``ignore CODE: reason``) of the
ruleset, or of one indicator, sets a finding aside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction

from ..dsl.diagnostics import Diagnostic, Label, Place
from ..dsl.frozen import frozen
from ..dsl.model import Indicator, Ruleset
from ..dsl.numbers import exact_text

#: Bundles by name: Chinese, English.
BUNDLES: Mapping[str, tuple[str, str]] = {
    "understandable": ("易理解", "understandable"),
    "workable": ("可操作", "workable"),
    "effective": ("有实效", "effective"),
    "distinct": ("不重复", "distinct"),
}
#: How long the name of a level-3 indicator may be, by language.
_LONGEST_NAME = {"zh": 30, "en": 80}
#: Words that say nothing about when the mark is due.
_VAGUE = re.compile(
    r"较好|较差|较高|较低|适当|合理|基本上|一定程度|\b(?:adequate|appropriate|reasonable|suitable|sufficient)(?:ly)?\b", re.IGNORECASE
)
#: The least share of the full score that should rest on numbers, and the least and most of one indicator.
_LEAST_QUANTIFIABLE = Fraction(1, 2)
_LEAST_WORTH, _MOST_WORTH = Fraction(1, 200), Fraction(1, 4)
#: Parts of names that do not tell two indicators apart.
_FILLING = re.compile(r"情况|程度|工作|[的及和与、，,（）()“”‘’\"'\s]|\b(?:the|of|and|a)\b", re.IGNORECASE)
_IGNORE = re.compile(r"\s*(?:不查|ignore)\s*([EW]\d{3})\s*[：:，,;；]?\s*(.*)", re.IGNORECASE)

Found = Iterator[Diagnostic]


@frozen
class Rule:
    """One house rule: its code, the bundle it belongs to, and what it asks of a ruleset."""

    code: str
    bundle: str
    ask: Callable[[Ruleset], Found]


def findings(ruleset: Ruleset, bundles: Collection[str]) -> tuple[Diagnostic, ...]:
    """What the rules of some bundles say of a ruleset, in order of code and line."""
    return tuple(d for rule in RULES if rule.bundle in bundles for d in rule.ask(ruleset))


def bundle_named(name: str) -> str | None:
    """The bundle of a name in either language."""
    return next((key for key, names in BUNDLES.items() if name in (key, *names)), None)


def set_aside(ruleset: Ruleset, found: Iterable[Diagnostic], asked: Collection[str]) -> tuple[Diagnostic, ...]:
    """Findings without those that a note sets aside, and findings about the notes themselves.

    ``asked`` are the bundles whose rules ran: a note about a rule of another is not idle.
    """
    ignores = list(_ignores(ruleset))
    used: set[int] = set()
    left: list[Diagnostic] = []
    for one in found:
        match = next((i for i, ignore in enumerate(ignores) if ignore.reason and _covers(ruleset, ignore, one)), None)
        if match is None or one.is_error:
            left.append(one)
        else:
            used.add(match)
    bundle_of = {rule.code: rule.bundle for rule in RULES}
    for position, ignore in enumerate(ignores):
        ran = bundle_of.get(ignore.code) is None or bundle_of[ignore.code] in asked
        if ignore.code.startswith("E"):
            left.append(_about("W853", ignore.place, code_of=ignore.code))
        elif not ignore.reason:
            left.append(_about("W851", ignore.place, code_of=ignore.code))
        elif position not in used and ran:
            left.append(_about("W852", ignore.place, code_of=ignore.code))
    return tuple(left)


@frozen
class _Ignore:
    """A note that sets findings of one code aside, of the whole ruleset or of one indicator."""

    code: str
    reason: str
    place: Place
    indicator: str | None


def _ignores(ruleset: Ruleset) -> Iterator[_Ignore]:
    owners = [(Place(1, 0, 1), None, ruleset.notes), *((i.place, i.code, i.notes) for i in ruleset.by_code.values())]
    for place, code, notes in owners:
        for note in notes:
            match = _IGNORE.fullmatch(note)
            if match is not None:
                yield _Ignore(match[1].upper(), match[2].strip(), place, code)


def _covers(ruleset: Ruleset, ignore: _Ignore, found: Diagnostic) -> bool:
    """Whether a finding is one that a note sets aside: about the indicator whose lines it is in."""
    if found.code != ignore.code or ignore.indicator is None:
        return found.code == ignore.code
    before = [i for i in ruleset.by_code.values() if i.place.line <= found.line]
    nearest = max(before, key=lambda i: i.place.line, default=None)
    return nearest is not None and nearest.code == ignore.indicator


# ---- the rules -----------------------------------------------------------------------------


def _about(code: str, place: Place, /, **facts: str) -> Diagnostic:
    return Diagnostic(code, (Label(place),), facts)


def _name_too_long(ruleset: Ruleset) -> Found:
    most = _LONGEST_NAME[ruleset.language]
    for leaf in ruleset.leaves:
        if len(leaf.name) > most:
            yield _about("W811", leaf.place, name=leaf.name, count=str(len(leaf.name)), limit=str(most))


def _vague(ruleset: Ruleset) -> Found:
    for leaf in ruleset.leaves:
        for point in leaf.check_points:
            word = _VAGUE.search(point.text)
            if word is not None:
                yield _about("W812", point.place, text=point.text, word=word[0])


def _nothing_to_check(ruleset: Ruleset) -> Found:
    for leaf in ruleset.leaves:
        documents = leaf.form in ("DOCUMENTS", "DOCUMENT_SHARE")
        if not leaf.evidence and not leaf.check_points and not documents:
            yield _about("W821", leaf.place, code_of=leaf.code, name=leaf.name)


def _judged_without_points(ruleset: Ruleset) -> Found:
    for leaf in ruleset.leaves:
        if leaf.form == "DISCRETIONARY" and not leaf.check_points:
            yield _about("W822", leaf.place, code_of=leaf.code, name=leaf.name)


def _without_source(ruleset: Ruleset) -> Found:
    for item in ruleset.data:
        if not item.assessed and item.source is None:
            yield _about("W823", item.place, name=item.name)


def _hardly_quantifiable(ruleset: Ruleset) -> Found:
    counted = sum((leaf.points for leaf in ruleset.leaves if leaf.quantifiable), 0)
    share = Fraction(counted) / ruleset.full_score if ruleset.full_score else Fraction(1)
    if share < _LEAST_QUANTIFIABLE:
        first = ruleset.roots[0].place
        yield _about("W831", first, points=exact_text(counted), full=exact_text(ruleset.full_score), share=_percent(share), least=_percent(_LEAST_QUANTIFIABLE))


def _worth_too_little(ruleset: Ruleset) -> Found:
    for leaf in ruleset.leaves:
        share = Fraction(leaf.points) / ruleset.full_score
        if share < _LEAST_WORTH:
            yield _about("W832", leaf.place, code_of=leaf.code, points=exact_text(leaf.points), share=_percent(share))


def _worth_too_much(ruleset: Ruleset) -> Found:
    for leaf in ruleset.leaves if len(ruleset.leaves) * _MOST_WORTH > 1 else ():
        share = Fraction(leaf.points) / ruleset.full_score
        if share > _MOST_WORTH:
            yield _about("W833", leaf.place, code_of=leaf.code, points=exact_text(leaf.points), share=_percent(share))


def _alike(ruleset: Ruleset) -> Found:
    seen: dict[str, Indicator] = {}
    for leaf in ruleset.leaves:
        key = _FILLING.sub("", leaf.name).lower()
        before = seen.setdefault(key, leaf)
        if before is not leaf and key:
            labels = (Label(leaf.place), Label(before.place, "first"))
            yield Diagnostic("W841", labels, {"name": leaf.name, "other": before.name, "code_of": leaf.code, "other_code": before.code})


def _same_value(ruleset: Ruleset) -> Found:
    seen: dict[object, Indicator] = {}
    for leaf in ruleset.leaves:
        value = next((s.expression for s in leaf.steps if s.name == "value"), None)
        if value is None:
            continue
        before = seen.setdefault(value, leaf)
        if before is not leaf:
            labels = (Label(leaf.place), Label(before.place, "first"))
            yield Diagnostic("W842", labels, {"code_of": leaf.code, "other_code": before.code})


def _percent(share: Fraction) -> str:
    tenths = share.numerator * 1000 // share.denominator
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


RULES: tuple[Rule, ...] = (
    Rule("W811", "understandable", _name_too_long),
    Rule("W812", "understandable", _vague),
    Rule("W821", "workable", _nothing_to_check),
    Rule("W822", "workable", _judged_without_points),
    Rule("W823", "workable", _without_source),
    Rule("W831", "effective", _hardly_quantifiable),
    Rule("W832", "effective", _worth_too_little),
    Rule("W833", "effective", _worth_too_much),
    Rule("W841", "distinct", _alike),
    Rule("W842", "distinct", _same_value),
)
