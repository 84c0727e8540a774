"""Many unit files at once, each with its ruleset; one that cannot be read stops none of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.unit import UnitData
from ..files.ruleset_file import LoadedRuleset
from ..files.text import Unreadable
from ..files.unit_file import RawUnit, located, on_day, read_unit, unit_data
from ..report.pages import Page, Pages
from .common import load_rules, pages_of, rules_of
from .progress import progress

_ENDINGS = (".json", ".yaml", ".yml")


@frozen
class GivenUnit:
    """A unit read from a file, with the ruleset that it is evaluated by."""

    path: Path
    loaded: LoadedRuleset
    ruleset: Ruleset
    raw: RawUnit
    unit: UnitData


@dataclass(slots=True)
class Gathered:
    """The units of some files, and every finding with the pages it is about."""

    units: list[GivenUnit] = field(default_factory=list)
    findings: list[tuple[Diagnostic, Pages]] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(d.is_error for d, _ in self.findings)


def unit_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Every unit file among some files and folders, in the order of their paths."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in _ENDINGS and p.is_file())
        else:
            yield path


def gather(paths: Sequence[Path], rules: Path | None, lang: Language | None, *, as_json: bool, as_of: date | None = None) -> Gathered:
    """Read unit files, each ruleset once; a ruleset with errors ends the program."""
    found = Gathered()
    found.units += each_unit(progress(list(unit_files(paths)), lang), rules, lang, found, as_json=as_json, as_of=as_of)
    return found


def each_unit(
    paths: Iterable[Path], rules: Path | None, lang: Language | None, found: Gathered, *, as_json: bool, as_of: date | None = None
) -> Iterator[GivenUnit]:
    """The units of files one by one; findings go to ``found``, units themselves are not kept."""
    known: dict[Path, tuple[LoadedRuleset, Ruleset]] = {}
    seen: dict[tuple[str, str], Path] = {}
    for path in paths:
        one = _read(path, rules, lang, known, found, as_json=as_json, as_of=as_of)
        if one is None:
            continue
        key = (one.unit.name, one.ruleset.digest)
        if key in seen:
            facts = {"unit": path.name, "other": seen[key].name, "name": one.unit.name}
            found.findings.append((Diagnostic("E896", (), facts, source="file"), {"file": (Page(str(path)),)}))
            continue
        seen[key] = path
        yield one


def _read(
    path: Path, rules: Path | None, lang: Language | None, known: dict[Path, tuple[LoadedRuleset, Ruleset]], found: Gathered, *,
    as_json: bool, as_of: date | None,
) -> GivenUnit | None:
    try:
        raw = on_day(read_unit(path), as_of)
        chosen = rules if rules is not None else rules_of(path, raw)
    except Unreadable as error:
        found.findings.append((replace(error.diagnostic, source="file"), {"file": (Page(str(path)),)}))
        return None
    if chosen is None:
        found.findings += [(d, pages_of(None, raw)) for d in located(raw, raw.diagnostics)]
        return None
    key = chosen.resolve()
    if key not in known:
        known[key] = load_rules(chosen, lang, as_json=as_json)
    loaded, ruleset = known[key]
    unit, told = unit_data(raw, ruleset)
    found.findings += [(d, pages_of(loaded, raw)) for d in told if d.is_error or unit is None]
    return None if unit is None else GivenUnit(path, loaded, ruleset, raw, unit)
