"""The program on each kind of database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.faults import keep_what_is_committed
from tests.support.inbox import Inbox
from tests.support.postgres import PostgresServer
from tests.support.program import Program
from tests.support.smtp import SmtpSink


@pytest.fixture
def program(tmp_path: Path, inbox: Inbox, smtp: SmtpSink) -> Program:
    return Program(tmp_path / "home", [inbox], smtp.port)


@pytest.fixture
def on_postgres(tmp_path: Path, inbox: Inbox, smtp: SmtpSink, postgres: PostgresServer) -> Program:
    url = postgres.database()
    keep_what_is_committed(url)
    return Program(tmp_path / "home", [inbox], smtp.port, database_url=url)


@pytest.fixture(params=["sqlite", "postgresql"])
def on_each(request: pytest.FixtureRequest) -> Program:
    made: Program = request.getfixturevalue("program" if request.param == "sqlite" else "on_postgres")
    return made
