"""``ruleeval prove``: what a ruleset can come to, for every unit at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ..dsl.keywords import Language
from ..dsl.periods import lapsed
from .common import DONE, ERRORS, UNDECIDED, day_option, json_option, language_option, load_rules, write_text
from .paper import deliver, output_option

if TYPE_CHECKING:
    from ..engine.solver.prove import Proof


def need_solver() -> None:
    """End as wrong usage where the solver is not installed."""
    try:
        import z3  # noqa: F401
    except ImportError as error:
        raise click.UsageError('this needs a solver: pip install "ruleeval[solver]"  需要求解器，请安装 ruleeval[solver]') from error


def fault(error: Exception) -> NoReturn:
    """End with the status of a fault of ruleeval: the engine and the solver's reading of a ruleset differ."""
    text = "规则集的两种读法不一致，这是本程序的错误，请报告；未作任何结论"
    click.echo(f"ruleeval: {text} / the solver's reading and the engine differ: a bug of ruleeval, please report it: {error}", err=True)
    sys.exit(4)


@click.command("prove")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--witness", type=click.Path(path_type=Path, file_okay=False), help="Write a unit file for each grade into this folder.")
@click.option("--as-of", "as_of", help="The day whose parameters hold; the last day the ruleset is in force by default.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, show_default=True, help='Time limit; what is left then is "not decided".')
@language_option
@json_option
@output_option
def prove_command(rules: Path, witness: Path | None, as_of: str | None, seconds: int, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """Prove what the ruleset RULES can come to. 证明一个规则集能得出什么。

    The attainable range of every score, which grades can be reached and by what unit, that
    no unit falls between bands, what no unit reaches, and what more of each data item does.

    Exit status: 0 all well; 1 a grade, band, branch or condition that no unit reaches, full
    points out of reach, or a gap; 3 something not decided in time.
    """
    need_solver()
    loaded, ruleset = load_rules(rules, lang, as_json=as_json)
    from ..engine.solver.days import day_of
    from ..engine.solver.prove import prove
    from ..engine.solver.witness import Disagreement
    from ..report.proof_report import proof_data, proof_document

    language = lang or loaded.language
    try:
        proof = prove(ruleset, day_option(as_of) or day_of(ruleset), seconds)
    except Disagreement as error:
        fault(error)
    files = write_witnesses(proof, witness, rules) if witness is not None else {}
    deliver(proof_document(proof, files, language), language, lambda: proof_data(proof, files), output=output, as_json=as_json)
    sys.exit(_status(proof))


def _status(proof: Proof) -> int:
    in_force = {code for code in proof.ruleset.by_code if lapsed(proof.ruleset, code, proof.day) is None}
    ends = [e for code, s in proof.scopes.items() if code in in_force for e in (s.low, s.high)] + [proof.total.low, proof.total.high]
    leaves = [i for i in proof.ruleset.by_code.values() if not i.children and i.code in in_force]
    short = any(proof.scopes[i.code].high.reached is not None and proof.scopes[i.code].high.value < i.points for i in leaves)
    if proof.never or short or any(g.reached is False for g in proof.grades):
        return ERRORS
    open_ends = any(e.reached is None for e in ends)
    if open_ends or proof.unsolved or proof.between is None or any(g.reached is None for g in proof.grades):
        return UNDECIDED
    return UNDECIDED if any(s.reached is None for s in proof.spots) else DONE


def write_witnesses(proof: Proof, folder: Path, rules: Path) -> dict[str, str]:
    """A unit file for each grade that is reached, and its path by grade."""
    from ..files.unit_text import NotWritable, unit_text

    found: dict[str, str] = {}
    folder.mkdir(parents=True, exist_ok=True)
    named: Any = os.path.relpath(rules.resolve(), folder.resolve())
    for reach in proof.grades:
        if reach.unit is None:
            continue
        path = folder / f"{reach.grade}.json"
        try:
            write_text(path, unit_text(reach.unit, proof.ruleset, Path(named).as_posix()))
        except NotWritable:
            continue
        found[reach.grade] = path.as_posix()
    return found
