"""Every one-place edit of a ruleset, and whether the language notices it.

Survivors are edits that change what a ruleset means without any error; `why` says of each
why it is a ruleset that someone could have meant.  Free text (names, notes, sources, names
of evidence) does not count as meaning; `meaning` says exactly what is left out.
`test_one_place_edits.py` judges a fixed share of the edits, `benchmarks/one_place_edits.py`
all of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from ruleeval.dsl import model as m
from ruleeval.dsl.check import CheckMemory, check_file, check_text
from ruleeval.dsl.parse import Memory, parse
from ruleeval.dsl.substitute import substitute
from ruleeval.dsl.units import Unit

ROOT = Path(__file__).parent.parent
SHIPPED = (ROOT / "tests/samples/liaoning-2022/government.rules", ROOT / "rulesets/riverside-libraries/libraries.rules")

# ---- the edits ------------------------------------------------------------------------

_NARROW = "0123456789:,;.()%+-*/=<>[]#"
_WIDE = "０１２３４５６７８９：，；．（）％＋－＊／＝＜＞［］＃"
_OTHER_WIDTH = {**dict(zip(_NARROW, _WIDE, strict=True)), **dict(zip(_WIDE, _NARROW, strict=True)), "−": "-", "×": "*", "÷": "/", "“": '"', "”": '"'}


@dataclass(frozen=True)
class Edit:
    """One edit: its kind, the first line it touches (from 1), how many lines it takes and what it puts there."""

    kind: str
    line: int
    column: int
    old: tuple[str, ...]
    new: tuple[str, ...]

    def apply(self, text: str) -> str:
        lines = text.splitlines()
        return "\n".join([*lines[: self.line - 1], *self.new, *lines[self.line - 1 + len(self.old) :]]) + "\n"

    def __str__(self) -> str:
        old, new = (" / ".join(s.strip() for s in side) for side in (self.old, self.new))
        return f"{self.kind:20} {self.line}:{self.column + 1}  {old}  →  {new}"


def edits(text: str) -> Iterator[Edit]:
    """Every one-place edit of a text; blank lines and comments are edited as lines only."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        yield from _line_edits(lines, at)
        if line.strip() and not line.lstrip().startswith("#"):
            yield from _character_edits(lines, at)


def _edit(kind: str, lines: list[str], at: int, column: int, new: list[str], old: int = 1) -> Edit:
    return Edit(kind, at + 1, column, tuple(lines[at : at + old]), tuple(new))


def _line_edits(lines: list[str], at: int) -> Iterator[Edit]:
    line = lines[at]
    if line.strip():
        yield _edit("line deleted", lines, at, 0, [])
        yield _edit("line doubled", lines, at, 0, [line, line])
        for indented in {"  " + line, "\t" + line, line.lstrip()} - {line}:
            yield _edit("line re-indented", lines, at, 0, [indented])
        first = len(line) - len(line.lstrip())
        yield _edit("first character lost", lines, at, first, [line[:first] + line[first + 1 :]])
    if at + 1 < len(lines) and lines[at + 1] != line:
        yield _edit("lines swapped", lines, at, 0, [lines[at + 1], line], 2)


def _character_edits(lines: list[str], at: int) -> Iterator[Edit]:
    line = lines[at]
    for column, character in enumerate(line):
        before, after = line[:column], line[column + 1 :]
        what = _class(character)
        yield _edit(f"{what} lost", lines, at, column, [before + after])
        yield _edit(f"{what} doubled", lines, at, column, [before + character * 2 + after])
        if character in _OTHER_WIDTH:
            yield _edit("width changed", lines, at, column, [before + _OTHER_WIDTH[character] + after])
        if character in "0123456789":
            yield _edit("digit changed", lines, at, column, [before + str((int(character) + 1) % 10) + after])


def _class(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isspace():
        return "space"
    return "letter" if character.isalpha() else "mark"


# ---- what a ruleset means ---------------------------------------------------------------

#: Fields that are free text, or say where something stands.
_LEFT_OUT: dict[type, set[str]] = {
    m.Ruleset: {"language", "name", "version", "issuer", "basis", "notes", "order", "digest"},
    m.DataItem: {"source"},
    m.DatedValue: {"text", "source"},
    m.Literal: {"text"},
    m.Guard: {"text", "about"},
    m.EvidenceRule: {"kinds", "issued_by"},
    m.DocumentPresent: {"kinds", "terms"},
    Unit: {"name"},
    m.CheckPoint: {"text"},
    m.GradeBand: {"label", "grade"},
    m.Band: {"label"},
    m.Gate: {"text"},
    m.Veto: {"name", "text"},
    m.Reconciliation: {"message", "text", "keys"},
    m.Dimension: {"name"},
    m.ProblemType: {"authority", "urgency"},
    m.Unscored: {"word", "text"},
    m.Indicator: {"name", "notes", "wording", "full_marks", "full_facts", "inputs"},
}
#: Fields whose order says nothing.
_UNORDERED = {"data", "parameters", "derived", "indicators", "adjustments", "vetoes", "children", "evidence", "reconciliations",
              "dimensions", "problem_types", "gates", "columns", "subtotals", "check_points", "problems", "codes", "applies", "unit_levels", "once_only"}  # fmt: skip
#: Names that stand for nothing else: how many there are is all they say; of evidence, not even that.
_COUNTED = {"applies", "unit_levels"}


def meaning(ruleset: m.Ruleset) -> str:
    """What a ruleset says, free text and the order of what has no order left out."""
    options = {i.key: i.type.options for i in ruleset.data}
    return repr(_plain(ruleset, options))


def _plain(value: Any, options: dict[str, tuple[str, ...]]) -> Any:
    if isinstance(value, tuple):
        return tuple(_plain(v, options) for v in value)
    if isinstance(value, dict):
        return tuple(sorted((k, _plain(v, options)) for k, v in value.items()))
    if isinstance(value, m.Arithmetic | m.Extremum | m.Choose | m.Bands):
        return _expression(value, options)
    if not is_dataclass(value):
        return value
    kept = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in {"place", *_LEFT_OUT.get(type(value), ())}}
    if isinstance(value, m.Indicator):
        kept["steps"] = _score(value)
    said = []
    for name, part in kept.items():
        plain = ("·",) * len(part) if name in _COUNTED else _plain(part, options)
        said.append((name, tuple(sorted(plain, key=repr)) if name in _UNORDERED else plain))
    return (type(value).__name__, *said)


def _score(indicator: m.Indicator) -> m.Expression | None:
    """The steps of an indicator put into one another."""
    done: dict[str, m.Expression] = {}
    for step in indicator.steps:
        done[f"step.{step.name}"] = substitute(step.expression, done)
    return done[f"step.{indicator.steps[-1].name}"] if indicator.steps else None


def _expression(value: Any, options: dict[str, tuple[str, ...]]) -> Any:
    match value:
        case m.Arithmetic("+" | "*" as operator, _, _):
            return (operator, *sorted((_plain(t, options) for t in _terms(value, operator)), key=repr))
        case m.Arithmetic(operator, left, right):
            return (operator, _plain(left, options), _plain(right, options))
        case m.Extremum(kind, operands):
            return (kind, *sorted((_plain(o, options) for o in operands), key=repr))
        case m.Bands(measured, bands):
            return ("bands", _plain(measured, options), *sorted((_plain(b, options) for b in bands), key=repr))
    return _choice(value, options)


def _choice(value: m.Choose, options: dict[str, tuple[str, ...]]) -> Any:
    """Cases over the options of one item are a table, whatever their order."""
    tests = [c for c, _ in value.cases]
    if all(isinstance(t, m.Compare) and t.operator == "=" and t.left == tests[0].left and isinstance(t.left, m.Ref) for t in tests):  # type: ignore[union-attr]
        results = {t.right.value: r for t, (_, r) in zip(tests, value.cases, strict=True)}  # type: ignore[union-attr]
        names = options.get(tests[0].left.key, ())  # type: ignore[union-attr]
        return ("table", *sorted((n, repr(_plain(results.get(n, value.otherwise), options))) for n in names))
    return ("choose", *((_plain(c, options), _plain(v, options)) for c, v in value.cases), _plain(value.otherwise, options))


def _terms(value: Any, operator: str) -> Iterator[Any]:
    if isinstance(value, m.Arithmetic) and value.operator == operator:
        yield from _terms(value.left, operator)
        yield from _terms(value.right, operator)
    else:
        yield value


# ---- judging an edit ---------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """``same`` meaning, error ``near`` or ``far`` from the edit, ``reminded`` or ``silent``."""

    edit: Edit
    outcome: str
    codes: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass
class Judge:
    """Judges edits of one text; as in an editor, only what an edit touched is read and checked again."""

    text: str
    lines: Memory = field(default_factory=dict)
    checked: CheckMemory = field(default_factory=CheckMemory)

    def __post_init__(self) -> None:
        ruleset = check_text(self.text).ruleset
        assert ruleset is not None
        self.language, self.meaning = ruleset.language, meaning(ruleset)

    def verdict(self, edit: Edit) -> Verdict:
        """What the language makes of the text with one edit."""
        edited = edit.apply(self.text)
        result = check_file(parse(edited, self.language, self.lines), "", self.checked)
        errors = [d for d in result.diagnostics if d.is_error]
        if errors:
            lines = tuple(sorted({label.place.line for d in errors for label in d.labels}))
            near = any(_is_near(self.text, edited, edit, line) for line in lines)
            return Verdict(edit, "near" if near else "far", tuple(d.code for d in errors), lines)
        assert result.ruleset is not None
        if meaning(result.ruleset) == self.meaning:
            return Verdict(edit, "same")
        reminders = tuple(d.code for d in result.diagnostics if d.code in CHANGES)
        return Verdict(edit, "reminded" if reminders else "silent", reminders)


#: Reminders that tell of a changed meaning.
CHANGES = frozenset({"W205", "W207", "W403", "W505", "W506"})
SURVIVED = ("reminded", "silent")

_NUMBERS = re.compile(r"digit|mark")
_CODED = re.compile(r"\s*(?:[一二三]级指标|level[123]|加分项|bonus|追加扣分|extra-deduction|否决|veto)\s")


#: The kinds of edits that no check can tell from another ruleset, and why not.
LEGITIMATE = {
    "a statement that may be left out": "evidence, limits, reminders and the like are not asked for, and the rest holds without them",
    "another code": "codes need not follow one another; vetoes and bonuses have codes of their own",
    "another number": "within the declared ranges, the bands still tile and the points still add up",
    "another name for a level, a column or a unit of its own": "it is used nowhere else, so nothing contradicts it",
}


def why(edit: Edit) -> str | None:
    """Which of the legitimate kinds a survivor is; ``None`` if none of them."""
    before, after = edit.old[0], edit.new[0] if edit.new else ""
    if edit.kind == "line deleted":
        return "a statement that may be left out"
    if _CODED.match(before) and edit.column < 12:
        return "another code"
    if _NUMBERS.match(edit.kind) and re.sub(r"[\d.]", "", before) == re.sub(r"[\d.]", "", after):
        return "another number"
    if re.match(r"\s*(?:列|column|层级|unit-levels)\s|\s*(?:层级|unit-levels)[:：]|[^:：]*[:：]\s*(?:整数|小数|金额|integer|number|money)", before):
        return "another name for a level, a column or a unit of its own"
    return None


_CODE = re.compile(r"\s*(?:[一二三]级指标|level[123]|加分项|bonus|否决|veto)\s+([A-Z]{1,2}[\d.]*)")
_STANDARD = re.compile(r"\s+(?:评分|standard|要点|points-to-check|达标|meets)")


def _is_near(text: str, edited: str, edit: Edit, line: int) -> bool:
    """On the edited lines, beside them, or on a heading that they stand under."""
    last = edit.line + max(len(edit.old), len(edit.new)) - 1
    return edit.line - 1 <= line <= last + 1 or line in _headings(text, edited, edit)


def _headings(text: str, edited: str, edit: Edit) -> set[int]:
    """The lines an edited line leans on: its block's, its standard's, its parents', the full score."""
    found: set[int] = set()
    moved = len(edit.new) - len(edit.old)
    for lines, shift in ((text.splitlines(), moved), (edited.splitlines(), 0)):
        at = min(edit.line, len(lines)) - 1
        opener = next((i for i in range(at, -1, -1) if lines[i][:1].strip() and lines[i][:1] != "#"), 0)
        found |= {i + 1 for i in range(opener, at) if i == opener or _STANDARD.match(lines[i])}
        codes = {c[1] for i in (opener, at, at + 1) if i < len(lines) and (c := _CODE.match(lines[i]))}
        parents = {code[:end] for code in codes for end in range(1, len(code))}
        for i, line in enumerate(lines):
            heading = _CODE.match(line)
            if (heading and heading[1] in parents) or re.match(r"满分|full-score", line):
                found.add(i + 1 + (shift if i + 1 > edit.line else 0))
    return found


# ---- counting ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """How many edits of a kind were tried, changed the meaning, were errors, survived."""

    tried: int
    changed: int
    near: int
    far: int
    reminded: int
    silent: int

    @property
    def errors(self) -> int:
        return self.near + self.far


def count(verdicts: list[Verdict]) -> Count:
    c = Counter(v.outcome for v in verdicts)
    return Count(len(verdicts), len(verdicts) - c["same"], c["near"], c["far"], c["reminded"], c["silent"])


def is_number(verdict: Verdict) -> bool:
    """Whether the edit makes one number another; no check can tell which one was meant."""
    return verdict.edit.kind.startswith("digit")


def survivors(verdicts: list[Verdict]) -> dict[str, list[Verdict]]:
    """The survivors by why each is a ruleset that someone could have meant."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for v in verdicts:
        if v.outcome in SURVIVED:
            found[why(v.edit) or "not explained"].append(v)
    return found
