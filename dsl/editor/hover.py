"""What is told of a name under the pointer: its line, its points and weight, who leans on it."""

from __future__ import annotations

from ..keywords import Language
from ..model import Ruleset
from ..numbers import divide, exact_text, percent_text
from ..syntax import SourceFile
from .symbols import Occurrence, same

_MOST_NAMED = 12
_WORDS = {
    "weight": ("{points}分，占满分的{share}", "{points} points, {share} of the full score"),
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
    shown = ("、" if file.language == "zh" else ", ").join(users[:_MOST_NAMED]) + ("…" if len(users) > _MOST_NAMED else "")
    lines.append(_say("users", file.language, names=shown) if users else _say("unused", file.language))
    return "\n".join(lines)


def _say(key: str, language: Language, **facts: str) -> str:
    return _WORDS[key][0 if language == "zh" else 1].format(**facts)
