"""The pages' server and clients that do not do as they should."""

from __future__ import annotations

import socket
import threading

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from run.web import Place, WebServer

PATIENCE = 20.0
HEAD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"


@pytest.mark.parametrize("sent", [HEAD, HEAD + b"\r\nhalf of it"])
def test_whoever_sent_half_a_request_does_not_keep_it_from_stopping(sent: bytes) -> None:
    reached = threading.Event()

    async def read(request: Request) -> Response:
        reached.set()
        return PlainTextResponse(await request.body())

    place = Place("127.0.0.1", 0)
    host, port = place.socket.getsockname()
    server = WebServer(Starlette(routes=[Route("/", read, methods=["POST"])]), place, seconds_to_finish=1)
    server.start()
    with socket.create_connection((host, port)) as client:
        client.sendall(sent)
        assert sent == HEAD or reached.wait(PATIENCE)
        stopping = threading.Thread(target=server.stop, daemon=True)
        stopping.start()
        stopping.join(PATIENCE)
        assert not stopping.is_alive()
