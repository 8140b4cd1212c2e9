"""The only place that serves the web pages: a thread of its own, on loopback."""

from __future__ import annotations

import threading

import uvicorn
from starlette.applications import Starlette

HOST = "127.0.0.1"


class WebServer:
    """Serves an application until it is stopped."""

    def __init__(self, app: Starlette, port: int) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, host=HOST, port=port, log_level="error", access_log=False, lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.address = f"http://{HOST}:{port}/"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
