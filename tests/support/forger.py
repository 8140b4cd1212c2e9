"""A provider that lies as it is told to: what no honest one does must be refused too."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey


@dataclass
class Forger:
    """What it says, by path. `key` signs; what it publishes is in `said`."""

    address: str
    key: RSAKey
    said: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def speak_true(self) -> None:
        self.said = {
            "/.well-known/openid-configuration": {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
            },
            "/keys": {"keys": [self.key.as_dict(private=False)]},
        }

    def publish(self, **values: Any) -> None:
        self.said["/.well-known/openid-configuration"] |= values

    def give(self, claims: dict[str, Any], key: RSAKey | OctKey | None = None, alg: str = "RS256") -> None:
        signed = key or self.key
        id_token = jwt.encode({"alg": alg, "kid": signed.kid}, claims, signed, algorithms=[alg])
        self.said["/token"] = {"access_token": "opaque", "token_type": "Bearer", "id_token": id_token}


@contextmanager
def forger() -> Iterator[Forger]:
    key = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)

    class Answers(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            found.asked.append((self.path, self.headers.get("authorization", ""), body))
            said = found.said.get(self.path)
            words = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(404 if said is None else 200)
            self.send_header("content-length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    found = Forger(address=f"http://127.0.0.1:{server.server_port}", key=key)
    assert KeySet([key]).keys
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
