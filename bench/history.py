"""A desk's past, invented: cases over months with seasons, busy mornings, answers, closings, corrections; the same in every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import insert

from analyse.listing import Listed
from models.kinds import EventKind, Mode, ParcelKind, ParcelState, TicketStatus, TicketType
from models.profiles import Profile
from models.records import TicketId
from models.repeats import Direction
from models.store import Store
from models.tables import EventRow, ParcelRow, TicketRow
from route.hours import OfficeHours, clocks_of

BY_HOUR = (0.15, 0.1, 0.1, 0.1, 0.15, 0.3, 0.8, 2.2, 3, 3, 2.8, 2.5, 2.2, 2.4, 2.3, 1.8, 1.2, 0.7, 0.5, 0.45, 0.4, 0.35, 0.3, 0.2)
BY_WEEKDAY = (1.25, 1.1, 1.0, 1.0, 0.9, 0.18, 0.15)
BY_MONTH = (1.1, 1.0, 1.0, 0.95, 0.95, 0.9, 0.55, 1.35, 1.15, 1.05, 1.0, 0.8)
"""July is quiet, August brings new passwords."""
TYPES = {TicketType.INCIDENT: 0.55, TicketType.REQUEST: 0.3, TicketType.ORDER: 0.15}
UNSURE_FIRST, UNSURE_LAST = 0.34, 0.17
"""The share that a lead sorts falls as the machine learns."""
MATTERS = ("låst konto", "etikettskriver 4B", "VPN bryter", "skjerm svart", "videomøte uten lyd", "label printer", "blank side i journal")
INSERTED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is to be invented: so many cases from a day until before another."""

    profile: Profile
    cases: int
    first: date
    after: date
    seed: int = 7


Row = dict[str, Any]


def fill(store: Store, past: Past) -> list[Listed]:
    """The past written to an empty store; returns its repeat problems."""
    invention = _Invention(past)
    with store.database.writing() as connection:
        for table, rows in ((TicketRow, invention.tickets), (EventRow, invention.events), (ParcelRow, invention.parcels)):
            left = iter(rows)
            while some := list(islice(left, INSERTED)):
                connection.execute(insert(table), some)
    return list(invention.repeats())


class _Invention:
    def __init__(self, past: Past) -> None:
        self._past = past
        self._draw = np.random.default_rng(past.seed)
        self._zone = ZoneInfo(past.profile.timezone)
        self._clocks = clocks_of(past.profile)
        self.tickets: list[Row] = []
        self.events: list[Row] = []
        self.parcels: list[Row] = []
        for number, opened in enumerate(sorted(self._openings()), 1):
            self._invent(number, opened)

    def repeats(self) -> Iterator[Listed]:
        for number, matter in enumerate(MATTERS):
            own = [row for row in self.tickets if row["id"] % 211 == number]
            if len(own) > 1:
                hours = [(row["solved_at"] - row["opened_at"]) / timedelta(hours=1) for row in own if row["solved_at"]]
                yield Listed(
                    repeat=f"r{number}",
                    label=matter,
                    tickets=tuple(TicketId(row["id"]) for row in own),
                    reporters=len({row["reporter"] for row in own}),
                    first=own[0]["opened_at"],
                    last=own[-1]["opened_at"],
                    direction=Direction.STEADY,
                    trend=round(0.4 * number - 1, 1),
                    service=own[0]["service"] or "",
                    median_hours_to_solve=float(np.median(hours)) if hours else None,
                    known_solution="Låst opp og nytt passord satt." if number % 2 == 0 else None,
                    automation=round(0.9 - 0.12 * number, 2),
                    reason="Samme løsning hver gang." if number % 2 == 0 else "Løsningen varierer.",
                )

    def _openings(self) -> Iterator[datetime]:
        days = [self._past.first + timedelta(days=n) for n in range((self._past.after - self._past.first).days)]
        weights = np.array([BY_WEEKDAY[day.weekday()] * BY_MONTH[day.month - 1] for day in days]) * self._draw.lognormal(0, 0.12, len(days))
        hours = np.array(BY_HOUR) / sum(BY_HOUR)
        for day, count in zip(days, self._draw.multinomial(self._past.cases, weights / weights.sum()), strict=True):
            for hour in self._draw.choice(24, count, p=hours):
                minute, second = self._draw.integers(0, 60, 2)
                yield datetime(day.year, day.month, day.day, int(hour), int(minute), int(second), tzinfo=self._zone)

    def _invent(self, number: int, opened: datetime) -> None:
        profile, draw = self._past.profile, self._draw
        teams = [team for team in profile.teams if team != profile.doubt_team]
        unsure = draw.random() < UNSURE_FIRST + (UNSURE_LAST - UNSURE_FIRST) * number / self._past.cases
        guessed = teams[min(int(draw.exponential(1.6)), len(teams) - 1)]
        moved = draw.random() < 0.07
        priority = int(draw.choice(profile.levels, p=_falling(len(profile.levels))))
        solved = self._solving(opened, priority)
        self.tickets.append(
            {
                "id": number, "profile": profile.name, "account": "desk", "mode": Mode.AUTO, "status": TicketStatus.OPEN,
                "opened_at": opened, "solved_at": None, "subject": "", "reporter": f"person{int(draw.integers(1, 4000))}@example.test",
                "language": profile.default_language, "type": str(draw.choice(list(TYPES), p=list(TYPES.values()))), "priority": priority,
                "scope": profile.default_scope, "service": self._service(), "reporter_kind": None,
                "team": teams[int(draw.integers(len(teams)))] if moved else guessed, "previous_team": None, "guessed_team": guessed,
                "unsure": bool(unsure), "patient_safety": bool(draw.random() < 0.02), "change_request": bool(draw.random() < 0.05),
                "confidence": {"type": 0.9, "priority": 0.8, "team": 0.55 if unsure else 0.92}, "reasons": {}, "said": "",
                "came_by": "mail" if draw.random() < 0.9 else "phone", "due_at": self._due(opened, priority),
            }
        )  # fmt: skip
        self._happen(EventKind.OPENED, opened)
        if draw.random() < 0.05:
            self._offer(opened)
            return
        self._send(ParcelKind.RECEIPT, opened, draw.gamma(2, 9))
        self._send(ParcelKind.FORWARD, opened, draw.gamma(2, 12))
        if unsure or moved:
            self._happen(EventKind.MOVED, opened + (solved - opened) * draw.random() * 0.3)
        self._correct(opened, solved)
        self._answer(opened, solved)

    def _solving(self, opened: datetime, priority: int) -> datetime:
        """Grave cases are solved at any hour, others in office hours."""
        hours = float(self._draw.lognormal(0.3 + 0.55 * priority, 1.1))
        at = opened + timedelta(hours=hours)
        return at if priority == 1 or 7 <= at.hour < 17 else at + timedelta(hours=(31 - at.hour) % 24)

    def _answer(self, opened: datetime, solved: datetime) -> None:
        row, draw, end = self.tickets[-1], self._draw, self._end()
        answered = opened + (solved - opened) * float(draw.beta(1.5, 4))
        if answered < end and draw.random() < 0.6:
            self._happen(EventKind.TEAM_ANSWERED, answered)
        if solved >= end or draw.random() < 0.004:
            return
        self._happen(EventKind.SOLVED, solved)
        row |= {"status": TicketStatus.SOLVED, "solved_at": solved}
        again = solved + timedelta(hours=float(draw.exponential(30)))
        if draw.random() < 0.045 and again < end:
            self._happen(EventKind.REOPENED, again)
            row["status"] = TicketStatus.OPEN
            later = again + timedelta(hours=float(draw.exponential(20)))
            if later < end:
                self._happen(EventKind.SOLVED, later)
                row |= {"status": TicketStatus.SOLVED, "solved_at": later}

    def _offer(self, opened: datetime) -> None:
        """An answer from the list: most help."""
        row, helped = self.tickets[-1], opened + timedelta(days=5)
        row["due_at"] = None
        self._send(ParcelKind.FAQ, opened, self._draw.gamma(2, 9))
        if helped < self._end():
            kind = EventKind.FAQ_HELPED if self._draw.random() < 0.7 else EventKind.FAQ_FAILED
            self._happen(kind, helped)
            if kind is EventKind.FAQ_HELPED:
                row |= {"status": TicketStatus.SOLVED, "solved_at": helped}

    def _correct(self, opened: datetime, solved: datetime) -> None:
        for kind, share in ((EventKind.PRIORITY_CHANGED, 0.06), (EventKind.TYPE_CHANGED, 0.03)):
            if self._draw.random() < share:
                self._happen(kind, opened + (solved - opened) * float(self._draw.random()))

    def _due(self, opened: datetime, priority: int) -> datetime | None:
        deadline = self._past.profile.deadlines.get(str(priority))
        clock: OfficeHours | None = self._clocks.get(deadline.hours) if deadline else None
        return clock.after(opened, timedelta(minutes=deadline.minutes)) if clock and deadline else None

    def _service(self) -> str | None:
        services: Sequence[str] = list(self._past.profile.services)
        place = int(self._draw.exponential(2.5))
        return services[min(place, len(services) - 1)] if services else None

    def _happen(self, kind: EventKind, at: datetime) -> None:
        if at < self._end():
            self.events.append({"ticket_id": self.tickets[-1]["id"], "mail_id": None, "at": at, "kind": kind})

    def _send(self, kind: ParcelKind, opened: datetime, seconds: float) -> None:
        ticket = self.tickets[-1]["id"]
        self.parcels.append(
            {
                "profile": self._past.profile.name, "ticket_id": ticket, "mail_id": None, "kind": kind, "state": ParcelState.SENT, "recipient": "", "language": "nb",
                "facts": {}, "in_reply_to": None, "to_team": kind is ParcelKind.FORWARD, "message_id": f"<{kind}-{ticket}@example.test>",
                "attempts": 1, "doubts": 0, "created_at": opened, "due_at": opened, "sent_at": opened + timedelta(seconds=seconds),
            }
        )  # fmt: skip

    def _end(self) -> datetime:
        return datetime(self._past.after.year, self._past.after.month, self._past.after.day, tzinfo=self._zone)


def _falling(levels: int) -> list[float]:
    """Few grave cases, most of the last but one."""
    shares = np.array([0.02, 0.1, 0.5, 0.38, 0.2][:levels])
    return list(shares / shares.sum())
