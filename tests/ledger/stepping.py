"""A program run system call by system call: stopped, or killed, just before its n-th write.

The tracing of Linux (``ptrace``) is used, so the program under test is the real one: it
does not know that it is watched, and dies as if the power of its process had gone.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

#: The system calls of this machine that write, cut off, remove, or make sure of what was written.
_WRITES = {
    "x86_64": {1: "write", 18: "pwrite64", 20: "writev", 44: "sendto", 46: "sendmsg", 74: "fsync", 75: "fdatasync", 76: "truncate",
               77: "ftruncate", 82: "rename", 87: "unlink", 263: "unlinkat"},
    "aarch64": {64: "write", 68: "pwrite64", 66: "writev", 206: "sendto", 211: "sendmsg", 82: "fsync", 83: "fdatasync", 45: "truncate",
                46: "ftruncate", 38: "renameat", 276: "renameat2", 35: "unlinkat"},
}  # fmt: skip
WRITES = _WRITES.get(platform.machine(), {})
_TRACE_ME, _SYSCALL, _SET_OPTIONS, _INFO, _DETACH = 0, 24, 0x4200, 0x420E, 17
_OPTIONS = 1 | 0x100000  # system calls marked; the traced end with the tracer
_STOPPED_AT_CALL = signal.SIGTRAP | 0x80
_ENTERING = 1
#: Run by the traced process before anything else.
_PRELUDE = (
    "import ctypes, os, runpy, signal, sys\n"
    "libc = ctypes.CDLL(None, use_errno=True)\n"
    "sys.argv = sys.argv[1:]\n"
    "{imports}\n"
    "assert libc.ptrace(0, 0, 0, 0) == 0\n"
    "os.kill(os.getpid(), signal.SIGSTOP)\n"
    "runpy.run_path(sys.argv[0], run_name='__main__')\n"
)


class Stepped:
    """One program, traced; ``writes`` names the writes it has come to so far."""

    def __init__(self, script: Path, arguments: Sequence[str], imports: str) -> None:
        self.writes: list[str] = []
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        self._libc.ptrace.restype = ctypes.c_long
        command = [sys.executable, "-c", _PRELUDE.format(imports=imports), str(script), *arguments]
        self.pid = os.posix_spawn(sys.executable, command, os.environ)
        self._wait()
        self._trace(_SET_OPTIONS, _OPTIONS)
        self.status: int | None = None

    def to_write(self, number: int) -> bool:
        """Run on to just before the ``number``-th write; whether it came so far."""
        while self.status is None:
            self._trace(_SYSCALL, 0)
            name = self._wait()
            if name is not None:
                self.writes.append(name)
                if len(self.writes) == number:
                    return True
        return False

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        while self.status is None:
            self._wait()

    def finish(self) -> int:
        """Let it run to its end, untraced; its exit status."""
        self._trace(_DETACH, 0)
        _, status = os.waitpid(self.pid, 0)
        self.status = os.waitstatus_to_exitcode(status)
        return self.status

    def _trace(self, request: int, data: int, address: int = 0) -> int:
        done: int = self._libc.ptrace(request, self.pid, address, data)
        return done

    def _wait(self) -> str | None:
        """Wait for the next stop; the name of the write that is about to happen, if it is one."""
        _, status = os.waitpid(self.pid, 0)
        if not os.WIFSTOPPED(status):
            self.status = os.waitstatus_to_exitcode(status)
            return None
        if os.WSTOPSIG(status) != _STOPPED_AT_CALL:
            return None
        found = (ctypes.c_ubyte * 88)()
        self._trace(_INFO, ctypes.addressof(found), 88)
        if found[0] != _ENTERING:
            return None
        return WRITES.get(int.from_bytes(bytes(found[24:32]), sys.byteorder))


def can_step() -> bool:
    """Whether this machine lets a program trace its child."""
    return sys.platform == "linux" and bool(WRITES)
