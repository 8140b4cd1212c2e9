"""The pages of repeat problems: who reads them, what they show, and how a person's word holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from models.people import Noted, Role
from models.profiles import Profile
from models.records import TicketId
from models.solutions import SolutionId, SolutionState
from models.store import Store
from run.seeking import seek_again, seek_all
from tests.support.pages import Browser, Desk, all_noted, served, wired
from tests.support.repeated import fault, ordinary, tell

NOW = datetime(2026, 2, 24, 13, tzinfo=UTC)
BLANK = (
    "Etikettskriveren på laboratoriet skriver blanke etiketter siden klokka elleve.",
    "Blanke etiketter fra etikettskriveren på laboratoriet, ingenting står på dem.",
)


@pytest.fixture
def desk(siv: Profile, store: Store) -> Iterator[Desk]:
    with served(siv, store, wired) as found:
        yield found


@pytest.fixture
def tickets(desk: Desk, siv: Profile) -> list[TicketId]:
    """A fault of three cases, found; its solution is confirmed."""
    ordinary(desk.store)
    found = fault(desk.store)
    desk.store.solutions.judge("siv", SolutionId(1), SolutionState.CONFIRMED)
    assert seek_again(desk.store, siv, NOW)
    return found


def analyst(desk: Desk) -> Browser:
    return desk.person("ana", Role.ANALYST)


def number(tickets: list[TicketId]) -> str:
    return f"R-{tickets[0]}"


def test_a_fault_is_shown_with_all_that_is_known_of_it(desk: Desk, tickets: list[TicketId]) -> None:
    page = analyst(desk).text("/repeats")
    for words in (
        number(tickets),
        "metavision",
        "Kliniske",
        "3\N{NO-BREAK SPACE}t",
        "Tjenesten ble startet på nytt.",
        "Sist lett: 2026-02-24 14:00",
    ):
        assert words in page
    assert "@siv.no" not in page
    assert "føring på papir" not in page


def test_its_own_page_has_its_cases(desk: Desk, tickets: list[TicketId]) -> None:
    page = analyst(desk).text(f"/repeats/{number(tickets)}")
    for ticket in tickets:
        assert f"/cases/SIV-{ticket}" in page
    assert "@siv.no" not in page


def test_a_name_is_given_without_personal_data(desk: Desk, tickets: list[TicketId]) -> None:
    browser, path = analyst(desk), f"/repeats/{number(tickets)}"
    assert browser.send(f"{path}/name", name="Svart MetaVision, ring 92 34 56 78").status_code == 303
    page = browser.text("/repeats")
    assert "Svart MetaVision" in page
    assert "92 34 56 78" not in page
    for name in ("", "x" * 121):
        assert browser.send(f"{path}/name", name=name).status_code == 422


def test_cases_are_split_off_and_it_holds_at_once(desk: Desk, tickets: list[TicketId]) -> None:
    browser, path = analyst(desk), f"/repeats/{number(tickets)}"
    answer = browser.send(f"{path}/split", newest=str(tickets[-1]), case=str(tickets[2]))
    assert answer.headers["location"] == path
    assert f"SIV-{tickets[2]}" not in browser.text(path)


def test_a_split_of_none_of_all_or_of_strange_cases_is_refused(desk: Desk, tickets: list[TicketId]) -> None:
    browser, path, newest = analyst(desk), f"/repeats/{number(tickets)}/split", str(tickets[-1])
    everything = {"csrf": browser.csrf(), "newest": newest, "case": [str(ticket) for ticket in tickets]}
    assert browser.send(path, newest=newest).status_code == 422
    assert browser.client.post(path, data=everything).status_code == 422
    assert browser.client.post(path, data=everything | {"case": ["1", newest]}).status_code == 409
    assert len(desk.store.repeats.found("siv")[0].tickets) == 3


def test_two_faults_become_one_and_a_search_does_not_part_them(desk: Desk, siv: Profile, tickets: list[TicketId]) -> None:
    for place, text in enumerate(BLANK):
        tell(desk.store, f"2026-02-10 11:{10 * place:02}", text, f"l{place}", "arbeidsplass")
    seek_all(desk.store, siv, desk.store.repeats.cases("siv"), NOW)
    other, known = desk.store.repeats.found("siv")
    browser = analyst(desk)
    chosen = {"csrf": browser.csrf(), "repeat": [number(tickets), f"R-{other.id}"]}
    assert browser.client.post("/repeats/merge", data=chosen).headers["location"] == f"/repeats/{number(tickets)}"
    for _ in range(2):
        [found] = desk.store.repeats.found("siv")
        assert set(found.tickets) == {*known.tickets, *other.tickets}
        seek_all(desk.store, siv, desk.store.repeats.cases("siv"), NOW)
    for wrong in ([number(tickets)], [number(tickets), "R-999"], [number(tickets), "x"], []):
        assert browser.client.post("/repeats/merge", data=chosen | {"repeat": wrong}).status_code == 422


def test_a_search_is_asked_for_and_told(desk: Desk, siv: Profile, tickets: list[TicketId]) -> None:
    browser = analyst(desk)
    assert browser.send("/repeats/search").status_code == 303
    assert "Alle saker blir sett på igjen" in browser.text("/repeats")
    assert seek_again(desk.store, siv, desk.clock() + timedelta(minutes=1))
    assert "Alle saker blir sett på igjen om litt" not in browser.text("/repeats")


def test_a_member_of_a_team_has_no_way_in(desk: Desk, tickets: list[TicketId]) -> None:
    member = desk.person("nils", Role.MEMBER, teams=frozenset({"kliniske-systemer"}))
    assert member.get("/repeats").status_code == 403
    assert member.get(f"/repeats/{number(tickets)}").status_code == 403
    assert 'href="/repeats"' not in member.text("/")


def test_an_empty_desk_has_a_page_and_no_repeat_has_another(desk: Desk) -> None:
    browser = analyst(desk)
    assert "Ingen feil har gjentatt seg." in browser.text("/repeats")
    assert [browser.get(f"/repeats/{number}").status_code for number in ("R-1", "x", "R-99999999999")] == [404] * 3


def test_every_word_on_a_repeat_is_noted(desk: Desk, tickets: list[TicketId]) -> None:
    browser, path = analyst(desk), f"/repeats/{number(tickets)}"
    browser.send(f"{path}/name", name="Svart MetaVision")
    browser.send(f"{path}/split", newest=str(tickets[-1]), case=str(tickets[2]))
    notes = all_noted(desk.store)
    done = [(note.who, note.about, (note.facts or {})["done"]) for note in notes if note.what is Noted.REPEAT_CHANGED]
    assert done == [("ana", number(tickets), "named"), ("ana", number(tickets), "split")]
    assert "MetaVision" not in repr(notes)
