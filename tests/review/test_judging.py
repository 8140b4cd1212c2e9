"""The queue over HTTP: who sees it, in which order, and what a lead's word does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from models.kinds import Mode, ParcelKind, ParcelState, TicketStatus
from models.people import Noted, Role
from models.profiles import Profile
from models.store import Store
from models.tables import TicketRow
from tests.support.judging import came, deliver, drawn, lead, say, sent_states
from tests.support.mails import verdict
from tests.support.pages import Desk, all_noted, served


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ANALYST, Role.ADMIN])
def test_none_but_leads_come_in(desk: Desk, role: Role) -> None:
    ticket = came(desk)
    browser = desk.person("nils", role)
    assert browser.get("/queue").status_code == 403
    assert browser.get(f"/queue?case=SIV-{ticket}").status_code == 403
    assert browser.send("/queue/undo").status_code == 403


def test_the_gravest_and_oldest_of_the_doubtful_come_first_then_those_drawn_by_lot(desk: Desk) -> None:
    lot, mild, milder, grave = drawn(desk), came(desk), came(desk), came(desk, priority=1)
    came(desk, verdict=verdict(), sampled=False)
    shown = re.findall(r'data-number="SIV-(\d+)"', lead(desk).text("/queue"))
    assert [int(number) for number in shown] == [grave, mild, milder, lot]


def test_the_open_case_shows_the_mail_as_it_was_written_with_the_telling_words_marked_and_it_is_noted(desk: Desk) -> None:
    ticket = came(desk, text="Nett <b>nede</b> & <script>alert(1)</script> på skriver 4.")
    page = lead(desk).text("/queue")
    assert "&lt;b&gt;nede&lt;/b&gt; &amp; &lt;script&gt;" in page
    assert "<mark>skriver</mark> 4" in page
    assert "</span> <mark>Skriver</mark></h2>" in page
    assert "Kari Moe" in page
    notes = all_noted(desk.store)
    assert (Noted.MAIL_SEEN, ticket) in {(note.what, note.ticket) for note in notes}


def test_a_yes_to_a_doubtful_case_gives_it_to_the_team_that_was_guessed(desk: Desk) -> None:
    ticket = came(desk)
    deliver(desk)
    answer = say(lead(desk), ticket)
    assert (answer.status_code, "done=accepted" in answer.headers["location"]) == (303, True)
    view = desk.store.tickets.find(ticket)
    assert view is not None
    assert (view.team, view.previous_team) == ("nett", "trakta")
    assert sent_states(desk, ticket)[2:] == [(ParcelKind.MOVED, ParcelState.WAITING), (ParcelKind.TAKEN_AWAY, ParcelState.WAITING)]
    assert "Ingen saker venter på deg" in lead(desk, "ola").text("/queue")


def test_the_new_team_gets_the_original(desk: Desk) -> None:
    ticket = came(desk)
    deliver(desk)
    say(lead(desk), ticket, team="arbeidsplass")
    parcels = desk.store.outbox.claim("siv", "w", desk.clock() + timedelta(days=1), 9)
    [moved] = [parcel for parcel in parcels if parcel.draft.kind is ParcelKind.MOVED]
    assert moved.original is not None
    assert b"Skriveren p=C3=A5 rom 4" in moved.original


def test_a_correction_becomes_an_example_without_personal_data_with_who_and_when(desk: Desk) -> None:
    ticket = came(desk)
    say(lead(desk), ticket, type="bestilling", priority="4", scope="few", team="innkjop")
    [judged] = desk.store.judgements.of_ticket(ticket)
    assert (judged.by, judged.at) == ("lea", desk.clock())
    assert judged.judgement.meant == {"type": "bestilling", "priority": 4, "scope": "few", "team": "innkjop"}
    assert judged.judgement.said["team"] == "nett"
    example = judged.judgement.example
    assert (example["from"], example["team"], example["priority"]) == ("reporter@siv.no", "innkjop", 4)
    assert "[telefon]" in example["body"]
    assert "12345" not in example["body"]
    assert "kari" not in str(example).lower()


def test_what_the_organisation_does_not_have_is_refused(desk: Desk) -> None:
    ticket, browser = came(desk), lead(desk)
    for wrong in ({"team": "månen"}, {"priority": "9"}, {"type": ""}, {"seen": "x"}):
        assert say(browser, ticket, **wrong).status_code == 422
    assert browser.get("/queue?case=SIV-999").status_code == 404
    assert browser.send("/queue/one", case="SIV-999").status_code == 404


def test_a_mailbox_that_is_only_watched_sends_nothing(siv: Profile, store: Store) -> None:
    with served(siv, store, lambda site: replace(site, mode_of=lambda _: Mode.SHADOW)) as desk:
        ticket = came(desk)
        deliver(desk)
        say(lead(desk), ticket)
        assert {state for _, state in sent_states(desk, ticket)[2:]} == {ParcelState.WITHHELD}


def test_of_a_solved_case_the_word_is_learned_from_and_nobody_is_told(desk: Desk) -> None:
    ticket = drawn(desk)
    deliver(desk)
    with desk.store.database.writing() as connection:
        connection.execute(update(TicketRow).values(status=TicketStatus.SOLVED))
    say(lead(desk), ticket, team="nett", priority="2")
    view = desk.store.tickets.find(ticket)
    assert view is not None
    assert (view.status, view.priority, view.team) == (TicketStatus.SOLVED, 2, "arbeidsplass")
    assert deliver(desk) == 0
    [judged] = desk.store.judgements.since("siv", desk.clock() - timedelta(days=1))
    assert judged.sampled
    assert judged.judgement.meant["team"] == "nett"
