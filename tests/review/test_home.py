"""The first page: what was decided, and not a word of a mail."""

from __future__ import annotations

import timeit

from models.kinds import EventKind, Mode, TicketStatus
from models.outcomes import JoinTicket, Step, TicketChange
from models.people import Role
from models.records import Assignment, TicketId
from review.home import MOST_TICKETS
from tests.support.mails import SCENE, mail, new_ticket, raw, verdict
from tests.support.pages import Desk


def opened(desk: Desk, team: str = "trakta", guess: str = "nett", count: int = 1, **said: str) -> None:
    ids = desk.store.mails.keep([raw() for _ in range(count)])
    doubt = Assignment(team=team, guessed_team=guess, unsure=True, also=())
    desk.store.tickets.record([new_ticket(id, mail=mail(**said), assignment=doubt) for id in ids], SCENE)


def test_the_page_shows_tickets_and_queues_and_no_word_of_the_mail(desk: Desk) -> None:
    opened(desk, subject="<b>hemmelig</b>", text="hemmelig")
    page = desk.person("lea", Role.LEAD).text("/")
    assert "SIV-1" in page
    assert "gjetning: Nett og telefoni" in page
    assert "<strong>1</strong> Trakta" in page
    assert "hemmelig" not in page
    assert "kari.moe" not in page


def test_a_lead_is_led_to_what_waits_for_a_word(desk: Desk) -> None:
    [id] = desk.store.mails.keep([raw()])
    desk.store.tickets.record([new_ticket(id, verdict=verdict(review=True))], SCENE)
    waits = '<a href="/queue"><strong>1</strong> saker å vurdere</a>'
    assert waits in desk.person("lea", Role.LEAD).text("/")
    assert waits not in desk.person("ana", Role.ANALYST).text("/")


def test_an_empty_store_has_a_page(desk: Desk) -> None:
    assert "De nyeste sakene" in desk.person("lea", Role.LEAD).text("/")


def test_a_member_of_a_team_sees_the_cases_of_that_team_alone(desk: Desk) -> None:
    opened(desk, "trakta")
    opened(desk, "nett")
    page = desk.person("nils", Role.MEMBER, teams=frozenset({"nett"})).text("/")
    assert "SIV-2" in page
    assert "SIV-1" not in page
    assert "<strong>1</strong> Nett og telefoni" in page
    assert "</strong> Trakta" not in page


def test_a_small_team_finds_its_newest_case_behind_any_number_of_newer_ones(desk: Desk) -> None:
    opened(desk, "nett")
    opened(desk, "trakta", count=MOST_TICKETS + 1)
    assert "SIV-1<" in desk.person("nils", Role.MEMBER, teams=frozenset({"nett"})).text("/")
    assert "SIV-1<" not in desk.person("lea", Role.LEAD).text("/")


def test_a_short_page_comes_at_once(desk: Desk) -> None:
    """Without a word to the network a page in two packets waits 40 ms for the other side to confirm the first."""
    lea = desk.person("lea", Role.LEAD)
    assert min(timeit.repeat(lambda: lea.text("/sessions"), number=1, repeat=20)) < 0.035


def test_a_queue_counts_what_its_team_works_on_and_leads_to_those_cases(desk: Desk) -> None:
    opened(desk, "nett")
    opened(desk, "nett")
    solved = Step(event=EventKind.SOLVED, change=TicketChange(status=TicketStatus.SOLVED, solution="Startet på nytt."))
    [id] = desk.store.mails.keep([raw()])
    desk.store.tickets.record([JoinTicket(mail_id=id, mail=mail(), ticket=TicketId(2), step=solved, mode=Mode.AUTO)], SCENE)
    lea = desk.person("lea", Role.LEAD)
    page = lea.text("/")
    assert '<a href="/cases?team=nett&amp;status=at-work"><strong>1</strong> Nett og telefoni</a>' in page
    listed = lea.text("/cases?team=nett&status=at-work")
    assert "SIV-1" in listed
    assert "SIV-2" not in listed


def test_a_guess_that_is_the_team_itself_is_not_told_twice(desk: Desk) -> None:
    opened(desk, "trakta", "trakta")
    assert "gjetning" not in desk.person("lea", Role.LEAD).text("/")
