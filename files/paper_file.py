"""Papers as bytes into files: whole or not at all; a Word file into a PDF by LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..dsl.diagnostics import Diagnostic

#: Seconds that LibreOffice may take for one paper.
_PATIENCE = 180


class NotMade(Exception):
    """A paper that cannot be made; ``diagnostic`` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.code)


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes its place only when it is whole.  Raises ``OSError``."""
    beside = path.with_name(f".{path.name[:40]}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            yield stream
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.  Raises ``OSError``."""
    with written_whole(path) as stream:
        stream.write(content)


def office() -> str | None:
    """The program of LibreOffice, if there is one: ``RULEEVAL_OFFICE``, else ``soffice`` or ``libreoffice``."""
    named = os.environ.get("RULEEVAL_OFFICE")
    if named is not None:
        return shutil.which(named)
    return shutil.which("soffice") or shutil.which("libreoffice")


def make_pdf(path: Path, word: bytes) -> bytes:
    """A Word file as PDF, made in a folder and with a profile of its own.  Raises `NotMade` E982, E983."""
    program = office()
    if program is None:
        raise NotMade(Diagnostic("E982", (), {"path": path.name}, source="file"))
    with tempfile.TemporaryDirectory(prefix="ruleeval-") as folder:
        source = Path(folder, "paper.docx")
        source.write_bytes(word)
        profile = Path(folder, "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "pdf", "--outdir", folder, str(source)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL)
            reason = done.stderr.decode("utf-8", "replace").strip()[-200:]
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = type(error).__name__
        made = source.with_suffix(".pdf")
        if not made.exists():
            raise NotMade(Diagnostic("E983", (), {"path": path.name, "reason": reason}, source="file"))
        return made.read_bytes()
