"""The only place where tokens of other systems are made, known again and revoked. Of a secret only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update

from models.people import Role
from models.people_tables import PersonRow, TokenRow
from models.store.engine import Database
from models.store.people import person_of
from models.tokens import Bearer, NewToken, Token, TokenId

SECRET_BYTES = 32
MARK = "saksgang_"
"""How every token begins, so that one that was left in a file is found by those who look for secrets."""
USED_EVERY = timedelta(minutes=1)
"""A token's last use is written down at most this often."""


class TokenShelf:
    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, new: NewToken, now: datetime) -> str:
        """The secret of a new token, told once."""
        token = MARK + secrets.token_urlsafe(SECRET_BYTES)
        values = {
            "token_hash": _digest(token), "person_id": new.person, "name": new.name, "roles": sorted(new.roles),
            "made_at": now, "ends_at": new.ends_at,
        }  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(insert(TokenRow).values(values))
        return token

    def bearer(self, token: str, now: datetime) -> Bearer | None:
        """Who comes in by this secret; None where it is unknown, revoked or over, or the person may not come in any more."""
        query = _tokens().add_columns(*PersonRow.__table__.columns).where(TokenRow.token_hash == _digest(token))
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.revoked_at is not None or row.token_ends_at <= now or row.disabled_at is not None:
            return None
        if row.used_at is None or row.used_at + USED_EVERY <= now:
            with self._database.writing() as connection:
                connection.execute(update(TokenRow).where(TokenRow.id == row.token_id).values(used_at=now))
        person = person_of(row)
        may = person.roles & frozenset(map(Role, row.token_roles))
        return Bearer(token=TokenId(row.token_id), name=row.token_name, person=replace(person, roles=may))

    def all(self, login: str | None = None) -> list[Token]:
        """Those of one person, or everybody's; also those that are over or revoked."""
        query = _tokens().add_columns(PersonRow.login).order_by(TokenRow.id)
        with self._database.reading() as connection:
            return [_token(row) for row in connection.execute(query if login is None else query.where(PersonRow.login == login))]

    def revoke(self, id: TokenId, now: datetime) -> bool:
        """From now on it lets nobody in; False where there is no such token, or it was revoked before."""
        stands = update(TokenRow).where(TokenRow.id == id, TokenRow.revoked_at.is_(None))
        with self._database.writing() as connection:
            return connection.execute(stands.values(revoked_at=now)).rowcount == 1


def _digest(token: str) -> str:
    """A secret of full entropy needs no salt and no slow digest."""
    return hashlib.sha256(token.encode()).hexdigest()


def _tokens() -> Any:
    return select(
        TokenRow.id.label("token_id"),
        TokenRow.name.label("token_name"),
        TokenRow.roles.label("token_roles"),
        TokenRow.ends_at.label("token_ends_at"),
        TokenRow.made_at,
        TokenRow.used_at,
        TokenRow.revoked_at,
    ).join(PersonRow, PersonRow.id == TokenRow.person_id)


def _token(row: Row[Any]) -> Token:
    return Token(
        id=TokenId(row.token_id),
        login=row.login,
        name=row.token_name,
        roles=frozenset(map(Role, row.token_roles)),
        made_at=row.made_at,
        ends_at=row.token_ends_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
