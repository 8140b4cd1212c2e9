"""Who comes in by a token, how often, and how everything else is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.people import NewPerson, Noted, NoteSearch, Role
from models.profiles import Profile
from models.store import Store
from models.tokens import TokenId
from review.api.mounted import PREFIX
from tests.support.pages import Desk, served
from tests.support.systems import OtherSystem, system_of, token_of

LEAD, ADMIN, MEMBER = Role.LEAD, Role.ADMIN, Role.MEMBER


def test_without_a_token_the_answer_says_what_is_wanted(desk: Desk) -> None:
    answer = OtherSystem(desk, None).get("/solutions")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="saksgang"'
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Unauthorized"


@pytest.mark.parametrize("header", ["Basic bGVhOmxlYQ==", "Bearer", "Bearer nonsense", "Bearer æøå"])
def test_what_is_no_token_of_ours_lets_nobody_in(desk: Desk, header: str) -> None:
    answer = OtherSystem(desk, None).client.get("/solutions", headers={b"authorization": header.encode()})
    assert answer.status_code == 401


def test_a_session_of_the_pages_is_no_token(desk: Desk) -> None:
    assert desk.person("lea", LEAD).get(f"{PREFIX}/solutions").status_code == 401


def test_a_token_is_kept_as_a_digest_alone(desk: Desk) -> None:
    token = token_of(desk, "lea", LEAD)
    with desk.store.database.reading() as connection:
        kept = [str(row) for row in connection.exec_driver_sql("SELECT * FROM token")]
    assert token.startswith("saksgang_")
    assert token not in "".join(kept)


def test_a_token_lets_in_until_it_is_over(desk: Desk) -> None:
    system = system_of(desk, "lea", LEAD)
    assert system.get("/solutions").status_code == 200
    desk.clock.pass_on(timedelta(days=1))
    answer = system.get("/solutions")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_token_lets_in_until_it_is_revoked(desk: Desk) -> None:
    system = system_of(desk, "lea", LEAD)
    assert system.get("/solutions").status_code == 200
    [token] = desk.store.tokens.all("lea")
    assert desk.store.tokens.revoke(token.id, desk.clock())
    assert not desk.store.tokens.revoke(token.id, desk.clock())
    assert not desk.store.tokens.revoke(TokenId(9_999), desk.clock())
    assert system.get("/solutions").status_code == 401


def test_a_token_goes_with_its_person(desk: Desk) -> None:
    system, lea = system_of(desk, "lea", LEAD), desk.store.people.find("lea")
    assert lea
    desk.store.people.change(lea.id, NewPerson(login="lea", name="Lea", roles=lea.roles), desk.clock(), disabled=True)
    assert system.get("/solutions").status_code == 401


def test_a_token_may_no_more_than_its_person_may_now(desk: Desk) -> None:
    system, lea = system_of(desk, "lea", LEAD), desk.store.people.find("lea")
    assert lea
    assert system.get("/status").status_code == 200
    desk.store.people.change(lea.id, NewPerson(login="lea", name="Lea", roles=frozenset({MEMBER})), desk.clock(), disabled=False)
    assert system.get("/status").status_code == 403


def test_a_token_may_no_more_than_was_given_to_it(desk: Desk) -> None:
    system = OtherSystem(desk, token_of(desk, "lea", LEAD, MEMBER, at_most=frozenset({MEMBER})))
    assert system.get("/solutions").status_code == 200
    answer = system.get("/status")
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_its_last_use_is_written_down(desk: Desk) -> None:
    system = system_of(desk, "lea", LEAD)
    [token] = desk.store.tokens.all()
    assert token.used_at is None
    system.read("/status")
    assert desk.store.tokens.all()[0].used_at == desk.clock()


def test_who_comes_too_often_is_told_when_to_come_again(siv: Profile, store: Store) -> None:
    with served(siv, store, lambda site: replace(site, calls_a_minute=3)) as desk:
        system, other = system_of(desk, "lea", LEAD), system_of(desk, "lars", LEAD)
        assert [system.get("/status").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert 1 <= int(system.get("/status").headers["retry-after"]) <= 60
        assert other.get("/status").status_code == 200


def test_who_tries_many_tokens_is_stopped_and_the_log_does_not_grow(desk: Desk) -> None:
    guesser = OtherSystem(desk, "saksgang_guessed")
    assert {guesser.get("/status").status_code for _ in range(30)} == {401}
    assert {guesser.get("/status").status_code for _ in range(5)} == {429}
    assert system_of(desk, "lea", LEAD).get("/status").status_code == 200, "who guesses shuts out nobody behind the same proxy"
    kept = list(desk.store.audit.read(NoteSearch(since=desk.clock() - timedelta(hours=1), until=desk.clock() + timedelta(hours=1))))
    assert [(note.what, note.about) for note in kept] == [(Noted.REFUSED, "token")] * 30


def test_a_look_is_noted_with_the_person_and_the_system(desk: Desk) -> None:
    system_of(desk, "lea", LEAD).read("/outbox")
    [note] = desk.store.audit.read(NoteSearch(since=desk.clock() - timedelta(hours=1), until=desk.clock() + timedelta(hours=1)))
    assert (note.who, note.what, note.about) == ("lea", Noted.LIST_SEEN, "outbox")
    assert note.facts == {"token": "1", "system": "lea's system"}
