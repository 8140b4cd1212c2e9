"""`make bench`: a Dovecot mailbox end to end, CPU of our process alone, beside the floor measured in the same run."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from bench.cost import Cost
from bench.mails import mails_of
from run.dovecot import DovecotServer
from run.settings import TRAINED
from tests.support.inbox import PASSWORD, Inbox
from tests.support.program import ROOT, Program
from tests.support.smtp import SmtpSink

USER = "bench"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--mails", type=int, default=2000)
    words.add_argument("--maildir", type=Path, help="mails to use instead of our own")
    words.add_argument("--rounds", type=int, default=3)
    given = words.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="saksgang-bench-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        for number in range(given.rounds):
            _round(folder / str(number), given.mails, given.maildir)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _round(folder: Path, count: int, maildir: Path | None) -> None:
    sink = SmtpSink().start()
    try:
        with DovecotServer(folder / "imap", {USER: PASSWORD, "empty": PASSWORD}) as server:
            inbox = Inbox(server, USER)
            mails = list(mails_of(maildir, count))
            inbox.deliver(*mails)
            floor = Cost.of([sys.executable, "-m", "bench.floor", str(server.port), USER, PASSWORD], os.environ, str(ROOT))
            idle = _run_once(folder / "idle", Inbox(server, "empty"), sink)
            ours = _run_once(folder / "home", inbox, sink)
            left = len(inbox.files())
    finally:
        sink.stop()
    sent = len(sink.contents())
    print(
        f"{len(mails)} mails, {sum(map(len, mails)) / len(mails) / 1000:.0f} KB each: {len(mails) / ours.wall:.0f} mails/s, "
        f"{_each(ours, len(mails)):.2f} CPU ms a mail all in ({_each(ours, len(mails)) - _each(idle, len(mails)):.2f} without the start of the program), "
        f"peak {ours.peak:.0f} MB; {sent} mails sent, {left} left in the inbox; "
        f"floor (imaplib, policy.default): {_each(floor, len(mails)):.2f} CPU ms a mail; ratio {ours.cpu / floor.cpu:.2f}",
        flush=True,
    )


def _run_once(home: Path, inbox: Inbox, sink: SmtpSink) -> Cost:
    program = Program(home, [inbox], sink.port)
    program.environment["SAKSGANG_TRAINED"] = str(TRAINED)
    cost = Cost.of([sys.executable, "-m", "run", "run", "--config", str(program.config), "--once"], program.environment, str(ROOT))
    status = program.status()
    assert not any(box["quarantined"] or box["received"] for box in status["mailboxes"]), json.dumps(status)
    return cost


def _each(cost: Cost, mails: int) -> float:
    return 1000 * cost.cpu / mails


if __name__ == "__main__":
    main()
