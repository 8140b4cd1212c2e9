"""The only place that serves the web pages: a thread of its own."""

from __future__ import annotations

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from models.errors import SaksgangError


class Place:
    """Where the pages are served: a socket that is bound at once, so that a port in use is told before anything begins."""

    def __init__(self, host: str, port: int) -> None:
        """Port 0 for any that is free."""
        try:
            self.socket = socket.create_server((host, port))
        except OSError as error:
            raise SaksgangError(
                f"the pages cannot be served at {host}:{port}: {error.strerror}. Set [web] port in the configuration."
            ) from error
        self.address = f"http://{host}:{self.socket.getsockname()[1]}"


class WebServer:
    """Serves an application until it is stopped."""

    def __init__(self, app: ASGIApp, place: Place) -> None:
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off"))
        self._place = place
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [place.socket]}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._place.socket.close()
