"""A form that a unit has filled in -> the raw values of a unit file, and the cell of each.

Sheets are known by their headings and rows by the name of their data item; what stands in a
cell is read as the cell means it: a percentage with its sign, a date by the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..dsl.characters import ODD_SPACES, plain_digits
from ..dsl.diagnostics import Diagnostic, Label, Place
from ..dsl.frozen import frozen
from ..dsl.keywords import Language, word
from ..engine.form import STATES, WORDS, form_word
from ..engine.intake import NumberText
from ..engine.unit import TRACKS
from .collected import as_json
from .text import Unreadable
from .workbook import Cell, Sheet, read_workbook

_NUMBER = re.compile(r"[-−－+]?[0-9]+(?:\.[0-9]+)?\Z")
_SPACE = re.compile(rf"[\s{ODD_SPACES}]+")
_TOP = 12
_EVIDENCE_KEYS = ("kind", "title", "number", "issued_by", "issued_on", "copies", "file")
_ENVELOPE = ("unit", "unit_type", "level", "region", "period", "as_of", "ruleset", "note")
_MOST_LISTED = 1_000


@frozen
class FilledForm:
    """A filled-in form: raw values, their JSON, and the cells they came from, one a line."""

    raw: dict[str, Any]
    text: str
    shown: tuple[str, ...]
    cells: tuple[str, ...]
    places: Mapping[str, Place]
    diagnostics: tuple[Diagnostic, ...]


def read_form(path: Path) -> FilledForm:
    """The values of a filled-in form.  Raises `Unreadable`."""
    sheets = read_workbook(path)
    language: Language = "en" if any(_header(s, ("entry", "answer"), "en") for s in sheets) else "zh"
    reader = _Reader(language)
    kinds = [reader.sheet(s) for s in sheets]
    if "unit" not in kinds:
        facts = {"name": path.name, "wanted": "有“项目”和“填写”的表", "wanted_en": 'a sheet with "entry" and "answer"'}
        raise Unreadable(Diagnostic("E976", (), facts, source="file"))
    raw = reader.raw()
    return FilledForm(raw, as_json(raw) + "\n", tuple(reader.shown), tuple(reader.cells), reader.places, tuple(reader.found))


def _plain(text: str) -> str:
    return _SPACE.sub("", text).lower()


def _header(sheet: Sheet, needed: tuple[str, ...], language: Language) -> tuple[int, dict[str, int]] | None:
    """The row that has these headings, and the column of every heading in it."""
    wanted = {_plain(form_word(k, language)) for k in needed}
    for number in list(sheet.rows)[:_TOP]:
        at = {_plain(cell.text): column for column, cell in reversed(list(sheet.rows[number].items()))}
        if wanted <= set(at):
            return number, {key: at[_plain(form_word(key, language))] for key in WORDS if _plain(form_word(key, language)) in at}
    return None


class _Reader:
    """Reads one workbook into raw values, keeping the cell of each."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.envelope: dict[str, Any] = {}
        self.data: dict[str, Any] = {}
        self.assessments: dict[str, dict[str, Any]] = {}
        self.evidence: list[dict[str, Any]] | None = None
        self.claims: list[dict[str, Any]] = []
        self.shown: list[str] = []
        self.cells: list[str] = []
        self.places: dict[str, Place] = {}
        self.found: list[Diagnostic] = []
        self.keys = self._keys()
        self.texts = {word(k, language) for k in ("TEXT_TYPE", "OPTIONS")}
        self.tracks = {_plain(form_word(t, language)): form_word(t, language) for t in TRACKS}

    def _keys(self) -> dict[str, str]:
        from .unit_file import KEYS

        chinese = {english: name for name, english in KEYS.items()}
        return chinese if self.language == "zh" else {k: k for k in KEYS.values()}

    def raw(self) -> dict[str, Any]:
        found = {self.keys[k]: v for k, v in self.envelope.items()}
        found[self.keys["data"]] = self.data
        if self.assessments:
            found[self.keys["assessments"]] = self.assessments
        if self.evidence is not None:
            found[self.keys["evidence"]] = self.evidence
        if self.claims:
            found[self.keys["not_applicable"]] = self.claims
        return found

    def sheet(self, sheet: Sheet) -> str:
        """Read one sheet, and tell what kind it was."""
        table = self.table_name(sheet)
        if table is not None:
            self.table(sheet, *table)
            return "table"
        for kind, needed, read in (
            ("unit", ("entry", "answer"), self.unit), ("topic", ("item", "value"), self.topic), ("evidence", ("kind", "given"), self.evidence_list),
            ("claims", ("code", "reason"), self.claim_list),
        ):  # fmt: skip
            header = _header(sheet, needed, self.language)
            if header is not None:
                read(sheet, *header)
                return kind
        header = _header(sheet, ("item", "by"), self.language)
        if header is not None:
            self.lists(sheet, *header)
            return "lists"
        return ""

    # ---- cells ----

    def put(self, path: str, sheet: Sheet, cell: Cell, text: str = "") -> None:
        """Remember the cell of a value, and what to show of it."""
        self.shown.append((text or cell.text).replace("\n", " "))
        self.cells.append(f"{sheet.title}!{cell.address}")
        self.places.setdefault(path, Place(len(self.shown), 0, max(1, len(self.shown[-1]))))

    def report(self, code: str, path: str, **facts: str) -> None:
        place = self.places.get(path)
        self.found.append(Diagnostic(code, (Label(place),) if place is not None else (), facts, path=path, source="unit"))

    def value(self, sheet: Sheet, cell: Cell, kind: str, path: str, name: str) -> Any:
        """What a cell holds, as a unit file would write it."""
        self.put(path, sheet, cell, f"{name}{'：' if self.language == 'zh' else ': '}{cell.shown or cell.text}")
        match cell.kind:
            case "truth":
                return cell.text == "true"
            case "error" | "open":
                found = (cell.text, cell.text) if cell.text else ("公式没有值", "a formula without a value")
                self.report("E969", path, found=found[0], found_en=found[1])
                return None
            case "number":
                if kind in self.texts:
                    return cell.text
                if cell.shown:
                    self.report("W977", path, name=name, shown=cell.shown, text=cell.text)
                return cell.text if cell.text.endswith("%") else NumberText(_without_zeros(cell.text))
        text = cell.text.strip()
        plain = plain_digits(text).replace("−", "-").replace("－", "-")
        if kind not in self.texts and _NUMBER.match(plain) and cell.kind == "text":
            return NumberText(plain.removeprefix("+"))
        return text

    # ---- sheets ----

    def unit(self, sheet: Sheet, header: int, at: Mapping[str, int]) -> None:
        names = {_plain(self.keys[k]): k for k in _ENVELOPE}
        for number, row in sheet.rows.items():
            label, answer = row.get(at["entry"]), row.get(at["answer"])
            key = names.get(_plain(label.text)) if label is not None else None
            if number <= header or key is None or answer is None or not answer.text.strip():
                continue
            found = self.value(sheet, answer, word("TEXT_TYPE", self.language), self.keys[key], self.keys[key])
            if found is not None:
                self.envelope[key] = str(found)

    def holder(self, row: Mapping[int, Cell], at: Mapping[str, int]) -> tuple[dict[str, Any], str]:
        """Where the value of a row goes, and the path of that place."""
        by = row.get(at["by"]) if "by" in at else None
        track = self.tracks.get(_plain(by.text)) if by is not None else None
        if track is None:
            return self.data, self.keys["data"]
        return self.assessments.setdefault(track, {}), f"{self.keys['assessments']}.{track}"

    def topic(self, sheet: Sheet, header: int, at: Mapping[str, int]) -> None:
        for number, row in sheet.rows.items():
            item = row.get(at["item"])
            if number <= header or item is None or not item.text.strip():
                continue
            name = item.text.strip()
            values, before = self.holder(row, at)
            path = f"{before}.{name}"
            kind = row[at["type"]].text.strip() if "type" in at and at["type"] in row else ""
            cell = row.get(at["value"])
            state = row.get(at["state"]) if "state" in at else None
            if name in values and (cell is not None or state is not None):
                self.put(path + "+", sheet, item)
                self.report("E709", path + "+", name=name)
            elif state is not None and state.text.strip():
                values[name] = self.state(sheet, row, at, path, name, kind)
            elif cell is not None:
                values[name] = self.value(sheet, cell, kind, path, name)
            else:
                self.put(path, sheet, item)
                values.setdefault(name, None)

    def state(self, sheet: Sheet, row: Mapping[int, Cell], at: Mapping[str, int], path: str, name: str, kind: str) -> Any:
        """A state with what is said about it: a reason, a due date, or the values claimed."""
        cell, why = row[at["state"]], row.get(at["why"]) if "why" in at else None
        self.put(path, sheet, cell)
        given = cell.text.strip()
        state = next((s for s in STATES if _plain(given) == _plain(form_word(s, self.language))), None)
        if at["value"] in row:
            self.report("E979", path, name=name, state=given)
        if state == "missing":
            return None
        names = ("状态", "理由", "到期日", "各方数值", "确认") if self.language == "zh" else ("state", "reason", "due", "claims", "confirmed_by")
        found: dict[str, Any] = {names[0]: given}
        said = why.text.strip() if why is not None else ""
        if why is not None:
            self.put(f"{path}.{names[1]}", sheet, why)
        match state:
            case "not_due":
                found[names[2]] = said
            case "disputed":
                claims = [c.strip() for c in re.split("[、;；]", said) if c.strip()]
                found[names[3]] = [NumberText(c) if _NUMBER.match(plain_digits(c)) and kind not in self.texts else c for c in claims[:_MOST_LISTED]]
            case _:
                found[names[1]] = said
        return found

    def lists(self, sheet: Sheet, header: int, at: Mapping[str, int]) -> None:
        known = set(at.values())
        columns = [c for c, cell in sheet.rows[header].items() if c not in known and cell.text.strip().isdigit()]
        for number, row in sheet.rows.items():
            item = row.get(at["item"])
            if number <= header or item is None or not item.text.strip():
                continue
            name = item.text.strip()
            values, before = self.holder(row, at)
            path = f"{before}.{name}"
            cells = [row[c] for c in columns if c in row]
            self.put(path, sheet, item)
            values[name] = [self.value(sheet, cell, "", f"{path}[{i}]", name) for i, cell in enumerate(cells)] or None

    def table_name(self, sheet: Sheet) -> tuple[str, str | None] | None:
        """The table of records that a sheet holds, by its title, and the track it is of."""
        first = next(iter(sheet.rows.get(1, {}).values()), None)
        opening = f"{form_word('table', self.language)}："
        if first is None or not first.text.startswith(opening):
            return None
        name = first.text[len(opening) :].strip()
        for plain, track in self.tracks.items():
            for tail in (f"（{track}）", f" ({track})"):
                if name.endswith(tail):
                    return name.removesuffix(tail), self.tracks[plain]
        return name, None

    def table(self, sheet: Sheet, name: str, track: str | None) -> None:
        """Its columns by their headings in row 3, their types in row 4, and the records from row 6 on."""
        heads = {c: cell.text.strip() for c, cell in sheet.rows.get(3, {}).items()}
        kinds = {c: cell.text.strip() for c, cell in sheet.rows.get(4, {}).items()}
        values = self.data if track is None else self.assessments.setdefault(track, {})
        path = f"{self.keys['data']}.{name}" if track is None else f"{self.keys['assessments']}.{track}.{name}"
        records: list[dict[str, Any]] = []
        for number, row in sheet.rows.items():
            if number < 6:
                continue
            record: dict[str, Any] = {}
            at = f"{path}[{len(records)}]"
            for column, cell in sorted(row.items()):
                if not cell.text.strip() and cell.kind == "text":
                    continue
                head = heads.get(column, cell.address)
                if not record:
                    self.put(at, sheet, cell)
                record[head] = self.value(sheet, cell, kinds.get(column, ""), f"{at}.{head}", head)
            if record:
                records.append(record)
        title = next(iter(sheet.rows[1].values()))
        self.put(path, sheet, title)
        values[name] = records or None

    def evidence_list(self, sheet: Sheet, header: int, at: Mapping[str, int]) -> None:
        names = {key: form_word(key, "zh") if self.language == "zh" else key for key in _EVIDENCE_KEYS}
        listed = False
        found: list[dict[str, Any]] = []
        for number, row in sheet.rows.items():
            kind = row.get(at["kind"])
            if number <= header or kind is None or not kind.text.strip():
                continue
            given = row[at["given"]].text.strip() if at["given"] in row else ""
            if _plain(kind.text) == _plain(form_word("handed", self.language)):
                listed = _plain(given) == _plain(form_word("listed", self.language))
                continue
            others = [k for k in _EVIDENCE_KEYS[1:] if k in at and at[k] in row and row[at[k]].text.strip()]
            if given in ("false", form_word("no", self.language)) or not (given or others):
                continue
            path = f"{self.keys['evidence']}[{len(found)}]"
            self.put(path, sheet, kind)
            entry: dict[str, Any] = {}
            for key in ("kind", *others):
                value = self.value(sheet, row[at[key]], "" if key == "copies" else word("TEXT_TYPE", self.language), f"{path}.{names[key]}", names[key])
                if value is not None:
                    entry[names[key]] = value
            found.append(entry)
        if found or listed:
            self.evidence = [*(self.evidence or []), *found]

    def claim_list(self, sheet: Sheet, header: int, at: Mapping[str, int]) -> None:
        names = ("指标", "理由", "确认") if self.language == "zh" else ("code", "reason", "confirmed_by")
        for number, row in sheet.rows.items():
            code, reason = row.get(at["code"]), row.get(at["reason"])
            if number <= header or code is None:
                continue
            yes = ("true", form_word("yes", self.language))
            agreed = [form_word(t, self.language) for t in TRACKS if t in at and at[t] in row and row[at[t]].text.strip() in yes]
            if (reason is None or not reason.text.strip()) and not agreed:
                continue
            path = f"{self.keys['not_applicable']}[{len(self.claims)}]"
            self.put(path, sheet, reason or code)
            self.claims.append({names[0]: code.text.strip(), names[1]: reason.text.strip() if reason is not None else "", names[2]: agreed})


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text

