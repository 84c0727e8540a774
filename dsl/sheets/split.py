"""A ruleset's text -> sheets of rows.

The text is in the one layout (`format.format_text`).  `join.join` makes the same text of the
sheets again; `split` tries it and gives out nothing that would not come back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..keywords import Language, word
from ..parse import ITEMS, subject
from ..syntax import Block, Line, Node, SourceFile, Word
from .cells import take_apart
from .columns import SHEETS
from .join import join
from .rows import RulesetSheet, RulesetSheets, SheetRow

#: What a row says where its statement stands by itself, in no section.
ALONE = "—"
_LEVELS = {"level1": "name1", "level2": "name2"}
_GRADES = frozenset({"grades", "subtotal", "worst_grade"})
#: The columns of a data row's clauses, and their letters in its pattern.
DATA_PARTS = {"unit": "u", "range": "r", "source": "s", "marks": "m"}
_CLAUSE_COLUMN = {
    "unit": "unit", "range_from": "range", "range_up": "range", "range_between": "range", "count_between": "range", "source": "source",
    "assessed": "marks", "fixed": "marks", "matter": "marks",
}  # fmt: skip


class SheetBug(Exception):
    """The sheets would not give the text again; nothing was written."""


def split(text: str, file: SourceFile) -> RulesetSheets:
    """The sheets of a text in the one layout; ``file`` is what it parses to.  Raises `SheetBug`."""
    sheets = _Splitter(file).sheets()
    again = join(sheets)
    if again.diagnostics or _unindented(again.text) != _unindented(text):
        raise SheetBug("the sheets would not give the text again")
    return sheets


def _unindented(text: str) -> list[str]:
    """The lines of a text without their indentation, which says nothing."""
    return [line.strip() for line in text.strip("\n").split("\n")]


class _Splitter:
    """Takes one file apart."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.language: Language = file.language
        self.lines = [line.rstrip() for line in file.lines]
        self.remarks = {r.number for r in file.remarks}
        self.rows: dict[str, list[dict[str, str]]] = {}
        self.last_opening: dict[str, str] = {}

    def sheets(self) -> RulesetSheets:
        blocks = self.file.blocks
        done = 0
        for position, block in enumerate(blocks):
            following = blocks[position + 1].line.number if position + 1 < len(blocks) else len(self.lines) + 1
            end = max(n for n, _ in _numbers(block))
            tail = self.tail(end, following, last=position + 1 == len(blocks))
            self.block(block, done, end, tail)
            done = tail[-1] if tail else end
        if not blocks and any(self.lines):
            self.rows["head"] = [{"above": "\n".join(self.lines).rstrip("\n")}]
        kinds = {"indicators": "indicators", "data": "data"}
        found = [RulesetSheet(k, kinds.get(k, "statements"), _numbered(self.rows[k])) for k in SHEETS if k in self.rows]
        return RulesetSheets(self.language, tuple(found))

    def tail(self, end: int, following: int, *, last: bool) -> list[int]:
        """The comment lines behind a block that belong to it: those right below it, or all at the end."""
        found: list[int] = []
        for number in range(end + 1, following):
            if not last and not self.lines[number - 1]:
                return found
            found.append(number)
        while found and not self.lines[found[-1] - 1]:
            found.pop()
        return found if last else []

    def block(self, block: Block, done: int, end: int, tail: list[int]) -> None:
        kind = subject(block.line.node).kind
        opens = self.above(done, block.line.number)
        if block.kind in ITEMS:
            self.rows.setdefault("indicators", []).append(self.item(block, opens, end, tail))
            return
        key = _sheet_of(block, kind)
        rows = self.rows.setdefault(key, [])
        opening = self.code_text(block.line)
        if not block.rows and not block.fields and not _opens_section(block, kind):
            rows.append(self.statement(block.line, opens, ALONE if key != "head" else "", block.line.number))
        else:
            self.section(block, rows, key, opening, opens)
        if tail:
            rows.append({"opening": "", "above": self.joined(tail), "position": str(block.line.number)})
            self.last_opening[key] = ""

    def section(self, block: Block, rows: list[dict[str, str]], key: str, opening: str, above: str) -> None:
        """A section: its opening in every row, and in a row of its own where it says more than that."""
        comment = block.line.comment or ""
        inside = sorted(_numbers(block))[1:]
        if above or comment or not inside or self.last_opening.get(key) == opening:
            rows.append({"opening": opening, "above": above, "comment": comment, "position": str(block.line.number)})
        self.last_opening[key] = opening
        before = block.line.number
        table = ""
        for number, line in inside:
            over = self.above(before, number)
            if key == "data" and line.node.kind in ("data_row", "column"):
                table = table if line.node.kind == "column" else _first_name(line)
                rows.append(self.data(line, over, opening, block.line.number, table))
            else:
                rows.append(self.statement(line, over, opening, block.line.number))
            before = number

    def above(self, before: int, number: int) -> str:
        """The comments and blank lines over a line; the blank one over a block goes without saying."""
        between = [n for n in range(before + 1, number) if n in self.remarks]
        if between and not self.lines[between[0] - 1] and self.lines[number - 1][:1] != " ":
            blank_only = len(between) == 1
            if blank_only or self.opens_block(number):
                between = between[1:] if self.opens_block(number) else between
        return self.joined(between)

    def opens_block(self, number: int) -> bool:
        block = next((b for b in self.file.blocks if b.line.number == number), None)
        return block is not None and _opens_section(block, subject(block.line.node).kind)

    def joined(self, numbers: Sequence[int]) -> str:
        texts = [self.lines[n - 1].strip() for n in numbers]
        return "\n" if texts and not any(texts) else "\n".join(texts)

    def code_text(self, line: Line) -> str:
        """A line without its comment, as the file has it."""
        return line.text.strip()

    # ---- one row ----

    def statement(self, line: Line, above: str, opening: str, position: int) -> dict[str, str]:
        left, right = _halves(self.code_text(line), line.node, self.language)
        return {
            "opening": opening, "left": left, "right": right, "comment": line.comment or "", "above": above, "position": str(position),
        }  # fmt: skip

    def data(self, line: Line, above: str, opening: str, position: int, table: str) -> dict[str, str]:
        text = line.text.strip()
        shift = len(line.text) - len(line.text.lstrip())
        parts = line.node.parts
        names = [p for p in parts if isinstance(p, Node)]
        name, kind, clauses = names[0], names[1], names[2:]
        row = {"opening": opening, "comment": line.comment or "", "above": above, "position": str(position)}
        row["table"] = (table or ALONE) if line.node.kind == "column" else ""
        row["name"] = text[name.start - shift : name.end - shift]
        row["type"] = text[kind.start - shift : kind.end - shift] if kind.kind == "data_type" else text[name.end - shift + 1 :]
        order = ""
        for clause in clauses:
            column = _CLAUSE_COLUMN.get("unit" if clause.kind == "name" else clause.kind, "marks")
            piece = text[clause.start - shift : clause.end - shift]
            if column == "source":
                piece = piece.removeprefix(word("SOURCE", self.language)).strip()
            row[column] = f"{row[column]}{_comma(self.language)}{piece}" if column in row else piece
            order += DATA_PARTS[column]
        usual = "".join(sorted(order, key="ursm".index))
        row["pattern"] = "" if order == usual else order
        return row

    def item(self, block: Block, above: str, end: int, tail: list[int]) -> dict[str, str]:
        line = block.line
        parts = line.node.parts
        words = [p for p in parts if isinstance(p, Word)]
        row: dict[str, str] = {
            "kind": words[0].text, "code": words[1].text, "comment": line.comment or "", "above": above, "position": str(line.number),
            _LEVELS.get(block.kind, "name3"): words[2].text,
        }  # fmt: skip
        row["kind"] = word(block.kind.upper(), self.language)
        for part in parts:
            if isinstance(part, Node):
                number = "".join("-" if w.kind == "MINUS_SIGN" else w.text for w in part.words() if w.kind in ("NUMBER", "MINUS_SIGN"))
                row["weight" if part.kind == "weight" else "points"] = f"{number}%" if part.kind == "weight" else number
            elif isinstance(part, Word) and part.kind == "INDIVIDUAL":
                row["individual"] = word("INDIVIDUAL", self.language)
        kinds = dict(_kinds(block))
        pieces = []
        for at in range(line.number + 1, end + 1):
            pieces.append((kinds.get(at, "remark"), self.lines[at - 1].removeprefix("  ")))
        pieces += [("remark", self.lines[n - 1].strip()) for n in tail]
        if pieces:
            row |= take_apart(pieces, self.language)
        return row


def _numbered(rows: Sequence[dict[str, str]]) -> tuple[SheetRow, ...]:
    return tuple(SheetRow({"order": str(n), **{k: v for k, v in row.items() if v}}) for n, row in enumerate(rows, 1))


def _numbers(block: Block) -> Iterator[tuple[int, Line]]:
    yield block.line.number, block.line
    yield from ((r.number, r) for r in block.rows)
    for field in block.fields:
        yield from _numbers(field)


def _kinds(block: Block) -> Iterator[tuple[int, str]]:
    for field in block.fields:
        yield field.line.number, field.kind
        yield from ((r.number, "point_row" if field.kind == "points_to_check" else "row") for r in field.rows)


def _opens_section(block: Block, kind: str) -> bool:
    from ..parse import EDITS, SECTIONS

    return block.kind in ITEMS | EDITS or kind in SECTIONS - {"subtotal"}


def _sheet_of(block: Block, kind: str) -> str:
    from ..parse import EDITS

    if block.kind in EDITS and not (block.kind == "change_section" and kind == "data"):
        return "changes"
    if block.kind in _GRADES or kind == "grades":
        return "grades"
    return kind if kind in SHEETS else "head" if not _opens_section(block, kind) else "other"


def _first_name(line: Line) -> str:
    first = line.node.parts[0]
    assert isinstance(first, Node)
    return next(w.text for w in first.words())


def _comma(language: Language) -> str:
    return "，" if language == "zh" else ", "


def _halves(text: str, node: Node, language: Language) -> tuple[str, str]:
    """A line at its colon: ``满分：120分`` is ``满分`` and ``120分``."""
    colon = "：" if language == "zh" else ": "
    left, mark, right = text.partition(colon)
    if not mark or not left.strip() or not right.strip() or any(c in left for c in "“”\"【[「") or left != left.strip():
        return text, ""
    return left, right
