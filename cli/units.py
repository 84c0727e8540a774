"""Many unit files at once, each with its ruleset; one that cannot be read stops none of the others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from ..dsl.diagnostics import Diagnostic, Fact
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.record import Result
from ..engine.unit import Track, UnitData
from ..files.ruleset_file import LoadedRuleset
from ..files.text import Unreadable
from ..files.unit_file import RawUnit, located, on_day, read_unit, unit_data
from ..report.pages import Page, Pages
from .common import ERRORS, Case, findings_data, load_rules, pages_of, print_findings, print_json, rules_of
from .progress import progress

_Command = TypeVar("_Command", bound=Callable[..., Any])
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


def cohort_option(command: _Command) -> _Command:
    return click.option(
        "--cohort", "others", multiple=True, type=click.Path(path_type=Path),
        help="Unit files, or folders of them, to compare with; may be given again.",
    )(command)  # fmt: skip


def result_among(case: Case, others: Sequence[Path], rules: Path | None, track: Track | None, *, as_json: bool) -> Result:
    """The result of a unit among others of the same ruleset, or the end of the program with every error."""
    from ..engine.cohort import evaluate_cohort  # only where units are compared: it needs the language's checks

    gathered = gather(others, rules, case.language, as_json=as_json)
    apart = tuple(u.path.name for u in gathered.units if u.ruleset.digest != case.ruleset.digest)
    if apart:
        facts: dict[str, Fact] = {"units": apart, "ruleset": f"{case.ruleset.name} {case.ruleset.version}"}
        gathered.findings.append((Diagnostic("W893", (), facts, source="file"), {"file": (Page(case.raw.name),)}))
    told = [d for d in gathered.findings if d[0].is_error or not as_json]
    if as_json and gathered.failed:
        print_json({"state": "error", "findings": [d for f, pages in told for d in findings_data([f], pages, case.language)]})
    elif not as_json:
        for finding, pages in told:
            print_findings([finding], pages, case.language)
    if gathered.failed:
        sys.exit(ERRORS)
    same = [u.unit for u in gathered.units if u.ruleset.digest == case.ruleset.digest and u.unit.name != case.unit.name]
    return evaluate_cohort(case.ruleset, [case.unit, *same], track, lambda units: progress(units, case.language))[0]
