"""Printing to the terminal, or writing to a file whose ending chooses the format: one way for every command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..dsl.diagnostics import Diagnostic
from ..dsl.keywords import Language
from ..files.paper_file import write_bytes
from ..report.document import Document
from ..report.extras import Missing
from ..report.pages import Page
from .common import print_json, say, stop_with, terminal_width, use_colour

_Command = TypeVar("_Command", bound=Callable[..., Any])
#: What may be written, by the ending of the file's name.
ENDINGS = (".txt", ".md", ".html", ".json")


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


def write_paper(path: Path, document: Document, language: Language, data: Callable[[], Any]) -> None:
    """Write a document, or end the program with what stands in the way; says where it is."""
    try:
        save(path, _content(path, document, language, data), language)
    except Missing as missing:
        stop(path, Diagnostic("E981", (), {"path": path.name, "library": missing.name}, source="file"), language)


def save(path: Path, content: bytes, language: Language) -> None:
    """Write the bytes and say where; a place that cannot be written to is wrong usage."""
    try:
        write_bytes(path, content)
    except OSError as error:
        raise click.UsageError(f"{path}: cannot be written  无法写入（{error.strerror}）") from error
    click.echo(f"已写入 {path}" if language == "zh" else f"written: {path}")


def stop(path: Path, found: Diagnostic, language: Language) -> None:
    """End the program with why a paper could not be written."""
    stop_with([found], {"file": (Page(path.name),)}, language, as_json=False)


def _content(path: Path, document: Document, language: Language, data: Callable[[], Any]) -> bytes:
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
    from ..report.as_text import to_text

    return to_text(document, 100).encode("utf-8")
