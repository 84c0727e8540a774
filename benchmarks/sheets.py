"""Speed of a ruleset's workbook: export and import of 1,500 indicators.

    python benchmarks/sheets.py          (limit: export under 3 s, the whole command)
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generate import ruleset_text

LEAVES = 1_500


def seconds(*arguments: str) -> float:
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "ruleeval", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - start


def main() -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        rules, book, back = (Path(folder) / name for name in ("large.rules", "large.xlsx", "back.rules"))
        rules.write_text(ruleset_text(LEAVES), "utf-8")
        first = seconds("export", str(rules), "-o", str(book))
        again = seconds("export", str(rules), "-o", str(book))
        read = seconds("import", str(book), "-o", str(back))
        print(f"export of {LEAVES:,} indicators: {again:.2f} s (limit 3), {first:.2f} s the first time; import {read:.2f} s; {book.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
