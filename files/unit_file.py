"""A unit file -> `UnitData`: the envelope by pydantic, the values by their declarations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..dsl.characters import plain_digits
from ..dsl.describe import read_date
from ..dsl.diagnostics import Diagnostic, Label, Place, nearest
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..dsl.numbers import exact_text
from ..engine.evidence import documents_of
from ..engine.intake import TRACK_NAMES, Intake, NumberText, shorten, show_raw
from ..engine.unit import Entry, EvidenceItem, NotApplicable, Track, UnitData
from .collected import FILE_KEYS, as_json, put_tables_in
from .field_work import (
    FINDING_KEYS,
    INTERVIEW_KEYS,
    THIRD_PARTY_KEYS,
    FieldWork,
    FindingEntry,
    InterviewEntry,
    ThirdPartyEntry,
)
from .json_text import locate, read_json
from .ruleset_folder import Sought
from .text import decode, read_bytes


class EvidenceEntry(BaseModel):
    """One piece of evidence in a unit file."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    title: str = ""
    number: str = ""
    issued_by: str | None = None
    issued_on: str | None = None
    copies: Any = NumberText("1")
    file: str | None = None


class NotApplicableEntry(BaseModel):
    """One indicator that does not apply, in a unit file."""

    model_config = ConfigDict(extra="forbid")

    code: str
    reason: Any = None
    confirmed_by: Any = None


class UnitFile(BaseModel):
    """The envelope of a unit file, its keys in English.

    Values under ``data`` and ``assessments`` are left raw: the ruleset says what they are.
    """

    model_config = ConfigDict(extra="forbid")

    unit: str = Field(min_length=1)
    unit_type: str
    level: str | None = None
    region: str | None = None
    period: str | None = None
    as_of: str
    ruleset: str | None = None
    data: dict[str, Any] = {}
    assessments: dict[str, dict[str, Any]] = {}
    evidence: list[EvidenceEntry] | None = None
    not_applicable: list[NotApplicableEntry] = []
    interviews: list[InterviewEntry] | None = None
    findings: list[FindingEntry] = []
    third_party: ThirdPartyEntry | None = None
    note: str | None = None


#: The keys of a unit file: Chinese -> English.
KEYS: Mapping[str, str] = {
    "单位": "unit", "单位类型": "unit_type", "层级": "level", "地区": "region", "评估期": "period", "基准日": "as_of", "规则集": "ruleset",
    "数据": "data", "评定": "assessments", "佐证": "evidence", "不适用": "not_applicable", "访谈": "interviews", "发现": "findings",
    "第三方机构": "third_party", "说明": "note",
}  # fmt: skip
EVIDENCE_KEYS: Mapping[str, str] = {
    "材料": "kind", "名称": "title", "编号": "number", "出具单位": "issued_by", "出具日期": "issued_on", "份数": "copies", "文件": "file",
}  # fmt: skip
_COPIES = re.compile(r"([0-9]{1,6})\s*份?\Z")
CLAIM_KEYS: Mapping[str, str] = {"指标": "code", "理由": "reason", "确认": "confirmed_by"}
#: The keys inside the parts of a unit file.
INNER_KEYS: Mapping[str, Mapping[str, str]] = {
    "evidence": EVIDENCE_KEYS, "not_applicable": CLAIM_KEYS, "interviews": INTERVIEW_KEYS, "findings": FINDING_KEYS,
    "third_party": THIRD_PARTY_KEYS,
}  # fmt: skip


@frozen
class RawUnit:
    """A unit file read but not yet held against a ruleset.

    Of a workbook, ``shown`` has its filled cells, one a line, ``cells`` their addresses, and
    ``text`` the same unit as JSON.
    """

    text: str
    name: str
    envelope: UnitFile | None
    keys: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    places: Mapping[str, Place] | None = None
    raw: Any = None
    folder: Path | None = None
    shown: tuple[str, str] | None = None
    """The name and the text of the file itself, where ``text`` has its tables put in."""
    cells: tuple[str, ...] = ()
    own_as_of: date | None = None
    """The date that the file gives, where another was asked for."""


def on_day(raw: RawUnit, day: date | None) -> RawUnit:
    """The unit as of another day than its file says, which stays known; ``None``: as it is."""
    if day is None or raw.envelope is None:
        return raw
    own = read_date(raw.envelope.as_of.strip())
    return replace(raw, envelope=raw.envelope.model_copy(update={"as_of": day.isoformat()}), own_as_of=own if own != day else None)


def read_unit(path: Path) -> RawUnit:
    """Read a unit file, JSON, YAML or a filled-in form by its ending.  Raises `Unreadable`."""
    if path.suffix.lower() == ".xlsx":
        from .form_file import read_form

        form = read_form(path)
        read = raw_unit(form.raw, form.text, path.name, form.diagnostics, form.places)
        return replace(read, folder=path.parent, shown=(path.name, "\n".join(form.shown)), cells=form.cells)
    text, notices = decode(read_bytes(path), path.name)
    return replace(read_unit_text(text, path.name, notices), folder=path.parent)


def read_unit_text(text: str, name: str, notices: tuple[Diagnostic, ...] = ()) -> RawUnit:
    """The same from a text; a name ending in .yaml or .yml is YAML.  Raises `Unreadable`."""
    places: Mapping[str, Place] | None = None
    if name.lower().endswith((".yaml", ".yml")):
        from .yaml_text import read_yaml

        raw, places = read_yaml(text)
    else:
        raw = read_json(text)
    return raw_unit(raw, text, name, notices, places)


def raw_unit(
    raw: Any, text: str, name: str, notices: tuple[Diagnostic, ...] = (), places: Mapping[str, Place] | None = None
) -> RawUnit:
    """A unit from raw values already read; ``places`` say where in ``text`` each stands."""
    if not isinstance(raw, dict):
        facts = {"name": name, "wanted": "{…}", "wanted_en": "{…}", "found": show_raw(raw)}
        found = Diagnostic("E702", (Label(Place(1, 0, 1)),), facts, path="", source="unit")
        return RawUnit(text, name, None, {}, (*notices, found), places)
    english, doubles = _in_english(raw)
    written = {KEYS.get(k, k): k for k in raw}
    keys = {name: written.get(name, name) for name in UnitFile.model_fields}
    if doubles:
        return RawUnit(text, name, None, keys, (*notices, *doubles), places, raw)
    try:
        envelope = UnitFile.model_validate(english)
    except ValidationError as error:
        return RawUnit(text, name, None, keys, (*notices, *_envelope_errors(error, raw)), places, raw)
    return RawUnit(text, name, envelope, keys, notices, places, raw)


def language_of(raw: RawUnit) -> Language:
    """The language of a unit file's keys."""
    return "zh" if any(k in KEYS for k in raw.keys.values()) else "en"


def sought(envelope: UnitFile) -> Sought:
    """What a unit file says by which its ruleset can be found."""
    return Sought(envelope.unit, envelope.unit_type, envelope.level, envelope.region, read_date(envelope.as_of.strip()))


def _in_english(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The envelope with English keys, and what is given in both languages at once."""
    found, doubles = _translated(raw, KEYS, "")
    written = {KEYS.get(k, k): k for k in raw}
    for key, inner in INNER_KEYS.items():
        entries = found.get(key)
        if isinstance(entries, dict) and key == "third_party":
            found[key], more = _translated(entries, inner, f"{written[key]}.")
            doubles += more
        if isinstance(entries, list):
            pairs = [_translated(e, inner, f"{written[key]}[{i}].") if isinstance(e, dict) else (e, []) for i, e in enumerate(entries)]
            found[key] = [e for e, _ in pairs]
            doubles += [d for _, ds in pairs for d in ds]
    return found, doubles


def _translated(raw: Mapping[str, Any], keys: Mapping[str, str], before: str) -> tuple[dict[str, Any], list[Diagnostic]]:
    found: dict[str, Any] = {}
    doubles: list[Diagnostic] = []
    for key, value in raw.items():
        name = keys.get(key, key)
        if name in found:
            doubles.append(Diagnostic("E709", (), {"name": key}, path=f"{before}{key}", source="unit"))
        found[name] = value
    return found, doubles


def _written_path(raw: Any, loc: tuple[int | str, ...]) -> str:
    """A path in the keys that the file itself uses."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
            raw = raw[part] if isinstance(raw, list) and part < len(raw) else None
            continue
        names = {**{k: k for k in (raw if isinstance(raw, dict) else ())}}
        for keys in (KEYS, *INNER_KEYS.values()):
            names = {**{keys[k]: k for k in names if k in keys}, **names}
        shown = names.get(part, part)
        path += f".{shown}" if path else shown
        raw = raw.get(shown) if isinstance(raw, dict) else None
    return path


def _envelope_errors(error: ValidationError, raw: Mapping[str, Any]) -> list[Diagnostic]:
    found = []
    for problem in error.errors(include_url=False):
        loc = problem["loc"]
        path, name = _written_path(raw, loc), str(loc[-1])
        known = KEYS if len(loc) == 1 else INNER_KEYS.get(str(loc[0]), CLAIM_KEYS)
        chinese = {e: c for c, e in known.items()}
        match problem["type"]:
            case "extra_forbidden":
                near = nearest(name, [k for c, e in known.items() if c not in raw and e not in raw for k in (c, e)])
                facts = {"name": shorten(name), **({"near": near} if near else {})}
                found.append(Diagnostic("E726", (), facts, path=path, source="unit"))
            case "missing":
                facts = {"name": f"{chinese[name]} / {name}"}
                found.append(Diagnostic("E725", (), facts, path=_written_path(raw, loc[:-1]), source="unit"))
            case kind:
                wanted, wanted_en = _WANTED.get(kind, _WANTED["string_type"])
                facts = {"name": shorten(path), "wanted": wanted, "wanted_en": wanted_en, "found": show_raw(problem["input"])}
                found.append(Diagnostic("E702", (), facts, path=path, source="unit"))
    return found


_WANTED: Mapping[str, tuple[str, str]] = {
    "string_type": ("文字", "text"), "string_too_short": ("文字，不能为空", "some text"),
    "dict_type": ("{…}", "{…}"), "list_type": ("[…]", "[…]"), "model_type": ("{…}", "{…}"),
}  # fmt: skip


def with_tables(raw: RawUnit, ruleset: Ruleset) -> RawUnit:
    """A unit with the tables that its file names read and put in; it then stands alone.

    What was found in the tables is among its diagnostics; an error leaves no envelope.
    """
    if raw.envelope is None or not isinstance(raw.raw, dict) or not any(k in raw.text for k in FILE_KEYS):
        return raw
    read = put_tables_in(raw.raw, raw.keys["data"], raw.keys["assessments"], ruleset, raw.folder)
    if not read.any:
        return raw
    found = (*raw.diagnostics, *located(raw, tuple(read.found)))
    if any(d.is_error for d in read.found):
        return replace(raw, diagnostics=found, envelope=None)
    name = f"{raw.name.rsplit('.', 1)[0]}.json"
    places = raw.places if raw.places is not None else locate(raw.text)
    made = raw_unit(read.content, as_json(read.content) + "\n", name, found, places)
    if made.envelope is None:
        return made
    envelope = made.envelope.model_copy(update={"as_of": raw.envelope.as_of})
    return replace(made, envelope=envelope, own_as_of=raw.own_as_of, shown=(raw.name, raw.text))


def unit_data(raw: RawUnit, ruleset: Ruleset) -> tuple[UnitData | None, tuple[Diagnostic, ...]]:
    """The unit's data checked against a ruleset, and every finding with its place."""
    raw = with_tables(raw, ruleset)
    if raw.envelope is None:
        return None, located(raw, raw.diagnostics)
    envelope, keys = raw.envelope, raw.keys
    intake = Intake(ruleset)
    if not envelope.unit.strip():
        wanted, wanted_en = _WANTED["string_too_short"]
        intake.report("E702", keys["unit"], name=keys["unit"], wanted=wanted, wanted_en=wanted_en, found=envelope.unit)
    as_of = _as_of(intake, envelope, keys["as_of"])
    _fits(intake, envelope, keys, ruleset)
    values = intake.values(envelope.data, keys["data"], assessed=False)
    assessments: dict[Track, Mapping[str, Entry]] = {}
    for name, given in envelope.assessments.items():
        path = f"{keys['assessments']}.{name}"
        if name not in TRACK_NAMES:
            intake.report("E737", path, text=name)
        elif TRACK_NAMES[name] in assessments:
            intake.report("E709", path, name=name)
        else:
            assessments[TRACK_NAMES[name]] = intake.values(given, path, assessed=True)
    evidence = _evidence(intake, raw, envelope, ruleset)
    not_applicable = _not_applicable(intake, envelope, keys["not_applicable"], ruleset)
    work = FieldWork(intake, ruleset)
    interviews = None if envelope.interviews is None else work.interviews(envelope.interviews, keys["interviews"])
    found_by_work = work.findings(envelope.findings, keys["findings"])
    named = next((f"{keys['assessments']}.{n}" for n in envelope.assessments if TRACK_NAMES.get(n) == "third_party"), "")
    place = keys["third_party"] if envelope.third_party is not None else named
    third_party = work.third_party(envelope.third_party, place, assessed="third_party" in assessments)
    findings = located(raw, (*raw.diagnostics, *intake.found))
    if as_of is None or any(f.is_error for f in findings):
        return None, findings
    unit = UnitData(
        envelope.unit, envelope.unit_type, as_of, envelope.level, envelope.period, values, assessments, evidence,
        not_applicable, envelope.region, raw.own_as_of, interviews, found_by_work, third_party,
    )  # fmt: skip
    return unit, findings


def _as_of(intake: Intake, envelope: UnitFile, path: str) -> date | None:
    found = read_date(envelope.as_of.strip()) if envelope.as_of[:1].isdigit() else None
    if found is None:
        intake.report("E708", path, name=path, text=envelope.as_of)
    return found


def _fits(intake: Intake, envelope: UnitFile, keys: Mapping[str, str], ruleset: Ruleset) -> None:
    """Whether the ruleset is meant for such a unit at such a date."""
    if ruleset.applies and envelope.unit_type not in ruleset.applies:
        intake.unknown("E712", keys["unit_type"], envelope.unit_type, ruleset.applies, type=envelope.unit_type, types=ruleset.applies)
    if ruleset.unit_levels and envelope.level is not None and envelope.level not in ruleset.unit_levels:
        intake.unknown("E728", keys["level"], envelope.level, ruleset.unit_levels, level=envelope.level, levels=ruleset.unit_levels)
    if ruleset.regions and envelope.region is not None and envelope.region not in ruleset.regions:
        intake.unknown("E745", keys["region"], envelope.region, ruleset.regions, region=envelope.region, regions=ruleset.regions)
    if ruleset.units and envelope.unit not in ruleset.units:
        intake.unknown("E746", keys["unit"], envelope.unit, ruleset.units, unit=envelope.unit, units=ruleset.units)
    if ruleset.awaited:
        intake.report("E747", keys["unit"], unit=envelope.unit, points=exact_text(ruleset.awaited), ruleset=f"{ruleset.name} {ruleset.version}")
    day = read_date(envelope.as_of)
    period = ruleset.effective
    if day and ((period.start and day < period.start) or (period.end and day > period.end)):
        shown = f"{period.start or '…'} – {period.end or '…'}"
        intake.report("E740", keys["as_of"], date=day.isoformat(), period=shown)


def _evidence(intake: Intake, raw: RawUnit, envelope: UnitFile, ruleset: Ruleset) -> tuple[EvidenceItem, ...] | None:
    if envelope.evidence is None:
        return None
    kinds = {k for i in ruleset.by_code.values() for r in i.evidence for k in r.kinds}
    kinds |= {kind for i in ruleset.by_code.values() for kind, _ in documents_of(i).values()}
    items = []
    for index, entry in enumerate(envelope.evidence):
        if entry.kind not in kinds:
            intake.unknown("W741", _written_path(raw.raw, ("evidence", index, "kind")), entry.kind, kinds, name=entry.kind)
        issued = read_date(entry.issued_on.strip()) if entry.issued_on is not None else None
        if entry.issued_on is not None and issued is None:
            intake.report("E708", _written_path(raw.raw, ("evidence", index, "issued_on")), name=entry.kind, text=entry.issued_on)
        copies = _COPIES.match(plain_digits(entry.copies)) if isinstance(entry.copies, str) else None
        if copies is None:
            intake.report("E715", _written_path(raw.raw, ("evidence", index, "copies")), name=entry.kind, text=show_raw(entry.copies))
            continue
        items.append(EvidenceItem(entry.kind, entry.title, entry.number, entry.issued_by, issued, int(copies[1])))
    return tuple(items)


def _not_applicable(intake: Intake, envelope: UnitFile, path: str, ruleset: Ruleset) -> dict[str, NotApplicable]:
    found: dict[str, NotApplicable] = {}
    for index, entry in enumerate(envelope.not_applicable):
        at = f"{path}[{index}]"
        indicator = ruleset.by_code.get(entry.code)
        if indicator is None or indicator.children:
            intake.unknown("E731", at, entry.code, [i.code for i in ruleset.leaves], code=entry.code)
        elif indicator.not_applicable is None:
            intake.report("E711", at, code_of=entry.code, name=indicator.name)
        elif entry.code in found:
            intake.report("E709", at, name=entry.code)
        else:
            claim = intake.not_applicable(entry.code, entry.reason, entry.confirmed_by, at)
            if claim is not None:
                found[entry.code] = claim
    return found


def located(raw: RawUnit, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Findings with the line of the unit file that each is about."""
    if not any(d.path is not None and not d.labels for d in diagnostics):
        return diagnostics
    places = raw.places if raw.places is not None else locate(raw.text)
    found = []
    for d in diagnostics:
        place = _nearest_place(places, d.path) if d.path and not d.labels else None
        found.append(replace(d, labels=(Label(place),)) if place is not None else d)
    return tuple(found)


def _nearest_place(places: Mapping[str, Place], path: str) -> Place | None:
    """The place of a path, or of the nearest thing around it."""
    at = path
    while at and at not in places:
        at = at[: max(at.rfind("."), at.rfind("["), 0)]
    return places.get(at)


__all__ = ["NumberText", "RawUnit", "UnitFile", "located", "raw_unit", "read_unit", "read_unit_text", "unit_data"]
