"""The only place where a mail finds the ticket that it belongs to, and what it does there is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ingest.returned import written_by_us
from models.kinds import AutoKind, Part
from models.outcomes import JoinTicket, Step
from models.records import Mail, Refusal, TicketId
from models.solutions import Solution
from models.views import KeptMail, TicketView
from resolve.solution import find_named, find_solution, wants_to_close
from route.answers import Closing, Said
from route.follow import follow_bounce, follow_reporter, part_of
from route.team import follow_team
from run.desk import Desk
from run.sharing import shared

Known = Mapping[str, TicketId]
"""Tickets by Message-IDs that belong to them."""


def came_back(raw: KeptMail, mail: Mail, refusal: Refusal, desk: Desk) -> JoinTicket | None:
    """A bounce of a mail of ours: its ticket learns of it, and a lead where somebody now waits in vain."""
    if refusal.kind is not AutoKind.BOUNCE:
        return None
    sent = desk.store.outbox.find_sent(written_by_us(raw.content))
    ticket = desk.store.tickets.find(sent.ticket) if sent and sent.ticket else None
    if sent is None or ticket is None:
        return None
    return _joined(raw, mail, ticket, follow_bounce(sent.kind, ticket, desk.routine, desk.clock()), desk)


def join(raw: KeptMail, mail: Mail, known: Known, desk: Desk) -> JoinTicket | None:
    """The ticket this mail belongs to, by reference or signed number, if its sender may write in it."""
    for ticket in _tickets_named(mail, known, desk):
        part = part_of(mail, ticket, desk.profile)
        if part is not Part.STRANGER:
            return _joined(raw, mail, ticket, shared(_step(mail, ticket, part, desk), ticket.id, desk), desk)
    return None


def _joined(raw: KeptMail, mail: Mail, ticket: TicketView, step: Step, desk: Desk) -> JoinTicket:
    return JoinTicket(mail_id=raw.id, mail=mail, ticket=ticket.id, step=step, mode=desk.mode_of(raw.account))


def _tickets_named(mail: Mail, known: Known, desk: Desk) -> Iterator[TicketView]:
    names = (mail.message_id, mail.in_reply_to or "", *reversed(mail.references))
    found = [known[name] for name in names if name in known]
    signed = desk.numbers.read(" ".join((mail.subject, *(address.address for address in (*mail.to, *mail.cc)))))
    for id in dict.fromkeys([*found, *([signed] if signed else [])]):
        if ticket := desk.store.tickets.find(id):
            yield ticket


def _step(mail: Mail, ticket: TicketView, part: Part, desk: Desk) -> Step:
    now = desk.clock()
    if part is Part.REPORTER:
        return follow_reporter(mail, ticket, desk.routine, now)
    text, words = mail.visible_reply, desk.profile.outgoing
    closing = Closing(wants=wants_to_close(text, words.closing_words), solution=find_solution(text, words.solution_labels))
    affair = desk.affair_of(ticket)
    said = Said(
        mail=mail,
        ticket=ticket,
        routine=desk.routine,
        now=now,
        affair=affair if affair and affair.stands else None,
        proposal=affair if affair and affair.is_proposed else None,
        named=_named(text, desk),
    )
    return follow_team(said, closing)


def _named(text: str, desk: Desk) -> Solution | None:
    """The known solution that a team's mail names."""
    number = find_named(text)
    return desk.store.solutions.find(desk.profile.name, number) if number is not None else None
