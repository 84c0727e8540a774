"""Entries carried over to another version -> the text of a unit file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from ..dsl.keywords import Language
from ..engine.carry import RawEntries
from .collected import as_json
from .unit_file import INNER_KEYS, KEYS, UnitFile


def raw_entries(envelope: UnitFile) -> RawEntries:
    """The entries of a unit file, as they were written."""
    evidence = None if envelope.evidence is None else tuple((e.kind, e) for e in envelope.evidence)
    claims = tuple((c.code, c) for c in envelope.not_applicable)
    interviews = tuple((_codes(i.indicators), i) for i in envelope.interviews or ())
    return RawEntries(envelope.data, envelope.assessments, evidence, claims, tuple((f.code, f) for f in envelope.findings), interviews)


def _codes(given: Any) -> tuple[str, ...]:
    return tuple(str(c) for c in given) if isinstance(given, (list, tuple)) else () if given is None else (str(given),)


def with_entries(envelope: UnitFile, entries: RawEntries, **changed: Any) -> UnitFile:
    """The same unit with other entries."""
    update: dict[str, Any] = {
        "data": dict(entries.data), "assessments": dict(entries.assessments),
        "evidence": None if entries.evidence is None else [e.model_copy(update={"kind": kind}) for kind, e in entries.evidence],
        "not_applicable": [c.model_copy(update={"code": code}) for code, c in entries.claims],
        "findings": [f.model_copy(update={"code": code}) for code, f in entries.findings],
    }  # fmt: skip
    if envelope.interviews is not None:
        asked = [(list(codes) if i.indicators is not None else None, i) for codes, i in entries.interviews]
        update["interviews"] = [i.model_copy(update={"indicators": codes}) for codes, i in asked]
    return envelope.model_copy(update={**update, **changed})


def carried_text(envelope: UnitFile, language: Language) -> str:
    """A unit file as JSON, its keys in one language, every value as it was written."""
    shown: dict[str, Any] = {}
    for key in UnitFile.model_fields:
        value = getattr(envelope, key)
        if value is None or (not value and key not in ("data", "evidence")):
            continue
        if key in INNER_KEYS:
            value = [_entry(e, INNER_KEYS[key], language) for e in value] if isinstance(value, list) else _entry(value, INNER_KEYS[key], language)
        shown[_name(key, KEYS, language)] = value
    return as_json(shown) + "\n"


def _name(key: str, keys: Mapping[str, str], language: Language) -> str:
    return next((c for c, e in keys.items() if e == key), key) if language == "zh" else key


def _entry(entry: BaseModel, keys: Mapping[str, str], language: Language) -> dict[str, Any]:
    given = {k: getattr(entry, k) for k in type(entry).model_fields if k in entry.model_fields_set}
    return {_name(k, keys, language): v for k, v in given.items() if v is not None}
