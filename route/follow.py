"""The only place that decides what a later mail does to its ticket."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import category

from models.outcomes import ParcelDraft
from models.profiles import Profile
from models.records import EventKind, Mail, ParcelKind, Part, TicketStatus
from models.views import TicketView
from route.opening import NO_SUBJECT, reply_language

NAME_WITHIN = re.compile(r"(?<=[a-zæøåäö,] )[A-ZÆØÅÄÖ][a-zæøåäöé]+(?:-[A-ZÆØÅÄÖ][a-zæøåäöé]+)?")
"""A word with a capital letter that begins no sentence."""
MOST_NAMES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens: the event, the ticket's state after it, and the mails that go out."""

    event: EventKind
    status: TicketStatus
    solution: str | None
    parcels: tuple[ParcelDraft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a team's answer says of closing: `wants` it, and the solution description, if any."""

    wants: bool
    solution: str | None


def part_of(mail: Mail, ticket: TicketView, profile: Profile) -> Part:
    """Whether the sender may write in this ticket, and as whom.

    The team: its own addresses; for one who answers a mail that we sent to teams and to nobody else, any team's or any of the staff.
    """
    sender = mail.sender.address
    answers_the_forward = bool(ticket.team_message_ids & {*mail.references, mail.in_reply_to or ""})
    teams = profile.teams.values() if answers_the_forward else [profile.teams[name] for name in (ticket.team,) if name in profile.teams]
    if sender in {address.lower() for team in teams for address in (team.address, *team.members)}:
        return Part.TEAM
    if answers_the_forward and sender.rpartition("@")[2] in profile.desk.staff_domains and sender != ticket.reporter:
        return Part.TEAM
    return Part.REPORTER if sender in ticket.participants else Part.STRANGER


def follow_reporter(mail: Mail, ticket: TicketView, profile: Profile) -> Step:
    """The reporter's later words go to the team; on a solved ticket they open it again, unless they only thank."""
    solved = ticket.status is TicketStatus.SOLVED
    if solved and all(file.inline for file in mail.attachments) and only_thanks(mail.visible_reply, profile):
        return Step(event=EventKind.THANKED, status=TicketStatus.SOLVED, solution=None, parcels=())
    team = profile.teams.get(ticket.team, profile.teams[profile.doubt_team])
    draft = ParcelDraft(
        kind=ParcelKind.FOLLOW_UP,
        to=team.address,
        language=profile.default_language,
        facts={"subject": ticket.subject or NO_SUBJECT, "text": mail.visible_reply, "reopened": "yes" if solved else ""},
        with_original=True,
        to_team=True,
    )
    event = EventKind.REOPENED if solved else EventKind.REPORTER_WROTE
    return Step(event=event, status=TicketStatus.OPEN, solution=None, parcels=(draft,))


def follow_team(mail: Mail, ticket: TicketView, closing: Closing, profile: Profile) -> Step:
    """A team's words go to the reporter; closing needs a solution description, else the agent is told so."""
    if closing.solution:
        answer = _to_reporter(ParcelKind.SOLVED, ticket, profile, text=mail.visible_reply, solution=closing.solution)
        return Step(event=EventKind.SOLVED, status=TicketStatus.SOLVED, solution=closing.solution, parcels=(answer,))
    if closing.wants:
        facts = {"subject": ticket.subject or NO_SUBJECT, "label": profile.outgoing.solution_labels[0].capitalize()}
        draft = ParcelDraft(
            kind=ParcelKind.NEEDS_SOLUTION,
            to=mail.sender.address,
            language=profile.default_language,
            facts=facts,
            in_reply_to=mail.message_id,
            to_team=True,
        )
        return Step(event=EventKind.CLOSING_REFUSED, status=ticket.status, solution=None, parcels=(draft,))
    answer = _to_reporter(ParcelKind.ANSWER, ticket, profile, text=mail.visible_reply, solution="")
    return Step(event=EventKind.TEAM_ANSWERED, status=TicketStatus.ANSWERED, solution=None, parcels=(answer,))


def follow_bounce(kind: ParcelKind, ticket: TicketView, profile: Profile) -> Step:
    """A mail of ours of this kind came back: word to the leads, but not for a receipt, and never for such a word itself."""
    leads = profile.teams[profile.doubt_team].address
    facts = {"subject": ticket.subject or NO_SUBJECT, "kind": kind.value, "team": profile.team_title(ticket.team, profile.default_language)}
    word = ParcelDraft(
        kind=ParcelKind.UNDELIVERED, to=leads, language=profile.default_language, facts=facts, with_original=True, to_team=True
    )
    silent = kind in (ParcelKind.RECEIPT, ParcelKind.UNDELIVERED)
    return Step(event=EventKind.BOUNCED, status=ticket.status, solution=None, parcels=() if silent else (word,))


def only_thanks(text: str, profile: Profile) -> bool:
    """Thanks, or word that it works, and no word besides those that go with them: any other word, and a person reads it.

    A name or two may stand among them. A mail of signs alone (a thumb, a heart) thanks too.
    """
    said = _words(text)
    if not said:
        return any(category(letter) == "So" for letter in text) and "?" not in text
    thanks = [_words(thank) for thank in profile.thanks]
    known = {*profile.thanks_fillers, *(word for thank in thanks for word in thank)}
    names = {name.lower() for name in NAME_WITHIN.findall(text)} - known
    flat = f" {' '.join(said)} "
    others = [word for word in said if word not in known]
    return (
        "?" not in text
        and names.issuperset(others)
        and len(others) <= MOST_NAMES
        and any(f" {' '.join(thank)} " in flat for thank in thanks)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def _to_reporter(kind: ParcelKind, ticket: TicketView, profile: Profile, *, text: str, solution: str) -> ParcelDraft:
    facts = {"subject": ticket.subject or NO_SUBJECT, "text": text, "solution": solution}
    return ParcelDraft(
        kind=kind, to=ticket.reporter, language=reply_language(ticket.language, profile), facts=facts, in_reply_to=ticket.message_id or None
    )
