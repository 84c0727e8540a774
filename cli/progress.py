"""Progress on a terminal, for work that takes longer than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import click

from ..dsl.keywords import Language
from .common import guess_language

_Thing = TypeVar("_Thing")
_PATIENCE = 1


def progress(things: Sequence[_Thing], lang: Language | None) -> Iterator[_Thing]:
    """The things one by one; after a second, a line on standard error says how far it is."""
    started = time.monotonic()
    shown = False
    word = "已完成" if (lang or guess_language()) == "zh" else "done"
    for index, thing in enumerate(things):
        if sys.stderr.isatty() and time.monotonic() - started > _PATIENCE:
            click.echo(f"\r{word} {index}/{len(things)}", nl=False, err=True)
            shown = True
        yield thing
    if shown:
        click.echo(f"\r{word} {len(things)}/{len(things)}", err=True)


def working(title: str, things: Iterable[_Thing]) -> Iterator[_Thing]:
    """Things of which it is not known how many will come; after a second, a line on standard error counts them."""
    started = time.monotonic()
    shown = 0
    for count, thing in enumerate(things, 1):
        if sys.stderr.isatty() and time.monotonic() - started > _PATIENCE:
            click.echo(f"\r{title} {count}", nl=False, err=True)
            shown = count
        yield thing
    if shown:
        click.echo("", err=True)
