"""A desk at work inside a test: one organisation, a store, a mailbox, an SMTP server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage

from classify.model import TrainedModel
from models.profiles import Profile
from models.records import Account, SmtpServer
from models.store import Store
from models.views import Handled
from run.desk import Clock, utc_now
from run.loop import Loop
from run.settings import Environment
from run.wire import make_desk
from tests.support.inbox import Inbox
from tests.support.smtp import SmtpSink

TOKEN = re.compile(r"\[(SIV-\d+-[a-z2-7]{8})\]")


@dataclass
class Office:
    """`work()` is one round of everything; what was said of mails is in `told`."""

    profile: Profile
    store: Store
    inboxes: Sequence[Inbox]
    smtp: SmtpSink
    environment: Environment
    accounts: list[Account]
    model: TrainedModel | None = None
    clock: Clock = utc_now
    told: list[Handled] = field(default_factory=list)

    def work(self, server: SmtpServer | None = None) -> bool:
        desk = replace(make_desk(self.profile, self.store, self.model, self.accounts, self.environment), clock=self.clock)
        return Loop(desk, self.accounts, server or self.smtp.server, self.told.extend).once()

    def sent(self, to: str) -> list[EmailMessage]:
        return self.smtp.messages(to)

    def last(self, to: str) -> EmailMessage:
        return self.sent(to)[-1]


def team_addresses(profile: Profile) -> set[str]:
    return {team.address for team in profile.teams.values()}


def to_teams(office: Office) -> list[EmailMessage]:
    return [message for address in team_addresses(office.profile) for message in office.sent(address)]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
