"""Bytes to text: size, encoding, and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping
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
            raise _too_large(path, size)
        with path.open("rb") as stream:
            content = stream.read(MAXIMUM_BYTES + 1)
    except (OSError, ValueError) as error:
        reason, reason_en = _REASONS.get(type(error), ("系统拒绝读取", "the system refuses"))
        facts = {"path": str(path), "reason": reason, "reason_en": reason_en}
        raise Unreadable(Diagnostic("E729", (), facts, source="file")) from error
    if len(content) > MAXIMUM_BYTES:  # a device or a pipe does not tell its size
        raise _too_large(path, len(content))
    return content


def _too_large(path: Path, size: int) -> Unreadable:
    facts = {"what": path.name, "count": f"{size:,}", "limit": f"{MAXIMUM_BYTES:,}", "measure": "字节", "measure_en": " bytes"}
    return Unreadable(Diagnostic("E714", (), facts, source="file"))


_REASONS: Mapping[type, tuple[str, str]] = {
    FileNotFoundError: ("没有这个文件", "there is no such file"),
    PermissionError: ("没有读取权限", "you may not read it"),
    IsADirectoryError: ("这是文件夹", "it is a folder"),
}


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
