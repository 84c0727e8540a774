"""Raw values from a unit file -> `UnitData`: every value checked against its declaration.

Numbers arrive as the text they were written in (`NumberText`), so nothing passes
through a float.  Every problem becomes a diagnostic with a path; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from ..dsl.characters import plain_digits
from ..dsl.describe import describe_type, read_date
from ..dsl.diagnostics import Diagnostic, Fact, nearest
from ..dsl.limits import MAXIMUM_DIGITS, MAXIMUM_RECORDS
from ..dsl.model import Column, DataItem, Ruleset, Type, Value
from ..dsl.numbers import Exact, exact_text, percent_text, read_decimal, simplest
from ..dsl.units import unit_named
from .personal import masked
from .unit import Disputed, Entry, Missing, NotApplicable, NotYetDue, Track


class NumberText(str):
    """A number as it stands in a file."""

    __slots__ = ()


_NUMBER = re.compile(r"([-+−－＋]?\s*[0-9０-９]+(?:[.．][0-9０-９]+)?)\s*(.*)\Z", re.DOTALL)
_EXPONENT = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?[eE][-+]?0*([0-9]+)\Z")
_SIGNS = str.maketrans("−－＋", "--+", " ")
#: After so many findings names are no longer suggested, and a table is not read on.
_MANY = 50
#: The most characters of a value or a name that a message shows.
_SHOWN = 200
#: An identity number: 15 digits, or 17 and a digit or X; or one with its middle masked.
_IDENTITY = re.compile(r"\d{15}|\d{17}[\dXx]|\d{3}(?:\*{8}|\*{11})\d{3}[\dXx]")
_STATES = {
    "missing": "missing", "未填报": "missing", "not_applicable": "not_applicable", "不适用": "not_applicable",
    "not_due": "not_due", "未到期": "not_due", "disputed": "disputed", "存疑": "disputed",
}  # fmt: skip
_FIELDS = {
    "state": ("state", "状态"), "reason": ("reason", "理由"), "due": ("due", "到期日"),
    "claims": ("claims", "各方数值"), "confirmed_by": ("confirmed_by", "确认"),
}  # fmt: skip
TRACK_NAMES: Mapping[str, Track] = {
    "self": "self", "自评": "self", "on_site": "on_site", "on-site": "on_site", "实地评估": "on_site",
    "third_party": "third_party", "third-party": "third_party", "第三方": "third_party",
}  # fmt: skip


@dataclass(slots=True)
class Intake:
    """Reads one unit's values, collecting diagnostics."""

    ruleset: Ruleset
    found: list[Diagnostic] = field(default_factory=list)

    def report(self, code: str, path: str, /, **facts: Fact) -> None:
        shown = {name: shorten(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
        self.found.append(Diagnostic(code, (), shown, path=path, source="unit"))

    def unknown(self, code: str, path: str, word: str, known: Iterable[str], /, **facts: Fact) -> None:
        """Report a word that is not known, with the nearest one that is."""
        near = nearest(word, known) if len(self.found) < _MANY else None
        self.report(code, path, **facts, **({"near": near} if near else {}))

    # ---- whole mappings ----

    def values(self, raw: Mapping[str, Any], path: str, *, assessed: bool) -> dict[str, Entry]:
        """The entries of ``data`` or of one track, by name; unknown names are errors."""
        items = {d.name: d for d in self.ruleset.data}
        found: dict[str, Entry] = {}
        for name, value in raw.items():
            at = f"{path}.{name}"
            item = items.get(name)
            if item is None:
                wanted = [n for n, i in items.items() if i.assessed == assessed]
                self.unknown("E701", at, name, wanted, name=name)
            elif item.assessed != assessed:
                self.report("E734" if assessed else "E735", at, name=name)
            else:
                entry = self.entry(item, value, at)
                if entry is not None:
                    found[name] = entry
        return found

    def entry(self, item: DataItem, raw: Any, path: str) -> Entry | None:
        """One value, or the state that stands for it."""
        if raw is None:
            return Missing()
        if isinstance(raw, Mapping) and any(k in raw for k in _FIELDS["state"]):
            return self._state(item, raw, path)
        if item.type.kind == "records":
            return self._records(item, raw, path)
        if item.type.kind == "numbers":
            return self._numbers(item, raw, path)
        return self.value(item.name, item.type, item.low, item.high, raw, path)

    def _state(self, item: DataItem, raw: Mapping[str, Any], path: str) -> Entry | None:
        given = {key: next((raw[n] for n in names if n in raw), None) for key, names in _FIELDS.items()}
        known = {n for names in _FIELDS.values() for n in names}
        for name in raw:
            if name not in known:
                self.unknown("E726", f"{path}.{name}", name, known, name=name)
        written = {key: f"{path}.{next((n for n in names if n in raw), names[0])}" for key, names in _FIELDS.items()}
        state = _STATES.get(str(given["state"]))
        match state:
            case "missing":
                return Missing()
            case "not_applicable":
                return self.not_applicable(item.name, given["reason"], given["confirmed_by"], path)
            case "not_due":
                due = read_date(str(given["due"])) if given["due"] is not None else None
                if due is None:
                    self.report("E708", written["due"], name=item.name, text=show_raw(given["due"]))
                    return None
                return NotYetDue(due)
            case "disputed":
                return self._disputed(item, given["claims"], str(given["reason"] or ""), written["claims"])
        self.report("E736", written["state"], name=item.name, text=show_raw(given["state"]))
        return None

    def not_applicable(self, name: str, reason: Any, confirmed_by: Any, path: str) -> NotApplicable | None:
        """A claim that something does not apply; a reason is required."""
        if not isinstance(reason, str) or not reason.strip():
            self.report("E710", path, name=name)
            return None
        named = confirmed_by if isinstance(confirmed_by, (list, tuple)) else [] if confirmed_by is None else [confirmed_by]
        tracks = set()
        for track in named:
            if not isinstance(track, str) or track not in TRACK_NAMES:
                self.report("E737", path, text=show_raw(track))
                return None
            tracks.add(TRACK_NAMES[track])
        if self.ruleset.deciding_track not in tracks:
            self.report("W738", path, name=name)
        return NotApplicable(reason.strip(), frozenset(tracks))

    def _disputed(self, item: DataItem, raw: Any, reason: str, path: str) -> Disputed | None:
        if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) < 2 or item.type.kind in ("records", "numbers"):
            self.report("E736", path, name=item.name, text=self._word("存疑", "disputed"))
            return None
        claims = [self.value(item.name, item.type, item.low, item.high, c, f"{path}[{i}]") for i, c in enumerate(raw)]
        known = tuple(c for c in claims if c is not None)
        return Disputed(known, reason) if len(known) == len(claims) else None

    def _records(self, item: DataItem, raw: Any, path: str) -> tuple[Mapping[str, Any], ...] | None:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            self._wrong_type(item.name, item.type, raw, path)
            return None
        if len(raw) > MAXIMUM_RECORDS:
            self.report("E714", path, what=item.name, count=str(len(raw)), limit=str(MAXIMUM_RECORDS), measure="行", measure_en=" rows")
            return None
        before = len(self.found)
        rows = []
        for i, row in enumerate(raw):
            rows.append(self._record(item, row, i + 1, f"{path}[{i}]"))
            if len(self.found) - before >= _MANY:
                self.report("W742", f"{path}[{i}]", name=item.name, count=str(len(self.found) - before), left=str(len(raw) - i - 1))
                break
        return None if len(self.found) > before else tuple(rows)

    def _record(self, item: DataItem, raw: Any, number: int, path: str) -> Mapping[str, Any]:
        if not isinstance(raw, Mapping):
            self.report("E702", path, name=item.name, wanted="一行{…}", wanted_en="a row {…}", found=show_raw(raw))
            return {}
        columns = {c.name: c for c in item.columns}
        row: dict[str, Any] = {}
        for name, value in raw.items():
            column = columns.get(name)
            if column is None:
                self.unknown("E743", f"{path}.{name}", name, columns, name=name, table=item.name, columns=tuple(columns))
                continue
            if value is None or (column.optional and isinstance(value, str) and not value.strip()):
                continue
            row[f"column.{name}"] = self._cell(column, value, f"{path}.{name}")
        for column in item.columns:
            if f"column.{column.name}" in row:
                continue
            if column.optional:
                row[f"column.{column.name}"] = Missing()
            else:
                self.report("E744", path, name=column.name, table=item.name, row=str(number), columns=tuple(columns))
        return row

    def _cell(self, column: Column, raw: Any, path: str) -> Value | None:
        """The value of a cell; a finding about a personal one does not show it."""
        before = len(self.found)
        if column.identity:
            raw = str(raw) if isinstance(raw, NumberText) else raw
        value = self.value(column.name, column.type, column.low, column.high, raw, path)
        if column.identity and isinstance(value, str) and not _is_identity(value, column.name):
            self.report("E870", path, name=column.name, shown=masked(value))
            return None
        if column.personal:
            self.found[before:] = [_unshown(d, raw) for d in self.found[before:]]
        return value

    def _numbers(self, item: DataItem, raw: Any, path: str) -> tuple[Exact, ...] | None:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            self._wrong_type(item.name, item.type, raw, path)
            return None
        kind = Type("number", item.type.unit)
        numbers = [self.value(item.name, kind, item.low, item.high, n, f"{path}[{i}]") for i, n in enumerate(raw)]
        if any(n is None for n in numbers):
            return None
        high = item.count_high
        if len(numbers) < item.count_low or (high is not None and len(numbers) > high):
            limits = f"{item.count_low}–{high if high is not None else '…'}"
            self.report("E738", path, name=item.name, count=str(len(numbers)), limits=limits)
            return None
        return tuple(n for n in numbers if isinstance(n, (int, Fraction)))

    # ---- single values ----

    def value(self, name: str, kind: Type, low: Exact | None, high: Exact | None, raw: Any, path: str) -> Value | None:
        """One value of a type, or ``None`` with a diagnostic."""
        match kind.kind:
            case "number":
                number = self._number(name, kind, raw, path)
                return None if number is None or not self._in_range(name, kind, low, high, number, path) else number
            case "yes_no":
                return self._yes_no(name, kind, raw, path)
            case "choice":
                return self._choice(name, kind, raw, path)
            case "date":
                return self._date(name, kind, raw, path)
        if isinstance(raw, str) and not isinstance(raw, NumberText):
            return raw
        self._wrong_type(name, kind, raw, path)
        return None

    def _yes_no(self, name: str, kind: Type, raw: Any, path: str) -> bool | None:
        if isinstance(raw, bool):
            return raw
        words = {"是": True, "否": False, "yes": True, "no": False}
        if isinstance(raw, str) and raw.strip().lower() in words:
            return words[raw.strip().lower()]
        self._wrong_type(name, kind, raw, path)
        return None

    def _choice(self, name: str, kind: Type, raw: Any, path: str) -> str | None:
        if isinstance(raw, str) and not isinstance(raw, NumberText) and raw in kind.options:
            return raw
        self.unknown("E727", path, str(raw), kind.options, name=name, value=show_raw(raw), options=kind.options)
        return None

    def _date(self, name: str, kind: Type, raw: Any, path: str) -> date | None:
        if isinstance(raw, date):
            return raw
        if not isinstance(raw, str) or isinstance(raw, NumberText):
            self._wrong_type(name, kind, raw, path)
            return None
        found = read_date(raw.strip())
        if found is None:
            self.report("E708", path, name=name, text=show_raw(raw))
        return found

    def _number(self, name: str, kind: Type, raw: Any, path: str) -> Exact | None:
        if isinstance(raw, bool) or not isinstance(raw, str):
            self._wrong_type(name, kind, raw, path)
            return None
        text = str(raw).strip()
        if text.lower().lstrip("+-") in ("nan", "infinity", "inf", ".inf", ".nan"):
            self.report("E707", path, name=name, text=text)
            return None
        exponent = _EXPONENT.match(text)
        if exponent is not None and isinstance(raw, NumberText):
            if len(text) > MAXIMUM_DIGITS + 10 or len(exponent[1]) > 3 or int(exponent[1]) > MAXIMUM_DIGITS:
                self._too_long(name, f">{MAXIMUM_DIGITS}", path)
                return None
            return self._measured(name, kind, simplest(Fraction(text)), "", text, path)
        match = _NUMBER.match(text)
        if match is None or match[2].strip().startswith((",", "，", "、")):
            self._wrong_type(name, kind, raw, path)
            return None
        digits = "".join(plain_digits(match[1]).translate(_SIGNS).split())
        size = sum(c.isdigit() for c in digits)
        if size > MAXIMUM_DIGITS:
            self._too_long(name, str(size), path)
            return None
        suffix = match[2].strip()
        if not suffix and not isinstance(raw, NumberText) and kind.share != "percent":
            self.report("E739", path, name=name, text=show_raw(raw))
            return None
        return self._measured(name, kind, read_decimal(digits), suffix, text, path)

    def _measured(self, name: str, kind: Type, value: Exact, suffix: str, text: str, path: str) -> Exact | None:
        """A number with its unit, in the unit of its declaration."""
        if kind.share == "percent":
            if suffix in ("%", "％"):
                return simplest(Fraction(value) / 100)
            if suffix:
                self.report("E703", path, name=name, found=suffix, unit="%")
                return None
            self.report("E704", path, name=name, text=text, as_percent=f"{exact_text(value)}%", as_share=percent_text(value))
            return None
        if suffix in ("%", "％"):
            self.report("E703", path, name=name, found="%", unit=kind.unit.name)
            return None
        if suffix and suffix != kind.unit.name:
            given = unit_named(suffix)
            if not given.same_kind(kind.unit):
                self.report("E703", path, name=name, found=suffix, unit=kind.unit.name)
                return None
            value = simplest(Fraction(value) * given.factor / kind.unit.factor)
        if kind.whole and value.denominator != 1:
            self.report("E715", path, name=name, text=text)
            return None
        return value

    def _in_range(self, name: str, kind: Type, low: Exact | None, high: Exact | None, value: Exact, path: str) -> bool:
        if (low is None or value >= low) and (high is None or value <= high):
            return True

        def show(number: Exact | None) -> str:
            if number is None:
                return "…"
            return percent_text(number) if kind.share == "percent" else exact_text(number) + kind.unit.name

        self.report("E705", path, name=name, value=show(value), low=show(low), high=show(high))
        return False

    def _too_long(self, name: str, count: str, path: str) -> None:
        self.report("E714", path, what=name, count=count, limit=str(MAXIMUM_DIGITS), measure="位", measure_en=" digits")

    def _wrong_type(self, name: str, kind: Type, raw: Any, path: str) -> None:
        self.report("E702", path, name=name, wanted=describe_type(kind, "zh"), wanted_en=describe_type(kind, "en"), found=show_raw(raw))

    def _word(self, chinese: str, english: str) -> str:
        return chinese if self.ruleset.language == "zh" else english


def _is_identity(text: str, column: str) -> bool:
    """Whether a text is an identity number, or the pseudonym that a ledger keeps for one."""
    return _IDENTITY.fullmatch(plain_digits(text)) is not None or re.fullmatch(rf"{re.escape(column)}\d+", text) is not None


def _unshown(found: Diagnostic, raw: Any) -> Diagnostic:
    """A finding about a personal value, without it."""
    text = shorten(str(raw))
    facts = {k: f.replace(text, masked(text)) if isinstance(f, str) else f for k, f in found.facts.items()}
    return replace(found, facts=facts)


def show_raw(raw: Any) -> str:
    """A raw value for a message, as its file writes it, cut short."""
    if raw is None or isinstance(raw, bool):
        return {None: "null", True: "true", False: "false"}[raw]
    if isinstance(raw, Mapping):
        return "{…}"
    return "[…]" if isinstance(raw, (list, tuple)) else shorten(str(raw))


def shorten(text: str) -> str:
    """``text``, cut where it is too long for a message."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
