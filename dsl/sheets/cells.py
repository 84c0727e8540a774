"""The lines below one indicator as cells of its row, and back.

Four columns hold lines of the text (notes, rule lines, evidence, points to check), one the
name of the rule form.  Where the lines stand in another order than the usual one, or a
comment stands between them, the row keeps the order as a pattern such as ``r2f1r3e1``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..frozen import frozen
from ..keywords import Language, word
from ..terminals import line_keyword

#: A line of an indicator: the kind of its field (``row`` of the standard, ``remark``), its text.
Piece = tuple[str, str]
_LETTERS = {"n": "notes", "r": "rules", "f": "form", "e": "evidence", "p": "points_to_check"}
_COLUMN_OF = {
    "note": "notes", "basis": "notes", "evidence": "evidence", "points_to_check": "points_to_check", "point_row": "points_to_check",
    "standard": "form",
}  # fmt: skip
_RUN = re.compile(r"([nrfep])([0-9]+)")
_BULLETS = "-－·•"


@frozen
class Composed:
    """One line put together: its text, the column it came from, its line in that cell (0: none)."""

    text: str
    column: str
    line: int


def take_apart(pieces: Sequence[Piece], language: Language) -> dict[str, str]:
    """The cells of an indicator's lines, with the pattern of their order where it is needed."""
    columns = _columns(pieces)
    lines: dict[str, list[str]] = {}
    for column, (_, text) in zip(columns, pieces, strict=True):
        lines.setdefault(column, []).append(text)
    wanted = [text for _, text in pieces]
    if len(lines.get("form", ())) > 1 or not any(wanted):
        return {"rules": "\n".join(wanted)}
    cells = {c: _encoded(c, own, language) for c, own in lines.items()}
    if [c.text for c in compose(cells, language)] == wanted:
        return cells
    letters = {c: letter for letter, c in _LETTERS.items()}
    runs: list[tuple[str, int]] = []
    for column in columns:
        if runs and runs[-1][0] == letters[column]:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((letters[column], 1))
    cells["pattern"] = "".join(f"{letter}{count}" for letter, count in runs)
    if [c.text for c in compose(cells, language)] == wanted:
        return cells
    return {"rules": "\n".join(wanted)}


def compose(cells: Mapping[str, str], language: Language) -> list[Composed]:
    """The lines that the cells of an indicator stand for, in the order of their pattern, else in the usual one."""
    own = {c: _decoded(c, cells.get(c, ""), language) for c in _LETTERS.values()}
    return _in_pattern(own, cells.get("pattern", ""), language) or _in_usual_order(own, language)


def _columns(pieces: Sequence[Piece]) -> list[str]:
    """The column of every line; a comment goes with the line below it, the last with the one above."""
    found: list[str] = []
    for position, (kind, _) in enumerate(pieces):
        if kind != "remark":
            found.append(_COLUMN_OF.get(kind, "rules"))
            continue
        below = next((k for k, _ in pieces[position:] if k != "remark"), None)
        column = _COLUMN_OF.get(below, "rules") if below is not None else (found[-1] if found else "rules")
        found.append("rules" if column == "form" else column)
    return found


# ---- one column ---------------------------------------------------------------------------


def _colon(language: Language) -> str:
    return "：" if language == "zh" else ": "


def opens_with(text: str, keys: Sequence[str], language: Language) -> bool:
    """Whether a line opens with one of these keywords and a colon, or nothing, behind it."""
    match = line_keyword(language).match(text)
    after = text[match.end() :].lstrip()[:1] if match else ""
    return match is not None and after in ("", ":", "：", "#") and match[1] in {word(k, language) for k in keys}


def _is_remark(text: str) -> bool:
    return not text.strip() or text.lstrip()[0] in "#＃"


def _encoded(column: str, lines: Sequence[str], language: Language) -> str:
    match column:
        case "notes":
            return "\n".join(_without(t, "NOTE", ("NOTE", "BASIS"), language) for t in lines)
        case "evidence":
            return "\n".join(_without(t, "EVIDENCE", ("EVIDENCE",), language) for t in lines)
        case "form":
            return _without(lines[0], "STANDARD", ("STANDARD",), language)
        case "points_to_check":
            opening = word("POINTS_TO_CHECK", language)
            if lines[0] == opening:
                plain = "\n".join(t.strip() for t in lines[1:])
                if [t for t, _ in _decoded(column, plain, language)] == list(lines):
                    return plain
    return "\n".join(lines)


def _without(text: str, key: str, taken: Sequence[str], language: Language) -> str:
    """A line without its opening word, if it can be put before it again."""
    opening = word(key, language) + _colon(language)
    rest = text.removeprefix(opening)
    if rest == text or _is_remark(rest) or opens_with(rest, taken, language):
        return text
    return rest


def _decoded(column: str, cell: str, language: Language) -> list[tuple[str, int]]:
    """The lines of a cell with the number each has in it."""
    if not cell:
        return []
    lines = list(enumerate(cell.split("\n"), 1))
    match column:
        case "notes":
            return [(_with(t, "NOTE", ("NOTE", "BASIS"), language), n) for n, t in lines]
        case "evidence":
            return [(_with(t, "EVIDENCE", ("EVIDENCE",), language), n) for n, t in lines]
        case "form":
            return [(_with(t, "STANDARD", ("STANDARD",), language), n) for n, t in lines]
        case "points_to_check":
            return _decoded_points(lines, language)
    return [(t, n) for n, t in lines]


def _with(text: str, key: str, taken: Sequence[str], language: Language) -> str:
    return text if _is_remark(text) or opens_with(text, taken, language) else word(key, language) + _colon(language) + text.strip()


def _decoded_points(lines: list[tuple[int, str]], language: Language) -> list[tuple[str, int]]:
    if any(opens_with(t, ("POINTS_TO_CHECK",), language) for _, t in lines):
        return [(t, n) for n, t in lines]
    found = [(word("POINTS_TO_CHECK", language), 1)]
    for number, text in lines:
        plain = text.strip()
        bulleted = plain if _is_remark(text) or plain[0] in _BULLETS else f"- {plain}"
        found.append((f"  {bulleted}" if plain else "", number))
    return found


# ---- all columns ----------------------------------------------------------------------------


def _in_pattern(own: Mapping[str, list[tuple[str, int]]], pattern: str, language: Language) -> list[Composed]:
    """The lines in the order that was kept; nothing if a cell has changed so that the order no longer fits."""
    runs = [(_LETTERS[m[1]], int(m[2])) for m in _RUN.finditer(pattern)]
    if any(sum(n for c, n in runs if c == column) != len(lines) for column, lines in own.items()):
        return []
    found: list[Composed] = []
    used = dict.fromkeys(own, 0)
    for column, count in runs:
        chosen = own[column][used[column] : used[column] + count]
        first = next((t for t, _ in chosen if not _is_remark(t)), "")
        if used[column] and column == "rules" and not _opens(first, language) and found and found[-1].column not in ("rules", "form"):
            return []
        used[column] += count
        found += [Composed(t, column, n) for t, n in chosen]
    return found


def _opens(text: str, language: Language) -> bool:
    match = line_keyword(language).match(text)
    return match is not None and text[match.end() :].lstrip()[:1] in ("", ":", "：", "#")


def _in_usual_order(own: Mapping[str, list[tuple[str, int]]], language: Language) -> list[Composed]:
    """Notes, rule lines with the form above its rows, evidence, points to check."""
    rules = [Composed(t, "rules", n) for t, n in own["rules"]]
    form = [Composed(t, "form", n) for t, n in own["form"]]
    at = next((i for i, c in enumerate(rules) if not _is_remark(c.text) and not _opens(c.text, language)), None)
    if at is None:
        first = next((i for i, c in enumerate(rules) if not _is_remark(c.text)), None)
        at = 0 if first is None or not opens_with(rules[first].text, ("VALUE",), language) else first + 1
    while at and _is_remark(rules[at - 1].text):
        at -= 1
    others = {c: [Composed(t, c, n) for t, n in own[c]] for c in ("notes", "evidence", "points_to_check")}
    return [*others["notes"], *rules[:at], *form, *rules[at:], *others["evidence"], *others["points_to_check"]]
