"""The only place for the tables of the pages: people, their sessions, what they judged, what they looked at."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Double, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables import Table


class PersonRow(Table):
    """Who may use the pages: by a password (argon2), by an identity provider, or both."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(Text)
    password: Mapped[str | None] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(String(500))
    subject: Mapped[str | None] = mapped_column(String(500))
    roles: Mapped[list[str]] = mapped_column(JSON)
    teams: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("issuer", "subject"),)


class SessionRow(Table):
    """One browser that is signed in; only a digest of its secret is kept."""

    __tablename__ = "session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200), server_default="")
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class InvitationRow(Table):
    """A link that lets one person in, once."""

    __tablename__ = "invitation"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditRow(Table):
    """The log of access: added to, and forgotten after its time."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(32))
    ticket_id: Mapped[int | None] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_audit_who", "who", "id"),)


class JudgementRow(Table):
    """What a person said of a decision of the machine: never undone, a later one counts."""

    __tablename__ = "judgement"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[str] = mapped_column(String(200))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    said: Mapped[dict[str, Any]]
    meant: Mapped[dict[str, Any]]
    example: Mapped[dict[str, Any]]
    stood: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # what the ticket had before
    __table_args__ = (Index("ix_judgement_at", "profile", "at"),)


class TrainingRow(Table):
    """One training of the classifier: asked for, under way, done."""

    __tablename__ = "training"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime]  # when it last said how far it is
    state: Mapped[str] = mapped_column(String(16))
    doing: Mapped[str] = mapped_column(Text)
    share: Mapped[float] = mapped_column(Double)
    version: Mapped[str] = mapped_column(String(32))
    why: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("ix_training_state", "profile", "state"),)


class TokenRow(Table):
    """By what another system comes in for a person; only a digest of its secret is kept."""

    __tablename__ = "token"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
