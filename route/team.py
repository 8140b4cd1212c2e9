"""The only place that decides what a team's mail does: an answer, a closing, or an instruction to the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.outcomes import ParcelDraft, Step, TicketChange
from models.parts import InstructionKind, Words
from models.profiles import Profile, holds
from models.records import EventKind, Mail, ParcelKind, TicketStatus, TicketType
from models.timers import TimerDraft, TimerKind
from models.views import TicketView
from route.due import with_new_priority
from route.instructions import Instruction, read_instruction
from route.post import Post
from route.routine import Routine

ALL_TIMERS = frozenset(TimerKind)
TAKEN = frozenset({TimerKind.ALARM})
ASK_AGAIN = timedelta(days=2)
"""A question to the reporter is repeated after so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a team's answer says of closing: `wants` it, and the solution description, if any."""

    wants: bool
    solution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A team's mail in its ticket, at its hour."""

    mail: Mail
    ticket: TicketView
    routine: Routine
    now: datetime

    @property
    def profile(self) -> Profile:
        return self.routine.profile

    @property
    def post(self) -> Post:
        return Post(ticket=self.ticket, routine=self.routine, now=self.now)

    def back(self, kind: ParcelKind, **facts: str) -> ParcelDraft:
        """To the one who wrote."""
        return self.post.to_agent(kind, self.mail.sender.address, self.mail.message_id, **facts)


def follow_team(said: Said, closing: Closing) -> Step:
    """An instruction does what it says; a closing needs a solution description; anything else is an answer to the reporter."""
    if instruction := read_instruction(said.mail.visible_reply, said.profile.instructions):
        return INSTRUCTED[instruction.kind](said, instruction)
    if _reviews(said):
        return _returned(said)
    if closing.solution:
        return _solved(said, closing.solution)
    if closing.wants:
        label = said.profile.outgoing.solution_labels[0].capitalize()
        parcel = said.back(ParcelKind.NEEDS_SOLUTION, label=label)
        return Step(event=EventKind.CLOSING_REFUSED, change=TicketChange(acknowledged=True, stop=TAKEN), parcels=(parcel,))
    return _answered(said)


def _answered(said: Said) -> Step:
    """To the reporter, or to the line through which this team answers."""
    if through := _front(said):
        return _passed_on(said, through, solution="")
    answer = said.post.to_reporter(ParcelKind.ANSWER, text=said.mail.visible_reply, solution="")
    change = TicketChange(status=TicketStatus.ANSWERED, acknowledged=True, stop=TAKEN)
    return Step(event=EventKind.TEAM_ANSWERED, change=change, parcels=(answer,))


def _reviews(said: Said) -> bool:
    """Whether this is the reviewer, of a solution that waits for the reviewer."""
    by = said.profile.final_review.by
    return said.ticket.status is TicketStatus.REVIEWED and bool(by) and said.mail.sender.address in said.profile.teams[by].addresses()


def _returned(said: Said) -> Step:
    parcel = said.post.to_team(ParcelKind.RETURNED, with_original=True, text=said.mail.visible_reply, solution=said.ticket.solution or "")
    return Step(event=EventKind.RETURNED, change=TicketChange(status=TicketStatus.OPEN), parcels=(parcel,))


def _solved(said: Said, solution: str) -> Step:
    """Solved at once, or looked at before the reporter is told, or told by the line that answers."""
    if through := _front(said):
        return _passed_on(said, through, solution=solution)
    review = said.profile.final_review
    if review.by and all(holds(condition, said.ticket.values) for condition in review.when):
        parcel = said.post.to_team(ParcelKind.REVIEW, review.by, with_original=True, text=said.mail.visible_reply, solution=solution)
        change = TicketChange(status=TicketStatus.REVIEWED, solution=solution, acknowledged=True, stop=TAKEN)
        return Step(event=EventKind.SENT_TO_REVIEW, change=change, parcels=(parcel,))
    parcel = said.post.to_reporter(ParcelKind.SOLVED, text=said.mail.visible_reply, solution=solution)
    return Step(event=EventKind.SOLVED, change=closed_with(solution), parcels=(parcel,))


def _front(said: Said) -> str:
    """The line that tells this reporter what the ticket's team answers; empty where it tells them itself."""
    team = said.profile.teams.get(said.ticket.team)
    return team.front(said.ticket.reporter_kind) if team else ""


def closed_with(solution: str) -> TicketChange:
    return TicketChange(status=TicketStatus.SOLVED, solution=solution, waits=False, acknowledged=True, stop=ALL_TIMERS)


def _passed_on(said: Said, through: str, *, solution: str) -> Step:
    """What one line answered, to the line that answers the reporter; the ticket is that line's now."""
    parcel = said.post.to_team(
        ParcelKind.PASSED_ON,
        through,
        with_original=True,
        text=said.mail.visible_reply,
        solution=solution,
        by=said.post.title(said.ticket.team),
    )
    change = TicketChange(status=TicketStatus.OPEN, team=through, acknowledged=True, stop=TAKEN)
    return Step(event=EventKind.PASSED_ON, change=change, parcels=(parcel,))


def _acknowledged(_said: Said, _instruction: Instruction) -> Step:
    return Step(event=EventKind.ACKNOWLEDGED, change=TicketChange(acknowledged=True, stop=TAKEN))


def _move(said: Said, instruction: Instruction) -> Step:
    team = find_team(instruction.value, said.profile)
    return _given_to(team, said, instruction.rest) if team else _not_understood(said, _known(said.profile.team_titles, said.profile))


def _back(said: Said, instruction: Instruction) -> Step:
    return _given_to(said.ticket.previous_team or said.profile.doubt_team, said, instruction.text)


def _given_to(team: str, said: Said, words: str) -> Step:
    """The ticket changes teams; who moves it gives a reason in the lines below."""
    parcel = said.post.to_team(ParcelKind.MOVED, team, with_original=True, text=words, by=said.post.title(said.ticket.team))
    change = TicketChange(status=TicketStatus.OPEN, team=team, acknowledged=True, stop=TAKEN)
    return Step(event=EventKind.MOVED, change=change, parcels=(parcel,))


def _ask(said: Said, instruction: Instruction) -> Step:
    """A question to the reporter: the clock stands until the answer, and the question is repeated once."""
    parcel = said.post.to_reporter(ParcelKind.QUESTION, text=instruction.text)
    reminder = TimerDraft(kind=TimerKind.UNANSWERED, due_at=said.now + ASK_AGAIN)
    change = TicketChange(status=TicketStatus.ANSWERED, waits=True, acknowledged=True, stop=TAKEN, start=(reminder,))
    return Step(event=EventKind.ASKED, change=change, parcels=(parcel,))


def _set_priority(said: Said, instruction: Instruction) -> Step:
    level = instruction.value.split()[0] if instruction.value else ""
    if level not in said.profile.priorities:
        return _not_understood(said, ", ".join(sorted(said.profile.priorities)))
    return Step(event=EventKind.PRIORITY_CHANGED, change=with_new_priority(said.ticket, int(level), said.now, said.routine))


def _set_type(said: Said, instruction: Instruction) -> Step:
    """The kind of matter, by its value or its title in any language."""
    found = _called(instruction.value, said.profile.types)
    if found is None:
        return _not_understood(said, _known(said.profile.types, said.profile))
    return Step(event=EventKind.TYPE_CHANGED, change=TicketChange(type=TicketType(found)))


def _set_risk(said: Said, instruction: Instruction) -> Step:
    """A person's word on the first risk assessment."""
    found = _called(instruction.value, said.profile.risk_titles)
    if found is None:
        return _not_understood(said, _known(said.profile.risk_titles, said.profile))
    return Step(event=EventKind.RISK_CHANGED, change=TicketChange(risk=found))


def _decide(said: Said, instruction: Instruction) -> Step:
    """Yes or no to a major incident: with yes the team that handles such is told, with no it is an ordinary case again."""
    decision = said.profile.decision
    word = instruction.value.split(" ")[0].strip(".,!").casefold()
    if word in decision.yes and decision.team:
        parcel = said.post.to_team(ParcelKind.DECLARED, decision.team, with_original=True, text=instruction.rest, by=said.mail.sender.name)
        told = replace(parcel, to=decision.address or parcel.to)
        change = TicketChange(status=TicketStatus.OPEN, team=decision.team, acknowledged=True, stop=TAKEN)
        return Step(event=EventKind.DECLARED, change=change, parcels=(told,))
    if word in decision.no and decision.no_team:
        given = _given_to(decision.no_team, said, instruction.rest)
        milder = with_new_priority(said.ticket, decision.no_priority, said.now, said.routine)
        return replace(
            given, event=EventKind.DECLINED, change=replace(milder, team=decision.no_team, acknowledged=True, stop=milder.stop | TAKEN)
        )
    return _not_understood(said, ", ".join((*decision.yes, *decision.no)))


def _approve(said: Said, _instruction: Instruction) -> Step:
    """The reviewer's yes: the reporter is told what the team wrote."""
    ticket = said.ticket
    if not _reviews(said) or not ticket.solution:
        return _not_understood(said, "")
    parcel = said.post.to_reporter(ParcelKind.SOLVED, text=ticket.solution, solution=ticket.solution)
    return Step(event=EventKind.SOLVED, change=closed_with(ticket.solution), parcels=(parcel,))


def _close_silently(said: Said, instruction: Instruction) -> Step:
    """Solved on the telephone or otherwise: the reporter knows, and is not written to. How it was solved must be said."""
    if instruction.text:
        return Step(event=EventKind.SOLVED, change=closed_with(instruction.text))
    label = said.mail.visible_reply.strip().splitlines()[0].strip(" .!*:")
    parcel = said.back(ParcelKind.NEEDS_SOLUTION, label=label)
    return Step(event=EventKind.CLOSING_REFUSED, change=TicketChange(acknowledged=True, stop=TAKEN), parcels=(parcel,))


def _not_understood(said: Said, known: str) -> Step:
    first = said.mail.visible_reply.strip().splitlines()[0]
    return Step(event=EventKind.NOT_UNDERSTOOD, parcels=(said.back(ParcelKind.NOT_UNDERSTOOD, line=first, known=known),))


INSTRUCTED: Mapping[InstructionKind, Callable[[Said, Instruction], Step]] = {
    InstructionKind.ACKNOWLEDGE: _acknowledged,
    InstructionKind.MOVE: _move,
    InstructionKind.BACK: _back,
    InstructionKind.ASK: _ask,
    InstructionKind.PRIORITY: _set_priority,
    InstructionKind.TYPE: _set_type,
    InstructionKind.RISK: _set_risk,
    InstructionKind.DECIDE: _decide,
    InstructionKind.APPROVE: _approve,
    InstructionKind.CLOSE_SILENTLY: _close_silently,
}


def find_team(said: str, profile: Profile) -> str | None:
    """The team that is called so: by its key, or by its title in any language."""
    return _called(said, profile.team_titles)


def _called(said: str, titles: Mapping[str, Words]) -> str | None:
    """The key that is meant: itself, or one of its titles."""
    wanted = said.strip(" .!").casefold()
    for key, words in titles.items():
        if wanted in {key.casefold(), *(title.casefold() for title in words.values())}:
            return key
    return None


def _known(titles: Mapping[str, Words], profile: Profile) -> str:
    return ", ".join(profile.words(titles, key, profile.default_language) for key in titles)
