"""`make bench-latency`: from delivery in the mailbox to the forwarded mail at the SMTP server, one mail at a time, woken by IDLE."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from bench.mails import mails_of
from run.dovecot import DovecotServer
from run.settings import TRAINED
from tests.support.inbox import PASSWORD, Inbox
from tests.support.program import Program, until
from tests.support.smtp import SmtpSink

MAILS = 100
USER = "bench"
TEAMS = "@teams.siv.example"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="saksgang-bench-", dir="/tmp"))
    folder.chmod(0o755)
    sink = SmtpSink().start()
    try:
        with DovecotServer(folder / "imap", {USER: PASSWORD}) as server:
            inbox = Inbox(server, USER)
            program = Program(folder / "home", [inbox], sink.port)
            program.environment["SAKSGANG_TRAINED"] = str(TRAINED)
            first, *rest = mails_of(None, MAILS + 1)
            with program.running():
                _took(inbox, sink, first)
                found = sorted(_took(inbox, sink, mail) for mail in rest)
    finally:
        sink.stop()
        shutil.rmtree(folder, ignore_errors=True)
    p95 = found[int(len(found) * 0.95) - 1]
    print(
        f"{len(found)} mails one at a time: median {statistics.median(found) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, slowest {found[-1] * 1000:.0f} ms"
    )


def _took(inbox: Inbox, sink: SmtpSink, mail: bytes) -> float:
    """Seconds from delivery until the forward to a team is at the SMTP server."""
    before = _forwards(sink)
    began = time.monotonic()
    inbox.deliver(mail)
    until(lambda: _forwards(sink) > before, "a forward")
    took = time.monotonic() - began
    until(lambda: not inbox.files(), "the mail filed")
    return took


def _forwards(sink: SmtpSink) -> int:
    return sum(recipient.endswith(TEAMS) for recipient, _ in sink.contents())


if __name__ == "__main__":
    main()
