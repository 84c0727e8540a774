"""How long a keystroke takes in a ruleset of 1,500 indicators: ``python benchmarks/editor.py``."""

from __future__ import annotations

import statistics
import time

from generate import ruleset_text
from ruleeval.dsl.check import CheckMemory, check_file
from ruleeval.dsl.parse import Memory, parse


def main(times: int = 9) -> None:
    text = ruleset_text(1150)
    memory: Memory = {}
    checked = CheckMemory()
    check_file(parse(text, "zh", memory), "", checked)
    reading, checking = [], []
    for number in range(times):
        changed = text.replace("扣0.25分", f"扣0.2{number}分", 1)
        begun = time.perf_counter()
        parsed = parse(changed, "zh", memory)
        read = time.perf_counter()
        result = check_file(parsed, "", checked)
        reading.append(read - begun)
        checking.append(time.perf_counter() - read)
    assert result.ruleset is not None
    print(f"{len(result.ruleset.indicators)} indicators, {text.count(chr(10))} lines, one line changed")
    print(f"read again {statistics.median(reading) * 1000:.0f} ms, check {statistics.median(checking) * 1000:.0f} ms (limit for both: 100 ms)")


if __name__ == "__main__":
    main()
