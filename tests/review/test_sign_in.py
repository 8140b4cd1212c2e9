"""Coming in: by a link that works once, by a password; and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.people import NewPerson, Noted, NoteSearch, Role
from tests.support.pages import Browser, Desk

PASSWORD = "en lang setning som jeg husker"


def with_password(desk: Desk, login: str = "lea") -> None:
    answer = desk.browser().client.post(desk.link(desk.hire(login, Role.LEAD)), data={"password": PASSWORD})
    assert answer.status_code == 303


def sign_in(browser: Browser, login: str = "lea", password: str = PASSWORD, next: str = "/") -> int:
    return browser.client.post("/sign-in", data={"login": login, "password": password, "next": next}).status_code


def test_a_link_is_shown_often_and_works_once(desk: Desk) -> None:
    link, browser = desk.link(desk.hire("lea", Role.LEAD)), desk.browser()
    assert "Lea" in browser.text(link)
    assert "Lea" in browser.text(link), "a mail scanner that opens it does not use it up"
    assert browser.client.post(link).status_code == 303
    assert browser.get("/").status_code == 200
    again = desk.browser()
    assert again.client.post(link).status_code == 404
    assert again.get(link).status_code == 404


def test_a_link_grows_old(desk: Desk) -> None:
    link = desk.link(desk.hire("lea", Role.LEAD))
    desk.clock.pass_on(timedelta(days=2))
    assert desk.browser().client.post(link).status_code == 404


def test_a_password_set_by_the_link_lets_in_afterwards(desk: Desk) -> None:
    with_password(desk)
    browser = desk.browser()
    assert sign_in(browser, "LEA") == 303
    assert "Oversikt" in browser.text("/")


def test_a_short_password_is_refused_and_the_link_still_works(desk: Desk) -> None:
    link, browser = desk.link(desk.hire("lea", Role.LEAD)), desk.browser()
    answer = browser.client.post(link, data={"password": "kort"})
    assert answer.status_code == 422
    assert "minst 12 tegn" in answer.text
    assert browser.client.post(link, data={"password": PASSWORD}).status_code == 303


def test_who_is_wrong_and_what_is_wrong_is_not_told(desk: Desk) -> None:
    with_password(desk)
    desk.hire("linked-only", Role.LEAD)
    answers = [
        desk.browser().client.post("/sign-in", data={"login": login, "password": password})
        for login, password in (("lea", "feil"), ("nobody", PASSWORD), ("linked-only", ""), ("linked-only", PASSWORD))
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers}) == 1


def test_after_five_tries_nobody_gets_another(desk: Desk) -> None:
    with_password(desk)
    browser = desk.browser()
    assert [sign_in(browser, password="feil") for _ in range(6)] == [403] * 5 + [429]
    assert sign_in(browser) == 429


def test_who_guesses_from_one_machine_shuts_out_that_machine_alone(desk: Desk) -> None:
    with_password(desk)
    there = {"x-forwarded-for": "192.0.2.7"}
    guesses = [desk.browser().client.post("/sign-in", data={"login": "lea", "password": "feil"}, headers=there) for _ in range(6)]
    assert [answer.status_code for answer in guesses] == [403] * 5 + [429]
    assert sign_in(desk.browser()) == 303


def test_who_comes_in_often_is_no_guesser(desk: Desk) -> None:
    with_password(desk)
    assert [sign_in(desk.browser()) for _ in range(6)] == [303] * 6


def test_who_is_signed_in_may_sign_in_again_and_the_old_session_is_over(desk: Desk) -> None:
    with_password(desk)
    browser = desk.browser()
    assert sign_in(browser) == 303
    old = browser.client.cookies["saksgang"]
    assert sign_in(browser) == 303
    assert browser.client.cookies["saksgang"] != old
    assert desk.browser().client.get("/", headers={"cookie": f"saksgang={old}"}).status_code == 303


def test_a_new_link_takes_the_place_of_the_one_before(desk: Desk) -> None:
    lea = desk.hire("lea", Role.LEAD)
    first, second = desk.link(lea), desk.link(lea)
    assert desk.browser().client.post(first).status_code == 404
    assert desk.browser().client.post(second).status_code == 303


def test_a_link_is_void_for_ever_once_its_person_was_shut_out(desk: Desk) -> None:
    lea = desk.hire("lea", Role.LEAD)
    link, same = desk.link(lea), NewPerson(login="lea", name="Lea", roles=lea.roles)
    for disabled in (True, False):
        desk.store.people.change(lea.id, same, desk.clock(), disabled=disabled)
    assert desk.browser().client.post(link).status_code == 404


def test_a_new_session_is_never_the_one_that_was_brought_along(desk: Desk) -> None:
    with_password(desk)
    browser = desk.browser()
    answer = browser.client.post("/sign-in", data={"login": "lea", "password": PASSWORD}, headers={"cookie": "saksgang=planted"})
    assert answer.status_code == 303
    assert len(answer.cookies["saksgang"]) > len("planted")


def test_signing_out_ends_this_browser_and_no_other(desk: Desk) -> None:
    with_password(desk)
    here, there = desk.browser(), desk.browser()
    assert sign_in(here) == sign_in(there) == 303
    assert here.send("/sign-out").status_code == 303
    assert here.get("/").status_code == 303
    assert there.get("/").status_code == 200


@pytest.mark.parametrize(
    ("next", "leads_to"),
    [
        ("/cases?team=nett", "/cases?team=nett"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/cases\r\nset-cookie: saksgang=planted", "/"),
        ("//[", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_after_the_sign_in_the_way_leads_to_our_own_pages_alone(desk: Desk, next: str, leads_to: str) -> None:
    with_password(desk)
    answer = desk.browser().client.post("/sign-in", data={"login": "lea", "password": PASSWORD, "next": next})
    assert answer.headers["location"] == leads_to


def test_the_log_of_access_keeps_who_came_and_went(desk: Desk) -> None:
    with_password(desk)
    browser = desk.browser()
    sign_in(browser, password="feil")
    sign_in(browser)
    browser.send("/sign-out")
    kept = list(desk.store.audit.read(NoteSearch(since=desk.clock() - timedelta(hours=1), until=desk.clock() + timedelta(hours=1))))
    assert [note.what for note in kept] == [Noted.SIGNED_IN, Noted.REFUSED, Noted.SIGNED_IN, Noted.SIGNED_OUT]
    assert [note.who for note in kept] == ["lea", "-", "lea", "lea"]
