"""The only place that reads and files a Maildir: the same promises as an IMAP mailbox, for one machine with no server."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingest.envelope import Envelope, Listing, read_envelope
from ingest.fingerprint import fingerprint
from ingest.large import cut_mail, taken
from models.errors import MailboxError
from models.kinds import Mode
from models.records import Account, MailKey, RawMail

BATCH_MAILS = 100
HEADER_BYTES = 256 * 1024
"""Of a file, for its envelope: Received lines stand ahead of what is looked for."""
LOOK_EVERY = 0.5
PARTS = ("new", "cur", "tmp")


class MaildirMailbox:
    """One Maildir. A file's name up to the colon is its UID: it stays when flags are put on it or it is moved."""

    uidvalidity = 0

    def __init__(self, account: Account) -> None:
        self.account = account
        self.refused = 0
        """Files that could not be read at the last look."""
        self._root = Path(account.path or "")

    def unknown(self, known: Collection[str]) -> Iterator[Sequence[RawMail]]:
        """Mails whose name is not known, oldest name first, in batches; a file that cannot be read comes another time."""
        self.refused = 0
        with _ours(self.account):
            fresh = sorted((uid, file) for uid, file in self._files().items() if uid not in known)
            for start in range(0, len(fresh), BATCH_MAILS):
                yield [raw for uid, file in fresh[start : start + BATCH_MAILS] if (raw := self._read(uid, file))]

    def waiting(self, handled: Collection[str] | None, most: int) -> Listing:
        """What is not handled by its headers alone. A flag may be a person's too: where `handled` is None, everything there is listed."""
        with _ours(self.account):
            files = sorted((uid, file) for uid, file in self._files().items() if uid not in (handled or ()))
            found = [envelope for _, file in files[-most:] if (envelope := _envelope(file))]
        return Listing(count=len(files), newest=tuple(found))

    def file(self, keys: Sequence[MailKey], folder: str | None, *, handled: bool) -> None:
        """Move mails to a sub-folder (Maildir++), or flag them where it is None; mails that are gone are passed over."""
        with _ours(self.account):
            files = self._files()
            target = self._root if folder is None else self._root / f".{folder}"
            for part in PARTS:
                (target / part).mkdir(parents=True, exist_ok=True)
            for key in keys:
                if file := files.get(key.uid):
                    os.replace(file, target / "cur" / f"{key.uid}:2,{'S' if handled else 'F'}")

    def wait(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Until a mail is delivered, `stop` says so, or the seconds are over."""
        end = time.monotonic() + seconds
        with _ours(self.account):
            before = self._stamp()
            while time.monotonic() < end and not stop() and self._stamp() == before:
                time.sleep(min(LOOK_EVERY, seconds))

    def close(self) -> None:
        """Nothing is held open."""

    def _stamp(self) -> int:
        return (self._root / "new").stat().st_mtime_ns

    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for part in ("new", "cur"):
            with os.scandir(self._root / part) as entries:
                found |= {entry.name.split(":")[0]: Path(entry.path) for entry in entries if _is_mail(entry)}
        return found

    def _read(self, uid: str, file: Path) -> RawMail | None:
        try:
            size = file.stat().st_size
            with file.open("rb") as stream:
                content = stream.read(None if size <= self.account.size_limit else taken(self.account))
        except FileNotFoundError:
            return None  # moved by somebody between the listing and now
        except OSError:
            self.refused += 1
            return None
        if not content:
            return None
        key = MailKey(account=self.account.name, folder=self.account.folder, uidvalidity=0, uid=uid)
        now = datetime.now(UTC)
        if size > self.account.size_limit:
            return cut_mail(key, content, size, now)
        return RawMail(key=key, content=content, fingerprint=fingerprint(content), size=size, received_at=now)


def open_maildir(account: Account) -> MaildirMailbox:
    """The Maildir at the account's path; it must exist."""
    root = Path(account.path or "")
    if not (root / "new").is_dir() or not (root / "cur").is_dir():
        raise MailboxError(f"{account.name}: {root} is no Maildir (new and cur are missing)", permanent=True)
    if account.mode is not Mode.SHADOW and not os.access(root / "cur", os.W_OK):
        raise MailboxError(f"{account.name}: {root} cannot be written", permanent=True)
    return MaildirMailbox(account)


def _is_mail(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and (entry.is_symlink() or entry.is_file(follow_symlinks=False))


def _envelope(file: Path) -> Envelope | None:
    try:
        with file.open("rb") as stream:
            there = os.fstat(stream.fileno())
            beginning = stream.read(HEADER_BYTES)
    except OSError:
        return None  # not to be read, or moved by somebody between the listing and now
    return read_envelope(beginning, there.st_size, datetime.fromtimestamp(there.st_mtime, UTC))


@contextmanager
def _ours(account: Account) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MailboxError(f"{account.name}: {type(error).__name__}: {error.strerror}") from error
