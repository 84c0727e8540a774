"""Printing to the terminal, or writing to a file whose ending chooses the format: one way for every command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..files.paper_file import NotMade, make_pdf, write_bytes
from ..report.as_word import BadTemplate
from ..report.document import Document
from ..report.extras import Missing
from ..report.pages import Page
from ..report.word_form import Form
from .common import print_json, say, stop_with, terminal_width, use_colour

_Command = TypeVar("_Command", bound=Callable[..., Any])
#: What may be written, by the ending of the file's name.
ENDINGS = (".txt", ".md", ".html", ".docx", ".pdf", ".xlsx", ".json")


def output_option(command: _Command) -> _Command:
    """The option ``-o FILE``; the ending is looked at before anything is worked out."""
    text = f"Write to this file; its ending chooses the format: {' '.join(ENDINGS)}."
    return click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), callback=_known, help=text)(command)


def _known(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in ENDINGS:
        raise click.BadParameter(f"{path.name}? {' '.join(ENDINGS)}  用文件名的结尾选格式", context, parameter)
    return path


def deliver(
    document: Document, language: Language, data: Callable[[], Any], *, output: Path | None = None, as_json: bool = False, markdown: bool = False
) -> None:
    """A document on the terminal, as JSON, as Markdown, or in a file."""
    if output is not None:
        write_paper(output, document, language, data)
    elif as_json:
        print_json(data())
    elif markdown:
        from ..report.as_markdown import to_markdown

        say(to_markdown(document))
    else:
        from ..report.as_text import to_text

        say(to_text(document, terminal_width(), colour=use_colour()))


def write_paper(
    path: Path, document: Document, language: Language, data: Callable[[], Any], template: tuple[Path, bytes] | None = None, form: Form | None = None
) -> None:
    """Write a document, or end the program with what stands in the way; says where it is.

    ``template`` is the name and the bytes of a Word template of an office.
    """
    try:
        save(path, _content(path, document, language, data, None if template is None else template[1], form), language)
    except BadTemplate as bad:
        name = template[0].name if template is not None else path.name
        facts = {"path": name, "reason": bad.reason, "reason_en": bad.reason_en}
        stop(path, Diagnostic("E984", (), facts, source="file"), language)
    except Missing as missing:
        stop(path, Diagnostic("E981", (), {"path": path.name, "library": missing.name}, source="file"), language)
    except NotMade as error:
        stop(path, error.diagnostic, language)


def save(path: Path, content: bytes, language: Language) -> None:
    """Write the bytes and say where; a place that cannot be written to is wrong usage."""
    try:
        write_bytes(path, content)
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be written  无法写入（{error.strerror}）") from error
    click.echo(f"已写入 {path}" if language == "zh" else f"written: {path}")


def stop(path: Path, found: Diagnostic, language: Language) -> NoReturn:
    """End the program with why a paper could not be written."""
    stop_with([found], {"file": (Page(path.name),)}, language, as_json=False)


def _content(
    path: Path, document: Document, language: Language, data: Callable[[], Any], template: bytes | None, form: Form | None
) -> bytes:
    match path.suffix.lower():
        case ".json":
            from .common import json_text

            return json_text(data()).encode("utf-8")
        case ".md":
            from ..report.as_markdown import to_markdown

            return to_markdown(document).encode("utf-8")
        case ".html":
            from ..report.as_html import to_html

            return to_html(document, language).encode("utf-8")
        case ".xlsx":
            from ..report.as_workbook import to_workbook

            return to_workbook(document, language)
        case ".docx" | ".pdf" as ending:
            from ..report.as_word import to_word

            word = to_word(document, language, template, form)
            return word if ending == ".docx" else make_pdf(path, word)
    from ..report.as_text import to_text

    return to_text(document, 100).encode("utf-8")
