"""The queue over HTTP: who sees it, in which order, and what a lead's word does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from models.kinds import Method, Mode, ParcelKind, ParcelState, TicketStatus
from models.outcomes import ParcelDraft, ParcelFate
from models.people import Noted, Role
from models.profiles import Profile
from models.records import Assignment, Guess, TicketId
from models.store import Store
from models.tables import TicketRow
from review.judging import let_go
from tests.support.mails import SCENE, content, forward, mail, new_ticket, raw, verdict
from tests.support.pages import Browser, Desk, all_noted, served

DOUBT = Assignment(team="trakta", guessed_team="nett", unsure=True, also=())
RECEIPT = ParcelDraft(
    kind=ParcelKind.RECEIPT, to="kari.moe@siv.no", language="nb", facts={"subject": "Skriver", "type": "hendelse", "advice": "", "unsure": "yes"}
)  # fmt: skip
TEXT = "Skriveren på rom 4 svarer ikke, ring Ola på 91 23 45 67. Fødselsnummer 010190 12345."


def came(desk: Desk, text: str = TEXT, *, priority: int = 3, **changes: Any) -> TicketId:
    """A case that the machine was not sure of; more or other values of the new ticket by name."""
    bytes_ = content(text)
    [id] = desk.store.mails.keep([raw(bytes_)])
    said = verdict(
        review=True,
        priority=Guess(value=priority, confidence=0.5, method=Method.MODEL),
        team=Guess(value="nett", confidence=0.4, method=Method.MODEL),
    )
    values: dict[str, Any] = {
        "mail": mail(text=text),
        "verdict": said,
        "assignment": DOUBT,
        "parcels": (forward("trakta@teams.siv.example"), RECEIPT),
    }
    [ticket] = desk.store.tickets.record([new_ticket(id, **(values | changes))], SCENE).values()
    assert ticket is not None
    return ticket


def drawn(desk: Desk) -> TicketId:
    return came(
        desk,
        verdict=verdict(),
        assignment=Assignment(team="arbeidsplass", guessed_team="arbeidsplass", unsure=False, also=()),
        sampled=True,
    )


def lead(desk: Desk, login: str = "lea") -> Browser:
    return desk.person(login, Role.LEAD)


def say(browser: Browser, ticket: TicketId, **changed: str) -> httpx.Response:
    """A lead's word on a case as the page shows it to them now."""
    page = browser.text(f"/queue?case=SIV-{ticket}")
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    shown = dict(re.findall(r'type="radio" name="(\w+)" value="([^"]*)"[^>]* checked', page))
    return browser.send("/queue/one", **{"case": f"SIV-{ticket}", "seen": seen[1], **shown, **changed})


def sent_states(desk: Desk, ticket: TicketId) -> list[tuple[ParcelKind, ParcelState]]:
    return [(mailed.draft.kind, mailed.state) for mailed in desk.store.outbox.of_ticket(ticket)]


def deliver(desk: Desk) -> int:
    """Everything that may leave has left."""
    later = desk.clock() + timedelta(days=1)
    claimed = desk.store.outbox.claim("siv", "w", later, 100)
    desk.store.outbox.settle([ParcelFate(id=parcel.id, state=ParcelState.SENT, tried=True) for parcel in claimed], "w", later)
    return len(claimed)


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


def test_in_assist_mode_a_correction_sends_nothing_to_the_wrong_team(desk: Desk) -> None:
    ticket = came(desk, mode=Mode.ASSIST)
    assert deliver(desk) == 0
    say(lead(desk), ticket, team="arbeidsplass")
    states = sent_states(desk, ticket)
    assert states[:2] == [(ParcelKind.FORWARD, ParcelState.WITHHELD), (ParcelKind.RECEIPT, ParcelState.WITHHELD)]
    assert sorted(states[2:]) == [(ParcelKind.FORWARD, ParcelState.WAITING), (ParcelKind.RECEIPT, ParcelState.WAITING)]
    assert {one.draft.to for one in desk.store.outbox.of_ticket(ticket)[2:]} == {
        desk.site.profile.teams["arbeidsplass"].address,
        "kari.moe@siv.no",
    }


def test_in_assist_mode_a_yes_lets_the_mails_go(desk: Desk) -> None:
    sure = Assignment(team="nett", guessed_team="nett", unsure=False, also=())
    ticket = came(desk, mode=Mode.ASSIST, assignment=sure, parcels=(forward(), replace(RECEIPT, facts={**RECEIPT.facts, "unsure": ""})))
    say(lead(desk), ticket)
    assert sent_states(desk, ticket) == [(ParcelKind.FORWARD, ParcelState.WAITING), (ParcelKind.RECEIPT, ParcelState.WAITING)]
    assert deliver(desk) == 2


def test_what_is_taken_back_waits_for_a_yes_again(desk: Desk) -> None:
    ticket, browser = came(desk, mode=Mode.ASSIST), lead(desk)
    say(browser, ticket, team="arbeidsplass", priority="2")
    answer = browser.send("/queue/undo")
    assert "done=taken_back" in answer.headers["location"]
    view, case = desk.store.tickets.find(ticket), desk.store.pile.find(ticket)
    assert view is not None
    assert case is not None
    assert (view.team, view.priority, case.judged_at) == ("trakta", 3, None)
    assert deliver(desk) == 0
    assert desk.store.judgements.since("siv", desk.clock() - timedelta(days=1)) == []
    assert f"SIV-{ticket}" in browser.text("/queue")


def test_what_had_left_is_told_anew_and_the_page_says_so(desk: Desk) -> None:
    ticket, browser = came(desk), lead(desk)
    deliver(desk)
    say(browser, ticket, team="arbeidsplass")
    assert deliver(desk) == 2
    location = browser.send("/queue/undo").headers["location"]
    assert "Det som alt var sendt" in browser.text(location)
    last = desk.store.outbox.of_ticket(ticket)[4:]
    profile = desk.site.profile
    assert [(one.draft.kind, one.draft.to) for one in last] == [
        (ParcelKind.MOVED, profile.teams["trakta"].address),
        (ParcelKind.TAKEN_AWAY, profile.teams["arbeidsplass"].address),
    ]


def test_undo_goes_back_one_act_at_a_time_and_never_undoes_another_leads(desk: Desk) -> None:
    first, second, browser, other = came(desk), came(desk), lead(desk), lead(desk, "ola")
    say(browser, first)
    desk.clock.pass_on(timedelta(seconds=3))
    say(browser, second)
    assert "nothing_to_take_back" in other.send("/queue/undo").headers["location"]
    assert f"about=SIV-{second}" in browser.send("/queue/undo").headers["location"]
    assert f"about=SIV-{first}" in browser.send("/queue/undo").headers["location"]
    assert "nothing_to_take_back" in browser.send("/queue/undo").headers["location"]


def test_two_leads_do_not_overwrite_each_other(desk: Desk) -> None:
    ticket, lea, ola = came(desk), lead(desk), lead(desk, "ola")
    seen = re.search(r'name="seen" value="(\d+)"', ola.text("/queue"))
    assert seen
    say(lea, ticket, team="arbeidsplass")
    late = {"case": f"SIV-{ticket}", "seen": seen[1], "type": "bestilling", "priority": "4", "scope": "single", "team": "innkjop"}
    answer = ola.send("/queue/one", **late)
    assert answer.status_code == 409
    assert "Saken er vurdert av lea" in answer.text
    assert re.search(r'value="innkjop"[^>]* checked', answer.text), "their choices still stand"
    view = desk.store.tickets.find(ticket)
    assert view is not None
    assert view.team == "arbeidsplass"
    assert len(desk.store.judgements.of_ticket(ticket)) == 1


def test_many_at_once_are_accepted_or_moved_and_what_changed_is_left(desk: Desk) -> None:
    one, two, three, browser = came(desk), came(desk), came(desk), lead(desk)
    picks = re.findall(r'name="picked" value="(\d+:\d+)"', browser.text("/queue"))
    say(lead(desk, "ola"), three)
    csrf = browser.csrf()
    answer = browser.client.post("/queue/many", data={"csrf": csrf, "picked": picks, "act": "move", "team": "innkjop"})
    assert "count=2" in answer.headers["location"]
    assert "left_out=1" in answer.headers["location"]
    assert [view.team for view in desk.store.tickets.find_all([one, two, three])] == ["innkjop", "innkjop", "nett"]
    [judged] = desk.store.judgements.of_ticket(one)
    assert judged.judgement.meant == {"team": "innkjop"}, "of the rest they said nothing"
    browser.send("/queue/undo")
    assert [view.team for view in desk.store.tickets.find_all([one, two])] == ["trakta", "trakta"]


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


def test_a_yes_on_the_command_line_is_a_leads_yes_too(desk: Desk) -> None:
    ticket = came(desk, mode=Mode.ASSIST)
    assert let_go(desk.store, ticket, "lea", desk.clock()) == 2
    assert let_go(desk.store, ticket, "lea", desk.clock()) == 0
    [judged] = desk.store.judgements.of_ticket(ticket)
    assert "team" not in judged.judgement.meant
