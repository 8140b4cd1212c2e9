"""What a member of one team can learn of another's: not by a list, a count, a place in an order, an error, the API or the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from models.kinds import EventKind, TicketStatus
from models.people import NewPerson, Noted, Role
from models.records import Redacted, TicketId
from models.solutions import SolutionId, SolutionState
from review.app import DOORS
from review.doors import Door
from tests.review.test_case import letter
from tests.review.test_case import opened as opened_by_mail
from tests.review.test_cases import listed, opened
from tests.support.diary import Diary
from tests.support.mails import NOW, mail
from tests.support.pages import Desk, all_noted
from tests.support.systems import OtherSystem, system_of

OWN, OTHERS = "nett", "trakta"
TEAMS = frozenset({OWN})


def solved(desk: Desk, text: str, team: str) -> None:
    diary = Diary(desk.store)
    ticket = diary.opens("2026-03-02 09:00", team=team)
    diary.happens(ticket, "2026-03-02 10:00", EventKind.SOLVED, status=TicketStatus.SOLVED, solution=text, shared=Redacted(text))


def of(system: OtherSystem) -> list[tuple[str, int]]:
    return [(one["number"], one["cases"]) for one in system.read("/solutions")["solutions"]]


def test_the_api_tells_of_solutions_what_the_pages_tell(desk: Desk) -> None:
    solved(desk, "Start tjenesten på nytt.", OWN)
    solved(desk, "Start tjenesten på nytt.", OTHERS)
    solved(desk, "Hemmelig for andre.", OTHERS)
    member, lead = system_of(desk, "nils", Role.MEMBER, teams=TEAMS), system_of(desk, "lea", Role.LEAD)
    assert of(lead) == [("L-1", 2), ("L-2", 1)]
    assert of(member) == [("L-1", 1)]
    assert member.read("/solutions/1")["solution"]["cases"] == 1
    assert [member.get(f"/solutions/{number}").json() for number in (2, 3)] == [member.get("/solutions/77").json()] * 2
    desk.store.solutions.judge("siv", SolutionId(2), SolutionState.CONFIRMED)
    assert sorted(of(member)) == [("L-1", 1), ("L-2", 0)]
    assert member.read("/solutions/2")["solution"]["text"] == "Hemmelig for andre."


def test_no_case_of_another_team_has_a_place_in_the_list(desk: Desk) -> None:
    for hours, team, priority in ((0, OWN, 3), (1, OTHERS, 1), (2, OWN, 2)):
        opened(desk, team=team, hours=hours, priority=priority, due_at=NOW + timedelta(hours=hours))
    member, system = desk.person("nils", Role.MEMBER, teams=TEAMS), system_of(desk, "api", Role.MEMBER, teams=TEAMS)
    for order in ("newest", "oldest", "gravest", "due"):
        assert listed(member, f"?order={order}&after=SIV-2") == listed(member, f"?order={order}&after=SIV-77") == [], order
        assert system.read("/cases", order=order, after=2)["cases"] == [], order
    assert listed(member, "?order=oldest&after=SIV-1") == ["SIV-3"]
    assert listed(desk.person("lea", Role.LEAD), "?order=oldest&after=SIV-2") == ["SIV-3"]


def test_who_turns_the_page_after_the_last_case_moved_on_loses_no_place(desk: Desk) -> None:
    for hours in range(3):
        opened(desk, team=OWN, hours=hours)
    Diary(desk.store).happens(TicketId(2), "2026-03-02 12:00", EventKind.MOVED, team=OTHERS)
    member = desk.person("nils", Role.MEMBER, teams=TEAMS)
    assert listed(member, "?order=oldest&after=SIV-2") == ["SIV-3"]


def test_what_is_not_there_and_what_is_anothers_are_told_in_the_same_words(desk: Desk) -> None:
    opened_by_mail(desk, letter("Noe hemmelig."), team=OTHERS)
    member, system = desk.person("nils", Role.MEMBER, teams=TEAMS), system_of(desk, "api", Role.MEMBER, teams=TEAMS)
    for path in ("", "?mail=1", "/mails/1/html", "/mails/1/original", "/mails/1/files/0"):
        there, nowhere = member.get(f"/cases/SIV-1{path}"), member.get(f"/cases/SIV-77{path}")
        assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text) == (404, nowhere.text), path
    for path in ("", "/mails/1"):
        assert system.get(f"/cases/1{path}").json() == system.get(f"/cases/77{path}").json(), path
    assert system.post("/cases/1/judgement", version=1).json() == system.post("/cases/77/judgement", version=1).json()
    assert not [note for note in all_noted(desk.store) if note.what in (Noted.MAIL_SEEN, Noted.CASE_SEEN)]


def test_no_page_of_a_member_has_a_word_a_number_or_a_count_of_anothers_case(desk: Desk) -> None:
    opened(desk, "Hemmelig emne", team=OTHERS)
    member = desk.person("nils", Role.MEMBER, teams=TEAMS)
    for path in ("/", "/cases", "/cases?text=Hemmelig", "/cases?team=trakta", "/incidents", "/solutions?words=hemmelig"):
        page = member.text(path)
        assert not [word for word in ("SIV-1", "Hemmelig emne") if word in page], path
    assert "<strong>1</strong> Trakta" not in member.text("/")


@pytest.mark.parametrize(
    "door", [door for door in DOORS if door.method == "POST" and Role.MEMBER in door.roles], ids=lambda door: door.path
)
def test_a_member_changes_their_own_visit_and_says_what_helped_and_no_more(door: Door) -> None:
    own = {"/sign-out", "/language", "/sessions/end", "/sessions/end-others", "/sessions/password"}
    assert door.path in own | {"/solutions/{number}/tried"}


def test_who_leaves_a_team_sees_its_cases_no_more_at_once(desk: Desk) -> None:
    opened(desk, team=OWN)
    member, system = desk.person("nils", Role.MEMBER, teams=TEAMS), system_of(desk, "api", Role.MEMBER, teams=TEAMS)
    assert listed(member) == ["SIV-1"]
    for login in ("nils", "api"):
        person = desk.store.people.find(login)
        assert person
        new = NewPerson(login=login, name=login, roles=frozenset({Role.MEMBER}), teams=frozenset({OTHERS}))
        desk.store.people.change(person.id, new, desk.clock(), disabled=False)
    assert listed(member) == []
    assert member.get("/cases/SIV-1").status_code == system.get("/cases/1").status_code == 404


@pytest.mark.parametrize("roles", [{Role.ANALYST}, {Role.ADMIN}, {Role.ANALYST, Role.ADMIN}, {Role.MEMBER, Role.ANALYST}])
def test_who_judges_no_case_and_is_not_of_its_team_reads_no_mail(desk: Desk, roles: set[Role]) -> None:
    opened_by_mail(desk, letter("Legg merke til: hemmelig ord."), team=OTHERS)
    browser, system = desk.person("ana", *roles, teams=TEAMS), system_of(desk, "api", *roles, teams=TEAMS)
    page = browser.text("/cases/SIV-1?mail=1")
    assert "/mails/1/" not in page
    assert 'class="head"' not in page
    for path in ("html", "original", "files/0"):
        assert browser.get(f"/cases/SIV-1/mails/1/{path}").status_code in (403, 404), path
    assert system.get("/cases/1/mails/1").status_code in (403, 404)
    assert not [note for note in all_noted(desk.store) if note.what is Noted.MAIL_SEEN]


def test_each_look_at_a_mail_is_noted_without_a_word_of_it(desk: Desk) -> None:
    opened_by_mail(desk, letter("Et hemmelig ord."), team=OWN)
    member, lead = desk.person("nils", Role.MEMBER, teams=TEAMS), desk.person("lea", Role.LEAD)
    system = system_of(desk, "api", Role.MEMBER, teams=TEAMS)
    looks: list[tuple[Any, str]] = [
        *((member, f"/cases/SIV-1{path}") for path in ("", "?mail=1", "/mails/1/html", "/mails/1/original", "/mails/1/files/0")),
        (lead, "/queue?case=SIV-1"),
        (system, "/cases/1/mails/1"),
    ]
    for number, (who, path) in enumerate(looks, 1):
        assert who.get(path).status_code == 200, path
        assert len([note for note in all_noted(desk.store) if note.what is Noted.MAIL_SEEN and note.ticket == 1]) == number, path
    kept = repr(all_noted(desk.store))
    assert not [word for word in ("hemmelig", "Skriver", "kari.moe", "Kari") if word in kept]


def test_each_look_at_a_list_is_noted(desk: Desk) -> None:
    browser = desk.person("ada", *Role)
    for path in ("cases", "solutions", "repeats", "incidents", "shadow", "post", "queue", "people", "audit"):
        browser.text(f"/{path}")
        last = all_noted(desk.store)[-1]
        assert (last.who, last.what, last.about) == ("ada", Noted.LIST_SEEN, path)


def test_two_organisations_in_one_database_see_nothing_of_each_others_cases(desk: Desk) -> None:
    diary = Diary(desk.store, "inera")
    ticket = diary.opens("2026-03-02 09:00", team=OWN, mail=mail(subject="Hemmelig emne"), unsure=True)
    diary.happens(ticket, "2026-03-02 10:00", EventKind.SOLVED, status=TicketStatus.SOLVED, solution="x", shared=Redacted("Hemmelig svar."))
    lead, system = desk.person("lea", Role.LEAD, Role.ANALYST), system_of(desk, "api", Role.LEAD, Role.ANALYST)
    for path in (
        "/",
        "/queue",
        "/cases",
        "/cases?text=1",
        "/cases?order=oldest&after=1",
        "/solutions",
        "/repeats",
        "/incidents",
        "/shadow",
    ):
        page = lead.text(path)
        assert not [word for word in ("SIV-1", "Hemmelig", "L-1") if word in page], path
    for path in ("/cases/1", "/queue?case=1", "/cases/1/mails/1/original", "/solutions/L-1"):
        assert lead.get(path).status_code == 404, path
    assert lead.send("/queue/many", picked="1:1", act="accept").headers["location"].endswith("done=nothing_marked")
    assert lead.send("/solutions/L-1/retire", version="1", state="proposed").status_code == 404
    assert system.read("/cases")["cases"] == system.read("/solutions")["solutions"] == []
    assert [system.get(path).status_code for path in ("/cases/1", "/cases/1/mails/1", "/solutions/1")] == [404] * 3
    assert system.post("/cases/1/judgement", version=1).status_code == 404


def test_nobody_takes_back_what_another_said(desk: Desk) -> None:
    opened(desk, team=OTHERS, unsure=True)
    lea, lars = desk.person("lea", Role.LEAD), desk.person("lars", Role.LEAD)
    said = {"case": "SIV-1", "seen": "1", "type": "hendelse", "priority": "3", "scope": "single", "team": OWN}
    assert "done=" in lea.send("/queue/one", **said).headers["location"]
    assert lars.send("/queue/one", **said).status_code == 409
    assert lars.send("/queue/undo").headers["location"].endswith("done=nothing_to_take_back")
    assert [judged.by for judged in desk.store.judgements.of_ticket(TicketId(1))] == ["lea"]
