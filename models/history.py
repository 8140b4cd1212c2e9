"""The only place for what a file tells of earlier cases, and for what is kept of them: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.kinds import TicketType
from models.records import Mail, Redacted


class Column(StrEnum):
    """What a file may tell of an earlier case."""

    ID = "id"
    OPENED = "opened"
    CLOSED = "closed"
    FROM = "from"
    SUBJECT = "subject"
    BODY = "body"
    TYPE = "type"
    PRIORITY = "priority"
    TEAM = "team"
    SERVICE = "service"
    SOLUTION = "solution"


LABELS = (Column.TYPE, Column.PRIORITY, Column.TEAM, Column.SERVICE)
"""What a classifier says where the file does not."""


class Fault(StrEnum):
    """Why a row is refused; never a word of what it holds."""

    MISSING = "is missing"
    TOO_LONG = "is too long"
    NO_DATE = "is no date that can be read"
    BEFORE_OPENED = "lies before opened"
    NO_TEXT = "is no text or number"
    NOT_JSON = "is no JSON object"
    BROKEN = "has broken quotation marks"
    UNEVEN = "has not as many columns as the first line"
    UNREADABLE = "cannot be read"


class PassedOver(StrEnum):
    """Why a message of a mailbox file is no case of its own."""

    REPLY = "reply"  # in a thread of an earlier one
    AUTOMATIC = "automatic"  # no person wrote it to the desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One earlier case as the file writes it, cells without blanks around them. `place`: the line it begins on."""

    place: int
    cells: Mapping[Column, str]

    @property
    def source_id(self) -> str:
        return self.cells.get(Column.ID, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRefusal:
    """A row, or a message, of which nothing is kept. `key`: the column at fault, or `line` for all of it."""

    place: int
    key: str
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """An earlier case, read. `source_id` is its id in the system that it comes from; `labels` stand as that system words them."""

    place: int
    source_id: str
    opened_at: datetime
    closed_at: datetime | None
    reporter: str
    mail: Mail
    solution: Redacted | None
    labels: Mapping[Column, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCase:
    """An earlier case with every label that a ticket has.

    `guessed`: the fields that the file did not tell, with how likely each is right, None where nobody said how likely. They are a
    machine's guesses: nothing may learn from them. `unknown`: labels that the file told in words that the profile does not know.
    """

    case: PastCase
    type: TicketType
    priority: int
    team: str
    service: str | None
    scope: str
    language: str
    guessed: Mapping[str, float | None]
    unknown: tuple[Column, ...]
