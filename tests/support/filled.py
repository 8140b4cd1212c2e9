"""A store as a working desk leaves it: mails taken through the pipeline, some answered, one in quarantine, one that nobody took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from classify.model import TrainedModel
from ingest.redact import redact
from models.kinds import EventKind, Mode, ParcelState, Source, TicketStatus
from models.outcomes import JoinTicket, ParcelFate, Quarantine, Step, TicketChange
from models.profiles import Profile
from models.records import Account, TicketId
from models.store import Store
from run.desk import Clock, Desk, utc_now
from run.pipeline import handle
from run.settings import Environment
from run.wire import make_desk
from tests.support.mails import content, raw
from tests.support.mails import mail as read_mail

WORDS = (
    ("Skriver", "Skriveren på rom 4 svarer ikke lenger."),
    ("Passord", "Jeg har glemt passordet mitt og kommer ikke inn."),
    ("Ny skjerm", "Vi trenger en ny skjerm til kontoret, kan dere bestille?"),
    ("DIPS er nede", "Ingen på avdelingen kommer inn i DIPS, hele sykehuset er rammet."),
    ("Nettverk", "Trådløst nett faller ut hele tiden på sengepost 3."),
)
WORKER = "a worker"


MAILBOX = "ikt"


def pipeline_desk(
    profile: Profile, store: Store, home: Path, clock: Clock = utc_now, *, mode: Mode = Mode.AUTO, more: Mapping[str, Mode] | None = None,
    model: TrainedModel | None = None,
) -> Desk:  # fmt: skip
    """One organisation at work without a mail server; `more` mailboxes by name. Without a model keywords decide, the same in every run."""
    modes = {MAILBOX: mode, **(more or {})}
    accounts = [Account(name=name, profile=profile.name, source=Source.MAILDIR, mode=own) for name, own in modes.items()]
    return replace(make_desk(profile, store, model, accounts, Environment(home=home)), clock=clock)


def come_in(desk: Desk, contents: Sequence[bytes], account: str = MAILBOX) -> None:
    """These mails lie in the mailbox and are handled."""
    handle(desk.store.mails.keep([raw(body, account=account) for body in contents]), desk)


def fill(desk: Desk) -> None:
    """Some days' mails, and what goes wrong with some."""
    come_in(desk, [content(text, subject=subject) for subject, text in WORDS])
    go_wrong(desk)


def go_wrong(desk: Desk) -> None:
    """The first outgoing mail is dead, and one mail more has come and is in quarantine."""
    outbox = desk.store.outbox
    parcels = outbox.claim(desk.profile.name, WORKER, desk.clock(), 100)
    first = min(parcel.id for parcel in parcels)
    fates = [
        ParcelFate(id=parcel.id, state=ParcelState.DEAD if parcel.id == first else ParcelState.WAITING, error="refused")
        for parcel in parcels
    ]
    outbox.settle(fates, WORKER, desk.clock())
    [bad] = desk.store.mails.keep([raw(content("Noe rart."))])
    desk.store.tickets.record([Quarantine(mail_id=bad, error="a fault")], desk.scene())


def solve(desk: Desk) -> None:
    """The first case is solved, in words that a lead has not looked at yet."""
    change = TicketChange(status=TicketStatus.SOLVED, solution="Slå den av og på.", shared=redact("Slå den av og på."))
    step = Step(event=EventKind.SOLVED, change=change)
    [mail] = desk.store.mails.keep([raw(content("Løsning: Slå den av og på."))])
    joined = JoinTicket(mail_id=mail, mail=read_mail(), ticket=TicketId(1), step=step, mode=Mode.AUTO)
    desk.store.tickets.record([joined], desk.scene())
