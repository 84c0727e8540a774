"""``ruleeval carry``: a unit's data, written for one version of a ruleset, taken over to another."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..dsl.layers.crosswalk import crosswalk_between, passage
from ..engine.carry import carry, old_scores
from ..engine.evaluate import evaluate
from ..files.carried_text import carried_text, raw_entries, with_entries
from ..files.unit_file import UnitFile, on_day, read_unit_text, unit_data
from ..report.carry_report import Carrying, carry_data, carry_document
from .common import DONE, UNDECIDED, as_of_option, json_option, language_option, load_case, load_rules, rules_option, write_text
from .paper import deliver, output_option


@click.command("carry")
@click.argument("unit", type=click.Path(path_type=Path))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The version to carry over to: a file or NAME@VERSION.")
@click.option("--write", "written", type=click.Path(path_type=Path, dir_okay=False), help="Write the unit file for that version here.")
@rules_option
@as_of_option
@language_option
@json_option
@output_option
def carry_command(
    unit: Path, target: Path, written: Path | None, rules: Path | None, as_of: date | None, lang: Language | None, as_json: bool,
    output: Path | None,
) -> None:
    """Carry the data of UNIT over to another version of its ruleset, by its crosswalk. 把单位数据转到新版规则集。

    Tells what was kept, what was lost and what needs a person, and shows the old scores
    under the new tree.  --as-of is the date of the new unit file.

    Exit status: 0 nothing is left to decide; 1 errors in the data or a ruleset; 3 a person
    has something to fill in or to check.
    """
    if written is not None and written.exists():
        raise click.UsageError(f"--write: {written} is there already  文件已经存在，不会覆盖")
    case = load_case(unit, rules, lang, as_json=as_json)
    _, new = load_rules(target, lang, as_json=as_json)
    language = lang or new.language
    envelope = case.raw.envelope
    assert envelope is not None
    way = passage(case.ruleset, new, crosswalk_between(case.ruleset, new))
    carried = carry(case.ruleset, new, way, raw_entries(envelope))
    renewed = with_entries(envelope, carried.entries, ruleset=_named(target, written))
    text = carried_text(_on(renewed, as_of), new.language)
    again = on_day(read_unit_text(text, "unit.json"), as_of)
    problems = tuple(_place_free(d) for d in unit_data(again, new)[1] if d.is_error)
    result = evaluate(case.ruleset, case.unit)
    found = Carrying(
        case.unit.name, f"{case.ruleset.name} {case.ruleset.version}", f"{new.name} {new.version}", carried, way,
        old_scores(result, new, way), result, {i.code: i.name for i in new.by_code.values()}, problems,
    )  # fmt: skip
    if written is not None:
        write_text(written, text)
    deliver(carry_document(found, language), language, lambda: carry_data(found, language), output=output, as_json=as_json)
    sys.exit(UNDECIDED if carried.of("asked", "lost") or problems else DONE)


def _on(envelope: UnitFile, day: date | None) -> UnitFile:
    return envelope if day is None else envelope.model_copy(update={"as_of": day.isoformat()})


def _named(target: Path, written: Path | None) -> str:
    """How the new unit file is to name its ruleset: as it was asked for, a file from where it lies."""
    if written is None or not target.is_file():
        return target.as_posix()
    return Path(os.path.relpath(target.resolve(), written.resolve().parent)).as_posix()


def _place_free(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, labels=())
