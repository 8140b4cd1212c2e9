"""A scripted day: one organisation at work on a real mailbox and a real SMTP server, with a clock that the test sets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from models.records import TicketId
from models.views import TicketView
from tests.support.desk import Office, text_of
from tests.support.mails import content


@dataclass
class Day:
    """People write, the hours pass, and the desk works after each step. Times are the organisation's own."""

    office: Office
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    seen: dict[str, int] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.office.profile.timezone)

    def at(self, moment: str) -> Day:
        """Go to a moment, and let the desk do what falls due until then, in its order."""
        then = datetime.fromisoformat(moment).replace(tzinfo=self.zone).astimezone(UTC)
        assert then >= self.now, "a day never goes back"
        while (due := self._next_due()) is not None and due <= then:
            self._work_at(max(due, self.now))
        self._work_at(then)
        return self

    def write(self, sender: str, subject: str, text: str, *, to: str | None = None) -> None:
        """A mail to the desk, taken in at once."""
        desk = to or self.office.profile.desk.addresses[0]
        self._deliver(content(text, sender=sender, to=desk, subject=subject, Date=self._date()))

    def answer(self, message: EmailMessage, text: str, sender: str | None = None) -> None:
        """An answer to a mail that the desk sent, by its reader or another."""
        named = str(message["Message-ID"])
        self._deliver(
            content(
                text,
                sender=sender or str(message["To"]),
                to=str(message["Reply-To"]),
                subject=f"SV: {message['Subject']}",
                Date=self._date(),
                In_Reply_To=named,
                References=named,
            )
        )

    def new(self, to: str) -> list[EmailMessage]:
        """What has come to an address since it was last looked at."""
        every = self.office.sent(to)
        found = every[self.seen.get(to, 0) :]
        self.seen[to] = len(every)
        return found

    def only(self, to: str) -> EmailMessage:
        """The one mail that has come to an address since it was last looked at."""
        [message] = self.new(to)
        return message

    def ticket(self, number: int) -> TicketView:
        found = self.office.store.tickets.find(TicketId(number))
        assert found is not None
        return found

    def local(self, at: datetime | None) -> str:
        """A moment as the organisation reads it."""
        assert at is not None
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def _deliver(self, mail: bytes) -> None:
        self.office.inboxes[0].deliver(mail)
        self._work_at(self.now)

    def _date(self) -> str:
        return format_datetime(self.now.astimezone(self.zone))

    def _next_due(self) -> datetime | None:
        store, profile = self.office.store, self.office.profile.name
        found = [due for due in (store.timers.next_due(profile), store.outbox.next_due(profile)) if due]
        return min(found, default=None)

    def _work_at(self, moment: datetime) -> None:
        self.now = moment
        self.office.clock = lambda: moment
        assert self.office.work()


def values(message: EmailMessage) -> Mapping[str, str]:
    """What a forward says, by its labels."""
    return dict(re.findall(r"^(\w+): +(.*)$", "\n".join(text_of(message).splitlines()), re.MULTILINE))
