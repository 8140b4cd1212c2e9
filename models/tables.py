"""The only place for the shape of the database: typed tables, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the base class names it
        if value is not None and value.tzinfo is None:
            raise ValueError("a datetime without a zone reached the store")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  as above
        if value is None:
            return None
        found: datetime = value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime(), dict[str, Any]: JSON()}


class MailRow(Table):
    """One mail, however often it was delivered."""

    __tablename__ = "mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    account: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    truncated: Mapped[bool]
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), index=True)
    message_id: Mapped[str | None] = mapped_column(Text)
    refusal: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    handled_at: Mapped[datetime | None]


class ContentRow(Table):
    """A mail's true bytes, deflated (RFC 1950). A table of its own: SQLite writes a whole row anew when any of it changes."""

    __tablename__ = "content"
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"), primary_key=True)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class SightingRow(Table):
    """Where a mail was seen: the ledger that says which UIDs are known (RFC 9051, 2.3.1.1)."""

    __tablename__ = "sighting"
    account: Mapped[str] = mapped_column(String(200), primary_key=True)
    folder: Mapped[str] = mapped_column(String(500), primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(BigInteger, primary_key=True)  # 32 bits without a sign
    uid: Mapped[str] = mapped_column(String(300), primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"), index=True)
    filed: Mapped[bool] = mapped_column(default=False)


IMPORTED = text("source_id IS NOT NULL")
LISTED_BY = ("team", "status", "type", "priority", "service", "unsure", "due_at", "sought")
"""What lists of tickets are filtered, sorted and searched by: in the index, so that no other row is read for it."""


DOUBTFUL = text("judged_at IS NULL AND status IN ('open', 'answered', 'in-review') AND (doubtful OR mode = 'assist')")
DRAWN = text("judged_at IS NULL AND sampled")
"""What waits for a lead's word. Both databases use an index on a part of a table only where a query says the same in the same words."""


class TicketRow(Table):
    __tablename__ = "ticket"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[str] = mapped_column(String(200))
    account: Mapped[str] = mapped_column(String(200))
    mode: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    solved_at: Mapped[datetime | None]
    subject: Mapped[str] = mapped_column(Text)
    reporter: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    type: Mapped[str] = mapped_column(String(16))
    priority: Mapped[int]
    scope: Mapped[str] = mapped_column(String(32))
    service: Mapped[str | None] = mapped_column(String(64))
    reporter_kind: Mapped[str | None] = mapped_column(String(32))
    team: Mapped[str] = mapped_column(String(64))
    previous_team: Mapped[str | None] = mapped_column(String(64))
    guessed_team: Mapped[str] = mapped_column(String(64))
    unsure: Mapped[bool]
    patient_safety: Mapped[bool]
    change_request: Mapped[bool]
    confidence: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, Any]]
    solution: Mapped[str | None] = mapped_column(Text)
    solution_id: Mapped[int | None] = mapped_column(index=True)
    unsolved: Mapped[str | None] = mapped_column(Text)  # why it was closed without a solution
    risk: Mapped[str | None] = mapped_column(String(32))
    due_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    incident_id: Mapped[int | None] = mapped_column(index=True)
    said: Mapped[str] = mapped_column(Text, server_default="")
    came_by: Mapped[str] = mapped_column(String(16), server_default="mail")
    source_id: Mapped[str | None] = mapped_column(Text)  # its id in the system that it was imported from
    verdict: Mapped[dict[str, Any]] = mapped_column(server_default="{}")  # what the machine said, whatever became of it
    doubtful: Mapped[bool] = mapped_column(server_default=false())
    sampled: Mapped[bool] = mapped_column(server_default=false())
    judged_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")  # one more with each change: who saw an older one may not write
    sought: Mapped[str] = mapped_column(String(200), server_default="")  # the subject as it is searched
    __table_args__ = (
        Index("ix_ticket_judging", "profile", "judged_at", "doubtful"),
        Index("ix_ticket_doubtful", "profile", "priority", "id", sqlite_where=DOUBTFUL, postgresql_where=DOUBTFUL),
        Index("ix_ticket_drawn", "profile", "id", sqlite_where=DRAWN, postgresql_where=DRAWN),
        Index("ix_ticket_queue", "team", "status", "priority", "id"),
        Index("ix_ticket_opened", "profile", "opened_at", "id", *LISTED_BY),
        Index("uq_ticket_source", "profile", "source_id", unique=True, sqlite_where=IMPORTED, postgresql_where=IMPORTED),
        {"sqlite_autoincrement": True},  # a number is never used twice
    )


class SolutionRow(Table):
    """How something was solved, as it reads now; told of by every ticket that it solved."""

    __tablename__ = "solution"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[str] = mapped_column(String(200), index=True)
    state: Mapped[str] = mapped_column(String(16))
    public: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    worked: Mapped[int]
    failed: Mapped[int]
    used_at: Mapped[datetime]


class SolutionVersionRow(Table):
    """Every text that a solution ever had."""

    __tablename__ = "solution_version"
    solution_id: Mapped[int] = mapped_column(ForeignKey("solution.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(Text)


class RepeatRow(Table):
    """A repeat problem as it was found last; its number is that of the case it began with."""

    __tablename__ = "repeat"
    profile: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    service: Mapped[str] = mapped_column(String(64))
    reporters: Mapped[int]
    first: Mapped[datetime]
    last: Mapped[datetime]
    label: Mapped[dict[str, Any]]
    name: Mapped[str | None] = mapped_column(Text)
    cases: Mapped[int] = mapped_column(server_default="0")
    account: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class RepeatSearchRow(Table):
    """When repeat problems were sought last, up to which ticket, when among all, and when a person asked for that."""

    __tablename__ = "repeat_search"
    profile: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime | None]
    whole_at: Mapped[datetime | None]
    newest: Mapped[int]
    asked_at: Mapped[datetime | None]


class RepeatTicketRow(Table):
    """Which tickets a repeat problem has, in their order."""

    __tablename__ = "repeat_ticket"
    profile: Mapped[str] = mapped_column(String(200), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    number: Mapped[int] = mapped_column(index=True)
    place: Mapped[int]


class RepeatWordRow(Table):
    """What a person decided of two tickets, or the name they gave a repeat (`one`): never undone by the machine."""

    __tablename__ = "repeat_word"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[str] = mapped_column(String(200), index=True)
    word: Mapped[str] = mapped_column(String(16))
    one: Mapped[int]
    other: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime]


class ParticipantRow(Table):
    """Who may write in a ticket besides its team."""

    __tablename__ = "participant"
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(320), primary_key=True)


class ThreadRow(Table):
    """Which ticket a Message-ID belongs to; `to_team` marks our own mails to a team, known to nobody else."""

    __tablename__ = "thread"
    message_id: Mapped[str] = mapped_column(Text, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    to_team: Mapped[bool]


class EventRow(Table):
    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(32))
    by: Mapped[str | None] = mapped_column(Text)  # who did it at a page


class IncidentRow(Table):
    """A major incident or an outage; its parent is the ticket that it began with."""

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    announced: Mapped[bool]
    manager: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    prognosis: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


class TimerRow(Table):
    """What must be looked at when its time has come; done timers stay for the ticket's story."""

    __tablename__ = "timer"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    due_at: Mapped[datetime]
    round: Mapped[int]
    done_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_timer_due", "done_at", "due_at"),)


class ParcelRow(Table):
    """The outbox: one outgoing mail each; of no ticket where it is word of the desk itself. `doubts` counts senders that died with it in hand."""

    __tablename__ = "parcel"
    id: Mapped[int] = mapped_column(primary_key=True)
    profile: Mapped[str] = mapped_column(String(200))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"))
    kind: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(16), server_default="mail")
    state: Mapped[str] = mapped_column(String(16))
    recipient: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    facts: Mapped[dict[str, Any]]
    in_reply_to: Mapped[str | None] = mapped_column(Text)
    to_team: Mapped[bool]
    message_id: Mapped[str] = mapped_column(Text, unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index("ix_parcel_state_due", "state", "due_at"), Index("ix_parcel_recipient_sent", "recipient", "sent_at"))


class HealthRow(Table):
    """One mailbox as it was when it was last looked at."""

    __tablename__ = "health"
    account: Mapped[str] = mapped_column(String(200), primary_key=True)
    mode: Mapped[str] = mapped_column(String(8))
    polled_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
