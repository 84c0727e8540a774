"""A client of the language server that speaks the protocol to a real process."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

URI = "file:///a.rules"


class Client:
    """Starts ``ruleeval lsp``, opens a text, and asks."""

    def __init__(self, text: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ruleeval", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.number = self.version = 0
        self.told: list[dict[str, Any]] = []
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.tell("initialized", {})
        document = {"uri": URI, "languageId": "ruleeval", "version": 0, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def tell(self, method: str, params: object) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        self.number += 1
        self._send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self.number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self.told.append(message)

    def about(self, method: str, line: int = 0, character: int = 0, **more: object) -> Any:
        where = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": URI}, "position": where, **more})

    def change(self, text: str) -> None:
        self.version += 1
        document = {"uri": URI, "version": self.version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def diagnostics(self) -> list[dict[str, Any]]:
        """The findings for the last version of the text."""
        while True:
            for message in self.told:
                params = message.get("params", {})
                if message.get("method") == "textDocument/publishDiagnostics" and params.get("version") == self.version:
                    return list(params["diagnostics"])
            self.told.append(self._receive())

    def close(self) -> int:
        self.ask("shutdown", None)
        self.tell("exit", None)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        status = self.process.wait(20)
        self.process.stdin.close()
        self.process.stdout.close()
        return status

    def _send(self, message: object) -> None:
        body = json.dumps(message, ensure_ascii=False).encode("utf-8")
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while header := self.process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server has ended"
        return dict(json.loads(self.process.stdout.read(length)))
