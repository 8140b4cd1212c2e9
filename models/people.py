"""The only place for who uses the pages: people, what they may, and what is noted of them. Frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from models.records import TicketId

PersonId = NewType("PersonId", int)


class Role(StrEnum):
    """What a person does at the desk; one may have several."""

    MEMBER = "member"  # of a team: its own cases
    ANALYST = "analyst"  # reports, repeat problems, solutions
    LEAD = "lead"  # judges what the machine decided, and all that waits for a person
    ADMIN = "admin"  # people, settings, the log of what was looked at


EVERYONE = frozenset(Role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is signed in. `login` is unique in an installation; `teams` are those whose cases a member sees.

    `language` is None where the pages speak the organisation's own. `subject` is who they are to an identity provider (OpenID Connect
    Core, 2: `iss` and `sub` together), None for a local account.
    """

    id: PersonId
    login: str
    name: str
    roles: frozenset[Role]
    teams: frozenset[str]
    language: str | None = None
    subject: tuple[str, str] | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person before they have a number."""

    login: str
    name: str
    roles: frozenset[Role]
    teams: frozenset[str] = frozenset()
    subject: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser of one person. `csrf` stands in every form that the person is shown, and nobody else knows it.

    `key` names the session in the store; it is not its secret.
    """

    key: str
    person: Person
    csrf: str
    begun_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A session as its person sees it in a list. `browser` is what it called itself."""

    key: str
    browser: str
    begun_at: datetime
    seen_at: datetime


class Noted(StrEnum):
    """What the log of access keeps: every look at a mail and every change, by whom."""

    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    REFUSED = "refused"  # a sign-in that failed
    INVITED = "invited"  # a one-time link was made
    PERSON_CHANGED = "person-changed"
    MAIL_SEEN = "mail-seen"
    CASE_SEEN = "case-seen"
    CASE_JUDGED = "case-judged"
    LIST_SEEN = "list-seen"
    RETRIED = "retried"
    SOLUTION_CHANGED = "solution-changed"
    REPEAT_CHANGED = "repeat-changed"
    REPORT_SEEN = "report-seen"
    MODEL_CHANGED = "model-changed"
    EXPORTED = "exported"
    KEY_MADE = "token-made"
    KEY_REVOKED = "token-revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line of the log of access. `who` is the login as it was; `about` names a thing that is no ticket (`L-12`, `mail 7`).

    `facts` hold what was changed, from and to; no word of a mail, no address of a reporter.
    """

    at: datetime
    who: str
    what: Noted
    ticket: TicketId | None = None
    about: str = ""
    facts: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSearch:
    """Which lines of the log: `until` is not among them, `who` and `ticket` where they are given."""

    since: datetime
    until: datetime
    who: str = ""
    ticket: TicketId | None = None
