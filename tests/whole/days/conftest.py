"""An organisation at work for a day: its profile, its trained model, a mailbox, an SMTP server, a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from classify.artefact import load_model
from models.profiles import load_profile
from models.store import open_store
from run.settings import TRAINED, Environment
from tests.support.day import Day
from tests.support.desk import Office
from tests.support.inbox import Inbox
from tests.support.smtp import SmtpSink

OpenDay = Callable[[str], Day]


@pytest.fixture
def day_of(inbox: Inbox, smtp: SmtpSink, tmp_path: Path) -> Iterator[OpenDay]:
    """A day of the organisation named, its desk open."""
    store = open_store(f"sqlite:///{tmp_path / 'saksgang.db'}")

    def opened(name: str) -> Day:
        profile = load_profile(name)
        model = load_model(TRAINED / name, profile)
        return Day(Office(profile, store, [inbox], smtp, Environment(home=tmp_path), [inbox.account(profile=name)], model))

    yield opened
    store.close()
