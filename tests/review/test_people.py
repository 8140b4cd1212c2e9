"""Who may use the pages, as an administrator sees and changes it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from models.people import NewPerson, Note, NoteSearch, Person, Role
from tests.support.pages import Browser, Desk

LINK = re.compile(r'readonly value="http://[^/]+(/invitation/[^"]+)"')


def admin(desk: Desk) -> Browser:
    return desk.person("ada", Role.ADMIN)


def found(desk: Desk, login: str) -> Person:
    return next(person for person in desk.store.people.all() if person.login == login)


def notes(desk: Desk) -> list[Note]:
    day = timedelta(days=1)
    return list(desk.store.audit.read(NoteSearch(since=desk.clock() - day, until=desk.clock() + day)))


def test_a_person_is_added_and_their_link_shown_once(desk: Desk) -> None:
    ada = admin(desk)
    answer = ada.client.post("/people", data={"csrf": ada.csrf(), "login": "Lea", "name": "Lea Lind", "role": ["lead", "analyst"]})
    assert answer.status_code == 200
    link = LINK.search(answer.text)
    assert link
    assert found(desk, "lea").roles == {Role.LEAD, Role.ANALYST}
    assert not LINK.search(ada.text(f"/people/{found(desk, 'lea').id}"))
    lea = desk.browser()
    assert lea.client.post(link[1]).status_code == 303
    assert "Lea Lind" in lea.text("/")
    said = [(note.who, note.what.value) for note in notes(desk) if note.about == "lea"]
    assert said == [("ada", "person-changed"), ("ada", "invited")]


@pytest.mark.parametrize(
    "form",
    [
        {"login": "", "name": "Lea", "role": "lead"},
        {"login": "lea", "name": " ", "role": "lead"},
        {"login": "lea", "name": "Lea"},
        {"login": "lea", "name": "Lea", "role": "owner"},
        {"login": "lea", "name": "Lea", "role": "member", "team": "nobody"},
        {"login": "ada", "name": "Ada", "role": "lead"},
    ],
)
def test_what_makes_no_person_is_refused_in_a_sentence(desk: Desk, form: dict[str, str]) -> None:
    answer = admin(desk).send("/people", **form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert len(desk.store.people.all()) == 1


def test_roles_and_teams_are_changed_and_noted_from_what_to_what(desk: Desk) -> None:
    ada, nils = admin(desk), desk.hire("nils", Role.LEAD)
    answer = ada.send(f"/people/{nils.id}", login="nils", name="Nils N", role="member", team="nett")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/people/{nils.id}")
    now = found(desk, "nils")
    assert (now.name, now.roles, now.teams) == ("Nils N", frozenset({Role.MEMBER}), frozenset({"nett"}))
    assert notes(desk)[-1].facts == {"name": "Nils > Nils N", "roles": "lead > member", "teams": " > nett"}


def test_a_person_is_shut_out_at_once_and_let_in_again(desk: Desk) -> None:
    ada, lea = admin(desk), desk.person("lea", Role.LEAD)
    id = found(desk, "lea").id
    assert ada.send(f"/people/{id}/disabled", disabled="yes").status_code == 303
    assert lea.get("/").status_code == 303
    assert "sperret" in ada.text(f"/people/{id}")
    assert ada.send(f"/people/{id}/link").status_code == 422
    assert ada.send(f"/people/{id}/disabled", disabled="no").status_code == 303
    assert LINK.search(ada.send(f"/people/{id}/link").text)


def test_nobody_takes_their_own_key_away(desk: Desk) -> None:
    ada = admin(desk)
    id = found(desk, "ada").id
    assert ada.send(f"/people/{id}", login="ada", name="Ada", role="lead").status_code == 422
    assert ada.send(f"/people/{id}/disabled", disabled="yes").status_code == 422
    assert found(desk, "ada").roles == {Role.ADMIN}


def test_whoever_comes_in_by_a_provider_gets_no_link(desk: Desk) -> None:
    new = NewPerson(login="eva", name="Eva", roles=frozenset({Role.LEAD}), subject=("https://sso.example", "7"))
    eva, ada = desk.store.people.add(new, desk.clock()), admin(desk)
    assert ada.send(f"/people/{eva.id}/link").status_code == 422
    assert "innloggingstjenesten" in ada.text(f"/people/{eva.id}")
    assert ada.send(f"/people/{eva.id}", login="eva2", name="Eva", role="lead").status_code == 303
    assert found(desk, "eva2").subject == ("https://sso.example", "7"), "a changed login is still the same person"


def test_a_person_that_is_not_there_is_not_there(desk: Desk) -> None:
    ada = admin(desk)
    for path in ("/people/4711", "/people/99999999999999999999", "/people/x"):
        assert ada.get(path).status_code in (404, 422)


def test_what_a_person_is_called_is_text_and_not_markup(desk: Desk) -> None:
    ada = admin(desk)
    ada.send("/people", login="<b>x</b>", name="<script>alert(1)</script>", role="lead")
    assert "<script>alert" not in ada.text("/people")
