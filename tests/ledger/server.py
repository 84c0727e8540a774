"""A PostgreSQL server of the tests' own: found on the machine, or in the package ``pgserver``.

A server will not run as root; where the tests do, it runs as ``nobody``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_ACCOUNT = "nobody"


def programs() -> Path | None:
    """The folder that holds ``initdb`` and ``pg_ctl``, if there is one that can be run."""
    carried = find_spec("pgserver")
    folders = [Path(carried.origin).parent / "pginstall" / "bin"] if carried is not None and carried.origin else []
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and _runs(f / "postgres")), None)


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False, **_account()).returncode == 0
    except OSError:
        return False


def _account() -> dict[str, object]:
    return {"user": _ACCOUNT, "group": "nogroup", "extra_groups": []} if os.name == "posix" and os.geteuid() == 0 else {}


@contextmanager
def running(bin_folder: Path) -> Iterator[str]:
    """A fresh server; the URL of its first database, reached by a socket in a folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if _account():
        shutil.chown(folder, _ACCOUNT)
    folder.chmod(0o755)
    data = folder / "data"

    def call(*command: object) -> None:
        words = [str(w) for w in command]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder, timeout=60, **_account())
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        call(bin_folder / "initdb", "-D", data, "-U", "office", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=30"
        # Output goes to a file: a pipe would stay open as long as the server runs.
        with (folder / "log").open("wb") as log:
            start = [bin_folder / "pg_ctl", "-D", data, "-o", options, "-w", "start"]
            assert subprocess.run(start, stdout=log, stderr=log, check=False, cwd=folder, timeout=60, **_account()).returncode == 0
        yield f"postgresql://office@/postgres?host={folder}"
    finally:
        if (data / "postmaster.pid").exists():
            call(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
