"""The queue as a lead uses it: in Chromium, by keys and without the script, over cases that came through the pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import perf_counter

import pytest
from playwright.sync_api import Browser, Page, expect

from models.people import Role
from models.profiles import Profile
from models.records import TicketId
from models.store import open_store
from tests.support.browsing import LOOKS, faults, signed_in
from tests.support.filled import come_in, pipeline_desk
from tests.support.mails import content
from tests.support.pages import Desk, served

MAILS = (
    ("Skriveren på vaktrommet svarer ikke, og vi får ikke skrevet ut etiketter til blodprøver.", "Skriver"),
    ("Nettet er nede på hele sykehuset, alle avdelinger står.", "Nett"),
    ("Jeg har glemt passordet mitt og kommer ikke inn i DIPS.", "Passord"),
    ("Kan jeg få bestilt en ny skjerm til kontoret? <b>Takk</b>", "Ny skjerm"),
)
MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""Every look at the clock is a second later."""


@pytest.fixture
def desk(siv: Profile, tmp_path: Path) -> Iterator[Desk]:
    store = open_store(f"sqlite:///{tmp_path / 'saksgang.db'}")
    hours = (MORNING + timedelta(seconds=passed) for passed in count())
    with served(siv, store, lambda site: replace(site, clock=lambda: next(hours))) as found:
        come_in(pipeline_desk(siv, store, tmp_path), [content(text, subject=subject) for text, subject in MAILS])
        yield found
    store.close()


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    with signed_in(browser, desk, "lea", Role.LEAD) as found:
        found.goto(f"{desk.address}/queue")
        yield found


def shown(page: Page) -> str:
    return page.locator("#case .case-number").inner_text()


def team_of(desk: Desk, number: str) -> str:
    view = desk.store.tickets.find(TicketId(int(number.rpartition("-")[2])))
    assert view is not None
    return view.team


def waiting(desk: Desk) -> Sequence[str]:
    return [f"SIV-{case.id}" for case in desk.store.pile.waiting("siv", 99)]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_one_key_accepts_and_the_next_case_is_there(page: Page, desk: Desk) -> None:
    first, second, *_ = waiting(desk)
    assert shown(page) == first
    press(page, "a")
    expect(page.locator("#case .case-number")).to_have_text(second)
    expect(page.locator("#done")).to_contain_text(f"Godtatt: {first}")
    expect(page.locator("#live")).to_contain_text(f"Godtatt: {first}")
    expect(page.locator("#case")).to_be_focused()
    assert first not in waiting(desk)


def test_one_key_opens_a_choice_and_one_more_chooses(page: Page, desk: Desk) -> None:
    first, second, *_ = waiting(desk)
    press(page, "t", "3", "p", "4", "s", "2", "m", "2")
    teams, scopes = list(desk.site.profile.teams), list(desk.site.profile.scopes)
    for name, value in (("type", "bestilling"), ("priority", "4"), ("scope", scopes[1]), ("team", teams[1])):
        expect(page.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()
    expect(page.locator("#live")).to_contain_text("Team")
    press(page, "a")
    expect(page.locator("#case .case-number")).to_have_text(second)
    view = desk.store.tickets.find(TicketId(int(first.rpartition("-")[2])))
    assert view is not None
    assert (view.type.value, view.priority, view.scope, view.team) == ("bestilling", 4, scopes[1], teams[1])


def test_escape_leaves_a_choice_and_other_keys_mean_what_they_meant(page: Page, desk: Desk) -> None:
    press(page, "m")
    expect(page.locator("fieldset.choosing")).to_have_count(1)
    press(page, "Escape", "j")
    expect(page.locator("#case .case-number")).to_have_text(waiting(desk)[1])


def test_j_and_k_move_and_the_address_follows(page: Page, desk: Desk) -> None:
    first, second, third, *_ = waiting(desk)
    press(page, "j", "j")
    expect(page.locator("#case .case-number")).to_have_text(third)
    press(page, "k")
    expect(page.locator("#case .case-number")).to_have_text(second)
    assert page.url.endswith(f"case={second}")
    page.go_back()
    expect(page.locator("#case .case-number")).to_have_text(third)
    assert len(waiting(desk)) == len(MAILS), f"looking judges nothing: {first}"


def test_keys_typed_faster_than_the_server_answers_are_all_obeyed(page: Page, desk: Desk) -> None:
    press(page, *"aaaa")
    expect(page.locator("main")).to_contain_text("Ingen saker venter på deg.")
    assert waiting(desk) == []


def test_u_takes_back_and_shows_the_case_again(page: Page, desk: Desk) -> None:
    first = waiting(desk)[0]
    before = team_of(desk, first)
    press(page, "m", "5", "a")
    expect(page.locator("#done")).to_contain_text("Rettet")
    press(page, "u")
    expect(page.locator("#done")).to_contain_text("Angret")
    assert shown(page) == first
    assert team_of(desk, first) == before
    assert waiting(desk)[0] == first


def test_x_marks_and_the_marks_stay_while_one_moves_on(page: Page, desk: Desk) -> None:
    first, second, third, *_ = waiting(desk)
    press(page, "x", "j", "j", "x")
    expect(page.locator("#live")).to_contain_text(f"Merk {third}: 2")
    page.select_option(".at-once select", "innkjop")
    page.get_by_role("button", name="Gi til teamet").click()
    expect(page.locator("#done")).to_contain_text("2 saker")
    assert (team_of(desk, first), team_of(desk, third)) == ("innkjop", "innkjop")
    assert waiting(desk)[0] == second
    press(page, "u")
    expect(page.locator("#done")).to_contain_text("Saken venter igjen: 2 saker")
    assert len(waiting(desk)) == len(MAILS)


def test_a_question_mark_shows_the_keys_and_they_can_be_switched_off(page: Page, desk: Desk) -> None:
    """WCAG 2.1.4: a single letter may do something only where that can be switched off."""
    press(page, "?")
    expect(page.locator("#keys summary")).to_contain_text("Taster")
    page.get_by_label("Bruk taster").uncheck()
    press(page, "a")
    page.reload()
    assert not page.locator("#accept kbd").is_visible()
    press(page, "a")
    page.get_by_role("link", name="Neste").click()
    expect(page.locator("#case .case-number")).to_have_text(waiting(desk)[1])
    assert len(waiting(desk)) == len(MAILS)


def test_o_opens_the_whole_case(page: Page, desk: Desk) -> None:
    first = waiting(desk)[0]
    with page.expect_request(lambda request: request.url.endswith(f"/cases/{first}")):
        press(page, "o")
    page.wait_for_url(f"**/cases/{first}")


def test_without_the_script_everything_works_by_mouse_and_by_tab(browser: Browser, desk: Desk) -> None:
    first, second, third, fourth = waiting(desk)
    with signed_in(browser, desk, "lea", Role.LEAD, java_script_enabled=False) as page:
        page.goto(f"{desk.address}/queue")
        done = page.locator("#done")
        page.get_by_role("button", name="Slik er det rett").focus()
        page.keyboard.press("Enter")
        expect(done).to_contain_text(f"Godtatt: {first}")
        assert (shown(page), first in waiting(desk)) == (second, False)
        page.get_by_role("radio", name="Innkjøp").check()
        page.get_by_role("button", name="Slik er det rett").click()
        expect(done).to_contain_text(f"Rettet: {second}")
        assert team_of(desk, second) == "innkjop"
        page.get_by_role("button", name=f"Angre {second}").click()
        expect(done).to_contain_text(f"Saken venter igjen: {second}")
        assert shown(page) == second
        page.get_by_role("checkbox", name=third).check()
        page.get_by_role("checkbox", name=fourth).check()
        page.get_by_role("button", name="Godta som foreslått").click()
        expect(done).to_contain_text("Godtatt: 2 saker")
        assert waiting(desk) == [second]


def test_two_leads_on_one_case_do_not_overwrite_each_other(page: Page, browser: Browser, desk: Desk) -> None:
    first = waiting(desk)[0]
    with signed_in(browser, desk, "ola", Role.LEAD, allowing="409") as other:
        other.goto(f"{desk.address}/queue")
        press(page, "m", "5", "a")
        expect(page.locator("#done")).to_contain_text("Rettet")
        mine = team_of(desk, first)
        press(other, "m", "3", "a")
        expect(other.get_by_role("alert")).to_contain_text("Saken er vurdert av lea")
        expect(other.locator("#live")).to_contain_text("Ingenting er overskrevet")
        assert team_of(desk, first) == mine
        expect(other.locator('input[name="team"]').nth(2)).to_be_checked()
        press(other, "a")
        expect(other.locator("#done")).to_contain_text("Rettet")
        assert team_of(desk, first) == list(desk.site.profile.teams)[2]


def test_the_queue_keeps_the_rules_in_every_look(page: Page) -> None:
    press(page, "?")
    expect(page.locator("#keys")).to_have_attribute("open", "")
    assert faults(page) == []
    press(page, "a")
    expect(page.locator("#done")).to_be_visible()
    assert faults(page, LOOKS[:1]) == []


def test_the_queue_speaks_the_leads_language(page: Page, desk: Desk) -> None:
    for language, words in (("nn", "Saker å vurdere"), ("sv", "Ärenden att bedöma"), ("en", "Cases to judge")):
        lea = desk.store.people.find("lea")
        assert lea is not None
        desk.store.people.speak(lea.id, language)
        page.reload()
        expect(page.locator("h1")).to_have_text(words)
        assert page.evaluate("document.documentElement.lang") == language


def test_a_case_takes_one_key_and_well_under_a_second(page: Page, desk: Desk) -> None:
    """The figure of docs/pages.md: from the key to the next case on the screen."""
    times = []
    for number in waiting(desk)[1:]:
        began = perf_counter()
        press(page, "a")
        expect(page.locator("#case .case-number")).to_have_text(number)
        times.append(perf_counter() - began)
    print(f"{max(times) * 1000:.0f} ms a case at most")
    assert max(times) < 3
