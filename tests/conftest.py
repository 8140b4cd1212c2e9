"""Servers and stores that tests ask for by name; each is real, and started once where that is enough."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from models.profiles import Profile, load_profile
from models.store import Store, open_store
from run.dovecot import DovecotServer
from run.parts import find_chromium
from run.settings import Environment
from tests.support.desk import Office
from tests.support.inbox import PASSWORD, Inbox
from tests.support.postgres import PostgresServer
from tests.support.smtp import SmtpSink

settings.register_profile("shared", deadline=None)  # hours on the wall measure the machine
settings.load_profile("shared")

MOST_USERS = 300
USERS = count()
CHROMIUM_STARTS_WITHIN = 60_000
"""Milliseconds."""


@pytest.fixture(scope="session")
def siv() -> Profile:
    return load_profile("siv")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer().start()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'saksgang.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def smtp() -> Iterator[SmtpSink]:
    sink = SmtpSink().start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def dovecot(open_folder: Path) -> Iterator[DovecotServer]:
    """One server for all tests; each test has a user of its own."""
    with DovecotServer(open_folder / "dovecot", dict.fromkeys((f"user{number}" for number in range(MOST_USERS)), PASSWORD)) as server:
        yield server


@pytest.fixture
def inbox(dovecot: DovecotServer) -> Inbox:
    return Inbox(dovecot, f"user{next(USERS)}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without its sandbox: the pages are our own, and root may not have one."""
    chromium = find_chromium()
    assert chromium, "`make parts-test` fetches it"
    environment: dict[str, str | float | bool] = dict(chromium.environment)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium.program, env=environment, args=["--no-sandbox", "--disable-gpu"], timeout=CHROMIUM_STARTS_WITHIN
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through: Dovecot reads mail as another user than the one who starts it."""
    folder = Path(tempfile.mkdtemp(prefix="saksgang-tests-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def office(siv: Profile, store: Store, inbox: Inbox, smtp: SmtpSink, tmp_path: Path) -> Office:
    """siv's desk with one mailbox, keywords only: what it decides is the same in every run."""
    return Office(siv, store, [inbox], smtp, Environment(home=tmp_path), [inbox.account()])
