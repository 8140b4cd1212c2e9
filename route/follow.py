"""The only place that decides who writes in a ticket, and what the reporter's later mails, and those that come back, do to it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from unicodedata import category

from models.kinds import EventKind, ParcelKind, Part, TicketStatus
from models.outcomes import Step
from models.profiles import Profile
from models.records import Mail
from models.timers import TimerKind
from models.views import TicketView
from route.answers import offer_helped, was_answered
from route.due import opened_again, running_again
from route.post import Post
from route.routine import Routine

NAME_WITHIN = re.compile(r"(?<=[a-zæøåäö,] )[A-ZÆØÅÄÖ][a-zæøåäöé]+(?:-[A-ZÆØÅÄÖ][a-zæøåäöé]+)?")
"""A word with a capital letter that begins no sentence."""
MOST_NAMES = 2


def part_of(mail: Mail, ticket: TicketView, profile: Profile) -> Part:
    """Whether the sender may write in this ticket, and as whom.

    The team: its own addresses; for one who answers a mail that we sent to teams and to nobody else, any team's, anyone's whom we
    call, or any of the staff.
    """
    sender = mail.sender.address
    answers_the_forward = bool(ticket.team_message_ids & {*mail.references, mail.in_reply_to or ""})
    teams = profile.teams.values() if answers_the_forward else [profile.teams[name] for name in (ticket.team,) if name in profile.teams]
    if sender in {address for team in teams for address in team.addresses()}:
        return Part.TEAM
    if answers_the_forward and sender in {contact.to.lower() for contact in (*profile.alarm.rungs, *profile.escalation.rungs)}:
        return Part.TEAM
    if answers_the_forward and sender.rpartition("@")[2] in profile.desk.staff_domains and sender != ticket.reporter:
        return Part.TEAM
    return Part.REPORTER if sender in ticket.participants else Part.STRANGER


def follow_reporter(mail: Mail, ticket: TicketView, routine: Routine, now: datetime) -> Step:
    """The reporter's later words go to the team and set its clock going again; on a solved ticket they open it again, unless they only thank."""
    profile = routine.profile
    solved = ticket.status is TicketStatus.SOLVED
    if solved and _only_thanks(mail, profile):
        return Step(event=EventKind.THANKED)
    if ticket.offered:
        return _after_the_offer(mail, ticket, routine, now)
    change = opened_again(ticket, now, routine) if solved else running_again(ticket, now, routine)
    post = Post(ticket=ticket, routine=routine, now=now)
    parcel = post.to_team(ParcelKind.FOLLOW_UP, with_original=True, text=mail.visible_reply, reopened="yes" if solved else "")
    event = EventKind.REOPENED if solved else EventKind.REPORTER_WROTE
    over = {TimerKind.UNANSWERED, TimerKind.ANSWER_STANDS}
    helped = was_answered(ticket) and _only_thanks(mail, profile)
    return Step(event=event, change=replace(change, status=TicketStatus.OPEN, stop=change.stop | over, helped=helped), parcels=(parcel,))


def _after_the_offer(mail: Mail, ticket: TicketView, routine: Routine, now: datetime) -> Step:
    """An answer was offered: thanks close the case, anything else brings it to its team, with the first mail."""
    over = frozenset({TimerKind.FAQ_HELPED})
    if only_thanks(mail.visible_reply, routine.profile):
        return offer_helped(ticket)
    post = Post(ticket=ticket, routine=routine, now=now)
    parcel = post.to_team(ParcelKind.FOLLOW_UP, with_original=True, text=mail.visible_reply, reopened="")
    again = opened_again(ticket, now, routine)
    change = replace(again, status=TicketStatus.OPEN, release=True, stop=again.stop | over)
    return Step(event=EventKind.FAQ_FAILED, change=change, parcels=(parcel,))


def follow_bounce(kind: ParcelKind, ticket: TicketView, routine: Routine, now: datetime) -> Step:
    """A mail of ours of this kind came back: word to the leads, but not for a receipt, and never for such a word itself."""
    if kind in (ParcelKind.RECEIPT, ParcelKind.UNDELIVERED):
        return Step(event=EventKind.BOUNCED)
    post = Post(ticket=ticket, routine=routine, now=now)
    word = post.to_team(
        ParcelKind.UNDELIVERED, routine.profile.doubt_team, with_original=True, kind=kind.value, team=post.title(ticket.team)
    )
    return Step(event=EventKind.BOUNCED, parcels=(word,))


def _only_thanks(mail: Mail, profile: Profile) -> bool:
    return all(file.inline for file in mail.attachments) and only_thanks(mail.visible_reply, profile)


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
