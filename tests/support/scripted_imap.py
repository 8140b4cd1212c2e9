"""An IMAP server on loopback that answers as a test says, for what no Dovecot can be brought to do."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Collection, Mapping
from typing import Any

from models.kinds import Mode, Security, Source
from models.records import Account

ORDINARY = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS\r\n",
    "SELECT": b"* 2 EXISTS\r\n",
    "STATUS": b"* STATUS INBOX (MESSAGES 2 UIDNEXT 100 UIDVALIDITY 7)\r\n",
    "LOGOUT": b"* BYE\r\n",
}


class ScriptedImap:
    """Tells each command that begins so the lines given for it, then OK, or NO where it refuses. Asked to IDLE it closes the connection."""

    def __init__(self, answers: Mapping[str, bytes], refuses: Collection[str] = ()) -> None:
        self.answers = ORDINARY | dict(answers)
        self.refuses = tuple(refuses)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._listener())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> ScriptedImap:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def account(self) -> Account:
        values: dict[str, Any] = {
            "profile": "siv",
            "source": Source.IMAP,
            "mode": Mode.AUTO,
            "host": "127.0.0.1",
            "security": Security.NONE,
        }
        return Account(name="kari", port=self._server.server_address[1], user="kari", password="secret", **values)

    def _listener(self) -> type[socketserver.StreamRequestHandler]:
        scripted = self

        class Listener(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(b"* OK ready\r\n")
                for line in self.rfile:
                    tag, _, command = line.decode("ascii").strip().partition(" ")
                    if command == "IDLE":
                        self.wfile.write(b"+ idling\r\n")
                        return
                    told = b"".join(lines for begins, lines in scripted.answers.items() if command.startswith(begins))
                    outcome = "NO" if command.startswith(scripted.refuses) else "OK"
                    self.wfile.write(told + f"{tag} {outcome} done\r\n".encode("ascii"))

        return Listener
