"""The only door to imap_tools: a mailbox on an IMAP server (RFC 9051), by UID, without touching what people see in it."""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError

from ingest.envelope import ENVELOPE_BYTES, ENVELOPE_FIELDS, Envelope, Listing, read_envelope
from ingest.fingerprint import fingerprint
from ingest.headers import read_date
from ingest.large import cut_mail, taken
from models.errors import MailboxError
from models.kinds import Mode, Security
from models.records import Account, MailKey, RawMail

CALL_SECONDS = 60.0
"""No single call to the server may take longer."""
BATCH_MAILS = 100
BATCH_BYTES = 8_000_000
SIZES_AT_ONCE = 500
MOST_IN_ONE_SEARCH = 80_000
"""imaplib reads answers up to 1,000,000 characters; a UID takes up to eleven."""
IDLE_LOOKS_UP = 0.5
IDLE_RENEWED_AFTER = 25 * 60
"""RFC 2177 asks for a new IDLE at least every 29 minutes."""
SIZE = re.compile(rb"UID (\d+) .*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+) .*?UID (\d+)")
RECORD = re.compile(rb"\d+ \(")
"""How the answer about one mail begins; a line that goes on begins otherwise."""
UID = re.compile(rb"\bUID (\d+)")
OCTETS = re.compile(rb"\bRFC822\.SIZE (\d+)")
ARRIVED = re.compile(rb'\bINTERNALDATE "([^"]+)"')
HANDLED_FLAGS = (r"\Seen", "SaksgangHandled")
SET_ASIDE_FLAGS = (r"\Flagged", "SaksgangQuarantined")


class ImapMailbox:
    """One folder of one account, open. Every method raises `MailboxError` where the server fails or is silent."""

    def __init__(self, account: Account, box: BaseMailBox, uidvalidity: int) -> None:
        self.account = account
        self.uidvalidity = uidvalidity
        self._box = box
        self.refused = 0
        """Mails that the server would not give at the last look."""
        self._made: set[str] = set()

    def unknown(self, known: Collection[str]) -> Iterator[Sequence[RawMail]]:
        """Mails whose UID is not known, oldest first, in batches; one without content yet, or refused, comes another time."""
        self.refused = 0
        with _ours(self.account):
            fresh = [uid for uid in self._uids() if uid not in known]
            for some in _chunks(fresh, SIZES_AT_ONCE):
                sizes = self._sizes(some)
                for batch in _batches([uid for uid in some if uid in sizes], sizes, self.account.size_limit):
                    yield self._fetch(batch, sizes)

    def waiting(self, handled: Collection[str] | None, most: int) -> Listing:
        """What is not handled by its headers alone; where `handled` is None, as the marks on the mails say. Nothing is marked."""
        with _ours(self.account):
            there = self._uids("ALL" if handled is not None else f"UNKEYWORD {HANDLED_FLAGS[1]} UNDELETED")
            uids = sorted((uid for uid in there if uid not in (handled or ())), key=int)
            found = [envelope for some in _chunks(uids[-most:], SIZES_AT_ONCE) for envelope in self._envelopes(some)]
        return Listing(count=len(uids), newest=tuple(found))

    def file(self, keys: Sequence[MailKey], folder: str | None, *, handled: bool) -> None:
        """Move mails to `folder`, or flag them where it is None; mails that are gone are passed over."""
        uids = [key.uid for key in keys]
        with _ours(self.account):
            if folder is None:
                self._tell("STORE", uids, "+FLAGS", f"({' '.join(HANDLED_FLAGS if handled else SET_ASIDE_FLAGS)})")
                return
            self._make(folder)
            if self._can("MOVE"):
                self._box.move(uids, folder, chunks=BATCH_MAILS)
                return
            self._box.copy(uids, folder, chunks=BATCH_MAILS)
            self._tell("STORE", uids, "+FLAGS", r"(\Deleted)")
            if self._can("UIDPLUS"):
                self._tell("EXPUNGE", uids)

    def wait(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Until the server tells of something new (RFC 2177), `stop` says so, or the seconds are over."""
        end = time.monotonic() + min(seconds, IDLE_RENEWED_AFTER)
        with _ours(self.account):
            if not self._can("IDLE"):
                while time.monotonic() < end and not stop():
                    time.sleep(min(IDLE_LOOKS_UP, seconds))
                return
            with self._box.idle as idle:
                while time.monotonic() < end and not stop():
                    asked = time.monotonic()
                    lines = idle.poll(timeout=IDLE_LOOKS_UP)
                    if any(b"EXISTS" in line for line in lines):
                        return
                    if not lines and time.monotonic() - asked < IDLE_LOOKS_UP / 2:
                        return  # a closed connection, which imap_tools hides: the end of IDLE raises what became of it

    def close(self) -> None:
        try:
            self._box.logout()
        except (OSError, imaplib.IMAP4.error, ImapToolsError):  # the server forgets us by itself
            with suppress(OSError):
                self._box.client.shutdown()

    def _can(self, what: str) -> bool:
        return what in self._box.client.capabilities

    def _tell(self, command: str, uids: Sequence[str], *words: str) -> None:
        """Have these mails marked or expunged, and no others: imap_tools expunges the whole folder after each mark."""
        for some in _chunks(uids, BATCH_MAILS):
            answer, _ = self._box.client.uid(command, ",".join(some), *words)
            if answer != "OK":
                raise MailboxError(f"{self.account.name}: the server refuses {command}")

    def _uids(self, criteria: str = "ALL") -> list[str]:
        status = self._box.folder.status(self.account.folder, ["MESSAGES", "UIDNEXT"])
        if status["MESSAGES"] <= MOST_IN_ONE_SEARCH:
            return self._box.uids(criteria, charset=None)
        spans = range(1, status["UIDNEXT"], MOST_IN_ONE_SEARCH)
        return [uid for first in spans for uid in self._box.uids(f"UID {first}:{first + MOST_IN_ONE_SEARCH - 1} {criteria}", charset=None)]

    def _ask(self, uids: Sequence[str], wanted: str) -> list[object]:
        """What the server tells; where it refuses some together it is asked for each, and one that it refuses alone is passed over."""
        answer, lines = self._box.client.uid("FETCH", ",".join(uids), wanted)
        if answer == "OK":
            return lines
        self._box.client.response("FETCH")  # forgets what was told before the refusal
        if len(uids) == 1:
            self.refused += 1
            return []
        return [line for uid in uids for line in self._ask([uid], wanted)]

    def _sizes(self, uids: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for line in self._ask(uids, "(UID RFC822.SIZE)"):
            match = SIZE.search(line) if isinstance(line, bytes) else None
            if match:
                uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
                found[uid.decode()] = int(size)
        return found

    def _envelopes(self, uids: Sequence[str]) -> list[Envelope]:
        """By UID; a mail that is gone meanwhile is left out."""
        wanted = f"(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS ({' '.join(ENVELOPE_FIELDS).upper()})]<0.{ENVELOPE_BYTES}>)"
        found: dict[int, Envelope] = {}
        for told, headers in _records(self._ask(uids, wanted)):
            uid, size, arrived = UID.search(told), OCTETS.search(told), ARRIVED.search(told)
            if uid and size:
                found[int(uid[1])] = read_envelope(headers, int(size[1]), read_date(arrived[1]) if arrived else None)
        return [found[uid] for uid in sorted(found)]

    def _fetch(self, uids: Sequence[str], sizes: dict[str, int]) -> list[RawMail]:
        whole = [uid for uid in uids if sizes[uid] <= self.account.size_limit]
        large = [uid for uid in uids if sizes[uid] > self.account.size_limit]
        now = datetime.now(UTC)
        records = _records(self._ask(whole, "(UID BODY.PEEK[])") if whole else ())
        found = [self._raw(uid[1].decode(), content, now) for told, content in records if content and (uid := UID.search(told))]
        found += [cut_mail(self._key(uid), beginning, sizes[uid], now) for uid in large if (beginning := self._beginning(uid))]
        return sorted(found, key=lambda raw: int(raw.key.uid))

    def _beginning(self, uid: str) -> bytes:
        """The first bytes of a large mail (RFC 9051, 6.4.5); empty where it has none yet."""
        lines = self._ask([uid], f"(UID BODY.PEEK[]<0.{taken(self.account)}>)")
        return b"".join(line[1] for line in lines if isinstance(line, tuple))

    def _raw(self, uid: str, content: bytes, now: datetime) -> RawMail:
        return RawMail(key=self._key(uid), content=content, fingerprint=fingerprint(content), size=len(content), received_at=now)

    def _key(self, uid: str) -> MailKey:
        return MailKey(account=self.account.name, folder=self.account.folder, uidvalidity=self.uidvalidity, uid=uid)

    def _make(self, folder: str) -> None:
        if folder not in self._made:
            if not self._box.folder.exists(folder):
                self._box.folder.create(folder)
            self._made.add(folder)


def open_imap(account: Account) -> ImapMailbox:
    """Log in and select the account's folder, read-only in shadow mode. `MailboxError` says what to mend."""
    with _ours(account):
        box = _connect(account)
        try:
            box.login(account.user, account.password, initial_folder=None)
            box.client.capabilities = _capabilities(box)
            box.folder.set(account.folder, readonly=account.mode is Mode.SHADOW)
            status = box.folder.status(account.folder, ["UIDVALIDITY"])
        except BaseException:
            box.client.shutdown()
            raise
    return ImapMailbox(account, box, status["UIDVALIDITY"])


def _connect(account: Account) -> BaseMailBox:
    match account.security:
        case Security.TLS:
            return MailBox(account.host, account.port, timeout=CALL_SECONDS, ssl_context=_trust(account))
        case Security.STARTTLS:
            return MailBoxStartTls(account.host, account.port, timeout=CALL_SECONDS, ssl_context=_trust(account))
        case Security.NONE:
            return MailBoxUnencrypted(account.host, account.port, timeout=CALL_SECONDS)


def _trust(account: Account) -> ssl.SSLContext:
    """The system's authorities, or the one the organisation names; the name on the certificate is always checked."""
    return ssl.create_default_context(cafile=account.ca_file)


@contextmanager
def _ours(account: Account) -> Iterator[None]:
    """Whatever the library or the line throws becomes a `MailboxError` that names the account and no mail."""
    try:
        yield
    except MailboxLoginError as error:
        if "UNAVAILABLE" in str(error):  # RFC 5530
            raise MailboxError(f"{account.name}: the server cannot check passwords now") from error
        raise MailboxError(f"{account.name}: the server refuses user and password", permanent=True) from error
    except MailboxFolderSelectError as error:
        raise MailboxError(f"{account.name}: no folder {account.folder!r}", permanent=True) from error
    except ssl.SSLCertVerificationError as error:
        raise MailboxError(f"{account.name}: certificate of {account.host} not trusted: {error.verify_message}", permanent=True) from error
    except (imaplib.IMAP4.abort, BrokenPipeError, ConnectionResetError) as error:
        raise MailboxError(f"{account.name}: {account.host}:{account.port}: the connection was closed") from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError, UnicodeError) as error:
        raise MailboxError(f"{account.name}: {account.host}:{account.port}: {type(error).__name__}") from error


def _capabilities(box: BaseMailBox) -> tuple[str, ...]:
    """What the server can do for this user: imaplib asks before the login, when many a server names less (RFC 9051, 6.1.1)."""
    _, lines = box.client.capability()
    return tuple((lines[-1] or b"").decode("ascii", "replace").upper().split())


def _chunks(uids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]


def _records(lines: Iterable[object]) -> Iterator[tuple[bytes, bytes]]:
    """Of each mail what the server told in words, ahead of and behind the literal, and the literal itself."""
    told, literal = b"", b""
    for line in lines:
        words, content = line if isinstance(line, tuple) else (line, b"")
        if not isinstance(words, bytes):
            continue
        if RECORD.match(words) and told:
            yield told, literal
            told, literal = b"", b""
        told, literal = told + words, literal or content
    if told:
        yield told, literal


def _batches(uids: Sequence[str], sizes: dict[str, int], limit: int) -> Iterator[list[str]]:
    """Groups that fit in memory: at most so many mails and so many bytes, a larger mail alone."""
    batch: list[str] = []
    weight = 0
    for uid in uids:
        size = min(sizes[uid], limit)
        if batch and (len(batch) == BATCH_MAILS or weight + size > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch
