"""The only place for what an operation of the API is: where it is called, by whom, what it takes and gives, and what it may ask of the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema

from models.cases import Case
from models.people import EVERYONE, Note, Noted, Role
from models.profiles import Profile
from models.records import TicketId
from models.store import Store
from models.tokens import Bearer
from review.api.problems import RefusedCallError
from review.visit import Site, reads_mails_of, teams_seen_by

LARGEST = 2**31 - 1
"""The greatest number of a row."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)


def _moment(value: object) -> datetime:
    """A time with its zone (RFC 3339, 5.6)."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        raise ValueError("a time with its zone is wanted, as 2026-03-02T09:00:00Z")
    try:
        return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper()))
    except OverflowError:
        raise ValueError("a time that is none") from None


Moment = Annotated[
    datetime, PlainValidator(_moment), PlainSerializer(datetime.isoformat), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A time that is asked for."""
RowNumber = Annotated[int, Field(ge=1, le=LARGEST)]


class Asked(BaseModel):
    """What a call asks: its fields stand in the path where that names them, else in the query of a GET and the body of a POST."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AskedNothing(Asked):
    """Nothing but the operation itself."""


class AskedOne(Asked):
    """One thing, by its number."""

    id: RowNumber


class Answer(BaseModel):
    """What an operation gives. Times are UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def of(cls, source: object, **more: object) -> Self:
        """As `source` has its fields; `more` are those that it has not, or has otherwise."""
        return cls.model_validate({name: getattr(source, name) for name in cls.model_fields if name not in more} | more)


A = TypeVar("A", bound=Asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of another system, for the person whose token it bears."""

    site: Site
    now: datetime
    bearer: Bearer

    @property
    def profile(self) -> Profile:
        return self.site.profile

    @property
    def store(self) -> Store:
        return self.site.store

    @property
    def sees(self) -> frozenset[str] | None:
        """The teams whose cases may be told; None for every team's."""
        return teams_seen_by(self.bearer.person, self.profile)

    def reads(self, case: Case) -> bool:
        """Whether the words of the case's mails may be told."""
        return reads_mails_of(self.bearer.person, self.profile, str(case.stands["team"]))

    def note(self, what: Noted, /, *, ticket: TicketId | None = None, about: str = "", **facts: str) -> None:
        """Into the log of access: the person, and by which token."""
        by = {"token": str(self.bearer.token), "system": self.bearer.name}
        note = Note(at=self.now, who=self.bearer.person.login, what=what, ticket=ticket, about=about, facts=facts | by)
        self.store.audit.note([note])


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[A]):
    """`name` is its operationId; `run`'s docstring says what it does. `refuses` are statuses that not every operation has."""

    name: str
    path: str
    run: Callable[[Call, A], Answer]
    asked: type[A]
    gives: type[Answer]
    roles: frozenset[Role] = EVERYONE
    method: str = "GET"
    refuses: frozenset[HTTPStatus] = frozenset()

    @property
    def in_path(self) -> frozenset[str]:
        """Names of the fields that stand in the path."""
        return frozenset(re.findall(r"{(\w+)}", self.path))


AnyOperation = Operation[Any]


def not_there(what: str) -> RefusedCallError:
    """What is not there, or is not for this person to know of: the same."""
    return RefusedCallError(HTTPStatus.NOT_FOUND, f"There is no such {what}.")
