"""The pages of solutions: who reads, who acts, what becomes of a text, and what two leads at once may not do."""

from __future__ import annotations

import pytest

from models.kinds import EventKind, TicketStatus
from models.people import Noted, Role
from models.records import Redacted, TicketId
from models.solutions import Solution, SolutionId, SolutionState
from tests.support.diary import Diary
from tests.support.pages import Browser, Desk, all_noted

FIRST = SolutionId(1)
RESTART, RELOAD = "Start utskriftstjenesten på nytt.", "Last inn etikettmalen på nytt."


def solved(desk: Desk, text: str = RESTART, team: str = "arbeidsplass") -> TicketId:
    diary = Diary(desk.store)
    ticket = diary.opens("2026-03-02 09:00", team=team)
    diary.happens(ticket, "2026-03-02 10:00", EventKind.SOLVED, status=TicketStatus.SOLVED, solution=text, shared=Redacted(text))
    return ticket


def the(desk: Desk, number: SolutionId = FIRST) -> Solution:
    found = desk.store.solutions.find("siv", number)
    assert found
    return found


def lead(desk: Desk) -> Browser:
    return desk.person("lea", Role.LEAD)


def test_what_waits_for_a_yes_stands_first_and_what_is_out_of_date_last(desk: Desk) -> None:
    for text in ("Gammel.", "Vanlig.", "Ny."):
        solved(desk, text)
    desk.store.solutions.judge("siv", FIRST, SolutionState.RETIRED)
    desk.store.solutions.judge("siv", SolutionId(2), SolutionState.CONFIRMED, public=True)
    page = desk.person("ana", Role.ANALYST).text("/solutions")
    assert page.index("Ny.") < page.index("Vanlig.") < page.index("Gammel.")
    assert "også til innmeldere" in page


def test_the_list_is_sought_and_turned_by_the_address(desk: Desk) -> None:
    for number in range(51):
        solved(desk, f"Bytt rull nummer {number}.")
    solved(desk, "Noe 100 % annet.")
    browser = lead(desk)
    first = browser.text("/solutions?state=proposed&words=rull")
    assert "page=2" in first
    assert "Noe" not in first
    second = browser.text("/solutions?state=proposed&words=rull&page=2")
    assert "L-51" in second
    assert "L-50<" not in second
    assert "L-52" in browser.text("/solutions?words=100+%25")
    assert "Ingen løsninger passer" in browser.text("/solutions?state=retired")
    assert [browser.get(f"/solutions?{query}").status_code for query in ("state=x", "page=0", "page=x", "page=999999")] == [404] * 4


def test_a_lead_confirms_for_teams_or_for_all_and_retires(desk: Desk) -> None:
    solved(desk)
    browser = lead(desk)
    assert RESTART in browser.text("/solutions/L-1")
    assert browser.send("/solutions/L-1/confirm", version="1", state="proposed").headers["location"] == "/solutions/L-1"
    assert (the(desk).state, the(desk).public) == (SolutionState.CONFIRMED, False)
    browser.send("/solutions/L-1/confirm", version="1", state="confirmed", public="yes")
    assert the(desk).public
    browser.send("/solutions/L-1/retire", version="1", state="confirmed")
    assert the(desk).state is SolutionState.RETIRED


def test_a_new_version_has_no_personal_data_and_keeps_the_old(desk: Desk) -> None:
    solved(desk)
    browser = lead(desk)
    text = "Ring Kari Nordmann på 92 34 56 78 og start tjenesten på nytt."
    assert browser.send("/solutions/L-1/edit", version="1", state="proposed", text=text).status_code == 303
    assert the(desk).version == 2
    assert "92 34 56 78" not in the(desk).text
    page = browser.text("/solutions/L-1")
    assert RESTART in page
    assert "2026-03-02 10:30, lea" in page


def test_of_two_leads_the_second_is_told_and_loses_no_word(desk: Desk) -> None:
    solved(desk)
    one, other = lead(desk), desk.person("lars", Role.LEAD)
    assert one.send("/solutions/L-1/edit", version="1", state="proposed", text="Min tekst.").status_code == 303
    late = other.send("/solutions/L-1/edit", version="1", state="proposed", text="Andres tekst.")
    assert late.status_code == 409
    assert "Andres tekst." in late.text
    assert "Noen andre har endret løsningen" in late.text
    assert the(desk).text == "Min tekst."
    assert other.send("/solutions/L-1/retire", version="1", state="proposed").status_code == 409
    assert one.send("/solutions/L-1/confirm", version="2", state="proposed").status_code == 303
    assert other.send("/solutions/L-1/retire", version="2", state="proposed").status_code == 409
    assert the(desk).state is SolutionState.CONFIRMED


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_a_text_that_is_none_is_refused(desk: Desk, text: str) -> None:
    solved(desk)
    assert lead(desk).send("/solutions/L-1/edit", version="1", state="proposed", text=text).status_code == 422
    assert the(desk).text == RESTART


def test_whoever_tried_a_confirmed_one_says_whether_it_helped(desk: Desk) -> None:
    solved(desk)
    nils = desk.person("nils", Role.MEMBER, teams=frozenset({"arbeidsplass"}))
    assert nils.send("/solutions/L-1/tried", worked="yes").status_code == 422, "nobody confirmed it"
    desk.store.solutions.judge("siv", FIRST, SolutionState.CONFIRMED, public=False)
    assert "Den virket igjen" in nils.text("/solutions/L-1")
    assert nils.send("/solutions/L-1/tried", worked="yes").status_code == 303
    assert nils.send("/solutions/L-1/tried", worked="no").status_code == 303
    assert nils.send("/solutions/L-1/tried", worked="perhaps").status_code == 422
    assert (the(desk).worked, the(desk).failed) == (2, 1)
    analyst = desk.person("ana", Role.ANALYST)
    assert "Den virket igjen" not in analyst.text("/solutions/L-1")
    assert analyst.send("/solutions/L-1/tried", worked="yes").status_code == 403


def test_two_solutions_become_one(desk: Desk) -> None:
    solved(desk)
    solved(desk, RELOAD)
    browser = lead(desk)
    for into in ("L-2", "L-77", "x", ""):
        assert browser.send("/solutions/L-2/unite", version="1", state="proposed", into=into).status_code == 422
    assert browser.send("/solutions/L-2/unite", version="1", state="proposed", into="1").headers["location"] == "/solutions/L-1"
    assert (the(desk).cases, the(desk, SolutionId(2)).state) == (2, SolutionState.RETIRED)
    page = browser.text("/solutions/L-1")
    assert "/cases/SIV-1" in page
    assert "/cases/SIV-2" in page


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MEMBER])
def test_who_is_no_lead_reads_and_changes_nothing(desk: Desk, role: Role) -> None:
    solved(desk)
    browser = desk.person("pia", role, teams=frozenset({"arbeidsplass"}))
    assert "<textarea" not in browser.text("/solutions/L-1")
    for act in ("edit", "confirm", "retire", "unite"):
        assert browser.send(f"/solutions/L-1/{act}", version="1", state="proposed", text="x", into="2").status_code == 403
    assert the(desk).state is SolutionState.PROPOSED


def test_a_member_sees_what_solved_cases_of_their_team_and_what_is_confirmed(desk: Desk) -> None:
    solved(desk, RESTART, "arbeidsplass")
    solved(desk, RESTART, "nett")
    solved(desk, "Hemmelig for andre.", "nett")
    member = desk.person("nils", Role.MEMBER, teams=frozenset({"arbeidsplass"}))
    page = member.text("/solutions")
    assert RESTART in page
    assert "Hemmelig" not in page
    assert '<td class="number">1</td>' in page
    own = member.text("/solutions/L-1")
    assert "SIV-1" in own
    assert "SIV-2" not in own
    assert member.get("/solutions/L-2").status_code == 404
    desk.store.solutions.judge("siv", SolutionId(2), SolutionState.CONFIRMED)
    assert "Hemmelig" in member.text("/solutions/L-2")
    assert "SIV-3" not in member.text("/solutions/L-2")


def test_what_was_done_is_noted_with_who_and_without_a_word_of_it(desk: Desk) -> None:
    solved(desk)
    browser = lead(desk)
    browser.send("/solutions/L-1/confirm", version="1", state="proposed")
    browser.send("/solutions/L-1/edit", version="1", state="confirmed", text="Hemmelig ord.")
    notes = all_noted(desk.store)
    changed = [note for note in notes if note.what is Noted.SOLUTION_CHANGED]
    assert [(note.who, note.about, (note.facts or {})["done"]) for note in changed] == [
        ("lea", "L-1", "confirmed"),
        ("lea", "L-1", "rewritten"),
    ]
    assert "Hemmelig" not in repr(notes)


def test_what_there_is_not_is_not_found(desk: Desk) -> None:
    browser = lead(desk)
    assert [browser.get(f"/solutions/{number}").status_code for number in ("L-1", "x", "L-99999999999")] == [404] * 3
    assert browser.send("/solutions/L-1/retire", version="1", state="proposed").status_code == 404
    solved(desk)
    assert browser.send("/solutions/L-1/retire", version="x", state="proposed").status_code == 422
    assert browser.send("/solutions/L-1/retire", version="1", state="x").status_code == 422


def test_a_desk_without_solutions_is_told_where_they_come_from(desk: Desk) -> None:
    lea = desk.person("lea", Role.LEAD)
    assert "Ingen løsninger ennå" in lea.text("/solutions")
    assert "Ingen løsninger passer" in lea.text("/solutions?words=skriver")
