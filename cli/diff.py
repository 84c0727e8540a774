"""``ruleeval diff``: what is different between two rulesets, or two sets of templates, by meaning."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..dsl.keywords import Language
from ..dsl.layers.crosswalk import given_pairs as crosswalk_pairs
from ..dsl.layers.difference import Counts, Difference, Version, difference, together
from ..files.ruleset_file import load_ruleset_file, resolve_ruleset_file
from ..files.ruleset_folder import Found, chain_of
from ..files.ruleset_set import located, paired, templates_of
from ..files.text import Unreadable
from ..files.two_versions import in_force_always
from ..report.difference_sheet import counts_data, difference_data, difference_sheet, set_sheet
from ..report.document import Document
from ..report.pages import Page
from ..report.proof_sheet import no_solver, proof_blocks, proof_data
from .common import DONE, ERRORS, guess_language, json_option, language_option, load_rules, say, stop_with
from .paper import deliver, output_option

if TYPE_CHECKING:
    from ..engine.solver.ask import NotDecided
    from ..engine.solver.differ import Proved, Witness

    Answer = Proved | Witness | NotDecided

#: Prints or writes a document in its language; the last is its data.
_Delivery = Callable[[Document, Language, Callable[[], Any]], None]


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--match", "matches", multiple=True, metavar="OLD=NEW", help="Say that two codes are the same indicator.")
@click.option("--as-layer", is_flag=True, help="Write the difference as a layer that extends OLD.")
@click.option("--reason", help="The reason that such a layer gives for its changes.")
@click.option("--seconds", type=click.IntRange(0, 3600), default=10, show_default=True, help="Time to prove that no score changes; 0 asks nothing.")
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@language_option
@json_option
@output_option
def diff_command(
    old: str, new: str, matches: tuple[str, ...], as_layer: bool, reason: str | None, seconds: int, form: str, lang: Language | None,
    as_json: bool, output: Path | None,
) -> None:
    """Compare OLD and NEW by what they say. 按含义比较两个规则集。

    Each is a file, NAME@VERSION, a folder of templates, or REVISION:PATH in git.
    """
    given = given_pairs(matches)
    how = partial(deliver, output=output, as_json=as_json, markdown=form == "markdown")
    try:
        with located(old) as old_path, located(new) as new_path:
            if old_path.is_dir() != new_path.is_dir():
                raise click.UsageError("OLD, NEW: two rulesets or two folders  两个规则集或两个文件夹")
            if old_path.is_dir():
                _folders(old_path, new_path, how, lang, as_json=as_json)
                return
            one, other = _version(old_path, lang, as_json=as_json), _version(new_path, lang, as_json=as_json)
            if as_layer:
                say(_layer(old_path, other, reason, {**crosswalk_pairs(one.ruleset, other.ruleset), **given}))
                return
            found = difference(one, other, given)
            language = lang or other.ruleset.language
            asked = seconds > 0 and not found.empty
            answer = _proof(one, other, seconds) if asked else None
            sheet = difference_sheet(one, other, found, language)
            if asked:
                proof = proof_blocks(answer, language) if answer is not None else no_solver(language)
                sheet = Document((*sheet.blocks[:-1], *proof, sheet.blocks[-1]))
            proved = proof_data(answer) if answer is not None else None
            how(sheet, language, lambda: {**difference_data(one, other, found), "proof": proved})
    except Unreadable as error:
        stop_with([error.diagnostic], {"file": (Page(error.diagnostic.fact("text") or new),)}, lang or guess_language(), as_json=as_json)
    sys.exit(DONE)


def _proof(old: Version, new: Version, seconds: int) -> Answer | None:
    """Whether a score can change; ``None`` where no solver is installed."""
    try:
        from ..engine.solver.differ import differing_unit
    except ImportError:
        return None
    return differing_unit(in_force_always(old.ruleset), in_force_always(new.ruleset), seconds)


def given_pairs(matches: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for match in matches:
        code, mark, other = match.partition("=")
        if not mark:
            raise click.UsageError(f"--match {match}: OLD=NEW, A1.2=B1.1 …")
        pairs[code.strip()] = other.strip()
    return pairs


def _version(path: Path, lang: Language | None, *, as_json: bool) -> Version:
    loaded, ruleset = load_rules(path, lang, as_json=as_json)
    return Version(ruleset, resolve_ruleset_file(loaded))


def _layer(old: Path, new: Version, reason: str | None, given: dict[str, str]) -> str:
    from ..dsl.layers.write import LayerBug, layer_between
    from ..files.ruleset_file import layer_texts

    if not reason:
        raise click.UsageError('--as-layer: --reason "…" is needed: every change has a reason  每项改动都要有理由')
    chain = layer_texts(chain_of(load_ruleset_file(old).chain[-1]))
    try:
        return layer_between(chain, new.resolved, new.ruleset.name, new.ruleset.version, reason, given)
    except ValueError as error:
        raise click.UsageError("OLD, NEW: one language  两个规则集要用同一种语言") from error
    except LayerBug as bug:
        click.echo(f"ruleeval: 写成的层与 NEW 不一致，未输出；请报告 / the layer would not give NEW; please report: {bug}", err=True)
        sys.exit(ERRORS)


def _folders(old: Path, new: Path, how: _Delivery, lang: Language | None, *, as_json: bool) -> None:
    before, after = templates_of(old), templates_of(new)
    chains = {f.path: [link.found.path for link in chain_of(f)] for f in after}
    pairs = paired(before, after, chains)
    versions: dict[Path, Version] = {}

    def version(found: Found) -> Version:
        if found.path not in versions:
            versions[found.path] = _version(found.path, lang, as_json=as_json)
        return versions[found.path]

    compared: list[tuple[Version, Version, Difference]] = []
    for one, other in pairs:
        if one is not None and other is not None:
            compared.append((version(one), version(other), difference(version(one), version(other))))
    alone = [f"{f.head.name} {f.head.version}" for pair in pairs if None in pair for f in pair if f is not None]
    kept = {o for _, other, _ in compared for o in other.resolved.origins.values()}
    common = together((d.common for _, _, d in compared), kept)
    individual = together((d.individual for _, _, d in compared), kept)
    language = lang or (compared[0][1].ruleset.language if compared else guess_language())
    counts: dict[str, Counts] = {"common": common, "individual": individual}
    how(
        set_sheet([difference_sheet(*entry, language) for entry in compared], alone, common, individual, language), language,
        lambda: {
            "templates": [difference_data(*entry) for entry in compared],
            "alone": alone,
            "counts": {name: counts_data(c) for name, c in counts.items()},
        },
    )  # fmt: skip
