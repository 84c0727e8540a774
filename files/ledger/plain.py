"""Backup and restore: a ledger as plain files, readable without this program.

``entries.jsonl`` has one entry a line; ``texts/`` has every text under its digest;
``README.txt`` says so.  A folder is complete when it has its name: it is written beside
and renamed.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path

from ...engine.chain import Entry, breaks, canonical, digest
from .database import LedgerError
from .store import Ledger

_ENTRIES, _TEXTS, _README = "entries.jsonl", "texts", "README.txt"
_ABOUT = """\
评估结果台账的备份：entries.jsonl 每行一条（规范 JSON），texts/ 是各条引用的原文，文件名即其 SHA-256。
恢复：ruleeval ledger restore 本文件夹 --ledger 新台账
A backup of a results ledger: entries.jsonl has one entry a line (canonical JSON), texts/ the
texts they name, each under its SHA-256.  To restore: ruleeval ledger restore FOLDER --ledger NEW
"""
_FIELDS = tuple(f.name for f in fields(Entry))


def backup(ledger: Ledger, folder: Path) -> int:
    """Write everything to a new folder; the number of entries.  Raises `LedgerError`."""
    if folder.exists():
        raise LedgerError("E762", path=str(folder))
    beside: str | None = None
    try:
        beside = tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.")
        count = _write(ledger, Path(beside))
        os.chmod(beside, 0o755)
        os.replace(beside, folder)
    except OSError as error:
        if beside is not None:
            shutil.rmtree(beside, ignore_errors=True)
        raise LedgerError("E754", path=str(folder)) from error
    return count


def _write(ledger: Ledger, folder: Path) -> int:
    (folder / _TEXTS).mkdir()
    (folder / _README).write_text(_ABOUT, "utf-8")
    count = 0
    with ledger.snapshot():
        with (folder / _ENTRIES).open("w", encoding="utf-8", newline="\n") as stream:
            for entry in ledger.entries():
                stream.write(canonical({n: str(getattr(entry, n)) for n in _FIELDS}) + "\n")
                count += 1
        for name, content in ledger.texts():
            (folder / _TEXTS / name).write_bytes(content.encode("utf-8"))
    return count


def restore(folder: Path, ledger: Ledger) -> int:
    """Read a backup into an empty ledger, all of it or nothing; the number of entries.

    Raises `LedgerError`: E763 where the backup is not whole, E765 where the ledger has
    entries already.
    """
    entries = _entries(folder)
    texts = _texts(folder)
    broken = breaks(entries, texts)
    if broken:
        first = str(broken[0].number or broken[0].about[:12])
        raise _not_whole(folder, f"{first} 与记录时不符", f"{first} is not as recorded")
    with ledger.appending() as appender:
        if ledger.end()[0]:
            raise LedgerError("E765", path=ledger.place)
        appender.keep(content for _, content in texts)
        for entry in entries:
            appender.put(entry)
    return len(entries)


def _not_whole(folder: Path, reason: str, reason_en: str) -> LedgerError:
    return LedgerError("E763", path=str(folder), reason=reason, reason_en=reason_en)


def _entries(folder: Path) -> list[Entry]:
    try:
        lines = (folder / _ENTRIES).read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise _not_whole(folder, f"读不出 {_ENTRIES}", f"{_ENTRIES} cannot be read") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        try:
            values = json.loads(line)
            found.append(Entry(**{n: str(values[n]) for n in _FIELDS if n != "number"}, number=int(values["number"])))
        except (ValueError, KeyError, TypeError) as error:
            raise _not_whole(folder, f"{_ENTRIES} 第{number}行", f"line {number} of {_ENTRIES}") from error
    return found


def _texts(folder: Path) -> list[tuple[str, str]]:
    found = []
    try:
        for path in sorted((folder / _TEXTS).iterdir()):
            content = path.read_bytes().decode("utf-8")
            if digest(content) != path.name:
                raise _not_whole(folder, f"{_TEXTS}/{path.name[:12]}…", f"{_TEXTS}/{path.name[:12]}…")
            found.append((path.name, content))
    except (OSError, UnicodeDecodeError) as error:
        raise _not_whole(folder, f"读不出 {_TEXTS}", f"{_TEXTS} cannot be read") from error
    return found

