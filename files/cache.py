"""Checked rulesets kept between runs, by the hash of their text and of the program.

An entry is used only for the very same text under the very same program; it holds
plain JSON (`dsl/codec.py`); one that cannot be read is made again.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from ..dsl.codec import dump_ruleset, load_ruleset
from ..dsl.diagnostics import Diagnostic
from ..dsl.model import Ruleset

_VARIABLE = "RULEEVAL_CACHE"
_MOST_ENTRIES = 200


def folder() -> Path | None:
    """Where entries are kept: ``RULEEVAL_CACHE``, else the user's cache folder; ``off`` is nowhere."""
    chosen = os.environ.get(_VARIABLE)
    if chosen:
        return None if chosen.lower() == "off" else Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "ruleeval" / "cache" if base else None
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base) / "ruleeval"


def key_of(text: str) -> str:
    """The name of the entry for a text: its hash together with the program's."""
    found = hashlib.sha256(_program().encode())
    found.update(text.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _program() -> str:
    """What tells one version of the language from another: every file of ``dsl`` with size and time."""
    root = Path(__file__).resolve().parent.parent / "dsl"
    parts = []
    for directory, _, names in sorted(os.walk(root)):
        for name in sorted(names):
            if name.endswith((".py", ".lark")):
                status = os.stat(os.path.join(directory, name))
                parts.append(f"{name}:{status.st_size}:{status.st_mtime_ns}")
    return "|".join(parts)


def fetch(key: str) -> tuple[Ruleset, tuple[Diagnostic, ...]] | None:
    """The entry of that name, if there is a sound one."""
    place = folder()
    if place is None:
        return None
    try:
        return load_ruleset((place / f"{key}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None


def fetch_text(name: str) -> str | None:
    """A text kept under a name for this very program, if there is one."""
    place = folder()
    if place is None:
        return None
    try:
        return (place / f"{key_of(name)}.json").read_text("utf-8")
    except (OSError, ValueError):
        return None


def keep(key: str, ruleset: Ruleset, found: tuple[Diagnostic, ...]) -> None:
    """Keep an entry, whole or not at all; where nothing can be written, nothing happens."""
    _keep_text(key, dump_ruleset(ruleset, found))


def keep_text(name: str, text: str) -> None:
    """Keep a text under a name for this very program."""
    _keep_text(key_of(name), text)


def _keep_text(key: str, text: str) -> None:
    place = folder()
    if place is None:
        return
    try:
        place.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, place / f"{key}.json")
        _forget_oldest(place)
    except OSError:
        return


def _forget_oldest(place: Path) -> None:
    entries = sorted(place.glob("*.json"), key=lambda p: p.stat().st_mtime)
    for old in entries[:-_MOST_ENTRIES]:
        old.unlink(missing_ok=True)
