"""What the commands of the ledger share: its place, who acts, and its errors."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from ..dsl.keywords import Language
from ..files.ledger.database import LedgerError, shown_place
from ..files.ledger.store import Actor, Ledger, ledger_at
from ..files.text import Unreadable
from ..report.pages import Page
from .common import guess_language, stop_with

DEFAULT_PLACE = "ruleeval-ledger.db"
_Command = TypeVar("_Command", bound=Callable[..., Any])


def ledger_option(command: _Command) -> _Command:
    help_text = f"File or postgresql:// URL of the ledger; RULEEVAL_LEDGER, else {DEFAULT_PLACE}."
    return click.option("--ledger", "place", help=help_text)(command)


def by_option(command: _Command) -> _Command:
    return click.option("--by", help="Sign-in name of who acts; the system's by default.")(command)


@contextmanager
def opened(place: str | None, lang: Language | None, *, as_json: bool, create: bool = False) -> Iterator[Ledger]:
    """The ledger asked for; whatever is wrong with it ends the program with its message."""
    chosen = place or os.environ.get("RULEEVAL_LEDGER") or DEFAULT_PLACE
    with told(chosen, lang, as_json=as_json), ledger_at(chosen, create=create) as ledger:
        yield ledger


@contextmanager
def told(chosen: str, lang: Language | None, *, as_json: bool) -> Iterator[None]:
    """Ends the program with the message of what is wrong with a ledger or its texts."""
    try:
        yield
    except (LedgerError, Unreadable) as error:
        pages = {"ledger": (Page(shown_place(chosen)),)}
        stop_with([error.diagnostic], pages, lang or guess_language(), as_json=as_json)


def actor(by: str | None) -> Actor:
    """Who acts, as given or as the system knows them.  Raises `LedgerError` E767."""
    named = "given" if by is not None else "system"
    if by is None:
        try:
            by = getpass.getuser()
        except (OSError, KeyError, ImportError):
            by = ""
    name = by.strip()
    if not 0 < len(name) <= 100 or not name.isprintable():
        raise LedgerError("E767", name=name[:100])
    return Actor(name, named)
