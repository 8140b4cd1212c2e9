"""Who may come in where, what every answer tells the browser, and which forms are taken."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest

from models.people import EVERYONE, NewPerson, Role
from models.profiles import Profile
from models.store import Store
from review.app import DOORS
from review.doors import Door
from tests.support.pages import Desk, served

OPEN_TO_ALL = {"/sign-in", "/sign-in/provider", "/sign-in/back", "/invitation/{token}"}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door.method} {door.path}")
def test_no_door_but_those_of_signing_in_is_open_to_strangers(door: Door) -> None:
    assert bool(door.roles) != (door.path in OPEN_TO_ALL)


def test_a_stranger_is_led_to_the_sign_in_and_back(desk: Desk) -> None:
    answer = desk.browser().get("/?team=nett")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F%3Fteam%3Dnett")


def test_every_answer_forbids_strange_scripts_frames_and_copies(desk: Desk) -> None:
    browser = desk.person("lea", Role.LEAD)
    for path in ("/", "/sign-in", "/static/style.css", "/nowhere"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"


def test_what_is_not_there_is_said_in_a_sentence(desk: Desk) -> None:
    answer = desk.browser().get("/nowhere")
    assert answer.status_code == 404
    assert "Siden finnes ikke." in answer.text


def test_a_form_without_the_sessions_secret_is_refused(desk: Desk) -> None:
    browser = desk.person("lea", Role.LEAD)
    assert browser.client.post("/language", data={"language": "sv"}).status_code == 403
    assert browser.client.post("/language", data={"language": "sv", "csrf": "x" * 43}).status_code == 403
    assert browser.send("/language", language="sv").status_code == 303
    assert '<html lang="sv">' in browser.text("/")


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_of_another_site_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    browser = desk.person("lea", Role.LEAD)
    given = {"language": "sv", "csrf": browser.csrf()}
    assert browser.client.post("/language", data=given, headers=headers).status_code == 403
    assert browser.client.post("/sign-in", data={"login": "x", "password": "y"}, headers=headers).status_code == 403


def test_a_form_that_does_not_say_where_it_comes_from_is_refused(desk: Desk) -> None:
    with httpx.Client(base_url=desk.address, trust_env=False) as client:
        assert client.post("/sign-in", data={"login": "x", "password": "y"}).status_code == 403
        ours = client.post(
            "/sign-in", data={"login": "x", "password": "y"}, headers={"sec-fetch-site": "same-origin", "accept-language": "nb"}
        )
        assert "Brukernavn eller passord stemmer ikke." in ours.text


def test_what_no_text_can_hold_is_said_to_be_no_sense_and_not_a_fault_of_ours(desk: Desk) -> None:
    stranger = desk.browser().client
    assert stranger.post("/sign-in", data={"login": "\x00", "password": "\x00"}).status_code in (403, 422)
    strange = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = {"content-type": "multipart/form-data; boundary=x; charset=unicode_escape"}
    assert stranger.post("/sign-in", content=strange, headers=kind).status_code in (403, 422)


def test_a_bug_in_a_page_is_told_in_a_sentence_under_the_same_headers(
    siv: Profile, store: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken() -> datetime:
        raise LookupError("hemmelig")

    with served(siv, store, lambda site: replace(site, clock=broken)) as desk:
        answer = desk.browser().get("/sign-in")
    assert answer.status_code == 500
    assert "Noe gikk galt hos oss." in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    logged = capfd.readouterr().err
    assert "a page failed: LookupError in " in logged
    assert "hemmelig" not in logged


def test_a_form_that_is_too_long_is_refused(desk: Desk) -> None:
    assert desk.person("lea", Role.LEAD).send("/language", language="x" * 300_000).status_code == 413


def test_a_session_ends_by_itself(desk: Desk) -> None:
    idle, long = desk.person("ida", Role.LEAD), desk.person("lars", Role.LEAD)
    for _ in range(7):
        desk.clock.pass_on(timedelta(minutes=110))
        last = long.get("/").status_code
    assert idle.get("/").status_code == 303
    assert last == 303


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(desk: Desk) -> None:
    browser = desk.person("ida", Role.LEAD)
    for _ in range(3):
        desk.clock.pass_on(timedelta(minutes=50))
        last = browser.client.get("/", headers={"X-Follow": "1"}).status_code
    assert last == 303


def test_a_person_who_may_not_come_in_any_more_is_out_at_once(desk: Desk) -> None:
    browser, lea = desk.person("lea", Role.LEAD), desk.store.people.find("lea")
    assert lea
    desk.store.people.change(lea.id, NewPerson(login="lea", name="Lea", roles=lea.roles), desk.clock(), disabled=True)
    assert browser.get("/").status_code == 303
    assert desk.store.people.find("lea") is None


def test_cookies_insist_on_tls_where_there_is_tls(siv: Profile, store: Store) -> None:
    with served(siv, store, lambda site: replace(site, address="https://desk.example")) as desk:
        with httpx.Client(base_url=desk.served_at, headers={"origin": "https://desk.example"}, trust_env=False) as client:
            answer = client.post(desk.link(desk.hire("lea", Role.LEAD)))
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-saksgang=")
        assert all(word in cookie for word in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"))
        assert answer.headers["strict-transport-security"]


MAY = {
    Role.MEMBER: {"/", "/sign-out", "/language", "/sessions", "/sessions/end", "/sessions/end-others"},
    Role.ADMIN: {"/people", "/people/{id:row}", "/people/{id:row}/link", "/people/{id:row}/disabled", "/audit", "/audit/export/{form}"},
}
"""Who may enter by the doors of sign-in, people and log: each role by its own, and by those of all."""
LOOKED_AT = OPEN_TO_ALL.union(*MAY.values())


def filled(door: Door) -> str:
    """An address that leads to the door, though there is nothing behind it."""
    return re.sub(r"\{\w+\}", "jsonl", re.sub(r"\{\w+:row\}", "4711", door.path))


@pytest.mark.parametrize("role", Role)
def test_every_door_lets_in_those_whom_it_is_for_and_nobody_else(desk: Desk, role: Role) -> None:
    browser = desk.person("one", role)
    secret = browser.csrf()
    for door in DOORS:
        if door.path in OPEN_TO_ALL or door.path == "/sign-out":
            continue
        path = filled(door)
        answer = browser.client.post(path, data={"csrf": secret}) if door.method == "POST" else browser.get(path)
        assert (answer.status_code != 403) == (role in door.roles), f"{role} {door.method} {door.path}"


def test_the_doors_of_administrators_are_for_administrators_alone() -> None:
    for door in DOORS:
        if door.path in LOOKED_AT - OPEN_TO_ALL:
            assert door.roles == (frozenset({Role.ADMIN}) if door.path in MAY[Role.ADMIN] else EVERYONE), door.path


def test_a_stranger_comes_in_nowhere_and_changes_nothing(desk: Desk) -> None:
    stranger = desk.browser()
    for door in DOORS:
        if door.roles:
            answer = stranger.client.request(door.method, filled(door), data={"login": "x", "name": "x", "role": "admin"})
            assert answer.status_code == (303 if door.method == "GET" else 401), f"{door.method} {door.path}"
    assert desk.store.people.all() == []


def test_no_door_takes_a_form_without_the_sessions_secret(desk: Desk) -> None:
    browser = desk.person("ada", *Role)
    for door in DOORS:
        if door.roles and door.method == "POST":
            assert browser.client.post(filled(door), data={"disabled": "yes"}).status_code == 403, door.path


def test_a_person_cannot_make_themselves_more_than_they_are(desk: Desk) -> None:
    browser = desk.person("nils", Role.MEMBER)
    nils = desk.store.people.find("nils")
    assert nils
    assert browser.send(f"/people/{nils.id}", login="nils", name="Nils", role="admin").status_code == 403
    assert browser.send("/people", login="x", name="X", role="admin").status_code == 403
    assert browser.send("/language", language="sv", role="admin").status_code == 303
    now = desk.store.people.find("nils")
    assert now
    assert now.roles == {Role.MEMBER}


def test_who_loses_a_role_loses_its_doors_at_once(desk: Desk) -> None:
    browser = desk.person("ada", Role.ADMIN)
    ada = desk.store.people.find("ada")
    assert ada
    assert browser.get("/audit").status_code == 200
    desk.store.people.change(ada.id, NewPerson(login="ada", name="Ada", roles=frozenset({Role.LEAD})), desk.clock(), disabled=False)
    assert browser.get("/audit").status_code == 403


def test_a_change_of_language_leads_back_to_what_was_looked_at(desk: Desk) -> None:
    lea = desk.person("lea", Role.LEAD)
    for page, back in (
        (lea.text("/cases?text=a&team=nett"), "/cases?text=a&amp;team=nett"),
        (lea.send("/sessions/password", new="kort").text, "/"),
    ):
        assert f'name="next" value="{back}"' in page
        answer = lea.send("/language", language="sv", next=html.unescape(back))
        assert lea.get(answer.headers["location"]).status_code == 200
