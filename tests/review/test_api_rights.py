"""The API and the pages agree: who sees which case, and who may do what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from models.people import EVERYONE, Role
from models.profiles import Profile
from models.store import open_store
from tests.support.filled import WORDS, fill, pipeline_desk
from tests.support.pages import Browser, Clock, Desk, served
from tests.support.systems import OtherSystem, system_of

LEAD, MEMBER = Role.LEAD, Role.MEMBER
ALL = range(1, len(WORDS) + 1)
NUMBERS = count(1)
PAGE_OF = {"/outbox": "/post", "/status": "/post", "/quarantine": "/post", "/cases": "/cases"}


@pytest.fixture(scope="module")
def desk(siv: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk at work for all: who may what does not depend on the database."""
    folder: Path = tmp_path_factory.mktemp("rights")
    store = open_store(f"sqlite:///{folder / 'saksgang.db'}")
    fill(pipeline_desk(siv, store, folder, Clock()))
    with served(siv, store) as opened:
        yield opened
    store.close()


def both(desk: Desk, *roles: Role, teams: frozenset[str] = frozenset()) -> tuple[OtherSystem, Browser]:
    """The system of one person and the browser of another who may the same."""
    number = next(NUMBERS)
    return system_of(desk, f"system{number}", *roles, teams=teams), desk.person(f"person{number}", *roles, teams=teams)


@pytest.mark.parametrize("roles", [{LEAD}, {Role.ANALYST}, {Role.ADMIN}, {MEMBER}, {MEMBER, LEAD}])
def test_who_sees_which_case(desk: Desk, roles: set[Role]) -> None:
    everything = both(desk, LEAD)[0].read("/cases")["cases"]
    teams = frozenset({everything[0]["team"]})
    system, browser = both(desk, *roles, teams=teams)
    seen = {case["id"] for case in system.read("/cases")["cases"]}
    assert seen == {int(number) for number in re.findall(r"/cases/SIV-(\d+)", browser.text("/cases"))}
    assert seen == (set(ALL) if roles != {MEMBER} else {case["id"] for case in everything if case["team"] in teams})
    for number in ALL:
        expected = 200 if number in seen else 404
        assert system.get(f"/cases/{number}").status_code == browser.get(f"/cases/SIV-{number}").status_code == expected


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_who_may_look_at_what(desk: Desk, role: Role) -> None:
    system, browser = both(desk, role)
    for path, page in PAGE_OF.items():
        assert system.get(path).status_code == browser.get(page).status_code, path


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_nobody_but_a_lead_judges_and_no_queue_is_open_to_others(desk: Desk, role: Role) -> None:
    system, browser = both(desk, role)
    answer = system.post("/cases/99/judgement", version=1)
    assert (answer.status_code, browser.get("/queue").status_code) == ((404, 200) if role is LEAD else (403, 403))
