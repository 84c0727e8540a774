"""``ruleeval lsp``: the language server, over standard input and output."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import click

from ..dsl.diagnostics import Diagnostic
from .common import ERRORS, guess_language, print_findings


@click.command("lsp")
def lsp_command() -> None:
    """Serve an editor over standard input and output. 编辑器的语言服务器。"""
    if find_spec("pygls") is None:
        print_findings([Diagnostic("E795", ())], {}, guess_language())
        sys.exit(ERRORS)
    from .language_server import make_server

    make_server().start_io()
