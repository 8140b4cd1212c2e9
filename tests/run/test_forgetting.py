"""What was kept long enough is forgotten by the running program."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.kinds import Security
from models.people import Note, Noted, NoteSearch
from models.profiles import Profile
from models.records import SmtpServer
from models.store import Store
from run.chores import Chores
from run.loop import Loop
from run.settings import Environment
from run.wire import make_desk

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def look(store: Store, who: str, age: timedelta) -> None:
    store.audit.note([Note(at=NOW - age, who=who, what=Noted.MAIL_SEEN)])


def kept(store: Store) -> list[str]:
    return [note.who for note in store.audit.read(NoteSearch(since=NOW - timedelta(days=9000), until=NOW))]


@pytest.mark.parametrize(("days", "left"), [(1825, ["young"]), (0, ["old", "young"])])
def test_the_log_of_access_is_kept_as_long_as_the_profile_says(
    siv: Profile, store: Store, tmp_path: Path, days: int, left: list[str]
) -> None:
    profile = siv.model_copy(update={"pages": siv.pages.model_copy(update={"log_days": days})})
    desk = replace(make_desk(profile, store, None, [], Environment(home=tmp_path)), clock=lambda: NOW)
    look(store, "old", timedelta(days=1826))
    look(store, "young", timedelta(days=1824))
    Loop(desk, [], SmtpServer(host="127.0.0.1", port=9, security=Security.NONE)).once()
    assert kept(store) == left


def test_once_an_hour_is_often_enough(siv: Profile, store: Store, tmp_path: Path) -> None:
    desk = replace(make_desk(siv, store, None, [], Environment(home=tmp_path)), clock=lambda: NOW)
    chores = Chores(desk)
    chores.when_due()
    look(store, "late", timedelta(days=9000))
    chores.when_due()
    assert kept(store) == ["late"]
