"""The only place where people, their sessions and their one-time links are read and written. Of secrets only digests are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from models.errors import StoreError
from models.people import NewPerson, Person, PersonId, Role, Session, SessionLine
from models.people_tables import InvitationRow, PersonRow, SessionRow
from models.store.engine import Database

SECRET_BYTES = 32
MOST_OF_BROWSER = 200
SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is written down at most this often."""


class PeopleShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, person: NewPerson, now: datetime) -> Person:
        """`ValuesRefusedError` where the login is taken."""
        issuer, subject = person.subject or (None, None)
        values = {
            "login": person.login, "name": person.name, "roles": sorted(person.roles), "teams": sorted(person.teams),
            "issuer": issuer, "subject": subject, "created_at": now,
        }  # fmt: skip
        with self._database.writing() as connection:
            row = connection.execute(insert(PersonRow).values(values).returning(*PersonRow.__table__.columns)).one()
        return person_of(row)

    def change(self, id: PersonId, person: NewPerson, now: datetime, *, disabled: bool) -> None:
        """Name, roles, teams and whether they may come in at all; a person who may not is signed out everywhere."""
        issuer, subject = person.subject or (None, None)
        values: dict[str, Any] = {
            "login": person.login, "name": person.name, "roles": sorted(person.roles), "teams": sorted(person.teams),
            "issuer": issuer, "subject": subject, "disabled_at": now if disabled else None,
        }  # fmt: skip
        with self._database.writing() as connection:
            if connection.execute(update(PersonRow).where(PersonRow.id == id).values(values)).rowcount != 1:
                raise StoreError(f"there is no person {id}")
            if disabled:
                connection.execute(delete(SessionRow).where(SessionRow.person_id == id))
                connection.execute(delete(InvitationRow).where(InvitationRow.person_id == id))

    def all(self) -> list[Person]:
        """By login."""
        with self._database.reading() as connection:
            return [person_of(row) for row in connection.execute(select(PersonRow).order_by(PersonRow.login))]

    def find(self, login: str) -> Person | None:
        return self._one(select(PersonRow).where(PersonRow.login == login))

    def known(self, issuer: str, subject: str) -> Person | None:
        """Who an identity provider says this is, also where they may not come in."""
        return self._any(select(PersonRow).where(PersonRow.issuer == issuer, PersonRow.subject == subject))

    def numbered(self, id: PersonId) -> Person | None:
        """Also one who may not come in."""
        return self._any(select(PersonRow).where(PersonRow.id == id))

    def password_of(self, login: str) -> tuple[Person, str | None] | None:
        """A person and the digest of their password, None where they have none."""
        with self._database.reading() as connection:
            row = connection.execute(select(PersonRow).where(PersonRow.login == login)).one_or_none()
        return (person_of(row), row.password) if row else None

    def set_password(self, id: PersonId, digest: str) -> None:
        with self._database.writing() as connection:
            connection.execute(update(PersonRow).where(PersonRow.id == id).values(password=digest))

    def speak(self, id: PersonId, language: str) -> None:
        """The language of the person's pages."""
        with self._database.writing() as connection:
            connection.execute(update(PersonRow).where(PersonRow.id == id).values(language=language))

    def invite(self, id: PersonId, ends_at: datetime) -> str:
        """A secret that lets the person in once, until then; an earlier one does no longer."""
        token = secrets.token_urlsafe(SECRET_BYTES)
        with self._database.writing() as connection:
            connection.execute(delete(InvitationRow).where(InvitationRow.person_id == id))
            connection.execute(insert(InvitationRow).values(token_hash=_digest(token), person_id=id, ends_at=ends_at))
        return token

    def invited(self, token: str, now: datetime) -> Person | None:
        """Whose invitation this is, still unused."""
        query = select(PersonRow).join(InvitationRow, InvitationRow.person_id == PersonRow.id).where(*_stands(token, now))
        return self._one(query)

    def accept(self, token: str, now: datetime) -> Person | None:
        """The person that the secret lets in; None where it was used, is too old or unknown."""
        used = update(InvitationRow).where(*_stands(token, now)).values(used_at=now).returning(InvitationRow.person_id)
        with self._database.writing() as connection:
            id = connection.scalar(used)
            row = connection.execute(select(PersonRow).where(PersonRow.id == id)).one_or_none() if id is not None else None
        return _welcome(row)

    def begin_session(self, id: PersonId, now: datetime, ends_at: datetime, browser: str = "") -> str:
        """The secret of a new session."""
        token = secrets.token_urlsafe(SECRET_BYTES)
        values = {
            "token_hash": _digest(token),
            "person_id": id,
            "csrf": secrets.token_urlsafe(SECRET_BYTES),
            "browser": browser[:MOST_OF_BROWSER],
        }
        with self._database.writing() as connection:
            connection.execute(insert(SessionRow).values(values | {"begun_at": now, "seen_at": now, "ends_at": ends_at}))
        return token

    def session(self, token: str, now: datetime, idle: timedelta, *, used: bool = True) -> Session | None:
        """The session of this secret, unless it is over or was not used for so long."""
        known = SessionRow.token_hash == _digest(token)
        query = select(SessionRow, *PersonRow.__table__.columns).join(PersonRow, PersonRow.id == SessionRow.person_id).where(known)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        person = _welcome(row)
        if row is None or person is None or row.ends_at <= now or row.seen_at + idle <= now:
            return None
        if used and row.seen_at + SEEN_EVERY <= now:
            with self._database.writing() as connection:
                connection.execute(update(SessionRow).where(known).values(seen_at=now))
        return Session(key=row.token_hash, person=person, csrf=row.csrf, begun_at=row.begun_at, ends_at=row.ends_at)

    def sessions(self, id: PersonId, now: datetime, idle: timedelta) -> list[SessionLine]:
        """Where a person is signed in, the browser that was used last first."""
        columns = SessionRow.token_hash, SessionRow.browser, SessionRow.begun_at, SessionRow.seen_at
        going_on = SessionRow.person_id == id, SessionRow.ends_at > now, SessionRow.seen_at > now - idle
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).where(*going_on).order_by(SessionRow.seen_at.desc(), SessionRow.token_hash)).all()
        return [SessionLine(key=row.token_hash, browser=row.browser, begun_at=row.begun_at, seen_at=row.seen_at) for row in rows]

    def end_session(self, id: PersonId, key: str) -> None:
        """One of a person's own; nobody else's, whoever knows its key."""
        with self._database.writing() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.token_hash == key, SessionRow.person_id == id))

    def end_sessions(self, id: PersonId, but: str = "") -> None:
        """Everywhere: a new password was set. All but one where its key is given."""
        with self._database.writing() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.person_id == id, SessionRow.token_hash != but))

    def forget(self, now: datetime) -> int:
        """Sessions and links that are over; how many those were."""
        with self._database.writing() as connection:
            sessions = connection.execute(delete(SessionRow).where(SessionRow.ends_at <= now)).rowcount
            return sessions + connection.execute(delete(InvitationRow).where(InvitationRow.ends_at <= now)).rowcount

    def _any(self, query: Select[Any]) -> Person | None:
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return person_of(row) if row is not None else None

    def _one(self, query: Select[Any]) -> Person | None:
        with self._database.reading() as connection:
            return _welcome(connection.execute(query).one_or_none())


def _stands(token: str, now: datetime) -> tuple[Any, ...]:
    return InvitationRow.token_hash == _digest(token), InvitationRow.used_at.is_(None), InvitationRow.ends_at > now


def _digest(token: str) -> str:
    """A secret of full entropy needs no salt and no slow digest."""
    return hashlib.sha256(token.encode()).hexdigest()


def _welcome(row: Row[Any] | None) -> Person | None:
    """The person, unless they may not come in any more."""
    return person_of(row) if row is not None and row.disabled_at is None else None


def person_of(row: Row[Any]) -> Person:
    """From a row with every column of `PersonRow`."""
    return Person(
        id=PersonId(row.id),
        login=row.login,
        name=row.name,
        roles=frozenset(map(Role, row.roles)),
        teams=frozenset(row.teams),
        language=row.language,
        subject=(row.issuer, row.subject) if row.subject is not None else None,
        disabled=row.disabled_at is not None,
    )
