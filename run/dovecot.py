"""The only place that starts a Dovecot of our own: private, on loopback, for the embedded default and the tests."""

from __future__ import annotations

import grp
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import SaksgangError
from run.parts import find_dovecot

UP_WITHIN = 15.0
COUNTER = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """PEM files of a server certificate and its key."""

    chain: Path
    key: Path


class DovecotServer:
    """IMAP on 127.0.0.1 for some users, their mail in Maildirs under `folder`; `also` is put in its configuration. A context manager."""

    def __init__(
        self, folder: Path, users: Mapping[str, str], *, port: int = 0, certificate: Certificate | None = None, also: str = ""
    ) -> None:
        binaries = find_dovecot()
        if binaries is None:
            raise SaksgangError("Dovecot is not here; `make parts` fetches it")
        self.folder = folder.resolve()
        self.users = dict(users)
        self.port = port or free_port()
        self._binaries = binaries
        self._certificate = certificate
        self._also = also
        self._owner = _mail_owner()

    def start(self) -> DovecotServer:
        self.folder.mkdir(parents=True, exist_ok=True)
        for user in self.users:
            self._make_maildir(self.maildir(user))
        self._write_configuration()
        subprocess.run(
            [str(self._binaries.program), "-c", str(self.folder / "dovecot.conf")],
            env=self._binaries.environment(),
            check=True,
            stdout=subprocess.DEVNULL,  # it stays in the background: a pipe would never close
            stderr=subprocess.DEVNULL,
        )
        self._wait_until_up()
        return self

    def stop(self) -> None:
        """Ask it to leave, wait until it has."""
        pid_file = self.folder / "run" / "master.pid"
        try:
            pid = int(pid_file.read_text())
            os.kill(pid, signal.SIGTERM)
        except (FileNotFoundError, ProcessLookupError):
            return
        end = time.monotonic() + UP_WITHIN
        while pid_file.exists() and time.monotonic() < end:
            time.sleep(0.02)

    def maildir(self, user: str, folder: str | None = None) -> Path:
        root = self.folder / "mail" / user / "Maildir"
        return root / f".{folder}" if folder else root

    def deliver(self, user: str, content: bytes) -> Path:
        """Put a mail into a user's inbox as a delivery agent does: written aside, then renamed."""
        box = self.maildir(user)
        name = f"{time.time():.6f}.M{next(COUNTER)}P{os.getpid()}.sandbox"
        aside = box / "tmp" / name
        aside.write_bytes(content)
        os.chown(aside, *self._owner)
        arrived = box / "new" / name
        return aside.rename(arrived)

    def __enter__(self) -> DovecotServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _make_maildir(self, box: Path) -> None:
        for part in ("new", "cur", "tmp"):
            (box / part).mkdir(parents=True, exist_ok=True)
        for path in (self.folder / "mail", box.parent, box, *box.iterdir()):
            if path.is_dir():
                os.chown(path, *self._owner)

    def _wait_until_up(self) -> None:
        end = time.monotonic() + UP_WITHIN
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.02)
        raise SaksgangError(f"Dovecot did not come up; see {self.folder / 'dovecot.log'}")

    def _write_configuration(self) -> None:
        (self.folder / "users").write_text("".join(f"{user}:{{PLAIN}}{password}\n" for user, password in self.users.items()))
        (self.folder / "users").chmod(0o644 if os.geteuid() == 0 else 0o600)
        (self.folder / "dovecot.conf").write_text(self._configuration())

    def _configuration(self) -> str:
        uid, gid = self._owner
        root = os.geteuid() == 0
        me, mine = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
        inside, group = ("nobody", "nogroup") if root else (me, mine)
        unrooted = "".join(f"service {name} {{\n  chroot =\n}}\n" for name in ("anvil", "stats", "ipc", "imap-hibernate"))
        as_me = "" if root else "".join(f"service {name} {{\n  user = {me}\n}}\n" for name in ("auth", "auth-worker"))
        return f"""
base_dir = {self.folder}/run
log_path = {self.folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
{self._tls()}
disable_plaintext_auth = no
default_internal_user = {inside}
default_internal_group = {group}
default_login_user = {inside}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {uid}
mail_gid = {gid}
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1 secs
auth_failure_delay = 0
{self._also}
{self._binaries.configuration()}
import_environment = TZ LD_LIBRARY_PATH
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {self.folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={self.folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = .
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {0 if self._certificate else self.port}
  }}
  inet_listener imaps {{
    port = {self.port if self._certificate else 0}
  }}
}}
{unrooted}{as_me}"""

    def _tls(self) -> str:
        if self._certificate is None:
            return "ssl = no"
        return f"ssl = required\nssl_cert = <{self._certificate.chain}\nssl_key = <{self._certificate.key}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _mail_owner() -> tuple[int, int]:
    """Dovecot refuses to read mail as root: then mail belongs to the system's user for it."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    mail = pwd.getpwnam("mail")
    return mail.pw_uid, mail.pw_gid


def clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
