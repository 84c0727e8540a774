"""A table of results (CSV or Excel), a unit a row and an indicator a column -> scores of a cohort.

Which columns hold scores, and out of how many points, is said from outside (by a ruleset
or by the caller); nothing is guessed from the figures.  The table's own totals and rates
are only compared with what its columns add up to.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..dsl.characters import plain_digits
from ..dsl.diagnostics import Diagnostic, Fact, nearest
from ..dsl.frozen import frozen
from ..dsl.limits import MAXIMUM_VALUES
from ..dsl.numbers import Exact, distance, divide, exact_text, percent_text, read_decimal, simplest
from ..engine.cohort_statistics import Part, UnitScore
from .text import Unreadable, decode, read_bytes

#: What a column is called that names the unit, and so on; the first words of a heading count.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "unit": ("单位名称", "单位", "部门", "编号", "名称", "unit", "name", "id"),
    "unit_type": ("单位类型", "类型", "unit_type", "unit-type", "type"),
    "level": ("单位层级", "层级", "level"),
    "region": ("地区", "region"),
    "rate": ("得分率", "score_rate", "score-rate", "rate"),
    "score": ("总分", "合计", "得分", "total", "score"),
    "grade": ("等次", "grade"),
}
#: Rows that sum others up, not units.
_SUMS = frozenset({"合计", "小计", "总计", "平均", "平均分", "平均值", "均值", "平均得分", "满分", "total", "subtotal", "mean", "average", "full"})
_NUMBER = re.compile(r"([-+]?[0-9]+(?:\.[0-9]+)?)(%?)\s*(?:分|points?)?\Z")
_MOST_DIGITS = 40


@frozen
class FullScores:
    """The columns that hold scores with the points each is out of, and all grades, best first."""

    columns: Mapping[str, Exact]
    individual: frozenset[str] = frozenset()
    grades: tuple[str, ...] = ()


@frozen
class ResultsTable:
    """The units of a table and what was found on the way; errors leave no units."""

    units: tuple[UnitScore, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_results_table(path: Path, full: FullScores) -> ResultsTable:
    """The units of a table of results.  Raises `Unreadable`."""
    rows, notices = _grid(path)
    reader = _Reader(path.name, full, list(notices))
    units = reader.units(rows)
    return ResultsTable(() if any(d.is_error for d in reader.found) else units, tuple(reader.found))


def read_headings(path: Path) -> tuple[str, ...]:
    """The headings of a table.  Raises `Unreadable`."""
    rows, _ = _grid(path)
    return tuple(rows[0]) if rows else ()


def _grid(path: Path) -> tuple[list[dict[str, str]], tuple[Diagnostic, ...]]:
    """The rows of a table by its headings, as text."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        from .sheet_text import read_sheet

        return list(read_sheet(path)), ()
    text, notices = decode(read_bytes(path), path.name)
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    except csv.Error as error:
        raise _unusable(path.name, f"不是 CSV（{error}）", f"not CSV ({error})") from error
    rows = [[c.strip() for c in r] for r in rows if any(c.strip() for c in r)]
    if sum(map(len, rows)) > MAXIMUM_VALUES:
        raise _unusable(path.name, f"超过{MAXIMUM_VALUES:,}格", f"more than {MAXIMUM_VALUES:,} cells")
    head = rows[0] if rows else []
    twice = next((h for i, h in enumerate(head) if h and h in head[:i]), None)
    if twice is not None:
        raise _unusable(path.name, f"有两列都叫“{twice}”", f'two columns are called "{twice}"')
    for number, row in enumerate(rows[1:], 2):
        if len(row) > len(head):
            raise _unusable(path.name, f"第{number}行有{len(row)}格，表头只有{len(head)}格", f"row {number} has {len(row)} cells, the header {len(head)}")
    return [dict(zip(head, [*r, *[""] * (len(head) - len(r))], strict=True)) for r in rows[1:]], notices


def _unusable(name: str, reason: str, reason_en: str) -> Unreadable:
    return Unreadable(Diagnostic("E890", (), {"path": name, "reason": reason, "reason_en": reason_en}, source="file"))


@dataclass(slots=True)
class _Reader:
    """Reads one table, collecting what is wrong with it."""

    name: str
    full: FullScores
    found: list[Diagnostic] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)

    def report(self, code: str, /, **facts: Fact) -> None:
        self.found.append(Diagnostic(code, (), {"path": self.name, **facts}, source="file"))

    def units(self, rows: Sequence[Mapping[str, str]]) -> tuple[UnitScore, ...]:
        if not rows:
            raise _unusable(self.name, "没有数据行", "it has no rows")
        heads = [h for h in rows[0] if h]
        self.columns = dict(self._columns(heads))
        wanted = [c for c in self.full.columns if c not in heads]
        for column in wanted:
            near = nearest(column, heads)
            self.report("E891", column=column, there=tuple(heads), **({"near": near} if near else {}))
        used = {*self.full.columns, *self.columns.values()}
        unused = tuple(h for h in heads if h not in used)
        if unused and not wanted:
            self.report("W890", columns=unused)
        if wanted:
            return ()
        found, names = [], set()
        for number, row in enumerate(rows, 2):
            name = row.get(self.columns["unit"], "").strip()
            if name.lower() in _SUMS:
                self.report("W891", row=str(number), name=name)
            elif not name or name in names:
                self.report("E892", row=str(number), name=name)
            else:
                names.add(name)
                found += [u for u in [self.unit(number, name, row)] if u is not None]
        return tuple(found)

    def _columns(self, heads: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Which column is what; the unit is the first column if none is called so."""
        free = [h for h in heads if h not in self.full.columns]
        taken: set[str] = set()
        for kind, words in HEADINGS.items():
            hit = next((h for w in words for h in free if h not in taken and _is_called(h, w)), None)
            if hit is None and kind == "unit":
                hit = heads[0]
            if hit is not None:
                taken.add(hit)
                yield kind, hit

    def unit(self, number: int, name: str, row: Mapping[str, str]) -> UnitScore | None:
        before = len(self.found)
        parts = tuple(self.part(number, c, f, row[c]) for c, f in self.full.columns.items())
        scores = [p.score for p in parts]
        full = simplest(sum(self.full.columns.values(), 0))
        score = None if None in scores else simplest(sum((s for s in scores if s is not None), 0))
        waiting = tuple(p.name for p in parts if p.score is None)
        known = simplest(sum((s for s in scores if s is not None), 0))
        bounds = (known, simplest(known + sum((p.full for p in parts if p.score is None), 0))) if waiting else None
        given = {kind: row[c].strip() for kind, c in self.columns.items()}
        self._declared(number, given, score, full)
        if any(d.is_error for d in self.found[before:]):
            return None
        single = len(parts) == 1 and _kind_of(parts[0].name) == "score"
        return UnitScore(
            name, given.get("unit_type", ""), given.get("level") or None, given.get("region") or None, score, full,
            "undecided" if waiting else "decided", bounds, given.get("grade") or None, () if single else parts, waiting,
        )  # fmt: skip

    def part(self, number: int, column: str, full: Exact, text: str) -> Part:
        score = self.number(number, column, text)
        if score is not None and not 0 <= score <= full:
            self.report("E894", row=str(number), column=column, value=exact_text(score), full=exact_text(full))
        return Part(1, "", column, score, full, column in self.full.individual)

    def number(self, row: int, column: str, text: str) -> Exact | None:
        """The number in a cell; ``None`` for an empty one."""
        if not text.strip():
            return None
        match = _NUMBER.match(plain_digits(text.strip()).replace("％", "%").replace("−", "-"))
        if match is None or len(match[1]) > _MOST_DIGITS:
            self.report("E893", row=str(row), column=column, text=text[:60])
            return 0
        value = read_decimal(match[1])
        return divide(value, 100) if match[2] else value

    def _declared(self, row: int, given: Mapping[str, str], score: Exact | None, full: Exact) -> None:
        """The table's own total must be the sum of its columns, its rate that sum over the full score."""
        if score is None:
            return
        if given.get("score"):
            told = self.number(row, self.columns["score"], given["score"])
            if told is not None and told != score:
                facts = {"value": exact_text(told), "sum": exact_text(score)}
                self.report("E895", row=str(row), column=self.columns["score"], **facts)
        if given.get("rate") and full:
            told, rate = self.number(row, self.columns["rate"], given["rate"]), divide(score, full)
            if told is not None and not _agrees(told, given["rate"], rate):
                self.report("W892", row=str(row), column=self.columns["rate"], text=given["rate"], rate=percent_text(rate))


def _agrees(told: Exact, text: str, rate: Exact) -> bool:
    """Whether a rate as a table writes it (93.3%, 93.3 or 0.933) is a rounding of ``rate``."""
    places = len(plain_digits(text).strip().rstrip("%％ ").partition(".")[2])
    percent = text.strip().endswith(("%", "％"))
    written = divide(1, 10 ** (places + 2)) if percent or told > 1 else divide(1, 10**places)
    return distance(told if percent or told <= 1 else divide(told, 100), rate) * 2 <= written


def _is_called(heading: str, name: str) -> bool:
    """Whether a heading is a word, or the word with a remark in brackets after it."""
    bare = re.split(r"[（(\s]", heading, maxsplit=1)[0]
    return bare.lower() == name


def _kind_of(heading: str) -> str | None:
    return next((k for k, words in HEADINGS.items() if any(_is_called(heading, w) for w in words)), None)


_FULL = re.compile(r"\s*(?P<name>[^=＝]+?)\s*[=＝]\s*(?P<points>[0-9０-９]+(?:[.．][0-9０-９]+)?)\s*(?:分|points?)?\s*(?:[,，;；]|\Z)")


def read_full_scores(text: str) -> dict[str, Exact]:
    """``履职=25，机构=20`` as columns with their points.  Raises ``ValueError`` with the part that is wrong.

    A name may hold commas itself: it ends at the sign.
    """
    found: dict[str, Exact] = {}
    at = 0
    while at < len(text):
        match = _FULL.match(text, at)
        if match is None or match["name"] in found or len(match["points"]) > _MOST_DIGITS or read_decimal(match["points"]) <= 0:
            raise ValueError(text[at:].strip())
        found[match["name"]] = read_decimal(match["points"])
        at = match.end()
    return found
