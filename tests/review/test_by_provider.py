"""Coming in by an identity provider that really runs: who may, as whom, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from models.people import NewPerson, Noted, NoteSearch, Role
from models.profiles import Profile
from models.store import open_store
from review.by_provider import BEGIN
from review.visit import Site
from run.dovecot import free_port
from tests.support.pages import Browser, Desk, served
from tests.support.provider import Provider, prove, provider, with_entrance


@pytest.fixture(scope="module")
def house(siv: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Provider]]:
    """One desk and one provider for all: each test has people of its own."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('house') / 'saksgang.db'}")
    with ExitStack() as stack:
        stack.callback(store.close)
        made: list[Provider] = []

        def change(site: Site) -> Site:
            made.append(stack.enter_context(provider(site.address)))
            return with_entrance(site, made[0].issuer)

        desk = stack.enter_context(served(siv, store, change))
        yield desk, made[0]


@pytest.fixture
def desk(house: tuple[Desk, Provider]) -> Iterator[Desk]:
    """At the provider's hour: its tokens are dated by the clock on the wall."""
    house[0].clock.now = datetime.now(UTC)
    house[1].forget()
    yield house[0]
    for person in house[0].store.people.all():
        house[0].store.people.end_sessions(person.id)


@pytest.fixture
def place(house: tuple[Desk, Provider]) -> Provider:
    return house[1]


def way_of(browser: Browser, next: str = "/") -> str:
    answer = browser.client.get(BEGIN, params={"next": next})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def come_in(browser: Browser, login: str, next: str = "/") -> httpx.Response:
    return browser.get(back_of(browser, login, next))


def back_of(browser: Browser, login: str, next: str = "/") -> str:
    """The address to which the provider sends a person who proved who they are."""
    return prove(way_of(browser, next), login)


def noted(desk: Desk) -> list[dict[str, str]]:
    hour = timedelta(hours=1)
    return [
        dict(note.facts or {})
        for note in desk.store.audit.read(NoteSearch(since=desk.clock() - hour, until=desk.clock() + hour))
        if note.what is Noted.REFUSED
    ]


def test_a_person_with_a_role_comes_in_where_they_wanted_to_go(desk: Desk) -> None:
    browser = desk.browser()
    assert "Logg inn med Sykehuskontoen" in browser.text("/sign-in?next=%2F%3Fteam%3Dnett")
    answer = come_in(browser, "lea", "/?team=nett")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?team=nett")
    assert "Lea" in browser.text("/")
    lea = desk.store.people.find("lea")
    assert lea
    assert (lea.name, lea.roles, lea.teams) == ("Lea", frozenset({Role.LEAD}), frozenset[str]())


def test_who_is_in_a_teams_group_is_a_member_of_that_team(desk: Desk) -> None:
    assert come_in(desk.browser(), "nils").status_code == 303
    nils = desk.store.people.find("nils")
    assert nils
    assert (nils.roles, nils.teams) == (frozenset({Role.MEMBER}), frozenset({"nett"}))


def test_the_cookies_of_the_way_and_of_the_session_are_kept_from_scripts_and_other_sites(desk: Desk) -> None:
    browser = desk.browser()
    began = browser.client.get(BEGIN)
    attempt = began.headers["set-cookie"]
    assert attempt.startswith("saksgang-attempt=")
    assert all(word in attempt for word in ("HttpOnly", "Max-Age=600", "Path=/", "SameSite=lax"))
    asked = began.headers["location"]
    assert all(word in asked for word in ("response_type=code", "code_challenge_method=S256", "state=", "nonce="))
    answer = browser.get(prove(asked, "lea"))
    kept = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in cookie and "SameSite=lax" in cookie for cookie in kept)
    assert "saksgang-attempt" not in browser.client.cookies, "an answer counts once"


def test_who_has_no_role_is_told_so_and_noted(desk: Desk) -> None:
    browser = desk.browser()
    answer = come_in(browser, "otto")
    assert answer.status_code == 403
    assert "du har ingen rolle her" in answer.text
    assert browser.get("/").status_code == 303
    assert desk.store.people.find("otto") is None
    assert noted(desk)[-1]["why"] == "no_role"


def test_roles_are_taken_anew_at_each_sign_in_and_who_has_lost_them_is_out_everywhere(desk: Desk, place: Provider) -> None:
    first = desk.browser()
    assert come_in(first, "ada").status_code == 303
    place.put("ada", "desk-leads")
    assert come_in(desk.browser(), "ada").status_code == 303
    ada = desk.store.people.find("ada")
    assert ada
    assert ada.roles == {Role.LEAD}
    place.put("ada")
    assert come_in(desk.browser(), "ada").status_code == 403
    assert first.get("/").status_code == 303
    place.put("ada", "desk-leads", "desk-admins")


def test_an_account_of_the_same_name_is_not_taken_over(desk: Desk) -> None:
    lars = desk.hire("lars", Role.ADMIN)
    answer = come_in(desk.browser(), "lars")
    assert answer.status_code == 403
    assert "en annen konto med brukernavnet ditt" in answer.text
    found = desk.store.people.find("lars")
    assert found
    assert (found.subject, found.roles) == (None, lars.roles)


def test_who_is_shut_out_here_stays_out_whatever_the_provider_says(desk: Desk) -> None:
    assert come_in(desk.browser(), "lea").status_code == 303
    lea = desk.store.people.find("lea")
    assert lea
    same = NewPerson(login=lea.login, name=lea.name, roles=lea.roles, subject=lea.subject)
    desk.store.people.change(lea.id, same, desk.clock(), disabled=True)
    answer = come_in(desk.browser(), "lea")
    assert answer.status_code == 403
    assert "sperret" in answer.text
    desk.store.people.change(lea.id, same, desk.clock(), disabled=False)


def test_an_answer_to_another_browser_is_refused(desk: Desk) -> None:
    """Else somebody could sign a person in as themselves and read what that person writes."""
    back = back_of(desk.browser(), "lea")
    stranger = desk.browser()
    assert stranger.get(back).status_code == 400
    way_of(stranger)
    assert stranger.get(back).status_code == 400, "their own attempt has another state"


def test_an_answer_counts_once(desk: Desk) -> None:
    browser = desk.browser()
    back = back_of(browser, "lea")
    kept = browser.client.cookies["saksgang-attempt"]
    assert browser.get(back).status_code == 303
    again = desk.browser()
    again.client.cookies["saksgang-attempt"] = kept
    assert again.get(back).status_code == 403


def test_a_code_that_was_got_by_another_attempt_is_refused(desk: Desk) -> None:
    theirs = back_of(desk.browser(), "lea")
    mine = desk.browser()
    state = way_of(mine).partition("state=")[2].partition("&")[0]
    code = theirs.partition("code=")[2].partition("&")[0]
    answer = mine.get(f"/sign-in/back?code={code}&state={state}")
    assert answer.status_code == 403
    assert "400" in noted(desk)[-1]["fault"], "the verifier is not the one of that code (RFC 7636, 4.6)"


def test_an_attempt_grows_old_and_a_seal_that_is_broken_is_none(desk: Desk) -> None:
    browser = desk.browser()
    back = back_of(browser, "lea")
    desk.clock.pass_on(timedelta(minutes=11))
    assert browser.get(back).status_code == 400
    desk.clock.pass_on(timedelta(minutes=-11))
    other = desk.browser()
    back = back_of(other, "lea")
    kept = other.client.cookies["saksgang-attempt"]
    other.client.cookies.clear()
    other.client.cookies["saksgang-attempt"] = kept[:-1] + ("0" if kept[-1] != "0" else "1")
    assert other.get(back).status_code == 400


def test_an_id_token_that_is_over_is_refused(desk: Desk) -> None:
    """The provider's tokens live for an hour; here it is the day after, on a fresh attempt."""
    desk.clock.pass_on(timedelta(days=2))
    assert come_in(desk.browser(), "lea").status_code == 403
    assert noted(desk)[-1]["fault"].startswith("the identity provider's ID token does not hold: ")


@pytest.mark.parametrize(
    ("query", "status"),
    [("error=access_denied&state={state}", 403), ("code=x&state={state}&iss=https://evil.example", 403), ("code=x", 400), ("", 400)],
)
def test_other_answers_are_refused_in_a_sentence(desk: Desk, query: str, status: int) -> None:
    browser = desk.browser()
    state = way_of(browser).partition("state=")[2].partition("&")[0]
    answer = browser.get(f"/sign-in/back?{query.format(state=state)}")
    assert answer.status_code == status
    assert "Du kom ikke inn" in answer.text
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_way_back_leads_to_our_own_pages_alone(desk: Desk, next: str) -> None:
    assert come_in(desk.browser(), "lea", next).headers["location"] == "/"


def test_an_old_session_of_the_browser_is_over(desk: Desk) -> None:
    browser = desk.person("gunn", Role.LEAD)
    old = browser.client.cookies["saksgang"]
    assert come_in(browser, "lea").status_code == 303
    assert desk.browser().client.get("/", headers={"cookie": f"saksgang={old}"}).status_code == 303


def test_signing_out_leads_to_the_providers_own_sign_out(desk: Desk, place: Provider) -> None:
    browser = desk.browser()
    come_in(browser, "lea")
    answer = browser.send("/sign-out")
    assert answer.status_code == 200
    assert f"url={place.issuer}/oauth/end_session?client_id=desk" in answer.text
    assert browser.get("/").status_code == 303
    local = desk.person("hilde", Role.LEAD)
    assert local.send("/sign-out").status_code == 303, "a local account has no session there"


def test_where_the_provider_is_away_local_accounts_still_work(siv: Profile, desk: Desk) -> None:
    def nowhere(site: Site) -> Site:
        return with_entrance(site, f"http://localhost:{free_port()}")

    with served(siv, desk.store, nowhere) as lonely:
        lonely.clock.now = desk.clock.now
        answer = lonely.browser().get(BEGIN)
        assert answer.status_code == 503
        assert "Sykehuskontoen svarer ikke akkurat nå" in answer.text
        assert lonely.person("tone", Role.LEAD).get("/").status_code == 200


def test_without_a_provider_its_doors_are_closed(siv: Profile, desk: Desk) -> None:
    with served(siv, desk.store) as plain:
        assert plain.browser().get(BEGIN).status_code == 404
        assert plain.browser().get("/sign-in/back?code=x&state=y").status_code == 404
        assert "Logg inn med" not in plain.browser().text("/sign-in")
