"""A grid of cells -> the records of a declared table, however the sheet is laid out.

The heading may stand below titles and take two rows; blank rows, sums and notes are left
out and told of; values are put as a unit file writes them, without changing what they
say.  A record knows the row it came from, and a finding the cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..dsl.characters import INVISIBLE, ODD_SPACES, plain_digits
from ..dsl.diagnostics import Diagnostic, Fact, Label, Place
from ..dsl.frozen import frozen
from ..dsl.model import Column, DataItem, Ruleset
from ..engine.intake import Intake, NumberText
from ..engine.personal import masked
from .grid import Cell, Grid

#: The heading stands within so many rows.
_HEADING_WITHIN = 12
_SUMS = re.compile(r"(?:小计|合计|总计|共计|subtotal|total|sum)(?:[:：（(].*)?\Z", re.IGNORECASE)
_BLANKS = re.compile(rf"[\s{ODD_SPACES}{''.join(INVISIBLE)}]+")
#: What a heading says beside the name: required marks, units and remarks in brackets.
_BESIDE = re.compile(r"[*＊]|[(（][^()（）]*[)）]")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?\Z")
_NOTE = re.compile(r"(.*?[0-9%])\s*[(（][^()（）]*[)）]\Z", re.DOTALL)
_DAY = re.compile(r"([12][0-9]{3})([01][0-9])([0-3][0-9])\Z")
_TRUTHS = {"√": True, "✓": True, "是": True, "yes": True, "true": True, "×": False, "✗": False, "否": False, "no": False, "false": False}
#: A sheet keeps fifteen digits of a number.
_DIGITS_KEPT = 15


@frozen
class Tidied:
    """The records of a table as raw values, the row each came from, and every finding.

    ``page`` are the rows of the sheet as lines, personal cells masked, for findings to point into.
    """

    rows: tuple[dict[str, Any], ...]
    numbers: tuple[int, ...]
    diagnostics: tuple[Diagnostic, ...]
    page: tuple[str, ...]
    read: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(d.is_error for d in self.diagnostics)


@frozen
class _Heading:
    """Where the heading ends, and the column of the table that each position holds."""

    below: int
    positions: Mapping[int, Column]
    titles: tuple[str, ...]


def plain_heading(text: str) -> str:
    """A heading without blanks, line breaks, marks and remarks in brackets."""
    bare = _BLANKS.sub("", _BESIDE.sub("", text))
    return bare or _BLANKS.sub("", text)


def tidy(grid: Grid, item: DataItem, ruleset: Ruleset, called: Mapping[str, str]) -> Tidied:
    """The records that a grid holds for a table; ``called`` gives headings their column."""
    return _Tidying(grid, item, ruleset, called).run()


@dataclass(slots=True)
class _Tidying:
    grid: Grid
    item: DataItem
    ruleset: Ruleset
    called: Mapping[str, str]
    found: list[Diagnostic] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)

    def run(self) -> Tidied:
        self.found += self.grid.notices
        heading = self._heading()
        page = self._page(heading)
        if heading is None or any(d.is_error for d in self.found):
            return Tidied((), (), tuple(self.found), page)
        rows, numbers = self._records(heading)
        self._told(heading)
        self._checked(rows, numbers, heading)
        self._doubles(rows, numbers)
        return Tidied(tuple(rows), tuple(numbers), tuple(self.found), page, tuple(c.name for c in heading.positions.values()))

    def report(self, code: str, row: int | None, column: int | None = None, /, **facts: Fact) -> None:
        self.found.append(replace(Diagnostic(code, (), {"file": self.grid.name, **facts}, source="table"), **self._at(row, column)))

    def _at(self, row: int | None, column: int | None) -> dict[str, Any]:
        """Where a finding is: the cell's name, and the place in the row as the page shows it."""
        if row is None:
            return {}
        cells = [_one_line(c.text) for c in self.grid.rows[row]]
        start = sum(len(c) + len(_BETWEEN) for c in cells[:column]) if column is not None else 0
        width = len(cells[column]) if column is not None and column < len(cells) else len(_BETWEEN.join(cells))
        place = Place(row + self.grid.first, start, start + max(1, width))
        return {"labels": (Label(place),), "path": self.grid.place(row, column) if column is not None else None}

    # ---- the heading ----

    def _heading(self) -> _Heading | None:
        """The row, or the two rows, that name the most columns of the table."""
        wanted = {plain_heading(c.name): c for c in self.item.columns}
        wanted |= {plain_heading(h): c for h, name in self.called.items() for c in self.item.columns if c.name == name}
        best: tuple[int, int, _Heading] | None = None
        for row in range(min(_HEADING_WITHIN, len(self.grid.rows))):
            for height in (1, 2):
                found = self._named(row, height, wanted)
                score = len({c.name for c in found.positions.values()}), -height
                if best is None or (score > best[:2] and score[0]):
                    best = (*score, found)
        if best is None:
            self.report("E871", None, column="、".join(c.name for c in self.item.columns))
            return None
        heading = best[2]
        there = {c.name for c in heading.positions.values()}
        for column in self.item.columns:
            if column.name not in there and not column.optional:
                self.report("E871", heading.below - 1 if best[0] else None, None, column=column.name, columns=tuple(t for t in heading.titles if t)[:20])
        for name in sorted(n for n in there if sum(c.name == n for c in heading.positions.values()) > 1):
            self.report("E872", heading.below - 1, None, column=name)
        return heading

    def _named(self, row: int, height: int, wanted: Mapping[str, Column]) -> _Heading:
        rows = self.grid.rows[row : row + height]
        width = max((len(r) for r in rows), default=0)
        positions: dict[int, Column] = {}
        titles = []
        for position in range(width):
            parts = [plain_heading(r[position].text) if position < len(r) else "" for r in rows]
            title = next((t for t in ("".join(dict.fromkeys(parts)), parts[-1], parts[0]) if t in wanted), None)
            titles.append(title or "".join(dict.fromkeys(parts)))
            if title is not None:
                positions[position] = wanted[title]
        return _Heading(row + height, positions, tuple(titles))

    # ---- the records ----

    def _records(self, heading: _Heading) -> tuple[list[dict[str, Any]], list[int]]:
        rows: list[dict[str, Any]] = []
        numbers: list[int] = []
        for number in range(heading.below, len(self.grid.rows)):
            cells = self.grid.rows[number]
            given = [c for c in cells if _BLANKS.sub("", c.text)]
            if not given:
                continue
            if self._is_sum(given) or self._is_note(given, heading) or self._is_heading_again(cells, heading):
                self.left_out.append(number + self.grid.first)
                continue
            row = {c.name: self._value(c, cells[p] if p < len(cells) else Cell(""), number, p) for p, c in heading.positions.items()}
            rows.append({k: v for k, v in row.items() if v is not None})
            numbers.append(number)
        return rows, numbers

    @staticmethod
    def _is_sum(given: Sequence[Cell]) -> bool:
        return any(_SUMS.match(_BLANKS.sub("", c.text)) for c in given[:2])

    @staticmethod
    def _is_note(given: Sequence[Cell], heading: _Heading) -> bool:
        """A title or a remark over the whole row."""
        return len(heading.positions) > 1 and len({c.text for c in given}) == 1 and (len(given) == 1 or any(c.filled for c in given)) and (
            re.match(r"(?:注|备注|说明|填表|审核|制表|单位|note)", _BLANKS.sub("", given[0].text), re.IGNORECASE) is not None
        )

    @staticmethod
    def _is_heading_again(cells: Sequence[Cell], heading: _Heading) -> bool:
        """A heading printed again at the top of a page."""
        return all(p < len(cells) and plain_heading(cells[p].text) == heading.titles[p] for p in heading.positions)

    def _value(self, column: Column, cell: Cell, row: int, position: int) -> Any:
        """A cell as a unit file writes it; nothing for an empty one."""
        text = _BLANKS.sub(" ", cell.text).strip()
        if not text:
            return None
        if column.identity and cell.number and len(text) > _DIGITS_KEPT:
            self.report("E873", row, position, column=column.name, shown=masked(text))
            return None
        match column.type.kind:
            case "number":
                return self._number(text, row, position)
            case "date":
                day = _DAY.match(plain_digits(text))
                return f"{day[1]}-{day[2]}-{day[3]}" if day else text
            case "yes_no":
                return _TRUTHS.get(text.lower(), text)
            case "choice":
                return next((o for o in column.type.options if _BLANKS.sub("", o) == _BLANKS.sub("", text)), text)
        return plain_digits(text).replace(" ", "") if column.identity else text

    def _number(self, text: str, row: int, position: int) -> Any:
        plain = plain_digits(text).replace("％", "%")
        note = _NOTE.match(plain)
        if note is not None:
            self.notes.append(row + self.grid.first)
            plain = note[1].strip()
        plain = re.sub(r"\s+", "", plain)
        return NumberText(plain) if _NUMBER.match(plain) else plain

    # ---- findings ----

    def _told(self, heading: _Heading) -> None:
        """What was not read, and why."""
        extra = tuple(t for p, t in enumerate(heading.titles) if t and p not in heading.positions)
        if extra:
            self.report("W876", heading.below - 1, None, columns=extra[:20])
        if self.left_out:
            self.report("W877", None, None, rows=_numbers(self.left_out))
        if self.notes:
            self.report("W878", None, None, rows=_numbers(self.notes))
        hidden = tuple(heading.positions[p].name for p in self.grid.hidden if p in heading.positions)
        if hidden:
            self.report("W879", None, None, columns=hidden)

    def _checked(self, rows: list[dict[str, Any]], numbers: list[int], heading: _Heading) -> None:
        """Every value against its declaration; a finding points at its cell."""
        intake = Intake(self.ruleset)
        intake.entry(self.item, rows, "table")
        where = {c.name: p for p, c in heading.positions.items()}
        for one in intake.found:
            match = re.match(r"table\[(\d+)\](?:\.(.*))?\Z", one.path or "", re.DOTALL)
            row = numbers[int(match[1])] if match and int(match[1]) < len(numbers) else None
            name = match[2] if match and match[2] else one.fact("name")
            facts = {**one.facts, **({"row": str(row + self.grid.first)} if row is not None and "row" in one.facts else {})}
            self.found.append(replace(one, facts=facts, source="table", **{"path": None, **self._at(row, where.get(name))}))

    def _doubles(self, rows: list[dict[str, Any]], numbers: list[int]) -> None:
        """One identity number on two rows."""
        for column in (c for c in self.item.columns if c.identity):
            seen: dict[str, int] = {}
            for row, number in zip(rows, numbers, strict=True):
                value = row.get(column.name)
                if value in seen:
                    facts = {"column": column.name, "first": str(seen[value] + self.grid.first), "second": str(number + self.grid.first)}
                    self.report("W880", number, None, **facts, shown=masked(str(value)))
                elif value is not None:
                    seen[value] = number

    def _page(self, heading: _Heading | None) -> tuple[str, ...]:
        """The rows as lines that findings are shown in."""
        hidden = {p for p, c in heading.positions.items() if c.personal} if heading is not None else set()
        first = heading.below if heading is not None else 0
        lines = [""] * (self.grid.first - 1) if self.grid.first else []
        for number, cells in enumerate(self.grid.rows):
            texts = [_one_line(c.text) for c in cells]
            lines.append(_BETWEEN.join(masked(t) if p in hidden and number >= first else t for p, t in enumerate(texts)))
        return tuple(lines if self.grid.first else lines[1:])


_BETWEEN = " | "


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _numbers(rows: Sequence[int]) -> str:
    shown = "、".join(str(r) for r in rows[:10])
    return shown + ("…" if len(rows) > 10 else "")
