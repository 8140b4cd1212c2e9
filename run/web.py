"""The only place that serves the web pages: a thread of its own."""

from __future__ import annotations

import logging
import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from models.errors import SaksgangError
from run.guard import named

SECONDS_TO_FINISH = 10
"""For requests that are under way when the program is told to stop; then they are cut off, whoever waits."""


def _without_values(record: logging.LogRecord) -> bool:
    """A bug's type and place and no more: what an exception says may be words of a mail."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args, record.exc_info = f"a page failed: {named(error)}", (), None
    return True


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
        self.socket.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # else a short page's body waits 40 ms for the other side's word on its head
        self.address = f"http://{host}:{self.socket.getsockname()[1]}"


class WebServer:
    """Serves an application until it is stopped."""

    def __init__(self, app: ASGIApp, place: Place, *, seconds_to_finish: int = SECONDS_TO_FINISH) -> None:
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=seconds_to_finish,
        )
        logging.getLogger("uvicorn.error").addFilter(_without_values)
        self._server = uvicorn.Server(config)
        self._place = place
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [place.socket]}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._place.socket.close()
