"""Entries carried over to another version -> the text of a unit file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from ..dsl.keywords import Language
from ..engine.carry import RawEntries
from .collected import as_json
from .unit_file import CLAIM_KEYS, EVIDENCE_KEYS, KEYS, UnitFile


def raw_entries(envelope: UnitFile) -> RawEntries:
    """The entries of a unit file, as they were written."""
    evidence = None if envelope.evidence is None else tuple((e.kind, e) for e in envelope.evidence)
    return RawEntries(envelope.data, envelope.assessments, evidence, tuple((c.code, c) for c in envelope.not_applicable))


def with_entries(envelope: UnitFile, entries: RawEntries, **changed: Any) -> UnitFile:
    """The same unit with other entries."""
    evidence = None if entries.evidence is None else [e.model_copy(update={"kind": kind}) for kind, e in entries.evidence]
    claims = [c.model_copy(update={"code": code}) for code, c in entries.claims]
    update = {"data": dict(entries.data), "assessments": dict(entries.assessments), "evidence": evidence, "not_applicable": claims}
    return envelope.model_copy(update={**update, **changed})


def carried_text(envelope: UnitFile, language: Language) -> str:
    """A unit file as JSON, its keys in one language, every value as it was written."""
    shown: dict[str, Any] = {}
    for key in UnitFile.model_fields:
        value = getattr(envelope, key)
        if value is None or (key in ("assessments", "not_applicable") and not value):
            continue
        match key:
            case "evidence":
                value = [_entry(e, EVIDENCE_KEYS, language) for e in value]
            case "not_applicable":
                value = [_entry(c, CLAIM_KEYS, language) for c in value]
        shown[_name(key, KEYS, language)] = value
    return as_json(shown) + "\n"


def _name(key: str, keys: Mapping[str, str], language: Language) -> str:
    return next((c for c, e in keys.items() if e == key), key) if language == "zh" else key


def _entry(entry: BaseModel, keys: Mapping[str, str], language: Language) -> dict[str, Any]:
    given = {k: getattr(entry, k) for k in type(entry).model_fields if k in entry.model_fields_set}
    return {_name(k, keys, language): v for k, v in given.items() if v is not None}

