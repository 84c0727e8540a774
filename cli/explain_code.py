"""``ruleeval explain-code``: the page of a diagnostic, with a wrong and a right example."""

from __future__ import annotations

import re
from importlib import resources

import click

from ..dsl.diagnostics import nearest
from ..dsl.keywords import Language
from .common import guess_language, json_option, language_option, print_json, say


def code_page(code: str) -> str | None:
    """The page of a code, in both languages."""
    page = resources.files("ruleeval.docs").joinpath("errors", f"{code}.md")
    return page.read_text("utf-8") if page.is_file() else None


def part_of(page: str, language: Language) -> str:
    """The title and the part of a page that is in one language."""
    title = page.split("\n", 1)[0].lstrip("# ")
    first, second = ([*title.split(" / ", 1), title])[:2]
    code = title.split(" ", 1)[0]
    head, other = ("中文", "English") if language == "zh" else ("English", "中文")
    match = re.search(rf"^## {head}\s*\n(.*?)(?=^## {other}|\Z)", page, re.MULTILINE | re.DOTALL)
    shown = first if language == "zh" else f"{code} {second}"
    return f"{shown}\n\n{match[1].strip() if match else page}\n"


def _sentences(code: str, language: Language) -> str | None:
    """What a message without a page says, and what to do; what is told of the case at hand is left open."""
    from ..dsl.wording import WORDINGS

    wording = WORDINGS.get(code)
    if wording is None:
        return None
    said = (re.sub(r"\[\[.*?\]\]", "", s) for s in (wording.summary(language), wording.help(language)))
    return f"{code}\n\n" + "\n\n".join(re.sub(r"\{\w+\}", "…", s) for s in said) + "\n"


@click.command("explain-code")
@click.argument("code")
@language_option
@json_option
def explain_code_command(code: str, lang: Language | None, as_json: bool) -> None:
    """Tell what the message CODE means, with a wrong and a right example. 说明一个错误代码。"""
    wanted = code.strip().upper()
    page = code_page(wanted)
    text = part_of(page, lang or guess_language()) if page is not None else _sentences(wanted, lang or guess_language())
    if text is None:
        from ..dsl.wording import WORDINGS

        near = nearest(wanted, WORDINGS)
        hint = f"; {near}?" if near else ""
        raise click.UsageError(f"there is no code {code}{hint}  没有代码{code}")
    if as_json:
        print_json({"code": wanted, "text": text})
        return
    say(text)
