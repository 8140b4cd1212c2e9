"""The only place that finds, or fetches, the programs that are no Python: Dovecot, PostgreSQL, Chromium.

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
from collections.abc import Callable
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
CHROMIUM_PACKAGES = ("chromium",)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chromium:
    """A browser, and the environment in which it finds its libraries."""

    program: Path
    environment: dict[str, str]


def find_chromium() -> Chromium | None:
    """The program itself, not the script in usr/bin: that one looks for it where it would be installed."""
    for root in (Path("/"), UNPACKED / "chromium"):
        program = root / "usr/lib/chromium/chromium"
        libraries = {} if root == Path("/") else {"LD_LIBRARY_PATH": ":".join(_library_folders(root))}
        if program.is_file():
            return Chromium(program=program, environment={**os.environ, **libraries})
    return None


def library_path() -> dict[str, str]:
    """What the environment needs so that unpacked programs find their libraries."""
    return {"LD_LIBRARY_PATH": ":".join(_library_folders(UNPACKED / "postgres"))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is fetched together. Libraries of None are all that the packages ask for."""

    name: str
    find: Callable[[], object]
    packages: tuple[str, ...]
    libraries: tuple[str, ...] | None
    for_tests: bool


PARTS = (
    Part(name="dovecot", find=find_dovecot, packages=DOVECOT_PACKAGES, libraries=DOVECOT_LIBRARIES, for_tests=False),
    Part(name="postgres", find=find_postgres, packages=POSTGRES_PACKAGES, libraries=POSTGRES_LIBRARIES, for_tests=True),
    Part(name="chromium", find=find_chromium, packages=CHROMIUM_PACKAGES, libraries=None, for_tests=True),
)


def fetch(*, tests: bool) -> None:
    """Install what is missing; `tests` adds what only the tests need."""
    wanted = [part for part in PARTS if (tests or not part.for_tests) and part.find() is None]
    if not wanted:
        return
    if prefix := _rights():
        _apt(prefix[1:], [package for part in wanted for package in part.packages])
        return
    for part in wanted:
        _unpack(part, UNPACKED / part.name)
        if part.name == "dovecot":
            _relocate(UNPACKED / part.name)


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


def _unpack(part: Part, root: Path) -> None:
    """Packages, and the libraries that the machine lacks, taken apart below `root`: nothing is installed, nobody is root."""
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as aside:
        lists = Path(aside) / "lists"
        (lists / "partial").mkdir(parents=True)
        options = ["-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={aside}", "-o", "Debug::NoLocking=1"]
        subprocess.run(["apt-get", "-qq", *options, "update"], cwd=aside, check=True, stdout=subprocess.DEVNULL)
        missing = _lacking(part.packages, options) if part.libraries is None else _not_installed(part.libraries)
        subprocess.run(["apt-get", "-qq", *options, "download", *part.packages, *missing], cwd=aside, check=True, stdout=subprocess.DEVNULL)
        for package in Path(aside).glob("*.deb"):
            subprocess.run(["dpkg", "-x", str(package), str(root)], check=True)


def _not_installed(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if subprocess.run(["dpkg", "-s", name], capture_output=True, check=False).returncode]


def _lacking(packages: tuple[str, ...], options: list[str]) -> list[str]:
    """What would be installed along with the packages: apt plays it through, which needs no rights."""
    words = ["apt-get", *options, "--simulate", "install", "--no-install-recommends", *packages]
    played = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return [line.split()[1] for line in played.splitlines() if line.startswith("Inst ") and line.split()[1] not in packages]


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
