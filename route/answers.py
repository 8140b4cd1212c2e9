"""The only place that decides what a team's own words do: answer the reporter, go through another line, solve, wait for a review."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from models.kinds import EventKind, ParcelKind, TicketStatus
from models.outcomes import ParcelDraft, Step, TicketChange
from models.profiles import Profile, all_hold
from models.records import Mail
from models.solutions import Solution, read_solution_number, solution_number
from models.timers import TimerDraft, TimerKind
from models.views import TicketView
from route.affair import Affair
from route.due import opened_again
from route.post import Post
from route.routine import Routine

ALL_TIMERS = frozenset(TimerKind) - {TimerKind.REVIEW_DUE}
TAKEN = frozenset({TimerKind.ALARM})
CLOSED = TicketChange(status=TicketStatus.SOLVED, waits=False, acknowledged=True, release=False, stop=ALL_TIMERS)
"""What was kept for later is not sent any more."""
OFFERED = "FAQ"
"""The solution of a case that an answer from the list was enough for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a team's answer says of closing: `wants` it, and the solution description, if any."""

    wants: bool
    solution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How a case was solved, in words that the reporter may read; `known` is the solution that was used again, if any."""

    words: str
    known: Solution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A team's mail in its ticket, at its hour.

    `affair` is the major incident or outage that the ticket belongs to, `proposal` one that a lead has not said yes or no to.
    `named` is the known solution whose number stands in it.
    """

    mail: Mail
    ticket: TicketView
    routine: Routine
    now: datetime
    affair: Affair | None = None
    proposal: Affair | None = None
    named: Solution | None = None

    @property
    def profile(self) -> Profile:
        return self.routine.profile

    @property
    def post(self) -> Post:
        return Post(ticket=self.ticket, routine=self.routine, now=self.now)

    @property
    def text(self) -> str:
        return self.mail.visible_reply

    @property
    def front(self) -> str:
        """The line that tells this reporter what the ticket's team answers; empty where it tells them itself."""
        team = self.profile.teams.get(self.ticket.team)
        return team.front(self.ticket.reporter_kind) if team else ""

    @property
    def in_review(self) -> bool:
        return self.ticket.status is TicketStatus.REVIEWED

    def back(self, kind: ParcelKind, **facts: str) -> ParcelDraft:
        """To the one who wrote."""
        return self.post.to_agent(kind, self.mail.sender.address, self.mail.message_id, **facts)


def answer(said: Said, closing: Closing) -> Step:
    """A closing needs a solution description; anything else is an answer. Words about a solution under review are the team's to read."""
    if closing.solution:
        return solved(said, closing.solution)
    if said.in_review:
        return _returned(said)
    if closing.wants:
        return no_solution(said, said.profile.outgoing.solution_labels[0].capitalize())
    return _answered(said)


def _answered(said: Said) -> Step:
    """To the reporter, or to the line through which this team answers; a solved ticket stays solved."""
    if said.front:
        return passed_on(said, solution="")
    parcel = said.post.to_reporter(ParcelKind.ANSWER, text=said.text, solution="")
    change = TicketChange(acknowledged=True, stop=TAKEN)
    if said.ticket.status is not TicketStatus.SOLVED:
        stands = TimerDraft(kind=TimerKind.ANSWER_STANDS, due_at=said.now + timedelta(days=said.profile.faq_days))
        change = replace(change, status=TicketStatus.ANSWERED, stop=TAKEN | {TimerKind.ANSWER_STANDS}, start=(stands,))
    return Step(event=EventKind.TEAM_ANSWERED, change=change, parcels=(parcel,))


def resolved(said: Said, solution: str) -> Resolution | None:
    """What a team says of how it was solved; None where it names a known solution that there is not."""
    number = read_solution_number(solution)
    if number is None:
        return Resolution(words=solution)
    if said.named is None or said.named.id != number:
        return None
    _, _, rest = solution.partition("\n")
    return Resolution(words=f"{said.named.text}\n{rest}".strip(), known=said.named)


def solved(said: Said, solution: str) -> Step:
    """Solved at once, or looked at before the reporter is told, or told by the line that answers."""
    how = resolved(said, solution)
    if how is None:
        return not_understood(said, "")
    if said.front:
        return passed_on(said, solution=how.words)
    first, _, _ = solution.partition("\n")
    text = said.text.replace(first.strip(), how.known.text, 1) if how.known else said.text
    parcel = said.post.to_reporter(ParcelKind.SOLVED, text=text, solution=how.words)
    review = said.profile.final_review
    if review.by and all_hold(review.when, said.ticket.values):
        asked = said.post.to_team(ParcelKind.REVIEW, review.by, with_original=True, text=said.text, solution=how.words)
        change = TicketChange(status=TicketStatus.REVIEWED, solution=how.words, acknowledged=True, release=False, stop=TAKEN)
        return Step(event=EventKind.SENT_TO_REVIEW, change=change, parcels=(asked, replace(parcel, later=True)))
    return Step(event=EventKind.SOLVED, change=closed_with(how), parcels=(parcel,))


def closed_with(how: Resolution) -> TicketChange:
    return replace(CLOSED, solution=how.words, used=how.known.id if how.known else None)


def offer_helped(ticket: TicketView) -> Step:
    """The answer that the reporter was offered was enough: no team ever has the case."""
    known = ticket.solution_id
    change = TicketChange(
        status=TicketStatus.SOLVED,
        solution=OFFERED if known is None else solution_number(known),
        used=known,
        release=False,
        stop=frozenset({TimerKind.FAQ_HELPED}),
    )
    return Step(event=EventKind.FAQ_HELPED, change=change)


def was_answered(ticket: TicketView) -> bool:
    """A team's answer was the last word, and no question to the reporter."""
    return ticket.status is TicketStatus.ANSWERED and ticket.waiting_since is None and not ticket.offered


def answer_stood(ticket: TicketView) -> Step | None:
    """Nobody wrote after the answer. It may be how the matter was solved: a lead is asked, and the case is closed by its team alone."""
    return Step(event=EventKind.ANSWER_STOOD, change=TicketChange(helped=True)) if was_answered(ticket) else None


def closed_unsolved(said: Said, reason: str) -> Step:
    """Nothing was solved, and the reason stands in place of a solution: the reporter is told it."""
    if said.front:
        return passed_on(said, solution="")
    parcel = said.post.to_reporter(ParcelKind.CLOSED, text=reason)
    return Step(event=EventKind.CLOSED, change=replace(CLOSED, unsolved=reason), parcels=(parcel,))


def no_solution(said: Said, label: str) -> Step:
    """Closing is refused; the agent is told which line is missing."""
    change = TicketChange(acknowledged=True, stop=TAKEN)
    return Step(event=EventKind.CLOSING_REFUSED, change=change, parcels=(said.back(ParcelKind.NEEDS_SOLUTION, label=label),))


def given_to(team: str, said: Said, words: str) -> Step:
    """The ticket changes teams; who moves it gives a reason in the lines below."""
    parcel = said.post.to_team(ParcelKind.MOVED, team, with_original=True, text=words, by=said.post.title(said.ticket.team))
    return Step(event=EventKind.MOVED, change=opened_for(team, said), parcels=(parcel,))


def opened_for(team: str, said: Said) -> TicketChange:
    """The ticket is this team's to work on: a solved one is open again, and what was kept for the reporter is not sent."""
    solved = said.ticket.status is TicketStatus.SOLVED
    change = opened_again(said.ticket, said.now, said.routine) if solved else TicketChange()
    release = False if said.in_review else None
    return replace(change, status=TicketStatus.OPEN, team=team, acknowledged=True, release=release, stop=change.stop | TAKEN)


def not_understood(said: Said, known: str) -> Step:
    """Nothing is done, and who wrote is told so, with what would have been understood."""
    line = said.text.strip().splitlines()[0]
    return Step(event=EventKind.NOT_UNDERSTOOD, parcels=(said.back(ParcelKind.NOT_UNDERSTOOD, line=line, known=known),))


def passed_on(said: Said, *, solution: str) -> Step:
    """What one line answered, to the line that answers the reporter; the ticket is that line's now."""
    by = said.post.title(said.ticket.team)
    parcel = said.post.to_team(ParcelKind.PASSED_ON, said.front, with_original=True, text=said.text, solution=solution, by=by)
    return Step(event=EventKind.PASSED_ON, change=opened_for(said.front, said), parcels=(parcel,))


def _returned(said: Said) -> Step:
    """The reviewer's words to the team: the reporter hears nothing of them."""
    parcel = said.post.to_team(ParcelKind.RETURNED, with_original=True, text=said.text, solution=said.ticket.solution or "")
    return Step(event=EventKind.RETURNED, change=TicketChange(status=TicketStatus.OPEN, release=False), parcels=(parcel,))
