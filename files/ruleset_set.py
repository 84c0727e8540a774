"""What ``ruleeval diff`` compares: one ruleset, or the templates of a folder, now or at a git revision."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from .ruleset_folder import Found, offered, rulesets_in, whole_head
from .text import Unreadable

_SECONDS = 60


@contextmanager
def located(text: str) -> Iterator[Path]:
    """The path that a text names: a file, a folder, ``NAME@VERSION``, or ``REVISION:PATH`` in git,
    whose files are taken out into a folder of their own.  Raises `Unreadable`."""
    revision, colon, inner = text.partition(":")
    if Path(text).exists() or not colon or len(revision) == 1:  # C:\... is a path
        yield Path(text)
        return
    with tempfile.TemporaryDirectory() as folder:
        prefix, top = _git(["rev-parse", "--show-prefix", "--show-toplevel"], text).decode("utf-8", "replace").split("\n")[:2]
        archive = _git(["-C", top, "archive", "--format=tar", "--end-of-options", f"{revision}:{prefix}".rstrip("/")], text)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        path = Path(folder) / inner
        if not path.exists():
            raise Unreadable(Diagnostic("E920", (), {"text": text, "why": inner}, source="file"))
        yield path


def _git(arguments: list[str], text: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False, timeout=_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreadable(Diagnostic("E920", (), {"text": text, "why": str(error)}, source="file")) from error
    if done.returncode:
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unreadable(Diagnostic("E920", (), {"text": text, "why": why[0] if why else "git"}, source="file"))
    return done.stdout


def templates_of(folder: Path) -> list[Found]:
    """The rulesets of a folder that no other there extends, those of single units left out."""
    there = [f for f in rulesets_in(folder) if f.head.name]
    return _lowest([f for f in there if not whole_head(f, there).units])


def offered_in(folder: Path) -> list[Found]:
    """The templates of a folder that units can come to, those for one level or region beside the plain ones."""
    return offered([f for f in rulesets_in(folder) if f.head.name])


def unit_layers_of(folder: Path) -> list[Found]:
    """The rulesets of single units in a folder that no other there extends."""
    there = [f for f in rulesets_in(folder) if f.head.name]
    return _lowest([f for f in there if whole_head(f, there).units])


def _lowest(there: list[Found]) -> list[Found]:
    extended = {(e.name, e.version) for f in there for e in f.head.extends}
    return [f for f in there if (f.head.name, f.head.version) not in extended]


def paired(old: list[Found], new: list[Found], chains: dict[Path, list[Path]]) -> list[tuple[Found | None, Found | None]]:
    """Which template of one set became which of the other: what it extends, else what has its
    name, else what is for the same types; ``None`` stands for none."""
    pairs: list[tuple[Found | None, Found | None]] = []
    for one in new:
        above = {p.resolve() for p in chains.get(one.path, [])}
        ways = (
            [o for o in old if o.path.resolve() in above],
            [o for o in old if o.head.name == one.head.name],
            [o for o in old if o.head.applies and set(o.head.applies) & set(one.head.applies)],
        )
        pairs.append((next((hits[0] for hits in ways if hits), None), one))
    taken = {o.path for o, _ in pairs if o is not None}
    return pairs + [(o, None) for o in old if o.path not in taken]
