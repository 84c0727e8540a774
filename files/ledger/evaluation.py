"""An evaluation into the ledger, and out of it again so that it can be evaluated anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...dsl.diagnostics import Diagnostic
from ...dsl.frozen import frozen
from ...dsl.model import Ruleset
from ...dsl.numbers import exact_text
from ...engine.chain import Entry, digest
from ...engine.record import Result
from ...engine.unit import Track, UnitData
from ..ruleset_file import LoadedRuleset, load_ruleset_texts
from ..unit_file import RawUnit, read_unit_text, unit_data
from .database import LedgerError
from .personal import Kept
from .store import Ledger

KIND = "evaluation"


@frozen
class Source:
    """One text that a ruleset was made of: its file, and the name and version in its head."""

    file: str
    name: str
    version: str
    text: str


def sources_of(loaded: LoadedRuleset) -> tuple[Source, ...]:
    """The texts that a ruleset was made of, the base first."""
    return tuple(Source(found.path.name, found.head.name, found.head.version, found.text) for found in loaded.chain)


def evaluation_body(
    loaded: LoadedRuleset, kept: Kept, result: Result, full: str, engine: str, policy: str
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The body of an entry, and the texts that it names.  ``full`` is the whole result as canonical JSON."""
    sources = sources_of(loaded)
    unit, ruleset = result.unit, result.ruleset
    body = {
        "unit": {"name": unit.name, "type": unit.unit_type, "level": unit.level, "period": unit.period},
        "as_of": result.as_of.isoformat(),
        "track": result.track,
        "ruleset": {
            "name": ruleset.name,
            "version": ruleset.version,
            "texts": [{"file": s.file, "name": s.name, "version": s.version, "digest": digest(s.text)} for s in sources],
        },
        "data": {"name": kept.raw.name, "digest": digest(kept.raw.text), "personal": policy, "replaced": list(kept.replaced)},
        "engine": engine,
        "outcome": {
            "state": result.state,
            "score": None if result.score is None else exact_text(result.score),
            "full_score": exact_text(result.full_score),
            "grade": result.grade.grade if result.grade is not None else None,
        },
        "result": {"digest": digest(full)},
    }
    return body, (*(s.text for s in sources), kept.raw.text, full)


@frozen
class Recorded:
    """An evaluation as recorded: its ruleset and unit ready to be evaluated, the result then."""

    entry: Entry
    loaded: LoadedRuleset
    ruleset: Ruleset | None
    raw: RawUnit
    unit: UnitData | None
    track: Track
    then: str
    found: tuple[Diagnostic, ...]


def evaluation_data(entry: Entry) -> Mapping[str, Any]:
    """The body of an evaluation.  Raises `LedgerError` E766 for an entry of another kind."""
    if entry.kind != KIND:
        raise LedgerError("E766", number=str(entry.number), kind=entry.kind)
    return entry.data


def recorded(ledger: Ledger, number: int) -> Recorded:
    """One recorded evaluation.  Raises `LedgerError`, and `Unreadable` where this version
    of the program can no longer read what was recorded."""
    entry = ledger.entry(number)
    body = evaluation_data(entry)
    loaded = load_ruleset_texts([(t["file"], ledger.text(t["digest"])) for t in body["ruleset"]["texts"]])
    raw = read_unit_text(ledger.text(body["data"]["digest"]), body["data"]["name"])
    unit, found = unit_data(raw, loaded.ruleset) if loaded.ruleset is not None else (None, loaded.diagnostics)
    return Recorded(entry, loaded, loaded.ruleset, raw, unit, body["track"], ledger.text(body["result"]["digest"]), found)


def changed_sources(entry: Entry, loaded: LoadedRuleset) -> tuple[str, ...]:
    """The names of the texts of a ruleset that are not those of an entry."""
    then = {t["digest"] for t in evaluation_data(entry)["ruleset"]["texts"]}
    now = sources_of(loaded)
    changed = tuple(s.file for s in now if digest(s.text) not in then)
    return changed or (() if len(now) == len(then) else tuple(s.file for s in now))
