"""A system that takes webhooks, on loopback: it keeps what it is told, refuses, or is silent."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "hemmelig-8f3a"
SILENT, CUT = 0, -1
"""Instead of a status: never answers; hangs up without a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it came in."""

    method: str
    path: str
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class HookServer:
    """Takes calls on loopback and answers each with `status`."""

    def __init__(self) -> None:
        self.status = 204
        self.calls: list[Call] = []
        self._ends = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._listener())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> HookServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{TOKEN}?key={TOKEN}"

    def _listener(self) -> type[BaseHTTPRequestHandler]:
        hook = self

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                hook.calls.append(Call(method=self.command, path=self.path, headers=self.headers, body=body))
                if hook.status == SILENT:
                    hook._ends.wait()
                if hook.status > 0:
                    self.send_response(hook.status)
                    self.send_header("Location", "/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the test output is no log."""

        return Listener
