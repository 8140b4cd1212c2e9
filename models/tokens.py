"""The only place for tokens as values: by what another system comes in for a person, without a browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from models.people import Person, PersonId, Role

TokenId = NewType("TokenId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token before it is made. `name` says what it is for; `roles` are the most that it may, whatever the person may."""

    person: PersonId
    name: str
    roles: frozenset[Role]
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is kept: of its secret nothing."""

    id: TokenId
    login: str
    name: str
    roles: frozenset[Role]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Who comes in by a token: the person, with no more roles than the token has. `token` and `name` say which it is."""

    token: TokenId
    name: str
    person: Person
