"""The only place that decides what a lead's word on a case does: to the ticket, to the teams that have it or had it, to its reporter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.judgements import TOLD_TO_LEADS
from models.kinds import EventKind, ParcelKind, TicketStatus, TicketType
from models.outcomes import Mailed, ParcelDraft, Step, TicketChange
from models.profiles import Profile
from models.records import ParcelId
from models.timers import TimerKind
from models.views import TicketView
from route.answers import TAKEN
from route.due import alarm_timers, with_new_priority
from route.post import Post, advice_for, reply_language, standing_of
from route.routine import Routine

GIVES = frozenset({ParcelKind.FORWARD, ParcelKind.MOVED})
"""Mails by which a team knows that a case is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a case is, says a lead. All of it: what they left as it is stands here as it stood."""

    type: TicketType
    priority: int
    scope: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A lead's word on a ticket at its hour; `mailed` is every mail that was made for the ticket, the first first."""

    ticket: TicketView
    meant: Meant
    mailed: Sequence[Mailed]
    routine: Routine
    now: datetime

    @property
    def profile(self) -> Profile:
        return self.routine.profile

    @property
    def changed(self) -> frozenset[str]:
        """The fields that the lead says otherwise than they stand."""
        return frozenset(field for field in TOLD_TO_LEADS if getattr(self.meant, field) != getattr(self.ticket, field))

    @property
    def after(self) -> TicketView:
        """The ticket as it will stand."""
        meant = self.meant
        return replace(self.ticket, type=meant.type, priority=meant.priority, scope=meant.scope, team=meant.team)

    @property
    def post(self) -> Post:
        return Post(ticket=self.after, routine=self.routine, now=self.now)

    def unsent(self, *kinds: ParcelKind) -> list[Mailed]:
        return [mailed for mailed in self.mailed if mailed.still_waits and mailed.draft.kind in kinds]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What follows from a lead's word. `withhold` are mails that say what is not so any more and have not left."""

    step: Step
    withhold: frozenset[ParcelId] = frozenset()


def correct(word: Word) -> Corrected:
    """Ticket, due time, alarm, teams and reporter follow what the lead says; where nothing is otherwise it is confirmed.

    Of a solved ticket only the values change: nobody works on it, and nobody is told.
    """
    event = _event(word)
    if word.ticket.status is TicketStatus.SOLVED:
        return Corrected(step=Step(event=event, change=replace(_values(word), team=None)))
    change = _change(word)
    due = change.due_at or (None if change.undue else word.ticket.due_at)
    told = [_receipts(word), _moved(word, due) if "team" in word.changed else _retold(word, due)]
    step = Step(event=event, change=change, parcels=tuple(parcel for parcels, _ in told for parcel in parcels))
    return Corrected(step=step, withhold=frozenset(id for _, ids in told for id in ids))


def _event(word: Word) -> EventKind:
    """One word for it; the judgement that is kept with it has every field."""
    for field, event in (
        ("team", EventKind.MOVED),
        ("priority", EventKind.PRIORITY_CHANGED),
        ("type", EventKind.TYPE_CHANGED),
        ("scope", EventKind.SCOPE_CHANGED),
    ):
        if field in word.changed:
            return event
    return EventKind.CONFIRMED


def _values(word: Word) -> TicketChange:
    changed, meant = word.changed, word.meant
    return TicketChange(
        type=meant.type if "type" in changed else None,
        priority=meant.priority if "priority" in changed else None,
        scope=meant.scope if "scope" in changed else None,
        team=meant.team if "team" in changed else None,
    )


def _change(word: Word) -> TicketChange:
    """Another priority has another due time; a team that gets the case has not taken it yet, and the duty is called for it again.

    While an answer is offered to the reporter no clock runs.
    """
    values, ticket = _values(word), word.ticket
    if ticket.offered:
        return values
    if "priority" in word.changed:
        timed = with_new_priority(ticket, word.meant.priority, word.now, word.routine)
        values = replace(timed, type=values.type, scope=values.scope, team=values.team)
    if "team" not in word.changed:
        return values
    alarm = alarm_timers(word.meant.priority, word.now, word.routine)
    start = (*(timer for timer in values.start if timer.kind is not TimerKind.ALARM), *alarm)
    release = False if ticket.status is TicketStatus.REVIEWED else None
    return replace(values, status=TicketStatus.OPEN, acknowledged=False, release=release, stop=values.stop | TAKEN, start=start)


Told = tuple[list[ParcelDraft], set[ParcelId]]
"""Mails that are to leave, and those that are not."""


def _moved(word: Word, due: datetime | None) -> Told:
    """To the new team, and to every other that believes the case to be theirs. A forward that has not left goes to the new team instead."""
    forwards, given = word.unsent(ParcelKind.FORWARD), word.unsent(*GIVES)
    taken = word.unsent(ParcelKind.TAKEN_AWAY)
    moved = word.post.to_team(ParcelKind.MOVED, with_original=True, text="", by=word.post.title(word.ticket.team))
    solutions = word.unsent(ParcelKind.SOLVED) if word.ticket.status is TicketStatus.REVIEWED else []
    withheld = {mailed.id for mailed in (*given, *taken, *solutions)}
    believing = _believing(word)
    knows = moved.to in believing and any(mailed.draft.to == moved.to for mailed in taken)
    readdressed = forwards and not believing
    first = _forward(forwards[0], word, due, to=moved) if readdressed else moved
    away = [
        word.post.to_address(ParcelKind.TAKEN_AWAY, address, team=word.post.title(word.meant.team))
        for address in believing
        if address != moved.to
    ]
    return ([] if knows else [first]) + away, withheld


def _believing(word: Word) -> list[str]:
    """Addresses of the teams that were given the case and not told since that it is no more theirs."""
    found: dict[str, None] = {}
    for mailed in word.mailed:
        if mailed.has_left and mailed.draft.kind in GIVES:
            found[mailed.draft.to] = None
        elif mailed.has_left and mailed.draft.kind is ParcelKind.TAKEN_AWAY:
            found.pop(mailed.draft.to, None)
    return list(found)


def _retold(word: Word, due: datetime | None) -> Told:
    """The team keeps the case: its forward is written anew where it has not left, else it is told what concerns its work."""
    if not word.changed:
        return [], set()
    if forwards := word.unsent(ParcelKind.FORWARD):
        return [_forward(mailed, word, due) for mailed in forwards], {mailed.id for mailed in forwards}
    if word.ticket.offered or not word.changed & {"type", "priority"}:
        return [], set()
    judged = word.post.to_team(ParcelKind.JUDGED)
    return [replace(judged, facts=_standing(word, due))], set()


def _forward(mailed: Mailed, word: Word, due: datetime | None, to: ParcelDraft | None = None) -> ParcelDraft:
    """The same forward, as if it had been decided so from the beginning. It waits on where an answer is offered to the reporter first."""
    profile, draft, meant = word.profile, mailed.draft, word.meant
    facts = {
        **draft.facts,
        **_standing(word, due),
        "priority_number": str(meant.priority),
        "scope": profile.words(profile.scopes, meant.scope, profile.default_language),
        "guessed_team": "",
        "also_told": "",
    }
    reached = word.routine.reached(meant.team, meant.priority, word.now)
    return replace(draft, to=to.to if to else draft.to, facts=facts, later=word.ticket.offered, not_before=reached)


def _standing(word: Word, due: datetime | None) -> dict[str, str]:
    return standing_of(word.ticket.subject, word.after.values, word.ticket.opened_at, due, word.profile)


def _receipts(word: Word) -> Told:
    """The reporter hears of it where the receipt told them otherwise; one that has not left is written anew."""
    receipt = next((mailed for mailed in reversed(word.mailed) if mailed.draft.kind is ParcelKind.RECEIPT), None)
    if receipt is None:
        return [], set()
    told = dict(_told_to_reporter(word))
    facts = receipt.draft.facts
    if receipt.still_waits:
        if "team" in word.changed:
            told["unsure"] = "yes" if word.meant.team == word.profile.doubt_team else ""
        same = all(facts.get(name, "") == value for name, value in told.items())
        return ([], set()) if same else ([replace(receipt.draft, facts={**facts, **told})], {receipt.id})
    before = dict(_told_to_reporter(replace(word, meant=_standing_now(word.ticket))))
    if not receipt.has_left or told == before:
        return [], set()
    corrected = word.post.to_reporter(ParcelKind.CORRECTED, type=told["type"])
    return [replace(corrected, facts={**corrected.facts, **told})], set()


def _standing_now(ticket: TicketView) -> Meant:
    return Meant(type=ticket.type, priority=ticket.priority, scope=ticket.scope, team=ticket.team)


def _told_to_reporter(word: Word) -> Iterator[tuple[str, str]]:
    """What a receipt says that hangs on what was decided."""
    profile, language = word.profile, reply_language(word.ticket.language, word.profile)
    yield "type", profile.words(profile.types, word.meant.type.value, language)
    yield "advice", advice_for(ParcelKind.RECEIPT, word.after.values, language, profile)
