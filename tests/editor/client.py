"""A client of the language server that speaks the protocol to a real process."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import count
from typing import Any

_NUMBERS = count()


class Server:
    """A process of ``ruleeval lsp``, which starts slowly: one serves many clients after each other, as an editor's does many files."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ruleeval", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.number = 0
        first = Client.__new__(Client)
        first.server, first.told = self, []
        first.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        first.tell("initialized", {})
        self.first = first

    def close(self) -> int:
        """End the process; its exit status."""
        self.first.ask("shutdown", None)
        self.first.tell("exit", None)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        status = self.process.wait(20)
        self.process.stdin.close()
        self.process.stdout.close()
        return status

    def send(self, message: object) -> None:
        body = json.dumps(message, ensure_ascii=False).encode("utf-8")
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        length = 0
        while header := self.process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the server has ended"
        return dict(json.loads(self.process.stdout.read(length)))


class Client:
    """Opens a text with a server, and asks about it."""

    def __init__(self, server: Server, text: str, uri: str | None = None, language: str = "ruleeval") -> None:
        self.server = server
        self.version = 0
        self.told: list[dict[str, Any]] = []
        self.opened: list[str] = []
        self.uri = uri or f"file:///{next(_NUMBERS)}.rules"
        self.rules = self.uri
        self.open(self.uri, text, language)

    def open(self, uri: str, text: str, language: str) -> None:
        self.opened.append(uri)
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 0, "text": text}})

    def close(self) -> None:
        """Close every text; the server must still answer."""
        for uri in self.opened:
            self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        self.ask("textDocument/documentSymbol", {"textDocument": {"uri": self.uri}})

    def tell(self, method: str, params: object) -> None:
        self.server.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        """What a request gives."""
        message = self.answer(method, params)
        assert "error" not in message, message
        return message["result"]

    def refusal(self, method: str, line: int, character: int, **more: object) -> str:
        """Why a request about a place is refused."""
        where = {"line": line, "character": character}
        return self.answer(f"textDocument/{method}", {"textDocument": {"uri": self.uri}, "position": where, **more})["error"]["message"]

    def answer(self, method: str, params: object) -> dict[str, Any]:
        self.server.number += 1
        self.server.send({"jsonrpc": "2.0", "id": self.server.number, "method": method, "params": params})
        while True:
            message = self.server.receive()
            if message.get("id") == self.server.number and "method" not in message:
                return message
            self.told.append(message)

    def about(self, method: str, line: int = 0, character: int = 0, **more: object) -> Any:
        where = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": self.uri}, "position": where, **more})

    def change(self, text: str) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def diagnostics(self) -> list[dict[str, Any]]:
        """The findings for the last version of the text."""
        while True:
            for message in self.told:
                params = message.get("params", {})
                about = (params.get("uri"), params.get("version"))
                if message.get("method") == "textDocument/publishDiagnostics" and about == (self.rules, self.version):
                    return list(params["diagnostics"])
            self.told.append(self.server.receive())
