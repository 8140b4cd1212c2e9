"""Other systems that call the desk's API with a token of somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from models.people import Role
from models.tokens import NewToken
from review.api.mounted import PREFIX
from tests.support.pages import Desk


class OtherSystem:
    """A program that bears a token; without one where it is None."""

    def __init__(self, desk: Desk, token: str | None) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.token = token
        self.client = httpx.Client(base_url=desk.served_at + PREFIX, headers=headers, timeout=60, trust_env=False)
        desk.closing.append(self.client)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.client.get(path, params=query)

    def read(self, path: str, **query: Any) -> Any:
        """What is there, as JSON."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.json()

    def post(self, path: str, **values: Any) -> httpx.Response:
        return self.client.post(path, json=values)


def token_of(desk: Desk, login: str, *roles: Role, at_most: frozenset[Role] = frozenset(), teams: frozenset[str] = frozenset()) -> str:
    """A token of a new person."""
    person = desk.hire(login, *roles, teams=teams)
    new = NewToken(person=person.id, name=f"{login}'s system", roles=at_most or person.roles, ends_at=desk.clock() + timedelta(days=1))
    return desk.store.tokens.make(new, desk.clock())


def system_of(desk: Desk, login: str, *roles: Role, teams: frozenset[str] = frozenset()) -> OtherSystem:
    """A system with the token of a new person."""
    return OtherSystem(desk, token_of(desk, login, *roles, teams=teams))
