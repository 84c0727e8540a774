"""A unit file -> `UnitData`: the envelope by pydantic, the values by their declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..dsl.describe import read_date
from ..dsl.diagnostics import Diagnostic, Label, Place, nearest
from ..dsl.frozen import frozen
from ..dsl.model import Ruleset
from ..engine.intake import TRACK_NAMES, Intake, NumberText
from ..engine.unit import Entry, EvidenceItem, NotApplicable, Track, UnitData
from .json_text import locate, read_json
from .text import decode, read_bytes


class EvidenceEntry(BaseModel):
    """One piece of evidence in a unit file."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    title: str = ""
    number: str = ""
    issued_by: str | None = None
    issued_on: str | None = None
    copies: str = "1"
    file: str | None = None


class NotApplicableEntry(BaseModel):
    """One indicator that does not apply, in a unit file."""

    model_config = ConfigDict(extra="forbid")

    code: str
    reason: str | None = None
    confirmed_by: str | list[str] | None = None


class UnitFile(BaseModel):
    """The envelope of a unit file, its keys in English.

    Values under ``data`` and ``assessments`` are left raw: the ruleset says what they are.
    """

    model_config = ConfigDict(extra="forbid")

    unit: str = Field(min_length=1)
    unit_type: str
    level: str | None = None
    period: str | None = None
    as_of: str
    ruleset: str | None = None
    data: dict[str, Any] = {}
    assessments: dict[str, dict[str, Any]] = {}
    evidence: list[EvidenceEntry] | None = None
    not_applicable: list[NotApplicableEntry] = []
    note: str | None = None


#: The keys of a unit file: Chinese -> English.
KEYS: Mapping[str, str] = {
    "单位": "unit", "单位类型": "unit_type", "层级": "level", "评估期": "period", "基准日": "as_of", "规则集": "ruleset",
    "数据": "data", "评定": "assessments", "佐证": "evidence", "不适用": "not_applicable", "说明": "note",
}  # fmt: skip
_EVIDENCE_KEYS: Mapping[str, str] = {
    "材料": "kind", "名称": "title", "编号": "number", "出具单位": "issued_by", "出具日期": "issued_on", "份数": "copies", "文件": "file",
}  # fmt: skip
_CLAIM_KEYS: Mapping[str, str] = {"指标": "code", "理由": "reason", "确认": "confirmed_by"}


@frozen
class RawUnit:
    """A unit file read but not yet held against a ruleset."""

    text: str
    name: str
    envelope: UnitFile | None
    keys: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    places: Mapping[str, Place] | None = None


def read_unit(path: Path) -> RawUnit:
    """Read a unit file, JSON or YAML by its ending.  Raises `Unreadable`."""
    text, notices = decode(read_bytes(path), path.name)
    return read_unit_text(text, path.name, notices)


def read_unit_text(text: str, name: str, notices: tuple[Diagnostic, ...] = ()) -> RawUnit:
    """The same from a text; a name ending in .yaml or .yml is YAML.  Raises `Unreadable`."""
    places: Mapping[str, Place] | None = None
    if name.lower().endswith((".yaml", ".yml")):
        from .yaml_text import read_yaml

        raw, places = read_yaml(text)
    else:
        raw = read_json(text)
    if not isinstance(raw, dict):
        found = Diagnostic("E702", (), {"name": name, "wanted": "{…}", "found": str(raw)[:20]}, path="", source="unit")
        return RawUnit(text, name, None, {}, (*notices, found), places)
    english, doubles = _in_english(raw)
    written = {KEYS.get(k, k): k for k in raw}
    keys = {name: written.get(name, name) for name in UnitFile.model_fields}
    if doubles:
        return RawUnit(text, name, None, keys, (*notices, *doubles), places)
    try:
        envelope = UnitFile.model_validate(english)
    except ValidationError as error:
        return RawUnit(text, name, None, keys, (*notices, *_envelope_errors(error, raw)), places)
    return RawUnit(text, name, envelope, keys, notices, places)


def _in_english(raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[Diagnostic]]:
    """The envelope with English keys, and what is given in both languages at once."""
    found, doubles = _translated(raw, KEYS)
    for key, inner in (("evidence", _EVIDENCE_KEYS), ("not_applicable", _CLAIM_KEYS)):
        entries = found.get(key)
        if isinstance(entries, list):
            pairs = [_translated(e, inner) if isinstance(e, dict) else (e, []) for e in entries]
            found[key] = [e for e, _ in pairs]
            doubles += [d for _, ds in pairs for d in ds]
    return found, doubles


def _translated(raw: Mapping[str, Any], keys: Mapping[str, str]) -> tuple[dict[str, Any], list[Diagnostic]]:
    found: dict[str, Any] = {}
    doubles: list[Diagnostic] = []
    for key, value in raw.items():
        name = keys.get(key, key)
        if name in found:
            doubles.append(Diagnostic("E709", (), {"name": key}, path=key, source="unit"))
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
        for keys in (KEYS, _EVIDENCE_KEYS, _CLAIM_KEYS):
            names = {**{keys[k]: k for k in names if k in keys}, **names}
        shown = names.get(part, part)
        path += f".{shown}" if path else shown
        raw = raw.get(shown) if isinstance(raw, dict) else None
    return path


def _envelope_errors(error: ValidationError, raw: Mapping[str, Any]) -> list[Diagnostic]:
    chinese = {e: c for keys in (KEYS, _EVIDENCE_KEYS, _CLAIM_KEYS) for c, e in keys.items()}
    found = []
    for problem in error.errors(include_url=False):
        path = _written_path(raw, problem["loc"])
        name = str(problem["loc"][-1]) if problem["loc"] else ""
        match problem["type"]:
            case "extra_forbidden":
                near = nearest(name, [*chinese, *chinese.values()])
                facts = {"name": name, **({"near": near} if near else {})}
                found.append(Diagnostic("E726", (), facts, path=path, source="unit"))
            case "missing":
                shown = f"{chinese[name]} / {name}" if name in chinese else name
                found.append(Diagnostic("E725", (), {"name": shown}, path=path, source="unit"))
            case kind:
                facts = {"name": path, "wanted": _WANTED.get(kind, kind), "found": str(problem["input"])[:40]}
                found.append(Diagnostic("E702", (), facts, path=path, source="unit"))
    return found


_WANTED = {
    "string_type": "text", "string_too_short": "text", "dict_type": "{…}", "list_type": "[…]",
    "model_type": "{…}",
}  # fmt: skip


def unit_data(raw: RawUnit, ruleset: Ruleset) -> tuple[UnitData | None, tuple[Diagnostic, ...]]:
    """The unit's data checked against a ruleset, and every finding with its place."""
    if raw.envelope is None:
        return None, located(raw, raw.diagnostics)
    envelope, keys = raw.envelope, raw.keys
    intake = Intake(ruleset)
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
    evidence = _evidence(intake, envelope, keys["evidence"], ruleset)
    not_applicable = _not_applicable(intake, envelope, keys["not_applicable"], ruleset)
    findings = located(raw, (*raw.diagnostics, *intake.found))
    if as_of is None or any(f.is_error for f in findings):
        return None, findings
    unit = UnitData(
        envelope.unit, envelope.unit_type, as_of, envelope.level, envelope.period, values, assessments, evidence,
        not_applicable,
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
        near = nearest(envelope.unit_type, ruleset.applies)
        facts = {"type": envelope.unit_type, "types": "、".join(ruleset.applies), **({"near": near} if near else {})}
        intake.report("E712", keys["unit_type"], **facts)
    if ruleset.unit_levels and envelope.level is not None and envelope.level not in ruleset.unit_levels:
        near = nearest(envelope.level, ruleset.unit_levels)
        facts = {"level": envelope.level, "levels": "、".join(ruleset.unit_levels), **({"near": near} if near else {})}
        intake.report("E728", keys["level"], **facts)
    day = read_date(envelope.as_of)
    period = ruleset.effective
    if day and ((period.start and day < period.start) or (period.end and day > period.end)):
        shown = f"{period.start or '…'} – {period.end or '…'}"
        intake.report("E740", keys["as_of"], date=day.isoformat(), period=shown)


def _evidence(intake: Intake, envelope: UnitFile, path: str, ruleset: Ruleset) -> tuple[EvidenceItem, ...] | None:
    if envelope.evidence is None:
        return None
    kinds = {k for i in ruleset.by_code.values() for r in i.evidence for k in r.kinds}
    kinds |= {k.split(".", 1)[1] for k in _document_keys(ruleset)}
    items = []
    for index, entry in enumerate(envelope.evidence):
        at = f"{path}[{index}]"
        if entry.kind not in kinds:
            near = nearest(entry.kind, kinds)
            intake.report("W741", at, name=entry.kind, **({"near": near} if near else {}))
        issued = read_date(entry.issued_on) if entry.issued_on else None
        if entry.issued_on and issued is None:
            intake.report("E708", f"{at}.issued_on", name=entry.kind, text=entry.issued_on)
        if not entry.copies.isdigit():
            intake.report("E715", f"{at}.copies", name=entry.kind, text=entry.copies)
            continue
        items.append(EvidenceItem(entry.kind, entry.title, entry.number, entry.issued_by, issued, int(entry.copies)))
    return tuple(items)


def _document_keys(ruleset: Ruleset) -> set[str]:
    from ..engine.evaluate import indicator_documents

    return {k for i in ruleset.leaves for k in indicator_documents(i)}


def _not_applicable(intake: Intake, envelope: UnitFile, path: str, ruleset: Ruleset) -> dict[str, NotApplicable]:
    found: dict[str, NotApplicable] = {}
    for index, entry in enumerate(envelope.not_applicable):
        at = f"{path}[{index}]"
        indicator = ruleset.by_code.get(entry.code)
        if indicator is None or indicator.children:
            near = nearest(entry.code, [i.code for i in ruleset.leaves])
            intake.report("E731", at, code=entry.code, **({"near": near} if near else {}))
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


__all__ = ["NumberText", "RawUnit", "UnitFile", "located", "read_unit", "read_unit_text", "unit_data"]
