"""The only place that makes faults to order for the tests of the whole, and counts what came through them."""

from __future__ import annotations

import random
import re
import resource
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import psycopg

from models.kinds import MailState
from models.store import Database, Store
from run.dovecot import DovecotServer
from tests.support.inbox import Inbox
from tests.support.postgres import FAST, PostgresServer
from tests.support.program import PATIENCE, Program, until
from tests.support.smtp import SmtpSink

NUMBER = re.compile(r"faultmail (\d+)")
RUN = count(1)


def numbered(number: int, *, attached: int = 0) -> bytes:
    """A person's mail that can be told from all others, by a writer of its own, with a file of so many bytes."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Kari Moe <kari{number}@siv.no>"
    message["To"] = "ikt@siv.no"
    message["Subject"] = f"faultmail {number}"
    message["Date"] = "Mon, 02 Mar 2026 08:55:00 +0100"
    message["Message-ID"] = f"<fault-{number}-{next(RUN)}@siv.no>"
    message.set_content(f"Dette er faultmail {number} om en skriver som står.\n")
    if attached:
        message.add_attachment(random.Random(number).randbytes(attached), maintype="image", subtype="png", filename="bilde.png")
    return message.as_bytes()


def answering(number: int, *, ancestors: int) -> bytes:
    """The same, with so many references to mails that nobody here knows."""
    references = "\r\n ".join(f"<{number}-{ancestor}@elsewhere.example>" for ancestor in range(ancestors))
    return f"References: {references}\r\n".encode() + numbered(number)


@contextmanager
def looking_into(program: Program) -> Iterator[Store]:
    """The program's store as it stands, seen from outside; a look writes nothing and waits for no lock."""
    store = Store(Database(database_url(program)))
    try:
        yield store
    finally:
        store.close()


def database_url(program: Program) -> str:
    return program.environment.get("SAKSGANG_DATABASE") or f"sqlite:///{program.home / 'saksgang.db'}"


def count_of(store: Store, *states: MailState) -> int:
    return sum(found[state] for found in store.mails.counts().values() for state in states or MailState)


def kept_in(program: Program) -> int:
    """How many mails a program on SQLite has kept, also while it starts; a fast look."""
    file = program.home / "saksgang.db"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'mail'").fetchone()[0]
        return int(connection.execute("SELECT count(*) FROM mail").fetchone()[0]) if known else 0


def polled(program: Program) -> None:
    """Wait until the program has looked into all its mailboxes once."""
    with looking_into(program) as store:
        until(lambda: ready(program) and all(health.polled_at for health in store.health.all()), "the first look")


def ready(program: Program) -> bool:
    with looking_into(program) as store:
        return bool(store.database.schema_versions()[0] and store.health.all())


def ready_with_mails(program: Program) -> bool:
    with looking_into(program) as store:
        return bool(store.database.schema_versions()[0] and count_of(store))


def wait_until_done(program: Program, inbox: Inbox, mails: int, *, seconds: float = PATIENCE) -> None:
    """Every mail handled, every outgoing mail sent, the inbox empty."""
    with looking_into(program) as store:
        until(lambda: count_of(store, MailState.HANDLED) == mails, f"{mails} mails handled", seconds)
        until(lambda: store.outbox.oldest_unsent() is None, "everything sent", seconds)
    until(lambda: not inbox.files(), "everything filed")


OF_THE_DESK = re.compile(rb"^X-Saksgang: SIV\r?$", re.MULTILINE)
"""Word to the leads of what concerns no case."""


def assert_each_once(program: Program, smtp: SmtpSink, mails: int) -> None:
    """Every numbered mail has one ticket, one forward and one receipt, each sent once, under a Message-ID of its own."""
    with looking_into(program) as store:
        assert len(store.tickets.latest(100_000)) == mails
    sent: Counter[tuple[str, str]] = Counter()
    names: Counter[str] = Counter()
    for recipient, body in smtp.contents():
        if OF_THE_DESK.search(body):
            continue
        number = NUMBER.search(body.decode("utf-8", "replace"))
        name = re.search(rb"^Message-ID: (\S+)", body, re.MULTILINE)
        assert number
        assert name
        sent[recipient, number[1]] += 1
        names[name[1].decode()] += 1
    assert set(names.values()) == {1}, "an outgoing mail was sent twice"
    assert set(sent.values()) == {1}, "one outgoing mail under two Message-IDs"
    assert {number for _, number in sent} == {str(number) for number in range(mails)}
    assert len(sent) == 2 * mails, "a forward and a receipt for each"


def numbers_in(inbox: Inbox, folder: str | None = None) -> Counter[str]:
    found = (NUMBER.search(file.read_text(errors="replace")) for file in inbox.files(folder))
    return Counter(number[1] for number in found if number)


def box_of(status: dict[str, Any], inbox: Inbox) -> dict[str, Any]:
    [found] = [box for box in status["mailboxes"] if box["account"] == inbox.user]
    return dict(found)


def crash(server: DovecotServer) -> None:
    """Kill the server with all its sessions: one that is asked to leave serves those that are open for half a minute."""
    pid_file = server.folder / "run" / "master.pid"
    master = psutil.Process(int(pid_file.read_text()))
    family = [master, *master.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=PATIENCE)
    pid_file.unlink(missing_ok=True)


def uidvalidity(server: DovecotServer, user: str) -> int:
    head = (server.maildir(user) / "dovecot-uidlist").read_text().split("\n", 1)[0]
    return int(next(word[1:] for word in head.split() if word.startswith("V")))


def forget_uids(server: DovecotServer, user: str) -> None:
    """Let a stopped server forget all it knew of UIDs, as after a restore from a backup."""
    before = uidvalidity(server, user)
    for file in server.maildir(user).rglob("dovecot*"):
        file.unlink()
    until(lambda: int(time.time()) > before, "a second in which a new number can be made")


@contextmanager
def locked(program: Program) -> Iterator[None]:
    """Another process's write to the SQLite database that does not end."""
    with closing(sqlite3.connect(program.home / "saksgang.db", timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def files_up_to(bytes_: int) -> Callable[[], None]:
    """A disk that is full: no file may grow beyond so many bytes, until there is `room_for` the process again."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, resource.RLIM_INFINITY))


def room_for(process: subprocess.Popen[bytes]) -> None:
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def keep_what_is_committed(url: str) -> None:
    """The tests' PostgreSQL is fast because a kill may cost it the last moments: not this database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET synchronous_commit = on")


def kill(server: PostgresServer) -> None:
    """PostgreSQL gone as by a power cut."""
    server._run("pg_ctl", "-D", server._data, "-m", "immediate", "stop")


def revive(server: PostgresServer) -> None:
    options = f"{FAST} -k {server._folder} -p {server._port} -h 127.0.0.1"
    server._run("pg_ctl", "-D", server._data, "-w", "-o", options, "-l", str(server._folder / "log"), "start")


@contextmanager
def away(server: PostgresServer) -> Iterator[None]:
    """PostgreSQL killed, and started again when the block ends."""
    kill(server)
    try:
        yield
    finally:
        revive(server)


def make_folder(inbox: Inbox, folder: str) -> Path:
    """A folder in the mailbox, made by somebody else while the program runs."""
    owner = inbox.server.maildir(inbox.user).stat()
    made = inbox.server.maildir(inbox.user, folder)
    for part in (made, *(made / name for name in ("new", "cur", "tmp"))):
        part.mkdir(exist_ok=True)
        shutil.chown(part, owner.st_uid, owner.st_gid)
    return made


def _part(*headers: str, body: bytes) -> bytes:
    common = ("From: Per Poison <per@siv.no>", "To: ikt@siv.no", "Date: Mon, 02 Mar 2026 08:55:00 +0100", "MIME-Version: 1.0")
    return "\r\n".join((*common, *headers, "", "")).encode() + body


def _nested(depth: int) -> bytes:
    heads = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(depth))
    return b"From: per@siv.no\r\nTo: ikt@siv.no\r\nSubject: dypt\r\nMIME-Version: 1.0\r\n" + heads + b"\r\nHei\r\n"


def _large(bytes_: int) -> bytes:
    line = b"QUJD" * 19 + b"\r\n"
    return _part(
        "Subject: stor fil",
        'Content-Type: application/octet-stream; name="stor.bin"',
        "Content-Transfer-Encoding: base64",
        "Message-ID: <large@siv.no>",
        body=line * (bytes_ // 57),
    )


def poisons() -> dict[str, bytes]:
    """Mails that stop other programs, by what is wrong with them."""
    many = ", ".join(f"person.nummer{number}@siv.no" for number in range(7_500))
    return {
        "unknown charset": _part("Subject: =?x-unknown?B?4PDw?=", "Content-Type: text/plain; charset=x-unknown-9", body=b"Gl\xf8mt\r\n"),
        "broken boundary": _part(
            "Subject: delt", 'Content-Type: multipart/mixed; boundary="never"', body=b"--other\r\n\r\nHei\r\n--other--\r\n"
        ),
        "NUL in header": _part("Subject: n\0ull\0", "X-Odd: \0\0", "Content-Type: text/plain", body=b"Hei\r\n"),
        "NUL in body": _part("Subject: null", "Content-Type: text/plain", body=b"He\0i\0 og h\0a det\r\n"),
        "30 MB attachment": _large(30_000_000),
        "200 KB To": _part(f"Cc: {many}", "Subject: mange", "Content-Type: text/plain", body=b"Hei alle\r\n"),
        "deep nesting": _nested(3_000),
        "lone surrogates": _part(
            "Subject: =?utf-8?B?7aCA?= =?utf-7?Q?+2AA-?=",
            "Content-Type: text/html; charset=utf-8",
            body=b"<p>Hei &#xD800; &#55357; \xed\xa0\x80 \\ud800 og ha det</p>\r\n",
        ),
        "no sender": b"Subject: fra ingen\r\nContent-Type: text/plain\r\n\r\nHei\r\n",
        "nothing but white space": b"\r\n \r\n\r\n",
    }


def long_id(letters: int) -> bytes:
    """A mail whose Message-ID is far longer than a line may be, and does not compress."""
    name = "".join(f"{number * 2_654_435_761 % 2**32:08x}" for number in range(letters // 8))
    return _part("Subject: lang id", f"Message-ID: {name}@siv.no", "Content-Type: text/plain", body=b"Hei\r\n")
