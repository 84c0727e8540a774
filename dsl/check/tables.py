"""Look-up tables and decision tables."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

from ..characters import plain_digits
from ..diagnostics import nearest
from ..expressions import ExpressionReader, Table, Typed, name_of
from ..forms.lowering import plus, quantity
from ..keywords import LANGUAGES, instead, word
from ..model import Choose, Derived, Expression, Literal, Logic, Lookup, Outcome, Type, Value
from ..numbers import Exact
from ..ranges import Words
from ..syntax import Block, Line, Node, Word
from .declarations import report_divisor, two_units, words_of
from .draft import Draft, node_of, word_of


def read_lookup(draft: Draft, block: Block) -> Table | None:
    """A look-up table: the value for each combination of keys."""
    name = name_of(block.line.node.parts[1])
    keys = next((f for f in block.fields if f.kind == "keys"), None)
    if keys is None:
        if block.line.number not in draft.lost_blocks:
            draft.report("E210", block.line, None, missing=word("KEYS", draft.language))
        return None
    arguments = [p for p in node_of(keys.line.node.parts[1]).parts if isinstance(p, Node)]
    reader = draft.reader(keys.line)
    read = [reader.read(a) for a in arguments]
    known = tuple(t.type for t in read if t is not None)
    found = _entries(draft, block, [_words_of(reader, t) for t in read if t is not None]) if len(known) == len(read) else None
    if found is None:
        return None
    entries, kind = found
    return Table(name, lambda k: Lookup(name, k, entries), known, kind)


def _words_of(reader: ExpressionReader, key: Typed) -> Type:
    """The type of a key; a text that can only be certain words, such as those of a decision table, is a choice of them."""
    can_be = reader.range_of(key.expression)
    if key.type.kind == "text" and isinstance(can_be, Words) and can_be.values is not None:
        return Type("choice", options=tuple(sorted(can_be.values)))
    return key.type


def _entries(draft: Draft, block: Block, keys: list[Type]) -> tuple[tuple[tuple[tuple[Value, ...], Exact], ...], Type] | None:
    entries: dict[tuple[Value, ...], Exact] = {}
    kind: Type | None = None
    for row in block.rows:
        names, quantity_node = row.node.parts
        words = [name_of(p) for p in node_of(names).parts]
        read = quantity(quantity_node)
        if len(words) != len(keys) or read is None:
            draft.report("E225", row, names, wanted=str(len(keys)), found=str(len(words)))
            return None
        values = tuple(_key_value(draft, row, node_of(names), w, t) for w, t in zip(words, keys, strict=True))
        if None in values:
            return None
        if values in entries:
            draft.report("E209", row, names, name=tuple(words))
            return None
        entries[values] = read[0]  # type: ignore[index]
        kind = kind or read[1]
        if (kind.unit, kind.share) != (read[1].unit, read[1].share):
            draft.report("E502", row, quantity_node, None, **two_units(draft, kind, read[1]))
            return None
        kind = replace(kind, whole=kind.whole and read[1].whole)
    if block.line.number in draft.lost_blocks:
        return None
    if kind is None:
        draft.report("E211", block.line, None, form=draft.opening(block))
        return None
    if all(k.kind in ("choice", "yes_no") for k in keys) and not _complete(draft, block, keys, set(entries)):
        return None
    return tuple(entries.items()), kind


def _key_value(draft: Draft, row: Line, node: Node, text: str, kind: Type) -> Value | None:
    if kind.kind == "choice":
        if text not in kind.options:
            near = nearest(text, kind.options)
            draft.report("E508", row, node, option=text, options=kind.options, **({"near": near} if near else {}))
            return None
        return text
    if kind.kind == "yes_no":
        words = {word(k, language): k == "YES" for language in LANGUAGES for k in ("YES", "NO")}
        if text not in words:
            draft.report("E508", row, node, None, option=text, options=tuple(words))
        return words.get(text)
    if kind.kind == "number":
        try:
            value = Fraction(plain_digits(text))
        except ValueError:
            draft.report("E501", row, node, wanted=words_of(draft, "NUMBER_TYPE"), found=text)
            return None
        return value.numerator if value.denominator == 1 else value
    return text


def _complete(draft: Draft, block: Block, keys: list[Type], entries: set[tuple[Value, ...]]) -> bool:
    """A table over choices must have an entry for every combination."""
    choices = [k.options if k.kind == "choice" else (True, False) for k in keys]
    count = 1
    for c in choices:
        count *= len(c)
    if count > 10_000:
        return True
    missing = [c for c in product(*choices) if c not in entries]
    if missing:
        shown = [word("YES" if m else "NO", draft.language) if isinstance(m, bool) else str(m) for m in missing[0]]
        draft.report("E226", block.line, None, keys=tuple(shown), count=str(len(missing)))
    return not missing


def read_decision(draft: Draft, block: Block) -> Derived | None:
    """A decision table: rows of condition and value, under a stated hit policy."""
    _, name_node, policy, *_ = block.line.node.parts
    rows = _decision_rows(draft, block)
    kind = rows and draft.reader(block.line).common_type([v for _, v in rows[0]] + [rows[1]])
    if not rows or not kind:
        return None
    cases, rest = rows
    expression = _decision(word_of(policy).kind, [(c, v.expression) for c, v in cases], rest.expression)
    return Derived(name_of(name_node), kind, expression, draft.place(block.line))


def _decision_rows(draft: Draft, block: Block) -> tuple[list[tuple[Expression, Typed]], Typed] | None:
    """The cases of a decision table and what holds otherwise; ``None`` after a mistake."""
    cases: list[tuple[Expression, Typed]] = []
    rest: Typed | None = None
    fine = block.line.number not in draft.lost_blocks
    for row in block.rows:
        condition_part, value_part = row.node.parts
        reader = draft.reader(row)
        value = reader.read(value_part)
        if _meant_as_rest(draft, row):
            fine = False
            continue
        condition = None if isinstance(condition_part, Word) else reader.condition(condition_part)
        if reader.divisors:
            report_divisor(draft, row, reader.divisors[0][1])
            fine = False
        elif value is None or (condition is None and not isinstance(condition_part, Word)):
            fine = False
        elif condition is None:
            rest = value
        else:
            reader.constant_condition(condition)
            cases.append((condition.expression, value))
    if fine and not cases:
        draft.report("E211", block.line, None, form=draft.opening(block))
    elif fine and rest is None:
        draft.report("E210", block.line, None, missing=word("REST", draft.language))
    return (cases, rest) if fine and cases and rest is not None else None


def _meant_as_rest(draft: Draft, row: Line) -> bool:
    """Whether a row opens with a word that people write for 其余, and says so; a declared name is no such word."""
    condition = row.node.parts[0]
    if not isinstance(condition, Node) or condition.kind != "variable" or not isinstance(condition.parts[0], Node):
        return False
    name, right = name_of(condition.parts[0]), word("REST", draft.language)
    if name in draft.scope.names or name not in instead("REST", draft.language):
        return False
    repair = row.text[: condition.start] + right + row.text[condition.end :]
    draft.report("E206", row, condition, repair, name=name, near=right)
    return True


def _decision(policy: str, cases: list[tuple[Expression, Expression]], rest: Expression) -> Expression:
    match policy:
        case "ONLY_HIT":
            doubles = tuple(
                (Logic("and", (first, second)), Outcome("error", "E724"))
                for i, (first, _) in enumerate(cases)
                for second, _ in cases[i + 1 :]
            )
            return Choose((*doubles, *cases), rest)
        case "SUM_HITS":
            total = plus([Choose(((condition, value),), Literal(0, "0")) for condition, value in cases])
            return Choose(tuple((condition, total) for condition, _ in cases), rest)
    return Choose(tuple(cases), rest)
