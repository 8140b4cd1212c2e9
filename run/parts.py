"""The only place that finds, or fetches, the programs that are no Python: Dovecot, PostgreSQL.

`python -m run.parts` fetches what is missing: with apt as root or through sudo, else unpacked beside the checkout.
It needs nothing but the standard library, so that it runs before anything is installed.
"""

from __future__ import annotations

import glob
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

UNPACKED = Path(__file__).resolve().parent.parent / "var" / "parts"
DOVECOT_PACKAGES = ("dovecot-core", "dovecot-imapd")
DOVECOT_LIBRARIES = (
    "libexttextcat-2.0-0",
    "libstemmer0d",
    "liblua5.4-0",
    "libsodium23",
    "libunwind8",
    "libwrap0",
    "libicu72",
    "libtirpc3",
    "libapparmor1",
)
POSTGRES_PACKAGES = ("postgresql-15",)
POSTGRES_LIBRARIES = ("libpq5", "libllvm14", "libz3-4", "libxslt1.1", "libicu72", "postgresql-client-15")
COMPILED_IN = "/usr/lib/dovecot"
"""Dovecot looks for its modules here and nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    """A Dovecot below `root`: "/" where it is installed."""

    root: Path

    @property
    def program(self) -> Path:
        return self.root / "usr/sbin/dovecot"

    def environment(self) -> dict[str, str]:
        if self.root == Path("/"):
            return dict(os.environ)
        _link_modules(self.root)
        return {**os.environ, "LD_LIBRARY_PATH": ":".join(_library_folders(self.root))}

    def configuration(self) -> str:
        if self.root == Path("/"):
            return ""
        return f"libexec_dir = {self.root}/usr/lib/dovecot\nmail_plugin_dir = {self.root}/usr/lib/dovecot/modules\n"


def find_dovecot() -> Dovecot | None:
    for root in (Path("/"), UNPACKED / "dovecot"):
        if (root / "usr/sbin/dovecot").is_file() and (root / "usr/lib/dovecot/imap").is_file():
            return Dovecot(root=root)
    return None


def find_postgres() -> Path | None:
    """The folder that holds initdb and pg_ctl, the newest version first."""
    roots = ("/usr/lib/postgresql", f"{UNPACKED}/postgres/usr/lib/postgresql")
    found = [Path(path).parent for root in roots for path in sorted(glob.glob(f"{root}/*/bin/initdb"), reverse=True)]
    return found[0] if found else None


def library_path() -> dict[str, str]:
    """What the environment needs so that unpacked programs find their libraries."""
    return {"LD_LIBRARY_PATH": ":".join(_library_folders(UNPACKED / "postgres"))}


def fetch(*, tests: bool) -> None:
    """Install what is missing; `tests` adds what only the tests need."""
    wanted: list[str] = []
    if find_dovecot() is None:
        wanted += DOVECOT_PACKAGES
    if tests and find_postgres() is None:
        wanted += POSTGRES_PACKAGES
    if not wanted:
        return
    if prefix := _rights():
        _apt(prefix[1:], wanted)
        return
    if find_dovecot() is None:
        _unpack(DOVECOT_PACKAGES, DOVECOT_LIBRARIES, UNPACKED / "dovecot")
        _relocate(UNPACKED / "dovecot")
    if tests and find_postgres() is None:
        _unpack(POSTGRES_PACKAGES, POSTGRES_LIBRARIES, UNPACKED / "postgres")


def _rights() -> list[str]:
    """How to become root, after a first word that only says it can be done; empty where it cannot."""
    if os.geteuid() == 0:
        return ["root"]
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "sudo", "-n"]
    return []


def _apt(prefix: list[str], packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run([*prefix, "apt-get", *words], check=True, env=environment, stdout=subprocess.DEVNULL)


def _unpack(packages: tuple[str, ...], libraries: tuple[str, ...], root: Path) -> None:
    """Packages, and the libraries that the machine lacks, taken apart below `root`: nothing is installed, nobody is root."""
    missing = [name for name in libraries if subprocess.run(["dpkg", "-s", name], capture_output=True, check=False).returncode]
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as aside:
        lists = Path(aside) / "lists"
        (lists / "partial").mkdir(parents=True)
        apt = ["apt-get", "-qq", "-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={aside}", "-o", "Debug::NoLocking=1"]
        for words in (["update"], ["download", *packages, *missing]):
            subprocess.run([*apt, *words], cwd=aside, check=True, stdout=subprocess.DEVNULL)
        for package in Path(aside).glob("*.deb"):
            subprocess.run(["dpkg", "-x", str(package), str(root)], check=True)


def _relocate(root: Path) -> None:
    """Write a path of the same length in place of the one compiled in; `_link_modules` makes it lead here."""
    link = f"/tmp/sg{secrets.token_hex(8)}"[: len(COMPILED_IN)]  # noqa: S108  short enough; _link_modules checks whose it is
    (root / "link").write_text(link)
    for file in (*(root / "usr/lib/dovecot").rglob("*"), *(root / "usr/sbin").iterdir(), *(root / "usr/bin").iterdir()):
        if file.is_file() and not file.is_symlink() and file.read_bytes()[:4] == b"\x7fELF":
            file.write_bytes(file.read_bytes().replace(COMPILED_IN.encode(), link.encode()))


def _link_modules(root: Path) -> None:
    link = Path((root / "link").read_text())
    target = root / "usr/lib/dovecot"
    if not link.is_symlink():
        link.symlink_to(target)
    if link.resolve() != target.resolve():
        raise RuntimeError(f"{link} leads elsewhere; remove it")


def _library_folders(root: Path) -> list[str]:
    return [str(root / "usr/lib/dovecot"), *glob.glob(f"{root}/usr/lib/*-linux-gnu")]


if __name__ == "__main__":
    fetch(tests="--tests" in sys.argv)
