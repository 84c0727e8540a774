"""Text -> `SourceFile`: line by line, each statement on its own.

A line depends on the lines above it only through the kind of block it stands in, so
an editor can parse one line again.  Every line that cannot be read gives exactly one
diagnostic, and the lines that lean on it are marked so that later checks keep quiet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from lark import Lark, Token, Transformer, Tree
from lark.exceptions import LarkError, UnexpectedInput
from lark.grammar import Rule
from lark.lexer import TerminalDef

from .characters import ODD_SPACES, has_full_width_digit, plain_digits, split_lines
from .diagnostics import Diagnostic, Fact, Label, Place, edit_distance, nearest, within_edits
from .frozen import frozen
from .keywords import KEYWORDS, LANGUAGES, Language, spellings
from .limits import MAXIMUM_CHARACTERS
from .syntax import Block, Line, Node, Remark, SourceFile, Word
from .terminals import clause_in_name, line_keyword, terminal_definitions
from .unreadable import call_of_no_function, odd_space, open_quotes, spoiled_characters, syntax_error

#: Which rule reads the rows of a block.
ROWS = {
    "data": "data_row",
    "derived": "derived_row",
    "parameters": "parameter_row",
    "reconcile": "reconcile_row",
    "dimensions": "dimension_row",
    "problem_types": "problem_row",
    "unscored": "unscored_row",
    "frequency": "frequency_row",
    "linkage": "linkage_row",
    "segments": "segment_row",
    "groups": "group_row",
    "survey": "survey_row",
    "lookup": "lookup_row",
    "decision": "decision_row",
    "grades": "grade_row",
    "points_to_check": "point_row",
    "crosswalk": "crosswalk_row",
}
#: Which rule reads the rows of a rule form.
FORM_ROWS = {
    "BY_LEVEL": "level_row",
    "DOCUMENTS": "document_row",
    "DOCUMENT_SHARE": "document_row",
    "DEDUCT_EACH": "step_row",
    "EARN_EACH": "step_row",
    "TARGET_DEDUCT": "step_row",
    "BANDS": "band_row",
    "INTERPOLATE": "anchor_row",
    "CHECKLIST": "check_row",
    "TIERS": "tier_row",
    "WORST_ONLY": "case_row",
    "BEST_ONLY": "case_row",
    "DISTRIBUTION": "share_row",
    "PROPORTIONAL": "share_row",
    "BY_RANK": "rank_row",
}
ITEMS = frozenset({"level1", "level2", "level3", "bonus", "extra", "veto"})
SECTIONS = frozenset(ROWS) - {"points_to_check"} | {"subtotal"}
HEAD = frozenset(
    {
        "ruleset", "version", "extends", "applies", "unit_levels", "for_regions", "for_units", "issuer", "full_score",
        "deciding", "rounding", "missing_evidence", "left_out_limit", "all_out", "subtotal", "worst_grade",
        "allocation", "posts_before", "shared_by", "total_shared", "tilt", "least_posts", "most_posts", "whole_posts", "transfers_by",
        "use_of_results",
    }
)  # fmt: skip
#: What a layer does to the ruleset that it extends.
EDITS = frozenset(
    {
        "addition", "change_item", "change_section", "remove_items", "remove_rows", "remove_block", "move", "reweigh", "lock_items", "lock_rows",
    }
)  # fmt: skip
#: Fields that belong to a section instead of an indicator.
SECTION_FIELDS = {"keys": "lookup", "column": "data", "gate": "grades"}
#: Fields of what a layer adjusts, and of nothing else.
_CHANGE_FIELDS = frozenset({"renamed", "former_name"})
#: Lines that belong to the block above if it can have them, else to the ruleset.
_EITHER = frozenset({"note", "basis", "reason", "leave_out", "effective"})


class _TreeBuilder(Transformer):  # type: ignore[type-arg]
    """Turns what the parser reads into nodes and words, while it reads."""

    def __default__(self, data: Any, children: list[Any], meta: Any) -> Any:
        if data.startswith("_"):  # a repetition inside a rule: Lark splices its children in
            return Tree(data, children)
        parts = tuple(_word(c) if isinstance(c, Token) else c for c in children)
        real = [p for p in parts if p is not None]
        start, end = (real[0].start, real[-1].end) if real else (0, 0)
        return Node(str(data), parts, start, end)


def _word(token: Token) -> Word:
    return Word(token.type, str(token), token.start_pos or 0, token.end_pos or 0)


_PARSERS: dict[Language, Lark] = {}


def grammar_parser(language: Language) -> Lark:
    """The LALR parser of one language, built at the first call."""
    if language not in _PARSERS:
        _PARSERS[language] = Lark(**_grammar(language), transformer=_TreeBuilder())
    return _PARSERS[language]


def _grammar(language: Language) -> dict[str, Any]:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text("utf-8")
    starts = ["statement", "expression", *sorted({*ROWS.values(), *FORM_ROWS.values()})]
    return {
        "grammar": f"{grammar}\n{terminal_definitions(language)}",
        "parser": "lalr",
        "lexer": "contextual",
        "start": starts,
        "maybe_placeholders": True,
    }


def parser_tables(language: Language) -> str:
    """The parser's tables as JSON text, for `use_tables` of a later run."""
    data, memo = Lark(**_grammar(language)).memo_serialize([TerminalDef, Rule])
    return json.dumps({"data": data, "memo": memo}, ensure_ascii=False, separators=(",", ":"))


def use_tables(language: Language, tables: str) -> None:
    """Take the parser of a language from its tables.  Raises ``ValueError`` if they are none."""
    if language in _PARSERS:
        return
    try:
        read = json.loads(tables, object_pairs_hook=_with_whole_keys)
        load: Callable[..., Lark] = Lark._load_from_dict
        _PARSERS[language] = load(read["data"], read["memo"], transformer=_TreeBuilder())
    except (AttributeError, KeyError, TypeError, IndexError, AssertionError, LarkError) as error:
        raise ValueError(str(error)) from error


def _with_whole_keys(pairs: list[tuple[str, Any]]) -> dict[int | str, Any]:
    """JSON turns the whole numbers that tables are keyed by into text; this turns them back."""
    return {int(k) if k.isdigit() else k: v for k, v in pairs}


def split_comment(text: str) -> tuple[str, str | None]:
    """A line without its trailing comment, and the comment: `` # …`` after a space."""
    for match in re.finditer(rf"(?:^|[\s{ODD_SPACES}])([#＃])", text):
        before = text[: match.start(1)]
        if not any(open_quotes(before)):
            return before, text[match.start(1) :]
    return text, None


def detect_language(text: str) -> Language:
    """The language of a file: the one whose opening words occur on more lines."""
    lines = text.splitlines()[:2000]
    zh, en = (sum(1 for line in lines if line_keyword(lang).match(line)) for lang in LANGUAGES)
    if zh == en == 0:
        return "zh" if re.search(r"[\u4e00-\u9fff]", text) else "en"
    return "zh" if zh >= en else "en"


@dataclass(slots=True)
class _OpenBlock:
    """A block that is still being filled while the file is read."""

    line: Line
    rows: list[Line] = field(default_factory=list)
    fields: list[_OpenBlock] = field(default_factory=list)

    def close(self) -> Block:
        return Block(self.line, tuple(self.rows), tuple(f.close() for f in self.fields))


@frozen
class ParseResult:
    """A file as far as it could be read, the findings, and the lines that could not be read."""

    file: SourceFile
    diagnostics: tuple[Diagnostic, ...]
    lost: tuple[Lost, ...] = ()


@frozen
class Lost:
    """A line that could not be read: checks that would complain of its absence keep quiet."""

    text: str
    number: int
    block: int | None


#: Lines read before, with the rule that read them: parsed again they give the same node.
Memory = dict[tuple[str, str], Node]


def parse(text: str, language: Language | None = None, memory: Memory | None = None, first: int = 1) -> ParseResult:
    """Read a whole ruleset text.  Never raises: what cannot be read is in ``diagnostics``.
    Its first line has the number ``first``: in a chain of files every line has its own.

    An editor gives the same ``memory`` (of one language) each time, so that only changed
    lines are read again.
    """
    language = language or detect_language(text[:200_000])
    if len(text) > MAXIMUM_CHARACTERS:
        empty = SourceFile(language, ())
        facts = {"count": str(len(text)), "limit": str(MAXIMUM_CHARACTERS)}
        return ParseResult(empty, (Diagnostic("E112", (), facts),), ())
    return _Reader(text, language, memory, first).read()


def row_rule_after(text: str, language: Language, memory: Memory | None = None) -> str | None:
    """The rule that reads a row on the line after a text, if rows can stand there."""
    reader = _Reader(text[:MAXIMUM_CHARACTERS], language, memory)
    reader.read()
    return reader.row_rule


class _Reader:
    """Reads one file, keeping the block that the next row or field belongs to."""

    def __init__(self, text: str, language: Language, memory: Memory | None = None, first: int = 1) -> None:
        self.first = first
        self.language: Language = language
        self.lines = tuple(split_lines(text))
        self.parser = grammar_parser(language)
        self.keyword = line_keyword(language)
        self.words = spellings("line", language)
        self.blocks: list[_OpenBlock] = []
        self.remarks: list[Remark] = []
        self.found: list[Diagnostic] = []
        self.lost: list[Lost] = []
        self.owner: _OpenBlock | None = None  # the item or section that fields belong to
        self.holder: _OpenBlock | None = None  # the block that rows belong to
        self.row_rule: str | None = None
        self.after_error = False  # rows of a block whose opening line was lost
        self.memory: Memory = {} if memory is None else memory

    def read(self) -> ParseResult:
        for number, raw in enumerate(self.lines, self.first):
            text, comment = split_comment(raw) if "#" in raw or "＃" in raw else (raw, None)
            if not text.strip():
                self.remarks.append(Remark(number, raw.strip()))
            else:
                self._read_line(number, text.rstrip(), comment)
        file = SourceFile(
            self.language, tuple(b.close() for b in self.blocks), tuple(self.remarks), self.lines
        )
        return ParseResult(file, tuple(self.found), tuple(self.lost))

    def _read_line(self, number: int, text: str, comment: str | None) -> None:
        match = self.keyword.match(text)
        if match is None and self.row_rule is None:
            if self.after_error:
                self.lost.append(Lost(text, number, self._block_line()))
            else:
                self._lose_statement(number, text, self._not_a_statement(number, text))
            return
        if match and self._is_row(number, text, match):
            match = None
        rule = "statement" if match else self.row_rule
        node = self._construct(number, text, rule or "statement")
        if isinstance(node, Diagnostic):
            meant = self._meant_as_name(number, text, match) if match else self._meant_as_statement(number, text)
            if meant is not None:
                self._lose_statement(number, text, meant)
            else:
                self._lose(number, text, node, self.words[match[1]] if match else None)
            return
        if has_full_width_digit(text):
            self._full_width_reminders(number, node)
        line = Line(number, text, node, comment.strip() if comment else None)
        if match:
            self._place_statement(line, self.words[match[1]])
        elif self.holder is not None:
            self.holder.rows.append(line)

    def _meant_as_name(self, number: int, text: str, match: re.Match[str]) -> Diagnostic | None:
        """What is wrong with a statement that cannot be read because its opening word is a name here."""
        if self.row_rule is None or not isinstance(self._construct(number, text, self.row_rule), Node):
            return None
        start, end = match.span(1)
        quoted = f"【{match[1]}】" if self.language == "zh" else f"[{match[1]}]"
        return Diagnostic("E106", (Label(Place(number, start, end)),), {"word": match[1]}, text[:start] + quoted + text[end:])

    def _is_row(self, number: int, text: str, match: re.Match[str]) -> bool:
        """Whether a line that begins like a statement is a row: a name such as ``target group``."""
        if self.row_rule is None or re.match(r"\s*(?:[:：]|$)", text[match.end() :]):
            return False
        as_statement = self._construct(number, text, "statement")
        return isinstance(as_statement, Diagnostic) and isinstance(self._construct(number, text, self.row_rule), Node)

    def _construct(self, number: int, text: str, rule: str) -> Node | Diagnostic:
        remembered = self.memory.get((text, rule))
        if remembered is not None:
            return remembered
        result = parse_line(text, rule, self.language, number)
        if isinstance(result, Node):
            self.memory[text, rule] = result
        return result

    def _block_line(self) -> int | None:
        return self.owner.line.number if self.owner else None

    def _lose(self, number: int, text: str, why: Diagnostic, key: str | None = None) -> None:
        self.found.append(why)
        self.lost.append(Lost(text, number, self._block_line()))
        opens = key is not None and (
            key in {"LEVEL1", "LEVEL2", "LEVEL3", "BONUS", "EXTRA", "VETO", "STANDARD"} or key.lower() in SECTIONS
        )
        if opens:
            self.holder, self.row_rule, self.after_error = None, None, True
            if key != "STANDARD":
                self.owner = None

    def _lose_statement(self, number: int, text: str, why: Diagnostic) -> None:
        """Lose a line whose opening word is not known: the rows below it lean on it."""
        meant = why.fact("right") or why.fact("near")
        self._lose(number, text, why, self.words.get(meant))
        if why.code == "E101" and not meant:
            self.holder, self.row_rule, self.after_error = None, None, True

    def _full_width_reminders(self, number: int, node: Node) -> None:
        for w in node.words():
            if w.kind in {"NUMBER", "DATE", "CODE"} and has_full_width_digit(w.text):
                self.found.append(
                    Diagnostic("W111", (Label(Place(number, w.start, w.end)),), {"text": w.text, "plain": plain_digits(w.text)})
                )

    def _place_statement(self, line: Line, key: str) -> None:
        kind = line.node.kind
        block = _OpenBlock(line)
        if kind in ITEMS or kind in SECTIONS or kind in HEAD or kind in EDITS:
            self.blocks.append(block)
            if kind in HEAD:
                return
            opened = subject(line.node).kind
            self.owner, self.after_error = block, False
            self.holder = block if opened in ROWS else None
            self.row_rule = ROWS.get(opened)
            return
        if self.owner is None or not _belongs(kind, self.owner.line.node):
            if kind in _EITHER:
                self.blocks.append(block)
            elif not self.after_error:
                place = Place(line.number, line.node.start, line.node.end)
                self.found.append(Diagnostic("E106", (Label(place),), {"word": KEYWORDS[key].spelling(self.language)}))
            return
        self.owner.fields.append(block)
        if kind == "points_to_check":
            self.holder, self.row_rule, self.after_error = block, ROWS[kind], False
        elif kind == "standard":
            form = line.node.parts[1]
            assert isinstance(form, Word)
            self.holder, self.row_rule, self.after_error = block, FORM_ROWS.get(form.kind), False

    def _not_a_statement(self, number: int, text: str) -> Diagnostic:
        found = spoiled_characters(text, number) or self._other_language(number, text)
        if found:
            return found
        head, place = _opening(text, number)
        guess = self._readable(number, text, head) or nearest(head, self.words)
        facts = {"text": head, **({"near": guess} if guess else {})}
        return Diagnostic("E101", (Label(place),), facts, guess and self._with_opening(text, head, guess))

    def _readable(self, number: int, text: str, head: str) -> str | None:
        """Of the words closest to an opening word, the first with which the line can be read."""
        first = within_edits(head, self.words)
        if first is None:
            return None
        limit = edit_distance(head, first, len(head))
        as_close = [w for w in self.words if edit_distance(head, w, limit) == limit]
        read = [w for w in as_close if isinstance(self._construct(number, self._with_opening(text, head, w), "statement"), Node)]
        return next(iter(read), None)

    def _with_opening(self, text: str, head: str, right: str) -> str:
        """A line that opens with another word; what the word had swallowed is kept behind a colon."""
        rest = head.removeprefix(right)
        if rest in ("", head):
            return text.replace(head, right, 1)
        return text.replace(head, f"{right}{'：' if self.language == 'zh' else ': '}{rest}", 1)

    def _other_language(self, number: int, text: str) -> Diagnostic | None:
        """A statement opened by a word of the other language."""
        language: Language = "en" if self.language == "zh" else "zh"
        other = line_keyword(language).match(text)
        if other is None:
            return None
        right = KEYWORDS[spellings("line", language)[other[1]]].spelling(self.language)
        place = Place(number, other.start(1), other.end(1))
        repair = text[: other.start(1)] + right + text[other.end(1) :]
        return Diagnostic("E105", (Label(place),), {"word": other[1], "right": right}, repair)

    def _meant_as_statement(self, number: int, text: str) -> Diagnostic | None:
        """What is wrong with a row that cannot be read because it is a mistyped statement."""
        if spoiled_characters(text, number):
            return None
        head, _ = _opening(text, number)
        if within_edits(head, self.words) or self._other_language(number, text):
            return self._not_a_statement(number, text)
        return None


def subject(node: Node) -> Node:
    """The indicator or section that a line opens: what an edit adds or changes, else the line's own."""
    if node.kind in ("addition", "change_section"):
        inner = node.parts[1]
        assert isinstance(inner, Node)
        return inner
    return node


def _belongs(field: str, owner: Node) -> bool:
    """Whether a field can stand below what a line opens."""
    if field == "reason":
        return owner.kind in EDITS
    if field in _CHANGE_FIELDS or field == "leave_out":
        return owner.kind == "change_item"
    kind = subject(owner).kind
    return SECTION_FIELDS[field] == kind if field in SECTION_FIELDS else kind in ITEMS or kind == "change_item"


def _opening(text: str, number: int) -> tuple[str, Place]:
    """The word a line opens with, and its place."""
    head = re.split(r"[:：\s，,]", text.strip(), maxsplit=1)[0]
    start = len(text) - len(text.lstrip())
    return head, Place(number, start, start + len(head))


def parse_line(text: str, rule: str, language: Language, number: int = 1) -> Node | Diagnostic:
    """One line read by one rule of the grammar, or the one diagnostic that says why not."""
    spoiled = spoiled_characters(text, number)
    if spoiled:
        return spoiled
    try:
        node = grammar_parser(language).parse(text, start=rule)
    except UnexpectedInput as error:
        return syntax_error(error, text, number, language, lambda repaired: _reads(repaired, rule, language))
    assert isinstance(node, Node)
    call = call_of_no_function(text, number, language)
    return call or _odd_space_in_name(node, text, number) or _odd_number(node, number) or _swallowed_clause(node, text, number, language) or node


def _reads(text: str, rule: str, language: Language) -> bool:
    try:
        grammar_parser(language).parse(text, start=rule)
    except UnexpectedInput:
        return False
    return True


_NAMES = frozenset({"NAME", "LIST_NAME", "QUOTED_NAME", "HEADING_NAME", "UNIT"})


def _odd_space_in_name(node: Node, text: str, number: int) -> Diagnostic | None:
    """An odd space may separate words, but never be part of a name unseen."""
    for word in node.words():
        odd = re.search(f"[{ODD_SPACES}]", word.text) if word.kind in _NAMES else None
        if odd:
            return odd_space(text, number, word.start + odd.start())
    return None


def _odd_number(node: Node, number: int) -> Diagnostic | None:
    """A number such as ``05`` has lost its point, or a digit too many."""
    for word in node.words():
        if word.kind == "NUMBER" and re.match("[0０][0-9０-９]", word.text):
            return Diagnostic("E107", (Label(Place(number, word.start, word.end)),), {"text": word.text})
    return None


def _swallowed_clause(node: Node, text: str, number: int, language: Language) -> Diagnostic | None:
    """A name that runs on into a clause: the comma between them was lost."""
    for word in node.words():
        clause = clause_in_name(language).search(word.text) if word.kind == "LIST_NAME" else None
        if clause:
            at = word.start + clause.start()
            comma = "，" if language == "zh" else ", "
            repair = text[:at].rstrip() + comma + text[at:]
            facts: dict[str, Fact] = {"text": text[at:].strip()[:20], "expected": ("_COMMA",)}
            return Diagnostic("E102", (Label(Place(number, at, word.end)),), facts, repair)
    return None
