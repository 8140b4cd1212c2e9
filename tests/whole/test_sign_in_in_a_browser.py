"""Signing in, people, log and sessions in a real browser: with a password, by a real identity provider, by keyboard, light and dark, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from models.people import Role
from models.profiles import Profile
from models.store import open_store
from review.tries import TRIES
from review.visit import LANGUAGES, Site
from tests.support.browsing import faults, opened, signed_in
from tests.support.pages import Desk, served
from tests.support.provider import PASSWORD as THERE
from tests.support.provider import Provider, provider, with_entrance

PASSWORD = "en lang setning som jeg husker"
PAGES = ("/sign-in", "/people", "/people/1", "/audit", "/sessions")


@dataclass
class House:
    desk: Desk
    provider: Provider


@pytest.fixture(scope="module")
def house(siv: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('house') / 'saksgang.db'}")
    TRIES.storage.reset()
    with ExitStack() as stack:
        stack.callback(store.close)
        made: list[Provider] = []

        def change(site: Site) -> Site:
            made.append(stack.enter_context(provider(site.address)))
            return with_entrance(site, made[0].issuer)

        desk = stack.enter_context(served(siv, store, change))
        desk.clock.now = datetime.now(UTC)
        yield House(desk=desk, provider=made[0])


@pytest.fixture
def page(browser: Browser, house: House) -> Iterator[Page]:
    """A stranger's, at the provider's hour: its tokens are dated by the clock on the wall."""
    house.desk.clock.now = datetime.now(UTC)
    with opened(browser, house.desk.address, guests=(house.provider.issuer,)) as found:
        found.set_default_timeout(60_000)
        yield found


@pytest.fixture(scope="module")
def anna(browser: Browser, house: House) -> Iterator[Page]:
    """An administrator who is signed in, for all that only look."""
    with signed_in(browser, house.desk, "anna", Role.ADMIN) as found:
        yield found


def admitted(page: Page, house: House, login: str, *roles: Role) -> None:
    """In by a one-time link, and a password set on the way."""
    person = house.desk.store.people.find(login) or house.desk.hire(login, *roles)
    page.goto(house.desk.address + house.desk.link(person))
    page.get_by_label("Nytt passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.wait_for_url(f"{house.desk.address}/")


def test_a_person_sets_a_password_signs_out_and_comes_back_by_keyboard_alone(page: Page, house: House) -> None:
    admitted(page, house, "lise", Role.LEAD)
    page.get_by_text("Lise").click()
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url("**/sign-in")
    page.goto(f"{house.desk.address}/sessions")
    page.wait_for_url("**/sign-in?next=%2Fsessions")
    page.get_by_label("Brukernavn").focus()
    page.keyboard.type("lise")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions")
    assert page.get_by_role("heading", level=1).inner_text() == "Innlogging og passord"
    assert "Chrome, Linux" in page.content()
    page.get_by_label("Nåværende passord").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(f"{PASSWORD} og litt til")
    page.keyboard.press("Enter")
    page.get_by_role("status").wait_for()
    assert page.get_by_role("status").inner_text() == "Det nye passordet gjelder fra nå av."


def test_the_password_is_asked_for_again_where_it_is_wrong(browser: Browser, house: House) -> None:
    with opened(browser, house.desk.address, allowing="403") as page:
        page.goto(f"{house.desk.address}/sign-in")
        page.get_by_label("Brukernavn").fill("lise")
        page.get_by_label("Passord").fill("feil")
        page.get_by_role("button", name="Logg inn").click()
        assert page.get_by_role("alert").inner_text() == "Brukernavn eller passord stemmer ikke."


def prove(page: Page, login: str) -> None:
    """At the provider, on its own pages."""
    page.locator("input[name=login]").fill(login)
    page.locator("button[type=submit], input[type=submit]").first.click()
    page.locator("input[name=password]").fill(THERE)
    page.locator("button[type=submit], input[type=submit]").first.click()


def test_a_person_comes_in_by_the_provider_and_goes_out_there_too(page: Page, house: House) -> None:
    house.provider.forget()
    page.goto(f"{house.desk.address}/audit")
    page.get_by_role("link", name="Logg inn med Sykehuskontoen").click()
    page.wait_for_url(f"{house.provider.issuer}/**")
    prove(page, "ada")
    page.wait_for_url(f"{house.desk.address}/audit")
    assert page.get_by_role("heading", level=1).inner_text() == "Innsynslogg"
    page.get_by_text("Ada", exact=True).click()
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url(f"{house.provider.issuer}/oauth/end_session?**")
    page.goto(f"{house.desk.address}/audit")
    page.wait_for_url("**/sign-in?**")


def test_an_administrator_adds_a_person_and_shuts_them_out(page: Page, house: House) -> None:
    admitted(page, house, "aud", Role.ADMIN)
    page.get_by_role("link", name="Personer").click()
    page.get_by_label("Brukernavn").fill("per")
    page.get_by_label("Navn", exact=True).fill("Per Holm")
    page.get_by_label("Teamleder").check()
    page.get_by_role("button", name="Legg til person").click()
    assert "/invitation/" in page.get_by_label("Adresse").input_value()
    page.get_by_role("button", name="Sperr kontoen").click()
    assert "Kontoen er sperret." in page.content()
    page.get_by_role("link", name="Innsynslogg").click()
    assert page.get_by_role("cell", name="person endret").first.is_visible()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_keeps_the_rules_of_accessibility_light_and_dark_narrow_and_wide(anna: Page, house: House, path: str) -> None:
    house.desk.clock.now = datetime.now(UTC)
    anna.goto(house.desk.address + path)
    assert faults(anna) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_speak_every_language(anna: Page, house: House, language: str) -> None:
    person = house.desk.store.people.find("anna")
    assert person
    house.desk.store.people.speak(person.id, language)
    for path in PAGES[1:]:
        answer = anna.goto(house.desk.address + path)
        assert answer
        assert answer.status == 200
        assert anna.locator("html").get_attribute("lang") == language
    house.desk.store.people.speak(person.id, "nb")
