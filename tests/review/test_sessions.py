"""Where a person is signed in, as they see it, and end it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from models.people import Noted, Role
from review.staffing import as_before
from tests.support.pages import Browser, Desk, all_noted

KEY = re.compile(r'name="session" value="([0-9a-f]{64})"')
OLD, NEW = "tolv bokstaver og mer", "enda flere bokstaver"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def again(desk: Desk, login: str, agent: str = FIREFOX) -> Browser:
    """The same person in another browser."""
    browser, person = desk.browser(), desk.store.people.find(login)
    assert person
    browser.client.headers["user-agent"] = agent
    assert browser.client.post(desk.link(person)).status_code == 303
    return browser


def test_a_person_sees_their_own_browsers_and_ends_one(desk: Desk) -> None:
    here = desk.person("lea", Role.LEAD)
    there = again(desk, "lea")
    desk.person("nils", Role.LEAD)
    page = here.text("/sessions")
    assert "Firefox, Windows" in page
    assert page.count("Denne nettleseren") == 1
    [key] = KEY.findall(page)
    assert here.send("/sessions/end", session=key).headers["location"] == "/sessions"
    assert there.get("/").status_code == 303
    assert here.get("/").status_code == 200


def test_all_others_are_ended_at_once(desk: Desk) -> None:
    here = desk.person("lea", Role.LEAD)
    others = [again(desk, "lea") for _ in range(2)]
    assert here.send("/sessions/end-others").status_code == 303
    assert [browser.get("/").status_code for browser in others] == [303, 303]
    assert here.get("/").status_code == 200


def test_nobody_ends_the_session_of_another(desk: Desk) -> None:
    lea, nils = desk.person("lea", Role.LEAD), desk.person("nils", Role.ADMIN)
    again(desk, "lea")
    [key] = KEY.findall(lea.text("/sessions"))
    assert KEY.findall(nils.text("/sessions")) == []
    nils.send("/sessions/end", session=key)
    assert KEY.findall(lea.text("/sessions")) == [key]


def test_a_new_password_holds_and_ends_every_other_session(desk: Desk) -> None:
    here, there = desk.person("lea", Role.LEAD), again(desk, "lea")
    assert "Nåværende passord" not in here.text("/sessions")
    assert "gjelder fra nå av" in here.send("/sessions/password", new=OLD).text
    assert [here.get("/").status_code, there.get("/").status_code] == [200, 303]

    assert "Nåværende passord" in here.text("/sessions")
    assert here.send("/sessions/password", old=OLD, new=NEW).status_code == 200
    assert [comes_in(desk, OLD), comes_in(desk, NEW)] == [False, True]
    noted = [(note.who, note.about, note.facts) for note in all_noted(desk.store) if note.what is Noted.PERSON_CHANGED]
    assert noted == [("lea", "lea", {"done": "new password"})] * 2


def test_a_password_is_not_changed_without_the_one_that_holds(desk: Desk) -> None:
    here = desk.person("lea", Role.LEAD)
    here.send("/sessions/password", new=OLD)
    for given in ({"old": "feil"}, {}):
        refused = here.send("/sessions/password", new=NEW, **given)
        assert (refused.status_code, "Ingenting er endret" in refused.text) == (403, True)
    assert here.send("/sessions/password", old=OLD, new="kort").status_code == 422
    assert [comes_in(desk, OLD), comes_in(desk, NEW)] == [True, False]
    assert [here.send("/sessions/password", old="feil", new=NEW).status_code for _ in range(6)][-1] == 429


def test_whom_a_provider_vouches_for_gets_no_password_here(desk: Desk) -> None:
    here = desk.person("lea", Role.LEAD)
    lea = desk.store.people.find("lea")
    assert lea
    desk.store.people.change(lea.id, replace(as_before(lea), subject=("https://id.example", "7")), desk.clock(), disabled=False)
    assert "/sessions/password" not in here.text("/sessions")
    assert here.send("/sessions/password", new=NEW).status_code == 404


def comes_in(desk: Desk, password: str) -> bool:
    return desk.browser().client.post("/sign-in", data={"login": "lea", "password": password, "next": "/"}).status_code == 303


def test_sessions_that_are_over_are_not_shown_and_are_forgotten(desk: Desk) -> None:
    desk.person("lea", Role.LEAD)
    desk.clock.pass_on(timedelta(hours=3))
    later = again(desk, "lea")
    assert KEY.findall(later.text("/sessions")) == []
    desk.clock.pass_on(timedelta(hours=13))
    assert desk.store.people.forget(desk.clock()) >= 2
    assert later.get("/").status_code == 303


def test_a_browser_that_says_much_of_itself_is_kept_short(desk: Desk) -> None:
    desk.person("lea", Role.LEAD)
    lea = again(desk, "lea", "<script>" + "x" * 5000)
    assert "<script>x" not in lea.text("/sessions")
    assert "Ukjent nettleser" in lea.text("/sessions")
