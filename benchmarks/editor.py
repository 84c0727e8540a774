"""How long a keystroke takes in a ruleset of 1,500 indicators: ``python benchmarks/editor.py``.

Each line is one kind of edit: the time of reading and checking within one process, and
from sending the changed text to the language server until its findings are back.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from generate import ruleset_text

from ruleeval.dsl.check import CheckMemory, check_file
from ruleeval.dsl.parse import Memory, parse

LIMIT = 100
EDITS: dict[str, Callable[[str, int], str]] = {
    "a row of a standard": lambda text, n: text.replace("扣0.25分", f"扣0.7{n}分", 1),
    "a new line near the top": lambda text, n: text.replace("数据\n", "数据\n" + "\n" * n, 1),
    "a data row": lambda text, n: text.replace("事项5完成数：整数，项，至少0", f"事项5完成数：整数，项，至少{n}", 1),
    "the name of an indicator": lambda text, n: text.replace("事项1情况", f"事项1情形{n}", 1),
    "the version": lambda text, n: text.replace("版本：1", f"版本：1.{n}", 1),
    "a line half typed": lambda text, n: text.replace("  取值：事项8", f"  取值 {n} 事项8", 1),
}


class Server:
    """A language server in a process of its own, with one text open."""

    def __init__(self, text: str) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "ruleeval", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.version = 0
        self.send("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 1)
        self.receive(lambda m: m.get("id") == 1)
        self.send("textDocument/didOpen", {"textDocument": {"uri": "file:///a.rules", "languageId": "ruleeval", "version": 0, "text": text}})
        self.receive(self.is_findings)

    def change(self, text: str) -> None:
        self.version += 1
        document = {"uri": "file:///a.rules", "version": self.version}
        self.send("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        self.receive(self.is_findings)

    def is_findings(self, message: dict[str, object]) -> bool:
        return message.get("method") == "textDocument/publishDiagnostics"

    def send(self, method: str, params: object, number: int | None = None) -> None:
        named = {} if number is None else {"id": number}
        body = json.dumps({"jsonrpc": "2.0", **named, "method": method, "params": params}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self, wanted: Callable[[dict[str, object]], bool]) -> None:
        assert self.process.stdout is not None
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
            if wanted(json.loads(self.process.stdout.read(length))):
                return

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def main(times: int = 9) -> None:
    text = ruleset_text(1150)
    memory: Memory = {}
    checked = CheckMemory()
    result = check_file(parse(text, "zh", memory), "", checked)
    assert result.ruleset is not None
    print(f"{len(result.ruleset.indicators)} indicators, {text.count(chr(10))} lines; median of {times}, in ms (limit {LIMIT})")
    server = Server(text)
    gc.disable()
    for name, edit in EDITS.items():
        inside, outside = [], []
        for number in range(1, times + 1):
            changed = edit(text, number)
            assert changed != text
            begun = time.perf_counter()
            check_file(parse(changed, "zh", memory), "", checked)
            inside.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            server.change(changed)
            outside.append(time.perf_counter() - begun)
        print(f"  {name:26} read and checked {statistics.median(inside) * 1000:3.0f}, through the language server {statistics.median(outside) * 1000:3.0f}")
    server.close()


if __name__ == "__main__":
    main()
