"""What the leads are told of the desk itself: mails that wait for a person, mailboxes away, a copy that is old."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.kinds import Mode, ParcelKind, ParcelState
from models.outcomes import ParcelFate, Quarantine
from models.profiles import load_profile
from models.records import MailId
from models.store import Store
from run.copied import remember_copy
from run.desk import Desk
from run.loop import Loop
from run.notices import MOST_LISTED, give_notice
from run.settings import Environment
from run.wire import make_desk
from tests.support.mails import NOW, SCENE, raw
from tests.support.smtp import SmtpSink

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    made = make_desk(load_profile("siv"), store, None, [], Environment(home=tmp_path))
    return replace(made, modes={"ikt": Mode.AUTO}, clock=lambda: NOW)


def at(desk: Desk, moment: datetime) -> Desk:
    return replace(desk, clock=lambda: moment)


def told(desk: Desk) -> list[tuple[ParcelKind, str, str]]:
    """What leaves now: kind, reader, what it lists."""
    give_notice(desk)
    parcels = desk.store.outbox.claim("siv", "w", desk.clock(), 100)
    desk.store.outbox.settle([ParcelFate(id=parcel.id, state=ParcelState.SENT) for parcel in parcels], "w", desk.clock())
    return [(parcel.draft.kind, parcel.draft.to, next(iter(parcel.draft.facts.values()))) for parcel in parcels]


def quarantine(desk: Desk, account: str = "ikt") -> MailId:
    [id] = desk.store.mails.keep([raw(account=account)])
    desk.store.tickets.record([Quarantine(mail_id=id, error="KeyError in ingest.body line 7")], replace(SCENE, now=desk.clock()))
    return id


def test_a_healthy_desk_says_nothing(desk: Desk) -> None:
    desk.store.mails.keep([raw()])
    desk.store.health.polled("ikt", Mode.AUTO, NOW)
    assert told(desk) == []


def test_the_leads_hear_of_mails_in_quarantine_once_and_no_word_of_them(desk: Desk) -> None:
    id = quarantine(desk)
    [(kind, to, lines)] = told(desk)
    assert (kind, to) == (ParcelKind.QUARANTINED, desk.profile.teams["trakta"].address)
    assert lines == f"{id}  ikt  2026-03-02 10:00  KeyError in ingest.body line 7"
    assert told(at(desk, NOW + 2 * HOUR)) == []


def test_more_in_quarantine_is_told_after_an_hour_and_never_oftener(desk: Desk) -> None:
    quarantine(desk)
    told(desk)
    soon = at(desk, NOW + HOUR / 2)
    later = quarantine(soon)
    assert told(soon) == []
    [(_, _, lines)] = told(at(desk, NOW + HOUR))
    assert lines.startswith(f"{later}  ")
    assert len(lines.splitlines()) == 1


def test_a_flood_in_quarantine_is_one_mail(desk: Desk) -> None:
    for _ in range(MOST_LISTED + 7):
        quarantine(desk)
    [(_, _, lines)] = told(desk)
    assert len(lines.splitlines()) == MOST_LISTED + 1
    assert lines.endswith("+7")


def test_a_mailbox_that_cannot_be_read_is_told_after_a_quarter_of_an_hour_and_again_while_it_is_away(desk: Desk) -> None:
    desk.store.health.failed("ikt", Mode.AUTO, NOW, "the server does not answer")
    assert told(at(desk, NOW + timedelta(minutes=14))) == []
    [(kind, _, lines)] = told(at(desk, NOW + timedelta(minutes=15)))
    assert (kind, lines) == (ParcelKind.MAILBOX_AWAY, "ikt  2026-03-02 10:00  the server does not answer")
    assert told(at(desk, NOW + 4 * HOUR)) == []
    assert len(told(at(desk, NOW + 5 * HOUR))) == 1
    desk.store.health.polled("ikt", Mode.AUTO, NOW + 6 * HOUR)
    assert told(at(desk, NOW + DAY)) == []


def test_a_copy_of_the_routines_that_is_old_is_told_once_a_month_until_one_is_made(desk: Desk, tmp_path: Path) -> None:
    remember_copy(tmp_path, NOW)
    assert told(at(desk, NOW + 183 * DAY)) == []
    old = at(desk, NOW + 184 * DAY)
    assert told(old) == [(ParcelKind.ROUTINES_OLD, desk.profile.teams["trakta"].address, "2026-03-02 10:00")]
    assert told(at(desk, NOW + 200 * DAY)) == []
    assert len(told(at(desk, NOW + 215 * DAY))) == 1
    remember_copy(tmp_path, NOW + 216 * DAY)
    assert told(at(desk, NOW + 260 * DAY)) == []


def test_a_desk_that_never_made_a_copy_is_told_half_a_year_after_its_first_mail(desk: Desk) -> None:
    assert told(at(desk, NOW + 400 * DAY)) == []  # nothing came in yet
    desk.store.mails.keep([raw()])
    assert told(at(desk, NOW + 183 * DAY)) == []
    assert [kind for kind, _, _ in told(at(desk, NOW + 184 * DAY))] == [ParcelKind.ROUTINES_OLD]


def test_on_trial_and_of_others_mailboxes_nothing_is_told(desk: Desk) -> None:
    quarantine(desk)
    quarantine(desk, account="elsewhere")
    assert told(replace(desk, modes={"ikt": Mode.SHADOW})) == []
    assert told(replace(desk, modes={"another": Mode.AUTO})) == []
    assert len(told(replace(desk, modes={"ikt": Mode.ASSIST, "another": Mode.SHADOW}))) == 1


def test_a_loop_looks_for_what_the_leads_must_know_no_oftener_than_once_a_minute(desk: Desk, smtp: SmtpSink) -> None:
    moments = [NOW]
    ticking = replace(desk, clock=lambda: moments[-1])
    loop, leads = Loop(ticking, [], smtp.server), desk.profile.teams["trakta"].address
    told = []
    for seconds in (0, 1, 59, 60):
        moments.append(NOW + timedelta(seconds=seconds))
        assert loop.once()
        told.append(len(smtp.messages(leads)))
        if not seconds:
            quarantine(ticking)
    assert told == [0, 0, 0, 1]
