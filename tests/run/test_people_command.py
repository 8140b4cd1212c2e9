"""People and the log of access at the command line."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.people import NewPerson, Note, Noted, Role
from models.store import open_store
from run.cli import saksgang
from run.commands.options import AT_COMMAND_LINE, user_here

NOBODYS_NUMBER = 54_321


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def said(home: Path, *words: str) -> Result:
    return CliRunner(env={"SAKSGANG_HOME": str(home), "SAKSGANG_DATABASE": None}).invoke(saksgang, words)


def lines(home: Path, *words: str) -> list[dict[str, object]]:
    answer = said(home, *words, "--json")
    assert answer.exit_code == 0, answer.output
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_a_person_is_added_changed_and_shut_out_and_each_is_noted(home: Path) -> None:
    answer = said(home, "people", "add", "Lea", "--name", "Lea Lind", "--role", "lead")
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("http://127.0.0.1:8470/invitation/")
    assert said(home, "people", "change", "lea", "--role", "admin").exit_code == 0
    assert lines(home, "people", "list") == [{"login": "lea", "name": "Lea Lind", "roles": ["admin"], "teams": [], "stands": "local"}]
    assert said(home, "people", "invite", "lea").exit_code == 0
    assert said(home, "people", "disable", "lea").exit_code == 0
    assert said(home, "people", "list").stdout == "lea  Lea Lind  admin  disabled\n"
    noted = [(line["what"], line["who"], line["about"], line.get("facts")) for line in lines(home, "audit")]
    assert noted == [
        ("person-changed", "command line", "lea", {"new": "yes", "roles": "lead", "teams": ""}),
        ("invited", "command line", "lea", None),
        ("person-changed", "command line", "lea", {"roles": "lead > admin"}),
        ("invited", "command line", "lea", None),
        ("person-changed", "command line", "lea", {"disabled": "yes"}),
    ]


def test_the_log_of_some_days_is_written_out(home: Path) -> None:
    store = open_store(f"sqlite:///{home / 'saksgang.db'}")
    times = (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 10, tzinfo=UTC))
    store.audit.note([Note(at=at, who="lea", what=Noted.SIGNED_IN) for at in times])
    store.close()
    assert [line["at"] for line in lines(home, "audit", "--since", "2026-02-01", "--until", "2026-02-10")] == ["2026-02-01T00:00:00+00:00"]
    assert len(lines(home, "audit", "--since", "2026-02-01")) == 2
    assert len(lines(home, "audit", "--until", "2026-02-10")) == 2


def test_wrong_use_is_told_in_a_line(home: Path) -> None:
    assert said(home, "people", "add", "lea", "--name", "Lea", "--role", "lead").exit_code == 0
    for words in (
        ("people", "add", "lea", "--name", "Lea", "--role", "lead"),
        ("people", "add", "nils", "--name", "Nils"),
        ("people", "add", "nils", "--name", "Nils", "--role", "owner"),
        ("people", "invite", "nobody"),
        ("people", "disable", "nobody"),
    ):
        assert said(home, *words).exit_code == 2, words


def test_a_user_whose_number_has_no_name_is_the_command_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: NOBODYS_NUMBER)
    assert user_here() == AT_COMMAND_LINE
    confirmed = said(home, "confirm", "1")
    assert (confirmed.exit_code, confirmed.stdout) == (1, "ticket 1: 0 mails released\n")
    adopted = said(home, "solutions", "adopt", "--profile", "siv")
    assert adopted.exit_code == 0, adopted.output


def test_whoever_comes_in_by_a_provider_gets_no_link(home: Path) -> None:
    store = open_store(f"sqlite:///{home / 'saksgang.db'}")
    new = NewPerson(login="eva", name="Eva", roles=frozenset({Role.LEAD}), subject=("https://sso.example", "7"))
    store.people.add(new, datetime.now(UTC))
    store.close()
    answer = said(home, "people", "invite", "eva")
    assert answer.exit_code == 2
    assert "comes in by the identity provider" in answer.output
