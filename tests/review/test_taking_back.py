"""Yes, no and undo: mails that wait for a yes, words that are taken back, many at once, two leads on one case."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from models.kinds import Mode, ParcelKind, ParcelState
from models.people import Noted
from models.records import Assignment
from review.judging import let_go
from review.to_judge import MOST_AT_ONCE
from tests.support.judging import RECEIPT, came, deliver, lead, say, sent_states
from tests.support.mails import forward
from tests.support.pages import Desk, all_noted


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


def test_more_marks_than_may_be_judged_at_once_are_left_and_said_so(desk: Desk) -> None:
    browser = lead(desk)
    for _ in range(MOST_AT_ONCE + 2):
        came(desk)
    picks = [f"{number}:1" for number in range(1, MOST_AT_ONCE + 3)]
    answer = browser.client.post("/queue/many", data={"csrf": browser.csrf(), "picked": picks, "act": "accept"})
    assert f"count={MOST_AT_ONCE}" in answer.headers["location"]
    assert "left_out=2" in answer.headers["location"]
    assert "for mange å vurdere på én gang" in browser.text(answer.headers["location"])
    moved = {note.facts["team"] for note in all_noted(desk.store) if note.what is Noted.CASE_JUDGED and note.facts}
    assert moved == {"trakta > nett"}, "the log says what each yes changed"


def test_a_yes_on_the_command_line_is_a_leads_yes_too(desk: Desk) -> None:
    ticket = came(desk, mode=Mode.ASSIST)
    assert let_go(desk.store, ticket, "lea", desk.clock()) == 2
    assert let_go(desk.store, ticket, "lea", desk.clock()) == 0
    [judged] = desk.store.judgements.of_ticket(ticket)
    assert "team" not in judged.judgement.meant
