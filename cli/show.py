"""``ruleeval show``: a ruleset with its layers, as one text, or why an indicator is as it is."""

from __future__ import annotations

from pathlib import Path

import click

from ..dsl.diagnostics import nearest
from ..dsl.keywords import Language
from ..files.ruleset_file import resolve_ruleset_file
from .common import json_option, language_option, load_rules, print_json, say
from .paper import deliver, output_option


@click.command("show")
@click.argument("rules", type=click.Path(path_type=Path))
@click.option("--flatten", is_flag=True, help="Print the whole ruleset as one text that extends nothing.")
@click.option("--why", "code", help="Tell which layer set each part of the indicator CODE, and why.", metavar="CODE")
@language_option
@json_option
@output_option
def show_command(rules: Path, flatten: bool, code: str | None, lang: Language | None, as_json: bool, output: Path | None) -> None:
    """Show what RULES (a file or NAME@VERSION) is made of. 显示规则集由哪些层合成。"""
    from ..report.layers_sheet import layers_sheet, setting_data, why, why_sheet

    if flatten and output is not None:
        raise click.UsageError("--flatten, -o: it is a text; use > FILE  合成的是文本，请用 > 文件")
    if flatten and code is not None:
        raise click.UsageError("--flatten, --why: one of the two  二者取一")
    loaded, ruleset = load_rules(rules, lang, as_json=as_json)
    resolved = resolve_ruleset_file(loaded)
    language = lang or ruleset.language
    if flatten:
        from ..dsl.format import write_blocks

        text = write_blocks(resolved.result.file, lang)
        print_json({"text": text}) if as_json else say(text)
        return
    if code is not None and code not in ruleset.by_code:
        near = nearest(code, ruleset.by_code)
        hint = f"; {near}?" if near else ""
        raise click.UsageError(f"nothing is called {code}{hint}  没有“{code}”")
    layers = [{"name": s.name, "version": s.version, "file": s.file} for s in resolved.sources]
    data = {"ruleset": ruleset.name, "version": ruleset.version, "layers": layers}
    if code is not None:
        data |= {"code": code, "parts": why(code, resolved)}
        document = why_sheet(code, ruleset, resolved, language)
    else:
        data |= {"settings": [{"key": s.key, "aspect": s.aspect, **setting_data(s, resolved)} for s in resolved.settings]}
        document = layers_sheet(ruleset, resolved, language)
    deliver(document, language, lambda: data, output=output, as_json=as_json)
