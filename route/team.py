"""The only place that decides what a team's mail does: an instruction to the desk on its first line, or words of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from models.kinds import EventKind, ParcelKind, TicketStatus, TicketType
from models.outcomes import Step, TicketChange
from models.parts import InstructionKind, Words
from models.profiles import Profile
from models.solutions import read_solution_number
from models.timers import TimerDraft, TimerKind
from route.answers import (
    TAKEN,
    Closing,
    Resolution,
    Said,
    answer,
    closed_unsolved,
    closed_with,
    given_to,
    no_solution,
    not_understood,
    passed_on,
    resolved,
)
from route.decision import declare, decline
from route.due import with_new_priority
from route.incident import announce, answer_all, close_all, on_parent, over, read_notice, tell_status
from route.instructions import Instruction, read_instruction

ASK_AGAIN = timedelta(days=2)
"""A question to the reporter is repeated after so long."""
FIRST_NUMBER = re.compile(r"\d+")


def follow_team(said: Said, closing: Closing) -> Step:
    """An instruction does what it says; anything else is an answer, or closes the ticket.

    A word that takes the case is an answer too where more stands below it, so that no word is lost.
    """
    instruction = read_instruction(said.text, said.profile.instructions)
    obeyed = instruction is not None and (instruction.kind is not InstructionKind.ACKNOWLEDGE or not instruction.text)
    step = INSTRUCTED[instruction.kind](said, instruction) if instruction and obeyed else answer(said, closing)
    ends = step.change.status is TicketStatus.SOLVED and said.affair and said.affair.parent.id == said.ticket.id
    return over(said.affair, step) if ends and said.affair else step


def _acknowledged(_said: Said, _instruction: Instruction) -> Step:
    return Step(event=EventKind.ACKNOWLEDGED, change=TicketChange(acknowledged=True, stop=TAKEN))


def _move(said: Said, instruction: Instruction) -> Step:
    team = find_team(instruction.value, said.profile)
    return given_to(team, said, instruction.rest) if team else not_understood(said, _known(said.profile.team_titles, said.profile))


def _back(said: Said, instruction: Instruction) -> Step:
    """To the team it came from; to the one that decides in doubt where there is none."""
    before = said.ticket.previous_team
    return given_to(before if before in said.profile.teams else said.profile.doubt_team, said, instruction.text)


def _ask(said: Said, instruction: Instruction) -> Step:
    """A question to the reporter, through the line that answers them: the clock stands from the first one until the answer."""
    if not instruction.text:
        return not_understood(said, "")
    if said.front:
        return passed_on(said, solution="")
    parcel = said.post.to_reporter(ParcelKind.QUESTION, text=instruction.text)
    change = TicketChange(
        status=TicketStatus.ANSWERED,
        waits=None if said.ticket.waiting_since else True,
        acknowledged=True,
        stop=TAKEN | {TimerKind.UNANSWERED},
        start=(TimerDraft(kind=TimerKind.UNANSWERED, due_at=said.now + ASK_AGAIN),),
    )
    return Step(event=EventKind.ASKED, change=change, parcels=(parcel,))


def _set_priority(said: Said, instruction: Instruction) -> Step:
    """Another priority has another due time; one that the duty is called for calls it, until somebody takes the ticket."""
    number = FIRST_NUMBER.match(instruction.value)
    if number is None or number[0] not in said.profile.priorities:
        return not_understood(said, ", ".join(sorted(said.profile.priorities)))
    return Step(event=EventKind.PRIORITY_CHANGED, change=with_new_priority(said.ticket, int(number[0]), said.now, said.routine))


def _set_type(said: Said, instruction: Instruction) -> Step:
    """The kind of matter, by its value or its title in any language."""
    found = _called(instruction.value, said.profile.types)
    if found is None:
        return not_understood(said, _known(said.profile.types, said.profile))
    return Step(event=EventKind.TYPE_CHANGED, change=TicketChange(type=TicketType(found)))


def _set_risk(said: Said, instruction: Instruction) -> Step:
    """A person's word on the first risk assessment."""
    found = _called(instruction.value, said.profile.risk_titles)
    if found is None:
        return not_understood(said, _known(said.profile.risk_titles, said.profile))
    return Step(event=EventKind.RISK_CHANGED, change=TicketChange(risk=found))


def _decide(said: Said, instruction: Instruction) -> Step:
    """Yes or no to a major incident."""
    word = re.split(r"\W", instruction.value, maxsplit=1)[0].casefold()
    decision = said.profile.decision
    if word in decision.yes:
        return declare(said, instruction.rest)
    if word in decision.no and (step := decline(said, instruction.rest)):
        return step
    return not_understood(said, ", ".join((*decision.yes, *decision.no)))


def _outage(said: Said, instruction: Instruction) -> Step:
    notice = read_notice(instruction.value, instruction.rest, said.profile)
    if notice is None:
        return not_understood(said, "2026-03-05 22:00")
    parent = said.affair.parent if said.affair else said.ticket
    return on_parent(parent, said.ticket, announce(replace(said, ticket=parent), notice))


def _status(said: Said, instruction: Instruction) -> Step:
    if said.affair is None or not instruction.text:
        return not_understood(said, "")
    return on_parent(said.affair.parent, said.ticket, tell_status(said.affair, instruction.text, said.mail.sender.address))


def _answer_all(said: Said, instruction: Instruction) -> Step:
    return answer_all(said.affair, instruction.text) if said.affair and instruction.text else not_understood(said, "")


def _close_all(said: Said, instruction: Instruction) -> Step:
    how = resolved(said, instruction.text)
    if said.affair is None or not instruction.text or how is None:
        return not_understood(said, "")
    return close_all(said.affair, how, silently=instruction.kind is InstructionKind.CLOSE_ALL_SILENTLY)


def _approve(said: Said, _instruction: Instruction) -> Step:
    """The reviewer's yes: what the team wrote to the reporter, and was kept, goes now. A team approves nothing of its own."""
    ticket, profile = said.ticket, said.profile
    by, team = profile.final_review.by, profile.teams.get(ticket.team)
    own = team is not None and by != ticket.team and said.mail.sender.address in team.addresses()
    if not said.in_review or not ticket.solution or own:
        return not_understood(said, "")
    return Step(event=EventKind.SOLVED, change=replace(closed_with(Resolution(words=ticket.solution)), release=True))


def _failed(said: Said, instruction: Instruction) -> Step:
    """A known solution did not help: it is counted, and nobody is told."""
    if said.named is None or read_solution_number(instruction.value) != said.named.id:
        return not_understood(said, "")
    change = TicketChange(failed=said.named.id, acknowledged=True, stop=TAKEN)
    return Step(event=EventKind.SOLUTION_FAILED, change=change)


def _close_unsolved(said: Said, instruction: Instruction) -> Step:
    """Closing without a solution takes a reason."""
    return closed_unsolved(said, instruction.text) if instruction.text else not_understood(said, "")


def _close_silently(said: Said, instruction: Instruction) -> Step:
    """Solved on the telephone or otherwise: the reporter knows, and is not written to. How it was solved must be said."""
    if not instruction.text:
        return no_solution(said, _first_line(said).strip(" .!*:"))
    how = resolved(said, instruction.text)
    if how is None:
        return not_understood(said, "")
    if said.front:
        return passed_on(said, solution=how.words)
    return Step(event=EventKind.SOLVED, change=closed_with(how))


def _first_line(said: Said) -> str:
    return said.text.strip().splitlines()[0]


INSTRUCTED: Mapping[InstructionKind, Callable[[Said, Instruction], Step]] = {
    InstructionKind.ACKNOWLEDGE: _acknowledged,
    InstructionKind.MOVE: _move,
    InstructionKind.BACK: _back,
    InstructionKind.ASK: _ask,
    InstructionKind.PRIORITY: _set_priority,
    InstructionKind.TYPE: _set_type,
    InstructionKind.RISK: _set_risk,
    InstructionKind.DECIDE: _decide,
    InstructionKind.OUTAGE: _outage,
    InstructionKind.STATUS: _status,
    InstructionKind.ANSWER_ALL: _answer_all,
    InstructionKind.CLOSE_ALL: _close_all,
    InstructionKind.CLOSE_ALL_SILENTLY: _close_all,
    InstructionKind.FAILED: _failed,
    InstructionKind.CLOSE_UNSOLVED: _close_unsolved,
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
