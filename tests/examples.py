"""How much is tried: a little wherever tests run, all of it with ``RULEEVAL_EXAMPLES=all``."""

from __future__ import annotations

import os

EVERYTHING = os.environ.get("RULEEVAL_EXAMPLES") == "all"


def few(here: int, all_of_them: int) -> int:
    """How many examples are tried."""
    return all_of_them if EVERYTHING else here
