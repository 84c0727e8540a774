"""THE COUNTER: the ``ruleeval`` command, one file a subcommand, loaded when it is called.

Exit status: 0 done; 1 the input or the ruleset has errors; 2 wrong usage; 3 valid but
not yet decidable; 4 a bug of ruleeval itself (``RULEEVAL_DEBUG=1`` shows where).  Read `common.py` first.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import Any

import click

BUG = 4
#: Command -> the module that holds it.
COMMANDS: Mapping[str, str] = {
    "check": "check",
    "explain": "explain",
    "report": "report",
    "lint": "lint",
    "show": "show",
    "batch": "batch",
    "diff": "diff",
    "impact": "impact",
    "carry": "carry",
    "stats": "stats",
    "cohort": "cohort",
    "prove": "prove",
    "why-not": "why_not",
    "sensitivity": "sensitivity",
    "test": "test",
    "fmt": "fmt",
    "graph": "graph",
    "impact-of": "graph",
    "schema": "schema",
    "new": "new",
    "explain-code": "explain_code",
    "collect": "collect",
    "instruments": "instruments",
    "findings": "findings",
    "compare": "compare",
    "lsp": "lsp",
    "ledger": "ledger",
    "problems": "problems",
    "allocate": "allocate",
    "due": "advise",
    "advise": "advise",
    "export": "export",
    "import": "import_sheet",
    "form": "form",
}


class _Commands(click.Group):
    """Loads a subcommand's module only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        found = getattr(importlib.import_module(f".{module}", __package__), cmd_name.replace("-", "_") + "_command")
        assert isinstance(found, click.Command)
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="ruleeval")
def root() -> None:
    """Check, evaluate and explain indicator rulesets. 检查、评估并说明指标规则集。"""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; never shows a traceback for what a user gave it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace" if (stream.encoding or "").lower().startswith("utf") else "backslashreplace")
    try:
        return root(args=arguments, prog_name="ruleeval")
    except BrokenPipeError:  # the reader of a pipe has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(BUG)
    except Exception as error:
        if os.environ.get("RULEEVAL_DEBUG"):
            raise
        name = f"{type(error).__name__}: {error}"
        click.echo(f"ruleeval: 这是本程序的错误，请报告；未作任何改动 / this is a bug of ruleeval, please report it: {name}", err=True)
        sys.exit(BUG)
