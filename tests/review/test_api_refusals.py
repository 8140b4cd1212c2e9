"""How the API refuses what is not as it is described: always a problem, never a word of what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.people import Role
from models.profiles import Profile
from models.store import open_store
from tests.support.pages import served
from tests.support.systems import OtherSystem, system_of


@pytest.fixture(scope="module")
def system(siv: Profile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherSystem]:
    """A lead's system at a desk with nothing in it: what is refused does not come near the database."""
    folder: Path = tmp_path_factory.mktemp("refusals")
    store = open_store(f"sqlite:///{folder / 'saksgang.db'}")
    with served(siv, store) as desk:
        yield system_of(desk, "lea", Role.LEAD)
    store.close()


@pytest.mark.parametrize("path", ["/nothing", "/solutions/", "/solutions/1", "/"])
def test_what_is_not_there_is_a_problem(system: OtherSystem, path: str) -> None:
    answer = system.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_method_that_is_not_there_is_told_with_those_that_are(system: OtherSystem) -> None:
    answer = system.client.delete("/solutions")
    assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert answer.json()["title"] == "Method Not Allowed"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": ["1", "2"]}, "limit"),
        ({"stat": "dead"}, "stat"),
        ({"state": "x"}, "state"),
    ],
)
def test_a_value_that_is_not_as_described_is_named(system: OtherSystem, query: dict[str, str], field: str) -> None:
    answer = system.get("/outbox", **query)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["faults"]] == [field]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"{}", "application/json", 422),
        (b'{"version": "1"}', "application/json", 422),
        (b'{"version": 1, "more": 1}', "application/json", 422),
        (b'{"version": 1}', "text/plain", 415),
        (b" " * 200_000, "application/json", 413),
    ],
)
def test_a_body_that_is_not_as_described_is_refused(system: OtherSystem, body: bytes, kind: str, status: int) -> None:
    answer = system.client.post("/solutions/1/confirmation", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.json()["status"] == status
