"""The list of all cases: filters in the address, pages by place, and nobody's cases but one's own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.cases import Order, Wanted
from models.kinds import EventKind, TicketStatus, TicketType
from models.outcomes import JoinTicket, Step, TicketChange
from models.people import Noted, Role
from models.records import Assignment, Guess, TicketId
from review.cases import A_PAGE
from tests.support.mails import NOW, SCENE, mail, new_ticket, raw, verdict
from tests.support.pages import Browser, Desk, all_noted

FOUND = {
    "?team=nett": ["SIV-2"],
    "?team=nett&team=arbeidsplass": ["SIV-2", "SIV-1"],
    "?type=bestilling": ["SIV-3"],
    "?priority=1": ["SIV-2"],
    "?status=solved": ["SIV-3"],
    "?status=at-work": ["SIV-2", "SIV-1"],
    "?service=dips": ["SIV-1"],
    "?unsure=1": ["SIV-1"],
    "?text=ÆRLIG": ["SIV-2"],
    "?text=%25": [],
    "?text=siv-3": ["SIV-3"],
    "?text=3": ["SIV-3"],
    "?since=2026-03-03": ["SIV-3"],
    "?until=2026-03-02": ["SIV-2", "SIV-1"],
    "?order=oldest": ["SIV-1", "SIV-2", "SIV-3"],
    "?order=gravest": ["SIV-2", "SIV-3", "SIV-1"],
    "?order=due": ["SIV-3", "SIV-1"],
    "?team=unknown": [],
    "?team=&type=&text=": ["SIV-3", "SIV-2", "SIV-1"],
}
LINK = re.compile(r'<th scope="row"><a href="/cases/(SIV-\d+)"')


def opened(desk: Desk, subject: str = "Skriver", *, team: str = "nett", hours: float = 0, **decided: Any) -> TicketId:
    [id] = desk.store.mails.keep([raw()])
    due_at = decided.pop("due_at", None)
    unsure = decided.pop("unsure", False)
    guesses = {
        key: replace(getattr(verdict(), key), value=value) if isinstance(getattr(verdict(), key), Guess) else value
        for key, value in decided.items()
    }
    given = Assignment(team=team, guessed_team=team, unsure=unsure, also=())
    outcome = new_ticket(id, mail=mail(subject=subject, text="hemmelig"), assignment=given, verdict=verdict(**guesses), due_at=due_at)
    ticket = desk.store.tickets.record([outcome], replace(SCENE, now=NOW + timedelta(hours=hours)))[id]
    assert ticket
    return ticket


def solve(desk: Desk, ticket: TicketId) -> None:
    [id] = desk.store.mails.keep([raw()])
    step = Step(event=EventKind.SOLVED, change=TicketChange(status=TicketStatus.SOLVED, solution="Startet på nytt."))
    desk.store.tickets.record([JoinTicket(mail_id=id, mail=mail(), ticket=ticket, step=step, mode=new_ticket(id).mode)], SCENE)


def listed(browser: Browser, asked: str = "") -> list[str]:
    return LINK.findall(browser.text(f"/cases{asked}"))


@pytest.fixture
def lead(desk: Desk) -> Browser:
    return desk.person("lea", Role.LEAD)


def test_the_newest_stand_first_and_no_word_of_the_mail_or_address_of_the_reporter(desk: Desk, lead: Browser) -> None:
    opened(desk, "<b>Skriver</b>", hours=1)
    opened(desk, "Eldre")
    page = lead.text("/cases")
    assert LINK.findall(page) == ["SIV-1", "SIV-2"]
    assert "&lt;b&gt;Skriver&lt;/b&gt;" in page
    assert "hemmelig" not in page
    assert "kari.moe" not in page


def test_the_address_says_which_cases_are_listed_and_in_which_order(desk: Desk, lead: Browser) -> None:
    opened(desk, team="arbeidsplass", unsure=True, service="dips", due_at=NOW + timedelta(days=2))
    opened(desk, "Ærlig  talt", priority=1, hours=1)
    solve(desk, opened(desk, team="trakta", type=TicketType.ORDER, hours=30, due_at=NOW + timedelta(days=1)))
    assert {asked: listed(lead, asked) for asked in FOUND} == FOUND


def test_what_cannot_be_meant_is_refused(lead: Browser) -> None:
    for asked in ("?since=yesterday", "?until=9999-12-31", "?order=best", "?priority=high"):
        assert lead.get(f"/cases{asked}").status_code == 422, asked


def test_pages_follow_each_other_without_a_gap_in_every_order(desk: Desk) -> None:
    for number in range(5):
        opened(desk, hours=number // 2, priority=1 + number % 2, due_at=NOW + timedelta(days=number % 3))
    for order in Order:
        wanted, after, seen = Wanted(profile="siv", order=order), None, list[TicketId]()
        while not seen or after:
            found = desk.store.cases.page(wanted, after, 2)
            seen += [line.id for line in found.lines]
            after = seen[-1] if found.more else None
        assert seen == [line.id for line in desk.store.cases.page(wanted, None, 5).lines], order
        assert len(set(seen)) == 5


def test_a_long_list_has_a_next_page_and_a_way_back(desk: Desk, lead: Browser) -> None:
    ids = desk.store.mails.keep([raw() for _ in range(A_PAGE + 1)])
    desk.store.tickets.record([new_ticket(id) for id in ids], SCENE)
    following = re.search(r'rel="next" href="([^"]+)"', lead.text("/cases?order=oldest"))
    assert following
    last = lead.text(following[1].replace("&amp;", "&"))
    assert LINK.findall(last) == [f"SIV-{A_PAGE + 1}"]
    assert 'href="/cases?order=oldest"' in last


def test_cases_are_counted_by_status(desk: Desk, lead: Browser) -> None:
    solve(desk, opened(desk))
    opened(desk)
    opened(desk, team="trakta")
    page = lead.text("/cases?team=nett&status=solved")
    assert '<a href="/cases?team=nett&amp;status=open">åpen <strong>1</strong></a>' in page
    assert '<a href="/cases?team=nett&amp;status=solved" aria-current="true">løst <strong>1</strong></a>' in page
    assert "1 saker" in page


def test_a_member_lists_and_counts_the_cases_of_own_teams_alone(desk: Desk) -> None:
    opened(desk)
    opened(desk, team="trakta")
    member = desk.person("nils", Role.MEMBER, teams=frozenset({"nett"}))
    assert listed(member) == ["SIV-1"]
    assert listed(member, "?team=trakta") == []
    assert listed(member, "?text=SIV-2") == []
    assert "Alle <strong>1</strong>" in member.text("/cases")


def test_a_look_at_the_list_is_noted(desk: Desk, lead: Browser) -> None:
    lead.text("/cases")
    noted = all_noted(desk.store)
    assert (noted[-1].what, noted[-1].who, noted[-1].about) == (Noted.LIST_SEEN, "lea", "cases")
