"""Bytes to text: size, encoding, and what was assumed."""

from __future__ import annotations

from pathlib import Path

from ..dsl.diagnostics import Diagnostic
from ..dsl.limits import MAXIMUM_BYTES


class Unreadable(Exception):
    """A file that cannot be read; ``diagnostic`` says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.code)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of reasonable size.  Raises `Unreadable`."""
    try:
        size = path.stat().st_size
        if size > MAXIMUM_BYTES:
            facts = {"what": path.name, "count": str(size), "limit": str(MAXIMUM_BYTES)}
            raise Unreadable(Diagnostic("E714", (), facts, source="file"))
        with path.open("rb") as stream:
            return stream.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        facts = {"path": str(path), "why": _reason(error), "reason": type(error).__name__}
        raise Unreadable(Diagnostic("E729", (), facts, source="file")) from error


def _reason(error: OSError) -> str:
    return {
        FileNotFoundError: "not_found",
        PermissionError: "no_permission",
        IsADirectoryError: "is_a_folder",
    }.get(type(error), "other")


def decode(content: bytes, name: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """Text by byte-order mark, strict UTF-8, then GB18030 (with a notice).  Raises `Unreadable`."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding), ()
            except UnicodeDecodeError as error:
                raise Unreadable(Diagnostic("E733", (), {"path": name}, source="file")) from error
    try:
        return content.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise Unreadable(Diagnostic("E733", (), {"path": name}, source="file")) from error
    return text, (Diagnostic("W739", (), {"path": name}, source="file"),)
