"""What is told of a name under the pointer: its line, its points and weight, who leans on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..check.order import edges
from ..functions import FUNCTIONS
from ..keywords import KEYWORDS, Language, spellings
from ..model import Ruleset
from ..numbers import divide, exact_text, percent_text
from ..syntax import Block, Line, SourceFile, Word
from ..terminals import line_keyword
from .meanings import MEANINGS
from .symbols import Occurrence, same

_MOST_NAMED = 12
_WORDS = {
    "weight": ("{points}分，占满分的{share}", "{points} points, {share} of the full score"),
    "indirect": ("间接影响：{names}", "by way of them: {names}"),
    "users": ("用于：{names}", "used by: {names}"),
    "unused": ("没有用到", "not used"),
    "place": ("见第{line}行", "see line {line}"),
}


def hover(file: SourceFile, found: tuple[Occurrence, ...], one: Occurrence, ruleset: Ruleset | None) -> str:
    """Plain lines about what ``one`` names, in the file's language; ``ruleset`` where the file is free of errors."""
    mentions = same(found, one)
    declared = [o for o in mentions if o.declares]
    lines = [f"{o.place.line}: {file.lines[o.place.line - 1].strip()}" for o in declared[:_MOST_NAMED]]
    indicator = ruleset.by_code.get(one.name) if ruleset is not None and one.kind == "code" else None
    if indicator is not None and ruleset is not None:
        full = ruleset.full_score
        share = divide(indicator.points, full.numerator) * full.denominator if full else 0
        lines.append(_say("weight", file.language, points=exact_text(indicator.points), share=percent_text(share)))
        lines += indicator.wording
    users = list(dict.fromkeys(o.owner or _say("place", file.language, line=str(o.place.line)) for o in mentions if not o.declares))
    lines.append(_say("users", file.language, names=_joined(users, file.language)) if users else _say("unused", file.language))
    further = _indirect(ruleset, one, {o.owner for o in mentions} | {one.name}) if ruleset is not None else ()
    if further:
        lines.append(_say("indirect", file.language, names=_joined(further, file.language)))
    return "\n".join(lines)


def keyword_hover(word: Word, language: Language) -> str | None:
    """What a word of the language means, and how a function is called; nothing for other words."""
    meaning = MEANINGS.get(word.kind)
    if meaning is None:
        return None
    told = f"{word.text}{'：' if language == 'zh' else ': '}{meaning[0 if language == 'zh' else 1]}"
    function = FUNCTIONS.get(word.kind)
    return f"{told}\n{function.usage(language)}" if function is not None else told


def keyword_at(file: SourceFile, line: int, column: int) -> Word | None:
    """The word of the language at a position (line from 1, column from 0), in a line that could be read or not."""
    read = next((r for b in file.blocks for r in _lines(b) if r.number == line), None)
    if read is not None:
        return next((w for w in read.node.words() if w.start <= column < w.end and w.kind in KEYWORDS), None)
    text = file.lines[line - 1] if 0 < line <= len(file.lines) else ""
    opening = line_keyword(file.language).match(text)
    if opening is None or not opening.start(1) <= column < opening.end(1):
        return None
    return Word(spellings("line", file.language)[opening[1]], opening[1], opening.start(1), opening.end(1))


def _lines(block: Block) -> Iterator[Line]:
    yield block.line
    yield from block.rows
    for inner in block.fields:
        yield from _lines(inner)


def _indirect(ruleset: Ruleset, one: Occurrence, direct: set[str | None]) -> tuple[str, ...]:
    """Who leans on those that lean on a name, nearest first: codes, and names of derived values."""
    keys = {f"data.{one.name}", f"derived.{one.name}", f"parameter.{one.name}", f"score.{one.name}"}
    users: dict[str, list[str]] = {}
    for used, user, _ in edges(ruleset.derived, ruleset.indicators, ruleset.adjustments, ruleset.cohort):
        users.setdefault(used, []).append(user)
    reached = dict.fromkeys(keys)
    waiting = list(keys)
    while waiting:
        for user in users.get(waiting.pop(0), ()):
            if user not in reached:
                reached[user] = None
                waiting.append(user)
    names = (key.split(".", 1)[1] for key in reached if key not in keys)
    return tuple(name for name in dict.fromkeys(names) if name not in direct)


def _joined(names: Sequence[str], language: Language) -> str:
    shown = ("、" if language == "zh" else ", ").join(names[:_MOST_NAMED])
    return shown + ("…" if len(names) > _MOST_NAMED else "")


def _say(key: str, language: Language, **facts: str) -> str:
    return _WORDS[key][0 if language == "zh" else 1].format(**facts)
