"""The index of earlier cases is only a help: what befalls it stops no mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from models.profiles import Profile
from models.records import Mail, Verdict
from models.solutions import Suggestion
from models.store import Store
from resolve.saved import CARD_FILE
from run.memory import Memory
from tests.support.filled import come_in, pipeline_desk, solve
from tests.support.mails import content


class Faulty(Memory):
    """A bug strikes whenever it is asked."""

    def catch_up(self) -> int:
        raise ValueError

    def suggestions(self, _mail: Mail, _verdict: Verdict, _now: datetime) -> tuple[Suggestion, ...]:
        raise IndexError


def test_a_folder_that_cannot_be_written_stops_no_mail_and_is_tried_again(siv: Profile, store: Store, tmp_path: Path) -> None:
    in_the_way = tmp_path / "index"
    in_the_way.write_bytes(b"")
    desk = replace(pipeline_desk(siv, store, tmp_path), memory=Memory(store, siv, tmp_path, saved_after=1))
    come_in(desk, [content()])
    solve(desk)
    assert desk.memory.catch_up() == 1
    in_the_way.unlink()
    solve(desk)
    assert desk.memory.catch_up() == 1
    assert (in_the_way / siv.name / CARD_FILE).is_file()


def test_mails_are_handled_though_a_bug_strikes_in_the_index(siv: Profile, store: Store, tmp_path: Path) -> None:
    come_in(replace(pipeline_desk(siv, store, tmp_path), memory=Faulty(store, siv, tmp_path)), [content()])
    assert len(store.tickets.latest(9)) == 1
