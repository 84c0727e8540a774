"""What ``ruleeval test`` does besides running cases: coverage, generated cases, mutation."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ..dsl.characters import split_lines
from ..dsl.frozen import frozen
from ..dsl.keywords import Language
from ..dsl.model import Ruleset
from ..engine.cases import Expected
from ..engine.coverage import Coverage
from ..engine.evaluate import evaluate
from ..engine.mutate import Judged, mutants, sharpen, unnoticed
from ..engine.record import Result
from ..files.ruleset_file import LoadedRuleset
from ..files.text import Unreadable
from ..files.unit_file import read_unit, unit_data
from ..report.as_text import to_text
from ..report.coverage_report import (
    coverage_data,
    coverage_document,
    coverage_page,
    mutation_data,
    mutation_document,
)
from .common import say, terminal_width, use_colour, write_text


@frozen
class Tried:
    """A case that ran: its result and what it expects, and the unit file it changes."""

    result: Result
    expected: Expected
    base: Path | None


@frozen
class Tested:
    """One ruleset with every case of it that ran."""

    loaded: LoadedRuleset
    ruleset: Ruleset
    cases: tuple[Tried, ...]


def covered(tested: Tested) -> Coverage:
    """What the cases of a ruleset touch."""
    coverage = Coverage(tested.ruleset)
    for case in tested.cases:
        coverage.touch(case.result)
    return coverage


def report_coverage(tested: Sequence[Tested], language: Language, page: Path | None, *, as_json: bool) -> tuple[int, list[dict[str, Any]]]:
    """Print coverage, and write it as a page; the least share in whole percent, and the data."""
    least = 100
    data = []
    for one in tested:
        coverage = covered(one)
        touched, total = coverage.share
        least = min(least, touched * 100 // total if total else 100)
        data.append(coverage_data(coverage))
        if not as_json:
            say(to_text(coverage_document(coverage, language), terminal_width(), colour=use_colour()))
        if page is not None:
            place = page if len(tested) == 1 else page.with_name(f"{page.stem}-{one.loaded.path.stem}{page.suffix}")
            write_text(place, coverage_page(coverage, _whole_text(one.loaded), language))
    return least, data


def _whole_text(loaded: LoadedRuleset) -> str:
    """The lines of a ruleset and of all it extends, one file after the other, as places count them."""
    return "\n".join(line for one in loaded.chain for line in split_lines(one.text))


def report_mutation(tested: Sequence[Tested], language: Language, *, as_json: bool) -> tuple[int, list[dict[str, Any]]]:
    """Print the changes that no case notices; the least share noticed in whole percent, and the data."""
    least = 100
    data = []
    for one in tested:
        judged = [Judged(c.result, c.expected) for c in one.cases]
        every = list(mutants(one.ruleset))
        left = [m for m in every if unnoticed(m, judged)]
        least = min(least, (len(every) - len(left)) * 100 // len(every) if every else 100)
        data.append(mutation_data(one.ruleset.name, len(every), left))
        if not as_json:
            say(to_text(mutation_document(one.ruleset.name, len(every), left, language), terminal_width(), colour=use_colour()))
    return least, data


def write_generated(tested: Tested, unit_path: Path, output: Path, *, sharper: bool) -> int:
    """Write cases that touch what no case touches yet, and with ``sharper`` notice what none notices; how many.

    A unit that cannot be read or has errors, or a file that is there already, is wrong usage.
    """
    from ..engine.candidates import concerned, generate
    from ..engine.cases import observed
    from ..files.case_text import generated_text

    if output.exists():
        raise click.UsageError(f"{output}: is there already  文件已存在")
    try:
        raw = read_unit(unit_path)
    except Unreadable as error:
        raise click.UsageError(f"{unit_path}: {error.diagnostic.code}: cannot be read  无法读取") from error
    unit, found = unit_data(raw, tested.ruleset)
    if unit is None:
        raise click.UsageError(f"{unit_path}: {'; '.join(d.code for d in found if d.is_error)}: correct the unit first  先改正单位数据")
    base = evaluate(tested.ruleset, unit)
    cases = list(generate(covered(tested), unit))
    if sharper:
        judged = [Judged(c.result, c.expected) for c in tested.cases]
        judged += [Judged(c.result, observed(c.result, base, concerned(tested.ruleset, c.changed))) for c in cases]
        left = [m for m in mutants(tested.ruleset) if unnoticed(m, judged)]
        cases += sharpen(tested.ruleset, unit, left)
    if cases:
        named = Path(os.path.relpath(unit_path, output.parent)).as_posix()
        write_text(output, generated_text(tested.ruleset, cases, base, raw, named))
    return len(cases)
